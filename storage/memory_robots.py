"""Answers of robots.txt in the in-memory store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rasid.models import RobotsAnswer
from storage.cleaning import clean_text
from storage.memory_archive import MemoryArchive


class ReadingRobots(MemoryArchive):
    """The part of `rasid.protocols.Reading` that is about robots.txt."""

    def robots(self, origin: str) -> RobotsAnswer | None:
        """Return what the robots.txt of an origin last said."""
        return self._tables.robots.get(clean_text(origin))


class WritingRobots(ReadingRobots):
    """The part of `rasid.protocols.Transaction` that is about robots.txt."""

    def save_robots(self, answers: Iterable[RobotsAnswer], *, since: int) -> None:
        """Remember answers; forget those from before a time."""
        known = self._tables.robots
        for origin in [one.origin for one in known.values() if one.at < since]:
            del known[origin]
        for answer in answers:
            origin = clean_text(answer.origin)
            known[origin] = replace(answer, origin=origin)
