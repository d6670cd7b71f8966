"""The tables, as migrations: never edit one that was released, add another."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlite_utils import Database, Migrations

from rasid.errors import StorageError
from rasid.failpoint import reach
from storage.sqlite_connection import Connection

migrations: Final = Migrations("rasid")

# Newest texts are in `revisions`, so that pruning deletes rows and leaves the identity.
# Sightings are keyed by item first: pruning asks for an item's last one.
_ITEMS: Final = """
CREATE TABLE items (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    outlet TEXT NOT NULL,
    guid TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    decision TEXT NOT NULL,
    only_seeded INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX items_newest ON items (first_seen, id);
CREATE TABLE revisions (
    item TEXT NOT NULL REFERENCES items (id),
    revision INTEGER NOT NULL,
    link TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    text TEXT NOT NULL,
    author TEXT NOT NULL,
    tags TEXT NOT NULL,
    language TEXT NOT NULL,
    published INTEGER,
    content_hash TEXT NOT NULL,
    UNIQUE (item, revision)
) STRICT;
CREATE TABLE aliases (
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    value TEXT NOT NULL,
    item TEXT NOT NULL REFERENCES items (id),
    PRIMARY KEY (kind, scope, value)
) STRICT, WITHOUT ROWID;
CREATE TABLE sightings (
    item TEXT NOT NULL REFERENCES items (id),
    source TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (item, source)
) STRICT, WITHOUT ROWID;
CREATE TABLE sources (
    source TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    seeded INTEGER NOT NULL,
    paused INTEGER NOT NULL,
    gone INTEGER NOT NULL,
    next_poll_at INTEGER NOT NULL,
    last_poll_at INTEGER,
    last_success_at INTEGER,
    last_full_at INTEGER,
    failures INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    moved_to TEXT NOT NULL,
    items_seen INTEGER NOT NULL,
    possible_gaps INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sources_due ON sources (next_poll_at, source) WHERE paused = 0 AND gone = 0;
CREATE TABLE matches (
    item TEXT NOT NULL REFERENCES items (id),
    rule TEXT NOT NULL,
    rule_hash TEXT NOT NULL,
    evidence TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (item, rule)
) STRICT, WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID
"""

_ALERTS: Final = """
CREATE TABLE notifications (
    id TEXT PRIMARY KEY,
    target TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    token TEXT NOT NULL DEFAULT '',
    leased_until INTEGER NOT NULL DEFAULT 0,
    plain INTEGER NOT NULL DEFAULT 0,
    open INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
CREATE INDEX notifications_due ON notifications (target, due_at, id) WHERE open = 1;
CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    rule TEXT NOT NULL,
    rule_hash TEXT NOT NULL,
    target TEXT NOT NULL,
    receiver TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    facts TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    notification TEXT REFERENCES notifications (id),
    UNIQUE (rule, target, subject)
) STRICT;
CREATE INDEX alerts_waiting ON alerts (target, created_at, id)
    WHERE state = 'pending' AND notification IS NULL;
CREATE INDEX alerts_members ON alerts (notification, created_at, id) WHERE notification IS NOT NULL;
CREATE INDEX alerts_by_state ON alerts (state, created_at, id);
CREATE INDEX alerts_newest ON alerts (created_at, id);
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    notification TEXT NOT NULL REFERENCES notifications (id),
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX deliveries_of ON deliveries (notification)
"""


# Rules are small rows of their own: all of them are written at every start. An item's words
# are filed under `archive.id`; `engine` is the one that filed it, 0 for none.
_ARCHIVE: Final = """
CREATE TABLE rule_versions (
    rule TEXT NOT NULL,
    hash TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    in_force INTEGER NOT NULL,
    PRIMARY KEY (rule, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE rule_definitions (
    rule TEXT NOT NULL,
    hash TEXT NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (rule, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX matches_newest ON matches (at, rule);
CREATE TABLE archive (
    id INTEGER PRIMARY KEY,
    item TEXT NOT NULL UNIQUE REFERENCES items (id),
    first_seen INTEGER NOT NULL,
    engine INTEGER NOT NULL
) STRICT;
CREATE INDEX archive_newest ON archive (first_seen, item, engine);
CREATE INDEX archive_engine ON archive (engine);
INSERT INTO archive (item, first_seen, engine)
    SELECT i.id, i.first_seen, 0 FROM items i JOIN revisions r
    ON r.item = i.id AND r.revision = i.revision ORDER BY i.first_seen, i.id
"""
# Words come folded and without clitics: they are cut at spaces and nothing else is done to them.
_WORDS: Final = """
CREATE VIRTUAL TABLE archive_words USING fts5(
    words, tokenize = 'ascii', detail = none{contentless}
)
"""
_CONTENTLESS: Final = ", content = '', contentless_delete = 1"
_CONTENTLESS_SINCE: Final = (3, 43)

_ITEM_PAGES: Final = """
ALTER TABLE items ADD COLUMN paged INTEGER NOT NULL DEFAULT 0;
CREATE TABLE item_pages (
    item TEXT PRIMARY KEY REFERENCES items (id),
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    tried_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX item_pages_due ON item_pages (due_at, item) WHERE state = 'due';
CREATE INDEX item_pages_same ON item_pages (source, text_hash) WHERE text_hash <> '';
CREATE INDEX item_pages_of ON item_pages (source, state, tried_at)
"""


def _run(db: Database, script: str) -> None:
    # one by one: executescript would commit the transaction it is called in
    for statement in script.split(";"):
        db.execute(statement)
        reach("migration")


@migrations()
def m001_items(db: Database) -> None:
    """What was published, and where it was seen."""
    _run(db, _ITEMS)


@migrations()
def m002_alerts(db: Database) -> None:
    """What is to be told, and how that went."""
    _run(db, _ALERTS)


@migrations()
def m003_archive(db: Database) -> None:
    """Rules by version, matches by day, and items filed under their words.

    What is stored already is filed in chunks afterwards (`Storage.maintain`); until then it
    counts as a candidate of every search.
    """
    _run(db, _ARCHIVE)
    version = tuple(map(int, str(db.execute("SELECT sqlite_version()").fetchone()[0]).split(".")))
    _run(db, _WORDS.format(contentless=_CONTENTLESS if version >= _CONTENTLESS_SINCE else ""))


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
    _run(db, _ITEM_PAGES)


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
