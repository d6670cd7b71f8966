"""One item of a well-formed feed, element by element.

Where several elements say the same, the one wins that wins with feedparser, but a link is only
what stands directly in the item, and in RSS its own `<link>` goes before an `<atom:link>`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from urllib.parse import urljoin

from crawler.parse_items import RawItem
from crawler.parse_markup import as_written, markup, words
from crawler.parse_names import ATOM, RDF, XML, DoubtfulError, kind

_BASE: Final = f"{{{XML}}}base"
_LANG: Final = f"{{{XML}}}lang"
_HTML: Final = frozenset({"html", "xhtml", "text/html", "application/xhtml+xml"})
_SEMICOLON: Final = re.compile(r"&([A-Za-z0-9_]+);")
_DATES: Final = ("published", "created", "updated", "expired")


class Scope(NamedTuple):
    """What elements inherit: the base of relative addresses and the language, "" for none."""

    base: str = ""
    language: str = ""

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
        return Scope(base, self.language if language is None else language)

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
        text = words(element).replace("&amp;", "&")
        return scope.address(_SEMICOLON.sub(r"&\1", text))
    if element.get("rel", "alternate").casefold() != "alternate":
        return None
    page = element.get("type", "text/html").casefold() in _HTML
    return scope.address(href) if page else None


@dataclass(slots=True)
class Entry:
    """What the elements of one item have said so far; depths count from the item."""

    scope: Scope
    atom: bool = False  # whether the item itself is one of Atom
    guid: str = ""
    guids: int = 0
    permalink: bool = False
    own_link: str | None = None  # the last one; of its format
    atom_link: str | None = None  # the last one of Atom in another format
    deep_link: bool = False  # whether a link of something else was seen
    original: str = ""
    titles: int = 0  # depth of the title that is kept, 0 for none
    title_depth: int = 0  # depth of the element that gave `title`
    title: str = ""
    title_language: str = ""
    summary: str | None = None
    summary_depth: int | None = None
    summary_language: str = ""
    contents: list[str] = field(default_factory=list)
    xhtml: bool = False  # whether one of them is XHTML
    author: str = ""
    tags: list[str] = field(default_factory=list)
    dates: dict[str, str] = field(default_factory=dict)
    language: str = ""
    apart: bool = False

    def raw(self) -> RawItem:
        """Return the item; raise DoubtfulError for one whose title may be elsewhere."""
        if self.apart and not self.title:
            raise DoubtfulError("no title, but perhaps one of an image")
        content = max(self.contents, key=len, default="")
        return RawItem(
            guid=self.guid,
            link=self.original or self._link(),
            title=self.title,
            summary=self.summary or content,
            text=content,
            author=self.author,
            tags=self.tags,
            date=next(filter(None, map(self.dates.get, _DATES)), "") or "",
            language=self.title_language or self.summary_language or self.language,
        )

    def _link(self) -> str:
        """Return the link; a guid that is one stands in for it, but `4711` is no address."""
        if self.own_link is None and self.atom_link is None:
            if self.deep_link:
                raise DoubtfulError("no link but one of something else")
            link = self.guid if self.permalink else ""
        elif self.own_link and self.atom_link and not self.own_link.startswith("http"):
            raise DoubtfulError("two links, and the item's own may be none")
        else:
            link = self.own_link or self.atom_link or ""
        return "" if link == self.guid and not any(sign in link for sign in "/.?") else link


def read_item(element: Any, scope: Scope) -> RawItem:
    """Return what an item says; raise DoubtfulError where it is not certain."""
    if any(name.casefold() in ("href", "lastmod") for name in element.keys()):  # noqa: SIM118
        raise DoubtfulError("an item with attributes of CDF")
    atom = element.tag.startswith(f"{{{ATOM}}}")
    entry = Entry(scope.of(element), atom, guid=element.get(f"{{{RDF}}}about", ""))
    _children(entry, element, 1)
    return entry.raw()


def _children(entry: Entry, element: Any, depth: int) -> None:
    for child in element:
        what = kind(child.tag, child.prefix)
        if what:
            _READERS[what](entry, child, depth)
        elif len(child):
            _harmless(entry, child)


def _harmless(entry: Entry, element: Any) -> None:
    """Make sure that nothing inside an element of no use would count for the item."""
    for inner in element.iterdescendants():
        what = kind(inner.tag, inner.prefix)
        if what == "link":
            entry.deep_link = True
        elif what:
            raise DoubtfulError(f"element {inner.tag} inside {element.tag}")


def _title(entry: Entry, element: Any, depth: int) -> None:
    _direct(element, depth)
    text = _shown_title(entry, element, depth)
    if text and not 0 < entry.titles <= depth:
        entry.titles = depth


def _shown_title(entry: Entry, element: Any, depth: int) -> str:
    text = markup(element)
    if not 0 < entry.titles <= depth:
        if not entry.title_depth or depth <= entry.title_depth:
            entry.title, entry.title_depth = text, depth
        entry.title_language = entry.scope.of(element).language
    return text


def _media_title(entry: Entry, element: Any, depth: int) -> None:
    _shown_title(entry, element, depth)


def _link(entry: Entry, element: Any, depth: int) -> None:
    if depth > 1:
        entry.deep_link = True
        return
    link = link_of(element, entry.scope)
    if link is None:
        return
    if element.tag.startswith(f"{{{ATOM}}}") and not entry.atom:
        entry.atom_link = link
    else:
        entry.own_link = link


def _guid(entry: Entry, element: Any, depth: int) -> None:
    _direct(element, depth)
    if entry.guids:
        raise DoubtfulError("two guids")
    entry.guids += 1
    said = {name.casefold(): value for name, value in element.items()}
    entry.permalink = said.get("ispermalink", "true") == "true"
    text = words(element)
    entry.guid = entry.scope.of(element).address(text) if entry.permalink else text


def _direct(element: Any, depth: int) -> None:
    if depth > 1:
        raise DoubtfulError(f"element {element.tag} deep in an item")


def _summary(entry: Entry, element: Any, depth: int) -> None:
    """Keep the first; the next is content, unless there is some."""
    if entry.summary is not None and not entry.contents:
        _add_content(entry, element)
        return
    if entry.summary_depth is None or depth <= entry.summary_depth:
        entry.summary, entry.summary_depth = markup(element), depth
    entry.summary_language = entry.scope.of(element).language


def _content(entry: Entry, element: Any, depth: int) -> None:
    _direct(element, depth)
    _add_content(entry, element)
    if entry.summary is None:
        entry.summary = entry.contents[-1]


def _add_content(entry: Entry, element: Any) -> None:
    entry.contents.append(markup(element))
    entry.xhtml = entry.xhtml or "xhtml" in element.get("type", "").casefold()
    if entry.xhtml and len(entry.contents) > 1:
        raise DoubtfulError("which content is longer depends on its markup")


def _author(entry: Entry, element: Any, depth: int) -> None:
    _direct(element, depth)
    if not len(element):
        entry.author = words(element)
        return
    said: dict[str, str] = {}
    for child in element:
        name = child.tag.rpartition("}")[2].casefold()
        if kind(child.tag, child.prefix) or name not in ("name", "email", "uri", "url"):
            raise DoubtfulError(f"element {child.tag} in an author")
        said[name] = as_written(child)
    name, email = said.get("name", ""), said.get("email", "")
    entry.author = f"{name} ({email})" if name and email else name or email


def _category(entry: Entry, element: Any, depth: int) -> None:
    term, text = element.get("term"), words(element)
    if not term and element.get("label"):
        raise DoubtfulError("a category with nothing but a label")
    entry.tags += filter(None, (term, text))


def _keywords(entry: Entry, element: Any, depth: int) -> None:
    text = words(element)
    if not element.keys():
        entry.tags += filter(None, map(str.strip, text.split(",")))


def _date(entry: Entry, element: Any, depth: int) -> None:
    _direct(element, depth)
    entry.dates[kind(element.tag, element.prefix)] = words(element)


def _language(entry: Entry, element: Any, depth: int) -> None:
    _direct(element, depth)
    entry.language = words(element)


def _original(entry: Entry, element: Any, depth: int) -> None:
    entry.original = "" if element.keys() else words(element)


def _around(entry: Entry, element: Any, depth: int) -> None:
    _children(entry, element, depth + 1)


def _apart(entry: Entry, element: Any, depth: int) -> None:
    entry.apart = entry.apart or len(element) > 0


def _doubtful(_entry: Entry, element: Any, _depth: int) -> None:
    raise DoubtfulError(f"element {element.tag} in an item")


_READERS: Final[dict[str, Callable[[Entry, Any, int], None]]] = {
    "title": _title,
    "media_title": _media_title,
    "link": _link,
    "guid": _guid,
    "summary": _summary,
    "content": _content,
    "author": _author,
    "category": _category,
    "keywords": _keywords,
    **dict.fromkeys(_DATES, _date),
    "language": _language,
    "original": _original,
    "around": _around,
    "apart": _apart,
    "item": _doubtful,
    "channel": _doubtful,
    "of_the_feed": _doubtful,
}
