"""Scrapy's HTTP handler with two things added: TLS trust per source, bounded headers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.exceptions import DownloadCancelledError

from crawler.settings import IDLE_SECONDS, MAX_HEADER_BYTES

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred


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
        """Send one request; it ends early when its `Abort` says so."""
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


def _handler(crawler: Crawler, *, verify: bool) -> HTTP11DownloadHandler:
    handler = HTTP11DownloadHandler(crawler)
    context: Any = handler._contextFactory
    context._verify_certificates = verify
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


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Deferred[Any]:
        answer: Deferred[Any] = super().request(request)
        if self._parser is not None:
            self._parser.__class__ = _BoundedParser
        return answer


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _BoundedProtocol:  # noqa: N802
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
