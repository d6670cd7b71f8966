"""Sitemaps as sources: read, followed from an index, bounded; through a real server and worker."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from outlet import Outlet
from poller import NEW, PATIENT, QUICK, Poller, kind

from crawler import kinds
from crawler.parse_items import MOST_ITEMS
from crawler.parse_sitemap import MOST_LINKS, MOST_PARTS
from crawler.records import ParseHints, ParseOutcome
from crawler.workers import ParsePool
from rasid.models import ParsedItem, PollOutcome, PollReason, PollResult, SourceState, Validators
from rasid.settings import SECOND

NOW = 1_770_200_000 * SECOND  # 4 Feb 2026
PARSED = (PollOutcome.OK, PollReason.PARSED)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = (
    f'{HEAD}<urlset xmlns="{SITEMAP}"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
    "<url><loc>https://outlet.example/a?x=1&y=2</loc><lastmod>2026-02-03</lastmod>"
    "<image:image><image:loc>https://outlet.example/a.jpg</image:loc>"
    "<image:title>A picture</image:title></image:image>"
    "<news:news><news:publication><news:name>المنفذ</news:name>"
    "<news:language>ar</news:language></news:publication>"
    "<news:publication_date>2026-02-01T10:00:00+03:00</news:publication_date>"
    "<news:title><![CDATA[قصف على الميادين]]></news:title>"
    "<news:keywords>Syria, shelling</news:keywords></news:news></url></urlset>"
).encode()


def plain(*entries: tuple[str, str], root: str = "urlset", name: str = "url") -> bytes:
    """Return a sitemap, or an index, of addresses and their `lastmod`."""
    dated = {loc: f"<lastmod>{day}</lastmod>" if day else "" for loc, day in entries}
    urls = "".join(f"<{name}><loc>{loc}</loc>{day}</{name}>" for loc, day in dated.items())
    return f'{HEAD}<{root} xmlns="{SITEMAP}">{urls}</{root}>'.encode()


def index(*entries: tuple[str, str]) -> bytes:
    return plain(*entries, root="sitemapindex", name="sitemap")


def read(body: bytes, name: str = "sitemap", url: str = "") -> ParseOutcome:
    url = url or "https://outlet.example/sitemap.xml"
    return kinds.parse(body, ParseHints(url=url, now=NOW, kind=name))


def items(outcome: ParseOutcome | PollResult) -> tuple[ParsedItem, ...]:
    assert outcome.feed is not None, outcome
    return outcome.feed.items


def links(outcome: ParseOutcome | PollResult) -> list[str]:
    return [item.link for item in items(outcome)]


# --- one sitemap ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sitemap", "auto"])
def test_a_news_sitemap_gives_title_time_language_and_no_picture(name: str) -> None:
    outcome = read(NEWS, name)
    (item,) = items(outcome)
    assert (item.title, item.link) == ("قصف على الميادين", "https://outlet.example/a?x=1&y=2")
    assert item.published == 1_769_929_200 * SECOND
    assert (item.language, item.tags) == ("ar", ("Syria", "shelling"))
    assert outcome.feed is not None
    assert outcome.feed.title == "المنفذ"


def test_a_plain_sitemap_gives_links_and_times_but_makes_up_no_titles() -> None:
    body = plain(("https://outlet.example/shelling-in-mayadin", "2026-02-01"), ("/b", ""))
    first, second = items(read(body))
    assert (first.title, first.summary, first.date_only) == ("", "", True)
    assert (second.link, second.published) == ("https://outlet.example/b", None)


@pytest.mark.parametrize("body", [plain(("/a", "")), index(("/a.xml", ""))])
def test_auto_does_not_take_a_plain_sitemap_for_news(body: bytes) -> None:
    outcome = read(body, "auto")
    assert (outcome.feed, outcome.reason) == (None, PollReason.NOT_A_FEED)
    assert "kind: sitemap" in outcome.detail


def test_auto_still_reads_a_feed_that_speaks_of_sitemaps() -> None:
    rss = b"<rss version='2.0'><channel><item><title>One</title></item></channel></rss>"
    body = b"<!-- <urlset> -->" + rss
    assert items(read(body, "auto"))[0].title == "One"


def test_a_packed_sitemap_is_unpacked_and_a_bomb_is_not() -> None:
    assert items(read(gzip.compress(NEWS)))
    assert items(read(gzip.compress(NEWS[:300]) + gzip.compress(NEWS[300:])))
    bomb = gzip.compress(b" " * (40 << 20))
    assert read(bomb).reason is PollReason.TOO_LARGE


def test_P07_a_cut_sitemap_holds_its_last_partial_link_back() -> None:
    body = plain(("/a", ""), ("/b", ""))
    outcome = read(body[: body.index(b"/b") + 2])
    assert links(outcome) == ["https://outlet.example/a"]
    assert outcome.feed is not None
    assert (outcome.feed.repaired, outcome.feed.held_back) == (("cut_off",), 1)


def test_a_prefix_that_is_not_declared_costs_nothing() -> None:
    news = "<url><loc>/{0}</loc><news:news><news:title>T{0}</news:title></news:news></url>"
    body = "<urlset>" + news.format(1) + news.format(2) + "</urlset>"
    outcome = read(body.encode())
    assert [item.title for item in items(outcome)] == ["T1", "T2"]
    assert outcome.feed is not None
    assert (outcome.feed.repaired, outcome.feed.held_back) == (("not_well_formed",), 0)


def test_an_index_of_nothing_is_a_failure_and_a_sitemap_without_news_is_none() -> None:
    assert read(index()).reason is PollReason.NOTHING_FOUND
    assert items(read(plain())) == ()


def test_what_is_no_sitemap_is_no_empty_success() -> None:
    assert read(b"<html><body>log in</body></html>").reason is PollReason.NOT_A_FEED
    assert read(b"{}").feed is None
    assert read(b"").reason is PollReason.EMPTY_RESPONSE


def test_P01_entities_of_a_sitemap_are_not_expanded() -> None:
    laughs = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    doctype = (
        f"<!DOCTYPE urlset [<!ENTITY a0 'ha'><!ENTITY f SYSTEM 'file:///etc/passwd'>{laughs}]>"
    )
    for name in ("a9", "f"):
        body = (
            NEWS.decode()
            .replace(HEAD, HEAD + doctype)
            .replace("<![CDATA[قصف", f"&{name};<![CDATA[قصف")
        )
        outcome = read(body.encode())
        assert outcome.feed is None or len(items(outcome)[0].title) < 100


def test_P04_more_links_than_the_protocol_allows_leave_the_newest() -> None:
    count = MOST_LINKS + 10
    body = plain(*((f"/{n}", f"{2026 - n // MOST_ITEMS}-01-01") for n in range(count)))
    outcome = read(body)
    assert len(items(outcome)) == MOST_ITEMS
    assert outcome.feed is not None
    assert outcome.feed.dropped == 10  # the old ones that are left out are no gap
    assert {item.published for item in items(outcome)} == {1_767_225_600 * SECOND}


@pytest.mark.parametrize("date", ["2026-02-03", ""])
def test_P04_links_left_out_that_may_be_new_are_told(date: str) -> None:
    """Of links that all have one date nobody can say which are new."""
    entries = [(f"/{n}", date) for n in range(MOST_ITEMS + 7)]
    outcome = read(plain(("/old", "2020-01-01"), *entries))
    assert outcome.feed is not None
    assert outcome.feed.dropped == 7
    assert "dropped: 7" in outcome.detail


# --- through the crawler -------------------------------------------------------------------


class Workers:
    """The real parse workers, made inside the loop that polls."""

    pool: ParsePool | None = None

    async def __call__(self, body: bytes, hints: ParseHints) -> ParseOutcome:
        self.pool = self.pool or ParsePool(workers=1)
        return await self.pool.parse(body, hints)


@pytest.fixture(scope="module")
def real(reactor: Any) -> Iterator[Poller]:
    workers = Workers()
    overrides = {**PATIENT, "DOWNLOAD_MAXSIZE": 10 << 20}
    with Poller(
        reactor, parse=workers, limits=replace(QUICK, poll_seconds=30), overrides=overrides
    ) as one:
        yield one
        assert workers.pool is not None
        reactor(workers.pool.close)


def after(result: PollResult, url: str) -> SourceState:
    return replace(NEW, url=url, validators=result.validators, body_hash=result.body_hash)


def test_a_sitemap_is_asked_for_conditionally(real: Poller, outlet: Outlet) -> None:
    outlet.body("/s.xml", NEWS, etag='"1"')
    first = real(outlet.url("/s.xml"), kind="sitemap")
    assert (kind(first), len(items(first))) == (PARSED, 1)
    second = real(outlet.url("/s.xml"), after(first, outlet.url("/s.xml")), kind="sitemap")
    assert kind(second) == (PollOutcome.NOT_MODIFIED, PollReason.STATUS_304)


def test_an_index_leads_to_its_newest_sitemaps_and_to_no_more(real: Poller, outlet: Outlet) -> None:
    count = MOST_PARTS + 3
    names = [f"/{n}.xml" for n in range(count)]
    for name in names:
        outlet.body(name, plain((f"http://outlet.example{name}", "")))
    dated = [(outlet.url(name), f"2026-01-{n + 1:02}") for n, name in enumerate(names)]
    outlet.body("/index.xml", index(*dated), etag='"1"')
    result = real(outlet.url("/index.xml"), kind="sitemap")
    assert kind(result) == PARSED
    newest = names[-MOST_PARTS:]
    assert {link.removeprefix("http://outlet.example") for link in links(result)} == set(newest)
    assert [one.path for one in outlet.requests if one.path in names] == newest[::-1]


def test_S23_an_index_that_stays_the_same_hides_no_news(real: Poller, outlet: Outlet) -> None:
    """Its validators are not kept: many an index gives no dates."""
    url = outlet.url("/index.xml")
    outlet.body("/index.xml", index(("/a.xml", "")), etag='"1"')
    outlet.body("/a.xml", plain(("/1", "")))
    first = real(url, kind="sitemap")
    assert first.validators == Validators()
    same = real(url, after(first, url), kind="sitemap")
    assert kind(same) == (PollOutcome.NOT_MODIFIED, PollReason.SAME_BODY)
    outlet.body("/a.xml", plain(("/1", ""), ("/2", "")))
    third = real(url, after(same, url), kind="sitemap")
    assert (kind(third), len(items(third))) == (PARSED, 2)


def test_S09_an_index_leads_to_no_other_host(real: Poller, outlet: Outlet, inner: Outlet) -> None:
    outlet.body("/index.xml", index((inner.url(), ""), ("file:///etc/passwd", ""), ("/a.xml", "")))
    outlet.redirect("/a.xml", inner.url())
    result = real(outlet.url("/index.xml"), kind="sitemap")
    assert kind(result) == (PollOutcome.FAILED, PollReason.REDIRECTS)
    outlet.body("/index.xml", index((inner.url(), "")))
    result = real(outlet.url("/index.xml"), kind="sitemap")
    assert kind(result) == (PollOutcome.FAILED, PollReason.NOTHING_FOUND)
    assert "no sitemap on its own host" in result.detail


def test_one_sitemap_that_fails_takes_only_its_own_items_away(real: Poller, outlet: Outlet) -> None:
    outlet.body("/index.xml", index(("/a.xml", ""), ("/gone.xml", ""), ("/index.xml", "")))
    outlet.body("/a.xml", plain(("/1", "")))
    result = real(outlet.url("/index.xml"), kind="sitemap")
    assert (kind(result), len(items(result))) == (PARSED, 1)
    assert "gone.xml could not be read: the server answers 404" in result.detail
    assert "an index inside an index is not followed" in result.detail
    assert result.body_hash == ""


def test_S21_a_sitemap_that_asks_to_wait_ends_the_poll(real: Poller, outlet: Outlet) -> None:
    outlet.body("/index.xml", index(("/a.xml", ""), ("/b.xml", "")))
    outlet.answer("/a.xml", 429, b"", Retry_After="3600")
    result = real(outlet.url("/index.xml"), kind="sitemap")
    assert kind(result) == (PollOutcome.RATE_LIMITED, PollReason.RETRY_AFTER)
    assert not outlet.asked("/b.xml")
