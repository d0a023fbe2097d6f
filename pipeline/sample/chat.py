"""What people write: one message's text with its gold spans."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from pipeline.sample.grammar import Draft, Grammar
from pipeline.sample.people import Cast, Person, Scene
from pipeline.sample.phones import write_phone

Spans = list[dict[str, Any]]

_MENTION = 0.105
"""Share of typed messages that are written to hold a mention."""
_NEGATIVE = 0.125
"""Share written to look as if they held one."""
_SHORT = 0.04
"""Share that are stock replies (``ok``)."""
_LONG = 0.02
_AROUND = {"mention": (0.25, 0.22, 0.08), "negative": (0.4, 0.36, 0.2)}
"""How often an opener, a tail, or else another clause stands around a template."""
_SEVERAL = 0.10
"""Share of the dull ones that are two sentences."""
_MULTILINE = 0.035
_TYPO = 0.08
_SHOUT = 0.012
_ISOLATED = 0.03
"""Share of telephone numbers in bidi isolates, as some clients send them."""

_WORD = re.compile(r"[a-z]{5,}")
_NEIGHBOURS = {
    "a": "s", "e": "r", "i": "o", "o": "p", "t": "y", "n": "m", "r": "t", "s": "d", "l": "k",
}  # fmt: skip


class Chat:
    """Writes messages of one word list for one cast."""

    def __init__(self, wordlist: str, rng: Random) -> None:
        """Compile the grammar; :meth:`meet` must follow before anything is written."""
        self.rng = rng
        self.grammar = Grammar(wordlist, self._builtins())
        self.topics = [rule for rule in self.grammar.rules if rule.startswith("topic.")]
        self._cast: Cast | None = None

    def meet(self, cast: Cast) -> None:
        """Say who there is to talk about."""
        self._cast = cast

    @property
    def cast(self) -> Cast:
        """Everybody there is to talk about."""
        if self._cast is None:
            raise AssertionError("meet() comes first")
        return self._cast

    def message(self, author: Person, other: Person, topic: str) -> tuple[str, Spans]:
        """Write one typed message on a topic, or one that holds (or seems to hold) mentions."""
        rng = self.rng
        draft = self.draft(author, other)
        draw = rng.random()
        if draw < _SHORT:
            self.grammar.expand("short", draft)
        elif draw < _SHORT + _LONG:
            self._long(draft, topic)
        elif draw < _SHORT + _LONG + _MENTION:
            self._one(draft, "mention")
        elif draw < _SHORT + _LONG + _MENTION + _NEGATIVE:
            self._one(draft, "negative")
        else:
            self._dull(draft, topic)
        if rng.random() < author.emoji_share:
            draft.pieces.append(" " if rng.random() < 0.8 else "")
            draft.pieces.append(rng.choice(author.emoji) * rng.choice((1, 1, 1, 2, 3)))
        if rng.random() < _TYPO:
            _misspell(draft)
        return self._settle(draft)

    def draft(self, author: Person, other: Person) -> Draft:
        """An empty draft in the author's style."""
        rng = self.rng
        draft = Draft(rng, author.style, rng.random() < author.lower)
        draft.scene = Scene(author, other, other)
        return draft

    def line(self, rule: str, author: Person, other: Person) -> tuple[str, Spans]:
        """One expansion of a rule, as it stands."""
        draft = self.draft(author, other)
        draft.lower, draft.style = False, 0
        self.grammar.expand(rule, draft)
        return draft.finish()

    def split(self, author: Person, other: Person) -> list[tuple[str, Spans]]:
        """A number sent in pieces: consecutive messages of one author, each a part.

        The rule ``split`` holds the pieces, ``|`` between messages; brackets hold the layout of
        each part (see :mod:`pipeline.sample.phones`).
        """
        rng = self.rng
        draft = self.draft(author, other)
        self.grammar.expand("split", draft)
        digits = author.digits if rng.random() < 0.6 else self.cast.about(draft).digits
        norm = f"+1{digits}"
        messages: list[tuple[str, Spans]] = []
        for piece in "".join(draft.pieces).split("|"):
            before, _, rest = piece.strip().partition("[")
            layout, _, after = rest.partition("]")
            if not layout:
                messages.append((before, []))
                continue
            count = layout.count("9")
            part = write_phone(layout, digits[:count], rng)
            digits = digits[count:]
            span = {
                "start": len(before),
                "end": len(before) + len(part),
                "label": "phone",
                "norm": norm,
                "note": "part",
            }
            messages.append((before + part + after, [span]))
        return messages

    def _one(self, draft: Draft, rule: str) -> None:
        # a lead-in or a tail of ordinary talk keeps short templates from repeating
        opened, tailed, joined = _AROUND[rule]
        if self.rng.random() < opened:
            self.grammar.expand("open", draft)
            draft.pieces.append(" ")
        self.grammar.expand(rule, draft)
        draw = self.rng.random()
        if draw < tailed:
            draft.pieces.append(" ")
            self.grammar.expand("tail", draft)
        elif draw < tailed + joined:
            draft.pieces.append(self.rng.choice((". ", ", ", "\n", " and ")))
            self._clause(draft, self.rng.choice(self.topics), bare=True)

    def _dull(self, draft: Draft, topic: str) -> None:
        rng = self.rng
        self._clause(draft, topic)
        draw = rng.random()
        if draw < _MULTILINE:
            for _ in range(rng.choice((1, 1, 2, 3))):
                draft.pieces.append("\n")
                self._clause(draft, topic)
        elif draw < _MULTILINE + _SEVERAL:
            draft.pieces.append(rng.choice((". ", " ", ", ", "... ", "!! ", "  ")))
            self._clause(draft, topic)

    def _long(self, draft: Draft, topic: str) -> None:
        rng = self.rng
        joint = rng.choice((". ", " ", "\n", ", ", "... ", " "))
        ended = False
        for at in range(rng.choice((4, 5, 6, 8, 11, 16, 24))):
            draw = rng.random()
            marked = draw < 0.14
            if at:
                # no blank alone beside a number, or two would run together
                stop = marked or ended or rng.random() < 0.2
                draft.pieces.append(". " if stop and joint == " " else joint)
            ended = marked
            if draw < 0.08:
                self.grammar.expand("mention", draft)
            elif draw < 0.14:
                self.grammar.expand("negative", draft)
            else:
                self._clause(draft, topic if rng.random() < 0.5 else rng.choice(self.topics))

    def _clause(self, draft: Draft, topic: str, *, bare: bool = False) -> None:
        rng, grammar = self.rng, self.grammar
        spanish = rng.random() < draft.scene.author.spanish
        if spanish:
            topic = "es" if rng.random() < 0.7 else "mix"
        opener, tail = ("es.open", "es.tail") if spanish else ("open", "tail")
        first = len(draft.pieces)
        grammar.expand(topic, draft)
        # a short clause without slots would repeat too often alone
        share = 0.85 if len(draft.pieces) - first < 3 else 0.46
        if not bare and rng.random() < share:
            opening = Draft(rng, draft.style)
            grammar.expand(opener, opening)
            draft.pieces[first:first] = [*opening.pieces, " "]
        if not bare and rng.random() < share:
            draft.pieces.append(" ")
            grammar.expand(tail, draft)

    def _settle(self, draft: Draft) -> tuple[str, Spans]:
        rng = self.rng
        sentence = draft.style == 1
        if sentence and not draft.pieces[-1][-1:].strip(".!?)\n").isspace():
            last = draft.pieces[-1]
            if last and last[-1].isalnum() and rng.random() < 0.8:
                draft.pieces.append(rng.choice((".", ".", ".", "!")))
        elif rng.random() < 0.03 and draft.pieces[-1][-1:].isalnum():
            draft.pieces.append(rng.choice(("...", "!!", "!", "?", "??", ".")))
        text, spans = draft.finish()
        if sentence and not (spans and spans[0]["start"] == 0) and text[0] in _LOWER:
            text = text[0].upper() + text[1:]
        elif not spans and rng.random() < _SHOUT and len(text.upper()) == len(text):
            text = text.upper()
        if text[0].isspace() or text[-1].isspace():
            raise AssertionError(f"a message begins or ends with a blank: {text!r}")
        return text, spans

    def _builtins(self) -> dict[str, Any]:
        builtins: dict[str, Any] = {
            "given": lambda draft: draft.pieces.append(self.cast.about(draft).given),
            "nick": lambda draft: draft.pieces.append(self.cast.about(draft).nick),
            "user": lambda draft: draft.pieces.append(self.cast.about(draft).user),
            "family": lambda draft: draft.pieces.append(self.cast.about(draft).surname),
            "full": self._full,
            "tag": self._tag,
            "lat": lambda draft: draft.pieces.append(f"{draft.rng.uniform(41.2, 47.9):.5f}"),
            "lon": lambda draft: draft.pieces.append(f"{-draft.rng.uniform(87.2, 97.3):.5f}"),
            "west": lambda draft: draft.pieces.append(f"{draft.rng.uniform(87.2, 97.3):.4f}"),
            "cashname": lambda draft: draft.pieces.append(_tag_name(self.cast.about(draft))),
            "my.cashname": lambda draft: draft.pieces.append(_tag_name(draft.scene.author)),
            "hotline": self._hotline,
            "hex": lambda draft: draft.pieces.append(f"{draft.rng.randrange(1, 65536):x}"),
            "phone": lambda draft: self._phone(draft, self.cast.about(draft).digits),
            "phone7": self._seven,
            "stem": self._stem,
            "foreign": self._foreign,
        }
        for whose, attribute in (("my", "author"), ("your", "other"), ("same", "last")):
            for name in ("given", "nick", "user", "surname"):
                builtins[f"{whose}.{name}"] = _of(attribute, name)
            builtins[f"{whose}.phone"] = self._phone_of(attribute)
            builtins[f"{whose}.full"] = _full_of(attribute)
        return builtins

    def _full(self, draft: Draft) -> None:
        person = self.cast.about(draft)
        draft.pieces.append(f"{person.given} {person.surname}")

    def _tag(self, draft: Draft) -> None:
        person = self.cast.about(draft)
        draft.pieces.append(draft.rng.choice(("@\u2068", "\u2068@")))
        first = len(draft.pieces)
        draft.pieces += (f"{person.given} {person.surname}", "\u2069")
        draft.spans.append(("alias", first, first + 1, None, None))

    def _phone_of(self, attribute: str) -> Any:
        return lambda draft: self._phone(draft, getattr(draft.scene, attribute).digits)

    def _phone(self, draft: Draft, digits: str) -> None:
        self._written(draft, "phone_form", digits, f"+1{digits}", None)

    def _seven(self, draft: Draft) -> None:
        digits = self.cast.about(draft).digits[3:]
        self._written(draft, "phone7_form", digits, digits, None)

    def _stem(self, draft: Draft) -> None:
        rng = draft.rng
        last = f"01{rng.randrange(100):02}"
        norm = f"+1{draft.scene.digits[:6]}{last}"
        draft.spans.append(
            ("phone", len(draft.pieces), len(draft.pieces) + 1, norm, "shares the stem before it")
        )
        draft.pieces.append(last)

    def _hotline(self, draft: Draft) -> None:
        rng = draft.rng
        pattern = rng.choice(self.grammar.words["hotline_form"])
        surface = write_phone(pattern, f"55501{rng.randrange(100):02}", rng)
        digits = "".join(mark for mark in surface if mark.isdigit())
        draft.spans.append(
            ("phone", len(draft.pieces), len(draft.pieces) + 1, f"+1{digits[-10:]}", "service line")
        )
        draft.pieces.append(surface)

    def _foreign(self, draft: Draft) -> None:
        first = len(draft.pieces)
        style, draft.style = draft.style, 0
        self.grammar.expand("phone_foreign", draft)
        draft.style = style
        digits = "".join(mark for mark in "".join(draft.pieces[first:]) if mark.isdigit())
        draft.spans.append(("phone", first, len(draft.pieces), f"+{digits}", None))

    def _written(self, draft: Draft, rule: str, digits: str, norm: str, note: str | None) -> None:
        rng = draft.rng
        patterns = self.grammar.words[rule]
        surface = write_phone(patterns[int(rng.random() * len(patterns))], digits, rng)
        isolated = rng.random() < _ISOLATED
        if isolated:
            draft.pieces.append("\u2068")
        draft.spans.append(("phone", len(draft.pieces), len(draft.pieces) + 1, norm, note))
        draft.pieces.append(surface)
        if isolated:
            draft.pieces.append("\u2069")
        draft.scene.digits = digits


_LOWER = frozenset("abcdefghijklmnopqrstuvwxyz")


def _tag_name(person: Person) -> str:
    """The name of a payment tag: letters and digits only."""
    return "".join(mark for mark in person.user if mark.isalnum())


def _of(attribute: str, name: str) -> Any:
    def write(draft: Draft) -> None:
        person = getattr(draft.scene, attribute)
        draft.scene.last = person
        draft.pieces.append(getattr(person, name))

    return write


def _full_of(attribute: str) -> Any:
    def write(draft: Draft) -> None:
        person = getattr(draft.scene, attribute)
        draft.scene.last = person
        draft.pieces.append(f"{person.given} {person.surname}")

    return write


def _misspell(draft: Draft) -> None:
    """Swap, drop, double or mistype a letter of one plain word, outside every span."""
    rng = draft.rng
    covered = {at for _, first, last, _, _ in draft.spans for at in range(first, last)}
    at = int(rng.random() * len(draft.pieces))
    if at in covered:
        return
    piece = draft.pieces[at]
    words = list(_WORD.finditer(piece))
    if not words:
        return
    word = words[int(rng.random() * len(words))]
    spot = word.start() + 1 + int(rng.random() * (word.end() - word.start() - 2))
    draw = rng.random()
    if draw < 0.35:
        new = piece[:spot] + piece[spot + 1] + piece[spot] + piece[spot + 2 :]
    elif draw < 0.65:
        new = piece[:spot] + piece[spot + 1 :]
    elif draw < 0.85:
        new = piece[:spot] + piece[spot] + piece[spot:]
    else:
        new = piece[:spot] + _NEIGHBOURS.get(piece[spot], piece[spot]) + piece[spot + 1 :]
    draft.pieces[at] = new
