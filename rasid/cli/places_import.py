"""`rasid places import` and `rasid places remove`."""

from __future__ import annotations

import hashlib
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rasid.cli.gazetteer import gazetteer
from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit, say
from rasid.counted import counted
from rasid.progress import progress

if TYPE_CHECKING:
    from storage.imports import Imports

_EXISTING = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=_EXISTING, metavar="FILE...")
@click.option("--alternate-names", type=_EXISTING, help="GeoNames' file of further names.")
@with_json
@with_place
def import_files(
    place: Place, *, files: tuple[Path, ...], alternate_names: Path | None, as_json: bool
) -> None:
    """Import places of GeoNames (.txt, .zip), GeoJSON, CSV or JSON lists.

    A place that is known already gets the names that it lacks. A file of the same name
    takes the place of what was imported from it before.
    """
    from storage.imports import Imports

    names = [file.name for file in files]
    if len(set(names)) < len(names):
        raise click.UsageError("two files have the same name, by which imports are told apart")
    with closing(Imports(place.data_dir)) as imports:
        unchanged = [_put(imports, file, alternate_names) for file in files]
    with gazetteer(place) as opened:
        counts = opened.origins()
        sample = {name: opened.examples(name) for name in names}
    rows = []
    for name, same in zip(names, unchanged, strict=True):
        new, merged, added = counts.get(name, (0, 0, 0))
        row = {"origin": name, "places": new + merged, "new": new, "merged": merged,
               "names_added": added, "unchanged": same, "examples": sample[name]}  # fmt: skip
        rows.append(row)
        if not as_json:
            _tell(name, new, merged, added, sample[name], same=same)
    if as_json:
        emit(rows, [], as_json=True)


def _put(imports: Imports, file: Path, alternate: Path | None) -> bool:
    """Keep what a file says; return whether that was known already."""
    from rasid.clock import wall_clock
    from rasid.places.facts import RefusedError
    from rasid.places.reading import facts_of

    digest = hashlib.sha256()
    for one in (file, alternate):
        if one is not None:
            with one.open("rb") as opened:
                digest.update(hashlib.file_digest(opened, "sha256").digest())
    if imports.has(file.name, digest.hexdigest()):
        return True
    try:
        with progress(f"reading {file.name}"):
            facts = facts_of(file, alternate)
            imports.put(file.name, digest.hexdigest(), facts, wall_clock())
    except RefusedError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    return False


def _tell(name: str, new: int, merged: int, added: int, examples: list[str], *, same: bool) -> None:
    if same:
        click.echo(f"{name}: nothing new, it was imported before")
        return
    few = f" ({', '.join(examples)})" if examples else ""
    click.echo(
        f"{name}: {counted(new + merged, 'place')}, {new} new{few}, {merged} merged with known "
        f"ones, which got {counted(added, 'name')}"
    )


@click.command
@click.argument("what", metavar="ID|FILE")
@with_json
@with_place
def remove(place: Place, *, what: str, as_json: bool) -> None:
    """Remove what was imported: a file by its name, or what files said of one place."""
    from storage.imports import FILE, Imports

    if not (place.data_dir / FILE).exists():
        raise click.UsageError("nothing was imported")
    with gazetteer(place) as opened:
        known = opened.by_id(what)
        said = opened.sources(known.number) if known else ()
    with closing(Imports(place.data_dir)) as imports:
        if not imports.remove(what):
            if not said:
                raise click.UsageError(f"no import and no imported place is called {what!r}")
            imports.remove_facts([(origin, ref) for origin, ref, _, _ in said])
    with gazetteer(place):
        say(f"Removed {what}.", {"removed": what}, as_json=as_json)
