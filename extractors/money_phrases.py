"""Bare numbers beside a set phrase or in answer to a question: ``can u do 175``, ``200 firm``."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

from extractors.base import LIKELY
from extractors.money_amounts import Amount
from extractors.money_beside import MARKS_AFTER
from extractors.money_tokens import Quantity, Reading
from extractors.money_verbs import cued, is_year
from extractors.numbers import SCALES

MEANT: Final[dict[str, str]] = {
    "u": "you", "ya": "you", "yall": "you", "y'all": "you", "w": "with", "wit": "with",
    "n": "and", "4": "for", "ur": "your", "urs": "yours", "cud": "could", "wud": "would",
    "it's": "its", "that's": "thats", "gon": "gonna", "imma": "ill", "ima": "ill", "i'll": "ill",
    "ain't": "aint", "isn't": "isnt", "won't": "wont", "don't": "dont", "let's": "lets",
    "bout": "about", "til": "until", "trynna": "tryna", "that'll": "thatll", "it'll": "itll",
    "him": "them", "her": "them", "me": "them", "us": "them", "em": "them", "cn": "can",
    "lem": "lemme", "we're": "were", "shot": "shoot",
}  # fmt: skip
"""How words are written in chat, to the word that phrases are written with."""
SOFT: Final = frozenset("like about around at least only just bout maybe a another".split())
"""Words that may stand between a phrase and its number."""
LONGEST: Final = 6
"""Words of the longest phrase."""
CLAUSE: Final = frozenset(
    "its thats it's that's want wants said say charge only just like do be gonna is get got".split()
)
STEPPED: Final = frozenset({"knock", "knocked", "take", "save"})
SOURCES: Final = frozenset({"from", "off", "outta"})
PLACES: Final = frozenset("mall store club bar casino target walmart mystic slots tables".split())
MOVED: Final = frozenset("won win wins lost lose blew hit up down cashed dropped spent".split())
PRICED: Final = frozenset(
    "was is are its it's came for thats that's so be charged paid owe owes just only".split()
)
"""Words before a number with two decimals that let it be a price."""
RELEASES: Final = frozenset({Decimal("0.04"), Decimal("0.10")})
"""Decimals of yearly releases of software (10.04, 11.10)."""
SOLD: Final = frozenset(
    "month week night day plate piece box bag pack gallon person head bottle pair year".split()
)
RACES: Final = frozenset({Decimal(5000), Decimal(10000)})
"""Runs of 5k and 10k; a k with one of them alone is no sum."""
SEATS: Final = frozenset("seat row gate aisle table locker block suite".split())
RAN: Final = frozenset({"ran", "run", "running", "jog", "jogged"})
MEMORY: Final = frozenset(Decimal(1000 * 2**power) for power in range(11))
"""Sizes that count in powers of two: screens (4k), memory."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that makes the number beside it a sum, and the sums it speaks for."""

    text: str
    least: int
    step: int
    clock: bool


@cache
def phrases() -> tuple[dict[str, list[Phrase]], dict[str, list[Phrase]]]:
    """Return the phrases before a number by their last word, those after it by their first."""
    before: dict[str, list[Phrase]] = {}
    after: dict[str, list[Phrase]] = {}
    text = (files("extractors") / "data" / "money_phrases.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        side, least, step, words, *clock = line.split("\t")
        words = " ".join(MEANT.get(word, word) for word in words.split())
        phrase = Phrase(words, int(least), int(step), bool(clock))
        if side == "before":
            before.setdefault(words.rpartition(" ")[2], []).append(phrase)
        else:
            after.setdefault(words.partition(" ")[0], []).append(phrase)
    return before, after


def phrased(reading: Reading, quantity: Quantity, *, free: bool) -> Amount | None:
    """Return the amount that a phrase, an answer or a correction makes of a bare number.

    Args:
        reading: the text.
        quantity: a number without currency.
        free: nothing behind it makes it a count of things; else a phrase behind it must speak.
    """
    after = reading.token(quantity.last + 1)
    if after is not None and after.glued and (after.kind in "wns" or after.text in MARKS_AFTER):
        return None  # 720p, 20%
    if is_year(quantity) or reading.near(quantity.first, "context_measure", 7):
        return None
    if not free:
        cue = None
        if not _odd(quantity):
            after_low = reading.low(quantity.last + 1)
            round_sum = quantity.low >= 20 and quantity.low % 5 == 0
            cue = _followed(reading, quantity)
            if cue is None and round_sum:
                cue = _instalment(reading, quantity, after_low) or _asked(reading, quantity)
    else:
        cue = _answer(reading, quantity)
        if cue is None and not _odd(quantity):
            cue = (
                _preceded(reading, quantity)
                or _followed(reading, quantity)
                or _plain_sum(reading, quantity)
                or _priced(reading, quantity)
            )
    return cued(quantity, "money:phrase", LIKELY, cue) if cue else None


def thousands(reading: Reading, quantity: Quantity) -> bool:
    """Return whether a bare ``1.5k`` is a sum: no race, no screen, nothing that is counted."""
    if quantity.low in RACES or quantity.low in MEMORY:
        return False
    if not reading.words.isdisjoint(RAN) or reading.low(quantity.first - 1) in SEATS:
        return False
    return not reading.near(quantity.first, "context_measure", 7)


def split_grand(reading: Reading, quantity: Quantity) -> bool:
    """Return whether a full stop alone parts words of number and scale, as in ``three. grand``."""
    at = quantity.last + 1
    return (
        not quantity.figures
        and quantity.low < 100
        and reading.low(at) == "."
        and reading.low(at + 1) == "grand"
        and reading.low(at + 2) in (".", "", "\n", "!")
    )


def driven(reading: Reading, quantity: Quantity) -> bool:
    """Return whether thousands are the miles of a car: ``has 98k on it``."""
    after = (reading.low(quantity.last + 1), reading.low(quantity.last + 2))
    letter = reading.low(quantity.last) == "k" and quantity.low >= 30_000
    return letter and after in (("on", "it"), ("on", "the"), ("on", "her"))


def noted(reading: Reading, quantity: Quantity) -> bool:
    """Return whether a banknote is named by its number: ``found a fifty``, ``w a twenty``."""
    at = quantity.last + 1
    if quantity.figures or quantity.low not in (20, 50) or quantity.first != quantity.last:
        return False
    if reading.low(quantity.first - 1) != "a" or reading.low(at) in ("out", "and", "y", "to", "-"):
        return False
    token = reading.token(at)
    ends = token is None or token.kind in "lp" or token.low in ("on", "in", "from", "for", "easy")
    return ends or (token is not None and token.low in reading.lex.cue("round_next"))


def half_million(reading: Reading, quantity: Quantity) -> bool:
    """Return whether a number is ``half a mil``, ``a couple mil``."""
    return (
        reading.low(quantity.last) in SCALES
        and reading.low(quantity.last) in ("mil", "milli", "milly")
        and reading.low(quantity.first) in ("half", "a", "couple")
        and quantity.last > quantity.first + 1
    )


def _odd(quantity: Quantity) -> bool:
    """Return whether decimals are not two: no price."""
    return quantity.decimals and quantity.low.as_tuple().exponent != -2


def _clock(quantity: Quantity) -> bool:
    """Return whether figures may be a time without its colon: 730, 1145."""
    low = quantity.low
    return 100 <= low < 1260 and low % 100 in (15, 30, 45)


def _fits(quantity: Quantity, phrase: Phrase) -> bool:
    if quantity.low < 10 and not quantity.figures:
        return False  # the gate lets no text by for such a word alone
    if quantity.low < phrase.least or (phrase.clock and _clock(quantity)):
        return False
    cents = quantity.decimals and quantity.low >= 5
    return cents or not phrase.step or quantity.low % phrase.step == 0


def _word(reading: Reading, at: int) -> str:
    low = reading.low(at)
    return MEANT.get(low, low)


def _preceded(reading: Reading, quantity: Quantity) -> str | None:
    before, _ = phrases()
    at = quantity.first - 1
    for end in (at, at - 1) if reading.low(at) in SOFT else (at,):
        for phrase in before.get(_word(reading, end), ()):
            size = phrase.text.count(" ")
            said = " ".join(_word(reading, step) for step in range(end - size, end + 1))
            if said == phrase.text and _fits(quantity, phrase) and _stops(reading, quantity):
                return phrase.text
    return None


def _followed(reading: Reading, quantity: Quantity) -> str | None:
    _, after = phrases()
    at = quantity.last + 1
    at += reading.low(at) == ","
    for phrase in after.get(_word(reading, at), ()):
        size = phrase.text.count(" ")
        said = " ".join(_word(reading, step) for step in range(at, at + size + 1))
        if said == phrase.text and _fits(quantity, phrase):
            if (phrase.text.startswith("for ") or not size) and not _opens(reading, quantity):
                return None  # room 220 for both of us, bus 40 works
            ends = reading.low(at + size + 1) in ("", ".", "!", "?", ",", "\n", "for", "and", "n")
            if not size and not ends:
                return None  # 50 works out there
            return phrase.text
    return None


def _stops(reading: Reading, quantity: Quantity) -> bool:
    """Return whether nothing behind makes the number a number of persons, times or hours."""
    low = reading.low(quantity.last + 1)
    return low not in ("of", "more", "times", "at", "am", "pm") and (
        low != "in" or reading.low(quantity.last + 2) in ("cash", "my", "the")
    )


def _opens(reading: Reading, quantity: Quantity) -> bool:
    """Return whether the number begins its clause or stands behind a word of saying or asking."""
    before = reading.token(quantity.first - 1)
    return before is None or before.kind in "lp" or before.low in CLAUSE


def _answer(reading: Reading, quantity: Quantity) -> str | None:
    """Read ``how much? 120``, ``whats the damage? 84.17``, ``cuanto es? 350``."""
    low = reading.low(quantity.first - 1)
    if low in SOFT or low in ("its", "it's", "son", "es", "thats"):
        low = reading.low(quantity.first - 2)
    if low not in ("?", "\n") or quantity.low < (5 if quantity.figures else 10):
        return None
    if not _odd(quantity) and not _clock(quantity):
        words = [_word(reading, at) for at in range(max(0, quantity.first - 10), quantity.first)]
        text = f" {' '.join(words)} "
        asked = (" how much ", " hm ", " hmuch ", " cuanto ", " the damage ", " the total ",
                 " the price ", " the ticket ", " you asking ", " what you got ? ", " the cost ",
                 " you want for ", " your rate ", " your price ", " en cuanto ")  # fmt: skip
        return next((cue.strip(" ?") for cue in asked if cue in text), None)
    return None


def _plain_sum(reading: Reading, quantity: Quantity) -> str | None:
    """Read round sums of twenty or more in smaller patterns around the number."""
    low, first, last = quantity.low, quantity.first, quantity.last
    if low < 20 or low % 5:
        return None
    before, after, then = reading.low(first - 1), reading.low(last + 1), reading.low(last + 2)
    if before == "from" and after == "to" and reading.holds("price"):
        return "from … to"
    return (
        _corrected(reading, quantity, before, after)
        or _instalment(reading, quantity, after)
        or _taken(reading, quantity, before, after, then)
        or _gambled(reading, quantity)
        or _asked(reading, quantity)
    )


def _priced(reading: Reading, quantity: Quantity) -> str | None:
    """Read two decimals as a price behind or before a small word: ``gas was 42.10``."""
    if not quantity.decimals or quantity.low < 1 or quantity.low >= 10_000:
        return None
    if reading.near(quantity.first, "context_decimals", 9):
        return None
    before = reading.low(quantity.first - 1)
    if before in SOFT:
        before = reading.low(quantity.first - 2) or before
    after = [reading.low(quantity.last + step) for step in (1, 2)]
    if quantity.low < 30 and quantity.low % 1 in RELEASES:
        return None
    small = quantity.low < 13 and not any(
        reading.near(quantity.first, group, 6) for group in ("context_money", "price", "goods")
    )
    if before in PRICED and not small:
        return before
    at = 1 + (after == ["for", "a"])
    behind = after[0] in ("a", "per", "for") and reading.low(quantity.last + 1 + at) in SOLD
    return "per" if behind or after == ["on", "the"] else None


def _corrected(reading: Reading, quantity: Quantity, before: str, after: str) -> str | None:
    """Read ``its 170 not 150``."""
    other = reading.token(quantity.last + 2)
    if (
        after == "not" and other is not None and other.kind == "n" and quantity.low >= 50
        and other.text.isdigit() and int(other.text[-2:]) % 5 == 0 and len(other.text) in (2, 3, 4)
        and before in ("its", "it's", "was", "is", "thats", "said", "", "no", ",", "for")
        and not _clock(quantity)
    ):  # fmt: skip
        return "not"
    return None


def _instalment(reading: Reading, quantity: Quantity, after: str) -> str | None:
    """Read ``50 now 50 later``, ``put 200 down``, ``500 down``."""
    text = [reading.low(at) for at in range(quantity.first - 3, quantity.last + 5)]
    size = quantity.last - quantity.first + 1
    behind, ahead = text[:3], text[3 + size :]
    if after == "now" and "later" in ahead and any(word.isdigit() for word in ahead):
        return "now … later"
    if after == "later" and "now" in behind and any(word.isdigit() for word in behind):
        return "now … later"
    if after in ("down", "toward", "towards") and behind[-1] in ("put", "puts", "putting"):
        return "put … down"
    opened = behind[-1] in ("", "need", "want", "wants", "with", "w", "\n", ".", ",")
    if after == "down" and quantity.low >= 200 and quantity.low % 50 == 0 and opened:
        return "down"
    if after == "in" and behind[-1] in ("throw", "put", "chip", "toss") and (
        len(ahead) < 2 or ahead[1] in ("", ".", "!", "n", "and", "for", "each")
    ):  # fmt: skip
        return "throw … in"
    return None


def _taken(reading: Reading, quantity: Quantity, before: str, after: str, then: str) -> str | None:
    """Read ``get 320 from stan``, ``took 20 off``, ``u got 40 on u``, ``thats 90 total``."""
    fetched = ("get", "got", "gets", "getting", "grab", "collect")
    if before in fetched and after in SOURCES and quantity.low >= 40 and quantity.low % 10 == 0:
        rest = {reading.low(at) for at in range(quantity.last + 2, quantity.last + 7)}
        if not (then in ("each", "every", "the", "my", "here", "") or "to" in rest):
            return f"get … {after}"
    if before in fetched and after == "from" and then in ("my", "the") and quantity.low >= 40 and (
        reading.token(quantity.last + 3) is not None
        and quantity.low % 10 == 0 and reading.near(quantity.last + 3, "context_lenders", 1)
    ):  # fmt: skip
        return "get … from"
    if before in STEPPED and after == "off" and then not in ("the", "exit"):
        return f"{before} … off"
    if before in ("got", "have") and after == "on" and then in ("u", "you", "ya", "em", "them"):
        return "on you"
    if after == "total" and before in ("thats", "that's", "its", "it's", "so", ""):
        return "total"
    if before == "need" and quantity.low >= 50 and (
        after == "asap" or (after == "more" and then in ("", ".", "by", "for", "to", "!"))
    ):  # fmt: skip
        return "need"
    left = before in ("left", "leave", "leaves") and after == "on"
    if left and reading.near(quantity.last + 3, "furniture", 1):
        return "left"
    return None


def _asked(reading: Reading, quantity: Quantity) -> str | None:
    """Read ``is 60 cool``, ``would 75 work``."""
    before, after = reading.low(quantity.first - 1), reading.low(quantity.last + 1)
    if before not in ("is", "would", "will") or quantity.low < 40 or _clock(quantity):
        return None
    return after if after in ("cool", "ok", "okay", "good", "fine", "fair", "work") else None


def _gambled(reading: Reading, quantity: Quantity) -> str | None:
    """Read ``lost 400 at the casino``, ``dropped 300 at the mall``, ``up 350 at blackjack``."""
    before = reading.low(quantity.first - 1)
    if before in SOFT:
        before = reading.low(quantity.first - 2)
    after = reading.low(quantity.last + 1)
    if before not in MOVED or after not in ("at", "on", "in", "playing"):
        return None
    if before == "dropped" and quantity.low < 50:
        return None
    if reading.near(quantity.last + 3, "context_casino", 2):
        return f"{before} {after}"
    words = {reading.low(quantity.last + step) for step in (2, 3)}
    return before if not PLACES.isdisjoint(words) and before != "hit" else None
