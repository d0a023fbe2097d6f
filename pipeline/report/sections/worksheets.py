"""Worksheets: what to ask hotels to keep, activity by county, and one sheet for each contact."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo

from pipeline.report import words
from pipeline.report.cells import (
    CITES,
    DASH,
    cites,
    listed,
    number,
    paragraph,
    said,
    text,
    worded,
)
from pipeline.report.counts.localtime import local, zone_of
from pipeline.report.counts.worksheet_contacts import contacted
from pipeline.report.counts.worksheets import PropertyRow, properties
from pipeline.report.document import (
    Blank,
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Evidence,
    Inline,
    Paragraph,
    Row,
    Section,
    Table,
    Words,
    numbered,
)
from pipeline.report.sections.front import caution
from pipeline.report.sections.lodging import venue_blocks
from pipeline.report.sections.worksheets_contact import contact_sections
from pipeline.report.store import Store
from pipeline.report.summary import Summary

SPANS = 4
"""Stays of a property whose days are given; the others are counted."""

LINE = "_" * 12
"""A place to write in."""

ASK = (
    "The card filled in at check-in, with any copy of an ID or signature.",
    "The folio of the room: charges, how they were paid, and who paid.",
    "Bookings, changes and cancelled bookings, with the number, address or service that each "
    "came from.",
    "The log of key cards and locks.",
    "Video of entrances, desk, halls and parking: it is often kept for the shortest time of all.",
    "Vehicles and plates as entered at check-in or seen in parking.",
    "Logs of incidents, housekeeping notes, and who worked at the desk.",
)
"""What a property may hold (a list to choose from, not legal advice)."""


def contact_sheets(store: Store, s: Summary) -> dict[str, Document]:
    """Return a sheet for each account with most messages to or from the target, by file name.

    A sheet holds nothing of any conversation but those of this account and the target alone.

    Args:
        store: the tables.
        s: profile, legal process and zone; none of its numbers is used.

    Returns:
        Documents by name, ``contacts/C-01`` and on.

    Raises:
        IntegrityError: a table cannot be read.
    """
    found = contacted(store, s.zone)
    return {
        f"contacts/{row.number}": _document(
            s,
            f"Contact sheet {row.number}",
            (),
            contact_sections(row, s.zone, is_named=found.is_named),
        )
        for row in found.rows
    }


def hotel_sheet(store: Store, s: Summary) -> Document:
    """Return the worksheet of hotels and motels whose records and video are to be preserved.

    Args:
        store: the tables.
        s: the numbers; its stays are used.

    Raises:
        IntegrityError: a table cannot be read.
    """
    rows = properties(store, s.stays)
    first = (
        paragraph(
            "Hotels and motels named in records, the one named longest ago first: what is oldest "
            "is likely to be lost first. A property named in a record is not shown to have been "
            "used by anyone. Where no place is stated, several properties may bear the name."
        ),
        paragraph(
            "A letter asks for records to be kept; to obtain them legal process is needed. How "
            "long each property keeps what it has is not known: ask, and fill it in.",
            style="framed",
        ),
    )
    return _document(
        s,
        "Hotel preservation worksheet",
        first,
        (
            Section("properties", "What the records state", (_stated(rows, s.zone),)),
            Section("letters", "Letters", (_letters(rows),)),
            Section(
                "ask",
                "What to ask for",
                (Bullets(tuple(said(item) for item in ASK)), Blank("Filled in by"), Blank("Date")),
            ),
        ),
    )


def county_sheet(store: Store, s: Summary) -> Document:
    """Return activity by county on its own.

    Args:
        store: not asked; every worksheet is made of the same two.
        s: the numbers; its counties are used.
    """
    section = Section("venues", "Activity by county", venue_blocks(s, linked=False))
    return _document(s, "Activity by county", (), (section,))


def _document(
    s: Summary, title: str, first: Iterable[Block], sections: tuple[Section, ...]
) -> Document:
    front: list[Block] = [Paragraph((Evidence(s.process_line, None),), "framed")]
    if s.redaction:
        front.append(
            paragraph(
                f"Redacted; jurisdiction: {s.redaction.jurisdiction}. A person has to read this "
                "before it goes out.",
                style="framed",
            )
        )
    scope = (
        "A scope was given; records outside it were counted and not read. "
        if s.scoped
        else "No scope was given. "
    )
    front.append(
        paragraph(
            f"{scope}Drawn up by software from the tables of the case; no row has been reviewed. "
            "Times are UTC unless another zone is named."
        )
    )
    return numbered(
        Document(
            title,
            (*front, *first, *caution()),
            sections,
            profile=s.profile,
            has_contents=False,
            footer=words.footer(title),
        )
    )


def _stated(rows: tuple[PropertyRow, ...], zone: str) -> Table:
    return Table(
        "properties",
        (Column("No.", width=0.6), Column("Property as stated", width=1.7),
         Column("Place", width=1.6), Column(f"Days of the records ({zone})", "time", 1.5),
         Column("Rooms, words of the stay", width=1.2), Column("Names there", width=1.2),
         Column("Numbers, handles, plates there", width=1.5),
         Column("Records", "number"), CITES),
        tuple(_property(row, zone_of(zone)[0]) for row in rows),
        said(
            "Days are those on which records were written; a record may speak of another day. "
            "There: in the same records; numbers of listed services and what the trained model "
            "alone found are left out."
        ),
        empty="No hotel or motel was named.",
    )  # fmt: skip


def _letters(rows: tuple[PropertyRow, ...]) -> Table:
    return Table(
        "letters",
        (Column("No.", width=0.6), Column("Property as stated", width=1.7),
         Column("Telephone, contact", width=1.8), Column("Keeps video for", width=1.1),
         Column("Keeps records for", width=1.1), Column("Letter sent on", width=1.1),
         Column("By", width=1), Column("Answer", width=1.4)),
        tuple(
            Row((worded(row.number, "whole"), text(row.name), *[worded(LINE, "note")] * 6),
                f"f-{row.property_id}")
            for row in rows
        ),
        said("To be filled in by hand."),
        empty="No hotel or motel was named.",
    )  # fmt: skip


def _property(row: PropertyRow, zone: tzinfo) -> Row:
    parts: list[Inline] = []
    for first, last in row.spans[:SPANS]:
        parts += [Words(" · ")] if parts else []
        days = dict.fromkeys(_day(at, zone) for at in (first, last) if at is not None)
        parts.append(Words(" to ".join(days) or "not dated", "whole"))
    if len(row.spans) > SPANS:
        latest = "" if row.last is None else f", the last on {_day(row.last, zone)}"
        parts.append(Words(f" and {len(row.spans) - SPANS:,} more{latest}"))
    stay: list[Inline] = []
    for value in (*(f"room {room}" for room in row.rooms[:6]), *row.stated[:4]):
        stay += [Words(" · "), Evidence(value)] if stay else [Evidence(value)]
    more = max(len(row.rooms) - 6, 0) + max(len(row.stated) - 4, 0)
    stay += [Words(f" and {more:,} more")] if more else []
    place = row.resolved or next(iter(row.counties), None)
    return Row(
        (
            worded(row.number, "whole"), text(row.name, style="strong"),
            worded("not stated") if place is None else text(place),
            Cell(tuple(parts), sort=row.first.timestamp() if row.first else None),
            Cell(tuple(stay)) if stay else DASH, listed(row.names),
            listed((*map(words.phone, row.numbers), *row.others)), number(row.records),
            cites(row.cited),
        ),
        f"p-{row.property_id}",
    )  # fmt: skip


def _day(at: datetime, zone: tzinfo) -> str:
    return local(at, zone).date().isoformat()
