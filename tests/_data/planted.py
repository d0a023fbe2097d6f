"""Made-up protected persons, their secrets in all near forms, and a return in which these stand."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

P = '<div class="p"></div>'
NAMES = [
    ("Zarabeth", "Quillmont"), ("Tovik", "Ambrelund"), ("Mirasol", "Vantorre"),
    ("Ysolde", "Kettering"), ("Juno", "Lakewright"), ("Brannoch", "O'Tierney"),
    ("Hope", "Ferrowick"), ("Xiadani", "Solverano"), ("Ikaika", "Pellingham"),
    ("Wrenna", "Dustow"), ("Oluchi", "Grantholm"), ("Peregrine", "Yazbeckian"),
]  # fmt: skip
AREAS = ("651", "612", "763", "952", "218", "320", "507", "515", "319", "715", "608", "605")
STREETS = (
    "Larkspur Avenue", "Tamarind Street", "Old Quarry Road", "Bellwether Lane", "Foxglove Drive",
    "Juniper Boulevard", "Hollowell Court", "Marchbank Place", "Sandpiper Circle",
    "Thistledown Terrace", "Wexcombe Trail", "Ironbark Parkway",
)  # fmt: skip
SHORT = {
    "Avenue": "ave", "Street": "St.", "Road": "rd", "Lane": "Ln", "Drive": "Dr", "Place": "Pl",
    "Boulevard": "blvd", "Court": "ct", "Circle": "Cir", "Terrace": "Ter", "Trail": "Trl",
    "Parkway": "pkwy",
}  # fmt: skip
WORDS = "zero one two three four five six seven eight nine".split()
SIGNS = re.compile(r"[\W_]+")
ASCII_SIGNS = bytes(n for n in range(128) if SIGNS.fullmatch(chr(n)))
"""The same among the first 128 characters: of bytes they are taken out thirty times as fast."""
LEET = str.maketrans("aeiosAEIOS", "4310543105")


@dataclass(frozen=True)
class Person:
    """One of the list."""

    number: int
    given: str
    family: str

    @property
    def phone(self) -> str:
        return f"{AREAS[self.number]}55501{10 + 7 * self.number:02d}"

    @property
    def handle(self) -> str:
        return f"wexlorb{self.number}qz"

    @property
    def mail(self) -> str:
        return f"moonbeam{self.number}.vk@example.com"

    @property
    def street(self) -> str:
        return f"{1200 + 31 * self.number} {STREETS[self.number]}"

    @property
    def account(self) -> str:
        return f"1000{self.number:02d}777000123"

    def entries(self) -> list[tuple[str, str, str]]:
        """Rows of the list: value, kind, label."""
        label = f"{self.family} file"
        return [
            (f"{self.given} {self.family}", "name", label), (self.phone, "phone", label),
            (f"@{self.handle}", "handle", label), (self.mail, "email", label),
            (f"{self.street} Apt 4, Maplewood, MN 55109", "address", label),
            (self.account, "account", label),
        ]  # fmt: skip

    def forms(self) -> list[tuple[str, str]]:
        """Return secrets as they are written, and the words around each (``{}``)."""
        g, f = self.given, self.family
        plain = "".join(filter(str.isalpha, f))
        a, b, c = self.phone[:3], self.phone[3:6], self.phone[6:]
        digits = (
            f"({a}) {b}-{c}", f"{a}.{b}.{c}", " ".join(self.phone), f"{a}…{b}…{c}",
            "".join(f"{d}\ufe0f\u20e3" for d in self.phone),
            self.phone.translate({48 + n: 0xFF10 + n for n in range(10)}),
        )[self.number % 6]  # fmt: skip
        number, street, kind = (
            self.street.partition(" ")[0],
            *self.street.split(" ", 1)[1].rsplit(" ", 1),
        )
        return [
            (f"{g} {f}", "ask {} tomorrow"),
            (f"{f}, {g}", "form says {} 😀"),
            (f"{g.lower()} m. {f.lower()}", "{} is new"),
            (" ".join(f"{g}{plain}"), "spell it {} ok"),
            (".".join(g), "its {} again"),
            (f"{f}'s", "at {} place"),
            ("\u200b".join(g) + "\u2060 " + f, "hey {}"),
            ("".join(x + "\u0301" for x in g) + f" {f.upper()}", "si {} ya"),
            (f"{g}_{plain}".translate(LEET), "add {} plz"),
            (f"@{g.lower()}.{plain.lower()}09", "insta {} lol"),
            (f"{g[0].lower()}{plain.lower()}7@example.net", "mail {} now"),
            (digits, "call {} 2nite"),
            (" ".join(WORDS[int(d)] for d in self.phone), "num {} ok"),
            (f"{b}-{c}", "or just {} here"),
            (f"{number} {street} {SHORT[kind]}", "stays at {} w her aunt"),
            (f"https://social.example/{g.lower()}%20{plain.lower()}?x=1", "see {} hm"),
            (f"$ {self.handle}", "cash {} pls"),
            (self.mail, "write {} there"),
        ]


PEOPLE = [Person(number, *names) for number, names in enumerate(NAMES)]


def squeezed(text: str) -> str:
    """Fold a text without anything of the tool: escapes, case, accents and signs out."""
    once = html.unescape(unquote(text))
    text = once if once == text else html.unescape(unquote(once))
    if text.isascii():
        return text.lower().encode().translate(None, ASCII_SIGNS).decode()
    return SIGNS.sub("", unicodedata.normalize("NFKD", text).casefold())


def secrets() -> list[str]:
    """Return what must not be found: each planted form, squeezed, with what tells it from chance.

    A form that is short or a common word by itself is looked for with the words around it.
    """
    found = []
    for person in PEOPLE:
        for form, around in person.forms():
            alone = squeezed(form)
            short = len(alone) < 7 or alone == "hope"
            found.append(squeezed(around.format(form)) if short else alone)
        found += [squeezed(person.account), squeezed(f"{person.given}{person.family}")]
    return list(dict.fromkeys(found))


def found_in(texts: Iterable[tuple[str, str]], wanted: Iterable[str]) -> dict[str, str]:
    """Return which of the wanted stand in some texts, each with the name of the first that has it."""
    left, hits = set(wanted), {}
    seen = set()
    for name, text in texts:
        if text in seen:  # most bytes say the same in two codes, or in two files
            continue
        seen.add(text)
        plain = squeezed(text)
        for secret in [secret for secret in left if secret in plain]:
            hits[secret] = name
            left.discard(secret)
    return hits


def _leaf(label: str, *lines: str, inner: str = "") -> str:
    shown = "".join(html.escape(line) + P for line in lines)
    return (
        f'<div class="t o"><div class="t i">{label}<div class="m"><div>{shown}{inner}'
        "</div></div></div></div>"
    )


def page() -> bytes:
    """Write a business record that holds the secrets in every kind of field."""
    target = "Basil Thornquist (Facebook: 900000000000001)"
    threads = ""
    for person in PEOPLE:
        name = f"{person.given} {person.family}"
        them = f"{name} (Facebook: {person.account})"
        said = ""
        for minute, (form, around) in enumerate(person.forms()):
            author = them if minute % 5 == 0 else target
            said += _leaf("Author", author)
            said += _leaf("Sent", f"2024-03-{person.number + 1:02d} 12:{minute:02d}:00 UTC")
            said += _leaf("Body", around.format(form)) + P
        file = f"linked_media/photo_{person.given.lower()}_{person.number}.jpg"
        said += _leaf("Author", target) + _leaf("Sent", "2024-04-01 08:00:00 UTC")
        said += _leaf("Body", "look") + _leaf(
            "Attachments", f"image-{person.number}", inner=_leaf("Type", "image/jpeg")
            + _leaf("URL", f"https://cdn.example/{person.family.lower()}_1.jpg")
            + _leaf("Linked Media File:", file),
        ) + P  # fmt: skip
        members = _leaf("Current Participants", "2024-01-01 00:00:00 UTC", target, them)
        titled = _leaf("Thread Name", f"{person.given} & co")
        threads += _leaf("Thread", f"(77000{person.number})", inner=members + titled + said) + P
    emails = [person.mail for person in PEOPLE[:3]]
    parts = [
        "<html><head><title>Meta Platforms Business Record</title></head><body>"
        '<div class="records_output" id="records">'
        '<div id="page_1" class="pageBreak">Meta Platforms Business Record Page 1</div>',
        '<div id="property-request_parameters" class="content-pane">',
        _leaf("Service", "Facebook"), _leaf("Target", "900000000000001"), "</div>",
        f'<div id="property-emails" class="content-pane">{P}'
        f"{_leaf('Registered Email Addresses', *emails)}{P}</div>",
        f'<div id="property-vanity" class="content-pane">{P}'
        f"{_leaf('Vanity Name', 'peregrine.yazbeckian.2')}{P}</div>",
        f'<div id="property-phone_numbers" class="content-pane">{P}'
        f"{_leaf('Phone Numbers', '+1' + PEOPLE[4].phone)}{P}</div>",
        f'<div id="property-unified_messages" class="content-pane">{P}',
        _leaf("Unified Messages", inner=threads),
        f"{P}</div></div></body></html>",
    ]  # fmt: skip
    return "".join(parts).encode()


def members() -> dict[str, bytes]:
    """Return the members of the return: the record, and files whose names give somebody away."""
    files = {f"linked_media/photo_{p.given.lower()}_{p.number}.jpg": b"\xff\xd8" for p in PEOPLE}
    return {"records.html": page(), **files, "zarabeth quillmont notes.jpg": b"\xff\xd8\xff"}


def as_csv() -> str:
    """Return the list of protected persons."""
    rows = [row for person in PEOPLE for row in person.entries()]
    return "value,kind,label\n" + "".join(f'"{v}",{k},"{label}"\n' for v, k, label in rows)
