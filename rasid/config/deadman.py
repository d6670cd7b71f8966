"""What notices that something stops, as written, to the values of `rasid.settings`."""

from __future__ import annotations

from collections.abc import Mapping

from rasid.config.private import refused
from rasid.config.problems import Problems, Spot
from rasid.config.schema import SettingsIn
from rasid.config.schema_deadman import CanaryIn, HeartbeatIn
from rasid.errors import SecretError
from rasid.secret import fill
from rasid.settings import Canary, Heartbeat


def build_heartbeat(written: HeartbeatIn | None) -> Heartbeat | None:
    """Return the address that waits for a sign of life, if there is one."""
    return Heartbeat(written.url, written.every) if written else None


def check_heartbeat(
    settings: SettingsIn, places: Mapping[str, tuple[str, Spot]], problems: Problems
) -> None:
    """Warn of an address that cannot be reached: a secret is missing, or the guard refuses."""
    if settings.heartbeat is None:
        return
    label, url = "settings: heartbeat", settings.heartbeat.url
    try:
        fill(url)
    except SecretError as error:
        problems.warn(*places["heartbeat"], f"{label}: {error}")
    if address := refused(url, settings.security.allow_addresses):
        message = f"{label}: {address} is not public, so no connection will be made"
        hint = f'if it is meant: settings: security: allow_addresses: ["{address}"]'
        problems.warn(*places["heartbeat"], message, hint)


def build_canary(written: CanaryIn | None) -> Canary | None:
    """Return how often a canary is released and where to, if one is."""
    return Canary(written.every, written.receiver) if written else None


def check_canary(
    settings: SettingsIn,
    places: Mapping[str, tuple[str, Spot]],
    receivers: Mapping[str, object],
    problems: Problems,
) -> None:
    """Note a receiver that does not exist; warn where nobody would be told of a missing one."""
    if settings.canary is None:
        return
    name = settings.canary.receiver
    if name and name not in receivers:
        message = f'settings: canary: unknown receiver "{name}"'
        problems.add(*places["canary"], message, problems.known(name, receivers))
    if not settings.ops_receiver and not settings.fallback_receiver and not settings.heartbeat:
        message = "settings: canary: nobody is told when it does not arrive"
        hint = "name an ops_receiver, a fallback_receiver or a heartbeat"
        problems.warn(*places["canary"], message, hint)
