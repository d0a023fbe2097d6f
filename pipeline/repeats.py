"""What makes a record the repeat of another (CONTRACT 3): keys that are equal for repeats."""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache

from pipeline.readers.base import Record

UNPRINTED = frozenset({"Cf", "Cn", "Co", "Cs", "Mn", "Sk", "So", "Zs", "Zl", "Zp"})
"""Unicode categories that a print may lose or change: marks without a glyph, symbols that its font
lacks, and all white space, as lines wrap."""


class _Printed(dict[int, str | None]):
    """What a code point becomes, worked out at first sight: itself, or nothing."""

    def __missing__(self, point: int) -> str | None:
        char = chr(point)
        lost = char == "\ufffd" or unicodedata.category(char) in UNPRINTED
        self[point] = kept = None if lost else char
        return kept


_PRINTED = _Printed()


def folded(text: str | None) -> str:
    """Fold a text so that it is equal in every form in which the same message is delivered."""
    plain = "".join((text or "").casefold().split())
    return plain if plain.isascii() else plain.translate(_PRINTED)


_name = lru_cache(maxsize=4_096)(folded)
"""Names come again and again."""


def keys(record: Record) -> tuple[bytes, bytes | None]:
    """Return what makes a repeat, by numbers (:func:`dup_key`) and by names (:func:`name_key`)."""
    text = folded(record.text)
    return dup_key(record, text), name_key(record, text)


def dup_key(record: Record, text: str) -> bytes:
    """What makes a repeat (CONTRACT 3): thread, author, sent, folded body and attachments.

    A record of no thread is told apart by its section and fields as well, since it has no author.

    Args:
        record: as read.
        text: its text, folded.
    """
    author = record.author
    who = (author.provider_account_id or author.name) if author else None
    where = (record.kind.value, record.field.split("#")[0]) + (
        () if record.thread_id else (record.section,)
    )
    files = tuple(a.provider_id or a.path or a.name for a in record.attachments)
    # of a log without texts, as of a record without a conversation, only its fields tell rows apart
    is_said = record.thread_id and (record.text is not None or record.attachments)
    others = () if is_said else record.attributes
    extra = tuple((folded(label), folded(value)) for label, value in others)
    sent = record.sent_at.isoformat() if record.sent_at else record.sent_raw
    return _hashed(where, record.thread_id, who, sent, text, files, extra)


def name_key(record: Record, text: str) -> bytes | None:
    """What makes a repeat across deliveries of which one names people only by display name.

    Author's name, second and folded text, or that files hang on it: such a delivery (a download by
    the user, an export) numbers neither accounts nor threads, and names files in its own way.

    Args:
        record: as read.
        text: its text, folded.
    """
    author = record.author
    if author is None or author.name is None or record.sent_at is None:
        return None
    if not (text or record.attachments):
        return None
    at = record.sent_at
    second = (at.replace(microsecond=0) if at.microsecond else at).isoformat()
    named = _name(author.name) or author.name
    return _hashed(record.kind.value, named, second, text, bool(record.attachments))


def _hashed(*parts: object) -> bytes:
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).digest()[:16]
