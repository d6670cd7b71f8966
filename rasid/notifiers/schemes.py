"""Which Apprise URLs Rasid accepts: services on a network, nothing on this machine."""

from __future__ import annotations

import re
from typing import Final

CONSOLE: Final = "console"
CANARY: Final = "canary"  # in no rules.yaml

# Apprise knows more: those that run programs, write files, speak to the desktop or load code
# are left out on purpose, others until someone needs them.
_NETWORK: Final = """
    apprise apprises azure bark barks bluesky brevo bsky bulksms clickatell d7sms dingtalk
    discord fcm feishu flock form forms gchat gotify gotifys groupme guilded hassio hassios
    https ifttt infobip join json jsons kodi kodis lark line mailersend mailgun mailto mailtos
    mastodon mastodons matrix matrixs misskey misskeys mmost mmosts msgbird ncloud nclouds
    nctalk nctalks nexmo notica noticas ntfy ntfys o365 onesignal opsgenie pagerduty pagertree
    pbul plivo postmark pover prowl pushdeer pushdeers pushme pushplus pushy resend revolt
    rocket rockets ryver sendgrid ses seven signal signals simplepush sinch slack smtp2go sns
    sparkpost spush synology synologys telnyx tgram threema toot toots twilio twist viber
    victorops voipms vonage webex wechat wecombot whatsapp workflow workflows wxteams xml xmls
    zoom zulip
"""
ALLOWED: Final = frozenset(_NETWORK.split())

# Parameters that read files, load templates, or send more than once.
REFUSED_PARAMETERS: Final = frozenset(
    {"attach", "config", "pgp", "pgpkey", "pgpprv", "pgppub", "retry", "template", "wkd"}
)

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):/{0,2}")
_PARAMETER: Final = re.compile(r"[?&]([A-Za-z_]+)=")


def scheme_of(url: str) -> str:
    """Return the scheme of a URL in lower case, "" when it has none."""
    found = _SCHEME.match(url.strip())
    return found[1].lower() if found else ""


def hidden(url: str) -> str:
    """Return a URL as it may be shown: what follows its scheme may be a token."""
    return url if url.startswith("${") else f"{scheme_of(url)}://***"


def remedy(url: str) -> str:
    """Return what to do about a URL that is not understood."""
    if url.partition("?")[0].count("@") > 1:
        return "percent-encode signs of a name or password: @ as %40, : as %3A, / as %2F"
    return "something is missing or misspelt, see Apprise's page of the service"


def scheme_problem(url: str) -> str | None:
    """Say why a URL is refused by its scheme or its parameters, None when it is not."""
    scheme = scheme_of(url)
    if not scheme:
        return "is not a URL of a service (scheme://...)"
    if scheme == CONSOLE:
        return None
    if scheme not in ALLOWED:
        return f"{scheme}:// is not allowed: only services on a network are"
    refused = sorted({name.lower() for name in _PARAMETER.findall(url)} & REFUSED_PARAMETERS)
    return f"parameter {refused[0]!r} is not allowed" if refused else None
