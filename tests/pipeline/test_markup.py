"""The tree of fields: every generation, every page break, and bytes meant to break it."""

from __future__ import annotations

from random import Random

import meta_layout as layout
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linear import is_linear
from meta_layout import leaf, write

from pipeline.readers.fields import Piece
from pipeline.readers.markup import MarkupParser

BAR = layout.BARS[0]
ANON = "".join(layout.OPEN["g3"])
OPEN, M = layout.OPEN["g3"]
C = layout.CLOSE["g3"]
P = layout.LINE["g3"]


def parse(html, base=0):
    data = html if isinstance(html, bytes) else html.encode()
    parser = MarkupParser(0, 0)
    parser.feed(data, base)
    parser.finish(base + len(data))
    return parser.tree


def outline(field):
    inner = [outline(child) for child in field.fields]
    return (field.label, field.text(), *inner) if inner else (field.label, field.text())


def outlines(html):
    return [outline(item) for section in parse(html).sections for item in section.fields]


def pane(body):
    return f'<div id="property-x" class="content-pane">{body}</div>'


ONE = f"{OPEN}Sent{M}2024-01-09 19:25:07 UTC{P}{C}"

GRID = [
    # the four generations
    (ONE, [("Sent", "2024-01-09 19:25:07 UTC")]),
    ("<table><tr><th>Sent</th><td>x</td></tr></table>", [("Sent", "x")]),
    ("<table><tr><th>A</th><td>1</td></tr><tr><th>B</th><td>2</td></tr></table>", [("A", "1"), ("B", "2")]),
    ("<table><tbody><tr><th>A</th><td>1<table><tr><th>B</th><td>2</td></tr></table></td></tr></tbody></table>",
     [("A", "1", ("B", "2"))]),
    (layout.OPEN["g2"][0] + "A" + layout.OPEN["g2"][1] + "1<br />2<br />" + C, [("A", "1\n2")]),
    (layout.OPEN["g2b"][0] + "A" + layout.OPEN["g2b"][1] + "1<br>" + C, [("A", "1")]),
    # attributes in other order, quotes and case
    ("<div id='q' class='o t'><div class=\"x t i\">A<div class='m'><div>1</div></div></div></div>", [("A", "1")]),
    ('<DIV CLASS="t o"><DIV CLASS="t i">A<DIV CLASS="m"><DIV>1<DIV CLASS="p"></DIV>2<DIV CLASS="p"></DIV></DIV></DIV></DIV></DIV>', [("A", "1\n2")]),
    # laid out over lines, CR/LF, tabs
    (f'<div class="t o">\r\n\t<div class="t i">\r\n A\r\n <div class="m">\r\n<div>\r\n  1\r\n  {P}\n</div>\n</div>\n</div>\n</div>\n', [("A", "1")]),
    (f"{OPEN}\n{M}x{P}{C}", [("", "x")]),
    # text as it stands
    (f"{OPEN}Body{M}a\nb &amp;amp; &lt;3 &#039;&#x1F600;{P}{C}", [("Body", "a\nb &amp; <3 '😀")]),
    (f"{OPEN}Body{M}I <3 u <me@example.com> a<b and b>c{P}{C}", [("Body", "I <3 u <me@example.com> a<b and b>c")]),
    (f"{OPEN}Body{M}a<br>b<br/><br />c{P}{C}", [("Body", "a\nb\n\nc")]),
    (f"{OPEN}Body{M}<u>a</u><i> b</i>{P}{C}", [("Body", "a b")]),
    (f"{OPEN}Body{M} {P}{C}", [("Body", " ")]),
    (f"{OPEN}Body{M}{P}{C}", [("Body", "")]),
    (f"{OPEN}Body{M}\u2068Ann\u2069 \u202fx{P}{C}", [("Body", "\u2068Ann\u2069 \u202fx")]),
    (f"{OPEN}Body{M}&#{'9' * 5000};{P}{C}", [("Body", "\ufffd")]),
    (f"{OPEN}Body{M}a<!-- no -->b{P}{C}", [("Body", "ab")]),
    # a label cut off from its value: wrappers of the value written or not
    (f"{OPEN}Sent{M}{C}{BAR}{ANON}x{P}{C}", [("Sent", "x")]),
    (f"{OPEN}Sent</div></div>{BAR}{ANON}x{P}{C}", [("Sent", "x")]),
    # a value in the middle, several times, and at an empty page
    (f"{OPEN}Body{M}ab{C}{BAR}{ANON}cd{C}{BAR}{ANON}ef{P}{C}", [("Body", "abcdef")]),
    (f"{OPEN}Body{M}ab{C}{BAR}{ANON}{C}{BAR}{ANON}ef{P}{C}", [("Body", "abef")]),
    (f"{OPEN}Body{M}ab{C}{BAR}{BAR}{ANON}ef{P}{C}", [("Body", "abef")]),
    (f"{OPEN}Body{M}ab {C}{BAR}{ANON} {C}{BAR}{ANON}ef{P}{C}", [("Body", "ab  ef")]),
    (f"{OPEN}Body{M}ab{P}{C}{BAR}{ANON}cd{P}{C}", [("Body", "ab\ncd")]),
    (f"{OPEN}Body{M}ab{C}<div>{BAR}</div>{ANON}cd{P}{C}", [("Body", "abcd")]),
    (f"{OPEN}Body{M}ab{BAR}cd{P}{C}", [("Body", "abcd")]),
    # fewer wrappers re-opened than were closed
    (f"{OPEN}A{M}{OPEN}Body{M}ab{C}{C}{BAR}{ANON}cd{P}{C}", [("A", "", ("Body", "abcd"))]),
    (f"{OPEN}A{M}{OPEN}Body{M}ab{C}{C}{BAR}cd{P}", [("A", "", ("Body", "abcd"))]),
    # a new label ends the wait
    (f"{OPEN}Sent{M}{C}{BAR}{OPEN}Body{M}x{P}{C}{ANON}y{P}{C}", [("Sent", ""), ("Body", "x"), ("", "y")]),
    # closers missing or too many
    (f"{OPEN}Body{M}<div>x{P}{C}{ONE}", [("Body", "x"), ("Sent", "2024-01-09 19:25:07 UTC")]),
    (f"{OPEN}Body{M}x{P}</div>{C}{ONE}", [("Body", "x"), ("Sent", "2024-01-09 19:25:07 UTC")]),
    (f"</td></table></span>{ONE}", [("Sent", "2024-01-09 19:25:07 UTC")]),
    (f'<div id="home"><div><ul><li>Menu<div>{BAR}{pane(ONE)}', [("Sent", "2024-01-09 19:25:07 UTC")]),
    (f"<style>.x{{}} {ONE}", [("Sent", "2024-01-09 19:25:07 UTC")]),
    (f'<div class="mvm uiP fsm">legend {ONE}', [("Sent", "2024-01-09 19:25:07 UTC")]),
    # furniture
    (f'<div class="mvm uiP fsm"><u>A</u> legend</div>{ONE}', [("Sent", "2024-01-09 19:25:07 UTC")]),
    (f"<script>if (a<b) '{OPEN}'</script><style>.o{{}}</style>{ONE}", [("Sent", "2024-01-09 19:25:07 UTC")]),
    (f'{OPEN}Clip{M}<video controls><source src="a.mp4" type="video/mp4">No video here.</video>{C}', [("Clip", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("html", "expected"), GRID)
def test_tree(html, expected):
    assert outlines(pane(html)) == expected
    assert outlines(html) == expected  # also outside of all sections


def test_pages_lines_and_bytes():
    data = pane(f"{BAR.format(n=3)}{OPEN}A{M}x{P}y{C}{BAR.format(n=4)}{ANON}z{P}{C}{ONE}").encode()
    tree = parse(data, 1000)
    first, second = tree.sections[0].fields
    assert [(p.text, p.page, p.line) for line in first.lines() for p in line] == [
        ("x", 3, 1), ("y", 3, 2), ("z", 4, 1),
    ]  # fmt: skip
    assert (first.page, first.page_last, second.page, second.line) == (3, 4, 4, 2)
    assert first.segments() == ("x\nyz", [(0, 3, 1), (2, 3, 2), (3, 4, 1)])
    for item in first.items:
        if isinstance(item, Piece):
            assert data[item.byte_start - 1000 : item.byte_end - 1000] == item.text.encode()
    assert [page for page, _, _ in tree.bars] == [3, 4]


@pytest.mark.parametrize("bar", layout.BARS)
def test_bars_in_any_writing(bar):
    tree = parse(bar.format(n=7) + ONE + bar.format(n=8))
    assert [page for page, _, _ in tree.bars] == [7, 8] or "<br>" in bar
    assert not tree.orphans


def test_a_page_ends_a_value_but_nothing_of_it_follows():
    tree = parse(f"{BAR.format(n=1)}{OPEN}A{M}x{C}{BAR.format(n=2)}{ANON}{P}{C}{ONE}")
    field = tree.sections[0].fields[0]
    assert (field.page, field.page_last) == (1, 1)


def test_picture_first_on_a_page_is_not_the_value_before():
    html = f"{OPEN}A{M}{OPEN}URL{M}u{P}{C}{C}{BAR}{ANON}{ANON}{P}<img src='p.jpg'>{C}{P}{C}"
    (field,) = parse(html).sections[0].fields
    url, block = field.fields
    assert (url.label, url.media, block.label, block.media) == ("URL", [], "", ["p.jpg"])


def test_bad_encoding_is_counted():
    tree = parse(b"<table><tr><th>A</th><td>caf\xe9 \xff \xef\xbf\xbd</td></tr></table>")
    assert tree.sections[0].fields[0].text() == "caf\ufffd \ufffd \ufffd"
    assert tree.misread == 2
    parser = MarkupParser(0, 0, "cp1252")
    parser.feed(b"<table><tr><th>A</th><td>" + b"caf\xe9 \xe2\x80\x99", 0)
    assert parser.tree.misread == 0
    assert parser.tree.sections[0].fields[0].text() == "café â€™"


def test_torn_tag_is_no_text():
    tree = parse(f"{OPEN}Body{M}half a mess<div cla")
    assert outline(tree.sections[0].fields[0]) == ("Body", "half a mess")
    assert tree.torn is not None
    assert tree.open_fields == 1


def test_nesting_without_end():
    for html in (
        "<div>" * 100_000,
        ANON * 25_000,
        f"{OPEN}L{M}" * 25_000,
        "<table><tr><th>L<td>" * 20_000,
    ):
        tree = parse(html + "deep text")
        pieces = [piece for piece in tree.orphans if "deep" in piece.text]
        stack = [item for section in tree.sections for item in section.fields]
        while stack:
            item = stack.pop()
            stack += item.fields
            pieces += [p for p in item.items if isinstance(p, Piece) and "deep" in p.text]
        assert len(pieces) == 1
    assert tree.deep


HOSTILE = [
    "<", "<div ", '"', "&", '<div class="t o">', OPEN, ANON, "<div>x", "</div>", "x</div>", "<!--", "<?x",
    "<style>", "<script>", "<a '", '<a "<a \'', P, f"{ANON}x{C}", f"{OPEN}L</div></div>{BAR}", BAR,
    '<div id="page_2" class="pageBreak">', '<div id="home">', "&#1111111111111111", "<table><tr><th>",
    "<th>L<td>", '<img src="x">', "\0", "<div id='property-x'>", OPEN + "L" * 900,
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_linear_time(unit):
    def read(size):
        parse((f"{OPEN}Body{M}" + unit * (size // len(unit))).encode())

    assert is_linear(read, 100_000, 400_000)


FRAGMENTS = st.lists(
    st.sampled_from([
        OPEN, M, C, P, ANON, BAR, "A", "Author", "x\n", " ", "<br>", "</div>", "<div>", "<table><tr><th>",
        "</th><td>", "</td></tr></table>", '<div id="property-x">', '<div id="home">', "<img src=x>",
        "<style>", "</style>", "<!--", "-->", "<", "&amp;", "<div cla", "\ufffd", "<video>", "</video>",
    ]),
    max_size=60,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(FRAGMENTS)
def test_anything_is_read(parts):
    data = "".join(parts).encode()
    tree = parse(data)
    stack = [item for section in tree.sections for item in section.fields]
    while stack:
        item = stack.pop()
        stack += item.fields
        assert 0 <= item.byte_start <= item.byte_end <= len(data)
        for piece in item.items:
            if isinstance(piece, Piece):
                assert 0 <= piece.byte_start < piece.byte_end <= len(data)
    assert all(a[2] <= b[1] for a, b in zip(tree.bars, tree.bars[1:], strict=False))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read(data):
    parse(data)


@pytest.mark.parametrize("gen", ["g1", "g2", "g2b", "g3"])
def test_breaks_change_no_tree(gen):
    tokens = [
        *layout.section("x", layout.group("G", leaf("A", "one", "two"), leaf("B"), leaf("C", "three")),
                        leaf("D", "four")),
    ]  # fmt: skip
    whole = outlines(write(tokens, gen))
    rng = Random(1)
    places = list(layout.positions(tokens))
    for cuts in [[place] for place in places] + [rng.sample(places, 6) for _ in range(60)]:
        assert outlines(write(tokens, gen, cuts=cuts)) == whole, cuts
