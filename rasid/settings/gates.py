"""Gates over time as a rule has them: what is told depends on how many say it, and when.

Spans are integer microseconds. Everything here is immutable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

_UNITS: Final = {"d": 86_400_000_000, "h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000}


def span_as_written(micros: int) -> str:
    """Return a span as rules.yaml has it, `90m`, in the largest unit that it is whole in."""
    unit = next(name for name, size in _UNITS.items() if micros % size == 0 or name == "s")
    return f"{micros // _UNITS[unit]}{unit}"


@dataclass(frozen=True, slots=True)
class Outlets:
    """So many independent outlets within a span make a story of a rule corroborated.

    `within` 0: as long as the story lasts. `holds`: until then nothing is told.
    """

    at_least: int = 2
    within: int = 0
    holds: bool = False

    def written(self) -> dict[str, Any]:
        """Return it as rules.yaml has it."""
        within = {"within": span_as_written(self.within)} if self.within else {}
        until = "hold" if self.holds else "unconfirmed"
        return {"at_least": self.at_least, **within, "until_then": until}


@dataclass(frozen=True, slots=True)
class Spike:
    """So many times as much in an hour as in that hour of the week by itself, `floor` at least.

    `against`: over which span it is known what is usual.
    """

    factor: float = 3.0
    against: int = 28 * _UNITS["d"]
    floor: int = 5

    def written(self) -> dict[str, Any]:
        """Return it as rules.yaml has it."""
        against = span_as_written(self.against)
        return {"factor": self.factor, "against": against, "floor": self.floor}


@dataclass(frozen=True, slots=True)
class Gates:
    """What a rule waits for; by itself nothing. `silent` 0: it may be, for however long."""

    outlets: Outlets | None = None
    spike: Spike | None = None
    silent: int = 0

    def written(self) -> dict[str, Any]:
        """Return them as rules.yaml has them."""
        silent = {"silent": span_as_written(self.silent)} if self.silent else {}
        gates = {"outlets": self.outlets, "spike": self.spike}
        return {**{key: one.written() for key, one in gates.items() if one}, **silent}


NO_GATES: Final = Gates()
