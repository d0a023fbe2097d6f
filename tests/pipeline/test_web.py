"""The page: what stands in it, that nothing in a record can act, that it agrees with itself."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.report.document import (
    Blank,
    Bullets,
    Cell,
    Column,
    Document,
    Evidence,
    Facts,
    Figure,
    Heading,
    Link,
    PageBreak,
    Paragraph,
    Quote,
    Row,
    Section,
    Table,
    Words,
    numbered,
)
from pipeline.report.drawing.svg import drawing
from pipeline.report.evidence import plain
from pipeline.report.formats.explorer import Explorer, in_page
from pipeline.report.formats.web import hash_of, page
from pipeline.report.rows import Cited
from pipeline.validate.bad_input import only_ours

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\x07\ud800 {} </style> \u2028'
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" '
    'height="40" viewBox="0 0 90 40" onload="alert(1)"><script>alert(1)</script>'
    '<style>rect {fill: red}</style><defs><clipPath id="c"><rect width="9" height="9"/></clipPath>'
    '</defs><foreignObject><p>hello</p></foreignObject><g clip-path="url(#c)" '
    'style="fill: #123456; stroke: url(https://example.com/x)" onclick="alert(1)">'
    '<a xlink:href="#e/abc"><rect width="5" height="5" class="mark"/></a>'
    '<a xlink:href="#l/abc/def"><line x2="5"/></a>'
    '<a xlink:href="https://example.com/"><text>Miss &lt;b&gt; \u202e</text></a>'
    '<image href="https://example.com/a.png"/><use href="https://example.com/b.svg#c"/></g></svg>'
)
VOID = {"meta", "input", "br"}


class Seen(HTMLParser):
    """What the tests ask of a page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.ids, self.hrefs, self.attributes, self.open = [], [], [], set(), []
        self.words, self.attrs = "", []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attrs.append((tag, dict(attrs)))
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value for name, value in attrs if name == "id"]
        self.hrefs += [value for name, value in attrs if name == "href"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data):
        if not {"script", "style"} & set(self.open):
            self.words += data

    def of(self, tag):
        return [attrs for name, attrs in self.attrs if name == tag]


def _document(evil="", svg=SVG, title="What the return holds"):
    cited = Cited(f"FB-1 p. 1 l. 2{evil}", "FB-1", f"r1{evil}")
    rows = tuple(
        Row(
            (
                Cell((Evidence(f"June{evil}", style="strong"),), target=f"x{number}"),
                Cell((Words(f"{number:,}", "whole"), Words("1 stated", "note")), sort=number),
                Cell((cited, Words(" "), Cited("FB-1 p. 2 l. 1", "FB-9", "r2", "EX-0000002"))),
            ),
            f"e-{number // 2}{evil}",
        )
        for number in range(4)
    )
    columns = (Column("Name"), Column("Records", "number"), Column("Where", "cites"))
    table = Table("names", columns, rows, (Words("Not reviewed."),))
    sources = Table(
        "sources", (Column("Label"),), (Row((Cell((Evidence("FB-1"),)),), "source-s1"),)
    )
    figure = Figure("f-links", f"Links{evil}", f"Two names{evil}", svg, (Words("By records"),), table,
                    "network")  # fmt: skip
    blocks = (
        Heading("Part", "part"), Paragraph((Words("See "), Link("sources"), Words("."))),
        Paragraph((Words("triage show", "code"), Link("nowhere")), "caution"), table, figure,
        Bullets(((Evidence(evil or "one"),), (Words("two"),))),
        Quote((Words("2024-03-01"), Evidence(evil or "June")),
              (Evidence("call ", None), Evidence(f"612-555-0134{evil}", None, "mark", "phone")), 7),
        Blank("Signature"), PageBreak(), Table("none", columns, ()),
    )  # fmt: skip
    return numbered(
        Document(
            title + evil,
            (Paragraph((Evidence(f"Warrant{evil}", None),), "framed"),
             Facts((("Pages", (Words("1"),)), ("Dates", (Words("2024-03-01 to 2024-03-02 and on"),))))),
            (Section("names", "Names", blocks), Section("names2", "More", (table,)),
             Section("sources", "Sources", (sources,), is_annex=True)),
            footer="Not reviewed.",
        )
    )  # fmt: skip


def _page(document, explorer=None):
    return page(document, explorer).decode("utf-8")


@pytest.mark.parametrize("evil", ["", EVIL])
def test_every_block_stands_in_a_page_whose_parts_agree(evil):
    text = _page(_document(evil), Explorer(in_page({"value": EVIL})))
    seen = Seen(text)
    assert seen.open == []
    assert len(seen.ids) == len(set(seen.ids))
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+", name) for name in seen.ids)
    assert {unquote(href) for href in seen.hrefs} <= {f"#{name}" for name in seen.ids}
    for said in (
        "1 Names", "Annex A: Sources", "See annex A.", "a section that this profile leaves out",
        "[FB-1 p. 2 l. 1; Bates EX-0000002]", "Table (evidence)", "(Illustration)", "Signature",
        "(7 characters more)", "None was found.", "Not reviewed.", "By records",
    ):  # fmt: skip
        assert said in seen.words
    assert {"main", "header", "nav", "footer", "h1", "h2", "h3", "caption", "bdi", "mark"} <= set(
        seen.tags
    )
    assert seen.of("html")[0]["lang"] == "en-US"
    assert all("scope" in attrs for attrs in seen.of("th"))
    assert seen.of("a")[0] == {"class": "skip", "href": "#content"}
    assert {"href": "#source-s1", "data-r": plain(f"r1{evil}")} in seen.of("a")
    assert {"data-s": "3"}.items() <= next(
        a for a in seen.of("td") if a.get("data-s") == "3"
    ).items()


def test_nothing_that_stands_in_a_record_can_act():
    text = _page(_document(EVIL), Explorer(in_page({"value": EVIL, "</script>": 1})))
    seen = Seen(text)
    assert only_ours(text)
    assert seen.tags.count("script") == 2
    assert not {"img", "foreignobject", "image", "iframe", "object", "link"} & set(seen.tags)
    assert not [name for name in seen.attributes if name.startswith("on") or name == "style"]
    assert "<script>alert(1)</script>" in seen.words
    assert "U+202E" in seen.words
    assert "U+D800" in seen.words
    assert not re.search("[\x00-\x08\x0b-\x1f\u200e\u202a-\u202e\u2028\u2066-\u2069]", text)


def test_the_policy_names_the_style_and_the_script_of_the_page_and_nothing_else():
    text = _page(_document())
    policy = next(attrs["content"] for attrs in Seen(text).of("meta") if "http-equiv" in attrs)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert policy == (
        f"default-src 'none'; style-src '{hash_of(style)}'; script-src '{hash_of(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert text.index("Content-Security-Policy") < text.index("<style>")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|\beval\b|document\.write", script)
    assert only_ours(text)
    assert not only_ours(text.replace("</body>", "<script>alert(1)</script></body>"))
    assert not only_ours(text.replace("use strict", "use sloppy"))


def test_a_drawing_keeps_what_draws_and_loses_what_acts():
    kept = str(drawing(SVG, "f1", "Links", "Two <names>"))
    seen = Seen(kept)
    assert set(seen.tags) == {"svg", "title", "desc", "defs", "clippath", "rect", "g", "line",
                              "text", "use"}  # fmt: skip
    assert seen.of("svg")[0]["role"] == "img"
    assert seen.of("svg")[0]["aria-labelledby"] == "f1-t f1-d"
    assert "Two <names>" in seen.words
    assert 'clip-path="url(#f1-c)"' in kept
    assert 'id="f1-c"' in kept
    assert 'fill="#123456"' in kept
    assert 'data-entity="abc"' in kept
    assert 'data-a="abc" data-b="def"' in kept
    assert "example.com" not in kept
    assert "Miss <b> U+202E" in seen.words


@pytest.mark.parametrize(
    "svg", ["", "no drawing", "<svg", "<p/>", '<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>']
)
def test_what_is_no_drawing_is_told_in_words(svg):
    assert drawing(svg, "f1", "Links", "Two names") == ""
    assert "Two names" in Seen(_page(_document(svg=svg))).words


def test_a_name_of_a_hundred_thousand_characters_is_cut_and_counted():
    long = "x" * 100_000
    rows = (Row((Cell((Evidence(long),), sort=long),), f"e-{long[:9]}"),)
    text = _page(Document(long[:10], (Table("t", (Column("Name"),), rows),), ()))
    assert "(99,840 characters more)" in text
    assert len(text) < 60_000


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_makes_a_page_that_reads_back(evil):
    one = page(_document(evil), Explorer(in_page([evil])))
    assert one == page(_document(evil), Explorer(in_page([evil])))
    text = one.decode("utf-8")
    assert Seen(text).open == []
    assert only_ours(text)
    (data,) = re.findall(r'id="explorer-data">(.*?)</script>', text, re.DOTALL)
    assert json.loads(data) == [evil]
    assert "<" not in data
