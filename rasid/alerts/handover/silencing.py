"""Which alerts a silence keeps back. Pure.

All matchers of a silence must fit an alert. What is critical is kept back only by a silence
that names this severity; messages about Rasid itself by none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from rasid.alerts.gates.notes import GATE
from rasid.alerts.pins import innermost
from rasid.models import Alert, Silence
from rasid.settings import CRITICAL, SEVERITIES, rank
from rasid.text.fold import fold_text

KINDS: Final = ("item", GATE)  # of alerts that rules raise; the others are about Rasid itself


OWN: Final = "rasid:"  # how rules of Rasid itself begin, such as the canary's


def is_of_rule(alert: Alert) -> bool:
    """Tell whether a rule of rules.yaml raised an alert, and it still says what of."""
    return alert.facts.get("kind") in KINDS and not alert.rule.startswith(OWN)


def silenced_by(alert: Alert, silences: Iterable[Silence], now: int) -> Silence | None:
    """Return the silence that keeps an alert back, of several the one that ends last.

    One that is over has what was promised while it held: its summary is still to come.
    """
    found = [
        one
        for one in silences
        if (one.is_on(now) or one.is_on(alert.promised_at)) and fits(one.matchers, alert)
    ]
    return max(found, key=lambda one: (one.ends_at, one.id), default=None)


def fits(matchers: Mapping[str, Sequence[str]], alert: Alert) -> bool:
    """Tell whether all matchers fit an alert."""
    if not is_of_rule(alert) or not matchers:
        return False
    severity = _severity(alert)
    if severity == CRITICAL and CRITICAL not in matchers.get("severity", ()):
        return False
    return all(_FITS[name](alert, values) for name, values in matchers.items())


def _severity(alert: Alert) -> str:
    return SEVERITIES[rank(str(alert.facts.get("severity", "")))]


def _lies_in(alert: Alert, values: Sequence[str]) -> bool:
    """Tell whether every place that an alert is about is one of these, or lies in one."""
    wanted = {fold_text(value) for value in values}
    places = [one["place"] for one in alert.facts.get("evidence", ()) if one.get("place")]
    found = innermost(places)
    return bool(found) and all(not wanted.isdisjoint(_names(place)) for place in found)


def _names(place: Mapping[str, Any]) -> set[str]:
    names = [place.get("id"), place.get("name"), place.get("shown"), *place.get("within", ())]
    return {fold_text(str(name)) for name in names if name}


def _fact(key: str) -> Callable[[Alert, Sequence[str]], bool]:
    return lambda alert, values: alert.facts.get(key) in values


_FITS: Final[Mapping[str, Callable[[Alert, Sequence[str]], bool]]] = {
    "rule": lambda alert, values: alert.rule in values,
    "receiver": lambda alert, values: alert.receiver in values,
    "severity": lambda alert, values: _severity(alert) in values,
    "outlet": _fact("outlet_id"),
    "story": _fact("story"),
    "place": _lies_in,
}
