"""The pictures of a report, each with its words, its alternative text and the table beneath it.

A picture is an illustration, its table is the evidence (Rule 107 and Rule 1006: DOMAIN 4.5).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from pipeline.report import words
from pipeline.report.cells import cites, number, paragraph, said, worded
from pipeline.report.counts.figure_data import LANES, Pictured, end_of
from pipeline.report.document import (
    Block,
    Cell,
    Column,
    Evidence,
    Figure,
    Inline,
    Paragraph,
    Row,
    Table,
    Words,
)
from pipeline.report.drawing import charts
from pipeline.report.drawing.labels import shown
from pipeline.report.drawing.value_figures import ILLUSTRATION, Drawing, map_, money, network
from pipeline.report.rows import Bar
from pipeline.report.summary import Summary

NAMES = ("timeline", "themes", "hours", "contacts", "network", "map", "money", "coverage")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CONTACTS = 20
"""Bars of the picture of contacts."""

_OWN = "Each lane has a scale of its own: heights compare within a lane only. "
_NOTHING = "A stretch without a bar means that the return holds no such record, not that "
_SENT, _RECEIVED = "sent", "received"


def figures(s: Summary) -> dict[str, Figure]:
    """Draw every figure that has something to show, by the names in :data:`NAMES`."""
    return {
        block.figure_id: block
        for name in NAMES
        for block in figure_blocks(s, name)
        if isinstance(block, Figure)
    }


def figure_blocks(s: Summary, name: str) -> tuple[Block, ...]:
    """Return a figure as blocks of a section.

    Args:
        s: the numbers.
        name: one of :data:`NAMES`.

    Returns:
        The figure; where there is nothing to show a sentence that says so; where it cannot be
        drawn a sentence and the table.
    """
    made = _MAKERS[name](s, s.pictured) if s.pictured is not None else None
    if made is None or isinstance(made, Paragraph):
        return (made,) if made else ()
    try:
        svg = made.svg()
    except (ValueError, RuntimeError, ImportError, OSError, ArithmeticError):
        sentence = paragraph(f"The picture “{made.title}” could not be drawn.", style="note")
        return (sentence, made.data) if made.data else (sentence,)
    alt = f"{made.alt} Illustration; the evidence is in the table."
    return (Figure(f"figure-{name}", made.title, alt, svg, made.caption, made.data, made.explore),)


def _timeline(s: Summary, p: Pictured) -> Drawing | Paragraph:
    t = s.timeline
    if not t.bars:
        return paragraph("No record has a date.")
    labels = [
        f"{place} · {shown(lane.name or 'no name', 22)}" if lane.account_id else "all others"
        for place, lane in enumerate(p.lanes, start=1)
    ]
    rows = [
        _bar(s, at, count) | {"lane": label}
        for label, lane in zip(labels, p.lanes, strict=True)
        for at, count in enumerate(lane.counts)
    ]
    talk, other = sum(bar.talk for bar in t.bars), sum(bar.other for bar in t.bars)
    edges = f"{_start(s, t.bars[0])} to {_start(s, t.bars[-1])}"
    names: list[Inline] = []
    for place, lane in enumerate(p.lanes, start=1):
        if lane.account_id:
            name = Evidence(lane.name) if lane.name else Words("no name")
            names += [Words(f"Account {place}: "), name, Words(". ")]
    columns = [Column(f"{t.unit.capitalize()} from (UTC)", "time", 1.2),
               Column("Messages and the like", "number")]  # fmt: skip
    columns += [
        Column(f"Account {place}" if lane.account_id else "All others", "number")
        for place, lane in enumerate(p.lanes, start=1)
    ]
    table = Table(
        "timeline",
        (*columns, Column("Other records", "number"), Column("First record", "cites", 1.4)),
        tuple(
            Row((_moment(s, bar), number(bar.talk),
                 *(number(lane.counts[at]) for lane in p.lanes), number(bar.other),
                 cites([first] if first else [])), f"s-{t.unit}-{bar.start.isoformat()}")
            for at, (bar, first) in enumerate(zip(t.bars, p.firsts, strict=True))
        ),
        said("Messages and the like: messages, calls, shares and reactions. Repeats are left out."),
    )  # fmt: skip
    caption = [
        Words(f"{ILLUSTRATION}Messages, calls, shares and reactions by {t.unit} (UTC), by the "
              f"account that wrote them: the {min(LANES, len(names) // 3)} that wrote most, and "
              f"all others. {_OWN}{_NOTHING}nothing was sent. "),
        *names,
    ]  # fmt: skip
    if t.before or t.after:
        caption.append(Words(
            f"Not drawn: {words.count_of(t.before, 'record', 'records')} before and "
            f"{words.count_of(t.after, 'record', 'records')} after these dates. "))  # fmt: skip
    if t.undated:
        caption.append(Words(f"{words.count_of(t.undated, 'record', 'records')} without a date."))
    spec = charts.lanes(rows, labels, f"messages and the like by {t.unit}")
    return Drawing(
        f"Messages by {t.unit} and account",
        f"Bars by {t.unit} in {len(p.lanes)} lanes, {edges} (UTC): {talk:,} messages, calls, "
        f"shares and reactions, and {other:,} other records, which only the table shows.",
        lambda: charts.svg_of(spec, "timeline"), tuple(caption), table,
    )  # fmt: skip


def _themes(s: Summary, p: Pictured) -> Drawing | Paragraph:
    t = s.timeline
    if not t.bars or not p.themes:
        return paragraph("No dated record holds a mention to draw by theme.")
    names = [words.name_of(theme.kind) for theme in p.themes]
    rows = [
        _bar(s, at, count) | {"lane": name}
        for name, theme in zip(names, p.themes, strict=True)
        for at, count in enumerate(theme.counts)
    ]
    table = Table(
        "themes",
        (Column(f"{t.unit.capitalize()} from (UTC)", "time", 1.3),
         *(Column(name.capitalize(), "number") for name in names)),
        tuple(
            Row((_moment(s, bar), *(number(theme.counts[at]) for theme in p.themes)),
                f"th-{bar.start.isoformat()}")
            for at, bar in enumerate(t.bars)
        ),
        said("A theme is a kind of mention that was found in the text of a record. Records: all "
             "of the case. ", *_theme_totals(p)),
    )  # fmt: skip
    counts = "; ".join(f"{name} {theme.records:,}" for name, theme in zip(names, p.themes,
                                                                          strict=True))  # fmt: skip
    spec = charts.lanes(rows, names, f"records by {t.unit}")
    return Drawing(
        f"Themes by {t.unit}",
        f"Bars by {t.unit} in {len(names)} lanes. Records by theme: {counts}.",
        lambda: charts.svg_of(spec, "themes"),
        said(f"{ILLUSTRATION}Records by {t.unit} (UTC) and theme. A theme is a kind of mention "
             "that was found in the text of a record; one record may stand in several lanes. "
             f"{_OWN}{_NOTHING}a thing did not happen."),
        table,
    )  # fmt: skip


def _theme_totals(p: Pictured) -> list[str | Inline]:
    parts: list[str | Inline] = []
    for theme in p.themes:
        parts.append(f"{words.name_of(theme.kind).capitalize()}: {theme.records:,}, first at ")
        for item in theme.cited[:1]:
            parts += [item, ". "]
    return parts


def _hours(_: Summary, p: Pictured) -> Drawing | Paragraph:
    total = sum(map(sum, p.hours))
    if not total:
        return paragraph("No message has a time; there is no grid of hours.")
    rows = [
        {"day": DAYS[day], "hour": hour, "count": count}
        for day, counts in enumerate(p.hours)
        for hour, count in enumerate(counts)
    ]
    most, day, hour = max(
        (count, -day, -hour) for day, counts in enumerate(p.hours)
        for hour, count in enumerate(counts)
    )  # fmt: skip
    table = Table(
        "hours",
        (Column("Hour from"), *(Column(name, "number") for name in DAYS), Column("All", "number")),
        tuple(
            Row((Cell((Words(f"{hour:02d}:00", "whole"),), sort=hour),
                 *(number(p.hours[day][hour]) for day in range(7)),
                 number(sum(p.hours[day][hour] for day in range(7)))), f"h-{hour:02d}")
            for hour in range(24)
        ),
        said(f"Messages by weekday and hour, {p.zone}. Repeats are left out."),
    )  # fmt: skip
    spec = charts.hours(rows, DAYS, p.zone)
    return Drawing(
        "Messages by weekday and hour",
        f"A grid of seven weekdays and 24 hours, {p.zone}: {total:,} messages; most, {most:,}, on "
        f"{DAYS[-day]} from {-hour:02d}:00.",
        lambda: charts.svg_of(spec, "hours"),
        said(f"{ILLUSTRATION}Messages of all accounts by weekday and hour of the day in the zone "
             f"{p.zone}, daylight saving time included. The times are those the provider "
             "states; where the accounts were used is not known from them. Darker cells hold "
             "more."),
        table,
    )  # fmt: skip


def _contacts(s: Summary, _: Pictured) -> Drawing | Paragraph:
    found = s.contacts
    rows = [row for row in found.rows if row.messages][:CONTACTS] if found else []
    if not found or not rows:
        return paragraph("No account exchanged messages with another in a conversation of two.")
    labels = [f"{place} · {shown(row.name or row.number or 'no name', 26)}"
              for place, row in enumerate(rows, start=1)]  # fmt: skip
    data = [
        {"name": label, "part": part, "order": order, "count": count}
        for label, row in zip(labels, rows, strict=True)
        for order, (part, count) in enumerate(((_SENT, row.sent), (_RECEIVED, row.received)))
    ]
    sent, received = sum(row.sent for row in rows), sum(row.received for row in rows)
    spec = charts.stacked(data, labels, (_SENT, _RECEIVED), "messages")
    return Drawing(
        "Messages by account",
        f"Bars for {words.count_of(len(rows), 'account', 'accounts')} with most messages: "
        f"{words.count_of(sent, 'message', 'messages')} sent and {received:,} received; the first "
        f"bar has {rows[0].messages:,}.",
        lambda: charts.svg_of(spec, "contacts"),
        said("Illustration; the table of contacts is the evidence. Messages in conversations of "
             f"two accounts, for the {len(rows)} accounts with most of them. Sent: by the target "
             "account. Received: from the other account."),
    )  # fmt: skip


def _coverage(s: Summary, _: Pictured) -> Drawing | Paragraph:
    whole = sum(row.size_bytes for row in s.fates)
    if not whole:
        return paragraph("No page was read; there is no picture of coverage.")
    names = [words.name_of(row.fate).partition(" (")[0] for row in s.fates]
    rows = [
        {"name": name, "share": round(row.size_bytes / whole, 6),
         "label": words.share(row.size_bytes, whole)}
        for name, row in zip(names, s.fates, strict=True)
    ]  # fmt: skip
    table = Table(
        "coverage-shares",
        (Column("Bytes of pages", width=2.5), Column("Size", "number"), Column("Share", "number"),
         Column("Pages", "number")),
        tuple(
            Row((worded(words.name_of(row.fate)),
                 Cell((Words(words.size(row.size_bytes), "whole"),), sort=row.size_bytes),
                 Cell((Words(words.share(row.size_bytes, whole), "whole"),), sort=row.size_bytes),
                 number(row.pages)), f"fate-{row.fate}")
            for row in s.fates
        ),
        is_narrow=True,
    )  # fmt: skip
    shares = "; ".join(f"{row['name']} {row['label']}" for row in rows)
    spec = charts.coverage(rows, names)
    return Drawing(
        "What became of the bytes of the pages",
        f"Bars that sum to all bytes of pages: {shares}.",
        lambda: charts.svg_of(spec, "coverage"),
        said(f"{ILLUSTRATION}Every byte of every page that was read is counted once."),
        table,
    )  # fmt: skip


_MAKERS: dict[str, Callable[[Summary, Pictured], Drawing | Paragraph]] = {
    "timeline": _timeline, "themes": _themes, "hours": _hours, "contacts": _contacts,
    "network": network, "map": map_, "money": money, "coverage": _coverage,
}  # fmt: skip


def _bar(s: Summary, at: int, count: int) -> dict[str, object]:
    start = s.timeline.bars[at].start
    days = (end_of(s.timeline, at) - start).days
    end = start + timedelta(days=max(days * 0.85, 0.85))
    full = f"{start.isoformat()}T00:00:00Z"
    hours = 24 * (max(days, 1) * 0.85 - (end - start).days)
    return {"start": full, "end": f"{end.isoformat()}T{int(hours):02d}:00:00Z", "count": count}


def _start(s: Summary, bar: Bar) -> str:
    day = bar.start.isoformat()
    return {"year": day[:4], "month": day[:7]}.get(s.timeline.unit, day)


def _moment(s: Summary, bar: Bar) -> Cell:
    return Cell((Words(_start(s, bar), "whole"),), sort=bar.start.toordinal())
