"""How to use the report, and the annexes for counsel: originals, parameters, exclusions, drafts."""

from __future__ import annotations

from pipeline import __version__
from pipeline.report import words
from pipeline.report.cells import number, paragraph, said, text, worded
from pipeline.report.document import (
    Blank,
    Block,
    Bullets,
    Column,
    Evidence,
    Heading,
    Link,
    PageBreak,
    Row,
    Section,
    Table,
    Words,
)
from pipeline.report.registers import calculations, terms
from pipeline.report.summary import Summary

SEALED = {
    "counsel": "sealed: a listed counsel takes part",
    "advocates": "sealed: a listed advocate takes part",
    "ncmec": "sealed: reports to the National Center for Missing and Exploited Children",
    "single": "sealed: a single record written to or by someone listed",
}
OPTIONS = {
    "region": "Country of numbers written without one",
    "timezone": "Time zone of relative dates and of hours",
    "use_model": "Whether the names model was used",
    "other_model": "Whether it was another model than the shipped one",
    "limits.member_bytes": "Bytes of one file of an archive at most",
    "limits.members": "Files of an archive at most",
    "limits.ratio": "Times a file of an archive may unfold",
    "limits.total_bytes": "Bytes of all files of an archive at most",
}
GIVEN = {
    "scope": "Scope of the legal process", "watch": "Watch list", "counsel": "List of counsel",
    "advocates": "List of advocates", "protected": "List of protected persons",
}  # fmt: skip


def use(s: Summary) -> Section:
    """Return the page on how to use the report and what it is not."""
    blocks: tuple[Block, ...] = (
        Bullets((
            said("Start with what was received (", Link("received"), "), the scope (",
                 Link("scope"), ") and what was not read (", Link("not-read"), ")."),
            said("Open the citation before you rely on a row. ",
                 Words('triage show CASE "CITATION"', "code"),
                 " prints the record, the text around it and the bytes of the source (",
                 Link("sources"), ")."),
            said("Read what speaks against a row beside it. Each row is where to look, not what "
                 "to find."),
            said("Tables hold the content of records and may be offered as summaries, with the "
                 "originals made available (", Link("availability"), "). Pictures are marked as "
                 "illustrations: they help to see, and the table beside each holds the numbers."),
            said("How each number is worked out stands in ", Link("calculations"), ", and what was "
                 "left out, with the reason, in ", Link("exclusions"), "."),
        )),
        Heading("What it is not"),
        Bullets((
            said("It is not an opinion on guilt, and it gives nobody a role."),
            said("It does not say who wrote a message. An account is not a person."),
            said("It is not complete. What is not in it may still be in the return (",
                 Link("limits"), ")."),
            said("It is not legal advice. Whether and how a table can be offered is for counsel "
                 "and the court."),
            said("It was not reviewed. No row has been checked by a person."),
        )),
    )  # fmt: skip
    return Section("use", "How to use this report, and what it is not", blocks, is_numbered=False)


def availability(s: Summary) -> Section:
    """Return the annex on where the originals can be examined."""
    rows = [row for row in s.files if row.reader]
    table = Table(
        "originals",
        (Column("Label", width=0.7), Column("File as received", width=2.4),
         Column("In the archive", width=1.6), Column("Bytes", "number"),
         Column("SHA-256", width=3.4)),
        tuple(
            Row((text(row.label), text(row.path), text(row.container), number(row.size_bytes),
                 worded(row.sha256, "hash")), f"original-{row.source_id}")
            for row in rows
        ),
        said("Originals from which the tables were drawn up. Files that were hashed only are in ",
             "the table ", Words("sources", "code"), "."),
        empty="No file was read.",
    )  # fmt: skip
    blocks: tuple[Block, ...] = (
        paragraph(
            f"The tables of this report sum up {words.count_of(s.canonical, 'record', 'records')} "
            f"on {words.count_of(s.pages, 'page', 'pages')}, repeats apart. Whether they are too "
            "many to be examined in court is for counsel and the court. The originals, or "
            "duplicates, are to be made available to the other side for examination or copying at "
            "a reasonable time and place."
        ),
        paragraph(
            "A party that has a copy of a file can check that it is the same: work out its SHA-256 "
            "with any program and compare it with the table. A citation then leads to the page and "
            "line; ", Link("sources"), " says how. The software is not needed for that."
        ),
        table,
        Blank("Originals kept at"), Blank("Contact for an appointment"),
        Blank("Available from, and at what hours"), Blank("Copies given to, and on what date"),
    )  # fmt: skip
    return Section("availability", "Availability of originals", blocks, is_annex=True)


def parameters(s: Summary) -> Section:
    """Return the annex on options, lists and versions."""
    options = Table(
        "options",
        (Column("Option", width=3), Column("Value", width=2)),
        tuple(
            Row((worded(OPTIONS.get(name, name.replace("_", " "))), text(value)), f"option-{name}")
            for name, value in s.options
        ),
        said("Options of the run that can change a table."),
        is_narrow=True,
        empty="The options were not recorded.",
    )
    given = Table(
        "given",
        (Column("Given", width=2), Column("State of the file (hash)", width=4)),
        tuple(
            Row((worded(GIVEN.get(name, name)),
                 worded("not printed in a redacted document") if s.redaction
                 else worded(state, "hash")), f"given-{name}")
            for name, state in s.given
        ),
        said("Scope and lists that the case was given."),
        is_narrow=True,
        empty="Neither a scope nor a list was given.",
    )  # fmt: skip
    made = Table(
        "made-with",
        (Column("Part", width=2), Column("Version, or hash of its content", width=4)),
        tuple(
            Row((worded(name), worded(value, "hash" if len(value) > 20 else "plain")),
                f"part-{name}")
            for name, value in s.made_with
        ),
        said("Parts of the tool and libraries that can change a table. Lexicons: hash of all word "
             "lists, the gazetteer and the list of services."),
        is_narrow=True,
        empty="The versions were not recorded.",
    )  # fmt: skip
    return Section(
        "parameters", "Parameters, lists and versions",
        (
            paragraph("The same sources, options, lists and versions give the same tables; ",
                      Words("triage verify CASE --replay", "code"),
                      " runs everything again and compares."),
            options, given, made,
        ),
        is_annex=True,
    )  # fmt: skip


def calculation(s: Summary) -> Section:
    """Return the annex on how each number is worked out; the same for every case."""
    table = Table(
        "calculations",
        (Column("Table of the report", width=1.6), Column("What is counted", width=2.6),
         Column("From which rows", width=4)),
        tuple(
            Row((worded(row.title), worded(row.what), worded(row.definition, "code")),
                f"calculation-{row.id}")
            for row in calculations()
        ),
    )  # fmt: skip
    return Section(
        "calculations", "Calculations",
        (
            paragraph(
                "Each number is a count over the tables of the case, which anyone can repeat with ",
                Words("triage sql CASE", "code"), " or with other software that reads Parquet. ",
                Words("canon", "code"), " stands for records that repeat no other and are not out "
                "of scope, ", Words("found", "code"), " for mentions in them. Shares are of the "
                "total in the same table. No number is estimated."
            ),
            table,
        ),
        is_annex=True,
    )  # fmt: skip


def exclusions(s: Summary) -> Section:
    """Return the annex on what was left out: counts and reasons, never content."""
    rows: list[tuple[str, str, int, str]] = [
        (row.scope, words.name_of(row.scope), row.records, "records")
        for row in s.scope
        if row.scope.startswith("out_")
    ]
    told = sum(count for _, count in s.sealed_by)
    rows += [(f"sealed-{tag}", SEALED.get(tag, f"sealed: {tag}"), count, "records")
             for tag, count in s.sealed_by]  # fmt: skip
    if s.sealed > told:
        rows.append(("sealed", "sealed: for a reason not listed apart", s.sealed - told, "records"))
    rows += [
        ("repeats", "repeats of a record that is counted", s.repeats, "records"),
        ("services", "listed services: counted, and never a lead", s.services.total, "values"),
        ("review", "doubtful values: to be looked at first", s.review.total, "values"),
        ("media", "pictures, films, sound and other files: hashed, not opened",
         sum(row.files for row in s.hashed), "files"),
        ("unread", "files that no reader could read", s.unread_files, "files"),
    ]  # fmt: skip
    table = Table(
        "exclusions",
        (Column("Reason", width=4), Column("Count", "number"), Column("Of what")),
        tuple(
            Row((worded(reason), number(count), worded(unit)), f"exclusion-{key}")
            for key, reason, count, unit in rows
        ),
        is_narrow=True,
    )
    return Section(
        "exclusions", "Exclusion log",
        (
            paragraph(
                "What was left out of the tables of this report, with the reason. Content of what "
                "was out of scope or sealed is in no table and no report. Undetermined records "
                "were read and are not listed here (", Link("scope"), ")."
            ),
            table,
        ),
        is_annex=True,
    )  # fmt: skip


def certification(s: Summary) -> Section:
    """Return drafts of certifications with blanks; never filled in, never signed."""
    provider = next((value for label, value in s.process if label == "Provider"), None)
    sources = sum(1 for row in s.files if row.reader)
    draft = paragraph(
        Words("DRAFT, NOT SIGNED. NOT LEGAL ADVICE. ", "strong"),
        "These drafts follow the form of certifications under Federal Rules of Evidence 902(11), "
        "902(13) and 902(14). Whether a rule applies, and whether the law of the state has one "
        "like it, is for counsel. A person with knowledge has to check, change and complete every "
        "line before signing.",
        style="caution",
    )
    custodian: tuple[Block, ...] = (
        Heading("Records of a regularly conducted activity (902(11) style): by the custodian"),
        paragraph("To be given by the provider's custodian. If the return came with a certificate, "
                  "use that one in place of this draft."),
        paragraph("1. I am employed by ",
                  Evidence(provider) if provider else "the provider",
                  " and am familiar with how its records are made and kept."),
        paragraph("2. The records listed in ", Link("availability"), " were made at or near the "
                  "time by, or from information sent by, someone with knowledge; were kept in the "
                  "course of a regularly conducted activity; and making them was a regular "
                  "practice of that activity."),
        *_signature(),
    )  # fmt: skip
    process: tuple[Block, ...] = (
        PageBreak(),
        Heading("Electronic process (902(13) style): by the person who ran the software"),
        Blank("1. Name, title, training and experience"),
        paragraph(
            f"2. I ran version {__version__} of the software on the sources listed in ",
            Link("availability"), f". It read {words.count_of(s.pages, 'page', 'pages')} and "
            f"{words.count_of(s.records, 'record', 'records')}, {s.repeats:,} of them repeats. The "
            "options, lists and versions stand in ", Link("parameters"), ".",
        ),
        paragraph("3. The software accounts for every byte of each page it read. ",
                  f"{words.percent(s.share_not_understood)} of the bytes of pages were not "
                  "understood (", Link("not-read"), "). It cites file, page and line for each row. "
                  "How it counts stands in ", Link("calculations"), ", and how often its parts "
                  "were right where that could be measured, and its limits, in ", Link("limits"),
                  "."),
        Blank("4. Checks made on this machine before the run, and their result (triage validate)"),
        Blank("5. Checks made on this case, and their result (triage verify, and rows opened)"),
        Blank("6. Why the process gives an accurate result, in my own words"),
        *_signature(),
    )  # fmt: skip
    copies: tuple[Block, ...] = (
        PageBreak(),
        Heading("Copies by digital identification (902(14) style): by the person who copied"),
        Blank("1. Name, title, training and experience"),
        Blank("2. When, where and how the sources were received and copied"),
        paragraph(
            "3. The software worked out the SHA-256 of "
            f"{words.count_of(sources, 'file', 'files')} when it read them. The hashes stand in ",
            Link("sources"), ".",
        ),
        Blank("4. How the copy was compared with the original, by which program, and the result"),
        *_signature(),
    )  # fmt: skip
    return Section(
        "certification", "Draft certifications (not signed)",
        (draft, *custodian, *process, *copies),
        is_annex=True,
    )  # fmt: skip


def glossary(s: Summary) -> Section:
    """Return the annex of terms, with the source of each meaning; the same for every case."""
    table = Table(
        "glossary",
        (Column("Term", width=1.4), Column("As used here", width=4), Column("Source", width=1.6)),
        tuple(
            Row((worded(row.term, "strong"), worded(row.meaning), worded(row.source)),
                f"term-{row.term.replace(' ', '-')}")
            for row in terms()
        ),
    )  # fmt: skip
    return Section("glossary", "Glossary", (table,), is_annex=True)


def _signature() -> tuple[Block, ...]:
    return (
        paragraph("I declare under penalty of perjury that the foregoing is true and correct.",
                  style="note"),
        Blank("Signature (left blank by the software)"), Blank("Name and title"),
        Blank("Date and place"),
    )  # fmt: skip
