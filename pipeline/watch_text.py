"""Listed names, handles and numbers that stand in a text and that no extractor took for a mention.

Whole words only, and as written in the list but for case, accents, fancy letters and what parts the
words of a name (``lil juno``, ``Lil-Juno``). A name that is an ordinary word too (hope, rich) is
taken only with a capital. An entry as such is not searched for by pattern: a text's words are
looked up among the first words of all entries, so a longer list costs no more (1.5 µs a text of ten
words, one entry or a thousand).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, pairwise

from extractors.base import LIKELY, SEEN, STRONG, Hit
from extractors.gate import Memo
from extractors.name_lists import COMMON, GIVEN, flags_of, word_flags
from extractors.normalise.name import clean
from extractors.registry import find_kind
from pipeline.lists import folded
from pipeline.search.fold import Token, tokens, words
from pipeline.watch import LOCAL_DIGITS, Found, Watch, handle_parts
from schemas.facts import NameFacts, PhoneFacts
from schemas.kinds import AliasKind, MentionKind, ServiceCategory

SEVEN_DIGITS = "watch_last_seven_digits"
"""``review`` of a number without area code that ends as a listed one does."""
SHORT = "watch:phone-short"
"""Rule of such a number."""

WINDOW = 1 << 16
"""Characters of a long text that are looked at together, lest its words fill memory."""
REACH = 256
"""Characters by which two windows overlap; longer than any entry."""

PLAIN_HANDLE = 6
"""Letters from which on a handle that no list of words or names has is told from a word."""

_BYTES = bytes(
    ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else 32 for code in range(256)
)
_NO_DIGITS = bytes(code for code in range(256) if code not in b"0123456789")
_RUN = re.compile(rf"\d(?:[\W_]{{0,3}}\d){{{LOCAL_DIGITS - 1},}}")
_GROUP = re.compile(r"\d+")
_GAP = re.compile(r"[ \t\u00a0\u202f]{1,3}|[-_.'’`‐‑–]")
_TURNED = re.compile(r" ?, {0,2}")
"""Between the parts of a name written last part first: ``Marsh, Dana``."""
_WITHIN = frozenset(".-@")
"""What may stand inside a handle or an e-mail address."""
_BROKEN = re.compile(r"\d[.,]$")
"""Before what is the rest of a decimal number."""
_QUIET = " \t,'’\"“”()-–\u00a0"
"""What may stand between a word and the one before it without beginning a sentence."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A place in a text where entries stand."""

    hit: Hit
    found: Found


@dataclass(frozen=True, slots=True)
class _Pattern:
    words: tuple[str, ...]
    kind: MentionKind
    number: int
    written: str
    is_turned: bool = False
    """Last part first, which needs a comma and capitals."""


class Scanner:
    """Looks for the entries of a list in texts."""

    def __init__(self, watch: Watch, region: str) -> None:
        """Make ready.

        Args:
            watch: the list.
            region: country of numbers without one.
        """
        self._region = region
        self._firsts: dict[str, set[int]] = defaultdict(set)
        self._patterns: dict[tuple[str, ...], list[_Pattern]] = defaultdict(list)
        self._digits: dict[str, set[int]] = defaultdict(set)
        self._values: dict[str, str] = {}
        for number, entry in enumerate(watch.entries):
            for pattern in _patterns(number, entry.kind, entry.value, entry.written):
                if sum(map(len, pattern.words)) < REACH // 2:
                    self._firsts[pattern.words[0]].add(len(pattern.words))
                    self._patterns[pattern.words].append(pattern)
            if entry.kind == "phone":
                self._add_number(number, entry.value)
        self._lengths = sorted({len(digits) for digits in self._digits})
        self._gate = frozenset(word.encode() for word in self._firsts)
        self._odd = Memo(self._is_odd)

    def _add_number(self, number: int, value: str) -> None:
        digits = value.removeprefix("+")
        forms = {digits}
        if digits != value:
            forms |= {_national(value), digits[-LOCAL_DIGITS:]}
            self._values |= dict.fromkeys((digits, _national(value)), value)
        for form in forms:
            self._digits[form].add(number)

    def touches(self, text: str) -> tuple[bool, bool]:
        """Whether a text may hold a listed name or handle, and a listed number.

        Cheap, and true of every text that does.
        """
        raw = text.encode("utf-8", "replace")
        is_odd = len(raw) != len(text) and any(
            self._odd[piece] for piece in text.split() if not piece.isascii()
        )
        may_name = is_odd or not self._gate.isdisjoint(raw.translate(_BYTES).split())
        may_number = is_odd or len(raw.translate(None, _NO_DIGITS)) >= LOCAL_DIGITS
        return may_name, may_number and bool(self._digits) and _RUN.search(text) is not None

    def _is_odd(self, piece: str) -> bool:
        """Whether a piece that is not ASCII may hold an entry: a first word, or wide digits."""
        if not self._firsts.keys().isdisjoint(words(piece)):
            return True
        return any(sign.isdecimal() and not sign.isascii() for sign in piece)

    def scan(self, text: str) -> list[Sighting]:
        """Return where entries stand in a text, sorted; of two over each other the longer.

        ``text[start:end]`` of each hit is what stands there, unchanged.
        """
        may_name, may_number = self.touches(text)
        if not (may_name or may_number):
            return []
        found: dict[tuple[int, int, str], tuple[Hit, set[int]]] = {}
        for base, end in _windows(len(text)):
            window = text[base:end]
            sights = chain(
                self._words_in(window) if may_name else (),
                self._numbers_in(window) if may_number else (),
            )
            for hit, number in _whole(sights, text, base, end):
                found.setdefault((hit.start, hit.end, hit.kind), (hit, set()))[1].add(number)
        kept: list[Sighting] = []
        last: dict[MentionKind, int] = {}
        for _, (hit, numbers) in sorted(found.items(), key=lambda item: (item[0][0], -item[0][1])):
            if hit.end > last.get(hit.kind, 0):  # else it lies within one that is kept
                kept.append(Sighting(hit, tuple(sorted(numbers))))
                last[hit.kind] = hit.end
        return kept

    def _words_in(self, text: str) -> Iterator[tuple[Hit, int]]:
        found = tokens(text)
        for at, token in enumerate(found):
            for length in self._firsts.get(token.word, ()):
                here = found[at : at + length]
                for pattern in self._patterns.get(tuple(one.word for one in here), ()):
                    hit = _hit(text, here, pattern)
                    if hit is not None:
                        yield hit, pattern.number

    def _numbers_in(self, text: str) -> Iterator[tuple[Hit, int]]:
        for run in _RUN.finditer(text):
            digits, starts, ends = _groups(text, run.start(), run.end())
            for at, first in starts.items():
                for length in self._lengths:
                    last = ends.get(at + length)
                    asked = digits[at : at + length]
                    is_whole = length == len(digits)
                    if last is None or asked not in self._digits:
                        continue
                    if length > LOCAL_DIGITS or is_whole:
                        start, end = _drawn(text, first, last)
                        if not _BROKEN.search(text[max(0, start - 2) : start]):
                            hit = self._number_hit(asked, start, end)
                            yield from ((hit, number) for number in self._digits[asked])

    def _number_hit(self, digits: str, start: int, end: int) -> Hit:
        value = self._values.get(digits)
        if value is None:
            return Hit(
                MentionKind.PHONE, start, end, SHORT, None, SEEN,
                "on the watch list by its last digits; no other rule takes it for a number",
                PhoneFacts(), review=SEVEN_DIGITS,
            )  # fmt: skip
        facts, category = _number_facts(value, self._region)
        return Hit(
            MentionKind.PHONE, start, end, "watch:phone", value, LIKELY,
            "on the watch list; no other rule takes it for a number", facts, category,
        )  # fmt: skip


def _groups(text: str, start: int, end: int) -> tuple[str, dict[int, int], dict[int, int]]:
    """Return the digits of a run, and by place among them where its groups begin and end."""
    digits: list[str] = []
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    count = 0
    for group in _GROUP.finditer(text, start, end):
        starts[count] = group.start()
        count += group.end() - group.start()
        ends[count] = group.end()
        digits.append(group[0])
    joined = "".join(digits)
    if not joined.isascii():
        joined = "".join(str(unicodedata.decimal(sign)) for sign in joined)
    return joined, starts, ends


def _patterns(number: int, kind: str, value: str, written: str) -> Iterator[_Pattern]:
    parts = tuple(words(written if kind == "name" else value))
    if kind == "name" and parts:
        turned = _turned(written)
        if turned is not None:  # the list has it last part first
            yield _Pattern(tuple(words(turned)), MentionKind.ALIAS, number, turned)
            yield _Pattern(parts, MentionKind.ALIAS, number, turned, is_turned=True)
            return
        yield _Pattern(parts, MentionKind.ALIAS, number, written)
        if len(parts) == 2 and parts[0] != parts[1]:
            yield _Pattern(parts[::-1], MentionKind.ALIAS, number, written, is_turned=True)
    elif kind == "handle":
        name = handle_parts(value)[2]
        if _is_distinct(name) and (parts := tuple(words(name))):
            yield _Pattern(parts, MentionKind.HANDLE, number, value)
    elif kind == "account" and len(parts) == 1 and parts[0].isdecimal() and len(parts[0]) > 5:
        yield _Pattern(parts, MentionKind.ACCOUNT, number, value)


def _turned(written: str) -> str | None:
    last, comma, first = written.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and words(last) and words(first) else None


def _is_distinct(name: str) -> bool:
    """Whether a handle without its sign can be told from a word or a name."""
    if len(name) > 3 and any(sign.isdigit() or sign in "._-" for sign in name):
        return any(map(str.isalpha, name))
    return len(name) >= PLAIN_HANDLE and flags_of(name, word_flags()) == 0


def _hit(text: str, here: Sequence[Token], pattern: _Pattern) -> Hit | None:
    start, end = here[0].start, here[-1].end
    if pattern.kind is MentionKind.HANDLE:
        return _handle_hit(text, start, end, pattern)
    if pattern.kind is MentionKind.ACCOUNT:
        detail = "an account number of the watch list"
        if not _stands_alone(text, start, end):
            return None
        return Hit(MentionKind.ACCOUNT, start, end, "watch:account", None, LIKELY, detail)
    joints = [text[one.end : two.start] for one, two in pairwise(here)]
    commas = [gap for gap in joints if _TURNED.fullmatch(gap)]
    if pattern.is_turned and (len(commas) != 1 or not all(text[o.start].isupper() for o in here)):
        return None
    if not all(
        (pattern.is_turned and gap in commas) or _joins(gap, one.word)
        for gap, one in zip(joints, here, strict=False)
    ):
        return None
    sure, detail = STRONG, "on the watch list; no other rule takes it for a name"
    if "_" in (text[start - 1 : start], text[end : end + 1]):
        return None  # a part of a handle
    if all(_is_common(one.word) for one in here):
        if not _is_capital(text, here):
            return None
        begins = _begins(text, start)
        sure = SEEN if begins else LIKELY
        detail += "; an ordinary word too, here with a capital"
        detail += " at the beginning of a sentence" if begins else ""
    value = clean(pattern.written) or " ".join(words(pattern.written))
    facts = NameFacts(value, _sort(value))
    return Hit(MentionKind.ALIAS, start, end, "watch:name", value, sure, detail, facts)


def _handle_hit(text: str, start: int, end: int, pattern: _Pattern) -> Hit | None:
    service, sigil, name = handle_parts(pattern.written)
    inner = [place for place, sign in enumerate(name) if sign.isalnum()]
    start, end = start - inner[0], end + len(name) - 1 - inner[-1]
    if start < 0 or folded(text[start:end]) != name or not _stands_alone(text, start, end):
        return None
    value = f"{service}:{sigil}{name}" if service else name
    facts = NameFacts(name, AliasKind.HANDLE, service or None)
    detail = "on the watch list; no other rule takes it for a handle"
    return Hit(MentionKind.HANDLE, start, end, "watch:handle", value, STRONG, detail, facts)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether what stands before and after is no part of the same handle, number or address."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if (before and _is_part(before[-1])) or (after and _is_part(after[0])):
        return False
    is_end = len(before) == 2 and before[1] in _WITHIN and _is_part(before[0])
    is_beginning = len(after) == 2 and after[0] in _WITHIN and _is_part(after[1])
    return not (is_end or is_beginning)


def _drawn(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen the span of a number by the bracket or plus that belongs to it."""
    if text[start - 1 : start] == "(" and ")" in text[start:end]:
        start -= 1
    return (start - 1 if text[start - 1 : start] == "+" else start), end


def _is_part(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _joins(gap: str, before: str) -> bool:
    """Whether what stands between two words lets them be parts of one name."""
    seen = "".join(sign for sign in gap if unicodedata.category(sign) not in {"Cf", "Mn", "Me"})
    if _GAP.fullmatch(seen):
        return True
    return len(before) < 3 and seen == ". "  # J. Marsh


def _is_common(word: str) -> bool:
    if word.isascii() and len(word) < 3:
        return True
    if not any(map(str.isalpha, word)):
        return True  # digits, emoji
    return bool(flags_of(word, word_flags()) & COMMON)


def _is_capital(text: str, here: Sequence[Token]) -> bool:
    """Whether each part is written with a capital; in a text all of capitals that says nothing."""
    if not all(text[one.start].isupper() for one in here):
        return False
    around = text[max(0, here[0].start - 80) : here[-1].end + 80]
    return any(map(str.islower, around)) or not any(
        map(str.isalpha, text[: here[0].start] + text[here[-1].end :])
    )


def _begins(text: str, start: int) -> bool:
    before = text[max(0, start - 12) : start].rstrip(_QUIET)
    return not (before and before[-1].isalnum())


@cache
def _sort(value: str) -> AliasKind:
    if " " in value:
        return AliasKind.FULL
    return AliasKind.GIVEN if flags_of(value, word_flags()) & GIVEN else AliasKind.MONIKER


@cache
def _number_facts(value: str, region: str) -> tuple[PhoneFacts, ServiceCategory | None]:
    """Facts and service of a number, as the extractor of numbers tells them."""
    for hit in find_kind(MentionKind.PHONE, value, region):
        if hit.value == value and isinstance(hit.facts, PhoneFacts):
            return hit.facts, hit.service_category
    return PhoneFacts(value), None


@cache
def _national(value: str) -> str:
    import phonenumbers

    try:
        return str(phonenumbers.parse(value).national_number)
    except phonenumbers.NumberParseException:
        return value.removeprefix("+")


def _windows(length: int) -> Iterator[tuple[int, int]]:
    start = 0
    while True:
        end = min(start + WINDOW, length)
        yield start, end
        if end == length:
            return
        start = end - REACH


def _whole(
    sights: Iterable[tuple[Hit, int]], text: str, base: int, end: int
) -> Iterator[tuple[Hit, int]]:
    """Yield what a window cuts nothing from, in places of the text."""
    for hit, number in sights:
        is_cut = (base and not hit.start) or (end < len(text) and hit.end == end - base)
        if not is_cut:
            moved = replace(hit, start=hit.start + base, end=hit.end + base) if base else hit
            yield moved, number
