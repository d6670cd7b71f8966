"""What gates of rules have seen, in the SQLite store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from rasid.models import Gate, GateState, RuleMatch
from storage.cleaning import clean_text, cleaned
from storage.sqlite_archive import SqliteArchive
from storage.sqlite_rows import to_json

_MATCHES: Final = (
    "SELECT m.item, i.outlet, m.at, coalesce(s.story, m.item), coalesce(s.copy_of, '')"
    " FROM matches m JOIN items i ON i.id = m.item AND i.decision NOT IN ('seeded', 'too_old')"
    " LEFT JOIN story_items s ON s.item = m.item WHERE m.rule = ?"
)


class ReadingGates(SqliteArchive):
    """The part of `rasid.protocols.Reading` that is about gates."""

    def rule_matches(self, rule: str, since: int, until: int) -> list[RuleMatch]:
        """Return what a rule matched after a time and until another, oldest first."""
        rows = self._all(
            f"{_MATCHES} AND m.at > ? AND m.at <= ? ORDER BY m.at, m.item",
            clean_text(rule),
            since,
            until,
        )
        return [RuleMatch(*row) for row in rows]

    def last_match(self, rule: str) -> RuleMatch | None:
        """Return what a rule matched last."""
        row = self._one(f"{_MATCHES} ORDER BY m.at DESC, m.item DESC LIMIT 1", clean_text(rule))
        return RuleMatch(*row) if row else None

    def gates(self, subject: str) -> Mapping[str, Gate]:
        """Return what gates have seen of a subject, by rule."""
        rows = self._all("SELECT * FROM gates WHERE subject = ? ORDER BY rule", clean_text(subject))
        return {
            row["rule"]: Gate(
                row["rule"],
                row["subject"],
                GateState(row["state"]),
                row["at"],
                json.loads(row["facts"]),
            )
            for row in rows
        }


class WritingGates(ReadingGates):
    """The part of `rasid.protocols.Transaction` that is about gates."""

    def save_gate(self, gate: Gate) -> None:
        """Write what a gate has seen, by its rule and subject."""
        one = cleaned(gate)
        self._conn.execute(
            "REPLACE INTO gates (rule, subject, state, at, facts) VALUES (?, ?, ?, ?, ?)",
            (one.rule, one.subject, one.state.value, one.at, to_json(one.facts)),
        )

    def _forget_gates(self, before: int) -> None:
        self._conn.execute("DELETE FROM gates WHERE at < ?", (before,))
