"""Alerts by the name that a person types."""

from __future__ import annotations

from rasid.models import Alert
from rasid.protocols import Reading


def alerts_named(view: Reading, name: str) -> list[Alert]:
    """Return the alerts with an id of `rasid alerts`, its beginning, or the one of a message."""
    return view.alerts(ids=[name]) or view.alerts_named(name) or view.alerts_named(name.upper())
