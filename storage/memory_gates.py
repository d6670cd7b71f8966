"""What gates of rules have seen, in the in-memory store."""

from __future__ import annotations

from collections.abc import Mapping

from rasid.models import Decision, Gate, Membership, RuleMatch
from storage.cleaning import clean_text, cleaned
from storage.memory_archive import MemoryArchive


class ReadingGates(MemoryArchive):
    """The part of `rasid.protocols.Reading` that is about gates."""

    def rule_matches(self, rule: str, since: int, until: int) -> list[RuleMatch]:
        """Return what a rule matched after a time and until another, oldest first."""
        return [one for one in self._rule_matches(rule) if since < one.at <= until]

    def last_match(self, rule: str) -> RuleMatch | None:
        """Return what a rule matched last."""
        return next(iter(self._rule_matches(rule)[-1:]), None)

    def _rule_matches(self, rule: str) -> list[RuleMatch]:
        rule, found = clean_text(rule), []
        for (name, by), at in self._tables.matched_at.items():
            item = self._tables.items[name]
            if by == rule and item.decision not in (Decision.SEEDED, Decision.TOO_OLD):
                place = self._tables.memberships.get(name) or Membership(name, name, at)
                found.append(RuleMatch(name, item.outlet, at, place.story, place.copy_of))
        return sorted(found, key=lambda one: (one.at, one.item))

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
