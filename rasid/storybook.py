"""The stories of the store, kept in memory so that an item is placed within a millisecond.

An item is placed in the transaction that stores it. If that fails, what was placed is taken
back when the next one begins: the store is asked whether it has the item.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from rasid.items.documents import document
from rasid.models import Document, Item, Membership
from rasid.protocols import Reading, Storage, Transaction
from rasid.stories.boilerplate import boilerplate
from rasid.stories.features import Features, features
from rasid.stories.meaning import model
from rasid.stories.stories import WINDOW, Stories

_PAGE = 500  # items that are read at once
_Members = list[tuple[Item, Membership]]
_Page = tuple[_Members, Mapping[str, bytes]]  # members, what they mean


class Storybook:
    """Places items in stories; `place` is called by one thread at a time, the store's writer."""

    def __init__(self) -> None:
        self._stories: Stories | None = None
        self._opening = asyncio.Lock()

    @classmethod
    def empty(cls) -> Storybook:
        """Return one that knows no stories and reads none: for what is not to be kept."""
        made = cls()
        made._stories = Stories()
        return made

    async def open(self, storage: Storage, now: int) -> None:
        """Read the items of the last 72 hours, once. Raises `StorageError`."""
        async with self._opening:
            if self._stories is not None:
                return
            stories, after = Stories(), (0, "")
            while True:
                members, meanings = await storage.read(self._page(now - WINDOW, after))
                if not members:
                    break
                await asyncio.to_thread(_recall, stories, members, meanings)
                last = members[-1][1]
                after = (last.at, last.item)
            self._stories = stories

    def begin(self, view: Reading) -> None:
        """Keep what the store took since, and take back what it did not."""
        stories = self._opened()
        if not stories.unsettled:
            return
        if stories.unsettled in view.memberships([stories.unsettled]):
            stories.settle()
        else:
            stories.retract()

    def place(self, tx: Transaction, item: str, found: Features, now: int) -> Membership:
        """Place a new item that is stored in this transaction."""
        told = self._opened().assign(item, found, now)
        membership = Membership(item, told.story, now, told.near_duplicate_of)
        tx.join_story(membership)
        if found.meaning:
            tx.save_meaning(item, found.meaning, now, since=now - WINDOW)
        return membership

    def _opened(self) -> Stories:
        assert self._stories is not None, "open() comes first"
        return self._stories

    @staticmethod
    def _page(since: int, after: tuple[int, str]) -> Callable[[Reading], _Page]:
        def read(view: Reading) -> _Page:
            members = view.members(since=since, after=after, limit=_PAGE)
            return members, view.meanings(item.id for item, _ in members)

        return read


def _recall(stories: Stories, members: _Members, meanings: Mapping[str, bytes]) -> None:
    """Take up items that were placed before; without the model that told them, by words only."""
    told: dict[str, list[Document]] = {}
    for item, _ in members:
        told.setdefault(item.source, []).append(document(item))
    common = {source: boilerplate(those) for source, those in told.items()}
    for item, membership in members:
        found = features(common[item.source].trimmed(document(item)))
        if model() is not None:
            found = found._replace(meaning=meanings.get(item.id, b""))
        stories.recall(item.id, found, membership.at, membership.story)
    stories.settle()
