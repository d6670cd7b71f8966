"""Pages of items: which are fetched, when again, and what their text makes of an item. Pure.

An item is told by the words of its feed at once; its page waits as a row that was written in
the item's own transaction, so that nothing which ends the process makes it forgotten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from typing import Final

from rasid.deciding import Decided, Poll
from rasid.items.identity import fold
from rasid.models import (
    Decision,
    Item,
    ItemPage,
    PageReason,
    PageResult,
    PageState,
    PageText,
    PollReason,
)
from rasid.settings import DAY, HOUR, MINUTE, Source
from rasid.turns import host_of

PAUSES: Final = (5 * MINUTE, 30 * MINUTE, 3 * HOUR)  # after the first, second and third try
TRIES: Final = len(PAUSES) + 1

# What another try does not mend, or would be rude.
_LASTING: Final = frozenset(
    {
        PollReason.BLOCKED_ADDRESS,
        PollReason.BAD_URL,
        PollReason.ROBOTS,
        PollReason.REDIRECTS,
        PollReason.STATUS_410,
        PollReason.TOO_LARGE,
        PollReason.PARSE_TIMEOUT,
        PollReason.PARSE_ERROR,
        PageReason.NOT_HTML,
        PageReason.BOT_WALL,
        PageReason.STUB,
        PageReason.SAME_TEXT,
        PageReason.NOT_WANTED,
    }
)
_LASTING_STATUS: Final = frozenset({400, 401, 402, 403, 405, 406, 407, 451})


def pages_wanted(
    decided: Iterable[Decided], shown_before: Set[str], poll: Poll
) -> Iterator[ItemPage]:
    """Yield the pages of what a source with `text: page` shows for the first time.

    Whether a rule matches is no matter: who fetched only what matches would give the
    watch-list away. What seeding polls found and what is too old is not fetched.
    """
    if poll.source.text != "page" or poll.seeding:
        return
    for one in decided:
        item = one.after.item
        known = item.id in shown_before or item.paged
        if item.link and not known and Decision.TOO_OLD not in (one.decision, item.decision):
            yield ItemPage(item.id, poll.source.id, item.link, host_of(item.link), poll.now)


def is_wanted(page: ItemPage, source: Source | None) -> bool:
    """Say whether a source still asks for a page that is due."""
    return source is not None and source.enabled and source.text == "page"


def with_text(item: Item, page: PageText) -> Item:
    """Return an item with what its page gives: the text, a title or date that it has not."""
    title, _, rest = page.text.partition("\n")
    repeated = fold(title) == fold(item.title or page.title)  # it would count twice
    return replace(
        item,
        title=item.title or page.title,
        text=rest if repeated and rest else page.text,
        published=page.published if item.published is None else item.published,
        paged=True,
    )


def lacking(item: Item, page: PageText, *, same_text: bool) -> PageResult | None:
    """Return why an item does not take the text of its page, None where it does."""
    had = max(len(item.summary), len(item.text))
    if len(page.text) < had:
        detail = (
            f"its text is shorter than what the feed gave ({len(page.text)} < {had} characters)"
        )
        return PageResult(PageReason.STUB, f"{detail}: mostly a paywall")
    if same_text:
        detail = "the page of another item had the same text: a login or consent page?"
        return PageResult(PageReason.SAME_TEXT, detail)
    return None


def is_too_old(item: Item, page: PageText, now: int, too_old: int) -> bool:
    """Say whether only the page tells that an item was published too long ago to alert."""
    if item.published is not None or page.published is None or page.date_only:
        return False
    return page.published < now - too_old


def after_try(page: ItemPage, result: PageResult, now: int, text: str = "") -> ItemPage:
    """Return a page after a try; `text` is what the item took from it.

    That a host has asked for time and was not asked at all is no try.
    """
    tries = page.tries + (result.retry_after is None or bool(result.status))
    page = replace(
        page, tries=tries, reason=result.reason.value, detail=result.detail, tried_at=now
    )
    if result.reason is PageReason.READ:
        return replace(page, state=PageState.READ, text_hash=text_hash(text))
    if _lasts(result) or tries >= TRIES:
        return replace(page, state=PageState.GIVEN_UP)
    if result.retry_after is not None:
        return replace(page, due_at=now + min(max(result.retry_after, MINUTE), DAY))
    return replace(page, due_at=now + PAUSES[tries - 1])


def _lasts(result: PageResult) -> bool:
    if result.reason is PollReason.HTTP_STATUS:
        return result.status in _LASTING_STATUS
    return result.reason in _LASTING


def text_hash(text: str) -> str:
    """Return what tells whether two pages gave the same text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
