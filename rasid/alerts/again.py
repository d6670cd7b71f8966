"""What becomes of a known item: whether a rule is told of it once more, and how. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

from rasid.alerts.telling import Telling
from rasid.items.changes import Change
from rasid.models import Match
from rasid.settings import NEW, REVISED, Rule


def told_again(
    matches: Iterable[Match],
    *,
    matched: Iterable[str],
    alerted: Set[str],
    rules: Mapping[str, Rule],
    event: str = REVISED,
) -> list[Match]:
    """Return the matches of a revision that are told for being one, or for another event.

    `matched`: the rules that an earlier revision matched; `alerted`: those that raised an alert.
    A rule that alerts on `new` hears of what became of its alerts; one that does not, of every
    item that it has matched. A rule that the revision no longer matches is told too, without
    evidence: what it alerted on is no longer said.
    """
    now = {match.rule: match for match in matches}
    asking = [rules[name] for name in sorted(matched) if name in rules]
    return [
        now.get(rule.id) or Match(rule.id, rule.hash, ())
        for rule in asking
        if event in rule.on and (rule.id in alerted or NEW not in rule.on)
    ]


def telling_again(changed: Sequence[Change]) -> Telling:
    """Say whether a revision is told at once: its title or a number is another; or later."""
    grave = any(one.field == "title" or one.numbers for one in changed)
    return Telling.REVISED if grave else Telling.UPDATE
