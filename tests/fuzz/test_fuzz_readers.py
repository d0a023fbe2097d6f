"""Damage of every kind to every reader's samples; ``make fuzz`` runs it, ``make test`` does not.

``FUZZ_EXAMPLES`` says how many examples a sample gets. What is found is mended and kept as a test of
the reader; Hypothesis prints the smallest example that fails.
"""

from __future__ import annotations

import io
import os
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_samples import samples
from reading import read_folder

pytestmark = pytest.mark.fuzz

CASES = [(reader, name) for reader, files in samples().items() for name in files]
DATA = {(reader, name): data for reader, files in samples().items() for name, data in files.items()}
ZIPPED = {"docx_document", "xlsx_table"}
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "300"))
SETTINGS = settings(
    derandomize=False,
    max_examples=EXAMPLES, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)  # fmt: skip
NAMES = ["x", "x.txt", "x.html", "x.json", "x.csv", "x.eml", "x.mbox", "x.pdf", "x.docx", "x.xlsx",
         "records.html", "_chat.txt", "messages/inbox/a_1/message_1.json", "messages/inbox/a_1/message_1.html"]  # fmt: skip
TOKENS = [
    b"\0", b"\n", b"\r", b"\r\n", b"\n\n", b"\t", b",", b";", b'"', b"'", b"\\", b"<", b">", b"&", b"{", b"}",
    b"[", b"]", b":", b"=", b"--", b"-->", b"<!--", b"<![CDATA[", b"]]>", b"</div>", b"<div>", b"<br>",
    b"</html>", b"</body>", b"<script>", b"<title>", b"<table>", b"<tr>", b"<td>", b"</td>", b"<p>", b"</w:p>",
    b"<w:p>", b"</w:tbl>", b"<w:tbl>", b"<row r=\"9\">", b"&#0;", b"&#xD800;", b"&amp;", b"&#128512;",
    b"\\ud83d", b"\\u0000", b"null", b"true", b"NaN", b"1e999", b"-1", b"99999999999999999999", b"0",
    b"{\"a\":", b"[[[[[[[[", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xc3", b"\xf0\x9f", b"\xed\xa0\x80",
    b"\xff", b"\x80", "\u2028".encode(), "\u200e".encode(), "٣".encode(), "😀".encode(), b"\x0b", b"\x0c", b"\x1c", b"\x85",
    b"From ", b"From - Fri Mar 01 03:20:00 2024\n", b"--b1", b"--b1--", b"Content-Type: ", b"boundary=", b"=?utf-8?Q?",
    b"=?utf-8?B?", b"base64", b"quoted-printable", b"=E9", b"3/14/24, 00:07 - ", b"[13/03/2024, 11:58:07 PM] ",
    b"31/02/2024", b"2024-02-30 25:61:61 UTC", b"0000-00-00", b"9999-12-31 23:59:59 UTC", b"1709259067123",
    b"class=\"pageBreak\" id=\"page_3\"", b"Author", b"Sent", b"Body", b"Thread", b"(Facebook: 1)",
    b"endobj", b"endstream", b"stream", b"obj", b"%%EOF", b"trailer", b"PK\x03\x04", b"PK\x05\x06",
]  # fmt: skip
"""What means something in one of the formats."""

PLACE = st.floats(0, 1)
STEP = st.one_of(
    st.tuples(st.just("flip"), PLACE, st.integers(1, 255)),
    st.tuples(st.just("cut"), PLACE, st.integers(1, 60)),
    st.tuples(st.just("copy"), PLACE, PLACE),
    st.tuples(st.just("token"), PLACE, st.sampled_from(TOKENS)),
    st.tuples(st.just("token over"), PLACE, st.sampled_from(TOKENS)),
    st.tuples(st.just("bytes"), PLACE, st.binary(max_size=8)),
    st.tuples(st.just("repeat"), PLACE, st.integers(2, 300)),
    st.tuples(st.just("end"), PLACE, st.none()),
    st.tuples(st.just("begin"), PLACE, st.none()),
    st.tuples(st.just("other"), PLACE, st.sampled_from(sorted(DATA))),
    st.tuples(st.just("written"), PLACE, st.sampled_from(["utf-16", "utf-16-be", "cp1252", "latin-1", "utf-8-sig", "\r", "\r\n"])),
)  # fmt: skip
STEPS = st.lists(STEP, min_size=1, max_size=6)


def changed(data, steps):
    """Do damage, step by step."""
    for what, place, how in steps:
        at = int(place * len(data))
        if what == "flip" and data:
            at = min(at, len(data) - 1)
            data = data[:at] + bytes([data[at] ^ how]) + data[at + 1 :]
        elif what == "cut":
            data = data[:at] + data[at + how :]
        elif what == "copy":
            begin = int(how * len(data))
            data = data[:at] + data[begin : begin + 400] + data[at:]
        elif what in ("token", "bytes"):
            data = data[:at] + how + data[at:]
        elif what == "token over":
            data = data[:at] + how + data[at + len(how) :]
        elif what == "repeat":
            data = data[:at] + data[at : at + 20] * how + data[at:]
        elif what == "end":
            data = data[:at]
        elif what == "begin":
            data = data[at:]
        elif what == "other":
            data = data[:at] + DATA[how][-int(place * 2000) - 1 :]
        elif what == "written":
            text = data.decode("utf-8", "replace")
            data = text.replace("\n", how).encode() if "\r" in how else text.encode(how, "replace")
    return data


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz") / "in"


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_a_damaged_sample(case, folder):
    @SETTINGS
    @given(STEPS)
    def check(steps):
        read_folder(folder, {case[1]: changed(DATA[case], steps)}, exact=False)

    check()


@pytest.mark.parametrize("case", [case for case in CASES if case[0] in ZIPPED], ids="-".join)
def test_a_sample_with_a_damaged_part(case, folder):
    with zipfile.ZipFile(io.BytesIO(DATA[case])) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    @SETTINGS
    @given(st.sampled_from(sorted(parts)), STEPS)
    def check(name, steps):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, content in parts.items():
                archive.writestr(part, changed(content, steps) if part == name else content)
        read_folder(folder, {case[1]: stream.getvalue()}, exact=False)

    check()


def test_any_bytes_under_any_name(folder):
    @SETTINGS
    @given(
        st.sampled_from(NAMES),
        st.lists(st.binary(max_size=40) | st.sampled_from(TOKENS), max_size=60),
    )
    def check(name, pieces):
        read_folder(folder, {name: b"".join(pieces)}, exact=False)

    check()


def test_several_damaged_files_in_one_folder_or_archive(folder, tmp_path):
    @SETTINGS
    @given(
        st.dictionaries(st.sampled_from(sorted(DATA)), STEPS, min_size=2, max_size=4), st.booleans()
    )
    def check(damage, zipped):
        files = {
            f"{case[0]}/{case[1]}": changed(DATA[case], steps) for case, steps in damage.items()
        }
        if zipped:
            stream = io.BytesIO()
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, data in files.items():
                    archive.writestr(name, data)
            files = {"return.zip": stream.getvalue()}
        read_folder(folder, files, exact=False)

    check()


def test_a_damaged_archive(folder):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for case in CASES[:8]:
            archive.writestr(f"{case[0]}/{case[1]}", DATA[case])
    whole = stream.getvalue()

    @SETTINGS
    @given(STEPS)
    def check(steps):
        read_folder(folder, {"return.zip": changed(whole, steps)}, exact=False)

    check()
