"""What can go wrong, and what happens then; each class says its exit code (CONTRACT 1)."""

from __future__ import annotations

from typing import ClassVar


class TriageError(Exception):
    """One line for people: what is wrong, in which file and page, and what to do."""

    exit_code: ClassVar[int] = 4


class ConfigError(TriageError):
    """Wrong flag, unknown option, no source usable: stop, nothing written."""

    exit_code = 2


class IntegrityError(TriageError):
    """A hash differs, a published file is missing or changed: stop, nothing further written."""

    exit_code = 3


class SourceError(TriageError):
    """This file cannot be read (encrypted, truncated, a bomb): an issue row, then the next file.

    Args:
        code: the issue's code.
        message: the issue's message; names the file, never evidence text.
    """

    exit_code = 1

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class UnfinishedError(TriageError):
    """Disk full, case in use, a worker gone: run again resumes."""

    exit_code = 5
