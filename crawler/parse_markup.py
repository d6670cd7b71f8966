"""The text of elements: as it stands, or the markup of an XHTML one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final
from xml.sax.saxutils import escape

from crawler.parse_names import XHTML, DoubtfulError

_ESCAPED: Final = frozenset({"text", "plain", "html", "text/plain", "text/html"})
_XHTML: Final = frozenset({"xhtml", "application/xhtml+xml"})
# Others end things in feedparser (title, summary, body), or hide text (script, svg).
_PLAIN_TAGS: Final = frozenset(
    {
        "a", "abbr", "acronym", "address", "article", "aside", "b", "big", "bdi", "bdo",
        "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del",
        "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3",
        "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "nav",
        "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike", "strong", "sub",
        "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var",
        "wbr",
    }
)  # fmt: skip
_WIDE: Final = re.compile("[^\x00-\xff]")  # beyond Latin-1: most letters of most languages
_C1: Final = re.compile("[\x80-\x9f]")
_WINDOWS: Final[dict[int, str]] = {}
for _number in range(0x80, 0xA0):
    with suppress(UnicodeDecodeError):
        _WINDOWS[_number] = bytes([_number]).decode("cp1252")


def words(element: Any) -> str:
    """Return the text of an element without children; raise DoubtfulError if it has some."""
    return _mended(as_written(element))


def as_written(element: Any) -> str:
    """Return the text of an element without children, not mended; see `words`."""
    if len(element):
        raise DoubtfulError(f"elements in {element.tag}")
    return (element.text or "").strip()


def markup(element: Any) -> str:
    """Return the markup of a title, summary or content, escaped or XHTML; see `words`."""
    kind = element.get("type")
    if element.get("mode") is not None:
        raise DoubtfulError("the mode of Atom 0.3")
    if kind is None or (kind := kind.casefold()) in _ESCAPED:
        return words(element)
    if kind not in _XHTML:
        raise DoubtfulError(f"content of type {kind}")
    return _mended("".join(_inside(element)).strip())


def _inside(element: Any) -> Iterator[str]:
    """Yield the pieces of an element's markup, without attributes: nothing reads them."""
    yield escape(element.text or "")
    for child in element:
        space, _, name = child.tag.rpartition("}")
        if space != "{" + XHTML or name not in _PLAIN_TAGS:
            raise DoubtfulError(f"element {child.tag} in XHTML")
        yield f"<{name}>"
        yield from _inside(child)
        yield f"</{name}>"
        yield escape(child.tail or "")


def _mended(text: str) -> str:
    """Undo what feedparser undoes: UTF-8 read as Latin-1, and Windows-1252 for C1 controls."""
    if text.isascii():
        return text
    if not _WIDE.search(text):
        with suppress(UnicodeError):
            text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_WINDOWS) if _C1.search(text) else text
