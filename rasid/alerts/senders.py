"""Blocking sends in threads of their own, each with a hard deadline.

Not asyncio's default pool: forty hung webhooks there kept a healthy one waiting for twelve
seconds. A thread cannot be stopped, so one that hangs is left behind and its target waits.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, TypeVar

from rasid.models import DeliveryOutcome, DeliveryReason, DeliveryResult, Message, Target
from rasid.protocols import Notifier

T = TypeVar("T")

_LEFT_ALONE: Final = 600.0  # seconds that a target waits for a thread it hung
_ASK: Final = 10.0
_CAREFUL_LIMIT: Final = 1_000  # characters, where the notifier does not say in time
_TIMEOUT: Final = DeliveryResult(
    DeliveryOutcome.RETRY, DeliveryReason.TIMEOUT, "no answer in time; may have been delivered"
)


class Senders:
    """Sends through a notifier without ever blocking the loop."""

    def __init__(self, notifier: Notifier, *, deadline: float) -> None:
        self._notifier = notifier
        self._deadline = deadline
        self._hung: dict[str, tuple[Future[DeliveryResult], float]] = {}
        self._limits: dict[str, int] = {}

    async def send(self, target: Target, message: Message, *, plain: bool) -> DeliveryResult:
        """Send once; an attempt beyond the deadline is a TIMEOUT, whatever it comes to."""
        future = in_thread(lambda: self._notifier.send(target, message, plain=plain))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._deadline)
        except TimeoutError:
            self._hung[target.id] = (future, time.monotonic() + _LEFT_ALONE)
            return _TIMEOUT
        except Exception as error:  # noqa: BLE001 - a notifier may not raise, yet it did
            kind = type(error).__name__
            return DeliveryResult(DeliveryOutcome.RETRY, DeliveryReason.FAILED, kind)

    async def body_limit(self, target: Target) -> int:
        """Return the notifier's limit, asked for once per URL."""
        if (known := self._limits.get(target.template)) is not None:
            return known
        future = in_thread(lambda: self._notifier.body_limit(target))
        try:
            limit = await asyncio.wait_for(asyncio.wrap_future(future), _ASK)
        except Exception:  # noqa: BLE001 - the send will say what is wrong with the URL
            return _CAREFUL_LIMIT
        self._limits[target.template] = limit
        return limit

    def is_hung(self, target: str) -> bool:
        """Tell whether an earlier send to a target still runs (for ten minutes at most)."""
        if (hung := self._hung.get(target)) is None:
            return False
        future, until = hung
        if not future.done() and time.monotonic() < until:
            return True
        del self._hung[target]
        return False


def in_thread(call: Callable[[], T]) -> Future[T]:
    """Run a call in a thread of its own, which is not waited for at the end."""
    future: Future[T] = Future()

    def work() -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - handed to who waits
            future.set_exception(error)

    threading.Thread(target=work, name="rasid-send", daemon=True).start()
    return future
