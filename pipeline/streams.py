"""The bytes of a file as its reader cuts them."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.executor import Crew
from pipeline.plan import Item
from pipeline.readers.base import Located, Preparing, Reader


def prepared(job: tuple[str, Located, tuple[int, int]]) -> bytes:
    """Turn a part of a file into a block that its reader can cut; in a worker.

    Raises:
        SourceError: the part cannot be read.
    """
    from pipeline.readers import reader_named

    name, located, part = job
    reader = reader_named(name)
    assert isinstance(reader, Preparing)
    return reader.prepare(located, part)


def blocks_of(item: Item, reader: Reader, crew: Crew) -> Iterator[bytes]:
    """Stream a file's bytes, or what workers make of its parts where bytes tell nothing (PDF).

    Raises:
        IntegrityError: the file is another one now than was hashed.
        UnfinishedError: it cannot be read any more.
    """
    if not isinstance(reader, Preparing):
        yield from item.file.same_blocks()
        return
    located = item.file.located
    jobs = [(reader.name, located, part) for part in reader.parts(located)]
    yield from crew.in_order(prepared, jobs)
    for _ in item.file.same_blocks():
        pass  # hash it once more: it was opened by path, part by part
