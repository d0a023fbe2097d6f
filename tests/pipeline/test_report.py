"""The report on a small case written by hand: every count is known."""

import html
import json
import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.case import TEMPLATE, Case
from pipeline.derive.ledger import Ledger
from pipeline.derive.tables import write_table
from pipeline.errors import IntegrityError
from pipeline.files import sha256_of
from pipeline.redact.tables import Redaction, redact_tables
from pipeline.report import words
from pipeline.report.asked import PARTS
from pipeline.report.assemble import assemble
from pipeline.report.counts.activity import BARS
from pipeline.report.document import Evidence
from pipeline.report.document import tables as tables_of
from pipeline.report.formats.web import page as page_of
from pipeline.report.formats.web_blocks import evidence
from pipeline.report.make import BUILDERS, write_reports
from pipeline.report.store import open_store
from pipeline.report.summarise import summarise
from schemas.ids import entity_id, link_id
from schemas.tables import SCHEMAS

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\x07'
TAGS = {
    "html", "head", "meta", "title", "style", "body", "p", "h1", "h2", "h3", "code", "dl", "div",
    "dt", "dd", "strong", "nav", "a", "table", "caption", "thead", "tbody", "tr", "th", "td",
    "span", "bdi", "em", "br", "figure", "figcaption", "svg", "line", "text", "rect", "ul", "li",
    "details", "summary", "blockquote", "mark", "main", "header", "footer", "section", "script",
    "ol", "desc", "g", "path", "polygon", "pattern", "defs", "clippath", "circle", "input",
    "label", "button", "small",
}  # fmt: skip


TITLE = "What the return holds"


class Page(HTMLParser):
    """What the tests ask of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.targets, self.attributes = set(), [], [], set()
        self.words, self.metas, self.first = [], [], None
        self._in = []
        self.feed(text)
        self.text = re.sub(r"\s+", " ", "".join(self.words))

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self._in.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value)
            if name == "href":
                self.targets.append(value)
        if tag == "meta":
            self.metas.append(dict(attrs))

    def handle_endtag(self, tag):
        while self._in and self._in.pop() != tag:
            pass

    def handle_data(self, data):
        skipped = data in ("To the content", TITLE)
        if {"style", "head", "script"} & set(self._in) or skipped:
            return
        if data.strip() and self.first is None:
            self.first = data.strip()
        self.words.append(data)


def _row(name, **given):
    """A row of a table: what is given, and something harmless where the table asks for a value."""
    row = {}
    for field in SCHEMAS[name]:
        kind = str(field.type)
        blank = "" if kind == "string" else False if kind == "bool" else 0
        row[field.name] = None if field.nullable else blank
    assert given.keys() <= row.keys()
    return row | given


class Tables:
    """A case in the making."""

    def __init__(self):
        self.rows = {name: [] for name in SCHEMAS}

    def add(self, name, **given):
        self.rows[name].append(_row(name, **given))
        return given

    def record(self, number, text="hello", *, day=1, **given):
        base = {
            "record_id": f"r{number}", "kind": "message", "text": text, "thread_id": "t1",
            "author_account_id": "a1", "author_name": "June Example", "source_id": "s1",
            "sent_at": datetime(2024, 3, day, 12, number % 60, tzinfo=UTC), "source_label": "FB-1",
            "ordinal": number, "scope": "in", "citation": f"FB-1 p. 1 l. {number}",
        }  # fmt: skip
        self.add("records", **(base | given))

    def mention(self, record, kind, surface, value, *, start=0, facts=None, **given):
        key = f"m-{record}-{kind}-{start}"
        cited = f"FB-1 p. 1 l. {record}"
        self.add(
            "mentions",
            **{
                "mention_id": key, "record_id": f"r{record}", "kind": kind, "start": start,
                "end": start + len(surface), "surface": surface, "value": value, "basis": "found",
                "rule": f"{kind}:plain", "extractor": "tests", "extractor_version": 1,
                "confidence": 1.0, "source_label": "FB-1", "citation": cited,
            } | given,
        )  # fmt: skip
        table = {"phone": "phones", "alias": "aliases", "location": "locations", "money": "money"}
        if kind in table:
            self.add(
                table[kind], mention_id=key, record_id=f"r{record}", surface=surface, value=value,
                author_name="June Example", citation=cited, **(facts or {}),
            )  # fmt: skip
        if value is not None:
            entity = entity_id(kind, value)
            self.add("memberships", mention_id=key, entity_id=entity, basis="exact", reason="same")

    def entity(self, kind, value, *, label=None, count=1, **given):
        self.add(
            "entities",
            **{
                "entity_id": entity_id(kind, value), "kind": kind, "value": value,
                "label": label or value, "mention_count": count, "record_count": count,
                "thread_count": 1, "stated_count": 0, "is_lead": kind == "phone",
            } | given,
        )  # fmt: skip

    def write(self, folder):
        for name, rows in self.rows.items():
            write_table(folder / "tables", name, rows)
        return folder / "tables"


def _small(evil=""):
    made = Tables()
    made.add("sources", source_id="s1", source_label="FB-1", path="records.html" + evil,
             container="return.zip" + evil, container_sha256="c" * 64, source_sha256="f" * 64,
             size_bytes=2048, media_type="text/html", reader="meta_html", reader_version=1,
             service="facebook" + evil, page_count=1, record_count=9)  # fmt: skip
    made.add("sources", source_id="s2", source_label="FB-1", path="linked_media/a.jpg",
             source_sha256="e" * 64, size_bytes=10, media_type="image/jpeg" + evil, page_count=0,
             record_count=0)  # fmt: skip
    made.add("coverage", source_id="s1", source_label="FB-1", page=1, byte_start=0, byte_end=2048,
             record=1500, furniture=500, issue=48, out_of_scope=0, sealed=0, record_count=9,
             sealed_count=2)  # fmt: skip
    made.add(
        "accounts",
        account_id="a1",
        provider="facebook",
        provider_account_id="100000000000101",
        display_name="June Example" + evil,
        names=["June Example", "Junie" + evil],
        emails=["june@example.com"],
        phones=["+16515550117"],
        is_target=True,
        record_count=5,
    )
    for number in range(1, 6):
        made.record(number, "call 651-555-0117 " + evil, day=number)
    made.record(6, "call 651-555-0117", day=1, duplicate_of="r1")
    for number in range(1, 7):
        made.mention(
            number,
            "phone",
            "651-555-0117",
            "+16515550117",
            start=5,
            facts={"e164": "+16515550117", "obfuscation": "letters" + evil},
        )
    made.entity("phone", "+16515550117", count=5)
    made.record(7, "hotline 651-555-0199 or 555-0142 and 651-555-0118")
    made.mention(7, "phone", "651-555-0199", "+16515550199", start=8, service_category="hotline")
    made.entity("phone", "+16515550199", service_category="hotline", is_lead=False)
    made.mention(7, "phone", "555-0142", None, start=24)
    made.mention(
        7, "phone", "651-555-0118", "+16515550118", start=37, review="possible_service_number"
    )
    made.entity("phone", "+16515550118", review="possible_service_number", is_lead=False)
    made.record(8, "cookie and boo owe me $150 in fridley" + evil, kind="post")
    made.mention(
        8,
        "alias",
        "cookie",
        "cookie",
        rule="alias:moniker",
        facts={"name_key": "cookie", "alias_kind": "moniker", "refers_to": "june" + evil},
    )
    made.entity("alias", "cookie", label="cookie" + evil)
    made.mention(
        8,
        "alias",
        "boo",
        "boo",
        start=11,
        rule="model:names",
        facts={"name_key": "boo", "alias_kind": "moniker"},
    )
    made.entity("alias", "boo")
    made.mention(
        8,
        "money",
        "$150",
        "150 USD",
        start=22,
        facts={
            "amount_low": Decimal("150.00"),
            "amount_high": Decimal("150.00"),
            "currency": "USD",
            "purpose": "debt",
            "counterpart": "cookie" + evil,
        },
    )
    made.mention(
        8,
        "location",
        "fridley",
        "Fridley, MN, US",
        start=30,
        facts={
            "place_name": "Fridley",
            "place_kind": "city",
            "county": "Anoka County" + evil,
            "state": "MN",
            "country": "US",
        },
    )
    made.entity("location", "Fridley, MN, US")
    a, b = entity_id("phone", "+16515550117"), entity_id("alias", "cookie")
    made.add(
        "links",
        link_id=link_id(a, b, "same_record"),
        entity_a=a,
        entity_b=b,
        relation="same_record",
        record_count=1,
        thread_count=1,
        reason="both",
    )
    made.add("link_evidence", link_id=link_id(a, b, "same_record"), record_id="r2")
    made.add("issues", issue_id="i1", severity="error", stage="intake", code="unknown_format",
             message="notes.bin: not read" + evil, count=1)  # fmt: skip
    made.add(
        "issues", issue_id="i0", severity="info", stage="read", code="odd", message="odd", count=1
    )
    return made


def summarised(tables, ledger, **given):
    with open_store(tables, tables.parent / "spill") as store:
        return summarise(store, ledger, **given)


def rendered(summary, beside=None):
    return page_of(assemble(summary), beside).decode()


def _ledger():
    return Ledger(pages=1, bytes={"record": 1500, "furniture": 500, "issue": 48}, unread_files=1)


@pytest.fixture
def ledger():
    return _ledger()


@pytest.fixture(scope="module")
def summary(tmp_path_factory):
    """What the small case comes to; only to be read."""
    return summarised(_small().write(tmp_path_factory.mktemp("small")), _ledger())


def test_counts_canonical_records_and_cites_the_first_three(summary):
    (row,) = summary.leads["phone"].rows
    assert (row.value, row.mentions, row.records) == ("+16515550117", 5, 5)
    assert [item.text for item in row.cited] == [f"FB-1 p. 1 l. {n}" for n in (1, 2, 3)]
    assert [item.record_id for item in row.cited] == ["r1", "r2", "r3"]
    assert row.written == ("651-555-0117",)
    assert row.traits == ("letters",)
    assert (summary.records, summary.canonical, summary.repeats) == (8, 7, 1)
    assert summary.accounts[0].days == 5
    assert summary.sealed == 2


def test_services_review_and_incomplete_values_stand_apart(summary):
    assert [row.value for row in summary.services.rows] == ["+16515550199"]
    assert [row.value for row in summary.review.rows] == ["+16515550118"]
    assert [(row.kind, row.mentions) for row in summary.incomplete] == [("phone", 1)]
    found = {table.table_id: table for _, table in tables_of(assemble(summary))}
    leads = str(found["leads-phone"])
    assert "+1 651-555-0117" in leads
    assert "0199" not in leads
    assert "0118" not in leads


def test_what_the_model_alone_found_is_counted_apart(summary):
    assert [row.value for row in summary.names.rows] == ["cookie"]
    assert summary.names.rows[0].refers_to == ("june",)
    assert [(row.value, row.by_model) for row in summary.names_by_model.rows] == [("boo", 1)]


def test_amounts_places_and_pairs(summary):
    (row,) = summary.amounts
    assert (row.surface, row.high, row.currency, row.purpose) == ("$150", 150, "USD", "debt")
    assert [(row.name, row.mentions) for row in summary.by_purpose] == [("debt", 1)]
    assert [(row.county, row.records) for row in summary.counties] == [("Anoka County", 1)]
    assert summary.places.rows[0].area == "Anoka County, MN, US"
    (pair,) = summary.pairs
    assert {pair.name_a, pair.name_b} == {"+16515550117", "cookie"}
    assert [item.record_id for item in pair.cited] == ["r2"]


def test_issues_come_worst_first(summary):
    assert [row.severity for row in summary.issues] == ["error", "info"]
    assert (
        "2.34 % of the bytes of pages were not understood. 1 file was not read"
        in Page(rendered(summary)).text
    )


def test_the_first_lines_speak_of_process_and_scope(tmp_path, ledger):
    tables = _small().write(tmp_path)
    page = Page(rendered(summarised(tables, ledger)))
    assert page.first == "Legal process: not stated"
    assert page.text.split(page.first, 1)[1].lstrip().startswith("No scope was given")
    ledger.scope = ["2024-02-01 06:00:00 to 2024-03-16 04:59:59 UTC"]
    page = Page(rendered(summarised(tables, ledger)))
    assert page.text.split(page.first, 1)[1].lstrip().startswith("A scope was given")


def test_evidence_is_shown_and_not_run(tmp_path, ledger):
    tables = _small(EVIL).write(tmp_path)
    summary = summarised(tables, ledger, process=(("Court", EVIL),))
    text = rendered(summary)
    page = Page(text)
    assert page.tags <= TAGS
    assert not [name for name in page.attributes if name.startswith("on")]
    assert "<script>alert(1)</script>" in page.text
    assert not [c for c in text if unicodedata.category(c) in {"Cc", "Cf"} and c != "\n"]
    assert "U+202E" in page.text
    assert any(
        "default-src 'none'" in meta.get("content", "")
        for meta in page.metas
        if meta.get("http-equiv") == "Content-Security-Policy"
    )


def test_every_citation_leads_somewhere_and_nothing_leads_out(summary):
    page = Page(rendered(summary))
    assert len(page.ids) == len(set(page.ids))
    assert all(target.startswith("#") for target in page.targets)
    assert {target[1:] for target in page.targets} <= set(page.ids)
    assert "f" * 64 in page.text


def test_equal_tables_give_equal_pages(tmp_path, ledger):
    one, two = _small(), _small()
    two.add("runs", run_id="other", started_at=datetime(2030, 1, 1, tzinfo=UTC), tool_version="1",
            config_sha256="0")  # fmt: skip
    pages = {
        rendered(summarised(made.write(tmp_path / name), ledger))
        for name, made in (("one", one), ("two", two))
    }
    assert len(pages) == 1
    assert str(tmp_path) not in pages.pop()


def test_a_case_without_a_row_makes_a_page(tmp_path):
    page = Page(rendered(summarised(Tables().write(tmp_path), Ledger())))
    assert "No record has a date." in page.text
    assert "No file was read." in page.text


def test_records_out_of_scope_are_counted_and_nothing_else(tmp_path, ledger):
    made = _small()
    made.add("records", record_id="out", source_id="s1", source_label="FB-1", ordinal=99,
             scope="out_date", citation="FB-1 p. 9")  # fmt: skip
    summary = summarised(made.write(tmp_path), ledger)
    assert {(row.scope, row.records) for row in summary.scope} == {("in", 8), ("out_date", 1)}
    assert summary.records == 8
    assert "FB-1 p. 9" not in rendered(summary)


def test_a_missing_table_is_a_clear_error(tmp_path, ledger):
    with pytest.raises(IntegrityError, match="no table"):
        summarised(tmp_path / "tables", ledger)


def test_write_report_names_the_legal_process(tmp_path, ledger):
    (tmp_path / "case.toml").write_text(
        TEMPLATE.replace('court = ""', 'court = "Example <County>"')
    )
    case = Case(tmp_path)
    _small().write(case.staged)
    made = write_reports(case, case.staged, ledger)
    names = ["report.html", "report.json", "sheet.html", "sheet.pdf"]
    assert [path.name for path in made] == names
    assert sorted(path.name for path in (case.staged / "reports").iterdir()) == names
    assert [path.stat().st_mode & 0o077 for path in made] == [0] * 4
    assert "Example &lt;County&gt;" in made[0].read_text("utf-8")


@pytest.mark.parametrize(
    ("moments", "unit", "bars"),
    [
        ([(2024, 3, 4), (2024, 3, 4), (2024, 3, 10)], "day", 7),
        ([(2024, 3, 4), (2024, 8, 1)], "week", 22),
        ([(2022, 1, 31), (2024, 2, 1)], "month", 26),
        ([(2004, 2, 29), (2024, 2, 29)], "year", 21),
        ([(1, 1, 1), (2024, 1, 1), (2024, 6, 1), (9999, 12, 31)], "year", BARS),
        ([(1969, 12, 31), (1970, 1, 1)], "day", 2),
    ],
)
def test_timeline_takes_the_stretch_that_can_be_read(tmp_path, moments, unit, bars):
    made = Tables()
    for number, (year, month, day) in enumerate(moments):
        made.record(number, sent_at=datetime(year, month, day, 23, 59, 59, tzinfo=UTC))
    made.record(99, sent_at=None)
    line = summarised(made.write(tmp_path), Ledger()).timeline
    assert (line.unit, len(line.bars)) == (unit, bars)
    assert sum(bar.talk for bar in line.bars) + line.before + line.after == len(moments)
    assert line.undated == 1
    assert line.bars[0].start <= date(*moments[0 if line.before == 0 else 1])
    if unit == "week":
        assert {bar.start.weekday() for bar in line.bars} == {0}


def test_percentages_do_not_round_to_nothing_or_all():
    assert words.percent(0.0) == "0.00 %"
    assert words.percent(0.000001) == "under 0.01 %"
    assert words.percent(0.999999) == "over 99.99 %"
    assert words.percent(1.0) == "100.00 %"


def test_amounts_and_numbers_are_written_plainly():
    assert words.amount(Decimal("150.00"), Decimal("150.00")) == "150"
    assert words.amount(Decimal("1500.50"), Decimal("2000.00")) == "1,500.50 to 2,000"
    assert words.phone("+16515550117") == "+1 651-555-0117"
    assert words.phone("+442079460123") == "+442079460123"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "aU+202Eb"),
        ("a\x00b", "aU+0000b"),
        ("a\nb", "a↵\nb"),
        ("\U0001f469\u200d\U0001f467", "\U0001f469\u200d\U0001f467"),
        ("a\u200db", "aU+200Db"),
        ("<b>&", "<b>&"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text, shown):
    assert _plain(str(evidence(Evidence(text)))) == shown


@given(st.text())
def test_evidence_never_makes_markup(text):
    made = str(evidence(Evidence(text, None)))
    assert Page(made).tags <= {"bdi", "span"}
    if not any(unicodedata.category(char)[0] in "CZ" for char in text):
        assert _plain(made) == text


def test_long_evidence_is_cut_and_says_so():
    assert _plain(str(evidence(Evidence("x" * 500)))).endswith("… (340 characters more)")


def _plain(text):
    return html.unescape(re.sub(r"<[^>]*>", "", text))


@pytest.fixture
def own_config(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("TRIAGE_PASSWORD_FILE", raising=False)


def _listed(case, folder):
    """A list with the account that wrote most, and what else is known of it."""
    rows = pq.read_table(case / "tables" / "accounts").to_pylist()
    row = max((r for r in rows if r["display_name"] and " " in r["display_name"]),
              key=lambda r: r["record_count"])  # fmt: skip
    path = folder / "protected.csv"
    path.write_text(f'value,kind\n"{row["display_name"]}",name\n', "utf-8")
    return path, row["display_name"]


def test_the_redacted_report_names_no_one_on_the_list(triage, case_copy, tmp_path, own_config):
    listed, name = _listed(case_copy, tmp_path)
    toml = case_copy / "case.toml"
    text = toml.read_text("utf-8")
    toml.write_text(text.replace('purpose = ""', f'purpose = "safety of {name}"', 1), "utf-8")
    asked = ("--profile", "redacted", "--protected", listed)
    code, said, err = triage("report", case_copy, *asked, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    made = tmp_path / "out" / "report-redacted.html"
    names = ["report-redacted.html", "report-redacted.json", "sheet-redacted.html"]
    assert said.split() == [str(made.with_name(name)) for name in names]
    assert sorted(p.name for p in made.parent.iterdir()) == names
    page = Page(made.read_text("utf-8"))
    assert name not in page.text
    assert max(name.split(), key=len).lower() not in page.text.lower()
    assert "safety of PP-1" in page.text
    assert "Redacted; jurisdiction: Minnesota" in page.text
    assert "What was taken out" in page.text
    assert page.tags <= TAGS
    assert {t[1:] for t in page.targets} <= set(page.ids)
    full = tmp_path / "full.html"
    assert triage("report", case_copy, "-o", full)[0] == 0
    assert name in Page(full.read_text("utf-8")).text


def test_the_redacted_report_in_the_case_is_published(triage, case_copy, tmp_path, own_config):
    listed, _ = _listed(case_copy, tmp_path)
    before = (case_copy / "reports" / "report.html").read_bytes()
    for _ in range(2):
        code, said, _ = triage(
            "report", case_copy, "--profile", "redacted", "--protected", listed,
            "--jurisdiction", "us-federal",
        )  # fmt: skip
        assert code == 0
    made = case_copy / "reports" / "report-redacted.html"
    assert str(made) in said.split()
    assert "Redacted; jurisdiction: federal" in Page(made.read_text("utf-8")).text
    files = json.loads((case_copy / "manifest.json").read_text("utf-8"))["files"]
    assert files["reports/report-redacted.html"] == sha256_of(made)
    assert (case_copy / "reports" / "report.html").read_bytes() == before
    assert not list(case_copy.glob("*.redacted"))
    assert not list(case_copy.glob(".*redacted*"))


@pytest.mark.parametrize("profile", ["investigator", "prosecutor"])
def test_the_page_says_for_whom_it_is(triage, case_copy, tmp_path, profile):
    code, said, _ = triage("report", case_copy, "--profile", profile, "--out", tmp_path / "out")
    assert code == 0
    text = Page(Path(said.split()[0]).read_text("utf-8")).text
    assert f"profile: {profile} (in full)" in text
    assert "Redacted" not in text


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (("--format", "pdf,docx"), {"report.pdf", "report.docx", "report.json", "sheet.pdf",
                                    "sheet.docx"}),
        (("--part", "hotels,counties"), {"hotels.html", "counties.html"}),
        (("--part", "report", "--profile", "investigator,prosecutor"),
         {"report.html", "report.json", "report-investigator.html", "report-investigator.json"}),
    ],
)  # fmt: skip
def test_formats_parts_and_profiles(triage, case_copy, tmp_path, options, names):
    code, said, err = triage("report", case_copy, *options, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert {Path(line).name for line in said.split()} == names
    assert {path.name for path in (tmp_path / "out").iterdir()} == names


def test_every_part_has_its_builder():
    assert ("report", *BUILDERS) == PARTS


def test_worksheets_go_into_a_folder_of_the_case(triage, case_copy):
    assert triage("report", case_copy, "--part", "contacts")[0] == 0
    made = sorted((case_copy / "reports" / "contacts").iterdir())
    assert made
    files = json.loads((case_copy / "manifest.json").read_text("utf-8"))["files"]
    assert {f"reports/contacts/{path.name}" for path in made} <= files.keys()
    assert triage("verify", case_copy)[0] == 0


@pytest.mark.parametrize(
    "options",
    [("--format", "odt"), ("--part", "all"), ("--profile", "judge"), ("--format", ""),
     ("--part", "contacts", "-o", "x.html"), ("--format", "html,pdf", "-o", "x.pdf"),
     ("--out", "a", "-o", "b.html")],
)  # fmt: skip
def test_wrong_options_are_one_line(triage, case_copy, options):
    code, _, err = triage("report", case_copy, *options)
    assert code == 2
    assert "Traceback" not in err


def test_numbers_of_help_are_not_printed_in_a_redacted_report(tmp_path):
    made = Tables()
    made.record(1, text="call 651-555-0141 or 651-555-0142")
    made.mention(1, "phone", "651-555-0141", "+16515550141", start=5, service_category="advocate")
    made.mention(1, "phone", "651-555-0142", "+16515550142", start=21)
    made.entity("phone", "+16515550141", service_category="advocate", is_lead=False)
    made.entity("phone", "+16515550142")
    tables = made.write(tmp_path)
    redact_tables(tables, tmp_path / "made", (), b"k" * 32, Redaction("mn", 0, has_list=False))
    texts = pq.read_table(tmp_path / "made" / "records")["text"].to_pylist()
    assert texts == ["call [advocate] or 651-555-0142"]
    found = pq.read_table(tmp_path / "made" / "entities").to_pylist()
    assert [row["value"] for row in found] == ["+16515550142", "[advocate]"]
    spans = pq.read_table(tmp_path / "made" / "mentions").to_pylist()
    assert [texts[0][row["start"] : row["end"]] for row in spans] == ["[advocate]", "651-555-0142"]
    assert "0141" not in str(pq.read_table(tmp_path / "made" / "phones").to_pylist())
