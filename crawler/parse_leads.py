"""Where a web page leads somebody who looks for sources: feeds, channels, itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, urljoin, urlsplit

from crawler.clean import one_line
from crawler.parse_html import Element, first, read_html, select, text_of
from crawler.records import ParseHints
from crawler.refused import Refused
from crawler.urls import check_url, host_of
from rasid.models import Lead, Look, Sign

MOST_LEADS: Final = 60
_MOST_LINKS: Final = 5_000
_TYPES: Final = frozenset(
    f"application/{name}" for name in ("rss+xml", "atom+xml", "rdf+xml", "feed+json", "x-rss+xml")
)
_LOOSE_TYPES: Final = frozenset({"application/xml", "text/xml", "application/json", "text/rss"})
_FEED: Final = re.compile(
    r"/(?:feeds?|rss|rss2|atom|rdf)(?:/|\.(?:xml|json|php|aspx?)$|$)"
    r"|\.(?:rss|atom|rdf)$|/(?:rss|feed|atom)[\w-]*\.(?:xml|json|php|aspx?)$"
    r"|[/_-](?:rss|feed|atom)\.(?:xml|json)$",
    re.IGNORECASE,
)
_QUERY: Final = re.compile(r"(?:^|&)(?:feed=|(?:format|type|alt|output)=(?:feed|rss|atom))", re.I)
_FEED_HOSTS: Final = ("feeds.feedburner.com", "feedburner.com", "feeds.feedblitz.com")
_WORDS: Final = re.compile(r"\b(?:rss|atom) ?(?:feeds?)?\b", re.IGNORECASE)
_TELEGRAM: Final = frozenset({"t.me", "telegram.me", "www.t.me"})
_CHANNEL: Final = re.compile(r"/(?:s/)?([A-Za-z]\w{3,31})(?:/\d+)?/?", re.ASCII)
_NO_CHANNEL: Final = frozenset({"share", "joinchat", "addstickers", "proxy", "socks", "login"})
_REFRESH: Final = re.compile(
    r"\s*(\d{1,9})(?:\.\d*)?\s*[;,]?\s*(?:url\s*=)?\s*['\"]?([^'\"]+)", re.I
)
_AT_ONCE: Final = 10  # seconds; slower ones reload a page that is read
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?=$|[-_])")
_PAGE: Final = re.compile(r"\.html?$|/\d{4}/\d\d?/", re.IGNORECASE)  # an article about feeds


def read_leads(body: bytes, hints: ParseHints) -> Look | None:
    """Return where a page leads, None for what is no page. Declared leads come first."""
    page = read_html(body, hints)
    if page is None or first(page, "body, link, meta, a") is None:
        return None
    base = _base(page, hints.url)
    leads = {lead.url: lead for lead in reversed(list(_leads(page, base)))}
    return Look(
        kind="page",
        title=_title(page),
        language=_language(page),
        leads=tuple(reversed(leads.values()))[:MOST_LEADS],
        refresh=_refresh(page, base),
    )


def absolute(base: str, address: str) -> str:
    """Return the address that a link leads to, "" where it cannot be fetched."""
    address = re.sub(r"^feed:(?://)?(?=https?:)", "", address.strip())
    address = re.sub(r"^feed://", "http://", address)
    try:
        url = urljoin(base, "".join(address.split())).partition("#")[0]
        check_url(url)
    except (ValueError, Refused):
        return ""
    return url


def _base(page: Element, url: str) -> str:
    given = first(page, "base[href]")
    return (absolute(url, given.get("href")) if given is not None else "") or url


def _leads(page: Element, base: str) -> Iterator[Lead]:
    for link in select(page, "link[href]"):
        if _is_declared(link) and (url := absolute(base, link.get("href"))):
            yield Lead(url, Sign.DECLARED, one_line(link.get("title", "")))
    links = select(page, "a[href], area[href]")[:_MOST_LINKS]
    for link in links:
        if channel := _channel(link.get("href")):
            yield Lead(f"https://t.me/s/{channel}", Sign.CHANNEL, channel)
        elif (url := absolute(base, link.get("href"))) and _is_feed(url, base, link):
            yield Lead(url, Sign.LINKED, one_line(text_of(link) or link.get("title", "")))


def _is_declared(link: Element) -> bool:
    relations = link.get("rel", "").lower().split()
    kind = link.get("type", "").partition(";")[0].strip().lower()
    if kind in _TYPES or "feed" in relations:
        return "alternate" in relations or "feed" in relations
    # of WordPress this type is its API, of others a translation of the page
    loose = kind in _LOOSE_TYPES and _looks_like_feed(link.get("href", ""))
    return "alternate" in relations and loose


def _looks_like_feed(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(_FEED.search(parts.path) or _QUERY.search(parts.query))


def _is_feed(url: str, base: str, link: Element) -> bool:
    host = host_of(url)
    if host in _FEED_HOSTS:
        return True
    if not _same_site(host, host_of(base)):
        return False
    if _looks_like_feed(url):
        return True
    said = " ".join((link.get("class", ""), link.get("title", ""), text_of(link)[:40]))
    return bool(_WORDS.search(said)) and not _PAGE.search(urlsplit(url).path)


def _same_site(one: str, other: str) -> bool:
    """Say whether two hosts are one outlet's, as far as their names tell."""
    return one == other or one.split(".")[-2:] == other.split(".")[-2:]


def _channel(address: str) -> str:
    """Return the channel that a link names, "" for persons to write to, bots and invitations."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    if parts.scheme == "tg" and parts.netloc == "resolve":
        name = parse_qs(parts.query).get("domain", [""])[0]
        found = _CHANNEL.fullmatch(f"/{name}")
    elif parts.netloc.lower() in _TELEGRAM:
        found = _CHANNEL.fullmatch(parts.path)
    else:
        return ""
    name = found[1] if found else ""
    return "" if name.lower() in _NO_CHANNEL or name.lower().endswith("bot") else name


def _title(page: Element) -> str:
    """Return the name of the site, else the title of the page."""
    site = first(page, 'meta[property="og:site_name"][content]')
    name = one_line(site.get("content")) if site is not None else ""
    return name or one_line(text_of(first(page, "title")))


def _language(page: Element) -> str:
    meta = first(page, 'meta[property="og:locale"][content], meta[http-equiv="content-language"]')
    said = page.get("lang") or (meta.get("content", "") if meta is not None else "")
    found = _LANGUAGE.match(said.strip().casefold())
    return found[0] if found else ""


def _refresh(page: Element, base: str) -> str:
    for meta in select(page, "meta[http-equiv][content]"):
        if meta.get("http-equiv").strip().lower() == "refresh":
            found = _REFRESH.match(meta.get("content"))
            if found and int(found[1]) <= _AT_ONCE:
                return absolute(base, found[2])
    return ""
