"""Prints of business records: the same records as from the HTML, on exact pages and sheets."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.readers import meta_pdf_survey
from pipeline.readers.base import NO_BID, About, Candidate, Preparing, Shard
from pipeline.readers.meta_html import MetaHtml
from pipeline.readers.meta_pdf import MetaPdf
from pipeline.readers.meta_pdf_lines import glue_at_bar
from schemas.kinds import RecordKind
from tests._data import meta_layout as ml
from tests._data.pdf_writer import write_pdf
from tests._data.print_press import BRAND, Press, plain
from tests._data.reading import locate

READER = MetaPdf()
ABOUT = About("facebook")
FULL = plain(ml.full())
PLACES = list(ml.positions(FULL, step=5))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def candidate(located):
    return Candidate("records.pdf", located.path.read_bytes()[: 1 << 16], located)


def shards_of(located, step=None):
    count = READER.count(located)
    parts = READER.parts(located) if step is None else [
        (n, min(n + step, count)) for n in range(0, count, step)
    ]  # fmt: skip
    return list(READER.shards((READER.prepare(located, p) for p in parts), has_pages=True))


def read(located, step=None):
    """Records and issues of a print; checks what holds of every reading."""
    records, issues = [], []
    start = 0
    for shard in shards_of(located, step):
        reading = READER.read(shard, ABOUT)
        mine = list(reading.records)
        assert shard.byte_start == start == reading.pages[0][1]
        assert reading.pages[-1][2] == shard.byte_end
        for (_, _, end), (_, begin, _) in pairwise(reading.pages):
            assert end == begin
        assert len(reading.sheets) == len(reading.pages)
        start = shard.byte_end
        for record in mine:
            assert shard.byte_start <= record.byte_start < record.byte_end <= shard.byte_end
            assert record.sheet_first <= record.sheet_last
            places = [segment[0] for segment in record.segments]
            assert places == sorted(set(places))
            assert all(len(segment) == 4 for segment in record.segments)
        tops = [record for record in mine if not record.field.startswith("Share")]
        for one, two in pairwise(tops):
            inside = one.byte_start <= two.byte_start and two.byte_end <= one.byte_end
            assert one.byte_end <= two.byte_start or inside
        records += mine
        issues += reading.issues
    keys = Counter((r.sheet_first, r.line_first, r.field) for r in records)
    assert max(keys.values(), default=1) == 1
    return records, issues


def bare(text):
    return None if text is None else re.sub(r"\s+", "", text)


def key(record):
    author = record.author
    return (
        record.kind, record.section, record.field.split("#")[0],
        (author.provider_account_id, bare(author.name)) if author else None,
        record.sent_at, record.sent_raw, bare(record.text), record.thread_id,
        tuple(item.provider_account_id for item in record.recipients),
        record.page_first, record.page_last,
        tuple((bare(label), bare(value)) for label, value in record.attributes),
        tuple((a.name, a.provider_id, a.media_type, a.size_bytes, bare(a.url), bare(a.path))
              for a in record.attachments),
    )  # fmt: skip


def from_html(data):
    (shard,) = MetaHtml().shards(iter([data]), has_pages=True)
    reading = MetaHtml().read(shard, ABOUT)
    return list(reading.records)


def assert_same(printed, written):
    printed, written = Counter(map(key, printed)), Counter(map(key, written))
    assert not list((written - printed).elements())
    assert not list((printed - written).elements())


# -- the print and the HTML ------------------------------------------------------------------------


@pytest.mark.parametrize("header", [False, True])
@pytest.mark.parametrize("scale", [1.0, 0.7])
@pytest.mark.parametrize("count", [0, 4, 12, 40])
def test_a_print_gives_the_records_of_the_html(tmp_path, count, scale, header):
    cuts = random.Random(count).sample(PLACES, count)
    press = Press(FULL, cuts=cuts, header=header, scale=scale)
    records, issues = read(locate(tmp_path, press.pdf()))
    assert_same(records, from_html(ml.write(FULL, cuts=cuts)))
    assert [issue.code for issue in issues] == ["unknown_section"]


def test_on_a4(tmp_path):
    cuts = PLACES[40::90]
    press = Press(FULL, cuts=cuts, header=True, size=(595, 842))
    assert_same(read(locate(tmp_path, press.pdf()))[0], from_html(ml.write(FULL, cuts=cuts)))


@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from(PLACES), max_size=12))
@example({(114, 16), (114, 11)})
def test_any_page_breaks(tmp_path_factory, cuts):
    located = locate(tmp_path_factory.mktemp("print"), Press(FULL, cuts=cuts).pdf())
    assert_same(read(located)[0], from_html(ml.write(FULL, cuts=cuts)))
    located.path.unlink()


def test_without_bold_type_labels_are_told_by_place(tmp_path):
    cuts = PLACES[30::200]
    press = Press(FULL, cuts=cuts, header=True, bold=False)
    assert_same(read(locate(tmp_path, press.pdf()))[0], from_html(ml.write(FULL, cuts=cuts)))


def many(count):
    """A return of so many messages in three threads, with a section behind them."""
    threads = []
    for number in range(3):
        entries = [
            ml.message((ml.ANNA, ml.BEN)[n % 2], f"2024-03-01 0{number}:{n // 60:02d}:{n % 60:02d} UTC",
                       body=f"message {n} of {number}: " + "word " * (n % 40))
            for n in range(count)
        ]  # fmt: skip
        threads += ml.thread(f"Ben 21 (9000000000005{number:02d})", entries)
    tokens = [
        *ml.section("request_parameters", ml.leaf("Service", "Facebook"), definition=False),
        *ml.section("unified_messages", [
            ("open", "Unified Messages"), *threads, ("done",), ("close",)]),
        *ml.section("searches", ml.records("Searches", *[
            [ml.leaf("Time", "2024-03-01 00:00:00 UTC"), ml.leaf("Search Term", f"term {n}")]
            for n in range(5)
        ])),
    ]  # fmt: skip
    return plain(tokens)


def test_shards_and_parts_change_nothing(tmp_path, monkeypatch):
    tokens = many(60)
    cuts = list(ml.positions(tokens, step=50))[90::97]
    located = locate(tmp_path, Press(tokens, cuts=cuts, header=True).pdf())
    whole, _ = read(located)
    assert_same(whole, from_html(ml.write(tokens, cuts=cuts)))
    for sheets, step in ((2, None), (5, 3), (11, 7)):
        monkeypatch.setattr(meta_pdf_survey, "SHARD_SHEETS", sheets)
        records, _ = read(located, step)
        assert len(shards_of(located)) > 3
        assert [key(r) for r in records] == [key(r) for r in whole]
        # byte ranges are of the stream, in which a style stands before each part
        assert [r.segments for r in records] == [r.segments for r in whole]
        assert [(r.sheet_first, r.sheet_last, r.line_first) for r in records] == [
            (r.sheet_first, r.sheet_last, r.line_first) for r in whole
        ]


def test_same_bytes_again(tmp_path):
    data = Press(FULL, cuts=PLACES[50::200]).pdf()
    one, two = locate(tmp_path, data, "a.pdf"), locate(tmp_path, data, "b.pdf")
    assert isinstance(READER, Preparing)
    assert [READER.prepare(one, p) for p in READER.parts(one)] == [
        READER.prepare(two, p) for p in READER.parts(two)
    ]
    assert shards_of(one) == shards_of(two)


# -- exact places ----------------------------------------------------------------------------------


def test_pages_sheets_lines_and_segments(tmp_path):
    """Sheet 1: page 1. Sheet 2: page 2 begins. Sheet 3: page 2 goes on, and so does a body."""
    x, value = 36.75, 36.75 + 4 * 7.2 + 1.5
    head = [
        (172.8, 747, f"{BRAND} Page 1", False),
        (33.75, 710, "Unified Messages Definition", True), (229.65, 708.5, "Messages.", False),
        (33.75, 670, "Unified Messages", True), (150.45, 668.5, "Thread", True),
        (195.15, 667, "Anna (900000000000555)", False),
        (195.15, 640, "Author", True), (239.85, 638.5, "Anna (Facebook: 900000000000101)", False),
        (195.15, 616.75, "Sent", True), (225.45, 615.25, "2024-03-01 02:09:30 UTC", False),
        (195.15, 592, "Body", True), (225.45, 590.5, "Author Body", False),
    ]  # fmt: skip
    second = [
        (172.8, 747, f"{BRAND} Page 2", False),
        (x, 700, "Author", True), (81.45, 698.5, "Ben (Facebook: 900000000000202)", False),
        (x, 676.75, "Sent", True), (value, 675.25, "2024-03-01 02:10:00 UTC", False),
        (x, 652, "Body", True), (value, 650.5, "text me at 612-555-0121 or" + " x" * 22, False),
        (value, 636.25, "y" * 20, False),
        (value, 614.5, "a line of its own that is full to the end of the last column of t", False),
    ]  # fmt: skip
    third = [(value, 747, "he sheet", False), (33.75, 700, "Searches Definition", True)]
    data = write_pdf([head, second, third], title=BRAND, fonts=("Courier", "Courier-Bold"))
    records, issues = read(locate(tmp_path, data))
    messages = [r for r in records if r.kind is RecordKind.MESSAGE]
    assert [(r.text, r.page_first, r.page_last, r.sheet_first, r.sheet_last, r.line_first)
            for r in messages] == [
        ("Author Body", 1, 1, 1, 1, 4),
        ("text me at 612-555-0121 or" + " x" * 22 + " " + "y" * 20 + "\n"
         "a line of its own that is full to the end of the last column of t he sheet",
         2, 2, 2, 3, 2),
    ]  # fmt: skip
    assert messages[0].segments == [(0, 1, 6, 1)]
    assert messages[1].segments == [(0, 2, 4, 2), (71, 2, 5, 2), (92, 2, 6, 2), (158, 2, 1, 3)]
    assert [r.thread_id for r in messages] == ["900000000000555"] * 2
    assert messages[1].author.provider_account_id == "900000000000202"
    assert issues == []


def test_a_word_broken_over_lines_is_one(tmp_path):
    url = "https://cdn.example.com/v/" + "0123456789" * 15
    tokens = plain(many(1))
    at = next(n for n, token in enumerate(tokens) if token[1:] == ("message 0 of 0: ",))
    tokens[at] = ("text", f"look {url} end of it")
    records, _ = read(locate(tmp_path, Press(tokens).pdf()))
    assert f"look {url} end of it" in [record.text for record in records]


def test_labels_that_wrap_are_mended(tmp_path):
    page = [
        (172.8, 747, f"{BRAND} Page 1", False),
        (33.75, 700, "Account", True), (33.75, 685.75, "Type", True), (92, 698.5, "User", False),
        (33.75, 660, "Unified Messages", True), (150.45, 658.5, "Thread", True),
        (195.15, 657, "Anna (900000000000555)", False),
        (195.15, 630, "Author", True), (239.85, 628.5, "Anna (Facebook: 900000000000101)", False),
        (195.15, 605, "Body", True),
        (195.15, 590.75, "Attachme", True), (195.15, 576.5, "nts", True),
        (254.25, 589.25, "image-900000000000777 (900000000000777)", False),
        (254.25, 567.5, "Type", True), (284.55, 566, "image/jpeg", False),
        (254.25, 542, "UR", True), (254.25, 527.75, "L", True),
        (270.15, 540.5, "https://cdn.example.com/" + "a" * 18, False),
        (270.15, 526.25, "bbb", False),
    ]  # fmt: skip
    data = write_pdf([page], title=BRAND, fonts=("Courier", "Courier-Bold"))
    records, _ = read(locate(tmp_path, data))
    assert ("Account Type", "User") in records[0].attributes
    message = next(r for r in records if r.field == "Message")
    assert [label for label, _ in message.attributes] == [
        "Attachments", "Attachments/Type", "Attachments/URL",
    ]  # fmt: skip
    (file,) = message.attachments
    assert file.url == "https://cdn.example.com/" + "a" * 18 + "bbb"
    assert (file.provider_id, file.media_type) == ("900000000000777", "image/jpeg")


def test_page_numbers_that_begin_again(tmp_path):
    one = Press(many(2)).sheets
    data = write_pdf(one + one, title=BRAND, fonts=("Courier", "Courier-Bold"))
    records, _ = read(locate(tmp_path, data))
    laps = Counter(record.field.endswith("#2") for record in records)
    assert laps[True] == laps[False] > 5


GLUE = [
    ("fire dr", "ill", "c"),
    ("see https://cdn.example.", "com/x", "c"),
    ("612-555-", "0121", "c"),
    ("2024-03-01", "01:55:00 UTC", "s"),
    ("2024-03-01 01:55:00", "UTC", "s"),
    ("ok then...", "girl", "s"),
    ("Reacted 🔥", "to your message", "s"),
    ("lol", "😂 ok", "s"),
    ("Anna", "West", "s"),
    ("Anna sent", "a photo.", "s"),
    ("Anna sen", "t a photo.", "c"),
    ("NO L", "IE", "c"),
    ("costs 1.", "50", "c"),
]


@pytest.mark.parametrize(("before", "after", "glue"), GLUE)
def test_what_a_page_bar_cut(before, after, glue):
    assert glue_at_bar(before, after) == glue


# -- what cannot be read ---------------------------------------------------------------------------


def test_a_sheet_without_text_is_a_scan(tmp_path):
    sheets = Press(many(3), header=True).sheets
    sheets = [sheets[0], None, None, *sheets[1:], []]
    data = write_pdf(sheets, title=BRAND, fonts=("Courier", "Courier-Bold"))
    records, issues = read(locate(tmp_path, data))
    assert len([r for r in records if r.kind is RecordKind.MESSAGE]) == 9
    assert [(i.severity, i.code, i.page, i.count) for i in issues] == [
        ("error", "scan_sheet", 2, 2),
    ]  # fmt: skip


def test_the_clock_of_a_film_and_header_and_footer_are_no_evidence(tmp_path):
    sheets = Press(many(4), header=True).sheets
    sheets[0].append((300, 400, "0:00", False))
    last = min(cell[1] for cell in sheets[-1] if cell[1] > 20)
    sheets[-1].append((300, last - 60, "0:00 / 1:12", False, 9))
    data = write_pdf(sheets, title=BRAND, fonts=("Courier", "Courier-Bold"))
    records, issues = read(locate(tmp_path, data))
    texts = " ".join(record.text or "" for record in records)
    assert "0:00" not in texts.replace("00:00:00", "") and "1:12" not in texts
    assert "192.0.2.1" not in texts
    assert issues == []


def test_a_body_that_reads_like_a_page_bar_stays_a_body(tmp_path):
    tokens = many(2)
    at = next(n for n, token in enumerate(tokens) if token[1:] == ("message 0 of 0: ",))
    tokens[at] = ("text", f"{BRAND} Page 7")
    records, _ = read(locate(tmp_path, Press(tokens).pdf()))
    assert f"{BRAND} Page 7" in [record.text for record in records]
    assert {record.page_first for record in records} == {1}


def test_without_page_bars_sheets_are_the_pages(tmp_path):
    sheets = [
        [cell for cell in sheet if " Page " not in cell[2]] for sheet in Press(many(40)).sheets
    ]
    data = write_pdf(sheets, title=BRAND, fonts=("Courier", "Courier-Bold"))
    records, _ = read(locate(tmp_path, data))
    assert len([r for r in records if r.kind is RecordKind.MESSAGE]) == 120
    assert all(r.page_first == r.sheet_first for r in records)
    assert {r.page_first for r in records} == set(range(1, len(sheets) + 1))


@pytest.mark.parametrize("part", range(20))
def test_a_truncated_print(tmp_path, part):
    data = Press(many(20)).pdf()
    located = locate(tmp_path, data[: len(data) * part // 20])
    try:
        records, issues = read(located)
    except SourceError as error:
        assert error.code == "broken_pdf"
        assert READER.bid(candidate(located)) == NO_BID
    else:
        assert "file_ends_early" in [issue.code for issue in issues]
        assert all(record.text != "" for record in records if record.kind is RecordKind.MESSAGE)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_layout_lines_are_read_without_an_exception(data):
    lines = MUTABLE.splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(lines) - 1))
        how = data.draw(st.sampled_from(["drop", "twice", "swap", "bytes"]))
        if how == "drop":
            del lines[at]
        elif how == "twice":
            lines.insert(at, lines[at])
        elif how == "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        else:
            lines[at] = data.draw(st.binary(max_size=40))
        lines = lines or [b"\n"]
    block = b"".join(lines)
    start = 0
    for shard in READER.shards(iter([block]), has_pages=True):
        reading = READER.read(shard, ABOUT)
        for record in reading.records:
            assert all(0 <= s[0] <= len(record.text or "") for s in record.segments)
        assert shard.byte_start == start == reading.pages[0][1]
        start = shard.byte_end
        assert sum(end - begin for _, begin, end in reading.pages) == end_of(shard)
    assert start == len(block)


def end_of(shard: Shard) -> int:
    return shard.byte_end - shard.byte_start


MUTABLE = b"""D\t1\t3375\t150\t0\t1360\t1\t1\t57825\t0
S\t1\t0\t0\tt
P\t1\t1
W\t2\t3375\t70000\t8565\t69850\tService\tFacebook
L\t3\t3375\t67000\t0\tUnified Messages
W\t3\t15045\t66850\t19515\t66700\tThread\tAnna (900000000000555)
W\t4\t19515\t64000\t23985\t63850\tAuthor\tAnna (Facebook: 900000000000101)
W\t5\t19515\t61675\t22545\t61525\tSent\t2024-03-01 02:09:30 UTC
W\t6\t19515\t59200\t22545\t59050\tBody\tone two
V\t7\t22545\t57625\ts\tthree
E\t22545\t26145
S\t2\t1\t1\tt
V\t1\t22545\t74700\t?3600\tfour
F\t0\tfooter
P\t2\t2
V\t3\t3825\t70000\tn\tfive
W\t4\t3675\t67000\t8145\t66850\tAuthor\tBen (Facebook: 900000000000202)
S\t3\t0\t0\ti
Z
"""


# -- whose file it is ------------------------------------------------------------------------------


def test_bids_and_identity(tmp_path):
    ours = locate(tmp_path, Press(FULL).pdf())
    assert READER.bid(candidate(ours)).sureness >= 90
    assert READER.identify(candidate(ours)) == (
        "facebook",
        frozenset({"900000000000101", "https://www.facebook.com/anna.w", "anna.w"}),
    )
    untitled = locate(tmp_path, Press(FULL).pdf(title="print"))
    assert READER.bid(candidate(untitled)).sureness >= 90
    page = [(72, 700, f"As {BRAND} Page 3 shows, nothing was sent.", False)]
    for data in (
        write_pdf([page], title="Report of the detective"),
        write_pdf([None], title=BRAND),
        write_pdf([page], title=BRAND, encrypt=True),
        b"%PDF-1.4 broken",
        b"<html>",
    ):
        assert READER.bid(candidate(locate(tmp_path, data))) == NO_BID


# -- a browser's own print -------------------------------------------------------------------------

STYLE = (
    "<style>.o{font-weight:bold}.i{font-weight:bold;display:table}.m{font-weight:normal;"
    "display:table-cell;padding:2px;word-break:break-word}.p{padding:5px}.pageBreak{text-align:"
    "center}@media print{.pageBreak{page-break-before:always}}</style></head>"
)


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
@pytest.mark.parametrize("flags", [[], ["--no-pdf-header-footer"]])
def test_a_print_by_chromium(tmp_path, flags):
    tokens = ml.full()
    cuts = random.Random(8).sample(list(ml.positions(tokens, step=5)), 10)
    html = ml.write(tokens, cuts=cuts).replace(b"</head>", STYLE.encode(), 1)
    (tmp_path / "records.html").write_bytes(html)
    out = tmp_path / "out.pdf"
    subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}",
            f"--print-to-pdf={out}", *flags, (tmp_path / "records.html").as_uri(),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    records, issues = read(locate(tmp_path, out.read_bytes()))
    lost = sum(issue.count for issue in issues if issue.code == "missing_glyphs")

    def readable(record):
        """Without emoji, which the machine's fonts may lack, and marks that are not printed."""
        text = str(key(record))
        return re.sub("[\\U0001f000-\\U0001ffff\\u2066-\\u2069\\ufffd]|\\\\u206[89]", "", text)

    assert Counter(map(readable, records)) == Counter(map(readable, from_html(html)))
    emoji = sum((record.text or "").count("\U0001f44d\U0001f3fd") for record in records)
    assert emoji + lost > 0
