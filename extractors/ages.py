"""Ages of people as stated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar, Final

from extractors import gate, numbers
from extractors.base import LIKELY, SEEN, STRONG, Hit
from schemas.kinds import MentionKind

_WORDS = (
    r"diecis[eé]is|diecisiete|dieciocho|diecinueve|seventeen|thirteen|fourteen|eighteen|nineteen|"
    r"fifteen|sixteen|catorce|eleven|twelve|twenty|veinte|quince|trece|doce|ten"
)
TENS_WORDS = r"twenty[ -](?:one|two|three|four|five|six|seven|eight|nine)"
NUMBER = rf"(?:\d{{1,2}}|{TENS_WORDS}|{_WORDS})"
LEFT = r"(?<![\w.$#@/:%-])"
RIGHT = r"(?![\w%]|[.,/:]\d|['’\"″′]\d?|-\d| ?%)"

YEARS_OLD = re.compile(
    rf"{LEFT}(?P<age>{NUMBER})(?:[ ]?(?:and|or|n|&|to|-)[ ]?(?P<second>\d{{1,2}}))?"
    r"[ -]?(?:y(?:ea)?rs?[ -]?old|years?[ -]of[ -]age|y[/.]?o\b\.?|yr[ -]?olds?|year[ -]?olds?)s?"
    r"(?!\w)",
    re.IGNORECASE,
)
AGE_WORD = re.compile(
    rf"(?<!\w)(?:age[sd]?|edad)(?:[ ](?:of|is|was|de|about|around|group|:)){{0,2}}[ :]{{1,2}}"
    rf"(?P<age>{NUMBER})(?:[ ]?(?:and|or|to|-|y|a|&)[ ]?(?P<second>\d{{1,2}}))?{RIGHT}",
    re.IGNORECASE,
)
"""``age 16``, ``ages 16 and 17``, ``age of 24``; the noun may be a few words before (AGE_IS)."""
AGE_IS = re.compile(
    rf"(?<!\w)age(?:[ ][a-z]{{1,15}}){{1,6}}[ ](?:is|was)[ ](?:about[ ])?(?P<age>\d{{1,2}}){RIGHT}",
    re.IGNORECASE,
)
TURN = re.compile(
    rf"(?<!\w)(?:turn(?:s|ed|ing|in)?|bouta[ ]be|about[ ]to[ ]be|cumpl(?:e|o|i[oó]?|ió|í|ir)|"
    rf"va[ ]a[ ]cumplir)[ ]"
    rf"(?:only[ ]|just[ ])?(?P<age>{NUMBER}){RIGHT}",
    re.IGNORECASE,
)
PERSON = re.compile(
    r"(?<!\w)(?P<who>i['’]?m|im|i[ ]am|i[ ]was|she['’]?s|shes|she|he['’]?s|hes|he|they['’]?re|"
    r"theyre|u|ur|you['’]?re|youre|girl|daughter|sister|son|brother|cousin|niece|nephew|kid|"
    r"lil[ ]sis)"
    r"(?P<be>[ ](?:is|was|are|r|b|be|r[ ]u|like))?"
    r"(?P<soft>[ ](?:only|just|barely|like|about|almost|bout|still|really|not[ ]even))?"
    rf"[ ](?P<age>{NUMBER}){RIGHT}",
    re.IGNORECASE,
)
SPANISH = re.compile(rf"{LEFT}(?P<age>{NUMBER})[ ](?:a[ñn]os|a[ñn]itos)(?!\w)", re.IGNORECASE)
SPANISH_BARE = re.compile(
    r"(?<!\w)(?:tengo|tiene|tienes|ten[ií]a)[ ](?:como[ ]|apenas[ ]|solo[ ]|ya[ ])?"
    r"(?P<age>(?:1[0-9]|[2-9]\d))(?=[ ]*(?:$|[.,!?\n]|y[ ]|pero[ ]))",
    re.IGNORECASE,
)
"""``tiene 15`` at the end of a clause; two figures, as one is a count of things."""
SPANISH_CUE = re.compile(
    r"(?:tengo|tienes?|tiene[n]?|ten[ií]a|cumpl\w{1,3}|de|con|edad|chica|muchacha|hija|hijo|"
    r"niña|morra|menor)(?:[ ](?:como|apenas|solo|ya|de|los|unos)){0,2}[ ]$",
    re.IGNORECASE,
)
SEX_AGE = re.compile(
    r"(?<![\w.$-])(?:(?P<age>\d{2})[ ]?/?[ ]?[fFmM]|[FM][ ]?/?[ ]?(?P<late>\d{2}))(?![\w.-])"
)
GRADE = re.compile(
    r"(?<!\w)(?P<word>sophomores?|freshm[ae]n|(?:[789]|1[012])th[ -]grader?s?|"
    r"under[ -]?aged?(?![ ]\d)|"
    r"(?:high[ ]school|hs)[ ](?:junior|senior)s?|menor(?:es)?[ ]de[ ]edad)(?!\w)",
    re.IGNORECASE,
)
GRADES = {
    "freshman": "14 or 15", "freshmen": "14 or 15", "sophomore": "15 or 16",
    "sophomores": "15 or 16", "7th": "12 or 13", "8th": "13 or 14", "9th": "14 or 15",
    "10th": "15 or 16", "11th": "16 or 17", "12th": "17 or 18",
}  # fmt: skip
"""Usual ages by school year in the United States (compulsory schooling from six)."""

NOT_AGE_AFTER = re.compile(
    r"[ -]?(?:mins?|minutes?|hrs?|hours?|h|days?|weeks?|wks?|months?|mos?|miles?|mi|blocks?|lbs?|"
    r"pounds?|feet|foot|ft|inch(?:es)?|in|cm|kg|k|percent|bucks?|dollars?|usd|pesos|cents|deep|out|"
    r"away|of|times?|x|people|ppl|girls?|guys?|men|women|kids|pm|am|st|nd|rd|th|points?|pts|weeks|"
    r"late|behind|over|ahead|short|down|up|past|til|till|to|degrees|cars?|stops?|exits?|hunnid|"
    r"hundred|thousand|grand|racks?|bands?|minutos|horas|dias|d[ií]as|semanas|meses|pesos|n[ ]half|"
    r"yards|steps|seconds|secs|sec|and[ ]a[ ]half|years?[ ](?:in|clean|sober|ago|later|now|for)|"
    r"for|on|at|from|with|more|left|dis|hunned|cuadras|personas)(?!\w)",
    re.IGNORECASE,
)
"""What makes ``im 16`` a distance, a wait or a count."""
SOON = re.compile(
    r"[ ](?:in(?!\w)|on(?!\w)|soon|mon|tues|wed|thurs|fri|sat|sun|"
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|"
    r"dec|en(?!\w)|el(?!\w))(?![ ]\d|[ ]a[ ]|[ ]the[ ]bag)",
    re.IGNORECASE,
)
"""Words of time behind a birthday to come: ``turning 17 in may``."""
COUNTED = re.compile(r"[ ]([a-z'’]{2,20})", re.IGNORECASE)
PLAIN_AFTER = frozenset(
    {"and", "n", "but", "so", "now", "lol", "lmao", "bro", "bruh", "sis", "she", "he", "i",
     "im", "u", "ya", "yes", "yeah", "no", "not", "female", "male", "f", "m", "turning", "tho",
     "though", "this", "next", "when", "or", "years", "yrs", "year", "yr", "old", "still", "rn",
     "baby", "haha", "too", "already", "today", "tomorrow", "if", "who", "with", "that", "they",
     "we", "my", "her", "his", "btw", "fr", "ong", "like", "idk", "y", "pero", "damn", "girl",
     "papi", "smh", "ok", "k", "just", "dm", "hmu", "text", "call"}
)  # fmt: skip
GATE = re.compile(
    r"\d|teen|twenty|eleven|twelve|(?<!\w)ten(?!\w)|sophomore|freshm|under ?-?age|junior|senior|"
    r"menor|quince|catorce|diecis|dieci|veinte|trece|doce",
    re.IGNORECASE,
)

HAS_NUMBER, OPENS, HAS_YEARS, HAS_AGE, HAS_TURN = (1 << bit for bit in range(5))
HAS_PERSON, HAS_ANOS, HAS_TIENE, HAS_SEX, HAS_SCHOOL = (1 << bit for bit in range(5, 10))
"""What a piece of text between blanks holds that a rule asks for. Plain numbers: to join those of
ten pieces takes 1 µs, flags of an enum twenty times that."""

_OPENING = (
    r"\d|seventeen|thirteen|fourteen|eighteen|nineteen|fifteen|sixteen|eleven|twelve|twenty|dieci|"
    r"catorce|veinte|quince|trece|doce|ten"
)
SIGNS: Final = tuple(
    (sign, re.compile(pattern, re.IGNORECASE))
    for sign, pattern in (
        (HAS_NUMBER, _OPENING),
        (OPENS, rf"\A(?:{_OPENING})"),
        (HAS_YEARS, r"y(?:ea)?r|y[/.]?o\b"),
        (HAS_AGE, r"(?<!\w)(?:age|edad)"),
        (HAS_TURN, r"(?<!\w)(?:turn|bouta\Z|about\Z|cumpl)|\Acumpl"),
        (
            HAS_PERSON,
            r"(?<!\w)(?:i['’]?m|am|was|s?he(?:['’]?s)?|(?:they|you)['’]?re|u|ur|girl|daughter|"
            r"sister|son|brother|cousin|niece|nephew|kid|sis|is|are|r|b|be|like|only|just|barely|"
            r"about|almost|bout|still|really|even)\Z",
        ),
        (HAS_ANOS, r"\Aa[ñn](?:os|itos)"),
        (HAS_TIENE, r"(?<!\w)(?:tengo|tiene|ten[ií]a)"),
        (
            HAS_SEX,
            r"(?-i:\d\d/?[fFmM](?![\w.-])|(?<![\w.$-])[FM]/?\d\d"
            r"|\A/?[fFmM](?![\w.-])|(?<![\w.$-])[FM]/?\Z)",
        ),
        (
            HAS_SCHOOL,
            r"(?<!\w)(?:sophomore|freshm|(?:[789]|1[012])th(?:\Z|-)|under(?:-?age|\Z)|menor)"
            r"|\A(?:junior|senior)",
        ),
    )
)
"""Each sign and the pattern of it: what the rules below ask for, cut where they allow a blank."""

SIGNS_OF: Final = gate.Memo(
    lambda piece: sum(sign for sign, pattern in SIGNS if pattern.search(piece))
)


def signs_in(text: str) -> int:
    """Return the signs of a text that are not in vain: without a number only those of school.

    Args:
        text: any text.
    """
    held = gate.bits(SIGNS_OF, text)
    if not held & HAS_NUMBER:
        return held & HAS_SCHOOL
    if held & HAS_PERSON and not any(
        one & HAS_PERSON and two & OPENS
        for one, two in pairwise(map(SIGNS_OF.__getitem__, gate.pieces(text)))
    ):
        held &= ~HAS_PERSON  # the number follows the person, a verb or ``only`` at once
    return held & ~(HAS_NUMBER | OPENS)


class Ages:
    """Ages of people in English and Spanish.

    Finds: ``16 years old``, ``17yo``, ``16-year-old``, ``age 16``, ``turning 17``, ``im 19``,
        ``shes 16``, ``tiene 15 años``; school years and ``underage``, whose value is None.
    Does not find: dates of birth (they are dates); bare numbers; ``im 16 min away``, rooms,
        streets, heights; ages of ``18+`` notices.

    References:
        - DOMAIN R18 (ages, and the traps beside them)
    """

    name: ClassVar[str] = "ages"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[MentionKind, ...]] = (MentionKind.AGE,)

    def speaks(self, piece: str) -> bool:
        """Whether a piece between blanks is worth a look at its text."""
        return SIGNS_OF[piece] & (HAS_NUMBER | HAS_SCHOOL) != 0

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the ages in one text; the region is not needed."""
        signs = signs_in(text)
        if not signs or GATE.search(text) is None:
            return
        end = 0
        for hit in sorted(_all(text, signs), key=lambda hit: (hit.start, -hit.end)):
            if hit.start >= end:
                yield hit
                end = hit.end


def _value(surface: str) -> int | None:
    folded = numbers.fold(surface).replace("-", " ")
    if folded.isdigit():
        return int(folded)
    read = numbers.read(folded.split())
    return int(read.value) if read else None


def _hit(
    match: re.Match[str], rule: str, confidence: float, group: str = "age", low: int = 1
) -> Iterator[Hit]:
    age = _value(match[group])
    if age is None or not low <= age <= 99:
        return
    second = match.groupdict().get("second")
    start, end = match.span(group)
    if rule in ("age:years_old", "age:anos") and not (second and group == "age"):
        end = match.end()
    yield Hit(
        MentionKind.AGE, start, end, rule, value=str(age), confidence=confidence,
        detail="under 18" if age < 18 else "",
    )  # fmt: skip
    if second and group == "age":
        yield from _hit(match, rule, confidence, "second", low)


def _all(text: str, signs: int) -> Iterator[Hit]:
    """Yield the hits of every rule whose signs a text has."""
    for match in YEARS_OLD.finditer(text) if signs & HAS_YEARS else ():
        yield from _hit(match, "age:years_old", STRONG)
    for match in AGE_WORD.finditer(text) if signs & HAS_AGE else ():
        yield from _hit(match, "age:word", STRONG, low=5)
    for match in AGE_IS.finditer(text) if signs & HAS_AGE else ():
        yield from _hit(match, "age:word", LIKELY, low=5)
    for match in TURN.finditer(text) if signs & HAS_TURN else ():
        if _stands(text, match.end()) or SOON.match(text, match.end()):
            yield from _hit(match, "age:turning", STRONG, low=5)
    for match in PERSON.finditer(text) if signs & HAS_PERSON else ():
        loose = match["who"].lower() in ("she", "he", "u", "ur", "girl", "son", "kid")
        bare = loose and not match["be"]
        age = _value(match["age"]) or 0
        if not _stands(text, match.end()) or (bare and not 12 <= age <= 45):
            continue
        yield from _hit(match, "age:person", LIKELY if bare else STRONG, low=8)
    for match in SPANISH.finditer(text) if signs & HAS_ANOS else ():
        if SPANISH_CUE.search(text, max(0, match.start() - 30), match.start()):
            yield from _hit(match, "age:anos", STRONG)
    for match in SPANISH_BARE.finditer(text) if signs & HAS_TIENE else ():
        yield from _hit(match, "age:tiene", LIKELY)
    for match in SEX_AGE.finditer(text) if signs & HAS_SEX else ():
        age = int(match["age"] or match["late"])
        if 13 <= age <= 70 and not _temperature(text, match.end()):
            yield Hit(
                MentionKind.AGE, match.start(), match.end(), "age:sex", value=str(age),
                confidence=SEEN, detail="under 18" if age < 18 else "",
            )  # fmt: skip
    for match in GRADE.finditer(text) if signs & HAS_SCHOOL else ():
        word = match["word"].lower()
        years = next((GRADES[key] for key in GRADES if word.startswith(key)), "")
        detail = f"usually {years}" if years else ("under 18" if "age" in word else "")
        yield Hit(
            MentionKind.AGE, match.start(), match.end(), "age:school", confidence=LIKELY,
            detail=detail,
        )  # fmt: skip


def _temperature(text: str, end: int) -> bool:
    return text[end : end + 9].lower().startswith((" outside", " degrees", " today", "."))


def _stands(text: str, end: int) -> bool:
    """Return whether the number counts nothing: no noun or unit follows it."""
    if NOT_AGE_AFTER.match(text, end):
        return False
    word = COUNTED.match(text, end)
    return word is None or word.group(1).lower() in PLAIN_AFTER
