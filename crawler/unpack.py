"""Packed bodies: gzip, deflate, Brotli and Zstandard are asked for and unpacked up to the limit."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.refused import Refused
from rasid.models import PollReason


class UnpackMiddleware(HttpCompressionMiddleware):
    """Scrapy's own; a body that is not packed as its header says is an outcome, not a bug."""

    def process_response(  # type: ignore[override]  # a `spider` Scrapy would warn of
        self, request: Request, response: Response
    ) -> Request | Response:
        """Return the response unpacked. Raises `IgnoreRequest` beyond the limit, `Refused`."""
        try:
            return super().process_response(request, response)
        except IgnoreRequest:
            raise
        except Exception as error:  # the four libraries have one each, and OSError
            said = (response.headers.get("Content-Encoding") or b"").decode("latin-1")[:40]
            detail = f"the body is not packed with what its Content-Encoding says ({said})"
            raise Refused(PollReason.PARSE_ERROR, detail) from error
