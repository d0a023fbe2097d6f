"""Layout lines: what passes from a printed sheet to the tree, and what both know of the layout.

A block is text, one line per cell, fields parted by tabs; numbers are hundredths of a point:

``D version left pad inset height gaps bars right tables``  the document's style, in each block
``S sheet lost backward state``  a sheet begins; state ``t`` text, ``i``
    a picture only, ``e`` nothing, ``b`` broken
``P line number``  a page bar
``L line x y right text``  a label
``W line x y x y label text``  a label and, beside it, the first line of its value
``V line x y join text``  a line of a value; join says how it goes on from the one before it: ``n``
    a line of its own, ``s`` after a blank, ``c`` without one, ``?`` with the width of its first
    word where the one before it is on another sheet
``F line text``  header, footer or menu
``E x right``  a sheet ends with a value's line that ends there
``Z``  the file's own end is missing
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.readers.meta_events import CONVERSATIONS
from pipeline.readers.meta_sections import REACTION, RULES, SYSTEM

FORMAT = 1
"""Version of a block."""
BAR = re.compile(
    r"(?:Facebook|Instagram|Threads|Meta|Meta Platforms|WhatsApp) Business Record\s*"
    r"Page (\d{1,9})"
)
WHOLE_LINE = re.compile(
    r"\d{3,20}\)$|\d\d:\d\d UTC$|^\+\d{10,15} Cell$|^[^\s@]+@[^\s@]+\.[a-z]{2,}$"
)
"""Lines of lists, of which the next is another line: persons, times, telephones, addresses."""
CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?: / \d{1,2}:\d\d(?::\d\d)?)?")
"""What the controls of a film show; a browser draws them last of all."""
BRAND = re.compile(r"(?:Facebook|Instagram|Threads|Meta|Meta Platforms|WhatsApp) Business Record")
PAGE = re.compile(r"Page (\d{1,9})")
SOFT = re.compile(r"(?:\S*(?:://|www\.|/)\S*[/?&=#._%-]|\S*\w-)$")
"""Ends of a line at which a browser breaks a run that has no blank: in an address, at a hyphen."""
WIDE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
"""Letters of scripts that are written without blanks."""


DEFINITION = " Definition"
OF_THE_REQUEST = frozenset({
    "Service", "Internal Ticket Number", "Target", "Alternate Target IDs", "Account Identifier",
    "Account Type", "Generated", "Date Range",
})  # fmt: skip
"""Labels of the one section that has no definition (FORMATS 2.3)."""
KEY = re.compile(r"[^a-z0-9]+")
OPENERS = {
    "account_closure_date": "account_end_date", "account_still_active": "account_end_date",
    "shared_content": "shares", "ncmec_cybertip_numbers": "ncmec_reports",
    "registered_email_addresses": "emails", "vanity_name": "vanity",
    "groups": "groups_info",
}  # fmt: skip
"""Labels, as keys, that open a section named otherwise (FORMATS 2.6)."""


def section_of(label: str, current: str | None, *, filled: bool) -> str | None:
    """Say which section a label at the left margin opens; None: it stays in the one it is in.

    Titles of sections are not printed; their definitions are. A section without one is known by
    its first label, which is its title or nearly.

    Args:
        label: the label.
        current: key of the section it stands in, if any.
        filled: whether that has anything but its definition.
    """
    key = KEY.sub("_", label.removesuffix(DEFINITION).casefold()).strip("_")
    key = OPENERS.get(key, key)
    if label.endswith(DEFINITION):
        return key
    if current is None:
        return "request_parameters" if label in OF_THE_REQUEST else key if key in RULES else ""
    return key if key != current and key in RULES and (filled or key in CONVERSATIONS) else None


@dataclass(slots=True)
class Measures:
    """A document's style, as a block states it; hundredths of a point."""

    left: int = 0
    pad: int = 150
    inset: int = 0
    height: int = 1400
    gaps: bool = True
    has_bars: bool = True
    right: int = 57600
    tables: bool = False


def measures(line: bytes) -> Measures:
    """Read a block's first line; any bytes are taken."""
    values = [int(part) if part.isdigit() else 0 for part in line.strip().split(b"\t")[1:10]]
    if len(values) < 9 or values[0] != FORMAT:
        return Measures()
    _, left, pad, inset, height, gaps, has_bars, right, tables = values
    return Measures(
        left, pad, inset, max(height, 1), bool(gaps), bool(has_bars), right, bool(tables)
    )


def _known_labels() -> frozenset[str]:
    """Labels and titles of the layout: they tell a break in a word from one between two."""
    titles = {key.replace("_", " ").title() for key in RULES}
    words = {
        "Attachments", "Author", "Body", "Sent", "Share", "Thread", "URL", "Url", "Type", "Size",
        "Linked Media File:", "Call Record", "Duration", "Missed", "Date Created", "Summary",
        "Text", "Title", "Removed by Sender", "Disappearing Message", "Disappearing Duration",
        "Subscription Event", "Users", "Product Type", "Current Participants", "IP Address",
        "Past Participants", "Thread Name", "Read Receipts", "Group Profile Picture", "Nickname",
    }  # fmt: skip
    return frozenset(words | titles | {f"{title} Definition" for title in titles})


KNOWN = _known_labels()


def fits(right: float, word: float, limit: float, height: float) -> bool:
    """Whether a word would have had room behind a line, so that the line's end is a real one.

    Args:
        right: where the line ends.
        word: width of the first word of the next.
        limit: where lines end at the latest.
        height: of a line; nested fields end up to 0.9 of it earlier.
    """
    return right + 0.3 * height + word < limit - 0.9 * height


def glue_of(before: str, after: str, right: float, limit: float, height: float) -> str:
    """What a wrap stands for: ``s`` a blank, ``c`` nothing.

    A browser breaks a run without blanks only where it has a line to itself and fills it, or at
    such places as behind a hyphen; scripts without blanks are broken anywhere.
    """
    if " " not in before and right > limit - 1.6 * height:
        return "c"
    if SOFT.search(before[-200:]):
        return "c"
    return "c" if WIDE.match(before[-1:]) and WIDE.match(after[:1]) else "s"


DATE_CUT = re.compile(r"\d{4}-\d\d-\d\d\|\d{1,2}(?::|$)|\d\d:\d\d:\d\d\|U(?:TC?)?(?=$|\W)")
"""Between a date and its time, or a time and its zone, even if a further bar cuts what follows."""
SENTENCE_END = re.compile(r"(?:^|\s)[^\s/@]*[.!?,;]$")


def glue_at_bar(before: str, after: str) -> str:
    """What stood where a page bar cuts a line: ``s`` a blank, ``c`` nothing.

    A bar cuts anywhere (FORMATS 2.5), and a blank at a line's end or beginning is not printed:
    nothing, but where a word can hardly go on so: behind the end of a sentence, between an emoji
    and a letter, before a capital, inside a time, or in what the service writes itself.
    """
    last, first = before[-1:], after[:1]
    if DATE_CUT.search(f"{before[-10:]}|{after[:8]}"):
        return "s"
    if first.isalpha() and (last > "\u2010" or SENTENCE_END.search(before[-200:])):
        return "s"
    if last.isalpha() and first > "\u2190" and not first.isalnum():
        return "s"
    if last.islower() and first.isupper():
        return "s"
    for known in (SYSTEM, REACTION):
        if known.search(f"{before} {after}") and not known.search(before + after):
            return "s"
    return "c"
