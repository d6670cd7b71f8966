"""Servers, names and bodies that mean ill or are broken."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import brotli  # type: ignore[import-untyped]
import psutil
import pytest
from backports import zstd
from outlet import RSS, Asked, Outlet, close, response, several
from poller import LONG, NEW, PATIENT, Poller, kind

from crawler.workers import ParsePool
from rasid.models import PollOutcome, PollReason, PollResult
from rasid.settings import Source

FAILED, OK = PollOutcome.FAILED, PollOutcome.OK
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def patient(reactor: Any) -> Iterator[Poller]:
    """Poll with a crawler that waits longer than any test takes that does not hang."""
    with Poller(reactor, limits=LONG, overrides=PATIENT) as poller:
        yield poller


# --- addresses -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "localhost.",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "0.0.0.0",
        "0",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::]",
        "127.0.0.1.",
    ],
)
def test_S01_S02_no_spelling_of_an_inner_address_connects(
    poll: Poller, inner: Outlet, host: str
) -> None:
    result = poll(f"http://{host}:{inner.port}/feed")
    # "127.0.0.1." may be no name at all to the system: that is no connection either
    assert result.reason in (
        PollReason.BLOCKED_ADDRESS,
        *([PollReason.DNS, PollReason.BAD_URL] if host.endswith(".") else []),
    ), result


def answers(*addresses: str) -> Callable[..., Any]:
    """Return a getaddrinfo that gives these."""

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in addresses]

    return getaddrinfo


def serve_once(sock: socket.socket, _: Asked) -> None:
    sock.sendall(response(200, RSS, {"Connection": "close"}))
    close(sock)


def test_S03_a_name_that_changes_its_mind_is_judged_at_each_connection(
    poll: Poller, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Outlet(host="127.0.0.1", port=outlet.port) as inner:
        outlet.on("/feed", serve_once)
        url = f"http://rebinding.invalid:{outlet.port}/feed"
        monkeypatch.setattr(socket, "getaddrinfo", answers(outlet.host))
        assert poll(url, robots=False).outcome is PollOutcome.OK
        monkeypatch.setattr(socket, "getaddrinfo", answers("127.0.0.1"))
        assert kind(poll(url, robots=False)) == (FAILED, PollReason.BLOCKED_ADDRESS)
        assert inner.connections == 0


def test_S03_a_name_is_asked_for_once_a_connection(
    poll: Poller, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is judged is what is connected to: there is no second answer between the two."""
    asked: list[str] = []

    def changing(host: str, *args: Any, **kwargs: Any) -> Any:
        asked.append(host)
        address = outlet.host if len(asked) == 1 else "127.0.0.1"
        return answers(address)(host, *args, **kwargs)

    with Outlet(host="127.0.0.1", port=outlet.port) as inner:
        outlet.on("/feed", serve_once)
        monkeypatch.setattr(socket, "getaddrinfo", changing)
        assert poll(f"http://two.invalid:{outlet.port}/feed", robots=False).outcome is OK
        assert asked == ["two.invalid"]
        assert inner.connections == 0


def test_S04_of_mixed_addresses_the_allowed_ones_are_used(
    poll: Poller, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Outlet(host="127.0.0.1", port=outlet.port) as inner:
        outlet.body("/feed")
        mixed = answers("127.0.0.1", outlet.host, "10.0.0.1")
        monkeypatch.setattr(socket, "getaddrinfo", mixed)
        result = poll(f"http://mixed.invalid:{outlet.port}/feed", robots=False)
        assert result.outcome is PollOutcome.OK
        assert inner.connections == 0


def test_S26_names_are_asked_again_for_each_connection(
    poll: Poller, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Outlet(port=outlet.port) as moved:
        outlet.on("/feed", serve_once)
        moved.on("/feed", serve_once)
        url = f"http://moving.invalid:{outlet.port}/feed"
        for host in (outlet.host, moved.host):
            monkeypatch.setattr(socket, "getaddrinfo", answers(host))
            assert poll(url, robots=False).outcome is PollOutcome.OK
        assert (len(outlet.asked()), len(moved.asked())) == (1, 1)


def test_S27_names_that_hang_stop_nobody_else(
    patient: Poller, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, polled = socket.getaddrinfo, threading.Event()

    def hanging(host: str, *args: Any, **kwargs: Any) -> Any:
        if str(host).endswith(".invalid"):
            polled.wait(20)
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        return real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    outlet.body("/feed")

    async def both() -> None:
        dead = [
            asyncio.create_task(
                patient.crawler.poll(Source(f"d{n}", "o", f"http://d{n}.invalid/"), NEW)
            )
            for n in range(40)
        ]
        await asyncio.sleep(0.1)
        try:
            healthy = await patient.crawler.poll(Source("s", "o", outlet.url()), NEW)
        finally:
            polled.set()
        assert healthy.feed is not None
        assert {one.reason for one in await asyncio.gather(*dead)} <= {
            PollReason.DNS,
            PollReason.TIMEOUT,
        }

    patient.reactor(both)


# --- bodies --------------------------------------------------------------------------------


@contextmanager
def growth() -> Iterator[list[int]]:
    """Yield a list that fills with how much more memory the process has, looked at all the time."""
    process, ended = psutil.Process(), threading.Event()
    before = process.memory_info().rss
    grown: list[int] = []

    def look() -> None:
        while not ended.wait(0.001):
            grown.append(process.memory_info().rss - before)

    looker = threading.Thread(target=look)
    looker.start()
    try:
        yield grown
    finally:
        ended.set()
        looker.join()


def zipped(body: bytes) -> bytes:
    return gzip.compress(body, 1)  # the quickest


def nested(body: bytes) -> bytes:
    return zipped(zipped(body))


def widest(body: bytes) -> bytes:
    """Pack so that unpacking asks for a window of 128 MiB."""
    return zstd.compress(body, options={zstd.CompressionParameter.window_log: 27})


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": zipped,
    "deflate": lambda body: zlib.compress(body, 1),
    "br": lambda body: brotli.compress(body, quality=1),
    "zstd": zstd.compress,
}


def test_what_is_asked_for_is_what_can_be_unpacked(poll: Poller, outlet: Outlet) -> None:
    outlet.body("/feed")
    poll(outlet.url())
    assert set(outlet.asked()[0].headers["accept-encoding"].split(", ")) == set(PACKINGS)


@pytest.mark.parametrize(
    ("pack", "encoding"),
    [
        *((pack, encoding) for encoding, pack in PACKINGS.items()),
        (nested, "gzip, gzip"),
        (lambda body: zstd.compress(zipped(body)), "gzip, zstd"),
        (widest, "zstd"),
    ],
)
def test_S16_bombs_are_cut_at_the_limit_of_the_unpacked_size(
    poll: Poller, outlet: Outlet, pack: Callable[[bytes], bytes], encoding: str
) -> None:
    outlet.body("/bomb", pack(bytes(200 * MIB)), Content_Encoding=encoding)
    outlet.body("/feed", pack(RSS), Content_Encoding=encoding)
    with growth() as grown:
        assert kind(poll(outlet.url("/bomb"))) == (FAILED, PollReason.TOO_LARGE)
    assert max(grown) < 60 * MIB
    assert poll(outlet.url()).outcome is PollOutcome.OK


@pytest.mark.parametrize("encoding", PACKINGS)
def test_S16_a_body_not_packed_as_said_is_an_outcome(
    poll: Poller, outlet: Outlet, encoding: str
) -> None:
    outlet.body("/feed", Content_Encoding=encoding)
    result = poll(outlet.url())
    assert kind(result) == (FAILED, PollReason.PARSE_ERROR)
    assert f"({encoding})" in result.detail


@pytest.mark.parametrize("encoding", ["identity", "none", "utf-8", "compress"])
def test_S16_an_encoding_that_was_not_asked_for_leaves_the_body_as_it_is(
    poll: Poller, outlet: Outlet, encoding: str
) -> None:
    outlet.body("/feed", Content_Encoding=encoding)
    assert poll(outlet.url()).outcome is PollOutcome.OK


def test_S11_a_body_that_is_a_path_or_an_address_is_not_followed(
    reactor: Any, outlet: Outlet, inner: Outlet, tmp_path: Path
) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(RSS)
    pool = ParsePool(workers=1)
    with Poller(reactor, parse=pool.parse) as poller:
        for body in (str(file), file.as_uri(), inner.url(), f" {inner.url()}\n", "/etc/passwd"):
            outlet.body("/feed", body.encode())
            result = poller(outlet.url())
            assert kind(result) == (FAILED, PollReason.NOT_A_FEED), body
        outlet.body("/feed")
        found = poller(outlet.url()).feed
        reactor(pool.close)
    assert found is not None
    assert len(found.items) == 2, "the parser itself works"


def test_S14_no_response_header_names_code_to_run(
    poll: Poller, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[object] = []
    trap = ModuleType("trap")
    trap.__dict__["spring"] = lambda *given, **_: called.append(given)
    monkeypatch.setitem(sys.modules, "trap", trap)
    head = {"Referrer_Policy": "trap.spring", "Content_Type": "trap.spring", "Refresh": "0;trap"}
    outlet.answer("/feed", 302, b"", Location="/moved", **head)
    outlet.body("/moved", **head)
    assert poll(outlet.url()).outcome is PollOutcome.OK
    assert called == []
    assert "referer" not in outlet.asked("/moved")[0].headers


def endless_chunks(sock: socket.socket, _: Asked) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    while True:
        sock.sendall(chunk)


def no_end(sock: socket.socket, _: Asked) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        sock.sendall(b" " * 65536)


def lying_length(sock: socket.socket, _: Asked) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + RSS)
    sock.recv(1)


def endless_headers(sock: socket.socket, _: Asked) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        sock.sendall((b"X: " + b"y" * 1000 + b"\r\n") * 60)


@pytest.mark.parametrize("behaviour", [endless_chunks, no_end, lying_length, endless_headers])
def test_S17_S28_what_has_no_end_is_cut(
    patient: Poller, outlet: Outlet, behaviour: Callable[..., None]
) -> None:
    outlet.on("/feed", behaviour)
    begun = time.monotonic()
    assert kind(patient(outlet.url())) == (FAILED, PollReason.TOO_LARGE)
    assert time.monotonic() - begun < 10, "cut by the timeout, not by the limit"


def long_line(sock: socket.socket, _: Asked) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 65536 + b"\r\n\r\n")


def no_http(sock: socket.socket, _: Asked) -> None:
    sock.sendall(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    close(sock)


def odd_headers(sock: socket.socket, _: Asked) -> None:
    head = b"HTTP/1.1 200 OK\r\nETag: a\r\nETag: b\r\nno colon here\r\nX: a\r\n folded\r\n"
    sock.sendall(head + b"Content-Length: %d\r\n\r\n" % len(RSS) + RSS)


@pytest.mark.parametrize("behaviour", [long_line, no_http])
def test_S28_broken_heads_are_errors(
    poll: Poller, outlet: Outlet, behaviour: Callable[..., None]
) -> None:
    outlet.on("/feed", behaviour)
    result = poll(outlet.url())
    assert result.outcome is FAILED
    assert result.reason in (PollReason.CONNECT, PollReason.TIMEOUT)


def test_S28_odd_headers_do_no_harm(poll: Poller, outlet: Outlet) -> None:
    outlet.on("/feed", odd_headers)
    assert poll(outlet.url()).outcome is PollOutcome.OK


# --- connections ---------------------------------------------------------------------------


def reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def silent(sock: socket.socket, _: Asked) -> None:
    sock.recv(1)


def drip(sock: socket.socket, _: Asked) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        sock.sendall(b" ")
        time.sleep(0.3)


def hang_up(sock: socket.socket, _: Asked) -> None:
    close(sock)


def reset_in_body(sock: socket.socket, _: Asked) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(RSS) + RSS[:200])
    time.sleep(0.05)
    reset(sock)


def cut_chunk(sock: socket.socket, _: Asked) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    sock.sendall(b"%x\r\n" % len(RSS) + RSS[:150])
    close(sock)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (silent, PollReason.TIMEOUT),
        (hang_up, PollReason.CONNECT),
        (reset_in_body, PollReason.CUT_OFF),
        (cut_chunk, PollReason.CUT_OFF),
    ],
)
def test_S19_a_broken_connection_is_an_error_and_no_part_is_used(
    poll: Poller, outlet: Outlet, behaviour: Callable[..., None], reason: PollReason
) -> None:
    outlet.on("/feed", behaviour)
    result = poll(outlet.url(), robots=False)
    assert kind(result) == (FAILED, reason)
    assert result.feed is None
    assert not result.body_hash
    assert len(outlet.asked()) == 1


def test_S29_robots_that_never_come_end_the_poll_and_hold_nobody_else_up(poll: Poller) -> None:
    with several(3) as (mute, slow, well):
        mute.on("/robots.txt", silent)
        slow.on("/robots.txt", drip)
        for outlet in (mute, slow, well):
            outlet.body("/feed")

        async def together() -> tuple[list[PollResult], float]:
            begun = time.monotonic()
            stuck = [
                asyncio.create_task(poll.crawler.poll(Source(one.host, "o", one.url()), NEW))
                for one in (mute, slow)
            ]
            await asyncio.sleep(0.1)
            result = await poll.crawler.poll(Source("s", "o", well.url()), NEW)
            assert result.outcome is PollOutcome.OK
            assert not any(task.done() for task in stuck)
            return await asyncio.gather(*stuck), time.monotonic() - begun

        results, took = poll.reactor(together)
        assert [kind(result) for result in results] == [(FAILED, PollReason.TIMEOUT)] * 2
        assert all("robots.txt" in result.detail for result in results)
        assert took < 7, "only the end of the whole poll ended it"
        assert not mute.asked()
        assert not slow.asked()
        mute.answer("/robots.txt", 404)
        assert poll(mute.url()).outcome is PollOutcome.OK, "asked again at the next poll"


def test_S19_a_port_that_nobody_listens_on(poll: Poller, outlet: Outlet) -> None:
    with Outlet(host=outlet.host) as gone:
        url = gone.url()
    assert kind(poll(url)) == (FAILED, PollReason.CONNECT)


def test_S20_without_a_length_only_a_whole_feed_is_used(poll: Poller, outlet: Outlet) -> None:
    whole = RSS.rstrip()

    def cut_at(end: int) -> Callable[[socket.socket, Asked], None]:
        def serve(sock: socket.socket, _: Asked) -> None:
            sock.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n" + whole[:end])
            close(sock)

        return serve

    for end in range(20, len(whole), 16):
        outlet.on("/feed", cut_at(end))
        assert kind(poll(outlet.url())) == (FAILED, PollReason.CUT_OFF), whole[:end]
    outlet.on("/feed", cut_at(len(whole)))
    assert poll(outlet.url()).outcome is PollOutcome.OK


def test_S18_a_dripping_body_has_an_end(poll: Poller, outlet: Outlet) -> None:
    outlet.on("/drip", drip)
    assert kind(poll(outlet.url("/drip"), robots=False)) == (FAILED, PollReason.TIMEOUT)


def test_S18_a_dripping_server_holds_nobody_else_up(patient: Poller, outlet: Outlet) -> None:
    polled = threading.Event()

    def drip_until_then(sock: socket.socket, _: Asked) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not polled.wait(0.1):
            sock.sendall(b" ")
        close(sock)

    outlet.on("/drip", drip_until_then)
    with several(20) as outlets:
        for other in outlets:
            other.body("/feed")

        async def both() -> None:
            slow = asyncio.create_task(
                patient.crawler.poll(Source("d", "o", outlet.url("/drip"), robots=False), NEW)
            )
            while not outlet.asked("/drip"):
                await asyncio.sleep(0.01)
            polls = (
                patient.crawler.poll(Source(f"s{n}", "o", other.url()), NEW)
                for n, other in enumerate(outlets)
            )
            assert {one.outcome for one in await asyncio.gather(*polls)} == {PollOutcome.OK}
            assert not slow.done(), "they waited for it"
            polled.set()
            await slow

        patient.reactor(both)
