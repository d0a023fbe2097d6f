"""The synthetic return: an independent reading of its markup gives back every gold message."""

from __future__ import annotations

import json
import re
import statistics
import zipfile
from collections import Counter, defaultdict
from html.parser import HTMLParser
from random import Random

import pytest

from pipeline.sample import maker
from pipeline.sample.chat import Chat
from pipeline.sample.grammar import Draft, Grammar
from pipeline.sample.maker import make_sample
from pipeline.sample.markup import CLOSE, P, PageWriter, escape, leaf
from pipeline.sample.numbers import english, spanish
from pipeline.sample.phones import write_phone
from pipeline.sample.tables import ROWS_A_PAGE, make_csv

# -- an independent reader: plain regular expressions and the standard parser, nothing of the maker

ANON = '<div class="t o"><div class="t i"><div class="m"><div>'
BREAK = re.compile(
    r'((?:</div>)*)<div id="page_(\d+)" class="pageBreak">Meta Platforms Business Record Page \2</div>'
    rf"((?:{re.escape(ANON)})*)"
)


def strip_breaks(html):
    """Remove each bar with the wrappers that it closed and re-opened; leave ``\\0N\\0``."""

    def repair(match):
        count = min(len(match[1]) // 24, len(match[3]) // len(ANON))
        before = match[1][: len(match[1]) - 24 * count]
        return f"{before}\0{match[2]}\0{match[3][len(ANON) * count :]}"

    return BREAK.sub(repair, html)


class Fields(HTMLParser):
    """Builds (label, text, first page, last page, children) from repaired markup."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.page = 0
        self.stack = []  # classes of open divs
        self.open = []  # open fields
        self.done = []  # top-level fields

    def handle_starttag(self, tag, attrs):
        if tag == "br":
            self.text("\n")
        if tag == "img" and self.open:
            self.open[-1]["last"] = self.page
        if tag != "div":
            return
        name = dict(attrs).get("class", "")
        self.stack.append(name)
        if name == "t o":
            self.open.append({"label": "", "text": "", "first": self.page, "kids": [], "value": 0})
        elif name == "m":
            self.open[-1]["value"] = 1
        elif name == "p":
            self.text("\n")

    def handle_endtag(self, tag):
        if tag == "div" and self.stack.pop() == "t o":
            field = self.open.pop()
            field["last"] = self.page
            (self.open[-1]["kids"] if self.open else self.done).append(field)

    def handle_data(self, data):
        for at, piece in enumerate(data.split("\0")):
            if at % 2:
                self.page = int(piece)
            else:
                self.text(piece)

    def text(self, piece):
        if self.open:
            self.open[-1]["text" if self.open[-1]["value"] else "label"] += piece


def read(html):
    parser = Fields()
    parser.feed(strip_breaks(html))
    parser.close()
    return parser.done


def messages(fields):
    """Every message of a file: (thread, author, id, sent, text, first page, last page)."""
    section = next(field for field in fields if field["label"] == "Unified Messages")
    for thread in section["kids"]:
        assert thread["label"] == "Thread"
        number = re.search(r"\((\d+)\)\s*$", thread["text"])[1]
        current = None
        for field in thread["kids"]:
            if field["label"] == "Author":
                if current:
                    yield current
                name, account = re.fullmatch(
                    r"(.*) \((?:Facebook|Instagram): (\d+)\)\n", field["text"]
                ).groups()
                current = [number, name, account, None, None, field["first"], field["last"]]
            elif current:
                current[6] = field["last"]
                if field["label"] == "Sent":
                    current[3] = field["text"].rstrip("\n")
                elif field["label"] == "Body":
                    assert field["text"].endswith("\n")
                    current[4] = field["text"][:-1]
        yield current


@pytest.fixture(scope="module", params=["a", "b"])
def sample(request, tmp_path_factory):
    receipt = make_sample(
        tmp_path_factory.mktemp("sample"), pages=300, seed=11, wordlist=request.param
    )
    rows = [json.loads(line) for line in receipt.gold_path.read_text("utf-8").splitlines()]
    with zipfile.ZipFile(receipt.zip_path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return receipt, rows, files


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    receipt = make_sample(tmp_path_factory.mktemp("large"), pages=2000, seed=4)
    return receipt, [json.loads(line) for line in receipt.gold_path.open(encoding="utf-8")]


FILES = ("records.html", "preservation-1.html")


def test_an_independent_reading_gives_back_every_gold_message(sample):
    _, rows, files = sample
    for name in FILES:
        found = Counter(map(tuple, messages(read(files[name].decode()))))
        told = Counter(
            (
                row["thread_id"],
                row["author"],
                row["author_id"],
                row["sent_at"].replace("T", " ").replace("Z", " UTC"),
                row["text"],
                *row["pages"][name],
            )
            for row in rows
            if name in row["pages"]
        )
        assert found == told


def test_markup_is_that_of_the_format_sample(sample):
    html = sample[2]["records.html"].decode()
    for piece in (
        '<html><head><meta charset="UTF-8" /><title>Meta Platforms Business Record</title>',
        '<body><div id="home" class="content-pane visible-content"><div class="sticky_side_bar">',
        '<div class="records_output" id="records"><div id="page_1" class="pageBreak">Meta Platforms '
        'Business Record Page 1</div><div id="property-request_parameters" class="content-pane">'
        '<div class="t o"><div class="t i">Service<div class="m"><div>Facebook<div class="p"></div>'
        "</div></div></div></div>",
        '<div class="t o"><div class="t i"><div class="m"><div><div class="mvm uiP fsm">',
        'No responsive records located<div class="p"></div><div class="p"></div></div></div></div></div>',
        'Call Record<div class="m"><div><div class="t o"><div class="t i">Type<div class="m"><div>',
    ):
        assert piece in html
    assert html.endswith('<div class="p"></div></div></div></body></html>')
    assert html.count("<div") == html.count("</div>")
    assert "\n" not in html
    panes = re.findall(r'<div id="property-(\w+)" class="content-pane">', html)
    assert panes == re.findall(r'href="#property-(\w+)"', html)
    assert len(set(panes)) == len(panes)


def test_pages_count_from_one_and_hold_what_real_ones_hold(sample):
    receipt, rows, files = sample
    for name in FILES:
        html = files[name].decode()
        numbers = [int(number) for number in re.findall(r'id="page_(\d+)" class="pageBreak"', html)]
        assert numbers == list(range(1, receipt.pages[name] + 1))
        sizes = [len(page.encode()) for page in html.split('<div id="page_')[1:-1]]
        assert 4200 < statistics.mean(sizes) < 5200
        assert max(sizes) < 6500
    assert abs(sum(receipt.pages.values()) - 300) <= 15
    assert 7.5 < len(rows) / receipt.pages["records.html"] < 10.5


def test_breaks_fall_between_records_and_inside_values_lists_and_lines(large):
    with zipfile.ZipFile(large[0].zip_path) as archive:
        html = archive.read("records.html").decode()
    kinds = Counter()
    for match in BREAK.finditer(html):
        before = html[match.start(1) - 60 : match.start(1)]
        after = html[match.end() : match.end() + 60]
        # the repeated group takes the end tag of a ``p`` with it
        if before.endswith('<div class="m"><div>'):
            kinds["between label and value"] += 1
        elif re.match(r'<div class="t o"><div class="t i">Author<', after):
            kinds["between records"] += 1
        elif after.startswith('<div class="t o">'):
            kinds["between fields"] += 1
        elif before.endswith('<div class="p">') and not after.startswith("<"):
            kinds["between lines"] += 1
        elif not after.startswith("<"):
            kinds["inside a value"] += 1
    assert min(kinds.values()) >= 4, kinds
    assert {
        "between label and value",
        "between records",
        "between fields",
        "between lines",
        "inside a value",
    } <= set(kinds)


def test_no_break_falls_inside_an_entity_or_a_character():
    text = "a & b < c 'd' \U0001f602 é ⁨José⁩\n" * 900
    written = []
    pages = PageWriter(written.append, Random(1))
    pages.new_page()
    first, last = pages.whole(leaf("Body", text))
    pages.flush()
    html = b"".join(written).decode()
    assert (first, last) == (1, pages.page)
    assert last > 5
    parts = re.split(r"(?:</div>)*<div id=[^>]*>[^<]*</div>(?:<div[^>]*>)*", html)
    assert all(re.fullmatch(r"(?:[^&]|&(?:amp|lt|gt|quot|#039);)*", part) for part in parts)
    assert read(html)[0]["text"] == text + "\n"


def test_escape_and_tokens():
    assert escape("R&B <3 'x' \"y\"\nz") == ("R&amp;B &lt;3 &#039;x&#039; &quot;y&quot;<br />z")
    assert leaf("Type", "audio")[1:] == ["audio", P, CLOSE]


def test_spans_are_exact_and_their_norms_agree(sample):
    receipt, rows, _ = sample
    labels = {"phone", "alias", "handle", "location", "money", "email", "url", "ip"}
    counted = Counter()
    assert len({row["id"] for row in rows}) == len(rows) == receipt.messages
    for row in rows:
        assert row["kind"] in {"message", "call", "reaction", "system"}
        assert row["region"] == "US"
        assert set(row["pages"]) <= set(FILES) and row["pages"]
        for span in row["spans"]:
            assert span["label"] in labels
            surface = row["text"][span["start"] : span["end"]]
            assert surface and surface == surface.strip()
            optional = span.get("note", "").startswith("optional")
            counted[span["label"]] += not optional
            if span["label"] == "phone":
                assert re.fullmatch(PHONES, span["norm"]), span
                plain = re.sub(r"[^0-9]", "", surface)
                if len(plain) >= 10 and "note" not in span and plain.isascii():
                    assert span["norm"].endswith(plain[-10:]) or "O" in surface.upper()
            elif span["label"] == "money" and "norm" in span and surface.startswith("$"):
                number = re.match(r"\$ ?([\d,]+(?:\.\d\d?)?)(k?)", surface)
                amount = float(number[1].replace(",", "")) * (1000 if number[2] else 1)
                assert amount == pytest.approx(span["norm"]["amount"])
            elif span["label"] == "handle":
                assert re.fullmatch(r"[@$]?[\w.]+", surface)
            elif span["label"] == "email":
                assert re.fullmatch(r"[\w.]+@(?:mail\.)?example\.(?:com|net|org)", surface)
            elif span["label"] == "ip":
                assert re.match(r"192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:db8:", surface)
    assert {label: count for label, count in counted.items() if count} == receipt.spans
    assert set(receipt.spans) >= {"phone", "alias", "handle", "location", "money", "url"}


PHONES = (
    r"\+1\d{3}55501\d\d|55501\d\d"
    # ranges kept for drama in the United Kingdom, Australia and France
    r"|\+447700900\d{3}|\+442079460\d{3}|\+61491570\d{3}|\+61491571266"
    r"|\+3363998\d{4}|\+3319900\d{4}"
)


def test_split_numbers_are_parts_of_one_number(large):
    _, rows = large
    parts = defaultdict(list)
    for row in rows:
        for span in row["spans"]:
            if span.get("note") == "part":
                key = (row["thread_id"], row["author_id"], span["norm"], row["sent_at"][:10])
                parts[key].append((row["sent_at"], row["text"][span["start"] : span["end"]]))
    assert len(parts) > 10
    plain = 0
    for (_, _, norm, _), pieces in parts.items():
        joined = "".join(piece for _, piece in sorted(pieces))
        digits = re.sub(r"\D", "", joined)
        if len(digits) == 10 and not re.search(r"[a-z]", joined):
            plain += 1
            assert f"+1{digits}" == norm
    assert plain > 5


def test_text_is_varied_and_as_short_as_chat(large):
    receipt, rows = large
    texts = [row["text"] for row in rows if row["text"]]
    assert len(set(texts)) / len(texts) >= 0.85
    typed = [len(row["text"].split()) for row in rows if row["text"] and row["kind"] == "message"]
    assert 6 <= statistics.median(typed) <= 9
    assert max(typed) > 80
    assert 0.10 < receipt.with_mentions / receipt.messages < 0.16
    assert any("\n" in text for text in texts)
    assert any(text.endswith(" (edited)") for text in texts)
    assert any("\u2068" in text for text in texts)
    assert any(row["text"] is None for row in rows)
    assert any(row["text"] == "" for row in rows)
    assert any(row["author"] == "Instagram User" for row in rows)
    assert not any(text != text.strip() for text in texts)
    names = defaultdict(set)
    for row in rows:
        names[row["author_id"]].add(row["author"])
    assert any(len(spellings) > 1 for spellings in names.values())
    assert 100 < len(names) <= 161


def test_the_preservation_repeats_a_range_of_dates(large):
    receipt, rows = large
    share = receipt.pages["preservation-1.html"] / sum(receipt.pages.values())
    assert 0.03 < share < 0.15
    kept = [row for row in rows if "preservation-1.html" in row["pages"]]
    begin, end = min(row["sent_at"] for row in kept), max(row["sent_at"] for row in kept)
    for row in rows:
        inside = begin <= row["sent_at"] <= end
        assert inside == ("preservation-1.html" in row["pages"])
    only = [row for row in kept if "records.html" not in row["pages"]]
    assert 0 < len(only) < len(kept) / 20


def test_linked_media_are_there_and_distinct(sample):
    receipt, _, files = sample
    media = {name: data for name, data in files.items() if name.startswith("linked_media/")}
    assert len(media) == receipt.linked_media == len(set(media.values()))
    shown = re.findall(r'src="(linked_media/[^"]+)"', strip_breaks(files["records.html"].decode()))
    assert set(shown) <= set(media)
    assert set(files) - set(media) == {*FILES, "instructions.txt"}


def test_equal_arguments_give_equal_bytes(tmp_path):
    shown = []
    one = make_sample(tmp_path / "x" / "one.zip", pages=60, seed=3, progress=shown.append)
    two = make_sample(tmp_path / "two", pages=60, seed=3)
    assert one.zip_path == tmp_path / "x" / "one.zip"
    assert one.gold_path == tmp_path / "x" / "gold.jsonl"
    assert two.zip_path == tmp_path / "two" / "return.zip"
    assert one.zip_path.read_bytes() == two.zip_path.read_bytes()
    assert one.gold_path.read_bytes() == two.gold_path.read_bytes()
    assert sorted(path.name for path in one.zip_path.parent.iterdir()) == ["gold.jsonl", "one.zip"]
    assert shown == sorted(shown) and shown[-1] == sum(one.pages.values())
    other = make_sample(tmp_path / "three", pages=60, seed=4)
    assert other.gold_path.read_bytes() != two.gold_path.read_bytes()


@pytest.mark.parametrize("pages", [20, 33, 57, 120])
@pytest.mark.parametrize("seed", [0, 1, -5])
def test_any_size_and_seed(tmp_path, pages, seed):
    receipt = make_sample(tmp_path, pages=pages, seed=seed)
    assert pages * 0.85 - 3 <= sum(receipt.pages.values()) <= pages * 1.15 + 4
    assert receipt.messages > 0


def test_wrong_arguments_leave_nothing_behind(tmp_path):
    with pytest.raises(ValueError, match="word list"):
        make_sample(tmp_path / "x", pages=50, seed=1, wordlist="c")
    with pytest.raises(ValueError, match="20 pages"):
        make_sample(tmp_path / "x", pages=3, seed=1)
    assert not (tmp_path / "x").exists()


def test_the_held_back_list_shares_no_template_with_the_first():
    lists = [Chat(name, Random(0)).grammar.words for name in maker.WORDLISTS]
    held = lists[1]
    for kind in ("givens", "surname", "nickword", "street", "venue"):
        assert not set(lists[0][kind]) & set(held[kind]), kind
    families = [
        {
            line
            for rule, lines in words.items()
            if rule.startswith(prefix) or rule in ("es", "mix")
            for line in lines
            if line.count(" ") > 2
        }
        for words, prefix in ((lists[0], ("m.", "n.", "topic.")), (held, ("q.", "o.", "topic.")))
    ]
    assert not families[0] & families[1]


@pytest.mark.parametrize("wordlist", maker.WORDLISTS)
def test_no_name_or_number_hides_in_ordinary_talk(wordlist):
    """Topics and look-alikes hold no span, and no slot that writes a mention."""
    words = Chat(wordlist, Random(0)).grammar.words
    names = {name.lower() for name in words["givens"]} - {"long", "jade", "mason", "wade", "dean"}
    reachable, queue = set(), [rule for rule in words if rule.startswith("topic.")]
    queue += ["open", "tail", "short", "es", "mix", "es.open", "es.tail"]
    looks_alike = {rule for rule in words if rule == "negative" or rule[:2] in ("n.", "o.")}
    queue += sorted(looks_alike)
    while queue:
        rule = queue.pop()
        if rule in reachable or rule not in words:
            continue
        reachable.add(rule)
        for line in words[rule]:
            for slot in re.findall(r"\{([^{}]+)\}", line):
                assert ":" not in slot and "!" not in slot, (rule, line)
                assert slot.strip("_") in words or "#" in slot, (rule, line)
                queue.append(slot.strip("_"))
            if rule not in looks_alike:
                assert not names & set(re.findall(r"[a-z]+", line.lower())), (rule, line)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("999-999-9999", "612-555-0142"),
        ("+1 (999) 999-9999", "+1 (612) 555-0142"),
        ("words:9 9 9 9 9 9 9 9 9 9", "six one two five five five zero one four two"),
        ("es:999 999 9999", "seisunodos cincocincocinco cerounocuatrodos"),
        ("full:999-999-9999", "６１２-５５５-０１４２"),
        ("keycap:999", "6️⃣1️⃣2️⃣"),
        ("9*9*9", "6*1*2"),
    ],
)
def test_write_phone(pattern, expected):
    assert write_phone(pattern, "6125550142", Random(0)) == expected


@pytest.mark.parametrize("transform", ["leet", "homo", "mixed"])
def test_hidden_writings_are_never_plain(transform):
    for seed in range(200):
        surface = write_phone(f"{transform}:999-999-9999", "6125550142", Random(seed))
        assert surface != "612-555-0142"
        assert surface.count("-") == 2


@pytest.mark.parametrize(
    ("number", "words", "palabras"),
    [
        (0, "zero", "cero"),
        (16, "sixteen", "dieciseis"),
        (25, "twenty five", "veinticinco"),
        (100, "one hundred", "cien"),
        (150, "one hundred fifty", "ciento cincuenta"),
        (342, "three hundred forty two", "trescientos cuarenta y dos"),
        (1000, "one thousand", "mil"),
        (2500, "two thousand five hundred", "dos mil quinientos"),
    ],
)
def test_numbers_in_words(number, words, palabras):
    assert (english(number), spanish(number)) == (words, palabras)


def test_money_norms_from_a_rule():
    grammar = Chat("a", Random(0)).grammar
    assert isinstance(grammar, Grammar)
    seen = {}
    for seed in range(3000):
        draft = Draft(Random(seed))
        grammar._slot("money:slang", "test")(draft)
        text, spans = draft.finish()
        seen[text] = spans[0].get("norm")
    assert seen["a band"] == {"amount": 1000, "currency": "USD"}
    assert seen["3 racks"] == {"amount": 3000, "currency": "USD"}
    assert seen["a stack"] is None
    assert seen["a dub"] == {"amount": 20, "currency": "USD"}


@pytest.mark.parametrize("seed", [4, 9, 13])
def test_names_that_a_code_page_cannot_hold_leave_rows(tmp_path, seed):
    make_csv(tmp_path, pages=20, seed=seed)
    rows = [json.loads(line) for line in (tmp_path / "gold.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 20 * ROWS_A_PAGE
    (tmp_path / "semicolon.csv").read_bytes().decode("cp1252")
