"""`rasid explain`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click

from rasid.cli.alert_account import Account, account_of, account_row
from rasid.cli.alert_reason import reason_of, telling_of
from rasid.cli.evidence import echo_evidence
from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit, show
from rasid.notifiers.text import short_id


@click.command
@click.argument("alert")
@with_json
@with_place
def command(place: Place, *, alert: str, as_json: bool) -> None:
    """Say why ALERT was raised: the rule as it was then, the item, the words with their context.

    ALERT is an id of `rasid alerts`, or the short one that stands in a message.
    """
    account = account_of(place, alert)
    row = account_row(account)
    if as_json:
        emit([row], [], as_json=True)
    else:
        _echo(row, account)


def _echo(row: Mapping[str, Any], account: Account) -> None:
    reason = f" ({reason_of(account.alert)})" if row["reason"] else ""
    click.echo(f"Alert {row['alert']} of {row['created_at']} to {row['target']}")
    click.echo(f"  {row['state']}{reason}, deliveries: {len(row['deliveries'])}")
    if row["text"]:
        click.echo(f"  {show(row['text'])}")
    if item := row["item"]:
        click.echo(f"Item {item['id']}, revision {item['revision']}")
        click.echo(f"  {show(item.get('title'))}")
        click.echo(f"  {show(item.get('outlet'))}, published {item['published'] or 'undated'}")
        click.echo(f"  {show(item.get('link'))}")
    _echo_people(row, account)
    if row["rule"]:
        click.echo(f"Rule {show(row['rule'])}, version {row['rule_hash']}{_in_force(row)}")
        if row["definition"]:
            click.echo(f"  {show(json.dumps(row['definition'], ensure_ascii=False))}")
    if row["evidence"]:
        places = " and places" if any("place" in one for one in row["evidence"]) else ""
        gone = "" if account.document else " (the text was deleted since)"
        click.echo(f"Words{places}{gone}")
        echo_evidence(row["evidence"])
    if row["items"]:
        click.echo("It rests on other items, too" if row["item"] else "It rests on")
        for one in row["items"]:
            click.echo(f"  {show(one['outlet'])}: {show(one['title'])} [{one['item']}]")
    if row["captures"]:
        click.echo("What it rests on was captured as it came:")
        click.echo(f"  rasid capture {short_id(row['alert'])}")


def _echo_people(row: Mapping[str, Any], account: Account) -> None:
    """Print how an alert stands in its story, and what people did about it."""
    if row["story"]:
        sharper = row["inhibited_by"]
        which = f" ({short_id(sharper)})" if sharper else ""
        click.echo(f"Story {row['story']}: {telling_of(account.alert)}{which}")
    if silence := row["silence"]:
        whose = f"{show(silence['author'])} until {silence['ends_at']}"
        click.echo(f"Silenced by {whose}: {show(silence['reason'])}")
    if escalated := row["escalated"]:
        whom = show(", ".join(escalated["unanswered"]))
        click.echo(f"Escalated: nobody at {whom} had acknowledged it since {escalated['since']}")
    if ack := row["ack"]:
        note = f": {show(ack['note'])}" if ack["note"] else ""
        click.echo(f"Acknowledged by {show(ack['acked_by'])} at {ack['acked_at']}{note}")


def _in_force(row: Mapping[str, Any]) -> str:
    version = row["version"]
    if not version:
        return ""
    until = "still in force" if version["in_force"] else f"until {version['last_seen_at']}"
    return f", in force from {version['first_seen_at']}, {until}"
