"""From a source and its state to what is asked: headers, credentials, proxy. Pure."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final

from crawler.fetch import Ask
from crawler.records import SITEMAP_PART
from crawler.refused import Refused
from rasid.errors import SecretError
from rasid.models import PollReason, SourceState
from rasid.secret import fill
from rasid.settings import Source

_ACCEPT: Final = (
    "application/rss+xml, application/atom+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)


def ask_for(source: Source, state: SourceState | None, user_agent: str) -> Ask:
    """Return what to fetch; without a state, unconditionally. Raises `Refused` for secrets."""
    headers = {"User-Agent": user_agent, "Accept": _ACCEPT}
    if source.language:
        headers["Accept-Language"] = f"{source.language}, *;q=0.5"
    if state and state.validators.etag:
        headers["If-None-Match"] = state.validators.etag
    if state and state.validators.last_modified:
        headers["If-Modified-Since"] = state.validators.last_modified
    meta: dict[str, Any] = {"tls_verify": source.tls_verify}
    if source.proxy:
        meta["proxy"] = _filled(source.proxy)
    if not source.robots:
        meta["dont_obey_robotstxt"] = True
    return Ask(source.url, headers, own_headers(source), meta, stay=source.kind == SITEMAP_PART)


def reading(source: Source) -> str:
    """Return what hashes of bodies end with: how they are read, "" for feeds.

    With another kind or other selectors the same body gives other items.
    """
    if source.kind in ("auto", "feed"):
        return ""
    return ":" + hashlib.sha256(repr((source.kind, source.select)).encode()).hexdigest()[:8]


def is_known(source: Source, state: SourceState) -> bool:
    """Say whether what is remembered is of this address, read as it would be now."""
    _, sign, how = state.body_hash.partition(":")
    return state.url in ("", source.url) and sign + how == reading(source)


def own_headers(source: Source) -> dict[str, str]:
    """Return the headers that only the source's own origin may see, secrets filled in."""
    headers = {name: _filled(value) for name, value in source.headers.items()}
    auth = source.auth
    if auth and auth.bearer:
        headers["Authorization"] = f"Bearer {_filled(auth.bearer)}"
    elif auth and (auth.username or auth.password):
        pair = f"{_filled(auth.username)}:{_filled(auth.password)}".encode()
        headers["Authorization"] = "Basic " + base64.b64encode(pair).decode("ascii")
    return headers


def _filled(template: str) -> str:
    try:
        value = fill(template).reveal()
    except SecretError as error:
        raise Refused(PollReason.SECRET, str(error)) from error
    if any(sign in value for sign in "\r\n\0"):
        raise Refused(PollReason.SECRET, "a secret of the source has a line break in it")
    return value
