"""What the tests of the SQLite store share."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rasid.models import (
    Alert,
    Alias,
    AliasKind,
    Decision,
    DeliveryOutcome,
    DeliveryReason,
    DeliveryResult,
    Item,
    ItemPage,
    Notification,
)
from rasid.protocols import Transaction
from storage.sqlite import SqliteStorage
from storage.sqlite_connection import connect

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


def item_page(name: str) -> ItemPage:
    return ItemPage(name, "s", f"https://example.org/{name}", "example.org", 1)


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
    head = (
        "import asyncio, json, os, signal\n"
        "from rasid.errors import StorageFullError\n"
        "from storage import open_storage\n"
        "from storage_samples import *\n"
    )
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


async def filled(path: Path, items: int = 30) -> None:
    store = SqliteStorage(path, clock)
    for number in range(items):
        await store.write(add(str(number), "x" * 2000))
    await store.close()


def unfile(path: Path) -> None:
    """Leave the database as an engine that filed nothing would."""
    with closing(connect(path)) as conn:
        conn.execute("UPDATE archive SET engine = 0")
        conn.execute("DELETE FROM archive_words")
