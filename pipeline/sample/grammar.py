r"""A small template grammar: where the sample's words come from.

The data files hold all templates and word lists; this module only reads them. A file has rules::

    == rule            one alternative a line; ``3| text`` counts three times
    =w rule            words, separated by ``|``, over any number of lines
    # comment

In an alternative, ``\n`` is a line end and a slot stands in braces:

====================  ============================================================================
``{rule}``            an alternative of the rule, or what a built-in writes
``{rule_} {_rule}``   the same in one case of three, followed or preceded by a blank
``{#10-90/5}``        a number: low, high, step; ``*1000`` multiplies its amount; ``,#`` thousands
                      by comma, ``k#`` one decimal, ``c#`` cents, ``w#`` and ``s#`` English and
                      Spanish words
``{d#4} {x#6}``       that many digits; letters and digits
``{label:rule}``      a gold span around the rule, in the case of its message
``{label!rule}``      the same, never re-cased or respelt; a quoted text may stand for the rule
``{label:rule~note}`` the same with a note; a note that starts with ``optional`` is not scored
====================  ============================================================================

An amount of money gets its norm from the first number in it. `` => 1000 USD`` at the end of an
alternative states it instead (0 stands for the number in it; without a currency the norm has none),
`` => ?`` says that it has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from random import Random
from typing import Any

from pipeline.sample.numbers import english, spanish

Norm = str | dict[str, Any] | None
Part = tuple[str, ...] | Callable[["Draft"], None]
"""A literal in every style, or what writes to the draft."""

STYLES = 4
"""As written; sentence case; texting abbreviations; those, and apostrophes dropped."""
_PLAIN, _SENTENCE, _TEXTING, _SLOPPY = range(STYLES)

_OPTIONAL_SHARE = 0.36
_NO_NORM: dict[str, Any] = {}

_SLOT = re.compile(r"\{([^{}]+)\}")
_NUMBER = re.compile(
    r"([,kwsc]?)#(\d+(?:\.\d)?)(?:-(\d+(?:\.\d)?))?(?:/(\d+))?(?:\*(\d+))?"
)  # fmt: skip
_SPAN = re.compile(r"([a-z]+)([:!])('[^']*'|[\w.]+)(?:~(.+))?")
_WEIGHT = re.compile(r"(\d+)\| ?")
_STATED = re.compile(r" => (?:\?|([\d.]+)(?: ([A-Z]{3}))?)$")
_WORD = re.compile(r"[a-z']+")


@dataclass(slots=True)
class Draft:
    """A text in the making: pieces, and spans over whole pieces."""

    rng: Random
    style: int = 0
    lower: bool = True
    pieces: list[str] = field(default_factory=list)
    spans: list[tuple[str, int, int, Norm, str | None]] = field(default_factory=list)
    """Label, first piece, one past the last piece, norm, note."""
    amount: float | None = None
    stated: dict[str, Any] | None = None
    norm: Norm = None
    scene: Any = None
    """Who is speaking to whom; only built-ins look at it."""

    def finish(self) -> tuple[str, list[dict[str, Any]]]:
        """Join the pieces; return the text and its spans with code-point offsets."""
        offsets = [0]
        for piece in self.pieces:
            offsets.append(offsets[-1] + len(piece))
        text = "".join(self.pieces)
        spans: list[dict[str, Any]] = []
        for label, first, last, norm, note in self.spans:
            span: dict[str, Any] = {"start": offsets[first], "end": offsets[last], "label": label}
            if norm is not None:
                span["norm"] = norm
            if note is not None:
                span["note"] = note
            if text[span["start"] : span["end"]] != "".join(self.pieces[first:last]):
                raise AssertionError("a span does not cover its own pieces")
            spans.append(span)
        spans.sort(key=lambda span: (span["start"], span["end"]))
        return text, spans


Builtin = Callable[[Draft], None]


class Grammar:
    """The rules of one word list, compiled."""

    def __init__(self, wordlist: str, builtins: dict[str, Builtin]) -> None:
        """Read the files ``shared.*.txt`` and ``WORDLIST.*.txt`` of the data folder.

        Raises:
            ValueError: no such word list, or a rule stands twice, or a slot names no rule.
        """
        self._builtins = builtins
        self.rules: dict[str, list[tuple[Part, ...]]] = {}
        self.words: dict[str, list[str]] = {}
        folder = files("pipeline.sample") / "data"
        names = sorted(entry.name for entry in folder.iterdir())
        if f"{wordlist}.words.txt" not in names:
            raise ValueError(f"no word list {wordlist!r}")
        raw: dict[str, list[str]] = {}
        for name in names:
            if name.endswith(".txt") and name.split(".")[0] in ("shared", wordlist):
                _read(folder.joinpath(name).read_text(encoding="utf-8"), raw)
        self._texting = dict(line.split("=", 1) for line in raw.get("texting", ()))
        self.words = raw
        for rule in raw:
            if rule in builtins:
                raise ValueError(f"rule {rule!r} has the name of a built-in")
            self.rules[rule] = []
        for rule, lines in raw.items():
            if rule not in ("texting",):
                self.rules[rule] += [self._compile(line, rule) for line in lines]

    def expand(self, rule: str, draft: Draft) -> None:
        """Append one alternative of a rule to a draft."""
        _expand(self.rules[rule], draft)

    def _compile(self, line: str, rule: str) -> tuple[Part, ...]:
        parts: list[Part] = []
        stated = _STATED.search(line)
        if stated:
            line = line[: stated.start()]
        line = line.replace("\\n", "\n")
        at = 0
        for slot in _SLOT.finditer(line):
            if slot.start() > at:
                parts.append(self._literal(line[at : slot.start()]))
            parts.append(self._slot(slot[1], rule))
            at = slot.end()
        if at < len(line):
            parts.append(self._literal(line[at:]))
        if stated:
            parts.append(_state(stated))
        return tuple(parts)

    def _literal(self, text: str) -> tuple[str, ...]:
        sentence = re.sub(r"\bi\b(?!-)", "I", text)
        texting = _WORD.sub(lambda word: self._texting.get(word[0], word[0]), text)
        return (text, sentence, texting, texting.replace("'", ""))

    def _slot(self, slot: str, rule: str) -> Part:
        if slot[0] == "_" or slot[-1] == "_":
            return _maybe(self._slot(slot.strip("_"), rule), slot[0] == "_")
        if slot[:2] in ("d#", "x#"):
            return _characters("0123456789" if slot[0] == "d" else _ALNUM, int(slot[2:]))
        number = _NUMBER.fullmatch(slot)
        if number:
            return _number(number)
        span = _SPAN.fullmatch(slot)
        if span:
            label, sign, inner, note = span.groups()
            part = (inner[1:-1],) * STYLES if inner[0] == "'" else self._slot(inner, rule)
            return _labelled(label, part, raw=sign == "!", note=note)
        if slot in self._builtins:
            return self._builtins[slot]
        if slot in self.rules:
            alternatives = self.rules[slot]
            return lambda draft: _expand(alternatives, draft)
        raise ValueError(f"rule {rule!r}: nothing is called {slot!r}")


_ALNUM = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


def _read(text: str, raw: dict[str, list[str]]) -> None:
    rule: list[str] = []
    words = False
    for line in text.splitlines():
        if not line.strip() or line.startswith("# "):
            continue
        if line.startswith(("== ", "=w ")):
            words = line.startswith("=w")
            name = line[3:].strip()
            if name in raw:
                raise ValueError(f"rule {name!r} stands twice")
            rule = raw[name] = []
        elif words:
            rule += [word for part in line.split("|") if (word := part.strip())]
        else:
            weight = _WEIGHT.match(line)
            rule += [line[weight.end() :]] * int(weight[1]) if weight else [line]


def _expand(alternatives: Sequence[tuple[Part, ...]], draft: Draft) -> None:
    for part in alternatives[int(draft.rng.random() * len(alternatives))]:
        if type(part) is tuple:
            draft.pieces.append(part[draft.style])
        else:
            part(draft)  # type: ignore[operator]


def _run(part: Part, draft: Draft) -> None:
    if isinstance(part, tuple):
        draft.pieces.append(part[draft.style])
    else:
        part(draft)


def _maybe(part: Part, before: bool) -> Builtin:
    def write(draft: Draft) -> None:
        if draft.rng.random() < _OPTIONAL_SHARE:
            if before:
                draft.pieces.append(" ")
            _run(part, draft)
            if not before:
                draft.pieces.append(" ")

    return write


def _characters(alphabet: str, count: int) -> Builtin:
    size = len(alphabet)

    def write(draft: Draft) -> None:
        random = draft.rng.random
        draft.pieces.append("".join([alphabet[int(random() * size)] for _ in range(count)]))

    return write


def _number(match: re.Match[str]) -> Builtin:
    form, low_text, high_text, step_text, times_text = match.groups()
    low, high = float(low_text), float(high_text or low_text)
    step, times = int(step_text or 1), int(times_text or 1)
    count = int((high - low) / step) + 1

    def write(draft: Draft) -> None:
        random = draft.rng.random
        if form == "k":
            value = round(low + (high - low) * random(), 1)
            draft.pieces.append(f"{value:.1f}")
            whole = 0
        elif form == "c":
            value = int(low) + int(random() * count) + int(random() * 100) / 100
            draft.pieces.append(f"{value:.2f}")
            whole = 0
        else:
            value = whole = int(low) + step * int(random() * count)
        if draft.amount is None:
            # of a range the first number, its low end, is the norm
            draft.amount = round(value * times, 2)
        if form in ("k", "c"):
            return
        if form == ",":
            draft.pieces.append(f"{whole:,}")
        elif form == "w":
            draft.pieces.append(english(whole))
        elif form == "s":
            draft.pieces.append(spanish(whole))
        else:
            draft.pieces.append(str(whole))

    return write


def _state(match: re.Match[str]) -> Builtin:
    amount, currency = match.groups()
    norm: dict[str, Any] = _NO_NORM
    if amount:
        norm = money_norm(float(amount), currency)

    def write(draft: Draft) -> None:
        draft.stated = norm

    return write


def money_norm(amount: float, currency: str | None) -> dict[str, Any]:
    """A gold norm of money; a whole amount is written as an integer."""
    norm: dict[str, Any] = {"amount": int(amount) if amount == int(amount) else amount}
    if currency:
        norm["currency"] = currency
    return norm


def _labelled(label: str, part: Part, *, raw: bool, note: str | None) -> Builtin:
    def write(draft: Draft) -> None:
        first = len(draft.pieces)
        style = draft.style
        if raw:
            draft.style = _PLAIN
        draft.amount = draft.stated = draft.norm = None
        _run(part, draft)
        draft.style = style
        if not raw and draft.lower:
            for at in range(first, len(draft.pieces)):
                draft.pieces[at] = draft.pieces[at].lower()
        norm = draft.norm
        if label == "money":
            if draft.stated is not None:
                norm = draft.stated or None
                if norm is not None and norm.get("amount") == 0 and draft.amount:
                    norm = money_norm(draft.amount, norm.get("currency"))
            elif draft.amount is not None:
                norm = money_norm(draft.amount, "USD")
        draft.spans.append((label, first, len(draft.pieces), norm, note))

    return write
