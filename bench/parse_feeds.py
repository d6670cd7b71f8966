"""Feeds as outlets write them, made from a seed: well-formed, every other one in Arabic."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final
from xml.sax.saxutils import escape

from bench.outlets import vocabulary

ITEMS: Final = (10, 50)
WORDS: Final = ((5, 14), (20, 60), (150, 500))  # of a title, a summary, a text
_NAMESPACES: Final = "".join(
    f' xmlns:{prefix}="{address}"'
    for prefix, address in {
        "atom": "http://www.w3.org/2005/Atom",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "media": "http://search.yahoo.com/mrss/",
        "slash": "http://purl.org/rss/1.0/modules/slash/",
        "sy": "http://purl.org/rss/1.0/modules/syndication/",
    }.items()
)
_START: Final = datetime(2026, 2, 3, 7, tzinfo=UTC)


class Outlet:
    """One outlet: its words, its address and what it has written so far."""

    def __init__(self, chance: random.Random, at: int, words: list[str], language: str) -> None:
        self.chance, self.words, self.language = chance, words, language
        self.home = f"https://outlet{at}.example"
        self.number = 0

    def said(self, size: int) -> str:
        """Return words of a title (0), a summary (1) or a text (2), now and then with `&`."""
        few, many = WORDS[size]
        found = self.chance.choices(self.words, k=self.chance.randint(few, many))
        if self.chance.random() < 0.1:
            found.insert(1, "R&D")
        return " ".join(found)

    def markup(self) -> str:
        """Return paragraphs of a text, with a picture and links."""
        picture = f'<p><img src="{self.home}/i/{self.number}.jpg" alt="{self.number}" /></p>\n'
        pieces = (f'<p>{escape(self.said(1))} <a href="{self.home}/t/">…</a></p>' for _ in range(6))
        return picture + "\n".join(pieces)

    def next(self) -> tuple[str, datetime]:
        """Return the address of the next item and when it was published."""
        self.number += 1
        published = _START - timedelta(minutes=7 * self.number)
        return f"{self.home}/{published:%Y/%m/%d}/{self.number}/?a=1&b=2", published


def wordpress(outlet: Outlet) -> str:
    """Return an item of RSS 2.0 with its whole text, as WordPress writes it."""
    link, published = outlet.next()
    topics = "".join(f"<category><![CDATA[{outlet.words[n]}]]></category>" for n in range(3))
    return (
        f"<item>\n<title>{escape(outlet.said(0))}</title>\n<link>{escape(link)}</link>\n"
        f"<comments>{escape(link)}#respond</comments>\n"
        f"<dc:creator><![CDATA[{outlet.words[7]}]]></dc:creator>\n"
        f"<pubDate>{format_datetime(published)}</pubDate>\n{topics}\n"
        f'<guid isPermaLink="false">{outlet.home}/?p={outlet.number}</guid>\n'
        f"<description><![CDATA[<p>{escape(outlet.said(1))}</p>]]></description>\n"
        f"<content:encoded><![CDATA[{outlet.markup()}]]></content:encoded>\n"
        f"<slash:comments>0</slash:comments>\n</item>\n"
    )


def short(outlet: Outlet) -> str:
    """Return an item of RSS 2.0 with a summary and a picture of Media RSS."""
    link, published = outlet.next()
    return (
        f"<item><title><![CDATA[{outlet.said(0)}]]></title><link>{escape(link)}</link>"
        f"<guid>{escape(link)}</guid><pubDate>{format_datetime(published)}</pubDate>"
        f"<description>{escape(f'<p>{escape(outlet.said(1))}</p>')}</description>"
        f'<media:content url="{outlet.home}/i/{outlet.number}.jpg" medium="image">'
        f"<media:credit>{outlet.words[3]}</media:credit></media:content></item>\n"
    )


def atom(outlet: Outlet) -> str:
    """Return an entry of Atom with XHTML."""
    link, published = outlet.next()
    return (
        f'<entry><id>tag:{outlet.number}</id><title type="html">{escape(outlet.said(0))}</title>'
        f'<link rel="alternate" type="text/html" href="{escape(link)}"/>'
        f"<published>{published.isoformat()}</published><updated>{published.isoformat()}</updated>"
        f"<author><name>{outlet.words[5]}</name></author>"
        f'<category term="{outlet.words[2]}"/><summary>{escape(outlet.said(1))}</summary>'
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        f"{outlet.markup()}</div></content></entry>\n"
    )


def rdf(outlet: Outlet) -> str:
    """Return an item of RSS 1.0."""
    link, published = outlet.next()
    return (
        f'<item rdf:about="{escape(link)}"><title>{escape(outlet.said(0))}</title>'
        f"<link>{escape(link)}</link><description>{escape(outlet.said(1))}</description>"
        f"<dc:date>{published.isoformat()}</dc:date><dc:subject>{outlet.words[4]}</dc:subject>"
        "</item>\n"
    )


def _rss(outlet: Outlet, items: str) -> str:
    return (
        f'<rss version="2.0"{_NAMESPACES}><channel><title>{escape(outlet.said(0))}</title>'
        f'<atom:link href="{outlet.home}/feed" rel="self" type="application/rss+xml"/>'
        f"<link>{outlet.home}</link><language>{outlet.language}</language>"
        f"<sy:updatePeriod>hourly</sy:updatePeriod>{items}</channel></rss>"
    )


def _atom(outlet: Outlet, items: str) -> str:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}">'
        f'<title>News</title><id>{outlet.home}</id><link href="{outlet.home}"/>{items}</feed>'
    )


def _rdf(outlet: Outlet, items: str) -> str:
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns="http://purl.org/rss/1.0/"{_NAMESPACES}><channel rdf:about="{outlet.home}">'
        f"<title>News</title><link>{outlet.home}</link></channel>{items}</rdf:RDF>"
    )


Kind = tuple[Callable[[Outlet], str], Callable[[Outlet, str], str]]
KINDS: Final[tuple[tuple[Kind, int], ...]] = (
    ((wordpress, _rss), 5),
    ((short, _rss), 3),
    ((atom, _atom), 1),
    ((rdf, _rdf), 1),
)


def feeds(seed: int, number: int) -> list[bytes]:
    """Return that many feeds in UTF-8 of 10 to 50 items."""
    chance, words = random.Random(seed), vocabulary()
    kinds, weights = zip(*KINDS, strict=True)
    made = []
    for at in range(number):
        language = ("ar", "en")[at % 2]
        outlet = Outlet(chance, at, words[language], language)
        ((item, whole),) = chance.choices(kinds, weights)
        items = "".join(item(outlet) for _ in range(chance.randint(*ITEMS)))
        made.append(f'<?xml version="1.0" encoding="UTF-8"?>\n{whole(outlet, items)}'.encode())
    return made
