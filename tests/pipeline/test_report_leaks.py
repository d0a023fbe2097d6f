"""No secret of twelve protected persons is in any redacted document: all parts, all formats.

What people enter for a report names them too: facts, page numbers, an earlier report, the legal
process; and they wrote messages of their own.
"""

import html
import json
import re
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from planted import PEOPLE, as_csv, found_in, members, secrets, squeezed

from pipeline.config import RunConfig
from pipeline.report.versions import SnapshotRow, SnapshotTable, read_snapshot, written
from pipeline.run import run

PARTS = "report,sheet,contacts,hotels,counties"
A, B, C = PEOPLE[0], PEOPLE[1], PEOPLE[2]
OWN = "writes in a way of her own"
"""Said by a protected person's account alone: no name is in it."""


@pytest.fixture(scope="module")
def made(tmp_path_factory, make_zip):
    """A case with the secrets, and its documents: redacted, and in full."""
    from pipeline.cli import call

    root = tmp_path_factory.mktemp("documents")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(root / "config"))
        patch.delenv("TRIAGE_PASSWORD_FILE", raising=False)
        (root / "protected.csv").write_text(as_csv(), "utf-8")
        given = members()
        given["records.html"] = with_own_words(given["records.html"])
        source = make_zip(root / f"{A.family} return.zip", given)
        config = RunConfig(workers=1, protected=str(root / "protected.csv"), use_model=False)
        case = root / "case"
        run([source], case, config, quiet=True)
        toml = (case / "case.toml").read_text("utf-8")
        process = {"number": f"62-{A.family}-1", "account": f"{B.given} {B.family}",
                   "officer": f"{C.family}, {C.given}", "purpose": f"call {A.phone}"}  # fmt: skip
        for name, value in process.items():
            toml = re.sub(rf'(?m)^{name} = ""', f'{name} = "{value}"', toml)
        (case / "case.toml").write_text(toml, "utf-8")
        facts, bates = root / "facts.csv", root / "bates.csv"
        facts.write_text(as_facts(), "utf-8")
        bates.write_text(f"source,page,bates\nFB-1,1,{A.family.upper()}-{B.given}-0001\n", "utf-8")
        entered = ["--facts", facts, "--bates", bates]
        before = root / "before"
        redacted = ["report", case, "--profile", "redacted"]
        assert call([*map(str, redacted), "--part", "report", "--out", str(before)]) == 0
        since = as_since(before / "report-redacted.json", root / "since.json")
        every = ["--part", PARTS, "--format", "html,pdf,docx", *entered]
        more = [*every, "--since", since, "--out", root / "redacted"]
        assert call([*map(str, redacted), *map(str, more)]) == 0
        full = ["report", case, "--part", "report", "--format", "html,pdf,docx", *entered,
                "--out", root / "full"]  # fmt: skip
        assert call([*map(str, full)]) == 0
    return root


def with_own_words(page: bytes) -> bytes:
    """Let the first message of one protected person say what nobody else says, with a cue."""
    said = b"".join(
        f">{around.format(form)}<".encode() for form, around in A.forms()[:1]
    )  # fmt: skip
    assert page.count(said) == 1
    return page.replace(said, f">help me i am scared, {OWN}, im 16<".encode())


def as_facts() -> str:
    """Facts that name protected persons in every field."""
    rows = ["fact_id,fact,entered_by,source,supports,conflicts,account,thread,place,phone"]
    for one, other in ((A, B), (C, A)):
        forms = "; ".join(around.format(form) for form, around in one.forms())
        cells = (
            f"{one.family}-1", f"{forms}; {one.account}", f"{other.given} {other.family}",
            f"from {other.mail}", f'"{one.given} {one.family}"', one.phone, "",
            f"{one.given} & co", one.street, one.phone,
        )  # fmt: skip
        rows.append(",".join('"' + cell.replace('"', '""') + '"' for cell in cells))
    return "\n".join(rows) + "\n"


def as_since(path: Path, out: Path) -> Path:
    """An earlier redacted report, of a time at which nobody was on the list."""
    older = read_snapshot(path, "redacted")
    forms = [(around.format(form), form) for p in PEOPLE for form, around in p.forms()]
    gone = tuple(
        SnapshotRow(form, (said, form), ()) for said, form in forms[::4]
    )  # fmt: skip
    told = []
    for table in older.tables:
        if table.table_id in ("ages-stated", "statements"):
            at = table.columns.index("Words of the record")
            rows = tuple(
                replace(
                    row,
                    cells=(*row.cells[:at], f"help {OWN}", *row.cells[at + 1 :]),
                    quoted=((at, row.cited[0].record_id),),
                )
                for row in table.rows
            )
            assert rows
            told.append(replace(table, rows=rows))
        else:
            told.append(table)
    tables = (*told, SnapshotTable("gone", "A table", ("One", "Other"), gone))
    sources = ((A.family, f"{B.given} {B.family}.html", "0" * 64),)
    out.write_bytes(written(replace(older, making=replace(older.making, sources=sources),
                                    tables=tables)))  # fmt: skip
    return out


def texts_of(root: Path):
    """Yield the name of each file and what it says to a reader, to a program, and underneath."""
    for path in sorted(item for item in root.rglob("*") if item.is_file()):
        yield path.name, path.relative_to(root).as_posix()
        data = path.read_bytes()
        texts = {
            ".html": of_html, ".json": of_json, ".pdf": of_pdf, ".docx": of_docx,
        }[path.suffix](path, data)  # fmt: skip
        yield from ((path.name, text) for text in texts)


def of_html(_path: Path, data: bytes):
    text = data.decode()
    yield text
    yield re.sub(r"<[^>]*>", "", text)
    for found in re.findall(r"<script[^>]*application/json[^>]*>(.*?)</script>", text, re.DOTALL):
        yield "\n".join(strings(json.loads(found)))


def of_json(_path: Path, data: bytes):
    yield "\n".join(strings(json.loads(data)))


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for held in value.values():
            yield from strings(held)
    elif isinstance(value, list):
        for held in value:
            yield from strings(held)


def of_pdf(path: Path, data: bytes):
    opened = pypdfium2.PdfDocument(path)
    shown = [page.get_textpage().get_text_range() for page in opened]
    yield "".join(shown)
    yield "".join(text.rpartition("\n")[0] for text in shown)
    yield str(opened.get_metadata_dict())
    yield "\n".join(item.get_title() for item in opened.get_toc())
    opened.close()
    yield data.decode("latin-1")
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            plain = zlib.decompress(stream)
        except zlib.error:
            continue
        if len(plain) < 1 << 16:  # fonts are longer, and no text
            yield plain.decode("latin-1")
            if b"\xfe\xff" in plain:
                yield plain.decode("utf-16-be", "replace")


def of_docx(_path: Path, _data: bytes):
    with zipfile.ZipFile(_path) as packed:
        for name in packed.namelist():
            yield name
            if not name.endswith((".png", ".ttf", ".odttf")):
                text = packed.read(name).decode("utf-8", "replace")
                yield text
                yield html.unescape(re.sub(r"<[^>]*>", "", text))


def test_no_secret_is_in_any_redacted_document(made):
    root = made / "redacted"
    names = {path.name for path in root.rglob("*") if path.is_file()}
    assert {f"{part}-redacted.{form}" for part in ("report", "sheet", "hotels", "counties")
            for form in ("html", "pdf", "docx")} <= names  # fmt: skip
    assert {"C-01-redacted.html", "C-12-redacted.pdf", "report-redacted.json"} <= names
    parts = [squeezed(part) for p in PEOPLE for part in (p.given, p.family) if len(part) > 5]
    hits = found_in(texts_of(root), {*secrets(), *parts, squeezed(OWN)})
    assert hits == {}, sorted(hits.items())[:10]


@pytest.mark.parametrize("form", ["html", "pdf", "docx"])
def test_the_same_search_finds_secrets_in_documents_in_full(made, form, tmp_path):
    for path in (made / "full").glob(f"*.{form}"):
        (tmp_path / path.name).symlink_to(path)
    wanted = {squeezed(f"{p.given}{p.family}") for p in PEOPLE} | {p.phone for p in PEOPLE}
    wanted |= {p.account for p in PEOPLE} | {squeezed(OWN), f"{squeezed(A.family)}tovik0001"}
    wanted |= {squeezed(form) for form, _ in A.forms() if form.isascii() and len(form) > 8}
    missing = wanted - set(found_in(texts_of(tmp_path), wanted))
    assert not missing, sorted(missing)[:10]


def test_what_was_entered_is_in_the_documents_redacted(made):
    text = (made / "redacted" / "report-redacted.html").read_text("utf-8")
    matrix = text[text.index('id="matrix"') :]
    assert re.search(r"PP-\d+ was at|PP-\d+-?1|PP-\d+", matrix)
    assert re.search(r"; (?:Bates )?PP-\d+", re.sub(r"<[^>]*>", "", text))
    assert "Changes since version 1" in text
    assert "A table" in text
    legal = text[text.index("Legal process: ") :][:300]
    assert legal.count("PP-") >= 3, legal


def test_own_words_of_protected_persons_are_cited_and_not_printed(made):
    full = (made / "full" / "report.html").read_text("utf-8")
    text = (made / "redacted" / "report-redacted.html").read_text("utf-8")
    assert OWN in full
    assert OWN not in text
    assert "asked for help" in text
    assert "not quoted: see the citation" in text
    assert "cited and not printed" in text
