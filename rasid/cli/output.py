"""How commands print data: a table for people, JSON lines for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import click

Row = Mapping[str, Any]


def emit(rows: Iterable[Row], columns: Sequence[str], *, as_json: bool) -> None:
    """Print rows; `columns` are those of the table, JSON shows every key."""
    if as_json:
        for row in rows:
            click.echo(json_line(row))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        # Text, not str: what a feed says must not be read as markup
        table.add_row(*(Text(show(row.get(column))) for column in columns))
    Console().print(table)


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
