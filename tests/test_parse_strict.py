"""The strict reader beside feedparser: the same items, but where a difference is meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from feedparser.mixin import _FeedParserMixin
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.parse_feeds import feeds
from crawler.parse import parse
from crawler.parse_names import means
from crawler.records import ParseHints, ParseOutcome
from rasid.models import ParsedFeed, ParsedItem

DATA = Path(__file__).parent / "data" / "feeds"
CORPORA = Path(__file__).parents[2] / "shared" / "corpora"
HINTS = ParseHints(url="https://outlet.example/feed", now=1_770_200_000_000_000)


def both(body: bytes) -> tuple[ParseOutcome, ParseOutcome]:
    """Return what is read of a feed, and what feedparser alone reads of it."""
    return parse(body, HINTS), parse(body, HINTS, strict=False)


def read(body: str, reader: str = "strict") -> ParsedFeed:
    feed = parse(body.encode(), HINTS).feed
    assert feed is not None
    assert feed.reader == reader
    return feed


def rss(items: str, attributes: str = "") -> str:
    return f'<rss version="2.0" {attributes}><channel><title>T</title>{items}</channel></rss>'


def taken(paths: list[Path]) -> int:
    """Return how many feeds the strict reader took, after comparing all with feedparser."""
    strict, different = 0, []
    for path in paths:
        ours, theirs = both(path.read_bytes())
        strict += ours.feed is not None and ours.feed.reader == "strict"
        if ours != theirs:
            different.append((path.name, ours, theirs))
    assert different == []
    return strict


def test_P06_P09_P10_P11_P12_P14_P16_P18_feeds_of_the_tests_are_read_alike() -> None:
    assert taken(sorted(DATA.glob("*.[xht]*"))) >= 26


@pytest.mark.parametrize(("name", "least"), [("feeds-gofeed", 300), ("feeds-broken", 7)])
def test_feeds_of_a_corpus_are_read_alike(name: str, least: int) -> None:
    folder = CORPORA / name
    if not folder.is_dir():
        pytest.skip(f"the corpus is not in ../shared/corpora/{name}")
    paths = [path for path in folder.rglob("*") if path.suffix in (".xml", ".bin")]
    assert taken(sorted(paths)) >= least


def test_generated_feeds_are_read_alike_and_fast() -> None:
    for body in feeds(3, 12):
        ours, theirs = both(body)
        assert ours == theirs
        assert ours.feed is not None
        assert ours.feed.reader == "strict"


# --- what is deliberately different ------------------------------------------------------

ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
OTHER = '<atom:link href="https://o.example/feed"/>'


@pytest.mark.parametrize(
    "items",
    [
        f"<item><title>t</title><link>https://e.example/1</link>{OTHER}</item>",
        f"<item><title>t</title>{OTHER}<link>https://e.example/1</link></item>",
        "<item><title>t</title><link>https://e.example/1</link>"
        f"<media:group>{OTHER}</media:group></item>",
        "<item><title>t</title><link>https://e.example/1</link>"
        "<x:a xmlns:x='urn:x'><link>https://o.example</link></x:a></item>",
        # feedparser loses the link that follows a second summary or bare content
        "<item><title>t</title><content>a</content><link>https://e.example/1</link></item>",
        "<item><title>t</title><description>a</description><media:description>b"
        "</media:description><link>https://e.example/1</link></item>",
    ],
)
def test_an_items_link_is_its_own(items: str) -> None:
    assert [item.link for item in read(rss(items, ATOM)).items] == ["https://e.example/1"]


def test_a_relative_link_starts_from_its_xml_base() -> None:
    body = rss(
        "<item xml:base='b/'><title>t</title><link>1</link></item>",
        "xml:base='https://x.example/a/'",
    )
    ours, theirs = both(body.encode())
    assert ours == theirs
    assert read(body).items[0].link == "https://x.example/a/b/1"


@pytest.mark.parametrize(
    "body",
    [
        rss("<item><title>t</title><post-id xmlns='com-wordpress:feed'>7</post-id></item>"),
        rss(
            "<itunes:category text='News'><itunes:category text='Politics'/></itunes:category>"
            "<item><title>t</title><itunes:episode>7</itunes:episode></item>",
            "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'",
        ),
        rss(
            "<textInput><title>Search</title><link>/q</link></textInput><item><title>t</title></item>"
        ),
    ],
    ids=["WordPress", "podcast", "form"],
)
def test_what_is_common_and_means_nothing_keeps_no_feed_from_the_strict_reader(body: str) -> None:
    read(body)
    ours, theirs = both(body.encode())
    assert ours == theirs


# --- what is left to feedparser ----------------------------------------------------------

ITEM = "<item><title>t</title></item>"


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE rss [<!ENTITY e "x">]>' + rss("<item><title>a &e; b</title></item>"),
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x">' + rss(ITEM),
        rss("<item><title>a &nbsp; b</title></item>"),
        rss("<item><title>a & b</title></item>"),
        rss("<item><title>a <b>b</b></title></item>"),
        rss(f"<x>{ITEM}</x>{ITEM}"),
        rss("<item><title>t</title><x><description>d</description></x></item>"),
        rss('<item><title xmlns="urn:unknown">t</title></item>'),
        rss('<item><dc:title xmlns:dc="urn:unknown">t</dc:title></item>'),
        rss("<item><title>t</title><content type='image/png'>aGk=</content></item>"),
        rss("<item><title>t</title><date>2026-02-03</date></item>"),
        rss(ITEM).replace("rss", "RSS"),
        '<feed xmlns="http://purl.org/atom/ns#"><entry><title>t</title></entry></feed>',
        rss(f"{'<a>' * 300}{'</a>' * 300}{ITEM}"),
    ],
)
def test_P01_P02_P17_what_is_doubtful_is_left_to_feedparser(body: str) -> None:
    read(body, reader="feedparser")
    ours, theirs = both(body.encode())
    assert ours == theirs


def test_P09_an_encoding_that_is_guessed_is_left_to_feedparser() -> None:
    feed = parse(rss("<item><title>غارة على المدينة</title></item>").encode("cp1256"), HINTS).feed
    assert feed is not None
    assert (feed.items[0].title, feed.reader) == ("غارة على المدينة", "feedparser")


# --- any feed ----------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["", " ", "غارة على حلب", "R&D", "AT&amp;T", "<b>b</b>", "a\x85b", "Ã©tÃ©", "<p>x", "3 < 4",
     "https://e.example/1?a=1&b=2", "/2", "4711", "javascript:x", "tag:e,2026:1", "a,b",
     "١٢ شباط ٢٠٢٦", "Tue, 03 Feb 2026 10:00:00 GMT+0300", "1770102000", "2026-02-03T07:00:00Z"]
)  # fmt: skip
NAMES = st.sampled_from(
    ["title", "link", "guid", "id", "description", "summary", "pubDate", "published", "updated",
     "author", "category", "dc:creator", "dc:date", "dc:subject", "dc:language", "content:encoded",
     "media:title", "media:description", "media:keywords", "itunes:summary", "itunes:author", "x:y",
     "comments", "enclosure", "feedburner:origLink", "pubdate", "TITLE", "content",
     "media:category"]
)  # fmt: skip
ATTRIBUTES = st.sampled_from(
    ["", "", "", ' type="html"', ' isPermaLink="false"', ' xml:lang="ar-SY"', ' domain="d"',
     ' term="T" label="L"', ' label="L"', ' type="text"', ' rel="self"']
)  # fmt: skip
SPACES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for prefix, space in {
        "dc": "http://purl.org/dc/elements/1.1/",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "media": "http://search.yahoo.com/mrss/",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
        "x": "urn:x",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    }.items()
)
ELEMENT = st.builds(
    lambda name, attributes, text: f"<{name}{attributes}>{escape(text)}</{name}>",
    *(NAMES, ATTRIBUTES, WORDS),
)
GROUP = st.builds(lambda inner: f"<media:group>{''.join(inner)}</media:group>", st.lists(ELEMENT))
PERSON = st.builds(
    lambda name, email: (
        f"<author><name>{escape(name)}</name><email>{escape(email)}</email></author>"
    ),
    *(WORDS, WORDS),
)
HREF = st.builds(
    lambda href, rest: f'<link href="{escape(href)}"{rest}/>',
    WORDS,
    st.sampled_from(["", ' rel="alternate"', ' rel="self"', ' type="text/html"', ' type="a/b"']),
)
XHTML = st.builds(
    lambda words: (
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>'
        f"{escape(words)}</p> &amp;lt; <br/></div></content>"
    ),
    WORDS,
)
ITEMS = st.lists(
    st.lists(st.one_of(ELEMENT, ELEMENT, GROUP, PERSON, HREF, XHTML), max_size=7), max_size=4
)


def written(form: str, items: list[list[str]]) -> str:
    if form == "atom":
        entries = "".join(f"<entry>{''.join(one)}</entry>" for one in items)
        return f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES} xml:lang="en">{entries}</feed>'
    whole = "".join(f"<item>{''.join(one)}</item>" for one in items)
    if form == "rss":
        return rss(f"<link>https://e.example/</link><language>fa</language>{whole}", SPACES)
    channel = "<channel><title>T</title><link>https://e.example/</link></channel>"
    return f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" {SPACES}>{channel}{whole}</rdf:RDF>'


@given(st.sampled_from(["rss", "atom", "rdf"]), ITEMS)
@settings(max_examples=400, deadline=None)
def test_P06_P10_P12_P14_P16_P18_any_feed_is_read_alike(form: str, items: list[list[str]]) -> None:
    ours, theirs = both(written(form, items).encode())
    assert ours.reason == theirs.reason
    assert ours.feed is not None
    assert theirs.feed is not None
    assert (ours.feed.title, ours.feed.language) == (theirs.feed.title, theirs.feed.language)
    assert len(ours.feed.items) >= len(theirs.feed.items), "an item is lost"
    if len(ours.feed.items) == len(theirs.feed.items):
        assert list(map(_but_links, ours.feed.items)) == list(map(_but_links, theirs.feed.items))


def _but_links(item: ParsedItem) -> ParsedItem:
    """Leave out links: feedparser loses one that stands after a second summary."""
    return replace(item, link="", link_key="")


ONE_LINK = st.lists(
    ELEMENT.filter(
        lambda text: (
            not text.startswith(
                ("<link", "<descr", "<summary", "<media:d", "<itunes:s", "<content>", "<content ")
            )
        )
    ),
    max_size=5,
)


@given(st.sampled_from(["rss", "atom", "rdf"]), st.one_of(HREF, ELEMENT), ONE_LINK, ONE_LINK)
@settings(max_examples=200, deadline=None)
def test_P18_the_link_is_read_alike_where_there_is_one(
    form: str, link: str, before: list[str], after: list[str]
) -> None:
    ours, theirs = both(written(form, [[*before, link, *after]]).encode())
    assert ours == theirs


# --- a new feedparser --------------------------------------------------------------------

NO_FIELD = {
    "cc:license", "cloud", "contributor", "copyright", "creativecommons:license",
    "dc:contributor", "dc:publisher", "dc:rights", "dcterms:valid", "email", "enclosure",
    "feedburner:browserfriendly", "generator", "geom", "georss:box", "georss:line",
    "georss:point", "georss:polygon", "georss:where", "georssgeom", "gml:exterior",
    "gml:linearring", "gml:linestring", "gml:point", "gml:polygon", "gml:pos", "gml:poslist",
    "height", "homepage", "itunes:block", "itunes:email", "itunes:explicit", "itunes:image",
    "itunes:link", "itunes:name", "itunes:owner", "itunes:subtitle", "media:credit",
    "media:license", "media:player", "media:rating", "media:restriction", "media:thumbnail",
    "name", "psc:chapter", "psc:chapters", "rights", "subtitle", "uri", "url", "webmaster",
    "width",
}  # fmt: skip


def test_every_element_that_feedparser_knows_is_known_here() -> None:
    prefixes = {prefix.lower() for prefix in _FeedParserMixin.namespaces.values() if prefix}
    handlers = {
        name.removeprefix("_start_").removeprefix("_end_").lower()
        for name in dir(_FeedParserMixin)
        if name.startswith(("_start_", "_end_"))
    }
    names = {
        name.replace("_", ":", 1) if name.partition("_")[0] in prefixes else name
        for name in handlers
    }
    unknown = {name for name in names - NO_FIELD if not means(name)}
    assert unknown == set()
