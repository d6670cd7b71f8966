"""What fetches from outlets and hubs, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Protocol

from rasid.models import (
    Exchange,
    HubAnswer,
    PageResult,
    ParsedFeed,
    PollResult,
    RobotsAnswer,
    SourceState,
)
from rasid.settings import Settings, Source


class HubClient(Protocol):
    """What subscriptions need of the crawler; never raises for what a hub does."""

    async def ask_hub(self, hub: str, form: Mapping[str, str]) -> HubAnswer:
        """Post a form to a hub."""

    async def read(self, source: Source, body: bytes, content_type: str) -> ParsedFeed | None:
        """Return what was pushed for a source, None when it is nothing that can be read."""


class Crawler(HubClient, Protocol):
    """Fetches and parses one source at a time; never raises for what a server does."""

    async def poll(
        self, source: Source, state: SourceState, *, unconditional: bool = False
    ) -> PollResult:
        """Poll one source."""

    async def page(self, source: Source, link: str) -> PageResult:
        """Fetch the page of one of a source's items and extract its text."""

    def reload(self, settings: Settings) -> None:
        """Go by other settings from the next poll on."""

    async def close(self) -> None:
        """End running polls and stop."""


class Captures(Protocol):
    """Keeps what went over the wire: for a while, and with an alert as long as that."""

    @property
    def on(self) -> bool:
        """Whether responses are captured."""

    def now(self) -> int:
        """Return the time by which captures are dated."""

    async def add(self, exchanges: Sequence[Exchange]) -> str:
        """Capture one fetch, its redirects first; return the id, "" when it cannot be kept.

        It is there as a whole when this returns. Never raises: a fetch goes on without.
        """

    async def keep(self, ids: Set[str]) -> Mapping[str, str]:
        """Let captures stay until an alert's retention ends; return SHA-256 by id.

        They are on the disk when this returns; one that cannot be kept is left out.
        """


class RobotsCache(Protocol):
    """Answers of robots.txt that outlive the process."""

    def now(self) -> int:
        """Return the time by which answers are dated."""

    async def find(self, origin: str) -> RobotsAnswer | None:
        """Return what an origin (scheme://host:port) answered within a day."""

    def keep(self, answer: RobotsAnswer) -> None:
        """Take up an answer."""
