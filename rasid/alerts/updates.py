"""How the matches of an item are told, for the story that it is in: one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from rasid.alerts.again import telling_again
from rasid.alerts.telling import Heard, Telling, after, heard, telling
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


ANY: Final = ""  # the story of what a rule told last, whatever it was


@dataclass(frozen=True, slots=True)
class Waits:
    """How long matches wait for one another (microseconds).

    `updates`: those that repeat a story; 0: not at all, everything is told at once.
    `cooldowns`: by rule, those of other stories after it told something.
    """

    updates: int
    cooldowns: Mapping[str, int]


def place_matches(
    tx: Transaction,
    item: Item,
    matches: Sequence[Match],
    membership: Membership | None,
    waits: Waits,
    now: int,
    changed: Sequence[Change] | None = None,
    *,
    corroborates: bool = False,
) -> Mapping[str, StoryPlace]:
    """Say by rule how matches are told, and remember that they are.

    An item that is in no story is told at once. `changed`: what a revision changed in an item,
    where that is what is told. `corroborates`: the item opened the gates of the rules.
    """
    if membership is None or not waits.updates or not matches:
        return {}
    story, rules = membership.story, [one.rule for one in matches]
    of_story, of_rule = tx.told(story, rules), tx.told(ANY, rules)
    places = {}
    for match in matches:
        new = heard(item, match, is_copy=bool(membership.copy_of))
        cooldown = waits.cooldowns.get(match.rule, 0)
        last = _by_now(of_rule.get(match.rule), cooldown, now)
        before = _by_now(of_story.get(match.rule), waits.updates, now)
        how = Telling.CORROBORATED if corroborates else telling_again(changed or ())
        if changed is None and not corroborates:
            how = _first_told(before, last, new, now, cooldown)
        told = after(before or Told(match.rule, story, now), new, how, now)
        told = _waiting(told, how is Telling.UPDATE, now + waits.updates, now)
        tx.save_told(told)
        due = {Telling.UPDATE: told.update_at}
        if cooldown:
            rule = _of_rule(match.rule, last, new, how, now, cooldown)
            tx.save_told(rule)
            due[Telling.COOLDOWN] = rule.update_at
        places[match.rule] = StoryPlace(story, how, due.get(how))
    return places


def _by_now(told: Told | None, wait: int, now: int) -> Told | None:
    """Return what was told with no time that a clock set back since has made years from now."""
    if told is None:
        return None
    at, again = min(told.told_at, now), told.again_at
    return replace(
        told,
        told_at=at,
        again_at=None if again is None else min(again, now),
        update_at=min(told.update_at, now + wait),
    )


def _first_told(
    before: Told | None, last: Told | None, new: Heard, now: int, cooldown: int
) -> Telling:
    """Return how a first match is told; `last`: what its rule told last, of whichever story."""
    how = telling(before, new, now)
    cooling = how.at_once and last and _is_cooling(last, new, now, cooldown)
    return Telling.COOLDOWN if cooling else how


def _is_cooling(last: Told, new: Heard, now: int, cooldown: int) -> bool:
    """Whether a match says nothing that its rule has not told of just now."""
    return now - last.told_at < cooldown and not telling(last, new, now, cooldown).at_once


def _of_rule(
    rule: str, last: Told | None, new: Heard, how: Telling, now: int, cooldown: int
) -> Told:
    """Return what a rule told lately; what is longer ago than its cool-down is forgotten.

    Only what goes at once begins a cool-down: an update of a story does not.
    """
    last = last or Told(rule, ANY, now - cooldown)
    ends = last.told_at + cooldown
    if now >= ends and how.at_once:
        last = Told(rule, ANY, now, update_at=last.update_at)
    return _waiting(after(last, new, how, now), how is Telling.COOLDOWN, ends, now)


def _waiting(told: Told, waits: bool, at: int, now: int) -> Told:
    """Return what was told with when its update is due, if one is waited for."""
    return replace(told, update_at=at) if waits and told.update_at <= now else told
