"""A corroboration matrix without what identifies protected persons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from pipeline.corroborate.matrix import Answer, Finding, Matrix, Side
from pipeline.report.rows import Cited
from pipeline.report.store import Store


def redacted_matrix(matrix: Matrix, store: Store, say: Callable[[str], str]) -> Matrix:
    """Return a matrix as a redacted report may hold it.

    What people entered is redacted; the words of records and the names of their authors are left
    out, since a name that a cut goes through is not known as one; records have the ids that they
    have in the redacted tables. A record that is not found there is counted and not cited.

    Args:
        matrix: as it was searched in full.
        store: the redacted tables.
        say: redacts a text.
    """
    sides = [side for item in matrix.findings for side in _sides(item)]
    places = sorted({answer.ordinal for side in sides for answer in side.shown})
    known: dict[tuple[str, int], Cited] = {}
    if places:
        rows = store.rows(
            "SELECT citation, ordinal, source_label, record_id FROM records "
            f"WHERE ordinal IN ({', '.join(map(str, places))}) ORDER BY ALL"
        )
        known = {
            (citation, ordinal): Cited(citation, label, record)
            for citation, ordinal, label, record in rows
        }

    def side(found: Side) -> Side:
        shown = [one for one in found.shown if (one.cited.text, one.ordinal) in known]
        return replace(found, shown=tuple(_cited(known, one) for one in shown))

    findings = tuple(
        replace(
            item, fact=_said(item.fact, say),
            searched=tuple(
                replace(one, query=_said(one.query, say)) for one in item.searched
            ),
            supports=side(item.supports), conflicts=side(item.conflicts), others=side(item.others),
        )
        for item in matrix.findings
    )  # fmt: skip
    return replace(matrix, findings=findings, is_redacted=True)


def _sides(item: Finding) -> tuple[Side, ...]:
    return item.supports, item.conflicts, item.others


def _cited(known: dict[tuple[str, int], Cited], answer: Answer) -> Answer:
    cited = known[answer.cited.text, answer.ordinal]
    return replace(answer, cited=cited, author=None, before="", hit="", after="")


def _said(value: Any, say: Callable[[str], str]) -> Any:
    """Redact every text of a dataclass, and of those in it."""
    changed: dict[str, Any] = {}
    for item in fields(value):
        held = getattr(value, item.name)
        if isinstance(held, str) and item.name not in ("side", "column"):
            changed[item.name] = say(held)
        elif isinstance(held, tuple):
            changed[item.name] = tuple(_said(one, say) for one in held)
    return replace(value, **changed)
