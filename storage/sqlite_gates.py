"""What gates of rules have seen, in the SQLite store."""

from __future__ import annotations

import json
from collections.abc import Mapping

from rasid.models import Gate, GateState
from storage.cleaning import clean_text, cleaned
from storage.sqlite_archive import SqliteArchive
from storage.sqlite_rows import to_json


class ReadingGates(SqliteArchive):
    """The part of `rasid.protocols.Reading` that is about gates."""

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
