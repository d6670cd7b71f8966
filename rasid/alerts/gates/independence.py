"""How many reports of one event are independent of one another. Pure.

Two are not when one group owns both outlets, when one is a copy of the other, or when both give
on the words of one origin. An outlet that prints a wire and later has something of its own says
it independently of that wire's other customers; what counts is the largest number of reports no
two of which share an owner or a voice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Report(NamedTuple):
    """What an item says of a story."""

    item: str
    at: int  # when it came (microseconds UTC)
    owner: str  # of its outlet
    root: str  # the item that it is a copy of, itself where it is none
    origin: str = ""  # whom it cites; "": nobody
    language: str = ""

    @staticmethod
    def of(kept: Sequence[Any]) -> Report:
        """Return a report from a list of its parts."""
        return Report(*kept)


def independent(reports: Sequence[Report]) -> list[Report]:
    """Return as many reports as there are of which no two depend on one another."""
    voices = _voices(reports)
    chosen: dict[str, Report] = {}  # by voice
    for owner in dict.fromkeys(report.owner for report in reports):
        _choose(owner, reports, voices, chosen, set())
    return sorted(chosen.values(), key=lambda one: (one.at, one.item))


def languages(reports: Sequence[Report]) -> int:
    """Return in how many languages reports are, of those that say so."""
    return len({report.language for report in reports} - {""})


def _voices(reports: Sequence[Report]) -> Mapping[str, str]:
    """Return whose words each item is: those whom it or a copy of it cites, else its owner's."""
    cited: dict[str, str] = {}
    owners = {report.item: report.owner for report in reports}
    for report in reports:
        if report.origin:
            cited.setdefault(report.root, report.origin)
    return {
        report.item: cited.get(report.root) or owners.get(report.root, f"copy:{report.root}")
        for report in reports
    }


def _choose(
    owner: str,
    reports: Sequence[Report],
    voices: Mapping[str, str],
    chosen: dict[str, Report],
    tried: set[str],
) -> bool:
    """Find an owner a voice of its own; one that has it already takes another if it can."""
    for report in reports:
        voice = voices[report.item]
        if report.owner != owner or voice in tried:
            continue
        tried.add(voice)
        holder = chosen.get(voice)
        if holder is None or _choose(holder.owner, reports, voices, chosen, tried):
            chosen[voice] = report
            return True
    return False
