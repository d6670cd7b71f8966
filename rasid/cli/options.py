"""Options that commands share; those of a group hold for its commands too."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource

from rasid.config.environment import Place, logging_of
from rasid.config.environment import place as place_of

Command = Callable[..., Any]
_SHARED: Final = frozenset({"config", "data_dir", "as_json"})


def with_place(function: Command) -> Command:
    """Give a command `--config` and `--data-dir`, as one `place`."""

    @_shared("--config", type=click.Path(path_type=Path), help="rules.yaml to use.")
    @_shared("--data-dir", type=click.Path(path_type=Path), help="Where the database lies.")
    @wraps(function)
    def wrapped(*args: Any, config: Path | None, data_dir: Path | None, **kwargs: Any) -> Any:
        place = place_of(os.environ, config=config, data_dir=data_dir)
        return function(*args, place=place, **kwargs)

    return wrapped


def with_json(function: Command) -> Command:
    """Give a command `--json`, as `as_json`."""
    return _shared("--json", "as_json", is_flag=True, help="One JSON object a line.")(function)


def _shared(*names: str, **how: Any) -> Callable[[Command], Command]:
    """Return an option that a command takes from its group when it is not given its own."""
    return click.option(*names, callback=_given, **how)


def _given(ctx: click.Context, option: click.Parameter, value: Any) -> Any:
    """Return what the command was given, else what its group was; groups are read first."""
    given = ctx.ensure_object(dict)
    if value:
        given[option.name] = value
    return given.get(option.name, value)


def asked_to_list(ctx: click.Context) -> bool:
    """Whether a group is asked for its list: no command of it is named.

    Refuses options of the list before a command, which would pass them over.
    """
    if ctx.invoked_subcommand is None:
        return True
    for option in ctx.command.params:
        name = option.name or ""
        given = ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if given and name not in _SHARED:
            alone = f"{option.opts[0]} goes with `{ctx.command_path}` alone"
            raise click.UsageError(f"{alone}, not with `{ctx.invoked_subcommand}`")
    return False


def configure_logging() -> None:
    """Log as RASID_LOG_LEVEL and RASID_LOG_FORMAT say."""
    from rasid import logs

    chosen = logging_of(os.environ)
    logs.configure(chosen.level, chosen.format)


__all__ = ["Place", "asked_to_list", "configure_logging", "with_json", "with_place"]
