"""Addresses within a feed: what xml:base and xml:lang hand down, and where a link leads."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple
from urllib.parse import urljoin

from crawler.parse_markup import words
from crawler.parse_names import XML, DoubtfulError

_BASE: Final = f"{{{XML}}}base"
_LANG: Final = f"{{{XML}}}lang"
_HTML: Final = frozenset({"html", "xhtml", "text/html", "application/xhtml+xml"})
_SEMICOLON: Final = re.compile(r"&([A-Za-z0-9_]+);")


class Scope(NamedTuple):
    """What elements inherit: the base of relative addresses and the language, "" for none."""

    base: str = ""
    language: str = ""
    mends: bool = True  # whether texts may need mending: of the whole document

    def of(self, element: Any) -> Scope:
        """Return the scope inside an element."""
        if not element.keys():
            return self
        base, language = element.get(_BASE), element.get(_LANG)
        language = element.get("lang") if language is None else language
        if element.get("base") is not None:
            raise DoubtfulError("a base that is not xml:base")
        if base is None and language is None:
            return self
        base = urljoin(self.base, base) if base else self.base
        if base and not base.startswith(("http://", "https://")):
            raise DoubtfulError("a base that is no web address")
        return Scope(base, self.language if language is None else language, self.mends)

    def address(self, text: str) -> str:
        """Return an address, absolute where there is a base."""
        if ":///" in text:
            raise DoubtfulError("an address with too many slashes")
        try:
            return urljoin(self.base, text) if text else ""
        except ValueError as error:
            raise DoubtfulError("an address that is none") from error


def link_of(element: Any, scope: Scope) -> str | None:
    """Return the address of a link, by its text or `href`; None for a link to no page."""
    if element.get("url") is not None or element.get("uri") is not None:
        raise DoubtfulError("a link with url or uri")
    scope = scope.of(element)
    href = element.get("href")
    if href is None:
        text = words(element, scope.mends).replace("&amp;", "&")
        return scope.address(_SEMICOLON.sub(r"&\1", text))
    if element.get("rel", "alternate").casefold() != "alternate":
        return None
    page = element.get("type", "text/html").casefold() in _HTML
    return scope.address(href) if page else None
