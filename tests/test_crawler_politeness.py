"""Politeness, counted where it matters: on the server."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from outlet import RSS, Asked, Outlet, response, several
from poller import LONG, NEW, PATIENT, Poller

from crawler.crawl import Limits
from rasid.models import PollOutcome, PollReason, PollResult
from rasid.settings import Source


def slow(sock: socket.socket, _: Asked) -> None:
    time.sleep(0.15)
    sock.sendall(response(200, RSS, {}))


def hang(sock: socket.socket, _: Asked) -> None:
    sock.recv(1)


def test_T09_one_request_at_a_time_and_the_delay_between_them(reactor: Any) -> None:
    poller = Poller(reactor, limits=Limits(host_delay=0.25))
    with poller, Outlet() as outlet:
        for number in range(8):
            outlet.on(f"/{number}", slow)
        outlet.redirect("/6", "/6a")  # a hop is a request like any other
        outlet.on("/6a", slow)

        async def herd() -> None:
            polls = (
                poller.crawler.poll(Source(f"s{n}", "o", outlet.url(f"/{n}")), NEW)
                for n in range(8)
            )
            assert {one.outcome for one in await asyncio.gather(*polls)} == {PollOutcome.OK}

        reactor(herd)
        assert outlet.most_at_once == 1
        feeds = [asked.at for asked in outlet.requests if asked.path != "/robots.txt"]
        assert len(feeds) == 9
        assert min(later - earlier for earlier, later in pairwise(feeds)) > 0.2
        assert len(outlet.asked("/robots.txt")) == 1


def test_T09_a_cap_over_all_hosts_which_waiting_ones_do_not_use_up(reactor: Any) -> None:
    poller = Poller(reactor, limits=Limits(host_delay=0.01, concurrency=3))
    at_once = most = 0

    def serve(sock: socket.socket, _: Asked) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        time.sleep(0.05)
        at_once -= 1
        sock.sendall(response(200, RSS, {}))

    with poller, several(12) as outlets:
        for outlet in outlets:
            outlet.on("/feed", serve)

        async def herd() -> None:
            polls = (
                poller.crawler.poll(Source(f"s{n}", "o", outlet.url()), NEW)
                for n, outlet in enumerate(outlets)
            )
            assert {one.outcome for one in await asyncio.gather(*polls)} == {PollOutcome.OK}

        reactor(herd)
    assert most == 3


def test_T09_300_sources_of_75_hosts_keep_to_both_limits(reactor: Any) -> None:
    poller = Poller(reactor, limits=Limits(host_delay=0.01, concurrency=20))
    lock = threading.Lock()
    at_once = most = 0

    def serve(sock: socket.socket, _: Asked) -> None:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.05)
        with lock:
            at_once -= 1
        sock.sendall(response(200, RSS, {}))

    with poller, several(75) as outlets:
        for outlet in outlets:
            for number in range(4):
                outlet.on(f"/{number}", serve)

        async def herd() -> None:
            polls = (
                poller.crawler.poll(Source(f"{host}-{n}", "o", outlet.url(f"/{n}")), NEW)
                for n in range(4)
                for host, outlet in enumerate(outlets)
            )
            assert {one.outcome for one in await asyncio.gather(*polls)} == {PollOutcome.OK}

        reactor(herd)
        assert max(outlet.most_at_once for outlet in outlets) == 1
        feeds = [one.path for outlet in outlets for one in outlet.requests]
        assert len(feeds) - feeds.count("/robots.txt") == 300
    assert 10 < most <= 20


def test_closing_ends_running_polls_and_refuses_new_ones(reactor: Any) -> None:
    poller = Poller(reactor, limits=Limits(), overrides={})
    with poller, Outlet() as outlet:
        outlet.on("/feed", hang)

        async def close_meanwhile() -> Any:
            poll = asyncio.create_task(poller.crawler.poll(Source("s", "o", outlet.url()), NEW))
            while not outlet.asked():
                await asyncio.sleep(0.02)
            begun = time.monotonic()
            await poller.crawler.close()
            return await poll, time.monotonic() - begun

        result, took = reactor(close_meanwhile)
        assert (result.reason, result.detail) == (PollReason.INTERNAL, "the daemon stops")
        assert took < 10
        assert poller(outlet.url()).detail == "the daemon stops"


def test_S18_a_poll_as_a_whole_has_an_end(reactor: Any) -> None:
    poller = Poller(reactor, limits=replace(LONG, poll_seconds=0.5), overrides=PATIENT)
    with poller, Outlet() as outlet:
        outlet.on("/feed", hang)
        begun = time.monotonic()
        assert poller(outlet.url()).reason is PollReason.TIMEOUT
        assert time.monotonic() - begun < 10, "it ended with the download"


def test_a_cancelled_caller_leaves_the_host_free(reactor: Any) -> None:
    poller = Poller(reactor, limits=replace(LONG, poll_seconds=10), overrides=PATIENT)
    with poller, Outlet() as outlet:
        outlet.on("/hang", hang)
        outlet.body("/feed")

        async def cancel_one() -> PollResult:
            hanging = asyncio.create_task(
                poller.crawler.poll(Source("h", "o", outlet.url("/hang")), NEW)
            )
            while not outlet.asked("/hang"):
                await asyncio.sleep(0.02)
            hanging.cancel()
            with pytest.raises(asyncio.CancelledError):
                await hanging
            # were the host busy until the cancelled download timed out, this would time out too
            return await poller.crawler.poll(Source("s", "o", outlet.url()), NEW)

        assert reactor(cancel_one).outcome is PollOutcome.OK
