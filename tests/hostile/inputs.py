"""The corpus of bad inputs: what a suspect, a broken disk or a joker could put into a return.

Every input is made by code, from invented words, into an empty folder; nothing large is kept. An
:class:`Bad` says what has to become of it. ``python tests/hostile/outcomes.py`` prints what does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from meta_layout import leaf, message, section, thread, write

GOOD = "Anna West (Facebook: 900000000000101)"
OTHER = "Ben 21 (Facebook: 900000000000202)"
HELLO = "hello from fridley, call 651-555-0117"
"""What stands in the good file beside a bad one, and has to be found."""

OFTEN = 2
"""Inputs of a class that ``make test`` reads; ``make test-slow`` reads the others."""


@dataclass(frozen=True)
class Bad:
    """One bad input and what has to become of it."""

    kind: str
    """The class it stands for: a heading of the table."""
    name: str
    """What it is, in a few words."""
    make: Callable[[Path], object]
    """Writes it into an empty folder, which is the source; or returns the path that is."""
    code: int = 0
    """Exit code of the run."""
    issues: str = ""
    """Codes of all issues beyond those of any run, sorted."""
    seconds: float = 10
    """Most time on the processor: run, search, show and report together."""
    megabytes: int = 480
    """Most memory; a run of one line takes about 350 (libraries, model, fonts of the sheet)."""
    options: tuple[str, ...] = ()
    query: str = "fridley"
    """A search that has to find something, where the exit code is 0 or 1; "" = none."""
    slow: bool = False

    @property
    def id(self) -> str:
        """Name in the list of tests."""
        return f"{self.kind}: {self.name}"


def conversation(
    *bodies: str | tuple[str, ...],
    author: str = GOOD,
    head: str = "(900000000000555)",
    sent: str = "",
) -> bytes:
    """Return a business record of one thread; texts are escaped as the provider escapes them."""
    said = [
        message(author, sent or "2024-03-01 02:09:30 UTC", body=body) for body in (HELLO, *bodies)
    ]
    return write([
        *section("request_parameters", leaf("Service", "Facebook"), leaf("Target", "900000000000101"),
                 definition=False),
        *section("unified_messages", [
            ("open", "Unified Messages"), *thread(head, said, people=(author, OTHER)), ("done",), ("close",),
        ]),
    ])  # fmt: skip


def put(folder: Path, name: str, data: bytes | str) -> Path:
    """Write a file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
    return path


def beside(name: str, data: bytes | str | Callable[[], bytes | str]) -> Callable[[Path], None]:
    """Return what writes a bad file beside a good one; what takes long to make is made then."""

    def make(folder: Path) -> None:
        put(folder, "records.html", conversation())
        put(folder, name, data() if callable(data) else data)

    return make


def corpus() -> list[Bad]:
    """Return all of them, in the order of the table."""
    import in_archives
    import in_documents
    import in_folders
    import in_texts

    found = [*in_texts.BAD, *in_archives.BAD, *in_folders.BAD, *in_documents.BAD]
    kinds: Counter[str] = Counter()
    for at, bad in enumerate(found):
        kinds[bad.kind] += not bad.slow
        if kinds[bad.kind] > OFTEN:
            found[at] = replace(bad, slow=True)
    return found
