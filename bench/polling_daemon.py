"""The daemon as `bench.polling` measures it: up and warm, then all its sources are due at once.

What a round takes is counted from that on until the last poll is in the database. The daemon is
`rasid run` itself; what makes its sources due is a second writer of its database.
"""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import psutil

from bench.measure import Cost
from rasid.clock import wall_clock
from rasid.config import load
from rasid.config.environment import Place, database
from rasid.models import SourceState
from rasid.protocols import Transaction
from rasid.settings import MINUTE
from storage import open_storage

_LATER: Final = 10 * MINUTE  # not due, and not so late that it would be set anew
_PATIENCE: Final = 120  # seconds for the daemon to be up, and for a round
_LOOK: Final = 0.1  # seconds between two looks
_LEFT: Final = "SELECT count(*) FROM sources WHERE coalesce(last_poll_at, 0) < ?"


class Daemon:
    """A running daemon whose sources are polled when a round is asked for; a context manager."""

    def __init__(self, place: Place) -> None:
        """Start it, with sources that it does not know and that are not due yet."""
        self._place = place
        config = load(place.config)
        self._sources = {source.id: source.url for source in config.sources.values()}
        asyncio.run(self._write(lambda tx: self._know(tx, wall_clock() + _LATER)))
        self._log = place.data_dir / "daemon.log"
        where = ("--config", str(place.config), "--data-dir", str(place.data_dir))
        with self._log.open("wb") as log:
            self._process = psutil.Popen(
                [sys.executable, "-m", "rasid", "run", *where], stdout=log, stderr=log
            )
        self._until(lambda: "ready: " in self._log.read_text(encoding="utf-8"))
        time.sleep(1)  # what it does once when it is up

    def __enter__(self) -> Daemon:
        """Return the daemon."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(30)
        if self._process.poll() is None:
            self._process.kill()

    def round(self) -> Cost:
        """Poll all sources; return what that cost the daemon and its workers."""
        before, began, since = self._cpu(), time.monotonic(), wall_clock()
        asyncio.run(self._write(lambda tx: self._know(tx, since)))
        memory = 0.0
        with closing(sqlite3.connect(f"{database(self._place).as_uri()}?mode=ro", uri=True)) as db:

            def done() -> bool:
                nonlocal memory
                memory = max(memory, self._memory())
                return not db.execute(_LEFT, (since,)).fetchone()[0]

            self._until(done)
        return Cost(0, time.monotonic() - began, self._cpu() - before, memory)

    def _know(self, tx: Transaction, due: int) -> None:
        known = tx.source_states()
        for name, url in self._sources.items():
            state = known.get(name) or SourceState(source=name, url=url)
            tx.save_source(replace(state, next_poll_at=due))

    async def _write(self, work: Callable[[Transaction], None]) -> None:
        storage = open_storage(database(self._place), wall_clock)
        try:
            await storage.write(work)
        finally:
            await storage.close()

    def _until(self, holds: Callable[[], bool]) -> None:
        ends = time.monotonic() + _PATIENCE
        while not holds():
            if time.monotonic() > ends or self._process.poll() is not None:
                raise RuntimeError(f"the daemon did not come so far, see {self._log}")
            time.sleep(_LOOK)

    def _tree(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]

    def _cpu(self) -> float:
        total = 0.0
        for process in self._tree():
            with suppress(psutil.NoSuchProcess):
                used = process.cpu_times()
                total += used.user + used.system
        return total

    def _memory(self) -> float:
        total = 0
        for process in self._tree():
            with suppress(OSError):
                lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return total / 1024
