"""Sites of our own making in the shape of real ones, served by an `Outlet`."""

from __future__ import annotations

import time
from email.utils import formatdate

from outlet import Outlet

TITLES = ("قصف على ريف دير الزور", "أمطار في إدلب", "ارتفاع أسعار الخبز", "افتتاح جسر الميادين")
WORDS = ("Shelling near Deir ez-Zor", "Rain in Idlib again", "Bread prices rise", "A bridge opens")


def rss(
    base: str,
    title: str = "The Levant Wire",
    *,
    titles: tuple[str, ...] = WORDS,
    days: float = 0.1,
    first: int = 1,
) -> bytes:
    """Return a feed whose newest item is that many days old."""
    items = "".join(
        f"<item><title>{words}</title><link>{base}/{number}</link>"
        f"<guid>{base}/{number}</guid><pubDate>{date(days + number - first)}</pubDate></item>"
        for number, words in enumerate(titles, first)
    )
    head = f"<title>{title}</title><link>{base}/</link>"
    return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def atom(base: str, title: str = "The Levant Wire") -> bytes:
    entries = "".join(
        f'<entry><title>{words}</title><id>{base}/{number}</id><link href="{base}/{number}"/>'
        f"<updated>{stamp(number)}</updated></entry>"
        for number, words in enumerate(WORDS, 1)
    )
    xmlns = "http://www.w3.org/2005/Atom"
    return f'<feed xmlns="{xmlns}"><title>{title}</title>{entries}</feed>'.encode()


def news_sitemap(base: str) -> bytes:
    urls = "".join(
        f"<url><loc>{base}/{number}</loc><news:news><news:publication><news:name>Wire</news:name>"
        "<news:language>en</news:language></news:publication>"
        f"<news:publication_date>{stamp(0.1)}</news:publication_date>"
        f"<news:title>{words}</news:title></news:news></url>"
        for number, words in enumerate(WORDS, 1)
    )
    xmlns = "http://www.sitemaps.org/schemas/sitemap/0.9"
    news = "http://www.google.com/schemas/sitemap-news/0.9"
    return f'<urlset xmlns="{xmlns}" xmlns:news="{news}">{urls}</urlset>'.encode()


def index(*addresses: str) -> bytes:
    parts = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f"<sitemapindex>{parts}</sitemapindex>".encode()


def sitemap(base: str) -> bytes:
    urls = "".join(
        f"<url><loc>{base}/{n}</loc><lastmod>{stamp(0.1)}</lastmod></url>" for n in range(4)
    )
    return f"<urlset>{urls}</urlset>".encode()


def channel(name: str = "levant_wire") -> bytes:
    """Return the preview of a channel."""
    posts = "".join(
        f'<div class="tgme_widget_message" data-post="{name}/{number}">'
        f'<div class="tgme_widget_message_text">{words}</div><a class="tgme_widget_message_date">'
        f'<time datetime="{stamp(5 - number)}"></time></a></div>'
        for number, words in enumerate(TITLES, 1)
    )
    head = '<div class="tgme_channel_info_header_title">قناة الشام</div>'
    return f"<html><body>{head}{posts}</body></html>".encode()


def page(head: str = "", body: str = "", *, lang: str = "en", title: str = "Levant Wire") -> bytes:
    root = f'<html lang="{lang}"><head><title>{title}</title>{head}</head>'
    return f"<!doctype html>{root}<body>{body}</body></html>".encode()


def alternate(href: str, title: str = "", kind: str = "rss+xml") -> str:
    return f'<link rel="alternate" type="application/{kind}" title="{title}" href="{href}">'


def cards(titles: tuple[str, ...] = WORDS) -> str:
    return "".join(
        f"<article class='card'><h2><a href='/story/{number}'>{words} today</a></h2></article>"
        for number, words in enumerate(titles)
    )


def html(outlet: Outlet, path: str, body: bytes, charset: str = "utf-8") -> None:
    outlet.body(path, body, Content_Type=f"text/html; charset={charset}")


def date(days: float) -> str:
    return formatdate(time.time() - days * 86_400)


def stamp(days: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - days * 86_400))
