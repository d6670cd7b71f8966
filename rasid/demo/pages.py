"""What the demo's newspaper prints: its feed, its item pages, its robots.txt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import Message
from email.utils import formatdate, parsedate_to_datetime
from hashlib import sha256
from html import escape
from typing import Final

_NAME: Final = "بريد النهر · The River Courier"
_FEED: Final = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel>
<title>{name}</title>
<link>{root}/</link>
<description>Invented news of an invented valley</description>
<lastBuildDate>{changed}</lastBuildDate>
{items}</channel></rss>
"""
_ITEM: Final = """<item>
<title>{title}</title>
<link>{root}/item/{number}</link>
<guid isPermaLink="false">river-courier:{number}</guid>
<pubDate>{published}</pubDate>
<description>{summary}</description>
</item>
"""
_PAGE: Final = """<!DOCTYPE html>
<html lang="{language}" dir="{direction}">
<head><meta charset="utf-8"><title>{title}</title></head>
<body><article><h1>{title}</h1><p>{summary}</p></article></body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Printed:
    """A published item; `published` in UTC seconds."""

    number: int
    language: str
    title: str
    summary: str
    published: int


@dataclass(frozen=True, slots=True)
class Page:
    """A body and how to ask whether it changed."""

    body: bytes
    content_type: str
    validators: dict[str, str] = field(default_factory=dict)


def feed(root: str, items: Sequence[Printed], changed: int) -> Page:
    """Return the items as RSS, newest first."""
    entries = "".join(
        _ITEM.format(
            root=root,
            number=item.number,
            title=escape(item.title),
            summary=escape(item.summary),
            published=formatdate(item.published, usegmt=True),
        )
        for item in reversed(items)
    )
    when = formatdate(changed, usegmt=True)
    text = _FEED.format(name=escape(_NAME), root=root, changed=when, items=entries)
    return _page(text, "application/rss+xml; charset=utf-8", changed)


def item(printed: Printed) -> Page:
    """Return an item's own page."""
    text = _PAGE.format(
        language=printed.language,
        direction="rtl" if printed.language == "ar" else "ltr",
        title=escape(printed.title),
        summary=escape(printed.summary),
    )
    return _page(text, "text/html; charset=utf-8", printed.published)


def robots() -> Page:
    """Return a robots.txt that keeps nobody out."""
    return Page(b"User-agent: *\nDisallow:\n", "text/plain; charset=utf-8")


def unchanged(page: Page, request: Message) -> bool:
    """Whether a request already has this page (RFC 9110: a tag counts before a date)."""
    if not page.validators:
        return False
    if (tags := request.get("If-None-Match")) is not None:
        return page.validators["ETag"] in {tag.strip() for tag in tags.split(",")}
    try:
        since = parsedate_to_datetime(request.get("If-Modified-Since", ""))
        return since >= parsedate_to_datetime(page.validators["Last-Modified"])
    except (TypeError, ValueError):
        return False  # no date, or none that can be read: the page is sent


def _page(text: str, content_type: str, changed: int) -> Page:
    body = text.encode()
    tag = f'"{sha256(body).hexdigest()[:16]}"'
    validators = {"ETag": tag, "Last-Modified": formatdate(changed, usegmt=True)}
    return Page(body, content_type, validators)
