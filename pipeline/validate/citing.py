"""CIT: what a citation names stands there, and is shown only when the source is unchanged."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from pipeline.validate.base import Assertion, Function, Outcome, compare
from pipeline.validate.ground import Ground, Made
from pipeline.validate.looking import rows, sha256, squeezed, words_of

BAR = re.compile(rb'<div id="page_(\d+)" class="pageBreak">.*?</div>', re.DOTALL)
SHOWN = 24
"""Citations opened by command."""
FORMS = ("meta", "dyi-json", "whatsapp-chat", "docx", "csv", "pdf")
"""Formats whose mentions are held against their records."""
KEYS = (
    ("mentions", "record_id", "records"), ("memberships", "mention_id", "mentions"),
    ("memberships", "entity_id", "entities"), ("link_evidence", "link_id", "links"),
    ("link_evidence", "record_id", "records"), ("records", "source_id", "sources"),
    ("records", "duplicate_of", "records"), ("attachments", "record_id", "records"),
    ("phones", "mention_id", "mentions"), ("aliases", "mention_id", "mentions"),
    ("locations", "mention_id", "mentions"), ("money", "mention_id", "mentions"),
    ("coverage", "source_id", "sources"),
)  # fmt: skip
IDS = {"records": "record_id", "mentions": "mention_id", "entities": "entity_id",
       "links": "link_id", "sources": "source_id"}  # fmt: skip


def _spans(ground: Ground) -> Outcome:
    checked, wrong = 0, []
    for form in FORMS:
        case = ground.sample(form).case
        texts = {
            row["record_id"]: row["text"] for row in rows(case, "records", "record_id", "text")
        }
        for row in rows(case, "mentions", "mention_id", "record_id", "start", "end", "surface"):
            checked += 1
            text = texts.get(row["record_id"]) or ""
            if text[row["start"] : row["end"]] != row["surface"] or row["end"] <= row["start"]:
                wrong.append(f"{form} {row['mention_id']}")
    return compare(checked, wrong, "mentions")


def _files(made: Made) -> dict[str, bytes]:
    """Bytes of the archive's HTML files by source."""
    with zipfile.ZipFile(made.source) as archive:
        return {
            row["source_id"]: archive.read(row["path"])
            for row in rows(made.case, "sources", "source_id", "path", "reader")
            if row["reader"]
        }


def _bytes(ground: Ground) -> Outcome:
    made = ground.meta()
    files = _files(made)
    checked, wrong = 0, []
    columns = ("record_id", "kind", "citation", "text", "source_id", "byte_start", "byte_end")
    for row in rows(made.case, "records", *columns):
        if row["kind"] == "location_fix":
            row["text"] = _apart(row["text"])
        if not row["text"] or row["byte_start"] is None:
            continue
        checked += 1
        piece = BAR.sub(b"", files[row["source_id"]][row["byte_start"] : row["byte_end"]])
        if _found(row["text"], words_of(piece)) is None:
            wrong.append(row["citation"])
    return compare(checked, wrong, "records")


def _found(text: str, here: str) -> int | None:
    """Return where the words of a text stand, one after another; None where they do not.

    Between the values of a block that the tool joins to one text stand the provider's labels.
    """
    words = text.split()
    first = here.find(words[0]) if words else -1
    at = first
    for word in words:
        at = here.find(word, at)
        if at < 0:
            return None
        at += len(word)
    return first


def _apart(text: str | None) -> str:
    """Part what the tool joins of two values: latitude and longitude."""
    return (text or "").replace(",", " ")


def _pages(ground: Ground) -> Outcome:
    """Hold surfaces against the page that their citation names, and the next where one runs on."""
    made = ground.meta()
    pages: dict[str, dict[int, str]] = {}
    for source, data in _files(made).items():
        parts = BAR.split(data)
        numbers = [0, *(int(number) for number in parts[1::2])]
        pages[source] = dict(zip(numbers, map(words_of, parts[::2]), strict=True))
    places = {row["record_id"]: row for row in rows(made.case, "records", "record_id", "source_id")}
    checked, wrong = 0, []
    for row in rows(made.case, "mentions", "record_id", "surface", "basis", "page", "citation"):
        if row["basis"] == "stated":
            row["surface"] = _apart(row["surface"])
        of = pages[places[row["record_id"]]["source_id"]]
        checked += 1
        here = of.get(row["page"], "") + of.get(row["page"] + 1, "")
        at = _found(row["surface"], here)
        if at is None or at >= len(of.get(row["page"], "")):
            wrong.append(row["citation"])
    return compare(checked, wrong, "mentions")


def _sheets(ground: Ground) -> Outcome:
    """Hold surfaces of a PDF against the text that another program reads on the sheet."""
    import pypdfium2

    made = ground.sample("pdf")
    paths = {row["source_id"]: row["path"] for row in rows(made.case, "sources")}
    records = {row["record_id"]: row["source_id"] for row in rows(made.case, "records")}
    texts: dict[str, list[str]] = {}
    checked, wrong = 0, []
    for row in rows(made.case, "mentions", "record_id", "surface", "page", "sheet", "citation"):
        source = records[row["record_id"]]
        if source not in texts:
            document = pypdfium2.PdfDocument(made.source / paths[source])
            texts[source] = [squeezed(p.get_textpage().get_text_range()) for p in document]
        sheet = row["sheet"] or row["page"]
        checked += 1
        here = "".join(texts[source][sheet - 1 : sheet + 1]).replace("\ufffe", "")
        if squeezed(row["surface"]) not in here:
            wrong.append(row["citation"])
    return compare(checked, wrong, "mentions")


def _drawn(ground: Ground, made: Made) -> list[dict[str, Any]]:
    columns = ("record_id", "citation", "byte_start", "byte_end", "source_id", "kind", "scope")
    records = [row for row in rows(made.case, "records", *columns) if row["byte_start"] is not None]
    draw = Random(ground.settings.seed)
    return draw.sample(records, min(SHOWN, len(records)))


def _show(ground: Ground, case: Path, id_: str) -> dict[str, Any]:
    code, out, _ = ground.triage("show", case, id_, "--json")
    return dict(json.loads(out)) if code == 0 else {}


def _opened(ground: Ground) -> Outcome:
    made = ground.meta()
    files, wrong = _files(made), []
    drawn = _drawn(ground, made)
    for row in drawn:
        shown = _show(ground, made.case, row["record_id"]).get("source") or {}
        expected = sha256(files[row["source_id"]][row["byte_start"] : row["byte_end"]])
        if shown.get("check") != "verified" or shown.get("data_sha256") != expected:
            wrong.append(row["citation"])
    return compare(len(drawn), wrong, "records")


def _by_words(ground: Ground) -> Outcome:
    made = ground.meta()
    drawn, wrong = _drawn(ground, made), []
    for row in drawn:
        shown = _show(ground, made.case, row["citation"])
        ids = [(shown.get("record") or {}).get("record_id"), *(shown.get("also") or [])]
        if row["record_id"] not in ids:
            wrong.append(row["citation"])
    return compare(len(drawn), wrong, "citations")


def _changed(ground: Ground) -> Outcome:
    """One byte of the source is another one now."""
    made = ground.meta()
    folder = ground.place("cite-changed")
    with zipfile.ZipFile(made.source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    row = next(row for row in _drawn(ground, made) if row["kind"] == "message")
    paths = {item["source_id"]: item["path"] for item in rows(made.case, "sources")}
    data = bytearray(members[paths[row["source_id"]]])
    data[(row["byte_start"] + row["byte_end"]) // 2] ^= 1
    members[paths[row["source_id"]]] = bytes(data)
    with zipfile.ZipFile(folder / made.source.name, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    _, out, _ = ground.triage("show", made.case, row["record_id"], "--json", "--source", folder)
    shown = json.loads(out)["source"]
    ok = shown["check"] == "mismatch" and not shown.get("data")
    return Outcome(ok, f"check {shown['check']}, bytes {'shown' if shown.get('data') else 'kept'}")


def _keys(ground: Ground) -> Outcome:
    case = ground.meta().case
    ids = {name: {row[key] for row in rows(case, name, key)} for name, key in IDS.items()}
    checked, wrong = 0, []
    for table, column, target in KEYS:
        for row in rows(case, table, column):
            if row[column] is not None:
                checked += 1
                if row[column] not in ids[target]:
                    wrong.append(f"{table}.{column}")
    doubled = list(_doubled(case))
    found = compare(checked, wrong, "keys")
    return Outcome(found.ok and not doubled, found.observed + "".join(f"; {d}" for d in doubled))


def _doubled(case: Path) -> Iterator[str]:
    for name, key in IDS.items():
        values = [row[key] for row in rows(case, name, key)]
        if len(set(values)) != len(values):
            yield f"{name}.{key} is not unique"


CITING = Function("CIT", "Citations", (
    Assertion("CIT-01", "A mention is exactly the signs of its record between start and end.",
        f"Compares every mention of the samples {', '.join(FORMS)} with the text of its record.",
        "equal for every mention", _spans),
    Assertion("CIT-02", "A record stands in the bytes that it cites.",
        "Reads every record's range of bytes out of the archive apart from the tool, takes the "
        "markup away and looks for its words in their order.",
        "found for every record with text", _bytes),
    Assertion("CIT-03", "A mention begins on the page that its citation names.",
        "Parts the files at the provider's page bars apart from the tool and looks for the mention "
        "on the page.", "found for every mention", _pages),
    Assertion("CIT-04", "A mention in a PDF stands on the sheet that its citation names.",
        "Takes the text of the sheets with PDFium, without the tool's reader.",
        "found for every mention", _sheets),
    Assertion("CIT-05", "`triage show` re-reads the bytes of a record and checks them by hash.",
        f"Opens {SHOWN} records, drawn by the seed; hashes the range apart from the tool.",
        "verified, and the same hash of the range", _opened),
    Assertion("CIT-06", "A citation as printed leads back to its record.",
        f"Opens {SHOWN} citations as they stand in the tables.", "the same record", _by_words),
    Assertion("CIT-07", "Bytes of a source that has changed are not shown.",
        "Changes one bit of a copy of the source and opens a record in it.",
        "check mismatch, no bytes", _changed),
    Assertion("CIT-08", "Every key of every table leads to a row, and ids are unique.",
        f"Follows {len(KEYS)} kinds of key through the tables of the main sample.",
        "every key resolves", _keys),
))  # fmt: skip
