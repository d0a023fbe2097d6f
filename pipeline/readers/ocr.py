"""Recognises text in pictures of pages, through Tesseract where that is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

WANTED = ("eng", "spa")
DPI = 300
"""What Tesseract's documentation asks for at least."""
MOST_PIXELS = 40_000_000
"""Of a picture: a sheet of A3 at 300 dpi has 17 million."""
PAGE_SECONDS = 180
"""A dense page takes some five seconds."""
_ASK_SECONDS = 20
_VERSION = re.compile(r"tesseract\s+v?(\d[\w.\-]*)")


class OcrError(Exception):
    """A page could not be recognised; its text says why, for people."""


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The recognition program of this machine."""

    path: str
    version: str
    languages: tuple[str, ...]
    """Codes of those it has data for, in order."""

    @property
    def chosen(self) -> str:
        """The languages that are used, as the program takes them; empty: its own default."""
        return "+".join(code for code in WANTED if code in self.languages)

    @property
    def label(self) -> str:
        """Program, version and languages: what a result is to be credited to."""
        return f"tesseract {self.version}, {self.chosen or 'default language'}"


@dataclass(frozen=True, slots=True)
class Picture:
    """A grey picture."""

    width: int
    height: int
    grey: bytes
    """One byte a pixel, from the top."""


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A recognised line."""

    text: str
    """Its words with blanks between."""
    confidence: float
    """Mean over its words, 0 to 1."""
    words: int


def find_tesseract() -> Tesseract | None:
    """Return the recognition program that is on the path, or None."""
    path = shutil.which("tesseract")
    return _asked(path) if path else None


@lru_cache(maxsize=4)
def _asked(path: str) -> Tesseract | None:
    try:
        said = _ask(path, "--version")
        version = _VERSION.search(said)
        listed = _ask(path, "--list-langs").splitlines()
    except (OSError, subprocess.SubprocessError):
        return None
    if version is None:
        return None
    # the first line is a heading
    codes = (line.strip() for line in listed if not line.rstrip().endswith(":"))
    languages = sorted({code for code in codes if re.fullmatch(r"[\w/.\-]+", code)})
    return Tesseract(path, version[1], tuple(languages))


def _ask(path: str, question: str) -> str:
    done = subprocess.run(
        [path, question], capture_output=True, timeout=_ASK_SECONDS, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    # versions before 4 answer on standard error
    return (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace")


def read_page(
    engine: Tesseract, picture: Picture, *, seconds: float = PAGE_SECONDS
) -> list[list[OcrLine]]:
    """Recognise a page; nothing is written to disk.

    Args:
        engine: the program.
        picture: the page.
        seconds: after which it is given up.

    Returns:
        Its paragraphs, each as lines; empty where nothing was recognised.

    Raises:
        OcrError: the program failed, or took too long.
    """
    command = [engine.path, "stdin", "stdout", "--dpi", str(DPI)]
    if engine.chosen:
        command += ["-l", engine.chosen]
    if "osd" in engine.languages:
        # finds out which way up the page lies
        command += ["--psm", "1"]
    command.append("tsv")
    portable = b"P5 %d %d 255\n" % (picture.width, picture.height) + picture.grey
    try:
        done = subprocess.run(
            command, input=portable, capture_output=True, timeout=seconds, check=False,
            # one thread a page: sheets are read side by side already
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise OcrError(f"text recognition took more than {seconds:g} seconds") from None
    except OSError:
        raise OcrError("text recognition could not be started") from None
    if done.returncode:
        raise OcrError(f"text recognition failed (exit code {done.returncode})")
    return parse_tsv(done.stdout.decode("utf-8", "replace"))


def parse_tsv(text: str) -> list[list[OcrLine]]:
    """Read the table that Tesseract writes: a row for each page, block, paragraph, line and word.

    Rows that are not as they should be are left out.
    """
    lines = text.split("\n")
    columns = {name.strip(): at for at, name in enumerate(lines[0].split("\t"))}
    if not {"level", "block_num", "par_num", "line_num", "conf", "text"} <= columns.keys():
        return []
    words = list(_words(lines[1:], columns))
    return [
        [_line([(conf, word) for *_, conf, word in line]) for _, line in groupby(part, _place)]
        for _, part in groupby(words, lambda word: word[:2])
    ]


_Word = tuple[int, int, int, float, str]


def _words(lines: list[str], columns: dict[str, int]) -> Iterator[_Word]:
    for row in lines:
        cells = row.rstrip("\r").split("\t", len(columns) - 1)
        if len(cells) < len(columns) or cells[columns["level"]] != "5":
            continue
        try:
            block, paragraph, line = (
                int(cells[columns[name]]) for name in ("block_num", "par_num", "line_num")
            )
            confidence = float(cells[columns["conf"]])
        except ValueError:
            continue
        word = cells[columns["text"]].strip()
        if word and 0 <= confidence <= 100:
            yield block, paragraph, line, confidence, word


def _place(word: _Word) -> tuple[int, int, int]:
    return word[:3]


def _line(words: list[tuple[float, str]]) -> OcrLine:
    mean = sum(confidence for confidence, _ in words) / len(words) / 100
    return OcrLine(" ".join(word for _, word in words), round(mean, 4), len(words))
