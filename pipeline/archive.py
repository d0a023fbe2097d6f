"""Members of an archive that are left alone: those that burst, lead out, lie over one another."""

from __future__ import annotations

import re
import stat
import zipfile
from pathlib import PurePosixPath

from pipeline.config import Limits
from pipeline.readers.base import Issue
from pipeline.search.terminal import printable
from pipeline.source_file import BLOCK
from schemas.kinds import Severity

LOCAL_HEADER = 30
"""Bytes that stand before a member's name and bytes (APPNOTE.TXT 4.3.7)."""


def unread(code: str, message: str, count: int = 1) -> Issue:
    """Return the issue of what is not read of a source."""
    return Issue(Severity.ERROR, "intake", code, message, count=count)


def refusal(member: zipfile.ZipInfo, total: int, limits: Limits) -> Issue | None:
    """Say why a member is not read; None where it is.

    Args:
        member: as the archive's directory describes it.
        total: bytes to which those before it inflate.
        limits: bounds against archives made to burst.
    """
    name, shown = member.filename, printable(member.filename)
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name):
        return unread("unsafe_path", f"{shown}: leads out of the archive; not read")
    if stat.S_ISLNK(member.external_attr >> 16):
        return unread("link_member", f"{shown}: is a symbolic link; not read")
    if name.endswith("/"):
        return unread("folder_with_bytes", f"{shown}: is named as a folder and holds bytes; not "
                      "read")  # fmt: skip
    if member.flag_bits & 0x1:
        return unread("encrypted_member", f"{shown}: is encrypted; unlock the zip and run again")
    if member.file_size > limits.member_bytes:
        return unread("archive_limit", f"{shown}: inflates to {member.file_size:,} bytes, past "
                      "the limit (--limit-member-bytes)")  # fmt: skip
    if total + member.file_size > limits.total_bytes:
        return unread("archive_limit", f"{shown}: with it the archive inflates past the limit "
                      "(--limit-total-bytes)")  # fmt: skip
    if member.file_size > limits.ratio * max(member.compress_size, 1) + BLOCK:
        return unread("archive_ratio", f"{shown}: inflates {limits.ratio:,} times or more, as no "
                      "return does (--limit-ratio)")  # fmt: skip
    return None


def overlapping(members: list[zipfile.ZipInfo]) -> set[int]:
    """Return the ids (``id``) of members whose bytes lie in those of one before them.

    No program that packs files writes such an archive. One of 42 KB came to 5.5 GB in this way,
    each member within the limits (D. Fifield, "A better zip bomb", WOOT 2019). The first of those
    that share bytes is read.
    """
    found: set[int] = set()
    end = 0
    for member in sorted(members, key=lambda item: item.header_offset):
        if member.header_offset < end:
            found.add(id(member))
        else:
            name = len(member.orig_filename)  # not fewer in bytes
            end = member.header_offset + LOCAL_HEADER + name + member.compress_size
    return found
