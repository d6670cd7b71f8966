"""Options that commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from rasid.config.environment import Place, logging_of
from rasid.config.environment import place as place_of

Command = Callable[..., Any]


def with_place(function: Command) -> Command:
    """Give a command `--config` and `--data-dir`, as one `place`."""

    @click.option("--config", type=click.Path(path_type=Path), help="rules.yaml to use.")
    @click.option("--data-dir", type=click.Path(path_type=Path), help="Where the database lies.")
    @wraps(function)
    def wrapped(*args: Any, config: Path | None, data_dir: Path | None, **kwargs: Any) -> Any:
        place = place_of(os.environ, config=config, data_dir=data_dir)
        return function(*args, place=place, **kwargs)

    return wrapped


def configure_logging() -> None:
    """Log as RASID_LOG_LEVEL and RASID_LOG_FORMAT say."""
    from rasid import logs

    chosen = logging_of(os.environ)
    logs.configure(chosen.level, chosen.format)


def with_json(function: Command) -> Command:
    """Give a command `--json`, as `as_json`."""
    option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
    return option(function)


__all__ = ["Place", "configure_logging", "with_json", "with_place"]
