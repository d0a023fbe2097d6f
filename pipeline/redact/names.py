"""Names, handles and mail addresses in folded text, in every writing that still reads as them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from extractors.name_lists import COMMON, flags_of, word_flags
from pipeline.redact.needles import JOINED, PART, Needles, Persons
from pipeline.redact.view import LEET, LEET_SIGNS, NAME_WORD

Place = tuple[int, int, Persons]
"""Span of the folded text and for whom it stands."""

INSIDE = 4
"""Letters of a name that is looked for inside of longer words (``itsjunobaby``)."""
BROKEN = 5
"""Letters of a name that is looked for across a blank (``mari sol``)."""

SPACED = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,5}[^\W_]){2,}(?![^\W_])")
"""Letters set apart: ``J u n o``, ``j.u.n.o``."""

TOKEN = re.compile(r"[^\s\"<>(){}\[\],;]+")
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")


@cache
def ordinary(word: str) -> bool:
    """Whether a longer word is one of its own: of a list of words and of others' names."""
    return bool(flags_of(word, word_flags()))


def common(word: str) -> bool:
    """Whether a folded word is of the common words of a language."""
    return bool(flags_of(word, word_flags()) & COMMON)


class Names:
    """The needles of a case, made ready to be looked for."""

    def __init__(self, needles: Needles) -> None:
        self._needles = needles
        self._words = needles.words
        self._leet = {word.translate(LEET): who for word, who in needles.words.items()}
        self._inside = [(w, p) for w, p in needles.words.items() if len(w) >= PART or _unparted(w)]
        self._leet_inside = [(word, who) for word, who in self._leet.items() if len(word) >= INSIDE]
        self._collapsed = {
            short: who for word, who in needles.words.items() if len(short := _collapsed(word)) >= 4
        }
        self._rows: dict[str, list[tuple[tuple[str, ...], Persons]]] = {}
        for row, who in needles.rows.items():
            self._rows.setdefault(row[0], []).append((row, who))
        joint = {"".join(row) for row in needles.rows}  # Al Li is not "all I"
        parts = {w: p for w, p in needles.words.items() if len(w) >= INSIDE and w not in joint}
        self._across = [*needles.joined.items(), *parts.items()]
        self._domains = [
            (re.compile(
                r"(?<![^\W_])" + r"\s?(?:\.|\(?\[?dot\]?\)?)\s?".join(
                    map(re.escape, domain.split("."))) + r"(?![^\W_])"), who)
            for domain, who in needles.domains.items()
        ]  # fmt: skip
        self._ask = lru_cache(maxsize=1 << 16)(self._in_word)

    def find(self, folded: str) -> Iterator[Place]:
        """Yield places of the folded text, in no order."""
        yield from self._whole_words(folded)
        yield from self._tokens(folded)
        yield from self._apart(folded)
        yield from self._across_signs(folded)
        for pattern, who in self._domains:
            for match in pattern.finditer(folded):
                yield *match.span(), who

    def _whole_words(self, folded: str) -> Iterator[Place]:
        words: list[tuple[str, int, int]] = []
        for match in NAME_WORD.finditer(folded):
            word, start, end = match.group(), match.start(), match.end()
            plain = "".join(filter(str.isalpha, word))
            words.append((plain, start, end))
            if who := self._ask(plain):
                yield start, end, who
            elif plain != word:
                for part in _LETTERS.finditer(word):
                    if who := self._ask(part.group()):
                        yield start, end, who
        if self._rows:
            yield from self._in_a_row(folded, words)

    def _in_a_row(self, folded: str, words: list[tuple[str, int, int]]) -> Iterator[Place]:
        for at, (word, start, _) in enumerate(words):
            for row, who in self._rows.get(word, ()):
                behind = words[at : at + len(row)]
                if tuple(item[0] for item in behind) == row:
                    end = behind[-1][2]
                    if end - start <= len("".join(row)) + 4 * len(row):
                        yield start, end, who

    def _in_word(self, word: str) -> Persons:
        """Return for whom a word of letters stands, or nobody."""
        if word in self._words:
            return self._words[word]
        one = self._words.get(word[:-1]) if word.endswith("s") else None
        if one and (len(word) > INSIDE or word not in word_flags()):
            return one
        short = _collapsed(word)
        if short != word and short in self._collapsed:
            return self._collapsed[short]
        found: set[int] = set()
        for needle, who in self._inside:
            if len(needle) >= len(word) or needle not in word:
                continue
            if _unparted(needle) or (len(needle) >= INSIDE and not ordinary(word)):
                found.update(who)
        return tuple(sorted(found))

    def _tokens(self, folded: str) -> Iterator[Place]:
        """Look at tokens with digits and signs: handles, addresses, letters written as digits."""
        for match in TOKEN.finditer(folded):
            token, start = match.group(), match.start()
            if token.isalpha() or len(token) > 4096:
                continue
            is_sign = any(sign.isdigit() or sign in "@_$/=" for sign in token)
            for run in _WORD.finditer(token):
                if who := self._needles.tokens.get(run.group()):
                    yield start + run.start(), start + run.end(), who
            if is_sign:
                yield from self._short_parts(token, start)
            if LEET_SIGNS.intersection(token) and any(map(str.isalpha, token)):
                yield from self._as_leet(token, start)
        squeezed, places = _squeeze(folded)
        for needle, who in self._needles.tokens.items():
            for a, b in _occurrences(squeezed, needle):
                if _aligned(folded, places, a, b) == (True, True):
                    yield places[a], places[b - 1] + 1, who

    def _short_parts(self, token: str, start: int) -> Iterator[Place]:
        """Look for names of three letters at the ends of the words of a handle."""
        for run in _LETTERS.finditer(token):
            word = run.group()
            for needle, who in self._inside:
                if len(needle) >= INSIDE or len(word) <= len(needle) or ordinary(word):
                    continue
                if word.startswith(needle) or word.endswith(needle):
                    yield start + run.start(), start + run.end(), who

    def _as_leet(self, token: str, start: int) -> Iterator[Place]:
        plain = token.translate(LEET)
        for run in _LETTERS.finditer(plain):
            word, at = run.group(), start + run.start()
            if not any(sign in LEET_SIGNS for sign in token[run.start() : run.end()]):
                continue
            if who := self._leet.get(word):
                yield at, at + len(word), who
                continue
            for needle, who in self._leet_inside:
                if needle in word:
                    yield at, at + len(word), who

    def _apart(self, folded: str) -> Iterator[Place]:
        for match in SPACED.finditer(folded):
            run, start = match.group(), match.start()
            letters = [(sign, n) for n, sign in enumerate(run) if sign.isalnum()]
            said = "".join(sign for sign, _ in letters)
            for text, needles in ((said, self._words), (said.translate(LEET), self._leet)):
                for needle, who in needles.items():
                    if len(needle) < PART:
                        continue
                    for a, b in _occurrences(text, needle):
                        yield start + letters[a][1], start + letters[b - 1][1] + 1, who

    def _across_signs(self, folded: str) -> Iterator[Place]:
        squeezed, places = _squeeze(folded)
        for needle, who in self._across:
            for a, b in _occurrences(squeezed, needle):
                start, end = places[a], places[b - 1] + 1
                between = folded[start:end]
                begins, ends = _aligned(folded, places, a, b)
                one = not any(map(str.isspace, between))
                if needle in self._needles.joined and len(needle) >= JOINED:
                    if begins or one:
                        yield start, end, who
                elif begins and ends and len(between) > len(needle):
                    pieces = _WORD.findall(between)
                    if one or _odd(pieces, BROKEN - len(needle)):
                        yield start, end, who


def _unparted(name: str) -> bool:
    """Whether a name is written in a script that puts no blanks between words."""
    return len(name) > 1 and all(
        "\u2e80" <= sign <= "\ud7ff" or sign > "\U00020000" for sign in name
    )


def _odd(pieces: list[str], doubt: int) -> bool:
    """Whether words are so odd that they are a name with blanks in it (``mari sol``)."""
    lone = any(len(piece) == 1 for piece in pieces)
    return lone or (doubt <= 0 and not all(map(common, pieces)))


def _collapsed(word: str) -> str:
    """Return a word with each run of one letter as one letter: ``junooo`` is ``juno``."""
    return re.sub(r"(.)\1+", r"\1", word)


def _squeeze(folded: str) -> tuple[str, list[int]]:
    places = [at for at, sign in enumerate(folded) if sign.isalnum()]
    return "".join([folded[at] for at in places]), places


def _occurrences(text: str, needle: str) -> Iterator[tuple[int, int]]:
    at = text.find(needle)
    while at >= 0:
        yield at, at + len(needle)
        at = text.find(needle, at + 1)


def _aligned(folded: str, places: list[int], start: int, end: int) -> tuple[bool, bool]:
    """Whether a span of the squeezed text begins and ends where words do."""
    first, last = places[start], places[end - 1]
    before, behind = folded[first - 1 : first], folded[last + 1 : last + 2]
    return (
        not before.isalpha() or folded[first].isdigit(),
        not behind.isalpha() or folded[last].isdigit(),
    )
