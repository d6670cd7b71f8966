"""Whose turn it is: every host once, however many sources of others are due."""

from __future__ import annotations

from newsroom import START

from rasid.models import SourceState
from rasid.protocols import Storage
from rasid.settings import Source
from rasid.turns import LONGEST, Turn, by_host, due_turns
from storage import open_storage

HOSTS = ["a.example", "A.example:8080", "b.example", "c.example"]


def source(name: str, host: str, *, enabled: bool = True) -> Source:
    return Source(name, "o", f"https://{host}/{name}", enabled=enabled)


async def filled(sources: list[Source]) -> Storage:
    """Return a store where the sources are due, the first one longest."""
    store = open_storage("memory://", lambda: START)
    await store.write(
        lambda tx: [
            tx.save_source(SourceState(one.id, next_poll_at=START - 10_000 + at))
            for at, one in enumerate(sources)
        ]
    )
    return store


async def turns(
    sources: list[Source], busy: frozenset[str] = frozenset(), room: int = 64
) -> dict[str, list[str]]:
    store, known = await filled(sources), {one.id: one for one in sources}
    found = await store.read(lambda view: due_turns(view, START, known, busy=busy, room=room))
    await store.close()
    return names(found)


def names(found: dict[str, Turn]) -> dict[str, list[str]]:
    return {host: [one.id for one in turn] for host, turn in found.items()}


def test_hosts_are_told_apart_by_name_alone() -> None:
    sources = [source(str(n), host) for n, host in enumerate(HOSTS)]
    sources.append(Source("bad", "o", "http://[bad"))
    assert names(by_host(sources)) == {
        "a.example": ["0", "1"],
        "b.example": ["2"],
        "c.example": ["3"],
        "http://[bad": ["bad"],
    }
    assert by_host([]) == {}


async def test_T09_each_free_host_has_a_turn_longest_due_first() -> None:
    sources = [source(f"{host}-{n}", host) for n in range(20) for host in ("b", "a", "busy")]
    found = await turns(sources, busy=frozenset({"busy"}))
    assert list(found) == ["b", "a"]
    assert found["a"] == [f"a-{n}" for n in range(LONGEST)]
    assert list(await turns(sources, room=1)) == ["b"]
    assert await turns(sources, room=0) == {}


async def test_T09_any_number_of_sources_of_busy_hosts_is_passed_over() -> None:
    slow = [source(f"slow-{n}", "slow") for n in range(5_000)]
    found = await turns([*slow, source("healthy", "healthy")], busy=frozenset({"slow"}))
    assert found == {"healthy": ["healthy"]}
    assert list(await turns([*slow, source("healthy", "healthy")])) == ["slow", "healthy"]


async def test_what_is_not_configured_or_not_enabled_has_no_turn() -> None:
    store = await filled([source("removed", "a"), source("off", "b")])
    known = {"off": source("off", "b", enabled=False)}
    found = await store.read(lambda view: due_turns(view, START, known, busy=set(), room=9))
    assert found == {}
    await store.close()
