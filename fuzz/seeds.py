"""Inputs to begin with, and the pieces that inputs are made of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

CORPUS = Path(__file__).resolve().parent / "corpus"
SAMPLES = CORPUS.parent.parent / "tests" / "data"

_SAMPLES: Mapping[str, tuple[str, ...]] = {
    "feed": ("feeds/*.xml", "feeds/*.json", "feeds/*.html", "feeds/*.txt"),
    "sitemap": ("feeds/sitemap.xml",),
    "page": ("pages/*.html",),
    "telegram": ("pages/telegram.html",),
}

_MARKUP = (
    "<![CDATA[", "]]>", "<!--", "-->", "<?xml version='1.0' encoding='", "<!DOCTYPE x [", "]>",
    "<!ENTITY x '", "&#0;", "&#xD83D;", "&#1114112;", "&amp;amp;lt;", "&nbsp;", "&", "<", "\0",
    "\u200f", "\ufeff", "\ufffe", " xml:lang='ar'", " xml:base='//o/'", " xmlns:a='b'",
)  # fmt: skip
_FEED = (
    "<item>", "</item>", "<entry>", "</entry>", "<title>", "</title>", "<link>", "</link>",
    "<link href='", "'/>", "<guid isPermaLink='false'>", "</guid>", "<id>", "</id>", "<pubDate>",
    "<updated>", "<description>", "</description>", "<content type='xhtml'>", "<media:group>",
    "<source>", "</channel>", "<rdf:RDF ", '{"version": "https://jsonfeed.org/version/1.1", ',
    '"items": [', '"content_html": "', "<author>", "<category>", "<sy:updatePeriod>", "<ttl>",
)  # fmt: skip
_SITEMAP = (
    "<urlset>", "<sitemapindex>", "<sitemap>", "<url>", "</url>", "<loc>", "</loc>", "<lastmod>",
    "<news:news>", "<news:title>", "<news:publication_date>", "<news:language>",
)  # fmt: skip
_PAGE = (
    "<article>", "</article>", "<h2>", "<a href='/1'>", "</a>", "<time datetime='", "<base href='",
    "<div class='a b'>", "<script>", "<template>", "<p class='lead'>", "<table><tr>",
)  # fmt: skip
_TELEGRAM = (
    "<div class='tgme_widget_message' data-post='outlet/1'>", "tgme_widget_message_text",
    "tgme_widget_message_date", "<time datetime='2026-02-03T07:00:00+00:00'>", "<br/>",
)  # fmt: skip
_DATE = (
    "Tue, ", "03 Feb 2026", "2026-02-03", "T", "07:00:00", "Z", "+0300", "-1400", "GMT", " AM",
    " م", "٢٠٢٦", "شباط", "فوریه", "24:00", "1770102000", "9999-12-31", "0001-01-01", "+9999",
)  # fmt: skip
_LINK = (
    "http://", "https://", "//", "www.", "m.", "amp.", "/amp", "?", "&", "=", "#", "#!", "%2F",
    "%", "%C3%A9", "@", ":", ":80", "[::1]", "..", ";jsessionid=", "utm_source=x", "t.me/s/",
    "google.com/url?q=", "youtu.be/", "index.html", "javascript:", "\t", "مثال.إختبار", "xn--",
)  # fmt: skip
_TEXT = (
    "é", "e\u0301", "İ", "ß", "ﬁ", "ـ", "ّ", "َ", "أ", "لا", "ﻻ", "ك", "ک", "\u200c", "\u2066",
    "\u00ad", "…", ".", "U.S.", "がﾞ", "각", "ᄀ", "ᆨ", "क्ष", "ที่", "٣", "#", "_", "'", "<b>", "</b>",
    "<script>", "&lt;", "&amp;", "\u2028", "\x85", "\u0f71", "\u0344", "\ud7a3", "\U0001d15e",
)  # fmt: skip

TOKENS: Mapping[str, tuple[str, ...]] = {
    "feed": _MARKUP + _FEED,
    "sitemap": _MARKUP + _SITEMAP,
    "page": _MARKUP + _PAGE,
    "telegram": _MARKUP + _PAGE + _TELEGRAM,
    "date": _DATE,
    "link": _LINK,
    "text": _TEXT,
}


def seeds(name: str) -> list[Path]:
    """Return files to begin with: those made for a target, and samples of the tests."""
    own = sorted(path for path in (CORPUS / name).iterdir() if path.is_file())
    return own + [path for one in _SAMPLES.get(name, ()) for path in sorted(SAMPLES.glob(one))]


def dictionary(name: str) -> str:
    """Return the pieces of a target in the form that libFuzzer reads."""
    pieces = (token.encode().hex("/") for token in TOKENS[name])
    return "".join('"\\x{}"\n'.format(piece.replace("/", "\\x")) for piece in pieces)
