"""Encrypted cases at work: opened into memory, written back as a whole, made from plain ones.

In memory the case has the same folders as a plain one, so that no other module knows the
difference; what stays as it is on the disk is there by links.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipeline import memory
from pipeline.errors import IntegrityError, TriageError, UnfinishedError
from pipeline.files import remove_folder, write_private
from pipeline.publication import JOURNAL, finish_publishing
from pipeline.vault import (
    FOLDER,
    PLAIN,
    Catalogue,
    Signature,
    Vault,
    erase,
    remove_unit,
    units_of,
)
from pipeline.vault_key import make_key, open_key, password_of

if TYPE_CHECKING:
    from pipeline.case import Case

LOG = logging.getLogger("triage")

SEALED = "sealed"
LINKED = ("case.toml", "audit.jsonl", SEALED)
"""What the case in memory has by a link, since it stays as it is on the disk."""

KEEP_SECONDS = 5.0
"""How often finished work is encrypted while a run is reading: what a kill costs at most."""

PATIENCE = 5
"""How often a generation may be replaced while it is being opened."""


@dataclass(slots=True)
class _Opened:
    """An encrypted case that lies plain in memory."""

    home: Path
    vault: Vault
    room: Path
    root: Path
    """The case in memory."""
    salt: bytes
    mark: bytes
    """Hash of salt and password: whether the same password is given again."""
    with_work: bool = False
    stamp: tuple[int, int] | None = None
    catalogue: Catalogue = field(default_factory=Catalogue)
    signatures: dict[str, Signature] = field(default_factory=dict)
    """Of what is in memory as the catalogue has it."""
    kept_at: float = 0.0


_opened: dict[Path, _Opened] = {}
_guard = threading.RLock()


def ready(password_file: Path | str | None) -> None:
    """Make sure that a case can be encrypted here, before anything is written.

    Raises:
        ConfigError: no password, or no file system in memory.
    """
    password_of(password_file, "--encrypt")
    memory.bases()


def unlock(home: Path, password_file: Path | str | None) -> Path:
    """Open an encrypted case in memory; return the folder there.

    All but ``work/`` is decrypted. Opened again in this process, it is brought up to date.

    Raises:
        ConfigError: no password, or a wrong one; no file system in memory.
        IntegrityError: a file of the vault is missing or damaged.
        UnfinishedError: too little memory.
    """
    password = password_of(password_file, f"{home}: is encrypted")
    home = home.resolve()
    with _guard:
        for one in list(_opened.values()):
            if not one.root.is_dir():
                del _opened[one.root]  # left since
            elif one.home == home and one.mark == _mark(one.salt, password):
                _refresh(one)
                return one.root
        return _enter(home, Vault(home, open_key(home / FOLDER, password)), password)


@contextmanager
def writing(case: Case) -> Iterator[None]:
    """Bring a case in memory up to date, and write back what is done to it; the case is locked."""
    one = _opened[case.path]
    _refresh(one)
    if one.catalogue.erase:
        _end_conversion(one.home, one.vault, one.catalogue)
        one.stamp = one.vault.stamp()
    _mark_case(one.home)
    try:
        yield
    except BaseException:
        # what was finished before is kept; what went wrong is told, not that this did too
        with suppress(TriageError, OSError):
            _write_back(case, one)
        raise
    _write_back(case, one)


def commit(case: Case) -> None:
    """Encrypt what has changed; the case is locked."""
    _commit(_opened[case.path])


def keep(case: Case) -> None:
    """Encrypt shards that are finished, now and then; the case is locked."""
    one = _opened[case.path]
    now = time.monotonic()
    if now - one.kept_at >= KEEP_SECONDS:
        _commit(one, only="work")
        one.kept_at = time.monotonic()


def take_work(case: Case) -> None:
    """Decrypt ``work/`` too; the case is locked. Damaged shards are left out and done anew."""
    one = _opened[case.path]
    if not one.with_work:
        one.with_work = True
        _refresh(one)
    one.kept_at = time.monotonic()


def check(case: Case) -> int:
    """Decrypt every file of the vault and compare its hash; return how many there are.

    Opening a case does so for all but ``work/``.

    Raises:
        IntegrityError: one is missing or damaged.
    """
    one = _opened[case.path]
    scratch = one.room / "check"
    catalogue = one.vault.load()
    for unit, entry in catalogue.entries.items():
        try:
            one.vault.restore(scratch, unit, entry)
        except FileNotFoundError:
            raise one.vault.missing(entry) from None
        finally:
            remove_folder(scratch)
    return len(catalogue.entries)


def encrypt_case(case: Case, password_file: Path | str | None) -> Path:
    """Make an encrypted case of a plain one, and open it; return the folder in memory.

    Its plain files go when the vault is whole and on the disk. The case is not locked.

    Raises:
        ConfigError: no password, no file system in memory.
        UnfinishedError: the case is in use, or the disk is full; it stays as it was.
    """
    from pipeline.case import locked

    password = password_of(password_file, "--encrypt")
    with locked(case):
        finish_publishing(case)
        home = case.path.resolve()
        folder = home / FOLDER
        remove_folder(folder)
        folder.mkdir(mode=0o700)
        vault = Vault(home, make_key(folder, password))
        entries = {unit: vault.seal(home, unit, folder=whole) for unit, _, whole in units_of(home)}
        names = sorted(item.name for item in home.iterdir() if item.name not in PLAIN)
        catalogue = Catalogue(entries, names)
        vault.store(catalogue)
        _mark_case(home)
        _end_conversion(home, vault, catalogue)
    with _guard:
        return _enter(home, vault, password)


def _enter(home: Path, vault: Vault, password: str) -> Path:
    needed = sum(entry.size for unit, entry in vault.load().entries.items() if not _is_work(unit))
    room = memory.make_room(needed)
    try:
        root = room / "case"
        root.mkdir(mode=0o700)
        salt = secrets.token_bytes(16)
        one = _Opened(home, vault, room, root, salt, _mark(salt, password))
        for name in LINKED:
            if name != SEALED or (home / name).is_dir():
                (root / name).symlink_to(home / name)
        memory.call_it(root, home)
        _refresh(one)
    except BaseException:
        memory.leave(room)
        raise
    _opened[root] = one
    return root


def _refresh(one: _Opened) -> None:
    """Make memory equal to the generation that holds; nothing is done when it is."""
    for _ in range(PATIENCE):
        stamp = one.vault.stamp()
        catalogue = one.catalogue if stamp is not None and stamp == one.stamp else one.vault.load()
        if _restored(one, catalogue, stamp):
            one.catalogue, one.stamp = catalogue, stamp
            return
    raise UnfinishedError(f"{one.home}: is being written again and again; try later")


def _restored(one: _Opened, catalogue: Catalogue, stamp: tuple[int, int] | None) -> bool:
    """Bring memory to a generation; False = a newer one has come meanwhile."""
    wanted = {
        unit: entry
        for unit, entry in catalogue.entries.items()
        if one.with_work or not _is_work(unit)
    }
    there = {unit: signature for unit, signature, _ in units_of(one.root)}
    for unit, signature in there.items():
        same = signature == one.signatures.get(unit)
        if not same or wanted.get(unit) != one.catalogue.entries.get(unit):
            remove_unit(one.root, unit)
        else:
            del wanted[unit]
    for unit, entry in wanted.items():
        try:
            one.vault.restore(one.root, unit, entry)
        except (FileNotFoundError, IntegrityError) as error:
            remove_unit(one.root, unit)
            if one.vault.stamp() != stamp:
                return False
            if _is_work(unit):
                LOG.warning("vault: a shard's output is damaged and is done anew")
                del catalogue.entries[unit]
            elif isinstance(error, IntegrityError):
                raise
            else:
                raise one.vault.missing(entry) from error
    one.signatures = {unit: signature for unit, signature, _ in units_of(one.root)}
    return True


def _write_back(case: Case, one: _Opened) -> None:
    if (case.path / JOURNAL).exists():
        finish_publishing(case)
    for name in LINKED:  # someone wrote in the place of the link
        path = one.root / name
        if path.exists() and not path.is_symlink():
            for file in [path] if path.is_file() else [f for f in path.rglob("*") if f.is_file()]:
                out = one.home / file.relative_to(one.root)
                out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_private(out, file.read_bytes())
            remove_unit(one.root, name)
            path.symlink_to(one.home / name)
    _commit(one)


def _commit(one: _Opened, only: str | None = None) -> None:
    entries = dict(one.catalogue.entries)
    signatures: dict[str, Signature] = {}
    changed = False
    for unit, signature, folder in units_of(one.root):
        if only is not None and PurePosixPath(unit).parts[0] != only:
            continue
        signatures[unit] = signature
        if unit not in entries or one.signatures.get(unit) != signature:
            entries[unit] = one.vault.seal(one.root, unit, folder=folder)
            changed = True
    for unit in list(entries):
        gone = unit not in signatures and (only is None or PurePosixPath(unit).parts[0] == only)
        if gone and (one.with_work or not _is_work(unit)):
            del entries[unit]
            one.signatures.pop(unit, None)
            changed = True
    if changed or len(entries) != len(one.catalogue.entries):
        catalogue = Catalogue(entries, one.catalogue.erase)
        one.vault.store(catalogue)
        one.catalogue, one.stamp = catalogue, one.vault.stamp()
    one.signatures |= signatures


def _end_conversion(home: Path, vault: Vault, catalogue: Catalogue) -> None:
    """Remove plain files that are in the vault, as a conversion that was cut short left them."""
    try:
        erase(home, catalogue.erase)
    except OSError as error:
        raise UnfinishedError(
            f"{home}: plain files cannot be removed ({error.strerror}); remove them by hand, or "
            "run again"
        ) from error
    catalogue.erase = []
    vault.store(catalogue)


def _mark_case(home: Path) -> None:
    from pipeline.case import Case

    case = Case(home)
    document = case.document()
    if document.unwrap().get("encrypted") is not True:
        document["encrypted"] = True
        case.save(document)


def _is_work(unit: str) -> bool:
    return unit.startswith("work/")


def _mark(salt: bytes, password: str) -> bytes:
    return hashlib.sha256(salt + password.encode()).digest()
