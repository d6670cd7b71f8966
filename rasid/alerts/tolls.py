"""How many were killed, as a text says: the number beside a word for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rasid.items.numbers import number_of
from rasid.stories.concepts import concepts

KILLED: Final = 0  # the first of the concepts
_NEAR: Final = 4  # words between a number and what it counts
_MOST: Final = 100_000  # more is a year, a date or a sum
_YEARS: Final = range(1900, 2100)


def toll(words: Sequence[str]) -> int:
    """Return how many killed folded words tell, the most where they tell several; 0 for none.

    A word for the killed is counted by the number that stands nearest, the one before it first.
    """
    known = concepts()
    numbers = {at: number for at, word in enumerate(words) if (number := _number(word))}
    killed = [at for at, word in enumerate(words) if KILLED in known.of_word(word)]
    return max((_nearest(numbers, at) for at in killed), default=0)


def _nearest(numbers: Mapping[int, int], at: int) -> int:
    near = [one for one in numbers if abs(one - at) <= _NEAR]
    return numbers[min(near, key=lambda one: (abs(one - at), one))] if near else 0


def _number(word: str) -> int:
    if not word.isdigit():
        return number_of(word)
    number = int(word) if len(word) < len(str(_MOST)) else 0
    return 0 if number in _YEARS else number
