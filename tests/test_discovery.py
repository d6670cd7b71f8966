"""From a home page to what can be watched: real pages, served on loopback."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sites
import trustme
from outlet import Outlet
from poller import Poller
from sites import alternate, atom, cards, channel, html, index, news_sitemap, page, rss, sitemap

from crawler import kinds
from crawler.records import LOOK, ParseHints, ParseOutcome
from rasid.cli import finding
from rasid.discovery import Found, NoAddressError, discover
from rasid.discovery.adding import Wish, addition
from rasid.discovery.discover import MOST_REQUESTS
from rasid.discovery.typed import addresses
from rasid.models import PollReason, PollResult, Sign, SourceState
from rasid.settings import Config, Source

NOW = time.time_ns() // 1_000
Discover = Callable[..., Found]


async def parse(body: bytes, hints: ParseHints) -> ParseOutcome:
    return kinds.parse(body, hints)


@pytest.fixture(scope="module")
def find(reactor: Any) -> Iterator[Discover]:
    """Discover through the guard, as the command does."""
    with Poller(reactor, parse=parse) as poller:

        def ask(typed: str, **limits: int) -> Found:
            async def look(url: str) -> PollResult:
                asked = Source("discover", "discover", url, LOOK)
                return await poller.crawler.poll(asked, SourceState(""), unconditional=True)

            found: Found = reactor(lambda: discover(typed, look, NOW, **limits))
            return found

        yield ask


def paths(outlet: Outlet, found: Found) -> list[str]:
    return [one.url.removeprefix(outlet.url("")) for one in found.candidates]


def said(found: Found, url: str) -> str:
    return "; ".join(next(one.why for one in found.candidates if one.url == url))


def test_a_wordpress_site_gives_its_feed_and_not_its_comments(
    find: Discover, outlet: Outlet
) -> None:
    base = outlet.url("")
    head = alternate("/feed/", "Levant Wire &raquo; Feed")
    head += alternate("/comments/feed/", "Levant Wire &raquo; Comments Feed")
    head += alternate("/wp-json/wp/v2/pages/2", kind="json")
    head += alternate("/wp-json/oembed/1.0/embed", kind="json+oembed")
    html(outlet, "/", page(head, cards()))
    outlet.body("/feed/", rss(base))
    outlet.body("/comments/feed/", rss(base, "Comments for Levant Wire", first=90))
    found = find(outlet.url("/"))
    assert paths(outlet, found) == ["/feed/", "/comments/feed/"]
    best, comments = found.candidates
    assert (best.kind, best.title, best.items, best.sign) == (
        "feed", "The Levant Wire", 4, Sign.DECLARED,
    )  # fmt: skip
    assert best.good
    assert best.newest is not None
    assert 0 < NOW - best.newest < 86_400_000_000
    assert best.language == "en"
    assert not comments.good
    assert "comments of readers" in comments.why[0]
    # nothing is guessed where something is found
    assert {one.path for one in outlet.requests} == {
        "/robots.txt", "/", "/feed/", "/comments/feed/",
    }  # fmt: skip


def test_a_site_without_feed_is_read_by_what_its_page_repeats(
    find: Discover, outlet: Outlet
) -> None:
    html(outlet, "/", page("", cards()))
    found = find(outlet.url("/"))
    (only,) = found.candidates
    assert (only.kind, only.sign, only.url) == ("page", Sign.REPEATED, outlet.url("/"))
    assert only.select is not None
    assert only.select.item == "article.card"
    assert only.titles[0] == f"{sites.WORDS[0]} today"
    assert "read the titles" in said(found, only.url)
    new = addition(only, found.page, Wish(id="p"), Config(), (), "added")
    assert 'kind: "page"' in new.text
    assert 'select: {item: "article.card"}' in new.text
    asked = [one.path for one in outlet.requests]
    assert asked[2:4] == ["/feed/", "/rss"]  # the likeliest first, one after the other
    assert len(asked) <= 14


def test_guessing_ends_with_the_first_that_is_there(find: Discover, outlet: Outlet) -> None:
    html(outlet, "/", page())
    outlet.body("/rss.xml", rss(outlet.url("")))
    found = find(outlet.url("/"))
    assert paths(outlet, found) == ["/rss.xml"]
    assert found.candidates[0].sign is Sign.GUESSED
    assert not outlet.asked("/feed.xml")


def test_a_section_is_asked_for_its_own_feed_first(find: Discover, outlet: Outlet) -> None:
    html(outlet, "/category/syria/", page())
    outlet.body("/category/syria/feed/", rss(outlet.url("")))
    assert paths(outlet, find(outlet.url("/category/syria/"))) == ["/category/syria/feed/"]


def test_a_site_with_a_sitemap_only_is_found_by_robots_txt(find: Discover, outlet: Outlet) -> None:
    robots = f"User-agent: *\nSitemap: {outlet.url('/maps/index.xml')}\n".encode()
    outlet.body("/robots.txt", robots, Content_Type="text/plain")
    outlet.body("/maps/index.xml", index(outlet.url("/maps/old.xml"), outlet.url("/maps/news.xml")))
    outlet.body("/maps/news.xml", news_sitemap(outlet.url("")))
    html(outlet, "/", page("", cards()))
    best = find(outlet.url("/")).candidates[0]
    assert (best.url, best.kind, best.sign) == (
        outlet.url("/maps/news.xml"), "sitemap", Sign.INDEXED,
    )  # fmt: skip
    assert best.good
    assert not outlet.asked("/maps/old.xml")
    assert len(outlet.asked("/robots.txt")) == 1


def test_an_index_without_news_is_judged_by_its_newest_sitemap(
    find: Discover, outlet: Outlet
) -> None:
    outlet.body("/sitemap.xml", index(outlet.url("/posts.xml")))
    outlet.body("/posts.xml", sitemap(outlet.url("")))
    html(outlet, "/", page())
    (only,) = find(outlet.url("/")).candidates
    assert (only.url, only.kind, only.good) == (outlet.url("/sitemap.xml"), "sitemap", False)
    assert "links without titles" in said(find(outlet.url("/")), only.url)


def test_channels_that_a_page_links_are_found_and_persons_are_not() -> None:
    links = "".join(
        f'<a href="{address}">x</a>'
        for address in (
            "https://t.me/levant_wire", "https://t.me/s/levant_wire/12", "//telegram.me/second_one",
            "tg://resolve?domain=third_one", "https://t.me/+AbCd", "https://t.me/share/url?url=x",
            "https://t.me/joinchat/xyz", "https://t.me/tip_bot", "https://t.me/ab",
        )
    )  # fmt: skip
    body = page("", links)
    look = kinds.parse(body, ParseHints(url="https://wire.example/", kind=LOOK)).look
    assert look is not None
    assert [(lead.url, lead.sign) for lead in look.leads] == [
        (f"https://t.me/s/{name}", Sign.CHANNEL)
        for name in ("levant_wire", "second_one", "third_one")
    ]


def test_a_preview_of_telegram_is_a_channel() -> None:
    hints = ParseHints(url="https://t.me/s/levant_wire", kind=LOOK)
    outcome = kinds.parse(channel(), hints)
    assert outcome.look is not None
    assert outcome.look.kind == "telegram"
    assert outcome.feed is not None
    assert outcome.feed.title == "قناة الشام"
    assert len(outcome.feed.items) == 4


def test_a_windows_1256_page_in_arabic(find: Discover, outlet: Outlet) -> None:
    head = '<meta charset="windows-1256">' + alternate("rss.php", "أخبار الميادين")
    body = page(head, cards(sites.TITLES), lang="", title="موقع الميادين").decode()
    html(outlet, "/ar/", body.encode("windows-1256"), "windows-1256")
    feed = rss(outlet.url(""), "أخبار الميادين", titles=sites.TITLES).decode()
    outlet.body(
        "/ar/rss.php",
        b'<?xml version="1.0" encoding="windows-1256"?>' + feed.encode("windows-1256"),
    )
    found = find(outlet.url("/ar/"))
    (best,) = found.candidates
    assert (best.title, best.language) == ("أخبار الميادين", "ar")
    assert found.page is not None
    assert found.page.title == "موقع الميادين"


def test_a_home_page_that_redirects_by_header_and_by_markup(find: Discover, outlet: Outlet) -> None:
    outlet.redirect("/", "/start", 301)
    html(outlet, "/start", page('<meta http-equiv="Refresh" content="0; URL=\'ar/\'">'))
    html(outlet, "/ar/", page(alternate("feed.xml")))
    outlet.body("/ar/feed.xml", rss(outlet.url("")))
    assert paths(outlet, find(outlet.url("/"))) == ["/ar/feed.xml"]


@pytest.mark.parametrize("status", [403, 503])
def test_a_bot_wall_is_named_and_not_hammered(find: Discover, outlet: Outlet, status: int) -> None:
    wall = page("", "Just a moment...", title="Checking your browser")
    for path in ("/", "/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml"):
        outlet.answer(path, status, wall)
    found = find(outlet.url("/"))
    assert found.candidates == ()
    assert found.page is None
    assert found.refusals[0].reason is PollReason.HTTP_STATUS
    assert len(outlet.requests) <= 4  # robots.txt, the page, two more
    words = finding.nothing("example.org", found)
    assert words.startswith("example.org: http_status: the server answers")
    assert "2 requests for feeds came to nothing either" in words


@pytest.mark.parametrize("status", [200, 403])
def test_a_wall_that_shows_its_name_is_named(find: Discover, outlet: Outlet, status: int) -> None:
    challenge = "<script src='/cdn-cgi/challenge-platform/h/b.js'></script>"
    wall = page(challenge, title="Just a moment...")
    outlet.answer("/", status, wall, Content_Type="text/html")
    words = finding.nothing("example.org", find(outlet.url("/")))
    assert f"Cloudflare keeps programs out of it (status {status})" in words
    assert "ask the outlet" in words
    # also where nobody answers over https, which is asked first
    assert finding.nothing("example.org", find(outlet.address)) == words
    # it is on pages too that it lets through
    html(outlet, "/", page(challenge + alternate("/feed/")))
    outlet.body("/feed/", rss(outlet.url("")))
    assert paths(outlet, find(outlet.url("/"))) == ["/feed/"]


def test_a_page_with_nothing_on_it_is_told(find: Discover, outlet: Outlet) -> None:
    html(outlet, "/", page(alternate("/gone.xml"), "<div id='app'></div>"))
    found = find(outlet.url("/"))
    assert found.candidates == ()
    words = finding.nothing("example.org", found)
    assert "no feed found, and 1 link that looked like one cannot be used" in words
    assert "if scripts fill it" in words


def test_a_feed_beside_a_wall_is_found(find: Discover, outlet: Outlet) -> None:
    outlet.answer("/", 403, page())
    outlet.body("/feed/", rss(outlet.url("")))
    assert paths(outlet, find(outlet.url("/"))) == ["/feed/"]


def test_S21_who_asks_to_slow_down_is_asked_no_more(find: Discover, outlet: Outlet) -> None:
    outlet.answer("/", 429, b"", Retry_After="3600")
    assert find(outlet.url("/")).refusals[0].reason is PollReason.RETRY_AFTER
    assert len(outlet.requests) == 2


def test_robots_txt_that_forbids_is_obeyed(find: Discover, outlet: Outlet) -> None:
    outlet.body("/robots.txt", b"User-agent: *\nDisallow: /\n", Content_Type="text/plain")
    html(outlet, "/", page(alternate("/feed/")))
    found = find(outlet.url("/"))
    assert found.refusals[0].reason is PollReason.ROBOTS
    assert [one.path for one in outlet.requests] == ["/robots.txt"]


@pytest.mark.parametrize(("path", "kind"), [("/f", "feed"), ("/n", "sitemap"), ("/i", "sitemap")])
def test_the_address_of_a_source_itself(
    find: Discover, outlet: Outlet, path: str, kind: str
) -> None:
    outlet.body("/f", rss(outlet.url("")))
    outlet.body("/n", news_sitemap(outlet.url("")))
    outlet.body("/i", index(outlet.url("/n")))
    best = find(outlet.url(path)).candidates[0]
    assert (best.kind, best.good) == (kind, True)
    assert len(outlet.requests) <= 3


def test_a_page_that_lies_about_its_feeds(find: Discover, outlet: Outlet) -> None:
    head = alternate("/gone.xml") + alternate("/page") + alternate("/empty.xml")
    head += alternate("/dead.xml", "Archive") + alternate("javascript:alert(1)")
    head += alternate("file:///etc/passwd") + alternate("http://[bad")
    html(outlet, "/", page(head, cards()))
    html(outlet, "/page", page(title="Our feeds"))
    outlet.body("/empty.xml", rss(outlet.url(""), titles=()))
    outlet.body("/dead.xml", rss(outlet.url(""), days=800.5))
    found = find(outlet.url("/"))
    assert found.candidates[0].kind == "page"  # rather than what is dead
    assert not any(one.good for one in found.candidates if one.kind == "feed")
    assert "dead: no item for 800 days" in said(found, outlet.url("/dead.xml"))
    assert "empty" in said(found, outlet.url("/empty.xml"))
    vain = {one.url: one.detail for one in found.refusals}
    assert "404" in vain[outlet.url("/gone.xml")]
    assert 'a web page titled "Our feeds"' in vain[outlet.url("/page")]


def test_a_page_that_lists_feeds_is_followed(find: Discover, outlet: Outlet) -> None:
    html(outlet, "/", page("", '<a href="/rss">RSS</a>'))
    rows = "".join(f'<li><a href="/feeds/{name}.xml">{name}</a>' for name in ("all", "syria"))
    html(outlet, "/rss", page("", rows))
    outlet.body("/feeds/all.xml", rss(outlet.url("")))
    outlet.body("/feeds/syria.xml", rss(outlet.url(""), "Syria", first=50))
    found = find(outlet.url("/"))
    assert set(paths(outlet, found)) == {"/feeds/all.xml", "/feeds/syria.xml"}


def test_relative_links_and_base_and_schemes(outlet: Outlet) -> None:
    head = '<base href="https://cdn.wire.example/site/">'
    head += alternate("feed.xml") + alternate("//feeds.wire.example/x") + alternate("?feed=rss2")
    head += '<link rel="ALTERNATE home" type="Application/RSS+XML; charset=utf-8" href=" /up.xml ">'
    anchors = (
        '<a href="feed://wire.example/a.rss">RSS</a><a href="https://other.example/feed">x</a>'
    )
    anchors += '<a href="/about-rss.html">What is RSS?</a><a href="/feed#top">Feed</a>'
    look = kinds.parse(
        page(head, anchors), ParseHints(url="https://wire.example/ar/", kind=LOOK)
    ).look
    assert look is not None
    assert [lead.url for lead in look.leads] == [
        "https://cdn.wire.example/site/feed.xml",
        "https://feeds.wire.example/x",
        "https://cdn.wire.example/site/?feed=rss2",
        "https://cdn.wire.example/up.xml",
        "http://wire.example/a.rss",
        "https://cdn.wire.example/feed",
    ]


def test_two_formats_of_one_feed_are_said_to_be_the_same(find: Discover, outlet: Outlet) -> None:
    html(outlet, "/", page(alternate("/rss") + alternate("/atom.xml", kind="atom+xml")))
    outlet.body("/rss", rss(outlet.url("")))
    outlet.body("/atom.xml", atom(outlet.url("")))
    best, other = find(outlet.url("/")).candidates
    assert best.url == outlet.url("/rss")
    assert (other.repeats, other.good) == (best.url, False)
    assert other.why[0] == f"the same items as {best.url}"


def test_thirty_candidates_are_not_all_asked_for(find: Discover, outlet: Outlet) -> None:
    html(outlet, "/", page("".join(alternate(f"/section{n}/feed") for n in range(30))))
    for number in range(30):
        outlet.body(f"/section{number}/feed", rss(outlet.url(""), first=number * 10))
    found = find(outlet.url("/"))
    assert len(found.candidates) == 12
    assert len(found.untried) == 18
    assert len(outlet.requests) == 14
    assert outlet.most_at_once == 1  # one after the other


def test_the_number_of_requests_is_bounded(find: Discover, outlet: Outlet) -> None:
    links = "".join(f'<a href="/l{n}/feed">f</a>' for n in range(40))
    html(outlet, "/", page("".join(alternate(f"/d{n}/feed") for n in range(40)), links))
    for n in range(40):
        html(outlet, f"/l{n}/feed", page("", "".join(f'<a href="/{n}/{m}/rss">' for m in range(9))))
    found = find(outlet.url("/"))
    assert found.requests <= MOST_REQUESTS
    assert len(outlet.requests) <= MOST_REQUESTS + 1
    assert found.untried
    assert find(outlet.url("/"), most=3).requests == 3


# --- the guard holds here as well ----------------------------------------------------------


def test_S01_S09_links_to_the_inner_network_are_not_followed(
    find: Discover, outlet: Outlet, inner: Outlet
) -> None:
    head = "".join(alternate(inner.url(path)) for path in ("/feed", "/rss"))
    head += alternate(f"http://2130706433:{inner.port}/feed")
    html(outlet, "/", page(head, f'<a href="{inner.url("/rss.xml")}">RSS</a>'))
    robots = f"User-agent: *\nSitemap: {inner.url('/news-sitemap.xml')}\n".encode()
    outlet.body("/robots.txt", robots, Content_Type="text/plain")
    found = find(outlet.url("/"))
    assert found.candidates == ()
    blocked = [one.url for one in found.refusals if one.reason is PollReason.BLOCKED_ADDRESS]
    assert inner.url("/feed") in blocked
    assert inner.url("/news-sitemap.xml") in blocked
    assert inner.connections == 0


@pytest.mark.parametrize("way", ["given", "header", "markup", "feed", "index"])
def test_S05_no_redirect_leads_to_the_inner_network(
    find: Discover, outlet: Outlet, inner: Outlet, way: str
) -> None:
    target = inner.url("/feed")
    html(outlet, "/", page(alternate("/feed/")))
    outlet.redirect("/feed/", target, 307)
    if way == "header":
        outlet.redirect("/", target)
    if way == "markup":
        html(outlet, "/", page(f'<meta http-equiv="refresh" content="0;url={target}">'))
    if way == "index":
        outlet.body("/", index(target, inner.url("/news.xml")))
    found = find(target if way == "given" else outlet.url("/"))
    assert found.candidates == ()
    assert any(one.reason is PollReason.BLOCKED_ADDRESS for one in found.refusals)
    assert inner.connections == 0


# --- what people type ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("example.org", "https://example.org/"),
        ("  WWW.Example.org/ar ", "https://www.example.org/ar"),
        ("HTTP://example.org", "http://example.org/"),
        ("feed://example.org/rss", "http://example.org/rss"),
        ("feed:https://example.org/rss", "https://example.org/rss"),
        ("@levant_wire", "https://t.me/s/levant_wire"),
        ("t.me/levant_wire/12", "https://t.me/s/levant_wire"),
        ("https://telegram.me/levant_wire", "https://t.me/s/levant_wire"),
        ("\u200fexample.org\u200e", "https://example.org/"),
        ("موقع.example", "https://xn--4gbrim.example/"),
        ("127.0.0.1:8080/x", "https://127.0.0.1:8080/x"),
    ],
)
def test_addresses_as_people_type_them(typed: str, first: str) -> None:
    assert addresses(typed)[0] == first


@pytest.mark.parametrize(
    "typed",
    ["", "news", "two words.org", "ftp://example.org", "t.me/+abc", "https://a:b@example.org",
     "https://example.org:99999/", "file:///etc/passwd", "https://"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(NoAddressError):
        addresses(typed)


def test_without_a_scheme_http_is_tried_where_https_is_refused(
    find: Discover, outlet: Outlet
) -> None:
    outlet.body("/feed", rss(outlet.url("")))
    found = find(f"{outlet.address}/feed")
    assert [one.url for one in found.candidates] == [outlet.url("/feed")]


@pytest.mark.parametrize(
    ("titles", "said", "language"),
    [
        (sites.TITLES, "en-US", "ar"),
        (sites.TITLES, "ckb", "ckb"),
        (("گزارش تازه", "پیروزی بزرگ"), "", "fa"),
        (sites.WORDS, "en-US", "en"),
        (sites.WORDS, "", ""),
    ],
)
def test_letters_have_the_last_word_on_the_language(
    find: Discover, outlet: Outlet, titles: tuple[str, ...], said: str, language: str
) -> None:
    feed = rss(outlet.url(""), titles=titles).replace(
        b"<item>", f"<language>{said}</language><item>".encode(), 1
    )
    outlet.body("/f", feed)
    assert find(outlet.url("/f")).candidates[0].language == language


def test_S15_a_broken_certificate_is_told_and_not_passed_by_over_http(find: Discover) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with Outlet(tls=context) as outlet:
        authority.issue_cert(outlet.host).configure_cert(context)
        found = find(outlet.address)
    assert [one.reason for one in found.refusals] == [PollReason.TLS]
    assert "certificate" in found.refusals[0].detail
    assert found.requests == 1
