"""What was validated, and on what machine: versions and sizes, no name of it or of its user."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.resources import files
from typing import Any

GIB = 1 << 30
DISTRIBUTION = "warrant-triage"


def system() -> dict[str, Any]:
    """Return Python, operating system, cores and memory."""
    import psutil

    from pipeline.workers import cores

    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "os": f"{platform.system()} {platform.release()}",
        "distribution": _distribution(),
        "machine": platform.machine(),
        "cores": os.cpu_count() or 1,
        "cores_usable": cores(),
        "memory_gib": round(psutil.virtual_memory().total / GIB, 1),
    }


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        return ""


def components() -> list[dict[str, str]]:
    """Return readers and extractors with their versions."""
    from extractors.registry import versions
    from pipeline.readers import READERS

    found = [("reader", item.name, str(item.version)) for item in READERS]
    found += [("extractor", name, str(number)) for name, number in sorted(versions().items())]
    return [{"part": part, "name": name, "version": number} for part, name, number in found]


def lexicon() -> dict[str, Any]:
    """Return how many lists the extractors have, and the hash that runs state of them."""
    from pipeline.versions import lexicons_digest

    count = sum(item.is_file() for item in files("extractors").joinpath("data").iterdir())
    return {"files": count, "sha256": lexicons_digest()}


def model() -> dict[str, str]:
    """Return the name and hash of the shipped names model; blank where it is not there."""
    from extractors.names import model_digest

    try:
        return {"name": "chat_names", "digest": model_digest(None)}
    except (OSError, ValueError):
        return {"name": "chat_names", "digest": ""}


def libraries() -> list[dict[str, str]]:
    """Return the libraries that the tool asks for, with the versions that are there."""
    try:
        wanted = requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        wanted = []
    names = {re.split(r"[^\w.-]", line)[0].lower() for line in wanted if "extra ==" not in line}
    found = []
    for name in sorted(names):
        try:
            found.append({"name": name, "version": version(name)})
        except PackageNotFoundError:
            found.append({"name": name, "version": "missing"})
    return found
