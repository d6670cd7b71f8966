"""What a new rule and a first poll end with: one summary each. Pure.

A rule that was not in force before finds nothing new in what is stored already, and a first
poll alerts on nothing: both say so, instead of leaving people to wonder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from rasid.counted import counted
from rasid.models import Item
from rasid.settings import DAY, MINUTE, Config, Rule

TITLES: Final = 3  # of the newest items, in the summary of a rule
SINGLY: Final = 5  # rules of one receiver; more share one summary
QUIET: Final = 2 * MINUTE  # without a first poll: those that belong together are over
LONGEST: Final = 15 * MINUTE  # that a summary of first polls waits for the next
_NAMED: Final = 5


# --- rules ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule finds in the items stored in the last 24 h."""

    rule: Rule
    count: int = 0
    newest: tuple[Item, ...] = ()  # at most `TITLES`

    def with_item(self, item: Item) -> Found:
        """Return this with one more item."""
        newest = sorted((*self.newest, item), key=lambda one: (shown_at(one) or 0, one.id))
        return replace(self, count=self.count + 1, newest=tuple(newest[: -TITLES - 1 : -1]))


def unknown_rules(rules: Mapping[str, Rule], known: Mapping[str, str]) -> list[Rule]:
    """Return rules that are new or changed; `known` has a hash for each id."""
    return [rule for rule in rules.values() if known.get(rule.id) != rule.hash]


def shown_at(item: Item) -> int | None:
    """Return when an item appeared; None for one without a date out of a first poll."""
    if item.published is not None:
        return min(item.published, item.first_seen)
    return None if item.only_seeded else item.first_seen


def is_recent(item: Item, now: int) -> bool:
    """Tell whether an item appeared in the last 24 h."""
    at = shown_at(item)
    return at is not None and at >= now - DAY


@dataclass(frozen=True, slots=True)
class Summary:
    """One summary for one receiver; `rule` is None where it is about several."""

    receiver: str
    facts: Mapping[str, Any]
    rule: Rule | None = None


def summaries(found: Iterable[Found], config: Config) -> list[Summary]:
    """Return what each receiver is told; a rule that finds nothing is not told of."""
    told: dict[str, list[Found]] = {}
    for one in found:
        for receiver in dict.fromkeys(one.rule.notify):
            if one.count:
                told.setdefault(receiver, []).append(one)
    return [
        summary
        for receiver, rules in told.items()
        for summary in (
            [Summary(receiver, _facts(one, config), one.rule) for one in rules]
            if len(rules) <= SINGLY
            else [Summary(receiver, _facts_of_many(rules))]
        )
    ]


def rule_text(one: Found) -> str:
    """Return the summary of a rule: "rule x is in force: 12 stored items ... match"."""
    return f"rule {one.rule.id} is in force: {matching(one.count)}"


def _facts(one: Found, config: Config) -> dict[str, Any]:
    return {
        "text": rule_text(one),
        "discreet": f"a rule is in force: {matching(one.count)}",
        "titles": [
            {"outlet": _outlet(item, config), "title": item.title, "link": item.link}
            for item in one.newest
        ],
    }


def _facts_of_many(rules: Sequence[Found]) -> dict[str, Any]:
    most = sorted(rules, key=lambda one: -one.count)
    text = f"{len(rules)} rules that are new or changed match stored items of the last 24 h"
    named = _named([f"{one.rule.id} ({one.count})" for one in most])
    return {"text": f"{text}: {named}", "discreet": text}


def matching(count: int) -> str:
    """Return how many stored items match, as a summary says it."""
    if count == 1:
        return "1 stored item of the last 24 h matches"
    return f"{count or 'no'} stored items of the last 24 h match"


def _outlet(item: Item, config: Config) -> str:
    outlet = config.outlets.get(item.outlet)
    return outlet.name if outlet and outlet.name else item.outlet


# --- first polls ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seeding:
    """First polls that no summary has told of yet."""

    since: int
    last: int
    items: int = 0
    matches: int = 0  # of the last 24 h
    sources: tuple[str, ...] = field(default=())
    alerts: int = 0  # that `backfill_alerts` asked for

    def is_over(self, now: int) -> bool:
        """Tell whether the summary is due; also when the clock was set back."""
        return not (self.last <= now < self.last + QUIET and now < self.since + LONGEST)


def with_first_poll(
    text: str, source: str, *, items: int = 0, matches: int = 0, alerts: int = 0, now: int
) -> str:
    """Return what is remembered of first polls after one more; `text` is "" at first."""
    before = seeding(text) or Seeding(now, now)
    after = replace(
        before,
        last=now,
        items=before.items + items,
        matches=before.matches + matches,
        alerts=before.alerts + alerts,
        sources=tuple(dict.fromkeys((*before.sources, source))),
    )
    counts = after.since, after.last, after.items, after.matches, after.alerts
    return json.dumps([*counts, *after.sources], ensure_ascii=False)


def seeding(text: str) -> Seeding | None:
    """Return what is remembered of first polls."""
    if not text:
        return None
    since, last, items, matches, *rest = json.loads(text)
    alerts = rest.pop(0) if rest and isinstance(rest[0], int) else 0  # 0.1 counted none
    return Seeding(since, last, items, matches, tuple(rest), alerts)


def seeding_text(seeded: Seeding) -> str:
    """Return the summary of first polls."""
    sources = counted(len(seeded.sources), "source")
    items = "1 item was" if seeded.items == 1 else f"{seeded.items} items were"
    alerts = f", {counted(seeded.alerts, 'alert')} raised (backfill_alerts)"
    return (
        f"first poll of {sources} ({_named(seeded.sources)}): {items} kept"
        f"{alerts if seeded.alerts else ' without an alert'}; {matching(seeded.matches)}"
    )


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
