"""What can be asked of stored items as an archive: candidates of a search, rules, counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from rasid.archive.words import ENGINE, PREFIX, key
from rasid.models import Alert, Item, Page, RuleVersion
from rasid.protocols import Wanted
from rasid.settings import DAY
from storage.cleaning import clean_text
from storage.sqlite_connection import Connection
from storage.sqlite_rows import alert_from, id_list, item_from

ITEM: Final = """
SELECT i.id, i.source, i.outlet, i.guid, i.first_seen, i.revision, i.content_hash, i.decision,
       i.only_seeded, i.paged, r.link, r.title, r.summary, r.text, r.author, r.tags, r.language,
       r.published
"""
NEWEST: Final = "revisions r ON r.item = i.id AND r.revision = i.revision"
_AT_ONCE: Final = 20_000  # rows of the archive whose words are looked up together
_END: Final = 2**63 - 1
_NEVER: Final = "§"  # no letter or digit: nothing is filed under it


class SqliteArchive:
    """The part of `rasid.protocols.Reading` that is about the archive."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def _all(self, sql: str, *values: Any) -> list[Any]:
        rows: list[Any] = self._conn.execute(sql, values).fetchall()
        return rows

    def _one(self, sql: str, *values: Any) -> Any:
        return self._conn.execute(sql, values).fetchone()

    def items_by_id(self, ids: Any) -> Mapping[str, Item]:
        """Return stored items, newest revision."""
        rows = self._all(
            f"{ITEM} FROM items i LEFT JOIN {NEWEST}"  # noqa: S608 - constants
            " WHERE i.id IN (SELECT value FROM json_each(?))",
            id_list(ids),
        )
        return {row["id"]: item_from(row) for row in rows}

    def candidates(
        self,
        wanted: Wanted = (),
        *,
        since: int | None = None,
        before: tuple[int, str] | None = None,
        limit: int = 200,
    ) -> Page:
        """Return the next items that may be what is wanted, newest first."""
        start = (since if since is not None else -_END, *(before or (_END, "")))
        start = (start[0], start[1], clean_text(start[2]))
        size = _AT_ONCE if wanted else limit
        rows = self._all(
            "SELECT first_seen, item, id FROM archive WHERE first_seen >= ?"
            " AND (first_seen, item) < (?, ?) ORDER BY first_seen DESC, item DESC LIMIT ?",
            *start,
            size,
        )
        if not rows:
            return Page()
        last = (rows[-1]["first_seen"], rows[-1]["item"])
        end = len(rows) < size
        if wanted:
            rows = self._filed(wanted, rows, limit)
            if len(rows) == limit:
                last, end = (rows[-1]["first_seen"], rows[-1]["item"]), False
        ids = [row["item"] for row in rows]
        found = self.items_by_id(ids)
        return Page(tuple(found[one] for one in ids), None if end else last)

    def _filed(self, wanted: Wanted, rows: list[Any], limit: int) -> list[Any]:
        """Return the rows filed under what is wanted, or not filed yet by this engine."""
        numbers = [row["id"] for row in rows]
        bounds = (rows[-1]["first_seen"], rows[-1]["item"], rows[0]["first_seen"], rows[0]["item"])
        return self._all(
            "SELECT a.first_seen, a.item FROM archive_words w"
            " CROSS JOIN archive a ON a.id = w.rowid"
            " WHERE archive_words MATCH ? AND w.rowid BETWEEN ? AND ? AND a.engine = ?"
            " AND (a.first_seen, a.item) BETWEEN (?, ?) AND (?, ?)"
            " UNION ALL SELECT first_seen, item FROM archive INDEXED BY archive_newest"
            " WHERE engine <> ? AND (first_seen, item) BETWEEN (?, ?) AND (?, ?)"
            " ORDER BY 1 DESC, 2 DESC LIMIT ?",
            match_text(wanted),
            min(numbers),
            max(numbers),
            ENGINE,
            *bounds,
            ENGINE,
            *bounds,
            limit,
        )

    def has_unfiled(self) -> bool:
        """Say whether some items are not filed for search yet."""
        row = self._one(
            "SELECT EXISTS (SELECT 1 FROM archive WHERE engine < ? OR engine > ?)", ENGINE, ENGINE
        )
        return bool(row[0])

    def items_named(self, part: str) -> list[Item]:
        """Return the items whose id begins with `part`, three at most."""
        part = clean_text(part)
        rows = self._all(
            "SELECT id FROM items WHERE id >= ? AND substr(id, 1, ?) = ? ORDER BY id LIMIT 3",
            part,
            len(part),
            part,
        )
        found = self.items_by_id(row[0] for row in rows)
        return [found[one] for one in sorted(found)]

    def alerts_named(self, part: str) -> list[Alert]:
        """Return the alerts whose id begins or ends with `part`, three at most."""
        part = clean_text(part)
        rows = self._all(
            "SELECT * FROM alerts WHERE substr(id, 1, ?) = ? OR substr(id, -?) = ?"
            " ORDER BY id LIMIT 3",
            len(part),
            part,
            len(part),
            part,
        )
        return [alert_from(row) for row in rows]

    def revision(self, item: str, number: int) -> Item | None:
        """Return an item in one of its revisions, None when its texts were deleted."""
        row = self._one(
            f"{ITEM} FROM items i JOIN revisions r ON r.item = i.id"
            " WHERE i.id = ? AND r.revision = ?",
            clean_text(item),
            number,
        )
        return item_from({**dict(row), "revision": number}) if row else None

    def match_counts(self, since: int, *, seeded: bool = True) -> Mapping[str, Mapping[int, int]]:
        """Return, for each rule, how many items it matched per day (of the epoch, UTC)."""
        some = "" if seeded else " JOIN items i ON i.id = m.item AND i.decision <> 'seeded'"
        rows = self._all(
            f"SELECT m.rule, m.at / {DAY}, count(*) FROM matches m{some}"  # noqa: S608 - constants
            " WHERE m.at >= ? GROUP BY 1, 2 ORDER BY 1, 2",
            since,
        )
        counts: dict[str, dict[int, int]] = {}
        for rule, day, count in rows:
            counts.setdefault(rule, {})[day] = count
        return counts

    def new_by_day(self, now: int, days: int) -> Mapping[str, Mapping[int, int]]:
        """Return, for each source, how many items it showed first 0, 1, 2 ... days before `now`."""
        rows = self._all(
            f"SELECT s.source, (? - s.first_at) / {DAY}, count(*)"  # noqa: S608 - a constant
            " FROM sightings s JOIN items i ON i.id = s.item AND i.decision <> 'seeded'"
            " WHERE s.first_at > ? AND s.first_at <= ? GROUP BY 1, 2 ORDER BY 1, 2",
            now,
            now - days * DAY,
            now,
        )
        counts: dict[str, dict[int, int]] = {}
        for source, day, count in rows:
            counts.setdefault(source, {})[day] = count
        return counts

    def rule_versions(self, rule: str = "") -> list[RuleVersion]:
        """Return the versions of a rule, or of all rules, newest first."""
        rows = self._all(
            "SELECT v.rule, v.hash, d.definition, v.first_seen_at, v.last_seen_at"
            " FROM rule_versions v LEFT JOIN rule_definitions d USING (rule, hash)"
            " WHERE ? IN ('', v.rule) ORDER BY v.first_seen_at DESC, v.rule, v.hash",
            clean_text(rule),
        )
        return [
            RuleVersion(rule, digest, json.loads(definition or "{}"), first, last)
            for rule, digest, definition, first, last in rows
        ]

    def rules_in_force(self) -> Mapping[str, str]:
        """Return the rules that were recorded last, with their hashes."""
        return dict(
            self._all("SELECT rule, hash FROM rule_versions WHERE in_force = 1 ORDER BY rule")
        )


def match_text(wanted: Wanted) -> str:
    """Return what is wanted in the words of FTS5: ("a" OR "b"*) AND ("c")."""
    return " AND ".join(f"({' OR '.join(map(_quoted, sorted(words)))})" for words in wanted)


def _quoted(word: str) -> str:
    star = PREFIX if word.endswith(PREFIX) else ""
    bare = word.removesuffix(PREFIX)
    return f'"{clean_text(bare) if bare and bare == key(bare) else _NEVER}"{star}'
