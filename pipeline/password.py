"""The password in a file: never on the command line, never in a message."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import ConfigError

LONGEST = 4096
"""Bytes of a password file; more is another file by mistake."""


def read_password(path: Path) -> str:
    """Return the first line of a password file, without its line end and byte order mark.

    Raises:
        ConfigError: it cannot be read, is empty, or is no UTF-8 text. What it holds is not told.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST + 1)
        if len(data) > LONGEST:
            raise ConfigError(f"{path}: too long for a password file")
        first = data.decode("utf-8-sig").split("\n", 1)[0].rstrip("\r")
    except OSError as error:
        raise ConfigError(f"{path}: the password file cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: the password file is not UTF-8 text") from None
    if not first.strip():
        raise ConfigError(f"{path}: the first line, the password, is empty")
    if "\0" in first:
        raise ConfigError(f"{path}: the password file is not UTF-8 text")
    return first
