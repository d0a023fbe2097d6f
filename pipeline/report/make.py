"""Documents of a case: which there are, from which tables, in which formats, in which files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeAlias

from pipeline import legal
from pipeline.audit import head_line
from pipeline.case import Case, write_private
from pipeline.collecting import uncollected
from pipeline.derive.ledger import Ledger
from pipeline.errors import IntegrityError
from pipeline.report import versions
from pipeline.report.asked import FULL, Asked
from pipeline.report.assemble import assemble
from pipeline.report.document import Document
from pipeline.report.entries import Entries, entries
from pipeline.report.formats.explorer import Explorer, explorer
from pipeline.report.output import placed
from pipeline.report.sections import worksheets
from pipeline.report.sections.changes import versioned
from pipeline.report.sheet import sheet
from pipeline.report.store import Store, open_store
from pipeline.report.summarise import summarise
from pipeline.report.summary import Summary

Finish: TypeAlias = Callable[[Summary], Summary]
Say: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Built:
    """A document, and what goes with it."""

    document: Document
    explorer: Explorer | None = None
    """Beside a page."""
    snapshot: bytes | None = None
    """A file by which a later version can say what has changed."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What documents are made from."""

    case: Case
    tables: Path
    """Staged, published or redacted."""
    ledger: Ledger
    """Counts of the run."""
    notes: Mapping[str, Any] = field(default_factory=dict)
    """Of the manifest: options, what was given, what the tables were made with."""
    finish: Finish = lambda s: s
    """Makes the last changes to what is said."""
    say: Say | None = None
    """Redacts a text; None = documents in full."""


Builder: TypeAlias = Callable[[Store, Summary], dict[str, Document]]

BUILDERS: dict[str, Builder] = {
    "sheet": lambda store, s: {"sheet": sheet(store, s)},
    "contacts": worksheets.contact_sheets,
    "hotels": lambda store, s: {"hotels": worksheets.hotel_sheet(store, s)},
    "counties": lambda store, s: {"counties": worksheets.county_sheet(store, s)},
}
"""What makes the documents of a part beside the report, by the names of their files."""


def build(ground: Ground, spill: Path, asked: Asked) -> dict[str, Built]:
    """Build documents.

    Args:
        ground: case and tables.
        spill: a folder that may be written, should memory not suffice; it is taken away.
        asked: parts, profile, and what people entered.

    Raises:
        ConfigError: what people entered cannot be read.
        IntegrityError: a table cannot be read.
    """
    try:
        given = entries(ground, asked, spill)
        with open_store(ground.tables, spill) as store, uncollected():
            summary = _summary(ground, store, asked)
            made: dict[str, Built] = {}
            if "report" in asked.parts:
                made["report"] = _report(
                    ground, store, summary, given, has_page="html" in asked.formats
                )
            for part in asked.parts:
                if part in BUILDERS:
                    documents = BUILDERS[part](store, summary)
                    made |= {name: Built(given.numbered(_kept(ground, store, document), store))
                             for name, document in documents.items()}  # fmt: skip
            return made
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def _summary(ground: Ground, store: Store, asked: Asked) -> Summary:
    document = ground.case.document().unwrap()
    process = tuple((legal.FIELDS[name], text) for name, text in legal.stated(document).items())
    return ground.finish(
        replace(
            summarise(store, ground.ledger, process=process),
            audit_head=head_line(ground.case),
            untouched=tuple(ground.ledger.untouched.items()),
            process_line=legal.first_line(document),
            profile=asked.profile,
            options=_listed(ground.notes.get("options", {})),
            given=_listed(ground.notes.get("given", {})),
            made_with=_listed(ground.notes.get("made_with", {})),
        )
    )


def _report(ground: Ground, store: Store, s: Summary, given: Entries, *, has_page: bool) -> Built:
    document = _kept(ground, store, assemble(s, given.matrix(store)))
    making = versions.made_by(ground.case, ground.tables, s)
    older = given.older
    beside: AbstractContextManager[None] = nullcontext()
    if ground.say is not None:
        from pipeline.redact.own_words import snapshot_withheld, without_own_words

        older = None if older is None else snapshot_withheld(older, store)
        beside = without_own_words(store)
    document, snapshot = versioned(document, making, older)
    with beside:
        opened = explorer(store, document) if has_page else None
    return Built(given.numbered(document, store), opened, versions.written(snapshot))


def _kept(ground: Ground, store: Store, document: Document) -> Document:
    """Return a document as drawn up; a redacted one without protected persons' own words."""
    if ground.say is None:
        return document
    from pipeline.redact.own_words import withheld

    return withheld(document, store)


def write_reports(
    case: Case, staged: Path, ledger: Ledger, notes: Mapping[str, Any] | None = None
) -> list[Path]:
    """Write the page of the report, and the triage sheet as page and for print, as a run does.

    Args:
        case: the case, for its legal process.
        staged: folder that holds ``tables``; the files go into ``reports`` beside it.
        ledger: the counts of the run.
        notes: what the manifest will say of options, lists and versions.

    Raises:
        IntegrityError: a table cannot be read.
    """
    folder = staged / "reports"
    ground = Ground(case, staged / "tables", ledger, notes or {})
    built = build(ground, staged / ".report.spill", Asked())
    made = list(files(built, Asked(), folder))
    return [*made, *files({"sheet": built["sheet"]}, Asked(formats=("pdf",)), folder)]


def reports_of(case: Case, asked: Asked, folder: Path) -> list[Path]:
    """Write documents of a published case in full.

    Args:
        case: an open case.
        asked: what to make.
        folder: where the files go.

    Raises:
        ConfigError: what people entered cannot be read.
        IntegrityError: the manifest or a table cannot be read.
    """
    ground = Ground(case, case.path / "tables", ledger_of(case), notes_of(case))
    built = build(ground, spill_of(case, folder), asked)
    return placed(folder, lambda beside: list(files(built, asked, beside)))


def files(built: dict[str, Built], asked: Asked, folder: Path) -> Iterator[Path]:
    """Write documents into a folder, private to its owner; yield the files."""
    suffix = "" if asked.profile == FULL else f"-{asked.profile}"
    for name, item in built.items():
        stem = folder / f"{name}{suffix}"
        stem.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # paper first: what sets it wants memory, and should not stand beside a page already made
        for form in sorted(asked.formats, key=lambda form: form != "pdf"):
            path = stem.with_name(f"{stem.name}.{form}")
            write_private(path, written(item, form))
            yield path
        if item.snapshot is not None:
            path = stem.with_name(f"{stem.name}.json")
            write_private(path, item.snapshot)
            yield path


def ledger_of(case: Case) -> Ledger:
    """Return the counts of the run that made a published case.

    Raises:
        IntegrityError: the manifest cannot be read.
    """
    manifest = case.manifest()
    kept, options = manifest.get("ledger"), manifest.get("options")
    if not isinstance(kept, dict):
        raise _damaged(case)
    blank = Ledger()
    zone = options.get("timezone") if isinstance(options, dict) else None
    known = {**({"zone": zone} if zone else {}), **kept}
    # an older version noted less, a newer one notes more
    known = {item.name: known[item.name] for item in fields(Ledger) if item.name in known}
    if any(not isinstance(value, type(getattr(blank, name))) for name, value in known.items()):
        raise _damaged(case)
    return Ledger(**known)


def notes_of(case: Case) -> dict[str, Any]:
    """Return what the manifest says of options, lists and versions.

    Raises:
        IntegrityError: the manifest cannot be read.
    """
    manifest = case.manifest()
    notes = {name: manifest.get(name, {}) for name in ("options", "given", "made_with")}
    if not all(isinstance(held, dict) for held in notes.values()):
        raise _damaged(case)
    return notes


def _damaged(case: Case) -> IntegrityError:
    return IntegrityError(f"{case.root}: manifest.json is damaged; run `triage run` again")


def spill_of(case: Case, folder: Path) -> Path:
    """Return a folder for what does not fit into memory.

    Of an encrypted case nothing but what was asked for reaches a disk.
    """
    return (folder if case.home is None else case.path) / ".report.spill"


def written(built: Built, form: str) -> bytes:
    """Return a document in a format."""
    if form == "pdf":
        from pipeline.report.formats.pdf import pdf

        return pdf(built.document)
    if form == "docx":
        from pipeline.report.formats.word import word

        return word(built.document)
    from pipeline.report.formats.web import page

    return page(built.document, built.explorer)


def _listed(found: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return names and values as text; what stands within another is named after it."""
    rows: list[tuple[str, str]] = []
    for name, value in sorted(found.items()):
        if isinstance(value, Mapping):
            rows += [(f"{name}.{inner}", text) for inner, text in _listed(value)]
        else:
            rows.append((name, str(value)))
    return tuple(rows)
