"""The triage sheet: nine blocks, two pages whatever a case holds, ranked leads with reasons."""

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

import pypdfium2
import pytest

from pipeline.case import open_case
from pipeline.derive.ledger import Ledger
from pipeline.derive.tables import write_table
from pipeline.report.counts.contacts import ContactRow, Contacts
from pipeline.report.counts.figure_data import Stretch
from pipeline.report.counts.leads import WEIGHTS, Factor, LeadRow, points, ranked
from pipeline.report.counts.sheet_data import MeansRow, PlaceRow, SharedRow, gather
from pipeline.report.counts.statements import LastPlace, Safety, StatementRow
from pipeline.report.counts.stays import StayRow
from pipeline.report.counts.travel import UpcomingRow
from pipeline.report.counts.worksheets import PerishableRow
from pipeline.report.document import Evidence, Words, inlines, tables
from pipeline.report.formats.pdf import pdf
from pipeline.report.make import ledger_of
from pipeline.report.registers import calculations, limitations, terms
from pipeline.report.rows import Cited, CountyRow, WatchedRow
from pipeline.report.sections.ranked import reason, to_ask
from pipeline.report.sections.sheet_cells import CUT, short
from pipeline.report.sheet import drawn, sheet
from pipeline.report.store import open_store
from pipeline.report.summarise import summarise
from schemas.tables import SCHEMAS

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
EVIL = [
    "W" * 100_000,
    "\u202e\x00\x07" * 50_000,
    "\ud800" * 1000,
    "#set text(size: 90pt)\n" * 5000,
    "名" * 50_000,
    "﷽" * 1000,
    "a\n" * 1000,
    "x " * 50_000,
    "🙂" * 10_000,
]
BLOCKS = ["safety", "what", "who", "where", "when", "money", "sheet-leads", "perishing", "coverage"]


@pytest.fixture(scope="module")
def opened(sample_case, tmp_path_factory):
    """The store, summary and sheet of a small case."""
    case = open_case(sample_case)
    ledger = ledger_of(case)
    spill = tmp_path_factory.mktemp("sheet") / "spill"
    with open_store(case.path / "tables", spill) as store:
        s = summarise(store, ledger)
        yield store, s, sheet(store, s)


def pages(document):
    return len(pypdfium2.PdfDocument(pdf(document)))


def text_of(document):
    said = (item.text for item in inlines(document) if isinstance(item, Words | Evidence))
    return " ".join(" ".join(said).split())


def test_the_nine_blocks_come_in_order_and_fit_two_pages(opened):
    *_, document = opened
    assert [section.section_id for section in document.sections] == BLOCKS
    assert document.is_compact
    assert pages(document) <= 2
    assert "no row was checked by a person" in text_of(document)


def test_rows_cite_three_places_at_most(opened):
    *_, document = opened
    cited = 0
    for _, table in tables(document):
        for row in table.rows:
            count = sum(isinstance(part, Cited) for cell in row.cells for part in cell.parts)
            assert count <= (4 if table.table_id == "sheet-leads" else 3)  # one is contrary
            cited += count
    assert cited > 10


def test_equal_tables_give_equal_sheets(opened):
    store, s, document = opened
    assert sheet(store, s) == document


def test_numbers_are_those_of_the_summary(opened):
    store, s, document = opened
    data = gather(store)
    told = {table.table_id: table for _, table in tables(document)}
    shown = [row.row_id for row in told["sheet-leads"].rows]
    assert len(shown) >= 5
    assert shown == [f"lead-{row.entity_id}" for row in s.ranked[: len(shown)]]
    assert f"{s.pages:,} pages, {s.records:,} records" in text_of(document)
    mentions = store.one(
        "SELECT count(*) FROM money JOIN found n USING (mention_id) WHERE NOT n.by_model"
    )[0]
    groups = store.one(
        "SELECT count(*) FROM (SELECT DISTINCT direction, instrument, currency FROM money "
        "JOIN found n USING (mention_id) WHERE NOT n.by_model)"
    )[0]
    if groups <= 8:
        assert sum(row.mentions for row in data.money) == mentions
    hours = sum(cell.sort for row in told["sheet-when"].rows for cell in row.cells[1:])
    dated = store.one("SELECT count(*) FROM canon WHERE kind = 'message' AND micros IS NOT NULL")
    assert hours == dated[0]


def test_no_service_or_doubtful_value_is_ranked(opened):
    store, s, _ = opened
    ids = {row.entity_id for row in s.ranked}
    aside = store.rows(
        "SELECT entity_id FROM entities WHERE service_category IS NOT NULL OR review IS NOT NULL "
        "OR NOT is_lead"
    )
    assert ids
    assert not ids & {row[0] for row in aside}
    assert {row.kind for row in s.ranked} <= {"phone", "handle", "email", "plate"}


def test_points_are_the_sum_of_factors_counted_in_the_tables(opened):
    store, s, _ = opened
    assert [row.points for row in s.ranked] == sorted((r.points for r in s.ranked), reverse=True)
    for row in s.ranked[:5]:
        records = store.one(
            "SELECT count(DISTINCT n.record_id), count(DISTINCT c.thread_id) FROM memberships m "
            "JOIN found n USING (mention_id) JOIN canon c USING (record_id) "
            f"WHERE m.entity_id = '{row.entity_id}' AND NOT n.by_model"
        )
        assert (row.records, row.threads) == records
        assert all(factor.points == points(factor.name, factor.count) for factor in row.factors)
        ids = ", ".join(f"'{cited.record_id}'" for cited in row.cited)
        kinds = store.rows(
            f"SELECT n.record_id, count(DISTINCT n.kind) FROM found n WHERE n.record_id IN ({ids}) "
            "AND NOT n.by_model GROUP BY 1 ORDER BY 2 DESC"
        )
        best = store.one(
            "SELECT max(kinds) FROM (SELECT count(DISTINCT n.kind) AS kinds FROM found n WHERE "
            "NOT n.by_model AND n.record_id IN (SELECT record_id FROM memberships JOIN mentions "
            f"USING (mention_id) WHERE entity_id = '{row.entity_id}') GROUP BY n.record_id)"
        )
        assert kinds[0][1] == best[0]


def _lead(**given):
    base = {
        "entity_id": "e1", "kind": "phone", "value": "+16515550117", "label": "+16515550117",
        "service": None, "watch": None, "factors": (), "records": 14, "threads": 3, "first": NOON,
        "last": NOON, "contrary": 2, "cited": _cites(3),
    }  # fmt: skip
    return LeadRow(**(base | given))


def _cites(count):
    return tuple(Cited(f"FB-1 p. 1,204 l. {n}", "FB-1", f"r{n}") for n in range(count))


def test_a_reason_tells_the_counts_and_nothing_else():
    factors = (
        Factor("times", 14, 4), Factor("threads", 3, 2), Factor("money", 5, 2),
        Factor("lodging", 1, 1), Factor("hidden", 14, 2),
    )  # fmt: skip
    row = _lead(factors=factors)
    assert reason(row) == (
        "in 14 records of 3 conversations; written with hidden digits; 5 records also name an "
        "amount; 1 record also names a stay; last on 2024-03-01 (UTC)"
    )
    assert row.points == 11
    assert reason(_lead(records=1, threads=1, last=None)) == "in 1 record only"
    assert reason(_lead(watch="June")).startswith("on the watch list; ")


@pytest.mark.parametrize(
    ("kind", "service", "word"),
    [("phone", None, "Carrier"), ("handle", "cashapp", "Payment"), ("handle", "kik", "Service"),
     ("handle", None, "Service"), ("email", None, "E-mail"), ("plate", None, "registration")],
)  # fmt: skip
def test_what_to_ask_for_depends_on_the_kind(kind, service, word):
    assert word in to_ask(_lead(kind=kind, service=service))


def test_more_never_gives_fewer_points():
    for name, steps in WEIGHTS.items():
        given = [points(name, count) for count in range(steps[-1][0] + 2)]
        assert given == sorted(given)
        assert given[0] == 0


def test_contrary_records_are_counted(tmp_path):
    """A number that stands beside two names, and once where something is denied."""
    tables = {name: [] for name in SCHEMAS}
    texts = ["ask june at 651-555-0117", "ask cookie at 651-555-0117", "651-555-0117 wrong number"]
    for number, text in enumerate(texts):
        tables["records"].append(
            _row(
                "records",
                record_id=f"r{number}",
                kind="message",
                text=text,
                thread_id="t",
                ordinal=number,
                citation=f"FB-1 l. {number}",
            )
        )
        for kind, value in (("phone", "+16515550117"), ("alias", text.split()[1])):
            if kind == "alias" and number == 2:
                continue
            key = f"m{number}{kind}"
            tables["mentions"].append(
                _row(
                    "mentions",
                    mention_id=key,
                    record_id=f"r{number}",
                    kind=kind,
                    value=value,
                    basis="found",
                    rule=kind,
                )
            )
            tables["memberships"].append(_row("memberships", mention_id=key, entity_id=value))
    tables["entities"].append(
        _row("entities", entity_id="+16515550117", kind="phone", value="+16515550117", is_lead=True)
    )
    for name, rows in tables.items():
        write_table(tmp_path / "tables", name, rows)
    with open_store(tmp_path / "tables", tmp_path / "spill") as store:
        (row,) = ranked(store)
    assert (row.records, row.contrary, row.points) == (3, 3, points("times", 3))
    assert row.against.record_id == "r0"


def _row(name, **given):
    row = {}
    for field in SCHEMAS[name]:
        blank = {"string": "", "bool": False}.get(str(field.type), 0)
        row[field.name] = None if field.nullable else blank
    if name == "records":
        row["scope"] = "in"
    return row | given


@cache
def hostile(sort):
    """Rows of every list of the sheet, more than fit, each value as long as it may come."""
    evil = EVIL[sort]
    numbers = [1_234_567] * 9
    statement = StatementRow(
        "threat.kill", "threat", "spoke of killing someone, or of what would then come",
        "a game", NOON, evil, "a1", evil, True, _cites(1)[0],
    )  # fmt: skip
    contact = ContactRow(
        "a1", evil, evil, evil, *numbers[:4], NOON, NOON.replace(year=2025), *numbers[:4], True,
        _cites(9),
    )  # fmt: skip
    stay = StayRow(
        "st", "S-1234", evil, (evil,) * 9, evil, "venue", (evil,) * 9, (evil,) * 9, (evil,) * 9,
        (evil,) * 9, (evil,) * 9, NOON, NOON.replace(month=5), (evil,) * 9, 99,
        ((evil, evil, "r"),) * 9, 5, 99_999, 99_999, ("r",) * 99, _cites(9),
    )  # fmt: skip
    factors = tuple(Factor(name, 99_999, 5) for name in WEIGHTS)
    lead = _lead(kind="handle", value=evil, watch=evil, factors=factors, records=123_456,
                 threads=99_999, contrary=99_999, cited=_cites(3))  # fmt: skip
    watch = WatchedRow("W-1", "name", evil, evil, "child_protection", *numbers[:5], NOON, NOON,
                       _cites(3))  # fmt: skip
    ahead = UpcomingRow("m", NOON, evil, evil, "2024-12-31", date(2024, 12, 31), True,
                        ("rideshare", "lodging") * 9, (evil,) * 9, _cites(1)[0])  # fmt: skip
    money = MeansRow("from_author", "giftcard", "USD", 999_999, 999_999, Decimal("1.01"),
                     Decimal("99999999999999.99"), _cites(3))  # fmt: skip
    perishing = PerishableRow("p", "gift or prepaid card", evil, evil, NOON, NOON, 99_999,
                              _cites(9))  # fmt: skip
    return {
        "statement": statement, "contact": contact, "stay": stay, "lead": lead, "watch": watch,
        "ahead": ahead, "money": money, "perishing": perishing, "evil": evil,
        "place": PlaceRow(evil, evil, 99_999, NOON, _cites(3)),
        "county": CountyRow(evil, evil, "US", 99_999, 99_999, _cites(3)),
        "shared": SharedRow("email", evil, (evil,) * 9, 99),
        "last": LastPlace("a", evil, NOON, evil, evil, _cites(1)[0]),
        "stretch": Stretch(date(2024, 1, 1), date(2024, 3, 1), 99_999, _cites(2)),
    }  # fmt: skip


@pytest.mark.parametrize("sort", range(len(EVIL)))
def test_two_pages_hold_the_worst_case(opened, sort):
    store, s, _ = opened
    made = hostile(sort)
    evil = made["evil"]
    process = tuple((label, evil) for label in (
        "Provider", "Account", "Time asked for", "Served", "Return received",
    ))  # fmt: skip
    contact = made["contact"]
    s = replace(
        s, process=process, process_line=evil, scoped=True, scope_lines=(evil,) * 9,
        drifted=(evil,) * 9, watched=(made["watch"],) * 99, ranked=(made["lead"],) * 25,
        contacts=Contacts((evil,) * 9, ("a1",) * 9, True, (contact,) * 25, 99_999, (contact,) * 25,
                          99_999, 9, 9, 9, NOON, "America/Argentina/ComodRivadavia"),
        stays=(made["stay"],) * 99, counties=(made["county"],) * 25,
        upcoming=(made["ahead"],) * 99, perishable=(made["perishing"],) * 99,
        sealed_by=(("advocates", 99_999), ("counsel", 99_999), ("ncmec", 99), ("single", 99_999)),
        pictured=replace(s.pictured, zone="America/Argentina/ComodRivadavia",
                         hours=((99_999,) * 24,) * 7, bursts=(made["stretch"],) * 9,
                         gaps=(made["stretch"],) * 9),
        files=tuple(replace(row, service=evil) for row in s.files),
    )  # fmt: skip
    data = replace(
        gather(store), since=NOON, places=(made["place"],) * 8, money=(made["money"],) * 8,
        shared=(made["shared"],) * 8,
        safety=Safety((made["statement"],) * 6, 9999, (made["statement"],) * 6, 9999,
                      (made["last"],) * 9),
    )  # fmt: skip
    assert pages(drawn(s, data)) <= 2


@pytest.mark.parametrize("length", [4, 12, 20, 28, 40, 60])
def test_two_pages_hold_what_lies_between(opened, length):
    """The estimate of room decides how many rows are shown: no length makes it fail."""
    store, s, _ = opened
    value = "Jn Wmé🙂 " * 20
    made = {name: replace_values(row, value[:length]) for name, row in hostile(0).items()}
    s = replace(
        s, watched=(made["watch"],) * 9, ranked=(made["lead"],) * 25, stays=(made["stay"],) * 9,
        counties=(made["county"],) * 9, upcoming=(made["ahead"],) * 9,
        perishable=(made["perishing"],) * 9,
        contacts=replace(s.contacts, rows=(made["contact"],) * 9, newest=(made["contact"],) * 9),
    )  # fmt: skip
    data = replace(
        gather(store), since=NOON, places=(made["place"],) * 8, money=(made["money"],) * 8,
        shared=(made["shared"],) * 8,
        safety=Safety((made["statement"],) * 6, 9, (made["statement"],) * 6, 9,
                      (made["last"],) * 9),
    )  # fmt: skip
    assert pages(drawn(s, data)) <= 2


def replace_values(row, value):
    """Put a value in place of every hostile one."""
    if isinstance(row, str):
        return value if row == EVIL[0] else row
    if isinstance(row, tuple):
        return tuple(replace_values(item, value) for item in row)
    if is_dataclass(row):
        changed = {f.name: replace_values(getattr(row, f.name), value) for f in fields(row)}
        return type(row)(**changed)
    return row


def test_an_empty_case_says_what_was_not_found(tmp_path):
    for name in SCHEMAS:
        write_table(tmp_path / "tables", name, [])
    with open_store(tmp_path / "tables", tmp_path / "spill") as store:
        s = summarise(store, Ledger())
        document = sheet(store, s)
        text = text_of(document)
    for said in (
        "Words of present danger and ages under 18 were not found",
        "Contact between accounts was not found", "Stays in that time were not found",
        "Dates ahead, beside travel, lodging or a place, were not found",
        "A message with a time was not found", "Amounts were not found",
        "Who books or pays for lodging: not found",
        "Identifiers that may be followed up were not found", "were not found.",
        "Watch list: none was given", "Places stated last: not found",
    ):  # fmt: skip
        assert said in text, said
    assert pages(document) <= 2


def test_a_short_value_takes_no_more_room_than_it_may():
    assert short("abc") == (Evidence("abc", None),)
    assert short("x" * 99) == (Evidence("x" * CUT, None), Words("…"))
    assert short("one\ntwo")[0].text == "one"
    assert short("\x00" * 99)[0].text == "\x00" * (CUT // 7)
    assert short("🙂" * 99)[0].text == "🙂" * (CUT // 3)
    assert short("名" * 99, 3)[0].text == "名"


def test_the_registers_hold_what_they_should():
    ids = [row.id for row in limitations()]
    assert ids == [f"L{number:02}" for number in range(1, len(ids) + 1)]
    assert all(row.since and row.what and row.effect and row.mitigation for row in limitations())
    names = [row.term.casefold() for row in terms()]
    assert len(set(names)) == len(names)
    assert all(row.source for row in terms())
    rows = calculations()
    assert len({row.id for row in rows}) == len(rows)
    listed = [name for row in rows for name in row.tables]
    assert len(set(listed)) == len(listed)
