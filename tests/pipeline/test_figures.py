"""Pictures and the counts beneath them, on cases written by hand."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from pipeline.derive.ledger import Ledger
from pipeline.derive.tables import write_table
from pipeline.report.counts import activity, received
from pipeline.report.counts.contacts import contacts
from pipeline.report.counts.figure_data import pictured
from pipeline.report.counts.localtime import localise
from pipeline.report.document import Evidence, Figure, Heading, Paragraph, Table, Words
from pipeline.report.drawing import charts, figures
from pipeline.report.drawing.labels import Dot, placed, shown, width_of
from pipeline.report.sections import communications, pictures
from pipeline.report.store import open_store
from pipeline.report.summarise import summarise
from schemas.ids import entity_id, link_id
from tests._data.made import Made

pytestmark = pytest.mark.usefixtures("draws")

ZONE = "America/Chicago"
EVIL = "</text><script>alert(1)</script><style>*{}</style>\"'&\u202e\x07\ud800"


class Tables(Made):
    """A case in the making: a, the account of the process, and others."""

    def account(self, key, name=None, *, target=False, **given):
        self.add("accounts", account_id=key, provider="facebook", provider_account_id=f"1{key}",
                 display_name=name or f"Example {key}", is_target=target, **given)  # fmt: skip

    def message(self, author, others, at, *, kind="message", thread=None, **given):
        """Add a record; its thread is that of who takes part."""
        self.count += 1
        thread = thread or "-".join(sorted([author, *others]))
        base = {
            "record_id": f"r{self.count:04d}", "kind": kind, "text": "x", "thread_id": thread,
            "author_account_id": author, "recipient_account_ids": list(others), "sent_at": at,
            "source_id": "s1", "source_label": "FB-1", "ordinal": self.count, "scope": "in",
            "citation": f"FB-1 p. 1 l. {self.count}",
        }  # fmt: skip
        self.add("records", **(base | given))
        return base["record_id"]

    def mention(self, record, kind, value, *, facts=None, at=None, **given):
        key = f"m-{record}-{kind}-{value}"
        self.add("mentions", **({"mention_id": key, "record_id": record, "kind": kind,
                 "surface": value, "value": value, "basis": "found", "rule": "x:y"} | given))  # fmt: skip
        table = {"money": "money", "location": "locations"}.get(kind)
        if table:
            self.add(table, mention_id=key, record_id=record, surface=value, value=value,
                     **(facts or {}))  # fmt: skip

    def entity(self, kind, value, **given):
        self.add("entities", entity_id=entity_id(kind, value), kind=kind, value=value, label=value,
                 **({"record_count": 1} | given))  # fmt: skip
        return entity_id(kind, value)

    def link(self, a, b, records, relation="wrote"):
        key = link_id(*sorted([a, b]), relation)
        self.add("links", link_id=key, entity_a=a, entity_b=b, relation=relation,
                 record_count=len(records), thread_count=1)  # fmt: skip
        for record in records:
            self.add("link_evidence", link_id=key, record_id=record)


@pytest.fixture
def asked(tmp_path):
    """Return what is asked of a case in the making: ``asked(made, question)``."""
    made_before = []

    def ask(made, question):
        made_before.append(made)
        folder = tmp_path / str(len(made_before))
        with made.store(folder) as store:
            return question(store)

    return ask


def _at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _pictured(store, zone=ZONE):
    return pictured(store, zone, activity.timeline(store))


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    """A summary of nothing."""
    folder = tmp_path_factory.mktemp("blank")
    for name, rows in Tables().rows.items():
        write_table(folder / "tables", name, rows)
    with open_store(folder / "tables", folder / "spill") as store:
        made = summarise(store, Ledger(zone="Asia/Kolkata"))
    assert made.contacts is None
    assert made.pictured.zone == "Asia/Kolkata"
    return made


@pytest.fixture
def summed(blank):
    """Return what counts a case as far as pictures ask."""

    def summed(store):
        line = activity.timeline(store)
        return replace(
            blank, timeline=line, fates=received.fates(store), contacts=contacts(store, ZONE),
            pictured=pictured(store, ZONE, line),
        )  # fmt: skip

    return summed


def _talk():
    made = Tables()
    made.account("a", target=True)
    for key in "bcd":
        made.account(key)
    made.message("a", "b", _at("2024-03-01T12:00"))
    made.message("b", "a", _at("2024-03-02T05:30"))  # 23:30 of the day before in Chicago
    last = made.message("b", "a", _at("2024-03-02T18:00"))
    made.mention(last, "money", "150 USD", facts={"amount_low": Decimal(150)})
    made.message("b", "a", _at("2024-03-02T18:00"), duplicate_of="r0003")
    made.message("b", "a", _at("2024-03-02T18:01"), scope="out_date")
    made.message("a", "b", _at("2024-03-03T18:00"), kind="call")
    made.message("c", "ab", _at("2024-04-20T12:00"), thread="group")
    made.message("a", "bc", _at("2024-04-20T12:01"), thread="group")
    made.message("d", "a", _at("2024-04-25T12:00"))
    made.message("b", "c", _at("2024-04-26T12:00"))  # none of the account of the process
    return made


def test_contacts_are_counted_by_pair(asked):
    found = asked(_talk(), lambda store: contacts(store, ZONE))
    assert (found.targets, found.is_stated, found.total) == (("Example a",), True, 3)
    b, d, c = found.rows
    assert [row.account_id for row in found.rows] == ["b", "d", "c"]
    assert (b.sent, b.received, b.records, b.days, b.money) == (1, 2, 4, 3, 1)
    assert (b.night, b.timed, b.in_groups, b.is_new) == (1, 3, 0, False)
    assert (b.first, b.last) == (_at("2024-03-01T12:00"), _at("2024-03-03T18:00"))
    assert [item.record_id for item in b.cited] == ["r0001", "r0002", "r0003"]
    assert (d.sent, d.received, d.is_new) == (0, 1, True)
    assert (c.messages, c.in_groups, c.first, c.is_new) == (0, 1, None, False)
    assert [row.account_id for row in found.newest] == ["d"]
    assert (found.group_threads, found.group_messages, found.services) == (1, 2, 0)


def test_without_a_target_the_busiest_account_is_counted_for(asked, summed):
    made = _talk()
    for row in made.rows["accounts"]:
        row["is_target"] = False
    found = asked(made, lambda store: contacts(store, ZONE))
    assert (found.target_ids, found.is_stated) == (("a",), False)  # in three, as b: name decides
    said = asked(made, lambda store: communications.communications(summed(store)))
    assert "took part in most conversations" in _words(said.blocks)


def test_accounts_of_listed_services_stay_out(asked, summed):
    made = _talk()
    made.account("h", "Help Line", phones=["+16515550199"])
    made.message("a", "h", _at("2024-04-25T12:00"))
    made.entity("phone", "+16515550199", service_category="hotline")
    made.account("k", "Other Line")
    made.message("k", "a", _at("2024-04-25T12:00"))
    made.entity("account", "facebook:1k", service_category="advocate")
    service = entity_id("phone", "+16515550199")
    made.link(made.entity("account", "facebook:1a"), service, ["r0001"])
    s = asked(made, summed)
    assert s.contacts.services == 2
    assert {row.account_id for row in s.contacts.rows} == {"b", "c", "d"}
    assert s.pictured.edges == ()
    drawn = "".join(item.svg for item in figures.figures(s).values() if item.figure_id not in
                    ("figure-timeline",))  # fmt: skip
    assert "Line" not in drawn
    assert "0199" not in "".join(item.svg for item in figures.figures(s).values())


def test_calls_without_a_conversation_count_by_who_takes_part(asked):
    made = Tables()
    made.account("a", target=True)
    made.account("b")
    for author, other in ("ab", "ba", "ab"):
        made.message(author, other, _at("2024-03-01T12:00"), kind="call", thread_id=None)
    found = asked(made, lambda store: contacts(store, ZONE))
    assert [(row.account_id, row.records, row.messages) for row in found.rows] == [("b", 3, 0)]


@pytest.mark.parametrize(
    ("zone", "at", "weekday", "hour"),
    [
        ("America/Chicago", "2024-03-10T07:59:59", 6, 1),  # the last second of standard time
        ("America/Chicago", "2024-03-10T08:00", 6, 3),
        ("America/Chicago", "2024-11-03T06:30", 6, 1),  # twice the same hour
        ("America/Chicago", "2024-11-03T07:30", 6, 1),
        ("America/Chicago", "2024-01-01T05:59", 6, 23),  # Sunday still
        ("Asia/Kolkata", "2024-01-01T18:29:59", 0, 23),
        ("Asia/Kolkata", "2024-01-01T18:30", 1, 0),
        ("Asia/Kathmandu", "2024-01-01T18:15", 1, 0),
        ("Australia/Lord_Howe", "2024-04-06T15:15", 6, 1),  # half an hour of change
        ("Pacific/Kiritimati", "1969-12-31T11:00", 2, 0),  # then ten hours and forty minutes behind
        ("Pacific/Kiritimati", "2024-01-01T10:00", 1, 0),
        ("UTC", "0001-01-01T00:00", 0, 0),
        ("Nowhere/Atall", "2024-01-01T05:59", 0, 5),  # not known: UTC
    ],
)
def test_hours_are_local_over_changes_of_the_clock(asked, zone, at, weekday, hour):
    made = Tables()
    made.message("a", "b", _at(at))
    grid = asked(made, lambda store: _pictured(store, zone)).hours
    assert [(d, h) for d in range(7) for h in range(24) if grid[d][h]] == [(weekday, hour)]


def test_local_times_are_those_of_the_zone(asked):
    made = Tables()
    start = _at("2023-10-20T00:10")
    times = [start + timedelta(hours=7 * n, minutes=13 * n) for n in range(400)]
    for at in times:
        made.message("a", "b", at)
    from zoneinfo import ZoneInfo

    def rows(store):
        assert localise(store, ZONE) == localise(store, ZONE) == ZONE
        return store.rows("SELECT local_day, local_hour, is_night FROM local_times ORDER BY rank")

    local = [at.astimezone(ZoneInfo(ZONE)) for at in times]
    assert asked(made, rows) == [
        ((at.date() - date(1970, 1, 1)).days, at.hour, at.hour >= 22 or at.hour < 4) for at in local
    ]


def test_lanes_and_themes_add_up_to_the_timeline(asked):
    made = Tables()
    for n in range(9):
        made.account(f"a{n}")
        for day in range(n + 1):
            made.message(f"a{n}", "x", _at("2024-03-01T12:00") + timedelta(days=day))
    made.mention("r0001", "lodging", "inn")
    made.mention("r0001", "lodging", "hotel")
    made.mention("r0002", "lodging", "inn", basis="stated")
    made.mention("r0003", "phone", "+16515550199", service_category="hotline")
    p, bars = asked(made, lambda store: (_pictured(store), activity.timeline(store).bars))
    assert [lane.account_id for lane in p.lanes] == ["a8", "a7", "a6", "a5", "a4", "a3", None]
    assert [sum(counts) for counts in zip(*(lane.counts for lane in p.lanes), strict=True)] == [
        bar.talk for bar in bars
    ]
    assert sum(p.lanes[-1].counts) == 6
    assert [(theme.kind, theme.records, theme.counts[0]) for theme in p.themes] == [
        ("lodging", 1, 1)
    ]
    assert len(p.firsts) == len(bars) == 9
    assert p.firsts[8].record_id == "r0045"


def test_amounts_by_week_keep_what_is_ambiguous_apart(asked, summed):
    made = Tables()
    rows = [("2024-03-04T05:59", 10, 10, "USD"), ("2024-03-04T06:00", 20, 20, "USD"),
            ("2024-03-05T12:00", 30, 40, "USD"), ("2024-03-05T12:01", 5, 5, None),
            ("2024-03-05T12:02", 7, 7, "MXN")]  # fmt: skip
    for number, (at, low, high, currency) in enumerate(rows):
        record = made.message("a", "b", _at(at))
        made.mention(record, "money", f"{number}", facts={"amount_low": Decimal(low),
                     "amount_high": Decimal(high), "currency": currency})  # fmt: skip
    made.mention(made.message("a", "b", None), "money", "9", facts={"amount_low": Decimal(9)})
    s = asked(made, summed)
    weeks = [(w.begin, w.currency, w.is_ambiguous, w.written, w.mentions) for w in s.pictured.weeks]
    assert weeks == [
        (date(2024, 2, 26), "USD", False, 10, 1),  # Sunday night in Chicago
        (date(2024, 3, 4), "MXN", False, 7, 1),
        (date(2024, 3, 4), "USD", False, 20, 1),
        (date(2024, 3, 4), "USD", True, 30, 1),
        (date(2024, 3, 4), None, True, 5, 1),
    ]
    assert s.pictured.unpriced == 1
    figure = figures.figures(s)["figure-money"]
    assert 'id="figure-' not in figure.svg
    assert len(set(re.findall(r"url\(#([\w-]+)\)", figure.svg))) >= 1
    assert "<pattern" in figure.svg
    assert "2 amounts in US dollars, and 1 ambiguous" in figure.alt


def test_places_stand_at_their_city(asked, summed):
    made = Tables()
    fridley = {"city": "Fridley", "state": "MN", "latitude": 45.0861, "longitude": -93.2633}
    for number, facts in enumerate([
        {"place_kind": "city", "place_name": "Fridley", **fridley},
        {"place_kind": "address", "place_name": "1 Example Street", **fridley},
        {"place_kind": "address", "place_name": "2 Example Street"},
        {"place_kind": "county", "place_name": "Anoka County"},
        {"place_kind": "coordinate", "latitude": 44.98765, "longitude": -93.26543},
        {"place_kind": "city", "place_name": "Nowhere"},
    ]):  # fmt: skip
        record = made.message("a", "b", _at(f"2024-03-0{number + 1}T12:00"))
        made.mention(record, "location", f"place {number}", facts=facts)
    s = asked(made, summed)
    spots = [(spot.name, spot.mentions, spot.latitude) for spot in s.pictured.spots]
    assert spots == [("Fridley, MN", 2, 45.1), ("45.0, -93.3", 1, 45.0), ("Nowhere", 1, None)]
    assert s.pictured.placeless == 2
    drawn = figures.figures(s)["figure-map"]
    assert "Fridley" in drawn.svg
    assert "Street" not in drawn.svg + str(drawn.data)
    assert "no one is thereby shown to have been there" in _words([drawn])


def test_bursts_and_gaps(asked):
    made = Tables()
    for day in (1, 2, 3, 12):
        for minute in range(25 if day == 3 else 2):
            made.message("a", "b", _at(f"2024-03-{day:02d}T18:{minute:02d}"))
    made.message("a", "b", _at("2024-03-19T18:00"))
    p = asked(made, _pictured)
    assert p.median_day == 2
    assert [(row.first, row.messages) for row in p.bursts] == [(date(2024, 3, 3), 25)]
    assert [(row.first, row.last) for row in p.gaps] == [(date(2024, 3, 4), date(2024, 3, 11))]
    assert [item.record_id for item in p.gaps[0].cited] == ["r0029", "r0030"]  # six days: no gap


def _linked(most=60):
    made = Tables()
    a = made.entity("account", "facebook:1", record_count=99)
    for number in range(most):
        record = made.message("a", "b", _at("2024-03-01T12:00"))
        made.link(a, made.entity("phone", f"+1651555{number:04d}"), [record])
    return made


def test_the_link_chart_holds_forty_nodes_apart(asked, summed):
    s = asked(_linked(), summed)
    assert (len(s.pictured.nodes), len(s.pictured.edges), s.pictured.edges_left_out) == (40, 39, 21)
    figure = figures.figures(s)["figure-network"]
    root = ElementTree.fromstring(figure.svg)
    ids = [item.get("data-entity") for item in root.iter() if item.get("data-entity")]
    assert sorted(ids) == sorted(node.entity_id for node in s.pictured.nodes)
    ends = [(item.get("data-a"), item.get("data-b")) for item in root.iter() if item.get("data-a")]
    assert len(ends) == 39
    assert {end for pair in ends for end in pair} <= set(ids)
    assert figure.explore == "network"
    places = {(item.get("cx") or item.get("x"), item.get("cy") or item.get("y"))
              for item in root.iter() if item.tag.endswith(("circle", "rect"))}  # fmt: skip
    assert len(places) >= 40
    assert "not proof of a relationship" in _words([figure])
    assert len(figure.data.rows) == 39


def test_names_do_not_cover_each_other():
    dots = [Dot(100 + 9 * n, 100.0, 4, f"Example {n}") for n in range(12)]
    labels = placed(dots, 12, (0, 0, 400, 200))
    boxes = []
    for dot, label in zip(dots, labels, strict=True):
        if label is not None:
            wide = width_of(dot.text, 12)
            left = {"start": label.x, "end": label.x - wide}.get(label.anchor, label.x - wide / 2)
            boxes.append((left, label.y - 10, left + wide, label.y + 2))
    assert 2 <= len(boxes) < 12
    for one in boxes:
        for other in boxes:
            assert one == other or one[2] <= other[0] or other[2] <= one[0] or (
                one[3] <= other[1] or other[3] <= one[1])  # fmt: skip
    assert None not in placed(dots, 12, (0, 0, 400, 200), must=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [("June Example", "June Example"), ("a\u202eb", "aU+202Eb"), ("\ud800", "U+D800"),
     ("😀", "(pictographs)"), (" ", "(blank)"), ("x" * 100_000, "x" * 23 + "…"),
     ("a\nb", "a↵ b"), ("<b>&", "<b>&")],
)  # fmt: skip
def test_names_in_drawings_are_one_short_line(text, said):
    assert shown(text) == said


def _hostile():
    made = Tables()
    name = EVIL + "x" * 100_000
    made.account("a", name, target=True)
    made.account("b", name)
    record = made.message("a", "b", _at("2024-03-01T12:00"), author_name=name)
    made.mention(record, "location", "x", facts={"place_kind": "city", "city": EVIL,
                 "latitude": 45.0, "longitude": -93.0})  # fmt: skip
    made.mention(record, "lodging", "x")
    made.mention(record, "money", "x", facts={"amount_low": Decimal(1), "amount_high": Decimal(1),
                 "currency": "USD"})  # fmt: skip
    made.link(made.entity("account", "facebook:1"), made.entity("alias", EVIL), [record])
    made.add("coverage", source_id="s1", source_label="FB-1", page=1, record=10, furniture=5)
    return made


def _without_surrogates(made):
    """Tables hold none: Arrow's strings are UTF-8."""
    for rows in made.rows.values():
        for row in rows:
            for key, value in row.items():
                if isinstance(value, str):
                    row[key] = value.replace("\ud800", "")
    return made


def test_hostile_names_are_escaped_in_drawings(asked, summed):
    drawn = figures.figures(asked(_without_surrogates(_hostile()), summed))
    assert [name.removeprefix("figure-") for name in drawn] == list(figures.NAMES)
    for figure in drawn.values():
        root = ElementTree.fromstring(figure.svg)  # well formed
        tags = {item.tag.partition("}")[2] for item in root.iter()}
        assert not tags & {"script", "style", "image", "foreignObject"}
        assert not re.search(r"[\u202e\x07]|\son\w+=", figure.svg)
        assert len(figure.svg) < 200_000
        assert figure.alt
        assert EVIL[:8] not in figure.alt
        assert figure.caption


def test_ids_are_their_own(asked, summed):
    drawn = figures.figures(asked(_without_surrogates(_hostile()), summed))
    ids = [name for figure in drawn.values() for name in re.findall(r'\bid="([^"]+)"', figure.svg)]
    assert len(ids) == len(set(ids))
    for figure in drawn.values():
        mine = set(re.findall(r'\bid="([^"]+)"', figure.svg))
        assert set(re.findall(r"url\(#([^)]+)\)", figure.svg)) <= mine


def test_equal_tables_equal_drawings(asked, summed):
    made = _talk()
    first = {name: item.svg for name, item in figures.figures(asked(made, summed)).items()}
    charts._converted.cache_clear()
    for rows in made.rows.values():
        rows.reverse()
    again = {
        name: item.svg for name, item in reversed(figures.figures(asked(made, summed)).items())
    }
    assert first == again


@pytest.mark.parametrize("made", [Tables(), None], ids=["nothing", "one message without a time"])
def test_an_empty_case_is_said_to_be_empty(asked, summed, made):
    if made is None:
        made = Tables()
        made.message("a", "b", None)
    s = asked(made, summed)
    assert {name for name in figures.figures(s)} <= {"figure-contacts"}
    for name in figures.NAMES:
        assert figures.figure_blocks(s, name)
    for section in (communications.communications(s), pictures.timeline(s)):
        assert section.blocks
        assert "None" not in _words(section.blocks)


def test_one_message_is_drawn(asked, summed):
    made = Tables()
    made.account("a", target=True)
    made.account("b")
    made.message("a", "b", _at("2024-03-01T12:00"))
    drawn = figures.figures(asked(made, summed))
    assert {"figure-timeline", "figure-hours", "figure-contacts"} == drawn.keys()
    assert "1 message sent" in drawn["figure-contacts"].alt


def test_far_years_are_drawn(asked, summed):
    made = Tables()
    for at in ("0001-01-01T00:00", "9999-12-31T23:59"):
        record = made.message("a", "b", _at(at))
        made.mention(record, "money", "1", facts={"amount_low": Decimal(1)})
    s = asked(made, summed)
    assert "figure-hours" in figures.figures(s)


def test_what_cannot_be_drawn_is_said(asked, summed, monkeypatch):
    def fails(*_):
        raise ValueError("no")

    s = asked(_talk(), summed)
    monkeypatch.setattr(charts, "svg_of", fails)
    blocks = figures.figure_blocks(s, "hours")
    assert [type(block) for block in blocks] == [Paragraph, Table]
    assert "could not be drawn" in _words(blocks)


def test_sections_say_zone_groups_and_new_ones(asked, summed):
    s = asked(_talk(), summed)
    said = communications.communications(s)
    headings = [block.text for block in said.blocks if isinstance(block, Heading)]
    assert headings == ["Contact frequency", "New in the last 30 days", "Weekday and hour",
                        "Days with many messages", "Stretches without a message"]  # fmt: skip
    words = _words(said.blocks)
    assert "America/Chicago" in words
    assert "1 conversation of more than two accounts, with 2 messages, counts for no pair" in words
    tables = {block.table_id: block for block in said.blocks if isinstance(block, Table)}
    assert len(tables["contacts"].rows[0].cells) == len(tables["contacts"].columns)
    assert [row.row_id for row in tables["contacts-new"].rows] == ["n-d"]
    first = pictures.timeline(s)
    drawn = [block for block in first.blocks if isinstance(block, Figure)]
    assert drawn[0].data.table_id == "timeline"


def _words(blocks):
    """All that is said, evidence too."""
    return "".join(
        item.text
        for block in blocks
        for item in getattr(block, "parts", ()) or getattr(block, "caption", ()) or ()
        if isinstance(item, Words | Evidence)
    )
