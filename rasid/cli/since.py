"""`--since 30d`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import click

from rasid.counted import counted
from rasid.settings import DAY, HOUR, MINUTE, SECOND

_UNITS: Final = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_WRITTEN: Final = re.compile(r"([0-9]{1,6})([smhdw])", re.ASCII)


def with_since(default: str | None = None) -> Callable[[Any], Any]:
    """Give a command `--since`, in microseconds: items first seen in the last 24h, 30d ..."""
    return click.option(
        "--since",
        default=default,
        show_default=default is not None,
        callback=microseconds,
        help="Only items first seen in the last 24h, 30d, ...",
    )


def microseconds(_ctx: click.Context, _option: click.Parameter, value: str | None) -> int | None:
    """Return a span as it is written on the command line."""
    if value is None:
        return None
    found = _WRITTEN.fullmatch(value)
    if found is None:
        raise click.BadParameter("a whole number with s, m, h, d or w is expected: 24h, 30d")
    return int(found[1]) * _UNITS[found[2]]


def span_text(micros: int) -> str:
    """Return a period in words, in the largest unit that it is a whole number of."""
    units = {"day": DAY, "hour": HOUR, "minute": MINUTE}
    name = next((name for name, size in units.items() if micros % size == 0), "second")
    return counted(micros // units.get(name, SECOND), name)
