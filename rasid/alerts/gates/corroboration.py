"""Whether enough independent outlets tell a story for a rule. Pure.

A gate counts the reports that its rule matched. Once open it stays so, until an item says that
it happened again: that begins another window, since what confirmed the first strike says nothing
of the second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

from rasid.alerts.gates.independence import Report, independent, languages
from rasid.alerts.telling import LATER
from rasid.models import Gate, GateState
from rasid.settings.gates import Outlets

_MOST: Final = 300  # reports of a window that are remembered


@dataclass(frozen=True, slots=True)
class Window:
    """Where the gate of a rule stands in a story after a report."""

    state: GateState
    reports: Sequence[Report]  # since the window began
    counted: Sequence[Report] = ()  # those that are independent
    opens: bool = False  # it is this report that opened it
    again_at: int | None = None  # when it was first said that it happened anew

    def facts(self, gate: Outlets) -> dict[str, Any]:
        """Return what is remembered of it."""
        return {
            "reports": [list(one) for one in self.reports],
            "count": len(self.counted),
            "needed": gate.at_least,
            "again_at": self.again_at,
        }

    def label(self, gate: Outlets) -> Mapping[str, Any]:
        """Return what an alert says of it, {} where nothing is to be said."""
        if self.state is GateState.OPEN and not self.opens:
            return {}
        return {
            "state": self.state.value,
            "count": len(self.counted),
            "needed": gate.at_least,
            "languages": languages(self.counted),
        }


def window(
    before: Gate | None,
    report: Report,
    gate: Outlets,
    *,
    again: bool = False,
    is_copy: bool = False,
    withdrawn: Set[str] = frozenset(),
) -> Window:
    """Return where a gate stands after a report that has just come.

    `again`: it says that what was told happened anew. `withdrawn`: items that count no longer.
    """
    known = reports_of(before)
    again_at = before.facts.get("again_at") if before else None
    is_open = before is not None and before.state is GateState.OPEN
    if is_open and not (again and _is_anew(again_at, report.at, is_copy=is_copy)):
        return Window(GateState.OPEN, known, again_at=again_at)
    if again and (is_open or again_at is None):
        again_at = report.at
    reports = [one for one in ([] if is_open else known) if one.item != report.item]
    reports = [*reports, _rooted(report, reports)][-_MOST:]
    since = report.at - gate.within if gate.within else 0
    counted = independent([one for one in reports if one.at >= since and one.item not in withdrawn])
    opens = len(counted) >= gate.at_least
    waits = GateState.HELD if gate.holds else GateState.UNCONFIRMED
    return Window(GateState.OPEN if opens else waits, reports, counted, opens, again_at)


def reports_of(gate: Gate | None) -> list[Report]:
    """Return the reports that a gate remembers."""
    return [Report.of(one) for one in gate.facts.get("reports", ())] if gate else []


def _is_anew(again_at: int | None, now: int, *, is_copy: bool) -> bool:
    """Whether it was not said before, or long ago: others repeat what the first one said."""
    return again_at is None or (not is_copy and now - again_at >= LATER)


def _rooted(report: Report, known: Sequence[Report]) -> Report:
    """Return a report with the root of the copies that it belongs to."""
    roots = {one.item: one.root for one in known}
    return report._replace(root=roots.get(report.root, report.root))
