"""What a file says of places, before it is known which of them the gazetteer has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from rasid.errors import Problem, RasidError
from rasid.places.entries import Name
from rasid.places.model import Kind
from rasid.places.names import key

_MOST_DIGITS: Final = 10  # of a number of people
SHOWN: Final = 20  # bad lines that are told one by one


class Fact(Struct, frozen=True, gc=False):
    """One place as a file has it. `ref` is its id there, `id` the one it has in the world.

    `parents` are what may name its container, the surest first: `ref:` and an id of this or
    another import, `code:` and GeoNames' code (SY.14), `name:` and a name.
    """

    ref: str
    name: str
    names: tuple[Name, ...]
    kind: Kind
    country: str = ""
    lat: float | None = None
    lon: float | None = None
    population: int = 0
    parents: tuple[str, ...] = ()
    id: str = ""
    code: str = ""  # GeoNames' code of an area: others are said to be in it by this


class RefusedError(RasidError):
    """A file has places that cannot be read; nothing of it is imported."""

    def __init__(self, problems: list[Problem], count: int) -> None:
        told = [str(problem) for problem in problems[:SHOWN]]
        if count > len(told):
            told.append(f"... and {count - len(told)} more")
        super().__init__("\n".join([*told, "Nothing was imported."]))


class Complaints:
    """Collects what is wrong with the lines of a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._problems: list[Problem] = []
        self._count = 0

    def add(self, line: int, message: str, hint: str = "") -> None:
        """Note that a line cannot be read."""
        self._count += 1
        if len(self._problems) < SHOWN:
            self._problems.append(Problem(str(self._path), line, message, hint))

    def position(self, line: int, lat: object, lon: object) -> tuple[float, float] | None:
        """Return coordinates; None, with a complaint, where they are none."""
        try:
            north, east = float(str(lat)), float(str(lon))
        except ValueError:
            self.add(line, f"no coordinates: latitude {lat!r}, longitude {lon!r}")
            return None
        if -90 <= north <= 90 and -180 <= east <= 180:
            return north, east
        swapped = -90 <= east <= 90 and -180 <= north <= 180
        hint = "are latitude and longitude swapped?" if swapped else ""
        self.add(line, f"no place on earth: latitude {north:g}, longitude {east:g}", hint)
        return None

    def raise_any(self) -> None:
        """Raise `RefusedError` with all complaints, if there are any."""
        if self._count:
            raise RefusedError(self._problems, self._count)


def named(texts: Iterator[str]) -> tuple[Name, ...]:
    """Return names, each once, those of several separated by `;` or `|` apart."""
    parts = (" ".join(one.split()) for text in texts for one in text.replace("|", ";").split(";"))
    return tuple(map(Name, dict.fromkeys(filter(key, parts))))


def people(written: str) -> int:
    """Return how many people live in a place; 0 where that is no plausible number."""
    return int(written) if written.isdecimal() and len(written) <= _MOST_DIGITS else 0
