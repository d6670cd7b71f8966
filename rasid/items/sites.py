"""Sites whose addresses follow rules of their own: one video, post or message has one key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rasid.items.addresses import Address, word_of

_VIDEO_PATHS: Final = frozenset({"shorts", "live", "embed", "v", "e"})
_HOW_GOOGLE_SHOWS: Final = frozenset({"hl", "gl", "ceid", "oc", "ned", "pz", "cf"})
_HOW_TELEGRAM_SHOWS: Final = frozenset({"single", "embed", "mode", "userpic", "dark", "color"})
_HOW_FACEBOOK_SHOWS: Final = frozenset({"rdid", "share_url", "paipv", "eav", "_rdr", "locale"})
_WHICH_WEIXIN_POST: Final = frozenset({"__biz", "mid", "idx", "sn"})


def by_site(address: Address) -> Address:
    """Return an address as its site would tell it; others stay as they are."""
    rule = _SITES.get(address.host)
    return rule(address) if rule else address


def _short_video(address: Address) -> Address:
    if len(address.segments) != 1:
        return address
    return Address("youtube.com", ["watch"], [("v", word_of(address.segments[0]))], "")


def _video(address: Address) -> Address:
    match address.segments:
        case [kind, video] if kind in _VIDEO_PATHS:
            return Address(address.host, ["watch"], [("v", word_of(video))], "")
        case ["watch"]:
            which = [pair for pair in address.pairs if pair[0] == "v"]
            return Address(address.host, ["watch"], which, "")
    return address


def _post(address: Address) -> Address:
    """Whoever stands before `/status/`, the number alone chooses the post."""
    match address.segments:
        case [_, "status" | "statuses", post, *_] | ["i", "web", "status", post, *_]:
            return Address(address.host, ["i", "status", post], [], "")
    return address


def _message(address: Address) -> Address:
    segments = address.segments
    while segments[:1] == ["s"] and len(segments) > 1:
        segments = segments[1:]
    if segments:
        segments = [segments[0].lower(), *segments[1:]]
    return _without(Address(address.host, segments, address.pairs, ""), _HOW_TELEGRAM_SHOWS)


def _facebook(address: Address) -> Address:
    return _without(address, _HOW_FACEBOOK_SHOWS)


def _picture(address: Address) -> Address:
    match address.segments:
        case ["p" | "reel" | "tv", picture, *_]:
            return Address(address.host, ["p", picture], [], "")
    return address


def _thread(address: Address) -> Address:
    match address.segments:
        case ["r", _, "comments", thread] | ["r", _, "comments", thread, _]:
            return Address(address.host, ["comments", thread], [], "")
        case ["r", _, "comments", thread, _, comment, *_]:
            return Address(address.host, ["comments", thread, "_", comment], [], "")
    return address


def _clip(address: Address) -> Address:
    match address.segments:
        case [_, "video", _]:
            return Address(address.host, address.segments, [], "")
    return address


def _google_news(address: Address) -> Address:
    match address.segments:
        case [*_, "articles" | "read", article]:
            return Address(address.host, ["articles", article], [], "")
    return _without(address, _HOW_GOOGLE_SHOWS)


def _weixin(address: Address) -> Address:
    if address.segments != ["s"]:
        return address
    pairs = [pair for pair in address.pairs if pair[0] in _WHICH_WEIXIN_POST]
    return Address(address.host, ["s"], pairs, "")


def _without(address: Address, names: frozenset[str]) -> Address:
    pairs = [pair for pair in address.pairs if pair[0] not in names]
    return Address(address.host, address.segments, pairs, address.fragment)


_SITES: Final[dict[str, Callable[[Address], Address]]] = {
    "youtu.be": _short_video,
    "youtube.com": _video,
    "twitter.com": _post,
    "t.me": _message,
    "facebook.com": _facebook,
    "instagram.com": _picture,
    "reddit.com": _thread,
    "tiktok.com": _clip,
    "news.google.com": _google_news,
    "mp.weixin.qq.com": _weixin,
}
