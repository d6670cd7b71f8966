"""From an item to what rules look at."""

from __future__ import annotations

from rasid.models import Document, Item, ParsedItem


def document(item: Item) -> Document:
    """Return the document of a stored item, under the source that showed it first."""
    return Document(
        id=item.id,
        title=item.title,
        summary=item.summary,
        text=item.text,
        url=item.link,
        author=item.author,
        tags=item.tags,
        outlet=item.outlet,
        source=item.source,
        language=item.language,
        published=item.published,
    )


def from_parsed(item: ParsedItem, *, id: str, source: str, outlet: str) -> Document:  # noqa: A002
    """Return the document of an item that is not stored yet."""
    return Document(
        id=id,
        title=item.title,
        summary=item.summary,
        text=item.text,
        url=item.link,
        author=item.author,
        tags=item.tags,
        outlet=outlet,
        source=source,
        language=item.language,
        published=item.published,
    )
