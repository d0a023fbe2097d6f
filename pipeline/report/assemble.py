"""Which sections a report has, in which order, for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from pipeline.report import words
from pipeline.report.document import Block, Document, Section, numbered
from pipeline.report.sections import (
    adverts,
    annexes,
    attribution,
    chronology,
    communications,
    contrary,
    found,
    legal_annexes,
    limits,
    lodging,
    people,
    pictures,
    ranked,
    received,
    stated,
    statements,
    travel,
)
from pipeline.report.sections.front import TITLE, front
from pipeline.report.summary import Summary

Maker: TypeAlias = Callable[[Summary], Section]

INVESTIGATOR = frozenset({"investigator"})
COURT = frozenset({"prosecutor", "redacted"})
ALL = INVESTIGATOR | COURT


def _with(make: Maker, more: Callable[[Summary], tuple[Block, ...]]) -> Maker:
    """Return a section's maker with a picture after its own blocks."""

    def made(s: Summary) -> Section:
        section = make(s)
        return replace(section, blocks=(*section.blocks, *more(s)))

    return made


SECTIONS: tuple[tuple[Maker, frozenset[str]], ...] = (
    (legal_annexes.use, ALL),
    (found.watched, ALL),
    (_with(received.received, pictures.coverage), ALL),
    (received.scope, ALL),
    (received.not_read, ALL),
    (annexes.method, ALL),
    (ranked.ranked, INVESTIGATOR),
    (people.accounts, ALL),
    (attribution.attribution, ALL),
    (pictures.timeline, ALL),
    (communications.communications, ALL),
    (people.conversations, ALL),
    (found.leads, ALL),
    (found.aside, ALL),
    (found.names, ALL),
    (lodging.lodging, ALL),
    (_with(stated.places, pictures.places), ALL),
    (travel.travel, ALL),
    (_with(stated.money, pictures.money), ALL),
    (adverts.adverts, ALL),
    (statements.statements, ALL),
    (_with(stated.pairs, pictures.links), ALL),
    (contrary.contrary, ALL),
    (lodging.venues, ALL),
    (stated.quotes, ALL),
    (limits.limits, ALL),
    (chronology.chronology, ALL),
    (annexes.sources, ALL),
    (legal_annexes.parameters, ALL),
    (legal_annexes.calculation, ALL),
    (legal_annexes.exclusions, ALL),
    (legal_annexes.availability, COURT),
    (legal_annexes.certification, COURT),
    (legal_annexes.glossary, ALL),
    (annexes.audit, ALL),
    (annexes.redaction, frozenset({"redacted"})),
)
"""Makers of sections in the order of DOMAIN 4.2, and the profiles that have them."""


def assemble(s: Summary, matrix: Section | None = None) -> Document:
    """Return the summary report of a case.

    Args:
        s: the numbers.
        matrix: the section on facts that people entered, which stands before what is contrary.
    """
    sections: list[Section] = []
    for make, profiles in SECTIONS:
        if s.profile not in profiles or (make is found.watched and not s.watched):
            continue
        if make is contrary.contrary and matrix is not None:
            sections.append(matrix)
        sections.append(make(s))
    return numbered(
        Document(
            TITLE,
            front(s),
            tuple(sections),
            profile=s.profile,
            footer=words.footer(is_redacted=s.redaction is not None),
        )
    )
