"""The pass before the reading: which conversations have a listed person in them?

Workers read shards and return ids only, salted: no text leaves them, nothing is written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import nsmallest

from pipeline.readers import reader_named
from pipeline.readers.base import About, Account, Record, Shard
from pipeline.repeats import folded, name_key
from pipeline.sealing.match import Matcher
from pipeline.sealing.seal import NCMEC_SECTION, Sealing
from schemas.kinds import RecordKind

SKETCH = 24
"""Messages of a conversation by which it is known again in another delivery: those with the
smallest keys, so that any two deliveries choose the same."""
CARDS = frozenset({RecordKind.PROFILE, RecordKind.GENERIC})
SAME = 2
"""Messages (author's name, second, text) that two conversations share to be taken for one."""


@dataclass(frozen=True, slots=True)
class SurveyTask:
    """A shard to be looked through."""

    source_id: str
    reader: str
    service: str
    path: str
    zone: str
    shard: Shard
    sealing: Sealing


@dataclass(slots=True)
class Thread:
    """What is known of a conversation: ids only."""

    tag: str = ""
    """List that one of its people is on; "" = none."""
    people: set[str] = field(default_factory=set)
    sketch: list[int] = field(default_factory=list)

    def join(self, other: Thread) -> None:
        """Take in what another shard shows of it."""
        self.tag = self.tag or other.tag
        self.people |= other.people
        self.sketch = nsmallest(SKETCH, {*self.sketch, *other.sketch})


@dataclass(slots=True)
class Seen:
    """What one shard shows."""

    source_id: str
    ordinal: int
    threads: dict[str, Thread] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)
    """Ids of accounts and names that are on a list."""
    names: dict[str, set[str]] = field(default_factory=dict)
    """By id of an account: ids of the names it goes by."""
    loose: int = 0
    """Records of no conversation."""
    failed: bool = False


def survey(task: SurveyTask) -> Seen:
    """Look through one shard, in a worker."""
    seen = Seen(task.source_id, task.shard.ordinal)
    look = _Look(task.sealing, seen)
    try:
        reading = reader_named(task.reader).read(
            task.shard, About(task.service, task.path, task.zone)
        )
        for record in reading.records:
            look.at(record)
        for fact in reading.accounts:
            if fact.account.provider_account_id is not None:
                look.fact(fact.account, fact.value)
    except (MemoryError, OSError):
        raise
    except Exception:
        seen.failed = True
    look.finish()
    return seen


class _Look:
    def __init__(self, sealing: Sealing, seen: Seen) -> None:
        self._sealing = sealing
        self._matcher: Matcher = sealing.matcher
        self._seen = seen
        self._keys: dict[str, str] = {}
        self._people: dict[Account, tuple[str, list[str]]] = {}
        self._crowds: set[tuple[str, int]] = set()
        self._held: list[object] = []  # so that no other tuple takes the address of one
        self._shown: set[tuple[str, str | None]] = set()
        self._sketches: dict[str, set[int]] = defaultdict(set)

    def at(self, record: Record) -> None:
        """Note what a record shows."""
        if record.section == NCMEC_SECTION or record.kind is RecordKind.REPORT:
            return
        if record.thread_id is None:
            self._seen.loose += 1
            for account in self._matcher.people(record):
                self._person(account)
            if record.kind in CARDS and (tag := self._matcher.of_record(record)):
                self._card(record, tag)
            return
        key = self._keys.get(record.thread_id)
        if key is None:
            key = self._keys[record.thread_id] = self._sealing.id_of("thread", record.thread_id)
        thread = self._seen.threads.setdefault(key, Thread())
        for account in self._matcher.people(record):
            self._join(thread, account)
        crowd = (key, id(record.recipients))
        if crowd not in self._crowds:  # the records of a thread share a few tuples of people
            self._crowds.add(crowd)
            self._held.append(record.recipients)
            for account in record.recipients:
                self._join(thread, account)
        if not thread.tag:
            head = (key, record.thread_name)
            if record.kind is not RecordKind.MESSAGE or record.section == "mail":
                thread.tag = self._matcher.of_thread(record)
            elif head not in self._shown:
                self._shown.add(head)
                thread.tag = self._matcher.of_thread(record)
        if record.kind is RecordKind.MESSAGE:
            self._sketch(key, record)

    def _card(self, record: Record, tag: str) -> None:
        """A contact's name stands for the listed number beside it."""
        for label, value in record.attributes:
            if "name" in label.casefold() and " " in value.strip():
                keys = self._sealing.person_keys(Account("", None, value))
                self._seen.listed |= dict.fromkeys(keys, tag)

    def _sketch(self, key: str, record: Record) -> None:
        found = name_key(record, folded(record.text))
        if found is not None:
            self._sketches[key].add(int.from_bytes(found[:8], "big"))

    def _join(self, thread: Thread, account: Account) -> None:
        tag, keys = self._person(account)
        thread.people.update(keys)
        thread.tag = thread.tag or tag

    def _person(self, account: Account) -> tuple[str, list[str]]:
        known = self._people.get(account)
        if known is None:
            keys = self._sealing.person_keys(account)
            known = self._people[account] = (self._matcher.account(account), keys)
            self._names(account, keys)
            if known[0]:
                self._seen.listed |= dict.fromkeys(keys, known[0])
        return known

    def _names(self, account: Account, keys: list[str]) -> None:
        """Note the name of an account; one word says too little to know a person by."""
        if account.provider_account_id and account.name and " " in account.name.strip():
            bare = Account(account.provider, None, account.name)
            for key in keys:
                self._seen.names.setdefault(key, set()).update(self._sealing.person_keys(bare))

    def fact(self, account: Account, value: str) -> None:
        """Note what the provider states of an account: its name, numbers, addresses."""
        tag, keys = self._person(account)
        if not tag and (tag := self._matcher.value(value, account.provider)):
            self._seen.listed |= dict.fromkeys(keys, tag)

    def finish(self) -> None:
        """Cut the sketches to their size."""
        for key, found in self._sketches.items():
            self._seen.threads[key].sketch = nsmallest(SKETCH, found)


@dataclass(slots=True)
class Found:
    """What the whole case shows."""

    threads: dict[str, str] = field(default_factory=dict)
    """Ids of conversations to be sealed, each with its list."""
    people: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    """Files all of whose conversations are sealed."""
    loose: Counter[str] = field(default_factory=Counter)
    """Records of no conversation, by file."""


def conclude(all_seen: Iterable[Seen], before: dict[str, str], released: frozenset[str]) -> Found:
    """Join what the shards show into what is to be sealed.

    Args:
        all_seen: of every shard, in any order.
        before: conversations that earlier runs sealed: they stay so.
        released: ids of what a person has released.
    """
    threads: dict[tuple[str, str], Thread] = defaultdict(Thread)
    listed: dict[str, str] = {}
    names: dict[str, set[str]] = defaultdict(set)
    found = Found()
    for seen in all_seen:
        found.loose[seen.source_id] += seen.loose
        for key, thread in seen.threads.items():
            threads[key, seen.source_id].join(thread)
        for person, tag in seen.listed.items():
            listed[person] = max(listed.get(person, tag), tag)
        for person, called in seen.names.items():
            names[person] |= called
    for person, tag in list(listed.items()):
        for name in names.get(person, ()):
            listed.setdefault(name, tag)
    sealed = dict(before)
    for (key, _), thread in threads.items():
        tags = {thread.tag, *(listed[p] for p in thread.people if p in listed)} - {""}
        if tags:
            sealed[key] = max(tags)
    _spread(threads, sealed)
    found.threads = {key: tag for key, tag in sealed.items() if key not in released}
    found.people = set(listed)
    of_file: dict[str, list[str]] = defaultdict(list)
    for key, source in threads:
        of_file[source].append(key)
    found.files = {
        source for source, keys in of_file.items() if all(key in found.threads for key in keys)
    }
    return found


def _spread(threads: dict[tuple[str, str], Thread], sealed: dict[str, str]) -> None:
    """Seal the same conversation in other deliveries, which may number it otherwise or not at all.

    It is known by messages that it shares with a sealed one.
    """
    where: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for place, thread in threads.items():
        for message in thread.sketch:
            where[message].append(place)
    waiting = [place for place in threads if place[0] in sealed]
    while waiting:
        here = waiting.pop()
        shared = Counter(
            place
            for message in threads[here].sketch
            for place in where[message]
            if place[1] != here[1] and place[0] not in sealed
        )
        for place, count in shared.items():
            if count >= min(SAME, len(threads[place].sketch), len(threads[here].sketch)):
                sealed[place[0]] = sealed[here[0]]
                waiting += [other for other in threads if other[0] == place[0]]
