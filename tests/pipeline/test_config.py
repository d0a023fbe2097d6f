"""The options of a run: joined, checked, hashed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.config import Limits, RunConfig, settle
from pipeline.errors import ConfigError


def from_file(tmp_path: Path, text: str, **options: object) -> RunConfig:
    path = tmp_path / "triage.toml"
    path.write_text(text, "utf-8")
    return settle(path, **options)


def test_defaults_and_the_command_line() -> None:
    assert settle(None) == RunConfig()
    assert settle(None, region=None, workers=None, limit_ratio=None) == RunConfig()
    config = settle(None, region="MX", workers=3, limit_ratio=50, use_model=False)
    assert (config.region, config.workers, config.use_model) == ("MX", 3, False)
    assert config.limits == Limits(ratio=50)


def test_the_command_line_wins(tmp_path: Path) -> None:
    text = "region = 'MX'\ntimezone = 'UTC'\nworkers = 2\n[limits]\nratio = 7\nmembers = 9\n"
    config = from_file(tmp_path, text, region="CA", limit_ratio=8)
    assert (config.region, config.timezone, config.workers) == ("CA", "UTC", 2)
    assert config.limits == Limits(ratio=8, members=9)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("regoin = 'US'", "unknown option 'regoin'"),
        ("limits = 5", "limits must be a table"),
        ("[limits]\nratoi = 5", "unknown option 'ratoi'"),
        ("[limits]\nlimits = 5", "unknown option 'limits'"),
        ("[limits]\nratio = 'x'", "ratio must be a whole number, not 'x'"),
        ("[limits]\nratio = 1.5", "ratio must be a whole number"),
        ("[limits]\nmember_bytes = 0", "--limit-member-bytes must be 1 or more"),
        ("workers = '2'", "workers must be a whole number"),
        ("workers = true", "workers must be a whole number"),
        ("workers = 0", "--workers must be 1 or more"),
        ("workers = -1", "--workers must be 1 or more"),
        ("use_model = 1", "use_model must be true or false"),
        ("region = 5", "region must be text"),
        ("region = 'us'", "is not a country code"),
        ("region = 'ZZ'", "is not a country code"),
        ("region = ''", "is not a country code"),
        ("timezone = 'Chicago'", "is not a zone"),
        ("timezone = 'America'", "is not a zone"),
        ("timezone = ''", "is not a zone"),
        ("timezone = '/etc/localtime'", "is not a zone"),
        ("timezone = 6", "timezone must be text"),
        ("scope = ['x']", "scope must be text"),
        ("model = 'nowhere'", "--model nowhere: no such folder"),
        ("region = ", "not a readable TOML file"),
    ],
)
def test_options_that_cannot_be_used(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        from_file(tmp_path, text)


def test_all_problems_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        from_file(tmp_path, "region = 'ZZ'\ntimezone = 'x'\n", workers=0)
    assert str(caught.value).count(";") == 2
    with pytest.raises(ConfigError, match=r"'a'.*'b'"):
        from_file(tmp_path, "a = 1\nb = 2\n")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not a readable TOML file"):
        settle(tmp_path / "triage.toml")
    with pytest.raises(ConfigError, match="not a readable TOML file"):
        settle(tmp_path)


def test_what_changes_no_output_is_not_in_the_hash() -> None:
    """A case begun with 8 workers goes on with 1; the scope's content is hashed elsewhere."""
    plain = RunConfig()
    same = replace(plain, workers=8, scope="scope.toml")
    assert same.digest() == plain.digest()
    for other in (
        replace(plain, region="MX"),
        replace(plain, timezone="UTC"),
        replace(plain, use_model=False),
        replace(plain, limits=Limits(ratio=2)),
    ):
        assert other.digest() != plain.digest()
