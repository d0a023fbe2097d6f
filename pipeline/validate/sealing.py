"""SEA and RED: protected conversations go nowhere but ``sealed/``.

Protected persons go into no output that is redacted.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from pipeline.validate.base import Assertion, Function, Outcome, compare, counted
from pipeline.validate.ground import Ground
from pipeline.validate.handmade import OTHER, TARGET_NAME, Said, hand_return
from pipeline.validate.looking import holding, rows

BY_NAME = "Odile Quillfeather (Facebook: 900000000000811)"
BY_ACCOUNT = "Wren Example (Facebook: 900000000000812)"
THREADS = {"900000000000911": BY_NAME, "900000000000912": BY_ACCOUNT}
OPEN = "900000000000913"
LIST = "value,kind,label\nOdile Quillfeather,name,Counsel 1\n900000000000812,account,Counsel 2\n"
SECRETS = ("zqsealedalder", "zqsealedbirch", "zqsealedcedar", "zqsealeddogwood", "Quillfeather")
OPENLY = ("zqopenash", "zqopenelm")
PASSWORD = "invented for this validation\n"


def _said() -> list[Said]:
    words = iter((*SECRETS[:4], *OPENLY))
    said: list[Said] = []
    for thread, author in (*THREADS.items(), (OPEN, OTHER)):
        for who in (author, TARGET_NAME):
            second = len(said)
            text = f"{next(words)} call 651-555-01{10 + second}"
            said.append(Said(f"2024-02-01 10:00:{second:02} UTC", text, thread, who))
    return said


def _folder(ground: Ground) -> Path:
    def make() -> Path:
        folder = ground.place("sealing")
        hand_return(folder / "return.zip", _said())
        (folder / "list.csv").write_text(LIST, "utf-8")
        (folder / "password").write_text(PASSWORD, "utf-8")
        (folder / "password").chmod(0o600)
        return folder

    return ground.once("sealing", make)


def _options(ground: Ground, option: str = "--counsel") -> list[object]:
    ground.needs("release")  # of one make with sealing
    folder = _folder(ground)
    return [option, folder / "list.csv", "--password-file", folder / "password", "--no-model"]


def _sealed(ground: Ground, option: str = "--counsel") -> Path:
    options = _options(ground, option)
    folder = _folder(ground)
    name = f"case{option}"
    return ground.once(
        f"sealing-{option}", lambda: ground.run(folder / "return.zip", folder / name, *options)
    )


def _nowhere(case: Path, ground: Ground) -> Outcome:
    found = holding(case, (*SECRETS, *OPENLY), without=["sealed"])
    if not set(OPENLY) <= found.keys():
        return Outcome(False, "the search of bytes did not find what lies open")
    wrong = [f"{word[:8]}… in {place}" for word, place in found.items() if word in SECRETS]
    for word in SECRETS:
        code, out, _ = ground.triage("search", case, word, "--json")
        if code or json.loads(out).get("hits"):
            wrong.append(f"{word[:8]}… by search")
    return compare(len(SECRETS), wrong, "words of sealed conversations")


def _outside(option: str) -> Callable[[Ground], Outcome]:
    return lambda ground: _nowhere(_sealed(ground, option), ground)


def _unreadable(ground: Ground) -> Outcome:
    folder = _sealed(ground) / "sealed"
    files = [path for path in folder.rglob("*") if path.is_file()]
    wrong = list(holding(folder, SECRETS))
    return compare(len(files) and len(SECRETS), wrong, "words that nobody reads without the key")


def _rows(ground: Ground) -> Outcome:
    """No row of a sealed conversation; its messages counted in the coverage."""
    case = _sealed(ground)
    threads = {row["thread_id"] for row in rows(case, "records", "thread_id")}
    counted = sum(row["sealed_count"] for row in rows(case, "coverage"))
    kept = [r for r in rows(case, "records", "thread_id", "kind") if r["thread_id"] == OPEN]
    messages = sum(row["kind"] == "message" for row in kept)
    ok = not threads & THREADS.keys() and counted >= 4 and messages == 2
    return Outcome(
        ok, f"{len(threads & THREADS.keys())} sealed conversations with rows, {counted} records "
        f"counted as sealed, {messages} messages of the open one",
    )  # fmt: skip


def _late(ground: Ground) -> Outcome:
    """Read without the list, then with it."""
    options, folder = _options(ground), _folder(ground)
    case = ground.run(folder / "return.zip", folder / "late", "--no-model")
    before = holding(case, SECRETS[:4])
    if len(before) < 4:
        return Outcome(False, "the search of bytes did not find what lay open before")
    ended, _, err = ground.triage(
        "run", folder / "return.zip", "--case", case, "--workers", 1, "--quiet", *options
    )
    if ended not in (0, 1):
        return Outcome(False, f"exit code {ended}: {err.strip()}")
    return _nowhere(case, ground)


def _release(ground: Ground) -> Outcome:
    """Release without a name or reason, then with both."""
    options, folder = _options(ground), _folder(ground)
    case = ground.run(folder / "return.zip", folder / "released", *options)
    key = ["--password-file", folder / "password"]
    listed = json.loads(ground.triage("release", case, "--json", *key)[1])
    thread = listed[0]["thread"]
    refused = ground.triage("release", case, thread, *key)[0]
    still = holding(case, SECRETS[:4], without=["sealed"])
    given = ["--name", "A. Examiner", "--reason", "order of an invented court"]
    code, _, err = ground.triage("release", case, thread, *given, *key)
    if code:
        return Outcome(False, f"refused with name and reason: {err.strip()}")
    ground.run(folder / "return.zip", case, *options)
    shown = holding(case, SECRETS[:4], without=["sealed"])
    logged = b"A. Examiner" in (case / "audit.jsonl").read_bytes()
    return counted(
        refusals=(1, int(refused == 2)), words_open_before=(0, len(still)),
        words_open_after=(2, len(shown)), entries_logged=(1, int(logged)),
    )  # fmt: skip


# --- redaction ------------------------------------------------------------------------------------

PERSON = {
    "name": "Ysolde Marchbanks", "phone": "+16515550163", "handle": "instagram:ysolde.m",
}  # fmt: skip
AS_SAID = (
    "Ysolde Marchbanks", "651-555-0163", "@ysolde.m",
)  # fmt: skip
NEAR = (
    "Marchbanks, Ysolde", "YSOLDE MARCHBANKS", "6 5 1 5 5 5 0 1 6 3", "(651) 555 0163",
    "ysolde.marchbanks@example.com", "ysoldemarchbanks", "six five one five five five zero one six "
    "three",
)  # fmt: skip
LEAKS = ("Ysolde", "ysolde", "YSOLDE", "Marchbanks", "marchbanks", "MARCHBANKS", "5550163",
         "555-0163", "555 0163", "5 5 5 0 1 6 3", "zero one six three")  # fmt: skip


def person_case(ground: Ground) -> tuple[Path, Path]:
    """A case whose messages name a protected person in every form; and the list of her."""
    ground.needs("report", "--profile")

    def make() -> tuple[Path, Path]:
        folder = ground.place("redaction")
        protected = folder / "protected.csv"
        lines = [f"{value},{kind},PP-1" for kind, value in PERSON.items()]
        protected.write_text("\n".join(["value,kind,label", *lines, ""]), "utf-8")
        said = [
            Said(
                f"2024-02-0{day} 10:00:{n:02} UTC", f"ask {form} at $juntest", str(9_000_000 + day)
            )
            for day in range(1, 5)
            for n, form in enumerate((*AS_SAID, *NEAR))
        ]
        hand_return(folder / "return.zip", said)
        case = ground.run(folder / "return.zip", folder / "case", "--protected", protected)
        return case, protected

    return ground.once("redaction", make)


def _report(ground: Ground, profile: str) -> Path:
    case, protected = person_case(ground)

    def make() -> Path:
        out = case.parent / f"{profile}.html"
        options = ["--protected", protected] if profile == "redacted" else []
        code, _, err = ground.triage("report", case, "--profile", profile, "-o", out, *options)
        if code:
            raise RuntimeError(f"triage report: exit code {code}; {err.strip()}")
        return out

    return ground.once(f"redaction-{profile}", make)


def _redacted(ground: Ground) -> Outcome:
    found = holding(_report(ground, "redacted"), LEAKS)
    return compare(len(LEAKS), list(found), "forms of the person's name, number and handle")


def _unredacted(ground: Ground) -> Outcome:
    found = holding(_report(ground, "prosecutor"), ("Ysolde", "Marchbanks", "0163"))
    return compare(3, {"Ysolde", "Marchbanks", "0163"} - found.keys(), "forms found unredacted")


def _designated(ground: Ground) -> Outcome:
    found = holding(_report(ground, "redacted"), ("PP-1", "juntest"))
    return compare(2, {"PP-1", "juntest"} - found.keys(), "designator and what is not protected")


SEALING = Function("SEA", "Sealing", (
    Assertion("SEA-01", "Conversations with listed counsel leave nothing outside sealed/.",
        "Reads a return in which counsel takes part in two conversations, listed by name and by "
        "account; searches every byte of the case and asks the search.",
        "not one of the words planted in them, nor counsel's name", _outside("--counsel")),
    Assertion("SEA-02", "So do conversations with listed advocates.",
        "As before, with the list given as --advocates.", "as before", _outside("--advocates")),
    Assertion("SEA-03", "What is sealed is encrypted.", "Searches every byte of sealed/.",
        "none of the words", _unreadable),
    Assertion("SEA-04", "Of what is sealed only counts are in the tables; other conversations stay "
        "whole.", "Looks for rows of the conversations, and adds up the coverage.",
        "no row; at least the four messages counted; two messages of the open one", _rows),
    Assertion("SEA-05", "A list that comes late seals what was read before.",
        "Reads the return without a list, then with it, and searches every byte.",
        "none of the words outside sealed/", _late),
    Assertion("SEA-06", "Release needs a name and a reason, and is logged.",
        "Releases one conversation without them, then with them, and reads again.",
        "refused; nothing open; then the two messages of the one conversation, and the name in the "
        "audit log", _release),
))  # fmt: skip

REDACTION = Function("RED", "Redaction", (
    Assertion("RED-01", "A redacted report holds no listed person's name, number or handle, nor a "
        "near form.", "Makes the redacted report of a case that names one protected person in "
        f"{len(AS_SAID) + len(NEAR)} forms; searches every byte.", "none of the forms", _redacted),
    Assertion("RED-02", "The same search finds them where nothing is redacted.",
        "Makes the report in full and searches it likewise, as a check of the check.",
        "name and number found", _unredacted),
    Assertion("RED-03", "A designator stands for the person, and what is not hers stays.",
        "Looks for the designator and for a handle that is nobody's on the list.",
        "both there", _designated),
))  # fmt: skip
