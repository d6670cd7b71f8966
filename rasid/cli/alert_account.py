"""All that is known of one alert, for `explain` and `capture`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from rasid.alerts.gates.notes import GATE
from rasid.alerts.handover.acks import acks_of
from rasid.alerts.lanes import silence_of
from rasid.cli.ack import ack_row
from rasid.cli.alert_names import alerts_named
from rasid.cli.evidence import evidence_in_context
from rasid.cli.options import Place
from rasid.cli.output import rfc3339
from rasid.cli.session import with_storage
from rasid.models import Ack, Alert, Document, Evidence, RuleVersion, Silence
from rasid.protocols import Reading, Storage


@dataclass(frozen=True, slots=True)
class Account:
    """All that is known of an alert."""

    alert: Alert
    document: Document | None  # as it was when the alert was raised; None when it was pruned
    version: RuleVersion | None
    in_force: bool
    deliveries: list[Mapping[str, Any]]
    captures: Mapping[str, str]  # SHA-256 by id
    ack: Ack | None = None
    silence: Silence | None = None  # that keeps it back


def account_of(place: Place, name: str) -> Account:
    """Return what is known of the one alert of that name. Raises `ClickException`."""

    async def read(storage: Storage) -> list[Account]:
        return await storage.read(
            lambda view: [_account(view, one) for one in alerts_named(view, name)]
        )

    accounts = with_storage(place, read)
    if len(accounts) != 1:
        which = "no alert has" if not accounts else "several alerts have"
        raise click.ClickException(f"{which} the id {name}; `rasid alerts` lists them")
    return accounts[0]


def _account(view: Reading, alert: Alert) -> Account:
    from rasid.items.documents import document

    facts = alert.facts
    item = view.revision(facts["item"], facts["revision"]) if "item" in facts else None
    versions = view.rule_versions(alert.rule) if alert.rule else []
    version = next((one for one in versions if one.hash == alert.rule_hash), None)
    return Account(
        alert,
        document(item) if item else None,
        version,
        view.rules_in_force().get(alert.rule) == alert.rule_hash,
        view.deliveries(alert.notification) if alert.notification else [],
        view.captures(alert.id),
        acks_of(view, [alert]).get(alert.id),
        _silence(view, alert),
    )


def account_row(account: Account) -> dict[str, Any]:
    """Return it for JSON."""
    alert, facts, version = account.alert, account.alert.facts, account.version
    evidence = [Evidence(**one) for one in facts.get("evidence", ())]
    item = {key: facts[key] for key in ("title", "link", "outlet", "source") if key in facts}
    return {
        "alert": alert.id,
        "created_at": rfc3339(alert.created_at),
        "state": alert.state,
        "reason": alert.reason,
        "due_at": rfc3339(alert.due_at),
        "receiver": alert.receiver,
        "target": alert.target,
        "subject": alert.subject,
        "story": facts.get("story"),
        "telling": facts.get("telling"),
        "ack": ack_row(account.ack) if account.ack else None,
        "escalated": _escalated(facts),
        "inhibited_by": facts.get("inhibited_by"),
        "silence": _silence_row(account.silence) if account.silence else None,
        "rule": alert.rule,
        "rule_hash": alert.rule_hash,
        "version": _version(version, account.in_force) if version else None,
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
        "items": list(facts.get("items") or facts.get(GATE, {}).get("items", ())),
        "evidence": evidence_in_context(evidence, account.document),
        "captures": dict(account.captures),
        "deliveries": [{**one, "at": rfc3339(one["at"])} for one in account.deliveries],
    }


def _silence(view: Reading, alert: Alert) -> Silence | None:
    found = view.silences_named(silence_of(alert.lane)) if silence_of(alert.lane) else []
    return found[0] if found else None


def _silence_row(silence: Silence) -> dict[str, Any]:
    ends_at = rfc3339(silence.ends_at)
    return {
        "id": silence.id,
        "author": silence.author,
        "reason": silence.reason,
        "ends_at": ends_at,
    }


def _escalated(facts: Mapping[str, Any]) -> dict[str, Any] | None:
    told = facts.get("escalated")
    return {**told, "since": rfc3339(told["since"])} if told else None


def _version(version: RuleVersion, in_force: bool) -> dict[str, Any]:
    return {
        "first_seen_at": rfc3339(version.first_seen_at),
        "last_seen_at": rfc3339(version.last_seen_at),
        "in_force": in_force,
    }
