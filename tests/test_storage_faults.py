"""Power loss, long readers, full disks, damage, newer files, kills."""

from __future__ import annotations

import json
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3
from storage_samples import (
    add,
    alert,
    broken_promises,
    clock,
    filled,
    item,
    run,
)

from rasid.errors import StorageCorruptError, StorageError, StorageFullError
from rasid.protocols import Transaction
from storage.sqlite import SqliteStorage
from storage.sqlite_connection import connect
from storage.sqlite_schema import migrations


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "rasid.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStorage]:
    opened = SqliteStorage(path, clock, busy_ms=20)
    yield opened
    await opened.close()


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


async def test_alerts_of_an_older_database_are_kept_and_can_be_tried_again(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(str(path))) as conn:
        migrations.apply(Database(conn), stop_before="m006_retried")
        facts = '{"title": "t"}'
        row = "('{0}', 'r', 'h', 't', 'desk', 'item:{0}', 1, '{3}', '{1}', '{2}', NULL)"
        values = (
            row.format("old", "dead", "expired", facts),
            row.format("waits", "pending", "", facts),
        )
        conn.execute(f"INSERT INTO alerts VALUES {', '.join(values)}")
        conn.commit()
    store = SqliteStorage(path, clock)
    assert await store.write(lambda tx: tx.retry_alerts(["old"])) == 1
    assert await store.write(lambda tx: tx.expire(1_000)) == ["waits"]
    (again,) = await store.read(lambda r: r.alerts(state="pending"))
    assert (again.id, again.created_at, again.retried_at) == ("old", 1, 1_000)
    await store.write(lambda tx: tx.add_alert(alert("new")))
    held = await store.write(lambda tx: tx.claim("t", limit=10, ttl=1))
    assert held is not None
    assert [one.id for one in held.alerts] == ["new", "old"]
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
