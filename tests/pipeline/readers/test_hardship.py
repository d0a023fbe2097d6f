"""Every reader on damaged and rewritten samples: a right result or a clear issue, never silence."""

from __future__ import annotations

import re
from collections import Counter
from random import Random

import pytest
from reader_samples import samples
from reading import WORD, read_folder

from pipeline.readers.encodings import decode
from schemas.kinds import RecordKind

PLACES = 20
CASES = [(reader, name) for reader, files in samples().items() for name in files]
DATA = {(reader, name): data for reader, files in samples().items() for name, data in files.items()}
ENDLESS = {"csv_table", "mbox", "text_document", "whatsapp_chat"}
"""Formats in which nothing tells that a file goes on."""
BINARY = {"docx_document", "meta_pdf", "pdf_document", "xlsx_table"}
TEXTS = [case for case in CASES if case[0] not in BINARY]
PLAIN = {"csv_table", "html_document", "mbox", "text_document", "whatsapp_chat"}
"""Formats in which a time is text in a cell or a line, and stays that where it is damaged."""
SAID = {RecordKind.MESSAGE, RecordKind.CALL, RecordKind.REACTION, RecordKind.SYSTEM}
SLACK = 3
"""Words that one changed byte can change: the one it stands in, cut in two or joined with others."""


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hardship")
    return lambda name, data: read_folder(folder / "in", {name: data})


@pytest.fixture(scope="module")
def whole(read):
    known = {}

    def outcome(case):
        if case not in known:
            known[case] = read(case[1], DATA[case])
        return known[case]

    return outcome


def said(base, got):
    """Issues that somebody has to look at, and that the whole file does not have."""
    return Counter(got.loud) - Counter(base.loud)


def texts(outcome):
    """All texts, however the lines of the file end."""
    return [
        (record.kind, re.sub(r"\r\n|\r", "\n", record.text or "")) for record in outcome.records
    ]


def expect(case, base, got, data, *, slack=0, wanted=None):
    """Hold a result against that of the whole file: the same words, unless an issue says so.

    ``data`` is what was read; ``wanted`` the words that must be there, if not all of the sample.
    """
    if said(base, got):
        return
    if got.readers == ["text_document"] != base.readers:  # all that is there can be seen
        assert not set(WORD.findall(decode(data).text)) - got.words
        return
    lost = (base.words if wanted is None else wanted) - got.words
    if case[0] not in BINARY:  # what is not written but worked out (a number's digits) may be lost
        lost &= set(WORD.findall(decode(DATA[case]).text))
    assert len(lost) <= slack, f"lost in silence: {sorted(lost)}"
    if wanted is None and case[0] not in PLAIN and got.issues == base.issues:
        timed = [
            sum(r.sent_at is not None for r in one.records if r.kind in SAID) for one in (base, got)
        ]
        assert timed[1] >= timed[0], "a time was lost in silence"


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_the_sample_itself_is_read_by_its_reader(case, whole):
    outcome = whole(case)
    assert outcome.readers == [case[0]]
    assert outcome.records
    codes = {code for _, code, _ in outcome.loud}
    assert codes == ({"scan_sheet"} if case[1] == "scans.pdf" else set())


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_cut_off(case, read, whole):
    data, base = DATA[case], whole(case)
    rng = Random(f"cut {case}")
    for cut in sorted({*rng.sample(range(1, len(data)), PLACES - 2), 1, len(data) - 1}):
        got = read(case[1], data[:cut])
        wanted = None
        if case[0] in ENDLESS:
            before = [record for record in base.records if record.byte_end <= cut]
            wanted = {word for record in before for word in WORD.findall(record.text or "")}
        expect(case, base, got, data[:cut], wanted=wanted)


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_one_byte_changed(case, read, whole):
    data, base = DATA[case], whole(case)
    rng = Random(f"flip {case}")
    for place in rng.sample(range(len(data)), PLACES):
        changed = bytearray(data)
        changed[place] ^= rng.choice((1, 2, 4, 8, 16, 32, 64, 128, 255))
        got = read(case[1], bytes(changed))
        if not case[1].endswith(".pdf"):  # a stream within a PDF has no check that readers make
            expect(case, base, got, bytes(changed), slack=SLACK)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"], ids=["CR", "LF", "CRLF"])
@pytest.mark.parametrize("case", TEXTS, ids="-".join)
def test_line_ends(case, end, read, whole):
    data = DATA[case].replace(b"\r\n", b"\n").replace(b"\n", end.encode())
    got = read(case[1], data)
    assert got.readers == [case[0]]
    assert not said(whole(case), got)
    assert texts(got) == texts(whole(case))


WRITINGS = {
    "BOM": ("utf-8-sig", b""), "UTF-16-LE": ("utf-16-le", b"\xff\xfe"), "UTF-16-BE": ("utf-16-be", b"\xfe\xff"),
}  # fmt: skip


@pytest.mark.parametrize("writing", WRITINGS)
@pytest.mark.parametrize("case", TEXTS, ids="-".join)
def test_marks_and_wide_characters(case, writing, read, whole):
    encoding, mark = WRITINGS[writing]
    data = mark + DATA[case].decode().encode(encoding)
    got = read(case[1], data)
    expect(case, whole(case), got, data)
    if writing == "BOM":
        assert not said(whole(case), got)
    if not said(whole(case), got):
        assert got.readers == [case[0]]
        assert texts(got) == texts(whole(case))


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
@pytest.mark.parametrize("case", TEXTS, ids="-".join)
def test_old_encodings(case, encoding, read):
    plain = DATA[case].decode().encode(encoding, "ignore")
    base = read(case[1], plain.decode(encoding).encode())
    got = read(case[1], plain)
    expect(case, base, got, plain)
    if not said(base, got):
        assert texts(got) == texts(base)


@pytest.mark.parametrize("name", ["x.bin", "x", "a/b/records.html", "notes.txt", "x.csv", "x.pdf"])
@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_another_name(case, name, read, whole):
    base, got = whole(case), read(name, DATA[case])
    named = {word for record in base.records for word in WORD.findall(record.thread_name or "")}
    expect(case, base, got, DATA[case], wanted=base.words - named)


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_empty(case, tmp_path):
    outcome = read_folder(tmp_path / "in", {case[1]: b"", "beside.txt": b"some words\n"})
    assert ("info", "empty_file", 1) in outcome.issues
    assert outcome.readers == ["text_document"]
