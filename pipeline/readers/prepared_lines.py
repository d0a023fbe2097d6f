"""Blocks of prepared text: a JSON object a line, cut into shards between lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from pipeline.readers.base import Issue, Shard
from schemas.kinds import Severity

SHARD = 2 << 20

Line = dict[str, Any]


def pack(line: Line) -> bytes:
    """Write a line of a block; equal objects give equal bytes."""
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"


def unpack(line: bytes) -> Line:
    """Read a line of a block; an empty object if it is none."""
    try:
        value = json.loads(line.decode("utf-8", "surrogatepass"))
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def numbered_lines(shard: Shard) -> Iterator[tuple[int, int, Line]]:
    """Yield start, end and object of each line of a shard."""
    start = shard.byte_start
    for line in shard.block.splitlines(keepends=True):
        yield start, start + len(line), unpack(line)
        start += len(line)


def line_shards(
    blocks: Iterator[bytes],
    keep: Callable[[bytes, bytes], bytes] = lambda context, line: context,
    size: int = SHARD,
) -> Iterator[Shard]:
    """Cut blocks between lines.

    Args:
        blocks: what was prepared, in order.
        keep: from the context so far and a line, the context of what follows that line.
        size: bytes of a shard, about.
    """
    kept, context, opening = bytearray(), b"", b""
    start = ordinal = 0
    rest = b""
    for block in blocks:
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            if len(kept) >= size:
                yield _shard(ordinal, start, opening, kept)
                start, ordinal = start + len(kept), ordinal + 1
                kept, opening = bytearray(), context
            kept += line + b"\n"
            context = keep(context, line)
    kept += rest
    if kept:
        yield _shard(ordinal, start, opening, kept, is_last=True)


def issue_line(severity: Severity, code: str, message: str, page: int | None, count: int) -> Line:
    """Make a line that carries an issue from preparing to reading."""
    return {"issue": [severity.value, code, message, page, count]}


def issue_of(line: Line) -> Issue | None:
    """Read an issue from a line, if it carries one."""
    if "issue" not in line:
        return None
    severity, code, message, page, count = line["issue"]
    return Issue(Severity(severity), "read", code, message, page=page, count=count)


def _shard(
    ordinal: int, start: int, context: bytes, block: bytearray, *, is_last: bool = False
) -> Shard:
    return Shard(
        ordinal, start, start + len(block), 1, 0, 0, context, bytes(block), is_last=is_last
    )
