"""What is shown of a source: in the list, in `show`, and in `--json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final

from rasid.cli.output import rfc3339
from rasid.foreseen import of_source
from rasid.health import Health, health, words
from rasid.hints import why_due
from rasid.models import PageReport, SourceState, Subscription
from rasid.pacing import interval_of, longest
from rasid.settings import SECOND, Source

DAYS: Final = 28  # by which the habit of a source is judged
COLUMNS: Final = (
    "source",
    "state",
    "last_new",
    "last_success",
    "last_24h",
    "usual",
    "next_poll",
    "cause",
    "detail",
)
_FEW: Final = 3  # days, from which on a habit is told


def source_row(
    source: Source,
    state: SourceState,
    pushes: Subscription | None,
    by_day: Mapping[int, int],
    now: int,
) -> dict[str, object]:
    """Return what is known of a source; `by_day` counts its items by days before now."""
    active = source.enabled and not state.paused
    does = health(state, 1) if active else Health.WELL
    soon = [one.words for one in of_source(source, state, now)] if active else []
    return {
        "source": source.id,
        "outlet": source.outlet,
        "tags": list(source.tags),
        "url": source.url,
        "state": _word(source, state, does),
        "broken": bool(does),
        "last_new": rfc3339(state.last_new_at),
        "last_success": rfc3339(state.last_success_at),
        "next_poll": rfc3339(state.next_poll_at or None) if state.last_poll_at else None,
        "next_poll_by": state.due_by,
        "next_poll_why": _why(source, state) if active else "",
        **_hub(state, pushes),
        "interval": interval_of(source, state) // SECOND,
        "last_24h": by_day.get(0, 0),
        "usual": usual(by_day),
        "failures": state.failures,
        "cause": state.cause,
        "reason": state.reason,
        "detail": _detail(state, does, soon, now),
        "foreseen": soon,
        "moved_to": state.moved_to,
        "possible_gaps": state.possible_gaps,
        "etag": state.validators.etag,
        "last_modified": state.validators.last_modified,
        "certificate_until": rfc3339(state.certificate.until or None),
    }


def _hub(state: SourceState, pushes: Subscription | None) -> dict[str, object]:
    return {
        "hub": state.offer.hub,
        "hub_state": pushes.state if pushes else "",
        "hub_detail": pushes.detail if pushes else "",
        "last_push": rfc3339(state.pushed_at),
    }


def pages_row(source: Source, report: PageReport) -> dict[str, object]:
    """Return how the pages of a source's items went."""
    counts = {"due": report.due, "read": report.read, "given_up": report.given_up}
    said = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count)
    trouble = report.trouble if source.text == "page" else ""
    told = f"{said}; last: {trouble}" if trouble else said
    return {"pages": told, **{f"pages_{name}": count for name, count in counts.items()}}


def usual(by_day: Mapping[int, int]) -> float | None:
    """Return the median of items a day, of the days since the first; None while they are few."""
    days = max(by_day, default=0)  # the first is not whole
    whole = [by_day.get(day, 0) for day in range(1, days)]
    return float(median(whole)) if len(whole) >= _FEW else None


def _detail(state: SourceState, does: Health, soon: Sequence[str], now: int) -> str:
    """Return why a source fails or is silent; of one that is well what it needs soon."""
    if does is Health.SILENT:
        return words(state, now, 1)
    return "; ".join(filter(None, (state.detail, *soon)))


def _why(source: Source, state: SourceState) -> str:
    """Say when a source is polled next and what decided it: "12:40 UTC: the feed's ttl of 1 h"."""
    due, why = rfc3339(state.next_poll_at or None), why_due(state, longest(source))
    return f"next poll {due[11:16]} UTC: {why}" if due and why and not state.gone else ""


def _word(source: Source, state: SourceState, does: Health) -> str:
    if not source.enabled or state.paused:
        return "disabled"
    if state.gone:
        return "gone"
    if does is Health.SILENT:
        return "silent"
    return state.outcome or "not polled yet"
