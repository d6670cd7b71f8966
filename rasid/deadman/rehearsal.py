"""An item made by Rasid goes the way of every other, and its transaction is undone.

Parsed in a worker, matched, stored, placed in a story, and alerted on, by the code and in the
tables that items of outlets use: only the commit is left out, so that nothing remains of it
in the archive, the stories or any count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any, Final, Protocol, TypeVar, cast
from xml.sax.saxutils import escape

from rasid.alerts.handover.silencing import OWN
from rasid.ingest import Ingest
from rasid.models import Alert, Document, Match, ParsedFeed, SourceState, Target
from rasid.protocols import Matcher, Reading, Storage, Transaction
from rasid.rules import compile_rules
from rasid.settings import CRITICAL, SECOND, Condition, Config, Outlet, Rule, Source, Term
from rasid.storybook import Storybook
from rasid.world import World

T = TypeVar("T")

NAME: Final = f"{OWN}canary"  # of its source, outlet, rule: no name in rules.yaml has a colon
_WORD: Final = "rasidcanary"
_TITLE: Final = f"The canary of Rasid: what matches arrives here ({_WORD})"
_SOURCE: Final = Source(NAME, NAME, "https://canary.invalid/feed", kind="feed")
_FEED: Final = (
    '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>Rasid</title>'
    "<item><guid>{guid}</guid><title>{title}</title><pubDate>{date}</pubDate></item>"
    "</channel></rss>"
)


class FeedReader(Protocol):
    """Reads a feed in a process of its own; the crawler does."""

    async def read(self, source: Source, body: bytes, content_type: str) -> ParsedFeed | None:
        """Return what was read for a source, None when it is nothing that can be read."""


class LostError(Exception):
    """The canary came no further; says how far."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Takes a canary through everything before delivery. `world` gives the rules in force."""

    storage: Storage
    reader: FeedReader
    world: Callable[[], World]

    async def __call__(self, receiver: str, targets: Mapping[str, Target], now: int) -> list[Alert]:
        """Return the alerts to record for it. Raises `LostError`, `StorageError`."""
        body = _FEED.format(
            guid=f"{NAME}:{now}", title=escape(_TITLE), date=formatdate(now / SECOND)
        )
        feed = await self.reader.read(_SOURCE, body.encode(), "application/rss+xml")
        if feed is None or not any(_WORD in item.title for item in feed.items):
            raise LostError("parsing: its feed was not read")
        undone = _Undone(self.storage)
        made = _world(receiver, targets, self.world().matcher)
        ingest = Ingest(undone, lambda: made, Storybook.empty())
        state = SourceState(NAME, url=_SOURCE.url, seeded=True)
        await ingest(feed, _SOURCE, state, seeding=False, now=now)
        if not undone.alerts:
            raise LostError("its item was stored and raised no alert")
        return undone.alerts


def _world(receiver: str, targets: Mapping[str, Target], in_force: Matcher) -> World:
    rule = Rule(
        NAME,
        Condition(any=(Term(_WORD, exact=True),)),
        (receiver,),
        severity=CRITICAL,  # nothing holds it: no digest, no quiet hours
        hash=NAME,
    )
    config = Config(
        outlets={NAME: Outlet(NAME, "Rasid")},
        sources={NAME: _SOURCE},
        rules={NAME: rule},
        version=NAME,
    )
    return World(config, _Matching(compile_rules(config), in_force), targets)


class _Matching:
    """Matches by the canary's own rule; the rules in force are tried and tell nobody."""

    def __init__(self, own: Matcher, in_force: Matcher) -> None:
        self.version = own.version
        self._own = own
        self._in_force = in_force

    def match(self, document: Document, now: int | None = None) -> list[Match]:
        self._in_force.match(document, now)
        return self._own.match(document, now)


class _UndoneError(Exception):
    """Ends a transaction with everything done and nothing kept."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result


class _Undone:
    """A store whose transactions are undone when they have come to their end."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.alerts: list[Alert] = []

    async def read(self, fn: Callable[[Reading], T]) -> T:
        return await self._storage.read(fn)

    async def write(self, fn: Callable[[Transaction], T]) -> T:
        def rehearse(tx: Transaction) -> None:
            noting = _Noting(tx)
            result = fn(cast("Transaction", noting))
            self.alerts = noting.alerts
            raise _UndoneError(result)

        try:
            await self._storage.write(rehearse)
        except _UndoneError as undone:
            return cast("T", undone.result)
        raise AssertionError("the transaction has ended without what ends it")

    async def backup(self, path: str) -> None:
        await self._storage.backup(path)

    async def maintain(self) -> None:
        await self._storage.maintain()

    async def close(self) -> None:
        """Leave the store open: it is another's."""


class _Noting:
    """A transaction that notes which alerts are added."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.alerts: list[Alert] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def add_alert(self, alert: Alert) -> bool:
        self.alerts.append(alert)
        return self._tx.add_alert(alert)
