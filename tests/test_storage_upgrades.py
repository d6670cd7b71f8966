"""Databases as earlier versions left them, opened by this one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from newsroom import RULES, Clock, Newsroom, item, make_newsroom
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from rasid.alerts.lookback import NOTED, Lookback
from rasid.alerts.ops import Ops
from rasid.models import Decision
from rasid.settings import HOUR
from storage import open_storage
from storage.sqlite_schema import migrations

WITH_OPS = RULES.replace(
    "receivers:\n", 'receivers:\n  - {id: ops, urls: ["json://192.0.2.1/ops"]}\n'
).replace("version: 1\n", "version: 1\nsettings: {ops_receiver: ops}\n")
VIRTUAL = ("archive_words%", "sqlite%", "_sqlite%")  # made again from what is copied


def steps() -> list[str]:
    """Return the migrations that some database has not had: those after items and alerts."""
    with Database(memory=True) as empty:
        return [one.name for one in migrations.pending(empty)][2:]


def as_it_was(new: Path, old: Path, before: str) -> None:
    """Write a database as it was before a migration, with what of another one it has room for."""
    with closing(sqlite3.connect(str(old))) as conn:
        migrations.apply(Database(conn), stop_before=before)
        conn.execute("ATTACH ? AS new", (str(new),))
        unlike = " AND ".join(f"name NOT LIKE '{one}'" for one in VIRTUAL)
        tables = f"SELECT name FROM main.sqlite_schema WHERE type = 'table' AND {unlike}"
        for (table,) in conn.execute(tables).fetchall():
            columns = [row[1] for row in conn.execute(f"PRAGMA main.table_info({table})")]
            names = ", ".join(columns)
            conn.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}")
        if before == "m003_archive":  # which brought the memory of rules
            conn.execute("DELETE FROM main.meta WHERE key = ?", (NOTED,))
        else:
            conn.execute("UPDATE main.archive SET engine = 0")
        conn.commit()


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    """Have a desk that has been told of some items, of ten that were shown."""
    made = make_newsroom(tmp_path, rules=WITH_OPS)
    await look(made)
    await made.show("front", SHOWN[:4], seeding=True)
    await made.show("front", SHOWN)
    await look(made)
    yield made
    await made.storage.close()


SHOWN = [item(n, "" if n % 2 else f"Rain {n}") for n in range(10)]


async def look(room: Newsroom) -> None:
    """Tell what the daemon tells of itself and of its rules."""
    await Ops(room.storage, lambda: room.world, room.clock).look(at_once=True)
    await Lookback(room.storage, room.clock)(room.world, room.clock())


@pytest.mark.parametrize("step", steps())
async def test_O05_an_upgrade_from_any_schema_raises_no_alert(
    room: Newsroom, step: str, tmp_path: Path
) -> None:
    told = await room.alerts_of("desk")
    assert len(told) == 6  # three items, two URLs
    as_it_was(tmp_path / "rasid.db", tmp_path / "old.db", step)

    clock = Clock(room.clock() + HOUR)
    upgraded = Newsroom(open_storage(tmp_path / "old.db", clock), room.world, clock)
    before = await upgraded.counts()
    await look(upgraded)
    for _ in range(2):
        report = await upgraded.show("front", [replace(one, published=None) for one in SHOWN])
        assert report.decisions == {Decision.KNOWN: len(SHOWN)}
    await look(upgraded)
    assert await upgraded.counts() == before
    assert await upgraded.alerts_of("desk") == told

    report = await upgraded.show("front", [item(99), *SHOWN])  # and it goes on as ever
    assert report.decisions == {Decision.NEW: 1, Decision.KNOWN: len(SHOWN)}
    assert await upgraded.alerts_of("desk") == [*told, item(99).title, item(99).title]
    await upgraded.storage.maintain()
    await upgraded.storage.close()
