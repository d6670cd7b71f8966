"""The areas that are called after a town in them: Kurskaya oblast after Kursk."""

from __future__ import annotations

from typing import Final

from rasid.places.model import Gazetteer, Kind, Place
from rasid.places.names import key

_LEAST: Final = 3  # letters that both begin with
_ENDING: Final = 2  # letters of a town's name that an adjective of it may lack: Sumy, Sumska
_KINDS: Final = (Kind.ADMIN1, Kind.ADMIN2, Kind.ADMIN3)


def called_after(town: Place, gazetteer: Gazetteer) -> list[int]:
    """Return the numbers of the areas around a town that are called after it, of one kind."""
    areas = [gazetteer.place(number) for number in town.within]
    starts = tuple({_start(name) for name in gazetteer.names(town.number)} - {""})
    for kind in _KINDS:
        found = [
            area.number
            for area in areas
            if area.kind is kind
            and any(key(name).startswith(starts) for name in gazetteer.names(area.number))
        ]
        if found:
            return found
    return []


def _start(name: str) -> str:
    known = key(name)
    return known[: max(_LEAST, len(known) - _ENDING)] if len(known) >= _LEAST else ""
