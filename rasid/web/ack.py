"""Where the link of a message or a list leads: a page with a button, and what the button does.

Scanners and previews open links, so GET only shows; POST acknowledges. Whoever has the link may:
there is no login and no cookie that another page could use.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from rasid.alerts.handover.ack_links import AckLinks, Ticket
from rasid.alerts.handover.acks import acknowledge, acks_of, can_be_acked, wants_an_answer
from rasid.errors import StorageError
from rasid.models import Ack, Alert, Target
from rasid.protocols import Clock, Reading, Storage, Transaction
from rasid.settings import MINUTE
from rasid.web.ack_list_page import list_page
from rasid.web.ack_page import Shown, page, refusal
from rasid.web.bodies import TooLargeError, body_of
from rasid.web.rate import Rate

log = logging.getLogger("rasid.web")

MAX_BODY: Final = 4_096  # bytes
_SECONDS: Final = 10.0  # for it to arrive
_FORM: Final = "application/x-www-form-urlencoded"
_LONGEST: Final = 80  # of a name
_MOST: Final = 30  # requests for one link in a minute
_TOGETHER: Final = 100  # alerts of one subject
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class _Desk:
    """Who was told what, and who has taken it up."""

    alerts: list[Alert]  # about one subject, to one target, the link's first; or those of a list
    acks: Mapping[str, Ack]  # by alert
    is_list: bool = False


def ack_routes(
    storage: Storage, links: AckLinks, targets: Callable[[], Mapping[str, Target]], clock: Clock
) -> list[Route]:
    """Return the routes under `/ack`."""
    door = _Door(storage, links, targets, clock, Rate(_MOST, MINUTE, clock))
    return [Route("/ack/{token}", door.answer, methods=["GET", "POST"])]


@dataclass(frozen=True, slots=True)
class _Door:
    """Answers whoever comes with a link."""

    storage: Storage
    links: AckLinks
    targets: Callable[[], Mapping[str, Target]]
    clock: Clock
    rate: Rate

    async def answer(self, request: Request) -> Response:
        """Show an alert, or acknowledge it."""
        ticket = self.links.read(request.path_params["token"], self.clock())
        if ticket is None:  # costs a stranger a hash and us nothing else
            return _answer(refusal("unknown"), 404)
        if ticket.expired:
            return _answer(refusal("expired"), 410)
        if not self.rate.allows(ticket.name):
            return _answer(refusal("often"), 429, {"Retry-After": "60"})
        try:
            if request.method == "POST":
                return await self._acknowledge(request, ticket)
            return self._shown(await self.storage.read(lambda view: _desk(view, ticket)))
        except StorageError as error:
            log.error("web: an acknowledgement cannot be answered: %s", error)
            return _answer(refusal("later"), 503)

    async def _acknowledge(self, request: Request, ticket: Ticket) -> Response:
        if request.headers.get("Content-Type", "").partition(";")[0].strip() != _FORM:
            return _answer(refusal("unknown"), 415)
        try:
            async with asyncio.timeout(_SECONDS):
                body = await body_of(request, MAX_BODY)
        except TooLargeError:
            return _answer(refusal("unknown"), 413, {"Connection": "close"})
        except (TimeoutError, ClientDisconnect):
            return _answer(refusal("later"), 408, {"Connection": "close"})
        author, now = _name_in(body), self.clock()
        return self._shown(await self.storage.write(lambda tx: _take_up(tx, ticket, author, now)))

    def _shown(self, desk: _Desk) -> Response:
        if not desk.alerts:
            return _answer(refusal("expired"), 410)
        target = self.targets().get(desk.alerts[0].target)
        show = "discreet" if target is None else target.show
        language = target.language if target else ""
        shown = Shown(desk.alerts, desk.acks, show, language)
        return _answer(list_page(shown) if desk.is_list else page(shown), 200)


def _desk(view: Reading, ticket: Ticket) -> _Desk:
    """Return what a link is about, and who has taken up what of it."""
    alerts = _listed(view, ticket.name) if ticket.is_list else _beside(view, ticket.name)
    return _Desk(alerts, acks_of(view, alerts), ticket.is_list)


def _listed(view: Reading, notification: str) -> list[Alert]:
    """Return the alerts of a list that somebody should take up."""
    return [one for one in view.alerts_of_notification(notification) if wants_an_answer(one)]


def _beside(view: Reading, name: str) -> list[Alert]:
    """Return an alert with those that its message tells beside it."""
    found = [one for one in view.alerts(ids=[name]) if can_be_acked(one)]
    if not found:
        return []
    alert = found[0]
    beside = view.alerts(subject=alert.subject, limit=_TOGETHER)
    rest = [one for one in beside if one.target == alert.target and one.id != alert.id]
    return [alert, *rest]


def _take_up(tx: Transaction, ticket: Ticket, author: str, now: int) -> _Desk:
    desk = _desk(tx, ticket)
    if desk.alerts:
        author = author or f"{desk.alerts[0].receiver} (link)"
        acknowledge(tx, desk.alerts, author=author, now=now)
    return _desk(tx, ticket)


def _name_in(body: bytes) -> str:
    """Return the name that was typed, on one line; "" where there is none."""
    try:
        form = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
    except ValueError:
        return ""
    typed = "".join(char if char.isprintable() else " " for char in form.get("by", [""])[0])
    return " ".join(typed.split())[:_LONGEST]


def _answer(body: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return HTMLResponse(body, status, {**_HEADERS, **(headers or {})})
