"""What stands before the contents: legal process, scope, the numbers at a glance, the cautions."""

from __future__ import annotations

from pipeline.report import words
from pipeline.report.cells import paragraph, said, span
from pipeline.report.document import Block, Evidence, Facts, Inline, Link, Paragraph, Words
from pipeline.report.summary import Summary

TITLE = "What the return holds"


def front(s: Summary) -> tuple[Block, ...]:
    """Return the blocks before the first section."""
    blocks: list[Block] = [Paragraph((Evidence(s.process_line, None),), "framed")]
    if s.redaction:
        blocks.append(_redacted(s))
    blocks.append(_scope(s))
    blocks += [
        paragraph(Words("Attention. ", "strong"), Evidence(message, 400), style="framed")
        for message in s.drifted
    ]
    blocks.append(
        paragraph(
            "Drawn up by software from the tables of the case; no row has been reviewed. "
            "Times are UTC unless another zone is named."
        )
    )
    if s.process:
        blocks.append(Facts(tuple((label, (Evidence(value, 400),)) for label, value in s.process)))
    else:
        blocks.append(
            paragraph(
                "The legal process is not entered: ", Words("case.toml", "code"),
                " has a place for its number, court and dates.", style="note",
            )
        )  # fmt: skip
    return (*blocks, glance(s), *caution())


def glance(s: Summary) -> Facts:
    """Return the size of the return in a few numbers."""
    counts = (
        ("Pages read", s.pages), ("Records", s.records), ("Of them repeats", s.repeats),
        ("Messages", s.messages), ("Accounts named", s.account_count),
        ("Conversations", s.thread_count),
    )  # fmt: skip
    return Facts(
        (
            *((label, said(f"{count:,}")) for label, count in counts),
            ("First to last message", span(s).parts),
            ("Bytes of pages not understood", said(words.percent(s.share_not_understood))),
            ("Files not read", said(f"{s.unread_files:,}")),
            ("Sealed records", said(f"{s.sealed:,}")),
        )
    )


def caution() -> tuple[Paragraph, ...]:
    """Return the words of caution (DOMAIN 4.6), which every document bears."""
    return tuple(
        paragraph(*parts, style="caution")
        for parts in (
            (
                Words("How far this goes. ", "strong"),
                "This document was made by software from a provider's records. It says what the "
                "records state, not what took place. The software overlooks things and gets things "
                "wrong; how often it did so in this return is not known, since no row has been "
                "checked by a person.",
            ),
            (
                "An account is not a person: several people may use one account or one name, and "
                "an account may be shared or imitated. Ordinary words may serve as names, and "
                "words that look telling may be harmless. Amounts are as stated, not proven. "
                "Places are as stated, unless marked as stated by the provider. An area code does "
                "not say where a telephone was.",
            ),
            (
                "Nothing here is an opinion on guilt, and no one is given a role. Sealed and "
                "out-of-scope material was not read beyond what it took to set it aside.",
            ),
        )
    )


def _redacted(s: Summary) -> Paragraph:
    assert s.redaction is not None
    if s.redaction.has_list:
        what = (
            "PP-1, PP-2 and so on stand for protected persons "
            f"({s.redaction.persons:,} on the list), the same in all redacted outputs of the case. "
        )
    else:
        what = (
            "No list of protected persons was given: names and numbers of persons are as they are. "
        )
    return paragraph(
        f"Redacted; jurisdiction: {s.redaction.jurisdiction}. {what}"
        "A person has to read this before it goes out (",
        Link("redaction"),
        ").",
        style="framed",
    )


def _scope(s: Summary) -> Paragraph:
    if not s.scoped:
        return paragraph(
            "No scope was given, so nothing was set aside by date, account or category. The "
            "warrant's dates and accounts are given with ",
            Words("--scope scope.toml", "code"),
            ".",
            style="framed",
        )
    lines: list[Inline] = []
    for line in s.scope_lines:
        lines += [Words("; "), Evidence(line, None)] if lines else [Evidence(line, None)]
    return paragraph(
        "A scope was given: ", *lines,
        ". Records outside it were counted and not read on (", Link("scope"), ").", style="framed",
    )  # fmt: skip
