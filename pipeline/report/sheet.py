"""The triage sheet: two pages for the first hour, from the same numbers as the report."""

from __future__ import annotations

from pipeline.report import words
from pipeline.report.cells import paragraph
from pipeline.report.counts.sheet_data import SheetData, gather
from pipeline.report.document import Block, Document, Paragraph, Words, numbered
from pipeline.report.sections import sheet as blocks
from pipeline.report.sections import sheet_who
from pipeline.report.sections.sheet_cells import short
from pipeline.report.sheet_caps import LEVELS, LINES, Caps, lines
from pipeline.report.store import Store
from pipeline.report.summary import Summary

TITLE = "Triage sheet"
SCOPE_LINES = 2
LINE = 140
"""Signs of the first line, and of a line of the scope."""

BLOCKS = (
    blocks.safety, blocks.what, sheet_who.who, blocks.where, blocks.when, blocks.money,
    blocks.leads, blocks.perishing, blocks.coverage,
)  # fmt: skip
"""In the order of DOMAIN 4.1."""


def sheet(store: Store, s: Summary) -> Document:
    """Return the triage sheet of a case.

    Args:
        store: the tables that the summary was counted from.
        s: the summary.

    Raises:
        IntegrityError: a table cannot be read.
    """
    return drawn(s, gather(store))


def drawn(s: Summary, data: SheetData) -> Document:
    """Return the triage sheet from its numbers, with as many rows as two pages hold."""
    made = _drawn(s, data, LEVELS[0])
    for caps in LEVELS[1:]:
        if lines(made) <= LINES:
            break
        made = _drawn(s, data, caps)
    return made


def _drawn(s: Summary, data: SheetData, caps: Caps) -> Document:
    return numbered(
        Document(
            TITLE,
            _front(s),
            tuple(make(s, data, caps) for make in BLOCKS),
            profile=s.profile,
            has_contents=False,
            footer=words.footer(is_redacted=s.redaction is not None),
            is_compact=True,
        )
    )


def _front(s: Summary) -> tuple[Block, ...]:
    made: list[Block] = [Paragraph(short(s.process_line, LINE), "framed")]
    if s.redaction:
        made.append(
            paragraph(
                f"Redacted; jurisdiction: {s.redaction.jurisdiction}. Read this through before it "
                "goes out.", style="note",
            )
        )  # fmt: skip
    if not s.scoped:
        made.append(
            paragraph(
                "No scope was given, so nothing was set aside by date, account or category.",
                style="note",
            )
        )
    else:
        lines = [short(line, LINE) for line in s.scope_lines[:SCOPE_LINES]]
        joined = [item for line in lines for item in (Words("; "), *line)][1:]
        more = len(s.scope_lines) - len(lines)
        rest = f"; and {more:,} more" if more > 0 else ""
        made.append(paragraph("A scope was given: ", *joined, f"{rest}.", style="note"))
    return tuple(made)
