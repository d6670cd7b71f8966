"""Sections as written to the values of `rasid.settings`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rasid.config import schema
from rasid.config.deadman import build_canary, build_heartbeat, check_canary, check_heartbeat
from rasid.config.private import is_loopback, refused
from rasid.config.problems import Problems, Spot
from rasid.config.public_url import check_public_url
from rasid.config.schema_receivers import ReceiverIn
from rasid.config.sections import Found
from rasid.config.tree import spot_of
from rasid.errors import SecretError
from rasid.secret import fill, placeholders
from rasid.settings import (
    MINUTE,
    USUAL,
    USUAL_AT_MOST,
    Auth,
    Outlet,
    Select,
    Settings,
    Source,
    Web,
)


def build_outlets(found: Mapping[str, Found[schema.OutletIn]]) -> dict[str, Outlet]:
    """Return outlets by id."""
    outlets = [entry.value for entry in found.values() if entry.value]
    return {
        outlet.id: Outlet(
            outlet.id, outlet.name or outlet.id, outlet.country, outlet.language, outlet.group
        )
        for outlet in outlets
    }


def build_sources(found: Mapping[str, Found[schema.SourceIn]]) -> dict[str, Source]:
    """Return sources by id, those that are not enabled too."""
    return {entry.value.id: _source(entry.value) for entry in found.values() if entry.value}


def _source(written: schema.SourceIn) -> Source:
    auth = written.auth
    return Source(
        id=written.id,
        outlet=written.outlet,
        url=written.url,
        kind=written.kind,
        select=Select(**written.select.model_dump()) if written.select else None,
        **_pauses(*written.every),
        language=written.language,
        enabled=written.enabled,
        auth=Auth(auth.username, auth.password, auth.bearer) if auth else None,
        headers=dict(written.headers),
        proxy=written.proxy,
        tls_verify=written.tls_verify,
        robots=written.robots,
        text=written.text,
        tags=tuple(dict.fromkeys(written.tags)),
        backfill_alerts=written.backfill_alerts,
    )


def _pauses(least: int, most: int) -> dict[str, int]:
    """Return how often to poll: within two bounds, at one pace, or as nobody has said."""
    if not most:
        return {"every": USUAL, "most": USUAL_AT_MOST}
    return {"every": least, "least": least, "most": most} if least < most else {"every": most}


def build_settings(written: schema.SettingsIn) -> Settings:
    """Return the settings."""
    return Settings(
        time_zone=written.time_zone,
        ops_receiver=written.ops_receiver,
        fallback_receiver=written.fallback_receiver,
        retention=written.retention,
        dead_letter_after=written.dead_letter_after,
        too_old=written.too_old,
        backfill_alerts=written.backfill_alerts,
        failing_after=written.failing_after,
        receiver_failing_after=written.receiver_failing_after,
        noisy_rule=written.noisy_rule,
        story_updates=written.story_updates,
        map_link=written.map_link,
        language=written.language,
        user_agent=written.user_agent,
        capture=written.capture,
        spool_age=written.spool_age,
        spool_size=written.spool_size,
        allow_addresses=tuple(written.security.allow_addresses),
        public_url=written.public_url,
        web=_web(written.web) if written.web else None,
        callback_url=written.websub.callback_url if written.websub else "",
        canary=build_canary(written.canary),
        heartbeat=build_heartbeat(written.heartbeat),
    )


def _web(written: schema.WebIn) -> Web:
    host, _, port = written.listen.rpartition(":")
    return Web(host.strip("[]"), int(port), written.public)


def check_settings(
    settings: schema.SettingsIn,
    places: Mapping[str, tuple[str, Spot]],
    receivers: Mapping[str, object],
    file: str,
    problems: Problems,
) -> None:
    """Note receivers that do not exist, and an open port that nobody has asked for.

    Warn when the time zone is left open.
    """
    for key in ("ops_receiver", "fallback_receiver"):
        name = getattr(settings, key)
        if name and name not in receivers:
            hint = problems.known(name, receivers)
            problems.add(*places[key], f'settings: {key}: unknown receiver "{name}"', hint)
    if settings.web and not settings.web.public and not is_loopback(settings.web.listen):
        message = f"settings: web: {settings.web.listen} can be reached from other machines"
        hint = "listen on 127.0.0.1 behind a reverse proxy; if it is meant: public: true"
        problems.add(*places["web"], message, hint)
    if settings.websub and not settings.web:
        message = "settings: websub: hubs reach nobody without settings.web"
        problems.add(*places["websub"], message, "such as web: {listen: 127.0.0.1:8080}")
    if settings.websub and settings.websub.callback_url.startswith("http://"):
        message = "settings: websub: callback_url is not https: others can read what is pushed"
        problems.warn(*places["websub"], message)
    check_public_url(settings, places, problems)
    check_canary(settings, places, receivers, problems)
    check_heartbeat(settings, places, problems)
    if "time_zone" not in places:
        message = "settings.time_zone is not set: times are shown in UTC"
        problems.warn(file, Spot(), message, "such as time_zone: Asia/Damascus")


def check_sources(
    found: Mapping[str, Found[schema.SourceIn]], allowed: Sequence[str], problems: Problems
) -> None:
    """Note credentials that contradict one another.

    Warn of hurry, of missing secrets and of addresses that the guard will refuse.
    """
    for entry in found.values():
        source = entry.value
        if source is None:
            continue
        label = f'source "{source.id}"'
        if 0 < source.every[0] < 5 * MINUTE:
            spot = spot_of(entry.tree, ("every",))
            message = f"{label}: polled more often than every 5m"
            problems.warn(entry.file, spot, message, "many outlets will not like it")
        _check_select(source, entry, label, problems)
        if source.auth:
            _check_auth(source.auth, entry, label, problems)
            warn_secrets(entry, ("auth",), label, problems, *source.auth.model_dump().values())
        warn_secrets(entry, ("headers",), label, problems, *source.headers.values())
        warn_secrets(entry, ("proxy",), label, problems, source.proxy)
        key = "proxy" if source.proxy else "url"  # what is connected to
        warn_private(entry, (key,), label, getattr(source, key), allowed, problems)


def _check_select(
    source: schema.SourceIn, entry: Found[schema.SourceIn], label: str, problems: Problems
) -> None:
    if source.kind == "page" and source.select is None:
        message = f'{label}: "select" is missing: what of the page is an item?'
        spot = spot_of(entry.tree, ("kind",))
        problems.add(entry.file, spot, message, "such as select: {item: article.teaser}")
    is_channel = source.kind == "telegram" or source.url.startswith("https://t.me/")
    if is_channel and source.text == "page":
        message = f"{label}: messages of a channel have no pages of their own"
        spot = spot_of(entry.tree, ("text",))
        problems.add(entry.file, spot, message, "take text: page away")
    if source.kind != "page" and source.select is not None:
        message = f'{label}: "select" is for pages only'
        spot = spot_of(entry.tree, ("select",))
        problems.add(entry.file, spot, message, "write kind: page, or take select: away")


def _check_auth(
    auth: schema.AuthIn, entry: Found[schema.SourceIn], label: str, problems: Problems
) -> None:
    pair = bool(auth.username or auth.password)
    if pair == bool(auth.bearer) or (pair and not auth.username):
        message = f"{label}: auth: needs either username and password, or bearer"
        problems.add(entry.file, spot_of(entry.tree, ("auth",)), message)


def warn_private(
    entry: Found[schema.SourceIn] | Found[ReceiverIn],
    path: tuple[int | str, ...],
    label: str,
    url: str,
    allowed: Sequence[str],
    problems: Problems,
) -> None:
    """Warn of an address that the guard will refuse."""
    if address := refused(url, allowed):
        message = f"{label}: {address} is not public, so no connection will be made"
        hint = f'if it is meant: settings: security: allow_addresses: ["{address}"]'
        problems.warn(entry.file, spot_of(entry.tree, path), message, hint)


def warn_secrets(
    entry: Found[schema.SourceIn] | Found[ReceiverIn],
    path: tuple[int | str, ...],
    label: str,
    problems: Problems,
    *templates: str,
) -> None:
    """Warn of secrets in a value that are not at hand."""
    for template in templates:
        for placeholder in placeholders(template):
            try:
                fill(placeholder)
            except SecretError as error:
                problems.warn(entry.file, spot_of(entry.tree, path), f"{label}: {error}")
