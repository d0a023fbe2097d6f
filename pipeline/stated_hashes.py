"""Hashes that a provider gives along with a return: found, read, and checked before all else.

They come in files beside a source (``return.zip.sha256``), in lists (``SHA256SUMS``,
``delivery_hashes.csv``, ``manifest-md5.txt``) beside or in it, or by hand as ``provider_sha256`` of
a source in case.toml. MD5 and SHA-1 are checked as well, since that is what many providers give:
they show damage on the way, not forgery.

Writings of lists: GNU coreutils (``HEX  name``, ``HEX *name``), BSD (``SHA256 (name) = HEX``), CSV
with hash and name in any order, the printouts of PowerShell's Get-FileHash and of certutil.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.custody import SHOWN
from pipeline.errors import ConfigError, IntegrityError
from pipeline.files import walk
from pipeline.readers.base import Issue
from pipeline.search.terminal import printable
from pipeline.source_file import BLOCK
from schemas.kinds import Severity

ALGORITHMS = {32: "md5", 40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}
"""By the number of hexadecimal digits."""
KEYS = {f"provider_{name}": name for name in ALGORITHMS.values()}
"""What a source in case.toml may state."""
CASE = "case.toml"
LARGEST = 64 << 20
"""Bytes of a list; one of half a million files has 50 MB."""
LONGEST = 8192
"""Characters of a line: a path and five hashes."""

OF_ONE = re.compile(r"\.(?:md5|sha-?(?:1|256|384|512))(?:sums?)?(?:\.txt)?$", re.IGNORECASE)
LIST = re.compile(
    r"(?:.*[-_. ])?(?:hash(?:es)?|checksums?|(?:md5|sha-?(?:1|256|384|512))(?:sums?)?)"
    r"(?:\.(?:csv|txt|tsv))?",
    re.IGNORECASE,
)
HEX = re.compile(r"[0-9a-fA-F]{32}(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{32}|[0-9a-fA-F]{64}"
                 r"|[0-9a-fA-F]{96})?")  # fmt: skip
GNU = re.compile(rf"\\?({HEX.pattern})[ \t]+\*?(\S.*)")
BSD = re.compile(rf"(?:MD5|SHA-?\d+)\s*\((.+)\)\s*=\s*({HEX.pattern})", re.IGNORECASE)
SPACED = re.compile(r"(?:[0-9a-fA-F]{2} ){15,63}[0-9a-fA-F]{2}")
TOLD = re.compile(r"(hash|path|file ?name|algorithm|file)\s*[:=]\s*(\S.*)", re.IGNORECASE)
CERTUTIL = re.compile(r".*\bhash\b.*?\b(?:of|von|de)\b (?:file )?(.+?):?", re.IGNORECASE)
FILE = re.compile(r"[^\\/]\.[A-Za-z0-9]{1,8}$|[\\/]")
"""What a cell looks like that names a file."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list: hashes, and what else stands beside them."""

    digests: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Statement:
    """A hash that somebody states of a file."""

    path: Path
    algorithm: str
    digest: str
    where: str
    """Name of the list that states it, or ``case.toml``."""


@dataclass(slots=True)
class Stated:
    """All that is stated of the sources."""

    statements: list[Statement] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def by_path(self) -> dict[Path, list[Statement]]:
        """Return the statements of each file."""
        found: dict[Path, list[Statement]] = defaultdict(list)
        for item in self.statements:
            found[item.path].append(item)
        return found

    def key(self) -> list[tuple[str, ...]]:
        """What of it shows in the output, for hashing."""
        rows = [(s.path.name, s.algorithm, s.digest, s.where) for s in self.statements]
        return sorted([*rows, *[(issue.code, issue.message) for issue in self.issues]])


def decoded(data: bytes) -> str:
    """Text of a list; PowerShell writes UTF-16."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


def lines_of(text: str) -> tuple[list[Line], int]:
    """Read a list.

    Returns:
        Its lines, and how many others were not understood (a header is one).
    """
    found: list[Line] = []
    strange, announced = 0, ""
    block: dict[str, str] = {}
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith(("#", ";")) or not line.strip("-=_ \t"):
            continue
        if len(line) > LONGEST:
            strange += 1
            continue
        if SPACED.fullmatch(line):
            line = line.replace(" ", "")
        if match := BSD.fullmatch(line):
            found.append(Line((match[2].lower(),), (match[1],)))
        elif match := GNU.fullmatch(line):
            found.append(Line((match[1].lower(),), (match[2],)))
        elif match := TOLD.fullmatch(line):
            block[match[1].lower()] = match[2].strip()
            name = block.get("path") or block.get("file") or block.get("filename", "")
            if HEX.fullmatch(block.get("hash", "")) and name:
                found.append(Line((block["hash"].lower(),), (name,)))
                block = {}
        else:
            cells = [cell.strip() for cell in _cells(line)]
            digests = tuple(cell.lower() for cell in cells if HEX.fullmatch(cell))
            names = tuple(cell for cell in cells if cell and not HEX.fullmatch(cell))
            if digests:
                found.append(Line(digests, names or ((announced,) if announced else ())))
                announced = ""
            elif match := CERTUTIL.fullmatch(line):
                announced = match[1]
            else:
                strange += not line.lower().startswith("certutil")
    if HEX.fullmatch(block.get("hash", "")):  # of a file that is not named
        found.append(Line((block["hash"].lower(),), ()))
    return found, strange


def _cells(line: str) -> list[str]:
    """Cut a line where a hash comes to stand alone."""
    for mark in ",;\t|:":
        if mark in line:
            try:
                cells = next(csv.reader([line], delimiter=mark, skipinitialspace=True))
            except csv.Error:
                continue
            if any(HEX.fullmatch(cell.strip()) for cell in cells):
                return cells
    cells = line.rsplit(None, 1)
    return cells if HEX.fullmatch(cells[-1]) else [line]


def is_list(path: str, head: bytes) -> bool:
    """Whether a file of a return is a list of hashes: by its name, and by every line of it.

    Args:
        path: in the return.
        head: its first bytes; a line that they cut off is left aside.
    """
    name = PurePosixPath(path).name
    if not (OF_ONE.search(name) or LIST.fullmatch(name)):
        return False
    text = decoded(head)
    if len(head) >= 1 << 16:
        text = text.rpartition("\n")[0]
    found, strange = lines_of(text)
    named = all(not line.names or any(map(FILE.search, line.names)) for line in found)
    return bool(found) and strange <= 1 and named


def gather(sources: list[Path], entries: list[dict[str, Any]]) -> Stated:
    """Find what is stated of sources.

    Args:
        sources: those given to a run.
        entries: sources of case.toml.

    Raises:
        ConfigError: case.toml states something that is no hash.
    """
    stated = Stated()
    lists: dict[Path, tuple[list[Line], int] | None] = {}
    for source in sources:
        inside = [*_files(source)] if source.is_dir() else [source]
        within = inside if source.is_dir() else []
        found = [*_lists(source.parent, source.name), *_lists_among(within)]
        for path, of in found:
            if path not in lists:
                lists[path] = _read(path)
            _statements(stated, path, of, lists[path], source, inside)
    stated.statements += _from_case(entries)
    stated.statements = sorted(set(stated.statements))
    return stated


def _files(root: Path) -> Iterator[Path]:
    return (path for path in walk(root) if path.is_file() and not path.is_symlink())


def _lists(folder: Path, name: str) -> Iterator[tuple[Path, str]]:
    """Yield lists beside a source, and the file that each is about; "" = those it names."""
    try:
        with os.scandir(folder) as entries:
            beside = sorted(e.name for e in entries if e.is_file(follow_symlinks=False))
    except OSError:
        return  # a folder that may be entered and not listed
    for item in beside:
        if item == name:
            continue
        if match := OF_ONE.search(item):
            about = item[: match.start()].lower()
            if about == name.lower():
                yield folder / item, name
            elif about == Path(name).stem.lower():
                same = [n for n in beside if Path(n).stem.lower() == about and not OF_ONE.search(n)]
                yield folder / item, name if same == [name] else ""
        if LIST.fullmatch(item):
            yield folder / item, ""


def _lists_among(files: list[Path]) -> Iterator[tuple[Path, str]]:
    for path in sorted(files):
        if match := OF_ONE.search(path.name):
            yield path, path.name[: match.start()]
        elif LIST.fullmatch(path.name):
            yield path, ""


def _read(path: Path) -> tuple[list[Line], int] | None:
    try:
        if path.lstat().st_size > LARGEST:
            return None
        return lines_of(decoded(path.read_bytes()))
    except OSError:
        return None


def _statements(
    stated: Stated,
    path: Path,
    of: str,
    read: tuple[list[Line], int] | None,
    source: Path,
    inside: list[Path],
) -> None:
    """Add what a list states of a source."""
    shown = printable(path.name)
    lines = read[0] if read else []
    if not lines:
        if of:  # a list of another name may be anything
            stated.issues.append(Issue(
                Severity.WARNING, "intake", "provider_hash_unreadable",
                f"{shown}: holds no hash that can be read; compare it by hand",
            ))  # fmt: skip
        return
    if path in inside and not of and not is_list(path.name, path.read_bytes()[: 1 << 16]):
        return  # a table of the return, read as such
    by_name: dict[str, list[Path]] = defaultdict(list)
    for item in inside:
        by_name[item.name.lower()].append(item)
    missing = 0
    alone = by_name.get(of.lower(), []) if len(lines) == 1 else []
    if of and len(lines) == 1 and not alone:
        same = [item for item in inside if item.stem.lower() == of.lower()]
        alone = [item for item in same if not OF_ONE.search(item.name)]
    for line in lines:
        # a return may have been given another name than the one in its own list
        target = _target(line, path, source, by_name) or (alone[0] if len(alone) == 1 else None)
        if target is not None:
            stated.statements += [
                Statement(target, ALGORITHMS[len(digest)], digest, path.name)
                for digest in line.digests
            ]
        elif path in inside and line.names:
            missing += 1
    if missing:
        stated.issues.append(Issue(
            Severity.WARNING, "intake", "listed_file_missing",
            f"{shown}: lists files that are not here; ask whether they were sent", count=missing,
        ))  # fmt: skip


def _target(line: Line, path: Path, source: Path, by_name: dict[str, list[Path]]) -> Path | None:
    """Return the file that a line speaks of: by its path from the list's own folder, or its name.

    A name that several files bear says nothing.
    """
    for written in line.names:
        name = written.replace("\\", "/").removeprefix("./")
        exact = path.parent / name
        same = by_name.get(PurePosixPath(name).name.lower(), [])
        if exact in same or (exact == source and source in same):
            return exact
        if len(same) == 1:
            return same[0]
    return None


def _from_case(entries: list[dict[str, Any]]) -> Iterator[Statement]:
    for entry in entries:
        for key, algorithm in KEYS.items():
            if key not in entry or "replaced_by" in entry:
                continue
            digest = "".join(str(entry[key]).split()).lower()
            problem = "is no hash of that kind"
            if entry["kind"] == "folder":
                problem = "a folder has no hash of its own; put a list of hashes beside its files"
            elif HEX.fullmatch(digest) and ALGORITHMS[len(digest)] == algorithm:
                yield Statement(Path(entry["path"]), algorithm, digest, f"{CASE} {key}")
                continue
            raise ConfigError(f"case.toml: {key} of {entry['label']}: {problem}")


def check(
    stated: Stated, entries: list[dict[str, Any]], step: Callable[[int], None]
) -> list[Issue]:
    """Hash the files that something is stated of, and compare.

    Args:
        stated: from :func:`gather`.
        entries: sources of case.toml: what they were received as stands for a file that is not
            there any more.
        step: told how many bytes were hashed.

    Returns:
        What matched, and what could not be checked.

    Raises:
        IntegrityError: a hash is not the one that is stated.
    """
    received = {Path(entry["path"]): entry["sha256"] for entry in entries}
    issues = [*stated.issues]
    same: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path, items in stated.by_path().items():
        at_hand = {"sha256": received[path]} if path in received else {}
        wanted = {item.algorithm for item in items}
        by_hand = all(item.where.startswith(CASE) for item in items)
        # whether a source still is what it was received as, is looked at when it is received
        found = at_hand if by_hand and wanted == {"sha256"} else _digests(path, wanted, step)
        if found is None:
            found = at_hand
        for item in items:
            shown = f"{printable(path.name)}: its {SHOWN[item.algorithm]}"
            where = printable(item.where)
            if item.algorithm not in found:
                issues.append(Issue(
                    Severity.WARNING, "intake", "provider_hash_unchecked",
                    f"{shown} is stated in {where}, but the file is not there to be hashed",
                ))  # fmt: skip
            elif found[item.algorithm] != item.digest:
                raise IntegrityError(
                    f"{shown} is not the one stated in {where} (stated {item.digest[:16]}…, is "
                    f"{found[item.algorithm][:16]}…); nothing was read: the copy is damaged or "
                    "another file, ask for it again"
                )
            else:
                same[item.where, item.algorithm].append(path)
    return [*issues, *_matches(same)]


def _matches(same: dict[tuple[str, str], list[Path]]) -> Iterator[Issue]:
    """Say what matched: one issue for each list, which may have a hundred thousand lines."""
    for (where, algorithm), paths in sorted(same.items()):
        whose = f"{printable(paths[0].name)}: its" if len(paths) == 1 else f"{len(paths):,} files:"
        yield Issue(
            Severity.INFO, "intake", "provider_hash_matches",
            f"{whose} {SHOWN[algorithm]} is the one stated in {printable(where)}",
            count=len(paths),
        )  # fmt: skip


def _digests(
    path: Path, algorithms: set[str], step: Callable[[int], None]
) -> dict[str, str] | None:
    making = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                for digest in making.values():
                    digest.update(block)
                step(len(block))
    except OSError:
        return None
    return {name: digest.hexdigest() for name, digest in making.items()}
