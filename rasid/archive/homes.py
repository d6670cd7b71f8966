"""Where sources are at home, learnt from their newest stored items and kept for a day."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec

from rasid.items.documents import document
from rasid.models import Document
from rasid.places.hearing import hear
from rasid.places.home import Heard, Homes
from rasid.protocols import Reading, Storage
from rasid.settings import DAY

if TYPE_CHECKING:
    from rasid.places.geoparse import PlaceFinder

log = logging.getLogger("rasid.places")

_META: Final = "homes"
_ITEMS: Final = 60  # of each source
_SOURCES: Final = 2_000  # of which so many are learnt: half a minute at most


class _Kept(msgspec.Struct):
    at: int  # UTC microseconds
    heard: dict[str, Heard]


async def learn_homes(storage: Storage, finder: PlaceFinder, now: int) -> None:
    """Let a geoparser know where sources are at home; what was learnt within a day serves.

    Raises `StorageError`.
    """
    kept = _read(await storage.read(lambda view: view.meta(_META)))
    if kept is None or not kept.at <= now < kept.at + DAY:
        kept = _Kept(now, await _heard(storage, finder))
        written = msgspec.json.encode(kept).decode()
        await storage.write(lambda tx: tx.set_meta(_META, written))
        log.info("learnt where %d sources are at home", len(kept.heard))
    finder.homes.replace(kept.heard)


async def recall_homes(storage: Storage, homes: Homes) -> None:
    """Take what was learnt last, whenever that was. Raises `StorageError`."""
    if kept := _read(await storage.read(lambda view: view.meta(_META))):
        homes.replace(kept.heard)


def _read(written: str) -> _Kept | None:
    try:
        return msgspec.json.decode(written, type=_Kept) if written else None
    except msgspec.DecodeError:
        return None  # of another version: learnt again


async def _heard(storage: Storage, finder: PlaceFinder) -> dict[str, Heard]:
    """Return what each source's newest items tell, read source by source."""
    found: dict[str, Heard] = {}
    for source in sorted(await storage.read(lambda view: view.source_states()))[:_SOURCES]:
        documents = await storage.read(partial(_newest, source=source))
        heard = await asyncio.to_thread(hear, finder, documents)
        if source in heard:
            found[source] = heard[source]
    return found


def _newest(view: Reading, source: str) -> list[Document]:
    return [document(item) for item in view.items(limit=_ITEMS, source=source)]
