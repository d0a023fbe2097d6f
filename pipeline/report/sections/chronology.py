"""The annex with the full chronology."""

from __future__ import annotations

from datetime import datetime, tzinfo

from pipeline.report import words
from pipeline.report.cells import cites, paragraph, text, time
from pipeline.report.counts.chronology import Chronology, Told
from pipeline.report.counts.localtime import local, zone_of
from pipeline.report.document import (
    Block,
    Cell,
    Column,
    Evidence,
    Inline,
    Row,
    Section,
    Table,
    Words,
)
from pipeline.report.summary import Summary


def chronology(s: Summary) -> Section:
    """Return the annex: dated records with a number, amount, place, stay, journey or age."""
    title = "Chronology"
    found = s.chronology
    if found is None or not found.rows:
        empty = paragraph("No dated record holds a number, handle, amount, stay, journey, place or "
                          "age.")  # fmt: skip
        return Section("chronology", title, (empty,), is_annex=True)
    first = paragraph(
        "Dated records that hold a telephone number, handle, amount, stay, journey, place or age, "
        "in order of time. Only the words of these mentions are printed, not the record. Mentions "
        "are as written, and none says that anybody was anywhere. Numbers of listed services and "
        "finds of the trained model alone are left out, and so are records without a time."
    )
    zone, name = zone_of(s.zone)
    table = Table(
        "chronology",
        (Column("When (UTC)", "time", 1.2), Column("Local time", width=1.2),
         Column("Account as named", width=1.5), Column("Holds", width=1.5),
         Column("As written", width=3), Column("Where", "cites", 1.3)),
        tuple(_row(row, zone) for row in found.rows),
        (Words(f"Local time: {name}."),),
    )  # fmt: skip
    blocks: list[Block] = [first, *_left_out(found), table]
    return Section("chronology", title, tuple(blocks), is_annex=True)


def clock(moment: datetime, zone: tzinfo) -> str:
    """Return a time in a zone, with the zone's letters."""
    return local(moment, zone).strftime("%Y-%m-%d %H:%M %Z")


def _left_out(found: Chronology) -> list[Block]:
    if found.total <= len(found.rows):
        return [paragraph(f"All {found.total:,} such records are shown.", style="note")]
    kinds = "; ".join(
        f"{words.count_of(count, 'record', 'records')} with {number}"
        for number, count in found.by_kinds
    )
    return [
        paragraph(
            f"{len(found.rows):,} of {found.total:,} such records are shown: those with most kinds "
            f"of mention, then with most mentions, then the earliest. By number of kinds: {kinds}. "
            "The whole is in the tables ", Words("mentions", "code"), " and ",
            Words("records", "code"), ".", style="note",
        )
    ]  # fmt: skip


def _row(row: Told, zone: tzinfo) -> Row:
    author = text(row.author)
    written: list[Inline] = []
    for kind, surface in row.spans:
        item = Evidence(surface, None, "mark", kind)
        written += [Words(" · "), item] if written else [item]
    if row.more:
        written.append(Words(f" and {row.more:,} more"))
    return Row(
        (
            time(row.sent), Cell((Words(clock(row.sent, zone), "whole"),), sort=""),
            Cell(author.parts, author.sort, row.account_id),
            Cell((Words(", ".join(words.name_of(kind) for kind in row.kinds)),)),
            Cell(tuple(written)), cites([row.cited]),
        ),
        f"r-{row.record_id}",
    )  # fmt: skip
