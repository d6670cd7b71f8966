"""From the outcome of a poll to words that a person can act on. Pure.

The crawler says what happened (`PollResult.detail`), here stands what can be done about it: one
entry of `HINTS` for each cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rasid.models import Cause, PollOutcome, PollReason, PollResult

HINTS: Final[Mapping[Cause, str]] = {
    Cause.BOT_WALL: "ask the outlet to let this reader in, or look for a feed, sitemap or channel "
    "of it that is open",
    Cause.CERTIFICATE_EXPIRED: "the outlet has to renew it; if the system's clock is right, wait",
    Cause.CERTIFICATE_NOT_YET_VALID: "look whether the system's clock is right",
    Cause.CERTIFICATE_WRONG_HOST: "look for the name that the outlet uses now (www or not)",
    Cause.CERTIFICATE_SELF_SIGNED: "nobody vouches for it; `tls_verify: false` on the source "
    "trusts whoever answers",
    Cause.CERTIFICATE_UNKNOWN_ISSUER: "the outlet sends an incomplete chain, or this system's "
    "authorities are out of date",
    Cause.CERTIFICATE_OTHER: "the outlet has to mend it",
    Cause.TLS: "the server speaks no TLS that is safe today, or none at all on this port",
    Cause.LOGIN_PAGE: "set `auth` on the source, or look for a public feed",
    Cause.WEB_PAGE: "look for the feed's new address, or read the page with kind: page",
    Cause.OTHER_JSON: "look for the feed's address; this one answers programs",
    Cause.SITEMAP: "if it is meant, say kind: sitemap",
    Cause.NOT_A_FEED: "look for the feed's address",
    Cause.EMPTY: "look whether the feed has moved",
    Cause.NOTHING_FOUND: "the page has changed: `rasid sources suggest URL` proposes selectors",
    Cause.UNREADABLE: "`rasid parse URL` shows how far it can be read",
    Cause.ROBOTS: "`robots: false` on the source passes over it",
    Cause.DNS: "look whether the outlet has another address now, and whether DNS works here",
    Cause.REFUSED: "nothing listens there: look at the scheme and the port, or wait",
    Cause.CONNECT: "it is tried again by itself",
    Cause.TIMEOUT: "it is tried again by itself",
    Cause.TOO_LARGE: "look for a shorter feed of the outlet",
    Cause.CUT_OFF: "it is tried again by itself",
    Cause.REDIRECTS: "open the address in a browser and write down where it ends",
    Cause.STATUS_401: "it asks for a login: set `auth` on the source",
    Cause.STATUS_402: "it asks to be paid: look for a free feed of the outlet",
    Cause.STATUS_403: "it refuses us: look whether the feed is meant to be public",
    Cause.STATUS_404: "there is nothing: look for the feed's new address",
    Cause.STATUS_407: "the proxy asks for a login",
    Cause.STATUS_410: "remove it or find its new home",
    Cause.STATUS_451: "it is blocked for legal reasons, perhaps only where this server stands",
    Cause.STATUS_5XX: "the server has trouble",
    Cause.STATUS_OTHER: "open the address in a browser",
    Cause.UNASKED_304: "the outlet's cache is broken: tell the outlet",
    Cause.RATE_LIMITED: "it is asked less often by itself; a longer `every` helps",
    Cause.BLOCKED_ADDRESS: "if that is meant, list it in settings.security.allow_addresses",
    Cause.BAD_URL: "mend `url` in rules.yaml",
    Cause.SECRET: "mend the variable or the file that it names",
    Cause.INTERNAL: "the log says more",
}
_BY_REASON: Final[Mapping[PollReason, Cause]] = {
    PollReason.UNASKED_304: Cause.UNASKED_304,
    PollReason.RETRY_AFTER: Cause.RATE_LIMITED,
    PollReason.STATUS_410: Cause.STATUS_410,
    PollReason.HTTP_STATUS: Cause.STATUS_OTHER,
    PollReason.BLOCKED_ADDRESS: Cause.BLOCKED_ADDRESS,
    PollReason.BAD_URL: Cause.BAD_URL,
    PollReason.DNS: Cause.DNS,
    PollReason.CONNECT: Cause.CONNECT,
    PollReason.TLS: Cause.TLS,
    PollReason.TIMEOUT: Cause.TIMEOUT,
    PollReason.TOO_LARGE: Cause.TOO_LARGE,
    PollReason.CUT_OFF: Cause.CUT_OFF,
    PollReason.REDIRECTS: Cause.REDIRECTS,
    PollReason.ROBOTS: Cause.ROBOTS,
    PollReason.EMPTY_RESPONSE: Cause.EMPTY,
    PollReason.NOT_A_FEED: Cause.NOT_A_FEED,
    PollReason.NOTHING_FOUND: Cause.NOTHING_FOUND,
    PollReason.PARSE_ERROR: Cause.UNREADABLE,
    PollReason.PARSE_TIMEOUT: Cause.UNREADABLE,
    PollReason.SECRET: Cause.SECRET,
    PollReason.INTERNAL: Cause.INTERNAL,
}
_WELL: Final = frozenset({PollOutcome.OK, PollOutcome.NOT_MODIFIED})
_STATUSES: Final = {one.value: one for one in Cause if one.value.startswith("status_")}


def cause_of(result: PollResult) -> Cause | None:
    """Return why a poll failed, as exactly as is known; None when it went well."""
    if result.outcome in _WELL:
        return None
    if result.cause is not None:
        return result.cause
    if result.reason is PollReason.HTTP_STATUS:
        return of_status(result.status)
    return _BY_REASON.get(result.reason, Cause.INTERNAL)


def of_status(status: int) -> Cause:
    """Return the cause of a status that carries no feed."""
    if status >= 500:
        return Cause.STATUS_5XX
    return _STATUSES.get(f"status_{status}", Cause.STATUS_OTHER)


def hint_of(result: PollResult) -> str:
    """Say what can be done, "" when nothing need be or what happened says so already."""
    cause = cause_of(result)
    hint = HINTS[cause] if cause else ""
    return "" if hint in result.detail else hint


def told(result: PollResult) -> str:
    """Say what happened and what can be done; of a poll that went well what it has to say."""
    return ": ".join(filter(None, (result.detail, hint_of(result))))
