"""What another folder needs to seal and release as a case does: for a replay."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.sealing.exposure import EXPOSURE
from pipeline.sealing.index import INDEX
from pipeline.sealing.keys import KEY, sealed_folder


def carry_over(case: Path, other: Path) -> None:
    """Copy ids of what is sealed, the log of releases and what left before, to another folder.

    The key stays where it is: what the other folder seals, the case's key opens.

    Args:
        case: the folder of a case.
        other: a new case folder.
    """
    folder = sealed_folder(other)
    for name in (KEY, INDEX, EXPOSURE):
        path = sealed_folder(case) / name
        if path.is_file():
            folder.mkdir(mode=0o700, exist_ok=True)
            shutil.copyfile(path, folder / name)
    if (case / "audit.jsonl").is_file():
        shutil.copyfile(case / "audit.jsonl", other / "audit.jsonl")
