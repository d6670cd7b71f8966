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
_JSON: Final = "One JSON object a line."


def with_place(function: Command) -> Command:
    """Give a command `--config` and `--data-dir`, as one `place`."""

    @with_config()
    @with_data_dir()
    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        given = click.get_current_context().obj
        place = place_of(os.environ, config=given.get("config"), data_dir=given.get("data_dir"))
        return function(*args, place=place, **kwargs)

    return wrapped


def without_place(why: str) -> Callable[[Command], Command]:
    """Give a command that has no use for `--config` and `--data-dir` both all the same.

    Whoever gives them to every command is not refused; `--help` says `why` they change nothing.
    """
    return lambda function: with_config(why)(with_data_dir(why)(function))


def for_group(function: Command) -> Command:
    """Give a group that does nothing by itself the options of its commands."""
    json = _shared("--json", "as_json", is_flag=True, help=_JSON, expose_value=False)
    return with_config()(with_data_dir()(json(function)))


def with_config(text: str = "rules.yaml to use.") -> Callable[[Command], Command]:
    """Give a command `--config`; its value stands in the context."""
    kind = click.Path(path_type=Path)
    return _shared("--config", type=kind, metavar="FILE", help=text, expose_value=False)


def with_data_dir(text: str = "Where the database lies.") -> Callable[[Command], Command]:
    """Give a command `--data-dir`; its value stands in the context."""
    kind = click.Path(path_type=Path)
    return _shared("--data-dir", type=kind, metavar="DIR", help=text, expose_value=False)


def with_json(function: Command) -> Command:
    """Give a command `--json`, as `as_json`."""
    return _shared("--json", "as_json", is_flag=True, help=_JSON)(function)


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


__all__ = [
    "Place",
    "asked_to_list",
    "configure_logging",
    "for_group",
    "with_config",
    "with_data_dir",
    "with_json",
    "with_place",
    "without_place",
]
