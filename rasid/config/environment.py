"""Where the configuration and the data are, and how to log: arguments, then environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from rasid.errors import ConfigError, Problem

_NAME: Final = "rasid"
_FILE: Final = "rules.yaml"
_LEVELS: Final = ("debug", "info", "warning", "error")
_FORMATS: Final = ("text", "json")


@dataclass(frozen=True, slots=True)
class Place:
    """Where rules.yaml and the data are."""

    config: Path
    data_dir: Path


def database(place: Place) -> Path:
    """Return the file of the embedded database."""
    return place.data_dir / "rasid.db"


@dataclass(frozen=True, slots=True)
class Logging:
    """How to log: `level` is debug, info, warning or error; `format` is text or json."""

    level: str = "info"
    format: str = "text"


def place(
    env: Mapping[str, str],
    *,
    config: str | Path | None = None,
    data_dir: str | Path | None = None,
    folder: Path | None = None,
) -> Place:
    """Return the places: the argument, else RASID_CONFIG and RASID_DATA_DIR, else the usual ones.

    Usual are rules.yaml in `folder` (the current one) if it is there, else in the user's
    configuration folder; and the user's data folder.
    """
    chosen = config or env.get("RASID_CONFIG") or _usual_config(folder or Path())
    data = data_dir or env.get("RASID_DATA_DIR") or platformdirs.user_data_path(_NAME)
    return Place(Path(chosen).expanduser(), Path(data).expanduser())


def logging_of(
    env: Mapping[str, str],
    *,
    level: str | None = None,
    format: str | None = None,  # noqa: A002
) -> Logging:
    """Return how to log: the argument, else RASID_LOG_LEVEL and RASID_LOG_FORMAT, else the usual.

    Raises `ConfigError` for a word that is none of those.
    """
    problems: list[Problem] = []
    chosen_level = _one_of("RASID_LOG_LEVEL", level, env, _LEVELS, "info", problems)
    chosen_format = _one_of("RASID_LOG_FORMAT", format, env, _FORMATS, "text", problems)
    if problems:
        raise ConfigError(problems)
    return Logging(chosen_level, chosen_format)


def _usual_config(folder: Path) -> Path:
    local = folder / _FILE
    return local if local.exists() else platformdirs.user_config_path(_NAME) / _FILE


def _one_of(
    name: str,
    argument: str | None,
    env: Mapping[str, str],
    known: tuple[str, ...],
    usual: str,
    problems: list[Problem],
) -> str:
    value = (argument or env.get(name) or usual).lower()
    if value not in known:
        hint = "one of: " + ", ".join(known)
        problems.append(Problem(name, 0, f'unknown value "{value}"', hint))
    return value
