"""Where stories point: the sums of their items' meanings. Needs the extra `models`."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from rasid.stories.meaning import KIND

_ROWS: Final = 64  # to begin with


class Compared:
    """How like each story an item is by meaning: cosines."""

    def __init__(self, rows: dict[str, int], names: list[str], cosines: Any) -> None:
        self._rows, self._names, self._cosines = rows, names, cosines

    def of(self, story: str) -> float | None:
        """Return the cosine to a story, None where it has no item with a meaning."""
        row = self._rows.get(story)
        return None if row is None else float(self._cosines[row])

    def nearest(self, count: int) -> list[str]:
        """Return the stories that an item is most like."""
        if len(self._rows) <= count:
            return list(self._rows)
        top = np.argpartition(-self._cosines, count)[:count]
        return [name for row in top.tolist() if (name := self._names[row])]


class Directions:
    """Sums of meanings by story; 2 kB each."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._names: list[str] = []  # by row
        self._free: list[int] = []
        self._items: dict[str, int] = {}
        self._sums: Any = np.zeros((0, 0), np.float32)
        self._lengths: Any = np.ones(0, np.float32)

    def add(self, story: str, meaning: bytes) -> None:
        """Add an item's meaning; that of another model, or none, is passed over."""
        vector = _vector(meaning)
        if vector is not None:
            if story not in self._rows:
                row = self._rows[story] = self._row(len(vector))
                self._names[row] = story
                self._items[story] = 0
            self._sum(self._rows[story], vector)
            self._items[story] += 1

    def remove(self, story: str, meaning: bytes) -> None:
        """Take away what was added."""
        vector = _vector(meaning)
        if vector is not None:
            self._sum(self._rows[story], -vector)
            self._items[story] -= 1
            if not self._items[story]:
                self.drop(story)

    def drop(self, story: str) -> None:
        """Forget a story."""
        row = self._rows.pop(story, None)
        if row is not None:
            del self._items[story]
            self._sums[row], self._names[row] = 0, ""
            self._free.append(row)

    @property
    def stories(self) -> list[str]:
        """Those that have a meaning."""
        return list(self._rows)

    @property
    def room(self) -> int:
        """How many stories there is memory for."""
        return len(self._names)

    def compare(self, meaning: bytes) -> Compared | None:
        """Return how like each story a meaning is; None where it has none to compare."""
        vector = _vector(meaning)
        if vector is None or not self._rows:
            return None
        return Compared(self._rows, self._names, self._sums @ vector / self._lengths)

    def _sum(self, row: int, vector: Any) -> None:
        self._sums[row] += vector
        self._lengths[row] = _length(self._sums[row])

    def _row(self, width: int) -> int:
        if not self._free:
            had, more = len(self._sums), max(_ROWS, len(self._sums))
            grown = np.zeros((had + more, width), np.float32)
            grown[:had] = self._sums.reshape(had, width)
            self._sums = grown
            self._lengths = np.append(self._lengths, np.ones(more, np.float32))
            self._names += [""] * more
            self._free = list(range(had + more - 1, had - 1, -1))
        return self._free.pop()


def _vector(meaning: bytes) -> Any:
    """Return a meaning as a vector of length 1, None of none."""
    if meaning[:1] != KIND:
        return None
    vector = np.frombuffer(meaning, np.int8, offset=1).astype(np.float32)
    return vector / _length(vector)


def _length(vector: Any) -> float:
    return max(float(np.sqrt(vector @ vector)), 1e-9)
