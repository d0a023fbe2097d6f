"""WhatsApp's business record: logs, address book, groups; and the sections of Threads."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random

import meta_layout as layout
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meta_layout import group, leaf, message, records, section, thread

from pipeline.readers import survey
from pipeline.readers.base import About, Candidate, Located
from pipeline.readers.meta_html import MetaHtml
from pipeline.sample.whatsapp_record import make_whatsapp_record
from schemas.kinds import Severity

T1, T2, T3 = "2024-02-21 12:01:00 UTC", "2024-02-21 12:03:00 UTC", "2024-02-21 12:09:00 UTC"
OWN, BO, CY, DI = "13125550143", "15155550119", "13125550177", "447700900123"
CREW = "120363000000000001"
PAIR = f"{OWN}-{BO}"
NONE = "No responsive records located"
HEAD = layout.HEAD.format(title="WhatsApp Business Record")
BAR = '<div id="page_{n}" class="pageBreak">WhatsApp Business Record Page {n}</div>'
MODES = ("reopen", "anonymous", "drop", "stay")


def write(tokens, gen="g3", **options):
    html = layout.write(tokens, gen, **{"head": HEAD, "bar": BAR, **options})
    return html + layout.FOOT.encode()


def parse(data, service="whatsapp"):
    """Records and readings of a file."""
    reader = MetaHtml()
    out, readings = [], []
    for shard in reader.shards(iter([data]), has_pages=True):
        reading = reader.read(shard, About(service, "records.html", "America/Chicago"))
        out += reading.records
        readings.append(reading)
    return out, readings


def issues(readings):
    return Counter({issue.code: issue.count for r in readings for issue in r.issues})


def ids(accounts):
    return [account.provider_account_id or account.name for account in accounts]


def row(record):
    author = ids([record.author])[0] if record.author else None
    stated = [(s.kind.value, (record.text or "")[s.start : s.end]) for s in record.stated]
    return (
        record.kind.value, record.text, author, ids(record.recipients), record.sent_raw,
        record.thread_id, stated,
    )  # fmt: skip


def rows(tokens, **options):
    return [row(record) for record in parse(write(tokens, **options))[0]]


def said(record):
    """All of a record that pages, lines and bytes do not decide."""
    return (
        *row(record)[:-1], record.field, record.sent_at, record.thread_name, record.attributes,
        record.attachments, [(s.kind, s.start, s.end, s.rule) for s in record.stated],
    )  # fmt: skip


def logged(sender, to, time=T1, number="3EB0A1", **more):
    """One row of a message log."""
    fields = [leaf("Timestamp", time), leaf("Message Id", number), leaf("Sender", sender), leaf("Recipients", to)]  # fmt: skip
    fields += [leaf(label.replace("_", " "), value) for label, value in more.items()]
    return group("Message", *fields, *[leaf("Sender Ip", "203.0.113.7"), leaf("Type", "text"), leaf("Message Size", "142")])  # fmt: skip


def event(kind, time, start=OWN, to=BO, *more):
    return [leaf("Type", kind), leaf("Timestamp", time), leaf("From", start), leaf("To", to),
            leaf("From Ip", "203.0.113.7"), *more]  # fmt: skip


def call(number, creator, *events):
    return group("Call", leaf("Call Id", number), leaf("Call Creator", creator), records("Events", *events))  # fmt: skip


def blank_between(label, *entries):
    return records(label, *[[entry] for entry in entries])


def phones(*numbers):
    return [("phone", number) for number in numbers]


MESSAGES = section(
    "message_log",
    blank_between(
        "Message Log", logged(OWN, BO), logged(OWN, f"{BO}, {CY}", T2, "3EB0A2", Group_Id=CREW),
        logged(BO, f"{OWN}, {CY}, {DI}", T3, "3EB0A3", Group_Id=CREW),
    ),
)  # fmt: skip
MESSAGE_ROWS = [
    ("message", None, OWN, [BO], T1, PAIR, []),
    ("participant", f"{OWN}\n{BO}", None, [], T1, PAIR, phones(OWN, BO)),
    ("message", None, OWN, [BO, CY], T2, CREW, []),
    ("participant", f"{OWN}\n{BO}, {CY}", None, [], T2, CREW, phones(OWN, BO, CY)),
    ("message", None, BO, [OWN, CY, DI], T3, CREW, []),
    ("participant", f"{BO}\n{OWN}, {CY}, {DI}", None, [], T3, CREW, phones(BO, DI)),
]
CALLS = section(
    "call_logs",
    blank_between(
        "Call Logs",
        call("C1", OWN, event("offer", T2), event("terminate", T3), event("ring", T1, BO, OWN)),
        call("C2", BO, event("offer", T1, BO, OWN, group(
            "Participants", leaf("Phone Number", CY), leaf("State", "invited"), leaf("Platform", "android")))),
        call("C3", OWN),
    ),
)  # fmt: skip
CALL_ROWS = [
    ("call", None, OWN, [BO], T1, PAIR, []),
    ("participant", f"{OWN}\n{BO}", None, [], T1, PAIR, phones(OWN, BO)),
    ("call", None, BO, [OWN, CY], T1, None, []),
    ("participant", f"{BO}\n{OWN}\n{CY}", None, [], T1, None, phones(BO, OWN, CY)),
    ("call", None, OWN, [], None, None, []),
    ("participant", OWN, None, [], None, None, phones(OWN)),
]
CONTACTS = section("address_book_info", group(
    "Address Book Info", leaf("Symmetric contacts", "2 Total", CY, BO), leaf("Asymmetric contacts", "1 Total", DI),
))  # fmt: skip
CONTACT_ROWS = [
    ("profile", text, None, [], None, None, phones(*numbers))
    for text, *numbers in (("2 Total",), (CY, CY), (BO, BO), ("1 Total",), (DI, DI))
]
GROUPS = section("groups_info", group(
    "Groups",
    records("Owned",
            [leaf("Picture", "No picture"), leaf("Thumbnail", "No thumbnail"), leaf("ID", CREW), leaf("Creation", T1),
             leaf("Size", "5"), leaf("Description", "ask for rose", "555-0117"), leaf("Subject", "Prairie crew"),
             leaf("GroupParticipants", "2 Total", BO, CY), leaf("GroupAdministrators", "1 Total", OWN)],
            [leaf("Picture", "No picture"), leaf("ID", f"{OWN}-1600000000"), leaf("Subject", "Old one")]),
    group("Participating", group("Picture", leaf("Linked Media File:", "linked_media/g.jpg")),
          leaf("ID", "120363000000000002"), leaf("Subject", "Sunday")),
))  # fmt: skip
GROUP_ROWS = [
    ("profile", "ask for rose\n555-0117\nPrairie crew", None, [], None, CREW, []),
    ("participant", "2 Total", None, [], None, CREW, []),
    ("participant", BO, None, [], None, CREW, phones(BO)),
    ("participant", CY, None, [], None, CREW, phones(CY)),
    ("participant", "1 Total", None, [], None, CREW, []),
    ("participant", OWN, None, [], None, CREW, phones(OWN)),
    ("profile", "Old one", None, [], None, f"{OWN}-1600000000", []),
    ("profile", "Sunday", None, [], None, "120363000000000002", []),
]
CONNECTION = section("connection_info", group(
    "Connection Info", leaf("Device Id", "0"), leaf("Service start", T1), leaf("Online Since", T2),
    leaf("Connected from", "198.51.100.23"), leaf("Push Name", "MK 👑"),
))  # fmt: skip
CONNECTION_ROWS = [
    ("device", f"0\n{T1}\n{T2}\n198.51.100.23\nMK 👑", None, [], None, None, []),
    ("device", "198.51.100.23", None, [], None, None, [("ip", "198.51.100.23")]),
    ("device", "MK 👑", None, [], None, None, [("alias", "MK 👑")]),
]
DEVICES = [
    *section("device_info", records("Device Info", [leaf("Device Id", "0"), leaf("Device Model", "SM-X")],
                                    [leaf("Device Id", "1"), leaf("Device Model", "Web")])),
    *section("web_info", group("Web Info", leaf("Platform", "Win32"), leaf("Inactive Since", T1))),
]  # fmt: skip
DEVICE_ROWS = [
    ("device", text, None, [], None, None, []) for text in ("0\nSM-X", "1\nWeb", f"Win32\n{T1}")
]
BUSINESS = section("small_medium_business", group(
    "Small Medium Business", leaf("Address", "100 Main St, Fridley, MN"), leaf("Email", "nails@example.com"),
    leaf("Name", "Prairie Nails"),
))  # fmt: skip
BUSINESS_ROWS = [
    ("profile", None, None, [], None, None, []),
    ("profile", "100 Main St, Fridley, MN", None, [], None, None, [("location", "100 Main St, Fridley, MN")]),
    ("profile", "nails@example.com", None, [], None, None, [("email", "nails@example.com")]),
    ("profile", "Prairie Nails", None, [], None, None, [("alias", "Prairie Nails")]),
]  # fmt: skip
EMAILS = section("emails", leaf("Registered Email Addresses", "mk@example.com"))
EMAIL_ROWS = [("profile", "mk@example.com", None, [], None, None, [("email", "mk@example.com")])]
SECTIONS = [
    (MESSAGES, MESSAGE_ROWS), (CALLS, CALL_ROWS), (CONTACTS, CONTACT_ROWS), (GROUPS, GROUP_ROWS),
    (CONNECTION, CONNECTION_ROWS), (DEVICES, DEVICE_ROWS), (BUSINESS, BUSINESS_ROWS), (EMAILS, EMAIL_ROWS),
]  # fmt: skip
PARAMETERS = section(
    "request_parameters", leaf("Service", "WhatsApp"), leaf("Account Identifier", f"+{OWN}"),
    leaf("Account Type", "WhatsApp User"), leaf("Generated", T3), definition=False,
)  # fmt: skip
WHOLE = [*PARAMETERS, *(token for tokens, _ in SECTIONS for token in tokens)]


@pytest.mark.parametrize(("tokens", "expected"), SECTIONS)
@pytest.mark.parametrize("gen", ["g3", "g1"])
def test_sections(tokens, expected, gen):
    assert rows(tokens, gen=gen) == expected


@pytest.mark.parametrize(("tokens", "expected"), SECTIONS)
def test_ids_of_sections_do_not_matter(tokens, expected):
    renamed = [("section", f"x{n}") if token[0] == "section" else token for n, token in enumerate(tokens)]  # fmt: skip
    out, readings = parse(write(renamed))
    assert [row(record) for record in out] == expected
    assert not issues(readings)


@pytest.mark.parametrize(("tokens", "expected"), SECTIONS)
def test_a_break_anywhere_changes_nothing_said(tokens, expected):
    whole = [said(record) for record in parse(write(tokens))[0]]
    for number, place in enumerate(layout.positions(tokens, 5)):
        data = write(tokens, cuts=[place], sections=MODES[number % 4])
        out, readings = parse(data)
        assert [said(record) for record in out] == whole, (place, tokens[place[0]])
        assert not issues(readings)
        check(data, out, readings)


def test_many_breaks_change_nothing_said():
    whole = [said(record) for record in parse(write(WHOLE))[0]]
    places = list(layout.positions(WHOLE))
    rng = Random(8)
    for count in (2, 5, 30, 200):
        data = write(WHOLE, cuts=rng.sample(places, count), sections=rng.choice(MODES))
        out, readings = parse(data)
        assert [said(record) for record in out] == whole
        check(data, out, readings)


def test_places_of_numbers_in_a_row_that_is_cut():
    place = next(n for n, token in enumerate(MESSAGES) if token == ("open", "Recipients"))
    for cut, page, line in (((place, 0), 2, 1), ((place + 1, 0), 2, 1), ((place + 2, 0), 1, 8)):
        record = parse(write(MESSAGES, cuts=[cut]))[0][1]
        assert record.text == f"{OWN}\n{BO}"
        assert record.segments[-1] == (12, page, line), cut
        first = parse(write(MESSAGES, cuts=[cut]))[0][0]
        assert (first.page_first, first.page_last) == (1, 2)


def test_bytes_show_the_row():
    data = write(MESSAGES)
    first, parties, *_ = parse(data)[0]
    shown = data[first.byte_start : first.byte_end].decode()
    assert "3EB0A1" in shown
    assert "3EB0A2" not in shown
    shown = data[parties.byte_start : parties.byte_end].decode()
    assert OWN in shown
    assert BO in shown


def test_attributes_hold_the_row():
    first = parse(write(MESSAGES))[0][0]
    assert first.attributes == [
        ("Timestamp", T1), ("Message Id", "3EB0A1"), ("Sender", OWN), ("Recipients", BO),
        ("Sender Ip", "203.0.113.7"), ("Type", "text"), ("Message Size", "142"),
    ]  # fmt: skip
    first, _, second, *_ = parse(write(CALLS))[0]
    assert first.attributes[:8] == [
        ("Call Id", "C1"), ("Call Creator", OWN), ("Events/Type", "offer"), ("Events/Timestamp", T2),
        ("Events/From", OWN), ("Events/To", BO), ("Events/From Ip", "203.0.113.7"), ("Events[1]/Type", "terminate"),
    ]  # fmt: skip
    assert ("Events[2]/Type", "ring") in first.attributes
    assert ("Events/Participants/State", "invited") in second.attributes


def test_the_group_picture_is_a_file():
    out = parse(write(GROUPS))[0]
    assert [[file.path for file in r.attachments] for r in out if r.attachments] == [
        ["linked_media/g.jpg"]
    ]
    assert {r.thread_name for r in out} == {None, "Prairie crew", "Old one", "Sunday"}


# -- logs in other shapes ----------------------------------------------------------------------


def test_rows_without_a_field_around_them():
    fields = [[leaf("Timestamp", T1), leaf("Message Id", "A"), leaf("Sender", OWN), leaf("Recipients", BO)],
              [leaf("Timestamp", T2), leaf("Message Id", "B"), leaf("Sender", BO), leaf("Recipients", OWN)]]  # fmt: skip
    expected = [
        ("message", None, OWN, [BO], T1, PAIR, []),
        ("participant", f"{OWN}\n{BO}", None, [], T1, PAIR, phones(OWN, BO)),
        ("message", None, BO, [OWN], T2, PAIR, []),
        ("participant", f"{BO}\n{OWN}", None, [], T2, PAIR, phones(BO, OWN)),
    ]
    assert rows(section("message_log", records("Message Log", *fields))) == expected
    flat = [field for entry in fields for field in entry]
    assert rows(section("message_log", group("Message Log", *flat))) == expected
    assert rows(section("message_log", group("Message", *flat))) == expected
    assert rows(section("odd", *[group("Message", *entry) for entry in fields])) == expected


def test_what_is_no_row_of_a_log_is_kept():
    tokens = section("message_log", group("Message Log", "Part 1 of 2", logged(OWN, BO), leaf("Note", "see below")))  # fmt: skip
    assert [(r[0], r[1]) for r in rows(tokens)] == [
        ("generic", "Part 1 of 2"), ("message", None), ("participant", f"{OWN}\n{BO}"), ("generic", "see below"),
    ]  # fmt: skip


def test_equal_rows_are_equal():
    """Logs of days overlap: the same row again says the same, wherever it stands."""
    tokens = section("message_log", blank_between("Message Log", *[logged(OWN, f"{BO}, {CY}", Group_Id=CREW)] * 3))  # fmt: skip
    out = parse(write(tokens))[0]
    first, second, third = [said(r)[:-1] for r in out if r.kind.value == "message"]
    assert first == second == third
    first, second, third = [said(r)[:-1] for r in out if r.kind.value == "participant"]
    assert first == second == third


def test_members_of_a_large_group_are_stated_once():
    members = [f"1515555{n:04}" for n in range(100, 200)]
    tokens = section("message_log", blank_between("Message Log", *[
        logged(OWN, ", ".join(members), number=f"3EB0{n}", Group_Id=CREW) for n in range(50)
    ]))  # fmt: skip
    out = parse(write(tokens))[0]
    stated = Counter(r.text[s.start : s.end] for r in out for s in r.stated)
    assert stated == {OWN: 50, **dict.fromkeys(members, 1)}
    assert all(len(r.recipients) == 100 for r in out if r.kind.value == "message")


GROUP_NUMBERS = ["1203630000000001", "12036300000000001", CREW, "12036300000000000001", f"{OWN}-1600000000"]  # fmt: skip


@pytest.mark.parametrize("number", GROUP_NUMBERS)
def test_groups_are_no_phones(number):
    tokens = [
        *section("message_log", group("Message Log", logged(OWN, number))),
        *section("address_book_info", group("Address Book Info", leaf("Symmetric contacts", number))),
        *section("groups_info", group("Groups", group("Owned", leaf("ID", number), leaf("Subject", "x")))),
    ]  # fmt: skip
    out = parse(write(tokens))[0]
    assert [r.text[s.start : s.end] for r in out for s in r.stated] == [OWN]
    assert out[0].recipients == ()
    assert out[0].thread_id == number


def test_phone_numbers_as_stated_elsewhere_are_never_as_long_as_groups():
    tokens = section("phone_numbers", leaf("Phone Numbers", CREW, f"{OWN} Cell"))
    assert [r[-1] for r in rows(tokens)] == [[], phones(OWN)]


@pytest.mark.parametrize(
    ("to", "expected", "thread"),
    [(f"{BO},{CY}", [BO, CY], None), (f"+{BO}", [BO], PAIR), (f"{BO}, {BO}", [BO], PAIR), ("", [], None),
     ("none", [], None), ("business support", ["business support"], f"{OWN}-business support"),
     (f"{OWN}, {BO}", [BO], PAIR)],
)  # fmt: skip
def test_recipients(to, expected, thread):
    record = parse(write(section("message_log", group("Message Log", logged(OWN, to)))))[0][0]
    assert (ids(record.recipients), record.thread_id) == (expected, thread)


def test_a_time_that_cannot_be_read_is_kept():
    tokens = section("message_log", group("Message Log", logged(OWN, BO, "yesterday")))
    record = parse(write(tokens))[0][0]
    assert (record.sent_raw, record.sent_at) == ("yesterday", None)


def test_accounts_have_their_numbers():
    readings = parse(write(WHOLE))[1]
    facts = {(f.account.provider_account_id, f.field, f.value) for r in readings for f in r.accounts}  # fmt: skip
    assert {(BO, "phone", BO), (DI, "phone", DI), (None, "Target", OWN), (None, "phone", f"+{OWN}"),
            (None, "alias", "MK 👑"), (None, "email", "nails@example.com")} <= facts  # fmt: skip


def test_other_services_state_no_phones():
    out = parse(write([*MESSAGES, *CALLS, *CONTACTS]), service="facebook")[0]
    assert not [r for r in out if r.stated]
    assert [r.kind.value for r in out if r.author] == ["message"] * 3 + ["call"] * 3


def test_a_list_that_says_more_than_it_holds():
    tokens = section("address_book_info", group("Address Book Info", leaf("Symmetric contacts", "3 Total", CY, BO)))  # fmt: skip
    readings = parse(write(tokens))[1]
    (issue,) = [issue for reading in readings for issue in reading.issues]
    assert (issue.severity, issue.code, issue.page) == (Severity.WARNING, "count_differs", 1)
    assert "3 in all, and 2 were read" in issue.message


@pytest.mark.parametrize("key", ["message_log", "call_logs", "groups_info", "address_book_info", "unheard_of"])  # fmt: skip
@pytest.mark.parametrize("label", ["Message Log", "Call Logs", "Groups", "Address Book Info"])
def test_empty_sections(key, label):
    out, readings = parse(write(section(key, leaf(label, NONE, ""))))
    assert out == []
    assert not issues(readings)
    out, readings = parse(write(section(key, leaf(label))))
    assert not [r for r in out if r.text]


def test_unknown_sections_stay_generic_and_are_said():
    tokens = section("channels_info", group("Channels Info", leaf("Channel", "x")))
    out, readings = parse(write([*tokens, *CONTACTS]))
    assert out[0].kind.value == "generic"
    assert issues(readings) == {"unknown_section": 1}


# -- addresses: Meta writes them before their time, WhatsApp after -----------------------------

SEEN = [("203.0.113.7", T1), ("2001:db8:7::9", T2), ("198.51.100.23:4500", T3)]


@pytest.mark.parametrize("order", ["time first", "address first"])
@pytest.mark.parametrize("blanks", [True, False])
def test_addresses_keep_their_times(order, blanks):
    entries = [[leaf("Time", time), leaf("IP Address", ip)] for ip, time in SEEN]
    if order == "address first":
        entries = [entry[::-1] for entry in entries]
    flat = [field for entry in entries for field in entry]
    made = records("Ip Addresses", *entries) if blanks else group("Ip Addresses", *flat)
    tokens = section("ip_addresses", made)
    for gen in ("g3", "g1"):
        for number, place in enumerate([None, *layout.positions(tokens, 2)]):
            cuts = [place] if place else []
            out, readings = parse(write(tokens, gen, cuts=cuts, sections=MODES[number % 4]))
            assert [(r.text, r.sent_raw) for r in out] == SEEN, (place, gen)
            assert not issues(readings)
    places = list(layout.positions(tokens))
    for seed in range(20):
        cuts = Random(seed).sample(places, 12)
        assert [(r.text, r.sent_raw) for r in parse(write(tokens, cuts=cuts))[0]] == SEEN


def test_addresses_cut_between_label_and_value_as_in_a_real_return():
    """Wrappers of the section stay closed behind the bar, and the value stands alone."""
    html = (
        '<div id="property-ip_addresses" class="content-pane">{o}Ip Addresses{m}{o}Time{m}' + T1
        + "{c}{o}IP Address{m}{c}{c}</div>" + BAR.format(n=2) + "{o}{m}{o}{m}203.0.113.7{p}{c}{p}{o}Time{m}"
        + T2 + "{p}{c}{o}IP Address{m}192.0.2.1{p}{c}{p}{c}"
    )  # fmt: skip
    opening, value = layout.OPEN["g3"]
    html = html.format(o=opening, m=value, c="</div>" * 4, p=layout.LINE["g3"])
    out = parse((HEAD + BAR.format(n=1) + html + layout.FOOT).encode())[0]
    assert [(r.text, r.sent_raw) for r in out] == [("203.0.113.7", T1), ("192.0.2.1", T2)]


# -- Threads -----------------------------------------------------------------------------------

ANN, BEA = "ann.w (Threads: 900000000000101)", "bea_21 (Threads: 900000000000202)"
THREADS = [
    (section("threads_profile_picture", records("Threads Profile Picture", [
        group("Image", leaf("Linked Media File:", "linked_media/t.jpg")), leaf("Taken", T1), leaf("Upload Ip", "203.0.113.7")])),
     [("photo", None, None, [], T1, None, []), ("photo", "203.0.113.7", None, [], T1, None, [("ip", "203.0.113.7")])]),
    (section("threads_following", leaf("Threads Following", ANN, "no number")),
     [("generic", ANN, None, [], None, None, [("alias", "ann.w")]), ("generic", "no number", None, [], None, None, [])]),
    (section("threads_followers", leaf("Threads Followers", BEA)),
     [("generic", BEA, None, [], None, None, [("alias", "bea_21")])]),
    (section("threads_registration_date", leaf("Threads Registration Date", T1)),
     [("profile", T1, None, [], None, None, [])]),
    (section("threads_posts_and_replies", records("Threads Posts And Replies", [
        leaf("Posted", T1), leaf("Id", "1"), leaf("Text", "new number 555-0117"), leaf("Author", ANN)],
        [leaf("Posted", T2), leaf("Id", "2"), leaf("Caption", "ty")])),
     [("post", "new number 555-0117", "900000000000101", [], T1, None, []), ("post", "ty", None, [], T2, None, [])]),
    (section("threads_archived_stories", records("Threads Archived Stories", [leaf("Taken", T1), leaf("Caption", "at the inn")])),
     [("photo", "at the inn", None, [], T1, None, [])]),
    (section("threads_community_notes", records("Threads Community Notes", [
        leaf("Date Created", T1), leaf("Id", "1"), leaf("Status", "Active"), leaf("Note", "this is not true")])),
     [("post", "this is not true", None, [], T1, None, [])]),
    (section("threads_unified_messages", [
        ("open", "Threads Unified Messages"), *thread("(900000000000555)", [message(ANN, T1, body="text 555-0117")], people=(ANN, BEA)),
        ("done",), ("close",)]),
     [("parameter", "(900000000000555)", None, [], None, "900000000000555", []),
      ("participant", ANN, None, [], None, "900000000000555", [("alias", "ann.w")]),
      ("participant", BEA, None, [], None, "900000000000555", [("alias", "bea_21")]),
      ("message", "text 555-0117", "900000000000101", ["900000000000202"], T1, "900000000000555", [])]),
]  # fmt: skip


@pytest.mark.parametrize(("tokens", "expected"), THREADS)
def test_threads(tokens, expected):
    out, readings = parse(write(tokens, head=layout.HEAD.format(title="Threads Business Record")), "threads")  # fmt: skip
    assert [row(record) for record in out] == expected
    assert not issues(readings)


# -- which file it is, and files that are not as they should be --------------------------------


def candidate(data, path="records.html"):
    return Candidate(path, data[:65536], Located(Path(path), None, len(data), "0" * 64))


def test_bid_and_identity():
    data = write(WHOLE)
    bid = MetaHtml().bid(candidate(data))
    assert (bid.sureness, bid.reason) == (95, 'title "WhatsApp Business Record" in a file named records.html')  # fmt: skip
    assert MetaHtml().identify(candidate(data)) == ("whatsapp", {f"+{OWN}", OWN})
    nameless = write(MESSAGES)
    assert MetaHtml().identify(candidate(nameless)) == ("whatsapp", frozenset())
    assert MetaHtml().bid(candidate(data.decode().encode("utf-16"), "x.html")).sureness == 0


def check(data, out, readings):
    """What holds for every file, however broken."""
    pages = [page for reading in readings for page in reading.pages]
    assert not pages or (pages[0][1] == 0 and pages[-1][2] == len(data))
    assert all(a[2] == b[1] for a, b in pairwise(pages))
    assert max(Counter((r.page_first, r.line_first, r.field) for r in out).values(), default=1) == 1
    runs = sorted({(r.byte_start, -r.byte_end) for r in out})
    open_ends = []
    for start, end in runs:
        while open_ends and open_ends[-1] <= start:
            open_ends.pop()
        assert 0 <= start <= -end <= len(data)
        assert not open_ends or -end <= open_ends[-1], "ranges that cross"
        open_ends.append(-end)
    for record in out:
        text = record.text or ""
        starts = [segment[0] for segment in record.segments]
        assert starts == sorted(starts)
        assert not text or (starts and starts[0] == 0 and starts[-1] <= len(text))
        assert all(0 <= s.start < s.end <= len(text) for s in record.stated)


def test_whole_file():
    data = write(WHOLE)
    out, readings = parse(data)
    check(data, out, readings)
    assert not issues(readings)
    assert not [r for reading in readings for r in reading.unread]
    assert len(out) == 4 + sum(len(expected) for _, expected in SECTIONS)


def test_every_value_is_in_a_record():
    data = write(WHOLE)
    ranges = [(r.byte_start, r.byte_end) for r in parse(data)[0]]
    for token in WHOLE:
        if token[0] == "text" and "definition" not in token[1] and token[1] != "Time: of it.":
            at = data.find(f">{token[1]}<".encode()) + 1
            assert any(start <= at < end for start, end in ranges), token


@pytest.mark.parametrize("part", range(20))
def test_cut_off(part):
    data = write(WHOLE)
    whole = [said(record) for record in parse(data)[0]]
    data = data[: len(data) * part // 20]
    out, readings = parse(data)
    check(data, out, readings)
    assert not data or issues(readings)["file_ends_early"] == 1
    complete = [said(record) for record in out][:-3]
    assert complete == whole[: len(complete)]


@pytest.mark.parametrize("glue", ["\n", "\r\n", "\r", "\n   "])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_mark(glue, bom):
    whole = [said(record) for record in parse(write(WHOLE))[0]]
    data = bom + write(WHOLE, glue=glue)
    out, readings = parse(data)
    assert [said(record) for record in out] == whole
    check(data, out, readings)


def test_latin_1():
    data = write(WHOLE).replace("MK 👑".encode(), b"Jos\xe9")
    out, readings = parse(data)
    assert any(record.text == "Jos\ufffd" for record in out)
    assert issues(readings) == {"bad_encoding": 1}
    out, readings = parse(data.replace(b"UTF-8", b"ISO-8859-1"))
    assert any(record.text == "José" for record in out)
    assert not issues(readings)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 400), st.sampled_from([
    b"", b"\xff", b"</div>", b"<div>", b"<", b"Message", b"120363000000000001", b"\0", layout.OPEN["g3"][0].encode(),
    b'<div id="page_3" class="pageBreak">', b'<div id="property-call_logs">', b'<div class="p"></div>',
])), max_size=6), st.booleans())  # fmt: skip
def test_damage_anywhere(damage, double):
    data = write(WHOLE)
    for at, length, what in damage:
        data = data[:at] + what + (data[at : at + length] if double else b"") + data[at + length :]
    out, readings = parse(data)
    check_damaged(data, out, readings)


def check_damaged(data, out, readings):
    pages = [page for reading in readings for page in reading.pages]
    assert not pages or (pages[0][1] == 0 and pages[-1][2] == len(data))
    assert max(Counter((r.page_first, r.line_first, r.field) for r in out).values(), default=1) == 1
    for record in out:
        text = record.text or ""
        assert 0 <= record.byte_start <= record.byte_end <= len(data)
        assert all(0 <= s.start < s.end <= len(text) for s in record.stated)


def test_shards_change_nothing_but_where_members_are_stated(monkeypatch):
    """Members of a group are stated where a shard first lists them."""
    rows_ = [logged(OWN, BO, number=f"3EB0{n}") for n in range(9)]
    more = [logged(BO, f"{OWN}, {CY}", T2, number=f"3EB1{n}", Group_Id=CREW) for n in range(9)]
    tokens = [*PARAMETERS, *GROUPS, *section("message_log", blank_between("Message Log", *rows_, *more)), *CALLS]  # fmt: skip
    data = write(tokens, cuts=Random(2).sample(list(layout.positions(tokens)), 20))
    whole = [(*said(r)[:-1], r.byte_start, r.byte_end, r.line_first) for r in parse(data)[0]]
    monkeypatch.setattr(survey, "SHARD_BYTES", 1)
    out, readings = parse(data)
    assert [(*said(r)[:-1], r.byte_start, r.byte_end, r.line_first) for r in out] == whole
    check(data, out, readings)
    assert {s.start for r in out if r.thread_id == PAIR for s in r.stated} == {0, len(OWN) + 1}


# -- the sample --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_sample_is_read_as_its_gold_says(tmp_path, seed):
    path = make_whatsapp_record(tmp_path / "a", seed=seed, pages=24)
    again = make_whatsapp_record(tmp_path / "b.zip", seed=seed, pages=24)
    gold = path.with_name("gold.jsonl").read_bytes()
    assert again.with_name("gold.jsonl").read_bytes() == gold
    assert again.read_bytes() == path.read_bytes()
    data = zipfile.ZipFile(path).read("records.html")
    assert data.count(b'class="pageBreak">WhatsApp Business Record Page ') == 24
    out, readings = parse(data)
    check(data, out, readings)
    assert not issues(readings)
    got = Counter(
        (r.kind.value, r.text, r.author.provider_account_id, f"{r.sent_at:%Y-%m-%dT%H:%M:%SZ}", r.thread_id,
         r.page_first, r.page_last)
        for r in out if r.kind.value in ("message", "call")
    )  # fmt: skip
    want = Counter(
        (g["kind"], g["text"], g["author_id"], g["sent_at"], g["thread_id"], *g["pages"]["records.html"])
        for g in map(json.loads, gold.splitlines())
    )  # fmt: skip
    assert got == want
    assert {kind for kind, *_ in want} == {"message", "call"}


def test_a_sample_has_twenty_pages_at_least(tmp_path):
    with pytest.raises(ValueError, match="at least 20"):
        make_whatsapp_record(tmp_path, seed=1, pages=19)
