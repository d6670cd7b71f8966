"""Polling many sources: what breaks one costs that one alone."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from newsroom import START, item, make_newsroom

from rasid.models import (
    ParsedFeed,
    PollOutcome,
    PollReason,
    PollResult,
    SourceState,
)
from rasid.settings import MINUTE, Source
from rasid.watch import Watch
from storage.sqlite_connection import connect

ALONE = """\
version: 1
sources:
  - {id: paper, outlet: paper, url: "https://paper.example/feed"}
"""


class Faulty:
    """A crawler with a bug that one source brings out."""

    async def poll(
        self, source: Source, state: SourceState, *, unconditional: bool = False
    ) -> PollResult:
        if source.id == "front":
            raise RuntimeError("a bug")
        return PollResult(PollOutcome.OK, PollReason.PARSED, feed=ParsedFeed((item(1),)))

    async def close(self) -> None:
        """Nothing is held."""


class Honest(Faulty):
    """A crawler that brings one item of any source."""

    async def poll(
        self, source: Source, state: SourceState, *, unconditional: bool = False
    ) -> PollResult:
        return PollResult(PollOutcome.OK, PollReason.PARSED, feed=ParsedFeed((item(1),)))


async def test_T05_a_source_that_raises_costs_itself_alone(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path)
    watch = Watch(room.storage, Faulty(), lambda: room.world, room.clock)
    await watch.sync(at_once=True)
    polled = await watch.poll_all(room.world.config.sources.values())
    assert {one.source: one.well for one in polled} == {
        "front": False,
        "world": True,
        "other": True,
    }
    states = await room.storage.read(lambda view: view.source_states())
    assert states["front"].reason == PollReason.INTERNAL
    assert states["front"].detail == "internal error: RuntimeError: a bug"
    assert states["front"].next_poll_at >= START + 5 * MINUTE
    assert states["other"].seeded
    await room.storage.close()


async def test_T05_what_the_store_refuses_of_one_source_stops_no_other(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path)
    with closing(connect(tmp_path / "rasid.db")) as conn:
        conn.execute(
            "CREATE TRIGGER bug BEFORE INSERT ON items WHEN new.source = 'other'"
            " BEGIN SELECT RAISE(ABORT, 'a broken constraint'); END"
        )
    watch = Watch(room.storage, Honest(), lambda: room.world, room.clock)
    await watch.sync(at_once=True)
    polled = await watch.poll_all(room.world.config.sources.values())
    assert [one.source for one in polled if not one.well] == ["other"]
    assert watch.storage_error == ""
    state = (await room.storage.read(lambda view: view.source_states()))["other"]
    assert (state.outcome, state.reason) == (PollOutcome.FAILED, PollReason.INTERNAL)
    assert "a broken constraint" in state.detail
    assert state.failures == 1
    assert await watch.start_due() == 0, "nothing is due, nothing pauses"
    await room.storage.close()


async def test_T05_a_lone_overdue_source_is_due_at_once_when_the_daemon_starts(
    tmp_path: Path,
) -> None:
    room = make_newsroom(tmp_path, rules=ALONE)
    watch = Watch(room.storage, Faulty(), lambda: room.world, room.clock)
    await watch.sync()
    assert await room.storage.read(lambda view: view.due_sources(START, 9)) == ["paper"]
    await room.storage.close()
