"""Archives that mean ill: zips of places to import, and backups to restore."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3
from storage_samples import add, clock

from rasid.errors import StorageError
from rasid.places import packed
from rasid.places.facts import RefusedError
from rasid.places.reading import facts_of
from storage.backup import restore
from storage.sqlite import SqliteStorage

LINE = "\t".join(["1", "Town", "Town", "", "35", "40", "P", "PPL", "SY", *[""] * 10]) + "\n"


def packing(name: str = "SY.txt", text: str | bytes = LINE) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, text)

    return write


def link(path: Path) -> None:
    entry = zipfile.ZipInfo("SY.txt")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, "/etc/passwd")


def encrypted(path: Path) -> None:
    packing()(path)
    data = bytearray(path.read_bytes())
    data[6] |= 1  # of the entry
    data[data.index(b"PK\x01\x02") + 8] |= 1  # and of the directory
    path.write_bytes(data)


def lying(path: Path) -> None:
    """Say that an entry is shorter than it is."""
    packing(text=LINE * 100_000)(path)
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (len(LINE) * 10).to_bytes(4, "little")
    path.write_bytes(data)


def broken(path: Path) -> None:
    packing(text=os.urandom(5_000).hex())(path)
    data = bytearray(path.read_bytes())
    data[200:400] = bytes(200)
    path.write_bytes(data)


ZIPS: dict[str, tuple[Callable[[Path], None], str]] = {
    "slip": (packing("../../etc/cron.d/SY.txt"), "for another folder"),
    "slip of Windows": (packing("..\\..\\SY.txt"), "for another folder"),
    "absolute": (packing("/etc/SY.txt"), "for another folder"),
    "link": (link, "is a link"),
    "bomb": (packing(text=b"\n" * 70 * 1024 * 1024), "times its size"),
    "a line without end": (packing(text=b"x" * (packed.LONGEST + 1)), "a line of more than"),
    "encrypted": (encrypted, "is encrypted"),
    "a lie about its size": (lying, "is no zip file"),
    "broken": (broken, "is no zip file"),
}


@pytest.mark.parametrize("name", ZIPS)
def test_Q09_a_zip_that_means_ill_is_refused(tmp_path: Path, name: str) -> None:
    write, said = ZIPS[name]
    path = tmp_path / "SY.zip"
    write(path)
    with pytest.raises(RefusedError, match=said):
        list(facts_of(path))
    assert [one.name for one in tmp_path.iterdir()] == ["SY.zip"]


def test_a_zip_that_means_well_is_read(tmp_path: Path) -> None:
    packing()(tmp_path / "SY.zip")
    (fact,) = facts_of(tmp_path / "SY.zip")
    assert fact.name == "Town"


def with_trigger(path: Path) -> None:
    change(path, "CREATE TRIGGER t AFTER INSERT ON alerts BEGIN DELETE FROM alerts; END")


def with_view(path: Path) -> None:
    change(path, "ALTER TABLE meta RENAME TO m")
    change(path, "CREATE VIEW meta AS SELECT 'target_salt' AS key, 'known' AS value")


def a_zip(path: Path) -> None:
    data = path.read_bytes()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("rasid.db", data)


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def change(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(str(path))) as conn:
        conn.execute(sql)
        conn.commit()


@pytest.mark.parametrize("harm", [with_trigger, with_view, a_zip, a_pipe])
async def test_Q09_a_backup_that_means_ill_is_refused(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    path, copy = tmp_path / "rasid.db", tmp_path / "copy.db"
    store = SqliteStorage(path, clock)
    await store.write(add("kept"))
    await store.backup(str(copy))
    await store.close()
    before = path.read_bytes()
    harm(copy)
    with pytest.raises(StorageError):
        restore(copy, path)
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("*before-restore*"))
