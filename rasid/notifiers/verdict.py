"""From what one send saw to what it came to. Pure."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from typing import Final

import requests

from rasid.errors import GuardError
from rasid.models import DeliveryOutcome, DeliveryReason, DeliveryResult
from rasid.notifiers.wire import Wire, retry_after

_RETRY: Final = DeliveryOutcome.RETRY
_REJECTED: Final = DeliveryOutcome.REJECTED
ACCEPTED: Final = DeliveryResult(DeliveryOutcome.SUCCESS, DeliveryReason.ACCEPTED)

_BLOCKED: Final = (
    "the address is not allowed: it is inside a private network; if that is meant, list it in "
    "settings.security.allow_addresses"
)
# the message itself may be at fault: worth one attempt without markup
_MESSAGE_AT_FAULT: Final = frozenset({400, 413, 422})
_LATER: Final = frozenset({408, 425})
_ASKED: Final = re.compile(r'"retry_after(_ms)?"\s*:\s*"?([0-9]{1,9}(?:\.[0-9]{1,9})?)')


def judge(wire: Wire, now: int) -> DeliveryResult:
    """Return what a send that did not succeed came to."""
    if wire.error is not None and is_blocked(wire.error):
        # not for good: behind a captive portal every name leads to an inner address
        return DeliveryResult(_RETRY, DeliveryReason.BLOCKED_ADDRESS, _BLOCKED)
    if wire.smtp:
        return _smtp(wire.smtp[-1])
    if wire.error is not None:
        return _error(wire.error)
    if wire.status is not None:
        return _status(wire, wire.status, now)
    return DeliveryResult(_RETRY, DeliveryReason.FAILED, "nothing was sent")


def is_blocked(error: BaseException) -> bool:
    """Tell whether the guard stopped a connection."""
    return any(
        isinstance(one, GuardError) or hasattr(one, "blocked_address") for one in chain(error)
    )


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and those it came from, also where a library put them in `args`."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]


def _status(wire: Wire, status: int, now: int) -> DeliveryResult:
    detail = f"HTTP {status}"
    wait = retry_after(wire.retry_after, now) if wire.retry_after else asked_for(wire.body)
    if status == requests.codes.too_many_requests:
        return DeliveryResult(_RETRY, DeliveryReason.RATE_LIMITED, detail, wait)
    if status >= 500 or status in _LATER:
        return DeliveryResult(_RETRY, DeliveryReason.HTTP_5XX, detail, wait)
    if status >= 400:
        at_fault = status in _MESSAGE_AT_FAULT
        reason = DeliveryReason.HTTP_4XX if at_fault else DeliveryReason.REFUSED
        return DeliveryResult(_REJECTED, reason, _with_answer(detail, wire.body))
    if status >= 300:
        return DeliveryResult(_REJECTED, DeliveryReason.REFUSED, f"{detail}: redirects are off")
    return DeliveryResult(
        _RETRY, DeliveryReason.FAILED, _with_answer(f"{detail}, but refused", wire.body)
    )


def asked_for(body: str) -> int | None:
    """Return the microseconds that a body asks to wait for, None when it does not.

    Telegram and Discord say seconds in it, Matrix milliseconds, some of them there alone.
    """
    found = _ASKED.search(body)
    if found is None:
        return None
    return int(float(found[2]) * (1_000 if found[1] else 1_000_000))


def _with_answer(detail: str, body: str) -> str:
    answer = " ".join(body.split())
    return f"{detail}: {answer}" if answer else detail


def _smtp(code: int) -> DeliveryResult:
    if 500 <= code < 600:
        return DeliveryResult(_REJECTED, DeliveryReason.REFUSED, f"SMTP {code}")
    return DeliveryResult(_RETRY, DeliveryReason.FAILED, f"SMTP {code}")


def _error(error: BaseException) -> DeliveryResult:
    """Judge an exception by its kind; its text may hold secrets and is never used."""
    detail = _words(error)
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return DeliveryResult(_RETRY, DeliveryReason.CONNECT, detail)
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema)):
        return DeliveryResult(_REJECTED, DeliveryReason.BAD_URL, detail)
    timeouts = (requests.exceptions.Timeout, TimeoutError)
    if isinstance(error, timeouts):
        return DeliveryResult(_RETRY, DeliveryReason.TIMEOUT, detail)
    if isinstance(error, (OSError, smtplib.SMTPException)):
        return DeliveryResult(_RETRY, DeliveryReason.CONNECT, detail)
    return DeliveryResult(_RETRY, DeliveryReason.FAILED, detail)


def _words(error: BaseException) -> str:
    for one in chain(error):
        if isinstance(one, OSError) and one.strerror:
            return f"{type(error).__name__}: {one.strerror}"
    return type(error).__name__
