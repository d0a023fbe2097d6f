"""Meta download as JSON: threads and sections, damage, encodings."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers.base import About, Account, Candidate, Located, Stated
from pipeline.readers.dyi_json import DyiJson
from pipeline.readers.json_spans import leaves, read_json, written
from pipeline.sample.dyi import make_dyi_json
from schemas.kinds import MentionKind, RecordKind, Severity

READER = DyiJson()
PATH = "your_facebook_activity/messages/inbox/junipertoll_900000000000777/message_1.json"


def doubled(value):
    if isinstance(value, str):
        return value.encode().decode("latin-1")
    if isinstance(value, dict):
        return {key: doubled(item) for key, item in value.items()}
    return [doubled(item) for item in value] if isinstance(value, list) else value


def dump(value, **options):
    return json.dumps(doubled(value), indent=2, **options).encode()


def candidate(path, data):
    return Candidate(path, data[:65536], Located(Path("x"), None, len(data), ""))


def read(data, path=PATH, service="facebook"):
    records, issues, unread = [], [], []
    for shard in READER.shards(iter([data[:7], data[7:]]), has_pages=False):
        reading = READER.read(shard, About(service, path, "America/Chicago"))
        records += list(reading.records)
        issues += reading.issues
        unread += reading.unread
        assert reading.pages == [(None, 0, len(data))]
        sane(records, data, unread)
    return records, [(issue.code, issue.count) for issue in issues], unread


def sane(records, data, unread):
    keys = [(record.line_first, record.field) for record in records]
    assert len(set(keys)) == len(keys)
    for record in records:
        assert 0 <= record.byte_start <= record.byte_end <= len(data)
        assert record.page_first is None
        assert record.line_first >= 1
        starts = [segment[0] for segment in record.segments]
        assert starts == sorted(starts)
        assert not starts or starts[0] == 0
        if record.text is not None:
            record.text.encode()
        for span in record.stated:
            assert 0 <= span.start < span.end <= len(record.text)
    for start, end in unread:
        assert 0 <= start < end <= len(data)


ME, JUNIPER = "Ferris Dunmore", "Juniper Töll 🌲"
MESSAGES = [
    {
        "sender_name": JUNIPER,
        "timestamp_ms": 1709259067123,
        "content": "i’m at the café 🏨 rm 214\ncall 312-555-0143",
        "reactions": [{"reaction": "👍", "actor": ME}],
        "is_geoblocked_for_viewer": False,
    },
    {
        "sender_name": ME,
        "timestamp_ms": 1709258970000,
        "photos": [
            {
                "uri": "your_facebook_activity/messages/inbox/a_1/photos/9.jpg",
                "creation_timestamp": 1,
            }
        ],
        "sticker": {"uri": "your_facebook_activity/messages/stickers_used/1.png"},
        "type": "Generic",
        "is_unsent": True,
    },
    {
        "sender_name": ME,
        "timestamp_ms": 1709258900000,
        "content": "text 312.555.0177",
        "share": {
            "link": "https://maps.example.com/?q=1",
            "share_text": "Café Olé",
            "original_content_owner": "juno_example",
        },
        "type": "Share",
    },
    {
        "sender_name": JUNIPER,
        "timestamp_ms": 1709258800000,
        "content": f"{JUNIPER} called you.",
        "call_duration": 64,
        "type": "Call",
    },
    {"sender_name": ME, "timestamp_ms": 1709258700000, "content": "You sent a photo."},
    {
        "sender_name": ME,
        "timestamp_ms": 1709258600000,
        "content": "",
        "poll": {"question": "dinner at 7?", "id": "12"},
    },
]
THREAD = {
    "participants": [{"name": JUNIPER}, {"name": ME}],
    "messages": MESSAGES,
    "title": JUNIPER,
    "is_still_participant": True,
    "thread_path": "inbox/junipertoll_900000000000777",
    "magic_words": [],
}
DATA = dump(THREAD)


def test_a_thread_is_read_exactly():
    records, issues, unread = read(DATA)
    assert issues == [("unknown_field", 1)]
    assert unread == []
    kinds = [record.kind.value for record in records]
    assert kinds == [
        "participant",
        "participant",
        "message",
        "message",
        "message",
        "share",
        "call",
        "system",
        "message",
        "generic",
        "parameter",
    ]
    assert {record.thread_id for record in records} == {"junipertoll_900000000000777"}
    assert {record.thread_name for record in records} == {JUNIPER}
    assert {record.section for record in records} == {"messages/inbox"}
    first = records[2]
    assert first.text == MESSAGES[0]["content"]
    assert first.field == "messages#0"
    assert first.author == Account("facebook", None, JUNIPER)
    assert first.recipients == (Account("facebook", None, ME),)
    assert first.sent_at == datetime(2024, 3, 1, 2, 11, 7, 123000, tzinfo=UTC)
    assert first.sent_raw == "1709259067123"
    assert first.attributes == [("reaction", f"{ME}: 👍")]
    assert not first.zone_assumed
    photo = records[3]
    assert photo.text is None
    assert [(a.name, a.media_type) for a in photo.attachments] == [
        ("9.jpg", "image"),
        ("1.png", "image"),
    ]
    assert photo.attributes == [("is_unsent", "true")]
    assert records[5].text == "https://maps.example.com/?q=1\nCafé Olé"
    assert records[5].field == "messages#2.share"
    assert records[5].author.name == ME
    assert ("call_duration", "64") in records[6].attributes
    assert records[9].text == "dinner at 7?"
    assert records[9].field == "messages#5.poll.question"
    assert records[8].text == ""


def test_byte_ranges_and_lines_show_the_records_own_bytes():
    lines = DATA.split(b"\n")
    for record in read(DATA)[0]:
        own = DATA[record.byte_start : record.byte_end]
        assert json.loads(own) is not None
        assert DATA[: record.byte_start].count(b"\n") + 1 == record.line_first
        assert lines[record.line_first - 1].strip().startswith((b"{", b'"'))
        if record.kind is RecordKind.MESSAGE:
            assert json.loads(own)["timestamp_ms"] == int(record.sent_raw)


def test_participants_and_title_are_stated_once():
    records = read(DATA)[0]
    assert records[0].stated == [Stated(MentionKind.ALIAS, 0, len(JUNIPER), "dyi:participant")]
    assert records[-1].field == "title"


@pytest.mark.parametrize("place", range(20))
def test_cut_off(place):
    size = 40 + (len(DATA) - 44) * place // 19
    records, issues, _ = read(DATA[:size])
    assert ("file_ends_early", 1) in issues
    whole = [m for m in MESSAGES if f'"timestamp_ms": {m["timestamp_ms"]}'.encode() in DATA[:size]]
    told = [r for r in records if r.field.startswith("messages#") and "." not in r.field]
    assert len(whole) - 1 <= len(told) <= len(whole)
    assert all(r.sent_at for r in told)
    assert {r.thread_id for r in records} <= {"junipertoll_900000000000777"}


def test_reading_goes_on_behind_a_damaged_message():
    at = DATA.index(b'"timestamp_ms": 1709258970000')
    broken = DATA[:at] + b"\x00\x00" + DATA[at + 2 :]
    records, issues, unread = read(broken)
    assert issues == [("bad_json", 1), ("unknown_field", 1)]
    assert [r.sent_raw for r in records if r.kind is RecordKind.MESSAGE] == [
        "1709259067123",
        "1709258900000",
        "1709258600000",
    ]
    assert len(unread) == 1
    start, end = unread[0]
    assert broken[start:end].startswith(b"{")
    assert broken[start:end].endswith(b"}")
    assert b"1709258970000" in broken[start:end]


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"\n", b"\r"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.decode().encode("utf-16"),
        lambda data: b"\xfe\xff" + data.decode().encode("utf-16-be"),
        lambda data: data.decode().encode("utf-16-le"),
    ],
)
def test_line_ends_and_encodings(change):
    data = change(DATA)
    records, issues, _ = read(data)
    plain = read(DATA)[0]
    assert [(r.text, r.field, r.line_first, r.author) for r in records] == [
        (r.text, r.field, r.line_first, r.author) for r in plain
    ]
    assert {code for code, _ in issues} <= {"unknown_field", "encoding_detected"}
    assert READER.bid(candidate(PATH, data)).sureness >= 85


def test_text_that_is_not_doubled_is_kept_and_counted():
    data = json.dumps({"participants": [{"name": "A"}], "messages": [
        {"sender_name": "A", "timestamp_ms": 1709259067000, "content": "café 🌸"},
        {"sender_name": "A", "timestamp_ms": 1709259066000, "content": "caf\u00c3\u00a9"},
        {"sender_name": "A", "timestamp_ms": 1709259065000, "content": "half \ud83d here"},
    ], "title": "A"}, ensure_ascii=True).encode()  # fmt: skip
    records, issues, _ = read(data)
    assert [r.text for r in records if r.kind is RecordKind.MESSAGE] == [
        "café 🌸",
        "café",
        "half \ufffd here",
    ]
    assert issues == [("mojibake", 1), ("bad_characters", 1)]


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (b"[" * 100_000, {"nested_too_deep"}),
        (
            b'{"participants":[],"messages":[{"timestamp_ms":' + b"9" * 5000 + b',"content":"x"}]}',
            {"bad_time", "author_missing"},
        ),
        (
            b'{"participants":[],"messages":[{"timestamp_ms":NaN,"sender_name":"A","content":"x"}]}',
            {"bad_time"},
        ),
        (
            b'{"participants":[],"messages":[{"sender_name":7,"content":["a","b"],"photos":3,"reactions":"x","users":[1]}]}',
            {"author_missing", "time_missing", "unknown_field"},
        ),
        (b"", set()),
        (b"\xef\xbb\xbf", {"file_ends_early"}),
        (b"7", set()),
        (b'{"messages":[]} trailing', {"bad_json"}),
    ],
)
def test_nothing_raises(body, codes):
    assert {code for code, _ in read(body)[1]} == codes


def test_repeated_keys_stay_apart():
    data = b'{"participants":[{"name":"A"}],"messages":[{"sender_name":"A","timestamp_ms":1709259067000,"content":"one","content":"two"}],"messages":[{"sender_name":"A","timestamp_ms":1709259068000,"content":"three"}]}'
    records, issues, _ = read(data)
    assert [r.text for r in records] == ["A", "one", "two", "three"]
    assert records[3].field == "messages#2#0"
    assert issues == [("unknown_field", 1)]


def test_old_trees_and_instagram():
    data = dump({k: v for k, v in THREAD.items() if k != "thread_path"})
    old = "messages/archived_threads/JuniperToll_AbC123/message_2.json"
    records, _, _ = read(data, old)
    assert {(r.thread_id, r.section) for r in records} == {
        ("JuniperToll_AbC123", "messages/archived_threads")
    }
    gram = "your_instagram_activity/messages/inbox/juniper_1/message_1.json"
    assert READER.identify(candidate(gram, data)) == ("instagram", frozenset())
    assert READER.identify(candidate(old, data)) == ("facebook", frozenset())
    assert read(data, gram, "")[0][0 + 2].author.provider == "instagram"


SECTIONS = [
    ("searches_v2", [{"timestamp": 1700000000, "data": [{"text": "motel münchen"}], "title": "You searched Facebook"}],
     "search", "motel münchen", [], 1700000000),
    ("searches_keyword", [{"title": "", "string_map_data": {"Search": {"href": "", "value": "fridley rooms", "timestamp": 0}, "Time": {"href": "", "value": "", "timestamp": 1700000001}}}],
     "search", "fridley rooms", [], 1700000001),
    ("account_accesses_v2", [{"action": "Login", "timestamp": 1700000002, "site": "www.facebook.com", "ip_address": "198.51.100.7"}],
     "login", "198.51.100.7", [("ip", "198.51.100.7")], 1700000002),
    ("account_history_login_history", [{"title": "2023-11-14T22:13:23+00:00", "string_map_data": {"IP Address": {"value": "2001:db8::7"}, "Time": {"timestamp": 1700000003}, "User Agent": {"value": "Example/1.0"}}}],
     "login", "2001:db8::7", [("ip", "2001:db8::7")], 1700000003),
    ("friends_v2", [{"name": "Juniper Töll", "timestamp": 1700000004}], "generic", "Juniper Töll", [("alias", "Juniper Töll")], 1700000004),
    ("relationships_following", [{"title": "", "string_list_data": [{"href": "https://www.instagram.com/x", "value": "juno_example", "timestamp": 1700000005}]}],
     "generic", "juno_example", [("handle", "juno_example")], 1700000005),
    ("address_book_v2", {"address_book": [{"name": "Cookie", "details": [{"contact_point": "+16515550143"}, {"contact_point": "cookie@example.com"}], "created_timestamp": 1700000006}]},
     "generic", "Cookie\n+16515550143\ncookie@example.com", [("alias", "Cookie"), ("phone", "+16515550143"), ("email", "cookie@example.com")], 1700000006),
    ("payments_v2", {"preferred_currency": "USD", "payments": [{"created_timestamp": 1700000007, "amount": "150.00", "currency": "USD", "sender": "Ferris Dunmore", "receiver": "Juniper Töll", "type": "Person to Person", "payment_data": {"p2p_payment": {"memo": "for the room"}}}]},
     "generic", "150.00 USD\nfor the room", [], 1700000007),
    ("location_history_v2", [{"name": "Fridley", "coordinate": {"latitude": 45.08610, "longitude": -93.2633}, "creation_timestamp": 1700000008}],
     "location_fix", "Fridley\n45.0861,-93.2633", [("location", "Fridley"), ("location", "45.0861,-93.2633")], 1700000008),
    ("primary_location_v2", {"city_region_pairs": [["Fridley", "Minnesota"]]}, "location_fix", "Fridley, Minnesota", [("location", "Fridley, Minnesota")], None),
    ("comments_v2", [{"timestamp": 1700000009, "data": [{"comment": {"timestamp": 1700000009, "comment": "nice 🌲", "author": "Ferris Dunmore"}}], "title": "x commented"}],
     "comment", "nice 🌲", [], 1700000009),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "kind", "text", "stated", "time"), SECTIONS)
def test_sections(key, value, kind, text, stated, time):
    data = dump({key: value})
    records, issues, _ = read(data, f"logged_information/{key}.json")
    assert issues == []
    record = records[-1]
    assert (record.kind.value, record.text, record.section) == (kind, text, key)
    assert [(s.kind.value, record.text[s.start : s.end]) for s in record.stated] == stated
    assert (int(record.sent_at.timestamp()) if record.sent_at else None) == time
    assert json.loads(data[record.byte_start : record.byte_end])
    for segment, line in zip(record.segments, record.text.split("\n"), strict=False):
        assert record.text[segment[0] :].startswith(line)


def test_profile_states_whose_export_it_is():
    data = dump({"profile_v2": {
        "name": {"full_name": "Ferris Dünmore", "first_name": "Ferris", "last_name": "Dünmore"},
        "emails": {"emails": ["ferris@example.com"]}, "username": "ferris.example",
        "phone_numbers": [{"phone_type": "Mobile", "phone_number": "+16515550117", "verified": True}],
        "current_city": {"name": "Fridley, Minnesota"},
        "languages": [{"name": "Dutch"}], "family_members": [{"name": "Wren Dunmore", "relation": "Sister"}],
        "registration_timestamp": 1300000000,
    }})  # fmt: skip
    path = "personal_information/profile_information/profile_information.json"
    assert READER.identify(candidate(path, data)) == ("facebook", frozenset({"ferris dünmore"}))
    reading = READER.read(
        next(iter(READER.shards(iter([data]), has_pages=False))), About("facebook", path)
    )
    records = list(reading.records)
    assert {r.kind.value for r in records} == {"profile"}
    stated = [(s.kind.value, r.text[s.start : s.end]) for r in records for s in r.stated]
    assert stated == [
        ("alias", "Ferris Dünmore"), ("email", "ferris@example.com"), ("handle", "ferris.example"),
        ("phone", "+16515550117"), ("location", "Fridley, Minnesota"), ("alias", "Wren Dunmore"),
    ]  # fmt: skip
    facts = [(f.field, f.value) for f in reading.accounts]
    assert facts == [
        ("alias", "Ferris Dünmore"),
        ("email", "ferris@example.com"),
        ("handle", "ferris.example"),
        ("phone", "+16515550117"),
    ]
    assert reading.issues == []


def test_instagram_profile():
    data = dump({"profile_user": [{"title": "", "string_map_data": {
        "Email": {"value": "juno@example.com"}, "Username": {"value": "juno_example"}, "Name": {"value": "Juno 🌲"},
        "Bio": {"value": "txt 651-555-0143"}, "Private Account": {"value": "False"}}}]})  # fmt: skip
    path = "personal_information/personal_information.json"
    assert READER.identify(candidate(path, data)) == (
        "instagram",
        frozenset({"juno_example", "juno 🌲"}),
    )
    records, issues, _ = read(data, path, "instagram")
    assert [(r.text, [s.kind.value for s in r.stated]) for r in records] == [
        ("juno@example.com", ["email"]), ("juno_example", ["handle"]), ("Juno 🌲", ["alias"]), ("txt 651-555-0143", []),
    ]  # fmt: skip
    assert issues == []


def test_what_is_not_known_is_read_value_by_value_and_said():
    data = dump([{"timestamp": 1700000000, "fbid": "17841400000000000", "media": [{"uri": "media/other/1.jpg"}],
                  "label_values": [{"label": "Website name", "value": "Röoms"}, {"label": "Seen", "value": "True"}]}])  # fmt: skip
    records, issues, _ = read(data, "logged_information/link_history/link_history_2.json")
    assert issues == [("unknown_section", 2)]
    assert [(r.text, r.field, r.attributes) for r in records] == [
        (None, "link_history#0.media#0.uri", []),
        ("Röoms", "link_history#0.label_values#0.value", [("label", "Website name")]),
    ]
    assert data[records[1].byte_start : records[1].byte_end] == b'"R\\u00c3\\u00b6oms"'
    assert {r.sent_at.timestamp() for r in records} == {1700000000}


@pytest.mark.parametrize(
    ("path", "data", "sure"),
    [
        (PATH, DATA, 95),
        ("a.json", DATA, 95),
        ("a.json", b'{"participants":[{"name":"A"}],"messages":[],"thread_path":"inbox/a_1"}', 88),
        ("x/personal_information/thing.json", b'{"thing":["a"]}', 62),
        ("a.json", b'{"searches_v2":[]}', 70),
        ("a.json", b'{"likes":[{"string_list_data":[]}]}', 80),
        ("a.json", b'{"name":"x","dependencies":{"a":"1"}}', 0),
        ("a.json", b'{"participants":["A"],"threadName":"A_1","messages":[{"senderName":"A"}]}', 0),
        ("Records.json", b'{"locations":[{"latitudeE7":1}]}', 0),
        ("a.html", b"<html></html>", 0),
        ("a.json", b"", 0),
    ],
)
def test_bids(path, data, sure):
    assert READER.bid(candidate(path, data)).sureness == sure


def test_issue_messages_hold_no_evidence():
    reading = READER.read(
        next(iter(READER.shards(iter([DATA[:-40]]), has_pages=False))), About("facebook", PATH)
    )
    list(reading.records)
    assert [i.severity for i in reading.issues] == [Severity.ERROR, Severity.INFO]
    assert not any("Juniper" in i.message or "dinner" in i.message for i in reading.issues)


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_mutations_never_raise(data):
    body = bytearray(DATA)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body) - 1))
        size = data.draw(st.integers(1, 60))
        how = data.draw(st.sampled_from("dxfi"))
        if how == "d":
            del body[at : at + size]
        elif how == "x":
            body[at:at] = body[at : at + size]
        elif how == "f":
            body[at] ^= 1 << data.draw(st.integers(0, 7))
        else:
            body[at:at] = data.draw(st.binary(max_size=8))
        if not body:
            body = bytearray(b"x")
    read(bytes(body))


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda s: st.lists(s) | st.dictionaries(st.text(), s),
        max_leaves=20,
    )
)
def test_places_of_values_are_exact(value):
    text = json.dumps(value, ensure_ascii=False)
    data = text.encode()
    found = read_json(data)
    assert found.holes == []
    seen = 0
    for unit in found.units:
        start, end = found.bytes_of(unit.start, unit.end)
        assert json.loads(data[start:end]) == json.loads(found.text[unit.start : unit.end])
        for leaf in leaves(found.text, unit.start):
            assert json.loads(found.text[leaf.start : leaf.end]) == (
                leaf.value
                if not isinstance(leaf.value, str) or found.text[leaf.start] == '"'
                else json.loads(leaf.value)
            )
            seen += 1
    assert seen == sum(1 for _ in scalars(value))


def scalars(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from scalars(item)
    elif value is not None:
        yield value


def test_paths_are_written_for_people():
    assert written(("messages", 3, "share", "link")) == "messages#3.share.link"
    assert written((3, "a")) == "#3.a"


@pytest.mark.parametrize("wordlist", ["a", "b"])
def test_the_sample_is_recovered(tmp_path, wordlist, recovered):
    assert recovered(READER, make_dyi_json(tmp_path, pages=60, seed=5, wordlist=wordlist)) == (
        480,
        0,
        0,
    )
