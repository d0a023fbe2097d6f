"""Text cut into figures, words and signs, and the quantities these make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from extractors import gate, numbers
from extractors.money_lexicon import anchors, fives, lexicon, owing
from extractors.normalise.money import MAX_AMOUNT, figure
from extractors.numbers import fold

SIGNS: Final = "$💲€£¥円元₩₹₽₺₴₦₱₫₪฿₡₲₵₸₾֏₼₮៛₭৳₧₿¢"
TOKEN: Final = re.compile(
    r"(?P<n>\d[\d.,]*\d|(?<![\w.])\.\d+|\d)"
    r"|(?P<w>د\.إ|ر\.س|[^\W\d_]+(?:['’][^\W\d_]{1,3}(?!\w))?)"
    rf"|(?P<s>[{SIGNS}])"
    r"|(?P<l>\n)"
    r"|(?P<p>[^\w\s]|_)"
)
"""Figures with their separators; words, a short part after an apostrophe included (``g's``)."""
WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]{1,3}(?!\w))?")
SPEAKS: Final = re.compile(rf"[\d{SIGNS}]|د\.إ|ر\.س")
"""A figure or a sign of money."""


def may_hold(text: str) -> bool:
    """Return whether an amount may stand in the text: exact words, no parsing."""
    if SPEAKS.search(text):
        return True
    words = WORD.findall(fold(text))
    if not anchors().isdisjoint(words):
        return True
    return not fives().isdisjoint(words) and not owing().isdisjoint(words)


@dataclass(slots=True)
class Token:
    """A piece of text."""

    kind: str
    """n figures, w word, s sign, l line end, p anything else."""
    start: int
    end: int
    text: str
    low: str
    """Folded; the token itself where it is no word."""
    glued: bool
    """Nothing stands between it and the token before."""


PIECE: Final = re.compile(r"\S+|\n")
"""What no token crosses."""


def tokenise(text: str) -> list[Token]:
    """Cut a text into tokens, blanks left out."""
    tokens: list[Token] = []
    last = -1
    for match in PIECE.finditer(text):
        begin = match.start()
        glued = begin == last  # to a line end
        for kind, start, end, piece, low in _CUT[match.group()]:
            start += begin
            tokens.append(Token(kind, start, begin + end, piece, low, glued or start == last))
            last = begin + end
            glued = False
    return tokens


def _cut(piece: str) -> tuple[tuple[str, int, int, str, str], ...]:
    """Cut what stands between two blanks: kind, place, text and folded text of each token."""
    return tuple(
        (match.lastgroup or "p", *match.span(), match.group(), _low(match))
        for match in TOKEN.finditer(piece)
    )


def _low(match: re.Match[str]) -> str:
    piece = match.group()
    if match.lastgroup == "w":
        return fold(piece)
    return "$" if piece == "💲" else piece


_CUT = gate.Memo(_cut)


@dataclass(slots=True)
class Quantity:
    """A number in figures or words. ``first`` and ``last`` are its tokens, both included."""

    first: int
    last: int
    low: Decimal
    high: Decimal
    figures: bool
    scaled: bool = False
    """Said with a scale: k, hundred, thousand, million."""
    spoken: bool = False
    """Two figures side by side: one fifty."""
    decimals: bool = False
    vague: bool = False


LETTER_SCALES: Final = {"k": 10**3, "m": 10**6, "b": 10**9, "mm": 10**6, "bn": 10**9,
                        "mil": 10**6, "mill": 10**6, "mn": 10**6}  # fmt: skip


HISPANIC: Final = frozenset("MX GT HN SV NI CR PA CU DO PR CO VE EC PE BO CL AR UY PY ES".split())


class Reading:
    """The tokens of one text and the questions rules ask of them."""

    def __init__(self, text: str, region: str) -> None:
        """Cut the text."""
        self.text = text
        self.region = region
        self.tokens = tokenise(text)
        self.lex = lexicon()
        self.taken: set[int] = set()
        """Tokens that already belong to an amount."""
        self.words = frozenset([token.low for token in self.tokens])
        """All folded tokens: what is not among them need not be looked for around a number."""
        self._held: dict[str, bool] = {}
        self._pairs: list[tuple[str, str]] | None = None

    def token(self, at: int) -> Token | None:
        """Return a token, None beyond either end."""
        return self.tokens[at] if 0 <= at < len(self.tokens) else None

    def low(self, at: int) -> str:
        """Return a token's folded text, empty beyond either end."""
        return self.tokens[at].low if 0 <= at < len(self.tokens) else ""

    def near(self, at: int, group: str, reach: int = 25) -> bool:
        """Return whether a cue word of the group stands within so many tokens."""
        if not self.holds(group):
            return False
        words = self.lex.cues[group]
        begin = max(0, at - reach)
        return any(token.low in words for token in self.tokens[begin : at + reach + 1])

    def holds(self, group: str) -> bool:
        """Return whether a cue word of the group stands anywhere in the text."""
        held = self._held.get(group)
        if held is None:
            held = self._held[group] = not self.words.isdisjoint(self.lex.cues[group])
        return held

    def held(self, groups: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
        """Return those of the pairs whose group stands in the text, worked out once."""
        if self._pairs is None:
            self._pairs = [pair for pair in groups if self.holds(pair[0])]
        return self._pairs

    def spanish(self, at: int) -> bool:
        """Return whether two or more common Spanish words stand near, one in such a country."""
        if not self.holds("spanish"):
            return False
        enough = 1 if self.region in HISPANIC else 2
        begin = max(0, at - 8)
        found = {token.low for token in self.tokens[begin : at + 9]} & self.lex.cue("spanish")
        return len(found) >= enough

    def whole(self, first: int, last: int) -> bool:
        """Return whether the tokens are all of the text."""
        return first == 0 and last == len(self.tokens) - 1


def quantities(reading: Reading) -> list[Quantity]:
    """Read every number of a text, left to right, the longest first."""
    found: list[Quantity] = []
    at = 0
    tokens = reading.tokens
    while at < len(tokens):
        token = tokens[at]
        quantity: Quantity | None = None
        if token.kind == "n":
            quantity = _figures(reading, at)
        elif token.kind == "w" and (token.low in numbers.WORDS or token.low in ("a", "an")):
            quantity = _words(tokens, at)
        if quantity is None or quantity.high >= MAX_AMOUNT:
            at += 1
            continue
        found.append(quantity)
        at = quantity.last + 1
    return found


def _figures(reading: Reading, at: int) -> Quantity | None:
    tokens, token = reading.tokens, reading.tokens[at]
    value = figure(token.text, reading.region, "." in token.text and reading.spanish(at))
    if value is None:
        return None
    quantity = Quantity(at, at, value, value, figures=True, decimals="." in token.text)
    after = reading.token(at + 1)
    if after is None or after.kind != "w":
        return quantity
    scale = 1
    if after.glued and after.low in LETTER_SCALES:
        scale = LETTER_SCALES[after.low]
    elif after.low in numbers.HUNDRED:
        scale = 100
    elif after.low in numbers.SCALES:
        scale = numbers.SCALES[after.low]
    if after.low == "mil":
        unit = reading.lex.words.get(reading.low(at + 2))
        spanish = reading.spanish(at) or (unit is not None and unit.code not in ("$",))
        scale = 1000 if spanish or reading.low(at + 2).startswith("dolar") else 10**6
    if scale == 1:
        return quantity
    last = at + 1
    total = value * scale
    if not after.glued and after.low not in numbers.HUNDRED:
        rest = _words(tokens, at + 2)
        if rest and rest.low < scale and rest.low >= 10 and rest.low == rest.high:
            total, last = total + rest.low, rest.last
    return Quantity(at, last, total, total, figures=True, scaled=True)


def _words(tokens: Sequence[Token], at: int) -> Quantity | None:
    """Read number words; at most twenty tokens long, a line end or a mark ends them."""
    words: list[str] = []
    for step in range(at, min(len(tokens), at + 20)):
        token = tokens[step]
        if (
            token.kind == "w" and not (step > at and token.glued and tokens[step - 1].kind == "n")
        ) or (token.text in ("-", "&") and step > at):
            words.append(token.low)
        else:
            break
    number = numbers.read(words)
    if number is None:
        return None
    last = at + number.used - 1
    scaled = any(word in numbers.SCALES or word in numbers.HUNDRED for word in words[: number.used])
    return Quantity(
        at, last, number.value, number.high, figures=False, scaled=scaled,
        spoken=number.spoken, vague=number.value != number.high,
    )  # fmt: skip
