"""Threads for calls that may hang."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from daemon import wait_for

from crawler import resolver
from crawler.spare_threads import SpareThreads


@contextmanager
def hanging(threads: SpareThreads, count: int) -> Iterator[list[str]]:
    """Run so many calls that hang until the end; yield the threads that they are in."""
    go, seen = threading.Event(), list[str]()

    def hang() -> None:
        seen.append(threading.current_thread().name)
        go.wait(20)

    try:
        assert all(threads.run(hang) for _ in range(count))
        wait_for(lambda: len(seen) == count)
        yield seen
    finally:
        go.set()


def test_calls_that_hang_keep_others_waiting_only_where_there_are_too_many() -> None:
    threads, done = SpareThreads(3, "spare-test"), threading.Event()
    with hanging(threads, 2):
        assert threads.run(done.set)
        assert done.wait(10)
        with hanging(threads, 1):
            assert not threads.run(done.set)
    wait_for(lambda: threads._idle == 3)
    assert threads.run(done.set)


def test_a_thread_takes_one_call_after_the_other() -> None:
    threads, used = SpareThreads(9, "spare-test"), list[threading.Thread]()
    for _ in range(5):
        threads.run(lambda: used.append(threading.current_thread()))
        wait_for(lambda: threads._idle == 1)
    assert len(used) == 5
    assert len(set(used)) == 1
    assert used[0].daemon


def test_threads_that_are_not_used_end() -> None:
    threads, done = SpareThreads(9, "spare-test", spare=0.05), threading.Event()
    with hanging(threads, 4):
        assert threads._count == 4
    wait_for(lambda: threads._count == 0)
    wait_for(lambda: not [one for one in threading.enumerate() if one.name == "spare-test"])
    assert threads.run(done.set)
    assert done.wait(10)


@pytest.mark.parametrize("name", ["127.0.0.1", "8.8.8.8", "::1", "2001:db8::1"])
def test_an_address_leads_where_the_system_says(name: str) -> None:
    flags = resolver.socket.AI_NUMERICHOST
    kind = resolver.socket.SOCK_STREAM
    assert list(resolver.literal(name, 80)) == resolver.socket.getaddrinfo(
        name, 80, type=kind, flags=flags
    )


@pytest.mark.parametrize("name", ["example.org", "127.1", "0x7f000001", "2130706433", "fe80::1%lo"])
def test_all_else_is_for_the_system_to_say(name: str) -> None:
    assert not resolver.literal(name, 80)
