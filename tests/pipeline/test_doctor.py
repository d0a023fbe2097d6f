"""What the tool says of the machine it runs on."""

from __future__ import annotations

from zoneinfo import ZoneInfoNotFoundError

import psutil
import pytest

from pipeline import doctor
from pipeline.readers import ocr
from pipeline.readers.ocr import Tesseract

STATES = {"ok", "missing", "optional"}


def found(name, folder):
    return [finding for finding in doctor.examine(folder) if finding.name == name]


def test_this_machine_is_looked_at(tmp_path):
    findings = doctor.examine(tmp_path)
    names = {finding.name for finding in findings}
    assert names == {"python", "memory", "disk", "names model", "time zones", "text recognition", "browser", "encryption"}  # fmt: skip
    for finding in findings:
        assert finding.state in STATES
        assert finding.found
        assert bool(finding.advice) == (finding.state != "ok")


def test_a_small_machine(tmp_path, monkeypatch):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: type("M", (), {"total": 1 << 30})())
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: type("D", (), {"free": 1 << 30})())
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    assert [f.state for f in found("memory", tmp_path)] == ["missing"]
    assert found("memory", tmp_path)[0].found == "1.0 GiB"
    assert [f.state for f in found("disk", tmp_path)] == ["missing"]
    assert [f.state for f in found("browser", tmp_path)] == ["optional"]
    assert [f.state for f in found("text recognition", tmp_path)] == ["optional"]


def test_without_model_or_zones(tmp_path, monkeypatch):
    def missing(*_):
        raise OSError

    def no_zone(_):
        raise ZoneInfoNotFoundError

    monkeypatch.setattr("extractors.names.model_digest", missing)
    monkeypatch.setattr(doctor, "ZoneInfo", no_zone)
    for name in ("names model", "time zones"):
        assert [f.state for f in found(name, tmp_path)] == ["missing"]


@pytest.mark.parametrize(
    ("languages", "states"),
    [
        (("eng", "spa"), ["ok"]),
        (("eng",), ["ok", "optional"]),
        ((), ["ok", "optional", "optional"]),
    ],
)
def test_languages_of_text_recognition(tmp_path, monkeypatch, languages, states):
    engine = Tesseract("tesseract", "5.3.0", languages)
    monkeypatch.setattr(ocr, "find_tesseract", lambda: engine)
    assert [f.state for f in found("text recognition", tmp_path)] == states
