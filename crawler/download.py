"""Scrapy's HTTP handler and what it lacks: TLS trust per source, bounded headers, captures."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from scrapy.exceptions import DownloadCancelledError

from crawler import callers
from crawler.certificates import Explaining
from crawler.settings import IDLE_SECONDS, MAX_HEADER_BYTES

with callers.told():
    from scrapy.core.downloader.handlers.http11 import (
        HTTP11DownloadHandler,
        _LenientHTTP11ClientFactory,
        _LenientHTTP11ClientProtocol,
        _LenientHTTPClientParser,
    )

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred

    from crawler.wire import Wire

_NUMBER: Final = b"Rasid-Wire"  # a header between Scrapy and the connection, which takes it off
_numbers = itertools.count(1)
_wires: dict[bytes, Wire] = {}


class HeadersTooLargeError(Exception):
    """Raised while a response's headers are read; it closes the connection."""


class Abort:
    """Ends the downloads of a poll that nobody waits for any more.

    Scrapy would let them run to their timeout, and keep the host busy as long.
    """

    def __init__(self) -> None:
        self.called = False
        self._tasks: set[asyncio.Future[Response]] = set()

    def follow(self, task: asyncio.Future[Response]) -> None:
        """Take a download in."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self.called:
            task.cancel()

    def __call__(self) -> None:
        """End what was taken in, and what comes later."""
        self.called = True
        for task in list(self._tasks):
            task.cancel()


class PolledHandler:
    """Verifies certificates, except for requests whose meta says `tls_verify: False`."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        self._strict = _handler(crawler, verify=True)
        self._trusting = _handler(crawler, verify=False)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PolledHandler:
        """Build it, as Scrapy asks."""
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        """Send one request; it ends early when its `Abort` says so.

        A `Wire` in its meta is filled with what goes over the wire.
        """
        with _noted(request):
            return await self._download(request)

    async def _download(self, request: Request) -> Response:
        trust = request.meta.get("tls_verify", True) is False
        handler = self._trusting if trust else self._strict
        task = asyncio.ensure_future(handler.download_request(request))
        abort: Abort | None = request.meta.get("abort")
        if abort is not None:
            abort.follow(task)
        try:
            return await task
        except asyncio.CancelledError as error:
            if task.cancelled() and abort is not None and abort.called:
                raise DownloadCancelledError("the poll ended") from error
            raise

    async def close(self) -> None:
        """Close idle connections."""
        await self._strict.close()
        await self._trusting.close()


@contextmanager
def _noted(request: Request) -> Iterator[None]:
    """Let the connection find the request's `Wire`: of a request it sees but the headers."""
    wire: Wire | None = request.meta.get("wire")
    if wire is None:
        yield
        return
    number = str(next(_numbers)).encode()
    request.headers[_NUMBER] = number
    _wires[number] = wire
    try:
        yield
    finally:
        del _wires[number], request.headers[_NUMBER]


def _handler(crawler: Crawler, *, verify: bool) -> HTTP11DownloadHandler:
    handler = HTTP11DownloadHandler(crawler)
    context: Any = handler._contextFactory
    context._verify_certificates = verify
    if verify:
        create = context.creatorForNetloc
        context.creatorForNetloc = lambda host, port: Explaining(create(host, port))
    handler._pool._factory = _BoundedFactory
    # long enough for robots.txt, a redirect and the feed; thousands of idle sources would
    # otherwise hold thousands of descriptors
    handler._pool.cachedConnectionTimeout = IDLE_SECONDS
    return handler


class _BoundedParser(_LenientHTTPClientParser):
    """Counts the bytes of status lines and headers."""

    header_bytes = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        self.header_bytes += len(line) + 2
        if self.header_bytes > MAX_HEADER_BYTES:
            raise HeadersTooLargeError
        super().lineReceived(line)


class _NotingParser(_BoundedParser):
    """Notes the bytes of a response as they come."""

    wire: Wire

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        self.wire.got_line(line)
        super().lineReceived(line)

    def allHeadersReceived(self) -> None:  # noqa: N802
        if 100 <= self.response.code < 200:  # another head follows: the one of the response
            self.wire.head.clear()
        super().allHeadersReceived()  # type: ignore[no-untyped-call]

    def rawDataReceived(self, data: bytes) -> None:  # noqa: N802
        self.wire.got_body(data)
        super().rawDataReceived(data)  # type: ignore[no-untyped-call]

    def _finished(self, rest: bytes) -> None:
        if self.bodyDecoder is not None:  # else no part of `rest` was taken for the body
            self.wire.ended(rest)
        super()._finished(rest)  # type: ignore[no-untyped-call]


class _Lines:
    """Stands in for a connection, to see what a request looks like on it."""

    def __init__(self) -> None:
        self.sent = b""

    def writeSequence(self, lines: list[bytes]) -> None:  # noqa: N802
        self.sent += b"".join(lines)


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Deferred[Any]:
        wire = _wire_of(request)
        answer: Deferred[Any] = super().request(request)
        parser: Any = self._parser
        if parser is not None:
            parser.__class__ = _BoundedParser
        if parser is not None and wire is not None:
            parser.__class__, parser.wire = _NotingParser, wire
        return answer


def _wire_of(request: Any) -> Wire | None:
    """Return the `Wire` of a request of Twisted's, told what is sent; take its number off.

    The request is asked twice when a connection that was kept open turns out to be closed.
    """
    for number in request.headers.getRawHeaders(_NUMBER, ()):
        request.rasid_wire = _wires.get(number)
    request.headers.removeHeader(_NUMBER)
    wire: Wire | None = getattr(request, "rasid_wire", None)
    if wire is not None:
        lines = _Lines()
        request.writeTo(lines)
        wire.sent(lines.sent)
    return wire


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _BoundedProtocol:  # noqa: N802
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
