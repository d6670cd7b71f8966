"""Which URLs are fetched at all, and whose they are. Pure."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from crawler.refused import Refused
from rasid.models import PollReason

Origin = tuple[str, str, int]

_PORTS: Final = {"http": 80, "https": 443}
_ODD: Final = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_HOST: Final = re.compile(r"[^\s/?#@%<>^|]+")
_MAX_LENGTH: Final = 2083


def check_url(url: str) -> None:
    """Refuse what two parsers could read in two ways; the guard judges the rest."""
    if _ODD.search(url):
        raise Refused(PollReason.BAD_URL, "the address has a space, control sign or backslash")
    if len(url) > _MAX_LENGTH:
        raise Refused(PollReason.BAD_URL, f"the address is longer than {_MAX_LENGTH} characters")
    parts = _split(url)
    if parts.scheme not in _PORTS:
        raise Refused(PollReason.BAD_URL, f"only http and https are fetched, not {url[:80]!r}")
    if "@" in parts.netloc:
        raise Refused(PollReason.BAD_URL, "the address holds a user name: use `auth` for that")
    if not _HOST.fullmatch(parts.hostname or ""):
        raise Refused(PollReason.BAD_URL, f"the address has no usable host: {url[:80]!r}")


def origin(url: str) -> Origin:
    """Return scheme, host and port: what credentials are bound to."""
    parts = _split(url)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)


def host_of(url: str) -> str:
    """Return the host: what politeness is owed to."""
    return _split(url).hostname or ""


def redirected(url: str, location: bytes) -> str:
    """Return where a `Location` header leads, fragments dropped; refuses odd ones."""
    text = location.decode("utf-8", "replace").strip()
    if re.search(r"[\x00-\x1f\x7f\\]", text):
        raise Refused(PollReason.BAD_URL, "a redirect has a control sign or backslash in it")
    try:
        target = urljoin(url, text.replace(" ", "%20")).partition("#")[0]
    except ValueError as error:
        raise Refused(PollReason.BAD_URL, f"a redirect leads to no address: {error}") from error
    check_url(target)
    return target


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError as error:
        raise Refused(PollReason.BAD_URL, f"the address cannot be read: {error}") from error
    return parts
