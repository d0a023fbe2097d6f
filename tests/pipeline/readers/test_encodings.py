"""Encodings: what is found out, what is said, and the exact way back to the bytes."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers.encodings import (
    decode,
    decode_as,
    detect,
    detection_issue,
    encoding_issue,
)
from schemas.kinds import Severity

SPANISH = "Nos vemos mañana a las 10, ¿sí? La niña está aquí con papá 📱 ok"
WESTERN = "He said “don’t come” – la señora está en el café de Müller…"

GRID = [
    ("", "utf-8", "utf-8", "valid UTF-8"),
    ("plain ascii\r\n", "ascii", "utf-8", "valid UTF-8"),
    (SPANISH, "utf-8", "utf-8", "valid UTF-8"),
    (SPANISH, "utf-8-sig", "utf-8-sig", "byte order mark"),
    (SPANISH, "utf-16", "utf-16-le", "byte order mark"),
    (SPANISH, "utf-16-le", "utf-16-le", "pattern of NUL bytes"),
    (SPANISH, "utf-16-be", "utf-16-be", "pattern of NUL bytes"),
    (SPANISH, "utf-32", "utf-32-le", "byte order mark"),
    ("только завтра вечером у вокзала", "utf-16-le", "utf-16-le", "pattern of NUL bytes"),
    (WESTERN, "cp1252", "cp1252", "detected"),
    ("mañana", "cp1252", "cp1252", "detected"),
    ("mañana", "mac_roman", "mac_roman", "detected"),
    ("mañana", "cp850", "cp850", "detected"),
    ("AÑO NUEVO, CAFÉ “SOL”", "cp1252", "cp1252", "detected"),
    ("a café", "cp1252", "cp1252", "detected"),
    ("Ça va? Je suis à l’hôtel, près de la gare", "cp1252", "cp1252", "detected"),
    ("Ça va? Je suis à l’hôtel, près de la gare", "mac_roman", "mac_roman", "detected"),
    ("Straße, Müller, schöne Grüße", "latin-1", "cp1252", "detected"),
    ("Привет, встретимся завтра у вокзала, принеси деньги", "cp1251", "cp1251", "detected"),
    ("Привет, встретимся завтра у вокзала, принеси деньги", "koi8_r", "koi8_r", "detected"),
    ("Zażółć gęślą jaźń, spotkajmy się jutro wieczorem", "cp1250", "cp1250", "detected"),
    ("Καλημέρα, τι κάνεις σήμερα το βράδυ", "cp1253", "cp1253", "detected"),
]


@pytest.mark.parametrize(("text", "written", "found", "how"), GRID)
def test_each_encoding_is_found_and_leads_back_to_its_bytes(text, written, found, how):
    data = text.encode(written)
    decoded = decode(data)
    assert (decoded.text, decoded.encoding, decoded.how) == (text, found, how)
    assert decoded.replaced == 0
    pure = found.removesuffix("-sig")
    for index in (*range(len(text) + 1), *reversed(range(len(text) + 1))):
        at = decoded.byte_at(index)
        assert data[at:] == text[index:].encode(pure)


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        ("mañana 📱".encode() + b"\xff", "utf-8", "mañana 📱\ufffd"),
        ("ok 📱".encode()[:-1], "utf-8", "ok \ufffd\ufffd\ufffd"),
        ("mañana 📱".encode()[:-2], "utf-8", "mañana \ufffd\ufffd"),
        ("ok 📱 📱".encode().replace(b"\x9f", b"A", 1), "utf-8", "ok \ufffdA\ufffd\ufffd 📱"),
        (b"\xff\xfea\0b", "utf-16-le", "a\ufffd"),
        (b"\xff\xfea\0\x00\xd8b\0", "utf-16-le", "a\ufffdb"),
        (b"a\0\0b", "utf-8", "a\0\0b"),
        (
            b"\x81 el a\xf1o que viene, ma\xf1ana, \xbfs\xed?",
            "cp1252",
            "\ufffd el año que viene, mañana, ¿sí?",
        ),
    ],
)
def test_damage_becomes_a_replacement_character(data, encoding, text):
    decoded = decode(data)
    assert (decoded.encoding, decoded.text) == (encoding, text)
    assert decoded.replaced == text.count("\ufffd")
    issue = encoding_issue(decoded)
    if "\ufffd" in text:
        assert issue is not None
        assert (issue.severity, issue.code, issue.count) == (
            Severity.WARNING,
            "bad_encoding",
            decoded.replaced,
        )
        assert not any(word in issue.message for word in text.split() if len(word) > 2)
    else:
        assert issue is None


def test_bytes_between_damage_are_exact():
    data = "á📱".encode() + b"\xf0\x9f" + "ñ😀z".encode() + b"\xc3"
    decoded = decode(data)
    assert decoded.text == "á📱\ufffd\ufffdñ😀z\ufffd"
    assert [decoded.byte_at(at) for at in range(9)] == [0, 2, 6, 7, 8, 10, 14, 15, 16]


def test_issues_say_what_was_taken():
    assert encoding_issue(decode(b"plain")) is None
    assert encoding_issue(decode("\ufeffñ".encode())) is None
    issue = encoding_issue(decode("mañana".encode("cp1252")))
    assert issue is not None
    assert issue.severity is Severity.INFO
    assert issue.code == "encoding_detected"
    assert issue.message == (
        "read as cp1252, which was detected; check a page where letters with accents stand"
    )
    issue = encoding_issue(decode("mañana".encode("utf-16")))
    assert issue is not None
    assert issue.message == "read as UTF-16-LE, as its byte order mark says"
    assert detection_issue("utf-8", "valid UTF-8") is None


def test_a_head_may_end_inside_a_character():
    data = "solo un 📱".encode()
    assert detect(data[:-1], is_whole=False) == ("utf-8", "valid UTF-8")
    assert detect(data[:-1]) == ("utf-8", "mostly valid UTF-8")


def test_a_part_of_a_file_keeps_what_looks_like_a_mark():
    assert decode_as("\ufeffa".encode(), "utf-8").text == "a"
    assert decode_as("\ufeffa".encode(), "utf-8", at_start=False).text == "\ufeffa"


def test_random_access_over_many_blocks():
    text = "📱añb " * 9000
    data = text.encode()
    decoded = decode(data)
    for index in (44_000, 3, 20_001, 20_000, 4096, 4095, 0, len(text), 44_999):
        assert decoded.byte_at(index) == len(text[:index].encode())


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_a_text_and_a_way_back(data):
    decoded = decode(data)
    decoded.text.encode()  # no lone surrogates
    offsets = [decoded.byte_at(index) for index in range(len(decoded.text) + 1)]
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(data)
    encoding_issue(decoded)
    assert decode(data) == decoded or decoded._at  # the cursor is all that may differ


@given(st.text(max_size=80), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
@settings(deadline=None)
def test_marked_or_valid_text_comes_back(text, encoding):
    text = "a b " + text.replace("\0", "")
    if not text.isascii() and any("\ud800" <= mark <= "\udfff" for mark in text):
        return
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize("data", [os.urandom(1 << 20), b"\xff" * (1 << 20), b"\xc3" * (1 << 20)])
def test_large_junk_is_no_trouble(data):
    decoded = decode(data)
    assert decoded.byte_at(len(decoded.text)) == len(data)
