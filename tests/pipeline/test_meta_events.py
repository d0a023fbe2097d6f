"""Sections and messages: kind, text, author, time, stated values, files."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import meta_layout as layout
import pytest
from meta_layout import ANNA, BEN, group, leaf, message, records, section, thread, write
from reader_samples import meta_return

from pipeline.readers.base import About, Attachment
from pipeline.readers.meta_html import MetaHtml
from pipeline.readers.meta_parts import parse_time, stated_in
from pipeline.readers.meta_sections import kind_of_body
from schemas.kinds import MentionKind, RecordKind, Severity

T1, T2 = "2024-02-20 06:00:00 UTC", "2024-02-20 07:00:00 UTC"
FILE = "linked_media/photos_900000000000901.jpg"


def read(tokens, gen="g3", service="facebook", **options):
    reader = MetaHtml()
    data = write(tokens, gen, **options)
    out, issues, accounts = [], [], []
    for shard in reader.shards(iter([data]), has_pages=True):
        reading = reader.read(shard, About(service, "records.html", "America/Chicago"))
        out += reading.records
        issues += reading.issues
        accounts += reading.accounts
    return out, issues, accounts


def rows(tokens, **options):
    return [
        (r.kind.value, r.text, r.author.name if r.author else None, r.sent_raw,
         [(s.kind.value, (r.text or "")[s.start : s.end]) for s in r.stated])
        for r in read(tokens, **options)[0]
    ]  # fmt: skip


image = [("open", "Image"), ("blank",), ("raw", f'<img src="{FILE}"/>'), ("blank",),
         *leaf("Linked Media File:", FILE), ("close",)]  # fmt: skip

SECTIONS = [
    # pictures: Facebook albums, Instagram lists
    (section("photos", group("Photos", records("Album: Mobile uploads", [
        image, leaf("Id", "900000000000901"), leaf("Title", "at the lake"), leaf("Upload Ip", "198.51.100.23"),
        leaf("Album Name", "Mobile uploads"), leaf("Uploaded", T1), leaf("Author", "Anna West (900000000000101)"),
        leaf("Tags"),
    ]))), [
        ("photo", "at the lake", "Anna West", T1, []), ("photo", "198.51.100.23", "Anna West", T1, [("ip", "198.51.100.23")]),
    ]),
    (section("photos", group("Photos", records("Album: A", [leaf("Title", "one"), leaf("Uploaded", T1)],
                                               [leaf("Title", "two"), leaf("Uploaded", T2)]),
                             records("Album: B", [leaf("Title", "three"), leaf("Uploaded", T1)]))), [
        ("photo", "one", None, T1, []), ("photo", "two", None, T2, []), ("photo", "three", None, T1, []),
    ]),
    (section("photos", records("Photos", [
        leaf("Id", "1"), leaf("Taken", T1), leaf("Status", "Active"), leaf("Url", "https://cdn.example.com/x.jpg"),
        leaf("Source", "Camera"), leaf("Filter", "Normal"), leaf("Is Published", "true"),
        leaf("Shared By Author", "true"), leaf("Upload Ip", "203.0.113.7"),
        group("Caption", leaf("Text", "new nails, dm me")),
        group("Location", leaf("Name", "Rose Inn"), leaf("Address", "100 Main St, Fridley, MN")),
        group("Comments", leaf("Date Created", T2), leaf("Text", "u up?"), leaf("Author", "ben.21 (Instagram: 900000000000202)")),
        leaf("Like Count", "12"), leaf("Owner", "anna.w (Instagram: 900000000000101)"),
    ])), [
        ("photo", "new nails, dm me", None, T1, []),
        ("photo", "203.0.113.7", None, T1, [("ip", "203.0.113.7")]),
        ("photo", "Rose Inn\n100 Main St, Fridley, MN", None, T1, [("location", "Rose Inn\n100 Main St, Fridley, MN")]),
        ("comment", "u up?", "ben.21", T2, []),
    ]),
    # posts
    (section("status_updates", records("Status Updates", [
        leaf("Posted", T1), leaf("Display Date", T2), leaf("Status", "new number 555-0117"), leaf("Mobile", "true"),
        leaf("Id", "9"), leaf("Author", "Anna West (900000000000101)"),
        group("Life Experience", leaf("Title", "Moved"), leaf("Creation Date", T2)),
    ])), [("post", "new number 555-0117\nMoved", "Anna West", T1, [])]),
    (section("posts_to_other_walls", records("Posts To Other Walls", [
        leaf("Id", "1"), leaf("Post", "hey girl"), leaf("Time", T1), leaf("Timeline Owner", "Ben 21 (900000000000202)"),
    ])), [("post", "hey girl", None, T1, [])]),
    (section("shares", records("Shared Content", [
        leaf("Date Created", T1), leaf("Link", "https://example.com/a"), leaf("Summary", "s"), leaf("Text", "t"),
        leaf("Title", "u"), leaf("Url", "https://example.com/b"), leaf("Photo Id", "12"),
    ])), [("share", "https://example.com/a\ns\nt\nu\nhttps://example.com/b", None, T1, [])]),
    (section("comments", records("Comments", [
        leaf("Date Created", T1), leaf("Id", "1"), leaf("Status", "Active"), leaf("Text", "call 555-0117"),
        leaf("Media Id", "2"), leaf("Media Owner", "ben.21"),
    ], [leaf("Date Created", T2), leaf("Id", "2"), leaf("Status", "Active"), leaf("Comment", "other label")])), [
        ("comment", "call 555-0117", None, T1, []), ("comment", "other label", None, T2, []),
    ]),
    (section("searches", records("Searches", [leaf("Time", T1), leaf("Term", "motel fridley"), leaf("Type", "places")])),
     [("search", "motel fridley", None, T1, [])]),
    (section("likes", records("Likes", [
        leaf("Taken", T1), leaf("Status", "x"), leaf("Liked Post Author Vanity", "ben.21"), leaf("Like Timestamp", T2),
        leaf("Upload Ip", "203.0.113.7"),
    ])), [("generic", f"{T1}\nx\nben.21\n{T2}\n203.0.113.7", None, T2, []),
          ("generic", "203.0.113.7", None, T2, [("ip", "203.0.113.7")])]),
    # reports, devices, places, logs
    (section("ncmec_reports", leaf("NCMEC CyberTip Numbers", "900000001", "900000002")),
     [("report", "900000001", None, None, []), ("report", "900000002", None, None, [])]),
    (section("ncmec_reports", records("NCMEC Reports", [
        leaf("CyberTip ID", "900000001"), leaf("Time", T1), leaf("Responsible Id", "900000000000101"),
    ])), [("report", f"900000001\n{T1}\n900000000000101", None, T1, [])]),
    (section("devices", records("Devices", [leaf("Type", "iPhone"), leaf("Id", "A1"), leaf("Active", "true"), leaf("User", "9")],
                                [leaf("Type", "SM-A146U"), leaf("Id", "B2")])),
     [("device", "iPhone\nA1\ntrue\n9", None, None, []), ("device", "SM-A146U\nB2", None, None, [])]),
    (section("devices", leaf("Type", "iPhone"), leaf("Id", "A1"), leaf("Type", "SM"), leaf("Id", "B2")),
     [("device", "iPhone\nA1", None, None, []), ("device", "SM\nB2", None, None, [])]),
    (section("last_location", group("Last Location", leaf("Seen", T1), leaf("Accuracy", "12.5"), leaf("X1", "41.600512"), leaf("X2", "-93.609107"))),
     [("location_fix", "41.600512,-93.609107", None, T1, [("location", "41.600512,-93.609107")])]),
    (section("last_location", leaf("Time", T1), leaf("Latitude", "41.600512"), leaf("Longitude", "-93.609107")),
     [("location_fix", "41.600512,-93.609107", None, T1, [("location", "41.600512,-93.609107")])]),
    (section("last_location", leaf("Last Location", "No responsive records located", "")), []),
    (section("ip_addresses", records("Ip Addresses", [leaf("Time", T1), leaf("IP Address", "203.0.113.7")],
                                     [leaf("Time", T2), leaf("IP Address", "2001:db8:7::9"), leaf("Action", "login")])),
     [("login", "203.0.113.7", None, T1, [("ip", "203.0.113.7")]), ("login", "2001:db8:7::9", None, T2, [("ip", "2001:db8:7::9")])]),
    (section("registration_ip", leaf("Registration Ip", "[2001:db8::1]:443")),
     [("profile", "[2001:db8::1]:443", None, None, [("ip", "[2001:db8::1]:443")])]),
    # names and numbers
    (section("name", group("Name", leaf("First", "Anna"), leaf("Middle", "Rae"), leaf("Last", "West"))),
     [("profile", "Anna Rae West", None, None, [("alias", "Anna Rae West")])]),
    (section("name", leaf("Name", "anna.w")), [("profile", "anna.w", None, None, [("alias", "anna.w")])]),
    (section("alternate_names", records("Alternate Names", [leaf("Alternate Name", "Cookie"), leaf("Alternate Name Type", "Nickname")])),
     [("profile", "Cookie", None, None, [("alias", "Cookie")])]),
    (section("vanity", leaf("Vanity Name", "anna.w")), [("profile", "anna.w", None, None, [("handle", "anna.w")])]),
    (section("phone_numbers", records("Phone Numbers", [leaf("Phone Type", "Cell"), leaf("Phone Number", "+1 312-555-0143")])),
     [("profile", "+1 312-555-0143", None, None, [("phone", "+1 312-555-0143")])]),
    (section("request_parameters", leaf("Account Identifier", "+13125550143"), definition=False),
     [("parameter", "+13125550143", None, None, [("phone", "+13125550143")])]),
    (section("request_parameters", leaf("Account Identifier", "13125550143"), definition=False),
     [("parameter", "13125550143", None, None, [("account", "13125550143")])]),
    # reported conversations name their thread in a field
    (section("reported_conversations", records("Reported Conversations", [
        leaf("Participants", ANNA, BEN), leaf("Reporter", ANNA), leaf("Time Reported", T2), leaf("Thread", "(900000000000555)"),
        leaf("Sender", BEN), leaf("Sent", T1), leaf("Message", "come over"),
    ])), [("message", "come over", "Ben 21", T1, [])]),
]  # fmt: skip


@pytest.mark.parametrize(("tokens", "expected"), SECTIONS)
@pytest.mark.parametrize("gen", ["g3", "g1"])
def test_sections(tokens, expected, gen):
    assert rows(tokens, gen=gen) == expected


@pytest.mark.parametrize(("tokens", "expected"), SECTIONS)
def test_sections_over_breaks(tokens, expected):
    whole = rows(tokens)
    for place in layout.positions(tokens, 4):
        assert rows(tokens, cuts=[place]) == whole, (place, tokens[place[0]])


def test_a_fix_in_one_line():
    (record,) = read(section("last_location", leaf("Last Location", T1, "41.600512, -93.609107")))[
        0
    ]
    (span,) = record.stated
    assert record.text[span.start : span.end] == "41.600512, -93.609107"


def test_phone_as_identifier_of_whatsapp():
    tokens = section(
        "request_parameters", leaf("Account Identifier", "13125550143"), definition=False
    )
    (record,) = read(tokens, service="whatsapp")[0]
    assert [span.kind for span in record.stated] == [MentionKind.PHONE]


def test_files_of_a_picture():
    tokens = section("photos", records("Photos", [image, leaf("Title", "x")], [leaf("Title", "y")]))
    first, second = read(tokens)[0]
    assert [(file.name, file.path) for file in first.attachments] == [
        ("photos_900000000000901.jpg", FILE)
    ]
    assert second.attachments == []
    tokens = section("ncmec_reports", records("NCMEC Reports", [
        leaf("CyberTip ID", "900000001"), group("Media uploaded in this cybertip", leaf("Linked Media File:", "a.jpg"),
                                                leaf("Linked Media File:", "b.jpg"))]))  # fmt: skip
    (record,) = read(tokens)[0]
    assert [file.path for file in record.attachments] == ["a.jpg", "b.jpg"]


def said(*fields, body=None, **options):
    tokens = section("unified_messages", [
        ("open", "Unified Messages"),
        *thread("(900)", [message(ANNA, T1, *fields, body=body), message(BEN, T2, body="end")]),
        ("done",), ("close",),
    ])  # fmt: skip
    return [r for r in read(tokens, **options)[0] if r.author is not None], tokens


def file(number, kind=None, path=None):
    return Attachment(f"image-{number}", str(number), kind, 966381 if kind else None,
                      f"https://cdn.example.com/v/{number}_n.png?ccb=1-7&_nc_sid=0" if kind else None, path)  # fmt: skip


ATTACHED = [
    ([("open", "Attachments"), *layout.attachment("901"), *layout.attachment("902"), ("done",), ("close",)],
     [file(901, "image/jpeg", "linked_media/unified_message_901.jpg"),
      file(902, "image/jpeg", "linked_media/unified_message_902.jpg")]),
    (leaf("Attachments", "image-901 (901)", "image-902 (902)"), [file(901), file(902)]),
    ([*leaf("Attachments", "image-901 (901)"), *leaf("Attachments", "image-902 (902)")], [file(901), file(902)]),
    (group("Attachments", "video-9 (900)", leaf("Type", "video/mp4"),
           [("raw", '<video controls><source src="linked_media/v.mp4" type="video/mp4">no video</video>')]),
     [Attachment("video-9", "900", "video/mp4", None, None, "linked_media/v.mp4")]),
    (group("Attachments", leaf("Type", "a"), leaf("Size", "1"), leaf("Type", "b"), leaf("Size", "many")),
     [Attachment(None, None, "a", 1, None, None), Attachment(None, None, "b", None, None, None)]),
    (leaf("Attachments", "contact card.vcf"), [Attachment("contact card.vcf", None, None, None, None, None)]),
    (leaf("Attachments"), []),
]  # fmt: skip


@pytest.mark.parametrize(("field", "expected"), ATTACHED)
def test_attachments(field, expected):
    found, tokens = said(field)
    assert found[0].attachments == expected
    begin = tokens.index(("open", "Attachments"))
    for place in layout.positions(tokens, 5):
        if begin <= place[0] < begin + len(field):
            (first, _) = said(field, cuts=[place])[0]
            assert first.attachments == expected, (place, tokens[place[0]])


def test_shares():
    empty = group("Share", leaf("Date Created", "Unknown"))
    one = group(
        "Share",
        leaf("Date Created", T2),
        leaf("Text", "a\u2068b\u2069"),
        leaf("Url", "https://example.com"),
    )
    own = leaf("Share", "a link")
    found, _ = said(one, empty, own, body="look")
    assert [(r.kind.value, r.field, r.text, r.sent_raw) for r in found[:-1]] == [
        ("message", "Message", "look", T1), ("share", "Share", "a\u2068b\u2069\nhttps://example.com", T1),
        ("share", "Share[2]", "a link", T1),
    ]  # fmt: skip


def test_odd_messages():
    found, _ = said(leaf("Body", "one"), leaf("Body", "two"))
    assert found[0].text == "one\ntwo"
    found, _ = said(group("Call Record", leaf("Type", "video"), leaf("Missed", "true")))
    assert (found[0].kind, found[0].text) == (RecordKind.CALL, None)
    assert ("Call Record/Missed", "true") in found[0].attributes
    found, _ = said(leaf("Disappearing Message", "On"), body="x")
    assert found[0].attributes == [("Disappearing Message", "On")]


def test_messages_without_author_or_thread():
    tokens = section("unified_messages", [
        ("open", "Unified Messages"), *leaf("Author", BEN), *leaf("Sent", T1), *leaf("Body", "no thread"),
        *thread("(900)", [message(None, T1, body="no author"), message(BEN, T2, body="x")]),
        ("done",), ("close",),
    ])  # fmt: skip
    out = [r for r in read(tokens)[0] if r.field == "Message"]
    assert [(r.text, r.thread_id, r.author and r.author.name) for r in out] == [
        ("no thread", None, "Ben 21"), ("no author", "900", None), ("x", "900", "Ben 21"),
    ]  # fmt: skip


BODIES = [
    ("Anna West sent a photo.", "system"), ("Anna sent an attachment.", "system"),
    ("\u2068Anna West\u2069 sent a video.", "system"), ("You sent an attachment.", "system"),
    ("You are now connected on Messenger", "system"), ("Ben 21 missed an audio call", "system"),
    ("You started a video chat", "system"), ("Anna removed a message", "system"),
    ("Anna West named the group Crew.", "system"), ("Anna shared a location", "system"),
    ("Ben 21 took a screenshot.", "system"), ("A payment request was auto-detected.", "system"),
    ("took a screenshot.", "system"), ("removed a message", "system"), ("This message was unsent", "system"),
    ("Anna set your nickname to queen.", "system"),
    ("Liked a message", "reaction"), ("Reacted 😂 to your message", "reaction"),
    ("Anna Reacted ❤️ to your message", "reaction"), ("Removed a reaction from your message", "reaction"),
    ("he sent a photo.", "message"), ("i started a video chat w her", "message"),
    ("did u see Ben sent a photo.", "message"), ("she never Liked a message of mine", "message"),
    ("Author", "message"), ("", "message"), ("my payment request was auto-detected lol", "message"),
    ("sent", "message"), ("who named the group", "message"), ("added you to the list", "message"),
    ("x" * 700 + " Anna sent a photo.", "message"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), BODIES)
def test_kind_of_body(text, kind):
    assert kind_of_body(text, ["Anna West", "Ben 21", None]) is RecordKind(kind)


def test_times():
    assert parse_time("2024-01-09 19:25:07 UTC") == datetime(2024, 1, 9, 19, 25, 7, tzinfo=UTC)
    for raw in (None, "", "Unknown", "2024-01-09 19:25:07", "2024-13-09 19:25:07 UTC", "20240109 UTC",
                "2024-01-09 19:25:07+05:00 UTC", "2024-01-09 24:61:00 UTC", "٢٠٢٤-01-09 19:25:07 UTC"):  # fmt: skip
        assert parse_time(raw) is None


STATED = [
    (MentionKind.PHONE, "+13125550143 Cell Verified on 2019-08-04 12:00:01 UTC", "+13125550143"),
    (MentionKind.PHONE, " 13125550143 (Cell)", "13125550143"),
    (MentionKind.PHONE, "(312) 555-0143", "(312) 555-0143"),
    (MentionKind.PHONE, "Cell +1 312 555 0143", "+1 312 555 0143"),
    (MentionKind.PHONE, "Cell Verified on 2019-08-04 12:00:01 UTC", None),
    (MentionKind.PHONE, "none", None),
    (MentionKind.EMAIL, "anna@example.com (verified)", "anna@example.com"),
    (MentionKind.EMAIL, "anna at example", None),
    (MentionKind.IP, " 192.0.2.1 ", "192.0.2.1"),
    (MentionKind.ALIAS, "  ", None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "surface"), STATED)
def test_stated_in_a_line(kind, text, surface):
    found = [text[span.start : span.end] for span in stated_in(kind, text, "meta:x")]
    assert found == ([surface] if surface else [])


def test_times_that_are_none_are_counted():
    tokens = [
        *section("unified_messages", [
            ("open", "Unified Messages"),
            *thread("(900000000000555)", [
                message(BEN, "2024-03-02 14*00:00 UTC", body="one"), message(BEN, T1, body="two"),
                message(BEN, "Unknown", body="three"), message(BEN, None, body="four"),
            ]),
            ("done",), ("close",),
        ]),
        *section("wallposts", records("Wallposts", [
            leaf("From", "Ben 21 (900000000000202)"), leaf("Time", "2024-02-30 06:00:00 UTC"), leaf("Text", "five"),
        ])),
    ]  # fmt: skip
    out, issues, _ = read(tokens)
    assert [(i.severity, i.count) for i in issues if i.code == "bad_time"] == [
        (Severity.WARNING, 2)
    ]
    told = {r.text: r.sent_raw for r in out if r.sent_at is None}
    assert told["one"] == "2024-03-02 14*00:00 UTC"
    assert told["five"] == "2024-02-30 06:00:00 UTC"


def test_a_share_never_ends_behind_its_message():
    # the beginning of the file, copied into a value: wrappers that nothing closes
    whole = meta_return()
    begun = whole[:20] * 2 + whole[:360]
    at = whole.index(b"=41.5868")
    data = whole[:at] + begun + whole[at:]
    reader = MetaHtml()
    (shard,) = reader.shards(iter([data]), has_pages=True)
    out = list(reader.read(shard, About("facebook", "records.html", "America/Chicago")).records)
    shares = [(one, other) for one, other in pairwise(out) if other.field == "Share"]
    assert shares
    for said, share in shares:
        assert said.byte_start <= share.byte_start < share.byte_end <= said.byte_end
