"""One item of a well-formed feed, element by element.

Where several elements say the same, the one wins that wins with feedparser, but a link is only
what stands directly in the item, and in RSS its own `<link>` goes before an `<atom:link>`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from crawler.parse_entry import DATES, Entry
from crawler.parse_items import RawItem
from crawler.parse_markup import as_written, markup, words
from crawler.parse_names import ATOM, RDF, DoubtfulError, kind, known_kind
from crawler.parse_scope import Scope, link_of


def read_item(element: Any, scope: Scope) -> RawItem:
    """Return what an item says; raise DoubtfulError where it is not certain."""
    names = element.keys()
    if names and not {"href", "lastmod"}.isdisjoint(map(str.casefold, names)):
        raise DoubtfulError("an item with attributes of CDF")
    atom = element.tag.startswith(f"{{{ATOM}}}")
    entry = Entry(scope.of(element), atom, guid=element.get(f"{{{RDF}}}about", ""))
    _children(entry, element, 1)
    return entry.raw()


def _children(entry: Entry, element: Any, depth: int) -> None:
    for child in element:
        what = known_kind(child.tag)
        if what is None:
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
    if depth > 1:
        raise _deep(element)
    if _shown_title(entry, element, depth):
        entry.titled = True


def _shown_title(entry: Entry, element: Any, depth: int) -> str:
    text = markup(element, entry.scope.mends)
    if not entry.titled:
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
    if depth > 1:
        raise _deep(element)
    if entry.guids:
        raise DoubtfulError("two guids")
    entry.guids += 1
    said = {name.casefold(): value for name, value in element.items()}
    entry.permalink = not said or said.get("ispermalink", "true") == "true"
    text = words(element, entry.scope.mends)
    entry.guid = entry.scope.of(element).address(text) if entry.permalink else text


def _deep(element: Any) -> DoubtfulError:
    return DoubtfulError(f"element {element.tag} deep in an item")


def _summary(entry: Entry, element: Any, depth: int) -> None:
    """Keep the first; the next is content, unless there is some."""
    if entry.summary is not None and not entry.contents:
        _add_content(entry, element)
        return
    if entry.summary_depth is None or depth <= entry.summary_depth:
        entry.summary, entry.summary_depth = markup(element, entry.scope.mends), depth
    entry.summary_language = entry.scope.of(element).language


def _content(entry: Entry, element: Any, depth: int) -> None:
    if depth > 1:
        raise _deep(element)
    _add_content(entry, element)
    if entry.summary is None:
        entry.summary = entry.contents[-1]


def _add_content(entry: Entry, element: Any) -> None:
    entry.contents.append(markup(element, entry.scope.mends))
    entry.xhtml = entry.xhtml or "xhtml" in element.get("type", "").casefold()
    if entry.xhtml and len(entry.contents) > 1:
        raise DoubtfulError("which content is longer depends on its markup")


def _author(entry: Entry, element: Any, depth: int) -> None:
    if depth > 1:
        raise _deep(element)
    if not len(element):
        entry.author = words(element, entry.scope.mends)
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
    term, text = element.get("term"), words(element, entry.scope.mends)
    if not term and element.get("label"):
        raise DoubtfulError("a category with nothing but a label")
    entry.tags += filter(None, (term, text))


def _keywords(entry: Entry, element: Any, depth: int) -> None:
    text = words(element, entry.scope.mends)
    if not element.keys():
        entry.tags += filter(None, map(str.strip, text.split(",")))


def _date(entry: Entry, element: Any, depth: int) -> None:
    if depth > 1:
        raise _deep(element)
    entry.dates[kind(element.tag, element.prefix)] = words(element, entry.scope.mends)


def _language(entry: Entry, element: Any, depth: int) -> None:
    if depth > 1:
        raise _deep(element)
    entry.language = words(element, entry.scope.mends)


def _original(entry: Entry, element: Any, depth: int) -> None:
    entry.original = "" if element.keys() else words(element, entry.scope.mends)


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
    **dict.fromkeys(DATES, _date),
    "language": _language,
    "original": _original,
    "around": _around,
    "apart": _apart,
    "item": _doubtful,
    "channel": _doubtful,
    "of_the_feed": _doubtful,
}
