"""Entries of the spool: exchanges as JSON, their bodies by hash. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, Final

import msgspec

from rasid.ids import new_id
from rasid.models import Exchange

_HASH: Final = 32  # letters of an entry's hash in its name


class _Written(msgspec.Struct):
    at: int
    url: str
    request: bytes
    head: bytes
    body: str  # SHA-256
    address: str
    unsaid: tuple[str, ...]
    unheard: tuple[str, ...]
    cut: bool


_DECODER: Final = msgspec.json.Decoder(list[_Written])


def digest(data: bytes) -> str:
    """Return a SHA-256 as 64 letters."""
    return hashlib.sha256(data).hexdigest()


def entry(exchanges: Sequence[Exchange], bodies: Sequence[str], now: int) -> tuple[str, bytes]:
    """Return the id of a capture, which has the hash of its entry in it, and the entry."""
    written = [
        _Written(**{**_fields(one), "body": body})
        for one, body in zip(exchanges, bodies, strict=True)
    ]
    data = msgspec.json.encode(written)
    return f"{new_id(now)}-{digest(data)[:_HASH]}", data


def exchanges(name: str, data: bytes, body: Callable[[str], bytes]) -> list[Exchange]:
    """Return what an entry holds; `body` gives a body by its hash.

    Raises `ValueError` for one that is not what its name says.
    """
    if digest(data)[:_HASH] != name.rpartition("-")[2]:
        raise ValueError(f"the entry {name} is damaged")
    return [
        Exchange(**{**msgspec.structs.asdict(one), "body": body(one.body)})
        for one in _DECODER.decode(data)
    ]


def _fields(one: Exchange) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in fields(one)}
