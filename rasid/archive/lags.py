"""Who tells a story first, who follows and how late: outlets and sources compared. Pure.

An outlet's time is when Rasid first saw its item, since what outlets say of themselves may be
rounded or wrong; so it holds what polling adds. Items of first polls are left out: they are all
seen at once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from rasid.models import Decision, Item
from rasid.settings import DAY
from rasid.text.fold import fold

StoryOf = Callable[[Item], str]
_LONGEST_LAG: Final = 2 * DAY  # older news were found late for other reasons than polling


@dataclass(frozen=True, slots=True)
class Outlet:
    """How an outlet does in stories that several tell; durations in microseconds.

    `never`: stories that two or more others told, of them `never_in_language` by one that
    writes in a language of this outlet.
    """

    outlet: str
    languages: tuple[str, ...]
    items: int
    first: int
    followed: int
    late_median: int | None
    late_p90: int | None
    never: int
    never_in_language: int


@dataclass(frozen=True, slots=True)
class SourceLag:
    """How long after publication items of a source were seen; None where none has a date."""

    source: str
    items: int
    lag_median: int | None
    lag_p90: int | None


def story_by(stories: Mapping[str, str]) -> StoryOf:
    """Return the story of an item, by its id; of one that is alone in it, its folded title."""
    members = Counter(stories.values())

    def story_of(item: Item) -> str:
        story = stories.get(item.id, "")
        return story if members[story] > 1 else f"title:{fold(item.title).text}"

    return story_of


def outlets(items: Iterable[Item], story_of: StoryOf) -> list[Outlet]:
    """Return how outlets do, those that are first most often first."""
    mine: dict[str, list[Item]] = defaultdict(list)
    told: dict[str, dict[str, int]] = defaultdict(dict)  # story -> outlet -> when
    for item in sorted(_counted(items), key=lambda one: one.first_seen):
        mine[item.outlet].append(item)
        told[story_of(item)].setdefault(item.outlet, item.first_seen)
    speaks = {name: _languages(own) for name, own in mine.items()}
    shared = [one for one in told.values() if len(one) > 1]
    found = [_outlet(name, own, shared, speaks) for name, own in mine.items()]
    return sorted(found, key=lambda one: (-one.first, -one.followed, one.outlet))


def _outlet(
    name: str,
    items: Sequence[Item],
    shared: Sequence[Mapping[str, int]],
    speaks: Mapping[str, tuple[str, ...]],
) -> Outlet:
    late = [one[name] - min(one.values()) for one in shared if name in one]
    missed = [one for one in shared if name not in one]
    near = [one for one in missed if any(set(speaks[who]) & set(speaks[name]) for who in one)]
    followed = [lag for lag in late if lag]
    return Outlet(
        outlet=name,
        languages=speaks[name],
        items=len(items),
        first=len(late) - len(followed),
        followed=len(followed),
        late_median=quantile(followed, 0.5),
        late_p90=quantile(followed, 0.9),
        never=len(missed),
        never_in_language=len(near),
    )


def lags(items: Iterable[Item]) -> list[SourceLag]:
    """Return how late items of each source were seen, the latest source first."""
    mine: dict[str, list[Item]] = defaultdict(list)
    for item in _counted(items):
        mine[item.source].append(item)
    found = [_lag(name, own) for name, own in mine.items()]
    return sorted(found, key=lambda one: (-(one.lag_median or 0), one.source))


def _lag(name: str, items: Sequence[Item]) -> SourceLag:
    dated = [one.first_seen - one.published for one in items if one.published is not None]
    late = [max(0, lag) for lag in dated if lag <= _LONGEST_LAG]
    return SourceLag(name, len(items), quantile(late, 0.5), quantile(late, 0.9))


def quantile(values: Sequence[int], share: float) -> int | None:
    """Return the value that `share` of all reach at most, None when there are none."""
    return sorted(values)[ceil(share * len(values)) - 1] if values else None


def _counted(items: Iterable[Item]) -> list[Item]:
    left_out = (Decision.SEEDED, Decision.TOO_OLD)
    return [one for one in items if one.decision not in left_out]


def _languages(items: Iterable[Item]) -> tuple[str, ...]:
    counted = Counter(one.language.partition("-")[0] for one in items if one.language)
    return tuple(name for name, _ in counted.most_common())
