"""Who has a key, by number: of an index with many keys that one has, and few that many have.

One number stands for itself, several are packed in bytes: neither is looked at by the
collector of garbage, and reading them touches memory in a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct
from typing import Final

_NUMBER: Final = Struct("I")
MOST: Final = 201  # numbers of a key

Postings = int | bytes


_PACKED: Final = tuple(Struct(f"{count}I") for count in range(MOST + 1))


def numbers(those: Postings) -> Sequence[int]:
    """Return the numbers, in the order in which they were added."""
    if isinstance(those, int):
        return (those,)
    return _PACKED[len(those) // _NUMBER.size].unpack(those)


def count(those: Postings) -> int:
    """Return how many they are."""
    return 1 if isinstance(those, int) else len(those) // _NUMBER.size


def added(those: Postings | None, number: int) -> Postings:
    """Return them with one more, of `MOST` at most. Numbers take 32 bits."""
    if those is None:
        return number
    before = _NUMBER.pack(those) if isinstance(those, int) else those
    return before + _NUMBER.pack(number)


def without(those: Postings, number: int) -> Postings | None:
    """Return them without one, None where none is left."""
    left = [one for one in numbers(those) if one != number]
    if len(left) < 2:
        return left[0] if left else None
    return _PACKED[len(left)].pack(*left)
