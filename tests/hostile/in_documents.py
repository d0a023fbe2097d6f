"""Documents of every format, made to burst, to nest, to lie or to end too soon."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

from inputs import Bad, beside, conversation, put

HIT = "call 651-555-0142"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' if n else '<!ENTITY a0 "&a;&a;">' for n in range(12))
    + "]>"
)  # fmt: skip
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a11 SYSTEM "file:///etc/hostname"><!ENTITY % p SYSTEM "http://example.com/x.dtd">%p;]>'


def _zip(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def docx(body: str, head: str = '<?xml version="1.0"?>', **more: str | bytes) -> bytes:
    """Return a Word document of this XML."""
    return _zip({
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{REL}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'{head}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>', **more,
    })  # fmt: skip


def passage(text: str) -> str:
    """Return a paragraph."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def xlsx(
    rows: str, head: str = '<?xml version="1.0"?>', strings: str = "", more: str = ""
) -> bytes:
    """Return a workbook of one sheet of this XML."""
    return _zip({
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{REL}"><sheets><sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": strings or f'<sst xmlns="{SHEET}"><si><t>x</t></si></sst>',
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{SHEET}">{more}<sheetData>{rows}</sheetData></worksheet>',
    })  # fmt: skip


def cell(at: str, text: str) -> str:
    """Return a cell."""
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def pdf(objects: list[str], trailer: str = "/Root 1 0 R", *, broken: bool = False) -> bytes:
    """Return a PDF of these objects, numbered from one."""
    out, places = bytearray(b"%PDF-1.7\n"), []  # bytes would be copied 100,000 times
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out) + 7777 * broken
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{(9 if broken else place):010} 00000 n \n".encode() for place in places)
    out += (
        f"trailer\n<< /Size {len(objects) + 1} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    )
    return bytes(out)


CATALOG = "<< /Type /Catalog /Pages 2 0 R >>"
FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(content: str) -> str:
    """Return a stream."""
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"


def page(content: int = 4, box: str = "0 0 612 792", more: str = "") -> str:
    """Return a page."""
    return f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents {content} 0 R /Resources << /Font << /F 5 0 R >> >> {more} >>"


SAID = stream(f"BT /F 12 Tf 72 700 Td ({HIT}) Tj ET")
ONE = [CATALOG, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page(), SAID, FONT]


def form(content: str, drawn: str = "", ref: str = "") -> str:
    """Return a form that may draw others."""
    held = ref or f"<< /XObject << {drawn} >> >>"
    return f"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources {held} /Length {len(content)} >>\nstream\n{content}\nendstream"


DOUBLE = form("/X Do /X Do", "/X 6 0 R")


def packed_object(number: int, body: str) -> str:
    """Return an object stream that holds one object."""
    head = f"{number} 0 "
    return f"<< /Type /ObjStm /N 1 /First {len(head)} /Length {len(head + body)} >>\nstream\n{head}{body}\nendstream"


def forms(*drawn: str) -> bytes:
    """Return a PDF whose page draws the first of some forms (objects 6, 7, ...)."""
    used = page().replace("/Font <<", "/XObject << /X 6 0 R >> /Font <<")
    return pdf(
        [CATALOG, ONE[1], used, stream(f"/X Do BT /F 12 Tf 72 700 Td ({HIT}) Tj ET"), FONT, *drawn]
    )


def sheets(count: int) -> bytes:
    """Return a PDF of empty sheets, and one of text."""
    kids = " ".join(f"{6 + at} 0 R" for at in range(count))
    return pdf([
        CATALOG, f"<< /Type /Pages /Kids [3 0 R {kids}] /Count {count + 1} >>", page(), SAID, FONT,
        *(["<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>"] * count),
    ])  # fmt: skip


def mail(body: str, *headers: str) -> str:
    """Return a mail."""
    return "\n".join([
        "From: Ann <ann@example.com>", "To: bo@example.com", "Subject: hi", "Date: Fri, 1 Mar 2024 02:20:00 -0600",
        "Message-ID: <1@mail.example.com>", "MIME-Version: 1.0", *headers, "", body,
    ])  # fmt: skip


def nested(depth: int) -> str:
    """Return a mail of parts in parts."""
    body = f"Content-Type: text/plain\n\n{HIT}\n"
    for at in range(depth):
        body = f'Content-Type: multipart/mixed; boundary="b{at}"\n\n--b{at}\n{body}\n--b{at}--\n'
    first, _, rest = body.partition("\n\n")
    return mail(rest, first)


def attached(depth: int) -> str:
    """Return a mail in a mail in a mail."""
    body = mail(HIT)
    for _ in range(depth):
        body = mail(body, "Content-Type: message/rfc822")
    return body


def games() -> str:
    """Return boundaries that are empty, equal, prefixes of each other, never closed, or closed first."""
    return mail(
        f"--b--\n--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n{HIT}\n--bb\n\nx\n--b\nContent-Type: multipart/mixed; "
        'boundary=""\n\n--\n\ny\n----\n--b \n\nz',
        'Content-Type: multipart/mixed; boundary=b; boundary="c"; boundary*0="d"',
    )  # fmt: skip


def deep_json(folder: Path) -> None:
    """Arrays and objects 100,000 deep, bare and within a conversation."""
    _good(folder)
    put(folder, "a.json", "[" * 100_000 + "]" * 100_000)
    put(folder, "b.json", '{"a":' * 100_000 + "1" + "}" * 100_000)
    said = json.dumps({"participants": [{"name": "Ann"}, {"name": "Bo"}], "title": "Bo", "thread_path": "inbox/x_1",
                       "messages": [{"sender_name": "Ann", "timestamp_ms": 1709259067123, "content": HIT}]})  # fmt: skip
    deep = said.replace('"content"', f'"more": {"[" * 100_000}{"]" * 100_000}, "content"')
    put(folder, "your_facebook_activity/messages/inbox/x_1/message_1.json", deep)


def big_json(folder: Path) -> None:
    """Numbers of a hundred thousand digits, strings never closed, keys twice."""
    _good(folder)
    big = "9" * 100_000
    put(folder, "a.json", f'{{"a": {big}, "b": 1e{big}, "c": -{big}.{big}}}')
    put(folder, "b.json", '{"a": "' + "x" * 100_000)
    head = '"participants": [{"name": "Ann"}, {"name": "Bo"}], "title": "Bo", "thread_path": "inbox/x_1"'
    put(folder, "your_facebook_activity/messages/inbox/x_1/message_1.json",
        f'{{{head}, "messages": [{{"sender_name": "Ann", "timestamp_ms": {big}, "content": "{HIT}", "call_duration": {big}}},'
        f'{{"sender_name": "Ann", "timestamp_ms": 1709259067123, "content": "a", "content": "b {HIT}"}}]}}')  # fmt: skip


def _good(folder: Path) -> None:
    put(folder, "records.html", conversation())


def deep_html(opened: str, closed: str = "") -> Callable[[Path], None]:
    """Return what writes a page of tags within tags, and a return with them in a message."""
    inside = f"{opened * 100_000}{HIT}{closed * 100_000}"

    def make(folder: Path) -> None:
        _good(folder)
        put(
            folder,
            "page.html",
            f"<!DOCTYPE html><html><body><p>before</p>{inside}<p>after</p></body></html>",
        )
        put(
            folder,
            "other/records.html",
            conversation("MARK", "after").replace(b"MARK", inside.encode()),
        )

    return make


NUL_ROWS = "name,phone,note\n" + "".join(
    f"Ann {at},651-555-01{at % 100:02},a\0b\n" for at in range(50)
)
WIDE_ROW = (
    "name,phone,note\n"
    + "Ann,651-555-0142,ok\n" * 9
    + 'Bo,651-555-0143,"'
    + "word " * 2_000_000
    + '"\nCy,651-555-0144,ok\n'
)
OPEN_QUOTE = (
    "name,phone,note\n"
    + "Ann,651-555-0142,ok\n" * 9
    + 'Bo,651-555-0143,"never closed\n'
    + "Cy,651-555-0144,ok\n" * 5_000
)
COLUMNS = (
    ",".join(f"c{n}" for n in range(20_000))
    + "\n"
    + ",".join("651-555-0142" for _ in range(20_000))
    + "\n"
)
FAR = f'<row r="1">{cell("A1", "name")}{cell("XFD1", HIT)}</row><row r="1048576">{cell("XFD1048576", "end")}</row>'
CLAIM = f'<row r="1">{cell("A1", "name")}{cell("AAAAAAAA1", HIT)}</row><row r="99999999999">{cell("B99999999999", "x")}</row>'

BAD = [
    Bad("deep nesting", "100,000 open <div>", deep_html("<div>", "</div>"), 0, ""),
    Bad("deep nesting", "100,000 <b> never closed", deep_html("<b>")),
    Bad("deep nesting", "100,000 tables", deep_html("<table><tr><td>"), 1, "file_ends_early nested_too_deep orphan_value", slow=True),
    Bad("deep nesting", "100,000 end tags", deep_html("</div>"), 0, "orphan_value"),
    Bad("deep nesting", "JSON 100,000 deep", deep_json, 1, "layout_drift nested_too_deep unknown_format"),
    Bad("numbers out of range", "JSON numbers of 100,000 digits", big_json, 1, "bad_time unknown_field unknown_format"),
    Bad("XML bombs", "a billion laughs in a Word document", beside("a.docx", docx(passage(f"&a11; {HIT}"), LAUGHS)), 1, "unsafe_xml"),
    Bad("XML bombs", "a billion laughs in a workbook", beside("a.xlsx", xlsx(f'<row r="1">{cell("A1", f"&a11; {HIT}")}</row>', LAUGHS)), 1, "broken_sheet"),
    Bad("XML bombs", "100,000 elements deep in a Word document", beside("a.docx", docx("<w:p>" * 100_000 + HIT + "</w:p>" * 100_000))),
    Bad("XML bombs", "one text of 200 MB in a Word document", beside("a.docx", lambda: docx(passage("x" * 200_000_000))), 1, "archive_ratio"),
    Bad("XML bombs", "one text of 200 MB in a workbook", beside("a.xlsx", lambda: xlsx(f'<row r="1">{cell("A1", "x" * 200_000_000)}</row>')), 1, "too_large"),
    Bad("XXE", "in a Word document", beside("a.docx", docx(passage(f"&a11; {HIT}"), OUTSIDE)), 1, "unsafe_xml"),
    Bad("XXE", "in a workbook", beside("a.xlsx", xlsx(f'<row r="1">{cell("A1", f"&a11; {HIT}")}</row>', OUTSIDE)), 1, "broken_sheet"),
    Bad("workbooks", "cells at the last row and column", beside("a.xlsx", xlsx(FAR, more='<dimension ref="A1:XFD1048576"/>')), 1, "sheet_too_large"),
    Bad("workbooks", "cells past every row and column", beside("a.xlsx", xlsx(CLAIM, more='<dimension ref="A1:ZZZZZZZ99999999999"/>')), 1, "sheet_too_large"),
    Bad("workbooks", "a string that is not there", beside("a.xlsx", xlsx('<row r="1"><c r="A1" t="s"><v>999999999</v></c><c r="B1" t="s"><v>-1</v></c></row>')), 1, "broken_sheet"),
    Bad("CSV", "a field of 10 MB", beside("a.csv", WIDE_ROW), 0, "stray_quote", seconds=60, megabytes=1500, slow=True),
    Bad("CSV", "NUL in cells", beside("a.csv", NUL_ROWS), 1, "unknown_format"),
    Bad("CSV", "a quote never closed", beside("a.csv", OPEN_QUOTE), 0, "unterminated_quote", seconds=15, slow=True),
    Bad("CSV", "20,000 columns", beside("a.csv", COLUMNS), 0, "ragged_row", megabytes=600, slow=True, seconds=20),
    Bad("mail", "300 parts deep", beside("a.eml", nested(300)), 1, "nested_too_deep"),
    Bad("mail", "300 mails in mails", beside("a.eml", attached(300)), 1, "nested_too_deep"),
    Bad("mail", "a header of 1 MB, and 20,000 headers", beside("a.eml", mail(HIT, "X-Long: " + "x" * 1_000_000, *(f"X-{n}: y" for n in range(20_000))))),
    Bad("mail", "a megabyte of addresses", beside("a.eml", mail(HIT, "Cc: " + ", ".join(f"a{n}@example.com" for n in range(50_000)))), seconds=15, megabytes=550, slow=True),
    Bad("mail", "boundary games", beside("a.eml", games()), 0, "file_ends_early"),
    Bad("mail", "a megabyte of encoded words", beside("a.eml", mail(HIT, "Comments: " + "=?utf-8?Q?=E9?= " * 60_000))),
    Bad("PDF", "broken xref", beside("a.pdf", pdf(ONE, broken=True))),
    Bad("PDF", "encrypted", beside("a.pdf", pdf([*ONE, f"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >>"], "/Root 1 0 R /Encrypt 6 0 R /ID [<00><00>]")), 1, "encrypted_pdf"),
    Bad("PDF", "no pages", beside("a.pdf", pdf([CATALOG, "<< /Type /Pages /Kids [] /Count 0 >>"])), 1, "broken_pdf"),
    Bad("PDF", "pages that hold themselves", beside("a.pdf", pdf([CATALOG, "<< /Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 3 >>", page(), SAID, FONT])), 1, "broken_sheet"),
    Bad("PDF", "a page a million miles wide", beside("a.pdf", pdf([*ONE[:2], page(box="0 0 1e12 1e12"), SAID, FONT]))),
    Bad("PDF", "a form that draws itself", beside("a.pdf", forms(DOUBLE)), 1, "too_large"),
    Bad("PDF", "forms that draw one another, 30 deep", beside("a.pdf", forms(*(form(f"/X{n + 1} Do /X{n + 1} Do", f"/X{n + 1} {n + 7} 0 R") for n in range(30)), form("", ""))), 1, "too_large"),
    Bad("PDF", "the same with resources in an object stream", beside("a.pdf", forms(form("/X Do /X Do", ref="7 0 R"), packed_object(7, "<< /XObject << /X 6 0 R >> >>"))), 1, "too_large"),
    Bad("PDF", "a form within a form", beside("a.pdf", forms(form("/X2 Do", "/X2 7 0 R"), form("0 0 9 9 re f", "")))),
    Bad("PDF", "two million pages stated, one there", beside("a.pdf", pdf([CATALOG, "<< /Type /Pages /Kids [3 0 R] /Count 2000000 >>", page(), SAID, FONT]))),
    Bad("PDF", "a million signs on a sheet", beside("a.pdf", pdf([*ONE[:3], stream("BT /F 1 Tf 72 700 Td " + f"({'x' * 1000}) Tj " * 1000 + "ET"), FONT])), seconds=12, megabytes=600, slow=True),
    Bad("PDF", "2,000 empty sheets", beside("a.pdf", lambda: sheets(2_000))),
    Bad("PDF", "100,000 empty sheets", beside("a.pdf", lambda: sheets(100_000)), 0, "", seconds=200, megabytes=900, slow=True),
    Bad("null bytes", "a file of nothing else", beside("a.txt", bytes(100_000)), 1, "unknown_format"),
]  # fmt: skip
