"""Person and place names by a trained model: what rules and lists do not know.

Our own pipeline is computed without spaCy (:mod:`extractors.names_run`); only another one needs
its import, when the first text comes: it takes up to three seconds.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

from extractors.base import LIKELY, SEEN, Hit
from extractors.gate import Memo, holds
from extractors.normalise.name import clean
from schemas.facts import NameFacts
from schemas.kinds import AliasKind, MentionKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHIPPED = Path(__file__).parent / "model"
"""Our own pipeline, with its card."""

ORDINARY = "ordinary.txt.gz"
"""File of a pipeline of our making that no other has."""

BATCH = 256
"""Texts computed at once; larger batches are slower."""

AT_ONCE = 8_192
"""Words computed at once: some 20 MB."""

KEEP = 200_000
"""Words whose vectors are kept; more than a large case has, and some 60 MB."""

PERSON_AT, PLACE_AT = 0.45, 0.5
"""Least chance of a word's two tags of a kind together for a hit. A little under one half for
persons, whom the model misses more often than it makes them up."""
PERSON_SURE, PLACE_SURE = 0.6, 0.8
"""Chance from which a hit is LIKELY; below it is SEEN. Beside the rules and the gazetteer, which
find the plain cases, hits under it were wrong more often than right (wnut17.dev places: precision
0.50 with them, 0.62 without, at 0.02 of recall)."""

PERSONS = frozenset({"PERSON", "PER"})
PLACES = frozenset({"GPE", "LOC", "FAC", "LOCATION"})
"""Labels of other people's pipelines (OntoNotes, WikiNER) that we take over."""
UNUSED = ("parser", "tagger", "attribute_ruler", "lemmatizer", "morphologizer", "senter", "textcat")

WORDS = re.compile(r"[^\W_]+")
"""Words as the gate sees them."""
OUTER = ' \t\r\n.,;:!?…"“”()[]{}<>*~|/\\#-–—'
"""Marks that no name begins or ends with."""

BEFORE_MONIKER = frozenset("lil big young yung ol king queen dj mc el la baby".split())
"""First words of nicknames of several words."""

Split = Sequence[tuple[int, str]]
"""Words with their places."""
Found = tuple[int, int, bool, bool]
"""Start, end, whether it is a person (else a place), and whether the model is sure."""


class Finder(Protocol):
    """What finds names: our pipeline or another."""

    label: str

    def find(self, texts: Sequence[str]) -> list[list[Found]]:
        """Return the names in each text."""
        ...


class Names:
    """Person and place names as a trained spaCy pipeline reads them.

    Finds: given names, full names, nicknames and monikers by the words around them; cities,
        quarters, countries, streets, crossings, addresses, motels and shops by name; in chat
        (lower case, misspelt, Spanish mixed in) and in prose.
    Does not find: who or where is meant: an alias has its key, a place no value (the gazetteer
        gives it); ``@names`` written together, which are handles; roles (``daddy``).

    References:
        - extractors/model/MODEL_CARD.md (data, licences, figures by name group)
        - https://spacy.io (the pipeline; ``--model PATH`` takes any other)
    """

    name: ClassVar[str] = "names"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[MentionKind, ...]] = (MentionKind.ALIAS, MentionKind.LOCATION)

    def __init__(self, model: str | Path | None = None) -> None:
        """Take a model; it is loaded when the first text comes.

        Args:
            model: folder of a spaCy pipeline, or the name of an installed one; None for ours.
        """
        self._model = SHIPPED if model is None else model
        self.is_own = _is_own(self._model)
        """Whether it is a pipeline of our making, whose words are those of names_words."""
        self._finder: Finder | None = None

    def __reduce__(self) -> tuple[type[Names], tuple[str | Path]]:
        """Pickle as the path alone, so that each worker loads its own."""
        return Names, (self._model,)

    def find(self, text: str, region: str) -> Iterator[Hit]:
        """Yield the names in one text, as :meth:`find_batch` would."""
        yield from self.find_batch((text,), region)[0]

    def find_batch(self, texts: Sequence[str], region: str) -> list[tuple[Hit, ...]]:
        """Return the names in each text; the region is not needed.

        The hits of a text are the same in whatever batch it comes.

        Args:
            texts: records' texts, verbatim.
            region: ISO 3166 country; names are the same in all of them.

        Returns:
            For each text its hits, sorted, LIKELY or SEEN. Aliases have their key as value and
            :class:`~schemas.facts.NameFacts`; places have neither.

        Raises:
            OSError: the model is not there or is no spaCy pipeline.
        """
        if self._finder is None:
            self._finder = _load(self._model)
        rule = f"model:{self._finder.label}"
        return [
            tuple(hit for one in found if (hit := _hit(text, one, rule)) is not None)
            for text, found in zip(texts, self._finder.find(texts), strict=True)
        ]


def model_digest(model: str | None) -> str:
    """Hash the files of a model, so that another model is other output.

    Args:
        model: as :class:`Names` takes it; a name that is no folder stands for itself.
    """
    folder = SHIPPED if model is None else Path(model)
    if not folder.is_dir():
        return str(model)
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def might_name(text: str, ordinary: frozenset[str]) -> bool:
    """Whether a name or place can be in a text: it has a word that is not ordinary.

    Args:
        text: any text.
        ordinary: words in lower case that the model takes for names nowhere in its training text.
    """
    return not ordinary.issuperset(WORDS.findall(text.lower()))


def _hit(text: str, found: Found, rule: str) -> Hit | None:
    start, end, is_person, sure = found
    confidence = LIKELY if sure else SEEN
    surface = text[start:end]
    end = start + len(surface.rstrip(OUTER))
    start += len(surface) - len(surface.lstrip(OUTER))
    surface = text[start:end]
    if surface.count("(") != surface.count(")") or not any(map(str.isalnum, surface)):
        return None
    if not is_person:
        return Hit(MentionKind.LOCATION, start, end, rule, confidence=confidence)
    key = clean(surface)
    if key is None:
        return None
    first, _, rest = key.partition(" ")
    kind = AliasKind.GIVEN if not rest else AliasKind.FULL
    if rest and first in BEFORE_MONIKER:
        kind = AliasKind.MONIKER
    return Hit(
        MentionKind.ALIAS, start, end, rule, value=key, confidence=confidence,
        facts=NameFacts(key, kind),
    )  # fmt: skip


def _is_own(model: str | Path) -> bool:
    return (Path(model) / ORDINARY).is_file()


def _load(model: str | Path) -> Finder:
    from threadpoolctl import threadpool_limits

    finder = _Own(Path(model)) if _is_own(model) else _Other(model)
    # the matrices are small and the workers as many as the cores: more threads only wait for each
    # other (two workers: 5.6 s a shard against 8.0 s), and one is the same on every machine
    threadpool_limits(1, user_api="blas")
    return finder


class _Other:
    """Any installed spaCy pipeline. Each text by itself: batches change its last digits."""

    def __init__(self, model: str | Path) -> None:
        import spacy

        self._nlp = spacy.load(model, exclude=UNUSED)
        self.label = str(self._nlp.meta.get("name") or "other")

    def find(self, texts: Sequence[str]) -> list[list[Found]]:
        return [
            [
                (entity.start_char, entity.end_char, entity.label_ in PERSONS, True)
                for entity in self._nlp(text).ents
                if entity.label_ in PERSONS or entity.label_ in PLACES
            ]
            for text in texts
        ]


class _Own:
    """Our pipeline, computed by its parts: a vector per distinct word once, the rest per text."""

    def __init__(self, model: Path) -> None:
        import numpy

        from extractors.names_run import Tagger
        from extractors.names_words import split

        self._numpy, self._split = numpy, split
        self._tagger = Tagger(model)
        self.label, self._reach = self._tagger.label, self._tagger.reach
        self.ordinary = read_ordinary(model / ORDINARY)
        self._might_name = Memo(lambda piece: might_name(piece, self.ordinary))
        self._rows: dict[str, int] = {}
        # row 0 is what stands between texts
        self._vectors = numpy.zeros((1024, self._tagger.width), "float32")

    def find(self, texts: Sequence[str]) -> list[list[Found]]:
        found: list[list[Found]] = [[] for _ in texts]
        wanted = [at for at, text in enumerate(texts) if holds(self._might_name, text)]
        for first in range(0, len(wanted), BATCH):
            batch = wanted[first : first + BATCH]
            split = [self._split(texts[at]) for at in batch]
            for at, names in zip(batch, self._read(split), strict=True):
                found[at] = names
        return found

    def scores(self, split: Sequence[Split]) -> NDArray[np.float32]:
        """Return the probabilities of the five tags, a row for each word of all texts."""
        vectors = self._look_up({word for words in split for _, word in words})
        rows = self._rows
        between = [0] * self._reach
        parts: list[NDArray[np.float32]] = []
        for group in _groups(split, self._reach):
            ids = list(between)
            beside: list[range] = []
            for piece, first, last in group:
                start = len(ids)
                ids += [rows[word] for _, word in piece]
                if last - first < len(piece):
                    beside += [range(start, start + first), range(start + last, len(ids))]
                ids += between
            places = self._numpy.array(ids)
            score = self._tagger.tags(vectors[places])
            for cut in beside:
                places[cut.start : cut.stop] = 0
            parts.append(score[places > 0])
        result: NDArray[np.float32] = self._numpy.concatenate(parts)
        return result

    def _read(self, split: Sequence[Split]) -> Iterator[list[Found]]:
        numpy = self._numpy
        score = self.scores(split)
        persons, places = score[:, 1] + score[:, 2], score[:, 3] + score[:, 4]
        is_person = (persons >= PERSON_AT) & (persons >= places)
        is_place = (places >= PLACE_AT) & ~is_person
        begins = numpy.where(is_person, score[:, 1] > score[:, 2], score[:, 3] > score[:, 4])
        # 0 outside, 1 and 2 a person's first and further words, 3 and 4 a place's
        tags = numpy.where(is_person | is_place, 2 + 2 * is_place - begins, 0).tolist()
        sure = numpy.where(is_person, persons >= PERSON_SURE, places >= PLACE_SURE).tolist()
        at = 0
        for words in split:
            own, certain = tags[at : at + len(words)], sure[at : at + len(words)]
            at += len(words)
            yield list(_spans(words, own, certain)) if any(own) else []

    def _look_up(self, words: set[str]) -> NDArray[np.float32]:
        """Return the vectors of all words known so far, these included."""
        if len(self._rows) > KEEP:
            self._rows.clear()
        new = sorted(words.difference(self._rows))
        if new:
            free = len(self._rows) + 1
            end = free + len(new)
            while end > len(self._vectors):
                self._vectors = self._numpy.concatenate((self._vectors, self._vectors))
            self._vectors[free:end] = self._tagger.embed(new)
            self._rows.update(zip(new, range(free, end), strict=True))
        return self._vectors


def _groups(split: Sequence[Split], reach: int) -> Iterator[list[tuple[Split, int, int]]]:
    """Yield pieces of texts, some :data:`AT_ONCE` words in all, with the part of each that counts.

    A long text is cut into pieces that overlap by as many words as bear upon a word, so that each
    word's tag is as in the whole.
    """
    group: list[tuple[Split, int, int]] = []
    held = 0
    for words in split:
        for start in range(0, len(words), AT_ONCE):
            first = max(0, start - reach)
            last = min(len(words), start + AT_ONCE)
            group.append((words[first : last + reach], start - first, last - first))
            held += last - first
            if held >= AT_ONCE:
                yield group
                group, held = [], 0
    if group:
        yield group


def _spans(words: Split, tags: Sequence[int], sure: Sequence[bool]) -> Iterator[Found]:
    """Yield the runs of words of one kind; a line end inside an address does not end it.

    One sure word makes a sure run.
    """
    start = end = -1
    person = certain = False
    for (at, word), tag, is_sure in zip(words, tags, sure, strict=True):
        goes_on = tag in (2, 4) and person is (tag == 2)
        if start >= 0 and not goes_on and not (tag == 0 and word.isspace()):
            yield start, end, person, certain
            start = -1
        if tag and not word.isspace():
            if start < 0:
                start, person, certain = at, tag < 3, False
            end, certain = at + len(word), certain or is_sure
    if start >= 0:
        yield start, end, person, certain


def read_ordinary(path: Path) -> frozenset[str]:
    """Return the list of ordinary words that :func:`might_name` takes."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return frozenset(file.read().split())
