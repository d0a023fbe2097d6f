"""One seeded training run."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Token
from thinc.api import Adam, Model, NumpyOps, chain, fix_random_seed

from extractors import names_net
from extractors.names import WORDS
from extractors.names_net import TAGS
from extractors.training import corpora
from extractors.training.grammar import PERSON, PLACE, Grammar
from extractors.training.lists import DATA

Floats = NDArray[np.float32]
WIDTH, DEPTH, DROPOUT = 64, 3, 0.2
INVENTED = 32_000
"""Lines of invented chat in each epoch, new ones every time; more of them costs precision on public
text, fewer recall on chat."""
EPOCHS = 5
BATCH_WORDS = 2_500
RATE = 0.003
HIDE_WORD, HIDE_LISTS, HIDE_CLUSTER = 0.35, 0.1, 0.1
"""Shares of words whose identity, list classes or clusters are hidden in training, so that an
unlisted name is still found by its neighbours."""


@dataclass(frozen=True, slots=True)
class Example:
    """The words of a text as feature ids, and the tags each may have."""

    ids: NDArray[np.uint64]
    allowed: NDArray[np.bool_]
    """One row a word: one true value where the tag is known, several where nobody judged."""
    words: tuple[str, ...]
    """The words in lower case."""


def blank(words: bytes) -> tuple[Language, Model[Any, Any]]:
    """Return an untrained pipeline and its network, with the word list in place."""
    nlp = spacy.blank(
        "en", config={"nlp": {"tokenizer": {"@tokenizers": "triage.ChatTokenizer.v1"}}}
    )
    settings = {
        "@architectures": "triage.NameTagger.v1",
        "width": WIDTH,
        "depth": DEPTH,
        "dropout": DROPOUT,
    }
    tagger = nlp.add_pipe("tagger", name="names", config={"model": settings, "overwrite": True})
    for tag in TAGS:
        tagger.add_label(tag)
    tagger.model.layers[0].attrs["words"] = words
    names_net.set_ops(tagger.model, NumpyOps(use_blis=False))
    tagger.model.initialize(X=[nlp.make_doc("wya penny")])
    return nlp, tagger.model


def examples(folder: Path, seed: int, nlp: Language, model: Model[Any, Any]) -> list[Example]:
    """Return all training examples: public rows and invented lines."""
    rows = names_net.word_rows(model.layers[0])
    classes = names_net.read_words(model.layers[0].attrs["words"])
    made = [
        corpora.Row(line.text, line.spans, "all", line.section)
        for line in Grammar(seed).lines(INVENTED)
    ]
    result = []
    for row in (*corpora.rows(folder, seed), *made):
        doc = nlp.make_doc(row.text)
        if 0 < len(doc) < 120:
            ids = np.stack([rows(token.text) for token in doc])
            words = tuple(token.text.lower() for token in doc)
            result.append(Example(ids, _allowed(doc, row, classes), words))
    return result


def _allowed(doc: Doc, row: corpora.Row, classes: dict[str, tuple[int, ...]]) -> NDArray[np.bool_]:
    tags = [0] * len(doc)
    for start, end, kind in row.spans:
        first = {PERSON: 1, PLACE: 3}[kind]
        for token in doc:
            if token.idx < end and start < token.idx + len(token) and not token.is_space:
                tags[token.i] = first
                first = {PERSON: 2, PLACE: 4}[kind]
    allowed = np.zeros((len(doc), len(TAGS)), dtype=bool)
    for token, tag in zip(doc, tags, strict=True):
        allowed[token.i, tag] = True
        if tag == 0 and row.known != "all" and _may_name(token, classes):
            allowed[token.i] |= {
                "place": np.array([1, 1, 1, 0, 0], dtype=bool),
                "person": np.array([1, 0, 0, 1, 1], dtype=bool),
                "none": np.ones(5, dtype=bool),
            }[row.known]
    return allowed


def _may_name(token: Token, classes: dict[str, tuple[int, ...]]) -> bool:
    """Whether a word that nobody labelled could be a name all the same."""
    found = classes.get(names_net.fold(token.text))
    if token.text[:1].isupper() and token.i > 0:
        return True
    return token.is_alpha and (found is None or found[4] in (3, 4, 9))


def run(folder: Path, seed: int, say: Callable[[str], None]) -> tuple[Language, list[str]]:
    """Train; return the pipeline and the words it never takes for names.

    Args:
        folder: the public corpora.
        seed: fixes the invented lines, the order and the first weights.
        say: takes a line of progress.
    """
    fix_random_seed(seed)
    words = (DATA / "words.tsv.gz").read_bytes()
    nlp, model = blank(words)
    network: Model[Any, Any] = chain(*model.layers[1:])
    optimizer = Adam(RATE, L2=0.01, grad_clip=1.0, use_averages=True, L2_is_weight_decay=True)
    noise = np.random.default_rng(seed)
    taught: list[Example] = []
    for epoch in range(EPOCHS):
        taught = examples(folder, seed * 1_000 + epoch, nlp, model)
        Random(seed + epoch).shuffle(taught)
        batches = list(_batches(taught))
        lost = 0.0
        for at, batch in enumerate(batches):
            optimizer.learn_rate = _rate(epoch + at / len(batches))
            scores, backprop = network.begin_update([_hide(e.ids, noise) for e in batch])
            gradient = [_gradient(s, e.allowed) for s, e in zip(scores, batch, strict=True)]
            lost += sum(float(np.abs(g).sum()) for g in gradient)
            backprop(gradient)
            network.finish_update(optimizer)
        total = sum(len(example.ids) for example in taught)
        say(f"epoch {epoch + 1}: {len(taught)} texts, {total} words, loss {lost / total:.4f}")
    with network.use_params(optimizer.averages):
        final = model.to_bytes()
    fresh, model = blank(words)  # whose vocabulary holds no word of the corpora
    model.from_bytes(final)
    fresh.meta["name"] = "chat_names"
    fresh.meta["version"] = "1.0.0"
    fresh.meta["description"] = "Person and place names in chat; see MODEL_CARD.md"
    return fresh, ordinary(model, taught)


def _rate(epoch: float) -> float:
    """Return the learning rate: up in a tenth of an epoch, then down as a cosine."""
    return RATE * min(1.0, 0.01 + epoch * 10) * (0.51 + 0.49 * math.cos(math.pi * epoch / EPOCHS))


def _batches(taught: Sequence[Example]) -> Iterator[list[Example]]:
    batch: list[Example] = []
    words = 0
    for example in taught:
        batch.append(example)
        words += len(example.ids)
        if words >= BATCH_WORDS:
            yield batch
            batch, words = [], 0
    if batch:
        yield batch


HIDDEN = np.uint64(1)


def _hide(ids: NDArray[np.uint64], noise: np.random.Generator) -> NDArray[np.uint64]:
    ids = ids.copy()
    draws = noise.random((3, len(ids)))
    ids[draws[0] < HIDE_WORD, 0] = HIDDEN
    ids[draws[1] < HIDE_LISTS, 7] = HIDDEN
    hidden = draws[2] < HIDE_CLUSTER
    ids[hidden, 4] = ids[hidden, 5] = ids[hidden, 8] = HIDDEN
    return ids


def _gradient(scores: Floats, allowed: NDArray[np.bool_]) -> Floats:
    """Return the slope towards the allowed tags; among several, as the network itself divides."""
    wanted = scores * allowed
    wanted /= wanted.sum(axis=1, keepdims=True) + 1e-8
    return scores - wanted


ORDINARY_SEEN, ORDINARY_SHARE, ORDINARY_ALONE, ORDINARY_AT = 4, 0.06, 0.003, 0.35
"""An ordinary word was seen this often, in names no more than this share of the time, and in names
of ordinary words alone no more than that one; a name counts from this much chance, less than
:mod:`extractors.names` asks for."""


STATING = frozenset(
    "name names named call calls called known aka nickname goes saved llamo llama dicen".split()
)
"""Words after which any other may be a name."""


def ordinary(model: Model[Any, Any], taught: Sequence[Example]) -> list[str]:
    """Return words of which alone no name is made in the last epoch's texts, sorted.

    Args:
        model: the trained network.
        taught: the texts; their labels count as much as what the model makes of them.
    """
    network: Model[Any, Any] = chain(*model.layers[1:])
    shown = _public_words(model.layers[0].attrs["words"])
    seen: Counter[str] = Counter()
    named: Counter[str] = Counter()
    names: Counter[tuple[str, ...]] = Counter()
    for batch in _batches(taught):
        scores = network.predict([example.ids for example in batch])
        for example, score in zip(batch, scores, strict=True):
            pieces = [WORDS.findall(word) for word in example.words]
            seen.update(piece for word in pieces for piece in word)
            held = (score[:, 0] < 1 - ORDINARY_AT) | ~example.allowed[:, 0]
            run: list[str] = []
            for word, name in zip((*pieces, []), (*held.tolist(), False), strict=True):
                if name:
                    run += word
                elif run:
                    named.update(run)
                    names[tuple(run)] += 1
                    run = []
    common = {
        word
        for word, count in seen.items()
        if count >= ORDINARY_SEEN and named[word] <= ORDINARY_SHARE * count
    }
    alone: Counter[str] = Counter()
    for name, count in sorted(names.items()):
        if common.issuperset(name):
            alone[max(name, key=lambda word: (named[word] / seen[word], word))] += count
    common -= {word for word, count in alone.items() if count > ORDINARY_ALONE * seen[word]}
    return sorted((common & shown) - STATING)


def _public_words(packed: bytes) -> set[str]:
    """Return words that may be listed: of the word list and of the templates."""
    classes = names_net.read_words(packed)
    words = {word for word, found in classes.items() if found[3] >= 2 or found[5]}
    words.update(str(number) for number in range(100))
    for name in ("templates.txt", "lists.txt"):
        words.update(WORDS.findall((DATA / name).read_text(encoding="utf-8").lower()))
    return words
