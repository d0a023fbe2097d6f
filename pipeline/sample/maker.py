"""``triage sample``: a synthetic business record of Facebook messages, with gold."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import exp
from pathlib import Path
from random import Random
from typing import IO

from pipeline.sample import records, sections
from pipeline.sample.chat import Chat
from pipeline.sample.markup import CLOSE, P, PageWriter, escape, leaf, opening
from pipeline.sample.people import Cast, Person, participants
from pipeline.sample.sections import Paper, Profile
from pipeline.sample.threads import Message, Thread, make_thread, talk

RECORDS = "records.html"
PRESERVATION = "preservation-1.html"
WORDLISTS = ("a", "b")
"""``b`` is held back: other names, places, templates and writings, to check for over-fitting."""

_ZIP_DATE = (2024, 6, 3, 12, 0, 0)
_EPOCH = 1_693_526_400
"""2023-09-01 00:00:00 UTC; every sample begins within two months of it."""
_DAYS = (190, 280)
_PRESERVED = (0.042, 0.03)
"""Share of the range of dates that the preservation repeats, and what 40,000 pages add to it. It
lies where most threads are alive, the more so the fewer there are; gives some 8 % of the pages."""
_LATER_REMOVED = 0.012
"""Share of the preserved messages that only the preservation still holds."""
_COPY = 1 << 20
_LEAST_PAGES = 20
"""The profile alone takes ten."""


@dataclass(frozen=True, slots=True)
class SampleReceipt:
    """What was written."""

    zip_path: Path
    gold_path: Path
    pages: dict[str, int]
    """Pages of each file."""
    messages: int
    """Messages, each counted once."""
    with_mentions: int
    """Messages that hold at least one scored span."""
    spans: dict[str, int]
    """Scored spans by kind."""
    linked_media: int


def make_sample(
    out: Path,
    *,
    pages: int,
    seed: int,
    wordlist: str = "a",
    progress: Callable[[int], None] | None = None,
) -> SampleReceipt:
    """Write a synthetic return and its gold.

    Equal arguments give equal bytes (of the gold always; of the zip with one version of zlib).

    Args:
        out: a path that ends in ``.zip``, with ``gold.jsonl`` put beside it; or a folder for
            ``return.zip`` and ``gold.jsonl``. Existing files of these names are replaced.
        pages: pages over both files, met within a few percent; at least 20.
        seed: any integer.
        wordlist: ``a``, or the held-back ``b``.
        progress: called with the number of pages written so far.

    Returns:
        Paths and counts.

    Raises:
        ValueError: too few pages, or an unknown word list.
        OSError: the place cannot be written to.
    """
    if pages < _LEAST_PAGES:
        raise ValueError(f"a sample has at least {_LEAST_PAGES} pages")
    if wordlist not in WORDLISTS:
        raise ValueError(f"no word list {wordlist!r}: there are {', '.join(WORDLISTS)}")
    zip_path = out if out.suffix == ".zip" else out / "return.zip"
    gold_path = zip_path.with_name("gold.jsonl")
    zip_path.parent.mkdir(parents=True, exist_ok=True)
    zip_part = zip_path.with_name(f".{zip_path.name}.part")
    gold_part = gold_path.with_name(f".{gold_path.name}.part")
    try:
        with gold_part.open("w", encoding="utf-8", newline="\n") as gold:
            maker = _Maker(pages, seed, wordlist, gold, progress)
            with zipfile.ZipFile(zip_part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                maker.write(archive)
        zip_part.replace(zip_path)
        gold_part.replace(gold_path)
    finally:
        zip_part.unlink(missing_ok=True)
        gold_part.unlink(missing_ok=True)
    return SampleReceipt(
        zip_path=zip_path,
        gold_path=gold_path,
        pages=maker.page_counts(),
        messages=maker.messages,
        with_mentions=maker.with_mentions,
        spans=dict(sorted(maker.spans.items())),
        linked_media=maker.linked_media,
    )


class _Maker:
    """One run: the two files side by side, so that a message's pages in both are known at once."""

    def __init__(
        self,
        pages: int,
        seed: int,
        wordlist: str,
        gold: IO[str],
        progress: Callable[[int], None] | None,
    ) -> None:
        self._rng = Random(f"{seed}/{wordlist}/{pages}")
        self._target_pages = pages
        self._gold = gold
        self._progress = progress
        self.messages = 0
        self.with_mentions = 0
        self.spans: Counter[str] = Counter()
        self.linked_media = 0
        rng = self._rng
        begin = _EPOCH + rng.randrange(60) * 86400
        end = begin + rng.randrange(*_DAYS) * 86400 - 1
        # the preservation's dates lie in the middle half, where most threads are alive
        share = _PRESERVED[0] + _PRESERVED[1] * min(pages / 40_000, 1)
        kept = begin + int((end - begin) * rng.uniform(0.4, 0.6)) // 86400 * 86400
        kept_end = kept + int((end - begin) * share) // 86400 * 86400 + 86399
        self._span = (begin, end)
        self._papers = (
            Paper("Records", RECORDS, begin, end, end + 1_555_391),
            Paper("Preservation-1", PRESERVATION, kept, kept_end, kept_end + 118_806),
        )
        self._chat = Chat(wordlist, rng)
        counterparts = min(400, 60 + pages // 20)
        self._cast = Cast(self._chat.grammar, rng, counterparts=counterparts, begin=begin, end=end)
        self._chat.meet(self._cast)
        self._media: list[str] = []
        self._writers: tuple[PageWriter, PageWriter]
        self._shown = 0
        self._begun: set[Paper] = set()
        self._profile_pages = 0

    def write(self, archive: zipfile.ZipFile) -> None:
        """Write every member of the zip, and the gold."""
        rng = self._rng
        profile = sections.make_profile(rng, self._chat, self._cast, self._span, self._target_pages)
        self._media += profile.media
        with tempfile.TemporaryFile() as kept:
            with archive.open(_member(RECORDS), "w", force_zip64=True) as member:
                # page budgets have a generator each: the two files do not disturb one another
                self._writers = (
                    PageWriter(member.write, Random(rng.random())),
                    PageWriter(kept.write, Random(rng.random())),
                )
                self._files(profile)
            kept.seek(0)
            with archive.open(_member(PRESERVATION), "w") as member:
                while block := kept.read(_COPY):
                    member.write(block)
        with archive.open(_member("instructions.txt"), "w") as member:
            member.write(_INSTRUCTIONS.encode())
        for name in self._media:
            with archive.open(_member(f"linked_media/{name}"), "w") as member:
                member.write(f"placeholder of {name}: no picture, no sound\n".encode())
        self.linked_media = len(self._media)

    def page_counts(self) -> dict[str, int]:
        """Pages of each file."""
        return {
            paper.name: writer.page
            for paper, writer in zip(self._papers, self._writers, strict=True)
        }

    def _pages(self) -> int:
        return self._writers[0].page + self._writers[1].page

    def _files(self, profile: Profile) -> None:
        for writer, paper in zip(self._writers, self._papers, strict=True):
            sections.begin_file(writer, paper, self._papers)
            sections.profile_sections(writer, paper, profile, self._chat)
            sections.begin_messages(writer)
        for people, weight_left in self._plan():
            left = self._target_pages - self._pages()
            if left <= 0:
                break
            size = int(left * self._messages_a_page() * weight_left)
            if size > 0:
                self._thread(people, size)
        for writer in self._writers:
            sections.end_file(writer)
        if self._progress:
            self._progress(self._pages())

    def _messages_a_page(self) -> float:
        """Messages a page so far, the profile's pages left out; 8.2 until that is known."""
        done = self._pages() - self._profile_pages
        return self.messages / done if done > 40 else 8.2

    def _plan(self) -> Iterator[tuple[list[Person], float]]:
        """People of each thread, and the share it takes of what is left to write."""
        rng, cast = self._rng, self._cast
        self._profile_pages = self._pages()
        expected = (self._target_pages - self._profile_pages) * 8
        count = max(12, min(expected // 22, int(len(cast.counterparts) * 1.25)))
        partners = iter(rng.sample(cast.counterparts, len(cast.counterparts)))
        casts: list[list[Person]] = []
        for _ in range(count):
            partner = next(partners, None) if rng.random() < 0.72 else None
            if partner is not None:
                casts.append([cast.target, partner])
            else:
                size = rng.choice((2, 3, 3, 4, 5, 6, 8, 11, 14))
                casts.append([cast.target, *rng.sample(cast.counterparts, size)])
        weights = sorted((exp(rng.gauss(0, 1.25)) for _ in casts), reverse=True)
        # the large ones somewhere in the first four fifths; the small ones even out the end
        head = weights[: count * 4 // 5]
        rng.shuffle(head)
        weights = head + weights[count * 4 // 5 :]
        total = sum(weights)
        for people, weight in zip(casts, weights, strict=True):
            yield people, weight / total
            total -= weight

    def _thread(self, people: list[Person], size: int) -> None:
        rng = self._rng
        thread = make_thread(rng, self._chat, people, size=size, span=self._span)
        messages = [
            message
            for message in talk(rng, self._chat, thread, size)
            if message.sent <= self._span[1]
        ]
        if thread.newest_first:
            messages.reverse()
        main, kept = self._writers
        paper = self._papers[1]
        in_kept = any(paper.begin <= message.sent <= paper.end for message in messages)
        open_in = [(main, self._papers[0])] + ([(kept, paper)] if in_kept else [])
        header = self._header(thread)
        for writer, file in open_in:
            writer.write(_thread_head(thread, file, header, between=file in self._begun))
            self._begun.add(file)
        for message in messages:
            self._message(thread, message)
        for writer, _ in open_in:
            writer.write((P, CLOSE))

    def _header(self, thread: Thread) -> list[str]:
        rng = self._rng
        extra: list[str] = []
        if thread.name and len(thread.people) > 2 and rng.random() < 0.3:
            extra += leaf("Thread Name", thread.name)
        if rng.random() < 0.08:
            extra += leaf("Nickname", thread.people[0].nick)
        if rng.random() < 0.15:
            extra += leaf("Read Receipts", rng.choice(("Enabled", "Disabled")))
        if rng.random() < 0.1:
            extra += leaf("AI", "false")
        return extra

    def _message(self, thread: Thread, message: Message) -> None:
        rng = self._rng
        tokens = records.message_tokens(
            message.author.printed(message.sent),
            records.stamp(message.sent),
            message.text,
            message.before,
            message.after,
            split_lines=message.split_lines,
        )
        main, kept = self._writers
        paper = self._papers[1]
        on: dict[str, tuple[int, int]] = {}
        preserved = paper.begin <= message.sent <= paper.end
        if not preserved or rng.random() >= _LATER_REMOVED:
            on[RECORDS] = main.whole(tokens)
        if preserved:
            on[PRESERVATION] = kept.whole(tokens)
        if message.media:
            self._media.append(message.media)
        self._row(thread, message, on)
        if self._progress and self._pages() >= self._shown + 100:
            self._shown = self._pages()
            self._progress(self._shown)

    def _row(self, thread: Thread, message: Message, on: dict[str, tuple[int, int]]) -> None:
        self.messages += 1
        scored = [span for span in message.spans if not _optional(span)]
        self.spans.update(str(span["label"]) for span in scored)
        self.with_mentions += bool(scored)
        sent = records.stamp(message.sent)
        row = {
            "id": f"m{self.messages:07}",
            "text": message.text,
            "kind": message.kind,
            "author": message.author.name_at(message.sent),
            "author_id": message.author.account,
            "sent_at": f"{sent[:10]}T{sent[11:19]}Z",
            "thread_id": thread.number,
            "pages": on,
            "region": "US",
            "spans": message.spans,
        }
        self._gold.write(json.dumps(row, ensure_ascii=False) + "\n")


def _optional(span: dict[str, object]) -> bool:
    return str(span.get("note", "")).startswith("optional")


def _thread_head(thread: Thread, paper: Paper, extra: list[str], *, between: bool) -> list[str]:
    """The opening of a thread, with a blank if it follows another; it stays open."""
    named = f"{thread.name} ({thread.number})" if thread.name else f"({thread.number})"
    tokens = [*([P] if between else []), opening("Thread"), escape(named), P]
    tokens += leaf(
        "Current Participants",
        records.stamp(paper.generated),
        *participants(thread.people, paper.generated),
    )
    if thread.past:
        tokens += leaf("Past Participants", *participants(thread.past, paper.generated))
    return tokens + extra


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _ZIP_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    info.create_system = 3
    return info


_INSTRUCTIONS = """\
SYNTHETIC SAMPLE: invented people, numbers and messages.

Open generation.html in a browser, or print it with the box "All" ticked to make a PDF.
The folder linked_media holds the files that the record refers to.
A preservation repeats what the account held when it was made; its pages are numbered anew.
"""
