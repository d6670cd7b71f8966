"""How the matches of an item are told, for the story that it is in: one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rasid.alerts.again import telling_again
from rasid.alerts.telling import Telling, after, heard, telling
from rasid.items.changes import Change
from rasid.models import Item, Match, Membership, Told
from rasid.protocols import Transaction


@dataclass(frozen=True, slots=True)
class StoryPlace:
    """Where a match stands in the telling of a story; `update_at`: None where it goes at once."""

    story: str
    telling: Telling
    update_at: int | None = None

    def facts(self) -> dict[str, Any]:
        """Return what an alert remembers of it."""
        waits = {} if self.update_at is None else {"update_at": self.update_at}
        return {"story": self.story, "telling": self.telling.value, **waits}


def place_matches(
    tx: Transaction,
    item: Item,
    matches: Sequence[Match],
    membership: Membership | None,
    *,
    now: int,
    every: int,
    changed: Sequence[Change] | None = None,
) -> Mapping[str, StoryPlace]:
    """Say by rule how matches are told, and remember that they are.

    `every`: how long further items of a story wait for one another (microseconds); 0: not at
    all, every item is told at once. An item that is in no story is told at once. `changed`: what
    a revision changed in an item, where that is what is told.
    """
    if membership is None or not every or not matches:
        return {}
    known = tx.told(membership.story, [one.rule for one in matches])
    places = {}
    for match in matches:
        before = known.get(match.rule)
        new = heard(item, match, is_copy=bool(membership.copy_of))
        how = telling(before, new, now) if changed is None else telling_again(changed)
        told = after(before or Told(match.rule, membership.story, now), new, how, now)
        waits = how is Telling.UPDATE
        if waits and told.update_at <= now:
            told = replace(told, update_at=now + every)
        tx.save_told(told)
        update_at = told.update_at if waits else None
        places[match.rule] = StoryPlace(membership.story, how, update_at)
    return places
