"""Web pages as trees: the one place that knows lxml's reader of HTML and CSS selectors."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from cssselect import HTMLTranslator
from lxml import etree, html

from crawler.parse_bytes import allowed, decode
from crawler.records import ParseHints

Element = Any
_BREAKS: Final = frozenset({"br", "p", "div", "li", "blockquote", "h1", "h2", "h3", "h4", "tr"})
_HIDDEN: Final = frozenset({"script", "style", "template", "noscript"})

_HEAD: Final = 4096
_META: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)


def read_html(body: bytes, hints: ParseHints) -> Element | None:
    """Return the root of a page, None where there is no element in it."""
    text = decode(body, _charset(body, hints.content_type), hints.language).text
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        return html.document_fromstring(allowed(text).encode("utf-8", "replace"), parser)
    except etree.ParserError:  # nothing but comments, say
        return None


def _charset(body: bytes, content_type: str) -> str:
    """Return the content type, with the encoding that the page names where the server does not."""
    said = _META.search(body[:_HEAD])
    if said is None or "charset" in content_type.casefold():
        return content_type
    return f"text/html; charset={said[1].decode('ascii')}"


def select(element: Element, selector: str) -> list[Element]:
    """Return what a CSS selector finds below an element, in the order of the page."""
    found: list[Element] = _path(selector)(element)
    return found


@lru_cache(maxsize=256)
def _path(selector: str) -> Any:
    return etree.XPath(HTMLTranslator().css_to_xpath(selector, prefix="descendant::"))


def first(element: Element, selector: str) -> Element | None:
    """Return the first that a selector finds, None when there is none."""
    return next(iter(select(element, selector)), None)


def text_of(element: Element | None) -> str:
    """Return the text of an element with a line feed where a line ends on the page."""
    if element is None:
        return ""
    parts: list[str] = []
    for event, one in etree.iterwalk(element, events=("start", "end")):
        _add(parts, event, one, outermost=one is element)
    return "".join(parts).strip()


def _add(parts: list[str], event: str, one: Element, *, outermost: bool) -> None:
    shown = isinstance(one.tag, str) and one.tag not in _HIDDEN
    if event == "start":
        parts.append("\n" if one.tag in _BREAKS and not outermost else "")
        parts.append((one.text or "") if shown else "")
    elif not outermost:
        parts.append("\n" if one.tag in _BREAKS and one.tag != "br" else "")
        parts.append(one.tail or "")
