"""A page of a Meta download in HTML while it is read: places, lines, times, what is in no block."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from pipeline.readers.base import Record, Stated
from pipeline.readers.dyi_blocks import Block, Page, joined
from pipeline.readers.dyi_parts import Tally, make_record
from pipeline.readers.encodings import Decoded
from schemas.kinds import MentionKind, RecordKind

MONTHS = {
    name: number
    for number, names in enumerate((
        "jan ene", "feb", "mar", "apr abr", "may", "jun", "jul", "aug ago", "sep set", "oct",
        "nov", "dec dic",
    ), 1)
    for name in names.split()
}  # fmt: skip
"""First three letters, English and Spanish."""
_GAP = r"[\s\u202f\u00a0]{0,4}"
_CLOCK = (
    rf"(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?::(?P<second>\d\d))?{_GAP}"
    r"(?:(?P<half>[ap])\.?[\s\u202f\u00a0]?m\.?)?"
)
TIME = re.compile(
    rf"(?:(?P<month>[A-Za-z]{{3,10}})\.?{_GAP}(?P<day>\d{{1,2}}),{_GAP}(?P<year>\d{{4}})"
    rf"|(?P<day2>\d{{1,2}}){_GAP}(?:de )?(?P<month2>[A-Za-z]{{3,10}})\.?{_GAP}(?:de )?"
    rf"(?P<year2>\d{{4}})),?{_GAP}(?:at )?{_CLOCK}",
    re.IGNORECASE,
)
"""``Jul 12, 2024 4:55:32pm``, ``Jun 01, 2025 3:31:29 pm`` (FORMATS 7); ``Jan 1, 2024, 3:45 PM``."""
PEOPLE = re.compile(r"(?:Participants|Participantes): ?(.+)", re.DOTALL)
AND = re.compile(r", | and | y ")


@dataclass(slots=True)
class Context:
    """A page while it is read."""

    decoded: Decoded
    page: Page
    path: str
    service: str
    zone: str
    tally: Tally
    zoned: int = 0
    """Times read in the zone."""
    _lines: list[int] | None = None
    _zone: ZoneInfo | None = field(default=None)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the byte range of a run of the text."""
        return self.decoded.byte_at(start), self.decoded.byte_at(end)

    def line(self, start: int, number: int) -> int:
        """Return the line of a block: see :class:`pipeline.readers.dyi_html.DyiHtml`."""
        if self._lines is None:
            text = self.decoded.text
            ends = [match.end() for match in re.finditer(r"\r\n|[\r\n]", text)]
            first = self.page.groups[0][0].start if self.page.groups else 0
            last = self.page.groups[-1][-1].start if self.page.groups else 0
            blocks = sum(len(group) for group in self.page.groups)
            between = bisect_right(ends, last) - bisect_right(ends, first)
            self._lines = ends if between >= max(blocks - 1, 1) else []
        return bisect_right(self._lines, start) + 1 if self._lines else number

    def stamp(self, record: Record, raw: str) -> None:
        """Give a record its time, which stands without zone."""
        raw = raw.strip()
        if not raw:
            return
        # below it may stand when an entry was changed
        lines = [line for line in raw.split("\n") if TIME.fullmatch(line.strip())]
        record.sent_raw = (lines[0].strip() if lines else raw)[:200]
        record.sent_at = self._moment(record.sent_raw)
        if record.sent_at is None:
            self.tally.add("bad_time")
        else:
            record.zone_assumed = True
            self.zoned += 1

    def _moment(self, raw: str) -> datetime | None:
        found = TIME.fullmatch(raw)
        month = MONTHS.get((found["month"] or found["month2"])[:3].lower()) if found else None
        if found is None or month is None:
            return None
        hour = int(found["hour"])
        if half := found["half"]:
            hour = hour % 12 + 12 * (half.lower() == "p")
        if self._zone is None:
            self._zone = ZoneInfo(self.zone)
        try:
            # of an hour that comes twice the first; one that is skipped is shifted forward
            return datetime(
                int(found["year"] or found["year2"]), month, int(found["day"] or found["day2"]),
                hour, int(found["minute"]), int(found["second"] or 0), tzinfo=self._zone,
            ).astimezone(UTC)  # fmt: skip
        except (ValueError, OverflowError):
            return None


def outside_records(context: Context, section: str) -> Iterator[Record]:
    """Yield text in no block: the title once, and what is not known.

    Menus and headings are furniture.
    """
    titled = False
    by_part = groupby(context.page.outside, lambda run: (run.part, run.role, run.link))
    for number, ((_, role, link), each) in enumerate(by_part):
        runs = list(each)
        text = "".join(run.text for run in runs)
        plain = text.strip()
        if not plain or role == "f" or (link and "://" not in link[:12]):
            continue
        if role == "t" and (titled or plain != context.page.title):
            continue
        kind = RecordKind.PARAMETER if role == "t" else RecordKind.GENERIC
        titled |= role == "t"
        first = runs[0]
        record = make_record(
            kind, text, section, f"outside#{number}", context.line(first.start, 1),
            context.place(first.start, runs[-1].end),
        )  # fmt: skip
        if kind is RecordKind.GENERIC and not list_people(record):
            context.tally.add("text_outside")
        yield record


def list_people(record: Record) -> bool:
    """Make a record of a line that lists the participants, if it is one."""
    text = record.text or ""
    found = PEOPLE.fullmatch(text)
    if found is None:
        return False
    record.kind = RecordKind.PARTICIPANT
    at = found.start(1)
    for part in AND.split(found[1]):
        start = text.index(part, at)
        at = start + len(part)
        if part.strip():
            record.stated.append(Stated(MentionKind.ALIAS, start, at, "dyi:participant"))
    return True


def of_role(block: Block, role: str) -> str:
    """Return a block's own text of one role."""
    return joined([run for run in block.runs if run.role == role]).strip()
