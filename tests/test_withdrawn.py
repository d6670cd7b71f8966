"""`on: withdrawn`: what an outlet takes away is told once; feeds that only look so, never."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from pathlib import Path

import pytest
from newsroom import RULES, START, Newsroom, item, make_newsroom

from crawler.parse import parse
from crawler.records import ParseHints
from rasid.ingest import Ingest
from rasid.models import Alert, Notification, ParsedFeed, SourceState
from rasid.notifiers.text import render
from rasid.settings import HOUR
from rasid.vanishing import Window, looked

ONE = RULES.replace('"json://192.0.2.1/a", "json://192.0.2.1/b"', '"json://192.0.2.1/a"')
TOLD = ONE.replace("any:", "on: [new, withdrawn], any:")
LENGTH = 20  # of the feed

Feed = list[str]


def feed(newest: int, *, without: Iterable[int] = ()) -> Feed:
    """Return the newest items of a source that publishes one after the other, newest first."""
    left = set(without)
    return [str(n) for n in range(newest, newest - LENGTH - len(left), -1) if n not in left]


def taken(polls: Iterable[Feed]) -> list[tuple[int, str]]:
    """Return what polls come to: the number of the poll and the item that is withdrawn."""
    window, found = Window(), []
    for number, shown in enumerate(polls):
        window, gone = looked(window, shown)
        found += [(number, name) for name in gone]
    return found


USUAL = [feed(n) for n in range(10, 50)]


def test_what_vanishes_from_the_middle_is_withdrawn_at_the_third_poll_without_it() -> None:
    after = [feed(n, without=[45]) for n in (50, 50, 51, 52, 53)]
    assert taken([*USUAL, *after]) == [(42, "45")]
    assert taken([*USUAL, *after[:2]]) == []


def test_what_comes_back_in_time_is_not_withdrawn() -> None:
    assert taken([*USUAL, feed(50, without=[45]), feed(50, without=[45]), *[feed(51)] * 5]) == []


def test_the_habit_of_a_source_must_be_known() -> None:
    assert taken([feed(49), *[feed(50, without=[45])] * 5]) == []


def test_what_would_have_aged_meanwhile_is_forgotten() -> None:
    old = int(USUAL[-1][-5])
    after = [feed(49, without=[old]), feed(52, without=[old]), *[feed(60)] * 3]
    assert taken([*USUAL, *after]) == []


def shuffled(rng: random.Random) -> Iterable[Feed]:
    return [rng.sample(feed(n), LENGTH) for n in range(30, 130)]


def rotating(rng: random.Random) -> Iterable[Feed]:
    pool = [str(n) for n in range(60)]
    return [rng.sample(pool, LENGTH) for _ in range(100)]


def chosen(rng: random.Random) -> Iterable[Feed]:
    """An editor's choice, in order of time: which of the newest are shown changes."""
    return [sorted(rng.sample(feed(n), 12), key=int, reverse=True) for n in range(30, 130)]


def shrinking(rng: random.Random) -> Iterable[Feed]:
    lengths = [LENGTH] * 40 + [rng.randrange(1, LENGTH) for _ in range(60)]
    return [feed(30 + n)[:length] for n, length in enumerate(lengths)]


def truncated(rng: random.Random) -> Iterable[Feed]:
    """Only every other item is left, for good."""
    return [*USUAL, *[feed(50)[::2]] * 10]


def oldest_first(rng: random.Random) -> Iterable[Feed]:
    return [feed(n)[::-1] for n in range(30, 130)]


def from_a_stale_cache(rng: random.Random) -> Iterable[Feed]:
    """One of two servers lags behind, now and then for long."""
    stale = [rng.randrange(0, 4) for _ in range(25) for _ in range(4)]
    return [*USUAL, *(feed(50 + n - late * 3) for n, late in enumerate(stale))]


def with_a_pinned_foot(rng: random.Random) -> Iterable[Feed]:
    return [[*feed(n), "p1", "p2", "p3", "p4"] for n in range(30, 130)]


def slowly_rotating(rng: random.Random) -> Iterable[Feed]:
    """One item is left out, and after some polls another in its place."""
    every = rng.randrange(2, 17)
    for n in range(30, 130):
        if n % every == 0 or n == 30:
            out = rng.randrange(n - 12, n - 2)
        yield feed(n, without=[out])


def emptied(rng: random.Random) -> Iterable[Feed]:
    return [*USUAL, *[[]] * 5, *[feed(50)] * 5]


def made_anew(rng: random.Random) -> Iterable[Feed]:
    return [*USUAL, *[[name for name in feed(50) if int(name) % 10 > 3]] * 6]


@pytest.mark.parametrize(
    "polls",
    [
        shuffled, rotating, chosen, shrinking, truncated, oldest_first, from_a_stale_cache,
        slowly_rotating, with_a_pinned_foot, emptied, made_anew,
    ],
)  # fmt: skip
@pytest.mark.parametrize("seed", range(5))
def test_a_feed_that_only_looks_so_withdraws_nothing(
    polls: Callable[[random.Random], Iterable[Feed]], seed: int
) -> None:
    assert taken(polls(random.Random(seed))) == []


@pytest.fixture(params=["sqlite", "memory"])
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Newsroom]:
    newsroom = make_newsroom(tmp_path, "memory://" if request.param == "memory" else "", TOLD)
    await newsroom.show("front", [], seeding=True)
    await newsroom.show("world", [], seeding=True)
    yield newsroom
    await newsroom.storage.close()


async def polled(
    room: Newsroom, numbers: Sequence[int], source: str = "front", **given: object
) -> None:
    """Ingest what a source shows: item 7 matches, no other does."""
    room.clock.forward(HOUR // 6)
    state = await room.storage.read(lambda view: view.source_state(source))
    items = tuple(
        item(n, "غارة على البلدة" if n == 7 else f"هدوء {n}", published=START + n) for n in numbers
    )
    ingest = Ingest(room.storage, lambda: room.world, room.stories, room.keep)
    shown = ParsedFeed(items, **given)  # type: ignore[arg-type]
    known = state or SourceState(source, seeded=True)
    configured = room.world.config.sources[source]
    await ingest(shown, configured, known, seeding=False, now=room.clock())


async def usual(room: Newsroom, source: str = "front") -> None:
    """Let a source show what is new often enough, up to item 42."""
    for newest in range(10, 43):
        await polled(room, range(newest, 0, -1), source)


async def alerts(room: Newsroom) -> list[Alert]:
    """Return all alerts, oldest first."""
    return (await room.storage.read(lambda view: view.alerts(limit=1_000)))[::-1]


async def withdrawn(room: Newsroom) -> list[str]:
    """Return the titles of what is withdrawn."""
    items = await room.storage.read(lambda view: view.items(limit=1_000))
    ids = await room.storage.read(lambda view: view.withdrawn(one.id for one in items))
    return [one.title for one in items if one.id in ids]


WITHOUT = [n for n in range(42, 0, -1) if n not in (7, 12)]


async def test_what_is_withdrawn_is_told_once_to_a_rule_that_alerted_on_it(
    room: Newsroom,
) -> None:
    await usual(room)
    for _ in range(5):
        await polled(room, WITHOUT)
    new, gone = await alerts(room)
    assert gone.subject == f"{new.subject}:withdrawn"
    assert gone.facts["telling"] == "withdrawn"
    assert await withdrawn(room) == ["هدوء 12", "غارة على البلدة"]
    notification = Notification("n", "t", (gone,), 0, 0, "")
    for layout in ("", "{{ title }}"):
        message = render(notification, time_zone="UTC", limit=4_000, show="full", layout=layout)
        assert "غارة على البلدة" in message.body
        assert message.body.startswith("Withdrawn by its outlet: ")
        assert message.title.startswith("\u2068Withdrawn by its outlet: ")

    await polled(room, range(42, 0, -1))
    assert await withdrawn(room) == [], "it came back"
    for _ in range(4):
        await polled(room, WITHOUT)
    assert len(await alerts(room)) == 2


async def test_an_item_that_another_source_shows_is_not_withdrawn(room: Newsroom) -> None:
    await usual(room)
    await usual(room, "world")
    for _ in range(4):
        await polled(room, WITHOUT)
    assert await withdrawn(room) == []
    for _ in range(4):
        await polled(room, WITHOUT, "world")
    assert "غارة على البلدة" in await withdrawn(room)
    assert len(await alerts(room)) == 2


@pytest.mark.parametrize("partial", [{"held_back": 1}, {"dropped": 3}, {"repaired": ("cut_off",)}])
async def test_a_feed_that_was_cut_or_mended_withdraws_nothing(
    room: Newsroom, partial: dict[str, object]
) -> None:
    await usual(room)
    for _ in range(5):
        await polled(room, WITHOUT, **partial)
    assert await withdrawn(room) == []


async def test_a_tombstone_withdraws_at_once_what_is_not_shown(room: Newsroom) -> None:
    await polled(room, [8, 7])
    deleted = tuple(item(n).guid for n in (7, 8, 99))
    await polled(room, [9, 8], deleted=deleted)
    assert await withdrawn(room) == ["غارة على البلدة"]
    assert [one.subject.count(":") for one in await alerts(room)] == [1, 2]
    await polled(room, [9, 8], deleted=deleted)
    assert len(await alerts(room)) == 2
    await polled(room, [9, 8, 7], deleted=deleted)
    assert await withdrawn(room) == []


async def test_a_rule_that_does_not_ask_is_not_told(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path, rules=ONE)
    await polled(room, [8, 7])
    await polled(room, [8], deleted=(item(7).guid,))
    assert await withdrawn(room) == ["غارة على البلدة"]
    assert len(await alerts(room)) == 1
    await room.storage.close()


ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">
<title>Paper</title><id>urn:paper</id><updated>2026-11-27T00:00:00Z</updated>
<at:deleted-entry ref=" tag:paper.example,2026:7 " when="2026-11-27T00:00:00Z">
<at:comment>Published in error</at:comment></at:deleted-entry>
<entry><id>tag:paper.example,2026:8</id><title>Rain</title><updated>2026-11-27T00:00:00Z</updated>
<link href="https://paper.example/8"/></entry>
</feed>"""


def test_tombstones_of_atom_are_read() -> None:
    outcome = parse(ATOM.encode(), ParseHints(url="https://paper.example/feed", now=START))
    assert outcome.feed is not None
    assert outcome.feed.reader == "strict"
    assert outcome.feed.deleted == ("tag:paper.example,2026:7",)
    assert [one.title for one in outcome.feed.items] == ["Rain"]
