"""Terms of role and kinship: words for what a person is to somebody, never a name by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from extractors.base import LIKELY, SEEN, STRONG, Hit
from extractors.gate import Memo, holds
from schemas.kinds import MentionKind

READINGS = {
    "daddy": "what a controller may be called; father, partner",
    "papi": "what a controller may be called; everyday Spanish for father, partner, friend",
    "papa": "father",
    "mami": "everyday Spanish for mother, partner, friend",
    "mama": "mother",
    "boyfriend": "partner",
    "girlfriend": "partner",
    "husband": "spouse",
    "wifey": "one of several under one controller; spouse, partner",
    "wife": "spouse",
    "wife-in-law": "another under the same controller; relative",
    "sister wife": "another under the same controller; family",
    "baby mama": "mother of a child",
    "baby daddy": "father of a child",
    "boss": "what a controller may be called; employer",
    "manager": "what a controller may be called; employer",
    "pimp": "controller; joke or song",
    "madam": "controller; polite address",
    "bottom": "person set over others while herself controlled; ordinary word",
    "stable": "those under one controller; ordinary word",
    "family": "those under one controller; relatives",
    "john": "buyer; a given name",
    "trick": "buyer; ordinary word",
    "date": "buyer or meeting; romance",
    "client": "buyer; customer of any business",
    "hobbyist": "buyer; person with a hobby",
    "monger": "buyer",
    "the life": "the subculture; ordinary words",
    "the game": "the subculture; sport",
    "renegade": "person without a controller; ordinary word",
    "police": "police",
    "uncle": "police; relative",
}
"""Term and the readings that published glossaries and daily life give it (DOMAIN 5.1)."""


def _beside(term: str, before: str = "", after: str = "") -> str:
    """Return a pattern for a term after one of some words, or before one of them.

    Args:
        term: pattern of the term.
        before: words, separated by ``|``, one of which must come before it.
        after: words, separated by ``|``, one of which must follow.
    """
    follows = rf"(?= (?:{after})\b)" if after else ""
    if not before:
        return term + follows
    return "|".join(rf"(?<=\b{word} ){term}{follows}" for word in before.split("|"))


_NO_BOTTOM = r"(?! (?:line|of|half|lip|teeth|floor|shelf|drawer|dollar|bunk|row|right|left))"

PATTERNS: tuple[tuple[str, str, float], ...] = (
    ("daddy", r"(?:big |sugar )?dadd(?:y{1,9}|ies|i)|zaddy|suga daddy", LIKELY),
    ("papi", r"pap(?:ito|i{1,9}|y)", LIKELY),
    ("mami", r"mam(?:ita|acita|i{1,9})", LIKELY),
    ("papa", r"pap[aá]s?(?! (?:john|murphy))", SEEN),
    ("baby mama", r"bab(?:y|ies) ?m[ao]mm?as?|bm(?=[ .,!?]|$)", LIKELY),
    ("baby daddy", r"bab(?:y|ies) ?dadd(?:y|ies)|bd(?=[ .,!?]|$)", LIKELY),
    ("mama", r"ma{1,9}ma{1,9}s?", SEEN),
    ("boyfriend", r"boy ?friends?|bf|novios?", LIKELY),
    ("girlfriend", r"girl ?friends?|gf|novias?", LIKELY),
    ("husband", r"husbands?|hubb(?:y|ies)|esposos?|marido", LIKELY),
    ("wifey", r"wife(?:y{1,9}s?|ies)|wifies", LIKELY),
    ("wife-in-law", r"(?:wife|wives|wifey)[ -]?i?n[ -]?laws?", STRONG),
    ("sister wife", r"sis(?:ter)?[ -]?(?:wife|wives|wifey)", STRONG),
    ("wife", r"wife|wives|esposas?", SEEN),
    ("boss", r"boss(?:es|man)?|jefes?|jefas?|patr[oó]n", SEEN),
    ("manager", r"managers?|gerente", SEEN),
    ("pimp", r"pimps?|p1mp|padrotes?", STRONG),
    ("madam", r"madams?|madrota", LIKELY),
    (
        "bottom",
        r"(?:(?:my|his|her|the|ur|your|a|our|main|new) )?bottom (?:bitch|girl|bih|b|chick|hoe)\b|"
        + _beside(
            rf"bottom{_NO_BOTTOM}",
            "my|his|she the|she his|she's the|she's his|im the|im his|i'm the|i'm his|shes the|"
            "shes his|she is the|she is his|was the|was his|be the|be his|being the|being his",
        ),
        LIKELY,
    ),
    ("stable", r"stablemates?|" + _beside("stable", "my|his|whole"), LIKELY),
    ("family", _beside("folks", "his|my|new|our"), SEEN),
    (
        "john",
        _beside("johns?", "the|this|that|a", "who|pay|paid|came|comin|want|wants|said")
        + "|"
        + _beside("johns", "the|of|these|them|some|no|more")
        + "|"
        + _beside("johns", "", "pay|be|comin|want|came|on|who|are|r|gonna"),
        LIKELY,
    ),
    (
        "trick",
        _beside("tricks?", "the|this|that|my|a", "paid|left|said|wants|want|came|didnt|wont|for")
        + "|"
        + _beside("tricks", "them|these|turn|turning|turnin|of|more|no"),
        LIKELY,
    ),
    (
        "date",
        _beside("date", "got a|have a|had a|another", "at|for|in|wit|now|rn|comin|@|lined")
        + "|"
        + _beside("dates?", "my|a|her", "paid|left|here|said|came|wants|want")
        + "|(?:in|out)call dates?|"
        + _beside("dates", "more|doin|doing|many|no|some"),
        SEEN,
    ),
    ("hobbyist", r"hobbyists?", SEEN),
    ("monger", r"mongers?|mongering", LIKELY),
    (
        "the life",
        r"(?<=\bin )the life(?! (?:of|insurance|cycle|i|we|you|that))|la vida(?= galante)",
        LIKELY,
    ),
    ("the game", _beside("the game", "in|to", "now|since|too|again|long|baby"), SEEN),
    ("renegade", r"renegades?|renegadin|renegading", LIKELY),
    (
        "police",
        r"LEOs?|" + _beside("LE", "", "check|out|around|on|posted|everywhere") + "|"
        + _beside(r"LE(?!\w)", "you|u|no|are|not") + "|"
        + _beside("12", "", "out|deep|everywhere|posted|comin"),
        LIKELY,
    ),
)  # fmt: skip
"""Term, what is written for it, and how much that says."""

KEY = re.compile(
    r"(?<!\w)(?:(?:bab(?:y|ies))?(?:dadd(?:y+|ies|i)|m[ao]mm?as?)|zaddy|pap(?:ito|i+|y|[aá]s?)|bm|bd|"
    r"mam(?:ita|acita|i+)|ma+ma+s?|(?:boy|girl)?friends?|bf|gf|novi[oa]s?|husbands?|hubb(?:y|ies)|"
    r"espos[oa]s?|marido|(?:sis(?:ter)?)?(?:wife|wives)\w*|wifies|boss(?:es|man)?|jef[ea]s?|"
    r"patr[oó]n|managers?|gerente|pimps?|p1mp|padrotes?|madams?|madrota|bottom|stable(?:mates?)?|"
    r"folks|johns?|tricks?|dates?|hobbyists?|monger(?:s|ing)?|life|vida|game|"
    r"renegad(?:es?|in|ing)|(?-i:LE(?:Os?)?)|12)(?!\w)",
    re.IGNORECASE,
)
"""A word without blanks that every hit has, whole: a piece of the text that holds it must be there.
``LE`` in other letters is never a hit (:data:`CASED`)."""

KEYS: Final = Memo(lambda piece: KEY.search(piece) is not None)

ROLE = re.compile(
    r"(?<![\w@#$'’-])(?:"
    + "|".join(f"(?P<r{index}>{pattern})" for index, (_, pattern, _) in enumerate(PATTERNS))
    + r")(?![\w-])(?!['’][^\Ws])",
    re.IGNORECASE,
)

CASED = frozenset({"police"})
"""Terms that only capitals tell from ordinary words (``LE``)."""

KIN = frozenset(
    [
        "daddy",
        "papi",
        "mami",
        "papa",
        "mama",
        "baby mama",
        "baby daddy",
        "boyfriend",
        "girlfriend",
        "husband",
        "wifey",
        "wife",
        "sister wife",
        "wife-in-law",
        "family",
    ]
)
"""Terms whose null hypothesis is the family (R13)."""

ASSERTED = frozenset(
    ["daddy", "papi", "wifey", "boss", "bottom", "manager", "wife-in-law", "sister wife", "pimp"]
)
"""Terms at which a person should look when money or orders stand beside them."""

TITLE_FOR = re.compile(r" (?P<next>[^\W\d_][\w'’-]*)")
"""A name right after a kin term makes a moniker of both (``Papa Kel``)."""

FAMILY_CUES = re.compile(
    r"\b(?:birthday|bday|father'?s day|mother'?s day|thanksgiving|christmas|dinner|church|grill|"
    r"cook(?:ing|in|ed)?|hospital|funeral|wedding|school|kids|son|daughter|grand(?:ma|pa|kids|son)|"
    r"cumplea[nñ]os|navidad|abuel[ao]|hij[ao]s?|famil(?:y|ia)|home|house|soccer|game|teacher|proud)\b",
    re.IGNORECASE,
)
"""Words beside which the family reading is likely (R13: it is the null hypothesis)."""

ORDER_CUES = re.compile(
    r"\b(?:quota|turn(?:ed)? (?:it )?in|bring (?:him|me|back|it)|money|cash|\d{2,4}|track|date|"
    r"room|telly|motel|hotel|said (?:bring|go|get|post|work)|mad|rules|choose|chose|posted|ad)\b",
    re.IGNORECASE,
)
"""Words of money and orders beside which a person should look."""


class Roles:
    """Role and kin terms: what a person is called by what he or she is to somebody.

    Finds: the terms of DOMAIN 5.1 and their spellings in English and Spanish: daddy, papi, mami,
        papa, wifey, wife-in-law, boyfriend, boss, manager, bottom (with a word that makes it a
        person), john, trick, date (beside words of meeting for pay), the life, LE.
    Does not find: who is meant; a role (people assert roles, never this tool); the terms inside
        a moniker (``Papa Kel`` is a name: extractors.aliases); plain kin words that no glossary
        lists (mom, cousin).

    A term states no role. ``detail`` gives every reading, the innocent one too, and ``review``
    asks a person to look only where words of money or orders stand beside it and none of family.

    References:
        - DOMAIN 5.1 and R13 (published glossaries and their innocent readings)
    """

    name: ClassVar[str] = "roles"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[MentionKind, ...]] = (MentionKind.ROLE_TERM,)

    def speaks(self, piece: str) -> bool:
        """Whether a piece between blanks is worth a look at its text."""
        return KEYS[piece]

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the role and kin terms in one text; the region is not needed."""
        if not holds(KEYS, text):
            return
        for match in ROLE.finditer(text):
            index = int((match.lastgroup or "r0")[1:])
            term, _, confidence = PATTERNS[index]
            if term in CASED and match.group() not in {"LE", "LEO", "LEOs", "12"}:
                continue
            if term in {"papa", "papi", "mama", "daddy", "boss", "wife"} and _is_title(text, match):
                continue
            yield _hit(text, match, term, confidence)


def _is_title(text: str, match: re.Match[str]) -> bool:
    """Whether a capitalised name follows a capitalised term: then both are a moniker."""
    after = TITLE_FOR.match(text, match.end())
    return (
        after is not None
        and after["next"][0].isupper()
        and not after["next"].isupper()
        and match.group()[0].isupper()
    )


def _hit(text: str, match: re.Match[str], term: str, confidence: float) -> Hit:
    around = text[max(0, match.start() - 80) : match.end() + 80]
    family = FAMILY_CUES.search(around) is not None
    order = ORDER_CUES.search(around) is not None
    if term in KIN and (family or not order):
        reading = "ambiguous=family"
    else:
        reading = "ambiguous=role" if order and not family else "ambiguous=other"
    return Hit(
        MentionKind.ROLE_TERM, match.start(), match.end(), f"role:{term.replace(' ', '-')}",
        value=term, confidence=confidence, detail=f"{reading}; readings: {READINGS[term]}",
        review="role_term_referent" if order and not family and term in ASSERTED else None,
    )  # fmt: skip
