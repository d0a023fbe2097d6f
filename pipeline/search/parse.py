"""The language of a text query: words, phrases, prefixes, near spellings, AND, OR, NOT."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.errors import ConfigError
from pipeline.search.fold import words

QUERY_LIMIT = 10_000
"""Characters of a query."""
TERM_LIMIT = 500
"""Words, phrases and operators of a query."""
DEPTH_LIMIT = 50
"""Brackets and NOTs within each other; each costs Python stack."""
DISTANCE_LIMIT = 2
"""Edits of a near spelling: the most tantivy's automata can do."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other; a single word is a phrase of one."""

    words: tuple[str, ...]
    """Folded, at least one."""
    prefix: bool = False
    """Whether the last word is only the beginning of one."""
    distance: int = 0
    """Edits allowed (one word only): letters changed, added, left out or swapped."""


@dataclass(frozen=True, slots=True)
class Group:
    """Parts joined by AND or OR."""

    parts: tuple[Node, ...]
    any_of: bool
    """OR if true, else AND."""


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be there."""

    part: Node


Node = Phrase | Group | Not

_LEXEME = re.compile(
    r"""\s*(?:
        (?P<bracket>[()])
      | "(?P<phrase>[^"]*)"(?P<phrase_suffix>\*|~\d{0,3})?
      | (?P<open>")
      | (?P<word>[^\s()"]+)
    )""",
    re.VERBOSE,
)
_SUFFIX = re.compile(r"(?P<body>.*?)(?P<suffix>\*|~\d{0,3})?", re.DOTALL)
_PREFIXED = re.compile(r"[^\s*]\*\s*$")
"""``"call me lat*"``: the same as ``"call me lat"*``."""
_QUOTES = str.maketrans("“”„«»＂", '""""""')
"""A query pasted from a letter has its quotation marks made curly."""


@dataclass(frozen=True, slots=True)
class _Lexeme:
    text: str
    kind: str
    """bracket, operator, phrase or word."""
    suffix: str = ""


def parse(query: str) -> Node:
    """Read a text query.

    ``call me`` both words; ``"call me"`` next to each other, in this order; ``cook*`` words that
    begin so; ``cookie~`` and ``cookie~2`` one and two edits away; ``OR``, ``NOT``, ``AND`` in
    capitals; round brackets. What punctuation joins (``lil.juno``, ``651-555-0117``) is a phrase.

    Raises:
        ConfigError: the query is malformed, or nothing in it can be searched for.
    """
    if len(query) > QUERY_LIMIT:
        raise ConfigError(f"the query is longer than {QUERY_LIMIT:,} characters")
    lexemes = _lexemes(query.translate(_QUOTES))
    if not lexemes:
        raise ConfigError("nothing to search for: give a word, a phrase or KIND:VALUE")
    if len(lexemes) > TERM_LIMIT:
        raise ConfigError(f"the query has more than {TERM_LIMIT} words")
    reader = _Reader(lexemes)
    node = reader.alternatives(0)
    if reader.peek() is not None:
        raise ConfigError("the query closes a bracket that was not opened")
    if node is None:
        raise ConfigError("nothing to search for: no letter, digit or emoji in the query")
    return node


def _lexemes(query: str) -> list[_Lexeme]:
    lexemes = []
    for match in _LEXEME.finditer(query):
        if match["open"]:
            raise ConfigError('the query opens a quotation (") and does not close it')
        if match["bracket"]:
            lexemes.append(_Lexeme(match["bracket"], "bracket"))
        elif match["phrase"] is not None:
            suffix = match["phrase_suffix"] or ("*" if _PREFIXED.search(match["phrase"]) else "")
            lexemes.append(_Lexeme(match["phrase"], "phrase", suffix))
        elif match["word"] in {"AND", "OR", "NOT"}:
            lexemes.append(_Lexeme(match["word"], "operator"))
        elif match["word"]:
            parts = _SUFFIX.fullmatch(match["word"])
            assert parts is not None  # the pattern matches every text
            lexemes.append(_Lexeme(parts["body"], "word", parts["suffix"] or ""))
    return lexemes


class _Reader:
    """Recursive descent; a part of punctuation only reads as None and is passed over."""

    def __init__(self, lexemes: list[_Lexeme]) -> None:
        self._lexemes = lexemes
        self._next = 0

    def peek(self) -> str | None:
        """Return the next bracket or operator, "" for a word or phrase, None at the end."""
        if self._next == len(self._lexemes):
            return None
        lexeme = self._lexemes[self._next]
        return lexeme.text if lexeme.kind in {"bracket", "operator"} else ""

    def alternatives(self, depth: int) -> Node | None:
        """Read parts joined by OR."""
        parts = [self._together(depth)]
        while self.peek() == "OR":
            self._next += 1
            parts.append(self._together(depth))
        return _group(parts, any_of=True)

    def _together(self, depth: int) -> Node | None:
        parts = [self._one(depth)]
        while self.peek() not in {None, ")", "OR"}:
            if self.peek() == "AND":
                self._next += 1
            parts.append(self._one(depth))
        return _group(parts, any_of=False)

    def _one(self, depth: int) -> Node | None:
        if depth > DEPTH_LIMIT:
            raise ConfigError(f"the query nests brackets and NOT deeper than {DEPTH_LIMIT}")
        ahead = self.peek()
        if ahead is None or ahead in {"AND", "OR", ")"}:
            found = "it ends" if ahead is None else f"{ahead} stands"
            raise ConfigError(
                f"the query is not complete: {found} where a word or phrase is expected "
                '(to search for the word itself, quote it: "or")'
            )
        lexeme = self._lexemes[self._next]
        self._next += 1
        if ahead == "NOT":
            part = self._one(depth + 1)
            return None if part is None else Not(part)
        if ahead == "(":
            node = self.alternatives(depth + 1)
            if self.peek() != ")":
                raise ConfigError("the query opens a bracket and does not close it")
            self._next += 1
            return node
        return _phrase(lexeme)


def _group(parts: list[Node | None], *, any_of: bool) -> Node | None:
    kept = tuple(part for part in parts if part is not None)
    if len(kept) < 2:
        return kept[0] if kept else None
    return Group(kept, any_of)


def _phrase(lexeme: _Lexeme) -> Phrase | None:
    folded = tuple(words(lexeme.text))
    if not folded:
        if lexeme.suffix == "*":
            raise ConfigError("a * needs the beginning of a word before it: cook*")
        return None
    if lexeme.suffix == "*":
        return Phrase(folded, prefix=True)
    if not lexeme.suffix:
        return Phrase(folded)
    distance = int(lexeme.suffix[1:] or 1)
    if not 0 <= distance <= DISTANCE_LIMIT:
        raise ConfigError(f"{lexeme.suffix}: near spellings go up to ~{DISTANCE_LIMIT}")
    if len(folded) > 1 and distance:
        raise ConfigError(f"near spellings (~) are for one word: {lexeme.text}")
    return Phrase(folded, distance=distance)
