"""Setting a PDF: what typst makes of the data of a document, a long one in a process of its own.

typst keeps what it has worked out until the process ends (measured, typst 0.15.2: 86 pages 510 MB,
the same once more 400 MB), so that long documents are set in a process that ends with them; three
profiles would want 1.5 GB else. Data and file go through pipes: nothing reaches a disk.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import as_file, files
from typing import Any

LONG = 150_000
"""Characters of data from which a document is set in a process of its own: some 15 pages, 100 MB.
Such a process takes 0.2 s to start, which a triage sheet is not worth."""

_CHILD = "from pipeline.report.formats.pdf_set import child; child()"


def set_data(data: dict[str, Any]) -> bytes:
    """Set a document: as PDF/UA-1, or as tagged PDF where the typesetter refuses it.

    Args:
        data: what ``data/report.typ`` reads.

    Returns:
        The file; the same whichever process sets it.
    """
    text = json.dumps(data, ensure_ascii=False)
    return (apart(text) if len(text) >= LONG else None) or typeset(text)


def apart(text: str) -> bytes | None:
    """Set data in a process of its own; None where none can be started, or it fails."""
    path = os.pathsep.join(item or os.curdir for item in sys.path)
    try:
        done = subprocess.run(
            [sys.executable, "-c", _CHILD],
            input=text.encode("utf-8", "surrogatepass"),
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONPATH": path},
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return done.stdout or None


def child() -> None:
    """Set what stands on standard input, for :func:`apart`."""
    text = sys.stdin.buffer.read().decode("utf-8", "surrogatepass")
    sys.stdout.buffer.write(typeset(text))


def typeset(text: str) -> bytes:
    """Set data, as JSON, in this process."""
    import typst

    folder = files("pipeline.report") / "data"
    template = (folder / "report.typ").read_bytes()
    inputs = {"data": text}
    with as_file(folder / "fonts") as path:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(path)])
        try:
            return typst.compile(
                template, font_paths=fonts, sys_inputs=inputs, format="pdf", pdf_standards="ua-1"
            )
        except typst.TypstError:
            return typst.compile(template, font_paths=fonts, sys_inputs=inputs, format="pdf")
