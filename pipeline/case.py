"""The case folder: opening, locking, publishing; the public Python face for notebooks.

Nothing here loads pyarrow, pandas or duckdb until a table is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import tomlkit
from filelock import FileLock, Timeout

from pipeline import legal, memory
from pipeline.audit import append_audit as append_audit
from pipeline.errors import ConfigError, IntegrityError, TriageError, UnfinishedError
from pipeline.explore.face import Face
from pipeline.files import sha256_of as sha256_of
from pipeline.files import writable as _writable
from pipeline.files import write_private as write_private
from pipeline.publication import FORMAT, JOURNAL, unswept
from pipeline.publication import clear_staged as clear_staged
from pipeline.publication import finish_publishing as finish_publishing
from pipeline.publication import publish as publish
from pipeline.publication import republish as republish
from pipeline.search.terminal import printable
from pipeline.wholeness import check_bytes, check_sizes

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

KINDS = ("zip", "folder", "file")
"""What a source can be."""

LOCK_SECONDS = 10
"""How long a reader waits for another process to end its swap, which takes milliseconds."""

TEMPLATE = f"""\
# The case, for people: fill in what is known. The tool reads it and adds sources; it changes
# nothing that stands here.
format = 1

{legal.TEMPLATE}"""


@dataclass(frozen=True, slots=True)
class Case(Face):
    """A case folder. Make one with :func:`open_case` or :func:`create_case`."""

    path: Path
    """Where its tables lie: of an encrypted case a folder in memory."""
    home: Path | None = None
    """Of an encrypted case, the folder that people name."""

    @property
    def root(self) -> Path:
        """The folder that people name: case.toml, the audit chain and the lock are there."""
        return self.home or self.path

    @property
    def work(self) -> Path:
        """Shard outputs and receipts."""
        return self.path / "work"

    @property
    def staged(self) -> Path:
        """Where the next tables, index and report are made."""
        return self.path / ".staged"

    def document(self) -> Any:
        """Return case.toml as a document that keeps comments.

        Raises:
            ConfigError: it cannot be read, or does not hold what the tool wrote there.
        """
        try:
            document = tomlkit.parse((self.root / "case.toml").read_text("utf-8"))
        except (OSError, UnicodeDecodeError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise ConfigError(f"{self.root}: case.toml cannot be read: {reason}") from error
        problem = _problem(document.unwrap())
        if problem:
            raise ConfigError(f"{self.root}: case.toml: {problem}; mend it by hand")
        return document

    def save(self, document: Any) -> None:
        """Write case.toml back, whole."""
        write_private(self.root / "case.toml", tomlkit.dumps(document).encode("utf-8"))

    def commit(self) -> None:
        """See to it that what is published is encrypted on the disk (an encrypted case, locked)."""
        if self.home is not None:
            from pipeline.vault_case import commit

            commit(self)

    def take_work(self) -> None:
        """Have the work folder at hand, which a run takes up (an encrypted case, locked)."""
        if self.home is not None:
            from pipeline.vault_case import take_work

            take_work(self)

    def keep(self) -> None:
        """Encrypt shards that are finished, now and then (an encrypted case, locked)."""
        if self.home is not None:
            from pipeline.vault_case import keep

            keep(self)

    def sources(self) -> list[dict[str, Any]]:
        """Return the sources with their labels, as case.toml lists them."""
        return [dict(item) for item in self.document().unwrap().get("sources", [])]

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Read a table into pandas.

        Args:
            name: one of the tables of docs/tables.md.
            columns: the columns wanted; None = all.
        """
        import pandas as pd

        folder = self.path / "tables" / name
        if not folder.is_dir():
            raise ConfigError(f"{self.root}: no table {name!r}; run `triage run` first")
        return pd.read_parquet(folder, columns=columns, dtype_backend="pyarrow")

    def manifest(self) -> dict[str, Any]:
        """Return manifest.json.

        Raises:
            IntegrityError: it is missing or unreadable.
        """
        try:
            manifest = dict(json.loads((self.path / "manifest.json").read_text("utf-8")))
            manifest["files"] = dict(manifest["files"])
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise IntegrityError(
                f"{self.root}: manifest.json is missing or damaged; run `triage run` again"
            ) from error
        return manifest


def open_case(
    path: Path, *, published: bool = True, password_file: Path | str | None = None
) -> Case:
    """Open a case for reading, finishing a swap that was interrupted.

    Args:
        path: the case folder.
        published: whether tables must be there.
        password_file: of an encrypted case, a file whose first line is the password; None = the
            environment variable TRIAGE_PASSWORD_FILE names it.

    Raises:
        ConfigError: no case there, a case of a newer version, or nothing published yet; of an
            encrypted case, no password or a wrong one.
        IntegrityError: a file of an encrypted case is damaged.
    """
    case = Case(path, memory.home_of(path))
    try:
        there = (path / "case.toml").is_file()
    except OSError as error:
        raise ConfigError(f"{path}: the case may not be opened ({error.strerror})") from error
    if not there:
        raise ConfigError(f"{path}: no case here; make one with `triage run SOURCE --case {path}`")
    document = case.document().unwrap()
    version = document.get("format", 0)
    if version > FORMAT:
        raise ConfigError(
            f"{path}: made by a newer version (case format {version}, this tool knows {FORMAT}); "
            "update the tool"
        )
    if case.home is None and is_encrypted(path, document):
        from pipeline.vault_case import unlock

        case = Case(unlock(path, password_file), path)
    if unswept(case.path):
        if not _writable(path):
            if (case.path / JOURNAL).exists():
                raise UnfinishedError(
                    f"{path}: a publication was cut short and the case may not be written; run any "
                    "command on it once where it may"
                )
        else:
            with locked(case, wait=LOCK_SECONDS):
                finish_publishing(case)
    if published and not (case.path / "tables").is_dir():
        raise ConfigError(f"{path}: nothing is published yet; run `triage run` again to finish")
    return case


def steadily(case: Case, read: Callable[[], T]) -> T:
    """Call ``read``, and again if something was published meanwhile: never old beside new.

    What has changed since it was published is told before anything is read: 0.7 s for a gigabyte
    of tables and index, on one core of four.

    Args:
        case: an open case.
        read: reads published files only.

    Raises:
        IntegrityError: a published file is missing or not what it was.
        UnfinishedError: publications came too fast.
    """
    for _ in range(3):
        before = _stamp(case.path)
        try:
            check_sizes(case)
            check_bytes(case, "tables", "index")
            result = read()
        except TriageError:
            if _stamp(case.path) == before:
                raise
        else:
            if _stamp(case.path) == before:
                return result
        open_case(case.path)  # waits for a swap that is under way
    raise UnfinishedError(f"{case.path}: is being published again and again; try later")


def _stamp(path: Path) -> tuple[bool, int, int] | None:
    try:
        swapping = (path / JOURNAL).exists()
        status = (path / "manifest.json").stat()
    except OSError:
        return None
    return swapping, status.st_mtime_ns, status.st_ino


def create_case(
    path: Path,
    sources: list[Path],
    *,
    encrypt: bool = False,
    password_file: Path | str | None = None,
) -> Case:
    """Open the case there, or make it; private to its owner.

    Args:
        path: the case folder.
        sources: what it is made of.
        encrypt: whether a plain case, or a new one, becomes an encrypted one.
        password_file: of an encrypted case.

    Raises:
        ConfigError: the folder lies in a source, is something else, or may not be written; no
            password, or a wrong one.
    """
    if encrypt:
        from pipeline.vault_case import encrypt_case, ready

        ready(password_file)
    case = _found_or_made(path, sources, password_file)
    if encrypt and case.home is None:
        return Case(encrypt_case(case, password_file), path)
    return case


def _found_or_made(path: Path, sources: list[Path], password_file: Path | str | None) -> Case:
    try:
        resolved = path.resolve()
        for source in sources:
            root = source.resolve()
            if root.is_dir() and (resolved == root or root in resolved.parents):
                raise ConfigError(
                    f"{path}: lies inside the source {source}; name a folder elsewhere"
                )
        str(resolved).encode()
        if (path / "case.toml").is_file():
            case = open_case(path, published=False, password_file=password_file)
            if not _writable(path):
                raise ConfigError(f"{path}: the case may not be written; ask for access")
            return case
        if path.exists() and (not path.is_dir() or any(_foreign(path))):
            raise ConfigError(f"{path}: is there already and is no case; name another folder")
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
        write_private(path / "case.toml", TEMPLATE.encode())
    except UnicodeEncodeError as error:
        raise ConfigError(f"{printable(str(path))}: the name is not UTF-8; give another") from error
    except (OSError, RuntimeError) as error:  # RuntimeError: links that go round in a circle
        reason = error.strerror if isinstance(error, OSError) else "a link in a circle"
        raise ConfigError(f"{path}: the case cannot be written there: {reason}") from error
    return Case(path)


def is_encrypted(path: Path, document: dict[str, Any]) -> bool:
    """Whether a case is encrypted.

    Args:
        path: the case folder.
        document: its case.toml.

    Raises:
        IntegrityError: case.toml says so, and the vault is not there.
    """
    there = (path / "vault" / "catalogue.age").is_file()
    if document.get("encrypted") is True and not there:
        raise IntegrityError(
            f"{path}: is encrypted, and vault/catalogue.age is missing; bring the folder vault "
            "back from a copy"
        )
    return there


def _foreign(path: Path) -> Iterator[Path]:
    """Yield what is not left by a command that was cut off before case.toml was there."""
    return (item for item in path.iterdir() if item.name != ".case.toml.new")


def _problem(document: dict[str, Any]) -> str | None:
    """Say what a person has broken in case.toml."""
    version = document.get("format", 0)
    if type(version) is not int:
        return "format must be a whole number"
    if version > FORMAT:
        return None  # open_case tells
    if not isinstance(document.get("legal_process", {}), dict):
        return "legal_process must be a table"
    sources = document.get("sources", [])
    if not isinstance(sources, list):
        return "sources must be written as [[sources]]"
    for source in sources:
        for key in ("label", "path", "kind", "sha256"):
            if not isinstance(source, dict) or not isinstance(source.get(key), str):
                return f"a source lacks {key!r}"
        if source["kind"] not in KINDS:
            return f"a source's kind must be one of {', '.join(KINDS)}"
    return None


@contextmanager
def locked(case: Case, *, wait: float = 0) -> Iterator[None]:
    """Hold the case for writing.

    Args:
        case: the case.
        wait: seconds to wait for another process that holds it.

    Raises:
        UnfinishedError: another run holds it.
    """
    lock = FileLock(case.root / ".lock", timeout=wait, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise UnfinishedError(
            f"{case.root}: another run is at work on this case; wait until it has ended"
        ) from error
    try:
        if case.home is None:
            yield
        else:
            from pipeline.vault_case import writing

            with writing(case):
                yield
    finally:
        lock.release()
