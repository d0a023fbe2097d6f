"""Small returns written by hand, message by message, where a sample leaves too much to chance."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.sample.markup import CLOSE, P, escape, leaf, opening

TARGET = "900000000000801"
TARGET_NAME = f"Vala Example (Facebook: {TARGET})"
OTHER = "Orin Example (Facebook: 900000000000802)"
_ZIP_DATE = (2024, 6, 3, 12, 0, 0)


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a hand-made return."""

    sent: str
    """As the provider prints it: ``2024-02-01 10:00:00 UTC``."""
    text: str
    thread: str = "900000000000901"
    author: str = OTHER


def business_record(said: Iterable[Said], *, target: str = TARGET) -> bytes:
    """Write a Meta business record of one page that holds these messages, in this order."""
    threads: dict[str, list[Said]] = {}
    for message in said:
        threads.setdefault(message.thread, []).append(message)
    parts = [
        "<html><head><title>Meta Platforms Business Record</title></head><body>"
        '<div class="records_output" id="records">'
        '<div id="page_1" class="pageBreak">Meta Platforms Business Record Page 1</div>'
        '<div id="property-request_parameters" class="content-pane">',
        *leaf("Service", "Facebook"), *leaf("Target", target), "</div>",
        f'<div id="property-unified_messages" class="content-pane">{P}',
        opening("Unified Messages"), P,
    ]  # fmt: skip
    for number, messages in threads.items():
        people = sorted({TARGET_NAME, *(message.author for message in messages)})
        parts += [opening("Thread"), escape(f"({number})"), P]
        parts += leaf("Current Participants", "2024-01-01 00:00:00 UTC", *people)
        parts.append(P)
        for message in messages:
            parts += leaf("Author", message.author)
            parts += leaf("Sent", message.sent)
            parts += leaf("Body", *message.text.split("\n"))
            parts.append(P)
        parts += [CLOSE, P]
    parts += [CLOSE, P, "</div></div></body></html>"]
    return "".join(parts).encode("utf-8")


def write_zip(path: Path, members: Mapping[str, bytes]) -> Path:
    """Write members, in order, into a zip; equal members give equal bytes with one zlib."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, data)
    return path


def hand_return(path: Path, said: Iterable[Said], *, target: str = TARGET) -> Path:
    """Write a hand-made business record as a zip."""
    return write_zip(path, {"records.html": business_record(said, target=target)})
