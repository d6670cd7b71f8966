"""What a desk gets of a day that is full of one thing: a replay of Arabic items of 11 outlets.

Two days of SaudiNewsNet are told to a rule as if they came evenly over a day (when they were
crawled says little of when they were published). Ingest, stories and delivery are the daemon's
own, on the in-memory store with a clock of its own; only what is sent is not sent.

    python -m bench.stories_replay [--word WORD]
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bench import stories_arabic
from rasid.alerts.outbox import Outbox
from rasid.alerts.targets import targets
from rasid.config import load
from rasid.ingest import Ingest
from rasid.items.links import link_key
from rasid.models import (
    DeliveryOutcome,
    DeliveryReason,
    DeliveryResult,
    Message,
    ParsedFeed,
    ParsedItem,
    SourceState,
    Target,
)
from rasid.notifiers.text import renderer
from rasid.protocols import Storage
from rasid.rules import compile_rules
from rasid.settings import DAY, MINUTE
from rasid.world import World
from storage import open_storage

START: Final = 1_790_000_000_000_000
LEAD: Final = 40
SOURCE: Final = '  - {{id: {0}, outlet: {0}, url: "https://{0}.example/"}}'
RULES: Final = """\
version: 1
receivers: [{{id: desk, urls: ["json://192.0.2.1/"]}}]
rules:
  - {{id: at-once, any: [{word}], notify: [desk]{more}}}
sources:
{sources}
"""


@dataclass
class Replay:
    """A clock, and what was sent by it."""

    now: int = START
    sent: list[Message] = field(default_factory=list)

    def __call__(self) -> int:
        """Return the time."""
        return self.now

    def send(self, target: Target, message: Message, *, plain: bool = False) -> DeliveryResult:
        """Take a message."""
        self.sent.append(message)
        return DeliveryResult(DeliveryOutcome.SUCCESS, DeliveryReason.ACCEPTED)

    def body_limit(self, target: Target) -> int:
        """Return what a chat takes."""
        return 4_000


@dataclass(frozen=True)
class Outcome:
    """Messages that went at once and that were updates, and alerts that were in none."""

    items: int
    stories: int
    at_once: int
    updates: int
    lost: int


async def replay(items: list[Any], word: str, more: str) -> Outcome:
    """Tell items to a rule for a word in the order in which they were crawled."""
    outlets = sorted({one["source"] for one in items})
    with tempfile.TemporaryDirectory() as folder:
        clock, path = Replay(), Path(folder) / "rules.yaml"
        sources = "\n".join(map(SOURCE.format, outlets))
        path.write_text(RULES.format(word=word, more=more, sources=sources), encoding="utf-8")
        config = load(path)
        world = World(config, compile_rules(config), targets(config, "replay"))
        storage = open_storage("memory://", clock)
        outbox = Outbox(
            storage, clock, lambda: world.targets, clock, lambda: config.settings, renderer("UTC")
        )
        ingest = Ingest(storage, lambda: world)
        for number, one in enumerate(items):
            source = config.sources[one["source"]]
            feed = ParsedFeed((_item(number, one),))
            await ingest(feed, source, SourceState(source.id), seeding=False, now=clock.now)
            await outbox.round()
            clock.now += DAY // len(items)
        for _ in range(3 * 60):
            clock.now += MINUTE
            await outbox.round()
        return await _outcome(storage, clock)


def _item(number: int, one: Any) -> ParsedItem:
    link = f"https://{one['source']}.example/{number}"
    summary = " ".join(one["content"].split()[:LEAD])
    return ParsedItem(
        guid=link, link=link, link_key=link_key(link), title=one["title"], summary=summary,
        language="ar",
    )  # fmt: skip


async def _outcome(storage: Storage, clock: Replay) -> Outcome:
    alerts = await storage.read(lambda view: view.alerts(limit=10_000))
    stories = {one.facts["story"] for one in alerts}
    told = {alert for message in clock.sent for alert in message.alerts}
    waited = {one.id for one in alerts if one.facts["telling"] in ("update", "cooldown")}
    updates = sum(waited.issuperset(message.alerts) for message in clock.sent)
    lost = len(alerts) - len(told)
    return Outcome(len(alerts), len(stories), len(clock.sent) - updates, updates, lost)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--word", default="عدن")
    given = parser.parse_args()
    if not stories_arabic.CORPUS.exists():
        print(f"left out: {stories_arabic.CORPUS.name} is not there")
        return
    items = stories_arabic.read()
    print(f"| one day, a rule for {given.word} | items | stories | at once | updates | lost |")
    print("|---|--:|--:|--:|--:|--:|")
    for name in ("no cool-down", "cooldown: 2h", "cooldown: 3h"):
        more = f", {name}" if ":" in name else ""
        one = asyncio.run(replay(items, given.word, more))
        cells = f"{one.items} | {one.stories} | {one.at_once} | {one.updates} | {one.lost}"
        print(f"| {name} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
