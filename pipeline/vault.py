"""The vault of an encrypted case: age files with names that tell nothing, and their catalogue.

Files are never written over. A change writes new ones, then the catalogue, whole, by one rename: a
power cut or a kill leaves the generation before or the one after. What no catalogue names is
removed by the next change.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import stat
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import pyrage

from pipeline.errors import ConfigError, IntegrityError, UnfinishedError
from pipeline.files import remove_folder, sha256_of, write_private
from pipeline.publication import JOURNAL
from pipeline.vault_key import KEY

FOLDER = "vault"
CATALOGUE = "catalogue.age"
FORMAT = 1
"""Version of the catalogue; a newer one is refused."""

PLAIN = ("case.toml", "audit.jsonl", ".lock", FOLDER, "sealed")
"""What stays as it is in the folder of an encrypted case: people fill in the first; the chain of
the second (ids and counts) can be checked without a password; the last has a key of its own, which
a filter team may have and nobody else."""

SHARD_DEPTH = 5
"""``work/shards/SOURCE/OPTIONS/SHARD``: a shard's dozen small files are one file of the vault."""

Signature = tuple[tuple[str, int, int, int], ...]
"""Of each file: path, size, time of change, inode; equal as long as nobody has written it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the vault."""

    name: str
    """Its name there, random and never used again, without ``.age``."""
    sha256: str
    """Of what it holds, plain."""
    size: int
    folder: bool = False
    """Whether it holds a folder, as a tar file."""


@dataclass(slots=True)
class Catalogue:
    """What a generation of a case consists of."""

    entries: dict[str, Entry] = field(default_factory=dict)
    """By path in the case."""
    erase: list[str] = field(default_factory=list)
    """Plain files and folders of the case folder that are in the vault now and are to go."""


class Vault:
    """The encrypted files of a case, opened with its key."""

    def __init__(self, home: Path, identity: Any) -> None:
        """Open it; read nothing yet.

        Args:
            home: the case folder.
            identity: its key.
        """
        self.folder = home / FOLDER
        self._home = home
        self._identity = identity
        self._recipients = [identity.to_public()]
        self._fresh: list[Path] = []

    def stamp(self) -> tuple[int, int] | None:
        """Return what changes with each generation; None = there is none."""
        try:
            status = (self.folder / CATALOGUE).stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino

    def load(self) -> Catalogue:
        """Read the catalogue.

        Raises:
            ConfigError: a newer version wrote it.
            IntegrityError: it is missing or damaged.
        """
        try:
            data = bytes(pyrage.decrypt((self.folder / CATALOGUE).read_bytes(), [self._identity]))
            document = json.loads(data)
            if document["format"] > FORMAT:
                raise ConfigError(f"{self._home}: encrypted by a newer version; update the tool")
            entries = {path: Entry(**entry) for path, entry in document["entries"].items()}
            return Catalogue(entries, document["erase"])
        except (OSError, pyrage.DecryptError, ValueError, KeyError, TypeError) as error:
            raise self._damaged(CATALOGUE) from error

    def store(self, catalogue: Catalogue) -> None:
        """Make a catalogue the one that holds, and remove what it does not name.

        Raises:
            UnfinishedError: the disk does not take it; the generation before holds.
        """
        with _written(self._home):
            for file in self._fresh:
                _settle(file)
            self._fresh.clear()
            _settle(self.folder)
            data = json.dumps({"format": FORMAT, **asdict(catalogue)}, sort_keys=True).encode()
            write_private(self.folder / CATALOGUE, bytes(pyrage.encrypt(data, self._recipients)))
            _settle(self.folder)
            named = {f"{entry.name}.age" for entry in catalogue.entries.values()}
            for file in self.folder.glob("*.age"):
                if file.name not in named and file.name not in (CATALOGUE, KEY):
                    file.unlink(missing_ok=True)

    def seal(self, root: Path, unit: str, *, folder: bool) -> Entry:
        """Encrypt a file, or a folder as one, into the vault; no catalogue names it yet.

        Raises:
            UnfinishedError: the disk does not take it.
        """
        name = secrets.token_hex(16)
        out = self.folder / f"{name}.age"
        with _written(self._home):
            os.close(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            self._fresh.append(out)
            if folder:
                data = _packed(root / unit)
                digest, size = hashlib.sha256(data).hexdigest(), len(data)
                out.write_bytes(pyrage.encrypt(data, self._recipients))
            else:
                digest, size = sha256_of(root / unit), (root / unit).stat().st_size
                pyrage.encrypt_file(str(root / unit), str(out), self._recipients)
        return Entry(name, digest, size, folder)

    def restore(self, root: Path, unit: str, entry: Entry) -> None:
        """Decrypt a file of the vault to where it belongs.

        Raises:
            FileNotFoundError: it is gone, perhaps because a newer generation holds.
            IntegrityError: it is not what the catalogue says.
            UnfinishedError: memory does not take it.
        """
        name = f"{entry.name}.age"
        out, source = root / unit, self.folder / name
        source.stat()
        out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            if entry.folder:
                data = bytes(pyrage.decrypt(source.read_bytes(), [self._identity]))
                digest = hashlib.sha256(data).hexdigest()
            else:
                out.unlink(missing_ok=True)
                os.close(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
                pyrage.decrypt_file(str(source), str(out), [self._identity])
                digest = sha256_of(out)
        except FileNotFoundError:
            raise
        except OSError as error:
            if not _is_systems(error):
                raise self._damaged(name) from error  # age's own, of bytes that were changed
            raise UnfinishedError(
                f"{self._home}: cannot be opened in memory ({error.strerror or error}): end other "
                "programs and run again"
            ) from error
        except pyrage.DecryptError as error:
            raise self._damaged(name) from error
        if digest != entry.sha256:
            raise self._damaged(name)
        if entry.folder:
            _unpack(data, out)

    def _damaged(self, name: str) -> IntegrityError:
        return IntegrityError(
            f"{self._home}: {FOLDER}/{name} is missing or damaged, or belongs to another case; "
            "bring the folder back from a copy"
        )

    def missing(self, entry: Entry) -> IntegrityError:
        """Return the error for a file that is not there."""
        return self._damaged(f"{entry.name}.age")


def units_of(root: Path) -> Iterator[tuple[str, Signature, bool]]:
    """Yield what of a case folder is encrypted: path, signature, whether a folder goes as one.

    Left out is what stays plain, and what is half made: its name begins with a dot (but for the
    journal of a publication, and files of the index).
    """
    shards: dict[str, list[tuple[str, int, int, int]]] = {}
    for folder, folders, files in os.walk(root):
        here = PurePosixPath(Path(folder).relative_to(root).as_posix())
        inside = here.parts[:1] not in ((), ("work",))
        folders[:] = sorted(
            name for name in folders
            if (inside or not name.startswith("."))
            and not (here.parts == () and name in PLAIN)
        )  # fmt: skip
        for name in sorted(files):
            path = here / name
            status = (Path(folder) / name).lstat()
            if not stat.S_ISREG(status.st_mode):
                continue
            if here.parts == () and (name in PLAIN or (name[0] == "." and name != JOURNAL)):
                continue
            if not inside and here.parts and name.startswith("."):
                continue
            signed = (str(path), status.st_size, status.st_mtime_ns, status.st_ino)
            if here.parts[:2] == ("work", "shards") and len(here.parts) >= SHARD_DEPTH:
                unit = str(PurePosixPath(*here.parts[:SHARD_DEPTH]))
                shards.setdefault(unit, []).append(signed)
            else:
                yield str(path), (signed,), False
    for unit, signatures in shards.items():
        yield unit, tuple(signatures), True


def remove_unit(root: Path, unit: str) -> None:
    """Remove a file, or a folder that went as one, and the folders above that are empty then."""
    path = root / unit
    if path.is_dir():
        remove_folder(path)
    else:
        path.unlink(missing_ok=True)
    for folder in path.relative_to(root).parents:
        try:
            (root / folder).rmdir() if folder.parts else None
        except OSError:
            return


def erase(home: Path, names: Iterable[str]) -> None:
    """Overwrite and remove plain files of a case folder.

    Overwriting reaches the old bytes on a magnetic disk with a plain file system alone; flash
    memory, snapshots and journals keep traces (docs/encryption.md).
    """
    for name in names:
        path = home / name
        files = [path] if not path.is_dir() else [item for item in path.rglob("*")]
        for item in files:
            if item.is_file() and not item.is_symlink():
                with item.open("r+b") as file:
                    left = item.stat().st_size
                    while left > 0:
                        left -= file.write(bytes(min(left, 1 << 20)))
                    os.fsync(file.fileno())
        if path.is_dir():
            remove_folder(path)
        else:
            path.unlink(missing_ok=True)


def _packed(folder: Path) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for item in sorted(folder.rglob("*")):
            if item.is_file():
                archive.add(item, item.relative_to(folder).as_posix(), recursive=False)
    return out.getvalue()


def _unpack(data: bytes, folder: Path) -> None:
    remove_folder(folder)
    folder.mkdir(mode=0o700)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        archive.extractall(folder, filter="data")
    for item in folder.rglob("*"):
        item.chmod(0o700 if item.is_dir() else 0o600)


def _settle(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_systems(error: Exception) -> bool:
    """Whether the system refused something; age gives such errors without a number."""
    return getattr(error, "errno", None) is not None or "os error" in str(error)


class _written:
    """Turn a disk's refusal into one line."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, OSError | pyrage.EncryptError):
            told = str(error) if _is_systems(error) else type(error).__name__
            reason = getattr(error, "strerror", None) or told
            raise UnfinishedError(
                f"{self._home}: the encrypted case cannot be written ({reason}); what was there "
                "holds; mend that and run again"
            ) from error
