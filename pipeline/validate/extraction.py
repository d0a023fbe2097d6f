"""PHO, ALI, LOC, MON, HAN: what is found in text, against gold, with intervals.

An assertion on a rate asks that the lower bound of its interval of 95 % lies above a threshold:
small sets cannot pass by luck. Thresholds lie below what docs/accuracy.md tells of such text, by
about the width of the interval on some hundred mentions; they show a part that no longer works, and
say nothing of another return.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pipeline.config import RunConfig
from pipeline.evaluate import Score, evaluate
from pipeline.validate import forms
from pipeline.validate.base import Assertion, Function, Outcome, Rate, compare, counted
from pipeline.validate.ground import Ground
from pipeline.validate.handmade import Said, hand_return
from pipeline.validate.looking import rows

KINDS = ("phone", "alias", "location", "money", "handle")
LIMITS = {
    "phone": ((0.93, 0.93), (0.85, 0.90)),
    "alias": ((0.85, 0.88), (0.75, 0.85)),
    "location": ((0.89, 0.90), (0.86, 0.86)),
    "money": ((0.90, 0.93), (0.88, 0.92)),
    "handle": ((0.84, 0.84), (0.80, 0.80)),
}
"""By kind: least recall and precision on word list a, and on b, which is held back."""
LEAST = 30
"""Mentions below which a rate is not held against a threshold."""


def _scores(ground: Ground, words: str) -> dict[str, Score]:
    """Score all kinds on the texts of a word list."""
    from extractors.finder import Finder

    def score() -> dict[str, Score]:
        config = RunConfig()
        finder = Finder(config.region, "")
        gold: Path = ground.texts(words)
        return evaluate(gold, finder, config.region, config.timezone, KINDS)

    return ground.once(f"scores-{words}", score)


def _rates(ground: Ground, kind: str, words: str) -> tuple[Rate, Rate, float]:
    score = _scores(ground, words)[kind]
    data = f"chat, word list {words}"
    return (
        Rate("recall", kind, data, score.matched, score.gold),
        Rate("precision", kind, data, score.matched, score.found),
        score.alarms_per_1000,
    )


def _held(rate: Rate, least: float) -> tuple[bool, str]:
    low, high = rate.interval
    told = (
        f"{rate.measure} {rate.hits:,} of {rate.total:,} = {rate.share:.3f} "
        f"({low:.3f} to {high:.3f}), threshold {least:.2f}"
    )
    if rate.total < LEAST:
        return False, f"{told}: fewer than {LEAST} mentions, ask for more --pages"
    return low >= least, told


def _recall(kind: str) -> Callable[[Ground], Outcome]:
    def check(ground: Ground) -> Outcome:
        rate, _, _ = _rates(ground, kind, "a")
        return Outcome(*_held(rate, LIMITS[kind][0][0]), (rate,))

    return check


def _precision(kind: str) -> Callable[[Ground], Outcome]:
    def check(ground: Ground) -> Outcome:
        _, rate, alarms = _rates(ground, kind, "a")
        ok, told = _held(rate, LIMITS[kind][0][1])
        return Outcome(ok, f"{told}; {alarms:.2f} false alarms in 1,000 texts", (rate,))

    return check


def _held_back(kind: str) -> Callable[[Ground], Outcome]:
    def check(ground: Ground) -> Outcome:
        recall, precision, alarms = _rates(ground, kind, "b")
        held = [
            _held(rate, least)
            for rate, least in zip((recall, precision), LIMITS[kind][1], strict=True)
        ]
        told = f"{'; '.join(text for _, text in held)}; {alarms:.2f} false alarms in 1,000 texts"
        return Outcome(all(ok for ok, _ in held), told, (recall, precision))

    return check


def _found(ground: Ground, kind: str, lines: tuple[str, ...]) -> list[list[tuple[str, str | None]]]:
    """Run the extractors over lines; return surface and value of the hits of a kind."""
    from extractors.finder import Finder

    finder = ground.once("finder", lambda: Finder(RunConfig().region, ""))
    finder.prepare(lines)
    return [
        [
            (line[hit.start : hit.end], hit.value)
            for hit in finder.find(line)
            if hit.kind.value == kind
        ]
        for line in lines
    ]


def _equal(kind: str, expected: str | None, found: str | None) -> bool:
    if kind == "money" and expected and found:
        try:
            amounts = [Decimal(value.split()[0]) for value in (expected, found)]
        except InvalidOperation:
            return False
        return amounts[0] == amounts[1] and expected.split()[1:] == found.split()[1:]
    # an address or a road has a value of its own wording: the span is what is asked for
    return expected == found or (kind == "location" and expected is None)


def _forms(kind: str, lines: tuple[forms.Line, ...]) -> Callable[[Ground], Outcome]:
    def check(ground: Ground) -> Outcome:
        found = _found(ground, kind, tuple(text for text, _ in lines))
        wrong = []
        for number, ((_, expected), hits) in enumerate(zip(lines, found, strict=True), 1):
            if len(hits) != len(expected) or not all(
                surface == hit[0] and _equal(kind, value, hit[1])
                for (surface, value), hit in zip(expected, hits, strict=True)
            ):
                wrong.append(f"line {number}")
        return compare(len(lines), wrong, "lines")

    return check


def _traps(kind: str, lines: tuple[str, ...]) -> Callable[[Ground], Outcome]:
    def check(ground: Ground) -> Outcome:
        found = _found(ground, kind, lines)
        wrong = [f"line {number}" for number, hits in enumerate(found, 1) if hits]
        return compare(len(lines), wrong, "look-alikes")

    return check


def _service(ground: Ground) -> Outcome:
    """A listed service number in five writings: found, labelled, never a lead."""
    folder = ground.place("phone-service")
    writings = ["612-232-5428", "(612) 232.5428", "+16122325428", "6122325428", "612 232 5428"]
    said = [Said(f"2024-02-01 10:00:{n:02} UTC", f"call {w}") for n, w in enumerate(writings)]
    case = ground.run(hand_return(folder / "return.zip", said), folder / "case", "--no-model")
    phones = [row for row in rows(case, "mentions") if row["kind"] == "phone"]
    leads = [r for r in rows(case, "entities") if r["kind"] == "phone" and r["is_lead"]]
    labelled = sum(row["service_category"] is not None for row in phones)
    return counted(mentions=(5, len(phones)), labelled=(5, labelled), leads=(0, len(leads)))


def _pieces(ground: Ground) -> Outcome:
    """A number in three messages of one author."""
    folder = ground.place("phone-pieces")
    said = [
        Said("2024-02-01 10:00:00 UTC", "my number is 651"),
        Said("2024-02-01 10:00:04 UTC", "555"),
        Said("2024-02-01 10:00:08 UTC", "0117"),
    ]
    case = ground.run(hand_return(folder / "return.zip", said), folder / "case", "--no-model")
    phones = [row for row in rows(case, "mentions") if row["kind"] == "phone"]
    groups = {row["group_id"] for row in phones}
    values = {row["value"] for row in phones}
    right = int(values == {forms.N})
    return counted(
        mentions=(3, len(phones)), group=(1, len(groups - {None})), whole_number=(1, right)
    )


def _function(
    code: str, kind: str, name: str, lines: tuple[forms.Line, ...], traps: tuple[str, ...],
    *more: tuple[str, str, str, Callable[[Ground], Outcome]],
) -> Function:  # fmt: skip
    (recall, precision), (recall_b, precision_b) = LIMITS[kind]
    measured = "Runs rules and the shipped model over invented chat with gold; spans by overlap, " \
        "one to one, phones and amounts by value too; Wilson's interval of 95 %."  # fmt: skip
    made = [
        (f"Mentions of kind {kind} that stand in chat are found.", measured,
         f"lower bound of recall at least {recall:.2f}", _recall(kind)),
        (f"What is found as {kind} is one.", measured,
         f"lower bound of precision at least {precision:.2f}", _precision(kind)),
        ("Both hold on words that are held back.", measured + " Word list b.",
         f"lower bounds of recall at least {recall_b:.2f}, of precision {precision_b:.2f}",
         _held_back(kind)),
        ("Common ways of writing are found, with exact span and value.",
         f"Runs the extractors over {len(lines)} lines written by hand.",
         "surface and value as written down beforehand, nothing more", _forms(kind, lines)),
        ("Look-alikes are left alone.", f"Runs the extractors over {len(traps)} such lines.",
         f"no mention of kind {kind}", _traps(kind, traps)),
        *more,
    ]  # fmt: skip
    return Function(code, name, tuple(
        Assertion(f"{code}-{number:02}", *parts) for number, parts in enumerate(made, 1)
    ))  # fmt: skip


EXTRACTION = (
    _function(
        "PHO", "phone", "Phone numbers", forms.PHONES, forms.NOT_PHONES,
        ("A listed service number is found in any writing, labelled, and no lead.",
         "Reads five writings of one listed number.", "5 mentions, 5 labelled, 0 leads", _service),
        ("A number sent in pieces is joined, each piece keeping its own place.",
         "Reads three messages that hold one number between them.",
         "3 mentions of one group with the whole number as value", _pieces),
    ),
    _function("ALI", "alias", "Aliases", forms.ALIASES, forms.NOT_ALIASES),
    _function("LOC", "location", "Locations", forms.PLACES, forms.NOT_PLACES),
    _function("MON", "money", "Money references", forms.AMOUNTS, forms.NOT_AMOUNTS),
    _function("HAN", "handle", "Handles", forms.HANDLES, forms.NOT_HANDLES),
)  # fmt: skip
