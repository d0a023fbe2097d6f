"""What the lint of wording counts: our own words in a document, and how hard they are to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.report.document import (
    Bullets,
    Document,
    Facts,
    Figure,
    Inlines,
    Paragraph,
    Section,
    Table,
    Words,
)

HERE = Path(__file__).parent
STAND_IN = "it"
"""For what is not ours in a sentence: one short word, which makes nothing harder."""
LEAST = 12
"""Words below which a paragraph says nothing about how hard it is."""
CLOCK = re.compile(r"(?<![\d:])\d{1,2}:\d{2}(?![\d:]*[0-9a-f]{3})")
_VOWELS = re.compile(r"[aeiouy]+")


def lines(name: str) -> list[str]:
    """Return the lines of a list that are no comment."""
    text = (HERE / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


BANNED = re.compile(rf"(?<![\w-])(?:{'|'.join(lines('banned_words.txt'))})(?![\w-])", re.IGNORECASE)
ALLOWED = [line.split("\t")[0] for line in lines("allowed_words.txt")]
PERSON = re.compile(
    r"(?<![\w-])(?:he|she|him|his|her|hers|himself|herself)(?![\w-])", re.IGNORECASE
)
"""Accounts are the subjects (DOMAIN 4.8); nobody has a sex."""


def banned(text: str, pattern: re.Pattern[str] = BANNED) -> list[str]:
    """Return the words of a text that must not stand there."""
    for phrase in ALLOWED:
        text = re.sub(re.escape(phrase), " ", text, flags=re.IGNORECASE)
    return [match.group() for match in pattern.finditer(text)]


def ours(parts: Inlines) -> str:
    """Return running text with what is not our wording replaced by a short word."""
    return "".join(
        part.text if isinstance(part, Words) and part.style not in ("code", "hash") else STAND_IN
        for part in parts
    )


def blocks(document: Document) -> Iterator[tuple[Section | None, object]]:
    """Yield every block with its section."""
    for block in document.front:
        yield None, block
    for section in document.sections:
        for block in section.blocks:
            yield section, block


def running(document: Document) -> Iterator[str]:
    """Yield what is written in sentences: paragraphs, points, captions."""
    for _, block in blocks(document):
        if isinstance(block, Paragraph):
            yield ours(block.parts)
        elif isinstance(block, Bullets):
            yield from map(ours, block.items)
        elif isinstance(block, Table | Figure):
            yield ours(block.caption)


def grade(text: str) -> float | None:
    """Return the Flesch-Kincaid grade of a text; None for one of few words.

    0.39 words per sentence + 11.8 syllables per word - 15.59 (Kincaid and others, 1975). As with
    Flesch, a semicolon and a colon end a sentence too. Syllables are runs of vowels, a silent e
    apart.
    """
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text)
    if len(words) < LEAST:
        return None
    sentences = len(re.findall(r"\w[^.!?;:]*(?:[.!?;:]+(?=\s|$)|$)", text)) or 1
    syllables = sum(map(syllable_count, words))
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def syllable_count(word: str) -> int:
    """Count the syllables of a word, roughly; an abbreviation counts by letters at most three."""
    if word.isupper():
        return min(len(word), 3)
    word = word.casefold().removesuffix("'s")
    count = len(_VOWELS.findall(word))
    if word.endswith(("e", "es", "ed")) and not word.endswith(("le", "ted", "ded", "ses", "ces")):
        count -= 1
    return max(count, 1)


def zoneless(document: Document, zone: str) -> Iterator[str]:
    """Yield blocks that give a time of day, or a column of times, and name no zone for it."""
    for section, block in blocks(document):
        title = section.title if section else ""
        if isinstance(block, Table):
            said = " ".join([title, ours(block.caption), *(c.label for c in block.columns)])
            told = " ".join(ours(cell.parts) for row in block.rows for cell in row.cells)
            has_times = any(column.kind == "time" for column in block.columns)
        elif isinstance(block, Paragraph):
            said = told = ours(block.parts)
            has_times = False
        elif isinstance(block, Bullets | Facts):
            items = block.items if isinstance(block, Bullets) else [v for _, v in block.items]
            told = " ".join(map(ours, items))
            labels = [] if isinstance(block, Bullets) else [label for label, _ in block.items]
            said, has_times = " ".join([title, told, *labels]), False
        else:
            continue
        if (has_times or CLOCK.search(told)) and "UTC" not in said and zone not in said:
            yield f"{title}: {told[:80]}"
