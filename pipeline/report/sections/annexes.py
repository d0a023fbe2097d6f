"""How it was counted, the sources, the audit chain, and what was taken out."""

from __future__ import annotations

from pipeline import __version__
from pipeline.report import words
from pipeline.report.cells import named, number, paragraph, said, text, worded
from pipeline.report.document import (
    Block,
    Cell,
    Column,
    Inline,
    Row,
    Section,
    Table,
    Words,
)
from pipeline.report.summary import Summary


def method(s: Summary) -> Section:
    """Return the section on how numbers came about, and which extractor found what."""
    more = (
        () if s.redaction
        else (Words("triage show", "code"), " with the small code beside a value lists more.")
    )  # fmt: skip
    first = paragraph(
        "Numbers come from the tables of the case. A record that repeats another is counted once; "
        "a record out of scope and a sealed one not at all. A mention is a span of a record's text "
        "that a rule or the model took for something, or a value the provider states in a field of "
        "its own. Mentions with the same value are one row; nothing is joined on likeness. Each "
        "row cites up to three records, the earliest first. ",
        *more,
    )
    names = (
        (paragraph(
            f"{words.count_of(s.named_only, 'message gives its', 'messages give their')} author by "
            "a display name alone, without a number or address. No account is made of a name, so "
            f"{'it counts' if s.named_only == 1 else 'they count'} in no column and no table of "
            "accounts; conversations are counted in full."
        ),)
        if s.named_only else ()
    )  # fmt: skip
    table = Table(
        "extractors",
        (Column("Extractor", width=1.4), Column("Version", "number"), Column("Kind", width=1.6),
         Column("Basis", width=1.6), Column("By"), Column("Mentions", "number")),
        tuple(
            Row((worded(row.extractor), number(row.version), named(row.kind), named(row.basis),
                 worded(_by(row.basis, is_model=row.by_model)), number(row.mentions)),
                f"x-{row.extractor}-{row.version}-{row.kind}-{row.basis}-{int(row.by_model)}")
            for row in s.extractors
        ),
        said("Who found what, in records that repeat no other."),
    )  # fmt: skip
    full = "" if s.redaction else " (in full)"
    last = paragraph(
        f"Made by version {__version__} of the tool; profile: {s.profile}{full}.", style="note"
    )
    return Section("method", "How it was counted", (first, *names, table, last))


def sources(s: Summary) -> Section:
    """Return the annex that leads from a citation to a file and its hash."""
    first = paragraph(
        "A citation names the source by its label, then page and line as printed in it. ",
        Words('triage show CASE "FB-1 p. 1,204 l. 17"', "code"),
        " shows the record that stands there with the text around it, and the bytes of the source "
        "after checking them against the hash below. Pages count from 1. Of a PDF the sheet is "
        "named where its number is not the page's, and lines are those of the sheet; of a table "
        "rows count, of a Word document paragraphs, of a file without pages lines. (OCR) says that "
        "the text was recognised in a picture of a page and has to be compared with it.",
    )
    table = Table(
        "sources",
        (Column("Label"), Column("File", width=2), Column("Archive", width=2),
         Column("Bytes", "number"), Column("Read by", width=1.2),
         Column("SHA-256 of the file, and of the archive", width=4)),
        tuple(
            Row((text(row.label), text(row.path, None), text(row.container, None),
                 number(row.size_bytes),
                 worded(f"{row.reader} {row.reader_version}" if row.reader else "hashed only"),
                 _hashes(row.sha256, row.container_sha256)), f"source-{row.source_id}")
            for row in s.files
        ),
    )  # fmt: skip
    last = paragraph(
        "Pictures, films and sound are not listed here; the table ", Words("sources", "code"),
        " holds every file with its hash.", style="note",
    )  # fmt: skip
    return Section(
        "sources", "Sources and how to open a citation", (first, table, last), is_annex=True
    )


def audit(s: Summary) -> Section:
    """Return the annex on the audit chain."""
    kept = (
        "What was done to the case is kept in a chain of entries, each with the hash of the one "
        "before."
    )
    if s.audit_head:
        block = paragraph(
            f"{kept} As it stood before this report was published, it ended with entry and hash ",
            Words(s.audit_head, "hash"), ". Keep this number: ",
            Words(f"triage verify CASE --anchor {s.audit_head}", "code"),
            " finds whether any entry up to it was changed, or whether entries were cut off since.",
        )  # fmt: skip
    else:
        block = paragraph(
            f"{kept} Before this report was published it held none; its publication is the first. "
            "A report made again (", Words("triage report CASE", "code"),
            ") prints the number by which ", Words("triage verify CASE --anchor", "code"),
            " finds whether entries were cut off.",
        )  # fmt: skip
    return Section("audit", "The audit chain", (block,), is_annex=True)


def redaction(s: Summary) -> Section:
    """Return the annex on what was taken out: counts, never a value."""
    r = s.redaction
    assert r is not None
    taken = ""
    if r.accounts:
        shows = "account that shows" if r.accounts == 1 else "accounts that show"
        taken = (
            f"{r.accounts:,} {shows} a protected person's name or number "
            f"{'was' if r.accounts == 1 else 'were'} taken for theirs. "
        )
    blocks: list[Block] = [
        paragraph(
            "Texts were changed before this document was drawn up; nothing lies under it. "
            f"Designators were given at random, once. {taken}Identifiers of protected persons are "
            "no leads and stand in no list of leads. Numbers of hotlines, advocates and counsel "
            "are not printed. Codes beside values are this document's own: to open a place in the "
            "case, use its citation."
        ),
        paragraph(
            "By rule, social-security and taxpayer numbers, birth dates, account numbers and "
            "postal addresses were taken out where their form or the words around them show them. "
            "Names of minors who are not on the list cannot be known and were not taken out; "
            "neither were nicknames, misspellings and indirect hints."
        ),
    ]
    rows = [
        *(Row((worded(name), worded(kind), number(count)), f"taken-{name}-{kind}")
          for name, kind, count in r.designators),
        *(Row((worded("rule"), worded(kind), number(count)), f"taken-rule-{kind}")
          for kind, count in r.rules),
    ]  # fmt: skip
    blocks.append(
        Table(
            "redaction",
            (Column("By"), Column("Kind", width=2), Column("Times", "number")),
            tuple(rows),
            said("How often something was replaced, in records, accounts, attachments and "
                 "sources."),
            is_narrow=True,
            empty="Nothing was replaced.",
        )
    )  # fmt: skip
    return Section("redaction", "What was taken out", tuple(blocks), is_annex=True)


def _by(basis: str, *, is_model: bool) -> str:
    if is_model:
        return "model only"
    return "provider" if basis == "stated" else "rule"


def _hashes(sha256: str, container: str | None) -> Cell:
    parts: list[Inline] = [Words(sha256, "hash")]
    if container:
        parts += [Words(" "), Words(container, "hash")]
    return Cell(tuple(parts))
