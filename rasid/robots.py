"""Answers of robots.txt that outlive the process: asked once a day, however often it starts."""

from __future__ import annotations

import logging
from typing import Final

from rasid.errors import StorageError
from rasid.gathered import Gathered
from rasid.models import RobotsAnswer
from rasid.protocols import Clock, Storage, Transaction
from rasid.settings import DAY

log = logging.getLogger("rasid.robots")

_LARGEST: Final = 65_536  # bytes of one; larger ones are asked for at every start


class KeptRobots:
    """See `rasid.protocols.RobotsCache`.

    Answers are written by `save`: a kill costs no more than asking again.
    """

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._known = Gathered[str, RobotsAnswer | None](
            storage, lambda view, origin: view.robots(origin)
        )
        self._unsaved: dict[str, RobotsAnswer] = {}

    def now(self) -> int:
        """Return the time by which answers are dated."""
        return self._clock()

    async def find(self, origin: str) -> RobotsAnswer | None:
        """Return what an origin answered within a day."""
        try:
            found = await self._known(origin)
        except StorageError:  # polling tells of it
            return None
        return found if found and 0 <= self._clock() - found.at < DAY else None

    def keep(self, answer: RobotsAnswer) -> None:
        """Take up an answer, unless it is large."""
        if len(answer.body) <= _LARGEST:
            self._unsaved[answer.origin] = answer

    async def save(self) -> None:
        """Write what was taken up, and forget what is older than a day."""
        answers, since = list(self._unsaved.values()), self._clock() - DAY

        def write(tx: Transaction) -> None:
            tx.save_robots(answers, since=since)

        try:
            await self._storage.write(write)
        except StorageError as error:
            log.error("what robots.txt says is written later: %s", error)
            return
        for answer in answers:
            if self._unsaved.get(answer.origin) is answer:
                del self._unsaved[answer.origin]

    async def aclose(self) -> None:
        """Write what is not yet."""
        await self.save()
