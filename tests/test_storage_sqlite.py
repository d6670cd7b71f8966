"""What only the SQLite store can get wrong: locks, full disks, damage, kills, modes."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from rasid.errors import StorageCorruptError, StorageError, StorageFullError
from rasid.models import (
    Alert,
    Alias,
    AliasKind,
    Decision,
    DeliveryOutcome,
    DeliveryReason,
    DeliveryResult,
    Item,
    Notification,
    SourceState,
)
from rasid.protocols import Reading, Transaction
from storage import open_storage
from storage.backup import restore, verify
from storage.sqlite import SqliteStorage, version
from storage.sqlite_connection import connect
from storage.sqlite_schema import migrations

SENT = DeliveryResult(DeliveryOutcome.SUCCESS, DeliveryReason.ACCEPTED)
HELD = Notification("n", "t", (), 0, 0, "token")


def clock() -> int:
    return 1_000


def item(name: str, text: str = "text") -> Item:
    return Item(
        id=name,
        source="s",
        outlet="o",
        guid=name,
        link="",
        title=name,
        summary="",
        text=text,
        author="",
        tags=(),
        language="",
        published=None,
        first_seen=1,
        revision=1,
        content_hash=name,
        decision=Decision.NEW,
        only_seeded=False,
    )


def alias(name: str) -> Alias:
    return Alias(AliasKind.GUID, "s", name)


def alert(name: str) -> Alert:
    return Alert(name, "r", "h", "t", "desk", f"item:{name}", 1)


def add(name: str, text: str = "text") -> Callable[[Transaction], None]:
    """Return a transaction that stores an item and its alert."""

    def work(tx: Transaction) -> None:
        tx.add_item(item(name, text), [alias(name)])
        tx.add_alert(alert(name))

    return work


def script(code: str, *args: object) -> list[str]:
    """Return the command line of a child process that runs `code` beside these helpers."""
    start = f"import sys; sys.path[:0] = [{str(Path(__file__).parent)!r}]\n"
    head = "from test_storage_sqlite import *\n"
    return [sys.executable, "-c", start + head + textwrap.dedent(code), *map(str, args)]


def run(code: str, *args: object, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        script(code, *args),
        env={**os.environ, **env},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "rasid.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStorage]:
    opened = SqliteStorage(path, clock, busy_ms=20)
    yield opened
    await opened.close()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the write lock, as another process would."""
    with closing(connect(path)) as conn:
        conn.execute("BEGIN IMMEDIATE")
        yield
        conn.execute("ROLLBACK")


def broken_promises(path: Path) -> tuple[int, int]:
    """Return how many items there are, and how many lack their alert or their alias."""
    with closing(connect(path)) as conn:
        assert [row[0] for row in conn.execute("PRAGMA integrity_check")] == ["ok"]
        items = conn.execute("SELECT count(*) FROM items").fetchone()[0]
        broken = conn.execute(
            "SELECT count(*) FROM items i WHERE NOT EXISTS (SELECT 1 FROM alerts a"
            " WHERE a.subject = 'item:' || i.id) OR NOT EXISTS (SELECT 1 FROM aliases"
            " WHERE item = i.id) OR NOT EXISTS (SELECT 1 FROM revisions WHERE item = i.id)"
        ).fetchone()[0]
        return items, broken


# --- locks -------------------------------------------------------------------------------

WRITES: dict[str, Callable[[Transaction], Any]] = {
    "add_item": add("1"),
    "revise_item": lambda tx: tx.revise_item(item("1"), []),
    "add_aliases": lambda tx: tx.add_aliases("1", [alias("1")]),
    "mark_shown": lambda tx: tx.mark_shown(["1"]),
    "add_sightings": lambda tx: tx.add_sightings("s", ["1"], 1),
    "save_source": lambda tx: tx.save_source(SourceState("s")),
    "add_matches": lambda tx: tx.add_matches("1", [], 1),
    "add_alert": lambda tx: tx.add_alert(alert("1")),
    "claim": lambda tx: tx.claim("t", limit=1, ttl=1),
    "due_targets": lambda tx: tx.due_targets(),
    "finish": lambda tx: tx.finish(HELD, SENT, retry_at=None),
    "extend_lease": lambda tx: tx.extend_lease(HELD, 1),
    "release_leases": lambda tx: tx.release_leases(),
    "bury": lambda tx: tx.bury(["t"], "receiver_removed"),
    "expire": lambda tx: tx.expire(1),
    "retry_alerts": lambda tx: tx.retry_alerts(["1"]),
    "drop_alerts": lambda tx: tx.drop_alerts(["1"]),
    "prune": lambda tx: tx.prune(1),
    "set_meta": lambda tx: tx.set_meta("key", "value"),
    "now": lambda tx: tx.now(),
}
READS: dict[str, Callable[[Reading], Any]] = {
    "find_items": lambda r: r.find_items([alias("1")]),
    "items_by_id": lambda r: r.items_by_id(["1"]),
    "items": lambda r: r.items(),
    "source_state": lambda r: r.source_state("s"),
    "source_states": lambda r: r.source_states(),
    "due_sources": lambda r: r.due_sources(1, 1),
    "alerts": lambda r: r.alerts(),
    "deliveries": lambda r: r.deliveries("n"),
    "seen_by": lambda r: r.seen_by("s", ["1"]),
    "content_hashes": lambda r: r.content_hashes(["1"]),
    "matches": lambda r: r.matches("1"),
    "counts": lambda r: r.counts(),
    "meta": lambda r: r.meta("key"),
}


def test_every_method_is_tried_against_a_lock() -> None:
    def names(cls: type) -> set[str]:
        return {name for name in vars(cls) if not name.startswith("_")}

    assert names(Transaction) == set(WRITES)
    assert names(Reading) == set(READS)


@pytest.mark.parametrize("name", WRITES)
async def test_a_write_to_a_locked_database_says_so(
    store: SqliteStorage, path: Path, name: str
) -> None:
    with locked(path), pytest.raises(StorageError, match="locked by another process"):
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
        "cache_size": -64000,
        "busy_timeout": 20,
    }

    def ask(tx: Any) -> dict[str, object]:
        return {name: tx._conn.execute(f"PRAGMA {name}").fetchone()[0] for name in expected}

    assert await store.write(ask) == expected


async def test_a_reading_connection_cannot_write(store: SqliteStorage) -> None:
    with pytest.raises(StorageError, match="readonly"):
        await store.read(lambda r: r._conn.execute("DELETE FROM meta"))  # type: ignore[attr-defined]


async def test_due_sources_and_find_items_use_their_index(store: SqliteStorage) -> None:
    seen = []

    def work(tx: Any) -> None:
        tx._conn.set_trace_callback(seen.append)
        tx.due_sources(1, 1)
        tx.find_items([alias("1")])
        tx.claim("t", limit=1, ttl=1)
        tx._conn.set_trace_callback(None)
        plans = [tx._conn.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall() for sql in seen]
        steps = [row[3] for plan in plans for row in plan]
        scans = [one for one in steps if one.startswith("SCAN") and "json_each" not in one]
        assert not [one for one in scans if "USING INDEX" not in one], steps
        assert not [one for one in steps if "ORDER BY" in one], steps
        assert any("sources_due" in one for one in steps)

    await store.write(work)
    assert len(seen) == 4


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


# --- power loss, long readers, full disks ------------------------------------------------


async def test_Q02_a_torn_log_keeps_items_and_alerts_together(
    store: SqliteStorage, path: Path, tmp_path: Path
) -> None:
    await store.maintain()  # the tables are in the file, the items in the log
    for number in range(40):
        await store.write(add(str(number), "x" * 3000))
    data, log = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    assert len(log) > 100_000
    kept = set()
    rng = random.Random(2)
    for number in range(80):
        cut = bytearray(log[: rng.randrange(len(log))])
        if number % 3 == 0 and cut:
            cut[rng.randrange(len(cut))] ^= 0xFF
        torn = tmp_path / f"torn{number}.db"
        torn.write_bytes(data)
        Path(f"{torn}-wal").write_bytes(cut)
        items, broken = broken_promises(torn)
        assert broken == 0
        kept.add(items)
    assert len(kept) > 10


async def test_Q05_the_log_shrinks_when_a_long_reader_goes(
    store: SqliteStorage, path: Path
) -> None:
    log = Path(f"{path}-wal")
    await store.write(add("0"))
    with closing(connect(path, readonly=True)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM items").fetchone()
        for number in range(1, 9):
            await store.write(add(str(number), "x" * 1_000_000))
        await store.maintain()
        assert log.stat().st_size > 8_000_000
        reader.execute("ROLLBACK")
    await store.maintain()
    assert log.stat().st_size == 0


async def test_Q06_a_full_database_is_named_and_recovers(store: SqliteStorage) -> None:
    def limit(pages: int) -> Callable[[Any], None]:
        return lambda tx: tx._conn.execute(f"PRAGMA max_page_count = {pages}").fetchone()

    await store.write(limit(60))
    with pytest.raises(StorageFullError):
        await store.write(add("big", "x" * 1_000_000))
    assert await store.read(lambda r: r.items()) == []
    await store.write(add("small"))  # what still fits goes on
    await store.write(limit(1_000_000))
    await store.write(add("big", "x" * 1_000_000))
    assert len(await store.read(lambda r: r.items())) == 2


def test_Q06_a_full_disk_is_named_and_recovers(path: Path) -> None:
    code = """
        import resource

        async def main():
            store = open_storage(Path(sys.argv[1]), clock)
            await store.write(add("first"))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
            resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
            failed = 0
            for number in range(5):
                try:
                    await store.write(add(f"big{number}", "x" * 1_000_000))
                except StorageFullError:
                    failed += 1
            seen = len(await store.read(lambda r: r.items()))
            try:
                await store.backup(sys.argv[1] + ".copy")
            except StorageFullError:
                failed += 1
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            await store.write(add("after", "x" * 1_000_000))
            print(json.dumps([failed, seen, len(await store.read(lambda r: r.items()))]))
            await store.close()

        asyncio.run(main())
    """
    done = run(code, path)
    assert done.returncode == 0, done.stderr
    failed, seen, after = json.loads(done.stdout)
    assert (failed >= 5, seen, after) == (True, 1, 2), done.stdout
    assert broken_promises(path) == (2, 0)


# --- damage, versions, kills -------------------------------------------------------------


async def filled(path: Path, items: int = 30) -> None:
    store = SqliteStorage(path, clock)
    for number in range(items):
        await store.write(add(str(number), "x" * 2000))
    await store.close()


@pytest.mark.parametrize("where", ["header", "pages", "text"])
async def test_Q07_a_damaged_file_is_refused_with_the_way_out(path: Path, where: str) -> None:
    await filled(path)
    data = bytearray(path.read_bytes())
    if where == "header":
        data[:16] = bytes(byte ^ 0xFF for byte in data[:16])
    elif where == "pages":
        for page in range(1, len(data) // 4096):  # their headers
            data[page * 4096 : page * 4096 + 8] = b"\xff" * 8
    else:
        data = bytearray(b"this is not a database" * 1000)
    path.write_bytes(data)
    with pytest.raises(StorageCorruptError, match="rasid restore"):
        SqliteStorage(path, clock)


async def test_a_newer_schema_is_refused(path: Path) -> None:
    await filled(path, 1)
    with closing(sqlite3.connect(str(path))) as conn:
        conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('rasid', 'm999_future', '')"
        )
        conn.commit()
    with pytest.raises(StorageError, match=r"newer Rasid.*m999_future"):
        SqliteStorage(path, clock)


OPEN = "asyncio.run(open_storage(Path(sys.argv[1]), clock).close())"


@pytest.mark.parametrize("nth", [1, 2, 5, 9, 10, 11, 14, 17, 18, 19])
async def test_Q10_a_killed_migration_leaves_old_or_new(path: Path, nth: int) -> None:
    done = run(OPEN, path, RASID_FAILPOINT=f"migration:{nth}")
    assert done.returncode == -signal.SIGKILL, done.stderr
    with closing(sqlite3.connect(str(path))) as conn:
        assert conn.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    await filled(path, 1)
    assert broken_promises(path) == (1, 0)


@pytest.mark.parametrize("nth", [1, 5, 10])
async def test_Q10_a_killed_upgrade_keeps_what_was_there(path: Path, nth: int) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(str(path))) as conn:
        migrations.apply(Database(conn), stop_before="m002_alerts")
        conn.execute("INSERT INTO meta VALUES ('key', 'kept')")
        conn.commit()
        before = conn.execute("SELECT sql FROM sqlite_schema").fetchall()
    done = run(OPEN, path, RASID_FAILPOINT=f"migration:{nth}")
    assert done.returncode == -signal.SIGKILL, done.stderr
    with closing(sqlite3.connect(str(path))) as conn:
        assert conn.execute("SELECT sql FROM sqlite_schema").fetchall() == before
    store = SqliteStorage(path, clock)
    assert await store.read(lambda r: r.meta("key")) == "kept"
    await store.write(add("1"))
    await store.close()


@pytest.mark.parametrize(("point", "kept"), [("before_commit", 1), ("after_commit", 2)])
def test_Q01_a_kill_around_a_commit_keeps_all_or_nothing(path: Path, point: str, kept: int) -> None:
    code = """
        async def main():
            store = open_storage(Path(sys.argv[1]), clock)
            for name in "123":
                await store.write(add(name))

        asyncio.run(main())
    """
    done = run(code, path, RASID_FAILPOINT=f"{point}:2")
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert broken_promises(path) == (kept, 0)


async def test_a_transaction_that_met_a_busy_database_is_run_again(store: SqliteStorage) -> None:
    runs = []

    def work(tx: Transaction) -> int:
        tx.add_item(item(f"run{len(runs)}"), [])
        runs.append(1)
        if len(runs) == 1:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = 517  # SQLITE_BUSY_SNAPSHOT
            raise error
        return len(runs)

    assert await store.write(work) == 2
    assert [one.id for one in await store.read(lambda r: r.items())] == ["run1"]


# --- backups -----------------------------------------------------------------------------


async def test_Q08_a_backup_under_load_restores(
    store: SqliteStorage, path: Path, tmp_path: Path
) -> None:
    copy, done = tmp_path / "copy.db", asyncio.Event()
    for number in range(50):
        await store.write(add(f"before{number}"))

    async def load() -> None:
        number = 0
        while not done.is_set():
            await store.write(add(f"during{number}"))
            number += 1

    writing = asyncio.create_task(load())
    for _ in range(5):
        await store.backup(str(copy))
        await asyncio.sleep(0.02)
    done.set()
    await writing
    total = (await store.read(lambda r: r.counts()))["items"]
    await store.close()
    copied = verify(copy)["items"]
    assert 50 < copied <= total
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    aside = restore(copy, path)
    assert aside is not None
    assert broken_promises(path) == (copied, 0)
    assert broken_promises(aside) == (total, 0)
    assert [one.name for one in copy.parent.iterdir() if one.name.startswith(".")] == []


async def test_Q08_a_restored_file_never_meets_the_old_log(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    store = SqliteStorage(path, clock)
    await store.write(add("kept"))
    await store.backup(str(copy))
    await store.write(add("later"))
    left = tmp_path / "left"  # as after a kill: the log is still beside the file
    shutil.copytree(path.parent, left)
    await store.close()
    assert restore(copy, left / path.name) == left / "rasid.db.before-restore-1"
    assert broken_promises(left / path.name) == (1, 0)
    assert broken_promises(left / "rasid.db.before-restore-1") == (2, 0)


async def test_Q08_a_bad_backup_replaces_nothing(path: Path, tmp_path: Path) -> None:
    await filled(path, 3)
    bad, empty = tmp_path / "bad.db", tmp_path / "empty.db"
    bad.write_bytes(path.read_bytes()[:-8192])
    sqlite3.connect(str(empty)).close()
    for one in (bad, empty, tmp_path / "missing.db"):
        with pytest.raises(StorageError):
            restore(one, path)
    assert broken_promises(path) == (3, 0)
    assert not list(path.parent.glob("*before-restore*"))


async def test_a_restore_into_an_empty_folder_needs_nothing_there(
    path: Path, tmp_path: Path
) -> None:
    await filled(path, 3)
    assert restore(path, tmp_path / "rasid.db") is None
    assert broken_promises(tmp_path / "rasid.db") == (3, 0)


async def test_a_backup_that_cannot_be_written_says_so(store: SqliteStorage) -> None:
    with pytest.raises(StorageError, match="nowhere"):
        await store.backup("/nowhere/copy.db")


# --- the rest ----------------------------------------------------------------------------


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
