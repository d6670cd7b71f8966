"""When a source publishes, by the hour of the week; pure: time is an argument.

What is known is a text of hexadecimal digits: a byte for each of the 168 hours (UTC), one for
the hour that is not over, and the number of that hour. A byte counts eighths of an item;
an hour that nobody has watched from its beginning to its end is unknown.
"""

from __future__ import annotations

from typing import Final

from rasid.settings import HOUR

_HOURS: Final = 168
_UNKNOWN: Final = 0xFF
_PER_ITEM: Final = 8
_LONGEST_GAP: Final = 24  # hours; what came in a longer one says nothing of any hour
_ENOUGH: Final = 0.25  # items to be expected before it is worth asking
_DIGITS: Final = 2 * (_HOURS + 1)


def observed(hours: str, *, new: int, now: int) -> str:
    """Return what is known after a look at `now` that found so many new items."""
    cells, last = _read(hours)
    this = now // HOUR
    gap = this - last
    if not 0 <= gap <= _LONGEST_GAP:
        cells[_HOURS] = _UNKNOWN  # seen from the middle on
    elif gap == 0:
        cells[_HOURS] = _more(cells[_HOURS], new * _PER_ITEM)
    else:
        share = new * _PER_ITEM // (gap + 1)
        _learn(cells, last, _more(cells[_HOURS], share))
        for hour in range(last + 1, this):
            _learn(cells, hour, _more(0, share))
        cells[_HOURS] = _more(0, share)
    return f"{cells.hex()}{this:x}"


def pause(hours: str, *, now: int, longest: int) -> int:
    """Return how long to wait until a quarter of an item is to be expected, at most `longest`.

    An hour counts as busy as the busier of its neighbours; one that is unknown ends the wait.
    """
    cells, _ = _read(hours)
    at, expected = now, 0.0
    while at < now + longest:
        eighths = max(cells[(at // HOUR + near) % _HOURS] for near in (-1, 0, 1))
        if eighths == _UNKNOWN:
            return at - now
        end = min((at // HOUR + 1) * HOUR, now + longest)
        rate = eighths / _PER_ITEM / HOUR
        if expected + rate * (end - at) >= _ENOUGH:
            return at + int((_ENOUGH - expected) / rate) - now
        expected += rate * (end - at)
        at = end
    return longest


def _read(hours: str) -> tuple[bytearray, int]:
    try:
        cells, last = bytearray.fromhex(hours[:_DIGITS]), int(hours[_DIGITS:], 16)
    except ValueError:
        cells, last = bytearray(), 0
    return (cells, last) if len(cells) == _HOURS + 1 else (bytearray([_UNKNOWN] * 169), 0)


def _learn(cells: bytearray, hour: int, eighths: int) -> None:
    """Move an hour of the week a quarter of the way to what it was this week."""
    known, at = cells[hour % _HOURS], hour % _HOURS
    if eighths == _UNKNOWN:
        return
    if known == _UNKNOWN:
        cells[at] = eighths
    elif eighths > known:
        cells[at] = known + (eighths - known + 3) // 4
    else:
        cells[at] = known - (known - eighths + 3) // 4


def _more(eighths: int, by: int) -> int:
    return eighths if eighths == _UNKNOWN else min(_UNKNOWN - 1, eighths + by)
