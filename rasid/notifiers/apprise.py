"""Sends through Apprise: one URL per send, once, as plain text, without redirects."""

from __future__ import annotations

import logging
import time
import warnings
from typing import Any, Final

import apprise
from apprise.manager_plugins import NotificationManager

from rasid.errors import SecretError
from rasid.models import DeliveryOutcome, DeliveryReason, DeliveryResult, Message, Target
from rasid.notifiers.redact import Redactor
from rasid.notifiers.schemes import remedy, scheme_of, scheme_problem
from rasid.notifiers.verdict import ACCEPTED, judge
from rasid.notifiers.wire import watched
from rasid.protocols import Clock
from rasid.secret import fill

_CONNECT: Final = 5.0
_READ: Final = 15.0
_MAIL: Final = 10.0  # per step of the conversation
_LONGEST: Final = 20_000
_SHORTEST: Final = 60
_DEFAULT_LIMIT: Final = 2_000  # where the URL cannot be read
# What is longer than 4,096 bytes ntfy shows as a file to download, and Apprise makes one of JSON
# beyond 8,000, in which a letter that is not Latin takes six and an emoji twelve.
_LIMITS: Final = {"ntfy": 1_000, "ntfys": 1_000}
_WITH_HEADERS: Final = frozenset({"json", "jsons", "form", "forms", "xml", "xmls"})
_MAIL_SCHEMES: Final = frozenset({"mailto", "mailtos"})


def _load_services() -> None:
    """Import Apprise's plugins now, once: in two threads at a time they would be half there."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # theirs, of Python 3.11 and 3.12
        manager: Any = NotificationManager
        manager().load_modules()


_load_services()


def problem_of(template: str) -> str | None:
    """Say what is wrong with a receiver's URL, None when nothing is.

    For `rasid check`. A URL whose secrets are not at hand is judged by what is written.
    """
    try:
        url = fill(template).reveal()
    except SecretError:
        return None if template.startswith("${") else scheme_problem(template)
    if problem := scheme_problem(url):
        return problem
    if scheme_of(url) == "console":
        return None
    plugin = _plugin(url)
    if plugin is None:
        return f"is not understood by Apprise: {remedy(url)}"
    if len(plugin) > 1:
        return f"names {len(plugin)} destinations: write one URL for each"
    return None


class AppriseNotifier:
    """A notifier for every service that Apprise speaks to (`rasid.notifiers.schemes`)."""

    def __init__(self, clock: Clock = lambda: time.time_ns() // 1000) -> None:
        self._clock = clock

    def send(self, target: Target, message: Message, *, plain: bool = False) -> DeliveryResult:
        """Send once; every outcome is a value and shows no secret."""
        try:
            url = fill(target.template).reveal()
        except SecretError as error:
            return _result(DeliveryOutcome.RETRY, DeliveryReason.SECRET_MISSING, str(error))
        redact = Redactor(target.template, url)
        try:
            result = self._send(url, message, plain)
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything
            kind = type(error).__name__
            result = _result(DeliveryOutcome.RETRY, DeliveryReason.FAILED, kind)
        return DeliveryResult(
            result.outcome, result.reason, redact(result.detail), result.retry_after
        )

    def body_limit(self, target: Target) -> int:
        """Return how many characters a body may have."""
        try:
            url = fill(target.template).reveal()
        except SecretError:
            return _DEFAULT_LIMIT
        if (plugin := _plugin(url)) is None:
            return _DEFAULT_LIMIT
        if (known := _LIMITS.get(scheme_of(url))) is not None:
            return known
        title = max(0, plugin.title_maxlen)
        room = plugin.body_maxlen
        return int(max(_SHORTEST, min(_LONGEST, room - title if room > 2 * title else room)))

    def _send(self, url: str, message: Message, plain: bool) -> DeliveryResult:
        if problem := scheme_problem(url):
            return _result(DeliveryOutcome.REJECTED, DeliveryReason.BAD_URL, problem)
        plugin = _plugin(url)
        if plugin is None or len(plugin) > 1:
            # several destinations cannot be retried apart: the good ones would get copies
            why = "not a URL of one destination"
            return _result(DeliveryOutcome.REJECTED, DeliveryReason.BAD_URL, why)
        _prepare(plugin, scheme_of(url), message)
        sender = apprise.Apprise(asset=plugin.asset)
        sender.add(plugin)
        html = "" if plain else message.html
        with watched(f"<{message.notification}@rasid>", html) as wire:
            answer = sender.notify(
                body=_plain_body(message) if plain else message.body,
                title="" if plain else message.title if plugin.title_maxlen > 0 else "",
                body_format=apprise.NotifyFormat.TEXT,
                interpret_escapes=False,
            )
        return outcome_of(answer) or judge(wire, self._clock())


def outcome_of(answer: Any) -> DeliveryResult | None:
    """Return what Apprise's answer alone decides, None when the wire must be asked."""
    status = getattr(answer, "status", None)
    if status is None or status is apprise.AppriseResultStatus.NOMATCH:
        why = "Apprise found nothing to send to"
        return _result(DeliveryOutcome.REJECTED, DeliveryReason.BAD_URL, why)
    if status is apprise.AppriseResultStatus.TIMEOUT:
        return _result(DeliveryOutcome.RETRY, DeliveryReason.TIMEOUT, "no answer in time")
    if status is apprise.AppriseResultStatus.SUCCESS and answer.success_count >= 1:
        return ACCEPTED
    return None


def _result(outcome: DeliveryOutcome, reason: DeliveryReason, detail: str) -> DeliveryResult:
    return DeliveryResult(outcome, reason, detail)


def _plain_body(message: Message) -> str:
    """Return the body in its simplest form: no isolates, which a service may refuse."""
    return message.body.replace("\u2068", "").replace("\u2069", "")


def _plugin(url: str) -> Any:
    """Return Apprise's plugin for a URL, None when it understands none of it."""
    for library in ("apprise", "urllib3"):
        # both write filled-in URLs; what they know is in the result of the send
        logging.getLogger(library).setLevel(logging.CRITICAL + 1)
    asset = apprise.AppriseAsset(
        app_id="Rasid",
        app_desc="Rasid",
        app_url="",
        image_url_mask="",  # a picture of another host would be asked for by whoever reads it
        image_url_logo="",
        async_mode=False,
        http_redirects=False,
        interpret_escapes=False,
        interpret_emojis=False,
        pgp_autogen=False,
        pem_autogen=False,
        storage_mode="memory",
        service_timeout=0,  # no threads of its own: the outbox keeps the deadline
        allow_templates=False,
    )
    return apprise.Apprise.instantiate(url, asset=asset)


def _prepare(plugin: Any, scheme: str, message: Message) -> None:
    """Set on the plugin what its URL must not decide, and add who we are and what it is."""
    mail = scheme in _MAIL_SCHEMES
    plugin.redirects = False
    plugin.retry = 0
    plugin.interpret_emojis = False
    plugin.overflow_mode = apprise.OverflowMode.TRUNCATE
    plugin._format_override = None  # plain text wherever the service knows it
    plugin.socket_connect_timeout = min(
        plugin.socket_connect_timeout or _MAIL, _MAIL if mail else _CONNECT
    )
    plugin.socket_read_timeout = _READ
    plugin.throttle = _no_throttle  # a fresh plugin per send has nothing to slow down
    if mail:
        # Apprise calls it the connect timeout; smtplib keeps it for every step
        plugin.socket_connect_timeout = _MAIL
        plugin.headers |= _headers(message) | _thread(message)
    elif scheme in _WITH_HEADERS:
        plugin.headers |= _headers(message) | {"Idempotency-Key": message.notification}
    if scheme in {"json", "jsons"}:
        plugin.payload_extras |= {
            "notification": message.notification,
            "alerts": list(message.alerts),
        }


def _no_throttle(*_args: object, **_options: object) -> None:
    """Do not wait."""


def _headers(message: Message) -> dict[str, str]:
    return {"X-Rasid-Alert": ",".join(message.alerts)}


def _thread(message: Message) -> dict[str, str]:
    """Return the header by which mail clients put messages about one subject together."""
    name = "".join(letter if letter.isalnum() else "." for letter in message.thread)
    return {"References": f"<{name}@rasid>"} if name else {}
