"""Where a source is at home: the divisions and countries that its items are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import log1p
from typing import Final, NamedTuple

from msgspec import Struct

from rasid.places.bearers import Bearer, Bearers
from rasid.places.model import Means

_SURELY: Final = 0.6  # how much at home, to be taken for where an unknown place is
_ENOUGH: Final = 3.0  # items from which on a home is taken at its word


class Home(Struct, frozen=True):
    """How much a source is at home in divisions and countries, 0 to 1 each.

    Keys are numbers of the gazetteer. The division that explains most of its items has 1,
    once there are enough of them; so has the country.
    """

    weights: Mapping[int, float]
    division: Bearer | None = None  # as the bearer of a name that no list has there

    def weight(self, number: int) -> float:
        """Return how much a source is at home in a division or country."""
        return self.weights.get(number, 0.0)


NO_HOME: Final = Home({})


class Heard(NamedTuple):
    """The names (keys) of places in a source's items, each with how often it came."""

    names: Mapping[str, int]
    items: int


class Homes:
    """What was heard of each source; replaced whole when it is learnt anew."""

    def __init__(self, heard: Mapping[str, Heard] | None = None) -> None:
        self.heard: Mapping[str, Heard] = heard or {}

    def replace(self, heard: Mapping[str, Heard]) -> None:
        """Take what was heard from now on."""
        self.heard = heard


def learn(heard: Heard, bearers: Bearers) -> Home:
    """Return the home that the names in a source's items tell.

    A name that places of many divisions bear says little of each: it counts for one in all,
    and little more when it comes again.
    """
    known = min(1.0, heard.items / _ENOUGH)
    divisions: Counter[int] = Counter()
    countries: Counter[int] = Counter()
    for name, times in heard.names.items():
        bearing = bearers.of(name)
        for counts, numbers in (
            (divisions, {one.admin1 for one in bearing}),
            (countries, {one.country for one in bearing}),
        ):
            for number in numbers - {-1}:
                counts[number] += log1p(times) / len(numbers)  # type: ignore[assignment]
    found = _weights(divisions, known)
    first = max(found, key=lambda one: found[one], default=-1)
    surely = found.get(first, 0.0) >= _SURELY
    division = bearers.weighed(first, Means.WITHIN, False, False, "") if surely else None
    return Home({**found, **_weights(countries, known)}, division)


def _weights(counts: Mapping[int, float], known: float) -> dict[int, float]:
    top = max(counts.values(), default=0.0)
    return {n: known * count / top for n, count in counts.items() if count * 4 > top}
