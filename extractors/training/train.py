"""One seeded training run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.language import Language
from thinc.api import Adam, Model, NumpyOps, chain, fix_random_seed

from extractors import names_net
from extractors.names_net import TAGS
from extractors.training import corpora
from extractors.training.grammar import DATA, PERSON, PLACE, Grammar

Floats = NDArray[np.float32]
WIDTH, DEPTH = 64, 3
INVENTED = 45_000
"""Lines of invented chat; more of them costs precision on public text, fewer recall on chat."""
EPOCHS = 8
BATCH_WORDS = 2_500
RATE = 0.003
HIDE_WORD, HIDE_LISTS, HIDE_CLUSTER = 0.2, 0.08, 0.08
"""Shares of words whose identity, list classes or clusters are hidden in training, so that an
unlisted name is still found by its neighbours."""


@dataclass(frozen=True, slots=True)
class Example:
    """The words of a text as feature ids, and the tags each may have."""

    ids: NDArray[np.uint64]
    allowed: NDArray[np.bool_]
    """One row a word: one true value where the tag is known, several where nobody judged."""


def blank(words: bytes) -> tuple[Language, Model[Any, Any]]:
    """Return an untrained pipeline and its network, with the word list in place."""
    nlp = spacy.blank(
        "en", config={"nlp": {"tokenizer": {"@tokenizers": "triage.ChatTokenizer.v1"}}}
    )
    settings = {"@architectures": "triage.NameTagger.v1", "width": WIDTH, "depth": DEPTH}
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
            result.append(Example(ids, _allowed(doc, row, classes)))
    return result


def _allowed(
    doc: Any, row: corpora.Row, classes: dict[str, tuple[int, ...]]
) -> NDArray[np.bool_]:
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


def _may_name(token: Any, classes: dict[str, tuple[int, ...]]) -> bool:
    """Whether a word that nobody labelled could be a name all the same."""
    found = classes.get(names_net.fold(token.text))
    if token.text[:1].isupper() and token.i > 0:
        return True
    return token.is_alpha and (found is None or found[4] in (3, 4, 9))


def run(folder: Path, seed: int, say: Callable[[str], None]) -> Language:
    """Train and return the pipeline.

    Args:
        folder: the public corpora.
        seed: fixes the invented lines, the order and the first weights.
        say: takes a line of progress.
    """
    fix_random_seed(seed)
    nlp, model = blank((DATA / "words.tsv.gz").read_bytes())
    taught = examples(folder, seed, nlp, model)
    say(f"{len(taught)} texts, {sum(len(e.ids) for e in taught)} words")
    random = Random(seed)  # noqa: S311: not for secrets
    noise = np.random.default_rng(seed)
    network = chain(*model.layers[1:])
    optimizer = Adam(RATE, L2=0.01, grad_clip=1.0, use_averages=True, L2_is_weight_decay=True)
    batches = list(_batches(taught))
    total, step, lost = EPOCHS * len(batches), 0, 0.0
    for epoch in range(EPOCHS):
        random.shuffle(taught)
        for batch in _batches(taught):
            warm = min(1.0, (step + 1) / 300)
            optimizer.learn_rate = RATE * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1, step / total))))  # fmt: skip
            scores, backprop = network.begin_update([_hide(e.ids, noise) for e in batch])
            gradient = [_gradient(s, e.allowed) for s, e in zip(scores, batch, strict=True)]
            lost += sum(float(np.abs(g).sum()) for g in gradient)
            backprop(gradient)
            network.finish_update(optimizer)
            step += 1
        say(f"epoch {epoch + 1}: {lost / sum(len(e.ids) for e in taught):.4f}")
        lost = 0.0
    return nlp


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
