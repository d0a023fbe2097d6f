"""Texts that a suspect could write: in messages, names and threads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from inputs import GOOD, HELLO, Bad, conversation, put

CODE = (
    "<script>alert(document.cookie)</script>", "<img src=x onerror=alert(1)>", "</div></div></td></table></body></html>",
    '"><svg/onload=alert(1)>', "<!--", "]]>", "{{7*7}} ${7*7} {% raw %}", "javascript:alert(1)", "<style>*{display:none}</style>",
    "<meta http-equiv=refresh content='0;url=http://example.com'>", "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;b&#62;",
    "'; DROP TABLE records; --", "$(touch /tmp/x) `id`", "%s%s%n {0.__class__}", "../../etc/passwd", "\\x1b[31m \\n",
)  # fmt: skip
RAW = b"<script>alert(1)</script><img src=x onerror=alert(1)><iframe src='http://example.com'></iframe>"
FORMULAS = (
    '=HYPERLINK("http://example.com","x")', "=cmd|' /C calc'!A0", "+1+2", "-2+3", "@SUM(A1:A9)", "\t=1+1", "\r=1+1",
    "=1+1\n=2+2", "|calc", "%0A=1",
)  # fmt: skip
ESCAPES = (
    "\x1b[2J\x1b[1;1H", "\x1b]0;title\x07", "\x1b]8;;http://example.com\x1b\\link\x1b]8;;\x1b\\", "\x9b31m", "\x1bP1$r\x1b\\",
    "\x1b[?1049h", "over\rwritten", "back\b\b\b\bspace", "bell\x07\x07", "\x0e\x0f", "\x7f\x7f", "\x85\u2028\u2029", "\x1b[6n",
)  # fmt: skip
BIDI = (
    "\u202egnp.exe", "\u2066\u2067\u2068\u2069", "pay \u202e0051 $\u202c now", "651\u200b-555\u200b-0117", "ju\u200dno", "\ufeffjuno",
    "\u2060\u2061\u2062", "\U000e0041\U000e0042", "a\u00adb", "\u061c\u200e\u200f", "m\u0438nn\u0435\u0430polis", "\u180e",
)  # fmt: skip
NULLS = ("a\x00b", "\x00", "651\x00555\x000117", "\x01\x02\x03", "\x00" * 5000)

UNITS = (
    "7", "55 ", "$", "$1", "@", "@a", "(", "((", ")", "[", "<", "{", ".", "..a", "-", "1-", "(6", "+", "+1 ", " ", "\t", "a", "A", "aB",
    "a.", "a@", "a@b.", "www.", "http://", "http://a.", "//", "one ", "five five ", "oh ", "jan ", "1/", "1/1/", "12:", "room ", "rm 2 ",
    "st ", "1 main st ", "near ", "the ", "lil ", "aka ", "call me ", "100 ", "1,", "1,000,", "k", "20k ", "#", "#1", "_", "'", "\u2019",
    "\"", "\\", "/", "~", "*", "=", "&", "&amp;", "%", "\u0301", "e\u0301", "\u200d", "\ufe0f", "7\ufe0f\u20e3", "\U0001f600", "\U0001f468\u200d",
    "\U0001f1fa", "\u0967", "\uff17", "\u2460", "\u202e", "\ufdfa", "\u0130", "\u1e9e", "\ufb03", "IV ", "0x", "1e", "41.5,-93.6 ", "n44.9 ",
    "ABC-123 ", "2001:", "::", "1.1.1.", "\n", "x\n", ". ", "? ", "! ", "Juno ", "Juno, ", "ii", "mn ", "and ", "st. paul ", "cashapp ",
    "paid ", "dollars ", "owe 5 ", "his name is ", "they call me ", "de la ", "o'", "c/o ", "i-94 ", "hwy 9 ", "at 5 ", "in 2 days ",
)  # fmt: skip
"""What patterns are made of; each is repeated to a message of its own."""


def one(*bodies: str, **more: str) -> Callable[[Path], None]:
    """Return what writes a return with these messages."""
    return lambda folder: put(folder, "records.html", conversation(*bodies, **more)) and None


def markup(folder: Path) -> None:
    """Tags that the provider did not escape."""
    data = conversation("before", "MARK", "after")
    put(folder, "records.html", data.replace(b"MARK", b"x" + RAW + b"y"))


def surrogates(folder: Path) -> None:
    """Lone halves of characters, in every way they can be written."""
    data = conversation("one MARK two", "MARK", "last")
    put(
        folder,
        "records.html",
        data.replace(
            b"MARK", b"&#xD800;&#55357; \xed\xa0\x80\xed\xb0\x80 \xf4\x90\x80\x80 \xc0\xaf"
        ),
    )
    said = [
        {"sender_name": "Ann \ud83d", "timestamp_ms": 1709259067123 + at, "content": text}
        for at, text in enumerate(
            ["x \ud800 y", "\udc00\ud800", "\ud83d", "ok \ud83d\ude00 fine", HELLO]
        )
    ]
    value = {
        "participants": [{"name": "Ann \ud83d"}, {"name": "Bo"}],
        "messages": said,
        "title": "\udfff",
        "thread_path": "inbox/x_1",
    }
    put(folder, "your_facebook_activity/messages/inbox/x_1/message_1.json", json.dumps(value))


def long(folder: Path) -> None:
    """Messages of 10 MB: words, and one letter."""
    put(folder, "records.html", conversation("word " * 2_000_000, "last one"))


def endless(folder: Path) -> None:
    """A word of 10 MB."""
    put(folder, "records.html", conversation("a" * 10_000_000, "last one"))


def short(count: int) -> Callable[[Path], None]:
    """Messages of one character."""
    letters = "ok7$@.x "
    return lambda folder: put(
        folder, "records.html", conversation(*(letters[at % 8] for at in range(count)))
    ) and None  # fmt: skip


def explosive(units: tuple[str, ...], size: int) -> Callable[[Path], None]:
    """Messages of one unit repeated."""
    return one(*((unit * size)[:size] for unit in units))


def _dyi(messages: list[object]) -> str:
    value = {
        "participants": [{"name": "Ann"}, {"name": "Bo"}],
        "messages": messages,
        "title": "Bo",
        "thread_path": "inbox/x_1",
    }
    return json.dumps(value)


def times(folder: Path) -> None:
    """Times that no calendar has."""
    stamps = (
        "0000-00-00 00:00:00 UTC", "0001-01-01 00:00:00 UTC", "9999-12-31 23:59:59 UTC", "99999-01-01 00:00:00 UTC",
        "2024-02-30 25:61:61 UTC", "-2024-01-01 00:00:00 UTC", "1900-01-01 00:00:00 UTC", "2024-13-01 00:00:00 UTC",
        "2024-03-10 02:30:00 UTC", "2016-12-31 23:59:60 UTC", "9" * 5000, "Unknown", "\u0662\u0660\u0662\u0664-01-01 00:00:00 UTC",
    )  # fmt: skip
    data = conversation(*(f"m{at}" for at in range(len(stamps))))
    for stamp in stamps:
        data = data.replace(b"2024-03-01 02:09:30 UTC", stamp.encode(), 1)
    put(folder, "records.html", data)
    numbers = [
        0, -1, -10**18, 10**18, 10**400, 1e300, -1e300, 253402300800000, -62135596800001, True, None, "1709259067123", [], {},
        1709259067123.5, float("inf"), float("nan"),
    ]  # fmt: skip
    said = [
        {"sender_name": "Ann", "timestamp_ms": n, "content": f"at {i}"}
        for i, n in enumerate(numbers)
    ]
    put(folder, "your_facebook_activity/messages/inbox/x_1/message_1.json", _dyi([*said]))


def words_in_dates(folder: Path) -> None:
    """Dates in texts that no calendar has."""
    put(folder, "records.html", conversation(
        "on 99/99/9999", "0/0/0", "february 30", "year 99999", "in 99999999999 days", "13/13/13 at 25:61", "in -5 years",
        "9" * 400 + " days ago", "jan 0, 0000", "december 31, 9999 plus 1", "in 10000000 weeks", "1/1/1 bc", "in " + "9" * 30 + " months",
        sent="9999-12-31 23:59:59 UTC",
    ))  # fmt: skip


def numbers(folder: Path) -> None:
    """Amounts, numbers and places past every bound."""
    put(folder, "records.html", conversation(
        "$" + "9" * 5000, "$1e400", "1" * 40 + " dollars", "$0." + "0" * 300 + "1", "$999,999,999,999,999,999,999,999", "-$5", "$-0",
        "99999999999999999999k", "91.5,-181.5", "-999999.999,999999.9", "41." + "5" * 400 + ",-93.6", "+" + "9" * 300, "999.999.999.999",
        "aged " + "9" * 100, "room " + "9" * 100, "nan dollars", "inf bucks", "\u221e dollars", "10^400 usd", "$1..$2...$3", "1.2.3.4.5.6.7",
    ))  # fmt: skip


def names(folder: Path) -> None:
    """Names of a megabyte, of nothing but signs, and of code."""
    big = "Juno " * 200_000
    put(folder, "a/records.html", conversation("hi", author=f"{big}(Facebook: 900000000000101)"))
    put(folder, "b/records.html", conversation("hi", head=f"{big}(900000000000556)"))
    put(
        folder,
        "c/records.html",
        conversation("hi", author="\u202e\u200b\x1b[2J<script> (Facebook: 900000000000101)"),
    )
    put(folder, "d/records.html", conversation("hi", author=" "))


def people(folder: Path) -> None:
    """A thread of 20,000 people."""
    some = "".join(f"Ann {n} (Facebook: {n + 10**14})<br/>" for n in range(20_000)).encode()
    data = conversation("hi")
    put(folder, "records.html", data.replace(GOOD.encode(), some + GOOD.encode(), 1))


BAD = [
    Bad("HTML and script", "in messages, as the provider escapes them", one(*CODE)),
    Bad("HTML and script", "in names and threads", one("hi", author="<script>x</script> (Facebook: 900000000000101)", head="<img src=x onerror=y> (9)")),
    Bad("HTML and script", "unescaped in a message", markup),
    Bad("CSV formulas", "in messages", one(*FORMULAS)),
    Bad("terminal escapes", "in messages", one(*ESCAPES)),
    Bad("terminal escapes", "in names", one("hi", author="\x1b[2JAnn\x07 (Facebook: 900000000000101)", head="\x1b]0;x\x07 (900000000000555)")),
    Bad("bidi and zero-width", "in messages", one(*BIDI)),
    Bad("bidi and zero-width", "in names", one("hi", author="\u202eAnn\u2066 (Facebook: 900000000000101)", head="\u202e\u200b (900000000000555)")),
    Bad("null bytes", "in messages", one(*NULLS)),
    Bad("lone surrogates", "in HTML and JSON", surrogates, 0, "bad_characters bad_encoding mojibake"),
    Bad("size", "a message of 10 MB", long, seconds=20, megabytes=850, slow=True),
    Bad("size", "a word of 10 MB", endless, seconds=60, megabytes=1200, slow=True),
    Bad("size", "20,000 messages of one character", short(20_000), seconds=15),
    Bad("size", "a million messages of one character", short(1_000_000), seconds=600, megabytes=1200, slow=True),
    Bad("size", "names of a megabyte", names, seconds=6),
    Bad("size", "a thread of 20,000 people", people, seconds=12, megabytes=550, slow=True),
    Bad("patterns that explode", f"{len(UNITS)} units repeated to 2,000 characters", explosive(UNITS, 2_000), seconds=15),
    Bad("patterns that explode", f"{len(UNITS)} units repeated to 100,000 characters", explosive(UNITS, 100_000), seconds=300, megabytes=750, slow=True),
    Bad("dates out of range", "of messages", times, 0, "bad_time time_missing"),
    Bad("dates out of range", "in messages", words_in_dates),
    Bad("numbers out of range", "in messages", numbers),
]  # fmt: skip
