"""Synthetic e-mail, as single messages and as a mailbox, with gold."""

from __future__ import annotations

import quopri
from base64 import b64encode, encodebytes
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from pathlib import Path
from random import Random
from typing import Any

from pipeline.sample.company import EPOCH
from pipeline.sample.documents import Spans, Writer
from pipeline.sample.people import Person

_MAILS_A_PAGE = 3
_OFFSETS = (-6, -5, 0, 1)
_PLACEHOLDER = b"placeholder of a picture: no picture\n" * 20


@dataclass(frozen=True, slots=True)
class _Mail:
    number: int
    root: int
    author: Person
    other: Person
    sent: datetime
    subject: str
    text: str
    spans: Spans

    @property
    def id(self) -> str:
        return f"m{self.number}@mail.example.com"


def make_eml(out: Path, *, pages: int, seed: int, wordlist: str = "a") -> Path:
    """Write e-mails, a file each, and their gold: a row for each subject and each text.

    Equal arguments give equal bytes.

    Args:
        out: a folder; gets ``mail/00001.eml`` … and ``gold.jsonl``.
        pages: of three e-mails each.
        seed: any integer.
        wordlist: ``a`` or ``b``.

    Returns:
        The folder.

    Raises:
        ValueError: fewer than one page, or no such word list.
        OSError: the place cannot be written to.
    """
    writer = Writer("eml", pages, seed, wordlist)
    (out / "mail").mkdir(parents=True, exist_ok=True)
    for mail in _mails(writer, pages):
        name = f"{mail.number:05}.eml"
        (out / "mail" / name).write_bytes(_bytes(mail, writer.rng).replace(b"\n", b"\r\n"))
        _note(writer, mail, name)
    writer.write_gold(out)
    return out


def make_mbox(out: Path, *, pages: int, seed: int, wordlist: str = "a") -> Path:
    """Write a mailbox and its gold: a row for each subject and each text.

    Equal arguments give equal bytes.

    Args:
        out: a folder; gets ``mail.mbox`` and ``gold.jsonl``.
        pages: of three e-mails each.
        seed: any integer.
        wordlist: ``a`` or ``b``.

    Returns:
        The folder.

    Raises:
        ValueError: fewer than one page, or no such word list.
        OSError: the place cannot be written to.
    """
    writer = Writer("mbox", pages, seed, wordlist)
    out.mkdir(parents=True, exist_ok=True)
    with (out / "mail.mbox").open("wb") as box:
        for mail in _mails(writer, pages):
            stamp = f"{mail.sent:%a %b %d %H:%M:%S +0000 %Y}"
            box.write(f"From {1_790_000_000 + mail.number}@xxx {stamp}\n".encode())
            box.write(_bytes(mail, writer.rng) + b"\n")
            _note(writer, mail, "mail.mbox")
    writer.write_gold(out)
    return out


def _note(writer: Writer, mail: _Mail, name: str) -> None:
    stated: dict[str, Any] = {
        "author": _name(mail.author),
        "sent_at": f"{mail.sent:%Y-%m-%dT%H:%M:%SZ}",
        "thread_id": f"m{mail.root}@mail.example.com",
        "pages": {name: [None, None]},
    }
    writer.note("message", mail.subject, [], **stated)
    writer.note("message", mail.text, mail.spans, **stated)


def _mails(writer: Writer, pages: int) -> Iterator[_Mail]:
    """Yield conversations, one answer after the other."""
    rng, cast = writer.rng, writer.company.cast
    passages = writer.passages()
    when = EPOCH
    left = 0
    for number in range(1, pages * _MAILS_A_PAGE + 1):
        when += rng.randrange(60, 20_000)
        if not left:
            left, root = rng.choice((1, 1, 2, 3, 5)), number
            other = rng.choice(cast.counterparts)
            subject = f"Item {number} \u2013 {rng.choice(('question', 'meeting', 'mañana', 'ok'))}"
        left -= 1
        text, spans = next(passages)
        while any(line.startswith("From ") for line in text.split("\n")):
            text, spans = next(passages)
        pair = [cast.target, other]
        rng.shuffle(pair)
        shown = subject if number == root else f"Re: {subject}"
        sent = datetime.fromtimestamp(when, UTC)
        yield _Mail(number, root, pair[0], pair[1], sent, shown, text, spans)


def _bytes(mail: _Mail, rng: Random) -> bytes:
    local = mail.sent.astimezone(timezone(timedelta(hours=rng.choice(_OFFSETS))))
    lines = [
        f"Received: from mx.example.com ([192.0.2.{mail.number % 250 + 1}])",
        "\tby mail.example.com; Thu, 1 Jan 2024 00:00:00 +0000",
        f"From: {_address(mail.author)}",
        f"To: {_address(mail.other)}",
        f"Subject: {_word(mail.subject)}",
        f"Date: {local:%a, %d %b %Y %H:%M:%S %z}",
        f"Message-ID: <{mail.id}>",
    ]
    if mail.number != mail.root:
        lines += [
            f"References: <m{mail.root}@mail.example.com>",
            f" <m{mail.number - 1}@mail.example.com>",
        ]
    headers = "\n".join([*lines, "MIME-Version: 1.0"]).encode() + b"\n"
    draw = rng.random()
    text = _text_part(mail.text, rng)
    if draw < 0.5:
        return headers + text
    if draw < 0.6:
        return headers + _html_part(mail.text)
    outer, inner = f"=_outer{mail.number}", f"=_inner{mail.number}"
    both = _parts("alternative", inner, [text, _html_part(mail.text)])
    if draw < 0.8:
        return headers + both
    picture = (
        b'Content-Type: image/png; name="picture.png"\n'
        b'Content-Disposition: attachment; filename="picture.png"\n'
        b"Content-Transfer-Encoding: base64\n\n" + encodebytes(_PLACEHOLDER)
    )
    return headers + _parts("mixed", outer, [both, picture])


def _parts(kind: str, boundary: str, parts: list[bytes]) -> bytes:
    mark = f"--{boundary}".encode()
    head = f'Content-Type: multipart/{kind};\n boundary="{boundary}"\n\n'.encode()
    inside = b"".join(mark + b"\n" + part + b"\n" for part in parts)
    return head + b"This is a multi-part message in MIME format.\n" + inside + mark + b"--\n"


def _text_part(text: str, rng: Random) -> bytes:
    charset = "utf-8"
    try:
        raw = text.encode("cp1252")
        if rng.random() < 0.3:
            charset = "windows-1252"
        else:
            raw = text.encode()
    except UnicodeEncodeError:
        raw = text.encode()
    encoding = rng.choice(("8bit", "quoted-printable", "base64"))
    if encoding == "quoted-printable" or max(map(len, raw.split(b"\n"))) > 900:
        encoding, body = "quoted-printable", quopri.encodestring(raw + b"\n")
    else:
        body = raw + b"\n" if encoding == "8bit" else encodebytes(raw)
    head = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    return head.encode() + body


def _html_part(text: str) -> bytes:
    page = f"<html><body><div>{escape(text)}</div></body></html>\n".replace(
        "\n", "<br>", text.count("\n")
    )
    return (
        b'Content-Type: text/html; charset="UTF-8"\n'
        b"Content-Transfer-Encoding: quoted-printable\n\n" + quopri.encodestring(page.encode())
    )


def _name(person: Person) -> str:
    return f"{person.given} {person.surname}"


def _address(person: Person) -> str:
    return f"{_word(_name(person))} <{person.user}@example.com>"


def _word(text: str) -> str:
    """Write a text as a header may hold it (RFC 2047)."""
    if text.isascii():
        return text
    pieces = [text[at : at + 15] for at in range(0, len(text), 15)]
    return "\n ".join(f"=?utf-8?B?{b64encode(piece.encode()).decode()}?=" for piece in pieces)
