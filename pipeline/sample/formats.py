"""Which formats ``triage sample`` makes, and who makes each."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

FORMATS: dict[str, tuple[str, str]] = {
    "meta": ("maker", "a Meta business record, HTML in a zip"),
    "meta-pdf": ("printed:make_printed", "the same, printed to PDF by Chromium"),
    "whatsapp-record": ("whatsapp_record:make_whatsapp_record", "a WhatsApp business record"),
    "dyi-json": ("dyi:make_dyi_json", "a download of one's own account, JSON"),
    "dyi-html": ("dyi:make_dyi_html", "the same as HTML"),
    "dyi-e2ee": ("dyi:make_dyi_e2ee", "an export of encrypted chats"),
    "whatsapp-chat": ("whatsapp_chat:make_whatsapp_chat", "WhatsApp chat exports, text"),
    "text": ("texts:make_texts", "plain text and Markdown in several encodings"),
    "html": ("documents:make_html", "a web page"),
    "docx": ("documents:make_docx", "a Word document"),
    "pdf": ("pdfs:make_pdf", "a report as PDF"),
    "eml": ("mails:make_eml", "e-mails, a file each"),
    "mbox": ("mails:make_mbox", "a mailbox"),
    "csv": ("tables:make_csv", "a table as CSV"),
    "xlsx": ("tables:make_xlsx", "a workbook"),
}  # fmt: skip
"""Name: module and function of :mod:`pipeline.sample`, and what it is in words."""

ZIPPED = frozenset({"dyi", "whatsapp_record"})
"""Modules that make a zip; the others make a folder."""


def make(form: str, out: Path, *, pages: int, seed: int, wordlist: str) -> Path:
    """Make a sample of another format than ``meta``, with its gold.

    Args:
        form: a key of :data:`FORMATS`.
        out: a folder; gets ``return.zip`` or a folder ``return``, and ``gold.jsonl``.
        pages: pages, or what comes near them (eight messages).
        seed: any integer; equal arguments give equal gold.
        wordlist: ``a``, or the held-back ``b``.

    Returns:
        What a run is given: a file, or the folder.

    Raises:
        ConfigError: what makes it is missing (a browser).
        ValueError: too few pages.
        OSError: the place cannot be written to.
    """
    module, _, function = FORMATS[form][0].partition(":")
    maker = getattr(import_module(f"pipeline.sample.{module}"), function)
    target = out / ("return.zip" if module in ZIPPED else "return")
    made: Path = maker(target, pages=pages, seed=seed, wordlist=wordlist)
    if target.is_dir():  # no part of what is read
        (target / "gold.jsonl").replace(out / "gold.jsonl")
    return made
