"""The text of elements: as it stands, or the markup of an XHTML one."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any, Final
from xml.sax.saxutils import escape

from crawler.parse_names import XHTML, DoubtfulError

_ESCAPED: Final = frozenset({"text", "plain", "html", "text/plain", "text/html"})
_XHTML: Final = frozenset({"xhtml", "application/xhtml+xml"})
# Others end things in feedparser (title, summary, body), or hide text (script, svg).
_PLAIN_NAMES: Final = frozenset(
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
_PLAIN_TAGS: Final = {f"{{{XHTML}}}{name}": (f"<{name}>", f"</{name}>") for name in _PLAIN_NAMES}
_WIDE: Final = re.compile("[^\x00-\xff]")  # beyond Latin-1: most letters of most languages
_C1: Final = re.compile("[\x80-\x9f]")
_C1_IN_UTF8: Final = re.compile(rb"\xc2[\x80-\x9f]")
# A comment or the border of a CDATA may stand between the two signs.
_TWICE_UTF8: Final = re.compile(rb"\xc3[\x82-\xb4](?:\]\]>)?(?:\xc2|<[!?])")
_REFERENCE: Final = re.compile(rb"&#")  # found so in half the time of `in`
_LATIN_REFERENCE: Final = re.compile(
    rb"&#(?:0*(?:1[2-9][0-9]|2[0-5][0-9])|[xX]0*[89a-fA-F][0-9a-fA-F]);"
)
_WINDOWS: Final[dict[int, str]] = {}
for _number in range(0x80, 0xA0):
    with suppress(UnicodeDecodeError):
        _WINDOWS[_number] = bytes([_number]).decode("cp1252")


def may_need_mending(data: bytes) -> bool:
    """Say whether a document, in UTF-8, may hold texts that `_mended` would change.

    There are C1 controls in it, or what is UTF-8 when it is read as Latin-1.
    """
    if _REFERENCE.search(data) and _LATIN_REFERENCE.search(data):
        return True
    if b"\xc2" not in data:  # begins what Latin-1 has in 80 to BF
        return False
    return _C1_IN_UTF8.search(data) is not None or _TWICE_UTF8.search(data) is not None


def words(element: Any, mends: bool) -> str:
    """Return the text of an element without children; raise DoubtfulError if it has some."""
    if len(element):
        raise DoubtfulError(f"elements in {element.tag}")
    text: str = (element.text or "").strip()
    return _mended(text) if mends else text


def as_written(element: Any) -> str:
    """Return the text of an element without children, not mended; see `words`."""
    return words(element, mends=False)


def markup(element: Any, mends: bool) -> str:
    """Return the markup of a title, summary or content, escaped or XHTML; see `words`."""
    if not element.keys():
        return words(element, mends)
    kind = element.get("type")
    if element.get("mode") is not None:
        raise DoubtfulError("the mode of Atom 0.3")
    if kind is None or (kind := kind.casefold()) in _ESCAPED:
        return words(element, mends)
    if kind not in _XHTML:
        raise DoubtfulError(f"content of type {kind}")
    parts: list[str] = []
    _add_inside(parts, element)
    text = "".join(parts).strip()
    return _mended(text) if mends else text


def _add_inside(parts: list[str], element: Any) -> None:
    """Add the pieces of an element's markup, without attributes: nothing reads them."""
    _add(parts, element.text)
    for child in element:
        tags = _PLAIN_TAGS.get(child.tag)
        if tags is None:
            raise DoubtfulError(f"element {child.tag} in XHTML")
        parts.append(tags[0])
        _add_inside(parts, child)
        parts.append(tags[1])
        _add(parts, child.tail)


def _add(parts: list[str], text: str | None) -> None:
    if text:
        parts.append(text if text.isalnum() else escape(text))


def _mended(text: str) -> str:
    """Undo what feedparser undoes: UTF-8 read as Latin-1, and Windows-1252 for C1 controls."""
    if text.isascii():
        return text
    if not _WIDE.search(text):
        with suppress(UnicodeError):
            text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_WINDOWS) if _C1.search(text) else text
