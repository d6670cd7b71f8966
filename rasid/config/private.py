"""Addresses written as such that the guard would refuse."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from rasid.config.addresses import without_placeholders

_PORTS: Final = {"http": 80, "https": 443, "json": 80, "jsons": 443}
_LOCAL: Final = ("127.0.0.1", "::1")


def refused(url: str, allowed: Sequence[str]) -> str:
    """Return the entry of allow_addresses that a URL needs, "" when it needs none.

    Only what is written decides: names are resolved when the guard meets them.
    """
    try:
        parts = urlsplit(without_placeholders(url))
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme)
        addresses = [ip_address(name) for name in (_LOCAL if host == "localhost" else (host,))]
    except ValueError:  # a name, or what some service keeps in its place
        return ""
    if any(one.is_global or _is_allowed(one, port, allowed) for one in addresses):
        return ""
    first = addresses[0]
    return f"{f'[{first}]' if first.version == 6 else first}:{port or 'PORT'}"


def is_loopback(endpoint: str) -> bool:
    """Tell whether only this machine reaches an `ip:port`."""
    return ip_address(endpoint.rpartition(":")[0].strip("[]")).is_loopback


def _is_allowed(
    address: IPv4Address | IPv6Address, port: int | None, allowed: Sequence[str]
) -> bool:
    """Tell whether an entry covers an address; without a port, whether one may."""
    for entry in allowed:
        if "/" in entry:
            if address in _network(entry):
                return True
            continue
        host, _, number = entry.rpartition(":")
        if ip_address(host.strip("[]")) == address and port in (None, int(number)):
            return True
    return False


@lru_cache(maxsize=256)  # the same few for every source
def _network(entry: str) -> IPv4Network | IPv6Network:
    return ip_network(entry)
