"""Names, nicknames, monikers and titles with names by which persons are meant."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, Final

from extractors.alias_gate import may_state
from extractors.alias_joins import joins
from extractors.alias_statements import stated_names
from extractors.base import LIKELY, STRONG, Hit
from extractors.gate import Memo, pieces
from extractors.handles import detached_names
from extractors.name_cues import MASS, NOT_EXPLICIT
from extractors.name_lists import (
    COMMON,
    FAMILY,
    GIVEN,
    MONIKER,
    OTHER,
    PLACE,
    WORD,
)
from extractors.name_rules import Name, names
from extractors.name_tokens import LONG, LOWER, WARM, Sentence, read
from extractors.normalise.name import clean
from schemas.facts import NameFacts
from schemas.kinds import AliasKind, MentionKind

KINDS = {
    "given": AliasKind.GIVEN,
    "full": AliasKind.FULL,
    "title": AliasKind.FULL,
    "moniker": AliasKind.MONIKER,
    "handle": AliasKind.HANDLE,
}


SIGNED = re.compile(
    r"(?:(?:^|[\n\s])[-–—~][ ]?|\b(?:love|xo+|xoxo|regards|sincerely|cheers|thanks|thx|best|yours|"
    r"besos|saludos|atte|truly)(?: always| u| ya| you)?[ ]?[,.!]?[ ]?\n?[ ]?[-–~]?[ ]?)"
    r"(?P<name>[^\W\d_][\w'’-]{1,20}(?: [^\W\d_][\w'’-]{0,20})?)[\s.!]{0,4}$",
    re.IGNORECASE,
)
"""A name that closes a message."""

CLOSER = re.compile(
    r"\A[-–—~]|\b(?:love|xo|regards|sincerely|cheers|thanks|thx|best|yours|besos|saludos|atte|truly)",
    re.IGNORECASE,
)
"""What leads to it, in a piece between blanks."""

ISOLATED = re.compile(
    r"\u2068@(?P<name>[^\W\d_][^\u2068\u2069\n@]{0,30}[ ][^\u2068\u2069\n@]{1,30})\u2069"
)
"""A display name addressed with ``@`` and set in isolates, as messengers export it."""

SPEAKER = re.compile(
    r"(?m)^[ \t]{0,3}(?P<name>[^\W\d_][\w'’.-]{1,20}(?: [^\W\d_][\w'’.-]{0,20}){0,2})"
    r":(?:[ \t]|(?=[\"“]))"
)
"""A name before a colon at the start of a line."""


TURN = re.compile(r"(?m)^[ \t]{0,3}[A-Z\u00c0-\u024f][\w'’-]{1,20}:(?:[ \t]|[\"“])")
"""A turn of a dialogue: with two of them, the words before the colons are its speakers."""

ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)?")
"""A street rather than a name after ``@``."""

LONE_WORDS = frozenset(
    [
        "will",
        "may",
        "hope",
        "love",
        "chance",
        "rich",
        "cash",
        "trip",
        "drop",
        "skip",
        "rain",
        "bless",
        "april",
        "june",
        "august",
        "summer",
        "winter",
        "prince",
        "major",
        "king",
        "junior",
        "star",
        "don",
        "guy",
        "royal",
        "dale",
        "early",
    ]
)
"""Given names that as a whole message are rather a word."""


class Aliases:
    """Names by which persons are meant.

    Finds: given names and full names; nicknames and monikers (``lil juno``, ``T-Nova``, ``Papa
        Kel``, ``Ray Ray``); titles with names; ordinary words, places and months used as names
        (``tell cookie``, ``dakota said``); names that a statement gives (``goes by X``, ``saved
        as X``, ``le dicen X``), with ``refers_to`` where it joins two; signatures, labels and
        speakers; names addressed with a detached ``@``.
    Does not find: role and kin terms without a name (``daddy``: extractors.roles); user names
        (extractors.handles); ordinary words as names where nothing beside them says so; rare
        names in lower case without a cue; which person a name means.

    References:
        - extractors/data/SOURCES_names.md (name lists)
        - DOMAIN 5.2, R08, R13, R38 (what an alias is and is not)
    """

    name: ClassVar[str] = "aliases"
    version: ClassVar[int] = 2
    kinds: ClassVar[tuple[MentionKind, ...]] = (MentionKind.ALIAS,)

    def speaks(self, piece: str) -> bool:
        """Whether a piece between blanks is worth a look at its text."""
        signs = SIGNS[piece] & (WARM_PIECE | STATEMENT)
        return signs != 0 or piece.endswith("@") or "\u2068@" in piece

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the names in one text; the region is not needed."""
        signs = 0
        for held in set(map(SIGNS.__getitem__, pieces(text))):
            signs |= held
        if (
            not (signs & WARM_PIECE or len(text) >= LONG)
            and "@ " not in text
            and "\u2068@" not in text
            and not (signs & STATEMENT and may_state(text))
        ):
            return
        sentence = read(text)
        if not sentence.tokens:
            return
        spans = _settle(sentence, signs)
        hits = [hit for name in spans if (hit := _hit(sentence, name)) is not None]
        at = list(_addressed(sentence, hits))
        hits = [
            hit for hit in hits if all(hit.end <= one.start or hit.start >= one.end for one in at)
        ] + at
        hits.sort(key=lambda hit: hit.start)
        yield from _join(text, hits)


WARM_PIECE, STATEMENT, CLOSING = 1, 2, 4


def _sign(piece: str) -> int:
    """Return what a piece may hold: a name by itself, a statement, what leads to a signature."""
    return (
        WARM_PIECE * WARM[piece]
        | STATEMENT * may_state(f"{piece} to")
        | CLOSING * (CLOSER.search(piece) is not None)
    )


SIGNS: Final = Memo(_sign)


def _settle(sentence: Sentence, signs: int) -> list[Name]:
    """Return all names of a text without overlap: statements first, then the longer ones."""
    found = [
        *_family_first(sentence),
        *(stated_names(sentence) if signs & STATEMENT else ()),
        *(_signed(sentence) if signs & CLOSING else ()),
        *_speakers(sentence),
        *_whole(sentence),
        *names(sentence),
    ]
    taken: set[int] = set()
    settled: list[Name] = []
    for name in found:
        words = range(name.first, name.last + 1)
        if taken.isdisjoint(words):
            taken.update(words)
            settled.append(name)
    return sorted(settled, key=lambda name: name.first)


def _hit(sentence: Sentence, name: Name) -> Hit | None:
    tokens = sentence.tokens
    start, end = tokens[name.first].start, tokens[name.last].end
    words = [token.word for token in tokens[name.first : name.last + 1]]
    if name.rule == "alias:family-first":
        words = [*words[1:], words[0]]
    key = clean(" ".join(words))
    if key is None:
        return None
    return Hit(
        MentionKind.ALIAS, start, end, name.rule, value=key, confidence=name.confidence,
        facts=NameFacts(key, KINDS[name.shape]),
    )  # fmt: skip


def _join(text: str, hits: list[Hit]) -> list[Hit]:
    """Return the hits with ``refers_to`` on both names of every statement that joins two."""
    for left, right in joins(text, [(hit.start, hit.end) for hit in hits]):
        for one, other in ((left, right), (right, left)):
            hit = hits[one]
            facts = hit.facts
            if isinstance(facts, NameFacts) and facts.refers_to is None:
                hits[one] = replace(
                    hit,
                    facts=replace(facts, refers_to=hits[other].value),
                    confidence=STRONG,
                    rule=hit.rule if "joined" in hit.rule else f"{hit.rule}+alias:joined",
                )
    return hits


def _index_at(sentence: Sentence, start: int) -> int | None:
    """Return the word that begins at a position, or None."""
    index = bisect_left(sentence.tokens, start, key=lambda token: token.start)
    found = index < len(sentence.tokens) and sentence.tokens[index].start == start
    return index if found else None


def _span(sentence: Sentence, start: int, end: int, rule: str, shape: str) -> Name | None:
    """Return the name that covers exactly the words of a span of the text."""
    first = _index_at(sentence, start)
    if first is None:
        return None
    last = first
    while last + 1 < len(sentence.tokens) and sentence.tokens[last + 1].start < end:
        last += 1
    return Name(first, last, shape, rule, STRONG)


def _signed(sentence: Sentence) -> Iterator[Name]:
    match = SIGNED.search(sentence.text, max(0, len(sentence.text) - 80))
    if match is None:
        return
    name = _span(sentence, match.start("name"), match.end("name"), "alias:signature", "given")
    if name is None or (name.first == 0 and sentence.text.lstrip()[:1] not in {"-", "–", "—", "~"}):
        return
    words = sentence.tokens[name.first : name.last + 1]
    if all(
        token.flags & (GIVEN | MONIKER)
        or (token.shape > LOWER and not token.flags & (COMMON | OTHER))
        or (not token.flags and len(words) == 1 and len(token.word) > 2)
        for token in words
    ) and not any(token.word in NOT_EXPLICIT for token in words):
        yield name


def _speakers(sentence: Sentence) -> Iterator[Name]:
    if ": " not in sentence.text and ':"' not in sentence.text:
        return
    turns = len(TURN.findall(sentence.text)) > 1
    for match in SPEAKER.finditer(sentence.text):
        name = _span(sentence, match.start("name"), match.end("name"), "alias:line", "given")
        if name is None:
            continue
        words = sentence.tokens[name.first : name.last + 1]
        head = words[0]
        if (
            (head.flags & GIVEN or (turns and head.shape > LOWER))
            and not head.flags & (WORD | COMMON | OTHER | PLACE)
            and all(token.flags & (GIVEN | FAMILY) or token.shape > LOWER for token in words[1:])
        ):
            yield name


def _family_first(sentence: Sentence) -> Iterator[Name]:
    """Yield names of address lists: ``Boyd, Tamika; Harper, K.``."""
    text = sentence.text
    if ", " not in text and " , " not in text:
        return
    tokens = sentence.tokens
    listing = ";" in text or ":" in text[:20]
    for index in range(len(tokens) - 1):
        one, two = tokens[index], tokens[index + 1]
        if two.gap not in {", ", " , "} or one.shape == LOWER or two.shape == LOWER:
            continue
        if one.flags & OTHER or (one.flags & COMMON and not one.flags & FAMILY):
            continue
        if not (two.flags & GIVEN or (len(two.word) == 1 and listing)):
            continue
        if index and not (set(one.gap) & set(";:\n") and listing):
            continue
        last = index + 1
        if (
            last + 1 < len(tokens)
            and len(tokens[last + 1].word) == 1
            and tokens[last + 1].gap == " "
        ):
            last += 1
        ends = last + 1 == len(tokens) or set(tokens[last + 1].gap) & set(";\n<(")
        if ends and (listing or not one.flags & GIVEN):
            yield Name(index, last, "full", "alias:family-first", STRONG)


def _whole(sentence: Sentence) -> Iterator[Name]:
    """Yield a text or field that is nothing but a name."""
    tokens = sentence.tokens
    if len(tokens) > 5 or any(mark in sentence.text for mark in "@#$/?!:;_"):
        return
    if any(token.word[0].isdigit() for token in tokens):
        return
    upper = all(token.shape > LOWER for token in tokens)
    if not upper:
        return
    given = [token for token in tokens if token.flags & GIVEN]
    family = [token for token in tokens if token.flags & FAMILY]
    odd = [
        token
        for token in tokens
        if token.flags & (COMMON | OTHER)
        and not token.flags & (GIVEN | FAMILY)
        and len(token.word) > 1
    ]
    if len(tokens) == 1:
        token = tokens[0]
        plain = not token.flags & (COMMON | OTHER | PLACE) or (
            token.flags & WORD and token.word not in MASS and token.word not in LONE_WORDS
        )
        if plain and token.flags & (GIVEN | FAMILY):
            yield Name(0, 0, "given", "alias:whole", LIKELY)
        return
    sure = [token for token in given if not token.flags & (WORD | PLACE | OTHER)]
    if not odd and (sure or (given and family)) and len(given) + len(family) >= 2:
        yield Name(0, len(tokens) - 1, "full", "alias:whole", LIKELY)


def _addressed(sentence: Sentence, taken: list[Hit]) -> Iterator[Hit]:
    """Yield names addressed as ``@ name``, the sign set apart from the name."""
    if "\u2068@" in sentence.text:
        for match in ISOLATED.finditer(sentence.text):
            start, end = match.span("name")
            key = clean(match["name"])
            if key is not None:
                yield Hit(
                    MentionKind.ALIAS, start, end, "alias:at", value=key, confidence=STRONG,
                    facts=NameFacts(key, AliasKind.DISPLAY),
                )  # fmt: skip
    if "@ " not in sentence.text:
        return
    covered = {place for hit in taken for place in range(hit.start, hit.end)}
    for start, end in detached_names(sentence.text):
        if not covered.isdisjoint(range(start, end)):
            continue
        key = clean(sentence.text[start:end])
        if key is None or ORDINAL.fullmatch(key):
            continue
        yield Hit(
            MentionKind.ALIAS, start, end, "alias:at", value=key, confidence=LIKELY,
            facts=NameFacts(key, AliasKind.HANDLE),
        )  # fmt: skip
