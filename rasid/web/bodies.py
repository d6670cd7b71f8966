"""Bodies of requests, up to a limit."""

from __future__ import annotations

from starlette.requests import Request


class TooLargeError(Exception):
    """Raised for a body over the limit, before it is read as a whole."""


async def body_of(request: Request, most: int) -> bytes:
    """Return the body of a request of at most `most` bytes. Raises `TooLargeError`."""
    said = request.headers.get("Content-Length", "0")
    if not said.isdecimal() or int(said[:18]) > most:
        raise TooLargeError
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise TooLargeError
    return bytes(body)
