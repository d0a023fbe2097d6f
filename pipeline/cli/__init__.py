"""The command ``triage``: parse, call one function, map errors to exit codes.

Each command lives in a module of its own that is imported when it is called:
``import pipeline.cli`` loads neither spaCy, pandas, dask nor pyarrow.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

from pipeline import __version__
from pipeline.errors import TriageError

COMMANDS = {
    "run": "run",
    "extract": "extract",
    "evaluate": "evaluate",
    "search": "search",
    "show": "show",
    "sql": "sql",
    "report": "report",
    "corroborate": "corroborate",
    "export": "export",
    "verify": "verify",
    "status": "status",
    "release": "release",
    "sample": "sample",
    "readers": "readers",
    "doctor": "doctor",
    "bench": "bench",
    "validate": "validate",
}
"""Command and the module of :mod:`pipeline.cli` that holds it."""

PASSWORD_FILE = "TRIAGE_PASSWORD_FILE"
BUG = 4
UNFINISHED = 5
INTERRUPTED = 130


class LazyGroup(click.Group):
    """Finds commands by name and imports their modules only then."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which a user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"pipeline.cli.{COMMANDS[cmd_name]}")
        command = module.command
        assert isinstance(command, click.Command)
        _take_password(command)
        return command


def _take_password(command: click.Command) -> None:
    """Give a command that opens cases the option for encrypted ones."""
    named = {parameter.name: parameter for parameter in command.params}
    own = named.get("password_file")
    if own is not None:
        own.callback = own.callback or _password
    elif named.keys() & {"case", "cases"}:
        command.params.append(
            click.Option(
                ["--password-file"], type=click.Path(), expose_value=False, callback=_password,
                help="Of an encrypted case.  [TRIAGE_PASSWORD_FILE]",
            )
        )  # fmt: skip


def _password(_context: click.Context, _option: click.Parameter, value: Any) -> Any:
    if value is not None:
        os.environ[PASSWORD_FILE] = str(value)  # where open_case looks; a path, never a password
    return value


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="triage")
def group() -> None:
    """Find phone numbers, aliases, places and money in warrant returns, each with its citation.

    The tool finds leads; people judge. Start with:

        triage run return.zip --case cases/24-0117
    """


def main(arguments: list[str] | None = None) -> None:
    """Run a command and leave with its exit code (CONTRACT 1)."""
    # Arrow's own allocator keeps what is freed: 100 MB of 40,000 pages, 300 MB of 400,000; read by
    # Arrow as it is loaded, here and in workers
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    sys.exit(call(arguments))


def call(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code; a foreseen error is one line on standard error.

    What the command opened of encrypted cases is gone from memory when it has ended.
    """
    from pipeline import memory

    named = os.environ.get(PASSWORD_FILE)
    rooms = memory.rooms()
    memory.commanding = True
    try:
        return _called(arguments)
    finally:
        memory.commanding = False
        for room in memory.rooms() - rooms:
            memory.leave(room)
        os.environ.pop(PASSWORD_FILE, None)
        if named is not None:
            os.environ[PASSWORD_FILE] = named


def _called(arguments: list[str] | None) -> int:
    try:
        code: Any = group.main(arguments, prog_name="triage", standalone_mode=False)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.Abort:
        return _say("stopped; run the same command again to go on", INTERRUPTED)
    except KeyboardInterrupt:
        return _say("stopped; run the same command again to go on", INTERRUPTED)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except TriageError as error:
        return _say(str(error), error.exit_code)
    except SystemExit as leaving:  # click leaves so when nobody reads its output any more (head)
        return 0 if isinstance(leaving.__context__, OSError) else int(leaving.code or 0)
    except MemoryError:
        return _say("out of memory; close other programs, or use a larger machine, and run the "
                    "same command again: done work is kept", UNFINISHED)  # fmt: skip
    except Exception as error:
        return _bug(error)
    return code if isinstance(code, int) else 0


def _say(message: str, code: int) -> int:
    from pipeline import memory

    click.echo(f"triage: {memory.named(message)}", err=True)
    return code


def _bug(error: Exception) -> int:
    """Say where it broke, never with what text: an exception's message may hold evidence."""
    import traceback

    if os.environ.get("TRIAGE_DEBUG"):
        traceback.print_exception(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{last.filename.rsplit('/', 1)[-1]}:{last.lineno}"
    return _say(
        f"a bug in the tool: {type(error).__name__} at {place}; please report it (TRIAGE_DEBUG=1 "
        "shows more, and may show evidence)",
        BUG,
    )
