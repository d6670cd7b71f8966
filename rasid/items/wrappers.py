"""Addresses around an address: redirects, AMP caches, scanners of mail."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from rasid.items.addresses import Address

Rule = Callable[[Address], str]

_GOOGLE: Final = re.compile(r"(?:^|\.)google\.(?:[a-z]{2,3}|com?\.[a-z]{2})$")
_YANDEX: Final = re.compile(r"^yandex\.(?:[a-z]{2,3}|com\.[a-z]{2})$")
_CACHED: Final = re.compile(r"^/(?:amp/)?(?:[a-z]{1,2}/)?(?:s/)?([^/]+\.[^/]+(?:/.*)?)$")
_TURBO: Final = re.compile(r"^/(?:turbo/)?([^/]+\.[^/]+)/(?:s/)?(.*)$")
_EMBEDDED: Final = re.compile(r"https?(?::/|%3A%2F).*", re.IGNORECASE)
_DEFENDED: Final = re.compile(r"^/v3/__(https?:/.+?)__;")
_YAHOO: Final = re.compile(r"/RU=([^/]+)/")
_CHECKSUM: Final = re.compile(r":[\w-]{15,}$")
_ADDRESS: Final = re.compile(r"(https?):/+(?=[^/])", re.IGNORECASE)


def wrapped(address: Address) -> str | None:
    """Return the address that another one leads to, "" where it leads nowhere else.

    None when its host, or that part of it, is not there to lead elsewhere.
    """
    if not _may_wrap(address.host):
        return None
    host, path = address.host, address.path
    if _GOOGLE.search(host):
        return _google(address)
    if _YANDEX.search(host) and f"{path}/".startswith("/turbo/"):
        return _turbo(address) or _parameter("text")(address)
    for (where, begins), rule in _BY_LABEL.get(_label(host), ()):
        if (host == where or host.endswith(f".{where}")) and f"{path}/".startswith(begins):
            return rule(address)
    return None


@lru_cache(maxsize=1024)
def _may_wrap(host: str) -> bool:
    """Say whether there is a rule for a host, whatever the path."""
    return bool(_GOOGLE.search(host) or _YANDEX.search(host)) or _label(host) in _BY_LABEL


def _label(host: str) -> str:
    """Return the label before the last."""
    return host.rpartition(".")[0].rpartition(".")[2]


_GOOGLE_NAMES: Final = {
    "/url": ("q", "url"),
    "/news/url": ("q", "url"),
    "/imgres": ("imgrefurl",),
    "/ml": ("continue",),  # asks for consent first
    "/translate": ("u",),
}


def _google(address: Address) -> str:
    if address.segments[:1] == ["amp"]:
        return _cached(address)
    if address.host.startswith("feed"):
        return _embedded(address)
    return _parameter(*_GOOGLE_NAMES.get(address.path, ()))(address)


def _cached(address: Address) -> str:
    found = _CACHED.match(address.path)
    return _with_query(f"https://{found[1]}", address) if found else ""


def _turbo(address: Address) -> str:
    found = _TURBO.match(address.path)
    return _with_query(f"https://{found[1]}/{found[2]}", address) if found else ""


def _translated(address: Address) -> str:
    """`e-org.translate.goog`: dots are hyphens, hyphens are doubled."""
    labels = address.host.removesuffix(".translate.goog").split("--")
    host = "-".join(label.replace("-", ".") for label in labels)
    return _with_query(f"https://{host}{address.path}", address)


def _with_query(text: str, address: Address) -> str:
    return f"{text}?{address.query}" if address.query else text


def _embedded(address: Address) -> str:
    """Return what follows as an address of its own: `/~/https://e.org/a`, `?https://e.org/a`."""
    found = _EMBEDDED.search(_with_query(address.path, address))
    if not found:
        return ""
    return _whole(found[0] if ":/" in found[0] else unquote(found[0]))


def _defended(address: Address) -> str:
    found = _DEFENDED.match(_with_query(address.path, address))
    return _whole(found[1]) if found else ""


def _defended_before(address: Address) -> str:
    return _whole(unquote(_value(address, "u").replace("-", "%").replace("_", "/")))


def _yahoo(address: Address) -> str:
    found = _YAHOO.search(address.path)
    return _whole(unquote(found[1])) if found else ""


def _bing(address: Address) -> str:
    value = _value(address, "u").removeprefix("a1")
    try:
        return _whole(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode())
    except ValueError:
        return ""


def _disqus(address: Address) -> str:
    return _CHECKSUM.sub("", _parameter("url")(address))


def _parameter(*names: str) -> Rule:
    def read(address: Address) -> str:
        return next(filter(None, (_whole(_value(address, name)) for name in names)), "")

    return read


def _value(address: Address, name: str) -> str:
    return next((unquote(value) for known, value in address.pairs if known == name), "")


def _whole(text: str) -> str:
    """Return an absolute address, also one that lost a slash; "" for anything else."""
    text = text.strip()
    return _ADDRESS.sub(r"\1://", text, count=1) if _ADDRESS.match(text) else ""


_RULES: Final[dict[tuple[str, str], Rule]] = {
    ("cdn.ampproject.org", "/"): _cached,
    ("bing-amp.com", "/"): _cached,
    ("turbopages.org", "/"): _turbo,
    ("translate.goog", "/"): _translated,
    ("bing.com", "/amp/"): _cached,
    ("bing.com", "/news/apiclick.aspx/"): _parameter("url"),
    ("bing.com", "/ck/a/"): _bing,
    ("r.search.yahoo.com", "/"): _yahoo,
    ("duckduckgo.com", "/l/"): _parameter("uddg"),
    ("googleadservices.com", "/pagead/aclk/"): _parameter("adurl"),
    ("doubleclick.net", "/"): _embedded,
    ("feedburner.com", "/"): _embedded,
    ("feedblitz.com", "/"): _embedded,
    ("facebook.com", "/l.php/"): _parameter("u"),
    ("facebook.com", "/flx/warn/"): _parameter("u"),
    ("messenger.com", "/l.php/"): _parameter("u"),
    ("l.instagram.com", "/"): _parameter("u"),
    ("l.threads.net", "/"): _parameter("u"),
    ("l.threads.com", "/"): _parameter("u"),
    ("l.wl.co", "/l/"): _parameter("u"),
    ("youtube.com", "/redirect/"): _parameter("q"),
    ("linkedin.com", "/redir/"): _parameter("url"),
    ("linkedin.com", "/safety/go/"): _parameter("url"),
    ("vk.com", "/away.php/"): _parameter("to"),
    ("ok.ru", "/dk/"): _parameter("st.link"),
    ("t.me", "/iv/"): _parameter("url"),
    ("t.umblr.com", "/redirect/"): _parameter("z"),
    ("out.reddit.com", "/"): _parameter("url"),
    ("steamcommunity.com", "/linkfilter/"): _parameter("url", "u"),
    ("medium.com", "/m/global-identity/"): _parameter("redirectUrl"),
    ("medium.com", "/r/"): _parameter("url"),
    ("disq.us", "/"): _disqus,
    ("getpocket.com", "/redirect/"): _parameter("url"),
    ("flipboard.com", "/redirect/"): _parameter("url"),
    ("slack-redir.net", "/link/"): _parameter("url"),
    ("href.li", "/"): _embedded,
    ("redirectingat.com", "/"): _parameter("url"),
    ("skimresources.com", "/"): _parameter("url"),
    ("safelinks.protection.outlook.com", "/"): _parameter("url"),
    ("urldefense.com", "/v3/"): _defended,
    ("urldefense.proofpoint.com", "/v2/"): _defended_before,
    ("clicktime.symantec.com", "/"): _parameter("u"),
    ("linkprotect.cudasvc.com", "/url/"): _parameter("a"),
}  # fmt: skip


def _by_label() -> dict[str, list[tuple[tuple[str, str], Rule]]]:
    """Return the rules by the label before the last, so that few are tried."""
    found: dict[str, list[tuple[tuple[str, str], Rule]]] = {}
    for (host, path), rule in _RULES.items():
        found.setdefault(host.split(".")[-2], []).append(((host, path), rule))
    return found


_BY_LABEL: Final = _by_label()
