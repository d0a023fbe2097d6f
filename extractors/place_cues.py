"""What around a listed name speaks for a place, and what for a person."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from functools import cached_property

from extractors.place_types import Token, word_set

IN = word_set(
    "in near outside around inside throughout across downtown toward towards within en cerca "
    "hacia nr inn visiting visit northern southern eastern western central greater"
)
"""Words after which a name is nearly always a place."""

TO = word_set("to pa 2 too into onto til till hasta")
FROM = word_set("from frm leaving leave left desde outta")
AT = word_set(
    "at by through thru past off via for of over reach reached reaching between across hit hittin "
    "and de"
)
SPANISH_WAY = word_set("vamos voy vas va ir viaje viajar regreso llegar llego fui fue van")

MOTION = SPANISH_WAY | word_set(
    "go goin going gone goes went drive drives driving drove fly flying flew flight flights head "
    "heads headed heading move moved moving back trip bus train way otw omw ride rode travel "
    "traveling travelling traveled travelled come came coming run slide pull pulled pullin "
    "pulling takin movin drivin headin comin flyin ridin slidin rollin get gettin getting make "
    "take taking took bring bringin return returning returned down up over tour tickets ticket "
    "road close next welcome greyhound route walk walking land landed landing arrive arrived "
    "arriving off send sent ship shipped deliver brought relocate relocated relocating transfer "
    "transferred commute here there out far miles mins minutes hours hrs"
)
"""Words within three before ``to`` that make a way of it."""

HEARD = word_set(
    "text texts call calls message messages msg msgs email heard hear hearing letter gift money "
    "present something anything nothing word news love hugs kisses texted called"
)
"""Words before ``from`` that speak of a person."""

TITLES = word_set(
    "mr mrs ms miss sgt officer dr det detective judge chief deputy agent sir president senator "
    "gov governor coach señor señora don doña"
)
PERSON_BEFORE = TITLES | word_set(
    "with w wit hey hi yo hello ask asked askin tell told tellin telling call called callin text "
    "texted texting love loved miss missed dear my named aka name names cousin sister sis brother "
    "bro son daughter wife husband girlfriend boyfriend kissed dropped saw seen met meet princess "
    "its lil big uncle aunt auntie tia tio baby young thank thanks king queen saint st me her him "
    "dating pick help lady con soy llamo llama hola for let give gave owe owes paid pay like "
    "friend friends homie homegirl girl boy grover"
)
"""Words after which a name that people bear is a person."""

PERSON_AFTER = word_set(
    "said says told tells wants wanted left owes owed called calls texted is isnt was has had hit "
    "needs need coming gonna wont will would not she he her him his herself himself think thinks "
    "know knows knew answer answered asked asks up did does didnt dont can got gets going went "
    "just been be likes loves hates gave gives made makes took takes came comes stay stayed stole "
    "lied cried wasnt ain hmu im i dijo quiere es u ur you your call text please pls plz girl bro "
    "jr owe why what where when how working works sleep asleep mad sick pregnant o"
)
"""Words before which a name that people bear is a person."""

ALSO_PERSONS = word_set(
    "denver dallas houston london memphis boston cairo dublin milan sydney vegas"
)
"""Large cities, taken anywhere, that are first names or nicknames too."""

SPOKEN_TO = word_set(
    "yo hey hi tell told ask asked call called text texted cousin lil brother sister bro son "
    "daughter friend homie"
)
SPEAKS = word_set(
    "said says told tells called calls texted answer answered owes owe wants needs turned you he "
    "she her his"
)
"""Words before and after that make a person even of those."""

PLACE_AFTER = word_set(
    "area pd police airport metro suburbs suburb bound based residents resident people downtown "
    "incall outcall tour natives native fire fires wildfire flood floods coast border river bay "
    "hospital jail courthouse workhouse university uni college mall station weather streets trip "
    "region district province city town township county state"
)
"""Words before which a name is likelier a place."""

NOT_PLACE_AFTER = word_set(
    "style pizza cheesecake bridge song bible wok buffet toast nuts nut cheesesteak cheesesteaks "
    "clam chowder lettuce dressing fries muffin muffins cheese beans sausage sausages bacon tea "
    "chili wings barbecue bbq sprouts mustard steak roast cream pie cake cookies roll rolls rice "
    "coffee crab shrimp oranges peaches strip number market jersey fighter ale beer vodka poker "
    "hotdog kush og cabinet cabinets doll dolls omelet omelets omelette omelettes knit shorts stat "
    "stats dip sauce"
)
"""Words that make an adjective of a name: food and wares, and numbers of shirts."""

WARES = word_set("jersey")
"""Last words of names that in lower case are wares where what follows says for whom."""

DAYS = word_set(
    "mon tue tues wed thu thurs fri sat sun monday tuesday wednesday thursday friday saturday "
    "sunday tonight tmrw tmr tomorrow weekend next"
)
"""Words of time that follow a stop of a tour (``then superior monday``)."""

RIDES = word_set("greyhound bus train ride uber lyft megabus amtrak flight otw omw exit")
"""Words before ``from`` or ``to`` after which even an ordinary word is a town."""

CLAUSE_END = re.compile(
    r"\s*(?:$|[^\w\s'’@#-])|\s+(?:tn|tmrw|tmr|tonight|today|rn|now|then|til|till|until|w|with|for|at"
    r"|this|next|last|n|and|but|cuz|so|lol|ok|yet|area|bro|by|off|again|tho|all|every|monday|tuesday"
    r"|wednesday|thursday|friday|saturday|sunday|she|he|we|they|i|gets|leaves|near|around|mn)\b",
    re.IGNORECASE,
)
"""What follows a name that ends its clause."""

LOWER_IN = word_set("in near outside around en nr outta")
"""Words after which a town that is an ordinary word is taken in lower case."""

ORDINARY_IN = word_set(
    "surprise orange paradise independence enterprise centennial sparks plantation vista corona"
)
"""Large towns whose names follow ``in`` as ordinary words."""

DIRECTIONS = word_set(
    "north south east west n s e w northeast northwest southeast southwest ne nw se sw upper "
    "lower northern southern eastern western central downtown uptown greater inner rural mid "
    "whole entire"
)
OPENERS = word_set("the and but is was are this that today tonight now when where i rt")
"""Words that are capitalised for opening a sentence, not as part of a name."""

SENTENCE_END = re.compile(r"[.!?\n:;\"“”‘(\[*•|-]\s*$")


class Case:
    """Whether capitals tell anything in a text; judged when a capital is met."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        """Take a text and its words.

        Args:
            text: the text.
            tokens: its words.
        """
        self._text = text
        self._sample = tokens[:200]
        self.venues: Container[int] = ()
        """Ends of the hotels in the text."""

    @cached_property
    def is_shouted(self) -> bool:
        """Whether most of the first words are written in capitals."""
        full = sum(
            self._text[token.start : token.end].isupper()
            for token in self._sample
            if token.end - token.start > 1
        )
        return len(self._sample) > 2 and full > 0.6 * len(self._sample)

    @cached_property
    def is_telling(self) -> bool:
        """Whether a capital tells: most words are written without."""
        upper = sum(self._text[token.start].isupper() for token in self._sample)
        return not self.is_shouted and upper < 0.7 * len(self._sample)


def opens_sentence(text: str, start: int) -> bool:
    """Whether a word at an offset is capitalised anyway."""
    return start == 0 or SENTENCE_END.search(text[max(0, start - 4) : start]) is not None


def is_tight(gap: str) -> bool:
    """Whether nothing but a blank, a dot or a hashtag sign parts two words."""
    return len(gap) <= 2 and not gap.strip(" .#“\"'")


def way_points(tokens: Sequence[Token], first: int) -> float:
    """Return the points of the words before a name that make a place of it.

    3 for ``in``, and for ``to`` after a verb of motion; 2 for ``from`` unless of a message; 1 for
    words that go with places and persons alike.
    """
    word = tokens[first - 1].key
    if word == "the" and first > 1:
        first -= 1
        word = tokens[first - 1].key
    earlier = {token.key for token in tokens[max(0, first - 4) : first - 1]}
    before = tokens[first - 2].key if first > 1 else ""
    if word in DIRECTIONS and before in IN | TO | FROM:
        return 2.5
    if word in IN or (word == "is" and before == "far"):
        return 3
    if word in TO:
        return 1 if earlier.isdisjoint(MOTION) and before != "been" else 3
    if word == "a":
        return 0 if earlier.isdisjoint(SPANISH_WAY) else 3
    if word in FROM:
        return 2 if earlier.isdisjoint(HEARD) else 1
    if word == "of" and before in DIRECTIONS:
        return 3
    return 1 if word in AT else 0


def is_lower_town(text: str, tokens: Sequence[Token], first: int, end: int) -> bool:
    """Whether the words around a town that is an ordinary word make it a town in lower case.

    ``in crystal tn``, ``greyhound from crystal gets in``; not ``in crystal clear water``.
    """
    word = tokens[first - 1].key if first else ""
    earlier = {token.key for token in tokens[max(0, first - 4) : max(0, first - 1)]}
    is_way = word in LOWER_IN or (word in TO | FROM and not earlier.isdisjoint(RIDES))
    return is_way and CLAUSE_END.match(text, end) is not None


def tour_points(before: Token | None, after: Token | None) -> float:
    """Return the points of ``then`` before a name and a day after it: stops of a tour."""
    return float(before is not None and before.key == "then") + float(
        after is not None and after.key in DAYS
    )


def person_points(
    text: str, before: Token | None, after: Token | None, start: int, end: int, way: float
) -> float:
    """Return what speaks for a person or a brand, as points below zero.

    Args:
        text: the text.
        before: the word before the name, when nothing parts them.
        after: the word after it, likewise.
        start: where the name begins.
        end: where it ends.
        way: points of the words before it as of a place.
    """
    loss = 0.0
    no_way = way < 2
    if before and no_way and before.key in PERSON_BEFORE:
        loss -= 3
    if after and no_way and after.key in PERSON_AFTER:
        loss -= 3
    capital = text[start].isupper()
    if before and capital and _is_name_before(text, before, start):
        loss -= 2
    if after and capital and not text[start:end].isupper() and _is_name_after(text, after, end):
        loss -= 2
    if text[end : end + 2] in ("'s", "’s"):
        loss -= 1
    return loss


def is_spoken_of(key: str, before: Token | None, after: Token | None) -> bool:
    """Whether a large city's name is a person's here (``yo houston``, ``denver called``)."""
    if key not in ALSO_PERSONS:
        return False
    return bool((before and before.key in SPOKEN_TO) or (after and after.key in SPEAKS))


def _is_name_before(text: str, before: Token, start: int) -> bool:
    known = IN | TO | FROM | AT | DIRECTIONS | OPENERS
    return (
        text[before.start].isupper() and text[before.end : start] == " " and before.key not in known
    )


def _is_name_after(text: str, after: Token, end: int) -> bool:
    return (
        text[after.start].isupper()
        and text[end : after.start] == " "
        and after.key not in PLACE_AFTER
    )
