"""Country dumps of GeoNames: SY.txt, or SY.zip with it inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

from rasid.errors import Problem
from rasid.places.entries import Name
from rasid.places.facts import Complaints, Fact, RefusedError, people
from rasid.places.geonames import names
from rasid.places.model import Kind
from rasid.places.packed import lines_of, text_in

COLUMNS: Final = 19
_ALTERNATE_COLUMNS: Final = 4  # that are read, of eight or ten
_LEVELS: Final = {
    "ADM1": Kind.ADMIN1, "ADM2": Kind.ADMIN2, "ADM3": Kind.ADMIN3, "ADM4": Kind.ADMIN3,
}  # fmt: skip
_SPOTS: Final = frozenset("STHLVRU")
_GONE: Final = frozenset({"PPLH", "PPLQ", "ADM1H", "ADM2H", "ADM3H", "ADMDH"})
_NO_LANGUAGES: Final = frozenset(
    {"link", "wkdt", "post", "iata", "icao", "faac", "tcid", "unlc", "abbr", "phon", "fr_1793"}
)


def read(path: Path, alternate: Path | None, complaints: Complaints) -> Iterator[Fact]:
    """Return the places of a dump; `alternate` is a file of alternateNamesV2's columns."""
    more = _alternate_names(alternate) if alternate else {}
    with _lines(path) as lines:
        for number, line in enumerate(lines, 1):
            cells = line.rstrip("\r\n").split("\t")
            if len(cells) != COLUMNS:
                complaints.add(number, f"{len(cells)} columns, not the {COLUMNS} of GeoNames")
            elif fact := _fact(number, cells, more, complaints):
                yield fact


def _fact(
    line: int, cells: list[str], more: Mapping[str, list[str]], complaints: Complaints
) -> Fact | None:
    number, name, ascii_name, others, lat, lon, feature, code, country = cells[:9]
    kind = _kind(feature, code)
    if kind is None or code in _GONE:
        return None
    if not number.isdecimal() or not name:
        complaints.add(line, f"no id or no name: {number!r}, {name!r}")
        return None
    at = complaints.position(line, lat, lon)
    if at is None:
        return None
    texts = names(name, [ascii_name, *filter(None, others.split(",")), *more.get(number, ())])
    population = people(cells[14])
    own, above = _codes(country, cells[10:13], kind)
    return Fact(
        number, name, tuple(map(Name, texts)), kind, country, at[0], at[1], population,
        tuple(f"code:{one}" for one in above), f"geonames:{number}", own,
    )  # fmt: skip


def _kind(feature: str, code: str) -> Kind | None:
    if feature == "P":
        return Kind.TOWN
    if feature == "A":
        return _LEVELS.get(code)
    return Kind.SPOT if feature in _SPOTS else None


def _codes(country: str, codes: list[str], kind: Kind) -> tuple[str, list[str]]:
    """Return the code of a place, if it is an area, and those of what contains it."""
    chain = [country]
    for code in codes:
        if not code:
            break
        chain.append(code)
    found = [".".join(chain[:many]) for many in range(len(chain), 1, -1)]
    depth = {Kind.ADMIN1: 2, Kind.ADMIN2: 3, Kind.ADMIN3: 4}.get(kind)
    if depth == len(chain) and found:
        return found[0], found[1:]
    return "", found


def _alternate_names(path: Path) -> dict[str, list[str]]:
    """Return names by the id of their place."""
    found: dict[str, list[str]] = {}
    with _lines(path) as lines:
        for line in lines:
            cells = line.rstrip("\r\n").split("\t")
            if len(cells) >= _ALTERNATE_COLUMNS and cells[2] not in _NO_LANGUAGES:
                found.setdefault(cells[1], []).append(cells[3])
    return found


@contextmanager
def _lines(path: Path) -> Iterator[Iterator[str]]:
    """Open the text of a file, or of the one text in a zip."""
    refused = partial(refuse, path)
    opened = (
        text_in(path, refused) if path.suffix.lower() == ".zip" else path.open(encoding="utf-8-sig")
    )
    try:
        with opened as text:
            yield lines_of(text, refused)
    except UnicodeDecodeError as error:
        refused(f"is not UTF-8: {error.reason} at byte {error.start}")


def refuse(path: Path, why: str) -> NoReturn:
    """Raise `RefusedError` about a whole file."""
    raise RefusedError([Problem(str(path), 0, why)], 1)
