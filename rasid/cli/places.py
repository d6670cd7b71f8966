"""`rasid places`."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING, BinaryIO

import click

from rasid.cli.gazetteer import COLUMNS, gazetteer, row
from rasid.cli.options import Place, for_group, with_json, with_place
from rasid.cli.output import emit, rfc3339, say
from rasid.cli.places_import import import_files, remove
from rasid.counted import counted
from rasid.settings import MAP_LINK

if TYPE_CHECKING:
    from rasid.places.model import Place as Known
    from storage.gazetteer import GazetteerFile

_MOST: int = 200  # rows of a table


@click.group
@for_group
def command() -> None:
    """Find places, and import more of them."""


command.add_command(import_files)
command.add_command(remove)


@command.command
@with_json
@with_place
def build(place: Place, *, as_json: bool) -> None:
    """Compile the gazetteer again; without it that happens when it is needed."""
    from rasid.loading import cache_of

    with gazetteer(place, anew=True) as opened:
        done = {"folder": str(cache_of(place)), "version": opened.version}
        say(f"Compiled the gazetteer in {done['folder']}.", done, as_json=as_json)


@command.command("list")
@with_json
@with_place
def list_imports(place: Place, *, as_json: bool) -> None:
    """List the files that were imported."""
    from storage.imports import FILE, Imports

    rows = []
    if (place.data_dir / FILE).exists():
        with closing(Imports(place.data_dir)) as imports, gazetteer(place) as opened:
            counts = opened.origins()
            for one in imports.origins():
                new, merged, names = counts.get(one.name, (0, 0, 0))
                rows.append(
                    {"origin": one.name, "places": one.facts, "new": new, "merged": merged,
                     "names": names, "since": rfc3339(one.imported_at), "sha256": one.sha256}
                )  # fmt: skip
    emit(rows, ["origin", "places", "new", "merged", "names", "since"], as_json=as_json)


@command.command
@click.argument("name", required=False)
@click.option("--text", metavar="FILE.jsonl", type=click.File("rb"), help="Items, one a line.")
@with_json
@with_place
def find(place: Place, *, name: str | None, text: BinaryIO | None, as_json: bool) -> None:
    """List the places called NAME, in any script, the most important first.

    With --text, the places that the items of a file name (- reads standard input): where in
    the text, which place, how sure that is, and why. Where a source is at home is learnt from
    the file itself. Exit 1 when lines were no items.
    """
    from rasid.cli.places_text import find_in
    from rasid.places.names import key

    if text is not None:
        sys.exit(1 if find_in(place, text, as_json=as_json) else 0)
    if name is None:
        raise click.UsageError("give a NAME, or --text FILE.jsonl")

    with gazetteer(place) as opened:
        numbers = dict.fromkeys(one.place for one in opened.named(key(name)))
        if not numbers:
            near = _spelt_like(opened, key(name))
            said = f"; nearest: {', '.join(near)}" if near else ""
            click.echo(f"no place is called {name}{said}", err=True)
            return
        emit((row(opened.place(one), opened) for one in numbers), COLUMNS, as_json=as_json)


def _spelt_like(opened: GazetteerFile, wanted: str) -> list[str]:
    """Return names like one that is unknown, the most like first."""
    from difflib import get_close_matches

    close = get_close_matches(wanted, opened.keys_like(wanted[:2]), 5, 0.75)
    return [opened.place(opened.named(one)[0].place).name + f" ({one})" for one in close]


@command.command
@click.argument("identity", metavar="ID")
@with_json
@with_place
def show(place: Place, *, identity: str, as_json: bool) -> None:
    """Show all that is known of a place: names, what contains it, sources, a map."""
    with gazetteer(place) as opened:
        known = _by_id(opened, identity)
        sources = [
            f"{origin}: {ref}" + (f", {counted(names, 'name')} added" if names else "")
            for origin, ref, new, names in opened.sources(known.number)
        ]
        own = not any(new for _, _, new, _ in opened.sources(known.number))
        facts = {
            **row(known, opened),
            "names": list(opened.names(known.number)),
            "sources": [*(["comes with Rasid"] if own else []), *sources],
            "map": _map(known),
        }
    if as_json:
        emit([facts], [], as_json=True)
        return
    for key, value in facts.items():
        text = "; ".join(map(str, value)) if isinstance(value, list) else value
        click.echo(f"{key + ':':<12} {'' if text is None else text}")


def _map(known: Known) -> str | None:
    return MAP_LINK.format(lat=known.lat, lon=known.lon) if known.lat is not None else None


@command.command
@click.argument("identity", metavar="[ID]", default="")
@with_json
@with_place
def tree(place: Place, *, identity: str, as_json: bool) -> None:
    """List what a place contains; without ID the countries."""
    with gazetteer(place) as opened:
        found = opened.inside(_by_id(opened, identity).number) if identity else opened.countries()
        shown = found if as_json else found[:_MOST]
        emit((row(one, opened) for one in shown), ["name", "kind", "population", "id"],
             as_json=as_json)  # fmt: skip
    if len(shown) < len(found):
        click.echo(f"... and {len(found) - len(shown)} more; --json lists all", err=True)


@command.command
@click.argument("where", metavar="LAT,LON|NAME")
@click.option("--km", default=20.0, show_default=True, type=click.FloatRange(0.1, 1000))
@with_json
@with_place
def nearby(place: Place, *, where: str, km: float, as_json: bool) -> None:
    """List the places around a point or a place, nearest first; `--` before a minus."""
    with gazetteer(place) as opened:
        lat, lon = _point(opened, where)
        rows = [
            {"km": round(distance, 1), **row(one, opened)}
            for distance, one in opened.nearby(lat, lon, km)
        ]
        shown = rows if as_json else rows[:_MOST]
        emit(shown, ["km", *COLUMNS], as_json=as_json)
    if len(shown) < len(rows):
        click.echo(f"... and {len(rows) - len(shown)} more; --json lists all", err=True)


def _point(opened: GazetteerFile, where: str) -> tuple[float, float]:
    """Return the point that is meant by coordinates, an id or a name."""
    from rasid.places.names import key

    lat, _, lon = where.partition(",")
    try:
        point = float(lat), float(lon)
    except ValueError:
        bearers = opened.named(key(where))
        known = opened.by_id(where) or (opened.place(bearers[0].place) if bearers else None)
        if known is None or known.lat is None or known.lon is None:
            raise click.UsageError(f"neither LAT,LON nor a place: {where!r}") from None
        return known.lat, known.lon
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
        raise click.UsageError(f"no place on earth: {where}; latitude comes first")
    return point


def _by_id(opened: GazetteerFile, identity: str) -> Known:
    if known := opened.by_id(identity):
        return known
    raise click.UsageError(f"no place has the id {identity!r}; `rasid places find NAME` shows ids")
