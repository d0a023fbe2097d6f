"""What the three forms of a Meta "Download your information" share: text, times, files, issues."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard

from pipeline.readers.base import Account, Attachment, Issue, Record, Segment
from pipeline.readers.encodings import detect
from pipeline.readers.json_spans import Hole, JsonText, Number
from schemas.kinds import RecordKind, Severity

PROVIDER = "Meta"
FOLDERS = (
    "inbox|archived_threads|filtered_threads|message_requests|e2ee_cutover|restricted_threads"
    "|legacy_threads"
)
"""Folders of threads: FORMATS 7; the last three seen in public importers only."""
THREAD_PATH = re.compile(rf"(?:^|/)(?P<kind>{FOLDERS})/(?P<folder>[^/]{{1,300}})(?:/|$)")
THREAD_FILE = re.compile(r"(?:^|/)message(?:_\d{1,6})?\.(?:json|html?)$", re.IGNORECASE)
TREE = re.compile(
    r"(?:^|/)(?:your_(?:facebook|instagram)_activity|your_activity_across_facebook"
    r"|(?:facebook|instagram|meta)-[^/]{1,120}|personal_information|profile_information"
    r"|security_and_login_information|login_and_(?:account|profile)_creation|logged_information"
    r"|ads_information|friends_and_followers|connections/(?:friends|followers|contacts)"
    r"|connections/followers_and_following|followers_and_following|search_history"
    r"|account_activity|payment_history|facebook_payments"
    r"|apps_and_websites_off_of_(?:facebook|instagram))/",
    re.IGNORECASE,
)
"""Folders of a download, old trees and new (FORMATS 7; public importers and data sets)."""
INSTAGRAM = re.compile(
    r"your_instagram_activity|(?:^|/)instagram-|_of_instagram/|login_and_(?:account|profile)_creat"
    r"ion/|followers_and_following/",
    re.IGNORECASE,
)
INSTAGRAM_KEYS = re.compile(
    r'"(?:string_map_data|string_list_data|media_map_data|profile_user)"\s{0,9}:'
)

CROWD = 1000
"""People in a thread up to which each message lists its recipients; groups have 250 at most."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 253_402_300_800_000
"""Milliseconds at the end of the year 9999."""
_MILLISECONDS = 100_000_000_000
"""Times from here on are in milliseconds: in seconds it is the year 5138."""
_HALVES = re.compile("[\ud800-\udfff]")
_MEDIA = re.compile(
    r"\.(?:jpe?g|png|gif|webp|heic|bmp|mp4|mov|3gp|webm|avi|mkv|mp3|m4a|aac|wav|ogg|opus|amr)$",
    re.IGNORECASE,
)
_TYPES = {
    "photos": "image", "videos": "video", "audio_files": "audio", "gifs": "image/gif",
    "sticker": "image",
}  # fmt: skip

WORDS: dict[str, tuple[Severity, str]] = {
    "file_ends_early": (
        Severity.ERROR,
        "the file ends in the middle; what was whole was read; ask for a complete copy",
    ),
    "bad_json": (
        Severity.ERROR,
        "the file is damaged: parts of it are not valid JSON and were not read; ask for it again",
    ),
    "nested_too_deep": (
        Severity.ERROR,
        "values nested too deep for any export were not read; look at the file by hand",
    ),
    "mojibake": (
        Severity.WARNING,
        "texts that are not encoded twice, as this export writes them, were kept as they stand; "
        "letters with accents and emoji in them may look wrong",
    ),
    "bad_characters": (
        Severity.WARNING,
        "halves of characters, which mean nothing alone, were read as U+FFFD",
    ),
    "bad_time": (Severity.WARNING, "times that cannot be read; see the record's own text of it"),
    "unknown_field": (
        Severity.INFO,
        "text in fields of a thread that are not known was read as records of its own",
    ),
    "media_missing": (
        Severity.INFO,
        "files that the export says it failed to download; ask for the export again",
    ),
    "text_outside": (
        Severity.INFO,
        "text that stands in no entry of the page was read as records of its own",
    ),
    "crowd": (
        Severity.INFO,
        "messages of a thread of more than 1,000 people list no recipients; see its participants",
    ),
    "author_missing": (Severity.WARNING, "messages that name no author"),
    "time_missing": (Severity.WARNING, "messages that state no time"),
}
"""What an issue says to people; never evidence text."""


class Tally:
    """Counts what is to be said of a file."""

    def __init__(self) -> None:
        """Count from nothing."""
        self._counts: Counter[str] = Counter()
        self._sections: Counter[str] = Counter()

    def add(self, code: str, count: int = 1) -> None:
        """Count an issue of :data:`WORDS`."""
        self._counts[code] += count

    def section(self, name: str) -> None:
        """Count a record of a section that is not known."""
        self._sections[name] += 1

    def issues(self) -> Iterator[Issue]:
        """Yield one issue for each thing counted, in a fixed order."""
        for code, (severity, message) in WORDS.items():
            if self._counts[code]:
                yield Issue(severity, "read", code, message, count=self._counts[code])
        for name, count in sorted(self._sections.items()):
            shown = f"section {name!r}" if re.fullmatch(r"[a-z0-9_'#]{1,60}", name) else "a section"
            yield Issue(
                Severity.INFO, "read", "unknown_section",
                f"{shown} is not known; its texts were read as they stand", count=count,
            )  # fmt: skip


class Strings:
    """Reads the strings of an export.

    The JSON form writes each byte of a text's UTF-8 as a character of its own (FORMATS 7); that
    is undone string by string, before anything else sees it. A string that it does not fit is kept
    as it stands and counted.
    """

    def __init__(self, tally: Tally, *, doubled: bool) -> None:
        """Read strings.

        Args:
            tally: counts what does not fit.
            doubled: whether they are encoded twice.
        """
        self._tally, self.doubled = tally, doubled

    def read(self, value: str) -> str:
        """Return a string as it was typed."""
        if value.isascii():
            return value
        if _HALVES.search(value):
            value, count = _HALVES.subn("\ufffd", value)
            self._tally.add("bad_characters", count)
        elif self.doubled:
            try:
                return value.encode("latin-1").decode("utf-8")
            except UnicodeError:
                self._tally.add("mojibake")
        return value

    def text(self, value: Any) -> str | None:
        """Return a value as text if it is a string that holds anything, read."""
        return self.read(value) if is_text(value) and value else None


def is_text(value: Any) -> TypeGuard[str]:
    """Whether a decoded value is a string, not a number kept as written."""
    return isinstance(value, str) and not isinstance(value, Number)


def service_of(path: str, head: str = "") -> str:
    """Tell whose export a file is of, ``facebook`` or ``instagram``, by its path or its keys."""
    by_path = INSTAGRAM.search(path)
    return "instagram" if by_path or INSTAGRAM_KEYS.search(head) else "facebook"


def head_text(head: bytes) -> str:
    """Decode the beginning of a file, well enough to look for marks."""
    encoding, _ = detect(head, is_whole=False)
    return head.decode(encoding, "replace").lstrip("\ufeff")


def thread_of(path: str) -> tuple[str, str]:
    """Return id and section of the thread that a file is of: its folder and the folder's own.

    ``…/messages/inbox/dovielarkspur_900/message_1.json`` gives ``dovielarkspur_900`` and
    ``messages/inbox``; elsewhere the id is the file's own folder, or its name.
    """
    threads = list(THREAD_PATH.finditer(path))
    if threads:
        found = threads[-1]
        return found["folder"], f"messages/{found['kind']}"
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    above = folder.rpartition("/")[2]
    return (above if THREAD_FILE.search(path) and above else stem), "messages"


def moment(value: Any, tally: Tally) -> tuple[datetime | None, str | None]:
    """Read seconds or milliseconds since 1970, as the exports write times.

    Returns:
        The time (None: not stated, or no time; the latter is counted), and its own text.
    """
    if value is None or isinstance(value, bool | list | dict) or value in (0, ""):
        return None, None
    raw = str(value)
    digits = raw.partition(".")[0]
    if digits.isascii() and digits.isdecimal() and len(digits) < 16:
        number = int(digits) * (1 if int(digits) >= _MILLISECONDS else 1000)
        if number < _LATEST:
            return _EPOCH + timedelta(milliseconds=number), raw
    tally.add("bad_time")
    return None, _HALVES.sub("\ufffd", raw[:200])


def attachment(uri: str, kind: str = "") -> Attachment:
    """Make a file of the path or address that a record names, of a field such as ``photos``."""
    is_url = "://" in uri[:12]
    name = uri.split("?")[0].rstrip("/").rpartition("/")[2] if uri else None
    return Attachment(
        name=name or None, provider_id=None, media_type=_TYPES.get(kind), size_bytes=None,
        url=uri if is_url else None, path=None if is_url else uri or None,
    )  # fmt: skip


def is_local_media(uri: str) -> bool:
    """Whether a string names a media file of the export."""
    return "://" not in uri[:12] and "/" in uri and bool(_MEDIA.search(uri))


class Members:
    """The people of a thread, who are known by display name only."""

    def __init__(self, accounts: Iterable[Account], tally: Tally) -> None:
        """Take each once.

        Args:
            accounts: the participants.
            tally: counts messages of a thread with too many to be listed with each.
        """
        self.accounts = tuple(dict.fromkeys(accounts))
        self.names: list[str | None] = [account.name for account in self.accounts]
        self._tally = tally
        self._others: dict[Account | None, tuple[Account, ...]] = {}

    def others(self, author: Account | None) -> tuple[Account, ...]:
        """Return the participants but the author."""
        if len(self.accounts) > CROWD:
            self._tally.add("crowd")
            return ()
        known = self._others.get(author)
        if known is None:
            known = tuple(account for account in self.accounts if account != author)
            self._others[author] = known
        return known

    def named(self, author: Account | None) -> Iterator[str | None]:
        """Yield the names with which a line of the service may begin."""
        yield author.name if author else None
        yield from self.names


def make_record(
    kind: RecordKind, text: str | None, section: str, path: str, line: int, place: tuple[int, int]
) -> Record:
    """Make a record that stands on one physical line, at a range of bytes."""
    segments: list[Segment] = [(0, None, line)] if text else []
    return Record(kind, text, segments, section, path, None, None, line, *place)


def lined(parts: Iterable[tuple[str, int]]) -> tuple[str, list[Segment]]:
    """Join texts by line feeds.

    Args:
        parts: each with the physical line it begins on.

    Returns:
        The text, and where each part of it stands.
    """
    text = ""
    segments: list[Segment] = []
    for number, (part, line) in enumerate(parts):
        text += "\n" if number else ""
        segments.append((len(text), None, line))
        text += part
    return text, segments


def unread(found: JsonText, holes: list[Hole], tally: Tally) -> list[tuple[int, int]]:
    """Count what could not be read, and return its byte ranges."""
    for hole in holes:
        tally.add(hole.code)
    ranges = [found.bytes_of(hole.start, hole.end) for hole in holes]
    return [(start, end) for start, end in ranges if end > start]
