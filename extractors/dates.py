"""Dates and days as written, and what relative ones mean at a message's time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from extractors import numbers
from extractors.base import CERTAIN, LIKELY, SEEN, STRONG, Hit
from extractors.dates_relative import MARK, iso_date, resolve_relative
from extractors.gate import Memo, pieces
from schemas.kinds import MentionKind

__all__ = ["Dates", "resolve_relative"]

MONTHS: Final[dict[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene", "february feb febrero", "march mar marzo",
            "april apr abril abr", "may mayo", "june jun junio", "july jul julio",
            "august aug agosto ago", "september sep sept septiembre setiembre",
            "october oct octubre", "november nov noviembre", "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
DAYS: Final[dict[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "monday mon lunes", "tuesday tues tue martes", "wednesday weds wed miercoles",
            "thursday thurs thur thu jueves", "friday fri viernes", "saturday sat sabado",
            "sunday sun domingo",
        )
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_FULL_DAYS = (
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|lunes|martes|mi[eé]rcoles|jueves|"
    "viernes|s[aá]bado|domingo"
)
_SHORT_DAYS = "mon|tues|tue|weds|wed|thurs|thur|thu|fri|sat|sun"
_YEAR = r"(?:(?:19|20)\d{2})"
LEFT = r"(?<![\w.$/-])"
RIGHT = r"(?![\w/]|[.-]\d)"

ISO = re.compile(rf"(?<![\w.-])(?P<y>{_YEAR})-(?P<m>\d{{2}})-(?P<d>\d{{2}})(?!\d|-\d)")
SLASHED = re.compile(
    rf"{LEFT}(?P<a>\d{{1,2}})(?P<mark>[/.-])(?P<b>\d{{1,2}})(?P=mark)(?P<y>{_YEAR}|\d{{2}}){RIGHT}"
)
MONTH_DAY = re.compile(
    rf"(?<![\w-])(?P<month>{_MONTH})\.?[ ]{{1,2}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"(?:,?[ ]{{1,2}}(?P<y>{_YEAR}))?(?![\w:%]|[.,]\d)",
    re.IGNORECASE,
)
DAY_MONTH = re.compile(
    rf"{LEFT}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ ]{{1,2}}(?:of[ ]|de[ ])?(?P<month>{_MONTH})\.?"
    rf"(?:,?[ ]{{1,2}}(?:del?[ ]|of[ ])?(?P<y>{_YEAR}))?(?!\w)",
    re.IGNORECASE,
)
MONTH_YEAR = re.compile(
    rf"(?<![\w-])(?P<month>{_MONTH})\.?,?[ ]{{1,2}}(?:del?[ ]|of[ ])?(?P<y>{_YEAR})(?![\w-])",
    re.IGNORECASE,
)
MONTH_ALONE = re.compile(
    rf"(?<!\w)(?P<lead>in|since|last|next|this|until|til|by|early|late|mid|en|desde|hasta)[ -]"
    rf"(?P<month>{_MONTH})(?![\w'’]|[ ]\d)",
    re.IGNORECASE,
)
SHORT = re.compile(
    r"(?<!\w)(?P<cue>on|by|til|till|until|since|from|for|dob|bday|birthday|date|due|the|el|d[ií]a|"
    rf"desde|hasta|{_SHORT_DAYS}|{_FULL_DAYS})[ :,]{{1,2}}(?P<m>\d{{1,2}})[/-](?P<d>\d{{1,2}})"
    r"(?![\w/%]|[.-]\d)",
    re.IGNORECASE,
)
"""Month and day without a year need a word of time before them: 24/7 and 50/50 are no dates."""
ORDINAL = re.compile(
    r"(?<!\w)(?:(?:on|by|til|till|until|due|since|before|b4)[ ](?:on[ ])?the|the|on)[ ]"
    r"(?P<d>\d{1,2})(?:st|nd|rd|th)(?![\w-])"
    r"(?![ ](?:st|ave|avenue|street|floor|flr|time|one|grade|ward|district|precinct|circuit|"
    r"amendment|birthday|place|and|n|&|hole|inning|quarter|round|century|street|of|de)(?!\w))",
    re.IGNORECASE,
)
EL_DIA = re.compile(
    r"(?<!\w)(?:el|del)[ ](?:d[ií]a[ ])?(?P<d>\d{1,2})"
    r"(?![\w:%/.,-]|[ ](?:por|%|de|pesos|d[oó]lares))",
    re.IGNORECASE,
)

OFFSETS: Final[dict[str, int]] = {
    "today": 0, "2day": 0, "tonight": 0, "tonite": 0, "2nite": 0, "2night": 0, "tnite": 0,
    "tn": 0, "this morning": 0, "this afternoon": 0, "this evening": 0, "tomorrow": 1,
    "tommorow": 1, "tomorow": 1, "tommorrow": 1, "tmrw": 1, "tmr": 1, "tmw": 1, "tomoro": 1,
    "2moro": 1, "2morrow": 1, "2mrw": 1, "yesterday": -1, "yest": -1, "last night": -1,
    "last nite": -1, "day after tomorrow": 2, "day before yesterday": -2, "hoy": 0,
    "esta noche": 0, "anoche": -1, "ayer": -1, "antier": -2, "anteayer": -2, "manana": 1,
    "pasado manana": 2,
}  # fmt: skip
RELATIVE = re.compile(
    r"(?<![\w-])(?P<word>day after tomorrow|day before yesterday|pasado ma[ñn]ana|esta noche|"
    r"this (?:morning|afternoon|evening)|last ni(?:ght|te)|today|2day|tonight|tonite|2nite|2night|"
    r"tnite|tomm?orr?ow|tmrw|tmr|tmw|tomoro|2moro|2morrow|2mrw|yesterday|yest|hoy|anoche|anteayer|"
    r"antier|ayer|(?<!la )(?<!una )(?<!cada )(?<!buena )ma[ñn]ana)(?![\w-])",
    re.IGNORECASE,
)
"""``la mañana`` is the morning, not tomorrow."""
WEEKDAY = re.compile(
    rf"(?<![\w-])(?:(?P<lead>on|this|next|last|every|by|til|till|until|since|el|este|"
    r"pr[oó]ximo|para el|cada)[ ])?"
    rf"(?P<day>{_FULL_DAYS}|{_SHORT_DAYS})(?P<tail>[ ](?:que viene|pasado|night|nite|morning|"
    r"afternoon|evening))?(?![\w-])",
    re.IGNORECASE,
)
SPAN = re.compile(
    r"(?<![\w.])(?P<lead>in|dentro de|en|hace)?[ ]?"
    r"(?P<n>\d{1,3}|an?|one|two|three|four|five|six|seven|ten|couple|a couple|few|a few|"
    r"un|una|dos|tres|cuatro|cinco|seis|siete|diez)[ ]"
    r"(?P<unit>days?|weeks?|wks?|months?|mos|years?|yrs?|d[ií]as?|semanas?|mes(?:es)?|años?)"
    r"(?P<ago>[ ](?:ago|back|from now|atr[aá]s))?(?!\w)",
    re.IGNORECASE,
)
PERIOD = re.compile(
    r"(?<!\w)(?P<lead>this|next|last|esta|este|la pr[oó]xima|pr[oó]xima|el pr[oó]ximo|la|el)[ ]"
    r"(?P<unit>weekend|wknd|week|month|year|semana|mes|año|fin de semana)"
    r"(?P<tail>[ ](?:que viene|pasad[oa]))?(?!\w)",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+")
RELATIVE_WORDS: Final = frozenset(
    {"today", "tonight", "tonite", "nite", "night", "tnite", "tomorrow", "tommorow", "tomorow",
     "tommorrow", "tmrw", "tmr", "tmw", "tomoro", "moro", "morrow", "mrw", "day", "yesterday",
     "yest", "morning", "afternoon", "evening", "hoy", "noche", "anoche", "anteayer", "antier",
     "ayer", "manana", "mañana"}
)  # fmt: skip
SPAN_WORDS: Final = frozenset(
    {"day", "days", "week", "weeks", "wk", "wks", "month", "months", "mos", "year", "years", "yr",
     "yrs", "dia", "dias", "semana", "semanas", "mes", "meses", "año", "años"}
)  # fmt: skip
PERIOD_WORDS: Final = frozenset(
    {"weekend", "wknd", "week", "month", "year", "semana", "mes", "año"}
)
DAY_WORDS: Final = frozenset({"on", "the", "el", "del"})

SIGNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\d",
        r"\d[/.-]\d",
        r"\d(?:st|nd|rd|th)",
        r"(?<!\w)(?:in|since|last|next|this|until|til|by|early|late|mid|en|desde|hasta)(?!\w)",
        r"(?<!\w)(?:today|2day|tonight|tonite|2nite|2night|tnite|tomm?orr?ow|tmrw|tmr|tmw|tomoro|"
        r"2moro|2morrow|2mrw|yesterday|yest|hoy|anoche|anteayer|antier|ayer|ma[ñn]ana)(?!\w)",
        r"(?<!\w)(?:noche|morning|afternoon|evening|night|nite)(?!\w)",
        r"(?<!\w)(?:esta|this|last)(?!\w)",
        r"(?<!\w)(?:in|en|de|hace)(?:\d{1,3}|an?|one|two|three|four|five|six|seven|ten|couple|few|un|"
        r"una|dos|tres|cuatro|cinco|seis|siete|diez)?(?!\w)"
        r"|(?<!\w)(?:ago|back|now|atr[aá]s)(?!\w)",
        r"(?<!\w)(?:this|next|last|esta|este|la|el|pr[oó]xim[ao])(?!\w)",
        r"(?<!\w)(?:el|del)(?!\w)",
    )
)
"""Patterns that cross no blank, one or two of which every hit needs besides its :data:`LISTS`."""
FIGURE, MARKED, NTH, MONTH_LEAD, DAY_SAID, PART, WHICH, SPAN_LEAD, WHICH_PERIOD, EL = (
    1 << number for number in range(len(SIGNS))
)
LISTS: Final = (MONTHS, RELATIVE_WORDS, DAYS, SPAN_WORDS, PERIOD_WORDS, DAY_WORDS)
MONTH, RELATED, DAY, UNIT, LENGTH, DAY_LEAD = (
    1 << number for number in range(len(SIGNS), len(SIGNS) + len(LISTS))
)


NEEDED: Final = MARKED | MONTH | RELATED | DAY | UNIT | LENGTH | DAY_LEAD
"""One of these stands in every text with a date (:func:`_all`)."""


def _signs(piece: str) -> int:
    """Return a bit for each of :data:`SIGNS` and :data:`LISTS` that a piece holds."""
    words = {numbers.fold(word) for word in WORD.findall(piece)}
    words |= {word.casefold() for word in words if not word.isascii()}
    held = [pattern.search(piece) is not None for pattern in SIGNS]
    held += [not words.isdisjoint(listed) for listed in LISTS]
    return sum(1 << number for number, is_held in enumerate(held) if is_held)


HELD: Final = Memo(_signs)


class Dates:
    """Calendar dates, and days said from the day of writing.

    Finds: ISO dates; month, day and year in American order or, where the first figure cannot be a
        month, day first; month names in English and Spanish, with or without day and year; days
        of the week; today, tomorrow, yesterday, tonight and their short forms; ``in 2 days``,
        ``a week ago``, ``next week``, ``the 15th``. Absolute dates have an ISO value
        (``2013-01-16``, ``2011-02``); relative ones None, and a detail that
        :func:`resolve_relative` reads.
    Does not find: times of day; years alone; ``may`` and ``march`` as verbs; holidays.

    References:
        - ISO 8601 (values); region US for the order of month and day
    """

    name: ClassVar[str] = "dates"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[MentionKind, ...]] = (MentionKind.DATE,)

    def speaks(self, piece: str) -> bool:
        """Whether a piece between blanks is worth a look at its text."""
        return HELD[piece] & NEEDED != 0

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the dates in one text; outside the US the day comes before the month."""
        signs = 0
        for held in set(map(HELD.__getitem__, pieces(text))):
            signs |= held
        if not signs:
            return
        end = 0
        for hit in sorted(_all(text, region, signs), key=lambda hit: (hit.start, -hit.end)):
            if hit.start >= end:
                yield hit
                end = hit.end


def _all(text: str, region: str, signs: int) -> Iterator[Hit]:
    """Yield hits of the patterns whose words the text holds: cheap bits before slow patterns."""
    if signs & MARKED:
        yield from _numeric(text, region)
    if signs & MONTH and signs & (FIGURE | MONTH_LEAD):
        yield from _named(text)
    if signs & RELATED and (signs & DAY_SAID or (signs & PART and signs & WHICH)):
        yield from _days_from_now(text)
    if signs & DAY:
        yield from _weekdays(text)
    if signs & UNIT and signs & SPAN_LEAD:
        for match in SPAN.finditer(text):
            yield from _span(match)
    if signs & LENGTH and signs & WHICH_PERIOD:
        yield from _periods(text)
    if signs & FIGURE and signs & DAY_LEAD and signs & (NTH | EL):
        yield from _day_numbers(text)


def _hit(
    match: re.Match[str], rule: str, value: str | None, confidence: float, detail: str = ""
) -> Hit:
    return Hit(
        MentionKind.DATE, match.start(), match.end(), rule, value=value, confidence=confidence,
        detail=detail,
    )  # fmt: skip


def _full_year(text: str) -> int:
    year = int(text)
    return year if year >= 100 else year + (2000 if year < 50 else 1900)


def _numeric(text: str, region: str) -> Iterator[Hit]:
    for match in ISO.finditer(text):
        value = iso_date(int(match["y"]), int(match["m"]), int(match["d"]))
        if value:
            yield _hit(match, "date:iso", value, CERTAIN)
    month_first = region in ("US", "PR", "PH", "CA")
    for match in SLASHED.finditer(text):
        first, second, year = int(match["a"]), int(match["b"]), _full_year(match["y"])
        if match["mark"] != "/" and len(match["y"]) == 2:
            continue  # 5.10.12 is a version
        orders = [(first, second), (second, first)]
        if not month_first:
            orders.reverse()
        values = [iso_date(year, month, day) for month, day in orders]
        value = values[0] or values[1]
        if value:
            unsure = values[0] and values[1] and first != second
            detail = f"{'month' if month_first else 'day'} first in {region}" if unsure else ""
            yield _hit(match, "date:numeric", value, STRONG, detail)
    for match in SHORT.finditer(text):
        first, second = int(match["m"]), int(match["d"])
        month, day = (first, second) if month_first else (second, first)
        if 1 <= month <= 12 and 1 <= day <= 31 and not (day <= 5 and match["cue"] == "for"):
            yield _hit(match, "date:short", None, LIKELY, f"{MARK}monthday {month} {day}")


def _named(text: str) -> Iterator[Hit]:
    for pattern in (MONTH_DAY, DAY_MONTH):
        for match in pattern.finditer(text):
            name, day = match["month"], int(match["d"])
            month = MONTHS[name.lower()]
            verb = name in ("may", "mar", "march", "ago") and pattern is MONTH_DAY
            if verb and not match["y"] and (
                name != "may" or text.startswith(" of ", match.end())
            ):  # fmt: skip
                continue
            if not 1 <= day <= 31:
                continue
            if match["y"]:
                value = iso_date(int(match["y"]), month, day)
                if value:
                    yield _hit(match, "date:month_day", value, CERTAIN)
            elif iso_date(2024, month, day) and name != "ago":
                yield _hit(match, "date:month_day", None, STRONG, f"{MARK}monthday {month} {day}")
    for match in MONTH_YEAR.finditer(text):
        if match["month"] not in ("may", "march", "ago"):
            value = f"{match['y']}-{MONTHS[match['month'].lower()]:02d}"
            yield _hit(match, "date:month", value, STRONG)
    for match in MONTH_ALONE.finditer(text):
        name, lead = match["month"].lower(), match["lead"].lower()
        if name in ("mar", "ago", "ene", "dic", "abr", "march") and match["month"][0].islower():
            continue
        turn = {"last": "last", "next": "next"}.get(lead, "near")
        if (
            name == "may"
            and lead in ("this", "next", "last", "late", "early")
            and (match["month"] == "may")
        ):
            continue
        yield _hit(match, "date:month", None, LIKELY, f"{MARK}month {MONTHS[name]} {turn}")


def _days_from_now(text: str) -> Iterator[Hit]:
    for match in RELATIVE.finditer(text):
        word = numbers.fold(match["word"]).replace("ñ", "n")
        offset = OFFSETS.get(word, 1 if word.startswith("to") else 0)
        yield _hit(match, "date:relative", None, STRONG, f"{MARK}day {offset}")


def _weekdays(text: str) -> Iterator[Hit]:
    for match in WEEKDAY.finditer(text):
        lead, tail = (match["lead"] or "").lower(), (match["tail"] or "").strip().lower()
        name = numbers.fold(match["day"])
        if re.fullmatch(_SHORT_DAYS, name) and not (
            (lead and not (name in ("sat", "sun", "wed", "mon") and lead in ("every", "el")))
            or tail in ("night", "nite", "morning")
            or (match["day"][0].isupper() and name not in ("sat", "sun", "mon", "wed"))
            or name in ("tues", "thurs", "fri", "weds")
        ):
            continue
        if name in ("martes", "domingo", "lunes") and not lead and match["day"].istitle():
            continue  # Domingo: a name
        if lead in ("every", "cada"):
            yield _hit(match, "date:weekday", None, LIKELY, "recurring")
            continue
        turn = "coming"
        if lead == "last" or tail == "pasado":
            turn = "last"
        elif lead in ("next", "proximo", "próximo"):
            turn = "next"
        yield _hit(match, "date:weekday", None, STRONG, f"{MARK}weekday {DAYS[name]} {turn}")


def _periods(text: str) -> Iterator[Hit]:
    for match in PERIOD.finditer(text):
        lead, tail = numbers.fold(match["lead"]), (match["tail"] or "").lower()
        if lead in ("la", "el") and not tail:
            continue
        step = 1 if "next" in lead or "proxim" in lead or "viene" in tail else 0
        step = -1 if lead == "last" or "pasad" in tail else step
        unit = match["unit"].lower()
        name = {"semana": "week", "mes": "month", "año": "year", "wknd": "weekend",
                "fin de semana": "weekend"}.get(unit, unit)  # fmt: skip
        yield _hit(match, "date:period", None, LIKELY, f"{MARK}{name} {step}")


def _day_numbers(text: str) -> Iterator[Hit]:
    for pattern, confidence in ((ORDINAL, STRONG), (EL_DIA, SEEN)):
        for match in pattern.finditer(text):
            if 1 <= int(match["d"]) <= 31 and not (pattern is EL_DIA and int(match["d"]) < 1):
                yield _hit(
                    match, "date:day", None, confidence, f"{MARK}monthday 0 {int(match['d'])}"
                )


def _span(match: re.Match[str]) -> Iterator[Hit]:
    """Yield ``in 2 days``, ``a week ago``: a length of time alone is no date."""
    lead, ago = (match["lead"] or "").lower(), (match["ago"] or "").strip().lower()
    if not (lead or ago) or (lead == "in" and ago in ("ago", "back")):
        return
    word = numbers.fold(match["n"])
    count = {"a": 1, "an": 1, "couple": 2, "a couple": 2, "few": 3, "a few": 3}.get(word, 0)
    if not count:
        read = numbers.read([word])
        count = int(word) if word.isdigit() else int(read.value) if read else 0
    unit = numbers.fold(match["unit"]).replace("ñ", "n")
    name = next(
        (n for n, starts in (("day", ("d",)), ("week", ("w", "sem")), ("month", ("mo", "mes")),
                             ("year", ("y", "an"))) if unit.startswith(starts)), "day"
    )  # fmt: skip
    past = lead == "hace" or ago in ("ago", "back", "atras", "atrás")
    if lead in ("en", "in") and past and lead != "hace":
        return
    sign = -1 if past else 1
    vague = " about" if word in ("couple", "a couple", "few", "a few") else ""
    if count:
        yield _hit(match, "date:span", None, LIKELY, f"{MARK}{name}s {sign * count}{vague}")
