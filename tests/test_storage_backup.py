"""A backup is worth what its restore is."""

from __future__ import annotations

import asyncio
import shutil
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3
from storage_samples import (
    add,
    broken_promises,
    clock,
    filled,
)

from rasid.errors import StorageError
from storage.backup import restore, verify
from storage.sqlite import SqliteStorage


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "rasid.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStorage]:
    opened = SqliteStorage(path, clock, busy_ms=20)
    yield opened
    await opened.close()


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
