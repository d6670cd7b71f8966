"""Dates as outlets write them: RFC 822, ISO 8601, epoch; in Arabic and Persian too."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from crawler.months import DIGITS, LETTERS, MONTHS, ZONES

_LONGEST: Final = 120
_ISO: Final = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)"
    r"(?:(?:[t_]|\s)\s*(?P<hour>\d\d?):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<zone>.*))?$"
)
_LOOSE_ISO: Final = re.compile(
    r"(?P<year>\d{4})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)"
    r"(?:[t_,\s]+(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?\s*(?P<zone>.*))?$"
)
_DAY_FIRST: Final = re.compile(
    r"(?P<day>\d\d?)[-/.](?P<month>\d\d?)[-/.](?P<year>\d{4})"
    r"(?:[t_,\s-]+(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?\s*(?P<zone>.*))?$"
)
_YEAR_MONTH: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)$")
_EPOCH: Final = re.compile(r"(\d{9,10}|\d{12,13}|\d{15,16})(?:\.\d+)?$")
_CLOCK: Final = re.compile(r"(?P<hour>\d\d?)[:h](?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?")
_HALF: Final = re.compile(  # \u064b: the ending of the Arabic words, which is often left out
    r"\s*(?:(?P<first>a\.?\s?m\.?|ص|صباح\u064b?ا\u064b?)"
    r"|(?P<second>p\.?\s?m\.?|م|مساء\u064b?|(?:ظهر|عصر)\u064b?ا\u064b?))(?![^\W\d_])"
)
_NUMBER: Final = re.compile(r"\d+")
_OFFSET: Final = re.compile(r"(?:gmt|utc|z)?\s*([+-])\s*(\d\d?)(?::?(\d\d))?(?!\d)")
_ZONE_WORD: Final = re.compile(r"[a-z]+")
_MONTH: Final = re.compile(
    r"(?<![^\W\d_])(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")(?![^\W\d_])"
)

_USUAL: Final = re.compile(
    r"(?:(?:[A-Z][a-z]{2},\ )?(?P<day>\d\d?)"
    r"\ (?P<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\ (?P<year>\d{4})\ "
    r"|(?P<iso>\d{4}-\d\d-\d\d)T)"
    r"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d):(?P<second>\d\d)"
    r"\ ?(?:GMT|Z|(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d))",
    re.ASCII,
)

Found = tuple[int | None, bool]
_NOTHING: Final[Found] = (None, False)


def parse_date(text: str) -> Found:
    """Return UTC microseconds, or None, and whether the text gives a day without a time."""
    try:
        if (micros := _usual(text)) is not None:
            return micros, False
        text = _plain(text)
        if not text or len(text) > _LONGEST:
            return _NOTHING
        return _epoch(text) or _numeric(text) or _worded(text) or _NOTHING
    except (ValueError, OverflowError):
        return _NOTHING


def _usual(text: str) -> int | None:
    """Return the time of what nearly all feeds write, None for anything else.

    `Tue, 03 Feb 2026 10:00:00 +0300`, and the same as ISO 8601 has it.
    """
    found = _USUAL.fullmatch(text)
    if not found:
        return None
    offset = int(found["hours"] or 0) * 60 + int(found["minutes"] or 0)
    if offset > _FARTHEST:
        return None
    named = found["name"]
    if named:
        day = date(int(found["year"]), MONTHS[named.lower()], int(found["day"]))
    else:
        day = date.fromisoformat(found["iso"])
    minute = int(found["hour"]) * 60 + int(found["minute"])
    minute -= -offset if found["sign"] == "-" else offset
    days = day.toordinal() - _EPOCH_DAY
    return ((days * 1440 + minute) * 60 + min(59, int(found["second"]))) * 1_000_000


def clamp_date(micros: int | None, now: int) -> int | None:
    """Return the time unless it is before 1990 or more than a day ahead."""
    if micros is None or not micros >= _EARLIEST:
        return None
    return micros if not now or micros <= now + _AHEAD else None


_FARTHEST: Final = 14 * 60  # minutes from UTC
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_EARLIEST: Final = 631_152_000_000_000
_AHEAD: Final = 24 * 3600 * 1_000_000
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _plain(text: str) -> str:
    return " ".join(text[: _LONGEST * 2].translate(DIGITS).casefold().translate(LETTERS).split())


def _epoch(text: str) -> Found | None:
    found = _EPOCH.match(text)
    if not found:
        return None
    digits = found[1]
    return int(digits) * 10 ** (6 - 3 * ((len(digits) - 9) // 3)), False


def _numeric(text: str) -> Found | None:
    found = _ISO.match(text) or _LOOSE_ISO.match(text) or _DAY_FIRST.match(text)
    if found:
        return _build(**found.groupdict())
    found = _YEAR_MONTH.match(text)
    return _build(**found.groupdict(), day="1") if found else None


def _worded(text: str) -> Found | None:
    """Read `Tue, 03 Feb 2026 10:00:00 +0300` in any order and language; weekdays are ignored."""
    months = list(_MONTH.finditer(text))
    if not months:
        return None
    month = months[-1]  # the French `mar.` before it is a Tuesday
    clock = _CLOCK.search(text)
    before = text[: clock.start()] if clock else text
    zone = text[clock.end() :] if clock else ""
    if month.start() > len(before):
        before, zone = text[month.start() :], zone[: month.start() - len(before)]
    numbers = _NUMBER.findall(before)[:4]
    year = next((n for n in numbers if len(n) == 4), None)
    if year is None and zone:  # `Tue Feb  3 10:00:00 +0300 2026`
        last = re.search(r"(?:^|\s)(\d{4})$", zone)
        year, zone = (last[1], zone[: last.start()]) if last else (None, zone)
    day = next((n for n in numbers if len(n) <= 2), None)
    if year is None and len(numbers) > 1:
        year = _century(numbers[1])
    if year is None or day is None:
        return None
    time = clock.groupdict() if clock else {}
    return _build(year=year, month=str(MONTHS[month[0]]), day=day, zone=zone, **time)


def _century(year: str) -> str | None:
    if len(year) != 2:
        return None
    return f"20{year}" if int(year) < 69 else f"19{year}"


def _build(
    *,
    year: str,
    month: str,
    day: str,
    hour: str | None = None,
    minute: str | None = None,
    second: str | None = None,
    zone: str | None = None,
) -> Found:
    zone = zone or ""
    hours = _hours(int(hour or 0), zone)
    extra = timedelta(0)
    if hours == 24:
        hours, extra = 0, timedelta(days=1)
    moment = datetime(
        *(int(year), int(month), int(day)),
        *(hours, int(minute or 0), min(59, int(second or 0))),
        tzinfo=_zone(zone),
    )
    return (moment + extra - _START) // timedelta(microseconds=1), hour is None


def _hours(hour: int, zone: str) -> int:
    half = _HALF.match(zone)
    if not half or hour > 12:
        return hour
    return hour % 12 + (12 if half["second"] else 0)


def _zone(text: str) -> timezone:
    """Return the zone; a time without one is taken as UTC."""
    text = _HALF.sub("", text, count=1).strip()
    found = _OFFSET.match(text)
    if found:
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        if minutes <= _FARTHEST:
            return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))
    word = _ZONE_WORD.match(text)
    return timezone(timedelta(minutes=ZONES.get(word[0], 0) if word else 0))
