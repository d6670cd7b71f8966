"""What gates of rules have seen, in the in-memory store."""

from __future__ import annotations

from collections.abc import Mapping

from rasid.models import Gate
from storage.cleaning import clean_text, cleaned
from storage.memory_archive import MemoryArchive


class ReadingGates(MemoryArchive):
    """The part of `rasid.protocols.Reading` that is about gates."""

    def gates(self, subject: str) -> Mapping[str, Gate]:
        """Return what gates have seen of a subject, by rule."""
        subject, found = clean_text(subject), self._tables.gates.items()
        return {rule: gate for (about, rule), gate in sorted(found) if about == subject}


class WritingGates(ReadingGates):
    """The part of `rasid.protocols.Transaction` that is about gates."""

    def save_gate(self, gate: Gate) -> None:
        """Write what a gate has seen, by its rule and subject."""
        one = cleaned(gate)
        self._tables.gates[one.subject, one.rule] = one

    def _forget_gates(self, before: int) -> None:
        for key in [key for key, one in self._tables.gates.items() if one.at < before]:
            del self._tables.gates[key]
