"""`console://`: alerts in the terminal."""

from __future__ import annotations

import os
import sys
import threading
import unicodedata
from contextlib import suppress
from typing import Final, Literal, TextIO

from rasid.models import DeliveryOutcome, DeliveryReason, DeliveryResult, Message, Target

_LIMIT: Final = 20_000
_RULER: Final = "─" * 40

Standard = Literal["output", "error"]


class ConsoleNotifier:
    """Prints messages, one at a time, to a stream or to a standard one as it is at the time."""

    def __init__(self, stream: TextIO | Standard = "output") -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, target: Target, message: Message, *, plain: bool = False) -> DeliveryResult:
        """Print; a closed or full stream is a failure to be tried again."""
        stream = _standard(self._stream) if isinstance(self._stream, str) else self._stream
        if stream is None:  # the process was started with it closed
            why = f"there is no standard {self._stream}"
            return DeliveryResult(DeliveryOutcome.RETRY, DeliveryReason.FAILED, why)
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


def _standard(name: Standard) -> TextIO | None:
    return sys.stdout if name == "output" else sys.stderr


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
