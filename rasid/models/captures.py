"""What went over the wire for one fetch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response, byte for byte but for secrets, which are left out.

    `unsaid` and `unheard` name what was left out of the request and of the response's head:
    header lines by their names in lower case, "credentials" for parts of an address.
    """

    at: int  # when the request was sent
    url: str
    request: bytes  # its line and headers, up to and with the empty line
    head: bytes  # status line and headers of the response, up to and with the empty line
    body: bytes  # as on the wire: packed, and in chunks where it came so
    address: str = ""  # of the server; "" behind a proxy
    unsaid: tuple[str, ...] = ()
    unheard: tuple[str, ...] = ()
    cut: bool = False  # the connection ended before the body did, by its length or chunks
