"""Values to rows and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any, Final

from rasid.models import (
    Alert,
    AlertState,
    Certificate,
    Decision,
    Evidence,
    Item,
    ItemPage,
    Match,
    Offer,
    PageState,
    Schedule,
    SourceState,
    Subscription,
    SubscriptionState,
    Validators,
)
from storage.cleaning import clean_text

Row = Mapping[str, Any]
_SILENT: Final = Schedule()


def to_json(value: Any) -> str:
    """Return compact JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def id_list(ids: Iterable[str]) -> str:
    """Return ids as one bound parameter, for `json_each`."""
    return to_json([clean_text(one) for one in ids])


def item_from(row: Row) -> Item:
    """Return an item; texts that were pruned are empty."""
    return Item(
        id=row["id"],
        source=row["source"],
        outlet=row["outlet"],
        guid=row["guid"],
        link=row["link"] or "",
        title=row["title"] or "",
        summary=row["summary"] or "",
        text=row["text"] or "",
        author=row["author"] or "",
        tags=tuple(json.loads(row["tags"] or "[]")),
        language=row["language"] or "",
        published=row["published"],
        first_seen=row["first_seen"],
        revision=row["revision"],
        content_hash=row["content_hash"],
        decision=Decision(row["decision"]),
        only_seeded=bool(row["only_seeded"]),
        paged=bool(row["paged"]),
    )


def page_from(row: Row) -> ItemPage:
    """Return the page of an item."""
    values = {key: row[key] for key in row.keys()}  # noqa: SIM118 - see source_from
    return ItemPage(**{**values, "state": PageState(values["state"])})


def source_from(row: Row) -> SourceState:
    """Return the state of a source."""
    values: dict[str, Any] = dict(zip(row.keys(), row, strict=True))
    validators = Validators(values.pop("etag"), values.pop("last_modified"))
    offer = Offer(values.pop("hub"), values.pop("topic"))
    certificate = Certificate(values.pop("certificate_since"), values.pop("certificate_until"))
    for flag in ("seeded", "paused", "gone"):
        values[flag] = bool(values[flag])
    schedule = _schedule_from(values.pop("schedule"))
    return SourceState(
        validators=validators, offer=offer, schedule=schedule, certificate=certificate, **values
    )


@lru_cache(maxsize=1024)  # most sources say the same, or nothing
def _schedule_from(text: str) -> Schedule:
    said: dict[str, Any] = json.loads(text)
    for key in said.keys() & {"skip_hours", "skip_days"}:
        said[key] = tuple(said[key])
    return Schedule(**said)


def source_row(state: SourceState) -> dict[str, Any]:
    """Return the columns of a source's state."""
    values = asdict(state)
    validators, offer, schedule = (values.pop(key) for key in ("validators", "offer", "schedule"))
    said = {key: value for key, value in schedule.items() if value != getattr(_SILENT, key)}
    holds = {f"certificate_{key}": at for key, at in values.pop("certificate").items()}
    return {**values, **validators, **offer, **holds, "schedule": to_json(said)}


def subscription_from(row: Row) -> Subscription:
    """Return a subscription."""
    values = {key: row[key] for key in row.keys()}  # noqa: SIM118 - as above
    state, asked = SubscriptionState(values.pop("state")), bool(values.pop("asked"))
    return Subscription(state=state, asked=asked, **values)


def match_from(row: Row) -> Match:
    """Return a match."""
    evidence = tuple(Evidence(**one) for one in json.loads(row["evidence"]))
    return Match(row["rule"], row["rule_hash"], evidence)


def evidence_json(match: Match) -> str:
    """Return the evidence of a match as JSON text."""
    return to_json([asdict(one) for one in match.evidence])


def alert_from(row: Row) -> Alert:
    """Return an alert."""
    return Alert(
        id=row["id"],
        rule=row["rule"],
        rule_hash=row["rule_hash"],
        target=row["target"],
        receiver=row["receiver"],
        subject=row["subject"],
        created_at=row["created_at"],
        facts=json.loads(row["facts"]),
        state=AlertState(row["state"]),
        reason=row["reason"],
        notification=row["notification"] or "",
        retried_at=row["retried_at"],
        due_at=row["due_at"],
        lane=row["lane"],
        held_until=row["held_until"],
    )
