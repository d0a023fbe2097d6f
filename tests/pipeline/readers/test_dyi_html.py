"""Meta download as HTML: threads in their several spellings, other pages, damage."""

import html
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers.base import About, Account, Candidate, Located
from pipeline.readers.dyi_e2ee import DyiE2ee
from pipeline.readers.dyi_html import DyiHtml
from pipeline.readers.dyi_json import DyiJson
from pipeline.sample.dyi import make_dyi_html
from schemas.kinds import RecordKind

READER = DyiHtml()
PATH = "your_facebook_activity/messages/inbox/junipertoll_900000000000777/message_1.html"
ME, JUNIPER = "Ferris O'Dunmore", "Juniper Töll 🌲"
PHOTO = "your_facebook_activity/messages/inbox/junipertoll_900000000000777/photos/9.jpg"


def body(text, more="<div></div>"):
    shown = html.escape(text).replace("\n", "<br />")
    return f"<div><div></div><div>{shown}</div>{more}<div></div></div>"


def div(name, time, inner):
    return f'<div class="_3-95 _a6-g"><div class="_2ph_ _a6-h _a6-i">{html.escape(name)}</div><div class="_2ph_ _a6-p">{inner}</div><div class="_3-94 _a6-o"><div class="_a72d">{time}</div></div></div>'


def section(name, time, inner):
    return f'<section class="_a6-g" aria-labelledby="u_0"><h2 class="_2ph_ _a6-h _a6-i" id="u_0">{html.escape(name)}</h2><div class="_2ph_ _a6-p">{inner}</div><footer class="_3-94 _a6-o"><div class="_a72d">{time}</div></footer></section>'


def gram(name, time, inner):
    return f'<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder"><h2 class="_3-95 _2pim _a6-h _a6-i">{html.escape(name)}</h2><div class="_3-95 _a6-p">{inner}</div><div class="_3-94 _a6-o">{time}</div></div>'


def old(name, time, inner):
    return f'<div class="pam _3-95 _2pi0 _2lej uiBoxWhite noborder"><div class="_3-96 _2pio _2lek _2lel">{html.escape(name)}</div><div class="_3-96 _2let">{inner}</div><div class="_3-94 _2lem">{time}</div></div>'


def page(*blocks, title=JUNIPER):
    return (
        '<html><head><meta charset="UTF-8" /><base href="../../" />'
        f'<title>{title}</title><style>._a6-g{{padding:8px}} ._a6-p{{margin:0}} a>b{{}}</style></head><body class="_5vb_"><!-- x <div> -->'
        f'<div class="_a70a"><a href="index.html">Back</a><div class="_a70e">{title}</div></div><div class="_a706" role="main">{"".join(blocks)}</div></body></html>'
    ).encode()


LINK = '<div><div>Café Olé</div><div><a target="_blank" href="https://maps.example.com/?q=1&amp;r=2">https://maps.example.com/?q=1&amp;r=2</a></div></div>'
SHOWN = f'<div></div><div><div><a target="_blank" href="{PHOTO}"><img src="{PHOTO}" class="_a6_o" /></a></div></div>'
REACTION = f'<div></div><div></div><div><ul class="_a6-q"><li><span>👍{ME.replace(chr(39), "&#039;")}</span></li></ul></div>'
CALL = "<div>Duration: 64 seconds</div>"
MESSAGES = [
    (
        JUNIPER,
        "Feb 29, 2024 8:11:07{}pm",
        body("i’m at <the> café & inn 🏨\ncall 312-555-0143", REACTION),
    ),
    (ME, "Feb 29, 2024 8:09:30{}pm", body("", SHOWN)),
    (ME, "Feb 29, 2024 12:08:20{}am", body("text 312.555.0177", LINK)),
    (JUNIPER, "Jul 04, 2023 12:00:00{}pm", body(f"{JUNIPER} called you.", CALL)),
    (ME, "Jul 04, 2023 11:59:59{}am", body("You sent a photo.")),
]


def candidate(path, data):
    return Candidate(path, data[:65536], Located(Path("x"), None, len(data), ""))


def read(data, path=PATH, zone="America/Chicago"):
    records, issues, unread = [], [], []
    for shard in READER.shards(iter([data]), has_pages=False):
        reading = READER.read(shard, About("facebook", path, zone))
        records += list(reading.records)
        issues += [(issue.code, issue.count) for issue in reading.issues]
        unread += reading.unread
        assert reading.pages == [(None, 0, len(data))]
    assert len({(record.line_first, record.field) for record in records}) == len(records)
    for record in records:
        assert 0 <= record.byte_start <= record.byte_end <= len(data)
        assert record.line_first >= 1
        assert not record.segments or record.segments[0][0] == 0
        (record.text or "").encode()
        for span in record.stated:
            assert 0 <= span.start < span.end <= len(record.text)
    for start, end in unread:
        assert 0 <= start < end <= len(data)
    return records, issues, unread


SPELLINGS = [(div, ""), (section, " "), (gram, " "), (old, " "), (section, "\u202f")]


@pytest.mark.parametrize(("block", "gap"), SPELLINGS)
def test_a_thread_is_read_exactly(block, gap):
    data = page(*(block(name, time.format(gap), inner) for name, time, inner in MESSAGES))
    records, issues, unread = read(data)
    assert (issues, unread) == ([("zone_assumed", 5)], [])
    assert [r.kind.value for r in records] == [
        "parameter",
        "message",
        "message",
        "message",
        "share",
        "call",
        "system",
    ]
    assert {(r.thread_id, r.thread_name) for r in records} == {
        ("junipertoll_900000000000777", JUNIPER)
    }
    first = records[1]
    assert first.text == "i’m at <the> café & inn 🏨\ncall 312-555-0143"
    assert first.author == Account("facebook", None, JUNIPER)
    assert first.recipients == (Account("facebook", None, ME),)
    assert first.sent_at == datetime(2024, 3, 1, 2, 11, 7, tzinfo=UTC)
    assert first.sent_raw == f"Feb 29, 2024 8:11:07{gap}pm"
    assert first.zone_assumed
    assert first.attributes == [("reaction", f"{ME}: 👍")]
    assert (first.field, first.line_first) == ("messages#0", 1)
    assert [r.line_first for r in records] == [1, 1, 2, 3, 3, 4, 5]
    assert records[2].text is None
    assert [(a.name, a.path) for a in records[2].attachments] == [("9.jpg", PHOTO)]
    assert records[3].text == "text 312.555.0177"
    assert records[3].sent_at == datetime(2024, 2, 29, 6, 8, 20, tzinfo=UTC)
    assert records[4].text == "Café Olé\nhttps://maps.example.com/?q=1&r=2"
    assert records[5].attributes == [("call", "Duration: 64 seconds")]
    for record in records:
        if record.kind is RecordKind.MESSAGE:
            own = data[record.byte_start : record.byte_end].decode()
            assert own.startswith(("<div class=", "<section class="))
            assert own.endswith(("</div>", "</section>"))
            assert record.sent_raw in own
            assert own.count("_a6-g") + own.count("_2lej") == 1


def test_lines_are_physical_where_the_file_has_lines():
    blocks = [
        section(name, time.format(" "), inner).replace(
            '<div class="_2ph_ _a6-p">', '\n<div class="_2ph_ _a6-p">\n '
        )
        + "\n"
        for name, time, inner in MESSAGES
    ]
    data = page(*blocks)
    records, _, _ = read(data)
    assert records[1].text == "i’m at <the> café & inn 🏨\ncall 312-555-0143"
    for record in records[1:]:
        if "." not in record.field:
            assert data[: record.byte_start].count(b"\n") + 1 == record.line_first


def test_a_message_in_nested_wrappers_is_read_once():
    one = section(ME, "Jan 01, 2024 3:00:00 pm", body("once"))
    twice = f'<div class="_a6-g">{one}{one}</div>' + section(
        ME, "Jan 01, 2024 3:00:00 pm", body("once")
    )
    within = section(
        ME,
        "Jan 02, 2024 3:00:00 pm",
        body("outer", f"<div>{section(ME, 'Jan 03, 2024 3:00:00 pm', body('inner'))}</div>"),
    )
    records, _, _ = read(page(twice, within))
    # the second of the two that stand apart is a message of its own: two equal ones in a second
    assert [r.text for r in records if r.kind is RecordKind.MESSAGE] == [
        "once",
        "once",
        "outer",
        "inner",
    ]


def test_participants_are_taken_from_where_they_are_listed():
    head = '<div class="_a6-g"><h2 class="_a6-h">Participants: Juniper Töll 🌲, Wren Castello and Ferris O&#039;Dunmore</h2></div>'
    records, _, _ = read(page(head, div(ME, "Jan 01, 2024 3:00:00 pm", body("hi"))))
    listed = records[1]
    assert listed.kind is RecordKind.PARTICIPANT
    assert [listed.text[s.start : s.end] for s in listed.stated] == [JUNIPER, "Wren Castello", ME]
    assert [a.name for a in records[2].recipients] == [JUNIPER, "Wren Castello"]


@pytest.mark.parametrize(
    ("raw", "utc"),
    [
        ("Jul 12, 2024 4:55:32pm", "2024-07-12T21:55:32"),
        ("Jan 1, 2024, 3:45 PM", "2024-01-01T21:45:00"),
        ("Jan 08, 2026 4:41 am", "2026-01-08T10:41:00"),
        ("jun. 07, 2024 5:44 am", "2024-06-07T10:44:00"),
        ("9 de octubre de 2025, 8:09:15 a. m.", "2025-10-09T13:09:15"),
        ("Nov 05, 2023 1:30:00 am", "2023-11-05T06:30:00"),
        ("Mar 10, 2024 2:30:00 am", "2024-03-10T08:30:00"),
        ("Feb 30, 2024 1:00 am", None),
        ("yesterday", None),
        ("Xyz 01, 2024 1:00 am", None),
        ("Jan 01, 2024 25:00", None),
    ],
)
def test_times(raw, utc):
    records, issues, _ = read(page(div(ME, raw, body("hi"))))
    sent = records[1].sent_at
    assert (f"{sent:%Y-%m-%dT%H:%M:%S}" if sent else None) == utc
    assert records[1].sent_raw == raw
    assert issues == ([("zone_assumed", 1)] if utc else [("bad_time", 1)])


def test_other_pages_are_read_block_by_block():
    path = "your_facebook_activity/comments_and_reactions/things.html"
    table = '<div class="_a6-g"><div class="_a6-p"><table><tr><td class="_a6_q">Text</td><td class="_2piu _a6_r">call 651-555-0143</td></tr><tr><td colspan="2" class="_a6_q">City<div><div>Fridley</div></div></td></tr></table></div></div>'
    plain = section(
        "Ferris added a photo.",
        "Jan 01, 2024 3:00:00 pm",
        '<div class="_2pin">at the Prairie Rose Inn</div><div><a href="https://example.com/x">see</a></div>',
    )
    data = page(table, plain, "<p>Generated for you</p>", title="Things")
    records, issues, _ = read(data, path)
    told = [(r.kind.value, r.text, r.field, r.attributes) for r in records]
    assert told == [
        ("parameter", "Things", "outside#" + records[0].field.split("#")[1], []),
        ("generic", "Generated for you", records[1].field, []),
        ("generic", "call 651-555-0143", "block#0.0", [("label", "Text")]),
        ("generic", "Fridley", "block#0.1", [("label", "City")]),
        (
            "generic",
            "Ferris added a photo.\nat the Prairie Rose Inn\nsee",
            "block#1",
            [("heading", "Ferris added a photo."), ("link", "https://example.com/x")],
        ),
    ]
    assert issues == [("zone_assumed", 1), ("text_outside", 1), ("unknown_section", 3)]
    assert data[records[2].byte_start : records[2].byte_end] == b"call 651-555-0143"


def test_known_pages_have_kinds():
    search = page(section("You searched", "Jan 01, 2024 3:00:00 pm", "<div>motel fridley</div>"))
    assert [
        r.kind.value for r in read(search, "logged_information/search/your_search_history.html")[0]
    ][1:] == ["search"]
    login = page(
        gram(
            "Login",
            "Jan 01, 2024 3:00 pm",
            '<table><tr><td class="_a6_q">IP Address<div><div>198.51.100.7</div></div></td></tr></table>',
        )
    )
    records, issues, _ = read(
        login, "security_and_login_information/login_and_profile_creation/login_activity.html"
    )
    assert [(r.kind.value, r.text, [s.kind.value for s in r.stated]) for r in records[1:]] == [
        ("login", "198.51.100.7", ["ip"])
    ]
    assert issues == [("zone_assumed", 1)]


DATA = page(*(section(name, time.format(" "), inner) for name, time, inner in MESSAGES))


@pytest.mark.parametrize("place", range(20))
def test_cut_off(place):
    size = 30 + (len(DATA) - 32) * place // 19
    records, issues, unread = read(DATA[:size])
    assert ("file_ends_early", 1) in issues
    whole = DATA[:size].count(b"</section>")
    assert sum(r.sent_at is not None and "." not in r.field for r in records) == whole
    if b"<section" in DATA[:size].rpartition(b"</section>")[2]:
        assert unread[0][1] == size


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (lambda data: data.replace(b"</section>", b"</section>\r\n"), set()),
        (lambda data: data.replace(b"</section>", b"</section>\r"), set()),
        (lambda data: data.replace(b"</section>", b"</section>\n"), set()),
        (lambda data: b"\xef\xbb\xbf" + data, set()),
        (lambda data: data.decode().encode("utf-16"), {"encoding_detected"}),
        (lambda data: b"\xfe\xff" + data.decode().encode("utf-16-be"), {"encoding_detected"}),
        (
            lambda data: (
                data.decode()
                .replace("🌲", "&#127794;")
                .replace("🏨", "&#x1F3E8;")
                .replace("👍", "&#128077;")
                .encode("cp1252")
            ),
            {"encoding_detected"},
        ),
    ],
)
def test_line_ends_and_encodings(change, codes):
    data = change(DATA)
    records, issues, _ = read(data)
    assert [(r.kind, r.text, r.field, r.sent_at) for r in records] == [
        (r.kind, r.text, r.field, r.sent_at) for r in read(DATA)[0]
    ]
    assert {code for code, _ in issues} == codes | {"zone_assumed"}
    assert READER.bid(candidate(PATH, data)).sureness >= 85


BUSINESS = b'<html><head><title>Facebook Business Record</title></head><body><div class="t o"><div class="t i">Service<div class="m"><div>Facebook</div></div></div></div></body></html>'


@pytest.mark.parametrize(
    ("path", "data", "sure"),
    [
        (PATH, DATA, 92),
        ("a.html", DATA, 92),
        (
            "message_1.html",
            page(old(ME, "Jan 1, 2020, 3:45 PM", body("hi"))).replace(b"_a6-", b"_zz-"),
            88,
        ),
        ("your_facebook_activity/posts/x.html", b"<html><style>" + b"." * 70000, 62),
        ("records.html", BUSINESS, 0),
        ("page.html", b"<!doctype html><html><body><p>hello</p></body></html>", 0),
        ("a.json", b'{"participants":[]}', 0),
        ("a.txt", b"_a6-g _a6-p", 0),
        ("a.html", b"", 0),
    ],
)
def test_bids(path, data, sure):
    assert READER.bid(candidate(path, data)).sureness == sure
    assert DyiJson().bid(candidate(path, data)).sureness == 0
    assert DyiE2ee().bid(candidate(path, data)).sureness == 0


def test_the_service_is_told_by_folders():
    assert READER.identify(candidate(PATH, DATA)) == ("facebook", frozenset())
    assert (
        READER.identify(
            candidate("your_instagram_activity/messages/inbox/a_1/message_1.html", DATA)
        )[0]
        == "instagram"
    )


@pytest.mark.parametrize(
    "body_",
    [
        b"<" * 50_000,
        b'<div class="_a6-g">' * 20_000,
        b"<!--" * 20_000,
        b'<a href="' * 20_000,
        b"<style>" * 20_000,
        b"</div>" * 20_000,
        b"\xff\xfe<",
        b"\0",
    ],
)
def test_nothing_raises(body_):
    assert ("file_ends_early", 1) in read(body_)[1]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_mutations_never_raise(data):
    changed = bytearray(DATA)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(len(changed) - 1, 0)))
        size = data.draw(st.integers(1, 80))
        how = data.draw(st.sampled_from("dxi"))
        if how == "d":
            del changed[at : at + size]
        elif how == "x":
            changed[at:at] = changed[at : at + size]
        else:
            changed[at : at + 1] = data.draw(st.binary(min_size=1, max_size=4))
    path = data.draw(st.sampled_from([PATH, "personal_information/x.html"]))
    read(bytes(changed), path)


@pytest.mark.parametrize(("wordlist", "seed"), [("a", 7), ("b", 8)])
def test_the_sample_is_recovered(tmp_path, wordlist, seed, recovered):
    assert recovered(READER, make_dyi_html(tmp_path, pages=60, seed=seed, wordlist=wordlist)) == (
        480,
        0,
        0,
    )


def test_line_ends_within_shares_and_what_is_not_known_are_kept():
    link = "<div><div>Prairie Inn<br />100 Main St<br /><b>rm</b> <i>12</i></div></div>"
    data = page(div(ME, "Feb 29, 2024 8:09:30 pm", body("look", link)))
    records, _, _ = read(data)
    assert [(r.kind, r.text) for r in records[1:]] == [
        (RecordKind.MESSAGE, "look"), (RecordKind.SHARE, "Prairie Inn\n100 Main St\nrm 12"),
    ]  # fmt: skip
    # a block that has lost its time
    data = page(div(ME, "", body("rm 214\n651-555-0142")))
    records, issues, _ = read(data)
    assert records[-1].text == f"{ME}\nrm 214\n651-555-0142"
    assert ("unknown_field", 1) in issues
