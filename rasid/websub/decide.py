"""Which subscriptions there should be, and what follows from each step of one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from rasid.models import HubAnswer, Offer, Subscription, SubscriptionState
from rasid.settings import DAY, MINUTE, SECOND, Config, Source

LEASE: Final = 10 * DAY  # asked for; hubs give what they like
_LONGEST_LEASE: Final = 365 * DAY
_SOONEST: Final = 5 * MINUTE  # that a lease is renewed, however short
_FIRST: Final = 5 * MINUTE  # for a hub to confirm, doubled each time it does not
_MOST_DOUBLINGS: Final = 10
_DENIED_FOR: Final = 7 * DAY
_FAREWELLS: Final = 3  # requests to end a subscription; then its lease ends it
_LONGEST_REASON: Final = 200

_ACTIVE, _ASKED = SubscriptionState.ACTIVE, SubscriptionState.ASKED
_DENIED, _LEAVING = SubscriptionState.DENIED, SubscriptionState.LEAVING


@dataclass(slots=True)
class Changes:
    """What is to be written of subscriptions."""

    save: list[Subscription] = field(default_factory=list)
    drop: list[Subscription] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.save or self.drop)


def wanted(config: Config, offers: Mapping[str, Offer]) -> dict[str, Offer]:
    """Return the hub and topic of each source that is to be subscribed to.

    A source with credentials or a proxy is not: a hub is a third party, and would learn of
    the one and get around the other.
    """
    if not config.settings.callback_url:
        return {}
    found = {}
    for name, offer in offers.items():
        source = config.sources.get(name)
        if source is not None and offer.hub and source.enabled and _is_open(source):
            found[name] = Offer(offer.hub, offer.topic or source.url)
    return found


def _is_open(source: Source) -> bool:
    return not (source.auth or source.headers or source.proxy)


def changes(
    rows: Iterable[Subscription],
    wanted: Mapping[str, Offer],
    callback_url: str,
    *,
    now: int,
    random_text: Callable[[], str],
) -> Changes:
    """Return what brings the subscriptions in line with what is wanted."""
    done, served = Changes(), set[str]()
    for row in rows:
        if row.state is _LEAVING:
            continue
        if _fits(row, wanted.get(row.source), callback_url):
            served.add(row.source)
        elif row.state is _ACTIVE or row.asked:
            done.save.append(replace(row, state=_LEAVING, asked=False, due_at=now, failures=0))
        else:
            done.drop.append(row)
    for source in wanted.keys() - served:
        offer, key = wanted[source], random_text()
        callback = f"{callback_url.rstrip('/')}/{key}"
        row = Subscription(key, source, offer.hub, offer.topic, callback, random_text(), due_at=now)
        done.save.append(row)
    return done


def _fits(row: Subscription, offer: Offer | None, callback_url: str) -> bool:
    return (
        offer == Offer(row.hub, row.topic)
        and row.callback == f"{callback_url.rstrip('/')}/{row.key}"
    )


def asking(row: Subscription, now: int) -> Subscription | None:
    """Return a subscription as it is while a request is out, None when it is given up.

    Kept before the request is sent: some hubs ask back before they answer.
    """
    over = row.state in (_ACTIVE, _LEAVING) and 0 < row.lease_until <= now
    if row.state is _LEAVING and (over or row.failures >= _FAREWELLS):
        return None
    wait = min(DAY, _FIRST * 2 ** min(row.failures, _MOST_DOUBLINGS))
    state = row.state if row.state is _LEAVING or (row.state is _ACTIVE and not over) else _ASKED
    return replace(row, state=state, asked=True, failures=row.failures + 1, due_at=now + wait)


def request_of(row: Subscription) -> dict[str, str]:
    """Return the form that asks a hub to begin, renew or end a subscription."""
    ends = row.state is _LEAVING
    form = {
        "hub.callback": row.callback,
        "hub.mode": "unsubscribe" if ends else "subscribe",
        "hub.topic": row.topic,
    }
    if ends:
        return form
    return {**form, "hub.lease_seconds": str(LEASE // SECOND), "hub.secret": row.secret}


def answered(row: Subscription, answer: HubAnswer) -> Subscription:
    """Return a subscription after the hub's answer; confirmed meanwhile, it stays so."""
    if not row.asked:
        return row
    detail = answer.detail or ("" if answer.accepted else "the hub refuses")
    return replace(row, asked=answer.accepted, detail=detail)


def confirmed(row: Subscription, mode: str, topic: str, lease: str, now: int) -> Changes | None:
    """Return what follows when a hub asks whether a request is ours; None: it is not."""
    if not row.asked or topic != row.topic:
        return None
    if row.state is _LEAVING:
        return Changes(drop=[row]) if mode == "unsubscribe" else None
    micros = _lease(lease)
    if mode != "subscribe" or micros is None:
        return None
    renew = min(LEASE, max(_SOONEST, micros * 3 // 4))
    row = replace(row, state=_ACTIVE, asked=False, failures=0, detail="")
    return Changes(save=[replace(row, lease_until=now + micros, due_at=now + renew)])


def _lease(seconds: str) -> int | None:
    """Return microseconds; older hubs say nothing, and mean what they were asked for."""
    if not seconds:
        return LEASE
    if not (seconds.isascii() and seconds.isdecimal()) or not int(seconds[:12]):
        return None
    return min(_LONGEST_LEASE, int(seconds[:12]) * SECOND)


def denied(row: Subscription, topic: str, reason: str, now: int) -> Changes | None:
    """Return what follows when a hub refuses, now or of a sudden; None: it means another topic."""
    if topic != row.topic:
        return None
    if row.state is _LEAVING:
        return Changes(drop=[row])
    said = " ".join("".join(c if c.isprintable() else " " for c in reason).split())
    detail = f"the hub denies it: {said[:_LONGEST_REASON]}" if said else "the hub denies it"
    row = replace(row, state=_DENIED, asked=False, failures=0, detail=detail)
    return Changes(save=[replace(row, due_at=now + _DENIED_FOR)])
