"""The words of the triage sheet: nine blocks, each of a few rows, so that it fits two pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from pipeline.report import words
from pipeline.report.cells import number, paragraph, said, worded
from pipeline.report.counts.figure_data import Stretch
from pipeline.report.counts.sheet_data import PLACE_DAYS, PlaceRow, SheetData
from pipeline.report.document import (
    Block,
    Bullets,
    Column,
    Facts,
    Inline,
    Inlines,
    Row,
    Section,
    Table,
    Words,
)
from pipeline.report.sections import sheet_rows as rows
from pipeline.report.sections.sheet_cells import (
    WHERE,
    at_first,
    cites,
    days,
    few,
    one,
    short,
    values,
)
from pipeline.report.sheet_caps import Caps
from pipeline.report.summary import Summary

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
QUARTERS = ((0, 6), (6, 12), (12, 18), (18, 24))


def safety(s: Summary, data: SheetData, caps: Caps) -> Section:
    """Return what may need to be acted on at once: phrases, ages, the places stated last."""
    found = data.safety
    table = Table(
        "sheet-safety",
        (Column("Written (UTC)", "time", 1.3), Column("Account named", width=1.4),
         Column("What the words speak of", width=2.2), Column("As written", width=2.6), WHERE),
        tuple(map(rows.statement, (*found.danger[: caps.danger], *found.ages[: caps.ages]))),
        said(f"Words of present danger: {found.danger_total:,}; ages under 18 as written: "
             f"{found.age_total:,}; the latest first. Each has harmless meanings too. An empty "
             "list does not mean that all is well."),
        empty="Words of present danger and ages under 18 were not found.",
    )  # fmt: skip
    places: list[Inline] = []
    for row in found.places[: caps.last_places]:
        places += [Words("; ")] if places else []
        places += [*(short(row.name) if row.name else said("unnamed")), Words(": "),
                   *short(row.written), Words(f", {words.stamp(row.sent)} UTC "),
                   row.cited]  # fmt: skip
    line = paragraph(
        Words("Places stated last: ", "strong"), *(places or [Words("not found")]), ".",
    )  # fmt: skip
    return Section("safety", "Safety first", (table, line))


def what(s: Summary, data: SheetData, caps: Caps) -> Section:
    """Return what the return is and covers, with the watch list."""
    process = dict(s.process)
    kinds = ", ".join(
        f"{words.name_of(row.kind)} {row.records:,}"
        for row in sorted(s.kinds, key=lambda row: (-row.records, row.kind))[:6]
    )
    services = sorted({row.service for row in s.files if row.service})
    sealed = "; ".join(
        f"{'NCMEC' if name == 'ncmec' else name} {count:,}" for name, count in s.sealed_by
    )
    out = sum(row.records for row in s.scope if row.scope.startswith("out_"))
    items: list[tuple[str, Inlines]] = [
        ("Provider, service", values([*_given(process, "Provider"), *services[:2]])),
        ("Account of the process", values(_given(process, "Account"))),
        ("Time asked for", values(_given(process, "Time asked for"))),
        ("Messages (UTC)", said(f"{words.day(s.first)} to {words.day(s.last)}")
         if s.first else said("no message has a date")),
        ("Served, return received", values(
            [*_given(process, "Served"), *_given(process, "Return received")])),
        ("Read", said(f"{words.count_of(s.pages, 'page', 'pages')}, "
                      f"{words.count_of(s.records, 'record', 'records')}")),
        ("Bytes not understood", said(words.percent(s.share_not_understood))),
        ("Sealed", said(f"{s.sealed:,}" + (f" ({sealed})" if sealed else ""))),
        ("Out of scope", said(f"{out:,}" if s.scoped else "no scope was given")),
        ("Zone of hours", said(_zone(s))),
    ]  # fmt: skip
    blocks: list[Block] = [Facts(tuple(items))]
    if kinds:
        blocks.append(paragraph("Records by kind, repeats apart: ", kinds, ".", style="note"))
    blocks += _watched(s, caps)
    return Section("what", "What this return is and covers", tuple(blocks))


def where(s: Summary, data: SheetData, caps: Caps) -> Section:
    """Return stays and places of the last days, counties, and dates that lie ahead."""
    recent = [
        row for row in s.stays
        if row.last is not None and data.since is not None and row.last >= data.since
    ]  # fmt: skip
    recent.sort(key=lambda row: (row.last is None, row.last, row.stay_id), reverse=True)
    stays = Table(
        "sheet-stays",
        (Column("Stay", width=0.6), Column("Property as stated", width=2.4),
         Column("Room", width=0.8), Column("Spoken of (UTC)", "time", 1.9),
         Column("County", width=1.3), WHERE),
        tuple(
            Row((worded(row.number), one(row.property or "no name stated"),
                 few(row.rooms or row.rooms_apart), days(row.first, row.last),
                 few(row.counties), cites(row.cited)), f"s-{row.stay_id}")
            for row in recent[:caps.stays]
        ),
        said(f"Stays spoken of in the last {PLACE_DAYS} days of the return ({len(recent):,}), the "
             "latest first. As stated: no one is thereby shown to have been there."),
        empty="Stays in that time were not found.",
    )  # fmt: skip
    counties: list[Inline] = []
    for row in s.counties[: caps.counties]:
        counties += [Words(", ")] if counties else []
        label = row.county if row.state is None else f"{row.county}, {row.state}"
        counties += [*short(label), Words(f" {row.records:,}")]
        counties += at_first(row.cited)
    lines = [
        said(f"Places named in the last {PLACE_DAYS} days, records: ",
             *_places(data.places[: caps.places]), "."),
        said("Counties of places named, all dates, records: ",
             *(counties or [Words("none was found")]), "."),
    ]  # fmt: skip
    dates = Table(
        "sheet-ahead",
        (Column("Date meant", "time", 1), Column("As written", width=1.4),
         Column("Written (UTC)", "time", 1.4), Column("Account named", width=1.4),
         Column("Beside it", width=1.8), Column("Where", "cites", 1.4)),
        tuple(rows.ahead(row) for row in s.upcoming[:caps.upcoming]),
        said(f"Dates that lay ahead when they were written ({len(s.upcoming):,}), those after the "
             f"last message first, then the latest. Worked out for {_zone(s)}."),
        empty="Dates ahead, beside travel, lodging or a place, were not found.",
    )  # fmt: skip
    return Section("where", "Where, and dates ahead", (stays, Bullets(tuple(lines)), dates))


def when(s: Summary, data: SheetData, caps: Caps) -> Section:
    """Return the hours, bursts and gaps of messages."""
    shown = s.pictured
    title = f"When (hours and days: {_zone(s)})"
    if shown is None or not any(map(sum, shown.hours)):
        return Section("when", title, (paragraph("A message with a time was not found."),))
    table = Table(
        "sheet-when",
        (Column("Messages", width=1.2), *(Column(day, "number", 0.8) for day in WEEKDAYS)),
        tuple(
            Row((worded(f"{first:02}:00–{last:02}:00"),
                 *(number(sum(hours[first:last])) for hours in shown.hours)), f"hours-{first}")
            for first, last in QUARTERS
        ),
        is_narrow=True,
    )  # fmt: skip
    peaks = sorted(
        ((count, day, hour) for day, hours in enumerate(shown.hours)
         for hour, count in enumerate(hours)),
        key=lambda item: (-item[0], item[1], item[2]),
    )  # fmt: skip
    peak = ", ".join(
        f"{WEEKDAYS[day]} {hour:02}:00 ({count:,})" for count, day, hour in peaks[:3] if count
    )
    lines = (
        said(f"Most messages in one hour of the week: {peak}."),
        said(f"Days with far more messages than others ({shown.burst_total:,}): ",
             *_stretches(shown.bursts[: caps.stretches]), "."),
        said(f"Gaps of a week or more without a message ({shown.gap_total:,}): ",
             *_stretches(shown.gaps[: caps.stretches]), "."),
    )  # fmt: skip
    return Section("when", title, (table, Bullets(lines)))


def money(s: Summary, data: SheetData, caps: Caps) -> Section:
    """Return amounts by direction and means, and who is said to pay for lodging."""
    table = Table(
        "sheet-money",
        (Column("Direction, as stated", width=1.5), Column("Means"), Column("Currency"),
         Column("Mentions", "number", 0.9), Column("Records", "number", 0.8),
         Column("Lowest to highest", "number", 1.4), WHERE),
        tuple(rows.means(row) for row in data.money[:caps.money]),
        said(f"{words.count_of(s.amount_count, 'mention of an amount', 'mentions of amounts')}. "
             "As stated, not proven, and not added up."),
        empty="Amounts were not found.",
    )  # fmt: skip
    booked = [row for row in s.stays if row.booked]
    pay: list[Inline] = []
    for row in booked[: caps.lodging]:
        pay += [Words("; ")] if pay else []
        phrase, author, record = row.booked[0]
        pay += [Words(f"{row.number} “"), *short(phrase, quoted_from=record),
                Words("” by account named "),
                *(short(author) if author else said("–")),
                *at_first(row.cited)]  # fmt: skip
    line = paragraph(
        f"Who is said to book or pay for lodging ({words.count_of(len(booked), 'stay', 'stays')}): "
        if booked else "Who books or pays for lodging: ",
        *(pay or [Words("not found")]), ".", style="note",
    )  # fmt: skip
    return Section("money", "Money as stated", (table, line))


def leads(s: Summary, data: SheetData, caps: Caps) -> Section:
    """Return the first leads with their reasons."""
    table = Table(
        "sheet-leads",
        (Column("Identifier", width=1.7), Column("Why", width=3.6),
         Column("Contrary", width=1.1), Column("Ask", width=1.5), WHERE),
        tuple(rows.lead(row) for row in s.ranked[:caps.leads]),
        said("Identifiers, not people, in the order of counts that add up; listed services are "
             "left out. The process each needs is for the prosecutor to choose."),
        empty="Identifiers that may be followed up were not found.",
    )  # fmt: skip
    return Section("sheet-leads", "Leads, ranked and explained", (table,))


def perishing(s: Summary, data: SheetData, caps: Caps) -> Section:
    """Return evidence that may soon be gone, the oldest first."""
    table = Table(
        "sheet-perishing",
        (Column("Kept by", width=1.2), Column("Name as stated", width=2),
         Column("Place as stated", width=1.8), Column("Named (UTC)", "time", 1.9),
         Column("Records", "number", 0.8), WHERE),
        tuple(rows.perishing(row) for row in s.perishable[:caps.perishing]),
        said(f"Those whose video or logs may be kept for a short time only "
             f"({len(s.perishable):,}), the oldest first. How long each keeps them is not known "
             "here; a name is no proof of use. Ask for preservation first, then send process."),
        empty="Lodging, shops, rides or prepaid cards that may hold such evidence were not found.",
    )  # fmt: skip
    return Section("perishing", "Evidence that may soon be gone", (table,))


def coverage(s: Summary, data: SheetData, caps: Caps) -> Section:
    """Return what was not read, and how far the sheet goes."""
    whole = max(s.pages - data.pages_with_gaps, 0)
    read = (
        f"{whole:,} of {words.count_of(s.pages, 'page was', 'pages were')} understood in full; "
        f"{words.percent(s.share_not_understood)} of the bytes were not understood. Files not "
        f"read: {s.unread_files:,}. Records without a time or account to decide the scope by: "
        f"{data.undetermined:,}. Issues of material not read: {data.errors:,}. The report lists "
        "them all."
    )
    attention = [said(Words("Attention. ", "strong"), *short(line, 160)) for line in s.drifted[:1]]
    if len(s.drifted) > 1:
        attention.append(said(f"{len(s.drifted) - 1:,} more files look changed in layout."))
    caution = (
        "Drawn up by software; no row was checked by a person, and how often it was right on this "
        "return is unknown. It lists what records state, not what took place. An account is not a "
        "person, and an account may be shared. Amounts and places are as stated. Words may have "
        "harmless meanings. “…” ends a value that was cut here. “Not found” does not mean "
        "that it is not there. Open the citation before you rely on a row: "
    )
    return Section(
        "coverage", "What was not read, and how far this goes",
        (
            Bullets((*attention, said(read))),
            paragraph(caution, Words('triage show CASE "CITATION"', "code"), ".", style="caution"),
        ),
    )  # fmt: skip


def _watched(s: Summary, caps: Caps) -> Iterable[Block]:
    if not s.watched:
        yield paragraph("Watch list: none was given.", style="note")
        return
    hits = [row for row in s.watched if row.is_found]
    parts: list[Inline] = []
    for row in hits[: caps.watched]:
        parts += [Words("; ")] if parts else []
        parts += rows.hit(row)
    if len(hits) > caps.watched:
        parts.append(Words(f"; and {len(hits) - caps.watched:,} more"))
    yield paragraph(
        Words("Watch list: ", "strong"),
        f"{len(hits):,} of {words.count_of(len(s.watched), 'entry', 'entries')} found",
        *((Words(": "), *parts) if parts else ()), ".",
    )  # fmt: skip


def _places(found: tuple[PlaceRow, ...]) -> Inlines:
    parts: list[Inline] = []
    for row in found:
        label = row.place if row.state in (None, row.place) else f"{row.place}, {row.state}"
        parts += [Words("; ")] if parts else []
        parts += [*short(label), Words(f" {row.records:,} (to {words.day(row.last)})")]
        parts += at_first(row.cited)
    return tuple(parts) or said("none was found")


def _stretches(found: tuple[Stretch, ...]) -> Inlines:
    parts: list[Inline] = []
    for row in found:
        parts += [Words("; ")] if parts else []
        days = row.first.isoformat()
        if row.last != row.first:
            days += f" to {row.last.isoformat()}, {(row.last - row.first + timedelta(1)).days} days"
        parts.append(Words(f"{days} ({row.messages:,})" if row.messages else days))
        parts += at_first(row.cited)
    return tuple(parts) or said("none was found")


def _zone(s: Summary) -> str:
    return s.pictured.zone if s.pictured else s.zone


def _given(process: dict[str, str], label: str) -> list[str]:
    return [process[label]] if process.get(label) else []
