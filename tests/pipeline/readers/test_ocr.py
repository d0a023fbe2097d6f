"""Text recognition: the table of the engine, the engine found and asked, failures."""

from __future__ import annotations

import os
import stat
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers.ocr import (
    OcrError,
    OcrLine,
    Picture,
    Tesseract,
    find_tesseract,
    parse_tsv,
    read_page,
)

HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


def word(block, par, line, number, conf, text):
    return f"5\t1\t{block}\t{par}\t{line}\t{number}\t10\t10\t50\t12\t{conf}\t{text}"


PAGE = "\n".join([
    HEAD,
    "1\t1\t0\t0\t0\t0\t0\t0\t2550\t3300\t-1\t",
    "2\t1\t1\t0\t0\t0\t10\t10\t500\t90\t-1\t",
    "4\t1\t1\t1\t1\t0\t10\t10\t500\t12\t-1\t",
    word(1, 1, 1, 1, 96.5, "Call"),
    word(1, 1, 1, 2, "91.5", 'señora "Ace"'),
    word(1, 1, 2, 1, 90, "651-555-0117"),
    word(1, 2, 1, 1, 50, "now"),
    word(2, 1, 1, 1, 95, " "),
    word(2, 1, 1, 2, -1, "nothing"),
    "",
])  # fmt: skip

PARAGRAPHS = [
    [OcrLine('Call señora "Ace"', 0.94, 2), OcrLine("651-555-0117", 0.9, 1)],
    [OcrLine("now", 0.5, 1)],
]

GRID = [
    (PAGE, PARAGRAPHS),
    (PAGE.replace("\n", "\r\n"), PARAGRAPHS),
    (HEAD, []),
    ("", []),
    ("no\ttable\n1\t2", []),
    (HEAD + "\n" + word(1, 1, 1, 1, "x", "a"), []),
    (HEAD + "\n" + word(1, "y", 1, 1, 90, "a"), []),
    (HEAD + "\n5\t1\t1", []),
    (HEAD + "\n" + word(1, 1, 1, 1, 0, "a"), [[OcrLine("a", 0.0, 1)]]),
    (HEAD + "\n" + word(1, 1, 1, 1, 101, "a"), []),
    (HEAD + "\n" + word(1, 1, 1, 1, "nan", "a"), []),
]


@pytest.mark.parametrize(("table", "paragraphs"), GRID)
def test_words_become_lines_and_paragraphs_with_mean_confidence(table, paragraphs):
    assert parse_tsv(table) == paragraphs


@given(st.text("5\t\n1.x-"))
def test_any_table_is_read(text):
    parse_tsv(HEAD + "\n" + text)
    parse_tsv(text)


FAKE = """#!{python}
import sys, time
argv = sys.argv[1:]
if argv == ["--version"]:
    print("tesseract {version}\\n leptonica-1.82.0")
elif argv == ["--list-langs"]:
    print("List of available languages in \\"/somewhere/\\" (3):\\n" + "{languages}".replace(" ", "\\n"))
else:
    data = sys.stdin.buffer.read()
    assert data.startswith(b"P5 ") and argv[:2] == ["stdin", "stdout"] and argv[-1] == "tsv", argv
    width, height = map(int, data[3:data.index(b" 255")].split())
    assert len(data.split(b" 255\\n", 1)[1]) == width * height
    {act}
    print({page!r}.replace("ARGS", " ".join(argv)))
"""


def install(folder, *, version="5.3.0", languages="eng osd spa", act="pass", page=PAGE):
    """Put a program that answers as Tesseract does on the path of one test."""
    folder.mkdir(exist_ok=True)
    path = folder / "tesseract"
    path.write_text(
        FAKE.format(
            python=sys.executable, version=version, languages=languages, act=act, page=page
        ),
        "utf-8",
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def on_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    return tmp_path / "bin"


PICTURE = Picture(3, 2, bytes(6))


def test_the_engine_is_found_with_version_and_languages(on_path):
    path = install(on_path)
    assert find_tesseract() == Tesseract(str(path), "5.3.0", ("eng", "osd", "spa"))
    assert find_tesseract().label == "tesseract 5.3.0, eng+spa"


def test_without_engine_there_is_none(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_tesseract() is None


def test_what_is_no_engine_is_none(on_path):
    install(on_path, version="vX")
    assert find_tesseract() is None


@pytest.mark.parametrize(
    ("languages", "arguments", "label"),
    [
        ("eng osd spa", "--dpi 300 -l eng+spa --psm 1 tsv", "eng+spa"),
        ("eng", "--dpi 300 -l eng tsv", "eng"),
        ("deu", "--dpi 300 tsv", "default language"),
    ],
)
def test_a_page_is_read_in_the_languages_there_are(on_path, languages, arguments, label):
    install(on_path, languages=languages, page=HEAD + "\n" + word(1, 1, 1, 1, 90, "ARGS"))
    engine = find_tesseract()
    assert engine.label == f"tesseract 5.3.0, {label}"
    assert read_page(engine, PICTURE) == [[OcrLine(f"stdin stdout {arguments}", 0.9, 1)]]


FAILURES = [
    ("sys.exit(3)", "text recognition failed (exit code 3)"),
    ("time.sleep(30)", "text recognition took more than 1 seconds"),
]


@pytest.mark.parametrize(("act", "message"), FAILURES)
def test_failures_say_why(on_path, act, message):
    install(on_path, act=act)
    with pytest.raises(OcrError) as caught:
        read_page(find_tesseract(), PICTURE, seconds=1)
    assert str(caught.value) == message


def test_an_engine_that_is_gone_says_so(tmp_path):
    with pytest.raises(OcrError, match="could not be started"):
        read_page(Tesseract(str(tmp_path / "gone"), "5", ()), PICTURE)
