"""A running crawler that a test polls from its own thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawler import guard
from crawler.crawl import Limits, ScrapyCrawler
from crawler.records import Parse, ParseHints, ParseOutcome
from rasid.models import ParsedFeed, PollOutcome, PollReason, PollResult, SourceState
from rasid.protocols import Captures, RobotsCache
from rasid.settings import Settings, Source

NEW = SourceState("s")
SMALL: Mapping[str, Any] = {"DOWNLOAD_TIMEOUT": 1.5, "DOWNLOAD_MAXSIZE": 1024 * 1024}
PATIENT: Mapping[str, Any] = {**SMALL, "DOWNLOAD_TIMEOUT": 20}
LONG = Limits(host_delay=0.01, poll_seconds=30.0)
QUICK = Limits(host_delay=0.01, poll_seconds=8.0)


async def parse(body: bytes, hints: ParseHints) -> ParseOutcome:
    """Stand in for the other half of the crawler."""
    if b"<rss" not in body:
        return ParseOutcome(None, PollReason.NOT_A_FEED, "no feed")
    if b"boom" in body:
        raise RuntimeError("boom")
    return ParseOutcome(ParsedFeed(title=hints.url))


class Poller:
    """Runs a crawler in the `reactor` thread until the `with` block ends."""

    def __init__(
        self,
        reactor: Any,
        *,
        parse: Parse = parse,
        limits: Limits = QUICK,
        overrides: Mapping[str, Any] = SMALL,
        allow: tuple[str, ...] = ("127.10.0.0/16",),
        captures: Captures | None = None,
        robots: RobotsCache | None = None,
    ) -> None:
        self.reactor = reactor
        self.before = guard.policy()
        self.crawler: ScrapyCrawler = reactor(
            lambda: ScrapyCrawler.start(
                Settings(allow_addresses=allow),
                parse,
                limits=limits,
                captures=captures,
                robots=robots,
                overrides=overrides,
            )
        )

    def __call__(
        self, url: str, state: SourceState = NEW, *, unconditional: bool = False, **source: Any
    ) -> PollResult:
        asked = Source("s", "o", url, **source)
        result: PollResult = self.reactor(
            lambda: self.crawler.poll(asked, state, unconditional=unconditional)
        )
        return result

    def __enter__(self) -> Poller:
        return self

    def __exit__(self, *_: object) -> None:
        self.reactor(self.crawler.close)
        guard.reset()
        if self.before is not None:  # another one's, which goes on
            guard.install(self.before)


def kind(result: PollResult) -> tuple[PollOutcome, PollReason]:
    """Return what most tests compare."""
    return result.outcome, result.reason
