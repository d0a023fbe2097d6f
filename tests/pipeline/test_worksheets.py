"""Stays, travel, adverts, counties and worksheets on tables written by hand: counts are known."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from pipeline.derive.ledger import Ledger
from pipeline.report.counts import adverts, stays, travel, venues
from pipeline.report.counts.worksheets import perishable, properties
from pipeline.report.document import Blank, Document, Evidence, Words, inlines, tables
from pipeline.report.rows import Cited
from pipeline.report.sections import adverts as advert_words
from pipeline.report.sections import lodging as lodging_words
from pipeline.report.sections import travel as travel_words
from pipeline.report.sections.worksheets import contact_sheets, county_sheet, hotel_sheet
from pipeline.report.summarise import summarise
from tests._data.made import Made

EVIL = '"><script>alert(1)</script>\u202e\x07' + "A" * 3000
TYPED = {"phone": "phones", "alias": "aliases", "location": "locations", "money": "money"}


class Case(Made):
    """A case in the making; texts are given with the spans in them."""

    def account(self, key, name, **given):
        self.add(
            "accounts",
            **{
                "account_id": key, "provider": "facebook", "display_name": name, "names": [name],
                "provider_account_id": f"1000{key}", "record_count": 1,
            } | given,
        )  # fmt: skip

    def say(self, text, *found, at=(2024, 3, 1, 12), thread="t1", author="a1", to=("a2",), **given):
        """Add a message; ``found`` are (kind, surface, value, more) in the order of the text."""
        self.count += 1
        key = f"r{self.count:04}"
        sent = None if at is None else datetime(*at, tzinfo=UTC)
        cited = f"FB-1 p. 1 l. {self.count}"
        self.add(
            "records",
            **{
                "record_id": key, "kind": "message", "text": text, "thread_id": thread,
                "author_account_id": author, "author_name": f"name {author}", "sent_at": sent,
                "recipient_account_ids": list(to), "source_id": "s1", "source_label": "FB-1",
                "ordinal": self.count, "scope": "in", "citation": cited,
            } | given,
        )  # fmt: skip
        position = 0
        for kind, surface, value, *rest in found:
            more = dict(rest[0]) if rest else {}
            facts = more.pop("facts", {})
            position = text.index(surface, position)
            mention = f"m-{key}-{kind}-{position}"
            self.add(
                "mentions",
                **{
                    "mention_id": mention, "record_id": key, "kind": kind, "start": position,
                    "end": position + len(surface), "surface": surface, "value": value,
                    "basis": "found", "rule": f"{kind}:plain", "extractor": "tests",
                    "extractor_version": 1, "confidence": 0.8, "detail": "",
                    "source_label": "FB-1", "citation": cited,
                } | more,
            )  # fmt: skip
            if kind in TYPED:
                self.add(
                    TYPED[kind], mention_id=mention, record_id=key, surface=surface, value=value,
                    citation=cited, **facts,
                )  # fmt: skip
        return key


def inn(surface="gopher inn", name="gopher inn", *rooms, more=""):
    """A mention of lodging as the extractor makes it."""
    value = "|".join([name, *(f"room {room}" for room in rooms)])
    detail = "; ".join(
        [f"venue {name}", *(f"room {room}" for room in rooms), *([more] * bool(more))]
    )
    return ("lodging", surface, value, {"detail": detail})


def city(surface, county="Ramsey County", state="MN", **more):
    return (
        "location", surface, f"{surface}, {state}, US",
        {"facts": {"place_name": surface, "place_kind": "city", "city": surface, "county": county,
                   "state": state, "country": "US", "precision": "city"}} | more,
    )  # fmt: skip


def phone(surface, value, **more):
    return ("phone", surface, value, {"facts": {"e164": value}} | more)


def money(surface, amount, **more):
    facts = {"amount_low": Decimal(amount), "amount_high": Decimal(amount), "currency": "USD"}
    return ("money", surface, f"{amount} USD", {"facts": facts | more})


def said(document, kind=(Words, Evidence, Cited)):
    return " ".join(item.text for item in inlines(document) if isinstance(item, kind))


def of(section):
    return Document("t", (), (section,))


@pytest.fixture
def case():
    return Case()


@pytest.fixture
def counted(tmp_path):
    """Run a function of the store over a case."""

    def run(case, ask):
        with case.store(tmp_path) as store:
            return ask(store)

    return run


# --- stays -------------------------------------------------------------------------------------


def test_a_stay_is_one_property_of_one_conversation_within_days(case, counted):
    case.say("at gopher inn rm 108", inn("gopher inn rm 108", "gopher inn", "108"))
    case.say("still at The  Gopher Inn", inn("The  Gopher Inn", "The  Gopher Inn"), at=(2024, 3, 3))
    case.say("gopher inn again", inn(), at=(2024, 3, 6))
    case.say("gopher inn too", inn(), thread="t2")
    case.say("at quarry motel", inn("quarry motel", "quarry motel"))
    rows = counted(case, stays.stays)
    assert [(row.number, row.property, row.records, row.rooms) for row in rows] == [
        ("S-01", "gopher inn", 2, ("108",)), ("S-02", "gopher inn", 1, ()),
        ("S-03", "quarry motel", 1, ()), ("S-04", "gopher inn", 1, ()),
    ]  # fmt: skip
    assert [item.text for item in rows[0].cited] == ["FB-1 p. 1 l. 1", "FB-1 p. 1 l. 2"]
    assert rows[0].record_ids == ("r0001", "r0002")
    assert (rows[0].first.day, rows[0].last.day) == (1, 3)
    assert rows[0].writers == ("name a1",)


def test_numbers_follow_time_and_ids_follow_mentions(case, counted, tmp_path):
    case.say("gopher inn", inn(), at=(2024, 3, 10))
    case.say("quarry motel", inn("quarry motel", "quarry motel"), at=(2024, 3, 12))
    before = {row.property: row.stay_id for row in counted(case, stays.stays)}
    case.say("metro inn", inn("metro inn", "metro inn"), at=(2024, 3, 1))
    with case.store(tmp_path / "more") as store:
        after = stays.stays(store)
    assert [row.property for row in after] == ["metro inn", "gopher inn", "quarry motel"]
    assert [row.number for row in after] == ["S-01", "S-02", "S-03"]
    assert {row.property: row.stay_id for row in after}.items() > before.items()


def test_the_order_of_the_tables_does_not_matter(case, counted, tmp_path):
    for day in range(1, 20):
        case.say(f"gopher inn {day}", inn(), at=(2024, 3, day), thread=f"t{day % 3}")
    first = counted(case, stays.stays)
    for rows in case.rows.values():
        random.Random(1).shuffle(rows)
    with case.store(tmp_path / "other") as store:
        assert stays.stays(store) == first


def test_a_room_alone_joins_the_only_stay_near_it(case, counted):
    room = ("lodging", "rm 214", "room 214", {"detail": "room 214"})
    case.say("gopher inn", inn())
    case.say("come to rm 214", room, at=(2024, 3, 2))
    case.say("come to rm 214", room, at=(2024, 3, 9))
    case.say("come to rm 214", room, thread="t2")
    case.say("quarry motel", inn("quarry motel", "quarry motel"), thread="t3")
    case.say("gopher inn", inn(), thread="t3")
    case.say("come to rm 214", room, thread="t3")
    rows = counted(case, stays.stays)
    by = [(row.property, row.rooms, row.rooms_apart, row.records) for row in rows]
    assert by[0] == ("gopher inn", (), ("214",), 2)
    assert by.count((None, ("214",), (), 1)) == 3
    assert ("gopher inn", (), (), 1) in by


def test_a_place_beside_a_property_says_where_it_lies(case, counted):
    case.say("at gopher inn in Roseville", inn(), city("Roseville"))
    case.say("at metro inn " + "x" * 60 + " my cousin from Edina",
             inn("metro inn", "metro inn"), city("Edina", "Hennepin County"))  # fmt: skip
    case.say("at quarry motel", inn("quarry motel", "quarry motel"))
    near, far, bare = counted(case, stays.stays)
    assert (near.resolved, near.precision) == ("Roseville, Ramsey County, MN", "city")
    assert near.counties == ("Ramsey County, MN",)
    assert (far.resolved, far.counties, bare.counties) == (None, (), ())


def test_what_the_model_alone_found_gives_no_place(case, counted):
    case.say("at gopher inn in Roseville", inn(), city("Roseville", rule="model:chat_names"))
    (row,) = counted(case, stays.stays)
    assert (row.resolved, row.counties) == (None, ())


def test_an_address_of_the_same_day_is_named_as_nearby(case, counted):
    home = ("location", "77 elm st", "77 elm st",
            {"facts": {"place_name": "77 elm st", "place_kind": "address"}})  # fmt: skip
    case.say("at gopher inn", inn())
    case.say("its 77 elm st", home)
    case.say("its 77 elm st", home, at=(2024, 3, 5))
    (row,) = counted(case, stays.stays)
    assert row.nearby == ("77 elm st",)
    assert row.resolved is None


def test_a_venue_that_the_provider_states_is_a_stay_only_where_it_is_lodging(case, counted):
    def stated(surface, name):
        return ("location", surface, name, {"basis": "stated", "rule": "meta:location",
                "facts": {"place_name": name, "place_kind": "venue"}})  # fmt: skip

    case.say("Quarry Motel\n12 Elm St", stated("Quarry Motel\n12 Elm St", "Quarry Motel"))
    case.say(
        "Tamarack Library\n12 Elm St", stated("Tamarack Library\n12 Elm St", "Tamarack Library")
    )
    (row,) = counted(case, stays.stays)
    assert (row.property, row.by_provider) == ("Quarry Motel", 1)
    assert (row.resolved, row.precision) == ("12 Elm St", "provider")


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("she paid for the room at gopher inn", "she paid for the room"),
        ("i booked us a room, gopher inn", "i booked us a room"),
        ("marisol got the room at gopher inn", "marisol got the room"),
        ("gopher inn its in my name", "in my name"),
        ("gopher inn, ella pagó el cuarto", "ella pagó el cuarto"),
        ("gopher inn has a pool", None),
        ("i paid for the food, gopher inn", None),
        ("gopher inn, is there room for two", None),
        ("gopher inn. whats my name", None),
    ],
)
def test_who_booked_is_quoted_where_the_text_says_so(case, counted, text, phrase):
    case.say(text, inn())
    (row,) = counted(case, stays.stays)
    said = [(words, author) for words, author, _ in row.booked]
    assert said == ([] if phrase is None else [(phrase, "name a1")])
    assert {record for _, _, record in row.booked} <= set(row.record_ids)


def test_undated_records_and_posts_make_stays_of_their_own(case, counted):
    case.say("gopher inn", inn(), at=None)
    case.say("gopher inn", inn(), at=None)
    case.say("gopher inn", inn(), thread=None, kind="post")
    case.say("gopher inn", inn(), thread=None, kind="post")
    rows = counted(case, stays.stays)
    assert [row.records for row in rows] == [1, 1, 2]
    assert rows[-1].first is None


def test_repeats_and_records_out_of_scope_count_for_nothing(case, counted):
    case.say("gopher inn", inn(), duplicate_of="r0000")
    case.say("gopher inn", inn(), scope="out_date")
    assert counted(case, stays.stays) == ()


# --- counties ----------------------------------------------------------------------------------


def test_counties_count_records_and_what_stands_in_them(case, counted):
    case.say("gopher inn in Roseville $80 651-555-0117 or 651-555-0199", inn(), city("Roseville"),
             money("$80", "80"), phone("651-555-0117", "+16515550117"),
             phone("651-555-0199", "+16515550199", service_category="hotline"))  # fmt: skip
    case.say("Roseville and Edina", city("Roseville", detail="chosen among 3 places of this name"),
             city("Edina", "Hennepin County"), thread="t2", author="a2")  # fmt: skip
    case.say("at the corner", ("location", "corner", None, {"facts": {"place_kind": "crossing"}}))
    case.say("Roseville", city("Roseville", rule="model:chat_names"))
    rows = counted(case, lambda store: venues.venues(store, stays.stays(store)))
    ramsey, hennepin, unknown = rows
    assert (ramsey.county, ramsey.records, ramsey.stays) == ("Ramsey County", 2, 1)
    assert (ramsey.amounts, ramsey.phones, ramsey.chosen) == (1, 1, 1)
    assert (ramsey.threads, ramsey.accounts) == (2, 2)
    assert [item.text for item in ramsey.cited] == ["FB-1 p. 1 l. 1", "FB-1 p. 1 l. 2"]
    assert (hennepin.records, hennepin.stays, hennepin.amounts) == (1, 0, 0)
    assert (unknown.county, unknown.records, unknown.stays) == (None, 1, 0)


# --- travel ------------------------------------------------------------------------------------


def bus(surface="bus to", mode="bus"):
    return ("travel", surface, mode)


def test_from_and_to_need_their_word_directly_before_the_place(case, counted):
    case.say("driving from Roseville to Edina past Eagan",
             bus("driving from", "drive"), city("Roseville"), city("Edina"), city("Eagan"))  # fmt: skip
    case.say("voy a Edina en camion desde Eagan", city("Edina"), bus("en camion"), city("Eagan"))
    case.say("omw", bus("omw", "en_route"))
    one, two = counted(case, travel.trips)
    assert (one.origin, one.target, one.others) == (
        ("Roseville, MN",),
        ("Edina, MN",),
        ("Eagan, MN",),
    )
    assert (two.origin, two.target, two.others) == (("Eagan, MN",), ("Edina, MN",), ())
    assert one.cited.text == "FB-1 p. 1 l. 1"


def test_modes_count_what_trips_leave_out(case, counted):
    case.say("omw", bus("omw", "en_route"))
    case.say("on the bus", bus("on the bus"))
    rows = counted(case, travel.modes)
    assert {row.mode: row.mentions for row in rows} == {"bus": 1, "en_route": 1}


def test_dates_ahead_are_those_after_the_local_day_of_sending(case, counted):
    def dated(surface, value):
        return ("date", surface, value)

    # 02:00 UTC is the evening before in Chicago
    case.say("bus to Edina tonight", bus(), dated("tonight", "2024-03-01"), at=(2024, 3, 2, 2))
    case.say("bus to Edina tomorrow", bus(), dated("tomorrow", "2024-03-02"), at=(2024, 3, 2, 2))
    case.say("bus next week", bus("bus"), dated("next week", "2024-W12"), at=(2024, 3, 2, 2))
    case.say("happy friday", dated("friday", "2024-03-08"), at=(2024, 3, 2, 2))
    case.say("bus " + "x" * 100 + " friday", bus("bus"), dated("friday", "2024-03-08"))
    case.say("bus friday", bus("bus"), dated("friday", "2024-03-99"))
    case.say("bus friday", bus("bus"), dated("friday", "2024-03-08"), at=None)
    case.say("hello", at=(2024, 3, 5))
    rows = counted(case, lambda store: travel.upcoming(store, "America/Chicago"))
    assert [(row.value, row.after_end) for row in rows] == [
        ("2024-W12", True),
        ("2024-03-02", False),
    ]


def test_moves_are_runs_of_one_county_of_accounts_that_name_two(case, counted):
    for at, (name, county) in enumerate(
        [("Roseville", "Ramsey County"), ("Roseville", "Ramsey County"),
         ("Edina", "Hennepin County"), ("Roseville", "Ramsey County")], 1):  # fmt: skip
        case.say(name, city(name, county), at=(2024, 3, at))
    case.say("Edina", city("Edina", "Hennepin County"), author="a2")
    rows = counted(case, travel.moves)
    assert [(row.account_id, row.county, row.records) for row in rows] == [
        ("a1", "Ramsey County", 2), ("a1", "Hennepin County", 1), ("a1", "Ramsey County", 1),
    ]  # fmt: skip


# --- adverts -----------------------------------------------------------------------------------

LONG = "new in town today only, text me before ten at night {} or come by"


def test_texts_are_listed_where_they_repeat_in_three_places(case, counted):
    for thread in ("t1", "t2", "t3"):
        number = f"651-555-010{thread[1]}"
        case.say(LONG.format(number), phone(number, f"+1651555010{thread[1]}"), thread=thread)
    for thread in ("t1", "t2"):
        case.say(LONG.format("me") + " x 651-555-0150", phone("651-555-0150", "+16515550150"),
                 thread=thread)  # fmt: skip
    (row,) = counted(case, adverts.adverts)
    assert (row.is_repeated, row.is_full, row.places, row.records) == (True, False, 3, 3)
    assert row.phones == ("+16515550101", "+16515550102", "+16515550103")
    assert len(row.cited) == 3


def test_a_text_with_number_amount_and_address_is_listed(case, counted):
    case.say(LONG.format("651-555-0101 $80 example.com/a"), phone("651-555-0101", "+16515550101"),
             money("$80", "80"), ("url", "example.com/a", "example.com/a"))  # fmt: skip
    (row,) = counted(case, adverts.adverts)
    assert (row.is_repeated, row.is_full, row.hosts) == (False, True, ("example.com",))
    assert row.amounts == ((Decimal(80), Decimal(80), "USD"),)


def test_listed_services_and_bare_links_are_no_adverts(case, counted):
    for thread in ("t1", "t2", "t3"):
        case.say(LONG.format("651-555-0199"),
                 phone("651-555-0199", "+16515550199", service_category="hotline"), thread=thread)  # fmt: skip
        case.say(LONG.format("651-555-0198"),
                 phone("651-555-0198", "+16515550198", review="possible_service_number"),
                 thread=thread)  # fmt: skip
        link = "https://maps.example.com/?q=44.1,-93.2&" + "z" * 60
        case.say(link, ("url", link, link), thread=thread)
        case.say("hey there", thread=thread)

    def ask(store):
        return adverts.adverts(store), adverts.advert_numbers(store), adverts.hosts(store)

    texts, numbers, hosts = counted(case, ask)
    assert (texts, numbers) == ((), ())
    assert [(row.host, row.mentions) for row in hosts] == [("maps.example.com", 3)]


@pytest.mark.parametrize(
    ("value", "host"),
    [
        ("https://WWW.Example.com/a?b#c", "example.com"),
        ("example.org/menu", "example.org"),
        ("http://user:pw@example.net:8080/x", "example.net"),
        ("//example.com", "example.com"),
        ("?a=b", None),
    ],
)
def test_hosts(case, counted, value, host):
    case.say(value, ("url", value, value))
    assert [row.host for row in counted(case, adverts.hosts)] == ([host] if host else [])


# --- what perishes -----------------------------------------------------------------------------


def test_what_perishes_is_oldest_first_and_named_as_stated(case, counted):
    case.say("got a $50 vanilla card", money("$50 vanilla card", "50", instrument="giftcard"),
             at=(2024, 3, 4))  # fmt: skip
    case.say("send an uber", bus("send an uber", "rideshare"), at=(2024, 3, 3))
    case.say("gopher inn", inn(), at=(2024, 3, 2))
    case.say("took the greyhound", bus("took the greyhound"), at=(2024, 3, 1))
    case.say("at quarry liquors", ("location", "quarry liquors", None, {"facts": {
        "place_name": "quarry liquors", "place_kind": "venue"}}), at=(2024, 3, 5))  # fmt: skip
    case.say("at elm elementary", ("location", "elm elementary", None, {"facts": {
        "place_name": "elm elementary", "place_kind": "venue"}}))  # fmt: skip
    case.say("omw $20 cash", bus("omw", "en_route"), money("$20 cash", "20", instrument="cash"))
    rows = counted(case, perishable)
    assert [(row.sort, row.name) for row in rows] == [
        ("bus travel", "Greyhound"), ("hotel", "gopher inn"), ("ride-share or taxi", "Uber"),
        ("gift or prepaid card", None), ("store or venue", "quarry liquors"),
    ]  # fmt: skip
    assert all(row.cited and row.records == 1 for row in rows)


# --- worksheets --------------------------------------------------------------------------------


def test_a_property_gathers_its_stays_and_what_stands_beside_them(case, counted):
    case.say("gopher inn rm 9 651-555-0117 or 651-555-0199", inn("gopher inn rm 9", "gopher inn", "9"),
             phone("651-555-0117", "+16515550117"),
             phone("651-555-0199", "+16515550199", service_category="hotline"), at=(2024, 3, 5))  # fmt: skip
    case.say("Gopher Inn", inn("Gopher Inn", "gopher inn"), thread="t2", at=(2024, 3, 2))
    case.say("gopher inn in Roseville", inn(), city("Roseville"), thread="t3")
    case.say("651-555-0150", phone("651-555-0150", "+16515550150"))
    rows = counted(case, lambda store: properties(store, stays.stays(store)))
    assert [(row.number, row.resolved, row.stays) for row in rows] == [
        ("H-01", "Roseville, Ramsey County, MN", ("S-01",)), ("H-02", None, ("S-02", "S-03")),
    ]  # fmt: skip
    assert rows[1].numbers == ("+16515550117",)
    assert (rows[1].rooms, rows[1].first.day, rows[1].last.day) == (("9",), 2, 5)


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    """The numbers of an empty case."""
    with Case().store(tmp_path_factory.mktemp("blank")) as store:
        return summarise(store, Ledger())


@pytest.fixture
def sheets_of(blank):
    """Return contact sheets, hotel sheet and numbers of a case; the rest of it is not counted."""

    def make(case, folder, *, is_full=False):
        with case.store(folder) as store:
            rows = stays.stays(store)
            summary = replace(blank, stays=rows, venues=venues.venues(store, rows))
            if is_full:
                summary = replace(
                    summary, trips=travel.trips(store), travel_modes=travel.modes(store),
                    upcoming=travel.upcoming(store), moves=travel.moves(store),
                    hosts=adverts.hosts(store), adverts=adverts.adverts(store),
                    advert_numbers=adverts.advert_numbers(store),
                    perishable=perishable(store, rows),
                )  # fmt: skip
            return contact_sheets(store, summary), hotel_sheet(store, summary), summary

    return make


def _contacts(evil=""):
    case = Case()
    case.account("a1", "June Example", is_target=True)
    case.account("a2", "Planted Two" + evil, phones=["+16515550122"])
    case.account("a3", "Planted Three", emails=["three@example.com"])
    case.account("a4", "Planted Four")
    for n in range(14):
        case.say(f"two says {n} {evil}", thread="t2", author="a2", to=("a1",), at=(2024, 3, 1, n))
    case.say("my number is 651-555-0122 in Roseville", phone("651-555-0122", "+16515550122"),
             city("Roseville"), thread="t2", author="a2", to=("a1",))  # fmt: skip
    case.say("answer", thread="t2", to=("a2",), at=None)
    for n in range(7):
        case.say(f"secret of three {n} 651-555-0133", phone("651-555-0133", "+16515550133"),
                 thread="t3", author="a3", to=("a1",), at=(2024, 4, 2, n))  # fmt: skip
    case.say("group secret $90 planted two", money("$90", "90"), ("alias", "planted two", "planted two"),
             thread="t5", author="a4", to=("a1", "a2", "a3"))  # fmt: skip
    case.say("a post of two", thread=None, author="a2", to=(), kind="post")
    return case


def test_a_contact_sheet_holds_nothing_of_another_conversation(sheets_of, tmp_path):
    sheets, _, _ = sheets_of(_contacts(), tmp_path)
    assert list(sheets) == ["contacts/C-01", "contacts/C-02"]
    two, three = (said(sheet) for sheet in sheets.values())
    for planted in ("secret", "Three", "three@", "0133", "Four", "group secret", "90", "2024-04", "post of",
                    "name a3", "name a4", "l. 17", "l. 24"):  # fmt: skip
        assert planted not in two, planted
    for planted in (
        "two says",
        "Planted Two",
        "0122",
        "Roseville",
        "Four",
        "group secret",
        "2024-03",
    ):
        assert planted not in three, planted
    assert "Planted Two" in two
    assert "+1 651-555-0122" in two
    assert "June Example" in two
    assert "secret of three 6" in three


def test_a_contact_sheet_counts_its_own_conversation(sheets_of, tmp_path):
    sheets, _, _ = sheets_of(_contacts(), tmp_path)
    first = sheets["contacts/C-01"]
    facts = {
        label: "".join(getattr(part, "text", "") for part in value)
        for section in first.sections
        for block in section.blocks
        for label, value in getattr(block, "items", ())
        if isinstance(label, str)
    }
    assert facts["Messages the account sent"] == "15"
    assert facts["Messages it received"] == "1"
    assert facts["Conversations"] == "1"
    hours = next(table for _, table in tables(first) if table.table_id == "hours")
    assert [row.cells[0].parts[0].text for row in hours.rows][:2] == ["00:00", "01:00"]
    assert sum(row.cells[1].sort for row in hours.rows) == 15
    assert "1 mention of the account's own names" in said(first)
    quoted = [block for section in first.sections for block in section.blocks
              if type(block).__name__ == "Quote"]  # fmt: skip
    assert len(quoted) == 10
    assert any(isinstance(block, Blank) for section in first.sections for block in section.blocks)


@pytest.mark.parametrize(
    "spoil",
    [
        {"kind": "participant", "text": "Third Person", "author": None, "author_name": None},
        {"text": "hi", "author": None, "author_name": "somebody unknown"},
        {"text": "hi", "author": "a3", "to": ("a1", "a2")},
        {"text": "hi", "author": "a3", "to": ("a1", "a2"), "scope": "out_date"},
    ],
)
def test_a_conversation_with_a_third_member_is_on_no_sheet(sheets_of, tmp_path, spoil):
    case = Case()
    case.account("a1", "June Example", is_target=True)
    case.account("a2", "Planted Two")
    for name in ("June Example", "Planted Two"):
        case.say(name, kind="participant", author=None, author_name=None, to=())
    case.say("hello", author="a2", to=("a1",))
    assert list(sheets_of(case, tmp_path / "before")[0]) == ["contacts/C-01"]
    given = {"to": ()} | spoil
    case.say(given.pop("text"), **given)
    assert sheets_of(case, tmp_path / "after")[0] == {}


def test_without_a_target_the_account_with_most_conversations_is_taken_and_that_is_said(
    sheets_of, tmp_path
):
    case = _contacts()
    for row in case.rows["accounts"]:
        row["is_target"] = False
    sheets, _, _ = sheets_of(case, tmp_path)
    assert len(sheets) == 2
    assert "since it takes part in most conversations" in said(sheets["contacts/C-01"])


def test_the_hotel_sheet_has_a_row_a_property_and_blanks(sheets_of, tmp_path):
    case = Case()
    case.say("gopher inn rm 9", inn("gopher inn rm 9", "gopher inn", "9"), at=(2024, 3, 2, 3))
    case.say("rm 7", ("lodging", "rm 7", "room 7", {"detail": "room 7"}), thread="t9")
    _, sheet, _ = sheets_of(case, tmp_path)
    stated, letters = (table for _, table in tables(sheet))
    assert [row.cells[0].parts[0].text for row in stated.rows] == ["H-01"]
    assert stated.rows[0].cells[3].parts[0].text == "2024-03-01"  # evening before, in Chicago
    blanks = {"".join(part.text for part in cell.parts) for cell in letters.rows[0].cells[2:]}
    assert blanks == {"_" * 12}
    assert "legal process is needed" in said(sheet)


def test_an_empty_case_has_sections_and_no_contact_sheet(sheets_of, tmp_path):
    sheets, hotels, summary = sheets_of(Case(), tmp_path, is_full=True)
    assert sheets == {}
    assert "No hotel or motel was named." in said(hotels)
    assert "No record names a place." in said(county_sheet(None, summary))
    for make, words in (
        (lodging_words.lodging, "No stay was found."),
        (lodging_words.venues, "No record names a place."),
        (travel_words.travel, "No mention of travel was found."),
        (advert_words.adverts, "None was found."),
    ):
        assert words in said(of(make(summary)))
    assert summary.perishable == ()


def test_hostile_text_stays_evidence(sheets_of, tmp_path):
    case = _contacts(EVIL)
    case.say("gopher" + EVIL, inn("gopher" + EVIL, "gopher" + EVIL), thread="t2", author="a2",
             to=("a1",))  # fmt: skip
    case.say("bus to " + EVIL, bus(), ("location", EVIL, EVIL, {"facts": {
        "place_name": EVIL, "place_kind": "city", "county": EVIL, "state": EVIL}}))  # fmt: skip
    sheets, hotels, summary = sheets_of(case, tmp_path, is_full=True)
    documents = [hotels, county_sheet(None, summary), *sheets.values()]
    documents += [of(make(summary)) for make in (lodging_words.lodging, lodging_words.venues,
                  travel_words.travel, advert_words.adverts)]  # fmt: skip
    for document in documents:
        assert "script" not in said(document, Words)
    assert any("script" in said(document, Evidence) for document in documents)


def test_no_words_of_a_text_stand_in_the_section_on_adverts(case, sheets_of, tmp_path):
    for thread in ("t1", "t2", "t3"):
        case.say(LONG.format("651-555-0101"), phone("651-555-0101", "+16515550101"), thread=thread)
    _, _, summary = sheets_of(case, tmp_path, is_full=True)
    shown = said(of(advert_words.adverts(summary)))
    assert "+1 651-555-0101" in shown
    assert "new in town" not in shown


def test_a_service_number_is_nowhere(sheets_of, tmp_path):
    case = _contacts()
    case.say("gopher inn in Roseville $9 call 651-555-0199 example.com/a today or come by later",
             inn(), city("Roseville"), money("$9", "9"),
             phone("651-555-0199", "+16515550199", service_category="hotline"),
             ("url", "example.com/a", "example.com/a"), thread="t2", author="a2", to=("a1",),
             at=(2024, 3, 1, 6))  # fmt: skip
    sheets, hotels, summary = sheets_of(case, tmp_path, is_full=True)
    listed = said(of(advert_words.adverts(summary))) + said(hotels)
    for sheet in sheets.values():
        listed += " ".join(
            getattr(part, "text", "")
            for _, table in tables(sheet) for row in table.rows for cell in row.cells
            for part in cell.parts
        )  # fmt: skip
    assert "0199" not in listed


def test_documents_are_the_same_for_the_same_tables(sheets_of, tmp_path):
    case = _contacts()
    one = sheets_of(case, tmp_path / "one")[:2]
    for rows in case.rows.values():
        random.Random(2).shuffle(rows)
    assert sheets_of(case, tmp_path / "two")[:2] == one


def test_the_summary_holds_it_all(tmp_path):
    case = _contacts()
    case.say("gopher inn in Roseville", inn(), city("Roseville"))
    case.say("bus to Edina friday", bus(), city("Edina"), ("date", "friday", "2024-03-08"))
    case.say("see example.com/a", ("url", "example.com/a", "example.com/a"))
    with case.store(tmp_path) as store:
        summary = summarise(store, Ledger())
    counts = [len(getattr(summary, name)) for name in (
        "stays", "venues", "travel_modes", "trips", "upcoming", "hosts", "perishable")]  # fmt: skip
    assert counts == [1, 1, 1, 1, 1, 1, 2]
