"""The options of a run, settled once and passed on."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.errors import ConfigError

GIB = 1 << 30

PATHS_AND_WORKERS = (
    "workers", "scheduler", "tls_ca", "tls_cert", "tls_key", "insecure", "encrypt",
    "password_file", "scope", "watch", "counsel", "advocates", "protected",
)  # fmt: skip
"""Options that change no output, or whose files' contents are hashed in place of their paths."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds against hostile input; what passes one is not read, and is an issue."""

    member_bytes: int = 64 * GIB
    """Largest inflated member: ten times the largest return heard of."""
    total_bytes: int = 512 * GIB
    """All members of an archive together."""
    ratio: int = 1000
    """Inflated to stored size of a member: deflate reaches 1,032; a return of HTML about 10."""
    members: int = 2_000_000
    """Members of an archive."""


@dataclass(frozen=True, slots=True)
class RunConfig:
    """What a person chose for a run."""

    region: str = "US"
    """ISO 3166 country of phone numbers written without one."""
    timezone: str = "America/Chicago"
    """IANA zone of relative dates and hour grids."""
    scope: str | None = None
    """Path of scope.toml."""
    watch: str | None = None
    """Path of a list of numbers, names and handles known to the case (pipeline.lists)."""
    counsel: str | None = None
    advocates: str | None = None
    """Paths of the lists of those whose conversations are sealed."""
    protected: str | None = None
    """Path of the list of persons for whom designators stand in redacted outputs."""
    password_file: str | None = None
    """Path of a file whose first line is the password of sealed or encrypted material."""
    encrypt: bool = False
    """Whether the case lies encrypted when no command is at work on it."""
    model: str | None = None
    """Path of another spaCy pipeline; None = the shipped one."""
    use_model: bool = True
    workers: int = 1
    """Worker processes; changes no output."""
    scheduler: str | None = None
    """Address of a running Dask scheduler, in place of worker processes of this machine."""
    tls_ca: str | None = None
    tls_cert: str | None = None
    tls_key: str | None = None
    """Paths of the certificates with which the scheduler is met."""
    insecure: bool = False
    """Whether a scheduler may be met without TLS."""
    limits: Limits = field(default_factory=Limits)

    @property
    def model_path(self) -> str | None:
        """Path of the names model: empty for the shipped one, None for rules alone."""
        return (self.model or "") if self.use_model else None

    def digest(self) -> str:
        """Hash of all options that can change output."""
        kept = asdict(self)
        for name in PATHS_AND_WORKERS:
            kept.pop(name)
        return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def settle(config_file: Path | None, **options: Any) -> RunConfig:
    """Join triage.toml and the command line; the command line wins.

    Args:
        config_file: a TOML file with keys of :class:`RunConfig`, and a table ``limits``.
        options: values from the command line; None = not given.

    Raises:
        ConfigError: unknown keys, values of a wrong kind, an unknown zone or region; all at once.
    """
    given: dict[str, Any] = {}
    problems: list[str] = []
    if config_file is not None:
        try:
            given = tomllib.loads(config_file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"{config_file}: not a readable TOML file: {error}") from error
    limits = given.pop("limits", {})
    if not isinstance(limits, dict):
        raise ConfigError(f"{config_file}: limits must be a table")
    given |= {name: value for name, value in options.items() if value is not None}
    limits |= {n.removeprefix("limit_"): given.pop(n) for n in [*given] if n.startswith("limit_")}
    for owner, values in ((RunConfig, given), (Limits, limits)):
        kinds = get_type_hints(owner)
        for name, value in values.items():
            if name not in kinds or name == "limits":
                problems.append(f"unknown option {name!r}")
            elif not _fits(value, kinds[name]):
                problems.append(f"{name} must be {KINDS[kinds[name]]}, not {value!r}")
            elif owner is Limits and value < 1:
                problems.append(f"--limit-{name.replace('_', '-')} must be 1 or more")
    if not problems:
        config = replace(RunConfig(**given), limits=Limits(**limits))
        problems = list(_problems(config))
        if not problems:
            return config
    raise ConfigError("options: " + "; ".join(problems))


KINDS = {str: "text", str | None: "text", bool: "true or false", int: "a whole number"}


def _fits(value: object, kind: type | UnionType) -> bool:
    if kind in (bool, int):
        return type(value) is kind  # True is an int to Python, not to people
    return isinstance(value, get_args(kind) or kind)


def _problems(config: RunConfig) -> list[str]:
    from phonenumbers import SUPPORTED_REGIONS  # 0.1 s that only a run need spend

    found = []
    if config.region not in SUPPORTED_REGIONS:
        found.append(f"--region {config.region!r} is not a country code such as US or MX")
    try:
        ZoneInfo(config.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # "America" is a folder of zones
        found.append(f"--timezone {config.timezone!r} is not a zone such as America/Chicago")
    given = [config.tls_ca, config.tls_cert, config.tls_key]
    if any(given) and not all(given):
        found.append("--tls-ca, --tls-cert and --tls-key go together")
    if config.workers < 1:
        found.append("--workers must be 1 or more")
    if config.model is not None and not Path(config.model).is_dir():
        found.append(f"--model {config.model}: no such folder")
    return found
