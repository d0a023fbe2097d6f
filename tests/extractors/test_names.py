from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
import spacy
import srsly
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.strings import hash_string
from thinc.api import chain

from extractors import names as names_module
from extractors import names_net, names_run, names_words
from extractors.base import LIKELY, SEEN
from extractors.gate import Memo, holds
from extractors.names import SHIPPED, Names, might_name, read_ordinary
from extractors.training import check, corpora, measure
from extractors.training.grammar import Grammar
from extractors.training.lists import is_held_out
from schemas.facts import NameFacts
from schemas.kinds import MentionKind

A, L = MentionKind.ALIAS, MentionKind.LOCATION

GRID = [
    # names at the start, in the middle, at the end; two in a row; after emoji; over line ends
    ("wya penny", [("penny", A, "penny")]),
    ("marisol said call her", [("marisol", A, "marisol")]),
    ("😂😂 tell trey to hurry up", [("trey", A, "trey")]),
    ("ok\nim with tasha rn", [("tasha", A, "tasha")]),
    ("it was jazmin and keisha", [("jazmin", A, "jazmin"), ("keisha", A, "keisha")]),
    ("tell Ashleyyy im outside", [("Ashleyyy", A, "ashley")]),
    ("dile a lupita que venga", [("lupita", A, "lupita")]),
    ("my name is Rosa Delgado", [("Rosa Delgado", A, "rosa delgado")]),
    ("they call him smoke", [("smoke", A, "smoke")]),
    ("dakota said she otw", [("dakota", A, "dakota")]),
    # places
    ("im in fridley til sunday", [("fridley", L, None)]),
    ("we at the motel 6 in bloomington", [("motel 6", L, None), ("bloomington", L, None)]),
    ("estoy en brooklyn park", [("brooklyn park", L, None)]),
    ("meet me on lake and chicago", [("lake and chicago", L, None)]),
    ("driving to fargo 🚗", [("fargo", L, None)]),
    ("come to 1420 e lake st", [("1420 e lake st", L, None)]),
    # both
    ("hodan is in duluth", [("hodan", A, "hodan"), ("duluth", L, None)]),
    # nothing to find
    ("", []),
    ("ok bet", []),
    ("😂😂😂", []),
    ("i hope u feel better", []),
    ("rent due in april", []),
    ("happy birthday daddy love your kids", []),
    ("my mom is mad at me", []),
    ("send me 40 for gas", []),
    ("koj nyob qhov twg", []),
    ("waan imanayaa", []),
    ("chase card declined", []),
    ("ask the front desk for a towel", []),
    ("que haces mi amor", []),
    ("may be later tonight", []),
    ("will u call me back", []),
    ("12 roses for the hh", []),
]


@pytest.fixture(scope="module")
def names():
    return Names()


@pytest.mark.parametrize(("text", "wanted"), GRID)
def test_grid(names, text, wanted):
    hits = list(names.find(text, "US"))
    assert [(hit.kind, hit.value) for hit in hits] == [(kind, value) for _, kind, value in wanted]
    for hit, (surface, _, _) in zip(hits, wanted, strict=True):
        assert text[hit.start : hit.end] in (surface, f"the {surface}")
        assert hit.rule == "model:chat_names"
        assert hit.confidence in (SEEN, LIKELY)
        assert isinstance(hit.facts, NameFacts) == (hit.kind is A)


def test_result_does_not_depend_on_the_batch(names):
    texts = [text for text, _ in check.rows()] + [text for text, _ in GRID]
    texts += [" ".join(texts[at : at + 9]) for at in range(0, len(texts), 9)]
    together = names.find_batch(texts, "US")
    backwards = names.find_batch(texts[::-1], "US")[::-1]
    assert together == backwards == [tuple(names.find(text, "US")) for text in texts]
    fresh = Names()
    assert [tuple(fresh.find(text, "MX")) for text in texts[::-1]][::-1] == together


def test_probabilities_are_equal_to_the_last_bit(names):
    names.find_batch(["hi penny"], "US")
    finder = names._finder
    texts = [text for text, _ in check.rows()]
    split = [finder._split(text) for text in texts]
    together = finder.scores(split)
    alone = [finder.scores([words]) for words in split]
    assert (together == np.concatenate(alone)).all()
    long = [word for words in split for word in words]
    whole, finder_at_once = finder.scores([long]), names_module.AT_ONCE
    try:
        names_module.AT_ONCE = 100
        assert (finder.scores([long]) == whole).all()
    finally:
        names_module.AT_ONCE = finder_at_once


def test_whole_pipeline_gives_the_same_tags(names):
    names.find_batch(["hi penny"], "US")
    nlp = spacy.load(SHIPPED)
    for text, _ in check.rows():
        doc = nlp(text)
        assert doc.text == text
        scores = names._finder.scores([[(token.idx, token.text) for token in doc]])
        tags = [token.tag_ for token in doc]
        # spaCy adds in another order: only words in doubt may differ
        for tag, score in zip(tags, scores, strict=True):
            assert tag == ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")[score.argmax()] or (
                sorted(score)[-1] - sorted(score)[-2] < 0.01
            )


def test_gate_loses_nothing(names):
    ordinary = read_ordinary(SHIPPED / "ordinary.txt.gz")
    assert len(ordinary) > 3000
    texts = [text for text, _ in check.rows()] + [text for text, _ in GRID]
    gated = names.find_batch(texts, "US")
    ungated = Names()
    ungated.find_batch(["hi penny"], "US")
    ungated._finder.ordinary = frozenset()
    assert ungated.find_batch(texts, "US") == gated
    assert not might_name("", ordinary)
    assert not might_name("12:30!! 😂", frozenset({"12", "30"}))
    assert might_name("penny", ordinary)
    skipped = [text for text in texts if text and not might_name(text, ordinary)]
    assert len(skipped) > 10


def test_quality_on_lines_apart_from_the_templates(names):
    rows = list(check.rows())
    found = names.find_batch([text for text, _ in rows], "US")
    kinds = {A: "PER", L: "LOC"}
    pairs = [
        (gold, [(hit.start, hit.end, kinds[hit.kind]) for hit in hits])
        for (_, gold), hits in zip(rows, found, strict=True)
    ]
    assert measure.score(pairs, "PER").f1 >= 0.80
    assert measure.score(pairs, "LOC").f1 >= 0.88


def test_other_pipelines(tmp_path):
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "PERSON", "pattern": "Penny"},
            {"label": "GPE", "pattern": "Fridley"},
            {"label": "ORG", "pattern": "Acme"},
        ]
    )
    nlp.meta["name"] = "tiny"
    nlp.to_disk(tmp_path / "tiny")
    found = Names(tmp_path / "tiny").find_batch(["Penny of Acme is in Fridley", "hi"], "US")
    assert [(hit.kind, hit.start, hit.end, hit.rule) for hit in found[0]] == [
        (A, 0, 5, "model:tiny"),
        (L, 20, 27, "model:tiny"),
    ]
    assert found[1] == ()


def test_half_a_surrogate_pair_is_a_word_like_any(names):
    text = "wya penny \ud83d in fridley"
    assert [text[hit.start : hit.end] for hit in names.find(text, "US")] == ["penny", "fridley"]


def test_invented_chat_is_labelled_exactly_and_repeatable():
    lines = list(Grammar(7).lines(3000))
    assert lines == list(Grammar(7).lines(3000))
    assert lines != list(Grammar(8).lines(3000))
    for line in lines:
        ends = [0] + [end for _, end, _ in line.spans]
        for (start, end, kind), before in zip(line.spans, ends, strict=False):
            assert before <= start < end <= len(line.text)
            assert line.text[start:end].strip() == line.text[start:end]
            assert kind in ("PER", "LOC")
    bare = sum(not line.spans for line in lines)
    assert 0.25 < bare / len(lines) < 0.6


def test_held_out_names_are_never_drawn():
    grammar = Grammar(7)
    held = {name for name in grammar.lists["somali.female"] if is_held_out(name)}
    assert len(held) > 5
    assert not held.intersection(grammar.pick("somali.female") for _ in range(5000))


def test_closing_gaps_moves_the_spans():
    text, spans = corpora._close("I 'm at Moe 's , with Al .", [(8, 11, "LOC"), (22, 24, "PER")])
    assert text == "I'm at Moe's, with Al."
    assert [text[start:end] for start, end, _ in spans] == ["Moe", "Al"]


def test_missing_model_is_an_os_error():
    with pytest.raises(OSError, match="no_such_pipeline"):
        Names("no_such_pipeline").find_batch(["hi"], "US")


def test_pickles_as_its_path(names):
    names.find_batch(["hi penny"], "US")
    copy = pickle.loads(pickle.dumps(names))
    assert copy.find_batch(["wya penny"], "US") == names.find_batch(["wya penny"], "US")


def test_our_own_pipeline_runs_without_spacy():
    code = (
        "import sys, extractors.names as n\n"
        "assert n.Names().find_batch(['wya penny'], 'US')[0]\n"
        "sys.exit(bool({'spacy', 'thinc'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_probabilities_are_those_of_the_pipeline_to_the_last_bit(names):
    names.find_batch(["hi penny"], "US")
    tagger = spacy.load(SHIPPED).get_pipe("names").model
    names_net.set_ops(tagger, names_net.SteadyOps())
    vectors, network = tagger.layers[1].layers[0], chain(*tagger.layers[2:])
    rows = names_net.word_rows(tagger.layers[0])
    split = [names_words.split(text) for text, _ in check.rows()]
    split += [[word for words in split for word in words]]
    wide = [vectors.predict(np.stack([rows(word) for _, word in words])) for words in split]
    wanted = np.concatenate(network.predict(wide))
    assert names._finder.scores(split).tobytes() == wanted.tobytes()


@given(st.text(max_size=40))
def test_ids_are_those_of_spacy(text):
    if text.isprintable():
        assert names_run.string_id(text) == hash_string(text)


@given(st.text(max_size=60) | st.text(" \n.'’@sS1,:😂aé", max_size=60))
def test_a_text_is_cut_the_same_piece_by_piece(text):
    whole = [(match.start(), match.group()) for match in names_words.TOKEN.finditer(text)]
    assert names_words.split(text) == [(at, word) for at, word in whole if word != " "]


@given(st.text(max_size=60) | st.text(" \naokyz_1Σ", max_size=60))
def test_the_gate_is_the_same_piece_by_piece(text):
    ordinary = frozenset({"a", "ok", "1", "σ"})
    memo = Memo(lambda piece: might_name(piece, ordinary))
    assert holds(memo, text) == might_name(text, ordinary)


def test_a_model_that_cannot_be_read_is_an_os_error(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "model")
    weights = tmp_path / "model" / "names" / "model"
    for data in (b"", b"\x93\x01", b"\xc1", weights.read_bytes()[:5000], b"\x81\xa5nodes\x90"):
        weights.write_bytes(data)
        with pytest.raises(OSError, match="model"):
            Names(tmp_path / "model").find_batch(["wya penny"], "US")


def test_values_of_messagepack():
    for value in (0, 127, 128, 70_000, 1 << 40, -1, -100, -40_000, 0.5, None, True, False, "é" * 40,
                  b"x" * 300, list(range(20)), {"a": [1, {"b": b""}]}):  # fmt: skip
        data = srsly.msgpack_dumps(value)
        assert names_run.unpack(data, 0) == (value, len(data))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from("penny wya Fridley motel 6 \n 😂 @ #x ' . lil juno ( ) -".split(" ")),
        max_size=20,
    ).map(" ".join)
)
def test_any_text(text):
    shared = test_any_text.__dict__.setdefault("names", Names())
    hits = list(shared.find(text, "US"))
    assert hits == list(shared.find(text, "US"))
    assert [hit.start for hit in hits] == sorted(hit.start for hit in hits)
    for before, after in pairwise(hits):
        assert before.end <= after.start
    for hit in hits:
        assert 0 <= hit.start < hit.end <= len(text)
        assert text[hit.start : hit.end].strip()


@pytest.mark.parametrize("unit", ["1", "a", "$", "(", "@", "a ", "\n", "😂", "Penny "])
def test_long_texts_take_linear_time(names, unit):
    text = unit * (100_000 // len(unit))
    assert all(hit.end <= len(text) for hit in names.find(text, "US"))
