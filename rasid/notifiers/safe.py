"""Text of strangers made harmless: one line, no live mentions or links, right directions.

What a feed says is data. It is never a template, never markup, and it cannot leave the line
it stands in. Nothing visible is changed by it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

FSI: Final = "\u2068"  # first strong isolate
PDI: Final = "\u2069"
WORD_JOINER: Final = "\u2060"  # invisible; breaks what would be a mention or a link

_BREAKS: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_REMOVED: Final = re.compile(r"[\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]")
_LIVE: Final = re.compile(r"[@＠]|<(?=\S)|\](?=[(\[:])")
_ZWJ: Final = "\u200d"
_LINK_SAFE: Final = "%/:=&?~#+!$,;'()*[]-._"


def line(text: str) -> str:
    """Return a stranger's text on one line, without controls and direction overrides.

    Embeddings, overrides and isolates go: unbalanced they would turn the rest of the message
    round. Marks (LRM, RLM) and joiners stay, they belong to the spelling.
    """
    return _BREAKS.sub(" ", _REMOVED.sub("", text)).strip()


def defused(text: str) -> str:
    """Return a line in which mentions, Slack's `<...>` and Markdown links are broken."""
    return _LIVE.sub(lambda found: found.group(0) + WORD_JOINER, line(text))


def isolated(text: str) -> str:
    """Return a text with a right-to-left letter in it between isolates, others as they are."""
    return apart(text) if any(_is_rtl(letter) for letter in text) else text


def apart(text: str) -> str:
    """Return a text between isolates: what it begins with does not direct its line."""
    return f"{FSI}{text}{PDI}"


def cut(text: str, limit: int) -> str:
    """Shorten to `limit` code points with an ellipsis, never inside what is seen as one."""
    if len(text) <= limit:
        return text
    at = max(0, limit - 1)
    while at > 0 and _joined(text, at):
        at -= 1
    return text[:at].rstrip() + "…" if limit > 0 else ""


def link(url: str) -> str:
    """Return an http(s) link in ASCII that shows its true host, else an empty text.

    User names go (`https://bbc.com@evil.example` is evil.example), the host is written in
    ASCII, and what a chat could read as markup or mention is percent-encoded.
    """
    try:
        parts = urlsplit(line(url))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host:
        return ""
    place = _ascii_host(host) + (f":{port}" if port else "")
    path, query, rest = (
        quote(part, safe=_LINK_SAFE) for part in (parts.path, parts.query, parts.fragment)
    )
    return urlunsplit((parts.scheme, place, path, query, rest))


def host_of(url: str) -> str:
    """Return the host that a link of `link()` leads to."""
    return urlsplit(url).hostname or ""


def _ascii_host(host: str) -> str:
    if ":" in host:
        return f"[{host}]"
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return quote(host, safe="")


def _is_rtl(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in {"R", "AL", "AN"}


def _joined(text: str, at: int) -> bool:
    """Tell whether a cut before `text[at]` would split one visible sign."""
    after, before = text[at], text[at - 1]
    return (
        unicodedata.category(after).startswith("M")
        or after in (_ZWJ, WORD_JOINER)
        or before == _ZWJ
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= after <= "\U000e007f"  # tags of flags
        or (_is_flag_letter(after) and _flag_letters_before(text, at) % 2 == 1)
    )


def _is_flag_letter(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def _flag_letters_before(text: str, at: int) -> int:
    count = 0
    while at > count and _is_flag_letter(text[at - 1 - count]):
        count += 1
    return count
