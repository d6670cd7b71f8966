"""What an element of a feed means, by its namespace and name, or that nobody can be sure of it.

Names are read as feedparser reads them: without regard to case, RSS and Atom as one vocabulary,
and a namespace by its address, not by its prefix.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

ATOM: Final = "http://www.w3.org/2005/Atom"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS_1: Final = "http://purl.org/rss/1.0/"
XHTML: Final = "http://www.w3.org/1999/xhtml"
XML: Final = "http://www.w3.org/XML/1998/namespace"


class DoubtfulError(Exception):
    """Raised within the strict reader for a feed that it leaves to feedparser, with the reason."""


_PREFIXES: Final = {
    "": "",
    ATOM.casefold(): "",
    RSS_1: "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    XHTML: "xhtml",
}
_USERLAND: Final = "backend.userland.com/rss"  # followed by any version
_KINDS: Final = {
    kind: frozenset(names.split())
    for kind, names in {
        "item": "item entry",
        "title": "title dc:title",
        "media_title": "media:title",
        "link": "link",
        "guid": "guid id",
        "summary": "description summary dc:description media:description itunes:summary",
        "content": "content content:encoded",
        "author": "author dc:creator dc:author itunes:author managingeditor",
        "category": "category keywords dc:subject media:category",
        "keywords": "media:keywords itunes:keywords",
        "published": "pubdate published issued dcterms:issued",
        "updated": "updated modified lastbuilddate dc:date dcterms:modified",
        "created": "created dcterms:created",
        "expired": "expirationdate",
        "language": "language dc:language",
        "original": "feedburner:origlink",
        "around": "media:group media:content",
        "apart": "source image",
        "channel": "channel",
        "of_the_feed": "textinput itunes:category",  # plain there, odd in an item
    }.items()
}
_KIND: Final = {name: kind for kind, names in _KINDS.items() for name in names}
# Names that feedparser gives a meaning which is not imitated here; most are of old formats.
_DOUBTFUL: Final = frozenset(
    {
        "abstract", "authors", "body", "xhtml:body", "date", "enclosures", "expired", "feed",
        "fullitem", "info", "links", "newlocation", "rdf", "rss", "tagline",
        "tags", "where",
    }
)  # fmt: skip


@lru_cache(maxsize=2048)
def kind(tag: str, prefix: str | None) -> str:
    """Return the kind of an element by its `{namespace}name`, "" for one that is of no use here.

    Raise DoubtfulError when feedparser may find a meaning in it that is not known here.
    """
    known = known_kind(tag)
    if known is None:
        _foreign(prefix, tag.rpartition("}")[2].casefold())
        return ""
    return known


@lru_cache(maxsize=2048)
def known_kind(tag: str) -> str | None:
    """Return the kind of an element, None for one of an unknown namespace; see `kind`."""
    namespace, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    space, local = namespace.casefold(), local.casefold()
    known = "" if _USERLAND in space else _PREFIXES.get(space)
    if known is None:
        return None
    name = f"{known}:{local}" if known else local
    if name in _DOUBTFUL or "_" in local or ":" in local:
        raise DoubtfulError(f"element {name}")
    return _KIND.get(name, "")


def _foreign(prefix: str | None, local: str) -> None:
    """Refuse an element of an unknown namespace that feedparser would take for a known one.

    It goes by the prefix, and without one by the name: WordPress writes `post-id` so.
    """
    known = prefix.casefold() in _PREFIXES.values() if prefix else means(local)
    if known or "_" in (prefix or local):
        raise DoubtfulError(f"element {local} of an unknown namespace")


def means(name: str) -> bool:
    """Say whether an element of this name, like `dc:date`, counts or makes a feed doubtful."""
    return name in _KIND or name in _DOUBTFUL
