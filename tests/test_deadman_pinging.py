"""The heartbeat outside: heard while all goes on, silent when something hangs."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_sinks import Answer, HttpSink, http_sink
from daemon import rasid
from newsroom import Clock
from outlet import Outlet
from test_parts import House
from test_parts import house as house

import scheduler
from rasid.config.environment import Place
from rasid.deadman.pinging import Pinger
from rasid.heartbeat import STUCK, Verdict, judge
from rasid.models import DeliveryOutcome, DeliveryReason, DeliveryResult
from rasid.notifiers.ping import ping
from rasid.settings import MINUTE, SECOND, Heartbeat

WELL = Verdict(True, "well")
HANGS = Verdict(False, "delivery has made no progress for 400 s")
HEARD = DeliveryResult(DeliveryOutcome.SUCCESS, DeliveryReason.ACCEPTED)
REFUSED = DeliveryResult(DeliveryOutcome.REJECTED, DeliveryReason.REFUSED, "HTTP 404")


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with http_sink() as opened:
        yield opened


class Outside:
    """Counts what it hears, and answers as it is told to."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.answer = HEARD

    def __call__(self, template: str) -> DeliveryResult:
        self.heard.append(template)
        return self.answer


# --- when ----------------------------------------------------------------------------------


async def test_T11_it_is_pinged_as_often_as_asked_and_not_more() -> None:
    clock, outside = Clock(), Outside()
    pinger = Pinger(lambda: Heartbeat("http://x.example/", 5 * MINUTE), outside, clock)
    heard = []
    for _ in range(61):  # as the job looks, for ten minutes
        heard.append(await pinger.look(WELL))
        clock.forward(10 * SECOND)
    assert sum(heard) == len(outside.heard) == 3


async def test_T11_what_is_not_well_is_silent_until_it_is(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock, outside = Clock(), Outside()
    pinger = Pinger(lambda: Heartbeat("http://x.example/", MINUTE), outside, clock)
    await pinger.look(WELL)
    for _ in range(5):
        clock.forward(MINUTE)
        await pinger.look(HANGS)
    assert len(outside.heard) == 1
    await pinger.look(WELL)
    assert len(outside.heard) == 2
    assert caplog.messages == [
        f"settings.heartbeat is withheld: {HANGS.why}",
        "settings.heartbeat goes on: well",
    ]


async def test_a_ping_that_is_not_heard_is_logged_once_and_soon_repeated(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock, outside = Clock(), Outside()
    pinger = Pinger(lambda: Heartbeat("http://x.example/", 60 * MINUTE), outside, clock)
    outside.answer = REFUSED
    for _ in range(3):
        assert not await pinger.look(WELL)
        clock.forward(MINUTE)
    assert (len(outside.heard), pinger.error) == (3, "HTTP 404")
    outside.answer = HEARD
    assert await pinger.look(WELL)
    assert pinger.error == ""
    warned = [one.message for one in caplog.records if one.levelno >= logging.WARNING]
    assert [one for one in warned if "reached" in one] == [
        "settings.heartbeat is not reached: HTTP 404"
    ]


async def test_T04_a_clock_that_was_set_back_silences_nothing() -> None:
    clock, outside = Clock(), Outside()
    pinger = Pinger(lambda: Heartbeat("http://x.example/", 5 * MINUTE), outside, clock)
    await pinger.look(WELL)
    clock.at -= 365 * 24 * 60 * MINUTE
    assert await pinger.look(WELL)


async def test_another_address_is_pinged_at_once_and_none_is_no_trouble() -> None:
    clock, outside = Clock(), Outside()
    wanted: list[Heartbeat | None] = [Heartbeat("http://a.example/")]
    pinger = Pinger(lambda: wanted[0], outside, clock)
    outside.answer = REFUSED
    await pinger.look(WELL)
    wanted[0] = Heartbeat("http://b.example/")
    await pinger.look(WELL)
    assert outside.heard == ["http://a.example/", "http://b.example/"]
    wanted[0] = None
    assert not await pinger.look(WELL)
    assert pinger.error == ""


async def test_N18_a_ping_that_hangs_holds_nothing_up_and_is_not_doubled() -> None:
    clock, released, asked = Clock(), threading.Event(), []

    def hang(template: str) -> DeliveryResult:
        asked.append(template)
        released.wait(10)
        return HEARD

    pinger = Pinger(lambda: Heartbeat("http://x.example/"), hang, clock, deadline=0.05)
    began = time.monotonic()
    await pinger.look(WELL)
    assert pinger.error == "no answer in time"
    clock.forward(MINUTE)
    await pinger.look(WELL)
    assert pinger.error == "an earlier one has not ended"
    assert (len(asked), time.monotonic() - began < 5) == (1, True)
    released.set()


# --- what the daemon is judged by -----------------------------------------------------------


async def test_T11_the_daemon_pings_while_it_makes_progress(house: House, sink: HttpSink) -> None:
    url = f"http://127.0.0.1:{sink.port}/alive"
    await house.reload(f"version: 1\nsettings: {{heartbeat: {{url: '{url}', every: 1m}}}}\n")
    parts = house.parts
    await parts.ping()
    assert [one.path for one in sink.requests] == ["/alive"]
    house.clock.forward(STUCK + MINUTE)
    parts.watch.last_progress_at = house.clock()
    await parts.ping()  # the outbox did not go round
    assert len(sink.requests) == 1
    parts.outbox.progress_at = house.clock()
    sink.answer = lambda _request: Answer(503)
    await parts.ping()
    beat = parts.pulse()
    assert judge(beat, beat.at) == Verdict(
        True, "well, but settings.heartbeat is not reached: HTTP 503"
    )


def test_T11_the_daemon_has_a_job_for_it() -> None:
    class Nothing:
        async def ping(self) -> None: ...

        tick = beat = tell = look_at_hubs = upkeep = ping

    import asyncio

    async def jobs() -> list[str]:
        made = scheduler._jobs(Nothing())
        names = [one.func.__name__ for one in made.get_jobs()]
        made.shutdown(wait=False)
        return names

    assert asyncio.run(jobs()).count("ping") == 6, "all are called so here"


def test_T11_a_round_of_cron_ends_with_a_ping(tmp_path: Path, sink: HttpSink) -> None:
    with Outlet() as outlet:
        outlet.body("/feed")
        (tmp_path / "rules.yaml").write_text(
            "version: 1\nsettings:\n"
            f"  heartbeat: {{url: 'http://127.0.0.1:{sink.port}/${{ALIVE}}'}}\n"
            f"  security: {{allow_addresses: ['{outlet.address}', '127.0.0.1:{sink.port}']}}\n"
            f"sources: [{{id: a, outlet: paper, url: '{outlet.url()}'}}]\n"
        )
        place = Place(tmp_path / "rules.yaml", tmp_path / "data")
        done = rasid("once", "--config", place.config, "--data-dir", place.data_dir, ALIVE="k7")
    assert [one.path for one in sink.requests] == ["/k7"]
    assert "k7" not in done.stderr


# --- over the wire -------------------------------------------------------------------------


def test_a_ping_is_a_get_that_names_nobody(sink: HttpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert ping(f"http://127.0.0.1:{sink.port}/alive").outcome is DeliveryOutcome.SUCCESS
    (asked,) = sink.requests
    assert asked.headers["User-Agent"].startswith("Rasid/")
    assert asked.body == b""


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_N17_a_ping_follows_no_redirect(sink: HttpSink, status: int) -> None:
    with http_sink() as second:
        elsewhere = f"http://127.0.0.1:{second.port}/"
        sink.answer = lambda _request: Answer(status, {"Location": elsewhere})
        assert ping(f"http://127.0.0.1:{sink.port}/").outcome is not DeliveryOutcome.SUCCESS
        assert second.requests == []


def test_N16_what_a_ping_came_to_shows_no_secret(
    sink: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RASID_TEST_TOKEN", "canary-7f3a9b")
    sink.answer = lambda request: Answer(404, {}, request.path.encode())
    for port in (sink.port, _closed()):
        result = ping(f"http://127.0.0.1:{port}/${{RASID_TEST_TOKEN}}")
        assert result.detail
        assert "canary-7f3a9b" not in repr(result)
    assert "RASID_TEST_UNSET" in ping("${RASID_TEST_UNSET}").detail
    monkeypatch.setenv("RASID_TEST_URL", "file:///etc/passwd")
    assert ping("${RASID_TEST_URL}").outcome is not DeliveryOutcome.SUCCESS


def _closed() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
