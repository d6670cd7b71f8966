"""`console://`: alerts in the terminal."""

from __future__ import annotations

import os
import sys
import threading
import unicodedata
from contextlib import suppress
from typing import Final, TextIO

from rasid.models import DeliveryOutcome, DeliveryReason, DeliveryResult, Message, Target

_LIMIT: Final = 20_000
_RULER: Final = "─" * 40
_NOWHERE: Final = DeliveryResult(
    DeliveryOutcome.RETRY, DeliveryReason.FAILED, "there is no standard output"
)


class ConsoleNotifier:
    """Prints messages, one at a time, to standard output unless told otherwise."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, target: Target, message: Message, *, plain: bool = False) -> DeliveryResult:
        """Print; a closed or full stream is a failure to be tried again."""
        stream = self._stream or sys.stdout
        if stream is None:  # the process was started with it closed
            return _NOWHERE
        try:
            with self._lock:
                _write(stream, f"{_RULER}\n{_visible(message.body)}\n")
        except (OSError, ValueError) as error:
            kind = type(error).__name__
            return DeliveryResult(DeliveryOutcome.RETRY, DeliveryReason.FAILED, kind)
        return DeliveryResult(DeliveryOutcome.SUCCESS, DeliveryReason.ACCEPTED)

    def body_limit(self, target: Target) -> int:
        """Return a bound that keeps a screen readable."""
        return _LIMIT


def _write(stream: TextIO, text: str) -> None:
    """Write past the stream's buffer where it has a file below.

    Through the buffer, a write that a full file cut short counted as done.
    """
    encoding = getattr(stream, "encoding", None) or "utf-8"
    data = text.encode(encoding, "replace")
    descriptor = None
    with suppress(OSError, AttributeError):  # a stream in memory has none
        descriptor = stream.fileno()
    stream.flush()
    if descriptor is None:
        stream.write(data.decode(encoding))
        return
    while data:
        data = data[os.write(descriptor, data) :]


def _visible(text: str) -> str:
    """Return a text without control characters: no headline may steer the terminal."""
    return "".join(
        letter for letter in text if letter == "\n" or unicodedata.category(letter) != "Cc"
    )
