"""One poll and what became of it, in a value and in the log."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

from rasid.alerts.summaries import matching
from rasid.counted import counted
from rasid.models import Decision, PollOutcome, PollReason, PollResult
from rasid.pacing import WELL
from rasid.recording import Report

log = logging.getLogger("rasid.watch")

_LONGEST_DETAIL: Final = 300


@dataclass(frozen=True, slots=True)
class Polled:
    """One poll and what became of it; `report` is None when nothing was parsed."""

    source: str
    result: PollResult
    report: Report | None = None

    @property
    def well(self) -> bool:
        """Whether the source answered as it should."""
        return self.result.outcome in WELL


@dataclass(frozen=True, slots=True)
class Round:
    """What `rasid once` did."""

    polled: list[Polled]
    undelivered: int  # alerts that were given up, and those that wait for another attempt

    @property
    def well(self) -> bool:
        """Whether every source answered and every alert was delivered."""
        return not self.undelivered and all(polled.well for polled in self.polled)


def internal_error(error: Exception) -> PollResult:
    """Return the result of a poll that met a bug of ours."""
    detail = f"internal error: {type(error).__name__}: {error}"[:_LONGEST_DETAIL]
    return PollResult(PollOutcome.FAILED, PollReason.INTERNAL, " ".join(detail.split()))


def log_unread(polled: Polled) -> None:
    """Log a poll that brought nothing to read."""
    result = polled.result
    log.log(
        logging.DEBUG if result.outcome is PollOutcome.NOT_MODIFIED else logging.WARNING,
        "poll %s: %s (%s) %s",
        polled.source,
        result.outcome,
        result.reason,
        result.detail,
    )


def log_report(source: str, report: Report) -> None:
    """Log what a poll brought, and what it may have missed."""
    counts = ", ".join(f"{count} {name}" for name, count in sorted(report.decisions.items()))
    if report.seeded:
        log.info(
            "source %s: first poll, %s; %s%s",
            source,
            counts or "no items",
            matching(report.recent_matches),
            f"; {counted(report.alerts, 'alert')}" if report.alerts else "",
        )
    elif report.decisions.get(Decision.NEW) or report.decisions.get(Decision.REVISED):
        log.info("poll %s: %s; %s", source, counts, counted(report.alerts, "alert"))
    if report.dropped:
        what = "possible gap, items beyond the limit dropped:"
        log.warning("poll %s: %s %d", source, what, report.dropped)
    elif report.possible_gap:
        log.warning("poll %s: possible gap, nothing of the last poll is left in it", source)
