"""Serves an application in the daemon's own loop, on the address that is configured."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from rasid.errors import WebError
from rasid.settings import Web

log = logging.getLogger("rasid.web")

_AT_ONCE: Final = 100  # connections; the others get a 503
_CLOSES: Final = 3  # seconds for answers that are under way at the end
_BACKLOG: Final = 128


class WebServer:
    """At most one listening server; `use` changes where it listens."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._settings: Web | None = None
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self.port = 0
        """Where it listens, 0 while it does not: of an address with port 0, the one it got."""

    async def use(self, settings: Web | None) -> None:
        """Listen as the settings say, None: nowhere. Raises `WebError`; then nothing listens."""
        if settings == self._settings and self._listens():
            return
        await self.close()
        if settings is None:
            return
        listener = _bind(settings)
        self.port = listener.getsockname()[1]
        self._server = _Server(_config(self._app))
        self._serving = asyncio.create_task(self._serve(self._server, listener), name="web")
        self._settings = settings
        await self._server.up.wait()
        log.info("web: listening on %s port %d", settings.host, self.port)

    async def close(self) -> None:
        """Answer what is under way, then stop listening."""
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await asyncio.wait({self._serving})
        self._server = self._serving = self._settings = None
        self.port = 0

    def _listens(self) -> bool:
        return self._serving is None or not self._serving.done()

    async def _serve(self, server: _Server, listener: socket.socket) -> None:
        try:
            await server.serve(sockets=[listener])
        except Exception:  # polling and delivery go on without it
            log.exception("web: the server ended: internal error")
        finally:
            listener.close()
            server.up.set()


class _Server(uvicorn.Server):
    """Leaves signals to the daemon, and says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: ASGIApp) -> uvicorn.Config:
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,  # paths of callbacks are secrets
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_AT_ONCE,
        backlog=_BACKLOG,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=_CLOSES,
    )


def _bind(settings: Web) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=_BACKLOG)
    except OSError as error:
        where = f"{settings.host} port {settings.port}"
        raise WebError(f"settings.web: cannot listen on {where}: {error.strerror}") from error
