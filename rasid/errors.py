"""The exceptions that cross a layer boundary; foreign ones are wrapped at the adapter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class RasidError(Exception):
    """Base of every error that Rasid raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in the configuration, worded for the person who wrote it."""

    file: str
    line: int  # 1-based; 0 when the whole file is meant
    message: str
    hint: str = ""
    column: int = 0  # 1-based; 0 when the whole line is meant

    def __str__(self) -> str:
        where = ":".join([self.file, *(str(at) for at in (self.line, self.column) if at)])
        return f"{where}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class ConfigError(RasidError):
    """The configuration is invalid; nothing of it is used. Carries every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class StorageError(RasidError):
    """The database could not do what was asked; the transaction is rolled back."""


class StorageUnavailableError(StorageError):
    """Nothing can be stored now, whatever it is: locked, full, or the disk fails.

    Polling pauses until it can. Every other `StorageError` is about what was to be written.
    """


class StorageFullError(StorageUnavailableError):
    """No space left: writing pauses until there is; nothing is lost meanwhile."""


class StorageCorruptError(StorageUnavailableError):
    """The database file is damaged; restore a backup (`rasid restore`)."""


class CaptureError(RasidError):
    """A capture is not there, or is not what it was."""


class AlreadyRunningError(RasidError):
    """Another process polls and delivers for this data directory (exit code 75)."""


class GuardError(RasidError):
    """The SSRF guard is not in force; polling and delivery refuse to start."""


class WebError(RasidError):
    """The web server cannot listen where `settings.web` says; the daemon does not start."""


class SecretError(RasidError):
    """A `${NAME}` or `${file:...}` of a setting cannot be filled in."""
