"""How commands print data: a table for people, JSON lines for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import click

if TYPE_CHECKING:
    from rich.text import Text

Row = Mapping[str, Any]

_TIMES: Final = frozenset(
    {
        "acked_at",
        "at",
        "created_at",
        "ends_at",
        "first_seen",
        "last_at",
        "last_new",
        "last_success",
        "next_poll",
        "published",
        "since",
    }
)
_WHOLE: Final = _TIMES | {"id", "state", "version", "url"}  # copied by people: never broken
_CUT: Final = frozenset({"title"})  # as long as the line has room, not longer
_MINUTE: Final = len("2026-11-26T16:04")


def emit(rows: Iterable[Row], columns: Sequence[str], *, as_json: bool) -> None:
    """Print rows; `columns` are those of the table, JSON shows every key.

    In a table times end with the minute, in UTC.
    """
    if as_json:
        for row in rows:
            click.echo(json_line(row))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    rows = list(rows)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for column in columns:
        widest = max((len(show(row.get(column))) for row in rows), default=0)
        whole = column in _WHOLE or widest <= len(column)  # a number breaks no head either
        table.add_column(_head(column), no_wrap=whole, overflow="ignore" if whole else "fold")
    for row in rows:
        table.add_row(*(_cell(column, row.get(column)) for column in columns))
    Console().print(table)


def _head(column: str) -> str:
    return column.replace("_", " ") + (" UTC" if column in _TIMES else "")


def _cell(column: str, value: Any) -> Text:
    """Return a cell: `Text`, since what a feed says must not be read as markup."""
    from rich.text import Text

    text = show(value)
    if column in _TIMES:
        text = text[:_MINUTE].replace("T", " ")
    if column in _CUT:
        return Text(text, no_wrap=True, overflow="ellipsis")
    return Text(text)


def say(text: str, row: Row, *, as_json: bool) -> None:
    """Print what was done: a sentence for people, a row for programs."""
    click.echo(json_line(row) if as_json else text)


def json_line(row: Row) -> str:
    """Return a row as one line of JSON: letters as they are, lone surrogates escaped."""
    line = json.dumps(row, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(row)
    return line


def rfc3339(micros: int | None) -> str | None:
    """Return a time as RFC 3339 in UTC."""
    if micros is None:
        return None
    return datetime.fromtimestamp(micros // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def show(value: Any) -> str:
    """Return a value for a terminal: whatever a feed says, it stays on its line."""
    text = "" if value is None else str(value)
    return "".join(char if char.isprintable() else " " for char in text)


def file_name(file: BinaryIO) -> str:
    """Return what a file is called in messages."""
    return str(getattr(file, "name", "-"))
