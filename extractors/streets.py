"""What names of streets are made of: types, directions, and streets known by name."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from extractors.place_types import word_set

TYPES_FREE = (
    "avenue|ave|av|avenues|aves|boulevard|blvd|boulevards|parkway|pkwy|pkway|expressway|expy"
    "|freeway|frwy|turnpike|tpke|street|streets|str|st"
)
"""Street types that make a street of the word before them, in lower case too."""

TYPES_ORDINARY = (
    "road|rd|drive|dr|lane|ln|way|court|ct|place|pl|circle|cir|terrace|terr|ter|trail|trl|highway"
    "|hwy|square|sq|alley|aly|plaza|row|loop|pike|bypass|crescent|cres|close|bend|pass"
)
"""Street types that are ordinary words: name and type must be capitalised."""

TYPES_RARE = (
    "run|path|park|mall|commons|common|crossing|xing|point|pt|ridge|view|walk|cove|hill"
    "|heights|hts|landing|grove|mews|gardens|estates|overlook|causeway|trace"
)
"""Street types that only follow a house number (USPS Publication 28, appendix C1)."""

TYPES = f"{TYPES_FREE}|{TYPES_ORDINARY}|{TYPES_RARE}"

WORDLIKE = frozenset(f"{TYPES_ORDINARY}|{TYPES_RARE}|st".split("|"))
"""Types that need more of an address around them when the name is in lower case."""

DIRECTION = (
    r"(?:northeast|northwest|southeast|southwest|north|south|east|west"
    r"|[ns]\.?\s?[ew](?![\w])|[nsew](?![\w]))"
)

NOT_TYPE = re.compile(
    r"\s(?:safe|safely|careful|carefully|slow|thru|of[ ]broken[ ]dreams"
    r"|me\b|us\b|him\b|her\b|home\b)",
    re.IGNORECASE,
)
"""What makes a verb of ``drive`` or ``pass``, and a song of ``boulevard``."""

FILL = word_set(
    "a an the my your ur his her our their this that these those some any every each same other "
    "another which what whats no one two both up down on off in at by to from of or over across "
    "along near around walk walking live lives crazy real it is was be ya da tha street ave out "
    "all open hot good bad own even per plus for with hit work works until till into like just "
    "got get see find through thru they them about s t re ll ve im i me you he she we u use "
    "closed n and il ill called then than so but if when where who how wrong right whole nice "
    "busy dead people persons bucks dollars min mins minutes hour hours hr hrs day days night "
    "nights week weeks month months year years am pm lbs pounds girls guys times more miles mile "
    "blocks rooms room tickets games things text texts missed likes kids ppl grams dates are "
    "because game percent points point years yr yrs item items page pages way"
)
"""Words that are no part of a street's name."""

ROAD_FILL = FILL | word_set(
    "side cross back next first last main dark long short quiet high wall cold live level district "
    "supreme county federal juvenile drug family traffic superior appeals circuit criminal food "
    "google hard flash disk test blood toy data"
)
"""The same where no house number stands before: ``main street`` may be any."""

SAINTS = word_set(
    "paul louis cloud pauls patrick patricks michael francis petersburg peter joseph mary marys "
    "john johns james jude lucia kitts vincent thomas anthony germain croix augustine george "
    "charles catherine helens helena albans andrews bernard nicholas nick ives lawrence clair "
    "cyr pierre martin anne ann"
)
"""Names before which ``st`` is saint, not street."""


@cache
def known_streets() -> dict[str, bool]:
    """Return known street names; True for those hardly used for anything else."""
    file = resources.files("extractors") / "data" / "places_streets.tsv"
    rows = (line.split("\t") for line in file.read_text("utf-8").splitlines() if line[0] != "#")
    return {name: plain == "1" for name, plain in rows}


@cache
def street_words() -> frozenset[str]:
    """Return the words one of which stands in every street or crossing without a digit."""
    types = f"{TYPES_FREE}|{TYPES_ORDINARY}".split("|")
    cues = "corner intersection crossing crossroads calle avenida carretera autopista bulevar"
    return frozenset([*types, *cues.split(), "streets", "exit"])


@cache
def crossing_words() -> frozenset[str]:
    """Return the last words of known street names."""
    return frozenset(name.split()[-1] for name in known_streets())


def is_saint(text: str, end: int) -> bool:
    """Whether the ``st`` that ends at an offset is a saint's."""
    after = re.match(r"\.?\s?([^\W\d_]+)", text[end : end + 20])
    return after is not None and after[1].lower() in SAINTS
