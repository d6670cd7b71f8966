"""Addresses of public channels of Telegram."""

from __future__ import annotations

import re
from typing import Final

# `t.me/NAME`, with or without scheme, `/s/`, `@` and the number of a message
_TELEGRAM: Final = re.compile(r"(?:https?://)?t\.me/(?:s/)?@?([^/?#]*)(?:[/?#].*)?")
_CHANNEL: Final = re.compile(r"(?!joinchat)[A-Za-z]\w{3,31}", re.ASCII)


def channel_of(address: str) -> str | None:
    """Return the name in an address of t.me, None for any other address.

    "" stands for an address that is no public channel's.
    """
    found = _TELEGRAM.fullmatch(address)
    if not found:
        return None
    return found[1] if _CHANNEL.fullmatch(found[1]) else ""


def preview_of(channel: str) -> str:
    """Return where a channel is polled."""
    return f"https://t.me/s/{channel}"
