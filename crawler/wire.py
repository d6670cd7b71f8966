"""What goes over the wire for one request, noted while it does, and what of it is a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from typing import Final

from scrapy.http import Response

from crawler.settings import MAX_BODY
from rasid.models import Exchange
from rasid.protocols import Clock

MOST: Final = 2 * MAX_BODY  # bytes of a body in its chunks, which may be smaller than their lengths
_SECRET: Final = frozenset(
    (
        "authorization", "cookie", "cookie2", "set-cookie", "set-cookie2",
        "authentication-info", "proxy-authenticate", "proxy-authentication-info",
        "proxy-authorization",
    )
)  # fmt: skip
_OF_PROXIES: Final = frozenset(
    (
        "forwarded", "proxy-connection", "proxy-status", "via", "x-cache", "x-cache-lookup",
        "x-forwarded-for", "x-squid-error",
    )
)  # fmt: skip
_USER: Final = re.compile(rb"(?<=://)[^/\s@?#]*@")
_VALUE: Final = re.compile(
    rb"([?&;](?:[\w.-]*(?:token|secret|passw(?:or)?d)|auth|(?:api[-_]?)?key|pass|pwd|sig|signature"
    rb"|session|sid|jwt)=)[^&;#\s\"'<>]+",
    re.IGNORECASE,
)
_LINE: Final = re.compile(rb"[^\n]*\n|[^\n]+\Z")
CREDENTIALS: Final = "credentials"


@dataclass(slots=True)
class Wire:
    """Filled by the connection. One that is used anew, since the first was dead, begins anew."""

    clock: Clock
    sent_at: int = 0
    request: bytes = b""
    head: bytearray = field(default_factory=bytearray)
    body: bytearray = field(default_factory=bytearray)
    too_long: bool = False

    def sent(self, request: bytes) -> None:
        """Note a request that goes out now."""
        self.sent_at, self.request, self.too_long = self.clock(), request, False
        self.head.clear()
        self.body.clear()

    def got_line(self, line: bytes) -> None:
        """Note a line of the response's head, its line feed cut off."""
        self.head += line + b"\n"

    def got_body(self, data: bytes) -> None:
        """Note a piece of the body."""
        if len(self.body) + len(data) > MOST:
            self.too_long = True
            self.body.clear()
        if not self.too_long:
            self.body += data

    def ended(self, rest: bytes) -> None:
        """Take back what came after the body."""
        if rest and not self.too_long:
            del self.body[-len(rest) :]

    @property
    def whole(self) -> bool:
        """Whether it saw what there was to see."""
        return bool(self.request and self.head) and not self.too_long


def exchange(
    wire: Wire, response: Response, *, private: Iterable[str] = (), proxied: bool = False
) -> Exchange:
    """Return what was noted, without secrets. `private`: names of headers that hold one."""
    names = _SECRET | {name.casefold() for name in private} | (_OF_PROXIES if proxied else set())
    request, unsaid = _without(wire.request, names)
    head, unheard = _without(bytes(wire.head), names)
    return Exchange(
        at=wire.sent_at,
        url=_public(response.url.encode()).decode(),
        request=request,
        head=head,
        body=bytes(wire.body),
        address="" if proxied else str(response.ip_address or ""),
        unsaid=unsaid,
        unheard=unheard,
        cut="dataloss" in response.flags,
    )


def _without(head: bytes, names: Set[str]) -> tuple[bytes, tuple[str, ...]]:
    """Return a head without header lines of these names and without credentials in addresses.

    And the names of what went.
    """
    kept, gone, dropping = list[bytes](), set[str](), False
    for number, line in enumerate(_LINE.findall(head)):  # a CR alone ends none
        if number and line[:1] not in (b" ", b"\t"):  # else it goes on with the one before
            name = line.partition(b":")[0].decode("latin-1").strip().casefold()
            if dropping := name in names:
                gone.add(name)
        if not dropping:
            kept.append(line)
    text = b"".join(kept)
    public = _public(text)
    if public != text:
        gone.add(CREDENTIALS)
    return public, tuple(sorted(gone))


def _public(text: bytes) -> bytes:
    """Return a text whose addresses have no user, no password and no value that looks like one."""
    return _VALUE.sub(rb"\1removed", _USER.sub(b"", text))
