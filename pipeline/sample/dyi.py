"""``triage sample --format``: a Meta download as JSON or HTML, and Messenger's encrypted export.

The threads are those of the business record's sample (same people, same chat), written as the
user's own download has them (FORMATS 7): newest first, people by display name, no pages.
"""

from __future__ import annotations

import html
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.sample.chat import Chat
from pipeline.sample.people import Cast, Person
from pipeline.sample.threads import CALL, MESSAGE, SYSTEM, Message, Thread, make_thread, talk

ZONE = "America/Chicago"
"""Where the downloader of the HTML form is; ``triage run --timezone`` takes it by default."""
MESSAGES_A_PAGE = 8
"""So that ``--pages`` asks for as many messages as in the business record."""
PER_FILE = 10_000
"""Messages of a thread in one file; then ``message_2`` begins."""
_EPOCH = 1_693_526_400
_DAYS = 220
_ZIP_DATE = (2024, 6, 3, 12, 0, 0)
_FOLDERS = ("inbox", "archived_threads", "filtered_threads", "message_requests")
_WEIGHTS = (90, 5, 2, 3)
_KINDS = {"jpg": "photos", "png": "photos", "mp4": "videos", "m4a": "audio_files"}
_REACTIONS = ("👍", "❤", "😆", "😮", "😢")

Files = Iterator[tuple[str, bytes]]


@dataclass(slots=True)
class _Talk:
    """A thread with its messages, newest first."""

    thread: Thread
    messages: list[Message]
    folder: str
    title: str


def make_dyi_json(out: Path, *, pages: int, seed: int, wordlist: str = "a") -> Path:
    """Write a download as JSON, with its double encoding, and its gold.

    Args:
        out: a path that ends in ``.zip``, with ``gold.jsonl`` put beside it; or a folder for
            ``return.zip`` and ``gold.jsonl``. Existing files of these names are replaced.
        pages: an eighth of the number of messages.
        seed: any integer; equal arguments give equal gold, and equal bytes with one zlib.
        wordlist: ``a``, or the held-back ``b``.

    Returns:
        The path of the zip.

    Raises:
        OSError: the place cannot be written to.
    """
    return _make(out, pages, seed, wordlist, _json_files)


def make_dyi_html(out: Path, *, pages: int, seed: int, wordlist: str = "a") -> Path:
    """Write a download as HTML, and its gold; arguments as of :func:`make_dyi_json`.

    The gold holds what the pages tell: times to the second, of an hour that comes twice the first;
    calls without length as lines of the service; no difference between no text and an empty one.
    """
    return _make(out, pages, seed, wordlist, _html_files)


def make_dyi_e2ee(out: Path, *, pages: int, seed: int, wordlist: str = "a") -> Path:
    """Write an export of encrypted threads, and its gold; arguments as of :func:`make_dyi_json`."""
    return _make(out, pages, seed, wordlist, _e2ee_files)


Writer = Callable[[Random, Cast, Sequence[_Talk], Callable[[dict[str, Any]], None]], Files]


def _make(out: Path, pages: int, seed: int, wordlist: str, writer: Writer) -> Path:
    zip_path = out if out.suffix == ".zip" else out / "return.zip"
    zip_path.parent.mkdir(parents=True, exist_ok=True)
    rng = Random(f"dyi/{seed}/{wordlist}/{pages}")
    begin = _EPOCH + rng.randrange(60) * 86400
    span = (begin, begin + _DAYS * 86400 - 1)
    chat = Chat(wordlist, rng)
    cast = Cast(
        chat.grammar, rng, counterparts=min(200, 12 + pages // 20), begin=begin, end=span[1]
    )
    chat.meet(cast)
    talks = list(_talks(rng, chat, cast, pages * MESSAGES_A_PAGE, span))
    rows: list[dict[str, Any]] = []
    with zipfile.ZipFile(zip_path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in writer(rng, cast, talks, rows.append):
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            info.create_system = 3
            archive.writestr(info, content)
    with zip_path.with_name("gold.jsonl").open("w", encoding="utf-8", newline="\n") as gold:
        for number, row in enumerate(rows, 1):
            gold.write(json.dumps({"id": f"m{number:07}", **row}, ensure_ascii=False) + "\n")
    return zip_path


def _talks(
    rng: Random, chat: Chat, cast: Cast, count: int, span: tuple[int, int]
) -> Iterator[_Talk]:
    left = count
    partners = iter(cast.counterparts)
    while left > 0:
        partner = next(partners, None) if rng.random() < 0.75 else None
        if partner is not None:
            people = [cast.target, partner]
        else:
            people = [cast.target, *rng.sample(cast.counterparts, rng.choice((2, 3, 4, 6)))]
        size = min(left, max(20, int(count * rng.betavariate(1, 7))))
        thread = make_thread(rng, chat, people, size=size, span=span)
        messages = [item for item in talk(rng, chat, thread, size) if item.sent <= span[1]]
        left -= max(len(messages), 1)
        if not messages:
            continue
        shown = people[1].name_at(span[1]) if len(people) == 2 else thread.name or ", ".join(
            person.given for person in people[1:4]
        )  # fmt: skip
        slug = "".join(mark for mark in shown.lower() if mark.isascii() and mark.isalnum())
        yield _Talk(thread, messages[::-1], f"{slug or 'thread'}_{thread.number}", shown)


def _row(
    talk_: _Talk, message: Message, thread_id: str, name: str, **changed: Any
) -> dict[str, Any]:
    sent = datetime.fromtimestamp(message.sent, UTC)
    return {
        "text": message.text,
        "kind": message.kind,
        "author": message.author.name_at(message.sent),
        "author_id": None,
        "sent_at": f"{sent:%Y-%m-%dT%H:%M:%SZ}",
        "thread_id": thread_id,
        "pages": {name: [None, None]},
        "region": "US",
        "spans": message.spans,
    } | changed


def _doubled(value: Any) -> Any:
    """Encode the strings of a value twice, as the export does."""
    if isinstance(value, str):
        return value.encode("utf-8").decode("latin-1")
    if isinstance(value, dict):
        return {key: _doubled(item) for key, item in value.items()}
    return [_doubled(item) for item in value] if isinstance(value, list) else value


def _json(value: Any) -> bytes:
    return json.dumps(_doubled(value), ensure_ascii=True, indent=2).encode()


def _json_files(
    rng: Random, cast: Cast, talks: Sequence[_Talk], gold: Callable[[dict[str, Any]], None]
) -> Files:
    root = "your_facebook_activity/messages"
    for item in talks:
        kind = rng.choices(_FOLDERS, _WEIGHTS)[0]
        folder = f"{root}/{kind}/{item.folder}"
        for number, start in enumerate(range(0, len(item.messages), PER_FILE), 1):
            part = item.messages[start : start + PER_FILE]
            name = f"message_{number}.json"
            written = [_json_message(rng, item, message, folder) for message in part]
            for message in part:
                gold(_row(item, message, item.folder, name))
            content = {
                "participants": [
                    {"name": person.name_at(item.thread.end)} for person in item.thread.people
                ],
                "messages": written,
                "title": item.title,
                "is_still_participant": True,
                "thread_path": f"{kind}/{item.folder}",
                "magic_words": [],
            }
            yield f"{folder}/{name}", _json(content)
    yield from _about_json(rng, cast)


def _json_message(rng: Random, item: _Talk, message: Message, folder: str) -> dict[str, Any]:
    written: dict[str, Any] = {
        "sender_name": message.author.name_at(message.sent),
        "timestamp_ms": message.sent * 1000 + rng.randrange(1000),
    }
    if message.text is not None:
        written["content"] = message.text
    if message.media:
        kind = _KINDS[message.media.rpartition(".")[2]]
        uri = f"{folder}/{kind.removesuffix('_files')}/{message.media}"
        written[kind] = [{"uri": uri, "creation_timestamp": message.sent}]
    shared = _value(message, "Url")
    if shared:
        written["share"] = {"link": shared, "share_text": _value(message, "Title") or ""}
    if message.kind == CALL:
        written["call_duration"] = int(_value(message, "Duration") or 0)
    if _value(message, "Users"):
        written["type"] = _value(message, "Type").capitalize()
        written["users"] = [{"name": _value(message, "Users").rpartition(" (")[0]}]
    if message.before:
        written["is_unsent"] = True
    if rng.random() < 0.03 and message.kind == MESSAGE:
        actor = rng.choice(item.thread.people).name_at(message.sent)
        written["reactions"] = [{"reaction": rng.choice(_REACTIONS), "actor": actor}]
    written["is_geoblocked_for_viewer"] = False
    return written


def _value(message: Message, label: str) -> str:
    """The value of a field of the business record's form of a message."""
    mark = f'<div class="t i">{label}<div class="m">'
    for at, token in enumerate(message.after[:-1]):
        if mark in token:
            return html.unescape(message.after[at + 1])
    return ""


def _about_json(rng: Random, cast: Cast) -> Files:
    """What the download holds beside threads."""
    me = cast.target
    known = rng.sample(cast.counterparts, min(8, len(cast.counterparts)))
    mail = f"{me.user}@example.com"
    yield "personal_information/profile_information/profile_information.json", _json({
        "profile_v2": {
            "name": {"full_name": me.name_at(_EPOCH), "first_name": me.given,
                     "middle_name": "", "last_name": me.surname},
            "emails": {"emails": [mail], "previous_emails": []},
            "username": me.user,
            "phone_numbers": [
                {"phone_type": "Mobile", "phone_number": f"+1{me.digits}", "verified": True}
            ],
            "registration_timestamp": _EPOCH - 86400 * 900,
        }
    })  # fmt: skip
    yield "personal_information/other_personal_information/your_address_books.json", _json({
        "address_book_v2": {
            "address_book": [
                {"name": person.nick, "details": [{"contact_point": f"+1{person.digits}"}],
                 "created_timestamp": _EPOCH - 86400 * at}
                for at, person in enumerate(known)
            ]
        }
    })  # fmt: skip
    yield "logged_information/search/your_search_history.json", _json({
        "searches_v2": [
            {"timestamp": _EPOCH + 86400 * at, "data": [{"text": person.given}],
             "title": "You searched Facebook"}
            for at, person in enumerate(known)
        ]
    })  # fmt: skip
    yield "security_and_login_information/logins_and_logouts.json", _json({
        "account_accesses_v2": [
            {"action": "Login", "timestamp": _EPOCH + 86400 * at, "site": "www.facebook.com",
             "ip_address": f"198.51.100.{rng.randrange(1, 255)}"}
            for at in range(9)
        ]
    })  # fmt: skip
    yield "connections/friends/your_friends.json", _json({
        "friends_v2": [
            {"name": person.name_at(_EPOCH), "timestamp": _EPOCH - 86400 * at}
            for at, person in enumerate(known)
        ]
    })  # fmt: skip


_PAGE = (
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />'
    '<base href="../../../../" /><title>{title}</title><style type="text/css">._a6-g{{padding:8px}}'
    '._a6-p{{margin:0}}</style></head><body class="_5vb_ _2yq _a7o5"><div class="_a705">'
    '<div class="_3-8y _3-95 _a70a"><div class="_a70d"><div class="_a70e">{title}</div></div></div>'
    '<div class="_a706" role="main">{blocks}</div></div></body></html>'
)
_BLOCKS = (
    '<div class="_3-95 _a6-g"><div class="_2ph_ _a6-h _a6-i">{name}</div><div class="_2ph_ _a6-p">'
    '<div><div></div><div>{text}</div>{more}</div></div><div class="_3-94 _a6-o">'
    '<div class="_a72d">{time}</div></div></div>',
    '<section class="_a6-g" aria-labelledby="u_0"><h2 class="_2ph_ _a6-h _a6-i" id="u_0">{name}'
    '</h2><div class="_2ph_ _a6-p"><div><div></div><div>{text}</div>{more}</div></div>'
    '<footer class="_3-94 _a6-o"><div class="_a72d">{time}</div></footer></section>',
)
"""A message as before and since 2025."""


def _html_files(
    rng: Random, cast: Cast, talks: Sequence[_Talk], gold: Callable[[dict[str, Any]], None]
) -> Files:
    del cast
    zone = ZoneInfo(ZONE)
    newer = rng.random() < 0.5
    for item in talks:
        folder = f"your_facebook_activity/messages/inbox/{item.folder}"
        for number, start in enumerate(range(0, len(item.messages), PER_FILE), 1):
            name = f"message_{number}.html"
            blocks = []
            for message in item.messages[start : start + PER_FILE]:
                local = datetime.fromtimestamp(message.sent, zone)
                told = local.replace(fold=0).astimezone(UTC)
                length = int(_value(message, "Duration") or 0) if message.kind == CALL else 0
                kind = SYSTEM if message.kind == CALL and not length else message.kind
                gold(_row(
                    item, message, item.folder, name, text=message.text or None, kind=kind,
                    sent_at=f"{told:%Y-%m-%dT%H:%M:%SZ}",
                ))  # fmt: skip
                hour = f"{local:%b} {local.day:02}, {local.year} {local.hour % 12 or 12}"
                half = f"{' ' if newer else ''}{'am' if local.hour < 12 else 'pm'}"
                blocks.append(_BLOCKS[newer].format(
                    name=_escape(message.author.name_at(message.sent)),
                    text=_escape(message.text or ""),
                    more=_more(rng, item, message, folder, length),
                    time=f"{hour}:{local:%M:%S}{half}",
                ))  # fmt: skip
            page = _PAGE.format(title=_escape(item.title), blocks="".join(blocks))
            yield f"{folder}/{name}", page.encode()


def _more(rng: Random, item: _Talk, message: Message, folder: str, length: int) -> str:
    """What stands in a body behind the text."""
    more = ""
    if length:
        more += f"<div>Duration: {length} seconds</div>"
    elif shared := _value(message, "Url"):
        title = _escape(_value(message, "Title"))
        link = _escape(shared)
        more += (
            f'<div><div>{title}</div><div><a target="_blank" href="{link}">{link}</a></div></div>'
        )
    else:
        more += "<div></div>"
    if message.media:
        path = f"{folder}/photos/{message.media}"
        more += f'<div><div><a target="_blank" href="{path}"><img src="{path}" /></a></div></div>'
    else:
        more += "<div></div>"
    if rng.random() < 0.03 and message.kind == MESSAGE:
        actor = _escape(rng.choice(item.thread.people).name_at(message.sent))
        shown = f"{rng.choice(_REACTIONS)}{actor}"
        more += f'<div><ul class="_a6-q"><li><span>{shown}</span></li></ul></div>'
    return more


def _escape(text: str) -> str:
    return html.escape(text, quote=True).replace("\n", "<br />")


def _e2ee_files(
    rng: Random, cast: Cast, talks: Sequence[_Talk], gold: Callable[[dict[str, Any]], None]
) -> Files:
    del cast
    for number, item in enumerate(talks, 1):
        title = f"{item.title}_{number}"
        name = f"{item.folder.rpartition('_')[0]}_{number}.json"
        written = []
        for message in item.messages:
            kind = SYSTEM if message.kind == CALL else message.kind
            gold(_row(item, message, title, name, text=message.text or "", kind=kind))
            missing = rng.random() < 0.1
            uri = "Failed to download media" if missing else f"./media/{message.media}"
            written.append({
                "isUnsent": bool(message.before),
                "media": [{"uri": uri}] if message.media else [],
                "reactions": _reactions(rng, item.thread.people, message),
                "senderName": message.author.name_at(message.sent),
                "text": message.text or "",
                "timestamp": message.sent * 1000 + rng.randrange(1000),
                "type": "media" if message.media else "text",
            })  # fmt: skip
        content = {
            "participants": [person.name_at(item.thread.end) for person in item.thread.people],
            "threadName": title,
            "messages": written,
        }
        yield name, json.dumps(content, ensure_ascii=False, indent=1).encode()


def _reactions(rng: Random, people: Sequence[Person], message: Message) -> list[dict[str, str]]:
    if message.kind != MESSAGE or rng.random() >= 0.03:
        return []
    actor = rng.choice(people).name_at(message.sent)
    return [{"actor": actor, "reaction": rng.choice(_REACTIONS)}]
