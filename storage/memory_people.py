"""Silences, acknowledgements and escalations in the in-memory store."""

from __future__ import annotations

from collections.abc import Iterable

from rasid.errors import StorageError
from rasid.models import Ack, Alert, Silence, item_subject
from storage.cleaning import clean_text, cleaned
from storage.memory_archive import MemoryArchive


class ReadingPeople(MemoryArchive):
    """See `rasid.protocols.people.PeopleReading`."""

    def silences(self, *, ending_after: int) -> list[Silence]:
        """Return silences that end after a time, those that end first first."""
        found = [one for one in self._tables.silences.values() if one.ends_at > ending_after]
        return sorted(found, key=lambda one: (one.ends_at, one.id))

    def silences_named(self, part: str) -> list[Silence]:
        """Return the silences whose id begins or ends with `part`, three at most."""
        part, known = clean_text(part), self._tables.silences
        named = [one for one in known if one.startswith(part) or one.endswith(part)]
        return [known[one] for one in sorted(named, reverse=True)[:3]] if part else []

    def acks(self, abouts: Iterable[str]) -> list[Ack]:
        """Return what was acknowledged of stories or subjects, oldest first."""
        wanted = set(map(clean_text, abouts))
        found = [one for one in self._tables.acks.values() if one.about in wanted]
        return sorted(found, key=lambda one: (one.at, one.about, one.rule))

    def alerts_since(self, at: int) -> list[Alert]:
        """Return alerts created at a time or later, oldest first."""
        found = [one for one in self._tables.alerts.values() if one.created_at >= at]
        return sorted(found, key=lambda one: (one.created_at, one.id))

    def alerts_of_story(self, story: str, limit: int) -> list[Alert]:
        """Return the newest alerts about items of a story, not about what became of them."""
        members = [one for one in self._tables.memberships.values() if one.story == story]
        subjects = {item_subject(one.item) for one in members}
        found = [one for one in self._tables.alerts.values() if one.subject in subjects]
        return sorted(found, key=lambda one: (one.created_at, one.id), reverse=True)[:limit]

    def alerts_of_notification(self, notification: str) -> list[Alert]:
        """Return the alerts that are told in one notification, oldest first."""
        name, alerts = clean_text(notification), self._tables.alerts.values()
        found = [one for one in alerts if name and one.notification == name]
        return sorted(found, key=lambda one: (one.created_at, one.id))

    def due_escalations(self, now: int, limit: int) -> list[Alert]:
        """Return alerts whose time to be acknowledged is over, the longest due first."""
        due = sorted((at, name) for name, at in self._tables.escalations.items() if at <= now)
        return [self._tables.alerts[name] for _, name in due[:limit]]


class WritingPeople(ReadingPeople):
    """See `rasid.protocols.people.PeopleWriting`."""

    def add_ack(self, ack: Ack) -> None:
        """Store that something was acknowledged."""
        ack = cleaned(ack)
        self._tables.acks.setdefault((ack.about, ack.rule, ack.at), ack)

    def set_escalation(self, alert: str, at: int | None) -> None:
        """Remember until when an alert is to be acknowledged; None: no longer."""
        alert = clean_text(alert)
        if at is None:
            self._tables.escalations.pop(alert, None)
        elif alert not in self._tables.alerts:
            raise StorageError(f"there is no alert {alert}")
        else:
            self._tables.escalations[alert] = at

    def _forget_people(self, before: int) -> None:
        tables = self._tables
        for name in [name for name, one in tables.silences.items() if one.ends_at < before]:
            del tables.silences[name]
        for key in [key for key, one in tables.acks.items() if one.at < before]:
            del tables.acks[key]
        for name in [name for name, at in tables.escalations.items() if at < before]:
            del tables.escalations[name]
