"""Whether what was published is still what was published, asked before anything is read from it.

``triage search``, ``show`` and ``report`` look at the sizes of all published files, which takes a
millisecond, then hash tables and index: a flipped bit in them would be a wrong answer that nobody
sees. ``triage run`` hashes everything and makes anew what is damaged. ``triage verify`` checks the
manifest itself, against the audit chain, and all that can be checked beyond it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import IntegrityError
from pipeline.files import sha256_of

if TYPE_CHECKING:
    from pipeline.case import Case

PUBLISHED = ("tables", "index", "reports")
THREADS = 4
"""Hashing goes on beside Python's lock; more than the disk gives is of no use."""
ANEW = "`triage verify` says what else is, `triage run` makes it anew"


def sizes_of(roots: list[Path], names: dict[str, str]) -> dict[str, int]:
    """Return the sizes of files as they are going to be published.

    Args:
        roots: folders of which the first that has a file gives its size.
        names: the files, by path in the case; as in the manifest.
    """
    places = {name: [root / name for root in roots] for name in names}
    there = {name: next((p for p in found if p.is_file()), None) for name, found in places.items()}
    return {name: place.stat().st_size for name, place in there.items() if place is not None}


def check_sizes(case: Case) -> None:
    """Make sure that every published file is there and as long as it was.

    Raises:
        IntegrityError: one is not; or the manifest is damaged.
    """
    for name, size in sorted(_listed(case, "sizes").items()):
        try:
            found = (case.path / name).stat().st_size
        except (OSError, ValueError) as error:
            raise IntegrityError(f"{case.root}: {name} is missing; {ANEW}") from error
        if found != size:
            raise IntegrityError(
                f"{case.root}: {name} has {found:,} bytes and was published with {size:,}; {ANEW}"
            )


def check_bytes(case: Case, *folders: str) -> None:
    """Make sure that every published file in some folders is what it was, byte for byte.

    Args:
        case: an open case.
        folders: ``tables``, ``index`` or ``reports``.

    Raises:
        IntegrityError: one is not, or the manifest is damaged.
    """
    for name in damaged(case, folders):
        raise IntegrityError(f"{case.root}: {name} has changed since it was published; {ANEW}")


def damaged(case: Case, folders: Collection[str] = PUBLISHED) -> Iterator[str]:
    """Yield the published files that are missing or no longer what the manifest says.

    Args:
        case: an open case.
        folders: those that are looked at.

    Raises:
        IntegrityError: the manifest is damaged.
    """
    files = _listed(case, "files")
    names = [name for name in sorted(files) if name.split("/", 1)[0] in folders]
    with ThreadPoolExecutor(THREADS) as threads:
        for name, digest in zip(names, threads.map(lambda n: _hash(case, n), names), strict=True):
            if digest != files[name]:
                yield name


def _hash(case: Case, name: str) -> str | None:
    try:
        return sha256_of(case.path / name)
    except (OSError, ValueError):
        return None


def _listed(case: Case, key: str) -> dict[str, Any]:
    listed = case.manifest().get(key, {})
    if not isinstance(listed, dict):
        raise IntegrityError(f"{case.root}: manifest.json is damaged; {ANEW}")
    return listed
