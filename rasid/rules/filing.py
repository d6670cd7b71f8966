"""Which rules are filed under which keys, and those that a text's words bring up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from rasid.rules.keys import MOST_REACH, Keys
from rasid.rules.program import ALONE, Filed
from rasid.rules.reading import Reading

_BITS: Final = MOST_REACH.bit_length()  # of a code: how near the two triggers are


def filed(each: Iterable[Keys]) -> Filed:
    """Return which plans are filed under which keys; a plan's number is its place."""
    found: dict[int, dict[int, list[int]]] = {}
    for plan, keys in enumerate(each):
        for first, second, reach in sorted(keys):
            code = plan << _BITS | reach
            found.setdefault(first, {}).setdefault(second, []).append(code)
    return {
        first: {second: tuple(codes) for second, codes in seconds.items()}
        for first, seconds in found.items()
    }


class Files:
    """The plans as they are filed."""

    def __init__(self, files: Mapping[int, Mapping[int, tuple[int, ...]]]) -> None:
        self._files = files
        self._firsts = frozenset(files)

    def brought_up(self, reading: Reading) -> set[int]:
        """Return the plans of which a text has a key."""
        present = reading.present
        seconds = present | {ALONE}
        return {
            code >> _BITS
            for first in self._firsts & present
            for second in self._files[first].keys() & seconds
            for code in self._files[first][second]
            if not (reach := code & MOST_REACH) or reading.has_near(first, second, (1 << reach) - 1)
        }
