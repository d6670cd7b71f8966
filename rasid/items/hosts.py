"""Names of hosts that show the same pages: `www.`, mobile and AMP ones, and known twins."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_SAME_SITE: Final = re.compile(r"www\d?|m|mobile|mobil|mob|amp|wap|touch")
_INNER: Final = frozenset({"m", "mobile", "amp"})  # ar.m.wikipedia.org
_POSSIBLE: Final = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_USUAL_PORTS: Final = frozenset({None, 80, 443})
_DOTS: Final = re.compile("[\u3002\uff0e\uff61]")
# Letters that the standard of 2003 (Python's codec) folds and that of 2008 keeps, as browsers do.
_KEPT_SINCE_2008: Final = re.compile("[ßς\u200c\u200d]")
# Second levels under which names are registered: `m.co.uk` is nobody's mobile host.
_REGISTRIES: Final = frozenset(
    {
        "co", "com", "net", "org", "gov", "edu", "ac", "or", "ne", "go", "gob", "mil", "gen",
        "info",
    }
)  # fmt: skip
_TWINS: Final = {
    "bbc.co.uk": "bbc.com",
    "edition.cnn.com": "cnn.com",
    "us.cnn.com": "cnn.com",
    "lite.cnn.com": "cnn.com",
    "telegram.me": "t.me",
    "telegram.dog": "t.me",
    "x.com": "twitter.com",
    "music.youtube.com": "youtube.com",
    "youtube-nocookie.com": "youtube.com",
    "old.reddit.com": "reddit.com",
    "mbasic.facebook.com": "facebook.com",
}


@lru_cache(maxsize=1024)  # of an item's host there are many items
def plain_host(name: str, port: int | None) -> str:
    """Return one name for a host and its twins, with a port that is not the usual one.

    "" for what no host can be called.
    """
    name = name.rstrip(".")
    if ":" in name:
        return f"[{name}]{_port(port)}"
    if not name.isascii():
        name = _ascii(name)
    if not _POSSIBLE.fullmatch(name):
        return ""
    labels = name.split(".")
    own = _registered(labels)
    while len(labels) > own and _SAME_SITE.fullmatch(labels[0]):
        del labels[0]
    while len(labels) > own + 1 and labels[1] in _INNER:
        del labels[1]
    plain = ".".join(labels)
    return _TWINS.get(plain, plain) + _port(port)


def _registered(labels: list[str]) -> int:
    """Return how many labels a registered name has."""
    return 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _REGISTRIES else 2


def _port(port: int | None) -> str:
    return "" if port in _USUAL_PORTS else f":{port}"


def _ascii(name: str) -> str:
    name = _DOTS.sub(".", unicodedata.normalize("NFKC", name).lower())
    return ".".join(map(_ascii_label, name.split(".")))


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label
    try:
        if _KEPT_SINCE_2008.search(label):
            return f"xn--{label.encode('punycode').decode('ascii')}"
        return label.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return label.casefold()
