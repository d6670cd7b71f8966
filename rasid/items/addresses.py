"""Addresses in one spelling: what is one address by RFC 3986 and by how browsers write it."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

from rasid.items.hosts import plain_host

_SCHEMES: Final = frozenset({"http", "https"})
_USUAL: Final = re.compile(
    r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)*)(/[!-\"$->@-~]*)?(?:\?([!-\"$-~]*))?(?:#([!-~]*))?"
)
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f]")
_PLAIN: Final = re.compile(r"[A-Za-z0-9._~!$'()*,;=:@/-]*")
_SAFE: Final = "!$&'()*+,;=:@~"
_SAFE_IN_QUERY: Final = "!$'()*,:;@~/?"
_SAFE_IN_FRAGMENT: Final = _SAFE + "/?"
# A session among the parameters of a segment, or as ASP.NET puts it, a segment of its own.
_SESSION: Final = re.compile(r";(?:jsessionid|phpsessid)=[^;/]*|/\([A-Z]\([a-z0-9]{24}\)\)", re.I)
# Feeds add parameters without looking: `/a&utm_source=rss`, `?id=5?utm_source=rss`.
_ADDED: Final = r"(?=(?:utm_[a-z]+|at_medium|fbclid|gclid|xtor)(?:=|%3D))"
_ADDED_TO_PATH: Final = re.compile(f"(?:&|%3F){_ADDED}.*", re.I | re.S)
_ADDED_TO_QUERY: Final = re.compile(f"(?:\\?|%3F){_ADDED}", re.I)
_ESCAPED_AMPERSAND: Final = re.compile(r"&(?:amp;)+", re.I)


@dataclass(slots=True)
class Address:
    """The parts of an http(s) address that can tell pages apart, each in one spelling."""

    host: str  # with a port that is not the usual one
    segments: list[str]
    pairs: list[tuple[str, str]]  # of the query
    fragment: str  # only one that chooses the page: `!/story/1`

    @property
    def path(self) -> str:
        """The segments as they are written."""
        return "".join(f"/{segment}" for segment in self.segments)

    @property
    def query(self) -> str:
        """The parameters as they are written."""
        return "&".join(f"{name}={value}" if value else name for name, value in self.pairs)

    def __str__(self) -> str:
        if not self.pairs and not self.fragment:
            return self.host + self.path
        query = f"?{self.query}" if self.pairs else ""
        fragment = f"#{self.fragment}" if self.fragment else ""
        return f"{self.host}{self.path}{query}{fragment}"


def address_of(url: str) -> Address | None:
    """Return an http(s) address in one spelling, None for anything else."""
    if found := _USUAL.fullmatch(url):  # what `urlsplit` makes of it, in a fraction of its time
        host, path, query, fragment = found.groups(default="")
        host = plain_host(host, None)
        return Address(host, _segments(path), _pairs(query), fragment_of(fragment))
    if (parts := _split(url)) is None:
        return None
    host = plain_host(parts.hostname or "", parts.port)
    if not host:
        return None
    return Address(host, _segments(parts.path), _pairs(parts.query), fragment_of(parts.fragment))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(_UNSEEN.sub("", url).strip())
        usable = parts.scheme in _SCHEMES and bool(parts.hostname)
        _ = parts.port  # raises for one that is out of range
    except ValueError:
        return None
    return parts if usable else None


def _segments(path: str) -> list[str]:
    """Return the segments of a path without empty ones, dots and session ids.

    An encoded slash stays encoded: it is no separator.
    """
    if not _PLAIN.fullmatch(path):
        path = "/".join(respelt(segment) for segment in path.split("/"))
    if ";" in path or "(" in path:
        path = _SESSION.sub("", path)
    if "&" in path or "%3F" in path:
        path = _ADDED_TO_PATH.sub("", path)
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            segments[-1:] = []
        elif segment not in ("", "."):
            segments.append(segment)
    return segments


def _pairs(query: str) -> list[tuple[str, str]]:
    """Return the parameters of a query in their order; `?a` is `?a=`."""
    if not query:
        return []
    query = f"&{query}"
    if "?" in query or "%" in query:
        query = _ADDED_TO_QUERY.sub("&", query)
    if ";" in query:
        query = _ESCAPED_AMPERSAND.sub("&", query)
    pairs = []
    for one in query.split("&"):
        name, _, value = one.partition("=")
        if name or value:
            pairs.append((word_of(name), word_of(value)))
    return pairs


def fragment_of(fragment: str) -> str:
    """Return a fragment that chooses the page (`!/story/1`, `/story/1`), "" for a spot on it."""
    if not fragment.startswith(("!", "/")):
        return ""
    spelt = respelt(fragment, _SAFE_IN_FRAGMENT)
    return spelt if spelt.strip("!/") else ""


def respelt(text: str, safe: str = _SAFE) -> str:
    """Return one spelling of what may be percent-encoded; letters are composed (NFC)."""
    data = unquote_to_bytes(text.encode("utf-8", "surrogatepass"))
    if not data.isascii():
        with suppress(UnicodeDecodeError):  # an old code page: the bytes as they are
            data = unicodedata.normalize("NFC", data.decode()).encode()
    return quote(data, safe=safe)


def word_of(text: str) -> str:
    """Return a name or value as a query spells it."""
    if text.isalnum() and text.isascii():
        return text
    return respelt(text.replace("+", " "), _SAFE_IN_QUERY)
