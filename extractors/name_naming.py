"""Contexts that hardly anything but a name stands in: introductions, calls, questions, errands.

Written for this project from how chat is written (DOMAIN 5.2, 5.6). In such a place nearly any word
is a name; the words that are none anywhere (closed classes, times, kin alone) never come here,
as :func:`extractors.name_chunks.chunk_at` makes no chunk of them.
"""

from __future__ import annotations

from extractors.name_contexts import AND, CLAUSE_END, Sides, inner_start
from extractors.name_cues import ADJECTIVES, BELONGINGS, CALENDAR, KIN, NOT_EXPLICIT, NOUNS, VERBS
from extractors.name_lists import COMMON, GIVEN, MONIKER, PLACE
from extractors.name_parts import Chunk, capital
from extractors.name_tokens import LOWER, UPPER, Sentence, Token


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


OURS = _set("ur your ya yo yr tu u my the da")
BEARERS = _set("girl boy homegirl homeboy friend bestie cousin amiga amigo homie sis bro gurl boi")
IS = _set("is iz was es")
THIS = _set("this dis diz thats that dat its it's soy i'm im")
OPENS = _set(
    "save hit call text txt hmu lmk from new my i got get can wats whats what's who this the w "
    "wit with n and at la el tu de need pick open lemme let u yo dont don't out send"
)
"""What follows an introduction."""

WHO = _set("who whos who's whose quien")
TO_WHOM = _set(
    "invited invite invitin told brought picked blocked unblocked facetimed facetime dmed dm'd "
    "texted txted text txt messaged messagin msgd snapped called calling callin pinged remind "
    "reminded thank"
)
"""Verbs whose object is a person."""

KNOW = _set("know kno knoe knows knew meet met mean remember rmbr conoces conoce")
ASKED = _set("is was did does didnt didn't can has will isnt isn't wasnt ain't aint r iz")
STATES = _set(
    "coming comin w wit with home there here awake gonna gon going goin goin' still ready "
    "single pregnant mad ok okay good alright dead locked out outside asleep workin working "
    "leaving leavin comming up over sick trippin trippn driving drivin joking serious "
    "bringing bringin staying stayin tryna finna textin texting callin calling on"
)
"""What one asks or says of a person."""

DONE = _set(
    "pulled lets let's owe owes drove invited called texted snuck ghosted ghostin blocked snitched "
    "rode walked showed dropped borrowed promised asked told said sed says cussed lied quit posted "
    "tagged fell threw slapped hugged kissed hates knows thinks likes wants wanna needa begged "
    "yelled screamed cried laughed apologized answered replied forgot texts calls"
)
"""What a person did: after a word without an article it makes a name of the word."""

MAY = _set(
    "be hasnt hasn't doesnt doesn't wont won't aint ain't cant can't didnt didn't wasnt isnt finna "
    "tryna gotta gon gonna boutta bouta stay stays keeps kept"
)
"""The same after a listed name only: machines and programs will and won't, too."""

ME = _set("me us him her my his u ur them our you your")
GIVES = _set(
    "took take gave give sent send hit owe owes paid pay got get brought bring told left bought "
    "stole lent showed made make save saved picked dropped drove help helped let kept saw seen met "
    "lost asked needs wants miss misses love loves hate hates texted called invited blocked fixed "
    "broke cooked mailed sold used wore ate borrowed"
)
"""With a person for their object (``took my shoes``), persons do them."""

DOING = _set(
    "driving doing sleeping calling texting crying cooking studying sitting waiting talking "
    "walking watching cleaning shoveling mowing moving shopping dancing drinking eating "
    "smoking praying packing painting lying acting tripping yelling fighting laughing looking "
    "bringing getting making taking trying asking telling hiding saying posting visiting "
    "wearing staying babysitting graduating snoring drivin doin sleepin callin textin cryin "
    "cookin studyin sittin waitin talkin walkin watchin cleanin shovelin movin shoppin dancin "
    "drinkin eatin smokin packin lyin actin trippin yellin fightin laughin lookin bringin "
    "gettin makin takin tryin askin tellin hidin sayin postin visitin wearin stayin"
)
"""What only persons are busy with."""

HANDS = _set(
    "give gave gives giving send sent bring brought take took hand talk talked talkin talking "
    "spoke speak listen belongs belong show sell sold lend lent return lied married spoken "
    "say said owed dile dale diles dijo dije debo debe deben dejo llama llame marca marcale "
    "busca manda mandale preguntale conoces visitar visito vi viste doy das di dio cuento "
    "digo avisa avisale"
)
"""With ``to`` (Spanish ``a``) some words later, they lead to a person."""

SOURCES = _set("got get bought heard hear borrowed borrow stole cop copped hearin hearing")
"""With ``from`` some words later they lead to a person."""

ASK_FOR = _set("ask asks asked askin asking lookin looking pregunta preguntar pregunte preguntas")
COMES = _set("call calls comes come texts text asks ask says hits shows wants answers leaves")
WHATS = _set("whats what's wats wuts what")
ABOUT = _set("doing doin sayin saying up number name last problem deal issue ig snap insta on plan")
ENDS = _set(
    "at rn on in again n and to today if when bout about cuz bc first now y en que for since by "
    "back that this last from w wit with was is up here there before b4 after until til till i she "
    "he they"
)
"""What may follow a person who has been named in full."""

WEATHER = _set("rain snow storm summer winter spring autumn sun ice hail wind dinner lunch")

NOT_PERSONS = _set(
    "people everyone god jesus allah mom dad mama papa daddy mommy police cops security"
) | frozenset({"next", "there", "that", "this"})


PERSONS = KIN | _set("kid woman lady chick gurl bitch nigga person teen man student client worker")


class _Near:
    """The words beside a chunk in its clause, nearest first; made once they are needed."""

    __slots__ = ("left", "right")

    def __init__(self, sentence: Sentence, chunk: Chunk) -> None:
        tokens = sentence.tokens
        self.left: list[str] = []
        for index in range(chunk.first, max(0, chunk.first - 7), -1):
            if CLAUSE_END.search(tokens[index].gap) is not None:
                break
            self.left.append(tokens[index - 1].word)
        self.right: list[str] = []
        for index in range(chunk.last + 1, min(len(tokens), chunk.last + 4)):
            if CLAUSE_END.search(tokens[index].gap) is not None:
                break
            self.right.append(tokens[index].word)
        self.left += ["", "", ""]
        self.right += ["", "", ""]


def naming(sentence: Sentence, chunk: Chunk, sides: Sides, *, mass: bool) -> str | None:
    """Return the rule of the naming context that a chunk stands in, or None.

    Args:
        sentence: all words of the text.
        chunk: the words that may be a name.
        sides: what stands beside them.
        mass: the chunk is the name of a thing one has, eats or sees.
    """
    tokens = sentence.tokens
    first = tokens[chunk.first]
    single = chunk.first == chunk.last
    if single and (first.word in NOT_PERSONS or first.word in NOUNS):
        return None
    near = _Near(sentence, chunk)
    verb = first.word in VERBS and first.shape == LOWER
    listed = bool(first.flags & (GIVEN | MONIKER)) or not single
    listed = listed or (capital(sentence, first) and first.shape != UPPER)
    place = bool(first.flags & PLACE) and single
    odd = not listed and (len(first.word) < 3 or first.word in NOT_EXPLICIT)
    if odd:
        return None
    return (
        _introduced(near, sides, listed=listed, verb=verb, mass=mass)
        or _questioned(sentence, chunk, near, sides, listed=listed, mass=mass, place=place)
        or _addressee(sentence, first, near, sides, listed=listed, place=place, mass=mass)
        or _subject(sentence, chunk, near, sides, listed=listed, mass=mass, verb=verb)
        or _card(sentence, chunk, sides, listed=listed, mass=mass)
    )


def _introduced(near: _Near, sides: Sides, *, listed: bool, verb: bool, mass: bool) -> str | None:
    """``its ur girl X``, ``this is X from the gym``, ``dis X hit me back``, ``that was X``."""
    one, two, three = near.left[:3]
    right = sides.right
    if one in BEARERS and two in OURS and (three in THIS or three in IS):
        return "alias:introduced"
    if one in IS and two in {"this", "dis", "diz", "that", "dat", "thats", "esta", "este"}:
        if sides.ends:
            # "this is fire", "that was luck": a lone word nobody lists tells how it is
            return (
                "alias:introduced" if listed and not mass and not verb and two != "that" else None
            )
        if right in {"from", "n", "and", "new", "my", "hmu", "lmk", "w", "wit"} or (
            right in {"on", "callin", "calling", "textin", "texting"} and two in {"that", "thats"}
        ):
            return "alias:introduced" if not verb else None
        return None
    if (
        one in {"this", "dis", "diz"}
        and not two
        and right in {"save", "hit", "hmu", "call", "text"}
    ):
        return "alias:introduced" if listed else None
    if one in {"its", "it's"} and listed and right in {"this", "my", "dis", "save", "hmu", "new"}:
        if right in {"this", "dis"} and near.right[1] not in {"my", "is", "the", "ur", "new"}:
            return None
        return "alias:introduced" if not mass else None
    if one == "soy" and (sides.ends or right in OPENS) and listed:
        return "alias:introduced"
    if one in {"its", "it's", "is"} and two in {"think", "name", "believe"} and sides.ends:
        return "alias:named"
    return None


def _questioned(
    sentence: Sentence,
    chunk: Chunk,
    near: _Near,
    sides: Sides,
    *,
    listed: bool,
    mass: bool,
    place: bool,
) -> str | None:
    """``who is X``, ``u know X``, ``is X coming``, ``whats X doing``, ``where X at``."""
    one, two = near.left[:2]
    right = sides.right
    first = sentence.tokens[chunk.first]
    closed = sides.ends or right in ENDS
    if one in WHO or (one in IS and (two in WHO or two in {"tf", "hell", "fuck"})):
        return "alias:asked-about" if closed and right not in {"to", "that"} else None
    if one in TO_WHOM and two in {"who", "u", "she", "he", "they", "i", "just", "already"}:
        fits = closed or (right in ME and listed)
        return "alias:called" if fits and (listed or two == "who") and not mass else None
    if one in KNOW and two in {"u", "you", "ya", "i", "yall", "me", "no", "not", "dont", "ever"}:
        asked = closed or right in {"she", "he", "or", "number", "the", "los", "de"}
        if two in {"i", "no", "not", "dont"} and not sides.ends:
            asked = False
        return "alias:asked-about" if listed and asked and not (mass and not sides.ends) else None
    if one in WHATS and right in ABOUT and listed:
        return "alias:asked-about" if right != "on" or not mass else None
    if one == "where" and right == "at" and (listed or len(first.word) > 3):
        return "alias:asked-about"
    if one in {"esta", "anda"} and two in {"donde", "ahi", "aqui"} and listed:
        return "alias:asked-about"
    if first.word in ADJECTIVES and right in {"out", "in", "on"} and first.shape == LOWER:
        return None  # "was slick out"
    if one in ASKED and listed and (not two or inner_start(sentence, chunk.first - 1)):
        if first.word in WEATHER or (mass and right in {"up", "out", "good", "on", "over", "dead"}):
            return None
        if right in STATES and not (place and right in {"good", "on", "up", "with", "w"}):
            return "alias:asked-about"
    return None


def _addressee(
    sentence: Sentence,
    first: Token,
    near: _Near,
    sides: Sides,
    *,
    listed: bool,
    place: bool,
    mass: bool,
) -> str | None:
    """``ask for X``, ``give the key to X``, ``i text X``, ``owe X 40``, ``if X calls``."""
    one, two = near.left[:2]
    right = sides.right
    closed = sides.ends or right in ENDS or right[:1].isdigit()
    if one in {"for", "por"} and two in ASK_FOR and closed:
        known = bool(first.flags & GIVEN) and not mass
        return "alias:spoken-to" if (two in {"ask", "pregunta"} and listed) or known else None
    if one in {"to", "a"} and listed and closed and not place:
        before = [word for word in near.left[1:] if word]
        if any(word in HANDS for word in before) and (one == "to" or sentence.foreign):
            return "alias:spoken-to"
    if one == "named" and two in PERSONS and (listed or closed):
        return "alias:named"
    sourced = any(word in SOURCES for word in near.left[1:5])
    if one == "from" and sourced and listed and closed and not mass and not place:
        return "alias:spoken-to"
    if one == "to" and two in {"talk", "talked", "talkin", "talking", "spoke", "speak"} and closed:
        return "alias:spoken-to"
    if one in {"seen", "saw"} and two in {"u", "you", "yall", "i", "anybody", "anyone"} and listed:
        return "alias:called" if closed and not mass and not place else None
    called = one in {"text", "txt", "call", "called", "texted", "txted", "dm", "facetime"}
    plainly = two in {"", "i", "u", "just", "to", "or"} and closed and not mass
    if called and listed and (right[:1].isdigit() or plainly):
        return "alias:called"
    if (
        one in {"owe", "owes", "owed", "pay", "paid"}
        and listed
        and right[:1].isdigit()
        and not mass
    ):
        return "alias:called"
    if one in {"if", "when", "once", "b4", "until", "si"} and right in COMES and listed:
        return "alias:subject" if not mass or right in {"calls", "texts", "asks", "says"} else None
    if one in AND and two in {"me", "yo"} and listed and not mass:
        return "alias:listed"
    if right in AND and near.right[1] in {"me", "i", "yo", "them", "nem"} and listed and not mass:
        return "alias:listed" if sides.starts or one in {"with", "w", "wit"} else None
    if one == "con" and sentence.foreign and (sides.ends or right in ENDS) and listed and not mass:
        return "alias:with"
    if one in {"boy", "girl", "homie"} and two in {"my", "our", "ur", "that"} and listed:
        return "alias:kin" if not mass or right in DONE else None
    return None


def _subject(
    sentence: Sentence,
    chunk: Chunk,
    near: _Near,
    sides: Sides,
    *,
    listed: bool,
    mass: bool,
    verb: bool,
) -> str | None:
    """``X pulled up``, ``X took my shoes``, ``X is doing my makeup``, ``X's number``."""
    tokens = sentence.tokens
    first, last = tokens[chunk.first], tokens[chunk.last]
    right, more = sides.right, near.right[1]
    if (
        last.owner
        and right in BELONGINGS
        and (not mass or right in {"number", "mom", "moms", "actual", "real"})
    ):
        return "alias:owner"
    told = near.left[0] in {"said", "says", "sed", "think", "heard", "if", "when", "cuz", "bc"}
    if told and right in DONE and listed and not mass and not verb:
        return "alias:subject"
    if not sides.starts or (first.word in CALENDAR and first.shape == LOWER):
        return None
    given = bool(first.flags & GIVEN)
    plain = not first.flags & COMMON or chunk.last > chunk.first
    if right in {"is", "iz", "was", "be", "keep", "keeps", "been", "still"} and listed:
        if more in DOING:
            return "alias:subject"
        if verb:
            return None
        if (
            (more in KIN or more in {"my", "in", "at"})
            and given
            and not mass
            and (
                near.right[2] in BELONGINGS
                or near.right[2] in {"class", "school", "jail", "court", "bed"}
            )
        ):
            return "alias:subject"
        return None
    if right == "@" or not right:
        return None
    if (right in DONE and (listed or (plain and len(first.word) > 3))) or (right in MAY and listed):
        if mass and right not in {"said", "says", "told", "asked", "texted", "called", "knows"}:
            return "alias:subject" if right in {"pulled", "owes", "lets", "drove"} else None
        if verb and right in {"be", "gotta", "gon", "gonna"}:
            return None
        return "alias:subject" if more not in {"by", "in"} or given else None
    if right in GIVES and more in ME and listed and not mass and not verb:
        return "alias:subject"
    return None


def _card(
    sentence: Sentence, chunk: Chunk, sides: Sides, *, listed: bool, mass: bool
) -> str | None:
    """A name and a telephone number side by side: ``mama waffles 816-555-0107``."""
    if not listed or (mass and chunk.first == chunk.last) or not sides.starts:
        return None
    tail = sentence.tokens[chunk.last].tail
    after = sentence.text[tail : tail + 24]
    digits = sum(sign.isdigit() for sign in after)
    lead = after.lstrip(" :-(+#")
    if digits >= 7 and lead[:1].isdigit() and chunk.last > chunk.first:
        return "alias:card"
    return None
