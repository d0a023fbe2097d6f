"""Tokens of a message and of what hangs on it: attachments, shares, calls, subscriptions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

from pipeline.sample.markup import CLOSE, P, escape, group, leaf, opening

AUTHOR = opening("Author")
SENT = opening("Sent")
BODY = opening("Body")

_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "video/mp4": "mp4", "audio/mp4": "m4a"}


def stamp(when: int) -> str:
    """A time as the provider prints it."""
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def message_tokens(
    author: str,
    sent: str,
    text: str | None,
    before: Sequence[str],
    after: Sequence[str],
    *,
    split_lines: bool,
) -> list[str]:
    """Tokens of a message, with the blank that parts it from the one before."""
    tokens = [P, AUTHOR, escape(author), P, CLOSE, SENT, sent, P, CLOSE, *before]
    if text is not None:
        tokens.append(BODY)
        if split_lines:
            for line in text.split("\n"):
                tokens += (escape(line), P)
        else:
            if text:
                tokens.append(escape(text))
            tokens.append(P)
        tokens.append(CLOSE)
    tokens += after
    return tokens


def flag(label: str, value: str) -> list[str]:
    """Tokens of a one-word field."""
    return leaf(label, value)


def empty_share() -> list[str]:
    """The empty share that stands beside some empty bodies."""
    return group("Share", leaf("Date Created", "Unknown"))


def share(rng: Random, when: int, url: str, title: str) -> list[str]:
    """A shared link."""
    fields = [leaf("Date Created", stamp(when))]
    if rng.random() < 0.7:
        fields.append(leaf("Text", title))
    if rng.random() < 0.25:
        fields.append(leaf("Summary", title))
    if rng.random() < 0.4:
        fields.append(leaf("Title", title))
    fields.append(leaf("Url", url))
    return group("Share", *fields)


def call(kind: str, missed: bool, duration: int) -> list[str]:
    """A call; its duration is in seconds."""
    return group(
        "Call Record",
        leaf("Type", kind),
        leaf("Missed", "true" if missed else "false"),
        leaf("Duration", str(duration)),
    )


def subscription(kind: str, *people: str) -> list[str]:
    """People who join or leave a group."""
    return group("Subscription Event", leaf("Type", kind), leaf("Users", *people))


def linked(path: str, media_type: str) -> list[str]:
    """The unlabelled block that shows a linked file."""
    if media_type.startswith("video"):
        tag = f'<video controls="1"><source src="{path}" type="{media_type}"/></video>'
    else:
        tag = f'<img src="{path}"/>'
    return [opening(""), P, tag, P, *leaf("Linked Media File:", path), CLOSE]


def attachment(rng: Random, section: str) -> tuple[list[str], str]:
    """Tokens of an attachment, and the name of its file in ``linked_media``."""
    number = f"9{rng.randrange(10**14):014}"
    media_type = rng.choices(tuple(_EXTENSIONS), (78, 6, 11, 5))[0]
    name = f"{section}_{number}.{_EXTENSIONS[media_type]}"
    kind = {"image": "image", "video": "video", "audio": "audioclip"}[media_type.split("/")[0]]
    url = (
        f"https://interncache-example.fbcdn.example/v/t1.15752-9/{rng.randrange(10**9)}_{number}"
        f"_{rng.randrange(10**18):018}_n.{_EXTENSIONS[media_type]}?ccb=1-7&_nc_sid="
        f"{rng.randrange(16**6):06x}&oh={rng.randrange(16**12):012x}"
    )
    tokens = [
        opening("Attachments"),
        f"{kind}-{number} ({number})",
        P,
        *leaf("Type", media_type),
        *leaf("Size", str(rng.randrange(9_000, 4_000_000))),
        *leaf("URL", url),
        *linked(f"linked_media/{name}", media_type),
        P,
        CLOSE,
    ]
    return tokens, name
