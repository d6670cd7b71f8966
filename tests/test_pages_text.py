"""What is extracted of the page that an item links to."""

from __future__ import annotations

from typing import Any

import pytest
from outlet import Outlet, close
from pages_of_items import BODY, page
from poller import LONG, SMALL, Poller

from crawler import kinds
from crawler.canonical import other_name
from crawler.records import PAGE_TEXT, ParseHints
from crawler.workers import ParsePool
from rasid.models import PageReason, PageResult, PageText, PollReason
from rasid.settings import DAY, SECOND, Auth, Source

NOW = 1_770_200_000 * SECOND  # 4 Feb 2026
URL = "https://www.example.org/2026/02/98765-bridge"


def read(body: bytes, **given: Any) -> PageResult:
    hints = ParseHints(**{"url": URL, "now": NOW, "kind": PAGE_TEXT, **given})
    outcome = kinds.parse(body, hints)
    assert outcome.page is not None, outcome
    return outcome.page


def found(body: bytes, **given: Any) -> PageText:
    result = read(body, **given)
    assert result.reason is PageReason.READ, result
    assert result.page is not None
    return result.page


def test_the_text_of_an_arabic_page_without_what_stands_around_it() -> None:
    got = found(page())
    assert got.text.splitlines()[-3:] == list(BODY)
    assert got.title == "أخبار المدينة"
    for foreign in ("كرة القدم", "الرئيسية", "الحقوق", "اقرأ أيضا", "var menu"):
        assert foreign not in got.text


@pytest.mark.parametrize(
    ("head", "given"),
    [
        ("", {}),
        ("", {"language": "ar"}),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1256">', {}),
        ("", {"content_type": "text/html; charset=windows-1256"}),
    ],
)
def test_P09_a_page_in_windows_1256_declared_or_not(head: str, given: dict[str, str]) -> None:
    assert BODY[0] in found(page(head=head, charset="cp1256"), **given).text


@pytest.mark.parametrize(
    ("head", "published", "date_only"),
    [
        ("", None, False),
        (
            '<meta property="article:published_time" content="2026-02-03T10:00:00+03:00">',
            1_770_102_000 * SECOND,
            False,
        ),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle",'
            ' "datePublished": "2026-02-03T10:00:00+03:00"}</script>',
            1_770_102_000 * SECOND,
            False,
        ),
        ('<meta itemprop="datePublished" content="2026-02-03">', 1_770_076_800 * SECOND, True),
        ('<meta name="pubdate" content="3000-01-01T00:00:00Z">', None, False),
        ('<meta name="pubdate" content="yesterday">', None, False),
    ],
)
def test_P16_the_declared_date_of_a_page_is_clamped(
    head: str, published: int | None, date_only: bool
) -> None:
    got = found(page(head=head))
    assert (got.published, got.date_only) == (published, date_only)


LINK = "https://www.example.org/story.php?id=98765"
NAMES = {  # canonical -> is it another name of the item at LINK, whose page stands at URL?
    URL: True,
    "https://www.example.org/ar/98765": True,
    "https://m.example.org/world/98765/": True,
    LINK: False,  # it has that name
    "https://www.example.org/": False,
    "https://www.example.org/ar/": False,
    "https://www.example.org/news": False,  # of many
    "https://www.example.org/2026/02/11111-newest": False,  # of another
    "https://example.net/98765": False,
    "javascript:alert(1)": False,
    "": False,
}


@pytest.mark.parametrize(("canonical", "is_name"), NAMES.items())
def test_a_canonical_link_names_the_item_only_where_something_vouches_for_it(
    canonical: str, is_name: bool
) -> None:
    got = found(page(head=f'<link rel="canonical" href="{canonical}">'), link=LINK)
    assert got.canonical == (canonical if is_name else "")


def test_a_day_in_an_address_vouches_for_nothing() -> None:
    link, other = "https://a.example/20260203/one", "https://a.example/20260203/two"
    assert other_name(link, link, other) == ""
    slug = "https://a.example/world/bridge-on-the-euphrates-falls.html"
    assert other_name("https://a.example/x/bridge-on-the-euphrates-falls", link, slug) == slug


@pytest.mark.parametrize(
    ("body", "reason", "said"),
    [
        (b"", PollReason.EMPTY_RESPONSE, "no content"),
        (b"<!-- -->", PageReason.NO_TEXT, "empty"),
        (b"<html><body><div id=app></div></body></html>", PageReason.NO_TEXT, "scripts"),
        (b"%PDF-1.7 binary", PageReason.NOT_HTML, "a file"),
        (b"<p>x" * 60_000, PageReason.NO_TEXT, "50,000 elements"),
        (
            b"<html><title>Just a moment...</title><script"
            b" src='/cdn-cgi/challenge-platform/x.js'></script></html>",
            PageReason.BOT_WALL,
            "Cloudflare",
        ),
    ],
)
def test_a_page_without_text_says_why(
    body: bytes, reason: PageReason | PollReason, said: str
) -> None:
    outcome = kinds.parse(body, ParseHints(url=URL, now=NOW, kind=PAGE_TEXT))
    result = outcome.page or PageResult(outcome.reason, outcome.detail)
    assert result.reason is reason
    assert said in result.detail


# --- through the crawler -----------------------------------------------------------------


@pytest.fixture(scope="module")
def workers(reactor: Any) -> Any:
    pool = reactor(lambda: opened(1))
    yield pool
    reactor(pool.close)


async def opened(count: int, **limits: Any) -> ParsePool:
    return ParsePool(workers=count, **limits)


class Reader(Poller):
    """Fetches pages of items of one source."""

    def page(self, link: str, url: str = "", **source: Any) -> PageResult:
        asked = Source("s", "o", url or link, text="page", **source)
        result: PageResult = self.reactor(lambda: self.crawler.page(asked, link))
        return result


@pytest.fixture(scope="module")
def reader(reactor: Any, workers: ParsePool) -> Any:
    with Reader(reactor, parse=workers.parse, overrides={**SMALL, "DOWNLOAD_TIMEOUT": 3}) as made:
        yield made


def test_a_page_comes_through_the_crawler_and_its_worker(reader: Reader) -> None:
    with Outlet() as outlet:
        outlet.answer("/12345-story", 200, page(), Content_Type="text/html")
        outlet.redirect("/go?to=12345", "/12345-story")
        result = reader.page(outlet.url("/go?to=12345"))
        assert result.reason is PageReason.READ, result
        assert result.page is not None
        assert BODY[2] in result.page.text
        (asked,) = outlet.asked("/12345-story")
        assert asked.headers["accept"].startswith("text/html")
        assert {"cookie", "referer", "if-none-match"}.isdisjoint(asked.headers)


def test_S13_what_is_the_sources_own_goes_to_its_own_origin_only(reader: Reader) -> None:
    own = {"auth": Auth("desk", "secret"), "headers": {"X-Client": "desk"}}
    with Outlet() as outlet, Outlet() as other:
        for one in (outlet, other):
            one.answer("/1", 200, page(), Content_Type="text/html")
        reader.page(outlet.url("/1"), outlet.url("/feed"), **own)
        reader.page(other.url("/1"), outlet.url("/feed"), **own)
        assert {"authorization", "x-client"} <= outlet.asked("/1")[0].headers.keys()
        assert {"authorization", "x-client"}.isdisjoint(other.asked("/1")[0].headers)


def answers(outlet: Outlet) -> dict[str, PageReason | PollReason]:
    html = {"Content_Type": "text/html"}
    wall = b"<html>Just a moment <script src='/cdn-cgi/challenge-platform/x'></script></html>"
    outlet.answer("/report", 200, b"%PDF-1.7", Content_Type="application/pdf")
    outlet.answer("/film", 200, b"\0\0\0", Content_Type="video/mp4")
    outlet.redirect("/moved", "/")
    outlet.redirect("/moved-ar", "/ar/")
    outlet.answer("/", 200, page(), **html)
    outlet.answer("/ar/", 200, page(), **html)
    outlet.answer("/walled", 403, wall, cf_mitigated="challenge", **html)
    outlet.answer("/forbidden", 403, b"no", **html)
    outlet.answer("/gone", 410, b"gone", **html)
    outlet.answer("/down", 500, b"down", **html)
    outlet.answer("/huge", 200, b"<p>" + b"x" * 2 * 1024 * 1024, **html)
    outlet.answer("/secret", 200, page(), **html)
    outlet.answer("/robots.txt", 200, b"User-agent: *\nDisallow: /secret\n")
    outlet.redirect("/inward", "http://127.0.0.1:1/")
    outlet.on("/cut", lambda sock, _: (sock.sendall(CUT), close(sock))[0])
    return {
        "/report": PageReason.NOT_HTML,
        "/film": PageReason.NOT_HTML,
        "/moved": PageReason.HOME_PAGE,
        "/moved-ar": PageReason.HOME_PAGE,
        "/walled": PageReason.BOT_WALL,
        "/forbidden": PollReason.HTTP_STATUS,
        "/missing": PollReason.HTTP_STATUS,
        "/gone": PollReason.STATUS_410,
        "/down": PollReason.HTTP_STATUS,
        "/huge": PollReason.TOO_LARGE,
        "/secret": PollReason.ROBOTS,
        "/inward": PollReason.BLOCKED_ADDRESS,
        "/cut": PollReason.CUT_OFF,
    }


CUT = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 90000\r\n\r\n" + page()[:900]


def test_each_answer_that_has_no_text_has_a_name(reader: Reader) -> None:
    with Outlet() as outlet:
        wanted = answers(outlet)
        results = {path: reader.page(outlet.url(path)) for path in wanted}
        assert {path: result.reason for path, result in results.items()} == wanted
        assert results["/walled"].detail == "Cloudflare keeps programs out of it (status 403)"
        assert results["/report"].detail == "the link leads to application/pdf, not to a web page"
        assert results["/missing"].detail == "the server answers 404 Not Found"
        assert all(result.page is None for result in results.values())


def test_P04_a_page_that_takes_too_much_time_ends_with_its_worker(reactor: Any) -> None:
    pool = reactor(lambda: opened(1, cpu=1))
    many = b" ".join(b"a%d=1" % number for number in range(50_000))  # each looked for among all
    with Reader(reactor, parse=pool.parse, limits=LONG) as reader, Outlet() as outlet:
        outlet.answer("/1", 200, b"<div %b>text</div>" % many, Content_Type="text/html")
        result = reader.page(outlet.url("/1"))
        assert result.reason is PollReason.PARSE_TIMEOUT
        assert result.detail == "took too much processor time"
        reactor(pool.close)


def test_T09_a_host_that_asks_for_time_is_not_asked_for_pages(reader: Reader) -> None:
    with Outlet() as outlet:
        outlet.answer("/1", 429, b"", Retry_After="60")
        first, second = reader.page(outlet.url("/1")), reader.page(outlet.url("/2"))
        assert (first.reason, first.retry_after) == (PollReason.RETRY_AFTER, 60 * SECOND)
        assert second.reason is PollReason.RETRY_AFTER
        assert 0 < (second.retry_after or 0) <= 60 * SECOND < DAY
        assert outlet.asked("/2") == []
