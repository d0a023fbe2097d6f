"""``triage search``: full text, or by value."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import tantivy

from pipeline.errors import ConfigError, IntegrityError
from pipeline.search.filters import Filters, resolved
from pipeline.search.index import KEY_LIMIT, open_index, schema
from pipeline.search.match import compiled, spans
from pipeline.search.parse import Node, parse
from pipeline.search.results import SearchHit, SearchResult, moment, to_json
from pipeline.search.tables import Tables, open_tables
from pipeline.search.terminal import brief, marked, printable
from pipeline.search.values import find, first_mentions, narrowed, value_query
from pipeline.search.watched import marks_of

__all__ = ["SearchHit", "SearchResult", "render_search", "search", "to_json"]

DEFAULT_LIMIT = 50


def search(
    case: Path,
    query: str,
    *,
    kind: str | None = None,
    since: str | None = None,
    until: str | None = None,
    author: str | None = None,
    thread: str | None = None,
    watched: bool = False,
    limit: int = DEFAULT_LIMIT,
) -> SearchResult:
    """Find records by their words, or mentions by their value.

    Only canonical records in scope are found. The order is by time sent (undated last), record id
    and place in the text, by value after the hits of the watch list, and does not depend on how the
    index was built.

    Args:
        case: the case folder; it is only read.
        query: words (:func:`pipeline.search.parse.parse`), ``KIND:VALUE`` (phone, alias, handle,
            place, money, email, url, ip and the other kinds of mention), or the id of a record,
            mention or entity, which may stand behind ``record:``, ``mention:`` or ``entity:``;
            ``watch:`` for all hits of the watch list, ``watch:LABEL`` for those of an entry.
        kind: kind of record, or of a mention the record must hold.
        since: first day or moment, included (``2021-03-04``, ``2021-03-04T17:30``; UTC).
        until: last day or moment, included.
        author: part of the author's name, or an account id.
        thread: a thread id, or part of a thread's name.
        watched: only hits of the watch list; by words, records that hold one.
        limit: hits to return; ``total`` counts all.

    Raises:
        ConfigError: no case, a malformed query, an unknown kind, a date that cannot be read.
        IntegrityError: a table or the index cannot be read.
    """
    with open_tables(case) as tables:
        return answer(
            tables, lambda: open_index(case / "index"), query, limit, kind=kind, since=since,
            until=until, author=author, thread=thread, watched=watched,
        )  # fmt: skip


def answer(
    tables: Tables,
    index: Callable[[], AbstractContextManager[tantivy.Index]],
    query: str,
    limit: int,
    **narrowing: Any,
) -> SearchResult:
    """Search in open tables and an index; see :func:`search`.

    Args:
        tables: of the case.
        index: opens its index; called only for a query by words.
        query: as there.
        limit: as there.
        narrowing: the options of :func:`pipeline.search.filters.resolved`.
    """
    if limit < 0:
        raise ConfigError("--limit must be 0 or more")
    wanted = value_query(query)
    node = parse(query) if wanted is None else None
    filters = resolved(tables, **narrowing)
    if wanted is not None:
        result = find(tables, query, wanted, filters, limit)
        if result.total or wanted.name != "id":
            return result
        node = parse(query)  # twenty hexadecimal digits that are no id here
    assert node is not None  # one of the two readings holds
    return _full_text(index, tables, query, node, filters, limit)


def _full_text(
    open_one: Callable[[], AbstractContextManager[tantivy.Index]],
    tables: Tables,
    query: str,
    node: Node,
    filters: Filters,
    limit: int,
) -> SearchResult:
    with open_one() as index:
        fields = schema()
        searcher = index.searcher()
        try:
            found = searcher.search(
                _narrowed(compiled(node, fields), filters, fields, tables),
                limit=max(limit, 1),
                order_by_field="rank",
                order=tantivy.Order.Asc,
            )
        except ValueError as error:
            if "expansion" in str(error):
                raise ConfigError(
                    "too many words begin so: give more letters before the *"
                ) from error
            raise IntegrityError(
                f"the index cannot be searched ({error}): run `triage run` again"
            ) from error
        hits = [_hit(searcher.doc(address), node) for _, address in found.hits[:limit]]
    if filters.mention_kind is not None:
        hits = _with_mentions(tables, hits, filters.mention_kind)
    marks = marks_of(tables, [hit.record_id for hit in hits])
    hits = [replace(hit, watch=marks.get(hit.record_id)) for hit in hits]
    total: int = found.count  # type: ignore[attr-defined]  # tantivy 0.27 leaves it out of its stubs
    return SearchResult(query, total, tuple(hits))


def _narrowed(
    query: tantivy.Query, filters: Filters, fields: tantivy.Schema, tables: Tables
) -> tantivy.Query:
    parts = [query]
    if filters.record_kind is not None:
        parts.append(tantivy.Query.term_query(fields, "kind", filters.record_kind, "basic"))
    if filters.since is not None or filters.until is not None:
        parts.append(
            tantivy.Query.range_query(
                fields,
                "sent_at",
                tantivy.FieldType.Integer,
                lower_bound=filters.since,
                upper_bound=filters.until,
            )
        )
    if filters.authors is not None:
        names = _terms(fields, "author_key", filters.authors)
        accounts = _terms(fields, "account_key", filters.accounts)
        either = [(tantivy.Occur.Should, names), (tantivy.Occur.Should, accounts)]
        parts.append(tantivy.Query.boolean_query(either))
    if filters.threads is not None:
        parts.append(_terms(fields, "thread_key", filters.threads))
    holders = narrowed(tables, filters)
    if holders is not None:
        rows = tables.rows(holders)
        parts.append(_terms(fields, "record_id", tuple(str(key) for (key,) in rows)))
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])


def _terms(fields: tantivy.Schema, field: str, values: tuple[str, ...]) -> tantivy.Query:
    if not values:
        return tantivy.Query.empty_query()
    return tantivy.Query.term_set_query(fields, field, [value[:KEY_LIMIT] for value in values])


def _hit(document: tantivy.Document, node: Node) -> SearchHit:
    text = _text(document, "text") or ""
    return SearchHit(
        record_id=document["record_id"][0],
        citation=_text(document, "citation") or "",
        sent_at=moment(document.get_first("sent_at")),
        author_name=_text(document, "author_name"),
        thread_id=_text(document, "thread_id"),
        kind=document.get_first("kind"),
        text=text,
        spans=spans(node, text),
    )


def _text(document: tantivy.Document, field: str) -> str | None:
    stored = document.get_first(field)
    return None if stored is None else bytes(stored).decode()


def _with_mentions(tables: Tables, hits: list[SearchHit], kind: str) -> list[SearchHit]:
    """Name in each hit the mention of the kind that a span touches, else the first."""
    mentions = first_mentions(tables, [hit.record_id for hit in hits], kind)
    named: list[SearchHit] = []
    for hit in hits:
        of_hit = mentions.get(hit.record_id, [])
        touched = [
            m for m in of_hit if any(m[0] < end and m[1] > start for start, end in hit.spans)
        ]
        chosen = (touched or of_hit)[:1]
        named += [replace(hit, mention_id=m[2], value=m[3]) for m in chosen] or [hit]
    return named


def render_search(result: SearchResult) -> str:
    r"""Return a result for a terminal: three lines a hit, «» around what answers the query.

    Control characters, bidirectional overrides and escape sequences of evidence text are shown as
    escapes (``\x1b``); long texts are cut around the first span, which is said.
    """
    noun = "hit" if result.total == 1 else "hits"
    shown = len(result.hits)
    part = f", the first {shown:,} shown" if 0 < shown < result.total else ""
    lines = [f"{result.total:,} {noun}{part}", *map(printable, result.notes)]
    for hit in result.hits:
        head = [f"[{printable(hit.citation)}]", (hit.sent_at or "undated").replace("T", " ")]
        head += [brief(word) for word in (hit.author_name, hit.kind) if word]
        if hit.value is not None:
            head.append(f"= {printable(hit.value)}")
        if hit.watch is not None:
            head.append(f"[watch] {printable(hit.watch)}")
        lines += ["", "  ".join(head), f"    {marked(hit.text, hit.spans)}"]
        lines.append(f"    {hit.mention_id or hit.record_id}")
    return "\n".join(lines) + "\n"
