"""Two hundred secrets of protected persons: none is in any byte of what is made redacted."""

import gzip
import re
import zipfile
import zlib

import pyarrow.parquet as pq
import pytest
from planted import PEOPLE, as_csv, found_in, members, secrets, squeezed

from pipeline.config import RunConfig
from pipeline.run import run

LEAST = 200


@pytest.fixture(scope="module")
def made(tmp_path_factory, make_zip):
    """A case with the secrets, and its redacted and full outputs."""
    from pipeline.cli import call

    root = tmp_path_factory.mktemp("leaks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(root / "config"))
        patch.delenv("TRIAGE_PASSWORD_FILE", raising=False)
        listed = root / "protected.csv"
        listed.write_text(as_csv(), "utf-8")
        source = make_zip(root / "return.zip", members())
        config = RunConfig(workers=1, protected=str(listed), use_model=False)
        run([source], root / "case", config, quiet=True)
        case = root / "case"
        for jurisdiction in ("mn", "us-federal"):
            out = root / "redacted" / jurisdiction
            wanted = ["--profile", "redacted", "--jurisdiction", jurisdiction]
            forms = ["--format", "parquet,csv,jsonl" if jurisdiction == "mn" else "jsonl"]
            assert call(["export", str(case), *forms, *wanted, "--out", str(out / "tables")]) == 0
            assert call(["report", str(case), *wanted, "--out", str(out)]) == 0
        assert call(["report", str(case), "--profile", "redacted"]) == 0
        report = case / "reports" / "report-redacted.html"
        (root / "redacted" / "of-case.html").write_bytes(report.read_bytes())
        full = ["--profile", "prosecutor", "--format", "parquet,csv,jsonl"]
        assert call(["export", str(case), *full, "--out", str(root / "full" / "tables")]) == 0
        assert call(["report", str(case), "--out", str(root / "full")]) == 0
    return root


def texts_of(root):
    """Yield every reading of every byte: names, raw, decoded, decompressed, as values."""
    for path in sorted(root.rglob("*")):
        yield path.name, path.relative_to(root).as_posix()
        if path.is_file():
            data = path.read_bytes()
            yield path.name, data.decode("utf-8", "replace")
            yield path.name, data.decode("latin-1")
            yield path.name, data.decode("utf-16-le", "replace")
            if path.suffix == ".html":
                yield path.name, re.sub(r"<[^>]*>", "", data.decode())
            if path.suffix == ".parquet":
                yield from ((path.name, text) for text in parquet_texts(path))
            yield from ((path.name, text) for text in inflated(path, data))


def parquet_texts(path):
    with pq.ParquetFile(path) as file:
        yield str(file.metadata.metadata)
        for group in range(file.metadata.num_row_groups):
            for column in range(file.metadata.num_columns):
                chunk = file.metadata.row_group(group).column(column)
                yield f"{chunk.statistics} {chunk.path_in_schema}"
        # dictionaries too: a value that no row has any more may lie in a page
        strings = [f.name for f in file.schema_arrow if str(f.type) == "string"]
        for batch in pq.ParquetFile(path, read_dictionary=strings).iter_batches():
            for values in batch.columns:
                if hasattr(values, "dictionary"):
                    yield "\n".join(map(str, values.dictionary.to_pylist()))
        for batch in file.iter_batches():
            for row in batch.to_pylist():
                yield "\n".join(map(str, row.values()))


def inflated(path, data):
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield name
                yield archive.read(name).decode("latin-1")
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            yield zlib.decompress(stream).decode("latin-1")
        except zlib.error:
            yield stream.decode("latin-1")
    if data[:2] == b"\x1f\x8b":
        yield gzip.decompress(data).decode("latin-1")


def test_no_secret_is_in_any_redacted_output(made):
    planted = [around.format(form) for p in PEOPLE for form, around in p.forms()]
    assert len(set(planted)) >= LEAST
    hits = found_in(texts_of(made / "redacted"), secrets())
    assert hits == {}, sorted(hits.items())[:10]


def test_the_same_search_finds_every_secret_in_the_full_output(made):
    missing = set(secrets()) - set(found_in(texts_of(made / "full"), secrets()))
    assert not missing, sorted(missing)[:10]


def test_no_part_of_a_telling_name_is_left(made):
    parts = [squeezed(part) for p in PEOPLE for part in (p.given, p.family) if len(part) > 5]
    assert found_in(texts_of(made / "redacted"), parts) == {}


def test_who_is_who_is_told_by_designators_alike_in_all_outputs(made):
    told = {}
    for form in ("mn/tables/jsonl/records.jsonl", "us-federal/tables/jsonl/records.jsonl"):
        text = (made / "redacted" / form).read_text("utf-8")
        told[form] = re.findall(r"ask (PP-\d+) tomorrow", text)
    assert len(set(map(tuple, told.values()))) == 1
    assert sorted(next(iter(told.values()))) == sorted(f"PP-{n}" for n in range(1, 13))


def test_spans_hold_in_the_redacted_tables_too(made):
    tables = made / "redacted" / "mn" / "tables" / "parquet"
    texts = {r["record_id"]: r for r in pq.read_table(tables / "records").to_pylist()}
    mentions = pq.read_table(tables / "mentions").to_pylist()
    assert len(mentions) > 100
    for row in mentions:
        text = texts[row["record_id"]]["text"]
        assert text[row["start"] : row["end"]] == row["surface"]
    keys = {row["mention_id"] for row in mentions}
    entities = {r["entity_id"] for r in pq.read_table(tables / "entities").to_pylist()}
    for row in pq.read_table(tables / "memberships").to_pylist():
        assert row["mention_id"] in keys
        assert row["entity_id"] in entities


def test_no_id_of_the_case_is_in_the_redacted_tables(made):
    case, out = made / "case" / "tables", made / "redacted" / "mn" / "tables" / "parquet"
    for table, column in (("entities", "entity_id"), ("accounts", "account_id"),
                          ("mentions", "mention_id"), ("sources", "source_id")):  # fmt: skip
        before = set(pq.read_table(case / table)[column].to_pylist())
        after = set(pq.read_table(out / table)[column].to_pylist())
        assert len(before) == len(after)
        assert not before & after


def test_parquet_has_no_statistics_of_values(made):
    for path in (made / "redacted").rglob("*.parquet"):
        meta = pq.ParquetFile(path).metadata
        for group in range(meta.num_row_groups):
            for column in range(meta.num_columns):
                assert not meta.row_group(group).column(column).is_stats_set
