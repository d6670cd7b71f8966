"""The tables as migrations first made them, in SQL; statements end in semicolons."""

from __future__ import annotations

from typing import Final

# Newest texts are in `revisions`, so that pruning deletes rows and leaves the identity.
# Sightings are keyed by item first: pruning asks for an item's last one.
ITEMS: Final = """
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

ALERTS: Final = """
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
ARCHIVE: Final = """
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
WORDS: Final = """
CREATE VIRTUAL TABLE archive_words USING fts5(
    words, tokenize = 'ascii', detail = none{contentless}
)
"""
CONTENTLESS: Final = ", content = '', contentless_delete = 1"
CONTENTLESS_SINCE: Final = (3, 43)

ITEM_PAGES: Final = """
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

PEOPLE: Final = """
CREATE TABLE silences (
    id TEXT PRIMARY KEY,
    matchers TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    ended_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX silences_ending ON silences (ends_at, id);
CREATE TABLE acks (
    rule TEXT NOT NULL,
    about TEXT NOT NULL,
    at INTEGER NOT NULL,
    alert TEXT NOT NULL,
    author TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (about, rule, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX acks_at ON acks (at);
CREATE TABLE escalations (
    alert TEXT PRIMARY KEY REFERENCES alerts (id),
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX escalations_due ON escalations (at, alert)
"""
GATES: Final = """
CREATE TABLE gates (
    rule TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    at INTEGER NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (subject, rule)
) STRICT, WITHOUT ROWID;
CREATE INDEX gates_old ON gates (at);
CREATE INDEX matches_of ON matches (rule, at)
"""

MEANINGS: Final = """
CREATE TABLE story_meanings (
    item TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    meaning BLOB NOT NULL
) STRICT;
CREATE INDEX story_meanings_oldest ON story_meanings (at)
"""
