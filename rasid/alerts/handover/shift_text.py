"""A shift report in words, for messages and the terminal: in English, as all of Rasid's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from rasid.alerts.handover.shift import Dead, Open, Shift, Told
from rasid.counted import counted
from rasid.models import Silence
from rasid.settings import SECOND
from rasid.zones import place_of

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
    span = f"{_time(found.since, zone)} to {_time(found.until, zone)} {place_of(zone)}"
    return f"shift report, {span}: {', '.join([alerts, *parts])}"


def lines(found: Shift, zone: str) -> list[str]:
    """Return what stands under the summary, a line for each thing to know."""
    return [
        *_some("unacknowledged", _opened(found.unacknowledged, zone)),
        *(f"held: {count} for {reason.replace('_', ' ')}" for reason, count in found.held),
        *_some("silence", (_silence(one, found, zone) for one in found.silences)),
        *_some("dead letter", map(_dead, found.dead)),
        *_some("source", (f"{one.source}: {one.why}" for one in found.broken)),
        *_some("rule", (f"{one.rule} is {one.what}" for one in found.edits)),
        *_some("alerts", _counts(found.told)),
    ]


def _some(what: str, each: Iterable[str]) -> Iterator[str]:
    """Yield the first of a kind, and how many more there are."""
    found: Sequence[str] = list(each)
    yield from (f"{what}: {one}" for one in found[:_NAMED])
    if len(found) > _NAMED:
        yield f"{what}: and {len(found) - _NAMED} more"


def _opened(those: Iterable[Open], zone: str) -> Iterator[str]:
    """Yield a line for each item, with every rule that it is open for, the gravest first."""
    items: dict[tuple[str, int], list[Open]] = {}
    for one in those:
        items.setdefault((one.title, one.since), []).append(one)
    for (title, since), open_for in items.items():
        rules = ", ".join(
            f"{one.rule} ({one.severity})" if one.severity else one.rule for one in open_for
        )
        yield f"{title}, {rules}, since {_time(since, zone)}, {_short(open_for[0].alert)}"


def _counts(told: Iterable[Told]) -> Iterator[str]:
    """Yield how many items a rule told; receivers of as many stand together."""
    rules: dict[tuple[str, int], list[str]] = {}
    for one in told:
        rules.setdefault((one.rule, one.alerts), []).append(one.receiver)
    for (rule, count), receivers in rules.items():
        yield f"{count} of {rule} to {', '.join(receivers)}"


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
    return f"{datetime.fromtimestamp(at // SECOND, UTC).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
