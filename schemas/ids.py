"""Identifiers: a hash of what a thing is, never of when or by which version it was found."""

from __future__ import annotations

import hashlib

SEPARATOR = "\x1f"
"""U+001F, the unit separator: ("ab", "c") and ("a", "bc") must not meet."""

ID_BYTES = 10
"""80 bits: among 10 million ids of one kind a chance collision has odds of about 4 in 10^11."""


def stable_id(*parts: str | int | None) -> str:
    """Hash the parts into a short hexadecimal id.

    Args:
        parts: what makes the thing itself; ``None`` differs from the empty string.

    Returns:
        20 hexadecimal digits, equal for equal parts on every machine and in every version.
    """
    joined = SEPARATOR.join("\x00" if part is None else str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[: 2 * ID_BYTES]


def source_id(container_sha256: str | None, path: str, sha256: str) -> str:
    """Identity of a file received: the archive it lies in (or itself) and its path there.

    Two equal members at two paths stay two sources (CONTRACT 3).
    """
    return stable_id("source", container_sha256 or sha256, path)


def record_id(source: str, page: int | None, ordinal: int, field: str) -> str:
    """Identity of a record: source, locator (page or sheet, ordinal in it) and field path."""
    return stable_id("record", source, page, ordinal, field)


def mention_id(record: str, kind: str, start: int, end: int) -> str:
    """Identity of a mention: one per record, kind and span."""
    return stable_id("mention", record, kind, start, end)


def entity_id(kind: str, value: str) -> str:
    """Identity of an entity: its key, kind and value."""
    return stable_id("entity", kind, value)


def link_id(entity_a: str, entity_b: str, relation: str) -> str:
    """Identity of a link between two entities under one relation."""
    return stable_id("link", entity_a, entity_b, relation)
