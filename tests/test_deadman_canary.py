"""The canary goes the way of every item, arrives, and leaves nothing behind."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from alert_sinks import Answer, HttpSink, http_sink
from daemon import ForkedDaemon, rasid, rows, wait_for
from newsroom import RULES, item
from outlet import Outlet
from test_parts import House
from test_parts import house as house

import scheduler
from crawler.kinds import parse
from crawler.records import ParseHints
from rasid.alerts.handover.acks import can_be_acked
from rasid.alerts.handover.shift import shift
from rasid.deadman import rehearsal
from rasid.deadman.canary import Canaries
from rasid.deadman.canary_state import (
    PATIENCE,
    CanaryState,
    arrived,
    is_due,
    is_late,
    noted,
    released,
    remembered,
)
from rasid.models import ParsedFeed, Silence
from rasid.settings import HOUR, MINUTE, SECOND, Source

NOW = 1_000 * HOUR


# --- decided -------------------------------------------------------------------------------


def test_R08_a_canary_is_due_every_so_often_and_sooner_after_a_lost_one() -> None:
    assert is_due(CanaryState(), HOUR, NOW)
    state = released(CanaryState(), NOW)
    assert not is_due(arrived(state, NOW + SECOND), HOUR, NOW + HOUR - 1)
    assert is_due(arrived(state, NOW + SECOND), HOUR, NOW + HOUR)
    assert is_due(state, HOUR, NOW + MINUTE)
    assert is_due(arrived(state, NOW), HOUR, NOW - HOUR), "the clock was set back"


def test_R08_it_is_late_by_the_first_that_is_missing() -> None:
    state = released(CanaryState(), NOW)
    state = released(state, NOW + PATIENCE // 2)
    assert not is_late(state, NOW + PATIENCE - 1)
    assert is_late(state, NOW + PATIENCE)
    assert not is_late(arrived(state, NOW + PATIENCE), NOW + 2 * PATIENCE)
    assert remembered(noted(state)) == state
    assert remembered("") == CanaryState()


# --- by the parts of the daemon -------------------------------------------------------------


async def read(source: Source, body: bytes, content_type: str) -> ParsedFeed | None:
    """Parse as the workers do."""
    return parse(body, ParseHints(source.url, content_type, "", 0, source.kind)).feed


@dataclass
class Aviary:
    """A house that releases canaries, and what its receivers and the heartbeat hear."""

    house: House
    desk: HttpSink
    ops: HttpSink
    outside: HttpSink

    async def use(self, canary: str = "canary: {every: 1h}") -> None:
        text = RULES.replace(
            '  - {id: desk, urls: ["json://192.0.2.1/a", "json://192.0.2.1/b"]}\n',
            f'  - {{id: desk, urls: ["{self.desk.url}"], digest: {{at: "0 7 * * *"}}}}\n'
            f'  - {{id: ops, urls: ["{self.ops.url}"]}}\n',
        ).replace(
            "version: 1\n",
            f"version: 1\nsettings:\n  ops_receiver: ops\n  {canary}\n"
            f"  heartbeat: {{url: 'http://127.0.0.1:{self.outside.port}/', every: 1m}}\n",
        )
        await self.house.reload(text)

    async def live(self, minutes: int) -> None:
        """Look and deliver as the daemon does."""
        parts = self.house.parts
        for _ in range(minutes * 2):
            self.house.clock.forward(30 * SECOND)
            parts.watch.last_progress_at = self.house.clock()
            await parts.tell()
            await parts.outbox.round()
            await parts.ping()

    async def state(self) -> CanaryState:
        return await self.house.parts.storage.read(lambda view: remembered(view.meta("canary")))

    def rows(self) -> dict[str, list[Any]]:
        """Return every row of the database but those of `meta`."""
        with closing(sqlite3.connect(self.house.path)) as database:
            names = database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
                " AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            ).fetchall()
            return {
                name: database.execute(f'SELECT * FROM "{name}"').fetchall()
                for (name,) in names
                if name != "meta"
            }


@pytest.fixture
async def aviary(house: House) -> AsyncIterator[Aviary]:
    house.press.read = read  # type: ignore[attr-defined]
    with http_sink() as desk, http_sink() as ops, http_sink() as outside:
        yield Aviary(house, desk, ops, outside)


async def test_R08_a_canary_arrives_and_nobody_is_disturbed(aviary: Aviary) -> None:
    await aviary.use()
    await aviary.live(5)
    state = await aviary.state()
    assert state.arrived_at > state.released_at > 0
    assert (aviary.desk.requests, aviary.ops.requests) == ([], [])
    released_at = state.released_at
    await aviary.live(61)
    assert (await aviary.state()).released_at >= released_at + HOUR
    assert len(aviary.outside.requests) == 66


async def test_R08_it_leaves_no_trace(aviary: Aviary) -> None:
    await aviary.use()
    await aviary.house.tick()  # there are items, stories and alerts of others
    ingest = aviary.house.parts.watch.ingest
    config = aviary.house.parts.world().config
    front = config.sources["front"]
    from rasid.models import SourceState

    feed = ParsedFeed((item(7, "غارة على الميادين"),))
    await ingest(feed, front, SourceState("front", seeded=True), seeding=False, now=NOW)
    await aviary.live(120)  # those that are there have arrived, and what else is told was
    before, counts = aviary.rows(), await counted(aviary)
    arrived_at = (await aviary.state()).arrived_at
    await aviary.live(180)
    assert (await aviary.state()).arrived_at > arrived_at + 2 * HOUR
    assert aviary.rows() == before
    assert await counted(aviary) == counts


async def counted(aviary: Aviary) -> dict[str, int]:
    return dict(await aviary.house.parts.storage.read(lambda view: view.counts()))


async def test_R08_it_goes_to_the_receiver_that_is_named(aviary: Aviary) -> None:
    await aviary.use("canary: {every: 1h, receiver: desk}")
    await aviary.live(3)
    (told,) = aviary.desk.requests  # a digest does not hold it
    assert "The canary of Rasid" in told.json["message"]
    assert (await aviary.state()).arrived_at
    assert aviary.ops.requests == []


async def test_R08_no_silence_keeps_it_back_and_nobody_is_to_take_it_up(aviary: Aviary) -> None:
    await aviary.use("canary: {every: 1h, receiver: desk}")
    aviary.desk.answer = lambda _request: Answer(503)
    parts, now = aviary.house.parts, aviary.house.clock()
    every = Silence("S", {"severity": ("critical",)}, "sami", "raid", now, now + HOUR)
    await parts.storage.write(lambda tx: tx.save_silence(every))
    await aviary.live(3)
    (flying,) = await parts.storage.read(lambda view: view.alerts())
    assert not can_be_acked(flying)
    config = parts.world().config
    report = await parts.storage.read(lambda v: shift(v, config, now, aviary.house.clock()))
    assert (report.unacknowledged, report.told, report.silenced) == ([], [], 0)
    aviary.desk.answer = lambda _request: Answer()
    await aviary.live(6)
    assert (await aviary.state()).arrived_at


async def test_T11_one_that_does_not_arrive_is_told_once_and_so_is_the_next_that_does(
    aviary: Aviary,
) -> None:
    await aviary.use("canary: {every: 1h, receiver: desk}")
    aviary.desk.answer = lambda _request: Answer(503)
    await aviary.live(9)
    assert aviary.ops.requests == []
    heard = len(aviary.outside.requests)
    await aviary.live(40)
    told = [one.json["message"] for one in aviary.ops.requests]
    (missing,) = [one for one in told if "canary" in one]
    assert "the canary has not arrived for 10 min, none has ever arrived" in missing
    assert "HTTP 503" in missing
    beat = aviary.house.parts.pulse()
    assert beat.canary.startswith("the canary has not arrived for")
    assert len(aviary.outside.requests) <= heard + 2, "outside it is silent"
    aviary.desk.answer = lambda _request: Answer()
    await aviary.live(30)
    told = [one.json["message"] for one in aviary.ops.requests if "canary" in one.json["message"]]
    assert len(told) == 2
    assert "the canary arrives again" in told[1]
    assert aviary.house.parts.pulse().canary == ""
    assert len(aviary.outside.requests) > heard + 10


async def test_T11_one_that_is_lost_on_its_way_is_told_with_how_far_it_came(
    aviary: Aviary, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unreadable(*_args: object) -> None:
        return None

    await aviary.use()
    aviary.house.press.read = unreadable  # type: ignore[attr-defined]
    await aviary.live(70)
    assert "it came as far as: parsing" in aviary.house.parts.pulse().canary
    aviary.house.press.read = read  # type: ignore[attr-defined]
    monkeypatch.setattr(rehearsal, "_WORD", "another")
    await aviary.live(5)
    assert (await aviary.state()).missing_since

    def explode(*_args: object) -> None:
        raise RuntimeError("a bug in matching")

    monkeypatch.undo()
    monkeypatch.setattr(type(aviary.house.parts.world().matcher), "match", explode)
    await aviary.live(5)
    assert "internal error: RuntimeError" in aviary.house.parts.pulse().canary
    monkeypatch.undo()
    await aviary.live(5)
    assert aviary.house.parts.pulse().canary == ""
    (missing, again) = [one.json["message"] for one in aviary.ops.requests]
    assert "parsing: its feed was not read" in missing
    assert "arrives again" in again


async def test_R08_a_restart_erases_what_was_under_way_and_releases_another(
    aviary: Aviary,
) -> None:
    await aviary.use("canary: {every: 1h, receiver: desk}")
    parts = aviary.house.parts
    await parts.tell()
    pending = await parts.storage.read(lambda view: view.alerts(state="pending"))
    assert [one.rule for one in pending] == ["rasid:canary"]
    parts._canaries = Canaries(parts.storage, aviary.house.press, parts.world, aviary.house.clock)
    await aviary.live(3)
    assert len(aviary.desk.requests) == 1
    assert (await aviary.state()).missing_since == 0
    assert await parts.storage.read(lambda view: view.alerts()) == []


async def test_one_that_is_no_longer_wanted_is_forgotten(aviary: Aviary) -> None:
    await aviary.use()
    await aviary.house.parts.tell()
    assert await aviary.house.parts.storage.read(lambda view: view.alerts()) != []
    await aviary.use("failing_after: 5")
    await aviary.live(2)
    assert await aviary.state() == CanaryState()
    assert await aviary.house.parts.storage.read(lambda view: view.alerts()) == []


async def test_R08_a_round_of_cron_releases_one_and_sees_it_arrive(aviary: Aviary) -> None:
    await aviary.use()
    assert (await scheduler._round(aviary.house.parts, every=False)).well
    state = await aviary.state()
    assert state.missing_since == 0
    assert state.arrived_at == aviary.house.clock()


# --- the real daemon -----------------------------------------------------------------------


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with http_sink() as opened:
        yield opened


def test_R08_a_daemon_proves_its_way_to_a_receiver(tmp_path: Path, sink: HttpSink) -> None:
    with Outlet() as outlet:
        outlet.body("/feed")
        (tmp_path / "rules.yaml").write_text(
            "version: 1\nsettings:\n  canary: {every: 1h, receiver: proof}\n  ops_receiver: proof\n"
            f"  security: {{allow_addresses: ['{outlet.address}', '127.0.0.1:{sink.port}']}}\n"
            f"sources: [{{id: a, outlet: paper, url: '{outlet.url()}'}}]\n"
            f"receivers: [{{id: proof, urls: ['{sink.url}']}}]\n",
            encoding="utf-8",
        )
        place = ["--config", tmp_path / "rules.yaml", "--data-dir", tmp_path / "data"]
        with ForkedDaemon(tmp_path):
            wait_for(lambda: any(b"The canary of Rasid" in one.body for one in sink.requests), 40)
            wait_for(lambda: rows(rasid("status", "--json", *place))[0]["canary_arrived_at"], 20)
        listed = rasid("items", "--json", *place).stdout + rasid("alerts", "--json", *place).stdout
        assert "canary" not in listed
        assert json.loads(rasid("status", "--json", *place).stdout)["items"] == 2


def test_R08_a_canary_is_released_by_hand(tmp_path: Path, sink: HttpSink) -> None:
    with http_sink() as other:
        (tmp_path / "rules.yaml").write_text(
            "version: 1\n"
            f"settings: {{security: {{allow_addresses: ['127.0.0.1:{sink.port}', "
            f"'127.0.0.1:{other.port}']}}}}\n"
            "receivers:\n"
            f"  - {{id: desk, urls: ['{sink.url}']}}\n"
            f"  - {{id: mail, urls: ['{other.url}']}}\n"
            "rules: [{id: strikes, any: [قصف], notify: [desk]}]\n",
            encoding="utf-8",
        )
        place = ["--config", tmp_path / "rules.yaml", "--data-dir", tmp_path / "data"]
        (one,) = rows(rasid("notify", "test", "desk", "--canary", "--json", *place))
        assert (one["receiver"], one["outcome"]) == ("desk", "success")
        assert [b"The canary of Rasid" in request.body for request in sink.requests] == [True]
        assert other.requests == []
        other.answer = lambda _request: Answer(500)
        failed = rows(rasid("notify", "test", "--canary", "--json", *place, check=1))
        assert [row["outcome"] for row in failed] == ["success", "retry"]
        assert "no receiver" in rasid("notify", "test", "x", "--canary", *place, check=2).stderr
    (status,) = rows(rasid("status", "--json", *place))
    assert (status["items"], status["alerts_sent"], status["alerts_pending"]) == (0, 0, 0)
