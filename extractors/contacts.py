"""E-mail addresses, web addresses and IP addresses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import ClassVar

from extractors import gate
from extractors.base import CERTAIN, STRONG, Hit
from schemas.kinds import MentionKind

EMAIL = re.compile(
    r"(?<![\w.+%-])[A-Za-z0-9](?:[\w.+%-]{0,63}[\w+%-])?@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![\w-])"
)
"""Local part and domain of RFC 5321 as people write them: unquoted, with a named top level."""

TOP_LEVELS = (
    "com|net|org|io|me|us|co|gov|edu|info|biz|app|ly|gg|tv|link|site|online|xyz|mx|uk|ca|de|fr|es"
)
"""Top levels under which a name without scheme is taken for an address: the common ones only, as
``ok.then`` and ``rm.214`` are chat."""

URL = re.compile(
    r"(?<![\w@])(?:"
    r"(?:https?|ftp)://[^\s<>\"'\u2066-\u2069]{1,2000}"
    r"|www\.[^\s<>\"'\u2066-\u2069]{1,2000}"
    rf"|(?:[A-Za-z0-9-]{{1,63}}\.){{1,5}}(?:{TOP_LEVELS})"
    r"(?:/[^\s<>\"'\u2066-\u2069]{0,2000}|(?![\w@.-]))"
    r")",
    re.IGNORECASE,
)
"""Schemes of the web, ``www.``, and bare host names under common top levels."""

TRAILING = ".,;:!?)]}*_~'\"…"
"""Punctuation that ends a sentence rather than an address."""

IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?!\w)(?!\.\w)")
IPV6 = re.compile(
    r"(?<![\w:.])(?:\[(?P<bracketed>[0-9A-Fa-f:]{2,39}(?:\.\d{1,3}){0,3})\](?::\d{1,5})?"
    r"|(?P<bare>(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}))(?![\w:])"
)
"""Dotted quads and colon groups, with a port after the quad or the bracket (FORMATS 2.6)."""


def _speaks(piece: str) -> bool:
    """Whether an address stands in a piece of text: no pattern of them crosses a blank."""
    return ("." in piece or ":" in piece) and any(
        pattern.search(piece) for pattern in (EMAIL, URL, IPV4, IPV6)
    )


SPEAKS = gate.Memo(_speaks)


class Contacts:
    """E-mail, web and IP addresses as written in text.

    Finds: e-mail addresses; web addresses with a scheme, with ``www.`` or under a common top
        level; IPv4 and IPv6 addresses, with or without a port.
    Does not find: ``name at example dot com``; host names under rare top levels without scheme.

    References:
        - RFC 5321 (e-mail), RFC 3986 (URL), RFC 4291 (IPv6)
    """

    name: ClassVar[str] = "contacts"
    version: ClassVar[int] = 2
    kinds: ClassVar[tuple[MentionKind, ...]] = (
        MentionKind.EMAIL,
        MentionKind.URL,
        MentionKind.IP,
    )

    def speaks(self, piece: str) -> bool:
        """Whether a piece between blanks is worth a look at its text."""
        return SPEAKS[piece]

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the addresses in one text; the region is not needed."""
        if ("." not in text and ":" not in text) or not gate.holds(SPEAKS, text):
            return
        hits = list(_emails(text)) if "@" in text else []
        taken = [(hit.start, hit.end) for hit in hits]
        for hit in (*_urls(text), *_ips(text)):
            if not any(start < hit.end and hit.start < end for start, end in taken):
                hits.append(hit)
                taken.append((hit.start, hit.end))
        yield from sorted(hits, key=lambda hit: (hit.start, hit.end))


def _emails(text: str) -> Iterator[Hit]:
    for match in EMAIL.finditer(text):
        yield Hit(
            MentionKind.EMAIL, match.start(), match.end(), "email:address",
            value=match.group().lower(), confidence=CERTAIN,
        )  # fmt: skip


def _urls(text: str) -> Iterator[Hit]:
    for match in URL.finditer(text):
        surface = match.group().rstrip(TRAILING)
        if ")" in match.group() and surface.count("(") > surface.count(")"):
            surface += ")"
        host = surface.split("://")[-1].split("/")[0]
        if "." not in host or len(surface) < 4:
            continue
        rule = "url:scheme" if "://" in surface else "url:host"
        yield Hit(MentionKind.URL, match.start(), match.start() + len(surface), rule, value=surface)


def _ips(text: str) -> Iterator[Hit]:
    for match in IPV4.finditer(text):
        yield from _ip_hit(match, match.group().split(":")[0], "ip:v4")
    if text.count(":") >= 2:
        for match in IPV6.finditer(text):
            address = match["bracketed"] or match["bare"]
            if any(
                char.isdigit() for char in address
            ):  # not ``::`` or ``add::bed`` of program text
                yield from _ip_hit(match, address, "ip:v6")


def _ip_hit(match: re.Match[str], address: str, rule: str) -> Iterator[Hit]:
    try:
        value = str(ipaddress.ip_address(address))
    except ValueError:
        return  # 999.1.1.1 or 12:30:45: the shape alone is not an address
    confidence = STRONG if rule == "ip:v4" else CERTAIN
    yield Hit(MentionKind.IP, match.start(), match.end(), rule, value=value, confidence=confidence)
