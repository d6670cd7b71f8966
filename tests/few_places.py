"""A gazetteer of few places, for tests that need no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from rasid.places.entries import Entry, Name
from rasid.places.model import Kind, Means, Usage
from storage.gazetteer import GazetteerFile
from storage.gazetteer_build import build

ENTRIES = [
    Entry("country:SY", "Syria", (Name("Syria"), Name("سوريا"), Name("Syrian", Means.DEMONYM)),
          Kind.COUNTRY, "SY", "", 35, 38),
    Entry("country:FJ", "Fiji", (Name("Fiji"),), Kind.COUNTRY, "FJ", "", -18, 178),
    Entry("country:FR", "France", (Name("France"),), Kind.COUNTRY, "FR", "", 46, 2),
    Entry("geonames:170792", "Deir ez-Zor", (Name("Deir ez-Zor"), Name("دير الزور")),
          Kind.ADMIN1, "SY", "country:SY", 35.16, 40.28),
    Entry("geonames:170793", "Deir ez-Zor District", (Name("Deir ez-Zor District"),),
          Kind.ADMIN2, "SY", "geonames:170792", 35.4, 40.2),
    Entry("geonames:170794", "Deir ez-Zor", (Name("Deir ez-Zor"), Name("دير الزور")),
          Kind.TOWN, "SY", "geonames:170793", 35.33588, 40.14084, 271800),
    Entry("geonames:173480", "Al Mayādīn", (Name("Al Mayādīn"), Name("الميادين")),
          Kind.TOWN, "SY", "geonames:170792", 35.01982, 40.45154, 54534),
    Entry("geonames:1", "Nice", (Name("Nice"),), Kind.TOWN, "FR", "country:FR", 43.7, 7.27, 300000),
    Entry("geonames:2", "Naselesele", (Name("Naselesele"),), Kind.TOWN, "FJ", "country:FJ",
          -16.73, -179.95, 600),
    Entry("geonames:3", "Waiyevo", (Name("Waiyevo"),), Kind.TOWN, "FJ", "country:FJ",
          -16.79, 179.98, 400),
    Entry("geonames:4", "South Pole Station", (Name("South Pole Station"),), Kind.SPOT, "AQ", "",
          -90.0, 0.0),
    Entry("geonames:5", "Alert", (Name("Alert"),), Kind.TOWN, "CA", "", 89.9, -62.3),
]  # fmt: skip


def ordinary(words: Iterable[str]) -> Mapping[str, Usage]:
    """Say that one word is an ordinary one of English."""
    return {word: Usage(1) for word in words if word == "nice"}


def compiled(path: Path, version: str = "few") -> GazetteerFile:
    """Return the gazetteer of the few, compiled to a file."""
    build(path, ENTRIES, version, ordinary)
    return GazetteerFile(path)
