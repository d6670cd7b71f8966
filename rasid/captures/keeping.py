"""The captures of an installation: added by fetches, kept by ingest, pruned by the upkeep."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from rasid.captures.entries import digest
from rasid.captures.files import dated, put
from rasid.captures.spool import YOUNG, Spool
from rasid.captures.warc import warc
from rasid.failpoint import reach
from rasid.folders import make_folder
from rasid.models import Exchange
from rasid.protocols import Clock
from rasid.settings import DAY, Settings

log = logging.getLogger("rasid.captures")

UNUSED: Final = DAY  # how long a WARC stays that no alert rests on: its transaction came to nothing


class CaptureFiles:
    """See `rasid.protocols.Captures`. The disk is touched in threads only."""

    def __init__(self, data_dir: Path, settings: Settings, clock: Clock) -> None:
        self._folder = data_dir / "captures"
        self._spool = Spool(self._folder / "spool")
        self._settings = settings
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, "rasid-capture")
        self.error = ""
        """Why a capture failed last; it stays when the next one succeeds."""
        self.failed_at = 0
        self.missed = 0
        """How many failed since the start."""

    @property
    def on(self) -> bool:
        """Whether responses are captured."""
        return self._settings.capture

    def now(self) -> int:
        """Return the time by which captures are dated."""
        return self._clock()

    def reload(self, settings: Settings) -> None:
        """Go by other settings from the next capture on."""
        self._settings = settings

    async def add(self, exchanges: Sequence[Exchange]) -> str:
        """Spool one fetch; return its id, "" when captures are off or the disk fails."""
        if not self.on:
            return ""
        now, most = self.now(), self._settings.spool_size
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, self._spool.write, exchanges, now, most)
        except OSError as error:
            self._failed(error)
            return ""

    async def keep(self, ids: Set[str]) -> Mapping[str, str]:
        """Write captures of the spool as WARC; return SHA-256 of the files by id."""
        return await asyncio.to_thread(self._keep, ids) if ids else {}

    def _keep(self, ids: Set[str]) -> Mapping[str, str]:
        kept = {}
        for name in sorted(ids):
            try:
                kept[name] = self._keep_one(name)
            except Exception as error:  # noqa: BLE001 - an alert is worth more than its capture
                self._failed(error)
        return kept

    def _keep_one(self, name: str) -> str:
        path = kept_file(self._folder.parent, name)
        if path.exists():  # this poll's, when its transaction is tried again
            return digest(path.read_bytes())
        make_folder(path.parent)
        data = warc(self._spool.read(name))
        put(path, data, self.now(), durable=True)
        reach("capture_kept")
        return digest(data)

    def _failed(self, error: Exception) -> None:
        if not self.error:
            log.error("responses are not captured, polling goes on: %s", error)
        self.error, self.failed_at = str(error) or type(error).__name__, self.now()
        self.missed += 1

    async def prune(self, needed: Set[str]) -> int:
        """Delete what the spool has too long, and WARCs but those `needed`; return how many."""
        before = self.now() - max(self._settings.spool_age, YOUNG)
        loop = asyncio.get_running_loop()
        try:
            old = await loop.run_in_executor(self._thread, self._spool.prune, before)
            return old + await asyncio.to_thread(
                prune_kept, self._folder.parent, needed, self.now()
            )
        except OSError as error:
            log.error("captures are pruned later: %s", error)
            return 0

    async def aclose(self) -> None:
        """Finish what is being written."""
        await asyncio.to_thread(self._thread.shutdown)


def kept_file(data_dir: Path, name: str) -> Path:
    """Return where the WARC of a capture is, if it was kept."""
    return data_dir / "captures" / "kept" / f"{name}.warc"


def prune_kept(data_dir: Path, needed: Set[str], now: int) -> int:
    """Delete WARCs that no alert rests on any more; return how many. Raises `OSError`."""
    old = [
        path
        for at, _, path in dated(data_dir / "captures" / "kept")
        if path.name.removesuffix(".warc") not in needed and at < now - UNUSED
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
