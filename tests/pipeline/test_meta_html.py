"""Whole returns: every generation, breaks anywhere, shards of any size, files that are broken."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from random import Random

import meta_layout as layout
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meta_layout import ANNA, BEN, CY, full, leaf, message, records, section, thread, write

from pipeline.readers import survey
from pipeline.readers.base import About, Candidate, Located
from pipeline.readers.meta_html import MetaHtml
from schemas.kinds import MentionKind, RecordKind, Severity

GENERATIONS = ["g1", "g2", "g2b", "g3"]
TOKENS = full()
PLACES = list(layout.positions(TOKENS))
ABOUT = About("facebook", "records.html", "America/Chicago")


def candidate(path, data):
    return Candidate(path, data[:65536], Located(Path(path), None, len(data), "0" * 64))


def bid(path, data):
    return MetaHtml().bid(candidate(path, data))


def identify(data):
    return MetaHtml().identify(candidate("records.html", data))


def read(data, *, block=1 << 30, has_pages=None):
    """Records, issues, pages, bars and unread ranges of a file."""
    reader = MetaHtml()
    blocks = (data[at : at + block] for at in range(0, len(data), block))
    if has_pages is None:
        has_pages = b"pagebreak" in data.lower().replace(b".pagebreak", b"")
    out, issues, pages, bars, unread = [], [], [], [], []
    accounts = []
    for shard in reader.shards(blocks, has_pages=has_pages):
        reading = reader.read(shard, ABOUT)
        out += reading.records
        issues += reading.issues
        pages += reading.pages
        bars += reading.bars
        unread += reading.unread
        accounts += reading.accounts
    read.accounts = accounts
    return out, issues, pages, bars, unread


def said(record):
    """All of a record that pages, lines and bytes do not decide."""
    stated = tuple((s.kind, s.start, s.end, s.rule) for s in record.stated)
    return (
        record.kind, record.section, record.field, record.text, record.author, record.sent_raw,
        record.sent_at, record.thread_id, record.thread_name, record.recipients,
        tuple(record.attributes), tuple(record.attachments), stated,
    )  # fmt: skip


def placed(record):
    return (
        *said(record), record.page_first, record.page_last, record.line_first, record.byte_start,
        record.byte_end, tuple(record.segments),
    )  # fmt: skip


def check(data, records, pages, bars, unread):
    """What holds for every file, however broken."""
    assert not pages or (pages[0][1] == 0 and pages[-1][2] == len(data))
    assert all(a[2] == b[1] for a, b in pairwise(pages))
    keys = Counter((r.page_first, r.line_first, r.field) for r in records)
    assert max(keys.values(), default=1) == 1
    numbers = {page for page, _, _ in pages}
    for record in records:
        assert 0 <= record.byte_start <= record.byte_end <= len(data)
        assert {record.page_first, record.page_last} <= numbers
        text = record.text or ""
        starts = [start for start, _, _ in record.segments]
        assert starts == sorted(starts)
        assert not text or (starts and starts[0] == 0 and starts[-1] <= len(text))
        for span in record.stated:
            assert 0 <= span.start < span.end <= len(text)
            assert text[span.start : span.end].strip() == text[span.start : span.end]
    assert all(0 <= start < end <= len(data) for start, end in [*bars, *unread])


@pytest.fixture(scope="module")
def whole():
    return {gen: [said(record) for record in read(write(TOKENS, gen))[0]] for gen in GENERATIONS}


def test_the_four_generations_say_the_same(whole):
    assert all(whole[gen] == whole["g3"] for gen in GENERATIONS)
    kinds = Counter(kind for kind, *_ in whole["g3"])
    assert kinds == {
        RecordKind.MESSAGE: 10, RecordKind.SYSTEM: 2, RecordKind.CALL: 1, RecordKind.REACTION: 1,
        RecordKind.SHARE: 1, RecordKind.PARTICIPANT: 7, RecordKind.PARAMETER: 7,
        RecordKind.PROFILE: 7, RecordKind.LOGIN: 3, RecordKind.LOCATION_FIX: 1, RecordKind.POST: 2,
        RecordKind.GENERIC: 2,
    }  # fmt: skip


@pytest.mark.parametrize("gen", GENERATIONS)
def test_messages(whole, gen):
    told = [
        (str(said[0]), said[3], said[4].name, said[5] and said[5][:19])
        for said in whole[gen]
        if said[2] == "Message"
    ]
    a, b = "Anna (West) 😎", "Ben 21"
    assert told == [
        ("message", "ok", b, "2024-03-02 14:00:00"),
        ("message", "Author", a, "2024-03-02 14:00:00"),
        ("message", "first line & <b>more</b>\n\nSent: 555-0117 \u2068Ben\u2069\nlast 👍🏽 one", b,
         "2024-03-01 02:09:30"),
        ("message", "", None, "2024-03-01 02:09:31"),
        ("message", None, None, "2024-03-01 02:09:32"),
        ("message", "no time", None, None),
        ("system", "Anna (West) 😎 sent 2 photos.", a, "2024-03-01 01:55:00"),
        ("call", "You started an audio call", b, "2024-02-29 23:10:44"),
        ("message", None, a, "2024-02-14 04:01:02"),
        ("message", "", b, "2024-02-14 03:59:40"),
        ("system", "Anna (West) 😎 added Cy to the group.", a, "2024-02-13 22:22:22"),
        ("reaction", "Reacted 😂 to your message", b, "2024-02-13 22:22:21"),
        ("message", "hola " * 30, None, "2024-02-01 00:00:01"),
        ("message", None, a, "2024-02-01 00:00:02"),
    ]  # fmt: skip


@pytest.mark.parametrize("gen", GENERATIONS)
@pytest.mark.parametrize("sections", ["reopen", "anonymous", "drop", "stay"])
def test_a_break_changes_nothing_said(whole, gen, sections):
    bar = layout.BARS[len(gen + sections) % len(layout.BARS)]
    step = {"g3": 5}.get(gen, 31)
    for place in PLACES[:: step if sections == "reopen" else 4 * step]:
        data = write(TOKENS, gen, cuts=[place], sections=sections, bar=bar)
        out, issues, _, _, unread = read(data)
        assert [said(record) for record in out] == whole[gen], (place, TOKENS[place[0]])
        assert not unread
        assert {issue.code for issue in issues} == {"unknown_section"}


@pytest.mark.parametrize("gen", GENERATIONS)
def test_many_breaks_change_nothing_said(whole, gen):
    rng = Random(gen)
    for number in (2, 2, 5, 5, 30, 30, 200, 200, 200, 600):
        data = write(TOKENS, gen, cuts=rng.sample(PLACES, number))
        out, _, pages, bars, unread = read(data)
        assert [said(record) for record in out] == whole[gen]
        check(data, out, pages, bars, unread)


def test_pages_of_a_message_cut_anywhere():
    tokens = section("unified_messages", [
        ("open", "Unified Messages"),
        *thread("(900)", [message(ANNA, "2024-03-02 14:00:00 UTC", body="0123456789")]),
        ("done",), ("close",),
    ])  # fmt: skip
    body = next(n for n, token in enumerate(tokens) if token == ("text", "0123456789"))
    author = next(n for n, token in enumerate(tokens) if token == ("open", "Author"))
    for place, expected in [
        ((author, 0), (2, 2)), ((author + 1, 0), (1, 2)), ((body, 0), (1, 2)), ((body, 5), (1, 2)),
        ((body + 1, 0), (1, 1)), ((body + 2, 0), (1, 1)), ((body + 3, 0), (1, 1)),
    ]:  # fmt: skip
        out = read(write(tokens, cuts=[place]))[0]
        (record,) = [record for record in out if record.field == "Message"]
        assert (record.page_first, record.page_last) == expected, place
        assert record.text == "0123456789"
    assert [record.segments for record in read(write(tokens, cuts=[(body, 5)]))[0]][-1] == [
        (0, 1, 11), (5, 2, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("gen", GENERATIONS)
@pytest.mark.parametrize("glue", ["", "\n  "])
def test_shards_and_blocks_change_nothing(gen, glue, monkeypatch):
    rng = Random(gen + glue)
    for number in (0, 3, 40):
        bar = layout.BARS[number % 5]
        data = write(TOKENS, gen, cuts=rng.sample(PLACES, number), glue=glue, bar=bar)
        monkeypatch.setattr(survey, "SHARD_BYTES", 1 << 30)
        whole = [placed(record) for record in read(data)[0]]
        for size, block in ((1, 1 << 30), (1, 997), (3000, 1000)):
            monkeypatch.setattr(survey, "SHARD_BYTES", size)
            out, _, pages, bars, unread = read(data, block=block)
            assert [placed(record) for record in out] == whole
            check(data, out, pages, bars, unread)


def test_small_shards_are_made(monkeypatch):
    monkeypatch.setattr(survey, "SHARD_BYTES", 1)
    for gen in GENERATIONS:
        shards = list(MetaHtml().shards(iter([write(TOKENS, gen)]), has_pages=True))
        assert len(shards) > 8
        assert b"".join(shard.block for shard in shards) == write(TOKENS, gen)
        assert [shard.is_last for shard in shards] == [False] * (len(shards) - 1) + [True]


def test_memory_is_bounded():
    unit = write(TOKENS, head="").decode()
    unit = unit[unit.index('<div id="property-unified') :]
    reader = MetaHtml()
    blocks = (unit.encode() for _ in range(3000))  # some 30 MB
    sizes = [len(shard.block) for shard in reader.shards(blocks, has_pages=True)]
    assert max(sizes) < survey.SHARD_BYTES + 2 * len(unit)


class Texts(HTMLParser):
    """Byte ranges of the text a person would see, menu, bars, legend and definitions aside."""

    def __init__(self, html):
        super().__init__(convert_charrefs=False)
        self.lines = [0]
        for line in html.split("\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)
        self.ranges, self.skip, self.depth = [], 0, 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        out = names.get("id") == "home" or names.get("class") in ("pageBreak", "mvm uiP fsm")
        out = out or tag in ("style", "title")
        if tag in ("img", "br", "meta"):
            return
        self.depth += 1
        if out and not self.skip:
            self.skip = self.depth

    def handle_endtag(self, tag):
        if self.skip == self.depth:
            self.skip = 0
        self.depth -= 1

    def handle_data(self, data):
        if not self.skip and data.strip():
            line, column = self.getpos()
            start = self.lines[line - 1] + column
            self.ranges.append((start, start + len(data), data))


@pytest.mark.parametrize("gen", GENERATIONS)
def test_every_value_is_in_a_record(gen):
    """Of all text that is shown, only labels of single lines and what no one wrote is in none."""
    tokens = [token if token[0] != "text" else ("text", re.sub(r"[^\x20-\x7e]", "~", token[1]))
              for token in TOKENS]  # fmt: skip
    data = write(tokens, gen)
    out, _, _, _, unread = read(data)
    ranges = [(record.byte_start, record.byte_end) for record in out] + unread
    values = {token[1] for token in tokens if token[0] == "text"}
    definitions = {"Time: of it.", "No responsive records located"}
    for start, end, text in Texts(data.decode()).ranges:
        plain = text.strip()
        if plain not in values or plain in definitions or ": a definition" in plain:
            continue
        if re.fullmatch(r"2024-04-02 17:03:11 UTC", plain):
            continue  # when the list of participants was made
        assert any(first <= start and end <= last for first, last in ranges), text


# -- files that are not as they should be ------------------------------------------------------


def codes(issues):
    return Counter({issue.code: issue.count for issue in issues if issue.code != "unknown_section"})


@pytest.mark.parametrize("share", [0.2, 0.35, 0.5, 0.65, 0.8, 0.97])
@pytest.mark.parametrize("gen", GENERATIONS)
def test_cut_off_file(whole, gen, share):
    data = write(TOKENS, gen)
    data = data[: int(len(data) * share)]
    out, issues, pages, bars, unread = read(data)
    check(data, out, pages, bars, unread)
    early = [issue for issue in issues if issue.code == "file_ends_early"]
    assert [issue.severity for issue in early] == [Severity.ERROR]
    complete = [said(record) for record in out][:-2]
    assert complete == whole[gen][: len(complete)]
    assert len(complete) > 2


def test_whole_files_do_not_end_early():
    for gen in GENERATIONS:
        assert not codes(read(write(TOKENS, gen))[1])
    assert not codes(read(b"<table><tr><th>A</th><td>1</td></tr></table>")[1])


def test_cut_off_at_every_byte():
    data = write(
        section("comments", records("Comments", [leaf("Text", "a &amp b"), leaf("Id", "1")]))
    )
    for end in range(len(data) - 20, 0, -1):
        out, issues, pages, bars, unread = read(data[:end])
        check(data[:end], out, pages, bars, unread)
        assert "file_ends_early" in codes(issues) or end < 6


def test_unlabelled_text_is_counted_not_lost():
    data = write([*section("bio", [("text", "loose words"), ("blank",), ("text", "and more")])])
    out, issues, _, _, unread = read(data)
    assert not out
    assert codes(issues) == {"orphan_value": 2}
    assert [data[start:end] for start, end in unread] == [b"loose words", b"and more"]


def test_unknown_sections_are_read():
    data = write([
        *section("tide_tables", leaf("Tide", "high", "low"), leaf("Empty")),
        *section("nothing_here"),
        *section("shells", layout.group("Shells", layout.group("Box", leaf("A", "1"), leaf("B", "2")),
                                        layout.group("Box", leaf("A", "3")))),
    ])  # fmt: skip
    out, issues, _, _, _ = read(data)
    assert [(r.kind, r.field, r.text) for r in out] == [
        (RecordKind.GENERIC, "Tide", "high"), (RecordKind.GENERIC, "Tide", "low"),
        (RecordKind.GENERIC, "Empty", None),
        (RecordKind.GENERIC, "Shells", "1\n2"), (RecordKind.GENERIC, "Shells", "3"),
    ]  # fmt: skip
    assert Counter(i.code for i in issues) == {"unknown_section": 3}


def test_a_file_without_sections():
    out, issues, _, _, _ = read(write([*leaf("Lamp", "on")]))
    assert [(record.kind, record.text) for record in out] == [(RecordKind.GENERIC, "on")]
    assert [issue.code for issue in issues] == ["unknown_section"]


def test_encodings():
    data = write(TOKENS)
    whole = [said(record) for record in read(data)[0]]
    marked = b"\xef\xbb\xbf" + data
    out, issues, _, _, unread = read(marked)
    assert [said(record) for record in out] == whole
    assert not unread
    assert not codes(issues)
    bad = data.replace(b"queen bee", b"queen\xff b\xe9e")
    out, issues, _, _, _ = read(bad)
    assert codes(issues) == {"bad_encoding": 2}
    assert any(record.text == "queen\ufffd b\ufffde" for record in out)
    latin = bad.replace(b"UTF-8", b"ISO-8859-1")
    out, issues, _, _, _ = read(latin)
    assert not codes(issues)
    assert any(record.text == "queenÿ bée" for record in out)
    assert [said(r) for r in out if r.field != "Thread/Nickname"] == [
        s for s in whole if s[2] != "Thread/Nickname"
    ]
    out, issues, _, _, _ = read(data.replace(b"queen bee", b"queen\0bee"))
    assert any(record.text == "queen\0bee" for record in out)


def test_utf_16_is_not_taken():
    data = write(TOKENS).decode().encode("utf-16")
    assert bid("records.html", data).sureness == 0


def test_bids():
    for gen in GENERATIONS:
        head = write(TOKENS, gen)
        sure = bid("a/records.html", head)
        title = layout.TITLE[gen].strip()
        assert (sure.sureness, sure.reason) == (95, f'title "{title}" in a file named records.html')
        assert bid("x.bin", b"\xef\xbb\xbf \r\n" + head).sureness >= 90
    bare = b'<div id="property-name"><div class="t o">'
    assert bid("x.html", bare).sureness == 60
    assert bid("records.html", b"<html><body>Recipes</body></html>").sureness == 0
    assert bid("records.html", b"").sureness == 0
    assert bid("notes.txt", b"Facebook Business Record of our shop").sureness == 0


def test_identify():
    service, targets = identify(write(TOKENS))
    assert service == "facebook"
    assert targets == {"900000000000101", "https://www.facebook.com/anna.w", "anna.w"}
    tokens = section(
        "request_parameters", leaf("Service", "Instagram"), leaf("Account Identifier", "an.na/")
    )
    assert identify(write(tokens)) == ("instagram", {"an.na/", "an.na"})
    assert identify(b"") == ("facebook", frozenset())


def test_page_numbers_that_repeat_or_go_back():
    tokens = section("comments", records("Comments", *[[leaf("Text", f"c{n}")] for n in range(6)]))
    places = [n for n, token in enumerate(tokens) if token == ("open", "Text")]
    data = write(tokens, cuts=[(place, 0) for place in places])
    for old, new in ((b"3", b"1"), (b"5", b"4"), (b"7", b"1")):
        data = data.replace(b"page_" + old + b'"', b"page_" + new + b'"')
    out, _, pages, bars, unread = read(data)
    assert [record.text for record in out] == [f"c{n}" for n in range(6)]
    assert len({(r.page_first, r.line_first, r.field) for r in out}) == 6
    check(data, out, pages, bars, unread)


def test_joined_returns_do_not_depend_on_shards(monkeypatch):
    data = write(TOKENS, cuts=[PLACES[40], PLACES[-400]]) * 3
    whole = [placed(record) for record in read(data)[0]]
    monkeypatch.setattr(survey, "SHARD_BYTES", 1)
    out, _, pages, bars, unread = read(data, block=777)
    assert [placed(record) for record in out] == whole
    check(data, out, pages, bars, unread)


def test_a_message_of_ten_megabytes():
    body = "word &amp; " * 1_000_000
    data = write(TOKENS).replace(b"no time", body.encode())
    out, _, _, _, _ = read(data, block=1 << 20)
    assert any(record.text == "word & " * 1_000_000 for record in out)


def test_strays_of_a_thread_closed_too_early():
    """Closers too many end the thread; what follows at its place is still of it."""
    data = write(TOKENS).replace(b"no time", b"no time</div></div></div></div></div></div>")
    out, _, pages, bars, unread = read(data)
    got = [(r.text, r.author, r.thread_id) for r in out if r.field == "Message"]
    want = [(r.text, r.author, r.thread_id) for r in read(write(TOKENS))[0] if r.field == "Message"]
    assert got == want
    check(data, out, pages, bars, unread)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12_000), st.sampled_from([
    "</div>", "<div>", "<", ">", "&", '"', "<table>", "</td>", "\0", "<!--", "<style>", "x", "\n",
    '<div id="page_3" class="pageBreak">', '<div id="property-name">', layout.OPEN["g3"][0],
])), max_size=8), st.sampled_from([1 << 30, 3000]))  # fmt: skip
def test_damage_anywhere(damage, size):
    html = write(TOKENS).decode()
    for at, what in damage:
        html = html[:at] + what + html[at:]
    data = html.encode()
    old, survey.SHARD_BYTES = survey.SHARD_BYTES, size
    try:
        out, _, pages, bars, unread = read(data)
    finally:
        survey.SHARD_BYTES = old
    check(data, out, pages, bars, unread)


NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"), max_size=12
).map(str.strip)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(NAMES, st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)),
             min_size=1, max_size=5),
    st.sampled_from(GENERATIONS),
    st.data(),
)  # fmt: skip
def test_any_names_and_bodies(rows, gen, data):
    entries = [
        message(f"{name} (Facebook: 90000000000{n})", f"2024-03-02 14:00:{n:02} UTC", body=body)
        for n, (name, body) in enumerate(rows)
    ]
    tokens = section("unified_messages", [
        ("open", "Unified Messages"), *thread(" (900000000000555)", entries), ("done",), ("close",),
    ])  # fmt: skip
    places = list(layout.positions(tokens))
    cuts = data.draw(st.lists(st.sampled_from(places), max_size=4, unique=True))
    out = read(write(tokens, gen, cuts=cuts))[0]
    got = [
        (r.author.name or "", r.author.provider_account_id, r.text)
        for r in out
        if r.field == "Message"
    ]
    assert got == [(name, f"90000000000{n}", body) for n, (name, body) in enumerate(rows)]


def test_accounts_collect_all_spellings():
    read(write(TOKENS))
    noted = {
        (fact.account.provider_account_id, fact.value)
        for fact in read.accounts
        if fact.field == "name"
    }
    assert {("900000000000101", "Anna (West) 😎"), ("900000000000101", "Anna West"),
            ("900000000000404", "Wren"), ("900000000000202", "Ben 21")} <= noted  # fmt: skip


def test_stated_values():
    out = read(write(TOKENS))[0]
    told = [
        (span.kind, record.text[span.start : span.end]) for record in out for span in record.stated
    ]
    assert (MentionKind.PHONE, "+13125550143") in told
    assert (MentionKind.PHONE, "+13125550177") in told
    assert (MentionKind.EMAIL, "aw@example.net") in told
    assert (MentionKind.ALIAS, "Anna West") in told
    assert (MentionKind.ALIAS, "queen bee") in told
    assert (MentionKind.IP, "[2001:db8:41::7f]:49771") in told
    assert (MentionKind.LOCATION, "41.600512,-93.609107") in told
    assert (MentionKind.ACCOUNT, "900000000000101") in told


def test_thread_names_and_order():
    for head, number, name in [
        ("(900000000000555)", "900000000000555", None), (" (900000000000555)", "900000000000555", None),
        ("Us (2) & you (900)", "900", "Us (2) & you"), ("900000000000777", "900000000000777", None),
        ("crew 💰", "crew 💰", "crew 💰"),
    ]:  # fmt: skip
        entries = [message(CY, "2024-03-02 14:00:00 UTC", body="late"),
                   message(BEN, "2024-03-01 14:00:00 UTC", body="early")]  # fmt: skip
        tokens = section("unified_messages", [
            ("open", "Unified Messages"), *thread(head, entries), ("done",), ("close",),
        ])  # fmt: skip
        for place in layout.positions(tokens, 2):
            out = [r for r in read(write(tokens, cuts=[place]))[0] if r.field == "Message"]
            assert [r.text for r in out] == ["late", "early"]
            assert {(r.thread_id, r.thread_name) for r in out} == {(number, name)}, place
            assert [a.provider_account_id for a in out[1].recipients] == [
                "900000000000101", "900000000000303",
            ]  # fmt: skip
