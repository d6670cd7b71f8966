"""Whose turn it is to be polled: one turn for each host, so that a slow one delays only its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from rasid.protocols import Reading
from rasid.settings import Source

Turn = list[Source]
"""Sources of one host, polled one after the other."""

LONGEST: Final = 8  # polls in a turn: then what is due longest comes first again
_PAGE: Final = 256  # due sources looked at; four times as many with every further look


@lru_cache(maxsize=2**16)
def host_of(url: str) -> str:
    """Return the host that a poll of an address asks; of a bad address itself."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return url


def by_host(sources: Iterable[Source]) -> dict[str, Turn]:
    """Return the sources host by host."""
    turns: dict[str, Turn] = {}
    for source in sources:
        turns.setdefault(host_of(source.url), []).append(source)
    return turns


def due_turns(
    view: Reading, now: int, known: Mapping[str, Source], *, busy: Set[str], room: int
) -> dict[str, Turn]:
    """Return at most `room` turns of hosts that are not busy, longest due first.

    However many sources of busy hosts are due: they are passed over.
    """
    turns: dict[str, Turn] = {}
    looked, size = 0, _PAGE
    while len(turns) < room:
        page = view.due_sources(now, size, looked)
        _add(turns, (known[name] for name in page if name in known), busy, room)
        if len(page) < size:
            break
        looked, size = looked + size, size * 4
    return turns


def _add(turns: dict[str, Turn], due: Iterable[Source], busy: Set[str], room: int) -> None:
    for source in due:
        host = host_of(source.url)
        if not source.enabled or host in busy:
            continue
        if host not in turns and len(turns) < room:
            turns[host] = []
        if host in turns and len(turns[host]) < LONGEST:
            turns[host].append(source)
