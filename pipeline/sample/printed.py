"""The synthetic return as an officer prints it: its HTML through a headless browser to PDF."""

from __future__ import annotations

import json
import subprocess
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pipeline.doctor import find_browser
from pipeline.errors import ConfigError
from pipeline.sample.maker import make_sample

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--virtual-time-budget=1000",
)  # fmt: skip
SECONDS_PER_PAGE = 0.5
"""Bound of a print: Chromium takes some 0.01 s a page and never that long."""


def make_printed(
    out: Path,
    *,
    pages: int,
    seed: int,
    wordlist: str = "a",
    progress: Callable[[int], None] | None = None,
    header: bool = False,
) -> Path:
    """Print the files of a synthetic return to PDF, with the same gold.

    Args:
        out: a folder; gets a PDF for each HTML file, and ``gold.jsonl``.
        pages: pages as the provider numbers them; sheets are about twice as many.
        seed: any integer.
        wordlist: ``a`` or ``b``.
        progress: called with the number of pages made so far.
        header: whether the browser prints its own header and footer.

    Returns:
        The folder.

    Raises:
        ConfigError: no browser, or it fails.
        ValueError: too few pages.
    """
    browser = find_browser()
    if browser is None:
        raise ConfigError("printing needs Chromium or Chrome, and none was found: triage doctor")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="triage-") as folder:
        receipt = make_sample(
            Path(folder), pages=pages, seed=seed, wordlist=wordlist, progress=progress
        )
        with zipfile.ZipFile(receipt.zip_path) as archive:
            archive.extractall(folder)
        names = [name for name in receipt.pages if name.endswith(".html")]
        for name in names:
            target = out / f"{Path(name).stem}.pdf"
            print_to_pdf(browser, Path(folder) / name, target, pages=pages, header=header)
        with (
            receipt.gold_path.open(encoding="utf-8") as rows,
            (out / "gold.jsonl").open("w", encoding="utf-8", newline="\n") as gold,
        ):
            for line in rows:
                row = json.loads(line)
                row["pages"] = {
                    f"{Path(name).stem}.pdf": numbers for name, numbers in row["pages"].items()
                }
                row["folded"] = True  # lines wrap, and fonts lack signs
                gold.write(json.dumps(row, ensure_ascii=False) + "\n")
    return out


def print_to_pdf(
    browser: str, page: Path, target: Path, *, pages: int, header: bool = False
) -> None:
    """Print a page, served from this machine alone: of a file the PDF would show the path.

    Raises:
        ConfigError: the browser fails or takes too long.
    """
    with _served(page.parent) as address, tempfile.TemporaryDirectory(prefix="triage-") as profile:
        command = [
            browser, *FLAGS, f"--user-data-dir={profile}", f"--print-to-pdf={target}",
            *([] if header else ["--no-pdf-header-footer"]), f"{address}/{page.name}",
        ]  # fmt: skip
        try:
            subprocess.run(
                command, check=True, capture_output=True, timeout=60 + SECONDS_PER_PAGE * pages
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise ConfigError(
                f"{browser}: could not print {page.name} ({type(error).__name__}); try fewer pages"
            ) from error
    if not target.is_file():
        raise ConfigError(f"{browser}: printed nothing; try fewer pages")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on standard error."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
