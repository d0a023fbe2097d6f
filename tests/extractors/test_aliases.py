from itertools import pairwise
from unittest.mock import patch

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from extractors import aliases
from extractors.alias_gate import GATE, NAMED, held_in, may_be_explicit, may_state
from extractors.alias_joins import joins
from extractors.alias_statements import ANSWER, EXPLICIT, INLINE_LABEL, IS_NAME_OF, LABEL
from extractors.aliases import CLOSING, SIGNED, SIGNS, Aliases
from extractors.gate import Memo, holds, pieces
from extractors.name_cues import SPEAK_TO
from extractors.name_lists import COMMON, GIVEN, PLACE, WORD, flags_of, misspells, word_flags
from extractors.name_rules import names
from extractors.name_tokens import LONG, TOKEN, WARM, read
from extractors.normalise.name import clean
from schemas.kinds import AliasKind, MentionKind
from tests._data.changes import changed


def found(text):
    return [(text[hit.start : hit.end], hit.value) for hit in Aliases().find(text, "US")]


POSITIVE = [
    # given names, names with capitals and without
    ("shay n mimi outside", [("shay", "shay"), ("mimi", "mimi")]),
    ("went w Zaylin to the mall", [("Zaylin", "zaylin")]),
    ("is ashleyyy comin", [("ashleyyy", "ashley")]),
    ("🔥🔥 tanisha wya", [("tanisha", "tanisha")]),
    ("text latoya\nand bring food", [("latoya", "latoya")]),
    ("tamikas phone dead", [("tamika", "tamika")]),
    ("María José Pérez vive aqui", [("María José Pérez", "maria jose perez")]),
    ("room under Jessica Moreno", [("Jessica Moreno", "jessica moreno")]),
    ("Brandon L. Hutchins paid", [("Brandon L. Hutchins", "brandon l hutchins")]),
    ("ask pa houa for the key", [("pa houa", "pa houa")]),
    ("Sheng Xiong has the car", [("Sheng Xiong", "sheng xiong")]),
    ("Abdi Hassan Ali on the lease", [("Abdi Hassan Ali", "abdi hassan ali")]),
    ("dile a Marisol que venga", [("Marisol", "marisol")]),
    # monikers, titles
    ("Lil Juno just pulled up", [("Lil Juno", "lil juno")]),
    ("lil juno trippin again", [("lil juno", "lil juno")]),
    ("papa kel wanna see u", [("papa kel", "papa kel")]),
    ("Papa Kel and T-Nova here", [("Papa Kel", "papa kel"), ("T-Nova", "t-nova")]),
    ("call ray ray he got the car", [("ray ray", "ray ray")]),
    ("tia rosa called", [("tia rosa", "tia rosa")]),
    ("Sgt. Dana Whitlow came by", [("Sgt. Dana Whitlow", "sgt dana whitlow")]),
    ("J Rock owes me", [("J Rock", "j rock")]),
    ("J said wait", [("J", "j")]),
    # ordinary words, places and months used as names
    ("its cookie from the other night", [("cookie", "cookie")]),
    ("tell cookie i need that", [("cookie", "cookie")]),
    ("cookie said she otw", [("cookie", "cookie")]),
    ("wya penny", [("penny", "penny")]),
    ("with Hope at the mall", [("Hope", "hope")]),
    ("dakota trippin", [("dakota", "dakota")]),
    ("tell austin hes late", [("austin", "austin")]),
    ("april said no", [("april", "april")]),
    ("smoke n them pulled up", [("smoke", "smoke")]),
    ("did smoke call u", [("smoke", "smoke")]),
    # whole frames
    ("faith is late as usual", [("faith", "faith")]),
    ("peaches is not talkin to me", [("peaches", "peaches")]),
    ("will will drive if grace pays", [("will", "will"), ("grace", "grace")]),
    ("april starts in april", [("april", "april")]),
    ("tell lil bit to call me", [("lil bit", "lil bit")]),
    ("big head said he comin", [("big head", "big head")]),
    ("lil miss cocoa wants her bag", [("lil miss cocoa", "lil miss cocoa")]),
    ("my cousin zorbin is late", [("zorbin", "zorbin")]),
    ("zorbin fixed it himself", [("zorbin", "zorbin")]),
    ("la prima del flaco", [("flaco", "flaco")]),
    ("people know him as Slim", [("Slim", "slim")]),
    ("leave thandiwe a voicemail", [("thandiwe", "thandiwe")]),
    # statements, signatures, labels
    ("they call him Slim", [("Slim", "slim")]),
    ("im saved as boss lady", [("boss lady", "boss lady")]),
    ("see u soon - Kel", [("Kel", "kel")]),
    ("love always, bri", [("bri", "bri")]),
    ("Kev: where u at", [("Kev", "kev")]),
    ("Name: Yusuf Farah", [("Yusuf Farah", "yusuf farah")]),
    ("To: Boyd, Tamika; Harper, Keisha", [("Boyd, Tamika", "tamika boyd"), ("Harper, Keisha", "keisha harper")]),
    ("@ KelseyRae u up", [("KelseyRae", "kelseyrae")]),
    # contexts that name a person, whatever the word
    ("who is tater", [("tater", "tater")]),
    ("who invited zaybo", [("zaybo", "zaybo")]),
    ("its ur girl pickles", [("pickles", "pickles")]),
    ("this is velvet from the gym", [("velvet", "velvet")]),
    ("dis granny noodles hit me back", [("granny noodles", "granny noodles")]),
    ("soy marisol la de la tienda", [("marisol", "marisol")]),
    ("do u kno ruby", [("ruby", "ruby")]),
    ("lol fr ruby said bring chips", [("ruby", "ruby")]),
    ("thx sierra anyway", [("sierra", "sierra")]),
    ("is peaches coming this weekend", [("peaches", "peaches")]),
    ("whats pepper doing later", [("pepper", "pepper")]),
    ("where moose at", [("moose", "moose")]),
    ("where zaybo at", [("zaybo", "zaybo")]),
    ("ask la gorda abt it", [("la gorda", "la gorda")]),
    ("ask for ruby", [("ruby", "ruby")]),
    ("give my keys to scooter boy", [("scooter boy", "scooter boy")]),
    ("if king waffles calls tell him no", [("king waffles", "king waffles")]),
    ("me n ruby at home", [("ruby", "ruby")]),
    ("chases number is new", [("chase", "chase")]),
    ("ruby is doing my hair", [("ruby", "ruby")]),
    ("smoke is sleeping", [("smoke", "smoke")]),
    ("ruby took my shoes", [("ruby", "ruby")]),
    ("got it from slick", [("slick", "slick")]),
    ("le debo 40 a yaretzi", [("yaretzi", "yaretzi")]),
    ("mama biscuit (651) 555-0117", [("mama biscuit", "mama biscuit")]),
    ("\u2068@Tamia Boyd\u2069 u coming", [("Tamia Boyd", "tamia boyd")]),
    # prose and forms
    ("Zorvan K. Belisko signed the lease", [("Zorvan K. Belisko", "zorvan k belisko")]),
    ("What's your last name? Belisko", [("Belisko", "belisko")]),
    ("a book written by Zorvan Belisko last year", [("Zorvan Belisko", "zorvan belisko")]),
    ("CALL TASHA BACK", [("TASHA", "tasha")]),
]  # fmt: skip

NEGATIVE = [
    "all good no biggie",
    "geez stay in its cold",
    "smbdy stole my bag",
    "sup tornado watch till 9",
    "bill said due friday",
    "tell me why earl grey tea",
    "listn im late",
    "cuz river is high",
    "was slick out today",
    "los chamacos andan afuera",
    "knock on wood",
    "",
    "cookie on the plate is yours",
    "papa at the grill makin burgers",
    "papa johns or dominos",
    "little caesars 5.99",
    "happy birthday daddy love you",
    "she the bottom she run everything",
    "call me daddy",
    "dont call me baby",
    "call me later",
    "aka the goat",
    "i hope u good",
    "will u pay me",
    "mark my words",
    "may be there by 6",
    "april 14 court date",
    "going to austin next week",
    "drive to dakota county w me",
    "meet at Madison Ave and 5th",
    "12 roses for hh",
    "5 star hotel lol",
    "its my destiny fr",
    "she look like an angel",
    "operation guardian angel starts friday",
    "keep the faith",
    "red lobster tonite?",
    "hey honey",
    "wassup king",
    "bye bye",
    "no no no",
    "t-shirt for the show",
    "big truck out front",
    "lil bit of food left",
    "Sounds good, see you then!",
    "Can't wait to see you",
    "Happy Mother's Day",
    "OMG YOU ARE CRAZY",
    "send it to $junocash",
    "snap is kelly.b22 add me",
    "mail kelly@example.com",
    "https://example.com/tanisha",
    "im @ the spot",
    "la rosa roja",
    "te marco cuando salga",
    "la niña esta mejor",
    "dile a el niño que ya voy",
    "basement got water from all this rain again",
    "its windy this week",
    "its a lil icy out",
    "bill came in the mail",
    "grant got approved",
    "lane closed at the bowling alley",
    "nick of time lol",
    "mac n cheese for dinner",
    "meet me on emerson n plover",
    "by halvard n franklin",
    "the franklin exit",
    "Owens, Duran and Oneal",
    "God gave rock and roll to you",
    "she keeps asking for donuts",
    "in the morning fianlly",
    "im sleepy let me know",
    "udev doesn't make it",
    "MY AUNTIE BROKE THE STROLLER ALREADY",
    "i cloe later",
    "jajaja no lololol",
    "mi amor donde estas",
    "el perro esta flaco",
    "Para asistencia 612-673-2700, Yog xav tau kev pab, hu 612-637-2800, "
    "Hadii aad Caawimaad u baahantahay 612-673-3500",
]


@pytest.mark.parametrize(("text", "expected"), POSITIVE)
def test_names_and_only_names(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize("text", NEGATIVE)
def test_no_name(text):
    assert found(text) == []


JOINED = [
    ("Tanisha aka Cookie", "Tanisha", "Cookie"),
    ("Cookie real name is Tanisha", "Cookie", "Tanisha"),
    ("Kayla goes by KK at work", "Kayla", "KK"),
    ("pistol aka Marquel Jenkins", "pistol", "Marquel Jenkins"),
    ("Marco, le dicen Chino", "Marco", "Chino"),
    ("my name is Rochelle but they call me Peaches", "Rochelle", "Peaches"),
    ("me llamo Adrián pero me dicen Chapo", "Adrián", "Chapo"),
    ("Nova is Tanisha's street name", "Nova", "Tanisha"),
    ("tanisha saved as Cookie in my phone", "tanisha", "Cookie"),
]


@pytest.mark.parametrize(("text", "left", "right"), JOINED)
def test_a_statement_joins_two_names_both_cited(text, left, right):
    hits = list(Aliases().find(text, "US"))
    assert [text[hit.start : hit.end] for hit in hits] == [left, right]
    assert hits[0].facts.refers_to == hits[1].value == clean(right)
    assert hits[1].facts.refers_to == hits[0].value == clean(left)
    assert all("alias:joined" in hit.rule for hit in hits)


@pytest.mark.parametrize("text", ["tanisha and keisha outside", "kayla said keisha aint comin"])
def test_names_side_by_side_are_not_joined(text):
    assert all(hit.facts.refers_to is None for hit in Aliases().find(text, "US"))


def test_alias_kinds():
    kinds = {
        hit.value: hit.facts.alias_kind
        for hit in Aliases().find("Lil Juno, Tanisha and Keisha Boyd", "US")
    }
    assert kinds == {
        "lil juno": AliasKind.MONIKER,
        "tanisha": AliasKind.GIVEN,
        "keisha boyd": AliasKind.FULL,
    }


@pytest.mark.parametrize(
    ("surface", "key"),
    [
        ("✨Lil Juno✨", "lil juno"),
        ("Ashleyyy's", "ashley"),
        ("5tar", "star"),
        ("k3l", "kel"),
        ("juno7", "juno7"),
        ("$lim", "slim"),
        ("T-Nova", "t-nova"),
        ("José", "jose"),
        ("𝓚𝓮𝓵", "kel"),
        ("😀", None),
        ("612", None),
    ],
)
def test_key(surface, key):
    assert clean(surface) == key


def test_classes_of_the_lists():
    known = word_flags()
    assert known["hope"] & (GIVEN | WORD | COMMON) == GIVEN | WORD | COMMON
    assert known["dakota"] & PLACE
    assert known["tanisha"] & GIVEN and not known["tanisha"] & (WORD | PLACE | COMMON)
    assert flags_of("starrr", known) == flags_of("star", known)
    assert flags_of("runnin", known) & COMMON
    assert not flags_of("zzyzx", known)


GROUPS = {
    "a": "emily megan heather sarah jake connor kyle ryan",
    "b": "tanisha keisha latoya shaniqua darnell deshawn tyrell marquis",
    "c": "yesenia marisol guadalupe xiomara ramiro beto chuy eduardo",
    "d": "khadija fartun hodan ifrah abdirahman mohamed liban yusuf",
    "e": "paj kaying maikou mainhia touger kou pheng xeng",
}


@pytest.mark.parametrize("template", ["tell {} to call me", "{} said no", "hey {}", "with {} rn"])
@pytest.mark.parametrize("group", GROUPS)
def test_names_of_all_groups_are_found_alike(group, template):
    for name in GROUPS[group].split():
        assert [value for _, value in found(template.format(name))] == [name], name


WORDS = st.sampled_from(
    [
        "tell",
        "cookie",
        "tanisha",
        "said",
        "aka",
        "Hope",
        "the",
        "Lil",
        "juno",
        "Ray",
        "ray",
        "Austin",
        "in",
        ",",
        ".",
        "\n",
        ":",
        "-",
        "@",
        "$x",
        "it's",
        "José",
        "wya",
        "le",
        "dicen",
        "name",
        "is",
        "saved",
        "as",
        "5",
        "✨",
        "will",
        "May",
        "a",
        "A",
        "T-Nova",
        "call",
        "me",
        "O'Neil's",
    ]
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=14).map(" ".join)))
@settings(max_examples=400, deadline=None)
def test_any_text(text):
    hits = list(Aliases().find(text, "US"))
    assert hits == list(Aliases().find(text, "US"))
    assert [(hit.start, hit.end) for hit in hits] == sorted({(hit.start, hit.end) for hit in hits})
    for left, right in pairwise(hits):
        assert left.end <= right.start
    for hit in hits:
        assert hit.kind is MentionKind.ALIAS
        assert 0 <= hit.start < hit.end <= len(text)
        assert not text[hit.start].isspace() and not text[hit.end - 1].isspace()
        assert hit.value


@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=8).map(" ".join)))
@settings(max_examples=400, deadline=None)
def test_the_gate_lets_every_name_through(text):
    if len(text) < LONG and not holds(WARM, text):
        assert not list(names(read(text)))


TEXTS = [text for text, _ in POSITIVE] + [
    "call me juno", "he answers to juno", "the answers to it", "kno him as juno", "room under juno",
    "goes by juno", "but ppl say juno", "luv me some juno she cool", "le dicen juno", "love, juno",
    "Name: Juno Vale", "your name? juno vale", "nova is junos name", "- juno", "saved her as juno",
    "Vale, Juno; Roe, T.", "is called juno", "reserved as juno", "yours truly juno",
]  # fmt: skip


@given(changed(TEXTS))
@settings(max_examples=600, deadline=None)
def test_the_gates_refuse_no_name(text):
    gated = list(Aliases().find(text, "US"))
    with patch.object(aliases, "SIGNS", Memo(lambda piece: 7)):
        assert list(Aliases().find(text, "US")) == gated
    assert may_state(text) == (GATE.search(text.casefold()) is not None)
    bits = held_in(text)
    assert may_be_explicit(text, bits) or not EXPLICIT.search(text)
    assert bits & NAMED or not IS_NAME_OF.search(text)
    assert ":" in text or not (LABEL.search(text) or INLINE_LABEL.search(text))
    assert "?" in text or not ANSWER.search(text)
    if SIGNED.search(text, max(0, len(text) - 80)):
        assert any(SIGNS[piece] & CLOSING for piece in pieces(text))


@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=8).map(" ".join), changed(TEXTS)))
@settings(max_examples=400, deadline=None)
def test_words_are_where_they_stand(text):
    """Words are read piece by piece; the pattern over the whole text is what they must equal."""
    ends = [match.end() for match in TOKEN.finditer(text) if match.lastgroup != "mask"]
    assert [token.tail for token in read(text).tokens] == ends


def test_a_message_of_common_words_passes_no_gate():
    assert not holds(WARM, "i need to go to the store first")
    assert holds(WARM, "tell tanisha")


def test_joins_needs_two_spans():
    assert list(joins("Tanisha aka Cookie", [(0, 7)])) == []
    assert list(joins("Tanisha aka Cookie", [(0, 7), (12, 18)])) == [(0, 1)]


def test_cues_are_folded():
    assert all(word == word.casefold() for word in SPEAK_TO)


@pytest.mark.parametrize(
    "unit", ["5", "a", "$", "(", "Ray ", "aka ", "Ray, ", "name is ", "a.", "@ "]
)
def test_long_texts_take_linear_time(unit):
    text = unit * (40_000 // len(unit))
    list(Aliases().find(text, "US"))


@pytest.mark.parametrize("text", ["lil miss " * 3_000, "lil big " * 3_000, "yung og " * 3_000])
def test_titles_in_a_row_do_not_recurse(text):
    assert all(text[hit.start : hit.end] for hit in Aliases().find(text, "US"))


def test_a_slip_of_the_fingers_is_no_name():
    assert misspells("nmber")
    assert misspells("lsten")
    assert not misspells("zorbin")
