"""What holds for every test: no way out of this machine, one reactor."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

_EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_strays: list[str] = []


def _no_way_out(event: str, args: tuple[Any, ...]) -> None:
    if event not in _EVENTS or args[0].family == socket.AF_UNIX or args[1] is None:
        return
    host = str(args[1][0]).partition("%")[0]
    try:
        inside = ip_address(host).is_loopback or host == "0.0.0.0"
    except ValueError:
        inside = host == "localhost"
    if not inside:
        _strays.append(f"{event} {args[1]!r}")
        raise PermissionError(f"a test tried to reach {args[1]!r}")


sys.addaudithook(_no_way_out)


@pytest.fixture(autouse=True)
def _nothing_leaves() -> Iterator[None]:
    """Fail a test during which anything tried to leave the machine, even if it was caught."""
    before = len(_strays)
    yield
    assert not _strays[before:], f"left this machine: {_strays[before:]}"


@pytest.fixture(scope="session")
def reactor() -> Iterator[Any]:
    """Run coroutines in the process's one reactor: `reactor(lambda: crawler.poll(...))`."""
    from reactor import ReactorThread

    thread = ReactorThread()
    yield thread
    thread.stop()
