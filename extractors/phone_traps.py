"""What looks like a telephone number and is not; and the words that say what a number is.

All patterns read the folded view (:mod:`extractors.fold`): lower case, ASCII digits.
"""

from __future__ import annotations

import re
from itertools import pairwise

from extractors import gate

MASK = "\x00"
"""Stands for every character of a trap, so that no pattern reads over it and places stay."""

URL = (
    r"(?:https?|ftp)://\S{1,2000}|\bwww\.\S{1,2000}"
    r"|\b(?:[a-z0-9-]{1,63}\.){1,4}(?:com|net|org|io|me|us|co|gov|edu|info|ly|gg|tv|uk|mx|ca)"
    r"/\S{0,2000}"
    r"|\b(?=[a-z0-9-]{0,62}[a-z])[a-z0-9-]{1,63}\.(?:com|net|org|biz|info|gov|edu)\b"
)
_UNIT = (
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|cero|uno|dos|tres|cuatro|cinco|seis"
    "|siete|ocho|nueve"
)
SPOKEN = (
    rf"(?:{_UNIT}|\w{{2,4}}enta|\w{{3,5}}ty)[ ,.-]{{1,2}}(?:{_UNIT}|y|\w{{2,4}}enta|\w{{3,5}}ty)\b"
)
"""Two number words after a mark: ``#six one two`` begins a number, no tag."""
EMAIL = r"[\w.+%-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}\b"
HANDLE = rf"(?<![\w@])[@$#](?=[a-z_])(?!{SPOKEN})[\w.]{{1,40}}"
IP = r"(?<![\d.+-])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)|\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b"
UUID = r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
DATE = (
    r"(?<!\d)(?<!\d[-/.])(?:(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:[12]\d|3[01]|0?[1-9])"
    r"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:19|20)?\d\d)"
    r"(?!\d|[-/.]\d)(?:[ t,]{1,2}\d{1,2}:\d\d)?"
    r"|\b(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])[ t_-]?(?=\d\d:?\d\d)(?:\d\d:?){2,3}"
)
CLOCK = r"(?<![\d:])\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?![\d:])(?: ?[ap]\.?m\b)?"
COORDINATE = (
    r"(?<![\d.])[-+]?(?:1[0-8]\d|\d{1,2})\.\d{3,15}[°, nsew]{1,4}[-+]?(?:1[0-8]\d"
    r"|\d{1,2})\.\d{3,15}"
    r"(?![\d.])|(?<![\d.+])-?(?:1[0-8]\d|\d{1,2})\.\d{5,15}(?![\d.])|(?<![\d.+])\d{1,9}\.\d{8,20}"
)
MONEY = (
    r"[$£€¥] ?\d[\d,.]{0,15}(?:-\d[\d-]{0,15})?(?:k\b)?"
    r"|(?<![\d.,-])\d[\d.,-]{0,15}[$£€¥%](?!\w)"
    r"|(?<![\d,])\d{1,3}(?:,\d{3}){1,4}(?![\d]|,\d)(?:\.\d{1,6})?"
)
SSN = r"(?<![\d+])(?<!\d[-. ])\d{3}(?P<ssn>[- ])\d\d(?P=ssn)\d{4}(?!\d|[- ]\d)"
CARD = (
    r"(?<![\d+])(?<!\d[-. ])(?:\d{4}(?P<four>[-. ])\d{4}(?P=four)\d{4}(?P=four)\d{1,7}"
    r"|3\d{3}(?P<amex>[-. ])\d{6}(?P=amex)\d{5}"
    r"|3\d\d(?P<three>[-. ])\d{4}(?P=three)\d{5}(?P=three)\d{3})(?!\d)"
)
"""4-4-4-4, and American Express 4-6-5 and 3-4-5-3."""
TRACKING = r"\b1z(?: ?[0-9a-z]){16}\b|\b9[1-5]\d\d(?: ?\d{4}){4}(?: ?\d\d)?\b"
"""UPS; postal service."""
STATUTE = (
    r"(?:§{1,2}|\bstat(?:s|ute|utes)?\b\.?|\bsubd(?:ivision)?\b\.?|\bu\.?s\.?c\b\.?"
    r"|\bsec(?:tion)?\b\.?)"
    r" ?(?:§{1,2} ?)?(?!\(?[2-9]\d\d\)?[-. ]{0,2}\d{3}[-. ]?\d{4}(?!\d))"
    r"\d{1,4}[a-z]?(?:\.\d{1,4})?(?:(?:, | and | & |-)\d{3}\.\d{1,4})*"
    r"|(?<![\d.])\d{3}[a-z]?\.\d{2,4}(?=,? (?:subd|sub\.|subs|\())"
)
LONG = r"(?<![\d+])(?!00|011)\d{15,}|\d{19,}"
"""E.164 allows 15 digits; provider ids have 15 to 17, an IMEI 15, an ICCID 19 or 20."""
LABELLED = (
    r"\b(?:order|tracking|track|invoice|inv|confirmation|conf|reservation|booking|ref|reference"
    r"|case|account|acct|acc|routing|iban|card|visa|mastercard|amex|discover|ssn"
    r"|social security|social|imei|iccid|esn|meid|serial|isbn(?:-1[03])?|upc|ean|sku|item|asin|bug"
    r"|ticket|issue|pin|zip(?: ?code)?|postcode|member|membership|policy|licen[sc]e|dl|vin|badge"
    r"|id|uid|uuid|msg|pid|(?<!area )(?<!country )code|passport|dob|cuenta|conta(?: bancaria)?"
    r"|tarjeta|pedido|folio"
    r"|referencia|factura|nhc|nass|cipa|episodio|expediente|historia|dni|nif|nie|curp|rfc"
    r"|colegiado|omb|medicare|inmate|booking|docket|warrant|block|build|version|rev|commit"
    r"|lot|batch|part|model|pnr|coupon|voucher|lottery|score)"
    r"(?: ?(?:numbers?|numero|no\.?|num|nbr|ids?|id|code|card|n[°o]))?"
    r"(?: ?[:#=]{1,2} ?| (?:is|was|es) |(?<=r)s? |(?<=no) |(?<=o\.) |#|(?<=[a-z]) (?=\d{7}))"
    r" ?(?:american express |visa |mastercard |discover )?#?"
    r"(?![2-9]\d\d[-. ]\d{3}[-. ]\d{4}(?!\d)|\+"
    r"|\()[a-z]{0,3}[-\d]{0,3}\d[\d-]{2,40}(?: ?\d{2,5}){0,5}(?![\d-])"
)
"""A word that says the digits are something else; a number in the shape 3-3-4 keeps its chance."""
STRONG_LABEL = (
    r"\b(?:ssn|social security(?: number)?|social|credit card(?: number)?|card number|isbn|imei"
    r"|iccid|routing(?: number)?|account number|acct number|tracking(?: number)?"
    r"|order (?:number|#)|(?:sku|upc|serial|part|model|lot)(?: (?:number|no\.?))?"
    r"|numero de (?:cuenta|tarjeta|pedido))"
    r"(?: ?[:#=]{1,2} ?| (?:is|was|es) | )(?=[\d])[\d -]{6,40}\d"
)
HASH = (
    r"(?<![\w#] )(?<![\w#])#(?!1?[2-9]\d\d[2-9]\d{6}(?!\d))\d{5,}"
    r"|(?<!\w)(?![\doilsbz]{3}-[\doilsbz]{3}-[\doilsbz]{4}\b)"
    r"[a-z]{1,3}\d?-\d{3,}(?:-[a-z0-9]+)+(?![a-z0-9])"
)
"""``#20011``: a ticket. ``t005-23-1007-sw``: a part."""
PATH = r"(?<!\S)[~.]{0,2}/(?:[\w.+-]{1,80}/)[\w./+-]{0,400}"

_LABELS = (
    r"\b(?:order|track|inv|conf|reserv|book|ref|case|ac|rout|iban|card|visa|master|amex|discover"
    r"|ssn|social|credit|imei|iccid|esn|meid|serial|isbn|upc|ean|sku|item|asin|bug|ticket|issue"
    r"|pin|zip|post|member|policy|licen|dl|vin|badge|id|uid|uuid|msg|pid|code|pass|dob|cuenta"
    r"|conta|tarjeta|pedido|folio|fact|nhc|nass|cipa|epi|exp|hist|dni|nif|nie|curp|rfc|coleg|omb"
    r"|medicare|inmate|docket|warrant|block|build|ver|rev|commit|lot|batch|part|model|pnr|coupon"
    r"|voucher|score|numero)"
)
TRAPS = (
    (URL, r"://|\bwww\.|\.(?:com|net|org|io|me|us|co|gov|edu|info|biz|ly|gg|tv|uk|mx|ca)"),
    (EMAIL, "@"),
    (HANDLE, "[@$#][a-z_]"),
    (UUID, "[0-9a-f]{8}-"),
    (IP, r"\d\.\d{1,3}\.\d|[0-9a-f]{2}[:-][0-9a-f]{2}[:-]"),
    (SSN, r"\d{3}-\d\d-\d{4}|\A\d\d\Z"),
    (CARD, r"\d{4}[-.]\d{4}[-.]\d{4}|3\d{3}[-.]\d{6}|3\d\d[-.]\d{4}|\A\d{4}\Z|\A\d{6}\Z"),
    (TRACKING, r"\b1z|\b9[1-5]\d\d"),
    (STATUTE, r"§|\bstat|\bsubd|\bu\.?s\.?c\b|\bsec|\d{3}[a-z]?\.\d\d"),
    (STRONG_LABEL, _LABELS),
    (LABELLED, _LABELS),
    (DATE, r"\d[-/.]\d{1,2}[-/.]\d|(?:19|20)\d{6}"),
    (CLOCK, r"\d:\d\d"),
    (COORDINATE, r"\d\.\d{3}"),
    (MONEY, r"[$£€¥%]|\d,\d{3}"),
    (HASH, r"#\d{5}|[a-z]\d?-\d{3,}-"),
    (PATH, r"\A[~.]{0,2}/[\w.+-]"),
    (LONG, r"\d{15}"),
)
"""Traps, those that are taken first where two begin at one place first; each with what a piece of
its text between blanks holds. Eighteen patterns tried at every place took 100 µs a message; few
messages hold what more than two of them need."""
_TRAPS = tuple((1 << bit, bit, re.compile(trap)) for bit, (trap, _) in enumerate(TRAPS))
_SIGNS = tuple((1 << bit, re.compile(sign)) for bit, (_, sign) in enumerate(TRAPS))
_TOLD = gate.Memo(lambda piece: sum(bit for bit, sign in _SIGNS if sign.search(piece)))

CUE = re.compile(
    r"(?:\b(?:phones?|tels?|tele(?:phone|fono?)?|cell(?:phone|ular)?|celu?|cel|mobiles?|mob|movil"
    r"|call(?:s|ed|ing)?|c all|txt|text(?:ed|ing)?|texts|sms|msg|whats ?app|whatsap|wsp|wapp|dial"
    r"|ring|rang|reach|contact|fax|hmu|hit (?:me|my line|em|her|him)|hml|line|digits|ph|pager|beep"
    r"|octel|direct|office|home|work|toll ?free|freephone|llam[ae]\w{0,4}|marca\w{0,2}|mandame"
    r"|habla\w{0,4}|numero|num|nums|numbers?|nr|no\.|imo|facetime|imessage|zelle|viber|signal"
    r"|telegram|kik|wa|burner|trap(?: ?phone)?|jack|hu|wac|telefone|fone|telefoon|handy|hotline"
    r"|\w{0,3}line|helpline|tty)\b"
    r"|my #|# ?(?:is|:)|#:|☎|📞|📱|📲|☏|फोन|मोबाइल|電話|电话|手机|전화|телефон"
    r"|тел)"
)
"""Words before a telephone number, in the languages of the seeds and the common ones of ads."""
OTHER_CUE = re.compile(
    r"\b(?:ssn|social(?: security)?|card|visa|account|acct|routing|order|tracking|confirmation"
    r"|conf|pin"
    r"|(?<!area )(?<!country )code|id|serial|case|invoice|isbn|imei|zip|cuenta|tarjeta|pedido"
    r"|folio|password|passcode|pw|pwd|promo|coupon|vin|plate|wifi|key|part|model|sku|ref|tag)"
    r"(?: ?(?:number|num|no\.?|numero|#))?(?: is| was| es|'s| ends in| ending in)?[ :#=]{0,3}$"
)
"""Words right before digits that are something else than a telephone number."""
ALONE = 80
"""Marks and blanks around a number that is the message."""
CUE_BEFORE = 40
"""Characters before a number in which a cue speaks for it: ``my phone number has changed, its``."""
CUE_AFTER = re.compile(
    r"[\s,.)-]{0,3}(?:\(?(?:cell|mobile|office|home|work|fax|phone|tel)\b|(?:is|thats|es) (?:my"
    r"|mi|her|his"
    r"|the)\b.{0,12}\b(?:number|cell|phone|#|line|numero))"
)

UNIT = re.compile(
    r"^(?:k|min|mins|minutes?|hrs?|hours?|h|hh|qv|ss|usd|dollars?|bucks?|roses?|donations?"
    r"|miles?|mi|km|mph|ft|feet|lbs?|kg|g"
    r"|grams?|oz|years?|yrs?|yo|days?|weeks?|wks?|months?|am|pm|percent|people|ppl|girls?|guys?"
    r"|men|women|pages?|points?|pts"
    r"|times?|x|mb|gb|kb|bytes?|hz|mhz|ghz|bands?|racks?|pesos?|euros?|pounds?|cents?|degrees?"
    r"|st|nd"
    r"|rd|th|ave|street|rm|room|apt|unit|mil|grand|stacks?|dias?|horas?|anos?|personas?|in|inch"
    r"|inches|px|lines?|files?|packages?)\b"
)
"""What is counted: a number before such a word is a quantity."""

_COUNTING = """
    rm room apt unit age aged im hes shes hes turn turns turned bus route exit hwy highway gate
    floor suite bldg lot for about like around than owe owes owed pay pays paid cost costs charge
    charges got only until til till by since before after under over almost nearly least most
    minus weigh weighs bet won lost score win pts take gimme giv gave has have had need want wants
    code pin case order step day days week page chapter grade level size channel i95 interstate
    bring bringing sold sell sells buy bought made make spent spend
"""
COUNTING = frozenset(_COUNTING.split())
"""Words right before digits that count, pay, date or number something."""


_Place = tuple[int, int, int, re.Pattern[str]]


def _from(text: str, at: int, place: _Place) -> _Place | None:
    """Return a trap's next place from a character on, looked for only if its last one is past."""
    start, rank, _, trap = place
    if start >= at:
        return place
    match = trap.search(text, at)
    return None if match is None else (match.start(), rank, match.end(), trap)


def mask(text: str) -> str:
    """Blank what is certainly something else than a telephone number.

    Args:
        text: folded text.

    Returns:
        Text of equal length in which every trap is :data:`MASK` all through.
    """
    told = gate.bits(_TOLD, text)
    if not told:
        return text
    found = [
        (match.start(), rank, match.end(), trap)
        for bit, rank, trap in _TRAPS
        if told & bit and (match := trap.search(text))
    ]
    parts: list[str] = []
    at = 0
    while found:
        start, _, end, _ = min(found)
        parts += [text[at:start], MASK * (end - start)]
        at = end
        found = [one for place in found if (one := _from(text, at, place))]
    return "".join([*parts, text[at:]]) if parts else text


def has_cue(text: str, start: int, end: int) -> bool:
    """Whether a word near the span says that it is a telephone number.

    Args:
        text: folded text.
        start: first character of the number.
        end: one past its last.
    """
    before = text[max(0, start - CUE_BEFORE) : start]
    return CUE.search(before) is not None or CUE_AFTER.match(text, end) is not None


def is_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing but marks and blanks stands around the span: the message is the number."""
    around = text[:start] + text[end:] if len(text) - (end - start) <= ALONE else MASK
    return not any(char.isalnum() or char == MASK for char in around)


def is_word(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit touches the span."""
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


LADDER = frozenset({1, 2, 5, 10, 20, 25, 50, 100})
"""Steps in which people count or lay out prices."""


def is_counting(values: list[int]) -> bool:
    """Whether numbers go up or down by the same step, as in counting or a price ladder.

    Args:
        values: the numbers in their order.
    """
    if len(values) < 4:
        return False
    steps = {b - a for a, b in pairwise(values)}
    return len(steps) == 1 and abs(min(steps)) in LADDER


def is_round(runs: list[str]) -> bool:
    """Whether every group ends in 0, as prices do: ``200 300 4000``."""
    return len(runs) >= 3 and all(run[-1] == "0" for run in runs)


def has_card_check(digits: str) -> bool:
    """Whether the digits are a payment card's: 13 to 19, a known first digit, Luhn (ISO 7812)."""
    if not 13 <= len(digits) <= 19 or digits[0] not in "23456":
        return False
    total = 0
    for place, char in enumerate(reversed(digits)):
        double = int(char) * (1 + place % 2)
        total += double - 9 if double > 9 else double
    return total % 10 == 0
