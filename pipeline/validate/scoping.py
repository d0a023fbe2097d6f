"""SCO: what the legal process covers, to the second; the rest goes nowhere.

The moments expected are written here as UTC by hand: no time zone library stands behind both
sides of the comparison.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pipeline.validate.base import Assertion, Function, Outcome, compare, counted
from pipeline.validate.ground import Ground
from pipeline.validate.handmade import TARGET, Said, hand_return
from pipeline.validate.looking import holding, rows, table_hashes

MOMENTS = (
    "2024-02-01 05:59:59", "2024-02-01 06:00:00", "2024-03-10 05:59:59", "2024-03-10 06:00:00",
    "2024-03-10 07:59:59", "2024-03-10 08:00:00", "2024-03-11 04:59:59", "2024-03-11 05:00:00",
    "2024-03-16 04:59:59", "2024-03-16 05:00:00", "2024-04-30 18:29:59", "2024-04-30 18:30:00",
    "2024-05-01 18:29:59", "2024-05-01 18:30:00", "2024-11-03 04:59:59", "2024-11-03 05:00:00",
    "2024-11-03 06:30:00", "2024-11-03 07:30:00", "2024-11-03 07:30:01", "2024-11-04 05:59:59",
    "2024-11-04 06:00:00",
)  # fmt: skip
"""UTC; a message was sent at each."""


def _range(start: str, end: str, zone: str = "America/Chicago") -> str:
    return f'[[range]]\nstart = {start}\nend = {end}\nzone = "{zone}"\n'


def _marker(moment: str) -> str:
    """A word that stands nowhere else."""
    return "zqm" + "".join("abcdefghij"[int(sign)] for sign in moment if sign.isdigit())


def _source(ground: Ground) -> Path:
    def make() -> Path:
        said = [
            Said(f"{moment} UTC", f"{_marker(moment)} call 651-555-01{n:02}")
            for n, moment in enumerate(MOMENTS, 10)
        ]
        return hand_return(ground.place("scope") / "return.zip", said)

    return ground.once("scope-source", make)


def _scoped(ground: Ground, name: str, scope: str) -> Path:
    """Read the return with a scope."""

    def make() -> Path:
        folder = ground.place(f"scope-{name}")
        (folder / "scope.toml").write_text(scope, "utf-8")
        return ground.run(
            _source(ground), folder / "case", "--no-model", "--scope", folder / "scope.toml"
        )

    return ground.once(f"scope-{name}-case", make)


def _kept(case: Path) -> set[str]:
    """Moments of the messages whose text is in the case."""
    texts = " ".join(row["text"] or "" for row in rows(case, "records", "text"))
    return {moment for moment in MOMENTS if _marker(moment) in texts}


def _between(first: str, last: str) -> set[str]:
    return {moment for moment in MOMENTS if first <= moment <= last}


def _dates(
    name: str, scope: str, spans: tuple[tuple[str, str], ...]
) -> Callable[[Ground], Outcome]:
    def check(ground: Ground) -> Outcome:
        kept = _kept(_scoped(ground, name, scope))
        expected = set().union(*(_between(first, last) for first, last in spans))
        wrong = [f"{moment} UTC" for moment in sorted(kept ^ expected)]
        return compare(len(MOMENTS), wrong, "moments")

    return check


SPRING = _range("2024-03-10", "2024-03-10")


def _nowhere(ground: Ground) -> Outcome:
    """Text out of scope: searched in every byte of the case, and by the search."""
    case = _scoped(ground, "spring", SPRING)
    inside = {_marker(moment) for moment in _between("2024-03-10 06:00:00", "2024-03-11 04:59:59")}
    outside = {_marker(moment) for moment in MOMENTS} - inside
    found = holding(case, outside | inside)
    if not inside <= found.keys():
        return Outcome(False, "the search of bytes did not find what is in scope")
    hits = [word for word in sorted(outside) if word in ground.triage("search", case, word)[1]]
    return compare(len(outside), [*sorted(found.keys() & outside), *hits], "texts out of scope")


def _bare(ground: Ground) -> Outcome:
    case = _scoped(ground, "spring", SPRING)
    kept = {"record_id", "source_id", "source_label", "page_first", "page_last", "sheet_first",
            "sheet_last", "line_first", "ordinal", "byte_start", "byte_end", "scope",
            "citation"}  # fmt: skip
    out = [row for row in rows(case, "records") if row["scope"].startswith("out_")]
    ids = {row["record_id"] for row in out}
    wrong = [
        row["citation"]
        for row in out
        if any(value not in (None, []) for name, value in row.items() if name not in kept)
    ]
    wrong += [
        f"mention in {r['citation']}" for r in rows(case, "mentions") if r["record_id"] in ids
    ]
    return compare(len(out), wrong, "records out of scope")


def _sums(ground: Ground) -> Outcome:
    """The main sample with a scope and without."""
    made, folder = ground.meta(), ground.place("scope-sums")
    (folder / "scope.toml").write_text(_range("2023-12-01", "2024-01-31"), "utf-8")
    case = ground.run(made.source, folder / "case", "--no-model", "--scope", folder / "scope.toml")
    counts = Counter(row["scope"] for row in rows(case, "records", "scope"))
    everything = {row["record_id"] for row in rows(made.case, "records", "record_id")}
    scoped = {row["record_id"] for row in rows(case, "records", "record_id")}
    told = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    ok = everything == scoped and len(counts) > 1
    return Outcome(ok, f"{told}; in all {counts.total()} of {len(everything)}")


def _undated(ground: Ground) -> Outcome:
    made = ground.meta()
    folder = made.source.parent.parent / "scope-sums" / "case"
    if not folder.exists():
        _sums(ground)
    undated = [r for r in rows(folder, "records") if r["scope"] == "undetermined"]
    wrong = [row["citation"] for row in undated if row["text"] is None and not row["attributes"]]
    dated = [row["citation"] for row in undated if row["sent_at"] is not None]
    return compare(len(undated), wrong + dated, "undated records kept and marked")


def _account(ground: Ground) -> Outcome:
    own = _kept(_scoped(ground, "own", f'accounts = ["{TARGET}"]'))
    other = _kept(_scoped(ground, "other", 'accounts = ["900000000000899"]'))
    return counted(of_the_account=(len(MOMENTS), len(own)), of_another=(0, len(other)))


def _category(ground: Ground) -> Outcome:
    inside = _kept(_scoped(ground, "section", 'categories = ["unified_messages"]'))
    outside = _kept(_scoped(ground, "sections", 'categories = ["logins"]'))
    return counted(of_the_section=(len(MOMENTS), len(inside)), of_another=(0, len(outside)))


def _changed(ground: Ground) -> Outcome:
    """A case read under one scope, and again under another, is as if read so at once."""
    folder = ground.place("scope-changed")
    scope = folder / "scope.toml"
    run = partial(ground.run, _source(ground), folder / "case", "--no-model", "--scope", scope)
    scope.write_text(_range("2024-02-01", "2024-03-15"), "utf-8")
    run()
    scope.write_text(SPRING, "utf-8")
    changed = table_hashes(run())
    left = {_marker(m) for m in MOMENTS} - {
        _marker(m) for m in _between("2024-03-10 06:00:00", "2024-03-11 04:59:59")
    }
    found = holding(folder / "case", left)
    fresh = table_hashes(_scoped(ground, "spring", SPRING))
    if found:
        return Outcome(False, f"{len(found)} texts of the wider scope are still there")
    wrong = [name for name in fresh if changed.get(name) != fresh[name]]
    return compare(len(fresh), wrong, "table files")


SCOPING = Function("SCO", "Scope", (
    Assertion("SCO-01", "A range of dates holds from its first second to its last, in the zone it "
        "names.", "Reads messages sent one second before, at and after both ends of 1 February to "
        "15 March 2024 in Chicago, between which the clocks change.",
        "06:00:00 UTC of the first day to 04:59:59 UTC after the last, both inside",
        _dates("range", _range("2024-02-01", "2024-03-15"),
               (("2024-02-01 06:00:00", "2024-03-16 04:59:59"),))),
    Assertion("SCO-02", "The day on which clocks go forward has 23 hours.",
        "As before, for 10 March 2024 alone.",
        "06:00:00 UTC to 04:59:59 UTC of the next day",
        _dates("spring", SPRING, (("2024-03-10 06:00:00", "2024-03-11 04:59:59"),))),
    Assertion("SCO-03", "The day on which clocks go back has 25 hours.",
        "As before, for 3 November 2024 alone.", "05:00:00 UTC to 05:59:59 UTC of the next day",
        _dates("autumn", _range("2024-11-03", "2024-11-03"),
               (("2024-11-03 05:00:00", "2024-11-04 05:59:59"),))),
    Assertion("SCO-04", "A local time that comes twice ends a range at its second occurrence.",
        "A range that ends at 01:30:00 on 3 November 2024.",
        "07:30:00 UTC inside, 07:30:01 outside",
        _dates("twice", _range("2024-11-03T00:00:00", "2024-11-03T01:30:00"),
               (("2024-11-03 05:00:00", "2024-11-03 07:30:00"),))),
    Assertion("SCO-05", "A local time that never was begins a range at the change of clocks or "
        "before it.", "A range that begins at 02:30:00 on 10 March 2024.",
        "from 07:30:00 UTC at the latest, so that no second of the warrant is lost",
        _dates("never", _range("2024-03-10T02:30:00", "2024-03-10"),
               (("2024-03-10 07:30:00", "2024-03-11 04:59:59"),))),
    Assertion("SCO-06", "Zones with half hours are kept to.",
        "A range of one day in Asia/Kolkata.", "18:30:00 UTC of the day before to 18:29:59 UTC",
        _dates("half", _range("2024-05-01", "2024-05-01", "Asia/Kolkata"),
               (("2024-04-30 18:30:00", "2024-05-01 18:29:59"),))),
    Assertion("SCO-07", "Several ranges add up.", "Two ranges, 10 March and 3 November 2024.",
        "the moments of both", _dates(
            "two", SPRING + _range("2024-11-03", "2024-11-03"),
            (("2024-03-10 06:00:00", "2024-03-11 04:59:59"),
             ("2024-11-03 05:00:00", "2024-11-04 05:59:59")))),
    Assertion("SCO-08", "Text out of scope is nowhere in the case.",
        "Searches every byte of every file of the case, tables decoded, and asks the search.",
        "not one of the words planted in messages out of scope", _nowhere),
    Assertion("SCO-09", "Of a record out of scope stay ids, source, page, bytes and the reason.",
        "Looks at every column of such records, and for mentions of them.",
        "all other columns empty, no mention", _bare),
    Assertion("SCO-10", "In scope, out by reason and undetermined add up to the source.",
        "Reads the main sample with a range of dates and without.",
        "the same records in both, each with one verdict", _sums),
    Assertion("SCO-11", "A record without a date is kept and marked as undetermined.",
        "Looks at these records in the case of SCO-10.", "text or fields kept, no time", _undated),
    Assertion("SCO-12", "A scope of accounts covers the account it names, and no other.",
        "Two scopes: the account of the return, and another one.",
        "all messages; none", _account),
    Assertion("SCO-13", "A scope of categories covers the sections it names, and no other.",
        "Two scopes: the section of the messages, and that of the logins.",
        "all messages; none", _category),
    Assertion("SCO-14", "A changed scope is applied to what was read before.",
        "Reads a return under one scope, then again under a narrower one.",
        "no text of the wider scope left; tables equal to those of a fresh case", _changed),
))  # fmt: skip
