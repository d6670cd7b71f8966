"""`console://`: alerts in the terminal."""

from __future__ import annotations

import sys
import threading
import unicodedata
from typing import Final, TextIO

from rasid.models import DeliveryOutcome, DeliveryReason, DeliveryResult, Message, Target

_LIMIT: Final = 20_000
_RULER: Final = "─" * 40


class ConsoleNotifier:
    """Prints messages, one at a time, to standard output unless told otherwise."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, target: Target, message: Message, *, plain: bool = False) -> DeliveryResult:
        """Print; a closed or full stream is a failure to be tried again."""
        stream = self._stream or sys.stdout
        text = f"{_RULER}\n{_visible(message.body)}\n"
        encoding = getattr(stream, "encoding", None) or "utf-8"
        try:
            with self._lock:
                stream.write(text.encode(encoding, "replace").decode(encoding))
                stream.flush()
        except (OSError, ValueError) as error:
            kind = type(error).__name__
            return DeliveryResult(DeliveryOutcome.RETRY, DeliveryReason.FAILED, kind)
        return DeliveryResult(DeliveryOutcome.SUCCESS, DeliveryReason.ACCEPTED)

    def body_limit(self, target: Target) -> int:
        """Return a bound that keeps a screen readable."""
        return _LIMIT


def _visible(text: str) -> str:
    """Return a text without control characters: no headline may steer the terminal."""
    return "".join(
        letter for letter in text if letter == "\n" or unicodedata.category(letter) != "Cc"
    )
