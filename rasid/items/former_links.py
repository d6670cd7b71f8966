"""Link keys as they were made before: for finding items that were stored under them.

Nothing here is to be improved: an item stored with a former key and shown again with a link
that the present key does not recognise would be new, and would alert. Keys are made by
`rasid.items.links`; these are only looked up.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import SplitResult, parse_qs, parse_qsl, quote, unquote_to_bytes, urlsplit

_MAX_WRAPPERS: Final = 3
_SCHEMES: Final = frozenset({"http", "https"})
_SAFE: Final = "!$&'()*+,;=:@~"
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f]")
_SESSION: Final = re.compile(r";jsessionid=[^;/?#]*", re.IGNORECASE)
_INDEX: Final = frozenset({"index.html", "index.htm", "index.php", "index.shtml", "default.aspx"})
_HOST_PREFIXES: Final = frozenset({"www", "www2", "www3", "m", "mobile", "amp"})
_DEFAULT_PORTS: Final = frozenset({None, 80, 443})
_GOOGLE: Final = re.compile(r"(?:^|\.)google\.(?:[a-z]{2,3}|com?\.[a-z]{2})$")
_AMP_CACHE: Final = re.compile(r"^/(?:[a-z]/)?(?:s/)?([^/]+\.[^/]+/?.*)$", re.DOTALL)


def former_link_key(url: str) -> str:
    """Return the former key of an http(s) address, "" for anything else."""
    parts = _split(url)
    for _ in range(_MAX_WRAPPERS):
        if parts is None or not (inner := _wrapped(parts)):
            break
        parts = _split(inner) or parts
    return _key(parts) if parts is not None else ""


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(_UNSEEN.sub("", url).strip())
        usable = parts.scheme in _SCHEMES and bool(parts.hostname)
        _ = parts.port  # raises for one that is out of range
    except ValueError:
        return None
    return parts if usable else None


def _key(parts: SplitResult) -> str:
    host = _host(parts)
    path = _path(parts.path)
    query = _query(parts.query)
    if host == "youtu.be" and path:
        host, query, path = "youtube.com", f"v={path[1:]}", "/watch"
    if host == "youtube.com" and path == "/watch":
        query = "&".join(pair for pair in query.split("&") if pair.startswith("v="))
    if host == "t.me" and path.startswith("/s/"):
        path = path[2:]
    if host == "news.google.com":
        query = ""  # hl, gl, ceid, oc: how, not what
    return host + path + (f"?{query}" if query else "") + _fragment(parts.fragment)


def _host(parts: SplitResult) -> str:
    name = (parts.hostname or "").rstrip(".")
    if not name.isascii():
        name = _ascii(name)
    labels = name.split(".")
    while len(labels) > 2 and labels[0] in _HOST_PREFIXES:
        labels = labels[1:]
    if len(labels) > 3 and labels[1] == "m":  # ar.m.wikipedia.org
        del labels[1]
    port = "" if parts.port in _DEFAULT_PORTS else f":{parts.port}"
    return ".".join(labels) + port


def _ascii(name: str) -> str:
    try:
        return name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return name.casefold()


def _path(path: str) -> str:
    segments: list[str] = []
    for raw in _SESSION.sub("", path).split("/"):
        if raw == "..":
            segments[-1:] = []
        elif raw not in ("", "."):
            segments.append(_requote(raw))
    return "".join(f"/{segment}" for segment in _without_amp(_without_index(segments)))


def _requote(text: str) -> str:
    """Return one spelling; an encoded slash stays encoded, it is no separator."""
    return quote(unquote_to_bytes(text.encode("utf-8", "replace")), safe=_SAFE)


def _without_index(segments: list[str]) -> list[str]:
    return segments[:-1] if segments and segments[-1].casefold() in _INDEX else segments


def _without_amp(segments: list[str]) -> list[str]:
    if len(segments) > 1 and segments[-1] in ("amp", "amp.html"):
        return segments[:-1]
    if len(segments) > 1 and segments[0] == "amp":
        return segments[1:]
    if segments:
        last = re.sub(r"\.amp(?=$|\.html?$)", "", segments[-1])
        return [*segments[:-1], last] if last else segments
    return segments


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape", max_num_fields=None)
    kept = sorted((name, value) for name, value in pairs if not _is_tracking(name, value))
    return "&".join(f"{_word(name)}={_word(value)}" for name, value in kept)


def _word(text: str) -> str:
    return quote(text, safe="!$'()*,:@~/", errors="surrogatepass" if _odd(text) else "strict")


def _odd(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in text)


def _fragment(fragment: str) -> str:
    """Keep what addresses a page within a page: `#!/story/1` and `#/story/1`."""
    return f"#{_requote(fragment)}" if fragment.startswith(("!", "/")) else ""


# --- addresses around an address ---------------------------------------------------------


def _wrapped(parts: SplitResult) -> str:
    """Return the address that a redirect or AMP cache carries, "" where it carries none."""
    host = (parts.hostname or "").removeprefix("www.")
    if host.endswith(".cdn.ampproject.org") or host == "cdn.ampproject.org":
        return _amp_target(parts.path)
    if _GOOGLE.search(host):
        if parts.path.startswith("/amp/"):
            return _amp_target(parts.path.removeprefix("/amp"))
        return _parameter("q", "url")(parts) if parts.path == "/url" else ""
    rule = _WRAPPERS.get((host, parts.path))
    return rule(parts) if rule else ""


def _amp_target(path: str) -> str:
    found = _AMP_CACHE.match(path)
    return f"https://{found[1]}" if found else ""


def _parameter(*names: str) -> Callable[[SplitResult], str]:
    def read(parts: SplitResult) -> str:
        query = parse_qs(parts.query)
        values = (query[name][0] for name in names if name in query)
        return next((value for value in values if value.startswith(("http:", "https:"))), "")

    return read


_WRAPPERS: Final = {
    ("l.facebook.com", "/l.php"): _parameter("u"),
    ("lm.facebook.com", "/l.php"): _parameter("u"),
    ("facebook.com", "/l.php"): _parameter("u"),
    ("l.instagram.com", "/"): _parameter("u"),
    ("youtube.com", "/redirect"): _parameter("q"),
    ("vk.com", "/away.php"): _parameter("to"),
    ("t.umblr.com", "/redirect"): _parameter("z"),
    ("out.reddit.com", "/"): _parameter("url"),
    ("bing.com", "/news/apiclick.aspx"): _parameter("url"),
    ("slack-redir.net", "/link"): _parameter("url"),
}

# --- parameters that say how a reader came ------------------------------------------------

_PREFIXES: Final = (
    "utm_", "mtm_", "pk_", "piwik_", "matomo_", "at_", "ns_", "hsa_", "oly_", "vero_",
    "_hs", "__hs", "ga_", "fb_", "wt_", "sc_", "trk_", "itm_", "stm_", "dm_i",
)  # fmt: skip

_NAMES: Final = frozenset(
    {
        "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "yclid", "ysclid", "msclkid",
        "twclid", "ttclid", "li_fat_id", "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok",
        "srsltid", "_ga", "_gl", "_openstat", "_branch_match_id", "rb_clickid", "s_cid", "s_kwcid",
        "spm", "ncid", "cmp", "cmpid", "icid", "ocid", "ito", "smid", "smtyp", "emc", "mbid",
        "guccounter", "guce_referrer", "guce_referrer_sig", "__twitter_impression",
        "ml_subscriber", "ml_subscriber_hash", "xtor", "echobox", "soc_src", "soc_trk", "taid",
        "feedtype", "ftag", "ref_src", "ref_url", "referer", "referrer", "share_id", "shareid",
        "traffic_source", "sfnsn", "wprov", "cvid", "usqp", "amp_js_v", "amp_gsa", "amp_kit",
        "phpsessid", "jsessionid",
    }
)  # fmt: skip

# Only where the value says so: `source=reuters` and `ref=123` can choose what is shown.
_FEED_VALUES: Final = frozenset({"rss", "feed", "atom", "rss2", "rss2.0", "rss20", "rssfeed"})
_FEED_NAMES: Final = frozenset({"from", "src", "source", "partner", "via", "campaign", "origin"})

_AMP: Final = {
    "amp": frozenset({"", "1", "true", "yes"}),
    "output": frozenset({"amp"}),
    "outputtype": frozenset({"amp"}),
    "mode": frozenset({"amp"}),
    "view": frozenset({"amp"}),
}


def _is_tracking(name: str, value: str) -> bool:
    """Say whether a parameter leaves the page what it is."""
    name, value = name.casefold(), value.casefold()
    if name in _NAMES or name.startswith(_PREFIXES):
        return True
    if name == "ref":
        return not value.isdecimal()
    if name in _FEED_NAMES:
        return value in _FEED_VALUES
    return value in _AMP.get(name, ())
