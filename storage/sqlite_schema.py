"""The tables, as migrations: never edit one that was released, add another."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlite_utils import Database, Migrations

from rasid.errors import StorageError
from rasid.failpoint import reach
from storage.sqlite_connection import Connection
from storage.sqlite_tables import (
    ALERTS,
    ARCHIVE,
    CONTENTLESS,
    CONTENTLESS_SINCE,
    GATES,
    ITEM_PAGES,
    ITEMS,
    MEANINGS,
    PEOPLE,
    WORDS,
)

migrations: Final = Migrations("rasid")


def _run(db: Database, script: str) -> None:
    # one by one: executescript would commit the transaction it is called in
    for statement in script.split(";"):
        db.execute(statement)
        reach("migration")


@migrations()
def m001_items(db: Database) -> None:
    """What was published, and where it was seen."""
    _run(db, ITEMS)


@migrations()
def m002_alerts(db: Database) -> None:
    """What is to be told, and how that went."""
    _run(db, ALERTS)


@migrations()
def m003_archive(db: Database) -> None:
    """Rules by version, matches by day, and items filed under their words.

    What is stored already is filed in chunks afterwards (`Storage.maintain`); until then it
    counts as a candidate of every search.
    """
    _run(db, ARCHIVE)
    version = tuple(map(int, str(db.execute("SELECT sqlite_version()").fetchone()[0]).split(".")))
    _run(db, WORDS.format(contentless=CONTENTLESS if version >= CONTENTLESS_SINCE else ""))


@migrations()
def m004_subjects(db: Database) -> None:
    """Alerts by what they are about: those of one subject go out together."""
    _run(db, "CREATE INDEX alerts_about ON alerts (subject, target)")


@migrations()
def m005_told(db: Database) -> None:
    """Alerts that are done and still have their texts, for pruning."""
    _run(
        db,
        "CREATE INDEX alerts_told ON alerts (created_at)"
        " WHERE state <> 'pending' AND facts <> '{}'",
    )


@migrations()
def m006_retried(db: Database) -> None:
    """When a person last asked for a dead alert again: its time to be delivered begins anew."""
    _run(db, "ALTER TABLE alerts ADD COLUMN retried_at INTEGER")


@migrations()
def m007_health(db: Database) -> None:
    """What is usual for a source, how often it is polled, and what was told of it."""
    _run(
        db,
        "ALTER TABLE sources ADD COLUMN last_new_at INTEGER;"
        "ALTER TABLE sources ADD COLUMN longest_pause INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE sources ADD COLUMN news INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE sources ADD COLUMN empty INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE sources ADD COLUMN interval INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE sources ADD COLUMN told TEXT NOT NULL DEFAULT ''",
    )


@migrations()
def m008_hints(db: Database) -> None:
    """When a source is polled next and why: what it says of that, its habit, its hub."""
    _run(
        db,
        "ALTER TABLE sources ADD COLUMN due_by TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE sources ADD COLUMN due_pause INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE sources ADD COLUMN schedule TEXT NOT NULL DEFAULT '{}';"
        "ALTER TABLE sources ADD COLUMN hours TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE sources ADD COLUMN hub TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE sources ADD COLUMN topic TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE sources ADD COLUMN pushed_at INTEGER",
    )


@migrations()
def m009_stories(db: Database) -> None:
    """Which items are about one event."""
    _run(
        db,
        "CREATE TABLE story_items ("
        " item TEXT PRIMARY KEY REFERENCES items (id),"
        " story TEXT NOT NULL, at INTEGER NOT NULL, copy_of TEXT NOT NULL"
        ") STRICT, WITHOUT ROWID;"
        "CREATE INDEX story_items_newest ON story_items (at, item);"
        "CREATE INDEX story_items_of ON story_items (story, at, item)",
    )


@migrations()
def m010_captures(db: Database) -> None:
    """What alerts rest on, and the hash of it as it was then."""
    _run(
        db,
        "CREATE TABLE captures ("
        " alert TEXT NOT NULL REFERENCES alerts (id), capture TEXT NOT NULL,"
        " sha256 TEXT NOT NULL, PRIMARY KEY (alert, capture)) STRICT, WITHOUT ROWID",
    )


@migrations()
def m011_lanes(db: Database) -> None:
    """Alerts that wait: until when, and with which others."""
    _run(
        db,
        "ALTER TABLE alerts ADD COLUMN due_at INTEGER;"
        "ALTER TABLE alerts ADD COLUMN lane TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE notifications ADD COLUMN lane TEXT NOT NULL DEFAULT '';"
        "CREATE INDEX alerts_due ON alerts (target, lane, due_at)"
        " WHERE state = 'pending' AND notification IS NULL;"
        "CREATE INDEX deliveries_at ON deliveries (at)",
    )


@migrations()
def m012_subscriptions(db: Database) -> None:
    """What was asked of the hubs of sources."""
    _run(
        db,
        "CREATE TABLE subscriptions ("
        " key TEXT PRIMARY KEY, source TEXT NOT NULL, hub TEXT NOT NULL, topic TEXT NOT NULL,"
        " callback TEXT NOT NULL, secret TEXT NOT NULL, state TEXT NOT NULL,"
        " asked INTEGER NOT NULL, due_at INTEGER NOT NULL, lease_until INTEGER NOT NULL,"
        " failures INTEGER NOT NULL, detail TEXT NOT NULL) STRICT, WITHOUT ROWID;"
        "CREATE INDEX sources_with_hub ON sources (source) WHERE hub <> ''",
    )


@migrations()
def m013_causes(db: Database) -> None:
    """Why a source fails, what it needs soon, and how much it brings a day."""
    _run(
        db,
        "ALTER TABLE sources ADD COLUMN cause TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE sources ADD COLUMN certificate_since INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE sources ADD COLUMN certificate_until INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE sources ADD COLUMN moves INTEGER NOT NULL DEFAULT 0;"
        "CREATE INDEX sightings_newest ON sightings (first_at)",
    )


@migrations()
def m014_item_pages(db: Database) -> None:
    """Pages of items: which are to be fetched, and what became of them."""
    _run(db, ITEM_PAGES)


@migrations()
def m015_told(db: Database) -> None:
    """What rules have told of stories."""
    _run(
        db,
        "CREATE TABLE story_rules ("
        " story TEXT NOT NULL, rule TEXT NOT NULL, told_at INTEGER NOT NULL, again_at INTEGER,"
        " update_at INTEGER NOT NULL, places TEXT NOT NULL, words TEXT NOT NULL,"
        " toll INTEGER NOT NULL, PRIMARY KEY (story, rule)"
        ") STRICT, WITHOUT ROWID;"
        "CREATE INDEX story_rules_old ON story_rules (told_at)",
    )


@migrations()
def m016_withdrawn(db: Database) -> None:
    """What sources showed last, and which items were withdrawn."""
    _run(
        db,
        "CREATE TABLE windows (source TEXT PRIMARY KEY, shown TEXT NOT NULL) STRICT, WITHOUT ROWID;"
        "CREATE TABLE withdrawn ("
        " item TEXT PRIMARY KEY REFERENCES items (id), at INTEGER NOT NULL"
        ") STRICT, WITHOUT ROWID",
    )


@migrations()
def m017_people(db: Database) -> None:
    """Silences, what was acknowledged, and what is to be acknowledged by when."""
    _run(db, PEOPLE)


@migrations()
def m019_robots(db: Database) -> None:
    """What robots.txt said."""
    _run(
        db,
        """
        CREATE TABLE robots (
            origin TEXT PRIMARY KEY,
            at INTEGER NOT NULL,
            status INTEGER NOT NULL,
            body BLOB NOT NULL
        ) STRICT;
        CREATE INDEX robots_oldest ON robots (at)
        """,
    )


@migrations()
def m020_gates(db: Database) -> None:
    """What gates of rules have seen."""
    _run(db, GATES)


@migrations()
def m021_meanings(db: Database) -> None:
    """What items of stories mean to a model."""
    _run(db, MEANINGS)


@migrations()
def m022_held(db: Database) -> None:
    """Until when an alert that is placed anew was held: that time does not make it too old."""
    _run(db, "ALTER TABLE alerts ADD COLUMN held_until INTEGER")


def check_known(conn: Connection, path: Path) -> None:
    """Refuse a file that a newer Rasid wrote."""
    db = Database(conn, execute_plugins=False)
    with Database(memory=True, execute_plugins=False) as empty:
        known = {one.name for one in migrations.pending(empty)}
    unknown = [one.name for one in migrations.applied(db) if one.name not in known]
    if unknown:
        raise StorageError(
            f"{path} was written by a newer Rasid (it knows {unknown[-1]}): install that version"
        )


def migrate(conn: Connection) -> None:
    """Bring the tables up to date; all of it in one transaction, so never half.

    The outer BEGIN IMMEDIATE also makes two processes that start at once take turns
    (sqlite-utils then uses savepoints for each migration).
    """
    db = Database(conn, execute_plugins=False)
    if not migrations.pending(db):
        return
    conn.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(db)
        reach("migration")
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise
