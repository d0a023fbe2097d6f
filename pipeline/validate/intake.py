"""INT: what was received is listed, hashed and accounted for to the byte."""

from __future__ import annotations

import tomllib
import zipfile
from collections import Counter, defaultdict
from typing import Any

from pipeline.validate.base import Assertion, Function, Outcome, compare
from pipeline.validate.ground import Ground
from pipeline.validate.handmade import Said, business_record, hand_return, write_zip
from pipeline.validate.looking import rows, sha256

FATES = ("record", "furniture", "issue", "out_of_scope", "sealed")


def _members(ground: Ground) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
    made = ground.meta()
    with zipfile.ZipFile(made.source) as archive:
        return {name: archive.read(name) for name in archive.namelist()}, rows(made.case, "sources")


def _listed(ground: Ground) -> Outcome:
    members, sources = _members(ground)
    listed = Counter(row["path"] for row in sources)
    wrong = [name for name in members.keys() | listed.keys() if listed[name] != (name in members)]
    return compare(len(members), wrong, "files")


def _hashed(ground: Ground) -> Outcome:
    members, sources = _members(ground)
    wrong = [r["path"] for r in sources if r["source_sha256"] != sha256(members[r["path"]])]
    return compare(len(sources), wrong, "files")


def _sized(ground: Ground) -> Outcome:
    members, sources = _members(ground)
    wrong = [r["path"] for r in sources if r["size_bytes"] != len(members[r["path"]])]
    return compare(len(sources), wrong, "files")


def _container(ground: Ground) -> Outcome:
    made = ground.meta()
    digest = sha256(made.source.read_bytes())
    case = tomllib.loads((made.case / "case.toml").read_text("utf-8"))
    stated = [row["container_sha256"] for row in rows(made.case, "sources")]
    stated += [item["sha256"] for item in case["sources"]]
    return compare(len(stated), [item for item in stated if item != digest], "statements of it")


def _media(ground: Ground) -> Outcome:
    members, sources = _members(ground)
    media = [row for row in sources if row["path"].startswith("linked_media/")]
    wrong = [
        row["path"]
        for row in media
        if row["reader"] is not None
        or row["record_count"]
        or row["source_sha256"] != sha256(members[row["path"]])
    ]
    return compare(len(media), wrong, "media files")


def _twins(ground: Ground) -> Outcome:
    """Equal bytes under two paths of one archive."""
    folder = ground.place("intake-twins")
    page = business_record([Said("2024-02-01 10:00:00 UTC", "the same page twice")])
    source = write_zip(folder / "return.zip", {"a/records.html": page, "b/records.html": page})
    case = ground.run(source, folder / "case", "--no-model")
    sources = rows(case, "sources", "source_id", "path", "source_sha256")
    paths = {row["path"] for row in sources}
    ok = (
        paths == {"a/records.html", "b/records.html"}
        and len({row["source_id"] for row in sources}) == 2
        and {row["source_sha256"] for row in sources} == {sha256(page)}
    )
    return Outcome(ok, f"{len(sources)} rows, {len({r['source_id'] for r in sources})} ids")


def _added(ground: Ground) -> Outcome:
    """A source is added to a case that has one."""
    folder = ground.place("intake-added")
    first = hand_return(
        folder / "first.zip", [Said("2024-02-01 10:00:00 UTC", "call 651-555-0117")]
    )
    second = hand_return(
        folder / "second.zip",
        [Said("2024-02-02 10:00:00 UTC", "or 612-555-0134", "900000000000977")],
    )
    columns = ("record_id", "source_id", "source_label", "text", "citation", "byte_start")
    case = ground.run(first, folder / "case", "--no-model")
    before = rows(case, "records", *columns)
    ground.run([first, second], case, "--no-model")
    after = rows(case, "records", *columns)
    lost = [row["record_id"] for row in before if row not in after]
    added = len(after) - len(before)
    checked = compare(len(before), lost, "earlier records unchanged")
    return Outcome(checked.ok and added > 0, f"{checked.observed}; {added} records added")


def _coverage(ground: Ground) -> Outcome:
    made = ground.meta()
    sizes = {row["source_id"]: row["size_bytes"] for row in rows(made.case, "sources")}
    pages: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(made.case, "coverage"):
        pages[row["source_id"]].append(row)
    wrong, checked = [], 0
    for source, units in pages.items():
        at = 0
        for unit in sorted(units, key=lambda row: int(row["byte_start"])):
            checked += 1
            whole = unit["byte_end"] - unit["byte_start"]
            if unit["byte_start"] != at or sum(unit[fate] for fate in FATES) != whole:
                wrong.append(f"{unit['source_label']} p. {unit['page']}")
            at = unit["byte_end"]
        if at != sizes[source]:
            wrong.append(f"{units[0]['source_label']} (end)")
    return compare(checked, wrong, "pages")


def _pages(ground: Ground) -> Outcome:
    receipt, made = ground.receipt(), ground.meta()
    found = {row["path"]: row["page_count"] for row in rows(made.case, "sources") if row["reader"]}
    wrong = [name for name, pages in receipt.pages.items() if found.get(name) != pages]
    return compare(len(receipt.pages), wrong, "files")


INTAKE = Function("INT", "Intake and hashing", (
    Assertion("INT-01", "Every file received, members of archives too, is listed once.",
        "Reads the main sample; compares the table of sources with the archive's own directory.",
        "the same paths, each once", _listed),
    Assertion("INT-02", "Every file is listed with the SHA-256 of its bytes.",
        "Hashes each member of the archive apart from the tool and compares.",
        "equal for every file", _hashed),
    Assertion("INT-03", "Every file is listed with its size.",
        "Compares the sizes of the members, inflated, with the table.",
        "equal for every file", _sized),
    Assertion("INT-04", "The archive itself is identified by its SHA-256, in the table and in "
        "case.toml.", "Hashes the archive apart from the tool and compares.",
        "one hash everywhere", _container),
    Assertion("INT-05", "Media are hashed and listed, and not read.",
        "Looks at the rows of all files under linked_media.",
        "right hash, no reader, no records", _media),
    Assertion("INT-06", "Two files of equal bytes at two places stay two sources.",
        "Reads an archive that holds one page under two paths.",
        "two rows, two ids, one hash", _twins),
    Assertion("INT-07", "Adding a source changes no id, label or citation of what was there.",
        "Reads one return, then adds a second to the same case.",
        "all earlier records unchanged, new ones beside them", _added),
    Assertion("INT-08", "Every byte of every page is accounted for once, as record, furniture, not "
        "understood, out of scope or sealed.",
        "Adds up the coverage of each file from its first byte to its last.",
        "no gap, no overlap, sums equal to the size", _coverage),
    Assertion("INT-09", "Pages are counted as the provider numbers them.",
        "Compares page counts with what the generator wrote.", "equal for every file", _pages),
))  # fmt: skip
