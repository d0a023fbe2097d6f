"""A case opened for many searches: its columns that searches ask for, in memory.

One search of a closed case reads the tables anew, 0.3 to 0.7 s by value on 40,000 pages; opening it
takes about two seconds and 200 MB, and a search thereafter less than 0.1 s.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import tantivy

from pipeline.search.held import hold
from pipeline.search.index import open_index, schema
from pipeline.search.query import DEFAULT_LIMIT, answer
from pipeline.search.results import SearchResult
from pipeline.search.tables import Tables, open_tables


class Opened:
    """A case as it was when it was opened."""

    def __init__(self, tables: Tables, index: tantivy.Index) -> None:
        """Take open tables and index; :func:`open_search` makes one."""
        self._tables = tables
        self._index = index

    def search(self, query: str, *, limit: int = DEFAULT_LIMIT, **narrowing: Any) -> SearchResult:
        """Search as :func:`pipeline.search.query.search` does, with its options."""
        return answer(self._tables, lambda: nullcontext(self._index), query, limit, **narrowing)


@contextmanager
def open_search(case: Path) -> Iterator[Opened]:
    """Open a case for many searches.

    Raises:
        ConfigError: no case, or no index in it.
        IntegrityError: a table or the index cannot be read.
    """
    with open_tables(case) as tables, open_index(case / "index") as index:
        if hold(tables):
            tables.texts = lambda ids: _texts(index, ids)
        yield Opened(tables, index)


def _texts(index: tantivy.Index, record_ids: set[str]) -> dict[str, str]:
    """Return texts from the index, which holds those of all records that a search can find."""
    searcher = index.searcher()
    query = tantivy.Query.term_set_query(schema(), "record_id", sorted(record_ids))
    found = searcher.search(query, limit=max(len(record_ids), 1))
    documents = (searcher.doc(address) for _, address in found.hits)
    return {
        document["record_id"][0]: bytes(document.get_first("text") or b"").decode()
        for document in documents
    }
