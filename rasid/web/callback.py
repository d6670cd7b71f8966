"""Where hubs ask whether a subscription is ours, and send what is new."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from rasid.errors import StorageError
from rasid.models import PushOutcome
from rasid.web.bodies import TooLargeError, body_of
from rasid.websub.hubs import Hubs

log = logging.getLogger("rasid.web")

MAX_PUSH: Final = 10 * 1024 * 1024  # bytes, as of a polled feed
_SECONDS: Final = 30.0  # for a push to arrive
_AT_ONCE: Final = 8  # pushes that are read; a hub sends the others again
_KEY: Final = re.compile(r"[\w-]{43}", re.ASCII)
_LONGEST: Final = 2000  # of a challenge
_STATUS: Final = {
    PushOutcome.STORED: 204,
    PushOutcome.HURRIED: 204,
    PushOutcome.UNSIGNED: 204,  # nobody can try secrets by the answer
    PushOutcome.UNKNOWN: 404,
    PushOutcome.GONE: 410,
    PushOutcome.NOT_STORED: 503,
}


def callback_routes(hubs: Hubs, *, most: int = MAX_PUSH) -> list[Route]:
    """Return the routes under `/websub`; `most` bytes a push."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def callback(request: Request) -> Response:
        key = request.path_params["key"]
        if not _KEY.fullmatch(key) or request.method == "HEAD":
            return Response(status_code=404)
        try:
            if not await hubs.knows(key):  # strangers take no place and write nothing
                return Response(status_code=404)
        except StorageError as error:
            log.error("web: a hub cannot be answered: %s", error)
            return Response(status_code=503)
        if request.method != "POST":
            return await _verify(hubs, key, request)
        if places.locked():
            return Response(status_code=503, headers={"Retry-After": "60"})
        async with places:
            return await _push(hubs, key, request, most)

    return [Route("/websub/{key}", callback, methods=["GET", "POST"])]


async def _verify(hubs: Hubs, key: str, request: Request) -> Response:
    said = request.query_params
    mode, topic = said.get("hub.mode", ""), said.get("hub.topic", "")
    challenge = said.get("hub.challenge", "")
    try:
        if mode == "denied":
            known = await hubs.deny(key, topic, said.get("hub.reason", ""))
            return Response(status_code=200 if known else 404)
        if not 0 < len(challenge) <= _LONGEST:
            return Response(status_code=404)
        ours = await hubs.confirm(key, mode, topic, said.get("hub.lease_seconds", ""))
    except StorageError as error:
        log.error("web: a hub's question cannot be answered: %s", error)
        return Response(status_code=503)
    return PlainTextResponse(challenge) if ours else Response(status_code=404)


async def _push(hubs: Hubs, key: str, request: Request, most: int) -> Response:
    headers = request.headers
    if headers.get("Content-Encoding", "identity") != "identity":
        return Response(status_code=415)
    try:
        async with asyncio.timeout(_SECONDS):
            body = await body_of(request, most)
    except TooLargeError:
        return Response(status_code=413, headers={"Connection": "close"})
    except TimeoutError:
        return Response(status_code=408, headers={"Connection": "close"})
    except ClientDisconnect:
        return Response(status_code=400)
    kind, signature = headers.get("Content-Type", ""), headers.get("X-Hub-Signature", "")
    return Response(status_code=_STATUS[await hubs.push(key, body, kind, signature)])
