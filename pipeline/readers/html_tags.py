"""Tags and attributes of any HTML."""

from __future__ import annotations

import re

from pipeline.readers import tokens
from pipeline.readers.tokens import RAW

INLINE = (tokens.INLINE - {b"p", b"ul", b"ol", b"li"}) | frozenset(
    b"var kbd samp dfn acronym data output ruby rb rt rp rtc meter progress basefont blink picture "
    b"map area img source embed input wbr video audio track param object canvas applet".split()
)
"""Elements that do not end a block; every other known one does (HTML, section 15.3.3)."""
KNOWN = tokens.INLINE | tokens.BLOCK | tokens.VOID | INLINE | frozenset(
    b"frameset frame noframes dir menu menuitem hgroup search optgroup datalist dialog template "
    b"slot xml xmp listing plaintext noembed marquee image math".split()
)  # fmt: skip
TABLE_PARTS = frozenset({b"thead", b"tbody", b"tfoot", b"caption", b"colgroup"})

LONG_TAG = re.compile(rb"<(/?[A-Za-z][\w:.-]*+)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
"""A tag with values past the bounds of TOKEN (pictures as data). What a character does to the state
(outside, in one sort of quotes, in the other) is a permutation and a ``<`` outside ends an attempt,
so no more than three attempts pass over a byte: linear."""
SLOPPY_TAG = re.compile(rb"<([A-Za-z][A-Za-z0-9]{0,15})(\s[^<>]{0,4000})>")
"""A tag whose quotes do not pair."""
CUSTOM = re.compile(rb"[A-Za-z][A-Za-z0-9]*[:-][\w:.-]*")
"""Names that no person writes between angle brackets: ``o:p``, ``my-element``."""
CLOSERS = re.compile(rb"</([A-Za-z][A-Za-z0-9]{0,15})\s{0,9}>")
HREF = re.compile(
    rb"(?<![\w-])href\s{0,3}=\s{0,3}(?:\"([^\"]{1,4000})\"|'([^']{1,4000})'|([^\"'\s>]{1,4000}))",
    re.IGNORECASE,
)
ALT = re.compile(
    rb"(?<![\w-])alt\s{0,3}=\s{0,3}(?:\"([^\"]{1,4000})\"|'([^']{1,4000})'|([^\"'\s>]{1,4000}))",
    re.IGNORECASE,
)
NO_LINK = re.compile(r"(?:javascript|vbscript|data):|#", re.IGNORECASE)
JSON_TYPE = re.compile(rb"type\s{0,3}=\s{0,3}[\"']?[\w/+.-]{0,40}json", re.IGNORECASE)
RAWS = {**RAW, b"xml": re.compile(rb"</xml\s{0,3}>", re.IGNORECASE)}
"""Elements whose content is never shown."""
