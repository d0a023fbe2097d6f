"""WhatsApp chat exports: lines, names, orders of dates, damage."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers.base import About, Account
from pipeline.readers.whatsapp_chat import WhatsappChat, thread_of
from pipeline.sample.whatsapp_chat import ZONE, make_whatsapp_chat
from schemas.kinds import MentionKind, RecordKind, Severity
from tests._data.reading import bid_of

CHICAGO = "America/Chicago"
READER = WhatsappChat()

ANDROID = (
    "3/13/24, 23:58 - Messages and calls are end-to-end encrypted. Only people in this chat can "
    "read, listen to, or share them.\n"
    "3/13/24, 23:58 - Juno: room 12\n"
    "\n"
    "code is 9 📱\n"
    "3/14/24, 00:02 - \u202a+1 651\u2011555\u20110142\u202c: <Media omitted>\n"
    "3/14/24, 00:03 - Tía Mél: IMG-20240314-WA0003.jpg (file attached)\n"
    "mira\n"
    '3/14/24, 00:04 - Juno changed the subject from "A" to "Plan: B"\n'
    "3/14/24, 00:05 - Juno: location: https://maps.google.com/?q=44.95,-93.09\n"
    "3/14/24, 00:06 - Tía Mél: This message was deleted\n"
    "3/14/24, 00:07 - Juno: ok <This message was edited>\n"
)
IOS = (
    "\u200e[13/03/2024, 11:58:07\u202fPM] Work: crew: \u200eMessages and calls are end-to-end encrypted.\n"
    "[13/03/2024, 11:58:20\u202fPM] ~\u202fJuno: hola\n"
    "seguimos mañana 📱\n"
    "\u200e[14/03/2024, 12:01:00\xa0a.\xa0m.] Mom: work: \u200e<attached: 00000012-PHOTO-2024-03-14-00-01-00.jpg>\n"
    "[14/03/2024, 12:02:00 AM] Mom: work: ok\n"
    "\u200e[14/03/2024, 12:03:00 AM] ~\u202fJuno: \u200eMissed voice call\n"
    "\u200e[14/03/2024, 12:04:00 PM] ~\u202fJuno: plan.pdf • \u200e2 pages \u200e<attached: 00000013-plan.pdf>\n"
)


def read(data: bytes | str, path="WhatsApp Chat with Juno.txt", zone=CHICAGO):
    data = data if isinstance(data, bytes) else data.encode()
    shards = list(READER.shards(iter([data]), has_pages=False))
    records, issues = [], []
    at = 0
    for shard in shards:
        reading = READER.read(shard, About("whatsapp", path, zone))
        records += list(reading.records)
        issues += reading.issues
        for page, start, end in reading.pages:
            assert (page, start) == (None, at)
            at = end
        for start, end in reading.unread:
            assert 0 <= start < end <= len(data)
    assert at == len(data)
    check(records, data)
    return records, issues


def check(records, data):
    assert len({(r.line_first, r.field) for r in records}) == len(records)
    last = 0
    for record in records:
        assert 0 <= record.byte_start <= record.byte_end <= len(data)
        if record.field == "message":
            assert record.byte_start >= last
            last = record.byte_end
        starts = [segment[0] for segment in record.segments]
        assert starts == sorted(set(starts))
        assert starts[0] == 0
        assert starts[-1] <= len(record.text)
        for at, segment in enumerate(record.segments):
            assert segment[1:] == (None, record.line_first + at)


def messages(records):
    return [record for record in records if record.field == "message"]


def bid(data, path="export/chat.txt"):
    return bid_of(READER, data, path)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_android_records_are_exact():
    records, issues = read(ANDROID)
    juno, mel = Account("whatsapp", None, "Juno"), Account("whatsapp", None, "Tía Mél")
    number = Account("whatsapp", "16515550142", "+1 651\u2011555\u20110142")
    found = [(r.kind.value, r.text, r.author, r.line_first) for r in messages(records)]
    assert found == [
        (
            "system",
            "Messages and calls are end-to-end encrypted. Only people in this chat can read, "
            "listen to, or share them.",
            None,
            1,
        ),
        ("message", "room 12\n\ncode is 9 📱", juno, 2),
        ("message", "<Media omitted>", number, 5),
        ("message", "IMG-20240314-WA0003.jpg (file attached)\nmira", mel, 6),
        ("system", 'Juno changed the subject from "A" to "Plan: B"', None, 8),
        ("message", "location: https://maps.google.com/?q=44.95,-93.09", juno, 9),
        ("message", "This message was deleted", mel, 10),
        ("message", "ok <This message was edited>", juno, 11),
    ]
    room = messages(records)[1]
    assert room.sent_at == utc(2024, 3, 14, 4, 58)
    assert room.sent_raw == "3/13/24, 23:58"
    assert room.zone_assumed
    assert room.recipients == (number, mel)
    assert room.segments == [(0, None, 2), (8, None, 3), (9, None, 4)]
    assert room.thread_id == room.thread_name == "Juno"
    lines = [ANDROID.encode()[r.byte_start : r.byte_end].decode() for r in messages(records)]
    assert "".join(lines) == ANDROID
    assert lines[1] == "3/13/24, 23:58 - Juno: room 12\n\ncode is 9 📱\n"
    names = [[item.name for item in record.attachments] for record in messages(records)]
    assert names == [[], [], [None], ["IMG-20240314-WA0003.jpg"], [], [], [], []]
    assert messages(records)[3].attachments[0].media_type == "image/jpeg"
    marks = [record.attributes for record in messages(records)]
    assert marks[2] == [("Media", "left out of the export")]
    assert (marks[6], marks[7]) == ([("Deleted", "true")], [("Edited", "true")])
    assert [(i.severity, i.code, i.count) for i in issues] == [
        (Severity.INFO, "date_order", 1),
        (Severity.INFO, "zone_assumed", 1),
    ]
    assert issues[0].message == "dates read as month/day/year, as numbers over 12 can be days only"
    assert CHICAGO in issues[1].message


def test_a_number_that_stands_for_a_name_is_a_participant():
    records, _ = read(ANDROID)
    (person,) = [record for record in records if record.field == "participant"]
    assert person.kind is RecordKind.PARTICIPANT
    assert person.text == "+1 651\u2011555\u20110142"
    assert [(s.kind, s.start, s.end) for s in person.stated] == [(MentionKind.PHONE, 0, 15)]
    shown = ANDROID.encode()[person.byte_start : person.byte_end].decode()
    assert shown == person.text
    assert person.line_first == 5


def test_ios_records_are_exact():
    records, issues = read(IOS, "Dump/WhatsApp Chat - Work crew.zip/_chat.txt")
    juno, mom = Account("whatsapp", None, "~\u202fJuno"), Account("whatsapp", None, "Mom: work")
    found = [(r.kind.value, r.text, r.author, r.line_first) for r in records]
    assert found == [
        ("system", "\u200eMessages and calls are end-to-end encrypted.", None, 1),
        ("message", "hola\nseguimos mañana 📱", juno, 2),
        ("message", "\u200e<attached: 00000012-PHOTO-2024-03-14-00-01-00.jpg>", mom, 4),
        ("message", "ok", mom, 5),
        ("call", "\u200eMissed voice call", juno, 6),
        ("message", "plan.pdf • \u200e2 pages \u200e<attached: 00000013-plan.pdf>", juno, 7),
    ]
    assert [record.sent_at for record in records] == [
        utc(2024, 3, 14, 4, 58, 7),
        utc(2024, 3, 14, 4, 58, 20),
        utc(2024, 3, 14, 5, 1),
        utc(2024, 3, 14, 5, 2),
        utc(2024, 3, 14, 5, 3),
        utc(2024, 3, 14, 17, 4),
    ]
    assert records[0].attributes == [("Shown as", "Work: crew")]
    assert records[2].sent_raw == "14/03/2024, 12:01:00\xa0a.\xa0m."
    assert records[1].recipients == (mom,)
    assert records[1].thread_id == "Work crew"
    assert [a.name for r in records for a in r.attachments] == [
        "00000012-PHOTO-2024-03-14-00-01-00.jpg",
        "00000013-plan.pdf",
    ]
    assert [issue.code for issue in issues] == ["date_order", "zone_assumed"]
    assert issues[0].message.startswith("dates read as day/month/year")


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        ("3/14/24, 02:11 - ", (2024, 3, 14, 2, 11, 0)),
        ("3/14/24, 2:11 PM - ", (2024, 3, 14, 14, 11, 0)),
        ("3/14/24, 12:11\u202fAM - ", (2024, 3, 14, 0, 11, 0)),
        ("3/14/24, 12:11\xa0pm - ", (2024, 3, 14, 12, 11, 0)),
        ("14/3/24, 2:11 p. m. - ", (2024, 3, 14, 14, 11, 0)),
        ("14/3/24, 2:11\u202fp.\xa0m. - ", (2024, 3, 14, 14, 11, 0)),
        ("14/03/2024 02:11 - ", (2024, 3, 14, 2, 11, 0)),
        ("14.03.24, 02:11 - ", (2024, 3, 14, 2, 11, 0)),
        ("14-03-2024 02:11 - ", (2024, 3, 14, 2, 11, 0)),
        ("2024-03-14 02:11 - ", (2024, 3, 14, 2, 11, 0)),
        ("2024/03/14, 02:11 - ", (2024, 3, 14, 2, 11, 0)),
        ("14/03/2024 à 02:11 - ", (2024, 3, 14, 2, 11, 0)),
        ("3/14/24, 10:30:05 AM - ", (2024, 3, 14, 10, 30, 5)),
        ("14/3/24 02.11 - ", (2024, 3, 14, 2, 11, 0)),
        ("[3/14/24, 2:11:20 AM] ", (2024, 3, 14, 2, 11, 20)),
        ("[14.03.24, 02:11:20] ", (2024, 3, 14, 2, 11, 20)),
        ("[14-03-2024 02:11:20] ", (2024, 3, 14, 2, 11, 20)),
        ("\u200e[2024-03-14, 2:11:20 PM] ", (2024, 3, 14, 14, 11, 20)),
        ("[14/3/24, 2:11:20 p. m.] ", (2024, 3, 14, 14, 11, 20)),
    ],
)
def test_every_locale_of_head(head, wanted):
    (record,), _ = read(f"{head}Juno: hi there", zone="UTC")
    assert (record.author.name, record.text) == ("Juno", "hi there")
    assert record.sent_at == utc(*wanted)


@pytest.mark.parametrize(
    "line",
    [
        "3/14/24 - Juno: hi",
        "3/14/24, 25:11 - Juno: hi",
        "3/14/24, 02:71 - Juno: hi",
        "33/44/24, 02:11 - Juno: hi",
        "3/14/24, 02:11 Juno: hi",
        "call me 3/14/24, 02:11 - Juno: hi",
        "02:11 - Juno: hi",
        "3/14/24, 02:111 - Juno: hi",
        "2024-03-14 02:11:20.123 - Juno: hi",
    ],
)
def test_other_lines_are_no_heads(line):
    records, issues = read(line)
    assert records == []
    assert [(i.severity, i.code, i.count) for i in issues] == [(Severity.ERROR, "unparsed_line", 1)]


ORDERS = [
    # days, zone, order found, severity, why
    (["3/1", "3/2", "3/13"], CHICAGO, "mdy", Severity.INFO, "over 12"),
    (["1/3", "2/3", "13/3"], CHICAGO, "dmy", Severity.INFO, "over 12"),
    (["1/3", "2/3", "5/3", "1/4"], CHICAGO, "dmy", Severity.INFO, "ascending"),
    (["3/1", "3/2", "3/5", "4/1"], "Europe/Madrid", "mdy", Severity.INFO, "ascending"),
    (["3/1", "3/2"], CHICAGO, "mdy", Severity.WARNING, "nothing in the file"),
    (["3/1", "3/2"], "Europe/Madrid", "dmy", Severity.WARNING, "nothing in the file"),
    (["3/3", "4/4"], CHICAGO, "mdy", Severity.INFO, "equal"),
]


@pytest.mark.parametrize(("days", "zone", "order", "severity", "why"), ORDERS)
def test_the_whole_file_decides_the_order_of_dates(days, zone, order, severity, why):
    text = "".join(f"{day}/24, 12:00 - Juno: hi\n" for day in days)
    records, issues = read(text, zone=zone)
    assert issues[0].code == "date_order"
    assert issues[0].severity is severity
    assert why in issues[0].message
    first, second = map(int, days[-1].split("/"))
    month, day = (first, second) if order == "mdy" else (second, first)
    assert (records[-1].sent_at.month, records[-1].sent_at.day) == (month, day)


def test_names_of_media_tell_the_order_where_dates_do_not():
    text = "1/3/24, 12:00 - Juno: IMG-20240301-WA0001.jpg (file attached)\n"
    records, issues = read(text)
    assert records[0].sent_at == utc(2024, 3, 1, 18)
    assert issues[0].severity is Severity.INFO
    assert "names of attached files" in issues[0].message


def test_a_date_that_does_not_fit_stands_without_time():
    days = [*(f"3/{day}" for day in range(10, 30)), "14/30"]
    records, issues = read("".join(f"{day}/24, 12:00 - Juno: hi\n" for day in days))
    assert len(records) == 20
    assert records[-1].text == "hi\n14/30/24, 12:00 - Juno: hi"
    days[-1] = "30/3"
    records, issues = read("".join(f"{day}/24, 12:00 - Juno: hi\n" for day in days))
    assert records[-1].sent_at is None
    assert records[-1].sent_raw == "30/3/24, 12:00"
    assert [(i.severity, i.code, i.count) for i in issues if i.code == "bad_time"] == [
        (Severity.WARNING, "bad_time", 1)
    ]


def test_heads_in_another_style_are_pasted_text():
    text = (
        "3/13/24, 23:58 - Juno: look what she wrote\n"
        "[03.01.24, 10:00:00] Dee: come\n"
        "3/13/24, 23:59 - Juno: ok\n"
    )
    records, issues = read(text)
    assert [record.text for record in records] == [
        "look what she wrote\n[03.01.24, 10:00:00] Dee: come",
        "ok",
    ]
    assert [(i.code, i.count) for i in issues] == [
        ("pasted_head", 1),
        ("date_order", 1),
        ("zone_assumed", 1),
    ]


def test_what_stands_before_the_first_message_is_said():
    records, issues = read("end of a message\n\n" + ANDROID)
    assert messages(records)[0].line_first == 3
    first = issues[0]
    assert (first.severity, first.code, first.count) == (Severity.ERROR, "unparsed_line", 1)
    assert "end of" not in issues[0].message


def test_clock_changes():
    text = "3/10/24, 02:30 - A: lost\n11/3/24, 01:30 - A: twice\n"
    records, _ = read(text)
    assert [record.sent_at for record in records] == [
        utc(2024, 3, 10, 8, 30),
        utc(2024, 11, 3, 6, 30),
    ]


@pytest.mark.parametrize(
    ("path", "thread"),
    [
        ("a/WhatsApp Chat with Juno 🌸.txt", "Juno 🌸"),
        ("Chat de WhatsApp con Tía Mél.txt", "Tía Mél"),
        ("Conversa do WhatsApp com Juno.txt", "Juno"),
        ("WhatsApp-Chat mit Juno.txt", "Juno"),
        ("Discussion WhatsApp avec Juno.txt", "Juno"),
        ("WhatsApp Chat - Juno/_chat.txt", "Juno"),
        ("x/WhatsApp Chat - Juno.zip/_chat.txt", "Juno"),
        ("phone/juno/_chat.txt", "juno"),
    ],
)
def test_threads_are_named_by_files(path, thread):
    assert thread_of(path) == (thread, thread)


def test_other_files_have_a_thread_of_their_own():
    assert thread_of("a/x.txt")[0].startswith("chat-")
    assert thread_of("a/x.txt") == thread_of("a/x.txt") != thread_of("b/x.txt")
    assert thread_of("_chat.txt")[1] is None


BIDS = [
    (ANDROID, "x.txt", True),
    (IOS, "x.txt", True),
    (ANDROID, "WhatsApp Chat with Juno.txt", True),
    ("3/1/24, 02:11 - Juno: hi", "WhatsApp Chat with Juno.txt", True),
    ("3/1/24, 02:11 - Juno: hi", "_chat.txt", True),
    ("3/1/24, 02:11 - A: hi\n3/1/24, 02:12 - B: yo\n" * 3, "notes.txt", True),
    ("3/1/24, 02:11 - Juno: hi", "notes.txt", False),
    ("3/1/24, 9:30 - Meeting: room 4\n3/2/24, 9:30 - Court: room 5\n", "notes.txt", False),
    ("2024-03-01 02:11:20 - INFO: started\n2024-03-01 02:11:21 - ERROR: no\n" * 9, "a.log", False),
    (
        "[2024-03-01 02:11:20] app.ERROR: no\n[2024-03-01 02:11:21] app.INFO: x\n" * 9,
        "a.log",
        False,
    ),
    ("[2024-03-01 02:11:20] web: no\n[2024-03-01 02:11:21] db: x\n" * 9, "a.log", False),
    ("3/1/2024, 2:11:20 AM - Warning: disk\n3/1/2024, 2:11:21 AM - Error: x\n" * 5, "e.txt", False),
    ("a,b\n3/1/24,x\n", "a.csv", False),
    ("<html>3/1/24, 02:11 - A: hi", "a.html", False),
    ('{"a": "3/1/24, 02:11 - A: hi"}', "WhatsApp.json", False),
    ("Dear all,\n\n" + ANDROID, "letter.txt", False),
    ("", "_chat.txt", False),
    (b"\x89PNG\r\n\x1a\n\0\0", "_chat.txt", False),
]


@pytest.mark.parametrize(("data", "path", "taken"), BIDS)
def test_bids(data, path, taken):
    found = bid(data, path)
    assert (found.sureness >= 85) is taken
    assert bool(found.sureness) is taken
    assert "Juno" not in found.reason


@pytest.mark.parametrize("sample", [ANDROID, IOS])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le"])
def test_line_ends_and_encodings_change_nothing(sample, end, encoding):
    plain, _ = read(sample)
    data = sample.replace("\n", end).encode(encoding)
    records, issues = read(data)
    assert [r.text.replace(end, "\n") for r in records] == [r.text for r in plain]
    assert [(r.author, r.sent_at, r.line_first, r.kind) for r in records] == [
        (r.author, r.sent_at, r.line_first, r.kind) for r in plain
    ]
    codes = {issue.code for issue in issues} - {"date_order", "zone_assumed"}
    assert codes == ({"encoding_detected"} if encoding.startswith("utf-16") else set())
    body = encoding.replace("utf-8-sig", "utf-8").replace(
        "utf-16", "utf-16-le", encoding == "utf-16"
    )
    for record in messages(records):
        shown = data[record.byte_start : record.byte_end].decode(body)
        assert shown.rstrip("\r\n").endswith(record.text)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac_roman"])
def test_old_encodings(encoding):
    text = "13/3/24, 10:00 - Tía: mañana sí, papá\n13/3/24, 10:01 - Juno: qué\n"
    records, issues = read(text.encode(encoding))
    assert [r.text for r in records] == ["mañana sí, papá", "qué"]
    assert "encoding_detected" in {issue.code for issue in issues}


@pytest.mark.parametrize("sample", [ANDROID, IOS])
@pytest.mark.parametrize("part", range(1, 21))
def test_a_file_cut_anywhere_is_read_up_to_there(sample, part):
    data = sample.encode()
    cut = len(data) * part // 21
    records, _ = read(data[:cut])
    whole, _ = read(data)
    for found, wanted in zip(messages(records)[:-1], messages(whole), strict=False):
        assert found.text == wanted.text
    read(data[cut:])


@given(
    st.sampled_from([ANDROID, IOS]),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 900), st.integers(1, 60)), max_size=6),
)
@settings(max_examples=150, deadline=None)
def test_mutations_never_raise(sample, changes):
    data = bytearray(sample.encode())
    for what, at, length in changes:
        at = min(at, len(data))
        if what == 0:
            del data[at : at + length]
        elif what == 1:
            data[at:at] = data[at : at + length]
        elif what == 2 and at < len(data):
            data[at] ^= length
        else:
            data[at:at] = bytes([length, 0, 255])
    records, issues = read(bytes(data))
    bid(bytes(data), "_chat.txt")
    assert read(bytes(data)) == (records, issues)


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_any_bytes_never_raise(data):
    read(data)
    read(b"3/1/24, 02:11 - " + data)


@pytest.mark.parametrize(
    "data",
    ["1" * 1_000_000, "3/1/24, " * 120_000, "[" * 1_000_000, "3/1/24, 02:11 - A" + ":" * 1_000_000,
     "3/1/24, 02:11 - " + "a: " * 300_000, "\u200e" * 300_000, "3/1/24, 02:11 - A: <" + "x." * 500_000,
     "\n" * 1_000_000, "3/1/24, 02:11 - A: (x).jp" + "g (" * 300_000],
)  # fmt: skip
def test_time_is_linear(data):
    read(data)
    bid(data)


def test_samples_are_recovered_whole(tmp_path):
    folder = make_whatsapp_chat(tmp_path / "a", pages=60, seed=5)
    found = Counter()
    for file in sorted(folder.rglob("*.txt")):
        path = str(file.relative_to(folder))
        assert bid(file.read_bytes(), path).sureness == 95
        records, issues = read(file.read_bytes(), path, ZONE)
        assert {issue.severity for issue in issues} == {Severity.INFO}
        for record in messages(records):
            name = record.author.name if record.author else ""
            sent = f"{record.sent_at:%Y-%m-%dT%H:%M:%SZ}"
            found[record.kind.value, record.thread_id, name, sent, record.text] += 1
    gold = [json.loads(line) for line in (folder / "gold.jsonl").open(encoding="utf-8")]
    assert len(gold) > 300
    assert found == Counter(
        (g["kind"], g["thread_id"], g["author"], g["sent_at"], g["text"]) for g in gold
    )
    for row in gold:
        for span in row["spans"]:
            assert row["text"][span["start"] : span["end"]].strip()
    other = make_whatsapp_chat(tmp_path / "b", pages=60, seed=5)
    assert (other / "gold.jsonl").read_bytes() == (folder / "gold.jsonl").read_bytes()
