"""Which alerts of a story are follow-ups of a sharper one that was told.

Of two rules that match items of one story, the vaguer alert waits for the update of the story
instead of a message of its own: the one whose place contains the other's. Where the places are
the same, that of lower severity, and of the same severity that with fewer words. Only what says
nothing new waits: a toll that jumps, "again", another place never do. Stories never inhibit one
another, nor does what is not critical what is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from rasid.alerts.handover.silencing import silenced_by
from rasid.alerts.lanes import held_by
from rasid.alerts.pins import innermost, name_of
from rasid.alerts.placing import is_critical
from rasid.alerts.telling import Heard, Telling, heard, telling
from rasid.alerts.updates import ANY
from rasid.models import Alert, AlertState, Hold, Item, Match, Membership, Silence, Told
from rasid.protocols import Transaction
from rasid.settings import Rule, rank

_LATEST: Final = 200  # alerts of a story that are looked at


@dataclass(frozen=True, slots=True)
class Inhibiting:
    """What an item adds to its story, and by which rules."""

    item: Item
    matches: Sequence[Match]
    membership: Membership
    updates: int  # how long what repeats a story waits (microseconds)
    rules: Mapping[str, Rule]


def inhibit(tx: Transaction, new: Inhibiting, alerts: Sequence[Alert], now: int) -> list[Alert]:
    """Return new alerts of an item; those that a sharper one inhibits wait for the update."""
    first = [one for one in alerts if one.facts.get("telling") == Telling.FIRST]
    told_before = tx.alerts_of_story(new.membership.story, _LATEST) if first else []
    silences = tx.silences(ending_after=now) if told_before else []
    earlier = [
        one
        for one in told_before
        if one.subject != first[0].subject and _was_told(one) and not _is_silent(one, silences, now)
    ]
    if not earlier:
        return list(alerts)
    told = tx.told(new.membership.story, {one.rule for one in earlier})
    is_copy = bool(new.membership.copy_of)
    says = {one.rule: heard(new.item, one, is_copy=is_copy) for one in new.matches}
    found = {one.id: inhibitor(one, says[one.rule], earlier, told, now) for one in first}
    after = [_follow_up(one, found.get(one.id), told, new.updates, now) for one in alerts]
    _forget_cool_downs(tx, new.rules, after, now)
    return after


def inhibitor(
    alert: Alert, new: Heard, earlier: Iterable[Alert], told: Mapping[str, Told], now: int
) -> Alert | None:
    """Return the sharper alert to the same target that an alert only repeats, if there is one."""
    repeats = replace(new, words=frozenset())  # the words of another rule are always others
    for one in earlier:
        same = one.target == alert.target and one.rule != alert.rule
        if not same or one.rule not in told or not is_sharper(one, alert):
            continue
        if telling(told[one.rule], repeats, now) is Telling.UPDATE:
            return one
    return None


def is_sharper(one: Alert, other: Alert) -> bool:
    """Tell whether an alert says more exactly where, or of one place more gravely or more."""
    places, wider = _places(one), _places(other)
    if not places or not wider or (is_critical(other) and not is_critical(one)):
        return False
    if not wider <= places | _around(one):
        return False
    if not wider <= places:
        return True
    ranks = [rank(str(each.facts.get("severity", ""))) for each in (one, other)]
    if ranks[0] != ranks[1]:
        return ranks[0] > ranks[1]
    return wider == places and _words(one) > _words(other)


def _was_told(alert: Alert) -> bool:
    """Tell whether an alert went, or goes, as a message of its own."""
    alive = alert.state in (AlertState.PENDING, AlertState.SENT)
    return alive and "update_at" not in alert.facts and held_by(alert.lane) is not Hold.SILENCED


def _is_silent(alert: Alert, silences: Sequence[Silence], now: int) -> bool:
    """Tell whether a silence will keep back what nobody has placed yet."""
    waits = alert.state is AlertState.PENDING and not alert.notification
    return waits and alert.due_at is None and silenced_by(alert, silences, now) is not None


def _follow_up(
    alert: Alert, sharper: Alert | None, told: Mapping[str, Told], updates: int, now: int
) -> Alert:
    if sharper is None:
        return alert
    due = told[sharper.rule].update_at  # far ahead: the clock has been set back since
    waits = {
        "telling": Telling.INHIBITED.value,
        "update_at": due if now < due <= now + updates else now + updates,
        "inhibited_by": sharper.id,
    }
    return replace(alert, facts={**alert.facts, **waits})


def _forget_cool_downs(
    tx: Transaction, rules: Mapping[str, Rule], alerts: Sequence[Alert], now: int
) -> None:
    """Begin no cool-down of a rule that told nobody anything at once."""
    loud = {one.rule for one in alerts if "update_at" not in one.facts}
    quiet = {one.rule for one in alerts if "inhibited_by" in one.facts} - loud
    for name, last in tx.told(ANY, quiet).items():
        if last.told_at == now:
            tx.save_told(replace(last, told_at=now - rules[name].cooldown))


def _places(alert: Alert) -> set[str]:
    """Return where an alert is about: of a town and its province, the town."""
    return {name_of(place) for place in innermost(_evidence(alert, "place"))}


def _around(alert: Alert) -> set[str]:
    return {str(name) for place in _evidence(alert, "place") for name in place.get("within", ())}


def _evidence(alert: Alert, key: str) -> list[Mapping[str, Any]]:
    return [one[key] for one in alert.facts.get("evidence", ()) if one.get(key)]


def _words(alert: Alert) -> int:
    return len({one["word"] for one in alert.facts.get("evidence", ()) if one.get("word")})
