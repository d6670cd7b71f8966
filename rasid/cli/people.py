"""`--by NAME`: who does something."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from typing import Any

import click


def with_author(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--by`, as `author`: a name, that of who is logged in by itself."""
    return click.option(
        "--by",
        "author",
        default=_login,
        metavar="NAME",
        callback=_name,
        help="Who does it; else you.",
    )(function)


def _login() -> str:
    """Return who is logged in; a container may have a number for a user, and no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def _name(_ctx: click.Context, _option: click.Parameter, value: str) -> str:
    if not (name := " ".join(value.split())):
        raise click.BadParameter("a name must not be empty")
    return name
