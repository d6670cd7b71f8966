"""`--by NAME`: who does something."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from typing import Any

import click


def with_author(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--by`, as `author`: a name, that of who is logged in by itself."""
    return click.option(
        "--by",
        "author",
        default=getpass.getuser,
        metavar="NAME",
        callback=_name,
        help="Who does it; else you.",
    )(function)


def _name(_ctx: click.Context, _option: click.Parameter, value: str) -> str:
    if not (name := " ".join(value.split())):
        raise click.BadParameter("a name must not be empty")
    return name
