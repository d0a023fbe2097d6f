"""Known limitations, and how often the parts were right where it could be measured."""

from __future__ import annotations

from pipeline.report.cells import DASH, named, paragraph, said, worded
from pipeline.report.document import Block, Cell, Column, Heading, Row, Section, Table, Words
from pipeline.report.registers import Limitation, Measured, accuracy, limitations
from pipeline.report.summary import Summary


def limits(s: Summary) -> Section:
    """Return the section on known limitations and error rates; the same for every case."""
    known = accuracy()
    blocks: list[Block] = [
        paragraph(
            Words("How often the software was right on this return is not known. ", "strong"),
            "No row has been checked by a person. The figures below come from other text. They say "
            "how the parts behave, and do not carry over to people who write in another way.",
            style="caution",
        ),
        Heading("What was measured"),
        paragraph(f"{known.how} F1 joins the two. The command was ", Words(known.command, "code"),
                  "."),
        _table("accuracy-invented", [row for row in known.measured if not row.public],
               "Invented chat, made for the purpose with two word lists. The rules were written "
               "with the errors on both lists in view, so both flatter."),
        _unseen(),
        _table("accuracy-public", [row for row in known.measured if row.public],
               "Sets that others published. Most are not chat, and some label things in another "
               "way. A dash: the set does not allow it to be measured."),
        paragraph(
            "On 11,586 lines of technical chat, which the set does not label, the software found 1 "
            "telephone number, 3 amounts, 42 places and 476 names, many of them names. Recall of "
            "names differs by group of names, from .77 to 1.00 in the model card; so names make no "
            "leads. Dates, ages, terms, travel and stays were not measured on public sets.",
            style="note",
        ),
        Heading("Known limitations"),
        paragraph("The register has been kept since version ", limitations()[0].since,
                  ". An entry is struck out only when it no longer holds, and no number is given "
                  "twice."),
        Table(
            "limitations",
            (Column("No.", width=0.6), Column("What", width=3), Column("Effect", width=2.4),
             Column("What helps", width=2.6), Column("Since", width=0.7)),
            tuple(_limit(row) for row in limitations()),
        ),
    ]  # fmt: skip
    return Section("limits", "Known limitations and error rates", tuple(blocks))


def _table(table_id: str, rows: list[Measured], caption: str) -> Table:
    return Table(
        table_id,
        (Column("Set", width=3), Column("Kind", width=1.4), Column("Precision", "number"),
         Column("Recall", "number"), Column("F1", "number")),
        tuple(
            Row((worded(row.set), named(row.kind), _share(row.precision), _share(row.recall),
                 _share(row.f1)), f"{table_id}-{number}")
            for number, row in enumerate(rows, 1)
        ),
        said(caption),
        is_narrow=True,
    )  # fmt: skip


def _unseen() -> Table:
    return Table(
        "accuracy-unseen",
        (Column("Set", width=3), Column("Kind", width=1.4), Column("F1", "number")),
        tuple(
            Row((worded(name), named(kind), _share(f1, 2)), f"accuracy-unseen-{number}")
            for number, (name, kind, f1) in enumerate(accuracy().unseen, 1)
        ),
        said("The same kinds on invented text that nobody had looked at while the rules were "
             "written. Expect this level on new text, and less for ordinary words used as names "
             "and for bare amounts."),
        is_narrow=True,
    )  # fmt: skip


def _limit(row: Limitation) -> Row:
    return Row(
        (worded(row.id), worded(row.what), worded(row.effect), worded(row.mitigation),
         worded(row.since)),
        f"limit-{row.id}",
    )  # fmt: skip


def _share(value: float | None, digits: int = 3) -> Cell:
    if value is None:
        return DASH
    return Cell((Words(f"{value:.{digits}f}", "whole"),), sort=value)
