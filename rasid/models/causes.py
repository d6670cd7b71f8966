"""Why a source fails, finer than the reason of a poll: what a person can do something about."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """Why a poll failed; the values are kept in the database and shown in `--json`."""

    BOT_WALL = "bot_wall"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid"
    CERTIFICATE_WRONG_HOST = "certificate_wrong_host"
    CERTIFICATE_SELF_SIGNED = "certificate_self_signed"
    CERTIFICATE_UNKNOWN_ISSUER = "certificate_unknown_issuer"
    CERTIFICATE_OTHER = "certificate_other"
    TLS = "tls"
    LOGIN_PAGE = "login_page"
    WEB_PAGE = "web_page"
    OTHER_JSON = "other_json"
    SITEMAP = "sitemap"  # read as a feed
    NOT_A_FEED = "not_a_feed"
    EMPTY = "empty"
    NOTHING_FOUND = "nothing_found"
    UNREADABLE = "unreadable"
    ROBOTS = "robots"
    DNS = "dns"
    REFUSED = "refused"
    CONNECT = "connect"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    CUT_OFF = "cut_off"
    REDIRECTS = "redirects"
    STATUS_401 = "status_401"
    STATUS_402 = "status_402"
    STATUS_403 = "status_403"
    STATUS_404 = "status_404"
    STATUS_407 = "status_407"
    STATUS_410 = "status_410"
    STATUS_451 = "status_451"
    STATUS_5XX = "status_5xx"
    STATUS_OTHER = "status_other"
    UNASKED_304 = "unasked_304"
    RATE_LIMITED = "rate_limited"
    BLOCKED_ADDRESS = "blocked_address"
    BAD_URL = "bad_url"
    SECRET = "secret"  # noqa: S105
    INTERNAL = "internal"
