"""What this machine has and lacks for the tool, and what to do about it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

GIB = 1 << 30
LEAST_MEMORY = 4 * GIB
"""A return of 40,000 pages peaks near 1 GiB with two workers (docs/bench.md); four leave room for
the rest of an office machine."""
LEAST_DISK = 10 * GIB
"""Work, tables and index of ten returns of 40,000 pages, roughly."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: str
    """``ok``; ``missing`` (something does not work without it); ``optional`` (something extra does
    not)."""
    found: str
    advice: str = ""
    """What to do; empty when nothing is to be done."""


def examine(folder: Path) -> list[Finding]:
    """Look at this machine.

    Args:
        folder: where cases are kept: its disk is looked at.
    """
    return [
        _python(), _memory(), _disk(folder), _model(), _zones(), *_recognition(), _browser(),
        _private_memory(),
    ]  # fmt: skip


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", "ok", f"{version}, {os.cpu_count() or 1} cores")


def _memory() -> Finding:
    import psutil

    total = int(psutil.virtual_memory().total)
    enough = total >= LEAST_MEMORY
    return Finding(
        "memory", "ok" if enough else "missing", f"{total / GIB:.1f} GiB",
        "" if enough else "run with --workers 1, and no other program beside it",
    )  # fmt: skip


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    enough = free >= LEAST_DISK
    return Finding(
        "disk", "ok" if enough else "missing", f"{free / GIB:.1f} GiB free",
        "" if enough else "keep cases on a disk with more room",
    )  # fmt: skip


def _private_memory() -> Finding:
    from pipeline import memory
    from pipeline.errors import ConfigError

    try:
        base = max(memory.bases(), key=memory.free)
    except ConfigError as error:
        return Finding("encryption", "optional", "cases cannot be encrypted here", str(error))
    swaps = memory.plain_swap()
    if swaps:
        return Finding(
            "encryption", "optional", f"swap that is not encrypted: {', '.join(swaps)}",
            "an encrypted case lies plain in memory while a command is at work, and the kernel may "
            "write memory to swap: encrypt the swap, or turn it off (swapoff -a)",
        )  # fmt: skip
    return Finding("encryption", "ok", f"{base}, {memory.free(base) / GIB:.1f} GiB free")


def _model() -> Finding:
    from extractors.names import model_digest

    try:
        return Finding("names model", "ok", f"shipped, digest {model_digest(None)[:12]}")
    except (OSError, ValueError):
        return Finding(
            "names model", "missing", "not there",
            "install the tool anew, or run with --no-model (names are then found by rules alone)",
        )  # fmt: skip


def _zones() -> Finding:
    try:
        ZoneInfo("America/Chicago")
    except (ZoneInfoNotFoundError, OSError):
        return Finding("time zones", "missing", "no zone database", "install the package tzdata")
    return Finding("time zones", "ok", "there")


def _recognition() -> Iterator[Finding]:
    from pipeline.readers.ocr import find_tesseract

    engine = find_tesseract()
    if engine is None:
        yield Finding(
            "text recognition", "optional", "tesseract is not installed",
            "scans are listed as not read; to read them: apt install tesseract-ocr "
            "tesseract-ocr-spa (Windows: the UB Mannheim installer), then run again",
        )  # fmt: skip
        return
    languages = set(engine.languages)
    yield Finding(
        "text recognition", "ok", f"tesseract {engine.version}, {', '.join(sorted(languages))}"
    )
    lacking = {"eng": "English", "spa": "Spanish"}
    for code, language in lacking.items():
        if code not in languages:
            yield Finding(
                "text recognition", "optional", f"no {language}",
                f"apt install tesseract-ocr-{code}",
            )  # fmt: skip


def _browser() -> Finding:
    browser = find_browser()
    if browser is None:
        return Finding(
            "browser", "optional", "no Chromium or Chrome",
            "only `triage sample --format meta-pdf` needs one: apt install chromium",
        )  # fmt: skip
    return Finding("browser", "ok", browser)


def find_browser() -> str | None:
    """Return the path of a browser that prints pages, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
