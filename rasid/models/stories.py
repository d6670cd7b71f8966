"""Which items are about one event."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Membership:
    """An item's place in a story, called by its first item; `copy_of`: "" where it is no copy."""

    item: str
    story: str
    at: int  # when it joined (microseconds UTC)
    copy_of: str = ""


@dataclass(frozen=True, slots=True)
class StorySummary:
    """A story as a list shows it; `title` is that of its first item."""

    story: str
    title: str
    items: int
    outlets: int
    copies: int
    first_at: int
    last_at: int


@dataclass(frozen=True, slots=True)
class Told:
    """What a rule has told of a story; times in microseconds UTC."""

    rule: str
    story: str
    told_at: int  # when something was last told at once
    again_at: int | None = None  # when it was last told that it happened anew
    update_at: int = 0  # when the update is due that further items wait for
    places: frozenset[str] = frozenset()  # names, with those of what contains them
    words: frozenset[str] = frozenset()  # of the rule, one for all that mean the same
    toll: int = 0
