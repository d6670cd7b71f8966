"""Whether the daemon is well: `/healthz` for who restarts it, `/readyz` for who sends to it.

Neither says more than times and a word on what hangs: anybody who reaches the port may ask.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from rasid.errors import StorageError
from rasid.heartbeat import Beat, judge
from rasid.protocols import Storage
from rasid.settings import SECOND

log = logging.getLogger("rasid.web")

_PATIENCE: Final = 5.0  # seconds for the database to answer


def health_routes(pulse: Callable[[], Beat], storage: Storage) -> list[Route]:
    """Return the routes; `pulse` gives the daemon's heartbeat of now."""

    async def healthz(_request: Request) -> JSONResponse:
        """Say whether polling and delivery make progress: what `rasid health` checks."""
        beat = pulse()
        verdict = judge(_discreet(beat), beat.at)
        counts = await _counts(storage)
        body = {
            "well": verdict.well,
            "why": verdict.why,
            "polling_at": _time(beat.polling_at),
            "delivery_at": _time(beat.delivery_at),
            "oldest_pending_at": _time(counts.get("oldest_pending_at", 0)) if counts else None,
        }
        return JSONResponse(body, 200 if verdict.well else 503)

    async def readyz(_request: Request) -> JSONResponse:
        """Say whether the database answers; rules are loaded before anything listens."""
        ready = await _counts(storage) is not None
        why = "ready" if ready else "the database does not answer"
        return JSONResponse({"ready": ready, "why": why}, 200 if ready else 503)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


def _discreet(beat: Beat) -> Beat:
    """Return a heartbeat without texts that name files, rules or sources."""
    said = "see the log"
    return replace(
        beat,
        storage_error=said if beat.storage_error else "",
        captures=said if beat.captures else "",
        config_error=said if beat.config_error else "",
        canary=said if beat.canary else "",
        ping=said if beat.ping else "",
    )


async def _counts(storage: Storage) -> dict[str, Any] | None:
    try:
        async with asyncio.timeout(_PATIENCE):
            return dict(await storage.read(lambda view: view.counts()))
    except (StorageError, TimeoutError) as error:
        log.warning("web: the database does not answer: %s", error)
        return None


def _time(micros: int) -> str | None:
    if not micros:
        return None
    return datetime.fromtimestamp(micros // SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
