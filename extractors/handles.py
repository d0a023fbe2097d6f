"""User names: ``@name``, ``$tag``, a service and a name, profile addresses, pay-by-phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from extractors import gate
from extractors.base import CERTAIN, LIKELY, STRONG, Hit
from extractors.handle_services import (
    CASH_CONTEXT,
    GROUPS,
    HAS_LABEL,
    HAS_PROFILE,
    HAS_SERVICE,
    LONG_NAMES,
    NOT_A_NAME,
    ON_SERVICE,
    PROFILE,
    PROFILE_PATHS,
    SERVICE,
    SERVICE_NAME,
    SERVICE_OF_HOST,
    USER_LABEL,
    service_of,
    signs_of,
)
from extractors.name_lists import COMMON, FAMILY, GIVEN, MONIKER, OTHER, flags_of, word_flags
from extractors.normalise.name import fold
from schemas.facts import NameFacts
from schemas.kinds import AliasKind, MentionKind

AT_NAME = re.compile(
    r"(?:(?<![\w!#$%&*@＠.+/-])|(?<=\b[Rr][Tt])|(?<=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]))"
    r"[@＠](?P<name>(?>[A-Za-z0-9_]{1,40}(?:[.-][A-Za-z0-9_]{1,40}){0,4}))"
    r"(?![@＠]|://|[\u00c0-\u024f])"
)
"""The sign and the name; no e-mail address, no ``@@``, no ``@http://`` (twitter-text rules)."""

DETACHED = re.compile(
    r"(?:(?<=^)|(?<=[\n\"“”'.…:,(])|(?<=[\n\"“”'.…:,(] )|(?<=\b[Rr][Tt] )|(?<=via )"
    r"|(?P<run>(?<=[\w.…] )))"
    r"@[ ](?P<name>\d{0,15}_{0,3}[A-Za-z][A-Za-z0-9_]{1,30})(?![\w@])(?!\.\w)"
)
"""The sign set apart from its name, as tokenised exports write it: where a message or a quotation
begins, or (group ``run``) elsewhere, where it may also mean a place (``@ Tiffs``)."""

INNER_CAPITAL = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]|[\d_]")
"""What user names have and ordinary names and places have not."""

CASH_TAG = re.compile(r"(?<![\w$£€/.])\$(?P<name>[A-Za-z][A-Za-z0-9_-]{1,19})(?![\w$])")
"""Cash App: one to twenty letters, digits, ``-`` or ``_``, one of them a letter."""

STYLED = frozenset(
    (
        "lug tacks tack ave hit lut lim tar how ex exy up illy avage treet lime tock tocks tyle "
        "murf wag auce moke now piff ick ucker on ugar hawty nitch nake weet ixty even eason "
        "ummer"
    ).split()
)
"""Ends of words that are written with ``$`` for their first ``s`` (``$lug``): no tag."""

CURRENCY = frozenset(
    "usd cad aud mxn us k m b g mil bands racks grand dollars bucks xx xxx".split()
)

ADDRESSED = re.compile(
    r"(?m)^[ \t]{0,3}(?P<name>[^\W\d][\w|`^\[\]{}\\-]{1,29}|\|[\w|]{2,29})(?P<mark>[:,])[ ]"
)
"""Chat-room manner: the nick of the person spoken to at the start of the line."""

CLOCK_OR_PRICE = re.compile(
    r"\d{1,2}(?:[.:]?\d\d)?(?:am|pm|a|p|ish|hr|hrs|k|ea|each)?|\d{1,4}(?:k|ea|each)?", re.IGNORECASE
)

AMOUNT = re.compile(r"\d[\d.,]*(?:k|g|usd|ish)?", re.IGNORECASE)

PAY = re.compile(
    r"\b(?P<service>zelle|venmo|cash[ ]?app|apple[ ]?pay|paypal|chime)\b"
    r"(?:[ :,-]{1,3}(?:me|it|to|at|is|via|by|my|the|money|him|her|using|with|number|email|phone|"
    r"\$?\d{1,4}|on|=|@)\b){0,5}[ :@-]{0,3}"
    r"(?P<name>(?:\+?1[ .-]?)?\(?[2-9]\d{2}\)?[ .-]?\d{3}[ .-]?\d{4}(?!\d)"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,24}){1,3})",
    re.IGNORECASE,
)
"""Services that pay to a telephone number or an e-mail address."""

TRAILING = ".-"

SIGNS_OF = gate.Memo(signs_of)
"""What the pieces of a text tell of user names, or begin to tell."""


class Handles:
    """User names by which an account is reached.

    Finds: ``@name``; cash tags (``$juno`` beside words of payment, or where it is no styled
        word); a service and the name on it (``snap: x``, ``my ig is x``); profile addresses
        (``instagram.com/x``); telephone numbers and e-mail addresses to which one pays (Zelle
        and its like); the nick of the person spoken to at the start of a line.
    Does not find: a service named without a name; amounts (``$20``); stock symbols; the local
        part of an e-mail address; names of persons (extractors.aliases).

    References:
        - https://github.com/twitter/twitter-text (where an @name begins and ends)
        - DOMAIN 5.2, 5.4 (services and tags)
    """

    name: ClassVar[str] = "handles"
    version: ClassVar[int] = 2
    kinds: ClassVar[tuple[MentionKind, ...]] = (MentionKind.HANDLE,)

    def speaks(self, piece: str) -> bool:
        """Whether a piece between blanks is worth a look at its text."""
        return SIGNS_OF[piece] != 0

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the user names in one text; the region is not needed."""
        signs = gate.bits(SIGNS_OF, text)
        if not signs:
            return
        hits: list[Hit] = []
        covered: set[int] = set()
        for hit in _all(text, signs):
            places = range(hit.start, hit.end)
            if covered.isdisjoint(places):
                covered.update(places)
                hits.append(hit)
        yield from sorted(hits, key=lambda hit: (hit.start, hit.end))


def _all(text: str, signs: int) -> Iterator[Hit]:
    """Yield hits of every rule that the signs in the text speak for, the surer rules first."""
    service = bool(signs & HAS_SERVICE) and SERVICE.search(text) is not None
    if signs & HAS_PROFILE:
        yield from _profiles(text)
    if service:
        yield from _payees(text)
        yield from _named_services(text)
        yield from _on_services(text)
    if signs & HAS_LABEL:
        yield from _user_labels(text)
    if "$" in text:
        yield from _cash_tags(text)
    if "@" in text or "＠" in text:
        yield from _at_names(text, service)
    if ": " in text or ", " in text:
        yield from _nicks(text)


def _hit(
    start: int, end: int, rule: str, name: str, service: str | None, confidence: float = STRONG
) -> Hit:
    key = name.lower()
    return Hit(
        MentionKind.HANDLE, start, end, rule,
        value=f"{service}:{key}" if service else key, confidence=confidence,
        facts=NameFacts(key, AliasKind.HANDLE, service),
    )  # fmt: skip


def _profiles(text: str) -> Iterator[Hit]:
    for match in PROFILE.finditer(text):
        name = match["name"].rstrip(TRAILING)
        service = SERVICE_OF_HOST[match["host"].lower()]
        bare = name.lstrip("@$")
        if bare.lower() in PROFILE_PATHS or not bare:
            continue
        start = match.start("name") + (1 if name.startswith("@") else 0)
        end = match.start("name") + len(name)
        shown = name if service == "cashapp" else bare
        if service == "cashapp" and not shown.startswith("$"):
            shown = "$" + shown
        yield _hit(start, end, "handle:profile", shown, service, CERTAIN)


def _payees(text: str) -> Iterator[Hit]:
    for match in PAY.finditer(text):
        name = match["name"]
        if "@" not in name:
            digits = re.sub(r"\D", "", name)[-10:]
            name = f"+1{digits}"
        yield _hit(*match.span("name"), "handle:payee", name, service_of(match["service"]))


def _plain_word(name: str) -> bool:
    """Whether a name is an ordinary word of chat rather than a user name."""
    flags = flags_of(fold(name), word_flags())
    return bool(flags & (COMMON | OTHER)) or name.lower() in NOT_A_NAME


def _named_services(text: str) -> Iterator[Hit]:
    for match in SERVICE_NAME.finditer(text):
        name = match["name"].rstrip(TRAILING)
        raw = match["service"]
        linked = match["link"] or ""
        sign = match["sign"] or ""
        odd = any(letter.isdigit() or letter in "._-" for letter in name)
        service = service_of(raw)
        if name.lower() in NOT_A_NAME or SERVICE.fullmatch(name) or len(name) < 2:
            continue
        if re.sub(r"[-.]", "", name).isdigit() and sign != "@":
            continue  # an amount or a number: a tag has a letter
        if sign == "$" and AMOUNT.fullmatch(name):
            continue
        firm = bool(sign) or bool(linked.strip(" \t"))
        if (
            not firm
            and raw.lower() in {"signal", "line", "x", "steam", "fb", "facebook"}
            and not odd
        ):
            continue
        if not sign and _plain_word(name) and not (odd and not name.replace("-", "").isalpha()):
            # "snap me", "my ig is fire": a word is no name, unless a colon says so
            if not (":" in linked or "=" in linked or "name" in linked):
                continue
            if flags_of(fold(name), word_flags()) & COMMON and name.lower() in LONG_NAMES:
                continue
        if service in {"facebook"} and not odd and not sign:
            continue  # a display name follows: extractors.aliases
        if not firm and not odd:
            known = flags_of(fold(name), word_flags())
            if known & (GIVEN | FAMILY | MONIKER) and service not in {"cashapp", "venmo"}:
                continue
            if not match["own"] and len(name) < 5:
                continue
        start = match.start("name") - len(sign)
        end = match.start("name") + len(name)
        if sign == "$" or service == "cashapp":
            service, name = "cashapp", "$" + name
        yield _hit(start, end, "handle:service", name, service)


def _odd(name: str) -> bool:
    """Whether a name is shaped as user names are and words are not."""
    return INNER_CAPITAL.search(name) is not None or "." in name


def _on_services(text: str) -> Iterator[Hit]:
    for match in ON_SERVICE.finditer(text):
        name = match["name"]
        if _odd(name) and not CLOCK_OR_PRICE.fullmatch(name) and not name.isdigit():
            yield _hit(*match.span("name"), "handle:on", name, service_of(match["service"]))


def _user_labels(text: str) -> Iterator[Hit]:
    for match in USER_LABEL.finditer(text):
        name = match["name"]
        if (
            name.isdigit()
            or name.lower() in NOT_A_NAME
            or not (_odd(name) or not _plain_word(name))
        ):
            continue
        yield _hit(*match.span("name"), "handle:user-name", name, None)


def _cash_tags(text: str) -> Iterator[Hit]:
    tags = list(CASH_TAG.finditer(text))
    context = bool(tags) and CASH_CONTEXT.search(text) is not None
    for match in tags:
        name = match["name"].rstrip("-_")
        low = name.lower()
        if low in CURRENCY or len(name) < 2:
            continue
        if not context:
            ticker = name.isupper() and len(name) <= 5
            if (
                ticker
                or len(low) < 4
                or "_" in low
                or low in STYLED
                or _plain_word(low)
                or _plain_word("s" + low)
            ):
                continue
        elif low in STYLED or (
            not _tag_like(text, match.start())
            and _plain_word("s" + low)
            and (not name[0].isupper())
        ):
            continue
        yield _hit(
            match.start(), match.start() + 1 + len(name), "handle:cash-tag", "$" + name, "cashapp",
            STRONG if context else LIKELY,
        )  # fmt: skip


def _tag_like(text: str, start: int) -> bool:
    """Whether a word for the tag stands right before it (``tag is $lim``)."""
    return (
        re.search(
            r"(?:tag|app|handle|is|to|:|it|me|@)\s{0,2}$",
            text[max(0, start - 12) : start],
            re.IGNORECASE,
        )
        is not None
    )


def _at_names(text: str, service_near: bool) -> Iterator[Hit]:
    for match in AT_NAME.finditer(text):
        name = match["name"].rstrip(TRAILING)
        if _clock_or_price(name) or name.lower() in GROUPS:
            continue
        if (
            text[match.start() - 1 : match.start()] == "\u2068"
            and text[match.end() : match.end() + 1] == " "
        ):
            continue  # a display name of several words in isolates: extractors.aliases
        yield _hit(
            match.start(), match.start("name") + len(name), "handle:at", name,
            _service_near(text, match.start(), match.end()) if service_near else None,
        )  # fmt: skip
    for start, end in detached_names(text):
        yield _hit(start - 2, end, "handle:at-detached", text[start:end], None, LIKELY)


def detached_names(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of every name set apart from its sign (``@ kelsey_j``).

    Such a name is a user name and, as no service would read it, a person addressed by it:
    :mod:`extractors.aliases` names it too.
    """
    if "@ " not in text:
        return
    last = -9
    for match in DETACHED.finditer(text):
        name = match["name"]
        if _clock_or_price(name) or _plain_word(name):
            continue
        follows = match.start() - last <= 1
        if match["run"] is not None and not follows and not INNER_CAPITAL.search(name):
            continue
        last = match.end()
        yield match.span("name")


def _clock_or_price(name: str) -> bool:
    """Whether what follows the sign is a time, a number or a price (``@5pm``, ``@200``)."""
    return CLOCK_OR_PRICE.fullmatch(name) is not None


def _service_near(text: str, start: int, end: int) -> str | None:
    """Return the service named right after an @name, or within forty characters before it."""
    found = None
    for match in SERVICE.finditer(text, max(0, start - 40), start):
        found = service_of(match.group())
    after = re.compile(r"[ ](?:on|en)[ ]").match(text, end)
    if after is not None and (named := SERVICE.match(text, after.end())) is not None:
        return service_of(named.group())
    return found


def _nicks(text: str) -> Iterator[Hit]:
    # without a line end the only line begins with the text; to search for another costs 5 µs
    opening = None if "\n" in text else ADDRESSED.match(text)
    for match in ADDRESSED.finditer(text) if "\n" in text else (opening,) if opening else ():
        name = match["name"]
        flags = flags_of(fold(name), word_flags())
        odd = any(letter.isdigit() or letter in "_|`^[]{}\\-" for letter in name)
        if flags & (COMMON | OTHER | GIVEN | MONIKER) or len(name) < 3 or SERVICE.fullmatch(name):
            continue
        if match["mark"] == "," and not (odd or name.islower() or INNER_CAPITAL.search(name)):
            continue
        if flags & FAMILY and not name.islower():
            continue
        if (
            "-" in name
            and not any(letter.isdigit() for letter in name)
            and all(_plain_word(part) for part in name.split("-") if part)
        ):
            continue
        yield _hit(*match.span("name"), "handle:addressed", name, None, LIKELY)
