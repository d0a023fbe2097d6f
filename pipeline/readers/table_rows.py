"""What tables of every format share: their header, their rows as records, their times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from pipeline.readers.base import Segment

TITLE_ROWS = 13
"""Rows among which a header is looked for: title blocks of twelve are known (FORMATS 1.3)."""
LINE_END = re.compile(r"\r\n|\r|\n")
_LABEL_LENGTH = 80
_NUMBER_SIGNS = frozenset(("#", "№", "Nº", "%", "$"))
_WORDS = re.compile(r"[A-Za-z][a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+")
_LETTER = re.compile(r"[^\W\d_]")
_VALUE = re.compile(
    r"""
      [^\s@]+@[^\s@]+\.[^\s@]+                # an address
    | \S*://\S+
    | [^A-Za-z]*\d[^A-Za-z]*                  # numbers, money, telephone numbers
    | .*\d{4}-\d\d-\d\d.*                     # dates and times
    | .*\b\d{1,2}[:/.]\d\d\b.*
    | .*\d{5,}.*
    """,
    re.VERBOSE | re.DOTALL,
)
"""What stands in cells, not in labels."""

_ISO = re.compile(
    r"\s*(\d{4})[-/](\d\d)[-/](\d\d)[T ]+(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*"
    r"(Z|UTC|GMT|[+-]\d\d:?\d\d)?\s*"
)
"""Year first; what stands day or month first is not interpreted, since no row says which."""
_UNIX = re.compile(
    r"\s*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) "
    r"(UTC|GMT) (\d{4})\s*"
)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

_TIME_WORDS = frozenset(
    "date time timestamp datetime dt tm sent received created posted when fecha hora"
    .split()
)  # fmt: skip
_NOT_ROW_TIME = frozenset(
    "birth birthday birthdate dob zone timezone updated modified edited end ended expires expiry"
    " expiration due duration elapsed number count id by to from amount nacimiento"
    .split()
)  # fmt: skip
_COMMON = _TIME_WORDS | frozenset(
    "account action address alias amount body brand card city code country currency description"
    " direction duration email from id identifier message name note number phone service state"
    " status text title to type user username value zip"
    .split()
)  # fmt: skip
"""Words of which the header of a further table has one."""
_COMMON = _TIME_WORDS | frozenset(
    "account action address alias amount body brand card city code country currency description"
    " direction duration email from id identifier message name note number phone service state"
    " status text title to type user username value zip"
    .split()
)  # fmt: skip
"""Words of which the header of a further table has one."""
_DAY, _CLOCK = frozenset(("date", "fecha")), frozenset(("time", "hora"))
_RANKS = (frozenset(("sent",)), _DAY, _CLOCK)
_UTC = frozenset(("utc", "gmt", "zulu"))


@dataclass(frozen=True, slots=True)
class Columns:
    """What the header says of each column."""

    labels: tuple[str, ...] = ()
    sent: tuple[int, ...] = ()
    """The column that plainly is the row's time, or those of its date and its time."""
    zone: int | None = None
    """The column that names the zone of that time."""
    is_utc: bool = False
    """Whether the header says that the time is UTC."""


def find_header(rows: Sequence[Sequence[str]], columns: int) -> int | None:
    """Find the header among the first rows of a table.

    It is the first row that fills half of the columns or more, and it must look like labels; if
    it does not, the table has none, and what stands before is a title block.

    Args:
        rows: the first rows.
        columns: width of the table.
    """
    least = max(2, (columns + 1) // 2)
    for at, row in enumerate(rows):
        filled = [cell for cell in row if cell and not cell.isspace()]
        if len(filled) < least:
            continue
        if looks_like_labels(filled):
            return at
        if len(row) == columns:
            return None
    return None


def looks_like_labels(cells: Sequence[str]) -> bool:
    """Tell whether cells, none of them empty, may be the labels of columns."""
    return (
        all(
            len(cell) <= _LABEL_LENGTH
            and (_LETTER.search(cell) or cell in _NUMBER_SIGNS)
            and not _VALUE.fullmatch(cell)
            for cell in cells
        )
        # labels tell columns apart; rows of a column twice (yes, yes) do not
        and len({cell.strip().casefold() for cell in cells}) * 4 >= len(cells) * 3
    )


class TableState:
    """The table that the rows being read belong to; several may stand below each other."""

    def __init__(self, labels: Sequence[str], width: int, *, is_grid: bool = False) -> None:
        """Begin below a header.

        Args:
            labels: the header's cells; empty: the table has none.
            width: cells of a row.
            is_grid: whether every row has as many cells, filled up with empty ones (worksheets).
        """
        self.labels = tuple(labels)
        self.width = width
        self.columns = columns_of(labels)
        self.ragged = 0
        """Rows so far that are wider or narrower than the table."""
        self._is_grid = is_grid
        self._after_gap = False

    def place(self, cells: Sequence[str]) -> str | None:
        """Say what the next row is, and note what it changes.

        A row of labels after a blank row, or after one of a single cell, begins another table.

        Returns:
            ``row``, ``header`` or ``title``; None for a row without text.
        """
        filled = [cell for cell in cells if cell and not cell.isspace()]
        if not filled:
            self._after_gap = True
            return None
        if tuple(cells) == self.labels:
            self._after_gap = False
            return "header"
        if self._after_gap and self._is_header(cells, filled):
            self.labels, self.columns = tuple(cells), columns_of(cells)
            self.width = len(cells)
            self._after_gap = False
            return "header"
        self._after_gap = len(filled) == 1
        if len(cells) == self.width:
            return "row"
        if len(cells) == 1:
            return "title"
        self.ragged += 1
        return "row"

    def _is_header(self, cells: Sequence[str], filled: Sequence[str]) -> bool:
        span = len(without_tail(cells)) if self._is_grid else len(cells)
        if len(filled) < 2 or len(filled) * 2 < span or not looks_like_labels(filled):
            return False
        if self.labels and len(cells) != len(self.labels):
            return True
        # rows of names look like labels, too: one as wide as the table must hold a usual word
        return any(word.casefold() in _COMMON for cell in filled for word in _WORDS.findall(cell))


def without_tail(cells: Sequence[str]) -> Sequence[str]:
    """Return the cells without the empty ones at the end."""
    return cells[: max((at + 1 for at, cell in enumerate(cells) if cell), default=0)]


def line_segments(text: str, line: int) -> list[Segment]:
    """Return the source map of a cell's or row's text over several lines; empty for one line."""
    starts = [match.end() for match in LINE_END.finditer(text)]
    if not starts:
        return []
    return [
        (start, None, line + at)
        for at, start in enumerate([0, *starts])
        if start < len(text) or not at
    ]


def columns_of(labels: Sequence[str]) -> Columns:
    """Say what a header tells of its columns; an empty one tells nothing."""
    words = [{word.casefold() for word in _WORDS.findall(label)} for label in labels]
    ranked = sorted(
        (rank, at) for at, said in enumerate(words) if (rank := _time_rank(said)) is not None
    )
    sent = tuple(at for _, at in ranked[:1])
    if sent and words[sent[0]] & _DAY and not words[sent[0]] & _CLOCK:
        what = words[sent[0]] - _DAY - _UTC
        clocks = (
            at for _, at in ranked if words[at] & _CLOCK and words[at] - _CLOCK - _UTC == what
        )
        sent += tuple(clocks)[:1]
    zone = next(
        (
            at
            for at, said in enumerate(words)
            if "timezone" in said or {"time", "zone"} <= said or said == {"zone"}
        ),
        None,
    )
    is_utc = any(words[at] & _UTC for at in sent)
    return Columns(tuple(label.strip() for label in labels), sent, zone, is_utc)


def _time_rank(said: set[str]) -> int | None:
    """Rank how plainly words name the time of a row; None: not at all."""
    if not said & _TIME_WORDS or said & _NOT_ROW_TIME:
        return None
    if said & {"timestamp", "datetime"} or (said & _DAY and said & _CLOCK) or {"dt", "tm"} <= said:
        return 0
    return next((rank for rank, some in enumerate(_RANKS, 1) if said & some), len(_RANKS) + 1)


def attributes_of(cells: Sequence[str], columns: Columns) -> list[tuple[str, str]]:
    """Return label and cell of every cell that holds something."""
    labels = columns.labels
    known = len(labels)
    return [
        ((labels[at] if at < known else "") or f"column {at + 1}", cell)
        for at, cell in enumerate(cells)
        if cell
    ]


def sent_of(cells: Sequence[str], columns: Columns) -> tuple[datetime | None, str | None]:
    """Return the time of a row, if it says in which zone it stands, and its text."""
    if not columns.sent or columns.sent[0] >= len(cells):
        return None, None
    parts = [cells[at].strip() for at in columns.sent if at < len(cells)]
    raw = " ".join(part for part in parts if part)
    if not raw:
        return None, None
    stated = columns.is_utc
    if columns.zone is not None and columns.zone < len(cells):
        stated = stated or cells[columns.zone].strip().casefold() in _UTC | {"z"}
    return read_time(raw, is_utc=stated), raw


def read_time(text: str, *, is_utc: bool) -> datetime | None:
    """Read a time that is written year first, or as Unix tools write it, and states its zone.

    Args:
        text: the time.
        is_utc: whether something beside it says that it is UTC.
    """
    try:
        if match := _ISO.fullmatch(text):
            year, month, day, hour, minute = (int(part) for part in match.groups()[:5])
            second = int(match[6] or 0)
            micro = int((match[7] or "").ljust(6, "0")[:6])
            zone = _zone(match[8], is_utc=is_utc)
            if zone is None:
                return None
            local = datetime(year, month, day, hour, minute, second, micro, tzinfo=zone)
            return local.astimezone(UTC)
        if (match := _UNIX.fullmatch(text)) and match[1] in _MONTHS:
            month, day = _MONTHS.index(match[1]) + 1, int(match[2])
            clock = (int(match[3]), int(match[4]), int(match[5]))
            return datetime(int(match[7]), month, day, *clock, tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return None


def _zone(name: str | None, *, is_utc: bool) -> timezone | None:
    if name is None:
        return UTC if is_utc else None
    if name[0] not in "+-":
        return UTC
    minutes = int(name[1:3]) * 60 + int(name[-2:])
    return timezone(timedelta(minutes=-minutes if name[0] == "-" else minutes))
