"""JSON Feed 1.0 and 1.1 (https://jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from crawler.parse_items import RawFeed, RawItem
from crawler.parse_rhythm import web_address
from crawler.records import ParseHints
from rasid.models import Offer

_BARE: Final = frozenset({"1", "1.0", "1.1"})


class NotJsonFeedError(Exception):
    """Raised for a JSON text that is no feed: an error message, a login answer."""


class CutJsonError(Exception):
    """Raised for a JSON Feed that ends early: none of it can be read."""


def read_json(text: str, hints: ParseHints) -> RawFeed:
    """Return the feed of a JSON text."""
    data = _load(text)
    items = data.get("items") if isinstance(data, Mapping) else None
    version = _text(data, "version") if isinstance(data, Mapping) else ""
    if not isinstance(items, list) or not ("jsonfeed.org" in version or version in _BARE):
        raise NotJsonFeedError("JSON, but not a JSON Feed")
    language = _text(data, "language")
    return RawFeed(
        title=_text(data, "title"),
        language=language,
        base=_text(data, "home_page_url") or hints.url,
        reader="json",
        items=[_item(item, language) for item in items if isinstance(item, Mapping)],
        offer=_offer(data, hints),
        skipped=sum(not isinstance(item, Mapping) for item in items),
    )


def _offer(data: Mapping[str, Any], hints: ParseHints) -> Offer:
    hubs = data.get("hubs")
    named = [one for one in hubs if isinstance(one, Mapping)] if isinstance(hubs, list) else []
    found = [_text(one, "url") for one in named if _text(one, "type").casefold() == "websub"]
    hub = next(filter(None, (web_address(url, hints.url) for url in found)), "")
    return Offer(hub, web_address(_text(data, "feed_url"), hints.url))


def _load(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        if "jsonfeed.org/version" in text[:2000]:
            raise CutJsonError(f"broken JSON: {error}"[:200]) from error
        raise NotJsonFeedError("neither XML nor JSON") from error


def _item(item: Mapping[str, Any], language: str) -> RawItem:
    content = _text(item, "content_html") or _text(item, "content_text")
    return RawItem(
        guid=_text(item, "id"),
        link=_text(item, "url") or _text(item, "external_url"),
        title=_text(item, "title"),
        summary=_text(item, "summary") or content,
        text=content,
        author=_author(item),
        tags=_tags(item.get("tags")),
        date=_text(item, "date_published") or _text(item, "date_modified"),
        language=_text(item, "language") or language,
    )


def _author(item: Mapping[str, Any]) -> str:
    several = item.get("authors")
    authors = several if isinstance(several, list) else [item.get("author")]
    return ", ".join(filter(None, map(_name, authors)))


def _name(author: Any) -> str:
    """Return the name of an author, who is an object by the standard and a text in some feeds."""
    if isinstance(author, str):
        return author
    return _text(author, "name") if isinstance(author, Mapping) else ""


def _tags(tags: Any) -> list[str]:
    if isinstance(tags, str):
        tags = tags.split(",")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if isinstance(value, str):
        return value
    # ids are numbers in many feeds, although the standard wants text
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
