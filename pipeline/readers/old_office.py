"""Files of office programs before 2007, and protected new ones: seen, named, and refused."""

from __future__ import annotations

import re

from pipeline.readers.base import NO_BID, Bid, Candidate
from pipeline.readers.docx_package import ZIP_ERRORS

OLD_NAMES = re.compile(r"\.(?:doc|dot|wbk)$", re.IGNORECASE)
OTHER_NAMES = re.compile(r"\.(?:xls|xlt|xlsx|xlsm|xlsb|db|msi|vsd|hwp)$", re.IGNORECASE)
OLE = bytes.fromhex("D0CF11E0A1B11AE1")
"""Signature of a compound file, which office programs wrote until 2007 ([MS-CFB], 2.2)."""
STREAMS = {
    "EncryptedPackage": ("encrypted", "is protected by a password; save it without one and name "
                         "that too"),
    "WordDocument": ("old_office_format", "is a document of Word 97 to 2003; save it as .docx and "
                     "name that too"),
    "PowerPoint Document": ("old_office_format", "is a presentation of an old format; save it as "
                            "PDF and name that too"),
    "__substg1.0": ("old_office_format", "is a message of Outlook (.msg); save it as .eml and name "
                    "that too"),
}  # fmt: skip
"""Streams by which a compound file tells what it is, and what is to be done."""
SHEETS = ("Workbook", "Book")


def old_bid(candidate: Candidate) -> Bid:
    """Say how sure it is that a compound file is for no reader; tables of old are another's."""
    if OTHER_NAMES.search(candidate.path):
        return NO_BID
    streams = _streams(candidate)
    if any(name in streams for name in SHEETS):
        return NO_BID
    if any(name in streams for name in STREAMS) or OLD_NAMES.search(candidate.path):
        return Bid(40, "a compound file as old office programs wrote it, which is not read")
    return Bid(11, "a compound file of an unknown program, which is not read")


def old_kind(candidate: Candidate) -> tuple[str, str]:
    """Return code and message of the error that refuses it."""
    streams = _streams(candidate)
    for name, refusal in STREAMS.items():
        if name in streams:
            return refusal
    return (
        "old_office_format",
        "is of an old office format; save it as .docx or .pdf and name that too",
    )


def _streams(candidate: Candidate) -> set[str]:
    """Return which of the known streams a compound file names, in its directory."""
    try:
        content = candidate.located.content()
        data = content if isinstance(content, bytes) else content.read_bytes()
    except ZIP_ERRORS:
        data = candidate.head
    return {
        name for name in (*STREAMS, *SHEETS) if _entry(name) in data
    }  # fmt: skip


def _entry(name: str) -> bytes:
    """Return a name as the directory writes it: as a whole, or as the beginning of one."""
    raw = name.encode("utf-16-le")
    return raw if name.startswith("__") else raw + b"\0\0"
