"""Addresses that the guard refuses are told by `rasid check`, before the first poll."""

from __future__ import annotations

import pytest

from rasid.config.private import refused


@pytest.mark.parametrize(
    ("url", "allowed", "needed"),
    [
        ("http://127.0.0.1:8081/feed", [], "127.0.0.1:8081"),
        ("http://127.0.0.1:8081/feed", ["127.0.0.1:8080"], "127.0.0.1:8081"),
        ("http://127.0.0.1:8081/feed", ["127.0.0.1:8081"], ""),
        ("https://10.1.2.3/feed", [], "10.1.2.3:443"),
        ("https://10.1.2.3/feed", ["10.1.0.0/16"], ""),
        ("json://[::1]/x", [], "[::1]:80"),
        ("json://user:${SECRET}@127.0.0.1/x", [], "127.0.0.1:80"),
        ("http://localhost:9/x", [], "127.0.0.1:9"),
        ("http://localhost:9/x", ["[::1]:9"], ""),
        ("ntfy://192.168.0.4/topic", [], "192.168.0.4:PORT"),
        ("ntfy://192.168.0.4/topic", ["192.168.0.4:8080"], ""),
        ("https://8.8.8.8/feed", [], ""),
        ("https://example.org/feed", [], ""),
        ("tgram://123456:abc/1", [], ""),
        ("console://", [], ""),
    ],
)
def test_a_private_address_needs_an_entry(url: str, allowed: list[str], needed: str) -> None:
    assert refused(url, allowed) == needed
