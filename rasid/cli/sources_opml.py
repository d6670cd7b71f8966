"""`rasid sources import` and `export`: subscriptions of other readers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit, say
from rasid.counted import counted
from rasid.settings import Config, Source

if TYPE_CHECKING:
    from rasid.config.opml import Subscription


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "target", type=click.Path(path_type=Path), help="The file to write.")
@with_json
@with_place
def import_(place: Place, *, file: Path, target: Path | None, as_json: bool) -> None:
    """Write the feeds of an OPML file as sources, for rules.yaml to include.

    Folders become tags. Feeds that rules.yaml has already are left out; the file, beside
    rules.yaml if --to does not say otherwise, must not be there yet.
    """
    from rasid.atlas import configured
    from rasid.config.imported import as_yaml, named
    from rasid.config.opml import OpmlError, read_opml

    target = target or place.config.with_name(f"{file.stem}.yaml")
    config = configured(place) if place.config.exists() else Config()
    try:
        found = read_opml(file.read_bytes())
    except OpmlError as error:
        raise click.ClickException(f"{file} {error}") from error
    known = {source.url for source in config.sources.values()}
    usable = [one for one in found if one.url.startswith(("http://", "https://"))]
    fresh = [one for one in usable if one.url not in known]
    if fresh:
        _write(target, as_yaml(named(fresh, config.sources), f"feeds of {file.name}"))
    counts = {
        "written": len(fresh),
        "known": len(usable) - len(fresh),
        "refused": len(found) - len(usable),
        "file": str(target) if fresh else "",
    }
    say(_said(counts, place, target), counts, as_json=as_json)


def _write(target: Path, text: str) -> None:
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise click.ClickException(f"{target} is there already: name another with --to") from error
    except OSError as error:
        raise click.ClickException(f"{target}: {error.strerror}") from error


def _said(counts: dict[str, object], place: Place, target: Path) -> str:
    written, known = counts["written"], counts["known"]
    rest = f", {known} known already" if known else ""
    if refused := counts["refused"]:
        rest += f", {refused} with an address that is neither http nor https"
    if not written:
        return f"nothing to write{rest}"
    name = target.name if target.parent == place.config.parent else target
    many = counted(int(str(written)), "source")
    return f"{target}: {many}{rest}. Include it in {place.config.name}: include: [{name}]"


@click.command
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@with_json
@with_place
def export(place: Place, *, file: Path | None, as_json: bool) -> None:
    """Print the enabled sources as OPML, or write them to FILE; a first tag becomes a folder.

    Logins are left out, and so are sources whose address has a secret in it.
    """
    from rasid.atlas import configured
    from rasid.config.opml import write_opml

    found = list(_subscriptions(configured(place)))
    text = write_opml(found, "Rasid")
    if as_json:
        emit((one._asdict() for one in found), ["title", "url"], as_json=True)
    elif file is None:
        click.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8")


def _subscriptions(config: Config) -> Iterator[Subscription]:
    from rasid.config.opml import Subscription

    for source in config.sources.values():
        if source.enabled and "${" not in source.url:
            yield Subscription(_title(config, source), source.url, source.tags[:1])


def _title(config: Config, source: Source) -> str:
    return f"{config.outlet_of(source).name} ({source.id})"
