"""Bytes of the label and value layout: tokens, and what an element is to the layout."""

from __future__ import annotations

import re
from html import unescape

TOKEN = re.compile(
    rb'<div class="t o"><div class="t i">(?P<label>[^<]++)<div class="m"><div>(?P<value>[^<]*+)'
    rb'<div class="p"></div></div></div></div></div>'
    rb'|(?P<break><div class="p"></div>|<[bB][rR]\s{0,3}/?>)'
    rb"|</(?P<close>[A-Za-z][A-Za-z0-9]{0,15})[^<>]{0,20}>"
    rb"|<(?P<open>[A-Za-z][A-Za-z0-9]{0,15})(?P<attributes>(?:[^<>\"']|\"[^\"]{0,4000}\""
    rb"|'[^']{0,4000}')*+)>"
    rb"|(?P<note><!--|<[!?][A-Za-z\[][^<>]{0,4000}>)"
    rb"|(?P<text>[^<]++)"
    rb"|(?P<stray><{1,999}(?![A-Za-z/!?])|<)",
)
"""A whole field of the newest generation in one step (nine tenths of all fields), else a tag, a
comment's opening, text, or a ``<`` that opens nothing. Possessive and bounded: linear on any
bytes."""

BOM = b"\xef\xbb\xbf"
COMMENT = 4000
"""Bytes in which a comment must end; a longer one is read as text rather than passed over."""

PAGE_BAR = rb"(?=[^<>]{0,300}?[pP][aA][gG][eE][bB][rR][eE][aA][kK])[^<>]{0,400}>[^<]{0,120}"
"""What follows ``<div `` in a page bar, with its attributes in any order."""
BAR_ID = re.compile(rb"\bid\s{0,3}=\s{0,3}[\"']?page_(\d{1,9})\b", re.IGNORECASE)
BAR_TEXT = re.compile(rb"\bPage\s{0,9}(\d{1,9})\s{0,99}$")

VOID = frozenset(
    {b"img", b"br", b"hr", b"meta", b"link", b"input", b"source", b"wbr", b"col", b"embed", b"base"}
)
INLINE = frozenset(
    b"u i b a span em strong p ul ol li small sub sup s strike del ins font code q cite label mark "
    b"abbr time tt bdi bdo big nobr".split()
)
BLOCK = frozenset(
    b"html head body title style script noscript div table tbody thead tfoot tr th td caption "
    b"colgroup dl dt dd h1 h2 h3 h4 h5 h6 center pre blockquote form select option textarea button "
    b"nav header footer main section article aside details summary figure figcaption fieldset "
    b"legend address iframe object svg g path picture video audio map area".split()
)
MEDIA = frozenset({b"img", b"source", b"embed", b"video", b"audio"})
RAW = {
    b"style": re.compile(rb"</style\s{0,3}>", re.IGNORECASE),
    b"script": re.compile(rb"</script\s{0,3}>", re.IGNORECASE),
}
SRC = re.compile(
    rb"(?<![\w-])src\s{0,3}=\s{0,3}(?:\"([^\"]{1,2000})\"|'([^']{1,2000})'|([^\"'\s>]{1,2000}))",
    re.IGNORECASE,
)
CLASS = re.compile(rb"(?<![\w-])class\s{0,3}=\s{0,3}(?:\"([^\"]{0,200})\"|'([^']{0,200})'|(\w+))")
IDENT = re.compile(
    rb"(?<![\w-])id\s{0,3}=\s{0,3}(?:\"([^\"]{1,200})\"|'([^']{1,200})'|([^\"'\s>]+))"
)
TABLE = re.compile(rb"display:\s{0,3}table")
CELL = re.compile(rb"display:\s{0,3}table-cell")
LONG_NUMBER = re.compile(r"&#\d{8,};?")

FURNITURE = frozenset("bthf")
"""Element codes whose text is no evidence: page bar, title, menu, legend and the like."""


def is_tag(tag: bytes, attributes: bytes) -> bool:
    """Tell whether ``<tag attributes>`` is markup, not text such as ``<me@example.com>``."""
    if tag in INLINE:
        rest = attributes.strip(b" /\t\r\n")
        return not rest or (attributes[:1].isspace() and b"=" in rest)
    return (tag in BLOCK or tag in VOID) and (not attributes or attributes[:1] in b" /\t\r\n\f")


def bar_number(attributes: bytes, text: bytes) -> int | None:
    """Return the number of a page bar, by its id or by its text."""
    number = BAR_ID.search(attributes) or BAR_TEXT.search(text)
    return int(number[1]) if number else None


def media_path(attributes: bytes) -> bytes | None:
    """Return the path that a picture's tag names."""
    path = SRC.search(attributes)
    return next(filter(None, path.groups()), None) if path else None


def section_key(attributes: bytes) -> str:
    """Return KEY of an element whose id is ``property-KEY``; may be empty."""
    found = IDENT.search(attributes)
    name = next(filter(None, found.groups()), b"") if found else b""
    return name.partition(b"-")[2].decode("utf-8", "replace")


def misread_text(raw: bytes, encoding: str) -> tuple[str, int]:
    """Decode bytes that are not UTF-8.

    Returns:
        The text in ``encoding``, and how many characters were not that either (each is U+FFFD).
    """
    text = raw.decode(encoding, "replace")
    return text, max(text.count("\ufffd") - raw.count(b"\xef\xbf\xbd"), 0)


def unescaped(text: str) -> str:
    """Resolve character references; any text is taken."""
    # a number of over 4,300 digits would raise; eight are past the last code point already
    return unescape(LONG_NUMBER.sub("\ufffd", text) if "&#" in text else text)


def code_of(tag: bytes, attributes: bytes) -> str:
    """Tell what an element is to the layout, in any generation (FORMATS 2.2, 2.3).

    Args:
        tag: its name in lower case.
        attributes: its attributes in lower case, as written.

    Returns:
        ``o`` wrapper, ``i`` label, ``m`` value, ``s`` section, ``h`` menu, ``b`` page bar,
        ``t`` title, ``p`` end of a line, ``f`` other furniture, ``x`` anything else.
    """
    if tag == b"div":
        return _div_code(attributes)
    codes = {
        b"table": "o", b"th": "i", b"td": "m", b"title": "t", b"style": "f", b"script": "f",
        b"video": "f", b"audio": "f",
    }  # fmt: skip
    return codes.get(tag, "x")


def _div_code(attributes: bytes) -> str:
    found = CLASS.search(attributes)
    classes = set(next(filter(None, found.groups()), b"").split()) if found else set()
    if {b"t", b"o"} <= classes or b"outer" in classes:
        return "o"
    if {b"t", b"i"} <= classes or b"inner" in classes:
        return "i"
    if b"m" in classes or b"most_inner" in classes or CELL.search(attributes):
        return "m"
    if b"div_table" in classes:
        return "i" if TABLE.search(attributes) else "o"
    if b"pagebreak" in classes:
        return "b"
    if b"p" in classes:
        return "p"
    identity = IDENT.search(attributes)
    name = next(filter(None, identity.groups()), b"") if identity else b""
    if name.startswith(b"property-"):
        return "s"
    if name == b"home":
        return "h"
    if {b"mvm", b"uip"} <= classes:  # the legend at the end of a section
        return "f"
    return "x"
