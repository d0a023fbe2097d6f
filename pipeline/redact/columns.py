"""A column without what identifies a protected person; each distinct text is looked at once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pyarrow as pa

from pipeline.redact.mapping import keyed
from pipeline.redact.patterns import BIRTH_CUE, TAX_CUE
from pipeline.redact.text import Counts, Edit, Redactor, apply
from schemas.ids import ID_BYTES

OWN_WORDS = frozenset({
    "kind", "basis", "rule", "extractor", "service_category", "review", "severity", "stage",
    "code", "scope", "language", "relation", "region_code", "number_type", "obfuscation",
    "alias_kind", "place_kind", "precision", "direction", "purpose", "instrument", "currency",
    "reader", "provider", "tool_version", "config_sha256", "source_sha256", "container_sha256",
    "sha256", "component_versions", "source_sha256s", "row_counts", "stage_seconds", "run_id",
    "judgement", "sent_raw",
})  # fmt: skip
"""Columns that hold the tool's own words, hashes of files, or a time as printed: left as they are.
All other text is looked at."""

IDS = frozenset({
    "record_id", "mention_id", "entity_id", "entity_a", "entity_b", "link_id", "account_id",
    "author_account_id", "recipient_account_ids", "source_id", "issue_id", "candidate_id",
    "judgement_id", "duplicate_of", "group_id",
})  # fmt: skip
"""Columns of ids. They are hashes, some of values: who guesses a number could check the guess, so
redacted outputs have others, made with the key of the case."""


class Columns:
    """Transforms columns; remembers what it has seen."""

    def __init__(self, redactor: Redactor, key: bytes, counts: Counts) -> None:
        self._redactor = redactor
        self._key = key
        self._counts = counts
        self._own: set[str] = set()
        self.counting = True
        """Whether replacements count; in tables made of others they do not."""
        self._ids: dict[str, str] = {}
        self._seen: dict[tuple[str, str], tuple[str, tuple[Edit, ...]]] = {}

    def trust_citations(self, labels: set[str]) -> None:
        """Leave citations as they are if the labels of all sources name nobody."""
        if not any(self.edits(label)[1] for label in labels):
            self._own = {"citation", "source_label"}

    def id(self, name: str) -> str:
        """Return the id that redacted outputs have in place of one of the case."""
        if name not in self._ids:
            if len(self._ids) > 1 << 20:
                self._ids.clear()
            self._ids[name] = keyed(self._key, f"id\x1f{name}")[: 2 * ID_BYTES]
        return self._ids[name]

    def table(self, table: pa.Table) -> pa.Table:
        """Return a table with all of its columns transformed."""
        columns = [self.column(item, table[item.name]) for item in table.schema]
        return pa.table(columns, schema=table.schema)

    def column(self, item: pa.Field, values: pa.ChunkedArray) -> Any:
        """Transform a column by its name and type."""
        is_list = pa.types.is_list(item.type)
        if item.name == "watch":
            return pa.nulls(len(values), item.type)  # what a watch list holds is not passed on
        if item.name in IDS:
            return self._lists(item, values, self.id) if is_list else self._keyed(item, values)
        if item.name in OWN_WORDS or item.name in self._own:
            return values
        if pa.types.is_string(item.type):
            return self.texts(values)
        if is_list and pa.types.is_string(item.type.value_type):
            return self._lists(item, values, self.say)
        if is_list and pa.types.is_struct(item.type.value_type):
            return self._labelled(item, values)
        return values

    def texts(self, values: pa.ChunkedArray) -> pa.ChunkedArray:
        """Transform texts."""
        coded = values.combine_chunks().dictionary_encode()
        texts = coded.dictionary.to_pylist()
        passing = self._redactor.gate.passing(texts)
        if not any(passing):
            return values
        times: Counter[int] = Counter(coded.indices.drop_null().to_pylist())
        said = [
            self.say(text, times=times[n], passes=True) if passes else text
            for n, (text, passes) in enumerate(zip(texts, passing, strict=True))
        ]
        return pa.chunked_array([pa.array(said, pa.string()).take(coded.indices)])

    def say(self, text: str, label: str = "", *, times: int = 1, passes: bool | None = None) -> str:
        """Transform a text.

        Args:
            text: the text.
            label: the name of its field, where that says what it is.
            times: how often it stands in the column.
            passes: whether the gate let it pass; None = ask.
        """
        said, edits = self.edits(text, label, passes=passes)
        if self.counting:
            self._counts.add(edits, times)
        return said

    def edits(
        self, text: str, label: str = "", *, passes: bool | None = None
    ) -> tuple[str, tuple[Edit, ...]]:
        """Return a text transformed, and what was replaced."""
        label = label if is_cue(label) else ""
        found = self._seen.get((text, label))
        if found is None:
            edits: tuple[Edit, ...] = ()
            if label or passes or (passes is None and self._redactor.gate.passes(text)):
                edits = self._redactor.edits(text, label=label)
            found = apply(text, edits), edits
            if len(text) <= 200:
                if len(self._seen) > 1 << 17:
                    self._seen.clear()
                self._seen[text, label] = found
        return found

    def _keyed(self, item: pa.Field, values: pa.ChunkedArray) -> pa.Array:
        coded = values.combine_chunks().dictionary_encode()
        said = pa.array([self.id(name) for name in coded.dictionary.to_pylist()], item.type)
        return said.take(coded.indices)

    def _lists(self, item: pa.Field, values: pa.ChunkedArray, say: Any) -> pa.Array:
        rows = [
            None if row is None else [None if text is None else say(text) for text in row]
            for row in values.to_pylist()
        ]
        if item.name in {"names", "emails", "phones"}:  # sorted by what they were
            rows = [None if row is None else sorted({*filter(None, row)}) for row in rows]
        return pa.array(rows, item.type)

    def _labelled(self, item: pa.Field, values: pa.ChunkedArray) -> pa.Array:
        names = {field.name for field in item.type.value_type}
        if names != {"label", "value"}:
            return values
        rows = values.to_pylist()
        for row in rows:
            for pair in row or ():
                label, value = pair["label"] or "", pair["value"]
                if pair["label"] is not None:
                    pair["label"] = self.say(label)
                if value is not None:
                    pair["value"] = self.say(value, label)
        return pa.array(rows, item.type)


def is_cue(label: str) -> bool:
    """Whether the name of a field says that its value is restricted."""
    return bool(label) and any(
        cue.search(label.replace("_", " ")) is not None for cue in (BIRTH_CUE, TAX_CUE)
    )
