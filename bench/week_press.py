"""The outlets of a simulated week: what each shows when, in place of the network."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rasid.items.links import link_key
from rasid.models import (
    Cause,
    HubAnswer,
    PageReason,
    PageResult,
    ParsedFeed,
    ParsedItem,
    PollOutcome,
    PollReason,
    PollResult,
    SourceState,
)
from rasid.protocols import Clock
from rasid.settings import HOUR, Settings, Source

SHOWN: Final = 60  # items of a feed


@dataclass(frozen=True)
class Publication:
    """What an outlet shows from a time on; one with the guid of another is its next revision."""

    at: int
    outlet: str
    guid: str
    title: str
    summary: str
    language: str = "ar"

    @property
    def link(self) -> str:
        """Where it is read."""
        return f"https://{self.outlet}.example/{self.guid}"

    def item(self) -> ParsedItem:
        """Return it as a feed gives it."""
        return ParsedItem(
            guid=self.guid, link=self.link, link_key=link_key(self.link), title=self.title,
            summary=self.summary, language=self.language, published=self.at,
        )  # fmt: skip


@dataclass(frozen=True)
class Withdrawal:
    """An item that its outlet calls deleted from a time on."""

    at: int
    outlet: str
    guid: str


@dataclass(frozen=True)
class Outage:
    """A time in which an outlet's server answers with 503."""

    outlet: str
    since: int
    until: int


@dataclass
class Press:
    """Answers polls as the crawler does, by what is published at the time of the clock."""

    clock: Clock
    publications: Iterable[Publication]
    withdrawals: Sequence[Withdrawal] = ()
    outages: Sequence[Outage] = ()
    served: set[Publication] = field(default_factory=set)  # by some poll
    _shelves: Mapping[str, list[Publication]] = field(init=False)

    def __post_init__(self) -> None:
        """Sort what each outlet publishes."""
        self._shelves = defaultdict(list)
        for one in sorted(self.publications, key=lambda one: one.at):
            self._shelves[one.outlet].append(one)

    async def poll(
        self, source: Source, state: SourceState, *, unconditional: bool = False
    ) -> PollResult:
        """Return what an outlet shows now."""
        now = self.clock()
        if any(one.outlet == source.id and one.since <= now < one.until for one in self.outages):
            failed = PollOutcome.FAILED, PollReason.HTTP_STATUS, "status 503"
            return PollResult(*failed, status=503, cause=Cause.STATUS_5XX)
        shelf = self._shelves[source.id]
        shown = shelf[: bisect.bisect_right(shelf, now, key=lambda one: one.at)]
        gone = {one.guid for one in self.withdrawals if one.outlet == source.id and one.at <= now}
        newest = {one.guid: one for one in shown if one.guid not in gone}
        items = sorted(newest.values(), key=lambda one: -one.at)[:SHOWN]
        self.served.update(items)
        told = f"{len(shown)} {len(gone)}"
        if told == state.body_hash and not unconditional:
            return PollResult(PollOutcome.NOT_MODIFIED, PollReason.SAME_BODY, body_hash=told)
        feed = ParsedFeed(tuple(one.item() for one in items), deleted=tuple(sorted(gone)))
        return PollResult(PollOutcome.OK, PollReason.PARSED, feed=feed, body_hash=told, status=200)

    async def page(self, source: Source, link: str) -> PageResult:
        """Say that there are no pages."""
        return PageResult(PageReason.STUB)

    async def ask_hub(self, hub: str, form: Mapping[str, str]) -> HubAnswer:
        """Refuse: there are no hubs."""
        return HubAnswer(accepted=False)

    async def read(self, source: Source, body: bytes, content_type: str) -> ParsedFeed | None:
        """Read nothing: nothing is pushed."""
        return None

    def reload(self, settings: Settings) -> None:
        """Go on as before."""

    async def close(self) -> None:
        """Have nothing to end."""


def configuration(outlets: Mapping[str, str]) -> str:
    """Return the sources of outlets (names by id), as rules.yaml has them."""
    names = [f"  - {{id: {one}, name: {name}}}" for one, name in sorted(outlets.items())]
    sources = [
        f'  - {{id: {one}, outlet: {one}, url: "https://{one}.example/feed", every: 10m}}'
        for one in sorted(outlets)
    ]
    return "\n".join(["outlets:", *names, "sources:", *sources, ""])


def later(at: int, hours: float) -> int:
    """Return a time so many hours later."""
    return at + int(hours * HOUR)
