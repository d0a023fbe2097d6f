"""A text without what identifies a protected person: what is replaced, by what, and where."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.redact.addresses import patterns
from pipeline.redact.gate import Gate
from pipeline.redact.names import Names, common
from pipeline.redact.needles import Needles, Persons
from pipeline.redact.numbers import digits_of, find_numbers
from pipeline.redact.patterns import find_patterns
from pipeline.redact.view import squeezed, turns, view

WINDOW = 100_000
"""Characters looked at together: a message of 10 MB is looked at in pieces that overlap."""
OVERLAP = 1_000

_SIGN = re.compile(r"[^\s\"<>(){}\[\],;|]+")
_IS_SIGN = re.compile(
    r"[@_$=\\%&]|://|www\.|\w/\w|[^\W\d_]\d|\d[^\W\d_]|\w\.[^\W\d_]{2,4}(?:$|[/?#:])", re.IGNORECASE
)
"""What makes a token more than a word: a handle, an address, a file's name."""
_EDGES = "'`.,:!?…*~-—–‘’“”«»"
_WORD = re.compile(r"[\w\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\u20e3\xad]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_MIDDLE = re.compile(r"[\W_]{0,4}(?:[^\W\d_]{1,20}[\W_]{1,4})?")
_LEAD = re.compile(r"(?:\+\s?)?(?:\d{1,3}[\s.-]?)?\(?$|\+$")


@dataclass(frozen=True, slots=True)
class Edit:
    """A span of a text and what stands in its place."""

    start: int
    end: int
    replacement: str
    kind: str
    """name, number, other, or what a court's rule calls it."""


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a text that stands for persons."""

    start: int
    end: int
    persons: Persons
    kind: str


@dataclass(slots=True)
class Counts:
    """What was replaced, counted: never a value."""

    designators: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By designator and kind."""
    rules: Counter[str] = field(default_factory=Counter)
    """By kind, of what a court's rule restricts."""
    words: int = 0
    """Words in all texts looked at; for the share."""

    def add(self, edits: Iterable[Edit], times: int = 1) -> None:
        """Count replacements."""
        for edit in edits:
            if edit.replacement.startswith(DESIGNATOR):
                self.designators[edit.replacement, edit.kind] += times
            else:
                self.rules[edit.kind] += times


DESIGNATOR = "PP-"
LONGEST = 2_048
"""Characters of a sign that is replaced whole; of a longer one the word in it."""


class Redactor:
    """Knows the protected persons of a case and the jurisdiction."""

    def __init__(self, needles: Needles, jurisdiction: str = "mn", *, rules: bool = True) -> None:
        self._needles = needles
        self._names = Names(needles)
        self._jurisdiction = jurisdiction
        self._rules = rules
        self.gate = Gate(needles)

    def text(self, text: str) -> str:
        """Return a text with everything replaced."""
        return apply(text, self.edits(text)) if self.gate.passes(text) else text

    def edits(
        self, text: str, extra: Iterable[Span] = (), fixed: Iterable[Edit] = (), label: str = ""
    ) -> tuple[Edit, ...]:
        """Return what has to be replaced in a text, in order, apart from each other.

        Args:
            text: a text the gate let pass, or any other.
            extra: further spans that stand for persons.
            fixed: further replacements.
            label: the field whose value the text is.
        """
        spans = _merged(text, [*self._spans(text), *extra])
        edits = [Edit(span.start, span.end, designator(span.persons), span.kind) for span in spans]
        rules = [*fixed]
        if self._rules:
            rules += [
                Edit(item.start, item.end, item.replacement, item.kind)
                for item in find_patterns(text, self._jurisdiction, label)
            ]
        return _apart(edits, rules)

    def persons(self, text: str) -> set[int]:
        """Return for whom any part of a text stands."""
        return {person for span in self._spans(text) for person in span.persons}

    def _spans(self, text: str) -> list[Span]:
        if len(text) <= WINDOW:
            return self._in_window(text)
        return [
            Span(span.start + first, span.end + first, span.persons, span.kind)
            for first in range(0, len(text), WINDOW - OVERLAP)
            for span in self._in_window(text[first : first + WINDOW])
        ]

    def _in_window(self, text: str) -> list[Span]:
        seen = view(text)
        folded = seen.text
        found = [(*place, "name") for place in self._names.find(folded)]
        if turns(text):
            size = len(folded)
            found += [
                (size - end, size - start, who, "name")
                for start, end, who in self._names.find(folded[::-1])
            ]
        if self._needles.numbers or self._needles.tails:
            digits = digits_of(folded)
            found += [
                (start, end, who, "number")
                for start, end, who in find_numbers(
                    folded, digits, self._needles.numbers, self._needles.tails
                )
            ]
        if self._needles.addresses:
            inside = squeezed(folded)
            found += [
                (*match.span(), who, "address")
                for address, who in self._needles.addresses
                if address.key in inside or address.street[0][:1].isdigit()
                for pattern in patterns(address)
                for match in pattern.finditer(folded)
            ]
        if not found:
            return []
        tokens = _Tokens(text)
        return [
            Span(*tokens.widened(*seen.span(start, end)), who, kind)
            for start, end, who, kind in dict.fromkeys(found)
        ]


def designator(persons: Persons) -> str:
    """Return the name that stands for a person; several where a part is theirs in common."""
    return "/".join(f"{DESIGNATOR}{number}" for number in persons)


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with its replacements."""
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.start], edit.replacement]
        at = edit.end
    return "".join([*parts, text[at:]])


class _Tokens:
    """The words and signs of a text, to which spans are widened."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = [match.span() for match in _WORD.finditer(text)]
        self._signs = [match.span() for match in _SIGN.finditer(text)]

    def widened(self, start: int, end: int) -> tuple[int, int]:
        """Widen a span to the whole of the words and the sign in which it stands."""
        text = self._text
        for first, last in _touching(self._words, start, end):
            start, end = min(start, first), max(end, last)
        for first, last in _touching(self._signs, start, end):
            if last - first > LONGEST or not _IS_SIGN.search(text, first, last):
                continue
            token = text[first:last]
            left = len(token) - len(token.lstrip(_EDGES))
            right = len(token.rstrip(_EDGES))
            start, end = min(start, first + left), max(end, first + right)
        if text[start : start + 1].isdigit():
            lead = _LEAD.search(text, max(0, start - 6), start)
            start = lead.start() if lead is not None else start
        return start, end


def _touching(spans: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans that overlap one; they are in order and apart."""
    first = bisect_right(spans, start, key=lambda span: span[1])
    return spans[first : bisect_left(spans, end, key=lambda span: span[0])]


def _merged(text: str, spans: list[Span]) -> list[Span]:
    """Join spans that overlap, and the parts of one person's name; the longest decides who."""
    merged: list[list[Span]] = []
    end = -1
    for span in sorted(spans, key=lambda s: (s.start, -s.end, len(s.persons), s.persons)):
        if merged and (span.start < end or _one_name(text, merged[-1], end, span)):
            merged[-1].append(span)
        else:
            merged.append([span])
        end = max(end, span.end) if span.start < end or len(merged[-1]) > 1 else span.end
    return [_joined(group) for group in merged]


def _one_name(text: str, group: list[Span], end: int, span: Span) -> bool:
    """Whether a name goes on: ``Lake, Juno``, ``Juno M. Lake``."""
    if span.kind != "name" or group[-1].kind != "name" or span.start - end > 24:
        return False
    if not set(group[-1].persons) & set(span.persons):
        return False
    between = text[end : span.start]
    if "\n" in between or not _MIDDLE.fullmatch(between):
        return False
    return _is_middle(between)


def _is_middle(between: str) -> bool:
    """Whether no common word stands between two parts of a name."""
    between = between.lower()
    words = _LETTERS.findall(between)
    if words and "," in between.partition(words[0])[2]:
        return False  # a list of people, not a name
    return not any(len(word) > 1 and common(word) for word in words)


def _joined(group: list[Span]) -> Span:
    """Make one of spans: persons are those all agree on, or else those of the longest."""
    start, end = min(s.start for s in group), max(s.end for s in group)
    shared = set(group[0].persons).intersection(*(s.persons for s in group))
    longest = max(group, key=lambda s: (s.end - s.start, -len(s.persons)))
    if not shared:
        named = {person for s in group for person in s.persons}
        shared = set(longest.persons) if _covers(longest, group) else named
    kinds = {s.kind for s in group}
    kind = next(k for k in ("address", "number", "name") if k in kinds) if kinds else longest.kind
    return Span(start, end, tuple(sorted(shared)), kind)


def _covers(longest: Span, group: list[Span]) -> bool:
    return all(longest.start <= s.start and s.end <= longest.end for s in group)


def _apart(edits: list[Edit], rules: list[Edit]) -> tuple[Edit, ...]:
    """Return all replacements in order; where some overlap, one stands for all of them.

    A designator comes before a rule, and the longer of two rules before the other.
    """
    groups: list[list[Edit]] = []
    end = -1
    for edit in sorted([*edits, *rules], key=lambda e: (e.start, -e.end)):
        if groups and edit.start < end:
            groups[-1].append(edit)
        else:
            groups.append([edit])
        end = max(end, edit.end)
    return tuple(map(_first_of, groups))


def _first_of(group: list[Edit]) -> Edit:
    named = [edit for edit in group if edit.replacement.startswith(DESIGNATOR)]
    first = named[0] if named else max(group, key=lambda e: e.end - e.start)
    end = max(edit.end for edit in group)
    return Edit(group[0].start, end, first.replacement, first.kind)
