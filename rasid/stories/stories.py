"""Which story each item belongs to, told as items come in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, takewhile
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from rasid.stories.copies import Copies
from rasid.stories.features import Features
from rasid.stories.likeness import FEW, alike
from rasid.stories.postings import Postings, added, count, numbers, without
from rasid.stories.story import MAYBE, Story, Vector, vector

HOUR: Final = 3_600_000_000  # microseconds
WINDOW: Final = 72 * HOUR  # after its last item a story is over
MOST: Final = 12_000  # items, of 10 to 25 kB each
_ASKED: Final = 16  # keys of each part of an item by which stories are looked for
_COMMON: Final = 200  # stories that have a key: more of them, and it finds none
_TRIED: Final = 8  # stories that are compared in full

if TYPE_CHECKING:
    from rasid.stories.directions import Compared, Directions


class Assignment(NamedTuple):
    """`story`: the id of its first item; `near_duplicate_of`: of an earlier item, "" of none."""

    story: str
    near_duplicate_of: str = ""
    likeness: float = 0.0  # 1: what is needed
    near_duplicates: tuple[str, ...] = ()  # all earlier items that it is one of, the nearest first


class _Item(Struct, frozen=True, gc=False):
    id: str
    story: Story
    at: int


class Stories:
    """The stories of the last 72 hours, or of the last `most` items if those are more."""

    def __init__(self, window: int = WINDOW, most: int = MOST) -> None:
        self._window, self._most = window, most
        self._copies = Copies()
        self._items: dict[int, _Item] = {}  # by number, ascending, and so by when they came
        self._next = 0
        self._stories: dict[str, Story] = {}
        self._begun = 0
        self._numbered: dict[int, Story] = {}
        self._by_key: dict[str, Postings] = {}  # stories, by number
        self._directions: Directions | None = None  # until an item has a meaning
        self._now = self._swept = 0
        self._unsettled: list[tuple[Story, Vector, int]] = []  # with when the story was last told

    def assign(self, id: str, features: Features, at: int) -> Assignment:  # noqa: A002
        """Return where an item belongs, and take it up.

        `at`: when it came (microseconds UTC); an item that came late counts as of now.
        """
        self._advance(at)
        item, copied = vector(features), self._copies.add(self._next, features.sketch)
        if copied.of is not None:
            original = self._items[copied.of]
            story, found = original.story, Assignment(original.story.id, original.id, 1.0)
        else:
            best, likeness = self._best(item)
            story = best or self._new(id)
            found = Assignment(story.id, likeness=likeness)
        self._take(id, story, item)
        return found._replace(near_duplicates=tuple(self._items[one].id for one in copied.all))

    def recall(self, id: str, features: Features, at: int, story: str) -> None:  # noqa: A002
        """Take up an item that was assigned before."""
        self._advance(at)
        self._copies.add(self._next, features.sketch)
        self._take(id, self._stories.get(story) or self._new(story), vector(features))

    def settle(self) -> None:
        """Keep what was assigned for good."""
        self._unsettled.clear()

    def retract(self) -> None:
        """Undo what was assigned and not settled: the store did not take it."""
        while self._unsettled:
            story, item, last = self._unsettled.pop()
            self._next -= 1
            del self._items[self._next]
            self._copies.retract()
            for key in story.remove(item):
                self._leave(key, story)
            story.last = last
            if item.meaning:
                self._pointing().remove(story.id, item.meaning)
            if not story.items:
                self._drop(story)

    @property
    def unsettled(self) -> str:
        """The id of the item that was assigned last and is not settled, "" when all are."""
        return self._items[self._next - 1].id if self._unsettled else ""

    def _new(self, id: str) -> Story:  # noqa: A002
        # an id that comes again, in a file of somebody's own, begins no story of its own
        story = self._stories.get(id)
        if story is None:
            self._begun += 1
            story = self._stories[id] = self._numbered[self._begun] = Story(id, self._begun)
        return story

    def _take(self, id: str, story: Story, item: Vector) -> None:  # noqa: A002
        self._unsettled.append((story, item, story.last))
        self._items[self._next] = _Item(id, story, self._now)
        self._next += 1
        by_key, number = self._by_key, story.number
        for key in story.add(item):
            if key in item.saying or key not in item.words:
                those = by_key.get(key)
                if those is None:
                    by_key[key] = number
                elif count(those) <= _COMMON:  # else it finds none
                    by_key[key] = added(those, number)
        for key in story.spare():
            self._leave(key, story)
        story.last = self._now
        if item.meaning:
            self._pointing().add(story.id, item.meaning)

    def _pointing(self) -> Directions:
        if self._directions is None:
            from rasid.stories.directions import Directions  # numpy is there if a meaning is

            self._directions = Directions()
        return self._directions

    def _best(self, item: Vector) -> tuple[Story | None, float]:
        """Return the story that an item is most like, if it is like enough, and how much."""
        best, most = None, 0.0
        meant = self._compared(item)
        for story in self._candidates(item, meant):
            likeness = alike(story, item, meant.of(story.id) if meant else None)
            if likeness > most:
                best, most = story, likeness
        return (best, most) if most >= 1 else (None, most)

    def _compared(self, item: Vector) -> Compared | None:
        if self._directions is None or len(item.words) < FEW:
            return None
        return self._directions.compare(item.meaning)

    def _candidates(self, item: Vector, meant: Compared | None) -> list[Story]:
        """Return the stories that are compared in full."""
        near = self._near(item)
        if meant is not None:
            known = {story.id for story in near}
            near += [self._stories[one] for one in meant.nearest(_TRIED) if one not in known]
        return near

    def _near(self, item: Vector) -> list[Story]:
        """Return the stories that share most of what is rare with an item."""
        shared: dict[int, float] = {}
        by_key, so_far = self._by_key, shared.get
        for key, weight in _asked(item):
            those = by_key.get(key)
            if those is not None and count(those) <= _COMMON:
                # of stories that share as much, the latest are tried
                for one in reversed(numbers(those)):
                    shared[one] = so_far(one, 0.0) + weight
        most = sorted(shared, key=shared.__getitem__, reverse=True)[:_TRIED]
        return [self._numbered[one] for one in most]

    def _advance(self, at: int) -> None:
        self._now = max(self._now, at)
        if self._unsettled:
            return
        if self._now - self._swept > HOUR:
            self._swept = self._now
            self._forget(self._now - self._window)
        if len(self._items) >= self._most:
            tenth = next(islice(self._items.values(), self._most // 10, None))
            self._forget(tenth.at + 1)

    def _forget(self, before: int) -> None:
        """Leave the items that came earlier, and the stories that ended then."""
        old = list(takewhile(lambda number: self._items[number].at < before, self._items))
        for number in old:
            del self._items[number]
        self._copies.forget(next(iter(self._items), self._next))
        for story in [one for one in self._stories.values() if one.last < before]:
            self._drop(story)

    def _drop(self, story: Story) -> None:
        del self._stories[story.id], self._numbered[story.number]
        if self._directions is not None:
            self._directions.drop(story.id)
        for key in story.weights:
            self._leave(key, story)

    def _leave(self, key: str, story: Story) -> None:
        those = self._by_key.get(key)
        left = None if those is None else without(those, story.number)
        if left is not None:
            self._by_key[key] = left
        elif those is not None:
            del self._by_key[key]


def _asked(item: Vector) -> Iterator[tuple[str, float]]:
    """Return the keys by which stories are looked for, with what each counts."""
    for part in (item.words, item.pivots):
        yield from sorted(part.items(), key=itemgetter(1), reverse=True)[:_ASKED]
    yield from islice(item.unsure.items(), _ASKED)  # all of them count as much
    for key, weight in item.pivots.items():
        if key[0] == "~":
            yield MAYBE + key, weight
