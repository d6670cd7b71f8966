"""Name resolution with a deadline, in threads that a dead name server cannot use up."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any, Final

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler import guard
from crawler.settings import DNS_SECONDS
from crawler.spare_threads import SpareThreads

_MAX_THREADS: Final = 256  # of which a hanging one lasts as long as the system's resolver

_Found = Sequence[tuple[Any, ...]]


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Do nothing: a thread cannot be stopped, its answer is dropped."""


@implementer(IHostnameResolver)
class Resolver:
    """Resolves without a cache; of mixed answers only what the guard allows is left.

    When nothing is left the refused addresses are passed on, for the guard to refuse: so
    the reason is known.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float = DNS_SECONDS) -> None:
        self._loop = loop
        self._seconds = seconds
        self._threads = SpareThreads(_MAX_THREADS, "rasid-dns")
        self._tasks: set[asyncio.Task[None]] = set()

    def resolveHostName(  # noqa: N802
        self,
        receiver: Any,
        name: str,
        portNumber: int = 0,  # noqa: N803
        addressTypes: Any = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> _Resolution:
        """See `IHostnameResolver`."""
        resolution = _Resolution(name)
        receiver.resolutionBegan(resolution)
        if written := literal(name, portNumber):
            _tell(receiver, written)
            return resolution
        task = self._loop.create_task(self._resolve(receiver, name, portNumber))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return resolution

    async def _resolve(self, receiver: Any, name: str, port: int) -> None:
        found: _Found = ()
        with contextlib.suppress(OSError, UnicodeError, asyncio.TimeoutError):
            found = await asyncio.wait_for(self._look_up(name, port), self._seconds)
        _tell(receiver, found)

    def _look_up(self, name: str, port: int) -> asyncio.Future[_Found]:
        future: asyncio.Future[_Found] = self._loop.create_future()

        def work() -> None:
            try:
                found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
                self._answer(future, found, None)
            except (OSError, UnicodeError) as error:
                self._answer(future, (), error)

        if not self._threads.run(work):
            future.set_exception(OSError("too many names wait for an answer"))
        return future

    def _answer(
        self, future: asyncio.Future[_Found], found: _Found, error: Exception | None
    ) -> None:
        def settle() -> None:
            if future.done():
                return
            if error:
                future.set_exception(error)
            else:
                future.set_result(found)

        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
            self._loop.call_soon_threadsafe(settle)


def literal(name: str, port: int) -> _Found:
    """Return what a name that is an address leads to, with nobody asked; nothing for others."""
    try:
        version = ip_address(name).version
    except ValueError:
        return ()
    if "%" in name:
        return ()  # what a zone is called is for the system to say
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    rest = () if version == 4 else (0, 0)
    return ((family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (name, port, *rest)),)


def _tell(receiver: Any, found: _Found) -> None:
    for family, *_, address in permitted(found):
        kind = IPv6Address if family == socket.AF_INET6 else IPv4Address
        receiver.addressResolved(kind("TCP", *address))
    receiver.resolutionComplete()


def permitted(found: _Found) -> _Found:
    """Drop addresses that the guard would refuse, unless it would refuse them all."""
    policy = guard.policy()
    kept = [one for one in found if policy and policy.allowed(one[-1][0], one[-1][1])]
    return kept or found
