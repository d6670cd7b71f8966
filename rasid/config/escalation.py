"""Who is told next, and what at the end of a watch: as written, to values of `rasid.settings`."""

from __future__ import annotations

from collections.abc import Mapping

from rasid.config.problems import Problems
from rasid.config.schema_receivers import EscalateIn, ReceiverIn, ShiftReportIn
from rasid.config.sections import Found
from rasid.config.tree import spot_of
from rasid.settings import Escalate, ShiftReport


def build_shift_report(written: ShiftReportIn | None, time_zone: str) -> ShiftReport | None:
    """Return when a receiver is told what there is to hand over, if it is."""
    return ShiftReport(written.at, written.zone or time_zone) if written else None


Receivers = Mapping[str, Found[ReceiverIn]]


def build_escalate(written: EscalateIn | None) -> Escalate | None:
    """Return whom a receiver hands over to, if anybody."""
    return Escalate(written.to, written.after) if written else None


def check_escalations(found: Receivers, problems: Problems) -> None:
    """Note chains that lead to nobody or in a circle; each circle once."""
    told = set[str]()
    for name, entry in found.items():
        if (to := _next(found, name)) is None:
            continue
        label, spot = f'receiver "{name}": escalate', spot_of(entry.tree, ("escalate", "to"))
        if to not in found:
            hint = problems.known(to, found)
            problems.add(entry.file, spot, f'{label}: unknown receiver "{to}"', hint)
        elif name not in told and (circle := _circle(found, name)):
            told.update(circle)
            way = " -> ".join([*circle, name])
            hint = "the last of a chain has no escalate"
            problems.add(entry.file, spot, f"{label}: goes round in a circle: {way}", hint)


def _next(found: Receivers, name: str) -> str | None:
    entry = found.get(name)
    written = entry.value if entry else None
    return written.escalate.to if written and written.escalate else None


def _circle(found: Receivers, start: str) -> list[str]:
    """Return the chain that leads from a receiver back to it, nothing where none does."""
    way, at = [start], _next(found, start)
    while at is not None and at not in way:
        way.append(at)
        at = _next(found, at)
    return way if at == start else []
