"""Where messages go out: Apprise and the terminal; and the text they carry."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Final

from rasid.models import DeliveryResult, Message, Target
from rasid.notifiers.schemes import CANARY, CONSOLE, scheme_of
from rasid.protocols import Notifier


def _console() -> Notifier:
    from rasid.notifiers.console import ConsoleNotifier

    return ConsoleNotifier()


def _console_beside_data() -> Notifier:
    from rasid.notifiers.console import ConsoleNotifier

    return ConsoleNotifier("error")


def _canary() -> Notifier:
    from rasid.notifiers.canary import CanaryNotifier

    return CanaryNotifier()


def _apprise() -> Notifier:
    from rasid.notifiers.apprise import AppriseNotifier

    return AppriseNotifier()


# by the scheme of a URL as written; every other one, and one that is a secret, is Apprise's
NOTIFIERS: Final[dict[str, Callable[[], Notifier]]] = {CONSOLE: _console, CANARY: _canary}


class _Dispatch:
    """Sends through the notifier of a target's scheme, made when first needed."""

    def __init__(self, notifiers: Mapping[str, Callable[[], Notifier]]) -> None:
        self._notifiers = notifiers
        self._made: dict[Callable[[], Notifier], Notifier] = {}
        self._lock = threading.Lock()

    def send(self, target: Target, message: Message, *, plain: bool = False) -> DeliveryResult:
        return self._of(target).send(target, message, plain=plain)

    def body_limit(self, target: Target) -> int:
        return self._of(target).body_limit(target)

    def _of(self, target: Target) -> Notifier:
        make = self._notifiers.get(scheme_of(target.template), _apprise)
        with self._lock:
            if make not in self._made:
                self._made[make] = make()
            return self._made[make]


def open_notifier(*, beside_data: bool = False) -> Notifier:
    """Return a notifier for every URL that Rasid accepts. Loads libraries when they are used.

    `beside_data`: standard output is for a program to read, so the terminal's messages go to
    standard error.
    """
    return _Dispatch(NOTIFIERS | {CONSOLE: _console_beside_data} if beside_data else NOTIFIERS)
