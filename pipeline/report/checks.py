"""Cells of a report opened at their citations: what stands in the source, and is it what is said.

Every citation is opened as ``triage show`` opens it: the source is read again, its hash compared,
and the bytes of the record taken out of it. A cell is right if those bytes hold what it says.
"""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.case import Case
from pipeline.errors import ConfigError
from pipeline.report import words
from pipeline.report.document import SHOWN, Cell, Document, Evidence, Words, tables
from pipeline.report.recount import Facts
from pipeline.report.rows import Cited
from pipeline.search.show import ShowResult, show
from pipeline.search.views import MentionView

ROW_KINDS = {"a-": "account", "e-": "entity", "l-": "link", "m-": "mention", "r-": "record",
              "t-": "conversation"}  # fmt: skip
"""What a row stands for, by the start of its id."""

COMPARED = 4_000
"""Code points of a text that are looked for in its source; more of a source is not shown."""

_TAG = re.compile(r"<[^>]*>")
_PAGE_BAR = re.compile(r'<div id="page_\d+" class="pageBreak">[^<]*</div>')
"""What a provider's page prints between the lines of a text that runs over two pages."""
_FIELDS = re.compile(r"\n|(?<=\d),(?=-?\d+\.)")
"""What joins fields to one text: line feeds, and the comma of coordinates."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?")
_SENT = ("When (UTC)", "Local time", "Account as named")
_JOINTS = re.compile(r"[,;] ")
_COUNTED = re.compile(r" \(([\d,]+)\)")


@dataclass(frozen=True, slots=True)
class CitedCell:
    """A cell in a row that cites records."""

    table_id: str
    row_id: str
    head: str
    """Heading of its column."""
    kind: str
    """Kind of its column."""
    is_first: bool
    cell: Cell
    cited: tuple[Cited, ...]
    """Citations of its row."""
    is_whole: bool = True
    """Whether its row cites every record it was drawn from, as far as it says how many."""

    @property
    def evidence(self) -> tuple[str, ...]:
        """What it says in the words of records, as far as it is shown."""
        return tuple(part.cut()[0] for part in self.cell.parts if isinstance(part, Evidence))

    @property
    def text(self) -> str:
        """What it says in words of the report."""
        return "".join(part.text for part in self.cell.parts if isinstance(part, Words))


def cited_cells(document: Document) -> list[CitedCell]:
    """Return the cells of all rows that cite records, in order; empty ones left out."""
    found = []
    for _, table in tables(document):
        for row in table.rows:
            cited = tuple(
                part for cell in row.cells for part in cell.parts if isinstance(part, Cited)
            )
            if not cited:
                continue
            counts = [
                cell.sort
                for cell, column in zip(row.cells, table.columns, strict=True)
                if column.label == "Records" and isinstance(cell.sort, int)
            ]
            found += [
                CitedCell(
                    table.table_id, row.row_id or "", column.label, column.kind, not place, cell,
                    tuple(dict.fromkeys(cited)), max(counts, default=0) <= len(set(cited)),
                )
                for place, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True))
            ]  # fmt: skip
    return found


@dataclass(slots=True, eq=False)
class Opened:
    """A case whose citations are opened, each once."""

    case: Case
    _shown: dict[str, ShowResult] = field(default_factory=dict)
    _facts: Facts | None = None

    def at(self, key: str) -> ShowResult:
        """Open a citation or an id.

        Raises:
            ConfigError: it stands for nothing in the case.
        """
        if key not in self._shown:
            self._shown[key] = show(self.case.path, key, context=0)
        return self._shown[key]

    def record(self, cited: Cited) -> ShowResult:
        """Open the record that a citation means, by the citation.

        Raises:
            ConfigError: another record stands there.
        """
        result = self.at(cited.text)
        assert result.record is not None
        if result.record.record_id == cited.record_id:
            return result
        if cited.record_id in result.also:  # several records on one line
            return self.at(cited.record_id)
        raise ConfigError(f"{cited.text} opens {result.record.record_id}, not {cited.record_id}")

    @property
    def facts(self) -> Facts:
        """What is asked of the tables beside the records."""
        if self._facts is None:
            self._facts = Facts(self.case)
        return self._facts


def checkable(cells: list[CitedCell], opened: Opened) -> list[CitedCell]:
    """Return the cells that a source or a count can contradict.

    Left out are dashes and words of ours about a row that no rule here knows.
    """
    return [cell for cell in cells if _rule(cell, opened) is not None]


def sample(cells: list[CitedCell], size: int, seed: int) -> list[CitedCell]:
    """Draw cells at random, each as likely as the others; the same for the same seed."""
    return random.Random(seed).sample(cells, min(size, len(cells)))


def wrong(cells: list[CitedCell], opened: Opened) -> Iterator[tuple[CitedCell, str]]:
    """Open cells at their citations; yield those that are not right, and what is wrong."""
    for cell in cells:
        rule = _rule(cell, opened)
        try:
            found = [_held(opened.record(cited)) for cited in cell.cited]
            reason = next(filter(None, found), None) or (rule(cell, opened) if rule else None)
        except ConfigError as error:
            reason = str(error)
        if reason:
            yield cell, reason


def source_text(result: ShowResult) -> str:
    """Return the words that the bytes of a source hold, without markup and blanks."""
    data = result.source.data if result.source is not None else None
    text = (data or b"").decode("utf-8", "replace")
    return _squeezed(html.unescape(_TAG.sub("", _PAGE_BAR.sub("", text))))


_Rule = Callable[[CitedCell, Opened], "str | None"]


def _rule(cell: CitedCell, opened: Opened) -> _Rule | None:
    """Return how a cell is checked; None = it cannot be."""
    kind = ROW_KINDS.get(cell.row_id[:2])
    if cell.text.strip() in ("–", "not stated") and not cell.evidence:
        return None
    if any(isinstance(part, Cited) for part in cell.cell.parts):
        return _cites
    if (cell.row_id, cell.head) in opened.facts.counts and cell.kind == "number":
        return _count
    if kind == "mention":
        return _of_mention
    if kind == "record" and cell.head in _SENT:
        return _of_record
    if cell.kind == "time" and kind is not None:
        return _first_day
    if kind == "entity" and cell.head.startswith("Accounts that wrote"):
        return _writers
    if kind == "entity" and cell.evidence and (cell.is_first or cell.head == "As written"):
        return _of_entity
    # what comes from a record that is not among the first three cannot be told from what does not
    known = cell.is_whole or kind in ("account", "conversation", "link")
    return _witnessed if cell.evidence and known else None


def _held(result: ShowResult) -> str | None:
    """Tell what is wrong with a record that was opened: bytes, text or spans."""
    record, source = result.record, result.source
    if record is None or source is None or source.check != "verified":
        return f"{result.asked}: the source is not as it was"
    held = source_text(result)
    if not _stands(record.text or "", held):
        return f"{record.citation}: the source does not hold the record's text"
    for mention in result.mentions:
        if record.text is not None and mention.basis == "found":
            if record.text[mention.start : mention.end] != mention.surface:
                return f"{mention.mention_id}: the span is not the mention"
        elif not _stands(mention.surface, held):
            return f"{mention.mention_id}: the source does not hold the mention"
    return None


def _stands(text: str, held: str) -> bool:
    """Tell whether a source holds a text, field by field, in order."""
    at = 0
    for part in _FIELDS.split(text[:COMPARED]):
        sought = _squeezed(part)
        at = held.find(sought, at)
        if at < 0:
            return False
        at += len(sought)
    return True


def _cites(cell: CitedCell, opened: Opened) -> str | None:
    kind, key = ROW_KINDS.get(cell.row_id[:2]), cell.row_id[2:]
    for cited in cell.cited:
        result = opened.record(cited)
        record = result.record
        assert record is not None
        if record.source_label != cited.source_label:
            return f"{cited.text} is in {record.source_label}"
        entities = {mention.entity_id for mention in result.mentions} | {record.author_account_id}
        right = {
            "entity": key in entities,
            "link": opened.facts.sides.get(key, frozenset()) <= entities,
            "mention": key in {mention.mention_id for mention in result.mentions},
            "account": key in entities or (record.thread_id, key) in opened.facts.talked,
            "record": key == record.record_id,
            "conversation": key == record.thread_id,
        }  # fmt: skip
        if kind is not None and not right[kind]:
            return f"{cited.text} does not show the {kind}"
    return None


def _count(cell: CitedCell, opened: Opened) -> str | None:
    counted = opened.facts.counts[cell.row_id, cell.head]
    said = next((part.text for part in cell.cell.parts if isinstance(part, Words)), "")
    if said == "–" and counted is None:
        return None
    return None if said == words.number(counted) else f"says {said}, counted {counted}"


def _first_day(cell: CitedCell, opened: Opened) -> str | None:
    """The first day is that of the first record cited: they are cited in the order of time."""
    said = _DAY.findall(cell.text)
    sent = [opened.record(cited).record for cited in cell.cited]
    days = sorted(record.sent_at[:10] for record in sent if record and record.sent_at)
    if not said:
        return "no day is said, but there is one" if days else None
    return None if days and said[0] == days[0] else f"says {said}, cited are {days}"


def _sent(result: ShowResult, opened: Opened) -> dict[str, str | None]:
    """Return when a record was sent and by whom, by heading."""
    record = result.record
    assert record is not None
    utc = record.sent_at and record.sent_at[:19].replace("T", " ")
    local = utc and datetime.fromisoformat(f"{utc}+00:00").astimezone(ZoneInfo(opened.facts.zone))
    return {
        "When (UTC)": utc, "Sent (UTC)": utc,
        "Local time": f"{local:%Y-%m-%d %H:%M %Z}" if local else None,
        "Author as named": record.author_name, "Account as named": record.author_name,
    }  # fmt: skip


def _of_record(cell: CitedCell, opened: Opened) -> str | None:
    right = _sent(opened.at(cell.row_id[2:]), opened)[cell.head]
    said = "".join(cell.evidence) or cell.text
    return None if said == right else f"says {said!r}, the record has {right!r}"


def _of_mention(cell: CitedCell, opened: Opened) -> str | None:
    """What a row of one mention says, against the mention as it is shown."""
    key = cell.row_id[2:]
    result = opened.at(key)
    record, mention = result.record, result.mention
    if record is None or mention is None:
        return f"{key} is no mention"
    low, high, *named = opened.facts.money.get(key, (None,) * 7)
    expected: dict[str, Any] = {
        **_sent(result, opened),
        "As written": mention.surface,
        "Amount": words.amount(low, high),
        "Other side as written": named[4],
        "Currency": named[0] or "not stated",
    } | {
        head: words.name_of(code)
        for head, code in zip(("Direction", "Purpose", "Means"), named[1:4], strict=True)
    }
    if cell.head not in expected:
        return _witnessed(cell, opened) if cell.evidence else None
    said = cell.evidence[0] if cell.evidence else cell.text
    right = expected[cell.head]
    if said != (right if right is None else str(right)[:SHOWN]):
        return f"says {said!r}, shown is {right!r}"
    if cell.head == "As written" and _squeezed(said) not in source_text(result):
        return f"{said!r} is not in the source"
    return None


def _of_entity(cell: CitedCell, opened: Opened) -> str | None:
    """The value, and spellings of it: each is that of a mention that stands in the source."""
    key = cell.row_id[2:]
    kind, value, label = opened.facts.entities[key]
    own: list[MentionView] = [
        mention
        for cited in cell.cited
        for mention in opened.record(cited).mentions
        if mention.entity_id == key
    ]
    if cell.is_first:
        shown = {value, label, words.phone(value), key, *opened.facts.watch.get(key, ())}
        if any(said not in {text[:SHOWN] for text in shown} for said in cell.evidence):
            return f"says {cell.evidence}, the entity is {kind} {value!r}"
        if any(mention.value not in (value, None) and not mention.group_id for mention in own):
            return f"mentions cited have other values than {value!r}"
        return None
    for said in cell.evidence:
        if any(mention.surface[:SHOWN] == said for mention in own):
            continue
        # a spelling of a record that is not among the first three: opened by its mention
        other = opened.facts.spelled(key, said)
        if other is None:
            return f"{said!r} is written nowhere"
        if reason := _held(opened.at(other)):
            return reason
    return None


def _writers(cell: CitedCell, opened: Opened) -> str | None:
    counts = [int(text.replace(",", "")) for text in _COUNTED.findall(cell.text)]
    wrote = opened.facts.wrote.get(cell.row_id[2:], set())
    if len(counts) != len(cell.evidence):
        return "some account has no count"
    for pair in zip(cell.evidence, counts, strict=True):
        if pair not in wrote:
            return f"no account named {pair[0]!r} wrote {pair[1]} records with it"
    return None


def _witnessed(cell: CitedCell, opened: Opened) -> str | None:
    """Everything in it stands in a record cited: its source, its names, or values found there."""
    held: list[str] = []
    for cited in cell.cited:
        result = opened.record(cited)
        record = result.record
        assert record is not None
        account = opened.facts.accounts.get(record.author_account_id or "", ())
        held += [source_text(result), _squeezed(record.text or ""), record.thread_id or ""]
        held += [_squeezed(text) for text in (record.thread_name, record.author_name) if text]
        held += [_squeezed(text) for text in account]
        held += [_squeezed(f"{label}: {value}") for label, value in record.attributes]
        for mention in result.mentions:
            _, value, label = opened.facts.entities.get(mention.entity_id or "", ("", "", ""))
            given = (mention.value or "", value, label, words.phone(value), mention.entity_id or "")
            held += [_squeezed(text) for text in (*given, *opened.facts.detail(mention.mention_id))]
    held += [_squeezed(name) for name in opened.facts.ends.get(cell.row_id[2:], ())]
    if ROW_KINDS.get(cell.row_id[:2]) == "conversation":
        held += [_squeezed(name) for name in opened.facts.authors.get(cell.row_id[2:], ())]
    for said in cell.evidence:
        # a value may be put together: city, county, state; or fields of the provider
        whole = any(_squeezed(said) in text for text in held)
        if not whole and not set(map(_squeezed, _JOINTS.split(said))) <= set(held):
            return f"{said!r} is in no record cited"
    return None


def _squeezed(text: str) -> str:
    """Return a text without blanks: a source may break its lines elsewhere."""
    return "".join(text.split())
