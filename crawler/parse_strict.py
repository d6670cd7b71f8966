"""The fast way through a well-formed feed: RSS 2.0 and its forerunners, RSS 1.0, Atom 1.0.

What is not well-formed, declares a DTD or holds what is not known here is left to feedparser
(`crawler.parse`): slower, and right on it for many years.
"""

from __future__ import annotations

from typing import Any, Final

from lxml import etree

from crawler.parse_elements import read_item
from crawler.parse_items import RawFeed
from crawler.parse_markup import markup, may_need_mending, words
from crawler.parse_names import ATOM, RDF, RSS_1, DoubtfulError, kind
from crawler.parse_scope import Scope, link_of
from crawler.records import ParseHints

_DELETED: Final = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"  # RFC 6721
_UNREFUSED: Final = "\0\ufffe\uffff"  # lxml passes over them after the root, in attributes
_LONGEST_NAME: Final = 20  # a root longer than this is none of ours


def read_strict(text: str, as_sent: bytes | None, hints: ParseHints) -> RawFeed | None:
    """Return the feed of a whole, unrepaired text; None for one that feedparser should read.

    `as_sent` is the text in UTF-8, where it came so.
    """
    if "<!DOCTYPE" in text:  # in a CDATA, too: web pages are quoted there
        return None
    if any(sign in text for sign in _UNREFUSED):
        return None
    try:
        data = text.encode() if as_sent is None else as_sent
        return _feed(_root(data), hints, may_need_mending(data))
    except (DoubtfulError, etree.LxmlError, UnicodeError, MemoryError, RecursionError):
        return None


def _root(data: bytes) -> Any:
    """Return the root; a parser is made each time, since one that failed keeps its errors."""
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    return etree.fromstring(data, parser)


def _feed(root: Any, hints: ParseHints, mends: bool) -> RawFeed:
    scope = Scope(mends=mends).of(root)
    channel = _channel(root)
    elements = [one for one in _outside(root, channel) if _is_item(one)]
    if len(elements) != sum(1 for _ in root.iter("{*}item", "{*}entry")):
        raise DoubtfulError("items in other places")
    inner = scope if channel is root else scope.of(channel)
    items = [read_item(one, inner if one.getparent() is channel else scope) for one in elements]
    title, language, link = _about(channel, inner)
    return RawFeed(
        items=items,
        title=title,
        language=language or scope.language,
        base=link or hints.url,
        deleted=[one.get("ref", "") for one in channel.iterchildren(_DELETED)],
        reader="strict",
    )


def _channel(root: Any) -> Any:
    """Return the element that tells of the feed; raise DoubtfulError for other formats."""
    if root.tag == f"{{{ATOM}}}feed":
        return root
    if root.tag not in ("rss", f"{{{RDF}}}RDF"):
        raise DoubtfulError(f"root {root.tag[:_LONGEST_NAME]}")
    name = "channel" if root.tag == "rss" else f"{{{RSS_1}}}channel"
    channels = root.findall(name)
    if len(channels) != 1 or {"href", "lastmod"} & set(channels[0].keys()):
        raise DoubtfulError("not one plain channel")
    return channels[0]


def _outside(root: Any, channel: Any) -> list[Any]:
    """Return the elements among which items are, in the order of the document."""
    if channel is root:
        return list(root)
    return [one for child in root for one in (channel if child is channel else (child,))]


def _is_item(element: Any) -> bool:
    return element.tag.rpartition("}")[2] in ("item", "entry") and (
        kind(element.tag, element.prefix) == "item"
    )


def _about(channel: Any, scope: Scope) -> tuple[str, str, str]:
    """Return title, language and link of the feed, "" where it does not say."""
    title, language, link = "", "", ""
    for child in channel:
        what = kind(child.tag, child.prefix)
        if what == "title":
            title = title or markup(child, scope.mends)
        elif what == "language":
            language = words(child, scope.mends)
        elif what == "link":
            found = link_of(child, scope)
            link = link if found is None else found
    return title, language, link
