"""What an export says of itself."""

from __future__ import annotations

from pipeline import __version__
from pipeline.redact.profiles import JURISDICTIONS
from pipeline.redact.tables import Redaction

HEAD = """\
EXPORT OF TABLES ({profile})
For: {to}
Run: {run_id}    Tool: warrant-triage {version}

The tables of a case as files: {formats}. What each column means is said in the tool's table
dictionary (docs/tables.md), and in the metadata of the Parquet files. Times are UTC. Pictures,
films and sound are never exported. manifest.json has the SHA-256 of every file.

What the tables say was read out of a provider's records by software. Nothing in them is an opinion
on anybody, and no row is proof of who wrote it.
"""

CSV = """
CSV: UTF-8, comma. Lists and attributes are JSON in their cell. A cell whose text begins with = + -
@, a tab or a line end has an apostrophe (') put before it, so that no spreadsheet takes it for a
formula; the apostrophe is not part of the text.
"""

REDACTED = """
REDACTED, jurisdiction: {jurisdiction}
{persons}
Designators (PP-1, PP-2, ...) stand for protected persons. They were given at random, once, and are
the same in all redacted outputs of the case. Texts were changed before they were written;
start, end and segments count in the texts as they are here. Byte ranges of changed records, and
all watch-list marks, are left out. Ids are this export's own: open a citation in the case instead.
Social-security and taxpayer numbers, birth dates, account numbers and postal addresses were taken
out by the rules of the jurisdiction where their form or the words around them show them.
Names of minors who are not on the list cannot be known and were not taken out; neither were
nicknames, misspellings and indirect hints. A person has to read it before it goes out.

What was replaced (in records, accounts, attachments and sources):
{log}
"""


def readme(
    profile: str, to: str, run_id: str, formats: list[str], rows: dict[str, int],
    redaction: Redaction | None,
) -> str:  # fmt: skip
    """Return the text of README.txt."""
    text = HEAD.format(
        profile=profile, to=to, run_id=run_id, version=__version__, formats=", ".join(formats)
    )
    if "csv" in formats:
        text += CSV
    if redaction is not None:
        text += REDACTED.format(
            jurisdiction=JURISDICTIONS[redaction.jurisdiction],
            persons=persons(redaction),
            log="\n".join(f"  {name}, {kind}: {n:,}" for name, kind, n in log(redaction)) or "  -",
        )
    listed = "\n".join(f"  {name}: {count:,}" for name, count in rows.items())
    return f"{text}\nRows:\n{listed}\n"


def persons(redaction: Redaction) -> str:
    """Say of how many persons the list is, or that there is none."""
    if not redaction.has_list:
        return "NO LIST OF PROTECTED PERSONS WAS GIVEN: names and numbers are as they are."
    more = redaction.accounts
    also = f", and {more:,} accounts that show their names or numbers" if more else ""
    return f"The list of protected persons names {redaction.persons:,}{also}."


def log(redaction: Redaction) -> list[tuple[str, str, int]]:
    """Return what was replaced: designator or rule, kind, how often; never a value."""
    counts = redaction.counts
    rows = [
        (name, kind, n)
        for (name, kind), n in sorted(
            counts.designators.items(),
            key=lambda item: (len(item[0][0]), item[0]),
        )
    ]
    return [*rows, *(("rule", kind, n) for kind, n in sorted(counts.rules.items()))]
