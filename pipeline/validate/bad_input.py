"""ERR: bad input is told in one line or as an issue, never as a traceback.

Good input beside it is read all the same.
"""

from __future__ import annotations

import hashlib
import re
import struct
import time
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

from pipeline.validate.base import Assertion, Function, Outcome, compare
from pipeline.validate.ground import Ground
from pipeline.validate.handmade import Said, business_record, hand_return, write_zip
from pipeline.validate.looking import rows

MIB = 1 << 20
LARGE = 1 << 18
"""Signs of a large message."""
SECONDS = 60.0
"""For one of them: some fifty times what it takes on an idle machine."""
GOOD = "the good one 651-555-0117"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
TERMINAL = "\x1b[31mred\x1b[0m \x1b]0;title\x07 \u202etxt.exe\u202c"


def _encrypted(page: bytes, path: Path) -> Path:
    """A zip whose member says that it is encrypted."""
    data = bytearray(write_zip(path, {"records.html": page}).read_bytes())
    struct.pack_into("<H", data, data.index(b"PK\x03\x04") + 6, 1)
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 8, 1)
    path.write_bytes(data)
    return path


def _bad(ground: Ground) -> dict[str, Path]:
    """Files that are no return, or no longer, by what is wrong with them."""

    def make() -> dict[str, Path]:
        folder = ground.place("bad")
        page = business_record([Said("2024-02-01 10:00:00 UTC", "a page")])
        good = write_zip(folder / "whole.zip", {"records.html": page}).read_bytes()
        bad = {
            "empty": folder / "empty.html", "cut": folder / "cut.zip",
            "not a zip": folder / "not.zip", "unknown": folder / "drawing.dwg",
            "PDF": folder / "broken.pdf",
        }  # fmt: skip
        bad["empty"].touch()
        bad["cut"].write_bytes(good[:-100])
        bad["not a zip"].write_bytes(b"this is no zip at all")
        bad["unknown"].write_bytes(b"AC1032\0\0\0\1 drawing")
        bad["PDF"].write_bytes(b"%PDF-1.7 and then nothing of the kind")
        bad["encrypted"] = _encrypted(page, folder / "locked.zip")
        bad["way out"] = write_zip(folder / "out.zip", {"../../records.html": page})
        bad["nested"] = write_zip(folder / "nested.zip", {"inner.zip": good})
        bad["bomb"] = write_zip(folder / "bomb.zip", {"records.html": page + bytes(32 * MIB)})
        return bad

    return ground.once("bad", make)


def _alone(ground: Ground) -> Outcome:
    bad = _bad(ground)
    wrong = []
    for number, (name, path) in enumerate(bad.items()):
        case = ground.folder / "bad" / f"alone-{number}"
        options = ["--limit-ratio", 20] if name == "bomb" else []
        code, out, err = ground.triage("run", path, "--case", case, "--workers", 1, *options)
        one_line = err.startswith("triage: ") and err.count("\n") == 1
        if code != 2 or out or not one_line or "Traceback" in err:
            wrong.append(f"{name} (exit code {code})")
    return compare(len(bad), wrong, "bad sources")


def _beside(name: str, code: str) -> Callable[[Ground], Outcome]:
    def check(ground: Ground) -> Outcome:
        folder = ground.place(f"beside-{code}")
        good = hand_return(folder / "good.zip", [Said("2024-02-01 10:00:00 UTC", GOOD)])
        options = ["--limit-ratio", 20] if name == "bomb" else []
        ended, _, err = ground.triage(
            "run", good, _bad(ground)[name], "--case", folder / "case", "--workers", 1, "--quiet",
            "--no-model", *options,
        )  # fmt: skip
        if ended != 1:
            return Outcome(False, f"exit code {ended}; {err.strip()}")
        codes = [
            row["code"] for row in rows(folder / "case", "issues") if row["severity"] == "error"
        ]
        read = any(row["text"] == GOOD for row in rows(folder / "case", "records"))
        return Outcome(
            codes == [code] and read,
            f"exit code 1, error {', '.join(codes) or 'none'}, the good source "
            f"{'read' if read else 'not read'}",
        )

    return check


def _nothing_outside(ground: Ground) -> Outcome:
    """Members whose names lead out of the archive, or are absolute, or hold a line end."""
    folder = ground.place("way-out")
    page = business_record([Said("2024-02-01 10:00:00 UTC", GOOD)])
    names = ["records.html", "../up.html", "/tmp/../absolute.html", "a\nb.html", "..\\back.html"]
    source = write_zip(folder / "given" / "return.zip", dict.fromkeys(names, page))
    before = {path for path in ground.folder.rglob("*.html") if "way-out" in path.parts}
    ended, _, err = ground.triage(
        "run", source, "--case", folder / "case", "--workers", 1, "--quiet", "--no-model"
    )
    after = {path for path in folder.rglob("*.html") if "reports" not in path.parts}
    outside = [path.name for path in folder.iterdir() if path.name not in ("given", "case")]
    ok = ended in (0, 1) and before == after and not outside and "Traceback" not in err
    return Outcome(ok, f"exit code {ended}, {len(after - before) + len(outside)} files written")


def only_ours(page: str) -> bool:
    """Return whether what acts in a page is the one script its policy names, and the rest data."""
    openings = re.findall(r"<script[^>]*>?", page, re.IGNORECASE)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    data = [tag for tag in openings if tag.startswith('<script type="application/json" id=')]
    if len(openings) != len(data) + 1 or len(scripts) != 1:
        return False
    named = b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode("ascii")
    return f"script-src 'sha256-{named}';" in page.partition("</head>")[0]


def _escaped(ground: Ground) -> Outcome:
    """Markup and escapes of a terminal, written by somebody into a message."""
    folder = ground.place("escaped")
    said = [
        Said("2024-02-01 10:00:00 UTC", f"zqmark {SCRIPT} 651-555-0117"),
        Said("2024-02-01 10:00:01 UTC", f"zqterm {TERMINAL} 612-555-0134"),
    ]
    case = ground.run(hand_return(folder / "return.zip", said), folder / "case", "--no-model")
    report = (case / "reports" / "report.html").read_text("utf-8")
    shown = "".join(ground.triage("search", case, word)[1] for word in ("zqmark", "zqterm"))
    shown += ground.triage("show", case, "FB-1 p. 1")[1]
    wrong = []
    if not only_ours(report) or re.search(r"<img[^>]*onerror", report, re.IGNORECASE):
        wrong.append("markup in the report")
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in shown):
        wrong.append("control signs on the terminal")
    if "\u202e" in shown:
        wrong.append("a turn of direction on the terminal")
    kept = {row["text"] for row in rows(case, "records", "text")}
    if said[0].text not in kept:
        wrong.append("the text itself is changed")
    return compare(4, wrong, "properties")


def _large(ground: Ground) -> Outcome:
    """Large messages that tempt patterns to try everything."""
    folder = ground.place("large")
    texts = [part * (LARGE // len(part)) for part in ("5", "a", "$ ", "(", "one ")]
    said = [Said(f"2024-02-01 10:00:0{n} UTC", text) for n, text in enumerate(texts)]
    source = hand_return(folder / "return.zip", said)
    begun = time.monotonic()
    case = ground.run(source, folder / "case")
    seconds = time.monotonic() - begun
    kept = sum(len(row["text"] or "") >= LARGE - 4 for row in rows(case, "records", "text"))
    limit = SECONDS * len(texts)
    return Outcome(
        kept == len(texts) and seconds < limit,
        f"{kept} of {len(texts)} texts kept whole, {seconds / len(texts):.1f} s each",
    )


def _odd(ground: Ground) -> Outcome:
    """Null bytes, lone surrogates and broken UTF-8, in HTML and in JSON."""
    folder = ground.place("odd")
    page = business_record([Said("2024-02-01 10:00:00 UTC", f"zqodd NUL {GOOD}")])
    page = page.replace(b"NUL", b"\x00\xff\xfe\xed\xa0\x80")
    body = '{"participants": [{"name": "Orin Example"}], "title": "Orin Example", "messages": [' \
        '{"sender_name": "Orin Example", "timestamp_ms": 1706781600000, ' \
        '"content": "zqjson \\ud83d 612-555-0134"}], "thread_path": "inbox/orin_1"}'  # fmt: skip
    inbox = "your_facebook_activity/messages/inbox/orin_1/message_1.json"
    sources = [
        write_zip(folder / "one.zip", {"records.html": page}),
        write_zip(folder / "two.zip", {inbox: body.encode()}),
    ]
    ended, _, err = ground.triage(
        "run", *sources, "--case", folder / "case", "--workers", 1, "--quiet", "--no-model"
    )
    found = set()
    if ended in (0, 1):
        found = {r["value"] for r in rows(folder / "case", "mentions") if r["kind"] == "phone"}
    ok = found == {"+16515550117", "+16125550134"} and "Traceback" not in err
    return Outcome(ok, f"exit code {ended}, {len(found)} of 2 numbers found")


def _cut_page(ground: Ground) -> Outcome:
    """A page that ends in the midst of a message."""
    folder = ground.place("cut-page")
    said = [Said(f"2024-02-01 10:00:0{n} UTC", f"message {n} {GOOD}") for n in range(6)]
    page = business_record(said)
    cut = page[: page.index(b"message 4") + 4]
    source = write_zip(folder / "return.zip", {"records.html": cut})
    ended, _, err = ground.triage(
        "run", source, "--case", folder / "case", "--workers", 1, "--quiet", "--no-model"
    )
    if ended not in (0, 1):
        return Outcome(False, f"exit code {ended}; {err.strip()}")
    kept = {row["text"] for row in rows(folder / "case", "records", "text")}
    whole = sum(message.text in kept for message in said[:4])
    codes = sorted({row["code"] for row in rows(folder / "case", "issues")} - {"no_scope"})
    told = f"{whole} of 4 whole messages read, issues {', '.join(codes) or 'none'}"
    return Outcome(whole == 4 and bool(codes), told)


CODES = {
    "unknown": "unknown_format", "cut": "broken_archive", "encrypted": "encrypted_member",
    "way out": "unsafe_path", "nested": "nested_archive", "bomb": "archive_ratio",
}  # fmt: skip
WORDS = {
    "unknown": "a file in no known format", "cut": "an archive that was cut off",
    "encrypted": "an encrypted archive", "way out": "a member whose path leads out of its archive",
    "nested": "an archive within an archive", "bomb": "a member that inflates beyond the limit",
}  # fmt: skip

BAD_INPUT = Function("ERR", "Bad input", (
    Assertion("ERR-01", "A source that cannot be used is told in one line.",
        "Names nine bad files, one at a time.", "exit code 2, one line, no traceback", _alone),
    *(
        Assertion(f"ERR-{number:02}", f"Beside a good source, {words} is an issue and the good one "
            "is read.", "Names both.",
            f"exit code 1, one error {CODES[name]}, the good source read",
            _beside(name, CODES[name]))
        for number, (name, words) in enumerate(WORDS.items(), 2)
    ),
    Assertion("ERR-08", "No member's name makes a file anywhere.",
        "Reads an archive whose names lead up, are absolute, or hold line ends and backslashes.",
        "no file written but those of the case", _nothing_outside),
    Assertion("ERR-09", "What somebody wrote into a message acts on nobody who reads it.",
        "Reads messages with script, escapes of a terminal and turns of direction; makes the "
        "report and shows them.", "text kept; escaped in the report and on the terminal", _escaped),
    Assertion("ERR-10", "Large messages that tempt patterns take bounded time.",
        f"Reads five messages of {LARGE:,} signs each.",
        f"all kept whole, under {SECONDS:.0f} s each", _large),
    Assertion("ERR-11", "Null bytes, lone surrogates and broken UTF-8 stop nothing.",
        "Reads a page and a JSON file that hold them.", "the numbers beside them are found", _odd),
    Assertion("ERR-12", "Of a page that was cut off all whole messages are read; the cut is told.",
        "Reads a page that ends in the midst of its fifth message.",
        "four messages, and an issue", _cut_page),
))  # fmt: skip
