"""Extractors alone: rows in, mentions out; and their precision and recall against gold rows.

Rows of CONTRACT sections 5 and 6. A text is one row; a thread is one row with ``messages``, which
are refined as in a case.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import phonenumbers

from extractors.base import Hit, ThreadMessage
from extractors.date_threads import resolve
from extractors.finder import Finder
from extractors.registry import REFINER, settle
from pipeline.errors import ConfigError
from schemas.facts import NameFacts

LABELS = ("phone", "alias", "handle", "location", "money", "email", "url", "ip")
CHUNK = 2_000
"""Rows looked at together: enough for the model's batches, little enough for memory."""


def read_rows(stream: TextIO, name: str) -> Iterator[dict[str, Any]]:
    """Yield JSON objects, one a line.

    Raises:
        ConfigError: a line is no JSON object, or has neither ``text`` nor ``messages``.
    """
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ConfigError(f"{name} line {number}: is not JSON") from error
        if not isinstance(row, dict) or not ("text" in row or "messages" in row):
            raise ConfigError(f"{name} line {number}: wants an object with text, or messages")
        yield row


def extract(
    rows: Iterable[dict[str, Any]], finder: Finder, region: str, zone: str
) -> Iterator[tuple[dict[str, Any], list[list[Hit]]]]:
    """Yield each row with the hits of its text, or of each of its messages.

    Args:
        rows: as :func:`read_rows` gives them.
        finder: finds hits; its region is used for rows that state none.
        region: that region.
        zone: IANA zone of relative dates.
    """
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        by_region: dict[str, list[str]] = defaultdict(list)
        for row in chunk:
            by_region[row.get("region") or region] += _texts(row)
        finders = {
            name: finder if name == region else finder.for_region(name) for name in by_region
        }
        for name, texts in by_region.items():
            finders[name].prepare(texts)
        for row in chunk:
            own = row.get("region") or region
            messages = row.get("messages", [row])
            hits = [
                list(resolve(finders[own].find(text), _moment(message.get("sent_at")), zone))
                for text, message in zip(_texts(row), messages, strict=True)
            ]
            if "messages" in row:
                hits = _refined(row, hits, own, zone)
            yield row, hits


def _texts(row: dict[str, Any]) -> list[str]:
    if "messages" in row:
        return [str(message.get("text") or "") for message in row["messages"]]
    return [str(row.get("text") or "")]


def _refined(row: dict[str, Any], hits: list[list[Hit]], region: str, zone: str) -> list[list[Hit]]:
    messages = []
    for place, (message, found) in enumerate(zip(row["messages"], hits, strict=True)):
        text = str(message.get("text") or "")
        if REFINER.wants(text, found):
            sent = _moment(message.get("sent_at"))
            author = message.get("author")
            messages.append(ThreadMessage(str(place), place, author, sent, text, tuple(found)))
    for key, changed in REFINER.refine(messages, region, zone):
        hits[int(key)] = list(settle(changed))
    return hits


def _moment(raw: object) -> datetime | None:
    if not isinstance(raw, str):
        return None
    try:
        moment = datetime.fromisoformat(raw.replace(" UTC", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def as_json(row: dict[str, Any], hits: list[list[Hit]]) -> Iterator[dict[str, Any]]:
    """Yield a row's mentions as CONTRACT section 5 writes them."""
    texts = _texts(row)
    for place, (text, found) in enumerate(zip(texts, hits, strict=True)):
        for hit in found:
            mention: dict[str, Any] = {
                "id": row.get("id"), "kind": hit.kind.value, "start": hit.start, "end": hit.end,
                "surface": text[hit.start : hit.end], "value": hit.value, "rule": hit.rule,
                "confidence": hit.confidence, "detail": hit.detail,
                "service_category": hit.service_category.value if hit.service_category else None,
            }  # fmt: skip
            if isinstance(hit.facts, NameFacts) and hit.facts.refers_to is not None:
                mention["refers_to"] = hit.facts.refers_to
            if "messages" in row:
                mention["message"] = place
            if hit.group is not None:
                mention["group_id"] = hit.group
            yield mention


@dataclass(slots=True)
class Score:
    """Counts of one kind over one set."""

    gold: int = 0
    found: int = 0
    matched: int = 0
    rows: int = 0
    misses: list[dict[str, Any]] = field(default_factory=list)
    false_alarms: list[dict[str, Any]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Matched of found; 1 when nothing was found."""
        return self.matched / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Matched of gold; 1 when there is no gold."""
        return self.matched / self.gold if self.gold else 1.0

    @property
    def alarms_per_1000(self) -> float:
        """False alarms per 1,000 texts."""
        return 1000 * (self.found - self.matched) / self.rows if self.rows else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def evaluate(
    path: Path,
    finder: Finder,
    region: str,
    zone: str,
    kinds: tuple[str, ...] | None = None,
    *,
    spans_only: bool = False,
) -> dict[str, Score]:
    """Score one gold file.

    Spans are compared by overlap, one to one, longest overlap first; phone and money also by value
    where the gold states one (CONTRACT 6). Kinds that the gold never labels are left out, unless
    ``kinds`` names them; with ``spans_only`` values are not compared. Rows that share a
    ``thread_id`` are refined together, as in a case.

    Raises:
        ConfigError: the file cannot be read or holds no gold rows.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            rows = list(read_rows(stream, path.name))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    rows = [row for row in rows if row.get("text")]
    if spans_only:
        for row in rows:
            row["spans"] = [{**span, "norm": None} for span in row.get("spans", [])]
    labelled = {span["label"] for row in rows for span in row.get("spans", [])}
    wanted = kinds or tuple(label for label in LABELS if label in labelled)
    scores = {kind: Score() for kind in wanted}
    for thread, hits in extract(_threads(rows), finder, region, zone):
        members = thread.get("messages", [thread])
        for row, found in zip(members, hits, strict=True):
            for kind, score in scores.items():
                chosen = [hit for hit in found if hit.kind.value == kind]
                _score_row(row, chosen, kind, score, region)
    return scores


def _threads(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Join rows of one ``thread_id`` into a thread by time; rows without one stay alone."""
    threads: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row.get("thread_id") is None:
            yield row
        else:
            threads[str(row["thread_id"])].append(row)
    for thread, members in threads.items():
        members.sort(key=lambda row: str(row.get("sent_at") or ""))
        yield {"id": thread, "messages": members, "region": members[0].get("region")}


def _score_row(row: dict[str, Any], hits: list[Hit], kind: str, score: Score, region: str) -> None:
    text = row["text"]
    score.rows += 1
    spans = [span for span in row.get("spans", []) if span["label"] == kind]
    pairs = sorted(
        (
            (min(hit.end, span["end"]) - max(hit.start, span["start"]), -h, -s)
            for h, hit in enumerate(hits)
            for s, span in enumerate(spans)
            if hit.start < span["end"] and span["start"] < hit.end
        ),
        reverse=True,
    )
    taken_hits: set[int] = set()
    taken_spans: set[int] = set()
    for _, minus_h, minus_s in pairs:
        h, s = -minus_h, -minus_s
        if h in taken_hits or s in taken_spans:
            continue
        optional = _optional(spans[s])
        if not optional and not _same_value(kind, hits[h], spans[s], row.get("region") or region):
            continue
        taken_hits.add(h)
        taken_spans.add(s)
        if not optional:
            score.gold += 1
            score.found += 1
            score.matched += 1
    for s, span in enumerate(spans):
        if s not in taken_spans and not _optional(span):
            score.gold += 1
            score.misses.append(_error(row, span["start"], span["end"], text, span.get("norm"), ""))
    optional_spans = [span for span in spans if _optional(span)]
    for h, hit in enumerate(hits):
        near = any(hit.start < span["end"] and span["start"] < hit.end for span in optional_spans)
        if h not in taken_hits and not near:
            score.found += 1
            score.false_alarms.append(_error(row, hit.start, hit.end, text, hit.value, hit.rule))


def _error(
    row: dict[str, Any], start: int, end: int, text: str, value: object, rule: str
) -> dict[str, Any]:
    around = text[max(start - 40, 0) : start], text[start:end], text[end : end + 40]
    return {"id": row.get("id"), "around": around, "value": value, "rule": rule}


def _optional(span: dict[str, Any]) -> bool:
    return str(span.get("note", "")).startswith("optional")


def _same_value(kind: str, hit: Hit, span: dict[str, Any], region: str) -> bool:
    norm = span.get("norm")
    if norm is None or norm == "":
        return True
    if kind == "phone":
        return _same_phone(hit.value, str(norm), region)
    if kind == "money" and isinstance(norm, dict):
        return _same_money(hit.value, norm)
    return True


def _same_phone(value: str | None, norm: str, region: str) -> bool:
    wanted = "".join(c for c in norm if c.isdigit())
    if value is None:
        return len(wanted) == 7
    found = "".join(c for c in value if c.isdigit())
    code = str(phonenumbers.country_code_for_region(region))
    return found.removeprefix(code) == wanted.removeprefix(code) or found == wanted


def _same_money(value: str | None, norm: dict[str, Any]) -> bool:
    if norm.get("amount") is None:
        return True
    if value is None:
        return False
    amount, _, currency = value.partition(" ")
    try:
        if Decimal(amount) != Decimal(str(norm["amount"])):
            return False
    except InvalidOperation:
        return False
    stated = norm.get("currency")
    iso = isinstance(stated, str) and len(stated) == 3 and stated.isalpha() and stated.isupper()
    return not iso or currency == stated
