"""What a worker knows of sealing, and what it does with a record that is sealed."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from extractors.base import Hit
from pipeline.files import write_private
from pipeline.readers.base import Account, Attachment, Issue, Record
from pipeline.sealing.keys import Key, keyed
from pipeline.sealing.match import SPOKEN, Matcher, Tagged, matcher_of
from pipeline.sealing.names import words_of
from schemas.kinds import RecordKind

VERSION = 1
"""Raise it when other records can be sealed: done work is then done anew."""
NCMEC = "ncmec"
"""Id under which NCMEC items are listed and released."""
SINGLE = "single"
"""Id under which what stands in no conversation is: calls, cards, fields, single mails."""
LONGEST_NAME = 80
"""Characters of a line that may be a name."""
NCMEC_SECTION = "ncmec_reports"
NCMEC_FILE = re.compile(r"(?:^|[/\\])ncmec[_\- ]", re.IGNORECASE)
"""Media that Meta links from a CyberTip: ``linked_media/ncmec_reports_123.jpg``."""

NCMEC_NAMED = re.compile(r"[^\s:()]*\bncmec[_\-][^\s:()]*", re.IGNORECASE)
QUOTED = re.compile(r"\((?:'[^\n]{0,200}'|\"[^\n]{0,200}\")\)")


@dataclass(frozen=True, slots=True)
class Sealing:
    """What is to be sealed; made once for a run, sent to every worker. Holds no private key."""

    entries: tuple[Tagged, ...] = ()
    """The lists, with the shipped public lines."""
    threads: tuple[tuple[str, str], ...] = ()
    """Ids of sealed conversations (:meth:`id_of`), each with its list."""
    people: frozenset[str] = frozenset()
    """Ids of accounts and names that listed ones go by, as the whole case shows."""
    files: frozenset[str] = frozenset()
    """Files (source_id) that are one sealed conversation, whatever stands in them."""
    blind: frozenset[tuple[str, int]] = frozenset()
    """Shards (source_id, ordinal) that could not be looked through: not read either."""
    released: frozenset[str] = frozenset()
    key: Key | None = None
    folder: Path | None = None
    """Where sealed records go, encrypted; None: they are only counted."""

    def digest(self) -> tuple[object, ...]:
        """All that decides what is sealed, in one order, for hashing."""
        return (
            VERSION, self.entries, self.threads, sorted(self.people), sorted(self.files),
            sorted(self.blind), sorted(self.released), self.key and self.key.recipient,
        )  # fmt: skip

    @property
    def is_active(self) -> bool:
        """Whether there is more to seal than NCMEC items."""
        return bool(self.entries or self.threads)

    @property
    def matcher(self) -> Matcher:
        """The lists, ready to be asked."""
        return matcher_of(self.entries)

    def id_of(self, *parts: str) -> str:
        """Id of a conversation, an account or a file name that tells nothing of it."""
        return keyed(self.key.salt if self.key else b"", *parts)

    def thread_key(self, record: Record) -> str | None:
        """Id of the record's conversation."""
        return None if record.thread_id is None else self.id_of("thread", record.thread_id)

    def person_keys(self, account: Account) -> list[str]:
        """Id of an account by number; by name where it has no number."""
        if account.provider_account_id:
            return [self.id_of("number", account.provider_account_id.casefold())]
        name = " ".join(words_of(account.name or ""))
        return [self.id_of("name", name)] if name else []


class Sealer:
    """Says of the records of one shard whether they are sealed, and keeps those that are."""

    def __init__(self, sealing: Sealing, source_id: str) -> None:
        """Begin a shard."""
        self._sealing = sealing
        self._threads = dict(sealing.threads)
        self._whole = source_id in sealing.files
        self._matcher = sealing.matcher if sealing.entries else None
        self._known: dict[str, str] = {}
        self._people: dict[Account, bool] = {}
        self.rows: list[dict[str, Any]] = []
        self.counts: dict[str, dict[str, Any]] = {}
        self.files: set[str] = set()
        self.ids: list[str] = []

    def group_of(self, record: Record) -> str | None:
        """Return the id under which a record is sealed; None: it is not."""
        sealing = self._sealing
        if record.kind is RecordKind.REPORT or record.section == NCMEC_SECTION:
            return None if NCMEC in sealing.released else NCMEC
        if not sealing.is_active:
            return None
        if record.thread_id is not None:
            key = self._known.get(record.thread_id)
            if key is None:
                key = self._known[record.thread_id] = sealing.id_of("thread", record.thread_id)
            return key if key in self._threads else None
        if SINGLE in sealing.released:
            return None
        return SINGLE if self._whole or self._is_listed(record) else None

    def _is_listed(self, record: Record) -> bool:
        if self._matcher is None:
            return False
        if self._matcher.of_record(record):
            return True
        people = [*self._matcher.people(record), *record.recipients]
        if record.kind not in SPOKEN and self._sealing.people:
            lines = [*(record.text or "").split("\n"), *(value for _, value in record.attributes)]
            people += [Account("", None, line) for line in lines if 3 <= len(line) <= LONGEST_NAME]
        return any(map(self._is_known, people))

    def _is_known(self, account: Account) -> bool:
        found = self._people.get(account)
        if found is None:
            keys = self._sealing.person_keys(account)
            found = self._people[account] = any(key in self._sealing.people for key in keys)
        return found

    def keep(self, record: Record, group: str, identity: str, place: dict[str, Any]) -> None:
        """Take a sealed record: counted, and kept to be encrypted where there is a key."""
        page = record.page_first if record.sheet_first is None else record.sheet_first
        count = self.counts.setdefault(group, {"records": 0, "first": page, "last": page})
        count["records"] += 1
        if page is not None:
            count["first"] = page if count["first"] is None else min(page, count["first"])
            count["last"] = page if count["last"] is None else max(page, count["last"])
        if group in (NCMEC, SINGLE):
            self.ids.append(identity)
        for item in record.attachments:
            for name in (item.path, item.name):
                if name and PurePosixPath(name).suffix:
                    self.files.add(self._sealing.id_of("file", PurePosixPath(name).name))
        if self._sealing.key is not None and self._sealing.folder is not None:
            self.rows.append(_row(record, group, identity, place))

    def mark(self, hits: Sequence[Hit], text: str) -> tuple[Hit, ...]:
        """Ask for a person's review of mentions of what is listed; nothing else changes."""
        if self._matcher is None:
            return tuple(hits)
        return tuple(
            replace(hit, review=f"listed_{tag}")
            if (tag := self._matcher.mention(hit.kind, text[hit.start : hit.end], hit.value))
            else hit
            for hit in hits
        )

    def write(self, name: str) -> str | None:
        """Encrypt what was kept; return the file's name, None if there was nothing."""
        key, folder = self._sealing.key, self._sealing.folder
        if not self.rows or key is None or folder is None:
            return None
        import pyrage

        lines = [json.dumps(row, ensure_ascii=False, default=str) for row in self.rows]
        recipient = pyrage.x25519.Recipient.from_str(key.recipient)
        text = "\n".join([*lines, ""]).encode("utf-8", "surrogatepass")
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        write_private(folder / f"{name}.age", pyrage.encrypt(text, [recipient]))
        return f"{name}.age"


def _row(record: Record, group: str, identity: str, place: dict[str, Any]) -> dict[str, Any]:
    def person(account: Account) -> dict[str, str | None]:
        return {
            "provider": account.provider, "number": account.provider_account_id,
            "name": account.name,
        }  # fmt: skip

    kept = ("source_id", "source_label", "page_first", "page_last", "sheet_first", "line_first",
            "byte_start", "byte_end", "citation")  # fmt: skip
    return {
        "sealed_as": group,
        "record_id": identity,
        "kind": record.kind.value,
        "text": record.text,
        "thread_id": record.thread_id,
        "thread_name": record.thread_name,
        "author": person(record.author) if record.author else None,
        "recipients": [person(item) for item in record.recipients],
        "sent_at": record.sent_at.isoformat() if record.sent_at else None,
        "sent_raw": record.sent_raw,
        "section": record.section,
        "field": record.field,
        "attributes": [list(pair) for pair in record.attributes],
        "attachments": [asdict(item) for item in record.attachments],
        **{name: place[name] for name in kept},
    }


def without_ncmec(record: Record, sealing: Sealing) -> None:
    """Take names of NCMEC media out of a record that is not one of NCMEC's, in place."""
    if NCMEC in sealing.released:
        return
    if any(map(_is_ncmec, record.attachments)):
        record.attachments = [
            replace(item, name=None, provider_id=None, url=None, path=None)
            if _is_ncmec(item) else item
            for item in record.attachments
        ]  # fmt: skip
        record.attributes = [
            (label, "(sealed)" if NCMEC_FILE.search(value) else value)
            for label, value in record.attributes
        ]


def _is_ncmec(item: Attachment) -> bool:
    return any(NCMEC_FILE.search(name) for name in (item.path, item.name) if name)


def without_names(issue: Issue) -> Issue:
    """An issue of a shard with sealed records, without what it quotes: labels may be of them."""
    return replace(issue, message=QUOTED.sub("(not shown)", issue.message))
