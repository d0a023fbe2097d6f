"""Every function of the tool that is validated, in the order of the report."""

from __future__ import annotations

from pipeline.errors import ConfigError
from pipeline.validate.bad_input import BAD_INPUT
from pipeline.validate.base import Assertion, Function
from pipeline.validate.citing import CITING
from pipeline.validate.extraction import EXTRACTION
from pipeline.validate.intake import INTAKE
from pipeline.validate.linking import LINKING, REPEATS
from pipeline.validate.outside import NETWORK, RIGHTS, SOURCE
from pipeline.validate.parsing import PARSING
from pipeline.validate.reporting import REPORTING
from pipeline.validate.running import DETERMINISM, RESUMING, VERIFYING
from pipeline.validate.scoping import SCOPING
from pipeline.validate.sealing import REDACTION, SEALING

FUNCTIONS: tuple[Function, ...] = (
    INTAKE, SOURCE, PARSING, CITING, SCOPING, SEALING, *EXTRACTION, LINKING, REPEATS, RESUMING,
    DETERMINISM, VERIFYING, REDACTION, REPORTING, NETWORK, RIGHTS, BAD_INPUT,
)  # fmt: skip


def chosen(only: tuple[str, ...]) -> tuple[tuple[Function, Assertion], ...]:
    """Return the assertions that are asked for, in order, each with its function.

    Args:
        only: codes of functions (``PAR``) or ids of assertions (``PAR-07``); empty = all.

    Raises:
        ConfigError: one of them is not known.
    """
    everything = tuple((function, item) for function in FUNCTIONS for item in function.assertions)
    if not only:
        return everything
    wanted = {name.strip().upper() for part in only for name in part.split(",") if name.strip()}
    known = {name for function, item in everything for name in (function.code, item.id)}
    for name in sorted(wanted - known):
        codes = ", ".join(function.code for function in FUNCTIONS)
        raise ConfigError(f"--only {name}: no such function or assertion; functions are {codes}")
    return tuple((f, item) for f, item in everything if f.code in wanted or item.id in wanted)
