"""Addresses as people type them. Pure."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from rasid.config.channels import channel_of, preview_of
from rasid.errors import RasidError

_SCHEME: Final = re.compile(r"(?:feed:)?(?://)?(https?)://", re.IGNORECASE)
_OTHER_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_HANDLE: Final = re.compile(r"@([A-Za-z]\w{3,31})", re.ASCII)
_UNSEEN: Final = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"


class NoAddressError(RasidError):
    """What was typed is no address that can be looked at; the message says why."""


def addresses(typed: str) -> tuple[str, ...]:
    """Return the addresses that are tried in turn, the likeliest first.

    Without a scheme that is https, then http. Raises `NoAddressError`.
    """
    text = typed.strip().strip(_UNSEEN).strip()
    if handle := _HANDLE.fullmatch(text):
        return (preview_of(handle[1]),)
    channel = channel_of(re.sub(r"^(https?://)?(?:www\.)?(?:t|telegram)\.me/", "t.me/", text))
    if channel is not None:
        return (_preview(channel),)
    text = re.sub(r"^feed://(?!https?:)", "http://", text)
    if found := _SCHEME.match(text):
        return (_clean(f"{found[1].lower()}://{text[found.end() :]}"),)
    if other := _OTHER_SCHEME.match(text):
        raise NoAddressError(f"{other[1]}:// is not watched, only http, https and t.me/NAME")
    secure = _clean(f"https://{text.lstrip('/')}")
    return secure, secure.replace("https://", "http://", 1)


def _preview(channel: str) -> str:
    if not channel:
        raise NoAddressError(
            "is no public channel of Telegram: such as t.me/NAME, without + or joinchat"
        )
    return preview_of(channel)


def _clean(url: str) -> str:
    """Return an address with its host in the form that is sent, refuse what is none."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise NoAddressError(f"is no address: {error}") from error
    if "@" in parts.netloc:
        raise NoAddressError("has a user name in it: add the source, and write `auth` beside it")
    if any(letter.isspace() for letter in url) or not ("." in host or ":" in host):
        raise NoAddressError(
            "is no address: such as example.org, https://example.org/news/ or @channel"
        )
    return urlunsplit((parts.scheme, _ascii(parts.netloc), parts.path or "/", parts.query, ""))


def _ascii(netloc: str) -> str:
    if netloc.isascii():
        return netloc.lower()
    host, colon, port = netloc.partition(":")
    try:
        return host.encode("idna").decode("ascii") + colon + port
    except UnicodeError as error:
        raise NoAddressError(f"has a host that cannot be: {host}") from error
