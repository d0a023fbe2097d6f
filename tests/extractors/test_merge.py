import pytest

from extractors.base import LIKELY, SEEN, STRONG, Hit
from extractors.finder import Finder, extractor_of
from extractors.merge import merge
from extractors.registry import settle
from schemas.facts import NameFacts, PlaceFacts
from schemas.kinds import AliasKind, MentionKind, PlaceKind

MODEL = "model:test"


def alias(start, end, rule="alias:given", confidence=STRONG):
    facts = NameFacts("x", AliasKind.GIVEN)
    return Hit(MentionKind.ALIAS, start, end, rule, "x", confidence, facts=facts)


def place(start, end, rule="location:name", confidence=STRONG):
    return Hit(MentionKind.LOCATION, start, end, rule, None, confidence)


def of(kind, start, end):
    return Hit(kind, start, end, f"{kind.value}:test", "x")


# text, rules, model -> (kind, start, end, rule)
# fmt: off
CASES = [
    ("tell Xelko hi", [], [alias(5, 10, MODEL, LIKELY)], [("alias", 5, 10, MODEL)]),
    ("tell Xelko hi", [alias(5, 10)], [alias(5, 10, MODEL, LIKELY)],
     [("alias", 5, 10, f"alias:given+{MODEL}")]),
    ("tell Xelko hi", [alias(5, 10)], [alias(5, 10, MODEL, SEEN)],
     [("alias", 5, 10, f"alias:given+{MODEL}")]),
    ("tell Xelko hi", [], [alias(5, 10, MODEL, SEEN)], []),
    ("tell xelko hi", [], [alias(5, 10, MODEL, LIKELY)], []),
    ("TELL XELKO HI", [], [alias(5, 10, MODEL, LIKELY)], []),
    ("tell Table hi", [], [alias(5, 10, MODEL, LIKELY)], []),
    ("tell Xelko hi", [place(5, 10)], [alias(5, 10, MODEL, LIKELY)],
     [("location", 5, 10, "location:name")]),
    ("tell Xelko hi", [of(MentionKind.URL, 0, 13)], [alias(5, 10, MODEL, LIKELY)],
     [("url", 0, 13, "url:test")]),
    ("tell Xelko hi", [of(MentionKind.TRAVEL, 0, 10)], [alias(5, 10, MODEL, LIKELY)],
     [("travel", 0, 10, "travel:test"), ("alias", 5, 10, MODEL)]),
]
SETTLED = [
    # a number in an address of a machine is no number
    ([of(MentionKind.URL, 0, 30), of(MentionKind.PHONE, 5, 15)], ["url"]),
    ([of(MentionKind.PHONE, 0, 12), of(MentionKind.MONEY, 8, 12)], ["phone"]),
    ([of(MentionKind.LEGAL_REF, 0, 8), of(MentionKind.PHONE, 0, 8)], ["legal_ref"]),
    ([of(MentionKind.HANDLE, 0, 10), of(MentionKind.MONEY, 0, 10)], ["handle"]),
    ([of(MentionKind.URL, 0, 30), place(5, 20)], ["url", "location"]),
    ([alias(0, 7), place(0, 7)], ["location"]),
    ([alias(0, 12), place(0, 7)], ["alias"]),
    ([of(MentionKind.ROLE_TERM, 0, 4), alias(0, 9)], ["alias"]),
    ([of(MentionKind.PHONE, 0, 12), of(MentionKind.MONEY, 13, 16)], ["phone", "money"]),
    ([of(MentionKind.PHONE, 0, 12), of(MentionKind.PHONE, 0, 12)], ["phone"]),
]
# fmt: on


@pytest.mark.parametrize(("text", "rules", "model", "wanted"), CASES)
def test_rules_stand_and_the_model_is_told(text, rules, model, wanted):
    joined = merge(text, tuple(rules), model, "US")
    assert [(hit.kind.value, hit.start, hit.end, hit.rule) for hit in joined] == wanted


@pytest.mark.parametrize(("hits", "kinds"), SETTLED)
def test_overlaps_are_settled(hits, kinds):
    assert [hit.kind.value for hit in settle(hits)] == kinds
    assert [hit.kind.value for hit in settle(reversed(hits))] == kinds


def test_a_coordinate_stands_before_other_numbers():
    facts = PlaceFacts("44.97,-93.26", PlaceKind.COORDINATE)
    point = Hit(MentionKind.LOCATION, 0, 12, "location:decimal", "44.97,-93.26", facts=facts)
    assert settle([of(MentionKind.MONEY, 0, 5), point]) == (point,)


def test_a_place_of_the_model_gets_its_entry():
    (hit,) = merge("moved to Honduras", (), [place(9, 17, MODEL, LIKELY)], "US")
    assert hit.value == "Honduras"
    assert hit.facts.place_kind is PlaceKind.COUNTRY


def test_the_finder_looks_once_and_tells_who_found(monkeypatch):
    finder = Finder("US", None)
    finder.prepare(["call 651-555-0117", "call 651-555-0117"])
    monkeypatch.setattr(finder, "_look", lambda texts: pytest.fail("looked again"))
    (hit,) = finder.find("call 651-555-0117")
    assert extractor_of(hit)[0] == "phones"
    assert extractor_of(alias(0, 1, MODEL))[0] == "names"


def test_with_and_without_the_model():
    text = "I talked to Bartholomew Quillfeather about it."
    with_model = Finder("US", "").find(text)
    assert any("model:" in hit.rule for hit in with_model)
    assert not any("model:" in hit.rule for hit in Finder("US", None).find(text))
