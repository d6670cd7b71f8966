"""The spool: every capture for a while, bodies that are the same once. Bounded in age and size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rasid.captures.entries import digest, entry, exchanges
from rasid.captures.files import dated, put, touch
from rasid.folders import make_folder
from rasid.models import Exchange
from rasid.settings import MINUTE

YOUNG: Final = 10 * MINUTE  # its poll may still be under way: it is not deleted to make room
_DOWN_TO: Final = 0.8  # of the room, so that making some is not needed at every capture


class SpoolFullError(OSError):
    """Raised when there is no room and what is there is too young to go."""


class Spool:
    """Entries and bodies in one folder; to be used by one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken: int | None = None  # bytes; None: not counted yet
        self._crowded_at = 0  # when making room helped nothing

    def write(self, what: Sequence[Exchange], now: int, most: int) -> str:
        """Write a capture, bodies first; return its id. `most`: bytes of all.

        Raises `OSError`, and `SpoolFullError`, which is one.
        """
        if self._taken is None:
            make_folder(self._folder)
            self._taken = sum(size for _, size, _ in dated(self._folder))
        if self._taken >= most:
            self._make_room(now, most)
        bodies = [self._write_body(one.body, now) for one in what]
        name, data = entry(what, bodies, now)
        self._taken += put(self._folder / name, data, now)
        return name

    def _write_body(self, body: bytes, now: int) -> str:
        name = digest(body)
        path = self._folder / name
        try:
            touch(path, now)  # as young as the youngest entry that needs it
        except FileNotFoundError:
            self._taken = (self._taken or 0) + put(path, body, now)
        return name

    def read(self, name: str) -> list[Exchange]:
        """Return a capture. Raises `OSError` and `ValueError` when it is not there as a whole."""
        return exchanges(name, (self._folder / name).read_bytes(), self._body)

    def _body(self, name: str) -> bytes:
        body = (self._folder / name).read_bytes()
        if digest(body) != name:
            raise ValueError(f"the body {name} is damaged")
        return body

    def _make_room(self, now: int, most: int) -> None:
        if self._crowded_at <= now < self._crowded_at + MINUTE:
            raise SpoolFullError(_CROWDED)
        left, oldest = int(most * _DOWN_TO), now
        for at, size, _ in sorted(dated(self._folder), reverse=True):
            left -= size
            if left < 0:
                break
            oldest = at
        self.prune(min(oldest, now - YOUNG))
        if (self._taken or 0) >= most:
            self._crowded_at = now
            raise SpoolFullError(_CROWDED)
        self._crowded_at = 0

    def prune(self, before: int) -> int:
        """Delete what is older, and return how many files; an entry goes before its bodies.

        `before` leaves out what is `YOUNG`.
        """
        old, taken = list[Path](), 0
        for at, size, path in dated(self._folder):
            if at < before:
                old.append(path)
            else:
                taken += size
        for path in sorted(old, key=lambda one: "-" not in one.name):
            path.unlink(missing_ok=True)
        self._taken = taken
        return len(old)


_CROWDED: Final = (
    "the spool is full of what was fetched in the last 10 minutes: raise settings.spool_size"
)
