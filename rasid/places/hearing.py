"""What the items of sources tell of where the sources are at home."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from rasid.models import Document
from rasid.places.home import Heard
from rasid.settings import USUAL_FIELDS

if TYPE_CHECKING:
    from rasid.places.geoparse import PlaceFinder

_MOST_NAMES: Final = 60  # of a source, those that came most often
_MOST_ITEMS: Final = 200  # of a source, the first


def fields_of(document: Document) -> list[tuple[str, str]]:
    """Return the fields of a document in which places are looked for, those that are empty not."""
    return [(name, text) for name in USUAL_FIELDS if (text := getattr(document, name))]


def source_of(document: Document) -> str:
    """Return by what a document's source is known: itself, its outlet, else the host."""
    return document.source or document.outlet or urlsplit(document.url).netloc


def hear(finder: PlaceFinder, documents: Iterable[Document]) -> dict[str, Heard]:
    """Return what documents tell of their sources; those without a source tell nothing."""
    names: defaultdict[str, Counter[str]] = defaultdict(Counter)
    items: Counter[str] = Counter()
    for document in documents:
        source = source_of(document)
        if source and items[source] < _MOST_ITEMS:
            items[source] += 1
            names[source].update(finder.names(fields_of(document)))
    return {one: Heard(dict(names[one].most_common(_MOST_NAMES)), items[one]) for one in items}


def located(finder: PlaceFinder, documents: Iterable[Document]) -> None:
    """Let a geoparser learn from documents where their sources are at home."""
    finder.homes.replace(hear(finder, documents))
