"""Where everything is kept: everything that knows SQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from rasid.errors import StorageError
from rasid.protocols import Clock, Storage


def _sqlite(rest: str, clock: Clock) -> Storage:
    from storage.sqlite import SqliteStorage

    return SqliteStorage(Path(rest), clock)


def _memory(rest: str, clock: Clock) -> Storage:
    from storage.memory import MemoryStorage

    return MemoryStorage(clock)


SCHEMES: Final[dict[str, Callable[[str, Clock], Storage]]] = {
    "sqlite": _sqlite,
    "memory": _memory,
}


def open_storage(url: str | Path, clock: Clock) -> Storage:
    """Open a store: a path, `sqlite:///absolute/path` or `memory://`. Raises `StorageError`."""
    scheme, mark, rest = str(url).partition("://")
    if isinstance(url, Path) or not mark:
        return _sqlite(str(url), clock)
    if scheme not in SCHEMES:
        known = ", ".join(f"{one}://" for one in SCHEMES)
        raise StorageError(f"no storage is called {scheme}:// (there are {known} and plain paths)")
    return SCHEMES[scheme](unquote(rest), clock)
