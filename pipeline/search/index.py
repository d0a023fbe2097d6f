"""The full-text index of a case: built once at publishing, opened by each search."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import tantivy

from pipeline.errors import ConfigError, IntegrityError
from pipeline.search.fold import fold

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

HEAP_BYTES = 128_000_000
"""Memory of the writer before it flushes a segment; tantivy's own default."""

KEY_LIMIT = 1_000
"""Characters of a name or id that filters compare; tantivy drops terms over 65,530 bytes."""

COLUMNS = (
    "record_id", "citation", "author_name", "author_account_id", "thread_id", "kind", "text",
    "scope", "duplicate_of",
)  # fmt: skip
"""What a document is made of, beside ``sent_at``."""


def schema() -> tantivy.Schema:
    """Return the fields of the index.

    ``body`` is the folded text and is searched; ``text`` and the other columns are as in the table
    ``records``; ``rank`` is the place in the order of hits, unique.
    """
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="position")
    for name in ("text", "citation", "author_name", "thread_id"):
        # stored only: an index of the whole text as one word would cost as much again
        builder.add_bytes_field(name, stored=True, indexed=False)
    for name in ("record_id", "kind"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("author_key", "account_key", "thread_key"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("sent_at", stored=True, indexed=True, fast=True)
    builder.add_unsigned_field("rank", fast=True)
    return builder.build()


def build(
    index_dir: Path,
    batches: Iterable[pa.RecordBatch],
    ranks: Sequence[int] | npt.NDArray[np.int64] | None = None,
) -> int:
    """Write the index of all canonical records in scope that have text.

    Args:
        index_dir: an empty folder.
        batches: all rows of the table ``records``, in any order.
        ranks: for each row as it arrives its place in the order of hits, unique: by ``sent_at``
            (null last), then ``record_id``. Without it the places are worked out here, for which
            all batches are held in memory.

    Returns:
        How many records are in the index.

    Raises:
        ConfigError: the folder is not empty, or there are fewer ranks than rows.
    """
    if any(index_dir.iterdir()):
        raise ConfigError(f"the folder for the index is not empty: {index_dir}")
    if ranks is None:
        batches = list(batches)
        ranks = _ranks(batches)
    index = tantivy.Index(schema(), path=str(index_dir))
    _register(index)
    # one thread: measured as fast as two here, since folding in Python is the slower half
    writer = index.writer(heap_size=HEAP_BYTES, num_threads=1)
    row = count = 0
    for batch in batches:
        if row + batch.num_rows > len(ranks):
            raise ConfigError(f"{len(ranks)} ranks for more rows than that")
        for document in _documents(batch, ranks, row):
            writer.add_document(document)
            count += 1
        row += batch.num_rows
    writer.commit()
    writer.wait_merging_threads()
    for lock in index_dir.glob(".tantivy-*.lock"):
        lock.unlink()  # empty files that are of no use to a reader
    return count


def _ranks(batches: Sequence[pa.RecordBatch]) -> list[int]:
    keys = [
        (sent_at is None, sent_at or 0, record_id)
        for batch in batches
        for sent_at, record_id in zip(
            _column(batch, "sent_at", "int64"), _column(batch, "record_id"), strict=True
        )
    ]
    ranks = [0] * len(keys)
    for rank, row in enumerate(sorted(range(len(keys)), key=keys.__getitem__)):
        ranks[row] = rank
    return ranks


def _column(batch: pa.RecordBatch, name: str, cast: str | None = None) -> list[object]:
    column = batch.column(name)
    values: list[object] = (column.cast(cast) if cast else column).to_pylist()
    return values


def _documents(
    batch: pa.RecordBatch, ranks: Sequence[int] | npt.NDArray[np.int64], first: int
) -> Iterator[tantivy.Document]:
    sent = batch.column("sent_at").cast("int64").to_pylist()  # microseconds (schemas.columns.TIME)
    columns = [batch.column(name).to_pylist() for name in COLUMNS]
    for row, (
        record_id, citation, author_name, account_id, thread_id, kind, text, scope, duplicate_of,
    ) in enumerate(zip(*columns, strict=True)):  # fmt: skip
        if not text or duplicate_of is not None or scope.startswith("out_"):
            continue
        # the typed methods: Document(...) guesses a signed type and kills the writer of `rank`
        document = tantivy.Document()
        document.add_text("body", fold(text))
        document.add_bytes("text", text.encode())
        document.add_bytes("citation", citation.encode())
        document.add_text("record_id", record_id)
        document.add_unsigned("rank", int(ranks[first + row]))
        if kind is not None:
            document.add_text("kind", kind)
        if author_name is not None:
            document.add_bytes("author_name", author_name.encode())
            document.add_text("author_key", author_name[:KEY_LIMIT])
        if account_id is not None:
            document.add_text("account_key", account_id[:KEY_LIMIT])
        if thread_id is not None:
            document.add_bytes("thread_id", thread_id.encode())
            document.add_text("thread_key", thread_id[:KEY_LIMIT])
        if sent[row] is not None:
            document.add_integer("sent_at", sent[row] // 1_000_000)
        yield document


@contextmanager
def open_index(index_dir: Path) -> Iterator[tantivy.Index]:
    """Open the index of a case for reading, without writing to it.

    tantivy creates a lock file beside the index even to read, which a read-only case refuses; so
    it is opened through links in a folder of its own, which is gone afterwards.

    Raises:
        ConfigError: there is no index.
        IntegrityError: it cannot be opened.
    """
    if not (index_dir / "meta.json").is_file():
        raise ConfigError(f"no full-text index in {index_dir}: run `triage run` again")
    # tantivy's own threads may still take their lock file away while the folder is being removed
    with tempfile.TemporaryDirectory(prefix="triage-index-", ignore_cleanup_errors=True) as name:
        folder = _linked(index_dir, Path(name))
        try:
            index = tantivy.Index.open(str(folder))
            index.config_reader("manual")
        except (ValueError, OSError) as error:
            raise IntegrityError(
                f"the index in {index_dir} cannot be opened: run `triage run` again"
            ) from error
        _register(index)
        yield index


def _linked(index_dir: Path, folder: Path) -> Path:
    try:
        for file in index_dir.resolve().iterdir():
            if not file.name.endswith(".lock"):
                (folder / file.name).symlink_to(file)
    except OSError:  # Windows without the right to make links
        return index_dir
    return folder


def _register(index: tantivy.Index) -> None:
    whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("whitespace", whitespace)
