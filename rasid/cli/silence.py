"""`rasid silence`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import click

from rasid.cli.options import Place, for_group, with_json, with_place
from rasid.cli.output import emit, rfc3339, say, show
from rasid.cli.people import with_author
from rasid.cli.session import with_storage
from rasid.cli.since import microseconds
from rasid.ids import new_id
from rasid.models import MATCHERS, Silence
from rasid.notifiers.text import short_id
from rasid.protocols import Reading, Transaction
from rasid.settings import DAY, SEVERITIES

_LONGEST: Final = 90 * DAY
_HELP: Final = {
    "rule": "Alerts of this rule.",
    "place": "Alerts all of whose places are this one, or lie in it.",
    "outlet": "Alerts on items of this outlet.",
    "receiver": "Alerts to this receiver.",
    "story": "Alerts on this story (the id of any of its items).",
    "severity": "Alerts of this severity; what is critical is silenced only by naming it.",
}


def _matchers(function: Callable[..., Any]) -> Callable[..., Any]:
    for name in reversed(MATCHERS):
        kind = click.Choice(SEVERITIES) if name == "severity" else None
        option = click.option(f"--{name}", f"of_{name}", multiple=True, type=kind, help=_HELP[name])
        function = option(function)
    return function


@click.group
@for_group
def command() -> None:
    """Keep alerts back for a while: what a silence kept back is told when it ends."""


@command.command
@_matchers
@click.option("--for", "span", required=True, callback=microseconds, help="How long: 30m, 2h, 1d.")
@click.option("--reason", required=True, help="Why; it is kept.")
@with_author
@with_json
@with_place
def add(
    place: Place, *, span: int, reason: str, author: str, as_json: bool, **matchers: tuple[str, ...]
) -> None:
    """Silence alerts that fit all that is given; of one kind given twice, either.

    What is critical is silenced only with --severity critical, messages about Rasid itself
    never. A running daemon goes by it within seconds; what is being sent, goes out.
    """
    from rasid.clock import wall_clock

    given = {name: matchers[f"of_{name}"] for name in MATCHERS if matchers[f"of_{name}"]}
    if not given:
        raise click.UsageError("say what: " + ", ".join(f"--{name}" for name in MATCHERS))
    if not 0 < span <= _LONGEST:
        raise click.BadParameter("a silence lasts 90d at most, and not 0", param_hint="--for")
    if not reason.strip():
        raise click.BadParameter("a reason must not be empty", param_hint="--reason")
    _check_names(place, given)
    now = wall_clock()
    silence = Silence(new_id(now), given, author, reason.strip(), now, now + span)

    def write(tx: Transaction) -> Silence:
        stories = tuple(_story(tx, one) for one in given.get("story", ()))
        found = replace(silence, matchers={**given, "story": stories} if stories else given)
        tx.save_silence(found)
        return found

    made = with_storage(place, lambda storage: storage.write(write))
    said = f"silence {short_id(made.id)} until {rfc3339(made.ends_at)}"
    say(said, _row(made, now), as_json=as_json)


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that are over too.")
@with_json
@with_place
def list_(place: Place, *, everything: bool, as_json: bool) -> None:
    """List silences that hold."""
    from rasid.clock import wall_clock

    now = wall_clock()
    found = with_storage(
        place,
        lambda storage: storage.read(
            lambda view: view.silences(ending_after=-1 if everything else now)
        ),
    )
    rows = [_row(one, now) for one in found]
    if not as_json:
        rows = [{**row, "id": short_id(str(row["id"])), "what": _text(row)} for row in rows]
    emit(rows, ["id", "state", "ends_at", "author", "reason", "what"], as_json=as_json)


@command.command
@click.argument("silence", metavar="ID")
@with_author
@with_json
@with_place
def end(place: Place, *, silence: str, author: str, as_json: bool) -> None:
    """End a silence now: what it kept back is told."""
    from rasid.clock import wall_clock

    now = wall_clock()

    def write(tx: Transaction) -> tuple[list[Silence], bool]:
        found = tx.silences_named(silence) or tx.silences_named(silence.upper())
        if len(found) != 1 or not found[0].is_on(now):
            return found, False
        ended = replace(found[0], ends_at=now, ended_by=author)
        tx.save_silence(ended)
        return [ended], True

    found, done = with_storage(place, lambda storage: storage.write(write))
    if len(found) != 1:
        which = "several silences have" if found else "no silence has"
        hint = "`rasid silence list` lists them"
        raise click.ClickException(f"{which} the id {show(silence)}; {hint}")
    name = short_id(found[0].id)
    say(f"silence {name} {'ended' if done else 'is over'}", _row(found[0], now), as_json=as_json)


def _check_names(place: Place, given: dict[str, tuple[str, ...]]) -> None:
    """Refuse names of rules, receivers and outlets that nobody bears: they would silence nothing.

    With an invalid rules.yaml nothing is refused.
    """
    from rasid.atlas import configured
    from rasid.errors import ConfigError

    try:
        config = configured(place)
    except ConfigError:
        return
    outlets = {*config.outlets, *(source.outlet for source in config.sources.values())}
    known = {"rule": config.rules, "receiver": config.receivers, "outlet": outlets}
    for name, names in known.items():
        for value in given.get(name, ()):
            if value not in names:
                raise click.UsageError(f"no {name} is called {show(value)} in rules.yaml")


def _story(view: Reading, item: str) -> str:
    """Return the story of an item."""
    named = view.items_named(item)
    within = view.memberships([named[0].id]) if len(named) == 1 else {}
    if not within:
        raise click.UsageError(f"no story has the item {show(item)}; `rasid stories` lists them")
    return within[named[0].id].story


def _row(one: Silence, now: int) -> dict[str, object]:
    return {
        "id": one.id,
        "state": "on" if one.is_on(now) else "over",
        "matchers": {name: list(values) for name, values in one.matchers.items()},
        "author": one.author,
        "reason": one.reason,
        "created_at": rfc3339(one.created_at),
        "ends_at": rfc3339(one.ends_at),
        "ended_by": one.ended_by or None,
    }


def _text(row: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {' or '.join(those)}" for name, those in row["matchers"].items())
