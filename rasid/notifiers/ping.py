"""One GET of an address that waits for a sign of life: through the guard, never redirected."""

from __future__ import annotations

import time
from typing import Final

import requests

from rasid import __version__
from rasid.errors import SecretError
from rasid.models import DeliveryOutcome, DeliveryReason, DeliveryResult
from rasid.notifiers.redact import Redactor
from rasid.notifiers.verdict import ACCEPTED, judge
from rasid.notifiers.wire import watched
from rasid.secret import fill

_CONNECT: Final = 5.0
_READ: Final = 10.0


def ping(template: str) -> DeliveryResult:
    """Ask the address of a template; success is an answer of 2xx. Shows no secret."""
    try:
        url = fill(template).reveal()
    except SecretError as error:
        reason = DeliveryReason.SECRET_MISSING
        return DeliveryResult(DeliveryOutcome.RETRY, reason, str(error))
    result = _ask(url)
    detail = Redactor(template, url)(result.detail)
    return DeliveryResult(result.outcome, result.reason, detail)


def _ask(url: str) -> DeliveryResult:
    with requests.Session() as session, watched("") as wire:
        session.trust_env = False  # a proxy of the environment would hide where it goes
        headers = {"User-Agent": f"Rasid/{__version__}"}
        try:
            answer = session.get(url, headers=headers, timeout=(_CONNECT, _READ))
        except (requests.RequestException, OSError, ValueError) as error:
            wire.error = wire.error or error
        else:
            if 200 <= answer.status_code < 300:
                return ACCEPTED
        return judge(wire, time.time_ns() // 1_000)
