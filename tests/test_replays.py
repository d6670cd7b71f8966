"""Whole sequences of polls through parser, watch and store: what was told in the end."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from newsroom import RULES, START, Clock, Newsroom, item, make_newsroom, make_world

from crawler.parse import parse
from crawler.records import ParseHints
from rasid.models import (
    Decision,
    ParsedFeed,
    ParsedItem,
    PollOutcome,
    PollReason,
    PollResult,
    SourceState,
    Validators,
)
from rasid.polled import Polled
from rasid.settings import DAY, HOUR, Source
from rasid.watch import Watch
from storage import open_storage
from storage.sqlite import SqliteStorage

NUMBERS = range(4)
HINTS = ParseHints("https://paper.example/front.xml", now=START)


class Script:
    """A crawler that answers each poll with the next result of a list."""

    def __init__(self, *results: PollResult) -> None:
        self.results = list(results)
        self.asked_with: list[Validators] = []

    async def poll(
        self, source: Source, state: SourceState, *, unconditional: bool = False
    ) -> PollResult:
        self.asked_with.append(state.validators)
        return self.results.pop(0)

    def reload(self, settings: object) -> None:
        """Nothing depends on settings."""

    async def close(self) -> None:
        """Nothing is held."""


def read(*items: ParsedItem) -> PollResult:
    return PollResult(PollOutcome.OK, PollReason.PARSED, feed=ParsedFeed(items))


async def play(room: Newsroom, source: str, *results: PollResult) -> list[Polled]:
    """Poll a source once for each result, some minutes apart."""
    watch = Watch(room.storage, Script(*results), lambda: room.world, room.clock)
    polled = []
    for _ in results:
        room.clock.forward(HOUR // 6)
        polled += await watch.poll_all([room.world.config.sources[source]])
    return polled


# --- cut feeds -------------------------------------------------------------------------------


def rss() -> str:
    items = "".join(
        f"<item><title>غارة {n} on town</title><link>https://paper.example/{n}</link>"
        f"<description>strike &amp; <![CDATA[more </item> {n}]]></description>"
        f"<guid>g{n}</guid></item>"
        for n in NUMBERS
    )
    return f'<rss version="2.0"><channel><title>P</title>{items}</channel></rss>'


def atom() -> str:
    entries = "".join(
        f'<entry><title>strike {n} on town</title><link href="https://paper.example/{n}"/>'
        f"<summary>strike more {n}</summary><id>g{n}</id></entry>"
        for n in NUMBERS
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title><id>u</id>{entries}</feed>'


def json_feed() -> str:
    link = "https://paper.example/{}"
    items = [
        {"id": f"g{n}", "url": link.format(n), "title": f"strike {n}", "content_text": f"more {n}"}
        for n in NUMBERS
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "P", "items": items}
    return json.dumps(feed)


def fetched(body: bytes) -> PollResult:
    """Return what the crawler makes of a body that came whole, as far as it can tell."""
    parsed = parse(body, HINTS)
    if parsed.feed is None:
        return PollResult(PollOutcome.FAILED, parsed.reason, parsed.detail)
    return PollResult(
        PollOutcome.OK,
        parsed.reason,
        feed=parsed.feed,
        validators=Validators('"1"'),
        body_hash=str(hash(body)),
    )


@pytest.mark.parametrize("form", [rss, atom, json_feed])
async def test_P07_no_cut_tells_a_ghost_or_loses_or_doubles_an_alert(
    form: Callable[[], str], tmp_path: Path
) -> None:
    body, world = form().encode(), make_world(tmp_path)
    whole = fetched(body)
    assert whole.feed is not None
    titles = Counter({one.title: 2 for one in whole.feed.items})  # both URLs of the receiver
    assert len(titles) == len(NUMBERS)
    for cut in range(len(body)):
        clock = Clock()
        room = Newsroom(open_storage("memory://", clock), world, clock)
        await room.show("front", [], seeding=True)
        await seeded(room)
        crawler = Script(fetched(body[:cut]), whole)
        watch = Watch(room.storage, crawler, lambda room=room: room.world, clock)  # type: ignore[misc]
        for _ in range(2):
            await watch.poll_all([world.config.sources["front"]])
        assert Counter(await room.alerts()) == titles, cut
        assert (await room.counts())["items"] == len(NUMBERS), cut
        assert crawler.asked_with[1] == Validators(), f"the rest would never come: {cut}"
        await room.storage.close()


async def seeded(room: Newsroom) -> None:
    """Let the first poll of the source be over."""
    state = SourceState("front", url=room.world.config.sources["front"].url, seeded=True)
    await room.storage.write(lambda tx: tx.save_source(state))


# --- sources come and go -----------------------------------------------------------------------

WITHOUT_FRONT = "".join(line for line in RULES.splitlines(True) if "id: front" not in line)


async def test_D10_a_source_that_is_removed_and_added_again_knows_what_it_has_shown(
    tmp_path: Path,
) -> None:
    room = make_newsroom(tmp_path)
    old = [item(n) for n in range(20)]
    await play(room, "front", read(), read(*old))
    await play(room, "world", read(item(90)), read(item(90)))
    told = await room.alerts()
    assert len(told) == 40

    with_front, room.world = room.world, make_world(tmp_path, WITHOUT_FRONT)
    await Watch(room.storage, Script(), lambda: room.world, room.clock).sync()
    room.clock.forward(29 * DAY)
    # its outlet's other source shows what the removed one had shown
    (polled,) = await play(room, "world", read(item(90), *old[:5]))
    assert polled.report is not None
    assert polled.report.decisions == {Decision.KNOWN: 6}
    assert await room.alerts() == told

    room.world = with_front
    await Watch(room.storage, Script(), lambda: room.world, room.clock).sync(at_once=True)
    (polled,) = await play(room, "front", read(item(50, published=room.clock()), *old))
    assert polled.report is not None
    assert polled.report.decisions == {Decision.NEW: 1, Decision.KNOWN: 20}
    assert not polled.report.possible_gap
    assert await room.alerts() == [*told, *[item(50).title] * 2]
    await room.storage.close()


# --- several pollers -----------------------------------------------------------------------------


async def test_D15_four_pollers_of_one_database_write_everything_once(tmp_path: Path) -> None:
    first = make_newsroom(tmp_path)
    await first.show("front", [], seeding=True)
    others = [SqliteStorage(tmp_path / "rasid.db", first.clock) for _ in range(3)]
    rooms = [first, *(Newsroom(one, first.world, first.clock) for one in others)]
    edited = [item(n, "غارة ثانية") for n in range(5)]
    feeds = [[item(n) for n in range(at, at + 30)] for at in range(0, 100, 10)] + [edited]
    decisions: Counter[Decision] = Counter()
    for feed in feeds:
        for report in await asyncio.gather(*(room.show("front", feed) for room in rooms)):
            decisions.update(report.decisions)
    assert decisions[Decision.NEW] == 120
    assert decisions[Decision.REVISED] == 5
    counts = await first.counts()
    assert (counts["items"], counts["alerts_pending"]) == (120, 240)
    assert len(set(await first.alerts())) == 120
    ids = [one.id for one in await first.storage.read(lambda view: view.items(limit=999))]
    matches = await first.storage.read(lambda view: [view.matches(one) for one in ids])
    assert [len(one) for one in matches] == [1] * 120
    for room in rooms:
        await room.storage.close()
