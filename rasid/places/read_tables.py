"""Places of CSV files, whose columns are known by their English heads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from rasid.places.facts import Complaints, Fact, named, people
from rasid.places.model import Kind
from rasid.places.read_geonames import refuse

KINDS: Final = {
    "region": Kind.REGION, "country": Kind.COUNTRY, "admin1": Kind.ADMIN1,
    "governorate": Kind.ADMIN1, "province": Kind.ADMIN1, "state": Kind.ADMIN1,
    "admin2": Kind.ADMIN2, "district": Kind.ADMIN2, "county": Kind.ADMIN2,
    "admin3": Kind.ADMIN3, "subdistrict": Kind.ADMIN3,
    "town": Kind.TOWN, "city": Kind.TOWN, "village": Kind.TOWN, "hamlet": Kind.TOWN,
    "suburb": Kind.TOWN, "neighbourhood": Kind.TOWN, "quarter": Kind.TOWN,
    "locality": Kind.TOWN, "isolated_dwelling": Kind.TOWN, "spot": Kind.SPOT,
    "camp": Kind.SPOT, "field": Kind.SPOT, "base": Kind.SPOT, "crossing": Kind.SPOT,
    "mountain": Kind.SPOT, "airport": Kind.SPOT,
}  # fmt: skip
_HEADS: Final = {
    "name": "name", "lat": "lat", "latitude": "lat", "y": "lat", "lon": "lon", "lng": "lon",
    "long": "lon", "longitude": "lon", "x": "lon", "country": "country",
    "country_code": "country", "admin1": "admin1", "in": "in", "parent": "in", "kind": "kind",
    "type": "kind", "id": "id", "pcode": "id", "population": "population",
}  # fmt: skip


def read(path: Path, complaints: Complaints) -> Iterator[Fact]:
    """Return the places of a CSV file; its delimiter is found out."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse(path, f"is not UTF-8 ({error.reason} at byte {error.start}): save it as UTF-8")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    heads = [head.strip().lower() for head in next(rows, [])]
    columns = {_HEADS.get(head, head): at for at, head in enumerate(heads)}
    missing = [one for one in ("name", "lat", "lon") if one not in columns]
    if missing and not (missing == ["name"] and any(h.startswith("name") for h in heads)):
        refuse(path, f"has no column {', '.join(missing)}; its columns: {', '.join(heads)}")
    try:
        for cells in rows:
            if any(cells[len(heads) :]):
                more = f"{len(cells)} cells under {len(heads)} heads"
                complaints.add(rows.line_num, more, "put quotes around what has a delimiter in it")
            elif any(cells):
                row = {head: cells[at].strip() for head, at in columns.items() if at < len(cells)}
                if fact := _fact(rows.line_num, row, complaints):
                    yield fact
    except csv.Error as error:
        refuse(path, f"cannot be read beyond line {rows.line_num}: {error}")


def _delimiter(text: str) -> str:
    """Return what separates the columns of the first line."""
    first = text.partition("\n")[0]
    return max(",;\t|", key=first.count)


def _fact(line: int, row: Mapping[str, str], complaints: Complaints) -> Fact | None:
    written = named(row[head] for head in row if head.startswith(("name", "alt_name", "alias")))
    if not written:
        complaints.add(line, "has no name")
        return None
    word = row.get("kind", "").lower().replace(" ", "_")
    if word and word not in KINDS:
        complaints.add(line, f"unknown kind {word!r}", f"one of: {', '.join(KINDS)}")
        return None
    at = complaints.position(line, row.get("lat"), row.get("lon"))
    if at is None:
        return None
    country = row.get("country", "")
    population = row.get("population", "").replace(",", "")
    parents = [f"ref:{row['in']}", f"name:{row['in']}"] if row.get("in") else []
    if row.get("admin1"):
        parents += [f"ref:{row['admin1']}", f"name:{row['admin1']}"]
    ref = row.get("id") or f"{written[0].text}@{at[0]:.4f},{at[1]:.4f}"
    return Fact(
        ref, row.get("name") or written[0].text, written, KINDS.get(word, Kind.TOWN), country,
        at[0], at[1], people(population), tuple(parents),
        ref if ref.startswith("geonames:") else "",
    )  # fmt: skip
