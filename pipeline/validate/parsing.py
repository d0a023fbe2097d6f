"""PAR: every message of a return is read once, as it was written, in every format."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.sample.check import Recovery, check
from pipeline.validate.base import Assertion, Function, Outcome, Rate, compare
from pipeline.validate.ground import Ground, Made
from pipeline.validate.handmade import Said, hand_return
from pipeline.validate.looking import rows

TRICKY = (
    "two  blanks, a tab\there and three dots...",
    "first line\nsecond line\n\nfourth line",
    "😀 emoji 👩‍👩‍👧 with joiners, and a flag 🇺🇸",
    'mañana & <b>not bold</b> "quoted" it\'s &amp; so',
    "\u2068isolated\u2069 and \u202eturned\u202c text",
    "zero\u200bwidth and soft\u00adhyphen, no\u00a0break",
    "ｆｕｌｌ　ｗｉｄｔｈ ６５１ and e\u0301 decomposed",
    "=SUM(A1:A2) and @import and -1+1",
)
"""What a reader might tidy up, and must not. Line ends are those of the provider's markup."""


def _recovery(made: Made, form: str) -> Outcome:
    found: Recovery = check(made.case, made.gold)
    rate = Rate("messages recovered", form, f"sample {form}", found.recovered, found.gold)
    ok = found.gold > 0 and found.recovered == found.gold and not found.surplus
    return Outcome(ok, found.line(), (rate,))


def _form(form: str) -> Callable[[Ground], Outcome]:
    return lambda ground: _recovery(ground.sample(form), form)


def _held_back(ground: Ground) -> Outcome:
    return _recovery(ground.meta("b"), "meta, word list b")


def _verbatim(ground: Ground) -> Outcome:
    folder = ground.place("parse-verbatim")
    said = [Said(f"2024-02-01 10:00:{n:02} UTC", text) for n, text in enumerate(TRICKY)]
    case = ground.run(hand_return(folder / "return.zip", said), folder / "case", "--no-model")
    found = {row["text"] for row in rows(case, "records", "text", "kind") if row["text"]}
    missing = [n for n, text in enumerate(TRICKY, 1) if text not in found]
    return compare(len(TRICKY), [f"text {n}" for n in missing], "texts")


def _times(ground: Ground) -> Outcome:
    """Seconds around a change of day, month, year and a leap day."""
    folder = ground.place("parse-times")
    stamps = ["2023-12-31 23:59:59", "2024-01-01 00:00:00", "2024-02-29 12:00:01",
              "2024-03-10 08:00:00", "2024-11-03 06:30:00"]  # fmt: skip
    said = [Said(f"{stamp} UTC", f"sent at moment {n}") for n, stamp in enumerate(stamps)]
    case = ground.run(hand_return(folder / "return.zip", said), folder / "case", "--no-model")
    found = {
        row["text"]: (f"{row['sent_at']:%Y-%m-%d %H:%M:%S}", row["sent_raw"])
        for row in rows(case, "records", "text", "sent_at", "sent_raw", "kind")
        if row["kind"] == "message"
    }
    wrong = [m.sent for m in said if found.get(m.text) != (m.sent[:19], m.sent)]
    return compare(len(said), wrong, "moments")


NUMBERED = {
    "meta": "a Meta business record in HTML",
    "meta-pdf": "a Meta business record printed to PDF",
    "whatsapp-record": "a WhatsApp business record",
    "dyi-json": "a download of one's own account in JSON",
    "dyi-html": "a download of one's own account in HTML",
    "dyi-e2ee": "an export of encrypted chats",
    "whatsapp-chat": "a WhatsApp chat export",
    "text": "plain text and Markdown in several encodings",
    "html": "a web page",
    "docx": "a Word document",
    "pdf": "a report in PDF",
    "eml": "single e-mails",
    "mbox": "a mailbox",
    "csv": "a table in CSV",
    "xlsx": "a workbook",
}
"""Formats in the order of their assertions; a new one is put at the end (a test compares)."""

PARSING = Function("PAR", "Parsing", (
    Assertion("PAR-01", "Text is kept as it was sent, sign by sign.",
        "Reads a hand-made return with blanks, line ends, emoji, bidirectional and zero-width "
        "signs, markup and formulas as text.", "every text equal", _verbatim),
    Assertion("PAR-02", "Times are read to the second, and the provider's own text is kept.",
        "Reads messages at the turn of a year, on a leap day and on days of clock changes.",
        "the same moments and the same texts of them", _times),
    Assertion("PAR-03", "What is read does not hang on the words of the sample.",
        "Reads a Meta business record made from the held-back word list b.",
        "all of the gold recovered, no record that the gold does not know", _held_back),
    *(
        Assertion(f"PAR-{number:02}",
            f"Every message or row of {words} is read once, with text and whatever the "
            "format states of author, time, conversation, kind and page.",
            f"Makes a sample of the format {form}, reads it and compares it with its gold.",
            "all of the gold recovered, no record that the gold does not know", _form(form))
        for number, (form, words) in enumerate(NUMBERED.items(), 4)
    ),
))  # fmt: skip
