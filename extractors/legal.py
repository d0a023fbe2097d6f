"""Citations of statutes, rules and reported cases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from extractors import gate
from extractors.base import CERTAIN, LIKELY, STRONG, Hit
from schemas.kinds import MentionKind

SUBD = (
    r"(?:,?[ ]{0,2}subds?(?:ivisions?)?\.?[ ]{0,2}\d{1,2}[a-z]?(?:\([0-9a-z]{1,3}\)){0,4}"
    r"(?:[ ](?:and|or|&)[ ]\d{1,2}[a-z]?)?)?"
)
"""Minnesota subdivisions: ``, subd. 2(1)``."""
SECTION = r"\d{1,3}[A-Z]?\.\d{2,4}[a-z]?"
"""Chapter and section as Minnesota numbers them: 609.322, 169A.20, 13.82."""

MINNESOTA = re.compile(
    r"(?:(?:Minn(?:esota)?\.?|MN)[ ]{0,2}(?:Stat(?:utes?|s)?\.?|St\.)|M\.?S\.?A?\.?(?=[ ]?§))"
    r"[ ]{0,2}(?:Ann\.?[ ])?(?:§{1,2}|[Ss]ec(?:tion|\.)?)?[ ]{0,2}"
    rf"(?P<number>{SECTION}|(?:ch(?:apter|\.)?[ ])?\d{{1,3}}[A-Z]?(?![\d.]\d))(?P<subd>{SUBD})"
)
MARKED = re.compile(
    rf"(?:§{{1,2}}|\b(?i:sections?|sec\.|statutes?|chapter|ch\.))[ ]{{0,2}}(?P<number>{SECTION})"
    rf"(?P<subd>{SUBD})"
)
BARE = re.compile(
    rf"(?<![\w.$€£#,/-])(?P<number>(?:609|617)\.\d{{2,4}}[a-z]?|\d{{3}}[A-Z]\.\d{{2,4}})"
    rf"(?P<subd>{SUBD})(?![\w%]|[.,]\d|-\d| ?(?:dollars|bucks|USD|pesos)\b)"
)
"""Without a sign only the criminal chapters 609 and 617 and chapters with a letter, whose form
nothing else has; ``subd.`` behind any other number speaks for itself."""
SUBDIVIDED = re.compile(rf"(?<![\w.$-])(?P<number>{SECTION})(?=,?[ ]{{0,2}}subd)(?P<subd>{SUBD})")

FEDERAL = re.compile(
    r"(?<![\w.-])(?P<title>\d{1,2})[ ]{0,2}"
    r"(?P<code>U\.?[ ]?S\.?[ ]?C\.?(?:[ ]?A\.?)?|C\.?[ ]?F\.?[ ]?R\.?)"
    r"[ ]{0,2}(?:§{1,2}|[Ss]ec(?:tion|\.)?|[Pp]art)?[ ]{0,2}"
    r"(?P<number>\d{1,5}[A-Za-z]{0,2}(?:\.\d{1,4})?(?:-\d{1,3})?)(?P<tail>(?:\([0-9A-Za-z]{1,3}\)){0,4})"
)
TITLE = re.compile(
    r"\b[Tt]itle[ ](?P<title>\d{1,2}),?[ ](?:U\.?S\.?(?:[ ]Code|C\.?)?,?[ ])?[Ss]ec(?:tion|\.)[ ]"
    r"(?P<number>\d{1,5}[A-Za-z]{0,2})"
)
RULE = re.compile(
    r"(?:\b(?:Minn\.?|Minnesota|Fed(?:eral)?\.?)[ ](?:Gen\.?[ ])?R(?:ules?)?\.?[ ](?:of[ ])?"
    r"(?:Evid(?:ence)?|Crim(?:inal)?|Civ(?:il)?|Prac(?:tice)?|App)\.?(?:[ ]P(?:roc(?:edure)?)?\.?)?"
    r"|\bFRE|\bF\.R\.E\.|\bFRCP)[ ](?:[Rr]ule[ ])?(?P<number>\d{1,4}(?:\.\d{1,2})?)"
    r"(?:\([0-9A-Za-z]{1,3}\)){0,4}"
)
CASE = re.compile(
    r"(?<![\w.])(?P<volume>\d{1,4})[ ]"
    r"(?P<reporter>N\.?W\.?[ ]?2d|F\.[ ]?(?:2d|3d|4th)|F\.?[ ]Supp\.?"
    r"(?:[ ]?[23]d)?|U\.S\.|S\.[ ]?Ct\.)[ ](?P<page>\d{1,4})(?!\d)"
)
GATE = re.compile(
    r"§|609\.|617\.|\d{3}[A-Z]\.|(?i:stat|subd|section|sec\.|chapter|ch\.|title)"
    r"|U\.? ?S\.? ?C|C\.? ?F\.? ?R|M\.?S\.?A?\.? ?§|R\. |FRE|F\.R\.E|FRCP|Rule|Minn|Fed"
    r"|N\.?W\.? ?2d|F\.|U\.S\.|S\. ?Ct"
)
"""What every citation holds; a text without it is left at once."""
BEGINS = re.compile(
    r"§|609\.|617\.|\d{3}[A-Z]\.|(?i:stat|subd|section|sec\.|chapter|ch\.|title)"
    r"|[UC]|R\.|FRE|Rule|Minn|Fed|N\.?W|F\.|S\."
)
"""What of :data:`GATE` stands before the first blank in it."""
SPEAKS = gate.Memo(lambda piece: BEGINS.search(piece) is not None)


class Legal:
    """References to statutes, court rules and reported cases.

    Finds: Minnesota sections with ``Minn. Stat.``, a section sign or a subdivision; sections of
        chapters 609 and 617 on their own; U.S.C. and C.F.R. sections; rules of evidence and
        procedure; reported cases by volume and page.
    Does not find: other states' codes; bare section numbers of other chapters, which look like
        prices; names of acts and of cases without a citation.

    References:
        - Minnesota Statutes, chapters 609 and 617 (numbering); DOMAIN R10
        - The Bluebook, tables T1 and T2 (reporters, codes)
    """

    name: ClassVar[str] = "legal"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[MentionKind, ...]] = (MentionKind.LEGAL_REF,)

    def speaks(self, piece: str) -> bool:
        """Whether a piece between blanks is worth a look at its text."""
        return SPEAKS[piece]

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the citations in one text; the region is not needed."""
        if not gate.has_digit(text) or not gate.holds(SPEAKS, text) or GATE.search(text) is None:
            return
        end = 0
        for hit in sorted(_all(text), key=lambda hit: (hit.start, -hit.end)):
            if hit.start >= end:
                yield hit
                end = hit.end


def _all(text: str) -> Iterator[Hit]:
    for pattern, rule, confidence in (
        (MINNESOTA, "legal:minnesota", CERTAIN),
        (MARKED, "legal:section", STRONG),
        (SUBDIVIDED, "legal:subdivision", STRONG),
        (BARE, "legal:bare", LIKELY),
    ):
        for match in pattern.finditer(text):
            number = match["number"].removeprefix("chapter ").removeprefix("ch. ")
            subd = re.sub(r"^,? *subd\w*\.? *", "", match["subd"] or "")
            value = f"Minn. Stat. § {number}" + (f", subd. {subd}" if subd else "")
            yield _hit(match, rule, value, confidence)
    for match in FEDERAL.finditer(text):
        code = "U.S.C." if match["code"][0] == "U" else "C.F.R."
        value = f"{match['title']} {code} § {match['number']}{match['tail']}"
        yield _hit(match, "legal:federal", value, CERTAIN)
    for match in TITLE.finditer(text):
        yield _hit(match, "legal:title", f"{match['title']} U.S.C. § {match['number']}", STRONG)
    for match in RULE.finditer(text):
        yield _hit(match, "legal:rule", match.group(), STRONG)
    for match in CASE.finditer(text):
        yield _hit(match, "legal:case", match.group(), STRONG)


def _hit(match: re.Match[str], rule: str, value: str, confidence: float) -> Hit:
    return Hit(
        MentionKind.LEGAL_REF, match.start(), match.end(), rule, value=value, confidence=confidence
    )
