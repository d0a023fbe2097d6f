"""A synthetic set of WhatsApp chat exports, of Android and iOS, with gold."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import IO, Any
from zoneinfo import ZoneInfo

from pipeline.sample.chat import Chat
from pipeline.sample.company import DAYS, EPOCH, gather
from pipeline.sample.people import Person
from pipeline.sample.threads import CALL, MESSAGE, Message, make_thread, talk

ZONE = "America/Chicago"
"""Where the phones are; the case must be read with ``--timezone America/Chicago``, its default."""
"""2023-09-01 00:00:00 UTC, as in the return."""
_MESSAGES_A_PAGE = 8
_NOTICE = (
    "Messages and calls are end-to-end encrypted. Only people in this chat can read, listen to, "
    "or share them."
)
_GAP = "\u202f"


@dataclass(frozen=True, slots=True)
class _Phone:
    """How a phone writes: ``stamp`` takes a local time."""

    is_ios: bool
    stamp: Callable[[datetime], str]
    line_end: str = "\n"
    mark: str = ""
    has_seconds: bool = False


def _half(when: datetime, gap: str, am: str, pm: str) -> str:
    return f"{gap}{am if when.hour < 12 else pm}"


def _american(when: datetime, gap: str) -> str:
    return f"{when.month}/{when.day}/{when:%y}, {(when.hour - 1) % 12 + 1}:{when:%M}"


_PHONES = (
    _Phone(False, lambda t: f"{t.month}/{t.day}/{t:%y}, {t:%H:%M}"),
    _Phone(
        True,
        lambda t: f"{_american(t, _GAP)}:{t:%S}{_half(t, _GAP, 'AM', 'PM')}",
        mark="\u200e",
        has_seconds=True,
    ),
    _Phone(False, lambda t: f"{_american(t, _GAP)}{_half(t, _GAP, 'AM', 'PM')}"),
    _Phone(
        False,
        lambda t: (
            f"{t.day}/{t.month}/{t:%y}, {(t.hour - 1) % 12 + 1}:{t:%M}"
            f"{_half(t, ' ', 'a. m.', 'p. m.')}"
        ),
    ),
    _Phone(True, lambda t: f"{t:%d.%m.%y, %H:%M:%S}", line_end="\r\n", has_seconds=True),
)
_DAY_FIRST = (3,)
"""Those that only a day over twelve tells from month first."""


def make_whatsapp_chat(out: Path, *, pages: int, seed: int, wordlist: str = "a") -> Path:
    """Write chat exports and their gold.

    Equal arguments give equal bytes.

    Args:
        out: a folder; gets ``WhatsApp Chat with X.txt`` of Android, ``WhatsApp Chat - X`` with
            ``_chat.txt`` of iOS, and ``gold.jsonl``.
        pages: sets the number of messages, eight to a page.
        seed: any integer.
        wordlist: ``a`` or ``b``.

    Returns:
        The folder.

    Raises:
        ValueError: fewer than one page, or no such word list.
        OSError: the place cannot be written to.
    """
    chats = max(2, min(40, pages // 20))
    company = gather("whatsapp", pages, seed, wordlist, counterparts=chats + 20)
    rng, chat, cast = company.rng, company.chat, company.cast
    span = (EPOCH, EPOCH + DAYS * 86400)
    out.mkdir(parents=True, exist_ok=True)
    partners = rng.sample(cast.counterparts, chats + 8)
    used: set[str] = set()
    with (out / "gold.jsonl").open("w", encoding="utf-8", newline="\n") as gold:
        writer = _Writer(rng, chat, gold)
        for number in range(chats):
            people = [cast.target, partners[number]]
            if number % 3 == 2:
                people += rng.sample(partners[chats:], rng.choice((1, 2, 4)))
            size = pages * _MESSAGES_A_PAGE // chats
            thread = make_thread(rng, chat, people, size=size, span=span)
            title = _title(thread.name or people[1].name_at(span[1]), people[1], used)
            messages = [one for one in talk(rng, chat, thread, size) if one.sent <= span[1]]
            phone = _PHONES[number % len(_PHONES)]
            if number % len(_PHONES) in _DAY_FIRST and not _tells(messages):
                phone = _PHONES[0]
            text = writer.export(title, phone, messages)
            target = out / f"WhatsApp Chat with {title}.txt"
            if phone.is_ios:
                folder = out / f"WhatsApp Chat - {title}"
                folder.mkdir(exist_ok=True)
                target = folder / "_chat.txt"
            target.write_bytes(text.encode())
    return out


class _Writer:
    """Writes chats one after another, and their gold."""

    def __init__(self, rng: Random, chat: Chat, gold: IO[str]) -> None:
        self._rng = rng
        self._chat = chat
        self._gold = gold
        self._count = 0

    def export(self, title: str, phone: _Phone, messages: list[Message]) -> str:
        """Return the text of an export."""
        lines: list[str] = []
        for number, message in enumerate(messages):
            local = datetime.fromtimestamp(message.sent, ZoneInfo(ZONE)).replace(fold=0)
            if not phone.has_seconds:
                local = local.replace(second=0)
            if number == 0:
                name = title if phone.is_ios else None
                lines.append(self._line(title, phone, local, name, "system", _NOTICE, []))
            kind, name, text, spans = self._said(phone, message, local, number)
            if text:
                lines.append(self._line(title, phone, local, name, kind, text, spans))
        return "".join(lines)

    def _said(
        self, phone: _Phone, message: Message, local: datetime, number: int
    ) -> tuple[str, str | None, str, list[dict[str, Any]]]:
        """Return kind, name, text and spans of what the export shows of a message."""
        name: str | None = _shown(message.author, message.sent)
        if message.kind == CALL:
            text = self._rng.choice(("Missed voice call", "Missed video call"))
            return ("call", name, text, []) if phone.is_ios else ("system", None, text, [])
        if message.kind != MESSAGE:
            return "", None, "", []
        if message.text and message.media is None:
            text = message.text.replace("\n", phone.line_end)
            if text == message.text:
                return "message", name, text, message.spans
            return "message", name, text, _moved(message, phone.line_end)
        if self._rng.random() < 0.4:
            return "message", name, "image omitted" if phone.is_ios else "<Media omitted>", []
        if phone.is_ios:
            file = f"{number:08}-PHOTO-{local:%Y-%m-%d-%H-%M-%S}.jpg"
            return "message", name, f"<attached: {file}>", []
        return "message", name, f"IMG-{local:%Y%m%d}-WA{number % 10000:04}.jpg (file attached)", []

    def _line(
        self,
        title: str,
        phone: _Phone,
        local: datetime,
        name: str | None,
        kind: str,
        text: str,
        spans: list[dict[str, Any]],
    ) -> str:
        """Write a line and its gold row."""
        stamp = phone.stamp(local)
        by_service = phone.is_ios and (kind in ("system", "call") or _is_file(text))
        if by_service:
            text = f"\u200e{text}"
        self._count += 1
        row = {
            "id": f"w{self._count:07}",
            "text": text,
            "kind": kind,
            "author": "" if kind == "system" or name is None else _bare(name),
            "sent_at": f"{local.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "thread_id": title,
            "region": "US",
            "spans": spans,
        }
        self._gold.write(json.dumps(row, ensure_ascii=False) + "\n")
        head = f"[{stamp}] " if phone.is_ios else f"{stamp} - "
        mark = phone.mark if by_service else ""
        return f"{mark}{head}{f'{name}: ' if name is not None else ''}{text}{phone.line_end}"


def _shown(person: Person, when: int) -> str:
    """The name as the phone shows it: a number in isolates for one of five."""
    if int(person.digits[-2:]) % 5 == 0:
        digits = person.digits
        return f"\u202a+1 {digits[:3]}\u2011{digits[3:6]}\u2011{digits[6:]}\u202c"
    return person.name_at(when).replace(":", "")


def _bare(name: str) -> str:
    return name.strip("\u202a\u202c").strip()


def _is_file(text: str) -> bool:
    return text.startswith("<attached: ") or text == "image omitted"


def _moved(message: Message, line_end: str) -> list[dict[str, Any]]:
    """Move spans by what longer line ends add before them."""
    text, more = message.text or "", len(line_end) - 1
    return [
        {**span, **{edge: span[edge] + more * text.count("\n", 0, span[edge])
                    for edge in ("start", "end")}}
        for span in message.spans
    ]  # fmt: skip


def _tells(messages: list[Message]) -> bool:
    days = (datetime.fromtimestamp(one.sent, ZoneInfo(ZONE)).day for one in messages)
    return any(day > 12 for day in days)


def _title(name: str, person: Person, used: set[str]) -> str:
    """A name for the file, unlike those before; the number where no letter is left of the name."""
    for title in _titles(name, person):
        if title and title not in used:
            used.add(title)
            return title
    raise AssertionError("numbers are unlike one another")


def _titles(name: str, person: Person) -> Iterator[str]:
    yield " ".join(re.sub(r"[^\w '&().-]", " ", name).split()).strip(" .")
    yield f"+1 {person.digits[:3]}-{person.digits[3:6]}-{person.digits[6:]}"
