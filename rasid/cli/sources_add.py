"""`rasid sources add`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import say

if TYPE_CHECKING:
    from rasid.discovery import Candidate, Found

_SHOWN = 5  # candidates that are not good


def _checked(name: str) -> Any:
    """Return a callback that judges an option as rules.yaml would be judged."""

    def check(_ctx: click.Context, _option: click.Parameter, value: str | None) -> str | None:
        from rasid.config.added import mistake

        if value is not None and (said := mistake(name, value)):
            raise click.BadParameter(said)
        return value

    return check


@click.command
@click.argument("url")
@click.option("--id", "identity", callback=_checked("id"), help="Its id; else made of the host.")
@click.option("--outlet", default="", help="Its outlet, by id or name; else made of the host.")
@click.option("--tag", "tags", multiple=True, help="A tag; may be given several times.")
@click.option("--every", callback=_checked("every"), help="The longest pause, such as 10m.")
@click.option("--first", is_flag=True, help="Take the best candidate without asking.")
@click.option("--to", "target", type=click.Path(path_type=Path), help="The file to write.")
@with_json
@with_place
def add(
    place: Place,
    *,
    url: str,
    identity: str | None,
    outlet: str,
    tags: tuple[str, ...],
    every: str | None,
    first: bool,
    target: Path | None,
    as_json: bool,
) -> None:
    """Find what can be watched at an address, as `discover` does, and watch the best of it.

    Writes a file of its own, sources.d/ID.yaml beside rules.yaml, which must include it; asks
    which one when several are good, unless --first is given or this is no terminal.
    """
    from rasid.atlas import configured
    from rasid.cli import finding
    from rasid.discovery.adding import Wish, addition

    config = configured(place)
    if identity in config.sources:
        raise click.UsageError(f"there is a source {identity!r} already: take another --id")
    _must_be_included(place, target)
    known = finding.watched(config)
    _must_be_new(finding.typed(url), known, url)
    found = finding.find(url, config.settings)
    chosen = _chosen(url, found, known, first=first)
    _must_be_new([chosen.url], known, url)
    wish = Wish(identity or "", outlet.strip(), tags, every or "")
    taken = {*config.sources, *(file.stem for file in _folder(place).glob("*.yaml"))}
    origin = f"added by `rasid sources add {url}`"
    new = addition(chosen, found.page, wish, config, taken, origin)
    target = target or _folder(place) / f"{new.id}.yaml"
    _write(target, new.text)
    _verify(place, target, new.id)
    row = finding.row(chosen, {}) | {"source": new.id, "outlet": new.outlet, "file": str(target)}
    say(_said(new.id, target, finding.described(chosen, {})), row, as_json=as_json)


def _folder(place: Place) -> Path:
    from rasid.config.added import FOLDER

    return place.config.parent / FOLDER


def _must_be_included(place: Place, target: Path | None) -> None:
    """Refuse, before anybody is asked, what rules.yaml would not read."""
    from rasid.config.added import PATTERN, is_included

    if not is_included(place.config, target or _folder(place) / "new.yaml"):
        wanted = PATTERN if target is None else str(_as_included(place, target))
        line = f'include: ["{wanted}"]'
        raise click.UsageError(f"{place.config} does not include {wanted}: write {line} into it")
    if target and target.exists():
        raise click.ClickException(f"{target} is there already: name another with --to")


def _as_included(place: Place, target: Path) -> Path:
    """Return a file as rules.yaml would name it."""
    folder = place.config.resolve().parent
    whole = target.resolve()
    return whole.relative_to(folder) if whole.is_relative_to(folder) else whole


def _must_be_new(urls: Iterable[str], known: Mapping[str, str], typed: str) -> None:
    """Refuse what is watched already, in whatever spelling."""
    from rasid.discovery.watched import source_key

    for url in urls:
        if source := known.get(source_key(url)):
            raise click.ClickException(
                f"{url} is watched already, as {source}; `rasid sources discover {typed}` "
                "shows what else there is"
            )


def _chosen(url: str, found: Found, known: Mapping[str, str], *, first: bool) -> Candidate:
    """Return the candidate to watch: the best, or the one that a person at a terminal picks."""
    from rasid.cli import finding
    from rasid.models import Sign

    if not found.candidates:
        raise click.ClickException(finding.nothing(url, found))
    good = [one for one in found.candidates if one.good or one.sign is Sign.GIVEN]
    if not good:
        for one in found.candidates[:_SHOWN]:
            click.echo(finding.described(one, known), err=True)
        raise click.ClickException(
            "none of these is worth watching; its own address adds one all the same"
        )
    asks = not first and len(good) > 1 and sys.stdin.isatty() and sys.stdout.isatty()
    return _asked(good, known) if asks else good[0]


def _asked(good: Sequence[Candidate], known: Mapping[str, str]) -> Candidate:
    from rasid.cli import finding

    for number, one in enumerate(good, 1):
        click.echo(f"{number}. {finding.described(one, known)}", err=True)
    kind = click.IntRange(1, len(good))
    return good[click.prompt("Which one", type=kind, default=1, err=True) - 1]


def _write(target: Path, text: str) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise click.ClickException(f"{target} is there already: name another with --to") from error
    except OSError as error:
        raise click.ClickException(f"{target}: {error.strerror}") from error


def _verify(place: Place, target: Path, identity: str) -> None:
    """Check the configuration with the file in it; take the file away if it does not hold."""
    from rasid.atlas import configured
    from rasid.errors import ConfigError

    try:
        config = configured(place)
    except ConfigError:
        target.unlink()
        raise
    if identity not in config.sources:
        target.unlink()
        raise click.ClickException(f"{place.config} does not read {target}: nothing is added")


def _said(identity: str, target: Path, described: str) -> str:
    return (
        f"{identity}: {described}\n"
        f"Written to {target}; a running daemon takes it over on reload (SIGHUP).\n"
        f"To see what it brings: rasid sources test {identity}. To remove it: delete the file."
    )
