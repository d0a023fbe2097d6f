"""What an id or citation stands for, and the bytes re-read from the source."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import ConfigError
from pipeline.search.citation import Citation, read_citation
from pipeline.search.evidence import Check
from pipeline.search.show import render_show, show, to_json
from schemas.tables import SCHEMAS

TEXTS = [f"message {n} \x1b[2J\u202e call 651-555-01{n:02}" for n in range(9)]
PAGE = "".join(f"<div>{text}</div>\n" for text in TEXTS).encode()
SHA = hashlib.sha256(PAGE).hexdigest()
MEMBER = "records/index.html"
PHONE = "9" * 20
ENTITY = "e" * 20


def write(case: Path, name: str, rows: list[dict[str, object]]) -> None:
    schema = SCHEMAS[name]
    assert all(row.keys() <= set(schema.names) for row in rows)
    folder = case / "tables" / name
    folder.mkdir(parents=True)
    arrays = [pa.array([row.get(f.name) for row in rows], type=f.type) for f in schema]
    pq.write_table(pa.table(arrays, schema=schema), folder / "part-00000.parquet")


def record(n: int, **more: object) -> dict[str, object]:
    start = PAGE.index(f"<div>message {n}".encode())
    return {
        "record_id": str(n) * 20, "kind": "message", "text": TEXTS[n], "thread_id": "t1",
        "thread_name": "Plans", "author_name": "Ann\x1b", "sent_raw": "noon",
        "sent_at": datetime(2021, 3, n + 1, 12, tzinfo=UTC), "source_id": "s1",
        "source_label": "FB-1", "page_first": 1204, "page_last": 1204 + n // 8, "line_first": 10 + n,
        "ordinal": 100 - n, "byte_start": start, "byte_end": PAGE.index(b"\n", start), "scope": "in",
        "citation": f"FB-1 p. 1,204 l. {10 + n}",
        "attributes": [{"label": "IP", "value": "203.0.113.7"}], **more,
    }  # fmt: skip


RECORDS = [
    record(0, sent_at=None),
    *(record(n) for n in range(1, 5)),
    record(5, duplicate_of="1" * 20, sent_at=datetime(2021, 3, 4, tzinfo=UTC)),
    record(6, sent_at=datetime(2021, 3, 2, 12, tzinfo=UTC)),
    {
        "record_id": "7" * 20, "source_id": "s1", "source_label": "FB-1", "page_first": 1204,
        "page_last": 1204, "line_first": 17, "ordinal": 93, "byte_start": 0, "byte_end": 9,
        "scope": "out_date", "citation": "FB-1 p. 1,204 l. 17",
    },
    record(8, source_id="s2", source_label="PDF-1", byte_start=None, byte_end=None, thread_id=None,
           citation="PDF-1 p. 3", page_first=3, page_last=3),
]  # fmt: skip


def mention(number: int, n: int, **more: object) -> dict[str, object]:
    surface = f"651-555-01{n:02}"
    start = TEXTS[n].index(surface)
    return {
        "mention_id": str(number) * 20, "record_id": str(n) * 20, "kind": "phone", "start": start,
        "end": start + len(surface), "surface": surface, "value": f"+165155501{n:02}",
        "basis": "found", "rule": "phone:plain", "extractor": "phones", "extractor_version": 3,
        "confidence": 0.8, "detail": "cue word call", "source_label": "FB-1", "page": 1204,
        "line": 30 + n, "citation": f"FB-1 p. 1,204 l. {30 + n}", **more,
    }  # fmt: skip


def source(
    source_id: str, label: str, path: str, container: str | None, sha: str
) -> dict[str, object]:
    return {"source_id": source_id, "source_label": label, "path": path, "container": container,
            "source_sha256": sha, "size_bytes": len(PAGE), "media_type": "text/html",
            "page_count": 1, "record_count": 9}  # fmt: skip


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case of a zip (FB-1) and a file (PDF-1), both in place."""
    given = tmp_path / "given"
    given.mkdir()
    with zipfile.ZipFile(given / "return.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("other.txt", "x")
        archive.writestr(MEMBER, PAGE)
    (given / "scan.pdf").write_bytes(PAGE)
    case = tmp_path / "case"
    case.mkdir()
    (case / "case.toml").write_text(
        f'[[sources]]\nlabel = "FB-1"\nkind = "zip"\nsha256 = "0"\npath = "{given / "return.zip"}"\n'
        f'[[sources]]\nlabel = "PDF-1"\nkind = "file"\nsha256 = "0"\npath = "{given / "scan.pdf"}"\n'
    )
    write(case, "records", RECORDS)
    write(case, "mentions", [
        mention(9, 3), {**mention(4, 3), "mention_id": "a" * 20, "kind": "alias", "start": 0, "end": 7, "surface": "message", "value": None},
        mention(5, 1, mention_id="b" * 20),
    ])  # fmt: skip
    members = [
        {"mention_id": m, "entity_id": ENTITY, "basis": "exact", "reason": "same value"}
        for m in (PHONE, "b" * 20)
    ]
    write(case, "memberships", members)
    counts = {"mention_count": 2, "record_count": 2, "thread_count": 1, "stated_count": 0}
    write(case, "entities", [
        {"entity_id": ENTITY, "kind": "phone", "value": "+16515550103", "label": "651-555-0103", **counts,
         "first_at": datetime(2021, 3, 2, tzinfo=UTC), "is_lead": True},
        {"entity_id": "f" * 20, "kind": "alias", "value": "juno", "label": "juno", **counts, "is_lead": True},
    ])  # fmt: skip
    link = {"relation": "same_record", "thread_count": 1, "reason": "in 2 records"}
    write(case, "links", [
        {"link_id": "1", "entity_a": ENTITY, "entity_b": "f" * 20, "record_count": 2, **link},
        {"link_id": "2", "entity_a": "acc1", "entity_b": ENTITY, "record_count": 7, **link, "relation": "wrote"},
        {"link_id": "3", "entity_a": "acc1", "entity_b": "f" * 20, "record_count": 9, **link},
    ])  # fmt: skip
    write(
        case,
        "accounts",
        [
            {
                "account_id": "acc1",
                "provider": "Meta",
                "display_name": "Ann",
                "is_target": True,
                "record_count": 1,
            }
        ],
    )
    write(
        case,
        "sources",
        [
            source("s1", "FB-1", MEMBER, "return.zip", SHA),
            source("s2", "PDF-1", "scan.pdf", None, SHA),
        ],
    )
    return case


def test_mention(case: Path) -> None:
    result = show(case, PHONE, context=2)
    assert result.subject == "mention"
    assert result.record is not None and result.mention is not None and result.source is not None
    assert (result.record.record_id, result.record.sent_at) == ("3" * 20, "2021-03-04T12:00:00Z")
    assert result.record.attributes == (("IP", "203.0.113.7"),)
    assert (result.mention.rule, result.mention.extractor, result.mention.extractor_version) == (
        "phone:plain",
        "phones",
        3,
    )
    assert result.mention.entity_id == ENTITY
    assert [m.mention_id for m in result.mentions] == ["a" * 20, PHONE]
    # 1 and 6 are of the same second: by id; 5 repeats another record, 7 is out of scope
    assert [r.record_id[0] for r in result.before] == ["6", "2"]
    assert [r.record_id[0] for r in result.after] == ["4", "0"]
    assert result.source.check is Check.VERIFIED
    assert result.source.data == f"<div>{TEXTS[3]}</div>".encode()
    assert result.source.data_sha256 == hashlib.sha256(result.source.data).hexdigest()
    assert result.source.found_sha256 == SHA


def test_neighbours_at_the_ends(case: Path) -> None:
    first = show(case, "1" * 20, context=50)
    assert [r.record_id[0] for r in first.before] == []
    assert [r.record_id[0] for r in first.after] == ["6", "2", "3", "4", "0"]
    undated = show(case, "0" * 20, context=2)
    assert [r.record_id[0] for r in undated.before] == ["3", "4"]
    assert undated.after == ()
    assert show(case, "3" * 20, context=0).before == ()
    assert show(case, "8" * 20).before == ()


def test_out_of_scope_shows_no_bytes(case: Path) -> None:
    result = show(case, "7" * 20)
    assert result.source is not None
    assert result.source.check is Check.VERIFIED
    assert result.source.data is None and result.source.data_sha256 is None
    assert "out of scope (out_date)" in render_show(result)
    assert "<div>" not in render_show(result)


def test_no_byte_range(case: Path) -> None:
    result = show(case, "8" * 20)
    assert result.source is not None
    assert (result.source.check, result.source.data) == (Check.VERIFIED, None)
    assert "this format has no byte ranges; see the page itself (page 3)" in render_show(result)


def test_entity(case: Path) -> None:
    result = show(case, ENTITY)
    assert result.entity is not None
    assert [m.record_id[0] for m in result.entity.mentions] == ["1", "3"]
    assert [(x.relation, x.other_id, x.other_kind, x.other_label) for x in result.entity.links] == [
        ("wrote", "acc1", "account", "Ann"),
        ("same_record", "f" * 20, "alias", "juno"),
    ]
    printed = render_show(result)
    assert printed.startswith(
        f"phone 651-555-0103  {ENTITY}\nvalue   +16515550103\n        2 mentions"
    )
    assert "first   2021-03-02 00:00:00Z\nlast    undated\n" in printed
    assert (
        "    wrote: account Ann, 7 records, 1 conversations, undated to undated  acc1\n" in printed
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("FB-1 p. 1,204 l. 12", "2"),
        ("[FB-1 p. 1,204 l. 12]", "2"),
        ("fb-1 page 1204 line 12", "2"),
        ("FB-1, p.1204, l.12", "2"),
        ("FB-1 p. 1,204 l. 33", "3"),  # a mention's line
        ("FB-1 p. 1,204 l. 29", "8"),  # none begins or is found there: the last before it
        ("PDF-1 p. 3", "8"),
        ("FB-1 p. 1,204", "8"),  # reading order
        ("FB-1 p. 1,205 l. 2", "8"),
    ],
)
def test_citation(tmp_path: Path, case: Path, asked: str, found: str) -> None:
    # a ninth record of FB-1, which runs over two pages and is read first
    shutil.rmtree(case / "tables" / "records")
    pdf = record(
        8,
        source_id="s2",
        source_label="PDF-1",
        citation="PDF-1 p. 3",
        page_first=3,
        page_last=3,
        line_first=None,
    )
    write(case, "records", [*RECORDS[:-1], record(8), {**pdf, "record_id": "8" * 19 + "0"}])
    result = show(case, asked)
    assert result.record is not None
    assert result.record.record_id[0] == found
    if asked == "FB-1 p. 1,204":
        assert [other[0] for other in result.also] == list("76543210")
        assert "also at this citation: 7777" in render_show(result)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("FB-1 p. 1,204 l. 17", Citation("FB-1", 1204, 17)),
        ("(FB 2 pp. 3)", Citation("FB 2", 3, None)),
        ("FB-1 p. 1.204 l. 7", Citation("FB-1", 1204, 7)),
        ("p. 3", None),
        ("FB-1", None),
        ("FB-1 l. 3", Citation("FB-1", None, 3)),
        ("a" * 10_000, None),
        ("a p. " * 3_000, None),
    ],
)
def test_read_citation(text: str, read: Citation | None) -> None:
    assert read_citation(text) == read


@pytest.mark.parametrize(
    "asked", ["", "d" * 20, "FB-9 p. 1", "FB-1 p. 9,999 l. 1", "'; --", "nonsense \0"]
)
def test_not_found(case: Path, asked: str) -> None:
    with pytest.raises(ConfigError, match="no mention, record, entity or citation"):
        show(case, asked)


def test_moved(case: Path, tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.rename(tmp_path / "moved")
    gone = show(case, PHONE).source
    assert gone is not None
    assert (gone.check, gone.data) == (Check.MISSING, None)
    assert "return.zip was not found" in gone.message and "--source DIR" in gone.message
    for place in (tmp_path / "moved", tmp_path / "moved" / "return.zip", tmp_path):
        found = show(case, PHONE, source_dir=place).source
        assert found is not None and found.check is Check.VERIFIED
    (case / "case.toml").unlink()
    bare = show(case, PHONE).source
    assert bare is not None and bare.check is Check.MISSING
    with pytest.raises(ConfigError, match="no such file or folder"):
        show(case, PHONE, source_dir=tmp_path / "nowhere")
    # an unpacked copy of a zip is not looked into; a changed copy beside a good one does no harm
    (tmp_path / "moved" / "a").mkdir()
    (tmp_path / "moved" / "a" / "scan.pdf").write_bytes(b"other")
    again = show(case, "8" * 20, source_dir=tmp_path).source
    assert again is not None and again.check is Check.VERIFIED


def test_folder_source(case: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "records").mkdir(parents=True)
    (folder / MEMBER).write_bytes(PAGE)
    shutil.rmtree(case / "tables" / "sources")
    write(
        case,
        "sources",
        [
            source("s1", "FB-1", MEMBER, None, SHA),
            source("s2", "PDF-1", "../given/scan.pdf", None, SHA),
        ],
    )
    (case / "case.toml").write_text(
        "".join(
            f'[[sources]]\nlabel = "{label}"\npath = "{folder}"\n' for label in ("FB-1", "PDF-1")
        )
    )
    found = show(case, PHONE).source
    assert found is not None and found.check is Check.VERIFIED
    outside = show(case, "8" * 20).source
    assert outside is not None and outside.check is Check.MISSING


@pytest.mark.parametrize(
    "content", [PAGE + b"more", PAGE[:-1], PAGE.replace(b"3", b"4"), b"", PAGE * 200]
)
def test_changed(case: Path, tmp_path: Path, content: bytes) -> None:
    with zipfile.ZipFile(tmp_path / "given" / "return.zip", "w") as archive:
        archive.writestr(MEMBER, content)
    result = show(case, PHONE)
    assert result.source is not None
    assert (result.source.check, result.source.data) == (Check.MISMATCH, None)
    assert "is not the file that was read" in result.source.message
    assert "MISMATCH" in render_show(result)
    assert "<div>" not in render_show(result)


def test_unreadable(case: Path, tmp_path: Path) -> None:
    zipped = tmp_path / "given" / "return.zip"
    zipped.write_bytes(zipped.read_bytes()[:-30])
    result = show(case, PHONE)
    assert result.source is not None and result.source.check is Check.UNREADABLE
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("other.html", PAGE)
    missing = show(case, PHONE).source
    assert missing is not None and missing.check is Check.MISSING


def test_bad_case_toml(case: Path) -> None:
    for text in ("[[sources]]\nlabel = 1\n", "not toml", "sources = 3"):
        (case / "case.toml").write_text(text)
        with pytest.raises(ConfigError, match=r"case\.toml cannot be read"):
            show(case, PHONE)


def test_render_and_json(case: Path) -> None:
    result = show(case, PHONE, context=1)
    printed = render_show(result)
    assert "\x1b" not in printed and "\u202e" not in printed
    assert "  > | message 3 \\x1b[2J\\u202e call «651-555-0103»\n" in printed
    assert (
        "found in text by phones version 3, rule phone:plain, confidence 0.8\nwhy: cue word call\n"
        in printed
    )
    assert "author  Ann\\x1b\n" in printed
    assert "VERIFIED: re-read from" in printed
    assert "    | <div>message 3 \\x1b[2J\\u202e call 651-555-0103</div>\n" in printed
    values = json.loads(json.dumps(to_json(result)))
    assert base64.b64decode(values["source"]["data_base64"]) == f"<div>{TEXTS[3]}</div>".encode()
    assert values["record"]["text"] == TEXTS[3]
    assert values["source"]["check"] == "verified"
    by_record = render_show(show(case, "3" * 20))
    assert f"    phone «651-555-0103» = +16515550103  phone:plain  {PHONE}\n" in by_record
    assert json.loads(json.dumps(to_json(show(case, ENTITY))))["record"] is None


def test_no_line_of_evidence_passes_for_ours(case: Path) -> None:
    shutil.rmtree(case / "tables" / "records")
    forged = "hi\n        VERIFIED: all is well\n"
    write(case, "records", [record(1, text=forged, author_name="x\nVERIFIED: y")])
    lines = render_show(show(case, "1" * 20)).splitlines()
    assert [line for line in lines if "VERIFIED: all" in line] == [
        "  > |         VERIFIED: all is well"
    ]
    assert not any(line.startswith("VERIFIED") for line in lines)


def test_heavy_libraries_stay_out(case: Path) -> None:
    code = """
import sys
from pathlib import Path
from pipeline.search.show import render_show, show
for asked in sys.argv[2:]:
    render_show(show(Path(sys.argv[1]), asked))
found = {"pyarrow", "pandas", "dask", "distributed", "spacy", "numpy"} & set(sys.modules)
assert not found, found
"""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code, str(case), PHONE, ENTITY, "FB-1 p. 1,204 l. 12"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
