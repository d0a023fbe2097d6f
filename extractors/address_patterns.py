"""The shapes of addresses: house number and street, boxes, blocks, foreign order, units."""

from __future__ import annotations

import re

from extractors.place_types import word_set
from extractors.streets import DIRECTION, SAINTS, TYPES

START = r"(?<![\w$€£#./:-])"
NUMBER = (
    r"(?P<no>\d{1,6}(?:-\d{1,5})?(?:[ ]?(?:½|1/2))?(?!st|nd|rd|th)[a-zA-Z]?(?!\w)"
    r"|[NSEW]\d{2,3}[ ]?[NSEW]\d{3,5}|[NSEW]\d{3,5})"
)
"""A house number, a range, or a grid number of Wisconsin and northern Illinois."""

AFTER_TYPE = "street|st|avenue|ave|road|rd|drive|dr|lane|ln|blvd|boulevard|court|ct|pkwy|parkway"
"""Types before which another is part of the name: ``Maple Hill Road``."""

SAINT_NAMES = "|".join(sorted(SAINTS))
"""Names before which ``st`` begins the city: ``12 Elm Lane St Paul``."""

NAME = r"(?:\d{1,3}(?:st|nd|rd|th)|[^\W\d_][\w'’-]{0,24}\.?)"

ADDRESS = re.compile(
    START + NUMBER + rf",?[ ]{{1,2}}(?:(?P<dir>{DIRECTION})\.?[ ]{{1,2}})?"
    rf"(?P<name>{NAME}(?:[ ]{{1,2}}{NAME}){{0,3}}?)[ ]{{1,2}}"
    rf"(?P<type>{TYPES})(?![\w'’]|[ ](?:{AFTER_TYPE})(?!\w)(?!\.?[ ](?:{SAINT_NAMES})(?!\w)))\.?"
    rf"(?P<post>,?[ ]{{1,2}}{DIRECTION}(?![\w'’])\.?)?",
    re.IGNORECASE,
)
"""House number, direction, name of one to four words, street type, direction."""

AVENUE_OF = re.compile(
    START + r"\d{1,5}[ ](?:ave(?:nue)?\.?|rue|via|camino|el[ ]camino|calle)[ ]"
    r"(?:of[ ](?:the[ ])?[A-Z]\w{2,20}|(?-i:[A-Z](?!\w))"
    r"|(?:de[ ])?(?-i:[A-Z])\w{2,20}(?:[ ](?-i:[A-Z])\w{2,20})?)",
    re.IGNORECASE,
)
"""``1999 Avenue of the Stars``, ``10810 Ave. H``."""

UNTYPED = re.compile(
    START + rf"(?P<no>\d{{2,5}})[ ]{{1,2}}(?P<dir>{DIRECTION})\.?[ ]{{1,2}}"
    r"(?P<name>\d{1,3}(?:st|nd|rd|th)|\d{2,5}(?=[ ](?:north|south|east|west|[nsew])\b)"
    r"|[^\W\d_][\w'’-]{2,20})(?:[ ](?P<post>north|south|east|west|[ns][ew]?"
    r"|[ew])(?!\w))?(?![\w'’])",
    re.IGNORECASE,
)
"""``2415 w broadway``, ``2901 East 3300 South``: a number, a direction and a name."""

QUADRANT = re.compile(
    START + r"\d{1,5}(?:[ ][A-Z][\w'’]{1,20}){1,3},?[ ](?:N\.?E|N\.?W|S\.?E|S\.?W)\.?(?!\w)"
)
"""``28 Lullwater, NE``: a quadrant of a city stands only after a street."""

KNOWN = re.compile(
    START
    + r"(?P<no>\d{3,5})[ ]{1,2}(?P<name>[^\W\d_]{4,14})(?:[ ](?P<post>[ns][ew]?|[ew]))?(?![\w'’])",
    re.IGNORECASE,
)
"""``1515 park``: a number and a known street name."""

WITH_UNIT = re.compile(
    START + r"\d{1,6},?[ ](?:[^\W_][\w.'’-]{0,24}[ ]){1,5}?(?:\d{1,5}[a-z]?\.?[ ])?,?\s{0,3}"
    r"(?:apt|apartment|suite|ste|unit)\.?[ ]{0,2}\#?[ ]?\d{1,5}[a-z]?(?!\w)",
    re.IGNORECASE,
)
"""A number and a name that a flat or suite follows, whatever the street's type."""

HIGHWAY = re.compile(
    START + rf"(?P<no>\d{{1,6}})[ ]{{1,2}}(?:{DIRECTION}\.?[ ])?"
    r"(?:(?:old|us|u\.s\.|state|county|co|cty|mn|wi|fm|al|tx)\.?[ ])?"
    r"(?:highway|hwy|route|rte|rt|road|rd|county[ ]road|co[ ]rd|cr|csah|fm|spur|sr|us)\.?[ ]"
    rf"(?:no\.?[ ])?\#?(?:\d{{1,4}}|(?-i:[A-Z]{{1,2}}))(?!\w)(?:[ ]{DIRECTION}(?!\w))?",
    re.IGNORECASE,
)
BLOCK = re.compile(
    r"(?<![\w$])\d{1,3}00[ ]block(?:[ ]of)?[ ][^\W_][\w.'’-]{0,20}(?:[ ][^\W_][\w.'’-]{0,20}){0,2}?"
    rf"(?:[ ](?:{TYPES})(?!\w)\.?(?:[ ][nsew]{{1,2}}(?!\w))?|(?=[\s,.!?;]|$))",
    re.IGNORECASE,
)
BOX = re.compile(
    r"(?<!\w)(?:(?:p\.?[ ]?o\.?[ ]?(?:box|bx)|pob|post(?:al)?[ ](?:office[ ])?box"
    r"|apartado(?:[ ]postal)?"
    r"|apdo\.?|casilla(?:[ ]de[ ]correo)?)[ ]?(?:no\.?[ ]?|\#[ ]?)?\d{1,7}(?!\w)"
    r"|(?:(?:hcr?|rr|r\.[ ]?r\.|psc|cmr|star[ ]r(?:ou)?te|rural[ ]route"
    r"|unit)[ ]?\#?[ ]?\w{0,6},?[ ]{0,2}|route[ ])"
    r"box[ ]?\#?[ ]?\d{1,6}\w?(?:,?\s{1,3}[FAD]PO,?\s{1,3}A[AEP],?\s{1,3}\d{5})?)",
    re.IGNORECASE,
)
"""Post boxes, rural routes and military boxes (USPS Publication 28, sections 22 to 28)."""

MILITARY = re.compile(
    r"(?<!\w)(?:(?:USNS|USS|USNV"
    r"|USCGC)\s\w{2,20}\s{1,3})?[FAD]PO,?\s{1,3}A[AEP],?\s{1,3}\d{5}(?!\d)"
)

FOREIGN = re.compile(
    r"(?<!\w)(?:\d{1,6},?[ ])?(?:(?:calle|avenida|avda\.?|carrera|cra\.?|rua|travessa|rue|ulica"
    r"|ul\.)[ ]"
    r"(?:(?:de|del|la|las|los|el|da|do|dos|des|du|le|les|san|santa)[ ]){0,3}"
    r"|(?-i:Av\.|Paseo|Plaza|Camino|Avenue|Boulevard|Chemin|Via|Viale|Piazza|Corso|Cl\.|C/|Strada"
    r"|Largo|Quai)[ ]"
    r"(?:(?:de|del|la|las|los|el|da|do|di|du|della|le|les|san|santa)[ ]){0,3}(?=(?-i:[A-Z])))"
    r"[^\W_][\w'’.-]{0,24}(?:[ ][^\W\d_][\w'’.-]{1,24}){0,3}?(?:,[ ]?|[ ]?\#[ ]?|[ ](?:no\.?[ ]?"
    r"|n°[ ]?)?)"
    r"\d{1,5}[\w-]{0,5}(?:[ ]?-[ ]?\d{1,3})?(?!\w)",
    re.IGNORECASE,
)
"""Romance order: type, name, number."""

GERMANIC = re.compile(
    r"(?<!\w)(?:\d{1,6}[ ](?=[^\W\d_]{4}))?(?:[^\W\d_][\w.'’-]{1,20}"
    r"[ ]){0,2}?(?:[^\W\d_][\w-]{2,28}"
    r"(?:stra(?:ss|ß)e|str\.|gasse|platz|weg|allee|damm|ufer|gatan|vägen|vagen|gränd|gade|vej"
    r"|vejen|"
    r"veien|vænget|toften|vollen|straat|laan|plein|katu|kuja|tie|polku|vegur|utca|stræde|stræti"
    r"|braut|götu)"
    r"|[^\W\d_][\w-]{2,20}[ -](?:utca|út|tér|körút|ulice|gasse|strasse|straße|weg|allee"
    r"|u\.))[ ]\d{1,4}[a-z]?(?!\w)",
    re.IGNORECASE,
)
"""Germanic, Nordic and Hungarian order: the type ends the name, the number follows."""

POSTCODE = (
    r"(?:[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]?\s\d[ABD-HJLNP-UW-Z]{2}"
    r"|[ABCEGHJ-NPRSTVXY]\d[A-Z]\s?\d[A-Z]\d)(?!\w)"
)
"""Post codes of the United Kingdom and Canada, which only an address holds."""

POSTCODE_ONLY = re.compile(
    r"(?<!\w)" + POSTCODE + r"(?:,?[ ](?:UK|United[ ]Kingdom|England|Canada|GB)(?!\w))?"
)
LINE_WORD = re.compile(r"(?:[A-Z][\w'’.-]{0,24}|\d{1,4}[a-zA-Z]?(?:-\d{1,4})?|of|the|upon|on|le),?")
"""A word of the lines before a post code."""

GERMANIC_ENDS = tuple(
    sorted(
        word_set(
            "strasse straße str. gasse platz weg allee damm ufer gatan vägen vagen gränd gade vej "
            "vejen veien vænget toften vollen straat laan plein katu kuja tie polku vegur utca út "
            "tér körút ulice stræde stræti braut götu u."
        )
    )
)
"""Ends one of which stands before the number in every :data:`GERMANIC` address."""

STATED = re.compile(
    r"\b(?:address(?:[ ]is|:|[ ]was)?|lives?[ ]at|living[ ]at|located[ ]at|resid(?:es|ing)[ ]at|"
    r"restaurant[ ]is[ ]at|house[ ]is[ ]at|come[ ]to|pull[ ]up[ ]to|drops?[ ](?:you|me)[ ]off[ ]at"
    r"|delivered?[ ]to|"
    r"vivo[ ]en|direcci[oó]n(?:[ ]es|:)?)[ ]{1,2}"
    r"(?P<address>\d{3,6}[ ](?!(?:am|pm|dollars|bucks|people|min|miles"
    r"|hours)\b)[^\W\d_][^\n,;!?:@/]{2,40}?"
    r"(?=[\n,;!?.]|$|[ ](?:and|if|for|when|by|n|b4|before|after|at|with|w|its|it|the)\b))",
    re.IGNORECASE,
)
"""What is said to be an address and begins with a house number of three digits."""

UNIT = re.compile(
    r"[,\s]{0,3}(?:[-–]\s?)?(?:(?:apartment|apt|unit|suite|ste|room|rm|floor|flr|fl|bldg|building|"
    r"trlr|trailer|lot|dept|spc|space|depto|piso|apto|upper|lower|bsmt)(?!\w)\.?[ ]?(?:no\.?[ ]?)?"
    r"(?:\#[ ]?)?(?!and\b|in\b|on\b|at\b|off\b)[\w-]{0,6}(?!\w)|\#[ ]?\w{1,6}(?!\w)"
    r"|\d{1,3}(?:st|nd|rd|th)[ ](?:floor|flr|fl)(?!\w)\.?)",
    re.IGNORECASE,
)
"""Unit after a street (USPS Publication 28, appendix C2)."""

ZIP = re.compile(
    r"[,\s]{1,3}\d{5}(?:-\d{4})?(?![\w-])(?:,?[ ](?:United[ ]States|USA|U\.S\.A\.?|US)(?!\w))?"
)
TAIL_POSTCODE = re.compile(r"[,\s]{1,3}" + POSTCODE)
"""Post code after a city."""

LINES = re.compile(
    r"(?:[ ]{0,3}\n[> ,]{0,8}[^\W_][^\n.!?;:@]{0,38}){0,4}?[ ]{0,3}\n[> ,]{0,8}[^\n.!?;:@]{0,30}?"
    r"(?:(?<!\d)\d{4,6}(?:-\d{4})?|" + POSTCODE + r"|(?<!\w)[A-Z]{2}[ ]\d{5})(?=[\s.,?!]|$)"
)
"""The further lines of an address block, the last with a post code."""
