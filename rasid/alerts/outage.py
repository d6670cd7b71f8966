"""How many sources fail, and whether that is an episode of its own: all of them do. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rasid.counted import counted
from rasid.models import SourceState
from rasid.settings import Source

IN_A_ROW: Final = 3  # polls that every source must have failed, before anybody is told


@dataclass(frozen=True, slots=True)
class Standing:
    """How the enabled sources stand, by their last polls."""

    sources: int = 0
    failing: int = 0
    answering: int = 0
    dead: bool = False  # all of them, `IN_A_ROW` times
    reason: str = ""  # the most frequent one of those that fail

    def __str__(self) -> str:
        """Say how many fail, "" when none does."""
        if not self.failing:
            return ""
        if self.failing == self.sources:
            return "all sources are failing" if self.sources > 1 else "the only source is failing"
        verb = "is" if self.failing == 1 else "are"
        return f"{self.failing} of {counted(self.sources, 'source')} {verb} failing"


def standing(sources: Iterable[Source], states: Mapping[str, SourceState]) -> Standing:
    """Return how sources stand; those that are paused or not enabled do not count."""
    enabled = [states.get(one.id, SourceState(one.id)) for one in sources if one.enabled]
    return standing_of([one for one in enabled if not one.paused])


def standing_of(states: list[SourceState]) -> Standing:
    """Return how these sources stand."""
    failing = [one for one in states if one.failures or one.gone]
    reasons = Counter(one.reason for one in failing).most_common(1)
    return Standing(
        len(states),
        len(failing),
        sum(not one.failures and not one.gone and one.last_poll_at is not None for one in states),
        bool(states) and all(one.gone or one.failures >= IN_A_ROW for one in states),
        reasons[0][0] if reasons else "",
    )


def outage_text(now: Standing) -> str:
    """Return what is told when every source fails."""
    return (
        f"{now}, {IN_A_ROW} polls in a row or more: {counted(now.sources, 'source')}, most often "
        f"{now.reason}; is the network there? (`rasid sources --broken` tells all)"
    )


def answer_text(now: Standing, span: str) -> str:
    """Return what is told when one answers again."""
    verb = "answers" if now.answering == 1 else "answer"
    return (
        f"{now.answering} of {counted(now.sources, 'source')} {verb} again, after {span}; what "
        "left feeds meanwhile is missing (`rasid sources --json` has possible_gaps)"
    )
