"""Addresses of sources, proxies and receivers; `${...}` stays as written."""

from __future__ import annotations

import difflib
import re
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from rasid.config.channels import channel_of, preview_of
from rasid.config.schemes import LOCAL, SCHEMES
from rasid.config.values import text, wrong
from rasid.secret import placeholders

_UNSAFE: Final = re.compile(r"[\\\s\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069]")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):/{0,2}")


def template(value: Any) -> str:
    """Return a text whose `${NAME}` and `${file:PATH}` are well written."""
    found = text(value)
    if "${" in without_placeholders(found):
        raise wrong("a ${...} cannot be read", "write ${NAME} or ${file:/path/of/file}")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in found):
        raise wrong("contains a control character", "type it again")
    return found


def plain(value: Any) -> str:
    """Return a text in which no secret may stand: it is shown and stored."""
    found = template(value)
    if placeholders(found):
        raise wrong("a ${...} is not filled in here", "secrets of a source: auth:, headers:")
    return found


def source_url(value: Any) -> str:
    """Return the address of a source: http or https, host in it, no credentials."""
    found = _channel(plain(value))
    parts = _web(found)
    if "@" in parts.netloc:
        raise wrong("an address must not contain a user or password", "use auth:")
    return found


def _channel(address: str) -> str:
    """Return the preview of a channel for any address of it, other addresses as they are."""
    channel = channel_of(address)
    if channel is None:
        return address
    if not channel:
        raise wrong("is no public channel of Telegram", "such as t.me/NAME, without + or joinchat")
    return preview_of(channel)


def callback_url(value: Any) -> str:
    """Return the address at which hubs reach this machine; keys of subscriptions are added."""
    found = plain(value)
    parts = _web(found)
    if "@" in parts.netloc or "?" in found or "#" in found:
        raise wrong("an address with nothing after its path", "https://rasid.example.org/websub")
    return found


def public_url(value: Any) -> str:
    """Return the address at which people reach the web server; paths are added."""
    found = plain(value)
    parts = _web(found)
    if "@" in parts.netloc or "?" in found or "#" in found:
        raise wrong("an address with nothing after its path", "https://rasid.example.org")
    return found


def proxy_url(value: Any) -> str:
    """Return the address of a proxy."""
    found = template(value)
    _web(found)
    return found


def heartbeat_url(value: Any) -> str:
    """Return the address that waits for a sign of life; it may be a secret as a whole."""
    found = template(value)
    if not found.startswith("${"):
        _web(found)
    return found


def receiver_url(value: Any) -> str:
    """Return an Apprise URL whose kind exists and reaches out of this machine."""
    found = template(value)
    if found.startswith("${"):
        return found  # all of it is a secret: judged when it is sent to
    match = _SCHEME.match(found)
    scheme = match[1].lower() if match else ""
    if not match or not match[0].endswith("://"):
        raise wrong("is not an Apprise URL", "such as json://host/path, mailto://... or console://")
    if scheme in LOCAL:
        raise wrong(f"{scheme}:// is not allowed", "a receiver must not act on this machine")
    if scheme in ("http", "https"):
        raise wrong(
            f"{scheme}:// is no kind of receiver",
            "a webhook is json://HOST/PATH, or jsons:// for https; services have their own kinds",
        )
    if scheme not in SCHEMES:
        raise wrong(f"{scheme}:// is no kind of receiver that Apprise knows", _near(scheme))
    if scheme != "console" and not found[match.end() :].strip("/"):
        hint = "what follows it is told by Apprise's page of the service"
        raise wrong(f"{scheme}:// says not whom to send to", hint)
    return found


def map_link(value: Any) -> str:
    """Return the address of a map, with {lat} and {lon} where the coordinates go."""
    found = plain(value)
    bare = found.replace("{lat}", "1").replace("{lon}", "1")
    if "{lat}" not in found or "{lon}" not in found or "{" in bare or "}" in bare:
        hint = "such as https://www.openstreetmap.org/?mlat={lat}&mlon={lon}"
        raise wrong("needs {lat} and {lon}, and no other braces", hint)
    _web(bare)
    return found


def _near(scheme: str) -> str:
    near = difflib.get_close_matches(scheme, SCHEMES, n=1, cutoff=0.6)
    return f"did you mean {near[0]}://?" if near else "Apprise's list of services names them"


def _web(found: str) -> SplitResult:
    bare = without_placeholders(found)
    if _UNSAFE.search(bare):
        raise wrong("an address must not contain blanks, backslashes or invisible characters")
    try:
        parts = urlsplit(bare)
        port = parts.port
    except ValueError as error:
        raise wrong("is not an address", "such as https://example.org/feed.xml") from error
    if parts.scheme not in ("http", "https"):
        raise wrong("an address must begin with http:// or https://")
    if not parts.hostname or port == 0:
        raise wrong("an address must name a host", "such as https://example.org/feed.xml")
    return parts


def without_placeholders(found: str) -> str:
    """Return a template with a letter for each `${...}`."""
    for placeholder in placeholders(found):
        found = found.replace(placeholder, "x")
    return found
