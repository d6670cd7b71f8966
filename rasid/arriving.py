"""The text of a page that was fetched: into its item, with what rules find in it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from rasid.alerts.gates.keeping import raise_spikes
from rasid.archive.words import words_of
from rasid.deciding import Poll
from rasid.ingest import Keep, keep_none
from rasid.items.documents import document
from rasid.items.identity import link_aliases
from rasid.models import Item, ItemPage, PageResult, PageText
from rasid.pages import after_try, is_too_old, lacking, text_hash, with_text
from rasid.protocols import Reading, Storage, Transaction
from rasid.recording import Analysis, Matched, StaleError, promise
from rasid.settings import Source
from rasid.world import World

log = logging.getLogger("rasid.pages")

_TRIES: Final = 10  # to store one whose item or rules change meanwhile


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A text, its item before and with it, and what was worked out of that."""

    before: Item
    item: Item
    text: PageText
    page: ItemPage  # after this try
    poll: Poll
    analysis: Analysis
    captures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Stores what tries of pages came to. `keep` keeps the captures that alerts rest on."""

    storage: Storage
    world: Callable[[], World]
    keep: Keep = keep_none

    async def __call__(self, page: ItemPage, source: Source, result: PageResult, now: int) -> int:
        """Store what one try came to; return how many alerts that raises.

        Raises `StorageError`, with the page still due, and `StaleError` when others change its
        item faster than it can be matched.
        """
        for _ in range(_TRIES):
            with suppress(StaleError):
                return await self._try(page, source, result, now)
        raise StaleError(f"item or rules changed under each of {_TRIES} tries to store a page")

    async def failed(self, page: ItemPage, result: PageResult, now: int) -> None:
        """Store that a page gave nothing."""
        level = logging.DEBUG if result.retry_after is not None else logging.WARNING
        log.log(level, "page of %s: %s: %s %s", page.source, page.url, result.reason, result.detail)

        def write(tx: Transaction) -> None:
            if tx.item_pages([page.item]):  # it may have been pruned meanwhile
                tx.save_item_page(after_try(page, result, now))

        await self.storage.write(write)

    async def _try(self, page: ItemPage, source: Source, result: PageResult, now: int) -> int:
        item, lacks = await self.storage.read(lambda view: _look(view, page, result.page))
        if result.page is None or item is None or lacks is not None:
            await self.failed(page, lacks or result, now)
            return 0
        poll = Poll(source, seeding=False, world=self.world(), now=now)
        arrival = await self._arrival(page, item, result, poll)

        def write(tx: Transaction) -> int:
            if self.world().matcher.version != poll.world.matcher.version:
                raise StaleError
            return _record(tx, arrival)

        return await self.storage.write(write)

    async def _arrival(
        self, page: ItemPage, before: Item, result: PageResult, poll: Poll
    ) -> _Arrival:
        assert result.page is not None
        item = with_text(before, result.page)
        analysis = await asyncio.to_thread(_analyse, item, poll)
        rests_on = {result.capture} if analysis.matches and result.capture else set[str]()
        return _Arrival(
            before,
            item,
            result.page,
            after_try(page, result, poll.now, result.page.text),
            poll,
            analysis,
            await self.keep(rests_on),
        )


def _look(
    view: Reading, page: ItemPage, text: PageText | None
) -> tuple[Item | None, PageResult | None]:
    """Return the item of a page, None when it was pruned, and why it does not take the text."""
    item = view.items_by_id([page.item]).get(page.item)
    if item is None or not view.item_pages([page.item]):
        return None, None
    if text is None:
        return item, None
    same_text = view.has_text(page.source, text_hash(text.text), page.item)
    return item, lacking(item, text, same_text=same_text)


def _analyse(item: Item, poll: Poll) -> Analysis:
    found = document(item)
    return Analysis(poll.world.matcher.match(found, poll.now), words_of(found))


def _record(tx: Transaction, new: _Arrival) -> int:
    """Write what a page gave its item. Raises `StaleError` when the item is another by now."""
    item, poll = new.item, new.poll
    if tx.items_by_id([item.id]).get(item.id) != new.before or not tx.item_pages([item.id]):
        raise StaleError
    told = {match.rule for match in tx.matches(item.id)}
    matches = [match for match in new.analysis.matches if match.rule not in told]
    tx.save_item_page(new.page)
    tx.put_page_text(item, words=new.analysis.words)
    tx.add_matches(item.id, matches, poll.now)
    names = link_aliases(new.text.canonical, item.outlet)
    tx.add_aliases(item.id, names[:1])  # the other is how links were known once
    if is_too_old(new.before, new.text, poll.now, poll.world.config.settings.too_old):
        return 0
    membership = tx.memberships([item.id]).get(item.id)
    raised = promise(tx, poll, Matched(item, matches, new.captures, membership))
    return raised + raise_spikes(tx, poll, {match.rule: 1 for match in matches})
