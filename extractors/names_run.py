"""The name model without spaCy: reads the shipped pipeline's weights and computes its tags.

The same sums in the same order as the pipeline under :class:`extractors.names_net.SteadyOps`, to
the last bit (a test holds them together), in numpy alone: importing spaCy takes one to three
seconds and 150 MB a worker, and half the time in its layers goes into what only training needs.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from extractors.gate import Memo
from extractors.names_words import COLUMNS, describe, read_words

Floats = NDArray[np.float32]

BLOCK: Final = 256
"""Rows multiplied at a time. Always as many, filled up with zeros, so that the sums behind a word's
tag are added in the same order whatever else is in the batch."""
PIECES: Final = 3
"""Sums of which a maxout layer takes the largest."""
MASK: Final = (1 << 64) - 1


class Tagger:
    """The weights of a pipeline of ours, and what they make of words."""

    def __init__(self, folder: Path) -> None:
        """Read a pipeline.

        Args:
            folder: of the pipeline, as ``spacy.load`` takes it.

        Raises:
            OSError: the files are not there or are not of a pipeline of ours.
        """
        try:
            self.label = str(json.loads((folder / "meta.json").read_text("utf-8"))["name"])
            stored, _ = unpack((folder / "names" / "model").read_bytes(), 0)
            layers = list(zip(stored["nodes"], stored["attrs"], stored["params"], strict=True))
            packed = next(attrs["words"] for _, attrs, _ in layers if "words" in attrs)
            self._words = read_words(unpack(packed, 0)[0])
            named: dict[str, list[dict[str, Floats]]] = {}
            seeds = [unpack(attrs["seed"], 0)[0] for _, attrs, _ in layers if "seed" in attrs]
            for node, _, params in layers:
                arrays = {name: _array(value) for name, value in params.items()}
                named.setdefault(node["name"], []).append(arrays)
            self._tables = [
                (layer["E"], seed) for layer, seed in zip(named["hashembed"], seeds, strict=True)
            ]
            norms = named["layernorm"]
            self._embed, *self._looks = (
                _Layer(layer["W"], layer["b"], norm["G"], norm["b"])
                for layer, norm in zip(named["maxout"], norms, strict=True)
            )
            (last,) = named["softmax"]
            self._last, self._bias = last["W"], last["b"]
        except (KeyError, TypeError, ValueError, IndexError, StopIteration, struct.error) as error:
            raise OSError(f"{folder} holds no name model that can be read") from error
        self.width, self.reach = self._last.shape[1], len(self._looks)
        if len(self._tables) != len(COLUMNS):
            raise OSError(f"{folder} is a name model with other features")

    def embed(self, words: Sequence[str]) -> Floats:
        """Return the vectors of words by themselves, a row for each."""
        ids = np.array([self._ids(word) for word in words], "uint64")
        wide = np.concatenate(
            [
                _gather(table, _keys(ids[:, n], seed))
                for n, (table, seed) in enumerate(self._tables)
            ],
            axis=1,
        )
        result = np.empty((len(words), self.width), "float32")
        self._embed.apply(wide, wide, result, add=False)
        return result

    def tags(self, vectors: Floats) -> Floats:
        """Return the probabilities of the tags of words in their order.

        Args:
            vectors: a row for each word, texts set apart by :attr:`reach` rows of zeros, also
                before the first and after the last.
        """
        count, width = vectors.shape
        now = np.zeros((count + 2, width), "float32")
        now[1:-1] = vectors
        for look in self._looks:
            after = np.zeros_like(now)
            # a word with its two neighbours is a stretch of memory: no array is put together
            windows = np.lib.stride_tricks.as_strided(
                now, (count, PIECES * width), now.strides, writeable=False
            )
            look.apply(windows, now[1:-1], after[1:-1], add=True)
            now = after
        sums = np.empty((count, len(self._last)), "float32")
        _multiply(now[1:-1], self._last.T, sums)
        sums += self._bias
        sums -= sums.max(axis=-1, keepdims=True)
        np.exp(sums, out=sums)
        sums /= sums.sum(axis=-1, keepdims=True)
        return sums

    def _ids(self, word: str) -> list[int]:
        # half of a surrogate pair has no UTF-8, which the hash is made of
        clean = word.encode("utf-8", "replace").decode() if not word.isascii() else word
        return [IDS[feature] for feature in describe(clean, self._words)]


class _Layer:
    """Maxout, then each row brought to mean 0 and variance 1, scaled and shifted."""

    def __init__(self, weights: Floats, bias: Floats, scale: Floats, shift: Floats) -> None:
        out, pieces, count = weights.shape
        # the pieces side by side instead of in turn: the largest is then taken of whole stretches
        self._weights = np.ascontiguousarray(weights.transpose(1, 0, 2)).reshape(-1, count).T
        self._bias = np.ascontiguousarray(bias.T).reshape(-1)
        self._scale, self._shift = scale, shift
        self._out = out
        if pieces != PIECES:
            raise ValueError(pieces)

    def apply(self, rows: Floats, before: Floats, result: Floats, *, add: bool) -> None:
        """Compute block by block, which stays in the processor's cache.

        Args:
            rows: what is multiplied.
            before: what is added to the outcome.
            result: takes the outcome, a row for each.
            add: whether ``before`` is added.
        """
        out = self._out
        block = np.empty((BLOCK, rows.shape[1]), "float32")
        sums = np.empty((BLOCK, PIECES * out), "float32")
        for start in range(0, len(rows), BLOCK):
            part = rows[start : start + BLOCK]
            count = len(part)
            block[:count] = part
            block[count:] = 0
            np.matmul(block, self._weights, out=sums)
            some = sums[:count]
            some += self._bias
            best = np.maximum(some[:, :out], some[:, out : 2 * out])
            np.maximum(best, some[:, 2 * out :], out=best)
            best -= np.add.reduce(best, axis=1, keepdims=True) / np.float32(out)
            spread = np.add.reduce(best * best, axis=1, keepdims=True) / np.float32(out) + 1e-08
            best *= spread ** (-1.0 / 2.0)
            best *= self._scale
            best += self._shift
            if add:
                best += before[start : start + BLOCK]
            result[start : start + BLOCK] = best


def _multiply(rows: Floats, weights: Floats, result: Floats) -> None:
    block = np.zeros((BLOCK, rows.shape[1]), "float32")
    for start in range(0, len(rows), BLOCK):
        part = rows[start : start + BLOCK]
        block[: len(part)] = part
        block[len(part) :] = 0
        result[start : start + BLOCK] = (block @ weights)[: len(part)]


def _gather(table: Floats, keys: NDArray[np.uint32]) -> Floats:
    total = np.zeros((len(keys), table.shape[1]), "float32")
    for column in (keys % len(table)).T:
        total += table[column]
    return total


def _keys(ids: NDArray[np.uint64], seed: int) -> NDArray[np.uint32]:
    """Return the four numbers to which thinc's ``hash`` (MurmurHash3, 128 bits) turns each id."""
    start = np.uint64(seed ^ 8)
    one = ids * np.uint64(0x87C37B91114253D5)
    one = (one << np.uint64(31) | one >> np.uint64(33)) * np.uint64(0x4CF5AD432745937F)
    one = (one ^ start) + start
    two = one + start
    one, two = _mixed(one), _mixed(two)
    one = one + two
    two = two + one
    low = np.uint64(0xFFFFFFFF)
    high = np.uint64(32)
    return np.stack([one & low, one >> high, two & low, two >> high], axis=1).astype("uint32")


def _mixed(number: NDArray[np.uint64]) -> NDArray[np.uint64]:
    shift = np.uint64(33)
    number = (number ^ number >> shift) * np.uint64(0xFF51AFD7ED558CCD)
    number = (number ^ number >> shift) * np.uint64(0xC4CEB9FE1A85EC53)
    return number ^ number >> shift


def string_id(text: str) -> int:
    """Return the number that spaCy gives a string: MurmurHash64A with seed 1."""
    data = text.encode()
    factor = 0xC6A4A7935BD1E995
    number = 1 ^ (len(data) * factor & MASK)
    whole = len(data) & ~7
    for (part,) in struct.iter_unpack("<Q", data[:whole]):
        mixed = part * factor & MASK
        number = (number ^ ((mixed ^ mixed >> 47) * factor & MASK)) * factor & MASK
    if whole < len(data):
        number = (number ^ int.from_bytes(data[whole:], "little")) * factor & MASK
    number = (number ^ number >> 47) * factor & MASK
    return number ^ number >> 47


IDS: Final = Memo(string_id)


def _array(stored: dict[bytes, Any]) -> Floats:
    array = np.frombuffer(stored[b"data"], np.dtype(stored[b"type"]))
    return array.reshape(stored[b"shape"])


def _sized(form: str) -> Callable[[bytes, int], tuple[Any, int]]:
    packer = struct.Struct(form)
    return lambda data, at: (packer.unpack_from(data, at)[0], at + packer.size)


NUMBERS: Final = {
    0xCA: _sized(">f"), 0xCB: _sized(">d"), 0xCC: _sized(">B"), 0xCD: _sized(">H"),
    0xCE: _sized(">I"), 0xCF: _sized(">Q"), 0xD0: _sized(">b"), 0xD1: _sized(">h"),
    0xD2: _sized(">i"), 0xD3: _sized(">q"),
}  # fmt: skip
SIZES: Final = (_sized(">B"), _sized(">H"), _sized(">I"))


def unpack(data: bytes, at: int) -> tuple[Any, int]:
    """Read a value of MessagePack, in which thinc stores a model.

    Args:
        data: the bytes.
        at: where the value begins.

    Returns:
        The value, and where the next one begins.

    Raises:
        ValueError: a type that no model holds.
        IndexError: the data ends before the value.

    References:
        - https://github.com/msgpack/msgpack/blob/master/spec.md
    """
    kind = data[at]
    at += 1
    if kind < 0x80 or kind >= 0xE0:
        return (kind if kind < 0x80 else kind - 256), at
    if kind < 0x90:
        return _map(data, at, kind & 15)
    if kind < 0xA0:
        return _list(data, at, kind & 15)
    if kind < 0xC0:
        return data[at : at + (kind & 31)].decode(), at + (kind & 31)
    if kind in (0xC0, 0xC2, 0xC3):
        return {0xC0: None, 0xC2: False, 0xC3: True}[kind], at
    if kind in NUMBERS:
        return NUMBERS[kind](data, at)
    if 0xC4 <= kind <= 0xC6 or 0xD9 <= kind <= 0xDB:
        size, at = SIZES[(kind - 0xC4) if kind < 0xD9 else kind - 0xD9](data, at)
        value = data[at : at + size]
        return (value if kind < 0xD9 else value.decode()), at + size
    if kind in (0xDC, 0xDD, 0xDE, 0xDF):
        size, at = SIZES[1 + (kind & 1)](data, at)
        return (_list if kind < 0xDE else _map)(data, at, size)
    raise ValueError(f"type {kind:#x} of MessagePack")


def _list(data: bytes, at: int, size: int) -> tuple[list[Any], int]:
    values = []
    for _ in range(size):
        value, at = unpack(data, at)
        values.append(value)
    return values, at


def _map(data: bytes, at: int, size: int) -> tuple[dict[Any, Any], int]:
    flat, at = _list(data, at, 2 * size)
    return dict(zip(flat[::2], flat[1::2], strict=True)), at
