"""The options of a run as its case keeps them, so that it can be run again: never a secret.

Scope and lists are remembered in case.toml (:mod:`pipeline.given`); here is the rest.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from pipeline.config import PATHS_AND_WORKERS, Limits, RunConfig
from pipeline.errors import ConfigError

APART = {*PATHS_AND_WORKERS, "limits", "model"}
KEPT = tuple(item.name for item in fields(RunConfig) if item.name not in APART)
"""Options whose values decide the output."""


def recorded(config: RunConfig) -> dict[str, Any]:
    """Return what the manifest says of the options."""
    return {
        **{name: getattr(config, name) for name in KEPT},
        "limits": asdict(config.limits),
        "other_model": config.model is not None,
    }


def places(config: RunConfig) -> dict[str, str]:
    """Return where files are that the options name, for the audit chain.

    No table and no manifest names a folder of the machine.
    """
    return {} if config.model is None else {"model": str(Path(config.model).absolute())}


def limits_of(options: object) -> Limits:
    """Return the limits of a run; the usual ones where they are not known."""
    try:
        return Limits(**options["limits"]) if isinstance(options, dict) else Limits()
    except (KeyError, TypeError):
        return Limits()


def restored(options: object, files: object, workers: int) -> RunConfig:
    """Make the options again.

    Args:
        options: of the manifest.
        files: of the run's entry in the audit chain (:func:`places`).
        workers: of this machine; they change no output.

    Raises:
        ConfigError: they are not options that this version knows, or a file is not named.
    """
    if not isinstance(options, dict):
        raise ConfigError("the manifest does not hold the options of the run")
    try:
        values = dict(options)
        limits = Limits(**values.pop("limits"))
        model = None
        if values.pop("other_model"):
            model = files["model"] if isinstance(files, dict) else None
            if model is None or not Path(model).is_dir():
                raise ConfigError("the names model that the run was given is not there any more")
        return RunConfig(**values, model=model, limits=limits, workers=workers)
    except (KeyError, TypeError) as error:
        raise ConfigError("the run's options are those of another version of the tool") from error
