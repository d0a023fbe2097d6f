"""The audit chain: who did what to a case, and when; each line holds the hash of the line before.

A line is canonical JSON (keys sorted, no blanks, ASCII) and nothing else, so that not one bit of it
can change unseen. Who may write the file can write the whole chain anew: against that, and against
entries cut off its end, stands a head kept elsewhere, as each report prints it.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from io import FileIO
from typing import TYPE_CHECKING, Any

from pipeline.errors import ConfigError, IntegrityError, TriageError
from pipeline.files import writable

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.case import Case

NAME = "audit.jsonl"
KEYS = {
    "seq": int, "at": str, "action": str, "actor": str, "details": dict, "previous": str,
    "hash": str,
}  # fmt: skip
"""What each entry holds; ``officer`` and ``torn`` may stand beside."""
OPTIONAL = {"officer": str, "torn": str}
LEAST_ANCHOR = 16
"""Hexadecimal digits of a head that tell it from all others: 64 bits."""

_ANCHOR = re.compile(r"(?:(\d{1,12}):)?([0-9a-fA-F]{16,64})")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the chain that is whole in itself: its hash fits what it says."""

    seq: int
    at: str
    action: str
    actor: str
    details: dict[str, Any]
    previous: str
    hash: str
    torn: str = ""
    """Hash of a line before it that was cut off as it was written."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The entries up to the first thing that is wrong."""

    entries: tuple[Entry, ...] = ()
    problem: str = ""
    """What is wrong and where; empty = nothing."""
    line: int = 0
    """Where, from 1."""
    torn: int = 0
    """Lines that were cut off as they were written, and are vouched for by the entry after."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head that was kept elsewhere."""

    hash: str
    """Its beginning, :data:`LEAST_ANCHOR` hexadecimal digits or more."""
    seq: int | None = None


def append_audit(
    case: Case, action: str, details: dict[str, Any], *, officer: str | None = None
) -> tuple[int, str]:
    """Append an entry, to outlast a power cut. The case is locked.

    Args:
        case: the case.
        action: what was done: run, report, export, release, verify, scope, …
        details: ids and counts; never evidence text.
        officer: on whose behalf; None = as case.toml says.

    Returns:
        The new head: number and hash of the entry.
    """
    path = case.root / NAME
    *lines, rest = _read(path).split(b"\n")
    last = next(filter(None, map(entry_of, reversed(lines))), None)
    document: dict[str, Any] = {}
    if (whole := entry_of(rest)) is not None:
        last = whole  # all but the line's end was written
    elif rest:
        # what a full disk cut off stays as it is: the next line is its own, and vouches for it
        document["torn"] = hashlib.sha256(rest).hexdigest()
    stated = _officer(case) if officer is None else officer
    if stated:
        document["officer"] = stated
    document |= {
        "seq": last.seq + 1 if last else 1,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "action": action,
        "actor": _actor(),
        "details": details,
        "previous": last.hash if last else "",
    }
    document["hash"] = hashlib.sha256(canonical(document)).hexdigest()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    size = os.fstat(descriptor).st_size
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        try:
            _write_whole(file, (b"\n" if rest else b"") + canonical(document) + b"\n")
            os.fsync(file.fileno())
        except OSError:
            file.truncate(size)  # the disk is full: nothing half written stays
            raise
    return document["seq"], document["hash"]


def _write_whole(file: FileIO, data: bytes) -> None:
    while data:
        data = data[file.write(data) or 0 :]


def enter(case: Case, action: str, details: dict[str, Any], *, officer: str | None = None) -> bool:
    """Append an entry to a case that is not locked; False for one that may not be written.

    Raises:
        UnfinishedError: another command holds the case.
    """
    from pipeline.case import LOCK_SECONDS, locked

    if not writable(case.root):
        return False
    with locked(case, wait=LOCK_SECONDS):
        append_audit(case, action, details, officer=officer)
    return True


def head(case: Case) -> tuple[int, str]:
    """Return number and hash of the last entry; ``(0, "")`` without any."""
    last = next(filter(None, map(entry_of, reversed(_read(case.root / NAME).split(b"\n")))), None)
    return (last.seq, last.hash) if last else (0, "")


def head_line(case: Case) -> str:
    """Return the head as reports print it and ``triage verify --anchor`` takes it, or ""."""
    seq, digest = head(case)
    return f"{seq}:{digest}" if seq else ""


def entered_since(case: Case, seq: int, action: str, details: dict[str, Any]) -> bool:
    """Whether an entry after number ``seq`` says just this."""
    entries = filter(None, map(entry_of, _read(case.root / NAME).split(b"\n")))
    return any(
        entry.seq > seq and entry.action == action and entry.details == details for entry in entries
    )


def read_chain(data: bytes) -> Chain:
    """Follow a chain from its first line to its end, or to the first thing that is wrong.

    Args:
        data: the bytes of audit.jsonl.
    """
    *lines, rest = data.split(b"\n")
    entries: list[Entry] = []
    gap: tuple[int, bytes] | None = None
    torn = 0
    for number, line in enumerate(lines, 1):
        entry = entry_of(line)
        if entry is None:
            if gap is not None or _is_json(line):
                return Chain(tuple(entries), _CHANGED, number if gap is None else gap[0], torn)
            gap = (number, line)
            continue
        wrong = _misfit(entry, entries[-1] if entries else None, gap)
        if wrong:
            return Chain(tuple(entries), wrong, gap[0] if gap else number, torn)
        torn += gap is not None
        gap = None
        entries.append(entry)
    if gap is not None:
        return Chain(tuple(entries), _CHANGED, gap[0], torn)
    if rest:
        return Chain(tuple(entries), _CUT_OFF, len(lines) + 1, torn)
    return Chain(tuple(entries), torn=torn)


_CHANGED = "has been changed: its hash does not fit what it says"
_CUT_OFF = (
    "is cut off: a command was ended as it wrote, or the end of the file is gone; compare the "
    "chain with a head kept elsewhere (--anchor)"
)


def _misfit(entry: Entry, before: Entry | None, gap: tuple[int, bytes] | None) -> str:
    """Say why a sound entry does not belong where it stands; "" where it does."""
    if gap is not None and entry.torn != hashlib.sha256(gap[1]).hexdigest():
        return _CHANGED
    if gap is None and entry.torn:
        return "follows on a line that was cut off, and that line is gone"
    expected = before.seq + 1 if before else 1
    if entry.seq != expected:
        return (
            f"entry {entry.seq} stands where entry {expected} belongs: entries were taken out, put "
            "in or moved"
        )
    if entry.previous != (before.hash if before else ""):
        return "does not follow on the entry before it: one of the two was put in another's place"
    return ""


def read_anchor(text: str) -> Anchor:
    """Read ``SEQ:HASH`` or a hash, of 16 hexadecimal digits or more.

    Raises:
        ConfigError: it is neither.
    """
    match = _ANCHOR.fullmatch(text.strip())
    if match is None:
        raise ConfigError(
            "--anchor: write it as a report prints it, NUMBER:HASH, or the hash alone; "
            f"{LEAST_ANCHOR} digits of it at least"
        )
    return Anchor(match[2].lower(), int(match[1]) if match[1] else None)


def is_anchored(chain: Chain, anchor: Anchor) -> bool:
    """Whether the chain holds the entry that a head names."""
    return any(
        entry.hash.startswith(anchor.hash) and anchor.seq in (None, entry.seq)
        for entry in chain.entries
    )


def canonical(document: dict[str, Any]) -> bytes:
    """Return the one way in which a document is written."""
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def entry_of(line: bytes) -> Entry | None:
    """Return the entry that a line is, byte for byte; None for anything else."""
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):  # UnicodeDecodeError and too long numbers are ValueErrors
        return None
    if not isinstance(document, dict) or not KEYS.keys() <= document.keys():
        return None
    kinds = KEYS | OPTIONAL
    if any(type(value) is not kinds.get(name) for name, value in document.items()):
        return None
    rest = {name: value for name, value in document.items() if name != "hash"}
    if (
        line != canonical(document)
        or document["hash"] != hashlib.sha256(canonical(rest)).hexdigest()
    ):
        return None
    return Entry(**{name: document[name] for name in KEYS}, torn=document.get("torn", ""))


def _is_json(line: bytes) -> bool:
    """Whether a line is more than the beginning of an entry, as no write cut off leaves it."""
    try:
        json.JSONDecoder().raw_decode(line.decode())
    except (ValueError, RecursionError):
        return not line.startswith(b"{")
    return True


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise IntegrityError(f"{path}: cannot be read ({error.strerror})") from error


def _actor() -> str:
    """Name of the user as the system knows it; the environment says what anyone likes."""
    try:
        import pwd

        return pwd.getpwuid(os.geteuid()).pw_name
    except ImportError:  # Windows
        return getpass.getuser()
    except KeyError:  # a user without a name, as in containers
        return f"uid {os.geteuid()}"


def _officer(case: Case) -> str:
    try:
        process = case.document().unwrap().get("legal_process", {})
    except TriageError:
        return ""  # what is wrong with case.toml is told elsewhere
    stated = process.get("officer", "")
    return stated if isinstance(stated, str) else ""
