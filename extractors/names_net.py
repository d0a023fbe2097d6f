"""The network behind the name model: tokenizer, word features, layers, and arithmetic per text.

Importing this module imports spaCy and registers what the model's ``config.cfg`` names, so that
``spacy.load`` can open the shipped pipeline. Only :mod:`extractors.names` and
:mod:`extractors.training` import it.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
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

Floats = NDArray[np.float32]

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
"""Outside, first and further words of a person's name, first and further words of a place."""

LETTER = r"[\w\u0300-\u036f]"
TOKEN = re.compile(
    rf"""
    (?:https?://|www\.)\S{{1,2000}}               # addresses and @names stay whole
    | [\w.+%-]{{1,64}}@[\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{1,6}}
    | @\w+
    | (?:[^\W\d_]\.){{2,8}}                      # U.S.
    | \d+(?:[.,:]\d+){{1,9}}                     # 12:30, 1,500
    | {LETTER}+(?:['’](?![sS]\b){LETTER}+){{0,9}}  # o'shea, don't
    | ['’][sS]\b                                # penny's: a word of its own
    | [^\w\s\u0000-\u036f]+                      # a run of emoji
    | ([^\w\s])\1*                             # a run of one mark
    | \s+
    """,
    re.VERBOSE,
)
"""A word. Every character is in one, and none takes more than linear time. Chat leaves out blanks
(``lake/chicago``, ``ok.penny``, ``star😂``), so marks always end a word."""

COLUMNS = ("word", "start", "end", "shape", "plain", "title", "use", "lists", "group")
ROWS = (6000, 2500, 2500, 400, 1500, 1500, 500, 200, 200)
"""Rows of each column's hash table; every id is looked up in four of them."""


def split(text: str) -> list[tuple[int, str]]:
    """Return the words of a text with their places; single blanks between words are none."""
    return [
        (match.start(), word) for match in TOKEN.finditer(text) if (word := match.group()) != " "
    ]


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


def read_words(packed: bytes) -> dict[str, tuple[int, ...]]:
    """Return the word list (see ``extractors.training.words``) from its packed form."""
    rows = {}
    for line in gzip.decompress(packed).decode().splitlines():
        word, *classes = line.split("\t")
        rows[word] = tuple(map(int, classes))
    return rows


UNKNOWN = (0, 0, 0, 0, 9, 0, 0, 0)
LEET = str.maketrans("013457$@", "oieastsa")
TRIPLE = re.compile(r"(.)\1{2,}")
DOUBLE = re.compile(r"(.)\1+")


def fold(word: str) -> str:
    """Return a word in lower case without accents; long numbers become their length."""
    folded = word.lower().replace("’", "'")
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded)
        folded = "".join(char for char in parts if not unicodedata.combining(char)) or folded
    if len(folded) > 3 and folded.isdigit():
        return f"#{min(len(folded), 12)}"
    return folded


def _look_up(folded: str, words: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
    """Return a word's classes; ``starrr`` and ``k3isha`` are tried as ``star`` and ``keisha``."""
    classes = words.get(folded)
    if classes is not None or len(folded) < 3:
        return classes or UNKNOWN
    tries = [folded.replace("'", "").replace("’", ""), TRIPLE.sub(r"\1\1", folded)]
    tries += [TRIPLE.sub(r"\1", folded), DOUBLE.sub(r"\1", folded) if len(folded) > 4 else folded]
    if not folded.isalpha() and sum(map(str.isalpha, folded)) * 2 > len(folded):
        tries.append(folded.translate(LEET))
    return next((words[form] for form in tries if form in words), UNKNOWN)


def _shape(word: str) -> str:
    shape = "".join(
        "d" if char.isdigit() else "X" if char.isupper() else "x" if char.isalpha() else char
        for char in word[:24]
    )
    return re.sub(r"(.)\1{2,}", r"\1\1", shape)[:10]


def describe(word: str, words: dict[str, tuple[int, ...]]) -> tuple[str, ...]:
    """Return a word's features, one for each of :data:`COLUMNS`."""
    folded = fold(word)
    given, surname, place, frequency, capitals, spanish, plain, title = _look_up(folded, words)
    return (
        folded,
        folded[:3],
        folded[-3:],
        _shape(word),
        str(plain) if plain else f"?{folded[-2:]}",
        str(title) if title else f"?{folded[:2]}",
        f"{frequency}/{capitals}/{spanish}",
        f"{given}/{surname}/{place}",
        f"{plain & 63}/{capitals // 2}",
    )


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


def size(tagger: Model[Any, Any]) -> tuple[int, int]:
    """Return how many numbers a word has in a network, and how many words to each side it sees."""
    reach = sum(node.name == "expand_window" for node in tagger.walk())
    return int(tagger.layers[-1].layers[0].get_dim("nI")), reach


def create_tokenizer() -> Callable[[Language], ChatTokenizer]:
    """Return the maker of the chat tokenizer."""
    return lambda nlp: ChatTokenizer(nlp.vocab)


spacy.registry.architectures.register("triage.NameTagger.v1", func=build_tagger)
spacy.registry.tokenizers.register("triage.ChatTokenizer.v1", func=create_tokenizer)

BLOCK = 256
"""Rows multiplied at a time. Always as many, filled up with zeros, so that the sums behind a word's
tag are added in the same order whatever else is in the batch."""


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
