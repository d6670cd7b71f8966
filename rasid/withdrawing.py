"""What is withdrawn: remembered, told and taken back, in the transaction that ends a poll."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from rasid.alerts.again import told_again
from rasid.alerts.gates.keeping import shown_by_gates
from rasid.deciding import Poll
from rasid.items.identity import guid_alias
from rasid.models import ParsedFeed
from rasid.protocols import Reading, Transaction
from rasid.recording import Matched, promise
from rasid.settings import WITHDRAWN
from rasid.vanishing import Window, looked


@dataclass(frozen=True, slots=True)
class Said:
    """What a feed says of items that it does not show.

    `deleted`: guids that it calls deleted. `whole`: what it lacks, its outlet has left out.
    """

    deleted: tuple[str, ...] = ()
    whole: bool = False

    @classmethod
    def of(cls, feed: ParsedFeed, *, pushed: bool) -> Said:
        """Return what a feed says; one that was cut, mended or pushed by a hub is no whole one."""
        cut = feed.held_back or feed.dropped or feed.repaired
        return cls(feed.deleted, whole=not (pushed or cut))


def settle(tx: Transaction, poll: Poll, said: Said, shown: Sequence[str]) -> int:
    """Store which items a poll shows to be withdrawn, and which no longer are.

    `shown`: all items of the feed, in its order. Returns the number of alerts.
    """
    if back := tx.withdrawn(shown):
        tx.mark_withdrawn(back, None)
    vanished = _vanished(tx, poll, shown) if said.whole else []
    there = set(shown)
    named = [one for one in _named(tx, poll, said.deleted) if one not in there]
    wanted = dict.fromkeys([*named, *vanished])
    known = tx.withdrawn(wanted)
    gone = [one for one in wanted if one not in known and not _is_elsewhere(tx, poll, one)]
    tx.mark_withdrawn(gone, poll.now)
    return sum(_tell(tx, poll, one) for one in gone)


def _vanished(tx: Transaction, poll: Poll, shown: Sequence[str]) -> list[str]:
    source = poll.source.id
    before = Window() if poll.seeding else _window(tx, source)
    after, vanished = looked(before, shown)
    if after != before:
        tx.save_window(source, msgspec.json.encode(after).decode())
    return vanished


def _window(view: Reading, source: str) -> Window:
    text = view.window(source)
    return msgspec.json.decode(text, type=Window) if text else Window()


def _named(tx: Transaction, poll: Poll, guids: Iterable[str]) -> list[str]:
    aliases = [guid_alias(one, poll.source.id) for one in guids]
    return list(tx.find_items(aliases).values())


def _is_elsewhere(tx: Transaction, poll: Poll, item: str) -> bool:
    """Whether another source that is polled shows an item, or may: it was never read whole."""
    others = tx.sources_of(item) & poll.world.config.sources.keys() - {poll.source.id}
    windows = (_window(tx, one) for one in others)
    return any(not one.shown or item in one.shown for one in windows)


def _tell(tx: Transaction, poll: Poll, name: str) -> int:
    rules = poll.world.config.rules
    item = tx.items_by_id([name]).get(name)
    matched = {match.rule for match in tx.matches(name)}
    if item is None or not any(one in rules and WITHDRAWN in rules[one].on for one in matched):
        return 0
    alerted = {alert.rule for alert in tx.alerts_on(name)} | shown_by_gates(tx, name)
    again = told_again([], matched=matched, alerted=alerted, rules=rules, event=WITHDRAWN)
    membership = tx.memberships([name]).get(name)
    return promise(tx, poll, Matched(item, again, {}, membership), WITHDRAWN)
