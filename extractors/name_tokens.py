"""Words of a text as the name rules see them: flags, letter case, what stands before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from extractors.gate import Memo, pieces
from extractors.name_cues import BELONGINGS, CHAT_TITLES, EPITHETS, TITLES
from extractors.name_lists import (
    COMMON,
    FAMILY,
    FOREIGN,
    GIVEN,
    MONIKER,
    OTHER,
    RARE,
    flags_of,
    word_flags,
)
from extractors.normalise.name import fold

LOWER, TITLE, UPPER, MIXED = 0, 1, 2, 3
"""Letter case of a word: ``kel``, ``Kel``, ``KEL``, ``DeShawn`` or ``T-Nova``."""

TOKEN = re.compile(
    r"(?P<mask>(?:https?://|www\.)\S{1,2000}"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
    r"|(?<!\w)(?:[A-Za-z0-9-]{1,63}\.){1,4}(?:com|net|org|io|me|app)(?:/\S{0,500}|\b)"
    r"|(?<!\w)[@＠#][^\W_][\w.]{0,100}"
    r"|(?<!\w)\$[^\W\d_][\w-]{0,40}"
    r"|[^\W_]{0,40}_\w{0,100}"
    r"|(?<![\w.])[a-z]{2,30}\.(?:[a-z]{2,30}|[a-z]{0,20}\d\w{0,20})(?![\w.]))"
    r"|(?P<word>(?:[^\W\d_]\.){2,6}(?!\w)"
    r"|[^\W_]+(?:[$'’&-][^\W_]+)*)"
)
"""Addresses, @names, #tags, $tags and words with underscores are no words; initials are one."""

POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(slots=True)
class Token:
    """A word of the text."""

    start: int
    end: int
    """Without a possessive ending."""
    word: str
    """Folded, without a possessive ending."""
    flags: int
    shape: int
    gap: str
    """What stands between the word before and this one."""
    owner: bool
    """Written with ``'s``."""
    tail: int
    """End with the possessive ending."""
    first: bool = False
    """First of a sentence or line, where letter case says nothing."""

    def apostrophe(self, text: str) -> bool:
        """Whether the possessive ending is written with its sign."""
        return text[self.end : self.end + 1] in {"'", "’"}


@dataclass(slots=True)
class Sentence:
    """All words of a text, and whether letter case can be trusted in it."""

    text: str
    tokens: list[Token]
    cased: bool
    """Capitals are used as in prose: neither everywhere nor nowhere."""
    foreign: bool
    """Words of Spanish, Hmong or Somali stand in it: a word not listed is a word, not a name."""

    def gap_after(self, index: int) -> str:
        """Return what stands after a word: up to the next word, or to the end of the text."""
        if index + 1 < len(self.tokens):
            return self.tokens[index + 1].gap
        return self.text[self.tokens[index].tail :] + "\n"


ACCENTED = frozenset({"niña", "niñas", "niño", "niños", "papá", "mamá", "está"})
"""Ordinary words that lose their sense with their accent (``niña`` is no ``Nina``)."""


@lru_cache(maxsize=50_000)
def _known(surface: str) -> tuple[str, int, int, int]:
    """Return folded word, flags, shape and length of the possessive ending of one surface."""
    known = word_flags()
    word = fold(surface)
    cut = 0
    if "'" in word or "’" in word:
        match = POSSESSIVE.search(surface)
        if match:
            cut = len(surface) - match.start()
            word = fold(surface[: match.start()])
    flags = flags_of(word, known)
    if flags & GIVEN and surface.lower() in ACCENTED:
        flags = COMMON | FOREIGN
    if not flags and "$" in word:
        flags = COMMON
    if (
        not flags
        and "-" in word
        and all(len(part) > 1 and flags_of(part, known) & COMMON for part in word.split("-"))
    ):
        flags = COMMON
    if not cut and not flags & COMMON and len(word) > 3 and word.endswith("s"):
        base = flags_of(word[:-1], known)
        if base and not flags:
            # "tanishas phone": chat leaves the apostrophe out
            flags, word, cut = base, word[:-1], 1
    if word.isdigit() or surface.islower() or (not surface[0].isupper() and surface[1:].islower()):
        shape = LOWER
    elif surface.isupper() and len(surface) > 1:
        shape = UPPER
    elif (surface[0].isupper() and surface[1:].islower()) or len(surface) == 1:
        shape = TITLE
    else:
        shape = MIXED if surface[0].isupper() else LOWER
    return word, flags, shape, cut


def _own(token: Token) -> None:
    """Read ``chases number`` as ``chase's number``, a plural that is a name with ``s``."""
    if token.owner or token.flags & (GIVEN | MONIKER) or not token.flags & COMMON:
        return
    if flags := _owner_flags(token.word):
        token.flags, token.word, token.owner = flags, token.word[:-1], True
        token.end = token.tail - 1


def _owner_flags(word: str) -> int:
    """Return the flags of the name in a plural that may be its possessive, or 0."""
    if len(word) < 4 or word[-1] != "s" or word in NOT_OWNERS:
        return 0
    flags = word_flags().get(word[:-1], 0)
    return flags if flags & (GIVEN | MONIKER) and not flags & RARE else 0


NOT_OWNERS = frozenset({"guys", "hands", "cats", "dogs", "hopes", "loves", "drops", "picks"})

ENDS_SENTENCE = re.compile(r"[.!?…:;\n\r\"“(•|>]|[^\w\s,'’&/-]")


Read = tuple[int, int, str, int, int, int]
"""Start and end in the piece, folded word, flags, shape, length of the possessive ending."""


def _words(piece: str) -> tuple[Read, ...]:
    """Return the words of a piece between two blanks; :data:`TOKEN` crosses no blank."""
    return tuple(
        (*match.span(), *_known(match.group()))
        for match in TOKEN.finditer(piece)
        if match.lastgroup != "mask"
    )


WORDS: Final = Memo(_words)


def read(text: str) -> Sentence:
    """Split a text into tokens.

    Args:
        text: a record's text, verbatim.

    Returns:
        The words with their flags; addresses and tags between them are left out, and stand in
        the gap as any other sign.
    """
    tokens: list[Token] = []
    last = place = 0
    lower = title = upper = foreign = 0
    for piece in pieces(text):
        place = text.index(piece, place)
        for begin, stop, word, flags, shape, cut in WORDS[piece]:
            start, end = place + begin, place + stop
            gap = text[last:start]
            if tokens and gap == " " and word in BELONGINGS:
                _own(tokens[-1])
            first = not tokens or (gap != " " and ENDS_SENTENCE.search(gap) is not None)
            tokens.append(Token(start, end - cut, word, flags, shape, gap, cut > 0, end, first))
            foreign += flags >> 8 & 1
            if len(word) > 1:
                if shape == LOWER:
                    lower += 1
                elif first:
                    pass
                elif shape == UPPER:
                    upper += 1
                else:
                    title += 1
            last = end
        place += len(piece)
    cased = lower > 0 and lower * 2 >= title + upper
    return Sentence(text, tokens, cased, foreign >= 2 or foreign * 4 >= len(tokens))


def _is_warm(piece: str) -> bool:
    """Whether anything between two blanks can be part of a name without a statement."""
    for _, _, word, flags, shape, _ in WORDS[piece]:
        if len(word) == 1:
            if shape > LOWER and word not in "iaukxyo":
                return True
        elif (
            word in EPITHETS
            or word == "big"
            or (word[-1] == "s" and _owner_flags(word))
            or (
                flags & (GIVEN | MONIKER)
                or (not flags & (COMMON | OTHER) and not word.isdigit())
                or (shape > LOWER and (flags & FAMILY or word in CHAT_TITLES or word in TITLES))
            )
        ):
            return True
    return False


WARM: Final = Memo(_is_warm)
LONG: Final = 2_000
"""Characters of a text that is not worth the look: it holds a name or a word nobody lists. In a
shorter one without a warm piece no word is a name (a test holds the two together)."""
