"""Which items an outlet took out of a feed: those that vanish from its middle. Pure.

A feed ends somewhere: what leaves it at its old end has only aged. What is gone while newer and
older items stay was taken out, unless the feed is one that is not in order of time, or shows a
choice: how often items came and went out of turn tells those apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

POLLS: Final = 3  # in a row without an item
_OLDER: Final = 3  # items that are still shown
_HABIT: Final = 32  # polls that the habit of a source is made of
_AT_ONCE: Final = 3  # more that vanish together are a feed made anew
_LONGEST: Final = 200  # items of a window: the newest
_REMEMBERED: Final = 20  # older items of a missing one
_MOST_MISSING: Final = 50


class Missing(Struct, frozen=True, array_like=True):
    """An item that vanished: polls without it, and items that were older."""

    polls: int
    older: tuple[str, ...]


class Window(Struct, frozen=True):
    """What a source showed last, newest first.

    `unruly` has a bit for each of the last polls, the lowest for the last, in which an item left
    or moved out of turn; `returned`, in which one came back that had left so. `missing` are
    remembered as long as they would be shown, had they not left: for their coming back.
    """

    shown: tuple[str, ...] = ()
    missing: dict[str, Missing] = field(default_factory=dict)
    polls: int = 0
    unruly: int = 0
    returned: int = 0


def looked(window: Window, shown: Sequence[str]) -> tuple[Window, list[str]]:
    """Return a window after a whole feed, and the items that were taken out of it."""
    order = list(dict.fromkeys(shown))
    there = set(order)
    if not there:
        return window, []  # an outlet that has trouble of its own
    gone = _gone(window.shown, there)
    still = _still(window.missing, there)
    missing = {} if len(gone) > _AT_ONCE else dict([*still.items(), *gone.items()][-_MOST_MISSING:])
    after = Window(
        tuple(order[:_LONGEST]),
        missing,
        min(window.polls + 1, _HABIT),
        _noted(window.unruly, bool(gone) or _is_reordered(window, order)),
        _noted(window.returned, not there.isdisjoint(window.missing)),
    )
    taken = [name for name, one in missing.items() if one.polls == POLLS]
    return after, taken if _is_orderly(after) else []


def _noted(bits: int, last: bool) -> int:
    return (bits << 1 | last) & ((1 << _HABIT) - 1)


def _is_orderly(window: Window) -> bool:
    """Whether a source is known to put nothing back, and to have taken out something but now."""
    return window.polls == _HABIT and window.unruly.bit_count() == 1 and not window.returned


def _gone(before: Sequence[str], there: Set[str]) -> dict[str, Missing]:
    """Return what vanished from the middle: something newer and enough older is still shown."""
    found = {}
    newer = False
    for place, name in enumerate(before):
        if name in there:
            newer = True
        elif newer:
            older = tuple(one for one in before[place + 1 :] if one in there)[:_REMEMBERED]
            if len(older) >= _OLDER:
                found[name] = Missing(1, older)
    return found


def _still(missing: Mapping[str, Missing], there: Set[str]) -> dict[str, Missing]:
    """Return what is missing still, and would be shown if it had only aged."""
    return {
        name: replace(one, polls=one.polls + 1)
        for name, one in missing.items()
        if name not in there and sum(older in there for older in one.older) >= _OLDER
    }


def _is_reordered(window: Window, order: Sequence[str]) -> bool:
    now, before = set(order), set(window.shown)
    return [one for one in window.shown if one in now] != [one for one in order if one in before]
