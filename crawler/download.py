"""Scrapy's HTTP handler with two things added: TLS trust per source, bounded headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)

from crawler.settings import IDLE_SECONDS, MAX_HEADER_BYTES

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred


class HeadersTooLargeError(Exception):
    """Raised while a response's headers are read; it closes the connection."""


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
        """Send one request."""
        trust = request.meta.get("tls_verify", True) is False
        handler = self._trusting if trust else self._strict
        return await handler.download_request(request)

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
