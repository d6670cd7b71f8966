"""The gazetteer that commands look into, and how its places are shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from rasid.cli.options import Place as Where
from rasid.places.model import Kind, Place
from rasid.places.shown import chain
from rasid.progress import progress

if TYPE_CHECKING:
    from storage.gazetteer import GazetteerFile

COLUMNS = ("name", "within", "kind", "lat", "lon", "population", "id")


@contextmanager
def gazetteer(where: Where, *, anew: bool = False) -> Iterator[GazetteerFile]:
    """Open the gazetteer of an installation, compiled first if need be."""
    from rasid.loading import cache_of
    from storage.gazetteer_open import open_gazetteer

    opened = open_gazetteer(cache_of(where), where.data_dir, progress, anew=anew)
    with closing(opened):
        yield opened


def row(place: Place, opened: GazetteerFile) -> dict[str, object]:
    """Return a place as a row."""
    around = map(opened.place, place.within)
    return {
        "id": place.id,
        "name": place.name,
        "kind": place.kind.name.lower(),
        "within": ", ".join(one.name for one in chain(place, opened)),
        "country": place.country,
        "regions": [one.id for one in around if one.kind is Kind.REGION],
        "lat": place.lat,
        "lon": place.lon,
        "population": place.population or None,
    }
