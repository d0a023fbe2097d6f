"""A second look at what was made, by other means than those that made it."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import TriageError
from pipeline.lists import Entry

LEAST = 6
"""Letters and digits of a value that cannot stand in an output by chance."""


def refuse_leaks(root: Path, people: Iterable[tuple[int, Entry]]) -> None:
    """Search files for whole listed values, punctuation, case and accents aside.

    Args:
        root: a file or folder.
        people: whom the list protects.

    Raises:
        TriageError: one is there; which one is not told.
    """
    needles = {needle for _, entry in people for needle in _needles(entry)}
    files = [root] if root.is_file() else sorted(item for item in root.rglob("*") if item.is_file())
    for path in files:
        name = path.relative_to(root).as_posix() if path != root else path.name
        for text in (name, *_texts(path)):
            plain = _plain(text)
            if any(needle in plain for needle in needles):
                raise TriageError(
                    f"{path.name}: a value of a protected person is still in it, which is a bug: "
                    "nothing was made; please report it"
                )


def _needles(entry: Entry) -> Iterable[str]:
    value = entry.value.rpartition(":")[2] if entry.kind == "handle" else entry.value
    plain = _plain(value)
    if entry.kind == "phone" and len(plain) > 10:
        plain = plain[-10:]
    one_word = entry.kind == "name" and " " not in value
    if len(plain) >= LEAST and not one_word and entry.kind != "domain":
        yield plain


def _texts(path: Path) -> Iterable[str]:
    if path.suffix == ".parquet":
        from pipeline.redact.parts import strings_of

        yield from strings_of(path)
        return
    text = path.read_text("utf-8")
    yield html.unescape(text) if path.suffix == ".html" else text


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(filter(str.isalnum, folded))
