"""Quiet hours: from when to when, on the clocks of a zone. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rasid.settings import SECOND, QuietHours

_DAY = timedelta(days=1)


class Night(NamedTuple):
    """Quiet hours that began on a day of the zone, in UTC microseconds."""

    evening: date
    start: int
    end: int


def quiet_at(hours: QuietHours | None, at: int) -> Night | None:
    """Return the quiet hours that a time lies in; their end is no longer quiet."""
    if hours is None:
        return None
    today = datetime.fromtimestamp(at // SECOND, UTC).astimezone(ZoneInfo(hours.zone)).date()
    nights = (_night(hours, day) for day in (today - _DAY, today))
    inside = [one for one in nights if _is_on(hours, one) and one.start <= at < one.end]
    return max(inside, key=lambda one: one.end, default=None)


def _is_on(hours: QuietHours, night: Night) -> bool:
    return night.evening.weekday() in hours.days


def _night(hours: QuietHours, evening: date) -> Night:
    """Return quiet hours by their first day: the next day's when they end where they began."""
    last = evening + _DAY if hours.end <= hours.start else evening
    zone = ZoneInfo(hours.zone)
    return Night(evening, _at(evening, hours.start, zone), _at(last, hours.end, zone))


def _at(day: date, minutes: int, zone: ZoneInfo) -> int:
    """Return a time of the clock; the first where it comes twice, a little later where never."""
    local = datetime.combine(day, time(minutes // 60, minutes % 60), zone)
    return int(local.timestamp()) * SECOND
