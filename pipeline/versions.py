"""Versions of all that decides what is found: tool, extractors, lexicons, model, libraries."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version as library_version
from importlib.resources import files

from extractors.names import model_digest
from extractors.registry import versions
from pipeline import watch
from pipeline.config import RunConfig

LIBRARIES = (
    "charset-normalizer", "dask", "duckdb", "phonenumbers", "pyarrow", "pypdfium2",
    "python-calamine", "selectolax", "spacy", "tantivy",
)  # fmt: skip
"""Libraries that read, find or write."""


def components(config: RunConfig) -> list[tuple[str, str]]:
    """Return names and versions of all that decides what is found."""
    found = [(name, str(number)) for name, number in versions().items()]
    found.append((watch.NAME, str(watch.VERSION)))
    found.append(("lexicons", lexicons_digest()))
    if config.use_model:
        found.append(("model", model_digest(config.model)))
    return sorted([*found, *[(name, library_version(name)) for name in LIBRARIES]])


def surroundings() -> list[tuple[str, str]]:
    """Return what a run notes besides: it should decide nothing."""
    return [("python", platform.python_version()), ("system", platform.system())]


@cache
def lexicons_digest() -> str:
    """Hash the word lists and gazetteers that the extractors look things up in."""
    digest = hashlib.sha256()
    for item in sorted(files("extractors").joinpath("data").iterdir(), key=lambda item: item.name):
        if item.is_file():
            data = item.read_bytes()
            digest.update(f"{item.name}\n{len(data)}\n".encode())
            digest.update(data)
    return digest.hexdigest()
