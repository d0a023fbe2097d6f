"""Opens PDF files: the one place that knows how, and what is wrong with one that cannot be."""

from __future__ import annotations

import ctypes
import zipfile
from functools import lru_cache
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.errors import SourceError
from pipeline.readers.base import Located
from pipeline.readers.pdf_forms import bursts

MAGIC = b"%PDF-"
MAGIC_BYTES = 1024
"""The mark of a PDF stands in these first bytes of it (ISO 32000-1, Annex H.3.4.1)."""
TAIL_BYTES = 2048
"""A whole PDF says ``%%EOF`` in these last bytes; the standard has it as the last line, and mail
gateways put a little behind it."""


def open_pdf(located: Located) -> pypdfium2.PdfDocument:
    """Open a PDF; the last few stay open in this process.

    Args:
        located: a file of its own, which is read from its path and never loaded whole, or a member
            of an archive, which is inflated into memory.

    Raises:
        SourceError: it cannot be opened; ``encrypted_pdf``, ``broken_pdf``, ``too_large`` or
            ``not_readable``.
    """
    return _opened(located)


@lru_cache(maxsize=2)
def _opened(located: Located) -> pypdfium2.PdfDocument:
    try:
        endless = bursts(located)
        document = pypdfium2.PdfDocument(located.content())
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise SourceError(
                "encrypted_pdf",
                "is a PDF protected by a password; open it with the password, save or print it"
                " without one, and add that copy",
            ) from None
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_SECURITY:
            raise SourceError(
                "encrypted_pdf",
                "is a PDF protected in a way that is not supported; save or print it without"
                " protection, and add that copy",
            ) from None
        raise SourceError(
            "broken_pdf",
            "is a damaged PDF that cannot be opened; ask for a complete copy, or print it to PDF"
            " again",
        ) from None
    except (OSError, zipfile.BadZipFile, KeyError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else ""
        raise SourceError(
            "not_readable",
            f"cannot be read{f' ({reason.lower()})' if reason else ''}; check that it is still in"
            " its place and run again",
        ) from None
    if endless:
        raise SourceError(
            "too_large",
            "is a PDF whose drawings call one another without end, as in a file made to take all"
            " memory; look at it in a program that can be spared, and print it to PDF again",
        )
    if len(document) == 0:
        raise SourceError(
            "broken_pdf", "is a PDF without any page; ask for a complete copy, or print it again"
        )
    return document


def stated(document: pypdfium2.PdfDocument, key: str) -> str:
    """Return what the file states of itself (``Title``); pypdfium2's own way raises on bad text."""
    size = pdfium.FPDF_GetMetaText(document.raw, key.encode(), None, 0)
    buffer = ctypes.create_string_buffer(max(size, 2))
    pdfium.FPDF_GetMetaText(document.raw, key.encode(), buffer, size)
    return buffer.raw[: max(size - 2, 0)].decode("utf-16-le", "replace")


def looks_like_pdf(head: bytes) -> bool:
    """Tell by its first bytes whether a file is a PDF."""
    return MAGIC in head[:MAGIC_BYTES]


def ends_early(located: Located) -> bool:
    """Tell whether the end of a PDF is missing, which PDFium repairs in silence.

    Raises:
        OSError, zipfile.BadZipFile: it cannot be read any more.
    """
    content = located.content()
    if isinstance(content, Path):
        with content.open("rb") as file:
            file.seek(max(located.size_bytes - TAIL_BYTES, 0))
            return b"%%EOF" not in file.read(TAIL_BYTES)
    return b"%%EOF" not in content[-TAIL_BYTES:]
