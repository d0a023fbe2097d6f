"""One layout of one provider a file. The registry is :data:`READERS`."""

from __future__ import annotations

from pipeline.readers.base import Reader
from pipeline.readers.meta_html import MetaHtml

READERS: tuple[Reader, ...] = (MetaHtml(),)
"""Every reader, in no order: the highest bid takes a file."""


def reader_named(name: str) -> Reader:
    """Return the reader of that name."""
    return next(reader for reader in READERS if reader.name == name)
