"""`rasid explain`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from rasid.cli.alert_names import alerts_named
from rasid.cli.evidence import echo_evidence, evidence_in_context
from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit, rfc3339, show
from rasid.cli.session import with_storage
from rasid.models import Alert, Document, Evidence, RuleVersion
from rasid.protocols import Reading, Storage


@dataclass(frozen=True, slots=True)
class _Story:
    """All that is known of an alert."""

    alert: Alert
    document: Document | None  # as it was when the alert was raised; None when it was pruned
    version: RuleVersion | None
    in_force: bool
    deliveries: list[Mapping[str, Any]]


@click.command
@click.argument("alert")
@with_json
@with_place
def command(place: Place, *, alert: str, as_json: bool) -> None:
    """Say why ALERT was raised: the rule as it was then, the item, the words with their context.

    ALERT is an id of `rasid alerts`, or the short one that stands in a message.
    """

    async def read(storage: Storage) -> list[_Story]:
        return await storage.read(
            lambda view: [_story(view, one) for one in alerts_named(view, alert)]
        )

    stories = with_storage(place, read)
    if len(stories) != 1:
        which = "no alert has" if not stories else "several alerts have"
        raise click.ClickException(f"{which} the id {alert}; `rasid alerts` lists them")
    row = _row(stories[0])
    if as_json:
        emit([row], [], as_json=True)
    else:
        _echo(row, stories[0])


def _story(view: Reading, alert: Alert) -> _Story:
    from rasid.items.documents import document

    facts = alert.facts
    item = view.revision(facts["item"], facts["revision"]) if "item" in facts else None
    versions = view.rule_versions(alert.rule) if alert.rule else []
    version = next((one for one in versions if one.hash == alert.rule_hash), None)
    return _Story(
        alert,
        document(item) if item else None,
        version,
        view.rules_in_force().get(alert.rule) == alert.rule_hash,
        view.deliveries(alert.notification) if alert.notification else [],
    )


def _row(story: _Story) -> dict[str, Any]:
    alert, facts, version = story.alert, story.alert.facts, story.version
    evidence = [Evidence(**one) for one in facts.get("evidence", ())]
    item = {key: facts[key] for key in ("title", "link", "outlet", "source") if key in facts}
    return {
        "alert": alert.id,
        "created_at": rfc3339(alert.created_at),
        "state": alert.state,
        "reason": alert.reason,
        "receiver": alert.receiver,
        "target": alert.target,
        "subject": alert.subject,
        "rule": alert.rule,
        "rule_hash": alert.rule_hash,
        "version": _version(version, story.in_force) if version else None,
        "definition": dict(version.definition) if version else None,
        "item": {
            "id": facts["item"],
            **item,
            "published": rfc3339(facts.get("published")),
            "first_seen": rfc3339(facts.get("first_seen")),
            "revision": facts["revision"],
        }
        if "item" in facts
        else None,
        "text": facts.get("text"),
        "evidence": evidence_in_context(evidence, story.document),
        "deliveries": [{**one, "at": rfc3339(one["at"])} for one in story.deliveries],
    }


def _version(version: RuleVersion, in_force: bool) -> dict[str, Any]:
    return {
        "first_seen_at": rfc3339(version.first_seen_at),
        "last_seen_at": rfc3339(version.last_seen_at),
        "in_force": in_force,
    }


def _echo(row: Mapping[str, Any], story: _Story) -> None:
    reason = f" ({row['reason']})" if row["reason"] else ""
    click.echo(f"Alert {row['alert']} of {row['created_at']} to {row['target']}")
    click.echo(f"  {row['state']}{reason}, deliveries: {len(row['deliveries'])}")
    if row["text"]:
        click.echo(f"  {show(row['text'])}")
    if item := row["item"]:
        click.echo(f"Item {item['id']}, revision {item['revision']}")
        click.echo(f"  {show(item.get('title'))}")
        click.echo(f"  {show(item.get('outlet'))}, published {item['published'] or 'undated'}")
        click.echo(f"  {show(item.get('link'))}")
    if row["rule"]:
        click.echo(f"Rule {show(row['rule'])}, version {row['rule_hash']}{_in_force(row)}")
        if row["definition"]:
            click.echo(f"  {show(json.dumps(row['definition'], ensure_ascii=False))}")
    if row["evidence"]:
        places = " and places" if any("place" in one for one in row["evidence"]) else ""
        gone = "" if story.document else " (the text was deleted since)"
        click.echo(f"Words{places}{gone}")
        echo_evidence(row["evidence"])


def _in_force(row: Mapping[str, Any]) -> str:
    version = row["version"]
    if not version:
        return ""
    until = "still in force" if version["in_force"] else f"until {version['last_seen_at']}"
    return f", in force from {version['first_seen_at']}, {until}"
