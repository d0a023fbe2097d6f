"""One layout of one provider a file. The registry is :data:`READERS`."""

from __future__ import annotations

from pipeline.readers.base import Reader
from pipeline.readers.meta_html import MetaHtml
from pipeline.readers.text_document import TextDocument
from pipeline.readers.whatsapp_chat import WhatsappChat

READERS: tuple[Reader, ...] = (
    MetaHtml(),
    WhatsappChat(),
    TextDocument(),
)
"""Every reader, in no order: the highest bid takes a file."""


def reader_named(name: str) -> Reader:
    """Return the reader of that name."""
    return next(reader for reader in READERS if reader.name == name)
