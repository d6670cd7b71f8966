"""The guard's judgement, and the hook under every socket."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from crawler import guard
from crawler.guard import Allowed, BlockedAddressError
from rasid.errors import GuardError


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    before = guard.policy()
    yield
    guard.reset()
    if before is not None:
        guard.install(before)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.8",
        "192.0.0.171",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001:0:7f00:1::1",
        "2001:db8::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "localhost",
        "2130706433",
        "127.1",
        "0x7f.1",
        "",
    ],
)
def test_S08_inner_addresses_and_names_are_refused(address: str) -> None:
    assert not Allowed().allowed(address, 80)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_S08_public_addresses_are_allowed(address: str) -> None:
    assert Allowed().allowed(address, 443)


@given(st.ip_addresses(v=4))
def test_S08_an_ipv6_wrapping_is_never_wider_than_its_ipv4_address(inner: IPv4Address) -> None:
    plain = Allowed().allowed(str(inner), 80)
    value = int(inner)
    for wrapped in (
        IPv6Address((0xFFFF << 32) | value),
        IPv6Address((0x64FF9B << 96) | value),
        IPv6Address((0x2002 << 112) | (value << 80)),
    ):
        assert Allowed().allowed(str(wrapped), 80) <= plain, wrapped


@pytest.mark.parametrize(
    ("entry", "address", "port", "expected"),
    [
        ("127.0.0.1:80", "127.0.0.1", 80, True),
        ("127.0.0.1:80", "127.0.0.1", 81, False),
        ("127.0.0.1:80", "127.0.0.2", 80, False),
        ("127.0.0.1:80", "::ffff:127.0.0.1", 80, True),
        ("127.0.0.0/8", "127.9.9.9", 1, True),
        ("127.0.0.0/8", "10.0.0.1", 1, False),
        ("10.1.2.3", "10.1.2.3", 99, True),
        ("[::1]:80", "::1", 80, True),
        ("[::1]:80", "::1", 81, False),
        ("::1", "::1", 81, True),
        ("fd00::/8", "fd12::1", 443, True),
    ],
)
def test_listed_addresses(entry: str, address: str, port: int, expected: bool) -> None:
    assert Allowed.of([entry]).allowed(address, port) is expected


@pytest.mark.parametrize("entry", ["localhost:80", "127.0.0.1/8", "10.0.0.0/33", ""])
def test_an_entry_that_is_no_address_is_an_error(entry: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Allowed.of([entry])


@pytest.fixture
def inner_service() -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener.getsockname()
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_S09_every_library_is_stopped_before_a_byte(inner_service: tuple[str, int]) -> None:
    guard.install(Allowed())
    host, port = inner_service
    with socket.socket() as sock:
        with pytest.raises(BlockedAddressError):
            sock.connect((host, port))
        with pytest.raises(BlockedAddressError):
            sock.connect_ex((host, port))
    with pytest.raises(BlockedAddressError):
        smtplib.SMTP(host, port)
    with pytest.raises(requests.ConnectionError, match="not an allowed address"):
        requests.get(f"http://{host}:{port}/", timeout=5)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        with pytest.raises(BlockedAddressError):
            sock.sendto(b"x", (host, port))
        with pytest.raises(BlockedAddressError):
            sock.sendmsg([b"x"], [], 0, (host, port))


def test_S09_a_name_is_refused_since_it_is_resolved_after_the_check() -> None:
    guard.install(Allowed.of(["127.0.0.0/8"]))
    with socket.socket() as sock, pytest.raises(BlockedAddressError):
        sock.connect(("localhost", 9))


def test_a_local_socket_is_no_way_out(tmp_path: object) -> None:
    guard.install(Allowed())
    path = f"{tmp_path}/notify"
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender,
    ):
        receiver.bind(path)
        sender.connect(path)
        sender.send(b"READY=1")
        assert receiver.recv(20) == b"READY=1"


def test_a_new_policy_holds_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()
        guard.install(Allowed())
        with pytest.raises(BlockedAddressError):
            socket.create_connection((host, port), timeout=5)
        guard.install(Allowed.of([f"{host}:{port}"]))
        socket.create_connection((host, port), timeout=5).close()


def test_S10_without_a_policy_the_self_test_fails() -> None:
    guard.reset()
    with pytest.raises(GuardError, match="not installed"):
        guard.check_sockets()


def test_S10_a_hook_that_judges_nothing_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    guard.install(Allowed())
    monkeypatch.setattr(guard, "_judge", lambda *_: None)
    with pytest.raises(GuardError, match="let a plain socket connect"):
        guard.check_sockets()


def test_S10_the_self_test_passes_with_all_of_loopback_listed() -> None:
    guard.install(Allowed.of(["127.0.0.0/8"]))
    guard.check_sockets()


def test_S10_a_policy_that_lists_the_whole_machine_is_refused() -> None:
    guard.install(Allowed.of(["0.0.0.0/0"]))
    with pytest.raises(GuardError, match="lists every address"):
        guard.check_sockets()
