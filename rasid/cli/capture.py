"""`rasid capture`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from rasid.cli.alert_account import Account, account_of, account_row
from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import rfc3339, say
from rasid.notifiers.text import short_id

_OURS = ("state", "reason", "due_at", "receiver", "target", "deliveries", "item")


@click.command
@click.argument("alert")
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="A folder that is not there yet.  [default: rasid-ALERT]",
)
@with_json
@with_place
def command(place: Place, *, alert: str, to: Path | None, as_json: bool) -> None:
    """Export what ALERT rests on into a folder: the responses as WARC, the alert, the item.

    Others can verify it; its README says how. Only `settings.capture: true` makes captures, of
    what is fetched from then on. No secrets are in it, but it tells the words of the rule.
    """
    from rasid.captures.export import export

    account = account_of(place, alert)
    if not account.captures:
        raise click.ClickException(
            f"nothing was captured for the alert {alert}: settings.capture was off, it is not "
            "about an item, or retention is over"
        )
    folder = to or Path(f"rasid-{short_id(account.alert.id)}")
    told = {"alert.json": _alert(account), "item.json": _item(account)}
    try:
        export(folder, place.data_dir, account.captures, told)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}") from error
    row = {"alert": account.alert.id, "folder": str(folder), "captures": dict(account.captures)}
    say(f"Exported to {folder}: verify it with `sha256sum -c SHA256SUMS`", row, as_json=as_json)


def _alert(account: Account) -> dict[str, Any]:
    """Return the alert without whom it was told and how."""
    row = {key: value for key, value in account_row(account).items() if key not in _OURS}
    rule = row["definition"] or {}
    return {**row, "definition": {key: rule[key] for key in rule if key != "notify"}}


def _item(account: Account) -> dict[str, Any]:
    """Return the item in the revision that the alert is about, as far as its texts are kept."""
    facts, document = account.alert.facts, account.document
    texts = ("summary", "text", "author", "tags")
    return {
        "id": facts["item"],
        "revision": facts["revision"],
        **{key: facts[key] for key in ("outlet", "source", "title", "link", "language")},
        **({key: getattr(document, key) for key in texts} if document else {}),
        "published": rfc3339(facts["published"]),
        "first_seen": rfc3339(facts["first_seen"]),
    }
