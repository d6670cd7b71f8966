"""A small world for tests of ingest and polling: configuration, storage and a clock."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from rasid.alerts.targets import targets
from rasid.config import load
from rasid.ingest import Ingest, Keep, keep_none
from rasid.models import ParsedFeed, ParsedItem, SourceState
from rasid.protocols import Storage
from rasid.recording import Report
from rasid.rules import compile_rules
from rasid.settings import HOUR, SECOND
from rasid.storybook import Storybook
from rasid.world import World
from storage import open_storage

START = 1_790_000_000 * SECOND

# dictionaries are turned round once for all tests
_cache = tempfile.TemporaryDirectory(prefix="rasid-tests-")

RULES = """\
version: 1
sources:
  - {id: front, outlet: paper, url: "https://paper.example/front.xml"}
  - {id: world, outlet: paper, url: "https://paper.example/world.xml"}
  - {id: other, outlet: wire, url: "https://wire.example/feed.xml"}
receivers:
  - {id: desk, urls: ["json://192.0.2.1/a", "json://192.0.2.1/b"]}
rules:
  - {id: strike, any: [غارة, strike], notify: [desk]}
"""


@dataclass
class Clock:
    """A clock that a test moves."""

    at: int = START

    def __call__(self) -> int:
        return self.at

    def forward(self, micros: int) -> None:
        self.at += micros


@dataclass
class Newsroom:
    """Ingests feeds of configured sources as polls would."""

    storage: Storage
    world: World
    clock: Clock = field(default_factory=Clock)
    stories: Storybook = field(default_factory=Storybook)
    keep: Keep = keep_none

    async def show(
        self,
        source: str,
        items: Iterable[ParsedItem],
        *,
        seeding: bool = False,
        dropped: int = 0,
    ) -> Report:
        """Ingest what a source shows, ten minutes after the last time."""
        self.clock.forward(HOUR // 6)
        state = await self.storage.read(lambda view: view.source_state(source))
        state = state or SourceState(source, seeded=True)
        ingest = Ingest(self.storage, lambda: self.world, self.stories, self.keep)
        feed = ParsedFeed(tuple(items), dropped=dropped)
        configured = self.world.config.sources[source]
        return await ingest(feed, configured, state, seeding=seeding, now=self.clock())

    async def alerts(self) -> list[str]:
        """Return the titles told, one for each target, oldest first."""
        found = await self.storage.read(lambda view: view.alerts(limit=10_000))
        return [alert.facts["title"] for alert in reversed(found)]

    async def alerts_of(self, receiver: str) -> list[str]:
        """Return the titles told to one receiver, oldest first."""
        found = await self.storage.read(lambda view: view.alerts(limit=10_000))
        return [one.facts["title"] for one in reversed(found) if one.receiver == receiver]

    async def counts(self) -> dict[str, int]:
        return dict(await self.storage.read(lambda view: view.counts()))


def make_world(folder: Path, rules: str = RULES) -> World:
    path = folder / "rules.yaml"
    path.write_text(rules, encoding="utf-8")
    config = load(path)
    matcher = compile_rules(config, cache_dir=Path(_cache.name))
    return World(config, matcher, targets(config, "salt"))


def make_newsroom(folder: Path, url: str = "", rules: str = RULES) -> Newsroom:
    clock = Clock()
    storage = open_storage(url or folder / "rasid.db", clock)
    return Newsroom(storage, make_world(folder, rules), clock)


def item(number: int, title: str = "", **given: object) -> ParsedItem:
    """Return an item as an outlet's feed gives it."""
    from rasid.items.links import link_key

    link = str(given.pop("link", f"https://paper.example/{number}"))
    values: dict[str, object] = {
        "guid": f"https://paper.example/?p={number}",
        "link": link,
        "link_key": link_key(link),
        "title": title or f"غارة على البلدة رقم {number}",
        "published": START,
    }
    return ParsedItem(**{**values, **given})  # type: ignore[arg-type]
