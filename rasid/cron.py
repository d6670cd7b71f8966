"""Times of day as cron writes them: the one module that knows cronsim."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

_SECOND: Final = 1_000_000


class Slot(NamedTuple):
    """A time of a cron expression; `local` is what the clocks of its zone show then."""

    at: int
    local: str


def problem(expression: str) -> str:
    """Say what is wrong with an expression of five fields, "" when nothing is."""
    if len(expression.split()) != 5:
        return "has not five fields: minute, hour, day, month, day of the week"
    try:
        next(CronSim(expression, datetime(2026, 1, 1)))  # noqa: DTZ001 - no zone is asked about
    except CronSimError as error:
        return f"is no time: {error}"
    except StopIteration:
        return "never comes"
    return ""


def next_slot(expression: str, zone: str, after: int) -> Slot:
    """Return the next time strictly after another (UTC microseconds).

    An hour that the clocks show twice has its slots once, where the expression names hours;
    one that they skip comes when they have been put forward.
    """
    start = datetime.fromtimestamp(after // _SECOND, UTC).astimezone(ZoneInfo(zone))
    for local in CronSim(expression, start):
        at = int(local.timestamp()) * _SECOND
        if at > after:  # in the second round of an hour the first one's are over
            return Slot(at, local.strftime("%Y-%m-%dT%H:%M"))
    raise ValueError(expression)  # `problem` says so before
