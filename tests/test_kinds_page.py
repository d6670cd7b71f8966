"""List pages read by CSS selectors, from a server on loopback."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from outlet import Outlet
from poller import NEW, Poller, kind

from crawler import kinds
from crawler.records import ParseHints, ParseOutcome
from crawler.settings import MAX_BODY
from crawler.workers import ParsePool
from rasid.models import ParsedItem, PollOutcome, PollReason
from rasid.settings import SECOND, Select

PAGE = (Path(__file__).parent / "data" / "pages" / "list.html").read_bytes()
NOW = 1_770_200_000 * SECOND  # 4 Feb 2026
FULL = Select("article.teaser", title="h2", link="h2 a", date="time, .when", summary=".lead")


def hints(chosen: Select | None) -> ParseHints:
    url = "https://outlet.example/list"
    return ParseHints(url=url, now=NOW, kind="page", select=chosen)


def read(chosen: Select | None, body: bytes = PAGE) -> ParseOutcome:
    return kinds.parse(body, hints(chosen))


def items(outcome: ParseOutcome) -> tuple[ParsedItem, ...]:
    assert outcome.feed is not None, outcome
    return outcome.feed.items


def test_an_item_has_what_its_selectors_find() -> None:
    outcome = read(FULL)
    first, second = items(outcome)
    assert first.title == "قصف على الميادين"
    assert first.link == "https://outlet.example/ar/news/1?utm_source=list"
    assert first.summary == "سقطت قذائف & صواريخ\nعلى الحي"
    assert first.published == 1_769_929_200 * SECOND
    assert (second.title, second.date_only) == ("1 < 2: Rain in Idlib", True)
    assert outcome.detail == "items with nothing in them, skipped: 1"


def test_link_title_and_date_need_no_selectors() -> None:
    first, second = items(read(Select("article")))
    assert (first.title, second.title) == ("قصف على الميادين", "1 < 2: Rain in Idlib")
    assert first.link.startswith("https://outlet.example/ar/news/1")
    assert (first.published, second.published) == (1_769_929_200 * SECOND, None)


def test_links_may_be_the_items_and_one_that_comes_twice_is_one() -> None:
    outcome = read(Select("article a"))
    assert [item.title for item in items(outcome)] == ["قصف على الميادين", "1 < 2: Rain in Idlib"]


@pytest.mark.parametrize(
    ("chosen", "named"),
    [
        (Select("article.news"), 'item: "article.news"'),
        (Select("article", link="h3 a"), 'link: "h3 a"'),
        (Select("article", title=".headline"), 'title: ".headline"'),
        (Select("article img"), "link"),
    ],
)
def test_P19_a_selector_that_finds_nothing_is_a_failure_that_names_it(
    chosen: Select, named: str
) -> None:
    outcome = read(chosen)
    assert (outcome.feed, outcome.reason) == (None, PollReason.NOTHING_FOUND)
    assert outcome.detail.startswith(f"selector finds nothing: {named}")


@pytest.mark.parametrize("name", ["date", "summary"])
def test_P19_a_lost_date_or_summary_is_told_and_loses_no_news(name: str) -> None:
    outcome = read(Select("article", **{name: ".moved"}))
    assert len(items(outcome)) == 2
    assert f'selector finds nothing: {name}: ".moved"' in outcome.detail


@pytest.mark.parametrize("body", [b"<!-- -->", b"{}", b"\x89PNG\r\n", b"<rss></rss>"])
def test_what_is_no_page_is_no_empty_success(body: bytes) -> None:
    assert read(FULL, body).reason is PollReason.NOTHING_FOUND


async def test_P20_a_page_that_is_too_much_costs_only_itself() -> None:
    """Each selector of siblings looks at all before it: with many it takes minutes."""
    many = b"<html><body>" + b"<i><a href='/1'>x</a></i>" * 60_000 + b"</body></html>"
    slow = Select("i ~ i ~ i ~ i", title="a")
    pool = ParsePool(workers=1, wall=2.0)
    try:
        outcome = await pool.parse(many, hints(slow))
        assert outcome.reason in (PollReason.PARSE_TIMEOUT, PollReason.PARSE_ERROR)
        assert len(items(await pool.parse(PAGE, hints(FULL)))) == 2
    finally:
        await pool.close()


async def test_P20_deep_and_large_pages_are_outcomes() -> None:
    pool = ParsePool(workers=1)
    try:
        deep = b"<article><a href='/1'>" + b"<b>" * 500_000 + b"x"
        large = PAGE.replace(b"Rain", b"R" * (8 << 20))
        for body in (deep, large):
            outcome = await pool.parse(body, hints(FULL))
            assert outcome.feed is None or all(len(item.title) <= 500 for item in items(outcome))
    finally:
        await pool.close()


async def test_P20_a_page_of_as_many_elements_as_fit_costs_only_itself() -> None:
    """3.5 million elements make a tree of 500 MB: a worker with less room fails, no more."""
    pool = ParsePool(workers=1, memory=384 << 20)
    try:
        huge = b"<html><body><article><a href='/1'>x</a></article>" + b"<p>" * (MAX_BODY // 3)
        outcome = await pool.parse(huge[:MAX_BODY], hints(FULL))
        assert (outcome.feed, outcome.reason) == (None, PollReason.PARSE_ERROR)
        assert len(items(await pool.parse(PAGE, hints(FULL)))) == 2
    finally:
        await pool.close()


def test_P20_entities_of_a_page_are_neither_opened_nor_blown_up(tmp_path: Path) -> None:
    file = tmp_path / "secret.txt"
    file.write_text("canary")
    laughs = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    head = f"<!DOCTYPE html [<!ENTITY x SYSTEM '{file.as_uri()}'><!ENTITY a0 'ha'>{laughs}]>"
    body = f"{head}<article><h2><a href='/1'>One &x; &a9;</a></h2></article>"
    (item,) = items(read(Select("article"), body.encode()))
    assert item.title.startswith("One ")
    assert "canary" not in item.title
    assert "haha" not in item.title


async def _read(body: bytes, given: ParseHints) -> ParseOutcome:
    return kinds.parse(body, given)


def test_a_page_is_polled_like_a_feed(reactor: Any, outlet: Outlet) -> None:
    outlet.body("/list", PAGE, Content_Type="text/html")
    outlet.body("/new", b"<html><body>We have a new site</body></html>", etag='"1"')
    with Poller(reactor, parse=_read) as poll:
        result = poll(outlet.url("/list"), kind="page", select=FULL)
        assert kind(result) == (PollOutcome.OK, PollReason.PARSED)
        assert result.feed is not None
        assert result.feed.items[1].link == outlet.url("/ar/news/2")
        rebuilt = poll(outlet.url("/new"), kind="page", select=FULL)
    assert kind(rebuilt) == (PollOutcome.FAILED, PollReason.NOTHING_FOUND)
    assert rebuilt.validators.etag == ""


def test_other_selectors_read_a_page_anew_that_has_not_changed(
    reactor: Any, outlet: Outlet
) -> None:
    outlet.body("/list", PAGE, etag='"1"')
    url = outlet.url("/list")
    with Poller(reactor, parse=_read) as poll:
        first = poll(url, kind="page", select=Select("article"))
        state = replace(NEW, url=url, validators=first.validators, body_hash=first.body_hash)
        same = poll(url, state, kind="page", select=Select("article"))
        other = poll(url, state, kind="page", select=FULL)
    assert kind(same) == (PollOutcome.NOT_MODIFIED, PollReason.STATUS_304)
    assert kind(other) == (PollOutcome.OK, PollReason.PARSED)


def test_selectors_come_from_the_configuration(loaded: Any) -> None:
    config = loaded(
        "sources:\n  - {id: p, outlet: o, url: 'https://example.org/', kind: page,"
        " select: {item: 'ul.news > li', date: .when}}\n"
    )
    assert config.sources["p"].select == Select("ul.news > li", date=".when")
