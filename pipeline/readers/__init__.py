"""One layout of one provider a file. The registry is :data:`READERS`."""

from __future__ import annotations

from pipeline.readers.base import Reader
from pipeline.readers.csv_table import CsvTable
from pipeline.readers.docx_document import DocxDocument
from pipeline.readers.dyi_e2ee import DyiE2ee
from pipeline.readers.dyi_html import DyiHtml
from pipeline.readers.dyi_json import DyiJson
from pipeline.readers.html_document import HtmlDocument
from pipeline.readers.mail import Eml, Mbox
from pipeline.readers.meta_html import MetaHtml
from pipeline.readers.meta_pdf import MetaPdf
from pipeline.readers.pdf_document import PdfDocument
from pipeline.readers.text_document import TextDocument
from pipeline.readers.whatsapp_chat import WhatsappChat
from pipeline.readers.xlsx_table import XlsxTable

READERS: tuple[Reader, ...] = (
    MetaHtml(),
    MetaPdf(),
    DyiJson(),
    DyiHtml(),
    DyiE2ee(),
    WhatsappChat(),
    PdfDocument(),
    DocxDocument(),
    HtmlDocument(),
    Eml(),
    Mbox(),
    XlsxTable(),
    CsvTable(),
    TextDocument(),
)
"""Every reader, in no order: the highest bid takes a file."""


_BY_NAME = {reader.name: reader for reader in READERS}


def reader_named(name: str) -> Reader:
    """Return the reader of that name."""
    return _BY_NAME[name]
