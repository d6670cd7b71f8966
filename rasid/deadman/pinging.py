"""The heartbeat outside: an address that hears from this process while it makes progress.

Silence is the alarm, so whatever answers there raises it: it works where nothing of this
machine can tell anybody anything any more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Final

from rasid.alerts.senders import in_thread
from rasid.heartbeat import Verdict
from rasid.models import DeliveryOutcome, DeliveryResult
from rasid.protocols import Clock
from rasid.settings import MINUTE, Heartbeat

log = logging.getLogger("rasid.deadman")

DEADLINE: Final = 20.0  # seconds for one ping, all of it
_AGAIN: Final = MINUTE  # after one that failed, if `every` is longer

Send = Callable[[str], DeliveryResult]
"""Asks the address of a template, secrets not filled in; blocks, and raises nothing."""


class Pinger:
    """Pings what `settings.heartbeat` names; a failure is told and stops nothing."""

    def __init__(
        self,
        heartbeat: Callable[[], Heartbeat | None],
        send: Send,
        clock: Clock,
        *,
        deadline: float = DEADLINE,
    ) -> None:
        self._heartbeat = heartbeat
        self._send = send
        self._clock = clock
        self._deadline = deadline
        self._pinged: tuple[Heartbeat, int] | None = None
        self._withheld = False
        self._running: Future[DeliveryResult] | None = None
        self.error = ""
        """Why the last ping failed, "" when it was heard or there is none."""

    async def look(self, verdict: Verdict) -> bool:
        """Ping if it is time and all is well; say whether that was heard."""
        heartbeat, now = self._heartbeat(), self._clock()
        if heartbeat is None:
            self.error = ""
            return False
        if not self._is_due(heartbeat, now) or not self._may(verdict):
            return False
        self._pinged = (heartbeat, now)
        self._note(await self._ping(heartbeat.url))
        return not self.error

    def _is_due(self, heartbeat: Heartbeat, now: int) -> bool:
        """Tell whether it is time; another address is due at once, and so is a clock set back."""
        if self._pinged is None or self._pinged[0] != heartbeat:
            return True
        at = self._pinged[1]
        every = min(heartbeat.every, _AGAIN) if self.error else heartbeat.every
        return not at <= now < at + every

    def _may(self, verdict: Verdict) -> bool:
        if verdict.well is self._withheld:
            said = "goes on" if verdict.well else "is withheld"
            log.warning("settings.heartbeat %s: %s", said, verdict.why)
        self._withheld = not verdict.well
        return verdict.well

    async def _ping(self, template: str) -> str:
        """Return why a ping failed, "" when it was heard."""
        if self._running is not None and not self._running.done():
            return "an earlier one has not ended"
        self._running = in_thread(partial(self._send, template))
        try:
            result = await asyncio.wait_for(asyncio.wrap_future(self._running), self._deadline)
        except TimeoutError:
            return "no answer in time"
        except Exception as error:  # noqa: BLE001 - it may stop nothing
            return type(error).__name__
        return "" if result.outcome is DeliveryOutcome.SUCCESS else result.detail

    def _note(self, error: str) -> None:
        if error and not self.error:
            log.warning("settings.heartbeat is not reached: %s", error)
        elif self.error and not error:
            log.info("settings.heartbeat is reached again")
        self.error = error
