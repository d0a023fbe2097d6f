"""The network behind the name model as a spaCy pipeline: tokenizer, features, layers.

Importing this module imports spaCy and registers what the model's ``config.cfg`` names, so that
``spacy.load`` can open the shipped pipeline. :mod:`extractors.training` needs it; a run does not
(:mod:`extractors.names_run` computes the same).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.language import Language
from spacy.strings import hash_string  # type: ignore[attr-defined]
from spacy.tokens import Doc
from spacy.util import DummyTokenizer
from spacy.vocab import Vocab
from thinc.api import (
    HashEmbed,
    Maxout,
    Model,
    NumpyOps,
    Softmax,
    chain,
    clone,
    concatenate,
    expand_window,
    residual,
    with_array,
)

from extractors.names_run import BLOCK
from extractors.names_words import COLUMNS, ROWS, TOKEN, describe, fold, read_words

__all__ = [
    "TAGS", "ChatTokenizer", "SteadyOps", "build_tagger", "create_tokenizer", "fold", "read_words",
    "set_ops", "word_rows",
]  # fmt: skip

Floats = NDArray[np.float32]

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
"""Outside, first and further words of a person's name, first and further words of a place."""


class ChatTokenizer(DummyTokenizer):  # type: ignore[misc]
    """The words of :func:`split` as a spaCy document."""

    def __init__(self, vocab: Vocab) -> None:
        """Take the vocabulary that the documents share."""
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return a document with exactly this text."""
        words: list[str] = []
        blanks: list[bool] = []
        for match in TOKEN.finditer(text):
            if (word := match.group()) != " ":
                words.append(word)
                blanks.append(False)
            elif words and not blanks[-1]:
                blanks[-1] = True
            else:
                words.append(word)
                blanks.append(False)
        return Doc(self.vocab, words=words, spaces=blanks)


def _features() -> Model[list[Doc], list[Any]]:
    return Model("chat_features", _features_forward, attrs={"words": b""})


def _features_forward(
    model: Model[list[Doc], list[Any]], docs: list[Doc], is_train: bool
) -> tuple[list[Any], Callable[[list[Any]], list[Doc]]]:
    rows = word_rows(model)
    return [np.stack([rows(token.text) for token in doc]) if len(doc) else
            np.zeros((0, len(COLUMNS)), "uint64") for doc in docs], lambda _: []  # fmt: skip


def word_rows(layer: Model[Any, Any]) -> Callable[[str], NDArray[np.uint64]]:
    """Return the function from a word to its feature ids, kept with the layer that owns it."""
    packed = layer.attrs["words"]
    kept: tuple[bytes, Callable[[str], NDArray[np.uint64]]] | None = layer.attrs.get("rows")
    if kept is not None and kept[0] is packed:
        return kept[1]
    words = read_words(packed) if packed else {}
    known: dict[str, NDArray[np.uint64]] = {}

    def rows(word: str) -> NDArray[np.uint64]:
        row = known.get(word)
        if row is None:
            # half of a surrogate pair has no UTF-8, which the hash is made of
            clean = word.encode("utf-8", "replace").decode() if not word.isascii() else word
            row = np.array([hash_string(text) for text in describe(clean, words)], "uint64")
            known[word] = row
        return row

    layer.attrs["rows"] = (packed, rows)  # a function, so the layer does not write it to disk
    return rows


def build_tagger(width: int, depth: int, dropout: float) -> Model[list[Doc], list[Any]]:
    """Return the network: features, a vector per word, ``depth`` looks at its neighbours, tags.

    Args:
        width: numbers per word.
        depth: how many words to each side bear upon a word's tag.
        dropout: share of numbers hidden in training.
    """
    embed: Model[Any, Any] = chain(
        concatenate(
            *(
                HashEmbed(width, rows, column=column, seed=column + 7, dropout=dropout)
                for column, rows in enumerate(ROWS)
            )
        ),
        Maxout(width, width * len(ROWS), nP=3, dropout=dropout, normalize=True),
    )
    look = residual(
        chain(expand_window(1), Maxout(width, width * 3, nP=3, dropout=dropout, normalize=True))
    )
    return chain(
        _features(),
        with_array(embed),
        with_array(clone(look, depth), pad=depth),
        with_array(Softmax(len(TAGS), width)),
    )


def create_tokenizer() -> Callable[[Language], ChatTokenizer]:
    """Return the maker of the chat tokenizer."""
    return lambda nlp: ChatTokenizer(nlp.vocab)


spacy.registry.architectures.register("triage.NameTagger.v1", func=build_tagger)
spacy.registry.tokenizers.register("triage.ChatTokenizer.v1", func=create_tokenizer)


class SteadyOps(NumpyOps):  # type: ignore[misc]
    """Array operations whose result for a row does not depend on the rows beside it."""

    name = "numpy"

    def gemm(
        self,
        x: Floats,
        y: Floats,
        out: Floats | None = None,
        trans1: bool = False,
        trans2: bool = False,
    ) -> Floats:
        """Multiply two matrices, the rows of the first in blocks of :data:`BLOCK`."""
        if trans1 or out is not None:
            plain: Floats = super().gemm(x, y, out=out, trans1=trans1, trans2=trans2)
            return plain
        weights = y.T if trans2 else y
        count = x.shape[0]
        whole = count // BLOCK * BLOCK
        result = np.empty((count, weights.shape[1]), dtype=x.dtype)
        for start in range(0, whole, BLOCK):
            np.matmul(x[start : start + BLOCK], weights, out=result[start : start + BLOCK])
        if whole < count:
            last = np.zeros((BLOCK, x.shape[1]), dtype=x.dtype)
            last[: count - whole] = x[whole:]
            result[whole:] = (last @ weights)[: count - whole]
        return result


def set_ops(model: Model[Any, Any], ops: NumpyOps) -> None:
    """Make every layer compute with ``ops``."""
    for node in model.walk():
        node.ops = ops
