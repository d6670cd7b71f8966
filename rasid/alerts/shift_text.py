"""A shift report in words, for messages and the terminal: in English, as all of Rasid's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from rasid.alerts.shift import Dead, Open, Shift
from rasid.counted import counted
from rasid.models import Silence
from rasid.settings import SECOND

_SHORT_ID: Final = 10
_NAMED: Final = 10  # of one kind


def summary(found: Shift, zone: str) -> str:
    """Return a report in one line: times and counts, no names."""
    counts = [
        (len(found.unacknowledged), "unacknowledged"),
        (sum(count for _, count in found.held), "held"),
        (found.silenced, "silenced"),
    ]
    parts = [f"{count} {what}" for count, what in counts if count]
    parts += [counted(len(found.dead), "dead letter")] if found.dead else []
    parts += [f"{counted(len(found.broken), 'source')} broken"] if found.broken else []
    parts += [f"{counted(len(found.edits), 'rule')} edited"] if found.edits else []
    alerts = counted(sum(one.alerts for one in found.told), "alert")
    span = f"{_time(found.since, zone)} to {_time(found.until, zone)}"
    return f"shift report, {span}: {', '.join([alerts, *parts])}"


def lines(found: Shift, zone: str) -> list[str]:
    """Return what stands under the summary, a line for each thing to know."""
    return [
        *_some("unacknowledged", (_open(one, zone) for one in found.unacknowledged)),
        *(f"held: {count} for {reason}" for reason, count in found.held),
        *_some("silence", (_silence(one, found, zone) for one in found.silences)),
        *_some("dead letter", map(_dead, found.dead)),
        *_some("source", (f"{one.source}: {one.why}" for one in found.broken)),
        *_some("rule", (f"{one.rule} is {one.what}" for one in found.edits)),
        *_some("alerts", (f"{one.alerts} of {one.rule} to {one.receiver}" for one in found.told)),
    ]


def _some(what: str, each: Iterable[str]) -> Iterator[str]:
    """Yield the first of a kind, and how many more there are."""
    found: Sequence[str] = list(each)
    yield from (f"{what}: {one}" for one in found[:_NAMED])
    if len(found) > _NAMED:
        yield f"{what}: and {len(found) - _NAMED} more"


def _open(one: Open, zone: str) -> str:
    grave = f" ({one.severity})" if one.severity else ""
    return f"{one.title}, {one.rule}{grave}, since {_time(one.since, zone)}, {_short(one.alert)}"


def _silence(one: Silence, found: Shift, zone: str) -> str:
    what = ", ".join(f"{name} {' or '.join(those)}" for name, those in one.matchers.items())
    verb = "until" if one.ends_at > found.until else "ended"
    end = f"{verb} {_time(one.ends_at, zone)}"
    return f"{what}, {end}, by {one.author}: {one.reason} ({_short(one.id)})"


def _dead(one: Dead) -> str:
    return f"{_short(one.alert)} of {one.rule or 'Rasid'} to {one.receiver}: {one.reason}"


def _short(name: str) -> str:
    return name[-_SHORT_ID:]


def _time(at: int, zone: str) -> str:
    local = datetime.fromtimestamp(at // SECOND, UTC).astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M} {local.tzname()}"
