"""The gazetteer and the geoparser of one installation: opened by whoever first needs them."""

from __future__ import annotations

import logging
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rasid.config import load
from rasid.config.environment import Place
from rasid.loading import cache_of
from rasid.places.home import Homes
from rasid.places.inflection import bases
from rasid.places.model import Atlas, Gazetteer, Geoparser
from rasid.places.own import with_own
from rasid.places.shown import Shown
from rasid.progress import progress
from rasid.settings import Config

if TYPE_CHECKING:  # each function loads what it uses: most configurations ask for no places
    from rasid.places.geoparse import PlaceFinder
    from storage.gazetteer import GazetteerFile

log = logging.getLogger("rasid.places")


def configured(place: Place) -> Config:
    """Return the configuration of a place. Raises `ConfigError` with every problem."""
    return load(place.config, gazetteer=atlas_of(place).open)


@cache
def atlas_of(place: Place) -> Atlas:
    """Return what rules about places need; nothing is opened before it is asked for."""
    shelf, homes = _Shelf(place), homes_of(place)

    def geoparser(gazetteer: Gazetteer) -> Geoparser:
        return _finder(gazetteer, homes)

    return Atlas(shelf.open, geoparser)


def finder_of(place: Place) -> tuple[PlaceFinder, Shown]:
    """Return a geoparser of all places, those of `places:` too, and their names for the desk.

    Raises `StorageError` and `ConfigError`; without a rules.yaml there are none of one's own.
    """
    atlas = atlas_of(place)
    config = configured(place) if place.config.exists() else Config()
    gazetteer = with_own(atlas.open(), config.places)
    return _finder(gazetteer, Homes()), Shown(gazetteer, config.settings.language)


def listener(place: Place) -> PlaceFinder:
    """Return a geoparser through which all others of an installation learn where sources are."""
    return _finder(atlas_of(place).open(), homes_of(place))


def _finder(gazetteer: Gazetteer, homes: Homes) -> PlaceFinder:
    from rasid.places.geoparse import PlaceFinder

    return PlaceFinder(gazetteer, bases, homes)


def homes_of(place: Place) -> Homes:
    """Return what is known of where the sources of an installation are at home."""
    return _homes(place.data_dir)


@cache
def _homes(data_dir: Path) -> Homes:
    return Homes()


class _Shelf:
    """The gazetteer that is in use, until there is a newer one."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._opened: GazetteerFile | None = None
        self._lock = threading.Lock()

    def open(self) -> Gazetteer:
        """Return the gazetteer, with what was imported by now. Raises `StorageError`."""
        with self._lock:
            return self._open()

    def _open(self) -> Gazetteer:
        from storage.gazetteer_open import open_gazetteer, version_of

        data_dir = self._place.data_dir
        # one that is replaced is closed when nobody uses it any more
        if self._opened is None or self._opened.version != version_of(data_dir):
            log.info("opening the gazetteer; the first time it is compiled, for half a minute")
            self._opened = open_gazetteer(cache_of(self._place), data_dir, progress)
        return self._opened
