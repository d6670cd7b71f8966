"""Threads for calls that may hang: used again, as many as hang at once and some more."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Final

_SPARE: Final = 10.0  # seconds that a thread waits for the next call
Call = Callable[[], None]


class SpareThreads:
    """Runs calls that raise nothing, each in a thread of its own while it lasts.

    The threads are daemons: a call that hangs does not keep the process from ending.
    """

    def __init__(self, most: int, name: str, spare: float = _SPARE) -> None:
        """`most`: threads at once. `spare`: seconds that an idle one is kept."""
        self._most, self._name, self._spare = most, name, spare
        self._calls: queue.SimpleQueue[Call] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._idle = self._count = 0

    def run(self, call: Call) -> bool:
        """Run a call; return False, with nothing done, when too many run already."""
        with self._lock:
            if self._idle:
                self._idle -= 1  # one of them is to take this call
            elif not self._grows():
                return False
        self._calls.put(call)
        return True

    def _grows(self) -> bool:
        """Start one more thread if there may be one and the system has it."""
        if self._count >= self._most:
            return False
        try:
            threading.Thread(target=self._work, name=self._name, daemon=True).start()
        except RuntimeError:
            return False
        self._count += 1
        return True

    def _work(self) -> None:
        while True:
            try:
                call = self._calls.get(timeout=self._spare)
            except queue.Empty:
                if self._ends():
                    return
                continue
            call()
            with self._lock:
                self._idle += 1

    def _ends(self) -> bool:
        """Whether a thread that waited long enough is free to end: no call is on its way."""
        with self._lock:
            if not self._idle:
                return False
            self._idle -= 1
            self._count -= 1
            return True
