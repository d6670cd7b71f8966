"""From what outlets send to plain text: no markup, no control characters, whole code points."""

from __future__ import annotations

import re
from html import unescape
from typing import Final
from urllib.parse import urljoin, urlsplit

TITLE_LIMIT: Final = 500
SUMMARY_LIMIT: Final = 20_000
TEXT_LIMIT: Final = 200_000
NAME_LIMIT: Final = 200
LINK_LIMIT: Final = 4_000

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ALLOWED: Final = re.compile("[\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
# `<` inside a tag ends it, so that text of nothing but `<a` is read once, not once per `<`.
_TAG: Final = re.compile(r"<(/?[a-zA-Z][\w:-]*|!|\?)[^<>]*>")
# With its semicolon: in `?a=1&section=2` there is none, which HTML would read as `?a=1§ion=2`.
_REFERENCE: Final = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z]\w{1,30});")
_BLOCK: Final = frozenset(
    {
        "p", "div", "br", "li", "ul", "ol", "tr", "td", "th", "table", "blockquote", "figure",
        "figcaption", "section", "article", "header", "footer", "hr", "pre", "dd", "dt",
        "h1", "h2", "h3", "h4", "h5", "h6",
    }
)  # fmt: skip
_BREAKS: Final = {  # of the tags that most markup consists of
    slash + name: "\n" if name in _BLOCK else ""
    for name in _BLOCK | {"a", "b", "em", "font", "i", "img", "small", "span", "strong", "u"}
    for slash in ("", "/")
}
_HIDDEN: Final = frozenset({"script", "style"})
# Absolute already, and such that joining and cleaning leave it as it is: no `;`, nothing empty.
_PLAIN_ADDRESS: Final = re.compile(
    r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?:/[!$%&()*+,./:=@\w~'-]*)?"
    r"(?:\?[!$%&()*+,./:=?@\w~'-]+)?(?:\#[!$%&()*+,./:=?@\w~'-]+)?",
    re.ASCII,
)
# No-break spaces are the author's, the rest is layout.
_SPACES: Final = re.compile(r"[ \t\n\r\u2028\u2029]+")
_LINE_END: Final = re.compile(r"[\n\u2028\u2029]")


def without_controls(text: str) -> str:
    """Return text without C0 and C1 controls (tab and line feed stay) and lone surrogates."""
    if text.isprintable():  # most lines are, and it is much faster to see
        return text
    if _ALLOWED.fullmatch(text):  # twice as fast as to look for what is not
        return text
    return _CONTROL.sub(_without_control, text)


def _without_control(found: re.Match[str]) -> str:
    return "\ufffd" if "\ud800" <= found[0] <= "\udfff" else ""


def one_line(markup: str, limit: int = TITLE_LIMIT) -> str:
    """Return the words of a title or name on one line."""
    if len(markup) <= limit and _is_line(markup):
        return markup.strip(" ")
    text = _words(_start(markup, limit * 20))
    if "  " in text or not text.isprintable():
        text = _SPACES.sub(" ", text)
    return text.strip()[:limit].rstrip()


def _is_line(text: str) -> bool:
    """Say whether a text is a line already, but for what stands around it."""
    return text.isprintable() and not ("<" in text or "&" in text or "  " in text)


def plain(markup: str, limit: int = SUMMARY_LIMIT) -> str:
    """Return the words of a summary or text, one line per block."""
    text = _words(_start(markup, limit * 20))
    if "\t" in text or "\r" in text:
        text = text.replace("\t", " ").replace("\r", " ")
    while "  " in text:  # halved each time, without touching lone blanks
        text = text.replace("  ", " ")
    unusual = "\u2028" in text or "\u2029" in text
    lines = _LINE_END.split(text) if unusual else text.split("\n")
    kept = [line for each in lines if (line := each.strip(" "))]
    return "\n".join(kept).strip()[:limit].rstrip()


def _start(markup: str, size: int) -> str:
    """Return the start of a text, without the half of a tag that it may end with."""
    start = markup[:size]
    if len(markup) > size and (tag := start.rfind("<")) > start.rfind(">"):
        return start[:tag]
    return start


def _words(markup: str) -> str:
    """Unescape twice at most: `AT&amp;amp;T` is common, a third time would be the author's."""
    text = markup
    for _ in range(2):
        if "<" in text:
            text = _without_tags(text)
        if "&" not in text:
            break
        text = unescape(text)
    else:
        text = _without_tags(text) if "</" in text else text
    return without_controls(text)


def _without_tags(text: str) -> str:
    pieces = _TAG.split(_without_comments(text))  # text and names of tags by turns
    names = pieces[1::2]
    if others := set(names).difference(_BREAKS):
        if not _HIDDEN.isdisjoint(map(str.casefold, others)):
            return _shown(pieces)
        pieces[1::2] = map(_break, names)
    else:
        pieces[1::2] = map(_BREAKS.__getitem__, names)
    return "".join(pieces)


def _shown(pieces: list[str]) -> str:
    """Return the text without what stands in scripts and styles."""
    kept, hidden = [pieces[0]], ""
    for name, text in zip(pieces[1::2], pieces[2::2], strict=True):
        known = name.casefold()
        if known in _HIDDEN:
            hidden = "/" + known
        elif known == hidden:
            hidden = ""
        kept += (_break(name), "" if hidden else text)
    return "".join(kept)


def _break(name: str) -> str:
    """Return what stands in the text for a tag."""
    return "\n" if name.casefold().lstrip("/") in _BLOCK else ""


def _without_comments(text: str) -> str:
    kept: list[str] = []
    rest = text
    while "<!--" in rest:
        before, _, rest = rest.partition("<!--")
        kept.append(before)
        _, found, after = rest.partition("-->")
        if not found:
            break
        rest = after
    return "".join([*kept, rest]) if kept else rest


def link(address: str, base: str) -> str:
    """Return an absolute http(s) address, "" for every other scheme and for rubbish."""
    if _PLAIN_ADDRESS.fullmatch(address) and len(address) <= LINK_LIMIT:
        return address
    address = _REFERENCE.sub(lambda found: unescape(found[0]), address)
    address = without_controls(address).replace("\n", "").replace("\t", "").strip()
    if not address or len(address) > LINK_LIMIT:
        return ""
    try:
        absolute = urljoin(base, address)
        while (shorter := absolute.strip()) != absolute:  # an empty fragment leaves its blank
            absolute = urljoin(base, shorter)
        parts = urlsplit(absolute)
        _ = parts.port
    except ValueError:
        return ""
    named = (parts.hostname or "").strip(".")  # a host of dots is none
    if parts.scheme not in ("http", "https") or not named:
        return ""
    return parts.scheme + absolute[len(parts.scheme) :]  # which may be written HTTP
