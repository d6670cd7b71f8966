"""The page that an item links to: whether it is still to be fetched, and what it gave."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rasid.models.polls import PollReason


class PageState(StrEnum):
    """What became of an item's page."""

    DUE = "due"
    READ = "read"
    GIVEN_UP = "given_up"


class PageReason(StrEnum):
    """Why a page gave its text or did not, where no `PollReason` says it."""

    READ = "read"
    NOT_HTML = "not_html"
    HOME_PAGE = "home_page"  # the link leads there now
    BOT_WALL = "bot_wall"
    NO_TEXT = "no_text"
    STUB = "stub"  # less than the feed gave: mostly a paywall
    SAME_TEXT = "same_text"  # as another item's: a login or consent page
    NOT_WANTED = "not_wanted"  # the source does not ask for pages any more


@dataclass(frozen=True, slots=True)
class ItemPage:
    """The page of an item; one is fetched for an item at most, and tried a few times."""

    item: str
    source: str  # whose `text: page` asked for it
    url: str
    host: str  # of `url`: what politeness is owed to
    due_at: int
    tries: int = 0
    state: PageState = PageState.DUE
    reason: str = ""  # of the last try: a value of `PollReason` or `PageReason`
    detail: str = ""  # for people
    text_hash: str = ""
    tried_at: int | None = None


@dataclass(frozen=True, slots=True)
class PageText:
    """What was extracted of a page: plain text, one line per block."""

    text: str
    title: str = ""
    published: int | None = None  # as the page declares it, clamped
    date_only: bool = False
    canonical: str = ""  # another address of the same item, "" where nothing vouches for it


@dataclass(frozen=True, slots=True)
class PageResult:
    """What fetching a page came to; `retry_after` in microseconds where the server said."""

    reason: PollReason | PageReason
    detail: str = ""
    page: PageText | None = None
    status: int = 0
    retry_after: int | None = None
    capture: str = ""  # the id of what it was read from


@dataclass(frozen=True, slots=True)
class PageReport:
    """How the pages of a source's items went; `trouble` is why the last try failed, "" if not."""

    due: int = 0
    read: int = 0
    given_up: int = 0
    trouble: str = ""
