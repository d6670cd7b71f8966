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
