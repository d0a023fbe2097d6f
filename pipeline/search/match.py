"""A text query in tantivy's terms, and where a found text answers it."""

from __future__ import annotations

from collections.abc import Iterator

import tantivy

from pipeline.search.fold import Token, tokens
from pipeline.search.parse import Group, Node, Not, Phrase

MARKED_LIMIT = 1_000_000
"""Characters of a text that highlights are looked for in: folding 10 MB would take seconds."""


def compiled(node: Node, schema: tantivy.Schema) -> tantivy.Query:
    """Return the query over the field ``body``."""
    if isinstance(node, Phrase):
        return _compiled_phrase(node, schema)
    if isinstance(node, Not):
        parts = [
            (tantivy.Occur.Must, tantivy.Query.all_query()),
            (tantivy.Occur.MustNot, compiled(node.part, schema)),
        ]
        return tantivy.Query.boolean_query(parts)
    occur = tantivy.Occur.Should if node.any_of else tantivy.Occur.Must
    return tantivy.Query.boolean_query([(occur, compiled(part, schema)) for part in node.parts])


def _compiled_phrase(phrase: Phrase, schema: tantivy.Schema) -> tantivy.Query:
    *before, last = phrase.words
    if phrase.distance:
        return tantivy.Query.fuzzy_term_query(schema, "body", last, distance=phrase.distance)
    if phrase.prefix:
        # folded words hold letters, digits and pictographs only: nothing to escape. tantivy's own
        # prefix phrase looks at 50 words and is silent about the rest; this one takes 16,384
        pattern = f"{last}.*"
        if before:
            return tantivy.Query.regex_phrase_query(schema, "body", [*before, pattern])
        return tantivy.Query.regex_query(schema, "body", pattern)
    if before:
        return tantivy.Query.phrase_query(schema, "body", list(phrase.words))
    return tantivy.Query.term_query(schema, "body", last, index_option="basic")


def spans(node: Node, text: str) -> tuple[tuple[int, int], ...]:
    """Return the places of a text that answer a query, sorted and apart.

    What stands under NOT is not looked for. Only the first :data:`MARKED_LIMIT` characters are.
    """
    found = tokens(text[:MARKED_LIMIT])
    marked = sorted(span for phrase in _wanted(node) for span in _places(phrase, found))
    joined: list[tuple[int, int]] = []
    for start, end in marked:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _wanted(node: Node) -> Iterator[Phrase]:
    if isinstance(node, Phrase):
        yield node
    elif isinstance(node, Group):
        for part in node.parts:
            yield from _wanted(part)


def _places(phrase: Phrase, found: list[Token]) -> Iterator[tuple[int, int]]:
    *before, last = phrase.words
    for index in range(len(before), len(found)):
        if _answers(phrase, last, found[index].word) and all(
            token.word == word
            for token, word in zip(found[index - len(before) : index], before, strict=True)
        ):
            yield found[index - len(before)].start, found[index].end


def _answers(phrase: Phrase, wanted: str, word: str) -> bool:
    if phrase.prefix:
        return word.startswith(wanted)
    return word == wanted or (phrase.distance > 0 and within(wanted, word, phrase.distance))


def within(one: str, other: str, distance: int) -> bool:
    """Tell whether two words are so many edits apart or fewer.

    An edit changes, adds or leaves out a character or swaps two neighbours (optimal string
    alignment, as tantivy's automata count).
    """
    if abs(len(one) - len(other)) > distance:
        return False
    older: list[int] = []
    old = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        row = [i]
        for j, against in enumerate(other, 1):
            cost = min(old[j] + 1, row[j - 1] + 1, old[j - 1] + (char != against))
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == against:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        older, old = old, row
    return old[-1] <= distance
