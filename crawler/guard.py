"""The guard: no connection leaves the process except to an address that is allowed.

It judges the address that is really connected to, in an audit hook under every Python
socket: Scrapy, requests and smtplib alike. A spelling of a host, a redirect or a name
server that changes its mind cannot pass it. See docs/notes/crawler.md.
"""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any, Final

from rasid.errors import GuardError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# No kernel uses this number: Twisted keeps of an error its number alone.
BLOCKED_ERRNO: Final = 0x5AFE

_EVENTS: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_NAT64: Final = IPv6Network("64:ff9b::/96")
# `is_global` of some Python versions lets these through.
_NEVER: Final[tuple[Network, ...]] = (
    ip_network("0.0.0.0/8"),
    ip_network("100.64.0.0/10"),
    ip_network("192.0.0.0/24"),
    ip_network("192.88.99.0/24"),
    ip_network("198.18.0.0/15"),
    ip_network("240.0.0.0/4"),
    ip_network("64:ff9b:1::/48"),
    ip_network("100::/64"),
    ip_network("2001:db8::/32"),
    ip_network("3fff::/20"),
    ip_network("5f00::/16"),
    ip_network("fec0::/10"),
    ip_network("::/96"),
)


class BlockedAddressError(GuardError, OSError):
    """Raised from inside `connect` when the address is not allowed; libraries see an OSError."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Which addresses may be connected to: public ones, and those that are listed."""

    sockets: frozenset[tuple[Address, int]] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> Allowed:
        """Read `ip:port`, `[ipv6]:port`, `ip` and CIDR entries; raises ValueError."""
        sockets: set[tuple[Address, int]] = set()
        networks: list[Network] = []
        for entry in entries:
            host, colon, port = entry.strip().rpartition(":")
            if colon and port.isdecimal() and _is_literal(host.strip("[]")) and _paired(host):
                sockets.add((ip_address(host.strip("[]")), int(port)))
            else:
                networks.append(ip_network(entry.strip()))
        return cls(frozenset(sockets), tuple(networks))

    def allowed(self, ip: str, port: int) -> bool:
        """Say whether a connection to a literal address may be made."""
        try:
            address = ip_address(ip.partition("%")[0])
        except ValueError:
            return False  # a name: what it stands for would be found out after the check
        return self._listed(address, port) or _is_public(address)

    def _listed(self, address: Address, port: int) -> bool:
        seen = (address, *_inner(address)[:1]) if _is_mapped(address) else (address,)
        return any(
            (one, port) in self.sockets or any(one in network for network in self.networks)
            for one in seen
        )


def _paired(host: str) -> bool:
    """Tell `[::1]:80` and `10.0.0.1:80` from the bare address `::1:80`."""
    return ":" not in host or (host.startswith("[") and host.endswith("]"))


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_mapped(address: Address) -> bool:
    return isinstance(address, IPv6Address) and address.ipv4_mapped is not None


def _inner(address: Address) -> tuple[IPv4Address, ...]:
    """Return the IPv4 addresses that an IPv6 one carries to."""
    if isinstance(address, IPv4Address):
        return ()
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:
        return (address.sixtofour,)
    if address.teredo:
        return address.teredo
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFF_FFFF),)
    return ()


def _is_public(address: Address) -> bool:
    if inner := _inner(address):
        return all(_is_public(one) for one in inner)
    if any(address in network for network in _NEVER):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


_policy: Allowed | None = None
_hooked = False


def install(policy: Allowed) -> None:
    """Put the guard in force, or give it another policy. The hook itself stays for good."""
    global _policy, _hooked
    _policy = policy
    if not _hooked:
        sys.addaudithook(_audit)
        _hooked = True


def policy() -> Allowed | None:
    """Return the policy in force, None before `install`."""
    return _policy


def reset() -> None:
    """Take the policy out of force. For tests: a process that polls never calls it."""
    global _policy
    _policy = None


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if event in _EVENTS and _policy is not None:
        _judge(_policy, args[0], args[1])


def _judge(allowed: Allowed, sock: Any, address: Any) -> None:
    if sock.family not in (socket.AF_INET, socket.AF_INET6) or address is None:
        return  # a local socket, or a datagram on a connection already judged
    host, port = address[0], address[1]
    host = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else str(host)
    if not allowed.allowed(host, port):
        raise BlockedAddressError(BLOCKED_ERRNO, f"{host}:{port} is not an allowed address")


@contextlib.contextmanager
def forbidden_address() -> Iterator[tuple[socket.socket, str, int]]:
    """Yield a listener and an address of it that the policy in force does not list.

    Raises `GuardError` when there is no policy or it lists the whole machine.
    """
    if _policy is None:
        raise GuardError("the guard is not installed")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        port = listener.getsockname()[1]
        for host in ("127.0.0.1", "0.0.0.0"):  # noqa: S104 - both lead to the listener
            if not _policy.allowed(host, port):
                yield listener, host, port
                return
    raise GuardError("security.allow_addresses lists every address of this machine")


def check_sockets() -> None:
    """Try a plain socket against a port of this machine; raises unless it is refused."""
    with forbidden_address() as (_, host, port), socket.socket() as client:
        try:
            client.connect((host, port))
        except BlockedAddressError:
            return
        except OSError as error:
            raise GuardError(f"the guard did not judge {host}:{port}: {error}") from error
    raise GuardError(f"the guard let a plain socket connect to {host}:{port}")


def untouched(listener: socket.socket) -> bool:
    """Say whether nobody connected to a listener of `forbidden_address`."""
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return True
    return False
