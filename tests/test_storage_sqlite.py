"""What only the SQLite store can get wrong: locks, settings, modes."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils.utils import sqlite3
from storage_samples import (
    HELD,
    SENT,
    add,
    alert,
    alias,
    broken_promises,
    clock,
    item,
    item_page,
    locked,
    script,
)

from rasid.errors import StorageError, StorageUnavailableError
from rasid.models import (
    Ack,
    Gate,
    GateState,
    Membership,
    Silence,
    SourceState,
    Subscription,
    Told,
)
from rasid.protocols import Reading, Transaction
from rasid.protocols.people import PeopleReading, PeopleWriting
from storage import open_storage
from storage.sqlite import SqliteStorage, version
from storage.sqlite_connection import connect


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "rasid.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStorage]:
    opened = SqliteStorage(path, clock, busy_ms=20)
    yield opened
    await opened.close()


SILENCE = Silence("1", {"rule": ("r",)}, "sami", "drill", 1, 2)
SUBSCRIBED = Subscription("k", "s", "https://hub.example/", "t", "https://me.example/k", "x")
WRITES: dict[str, Callable[[Transaction], Any]] = {
    "add_item": add("1"),
    "revise_item": lambda tx: tx.revise_item(item("1"), []),
    "add_item_page": lambda tx: tx.add_item_page(item_page("1")),
    "save_item_page": lambda tx: tx.save_item_page(item_page("1")),
    "put_page_text": lambda tx: tx.put_page_text(item("1")),
    "add_aliases": lambda tx: tx.add_aliases("1", [alias("1")]),
    "mark_shown": lambda tx: tx.mark_shown(["1"]),
    "mark_withdrawn": lambda tx: tx.mark_withdrawn(["1"], 1),
    "save_window": lambda tx: tx.save_window("s", "{}"),
    "add_sightings": lambda tx: tx.add_sightings("s", ["1"], 1),
    "save_source": lambda tx: tx.save_source(SourceState("s")),
    "save_subscription": lambda tx: tx.save_subscription(SUBSCRIBED),
    "drop_subscription": lambda tx: tx.drop_subscription("k"),
    "add_matches": lambda tx: tx.add_matches("1", [], 1),
    "join_story": lambda tx: tx.join_story(Membership("1", "1", 1)),
    "save_gate": lambda tx: tx.save_gate(Gate("r", "s", GateState.HELD, 1)),
    "save_told": lambda tx: tx.save_told(Told("r", "s", 1)),
    "add_alert": lambda tx: tx.add_alert(alert("1")),
    "add_captures": lambda tx: tx.add_captures("1", {"c": "hash"}),
    "unplaced": lambda tx: tx.unplaced("t", 1),
    "due_alerts": lambda tx: tx.due_alerts("t", 1),
    "next_lane": lambda tx: tx.next_lane("t"),
    "hold": lambda tx: tx.hold(["1"], 1, lane="l", reason=""),
    "place_anew": lambda tx: tx.place_anew(["t"]),
    "attempts": lambda tx: tx.attempts("t", since=1, limit=1),
    "claim": lambda tx: tx.claim("t", limit=1, ttl=1),
    "due_targets": lambda tx: tx.due_targets(),
    "finish": lambda tx: tx.finish(HELD, SENT, retry_at=None),
    "extend_lease": lambda tx: tx.extend_lease(HELD, 1),
    "hasten": lambda tx: tx.hasten(1),
    "release_leases": lambda tx: tx.release_leases(),
    "bury": lambda tx: tx.bury(["t"], "receiver_removed"),
    "expire": lambda tx: tx.expire(1),
    "retry_alerts": lambda tx: tx.retry_alerts(["1"]),
    "drop_alerts": lambda tx: tx.drop_alerts(["1"]),
    "erase_alerts": lambda tx: tx.erase_alerts("rule"),
    "save_meaning": lambda tx: tx.save_meaning("1", b"m", 1, since=0),
    "save_robots": lambda tx: tx.save_robots([], since=0),
    "prune": lambda tx: tx.prune(1),
    "file_items": lambda tx: tx.file_items(),
    "note_rules": lambda tx: tx.note_rules({"r": "h"}, 1),
    "define_rule": lambda tx: tx.define_rule("r", "h", {}),
    "save_silence": lambda tx: tx.save_silence(SILENCE),
    "add_ack": lambda tx: tx.add_ack(Ack("r", "item:1", 1, "1", "sami")),
    "set_escalation": lambda tx: tx.set_escalation("1", 1),
    "set_meta": lambda tx: tx.set_meta("key", "value"),
    "now": lambda tx: tx.now(),
}
READS: dict[str, Callable[[Reading], Any]] = {
    "silences": lambda r: r.silences(ending_after=1),
    "silences_named": lambda r: r.silences_named("1"),
    "acks": lambda r: r.acks(["item:1"]),
    "alerts_since": lambda r: r.alerts_since(1),
    "alerts_of_story": lambda r: r.alerts_of_story("s", 1),
    "alerts_of_notification": lambda r: r.alerts_of_notification("n"),
    "due_escalations": lambda r: r.due_escalations(1, 1),
    "alerts_on": lambda r: r.alerts_on("1"),
    "window": lambda r: r.window("s"),
    "withdrawn": lambda r: r.withdrawn(["1"]),
    "sources_of": lambda r: r.sources_of("1"),
    "item_pages": lambda r: r.item_pages(["1"]),
    "due_item_pages": lambda r: r.due_item_pages(1_000, 10, frozenset()),
    "page_reports": lambda r: r.page_reports(),
    "has_text": lambda r: r.has_text("s", "hash", "1"),
    "find_items": lambda r: r.find_items([alias("1")]),
    "items_by_id": lambda r: r.items_by_id(["1"]),
    "items": lambda r: r.items(),
    "source_state": lambda r: r.source_state("s"),
    "offers": lambda r: r.offers(),
    "subscriptions": lambda r: r.subscriptions(),
    "subscription": lambda r: r.subscription("k"),
    "source_states": lambda r: r.source_states(),
    "sources_down": lambda r: r.sources_down(1),
    "due_sources": lambda r: r.due_sources(1, 1),
    "alerts": lambda r: r.alerts(),
    "deliveries": lambda r: r.deliveries("n"),
    "overdue": lambda r: r.overdue(1_000),
    "last_sent": lambda r: r.last_sent(0, 1),
    "robots": lambda r: r.robots("https://paper.example"),
    "next_attempt": lambda r: r.next_attempt("n"),
    "seen_by": lambda r: r.seen_by("s", ["1"]),
    "content_hashes": lambda r: r.content_hashes(["1"]),
    "matches": lambda r: r.matches("1"),
    "captures": lambda r: r.captures("1"),
    "counts": lambda r: r.counts(),
    "candidates": lambda r: r.candidates([{"word"}]),
    "has_unfiled": lambda r: r.has_unfiled(),
    "items_named": lambda r: r.items_named("1"),
    "alerts_named": lambda r: r.alerts_named("1"),
    "revision": lambda r: r.revision("1", 1),
    "match_counts": lambda r: r.match_counts(1),
    "new_by_day": lambda r: r.new_by_day(1, 1),
    "rule_versions": lambda r: r.rule_versions(),
    "rules_in_force": lambda r: r.rules_in_force(),
    "memberships": lambda r: r.memberships(["1"]),
    "meanings": lambda r: r.meanings(["1"]),
    "told": lambda r: r.told("s", ["r"]),
    "gates": lambda r: r.gates("s"),
    "rule_matches": lambda r: r.rule_matches("r", 0, 1),
    "last_match": lambda r: r.last_match("r"),
    "members": lambda r: r.members(limit=1),
    "stories": lambda r: r.stories(since=1, limit=1),
    "meta": lambda r: r.meta("key"),
}


def test_every_method_is_tried_against_a_lock() -> None:
    def names(cls: type) -> set[str]:
        return {name for name in vars(cls) if not name.startswith("_")}

    assert names(Transaction) | names(PeopleWriting) == set(WRITES)
    assert names(Reading) | names(PeopleReading) == set(READS)


async def test_what_breaks_a_constraint_is_no_failure_of_the_store(store: SqliteStorage) -> None:
    await store.write(add("1"))
    with pytest.raises(StorageError, match="UNIQUE") as caught:
        await store.write(add("1"))
    assert not isinstance(caught.value, StorageUnavailableError)


@pytest.mark.parametrize("name", WRITES)
async def test_a_write_to_a_locked_database_says_so(
    store: SqliteStorage, path: Path, name: str
) -> None:
    with locked(path), pytest.raises(StorageUnavailableError, match="locked by another process"):
        await store.write(WRITES[name])


@pytest.mark.parametrize("name", READS)
async def test_a_read_does_not_wait_for_a_writer(
    store: SqliteStorage, path: Path, name: str
) -> None:
    await store.write(lambda tx: tx.set_meta("key", "before"))
    with locked(path):
        await store.read(READS[name])
        assert await store.read(lambda r: r.meta("key")) == "before"


async def test_a_backup_does_not_wait_and_maintenance_does_not_fail_under_a_lock(
    store: SqliteStorage, path: Path, tmp_path: Path
) -> None:
    with locked(path):
        await store.backup(str(tmp_path / "copy.db"))
        await store.maintain()


async def test_opening_a_locked_new_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "rasid.db"
    with closing(sqlite3.connect(str(path), isolation_level=None)) as conn:
        conn.execute("CREATE TABLE x (y)")
        conn.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="locked"):
            SqliteStorage(path, clock, busy_ms=20)


async def test_a_write_waits_for_its_turn(path: Path) -> None:
    patient = SqliteStorage(path, clock)
    with locked(path):
        write = asyncio.create_task(patient.write(add("1")))
        await asyncio.sleep(0.2)
        assert not write.done()
    await write
    await patient.close()


async def test_every_pragma_is_in_force(store: SqliteStorage, path: Path) -> None:
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "journal_size_limit": 64 << 20,
        "wal_autocheckpoint": 1000,
        "mmap_size": 0,
        "trusted_schema": 0,
        "cache_size": -4000,
        "busy_timeout": 20,
    }

    def ask(tx: Any) -> dict[str, object]:
        return {name: tx._conn.execute(f"PRAGMA {name}").fetchone()[0] for name in expected}

    assert await store.write(ask) == expected


async def test_a_reading_connection_cannot_write(store: SqliteStorage) -> None:
    with pytest.raises(StorageError, match="readonly"):
        await store.read(lambda r: r._conn.execute("DELETE FROM meta"))  # type: ignore[attr-defined]


async def test_what_every_round_asks_is_found_by_an_index(store: SqliteStorage) -> None:
    seen = []

    def work(tx: Any) -> None:
        tx._conn.set_trace_callback(seen.append)
        tx.due_sources(1, 1)
        tx.find_items([alias("1")])
        tx.claim("t", limit=1, ttl=1)
        tx.add_alert(alert("1"))
        held = tx.claim("t", limit=1, ttl=1)
        tx.due_targets()
        tx.finish(held, SENT, retry_at=None)
        tx._conn.set_trace_callback(None)
        plans = [tx._conn.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall() for sql in seen]
        steps = [row[3] for plan in plans for row in plan]
        scans = [one for one in steps if one.startswith("SCAN") and "json_each" not in one]
        assert not [one for one in scans if "USING INDEX" not in one], steps
        assert not [one for one in steps if "ORDER BY" in one], steps
        assert any("sources_due" in one for one in steps)
        assert not any("alerts_by_state" in one for one in steps), steps  # all that are pending

    await store.write(work)
    assert len(seen) > 10


async def test_Q04_six_writers_make_no_error(path: Path) -> None:
    stores = [SqliteStorage(path, clock) for _ in range(6)]

    async def write(number: int, store: SqliteStorage) -> None:
        for one in range(100):
            known = await store.read(lambda r: r.counts())
            await store.write(add(f"{number}-{one}-{known['items']}"))

    await asyncio.gather(*(write(*each) for each in enumerate(stores)))
    await asyncio.gather(*(store.close() for store in stores))
    assert broken_promises(path) == (600, 0)


def test_D15_processes_ingest_the_same_items_once(path: Path) -> None:
    code = """
        def work(name):
            def inner(tx):
                if not tx.find_items([alias(name)]):
                    tx.add_item(item(f"{name}-{os.getpid()}"), [alias(name)])
                return tx.add_alert(alert(name))
            return inner

        async def main():
            store = open_storage(Path(sys.argv[1]), clock)
            new = [await store.write(work(str(n))) for n in range(60)]
            await store.close()
            print(sum(new))

        asyncio.run(main())
    """
    env = dict(os.environ)
    root = Path(__file__).parent.parent
    children = [
        subprocess.Popen(script(code, path), cwd=root, env=env, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    printed = [child.communicate(timeout=60)[0] for child in children]
    assert [child.returncode for child in children] == [0, 0, 0]
    assert sum(map(int, printed)) == 60
    with closing(connect(path)) as conn:
        assert conn.execute("SELECT count(*) FROM items").fetchone()[0] == 60
        assert conn.execute("SELECT count(*) FROM alerts").fetchone()[0] == 60


async def test_O03_files_are_their_owners_alone(path: Path) -> None:
    old = os.umask(0)
    try:
        store = SqliteStorage(path, clock)
        await store.write(add("1"))
        modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}
        await store.close()
        path.chmod(0o644)
        await SqliteStorage(path, clock).close()
    finally:
        os.umask(old)
    assert modes == {"rasid.db": 0o600, "rasid.db-wal": 0o600, "rasid.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_url_and_odd_letters_in_a_path(tmp_path: Path) -> None:
    path = tmp_path / "a b#c?d" / "راصد.db"
    store = open_storage(f"sqlite://{path.as_uri().removeprefix('file://')}", clock)
    await store.write(add("1"))
    assert len(await store.read(lambda r: r.items())) == 1
    await store.close()
    assert broken_promises(path) == (1, 0)


def test_the_version_is_judged() -> None:
    text, safe = version()
    assert text.count(".") == 2
    assert safe == (tuple(map(int, text.split("."))) >= (3, 51, 3))
