"""The grammar of the invented chat: templates and lists in, labelled lines out.

A template (``data/templates.txt``) is a line with ``[choice|choice]`` and ``{slot}``; slots that
name a person or a place become labelled spans. Everything is drawn from one seeded generator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.training.draws import Draws
from extractors.training.lists import DATA, read_sections
from extractors.training.slots import OTHERS, PERSONS, PLACES

PERSON, PLACE = "PER", "LOC"
Piece = tuple[str, str | None]
"""Text, and the label of the span it is."""


@dataclass(frozen=True, slots=True)
class Line:
    """A text with labelled spans (start, end, PER or LOC) and the section it is from."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    section: str


class Grammar(Draws):
    """Draws labelled lines."""

    def __init__(self, seed: int) -> None:
        """Read lists and templates; ``seed`` fixes every later draw."""
        super().__init__(seed)
        self.templates: dict[str, tuple[int, list[str]]] = {}
        for head, lines in read_sections(DATA / "templates.txt").items():
            name, _, share = head.rpartition(" ")
            self.templates[name] = (int(share), [line.replace("\\n", "\n") for line in lines])

    def lines(self, count: int) -> Iterator[Line]:
        """Yield ``count`` lines, the sections by their shares."""
        names = list(self.templates)
        shares = [self.templates[name][0] for name in names]
        for _ in range(count):
            section = self.random.choices(names, shares)[0]
            yield self.line(section)

    def line(self, section: str) -> Line:
        """Return one line of a section, roughened as chat is unless it is prose."""
        self.prose = section == "prose"
        pieces = self.expand(self.random.choice(self.templates[section][1]))
        if not self.prose and self.chance(0.16):
            joint = self.random.choice((" ", " ", ", ", " and ", "\n", "... ", ". ", " n ", " / "))
            other = self.random.choice((section, section, "named", "placed", "plain", "plain"))
            pieces += [(joint, None), *self.expand(self.random.choice(self.templates[other][1]))]
        elif self.prose and self.chance(0.3):
            pieces += [(" ", None), *self.expand(self.random.choice(self.templates["prose"][1]))]
        if not self.prose:
            pieces = self._roughen(pieces)
        return _join(self._case(pieces), section)

    def expand(self, template: str) -> list[Piece]:
        """Return the pieces of one template, choices made and slots filled."""
        while match := re.search(r"\[([^\[\]]*)\]", template):
            chosen = self.random.choice(match[1].split("|"))
            template = template[: match.start()] + chosen + template[match.end() :]
        pieces: list[Piece] = []
        for part in re.split(r"(\{[^{}]+\})", re.sub(r" {2,}", " ", template).strip(" ")):
            if part.startswith("{"):
                pieces += self._slot(part[1:-1])
            elif part:
                pieces.append((part, None))
        return pieces

    def _slot(self, slot: str) -> list[Piece]:
        name, _, kind = slot.partition(":")
        if name in PERSONS:
            return [(PERSONS[name](self, kind), PERSON)]
        if name == "Q":  # an address quoted line by line: a place on each
            quote = self.random.choice(("> ", ">", ">> ", "| ", "- "))
            lines = re.split(r"\s*\n\s*", self.full_address())
            return [piece for line in lines for piece in ((f"\n{quote}", None), (line, PLACE))]
        if name in PLACES:
            return [(PLACES[name](self, kind), PLACE)]
        return [(OTHERS[name](self), None)]

    def _roughen(self, pieces: list[Piece]) -> list[Piece]:
        if self.chance(0.14):
            pieces = [(self.pick("opener") + " ", None), *pieces]
        if self.chance(0.16):
            closer = self.pick("closer")
            pieces = [*pieces, (closer if not closer[0].isalpha() else " " + closer, None)]
        if self.chance(0.10):
            gap = "" if self.chance(0.3) else " "
            pieces = [*pieces, (gap + self.pick("emoji"), None)]
        elif self.chance(0.04):
            pieces = [(self.pick("emoji") + " ", None), *pieces]
        return [(self._misspell(text, label), label) for text, label in pieces]

    def _misspell(self, text: str, label: str | None) -> str:
        words = text.split(" ")
        for index, word in enumerate(words):
            if not word.isalpha() or len(word) < 4 or not self.chance(0.08 if label else 0.05):
                continue
            at = self.random.randint(1, len(word) - 2)
            how = self.random.randint(0, 4)
            if how == 0:
                word = word[:at] + word[at + 1 :]
            elif how == 1:
                word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            elif how == 2:
                word = word[:at] + word[at] + word[at:]
            elif how == 3:
                word = word + word[-1] * self.random.randint(1, 4)
            elif label:
                word = word.translate(str.maketrans("oieas", "013@5")) if self.chance(0.2) else word
            words[index] = word
        return " ".join(words)

    def _case(self, pieces: list[Piece]) -> list[Piece]:
        draw = self.random.random()
        if self.prose:
            if draw < 0.25:
                return [(text.lower(), label) for text, label in pieces]
            return [(text.upper(), label) for text, label in pieces] if draw > 0.97 else pieces
        if draw < 0.70:
            return [(text.lower(), label) for text, label in pieces]
        if draw > 0.97:
            return [(text.upper(), label) for text, label in pieces]
        if draw < 0.85 and pieces:  # the telephone capitalises the first word only
            pieces = [(text.lower(), label) for text, label in pieces]
        first, label = pieces[0]
        return [(first[:1].upper() + first[1:], label), *pieces[1:]]


def _join(pieces: list[Piece], section: str) -> Line:
    text, spans = "", []
    for piece, label in pieces:
        if label:
            spans.append((len(text), len(text) + len(piece), label))
        text += piece
    return Line(text, tuple(spans), section)
