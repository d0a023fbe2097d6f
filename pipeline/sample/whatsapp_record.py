"""A synthetic business record of WhatsApp: who wrote to and called whom, no content, with gold.

Labels, their order and the provider's writing of numbers: FORMATS 8.1; the markup: FORMATS 2.2.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random

from pipeline.sample.markup import CLOSE, P, PageWriter, group, leaf, opening
from pipeline.sample.records import stamp

BRAND = "WhatsApp Business Record"
RECORDS = "records.html"
LEAST_PAGES = 20
_BEGIN = 1_706_745_600
"""2024-02-01 00:00:00 UTC."""
_SPAN = 43 * 86400
_SECTIONS = (
    "request_parameters", "emails", "ip_addresses", "connection_info", "device_info", "web_info",
    "address_book_info", "groups_info", "small_medium_business", "message_log", "call_logs",
)  # fmt: skip
"""Ids other than those of the first three are not confirmed."""
_NONE = "No responsive records located"
_AREAS = ("612", "651", "763", "952", "515", "312")
_ABROAD = ("447700900", "442079460")
"""Beginnings of numbers from elsewhere, set apart for fiction (Ofcom); three digits follow."""
_TYPES = ("text", "text", "text", "image", "audio", "video", "sticker", "location", "vcard")
_DEVICES = ("android", "iphone", "web", "smba")
_SUBJECTS = ("Prairie crew", "rides & rooms 🚗", "Sunday dinner", "las primas 💅", "shift swap")
_ZIP_DATE = (2024, 6, 3, 12, 0, 0)

Row = tuple[dict[str, object], list[str]]
"""What gold says of a row of a log, and its tokens."""


@dataclass(frozen=True, slots=True)
class _Group:
    number: str
    subject: str
    members: tuple[str, ...]
    created: int


def make_whatsapp_record(out: Path, *, pages: int, seed: int, wordlist: str = "a") -> Path:
    """Write a synthetic return of WhatsApp and its gold.

    The gold has one row for each message and each call of the logs, in the form that
    :mod:`pipeline.sample.check` reads. Rows have no text, as no content is in such a return.

    Args:
        out: a path that ends in ``.zip``, with ``gold.jsonl`` put beside it; or a folder for
            ``return.zip`` and ``gold.jsonl``. Existing files of these names are replaced.
        pages: pages, met within one; at least 20.
        seed: any integer; equal arguments give equal bytes.
        wordlist: of no effect, as there are no texts.

    Returns:
        The path of the zip.

    Raises:
        ValueError: too few pages.
        OSError: the place cannot be written to.
    """
    del wordlist
    if pages < LEAST_PAGES:
        raise ValueError(f"a sample has at least {LEAST_PAGES} pages")
    zip_path = out if out.suffix == ".zip" else out / "return.zip"
    zip_path.parent.mkdir(parents=True, exist_ok=True)
    page = BytesIO()
    rows = list(_Maker(Random(f"whatsapp/{seed}/{pages}"), pages).write(page))
    with zipfile.ZipFile(zip_path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        info = zipfile.ZipInfo(RECORDS, _ZIP_DATE)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        info.create_system = 3
        archive.writestr(info, page.getvalue())
    gold = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    zip_path.with_name("gold.jsonl").write_text(gold, "utf-8", newline="\n")
    return zip_path


class _Pages(PageWriter):
    """Pages with WhatsApp's bar."""

    def _put(self, data: bytes) -> None:
        if b'class="pageBreak"' in data:
            data = data.replace(b"Meta Platforms Business Record", BRAND.encode())
        super()._put(data)


class _Maker:
    def __init__(self, rng: Random, pages: int) -> None:
        self._rng = rng
        self._pages = pages
        self._used: set[str] = set()
        self._own = self._number()
        self._contacts = [self._number() for _ in range(12 + pages // 4)]
        self._groups = [self._group(subject) for subject in _SUBJECTS]

    def write(self, page: BytesIO) -> Iterator[dict[str, object]]:
        """Write the file; yield the rows of gold."""
        writer = _Pages(page.write, self._rng)
        self._begin(writer)
        self._account(writer)
        # calls take a twentieth of the pages, and the logs what the rest has left
        until = self._pages - max(self._pages // 20, 1)
        yield from self._log(writer, "message_log", "Message Log", until, self._message)
        yield from self._log(writer, "call_logs", "Call Logs", self._pages, self._call)
        writer.raw("</div></body></html>")
        writer.flush()

    def _number(self) -> str:
        rng = self._rng
        while True:
            number = f"1{rng.choice(_AREAS)}55501{rng.randrange(100):02}"
            if rng.random() < 0.1:
                number = f"{rng.choice(_ABROAD)}{rng.randrange(1000):03}"
            if number not in self._used:
                self._used.add(number)
                return number

    def _group(self, subject: str) -> _Group:
        rng = self._rng
        members = (self._own, *rng.sample(self._contacts, rng.randrange(3, 9)))
        created = _BEGIN - rng.randrange(10**7)
        number = f"12036{rng.randrange(10**13):013}"
        return _Group(number, subject, members, created)

    def _address(self) -> str:
        rng = self._rng
        if rng.random() < 0.25:
            return f"2001:db8:{rng.randrange(65536):x}::{rng.randrange(1, 9999):x}"
        return f"{rng.choice(('192.0.2', '198.51.100', '203.0.113'))}.{rng.randrange(1, 255)}"

    def _port(self) -> str:
        return str(self._rng.randrange(1025, 65536))

    def _begin(self, writer: PageWriter) -> None:
        menu = "".join(f'<li><a href="#property-{key}">{_title(key)}</a></li>' for key in _SECTIONS)
        writer.raw(
            f'<html><head><meta charset="UTF-8" /><title>{BRAND}</title><style type="text/css" '
            'nonce="zzEXAMPLE">.o{font-weight:bold}.i{font-weight:bold;display:table}'
            ".m{font-weight:normal;display:table-cell;padding:2px;word-break:break-word}"
            ".p{padding:5px}.pageBreak{background-color:rgb(66,103,178);color:white;padding:20px;"
            'text-align:center}</style></head><body><div id="home" class="content-pane '
            f'visible-content"><div class="sticky_side_bar"><div><p>Properties</p><ul>{menu}</ul>'
            '</div></div></div><div class="records_output" id="records">'
        )
        writer.new_page()

    def _account(self, writer: PageWriter) -> None:
        """All sections before the logs."""
        rng = self._rng
        end = _BEGIN + _SPAN - 1
        ticket, made = f"9{rng.randrange(10**7):07}", stamp(end + 1_400_000)
        _pane(writer, "request_parameters", [
            leaf("Service", "WhatsApp"), leaf("Internal Ticket Number", ticket),
            leaf("Account Identifier", f"+{self._own}"), leaf("Account Type", "WhatsApp User"),
            leaf("Generated", made), leaf("Date Range", f"{stamp(_BEGIN)} to {stamp(end)}"),
        ])  # fmt: skip
        _pane(writer, "emails", [leaf("Registered Email Addresses", _NONE, "")])
        times = sorted((_BEGIN + rng.randrange(_SPAN) for _ in range(self._pages)), reverse=True)
        seen = [[leaf("Time", stamp(t)), leaf("IP Address", self._address())] for t in times]
        _pane(writer, "ip_addresses", [_listed("Ip Addresses", seen)])
        _pane(writer, "connection_info", [group(
            "Connection Info", leaf("Device Id", "0"), leaf("Service start", stamp(_BEGIN - 10**7)),
            leaf("Device Type", "android"), leaf("App Version", "2.24.4.76"),
            leaf("Device OS Build Number", "EXAMPLE.0001"), leaf("Connection State", "offline"),
            leaf("Connected from", self._address()), leaf("Push Name", "MK 👑"),
        )])  # fmt: skip
        _pane(writer, "device_info", [group(
            "Device Info", leaf("Device Id", "0"), leaf("App Version", "2.24.4.76"),
            leaf("OS Version", "14"), leaf("OS Build Number", "EXAMPLE.0001"),
            leaf("Device Manufacturer", "Example"), leaf("Device Model", "EX-A146"),
        )])  # fmt: skip
        _pane(writer, "web_info", [group(
            "Web Info", leaf("Version", "2.2409.2"), leaf("Platform", "Win32"),
            leaf("Inactive Since", stamp(end - 90_000)),
        )])  # fmt: skip
        cut = len(self._contacts) * 2 // 3
        _pane(writer, "address_book_info", [group(
            "Address Book Info", _counted("Symmetric contacts", self._contacts[:cut]),
            _counted("Asymmetric contacts", self._contacts[cut:]),
        )])  # fmt: skip
        owned, others = self._groups[:2], self._groups[2:]
        _pane(writer, "groups_info", [group(
            "Groups", _listed("Owned", [_group_fields(one) for one in owned]),
            _listed("Participating", [_group_fields(one) for one in others]),
        )])  # fmt: skip
        _pane(writer, "small_medium_business", [leaf("Small Medium Business", _NONE, "")])

    def _log(
        self, writer: PageWriter, key: str, label: str, until: int, make: Callable[[int, int], Row]
    ) -> Iterator[dict[str, object]]:
        """Write rows of a log until a page is reached."""
        writer.raw(f'<div id="property-{key}" class="content-pane">')
        writer.write([opening(label)])
        when, number = _BEGIN, 0
        while writer.page < until or number == 0:
            number += 1
            when += self._rng.randrange(2 * _SPAN // (self._pages * 5))
            row, tokens = make(when, number)
            pages = writer.whole([*tokens, P])
            yield {
                "id": f"{row['kind']}{number:06}", "text": None, **row,
                "author": "", "pages": {RECORDS: list(pages)}, "region": "US", "spans": [],
            }  # fmt: skip
        writer.write([P, CLOSE])
        writer.raw("</div>")

    def _message(self, when: int, number: int) -> Row:
        rng = self._rng
        if one := rng.choice(self._groups) if rng.random() < 0.3 else None:
            sender = rng.choice(one.members)
            to = [member for member in one.members if member != sender]
            thread = one.number
        else:
            sender, other = self._two()
            to, thread = [other], "-".join(sorted((sender, other)))
        fields = [
            leaf("Timestamp", stamp(when)), leaf("Message Id", f"3EB0{number:016X}"),
            leaf("Sender", sender), leaf("Recipients", ", ".join(to)),
        ]  # fmt: skip
        fields += [leaf("Group Id", one.number)] if one else []
        if sender == self._own or rng.random() < 0.3:
            fields += [
                leaf("Sender Ip", self._address()), leaf("Sender Port", self._port()),
                leaf("Sender Device", rng.choice(_DEVICES)),
            ]  # fmt: skip
        fields += [
            leaf("Type", rng.choice(_TYPES)),
            leaf("Message Style", "group" if one else "individual"),
            leaf("Message Size", f"{rng.randrange(40, 90_000)}"),
        ]  # fmt: skip
        return _row("message", sender, when, thread), _bare("Message", fields)

    def _call(self, when: int, number: int) -> Row:
        rng = self._rng
        sender, other = self._two()
        media = rng.choice(("audio", "audio", "video"))
        events = []
        then = when
        for kind in ("offer", "accept", "terminate") if rng.random() < 0.7 else ("offer", "reject"):
            start, to = (other, sender) if kind in ("accept", "reject") else (sender, other)
            events.append([
                leaf("Type", kind), leaf("Timestamp", stamp(then)), leaf("From", start),
                leaf("To", to), leaf("From Ip", self._address()),
                leaf("From Port", self._port()), leaf("Media Type", media),
            ])  # fmt: skip
            then += rng.randrange(2, 300)
        fields = [
            leaf("Call Id", f"{rng.randrange(16**16):016X}"), leaf("Call Creator", sender),
            _listed("Events", events),
        ]  # fmt: skip
        thread = "-".join(sorted((sender, other)))
        return _row("call", sender, when, thread), _bare("Call", fields)

    def _two(self) -> tuple[str, str]:
        """Who writes or calls, and whom: the account is always one of them."""
        other = self._contacts[int(self._rng.random() ** 2 * len(self._contacts))]
        return (self._own, other) if self._rng.random() < 0.5 else (other, self._own)


def _row(kind: str, sender: str, when: int, thread: str) -> dict[str, object]:
    sent = stamp(when)
    return {
        "kind": kind, "author_id": sender, "sent_at": f"{sent[:10]}T{sent[11:19]}Z",
        "thread_id": thread,
    }  # fmt: skip


def _title(key: str) -> str:
    return key.replace("_", " ").title()


def _pane(writer: PageWriter, key: str, blocks: Sequence[Sequence[str]]) -> None:
    writer.raw(f'<div id="property-{key}" class="content-pane">')
    for block in blocks:
        writer.write(block)
    writer.raw("</div>")


def _listed(label: str, entries: Sequence[Sequence[Sequence[str]]]) -> list[str]:
    """A field of several records, a blank after each."""
    tokens = [opening(label)]
    for entry in entries:
        tokens += [token for field in entry for token in field] + [P]
    return [*tokens, CLOSE]


def _bare(label: str, fields: Sequence[Sequence[str]]) -> list[str]:
    return [opening(label), *(token for field in fields for token in field), CLOSE]


def _counted(label: str, numbers: Sequence[str]) -> list[str]:
    return leaf(label, f"{len(numbers)} Total", *numbers)


def _group_fields(one: _Group) -> list[list[str]]:
    members = sorted(one.members)
    return [
        leaf("Picture", "No picture"), leaf("Thumbnail", "No thumbnail"), leaf("ID", one.number),
        leaf("Creation", stamp(one.created)), leaf("Size", str(len(members))),
        leaf("Description", f"only for {one.subject}"), leaf("Subject", one.subject),
        _counted("GroupParticipants", members), _counted("GroupAdministrators", members[:1]),
    ]  # fmt: skip
