"""The gazetteer and the geoparser of one installation: opened by whoever first needs them."""

from __future__ import annotations

from functools import cache

from rasid.config import load
from rasid.config.environment import Place
from rasid.errors import GazetteerError
from rasid.places.model import Atlas, Gazetteer, Geoparser
from rasid.settings import Config


def configured(place: Place) -> Config:
    """Return the configuration of a place. Raises `ConfigError` with every problem."""
    return load(place.config, gazetteer=atlas_of(place).open)


@cache
def atlas_of(place: Place) -> Atlas:
    """Return what rules about places need; nothing is opened before it is asked for."""
    return Atlas(cache(lambda: _open(place)), _geoparser)


def _open(place: Place) -> Gazetteer:
    raise GazetteerError(f"no gazetteer in {place.data_dir}")


def _geoparser(gazetteer: Gazetteer) -> Geoparser:
    raise GazetteerError(f"no geoparser for {gazetteer.version}")
