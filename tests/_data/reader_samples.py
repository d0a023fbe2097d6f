"""One or two small invented files for every reader: what hardship, golden and fuzz tests read.

The people, numbers (555-01xx), addresses (example.com) and streets are nobody's. ``PRINTED`` beside
this file is the page that :func:`printed_page` gives, as Chromium printed it.
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from datetime import datetime
from functools import cache
from pathlib import Path

from meta_layout import (
    BARS,
    HEAD,
    TITLE,
    full,
    group,
    leaf,
    message,
    records,
    section,
    thread,
    write,
)

from pipeline.sample.pdf_writer import Picture, pdf_bytes
from pipeline.sample.pdf_writer import Sheet as PdfSheet
from pipeline.sample.workbook import Sheet, write_workbook

HERE = Path(__file__).parent
PRINTED = HERE / "printed_return.pdf"

ORLA, TAVI = "Orla Fenwick 🌙", "Tavi Réyes"
INBOX = "your_facebook_activity/messages/inbox/taviryes_900000000000612"
WEB = "http://schemas.openxmlformats.org"


def samples() -> dict[str, dict[str, bytes]]:
    """Return for each reader its files by path in the return."""
    return {reader: dict(files) for reader, files in _made().items()}


@cache
def _made() -> dict[str, dict[str, bytes]]:
    return {
        "meta_html": {"records.html": meta_return(), "threads/records.html": threads_return(),
                      "whatsapp/records.html": whatsapp_return()},
        "meta_pdf": {"printed_return.pdf": PRINTED.read_bytes()},
        "dyi_json": {f"{INBOX}/message_1.json": dyi_thread(), **dyi_sections()},
        "dyi_html": {f"{INBOX}/message_1.html": dyi_page(), **dyi_section_page()},
        "dyi_e2ee": {"Tavi_2.json": dyi_encrypted()},
        "whatsapp_chat": {"WhatsApp Chat with Tavi.txt": ANDROID.encode(), "_chat.txt": IOS.encode()},
        "pdf_document": {"report.pdf": report(), "scans.pdf": scans()},
        "docx_document": {"statement.docx": statement()},
        "html_document": {"page.html": PAGE.encode()},
        "eml": {"mail.eml": MAIL.replace("\n", "\r\n").encode()},
        "mbox": {"box.mbox": BOX.encode()},
        "xlsx_table": {"visits.xlsx": visits()},
        "csv_table": {"payments.csv": PAYMENTS.encode(), "calls.tsv": CALLS.encode()},
        "text_document": {"note.txt": NOTE.encode(), "list.md": LIST.encode()},
    }  # fmt: skip


def meta_return() -> bytes:
    """Return a business record of a user of Facebook over five pages, as Meta writes it now."""
    tokens = full()
    return write(tokens, cuts=[(len(tokens) * part // 5, 0) for part in range(1, 5)])


def threads_return() -> bytes:
    """Return a business record of a user of Threads, in the oldest layout."""
    tokens = [
        *section("request_parameters", leaf("Service", "Threads"), leaf("Target", "900000000000717"),
                 definition=False),
        *section("name", leaf("First", "Orla")),
        *section("threads_posts", records(
            "Threads Posts",
            [leaf("Id", "900000000000718"), leaf("Time", "2024-03-05 18:00:00 UTC"), leaf("Text", "new spot opens at 8, dm me")],
            [leaf("Id", "900000000000719"), leaf("Time", "2024-03-06 18:00:00 UTC"), leaf("Text", "sorry, moved to 40 Alder St")],
        )),
    ]  # fmt: skip
    return write(tokens, "g1", bar=BARS[1])


def whatsapp_return() -> bytes:
    """Return a business record of WhatsApp: no texts, but logs and contacts."""
    own, other = "13125550143", "15155550119"
    logged = group(
        "Message", leaf("Timestamp", "2024-02-21 12:01:00 UTC"), leaf("Message Id", "3EB0A1"),
        leaf("Sender", own), leaf("Recipients", other), leaf("Sender Ip", "203.0.113.7"), leaf("Type", "text"),
    )  # fmt: skip
    call = group(
        "Call", leaf("Call Id", "C1"), leaf("Call Creator", own),
        records("Events", [leaf("Type", "offer"), leaf("Timestamp", "2024-02-21 12:03:00 UTC"),
                           leaf("From", own), leaf("To", other), leaf("From Ip", "203.0.113.7")]),
    )  # fmt: skip
    tokens = [
        *section("request_parameters", leaf("Service", "WhatsApp"), leaf("Account Identifier", f"+{own}"),
                 leaf("Account Type", "WhatsApp User"), definition=False),
        *section("emails", leaf("Registered Email Addresses", "orla@example.com")),
        *section("address_book_info", group("Address Book Info", leaf("Symmetric contacts", "1 Total", other))),
        *section("message_log", records("Message Log", [logged])),
        *section("call_logs", records("Call Logs", [call])),
    ]  # fmt: skip
    head = HEAD.format(title="WhatsApp Business Record")
    return write(tokens, head=head, bar=BARS[3]) + b"</div></body></html>"


def printed_page() -> bytes:
    """Return the business record that was printed."""
    anna, ben = "Orla Fenwick (Facebook: 900000000000611)", "Tavi Reyes (Facebook: 900000000000612)"
    said = [
        message(ben, "2024-03-02 14:00:00 UTC", body="ok see u at the Alder Court Inn rm 214, bring 150"),
        message(anna, "2024-03-02 13:58:10 UTC", body=("her new number is 651-555-0142", "ask for juno")),
        message(ben, "2024-03-01 23:10:44 UTC",
                group("Call Record", leaf("Type", "audio"), leaf("Missed", "false"), leaf("Duration", "61")),
                body="You started an audio call"),
        message(anna, "2024-03-01 02:09:30 UTC",
                body="a longer one that wraps over the line of the sheet, " * 6 + "and ends here"),
    ]  # fmt: skip
    tokens = [
        *section("request_parameters", leaf("Service", "Facebook"), leaf("Internal Ticket Number", "90007"),
                 leaf("Target", "900000000000611"), definition=False),
        *section("name", group("Name", leaf("First", "Orla"), leaf("Middle"), leaf("Last", "Fenwick"))),
        *section("phone_numbers", leaf("Phone Numbers", "+13125550143 Cell Verified on 2019-08-04 12:00:01 UTC")),
        *section("unified_messages", [
            ("open", "Unified Messages"),
            *thread("(900000000000613)", said, people=(anna, ben)),
            ("done",), ("close",),
        ]),
    ]  # fmt: skip
    head = HEAD.format(title=TITLE["g3"]).replace("zz", "").replace(
        ".o{", ".o{display:block;}.i{font-weight:bold;display:table}"
        ".m{font-weight:normal;display:table-cell;padding:2px}.p{padding:5px}.o{"
    )  # fmt: skip
    places = [number for number, token in enumerate(tokens) if token == ("blank",)]
    return write(tokens, head=head, cuts=[(places[-2], 0)]) + b"</div></body></html>"


def _doubled(value: object) -> object:
    """Encode strings twice, as the download does."""
    if isinstance(value, str):
        return value.encode().decode("latin-1")
    if isinstance(value, dict):
        return {key: _doubled(item) for key, item in value.items()}
    return [_doubled(item) for item in value] if isinstance(value, list) else value


def _json(value: object) -> bytes:
    return json.dumps(_doubled(value), indent=2).encode()


def dyi_thread() -> bytes:
    """Return a conversation of a user's own download."""
    return _json({
        "participants": [{"name": TAVI}, {"name": ORLA}],
        "messages": [
            {"sender_name": TAVI, "timestamp_ms": 1709259067123,
             "content": "i’m at the Alder Court Inn 🏨 rm 214\ncall 651-555-0142",
             "reactions": [{"reaction": "👍", "actor": ORLA}], "is_geoblocked_for_viewer": False},
            {"sender_name": ORLA, "timestamp_ms": 1709258970000,
             "photos": [{"uri": f"{INBOX}/photos/9.jpg", "creation_timestamp": 1709258969}]},
            {"sender_name": ORLA, "timestamp_ms": 1709258900000, "content": "mañana at 8, bring 200",
             "share": {"link": "https://maps.example.com/?q=44.95,-93.09", "share_text": "Café Olé"}, "type": "Share"},
            {"sender_name": TAVI, "timestamp_ms": 1709258800000, "content": f"{TAVI} called you.",
             "call_duration": 64, "type": "Call"},
            {"sender_name": ORLA, "timestamp_ms": 1709258700000, "content": "lil juno said ok", "is_unsent": True},
        ],
        "title": TAVI, "is_still_participant": True,
        "thread_path": "inbox/taviryes_900000000000612", "magic_words": [],
    })  # fmt: skip


def dyi_sections() -> dict[str, bytes]:
    """Return two further files of a download."""
    return {
        "personal_information/profile_information/profile_information.json": _json({
            "profile_v2": {
                "name": {"full_name": "Orla Fenwick", "first_name": "Orla", "last_name": "Fenwick"},
                "emails": {"emails": ["orla@example.com"], "previous_emails": ["old@example.com"]},
                "username": "orla.f", "registration_timestamp": 1600000000,
                "phone_numbers": [{"phone_type": "Mobile", "phone_number": "+13125550143", "verified": True}],
            }
        }),
        "logged_information/search/your_search_history.json": _json({
            "searches_v2": [
                {"timestamp": 1709200000, "data": [{"text": "alder court inn"}], "title": "You searched Facebook"},
                {"timestamp": 1709100000, "data": [{"text": "Tavi Réyes"}], "title": "You searched Facebook"},
            ]
        }),
    }  # fmt: skip


def _block(name: str, time: str, text: str, more: str = "<div></div><div></div>") -> str:
    return (
        f'<div class="_3-95 _a6-g"><div class="_2ph_ _a6-h _a6-i">{name}</div><div class="_2ph_ _a6-p">'
        f'<div><div></div><div>{text}</div>{more}</div></div><div class="_3-94 _a6-o">'
        f'<div class="_a72d">{time}</div></div></div>'
    )


def _page(title: str, *blocks: str) -> bytes:
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />'
        f"<title>{title}</title><style>._a6-g{{padding:8px}}</style></head><body>\n"
        f'<div class="_a70d"><div class="_a70e">{title}</div></div><div class="_a706" role="main">\n'
        + "\n".join(blocks)
        + "\n</div></body></html>"
    ).encode()


def dyi_page() -> bytes:
    """Return the conversation of :func:`dyi_thread` as the HTML download has it."""
    photo = f"{INBOX}/photos/9.jpg"
    link = "https://maps.example.com/?q=44.95,-93.09"
    return _page(
        TAVI,
        _block(TAVI, "Feb 29, 2024 8:11:07 pm", "i’m at the Alder Court Inn 🏨 rm 214<br />call 651-555-0142",
               f'<div></div><div></div><div><ul class="_a6-q"><li><span>👍{ORLA}</span></li></ul></div>'),
        _block(ORLA, "Feb 29, 2024 8:09:30 pm", "",
               f'<div></div><div><div><a target="_blank" href="{photo}"><img src="{photo}" /></a></div></div>'),
        _block(ORLA, "Feb 29, 2024 8:08:20 pm", "mañana at 8, bring 200",
               f'<div><div>Café Olé</div><div><a target="_blank" href="{link}">{link}</a></div></div><div></div>'),
        _block(TAVI, "Feb 29, 2024 8:06:40 pm", f"{TAVI} called you.", "<div>Duration: 64 seconds</div><div></div>"),
        _block(ORLA, "Feb 29, 2024 8:05:00 pm", "lil juno said ok"),
    )  # fmt: skip


def dyi_section_page() -> dict[str, bytes]:
    """Return a further page of an HTML download."""
    return {
        "logged_information/search/your_search_history.html": _page(
            "Your search history",
            _block("You searched Facebook", "Feb 29, 2024 3:46:40 am", "alder court inn"),
            _block("You searched Facebook", "Feb 28, 2024 12:00:00 am", "Tavi Réyes"),
        )
    }


def dyi_encrypted() -> bytes:
    """Return a conversation of the export of encrypted chats, which is plain UTF-8."""
    return json.dumps({
        "participants": ["Orla Fenwick", TAVI],
        "threadName": f"{TAVI}_2",
        "messages": [
            {"isUnsent": False, "media": [{"uri": "./media/a.jpg"}], "reactions": [{"actor": "Orla Fenwick", "reaction": "❤"}],
             "senderName": TAVI, "text": "new number 651-555-0119 🌲\nask for juno", "timestamp": 1709259067000, "type": "text"},
            {"isUnsent": True, "media": [], "reactions": [], "senderName": "Orla Fenwick", "text": "", "timestamp": 1709259060000, "type": "text"},
            {"isUnsent": False, "media": [], "reactions": [], "senderName": "Orla Fenwick", "text": "señora said 8", "timestamp": 1709259050500, "type": "text"},
        ],
    }, ensure_ascii=False, indent=1).encode()  # fmt: skip


ANDROID = (
    "3/13/24, 23:58 - Messages and calls are end-to-end encrypted. Only people in this chat can "
    "read, listen to, or share them.\n"
    "3/13/24, 23:58 - Tavi: room 12\n"
    "code is 9 📱\n"
    "3/14/24, 00:02 - +1 651-555-0142: <Media omitted>\n"
    "3/14/24, 00:03 - Tía Mél: IMG-20240314-WA0003.jpg (file attached)\n"
    "mira\n"
    "3/14/24, 00:04 - Tavi: location: https://maps.google.com/?q=44.95,-93.09\n"
    "3/14/24, 00:06 - Tía Mél: This message was deleted\n"
    "3/14/24, 00:07 - Tavi: ok, 200 each <This message was edited>\n"
)
"""A chat export of Android, month first, 24 hours."""

IOS = (
    "\u200e[13/03/2024, 11:58:07 PM] Work crew: \u200eMessages and calls are end-to-end encrypted.\n"
    "[13/03/2024, 11:58:20 PM] ~ Tavi: hola, soy lil juno\n"
    "seguimos mañana 📱\n"
    "\u200e[14/03/2024, 12:01:00 AM] Mom: \u200e<attached: 00000012-PHOTO-2024-03-14-00-01-00.jpg>\n"
    "[14/03/2024, 12:02:00 AM] Mom: meet at 40 Alder St\n"
    "\u200e[14/03/2024, 12:03:00 AM] ~ Tavi: \u200eMissed voice call\n"
)
"""A chat export of an iPhone, day first, 12 hours."""


def report() -> bytes:
    """Return a report as PDF."""
    return pdf_bytes(
        [
            PdfSheet([["Report of a conversation"], ["On March 3 the caller, known as Lil Juno, gave the",
                     "number 651-555-0117 and asked for $150."], ["He was at 40 Alder St, room 214."]]),
            PdfSheet([["Second sheet: señora Réyes said that he", "had left."]],
                     notes=["ask again"], links=["https://www.example.com/a"]),
        ],
        [("Title", "Report"), ("Producer", "an office program")],
    )  # fmt: skip


def scans() -> bytes:
    """Return a PDF of a sheet that is a picture and one with text."""
    grey = Picture(20, 26, bytes(520))
    return pdf_bytes([PdfSheet(picture=grey), PdfSheet([["typed words, call 612-555-0101"]])])


def statement() -> bytes:
    """Return a Word document with a table, a change, a footnote and a header."""

    def run(text: str, element: str = "w:t") -> str:
        return f'<w:r><{element} xml:space="preserve">{text}</{element}></w:r>'

    def passage(*runs: str) -> str:
        return f"<w:p>{''.join(runs)}</w:p>"

    def part(name: str, inside: str) -> str:
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><w:{name} xmlns:w="{WEB}/wordprocessingml/2006/main" '
            f'xmlns:r="{WEB}/officeDocument/2006/relationships">{inside}</w:{name}>'
        )

    def related(*items: tuple[str, str]) -> str:
        return f'<Relationships xmlns="{WEB}/package/2006/relationships">' + "".join(
            f'<Relationship Id="rId{at}" Type="{WEB}/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
            for at, (kind, target) in enumerate(items, 1)
        ) + "</Relationships>"  # fmt: skip

    mark = 'w:id="1" w:author="Robin Example" w:date="2024-03-05T09:30:00Z"'
    cells = [["Name", "Number"], ["Lil Juno", "651-555-0117"]]
    rows = "".join(
        f"<w:tr>{''.join(f'<w:tc>{passage(run(cell))}</w:tc>' for cell in row)}</w:tr>"
        for row in cells
    )
    body = "".join([
        passage(run("Statement of March 3")),
        passage(run("She said he took "), f"<w:del {mark}>{run('$100', 'w:delText')}</w:del>",
                f"<w:ins {mark}>{run('$150')}</w:ins>", run(" mañana at the Alder Court Inn.")),
        passage(run("It was room 214"), '<w:r><w:footnoteReference w:id="2"/></w:r>'),
        f"<w:tbl>{rows}</w:tbl>",
    ])  # fmt: skip
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{WEB}/package/2006/content-types"/>',
        "_rels/.rels": related(("officeDocument", "word/document.xml")),
        "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
        "word/_rels/document.xml.rels": related(("footnotes", "footnotes.xml"), ("header", "header1.xml")),
        "word/footnotes.xml": part("footnotes", f'<w:footnote w:id="2">{passage(run("She was not sure 📎"))}</w:footnote>'),
        "word/header1.xml": part("hdr", passage(run("Copied by hand"))),
    }  # fmt: skip
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED
            )
    return stream.getvalue()


PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>Rooms &amp; rates</title>
<style>p { margin: 0 }</style><script>var a = "<p>no</p>";</script></head>
<body><!-- not shown -->
<h1>Señora  Réyes</h1>
<p>call <b>612-555-0101</b>
   after 8 &lt;me@example.com&gt;<br>
  or text 🌙</p>
<table><tr><th>Name</th><th>Note</th></tr>
<tr><td>Lil Juno</td><td>room 214, $150</td></tr></table>
<a href="tel:+16125550102">call me</a>
</body></html>
"""

MAIL = """Received: from [192.0.2.7] by mx.example.com (203.0.113.9)
From: =?utf-8?B?T3JsYSBGZW53aWNr?= <orla@example.com>
To: "Reyes, T" <tavi@example.com>
Subject: =?utf-8?Q?ma=C3=B1ana_at_8?=
Date: Fri, 1 Mar 2024 02:20:00 -0600
Message-ID: <x2@mail.example.com>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b1"

This is a multi-part message in MIME format.
--b1
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

caf=E9 at 8, call =
612-555-0101 and bring 200

--b1
Content-Type: image/png; name="a.png"
Content-Disposition: attachment; filename="a.png"
Content-Transfer-Encoding: base64

AAAABBBB
--b1--
"""

BOX = (
    "From 1790000000000000001@xxx Fri Mar 01 02:20:00 +0000 2024\n"
    "From: Orla <orla@example.com>\nTo: tavi@example.com\nSubject: one\nMessage-ID: <1@mail.example.com>\n"
    "Date: Fri, 01 Mar 2024 02:20:00 +0000\n\n"
    "From Robin, who called at 612-555-0101.\n\nno más calls\n\n>From the desk\n\n"
    "From - Fri Mar 01 03:20:00 2024\n"
    "From: tavi@example.com\nTo: orla@example.com\nSubject: Re: one\nReferences: <1@mail.example.com>\n"
    "Date: Fri, 01 Mar 2024 03:20:00 +0000\n\nyes, 40 Alder St\n"
)


def visits() -> bytes:
    """Return a workbook of two sheets, one of them hidden, with a note."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "visits.xlsx"
        moment = datetime(2024, 3, 1, 2, 11, 7)  # noqa: DTZ001  a spreadsheet's times have no zone
        write_workbook(path, [
            Sheet("Visits", [
                ["Date", "Name", "Phone", "Note"],
                [moment, "Tía Réyes", 6515550117, "room 214"],
                [moment, "Lil Juno", "612-555-0101", "paid $150, two\nlines 📎"],
            ], notes=[("B3", "Robin Example", "ask again")]),
            Sheet("Older", [["Messages that were kept"], [], ["Name", "Text"], ["Orla", "mañana"]], is_hidden=True),
        ])  # fmt: skip
        return path.read_bytes()


PAYMENTS = (
    "Date,Name,Phone,Note,Amount\n"
    "2024-03-01T02:11:07Z,Lil Juno,651-555-0117,room 214,150.00\n"
    '2024-03-02T02:11:07Z,"Réyes, Tavi",612-555-0101,"two\nlines 📎",200.00\n'
    '2024-03-03T02:11:07Z,Orla,612-555-0102,"said ""ok"" mañana",0.00\n'
)
CALLS = (
    "Calls of one number\n"
    "\n"
    "Start (UTC)\tFrom\tTo\tSeconds\n"
    "2024-03-01 02:11:07\t6515550117\t6125550101\t61\n"
    "2024-03-01 03:11:07\t6515550117\t6125550102\t0\n"
    "2024-03-02 02:11:07\t6125550101\t6515550117\t9\n"
)

NOTE = (
    "Note of March 3\n\n"
    "She called from 651-555-0117 and said that\nLil Juno was at 40 Alder St, room 214.\n\n"
    "mañana: ask about $150 📎\n\n\n"
    "Second matter. The señora knows nothing of it.\n"
)
LIST = "# Things to ask\n\n- who is **Lil Juno**?\n- whose number is 612-555-0101?\n\n> said on March 3\n"
