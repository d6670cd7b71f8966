"""What went over the wire during one send: Apprise tells success or failure, no more.

Every HTTP request of its plugins passes `requests.Session.send`, every mail its SMTP
controller; both are wrapped once, and note what they see for the send of the same context.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from email import message_from_string
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import parsedate_to_datetime
from functools import wraps
from importlib import import_module
from threading import Lock
from typing import Any, Final

import requests

from rasid.notifiers.answers import read_answer

_BODY: Final = 200  # of an answer, for people
_LONG_IDS: Final = re.compile(r"(?m)^X-Rasid-Alert: [^\n]{900,}$")  # 998 is the most of a line
_OF_CONTENT: Final = ("content-type", "content-transfer-encoding", "mime-version")
_MESSAGE_ID: Final = re.compile(r"(?mi)^Message-ID:[^\n]*(?:\n[ \t][^\n]*)*")


@dataclass(slots=True)
class Wire:
    """What one send saw last."""

    message_id: str = ""
    html: str = ""  # goes into a mail beside its text
    status: int | None = None
    retry_after: str = ""
    body: str = ""
    error: BaseException | None = None
    smtp: list[int] = field(default_factory=list)  # refusals


_installing: Final = Lock()
_current: ContextVar[Wire | None] = ContextVar("wire", default=None)


@contextmanager
def watched(message_id: str, html: str = "") -> Iterator[Wire]:
    """Note what is sent in this context; mails get the given Message-ID, and HTML beside text.

    Without one nothing is mailed, and Apprise is not loaded for it.
    """
    _watch_http()
    if message_id:
        _watch_mail()
    wire = Wire(message_id, html)
    token = _current.set(wire)
    try:
        yield wire
    finally:
        _current.reset(token)


def retry_after(value: str, now: int) -> int | None:
    """Return the microseconds that a Retry-After asks for: seconds or a date."""
    value = value.strip()
    with suppress(ValueError, OverflowError):  # else it is a date
        return max(0, int(float(value) * 1_000_000))
    try:
        at = parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0, int(at * 1_000_000) - now)


def _watch_http() -> None:
    with _installing:
        if not getattr(requests.Session.send, "watched_by_rasid", False):
            requests.Session.send = _watching(requests.Session.send)  # type: ignore[method-assign]


def _watch_mail() -> None:
    with _installing:
        mail: Any = import_module("apprise.plugins.email.base")
        if not getattr(mail.AppriseSMTPController, "watched_by_rasid", False):
            mail.AppriseSMTPController = _watched_smtp(mail.AppriseSMTPController)


def _watching(send: Any) -> Any:
    @wraps(send)
    def watched_send(session: requests.Session, request: Any, **options: Any) -> Any:
        wire = _current.get()
        if wire is None:
            return send(session, request, **options)
        if wire.status == requests.codes.too_many_requests:
            # some plugins wait and send again: the outbox does that, and survives a restart
            raise requests.RequestException("the receiver asked to slow down")
        try:
            bounds = {"allow_redirects": False, "stream": True}
            response = send(session, request, **{**options, **bounds})
            read_answer(response)
        except BaseException as error:
            wire.error = error
            raise
        wire.status, wire.error = response.status_code, None
        wire.retry_after = response.headers.get("Retry-After", "")
        wire.body = (response.content or b"")[: 4 * _BODY].decode("utf-8", "replace")[:_BODY]
        return response

    watched_send.watched_by_rasid = True  # type: ignore[attr-defined]
    return watched_send


def _watched_smtp(controller: Any) -> Any:
    class Watched(controller):  # type: ignore[misc]
        watched_by_rasid = True

        def __enter__(self) -> Any:
            try:
                return super().__enter__()
            except BaseException as error:
                _note(error)
                raise

        def sendmail(self, from_addr: str, to_addrs: list[str], message: str) -> bool:
            wire = _current.get()
            if wire is None:
                return bool(super().sendmail(from_addr, to_addrs, message))
            if wire.message_id:
                message = _MESSAGE_ID.sub(f"Message-ID: {wire.message_id}", message, count=1)
            if wire.html:
                message = with_html(message, wire.html)
            message = _LONG_IDS.sub(lambda found: found[0].replace(",", ",\n "), message, count=1)
            try:
                refused = self._socket.sendmail(from_addr, to_addrs, message)
            except (OSError, smtplib.SMTPException, RuntimeError) as error:
                _note(error)
                return False
            wire.smtp += [code for code, _answer in refused.values()]
            return not refused

    return Watched


def with_html(mail: str, html: str) -> str:
    """Return a mail of plain text with the same as HTML beside it; any other as it is."""
    old = message_from_string(mail)
    if old.get_content_type() != "text/plain":
        return mail
    new = MIMEMultipart("alternative")
    for name, value in old.items():
        if name.casefold() not in _OF_CONTENT:
            new[name] = value
    text = old.get_payload(decode=True)
    new.attach(MIMEText(bytes(text).decode("utf-8", "replace"), "plain", "utf-8"))
    new.attach(MIMEText(html, "html", "utf-8"))
    return new.as_string()


def _note(error: BaseException) -> None:
    if (wire := _current.get()) is None:
        return
    wire.error = error
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        wire.smtp += [code for code, _answer in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPResponseException):
        wire.smtp.append(error.smtp_code)
