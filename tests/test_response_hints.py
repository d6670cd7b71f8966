"""What feeds and headers say of the next poll and of a hub, as it is read."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outlet import Outlet
from scrapy.http import Headers

from crawler.kinds import parse
from crawler.parse_rhythm import offer_of, schedule_of, surroundings
from crawler.records import ParseHints
from crawler.response_hints import cached, offer
from rasid.models import DueBy, Offer, Pause, Schedule
from rasid.settings import HOUR, MINUTE, SECOND

NOW = int(datetime(2026, 2, 2, 10, tzinfo=UTC).timestamp()) * SECOND
URL = "https://news.example/feed.xml"
HINTS = ParseHints(url=URL, now=NOW)

CHANNEL = """<?xml version="1.0"?>
<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
     xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>News</title>{head}
<item><guid>1</guid><title>Rain</title><link>https://news.example/1</link>
<atom:link rel="hub" href="https://evil.example/"/><ttl>7</ttl></item>
{tail}</channel></rss>"""
OTHER_CHANNEL = CHANNEL.replace("<rss", "<!DOCTYPE rss><rss")  # read by feedparser


@pytest.mark.parametrize(
    ("head", "schedule"),
    [
        ("", Schedule()),
        ("<ttl>60</ttl>", Schedule(ttl=HOUR)),
        ("<ttl><![CDATA[ 60 ]]></ttl>", Schedule(ttl=HOUR)),
        ("<ttl>-5</ttl>", Schedule()),
        ("<ttl>soon</ttl><!-- <ttl>5</ttl> -->", Schedule()),
        ("<ttl>0</ttl>", Schedule()),
        ("<sy:updatePeriod> hourly </sy:updatePeriod>", Schedule(period=HOUR)),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
         "<sy:updateBase>2000-01-01T12:00+00:00</sy:updateBase>",
         Schedule(period=6 * HOUR, base=946_728_000 * SECOND)),
        ("<sy:updatePeriod>sometimes</sy:updatePeriod>", Schedule()),
        ("<skipHours><hour>0</hour><hour>3</hour><hour>24</hour><hour>99</hour></skipHours>"
         "<skipDays><day>Saturday</day><day>sunday</day><day>Someday</day></skipDays>",
         Schedule(skip_hours=(0, 3), skip_days=(5, 6))),
        ("<description><![CDATA[<ttl>9</ttl>]]></description>", Schedule()),
    ],
)  # fmt: skip
@pytest.mark.parametrize("channel", [CHANNEL, OTHER_CHANNEL])
@pytest.mark.parametrize("place", ["head", "tail"])
def test_a_feed_says_when_it_changes(
    head: str, schedule: Schedule, channel: str, place: str
) -> None:
    text = channel.format(**{"head": "", "tail": "", place: head})
    feed = parse(text.encode(), HINTS).feed
    assert feed is not None
    assert len(feed.items) == 1
    assert feed.schedule == schedule


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><id>x</id>{}
<entry><id>1</id><title>Rain</title></entry></feed>"""
HUB = (
    '<{0}link rel="hub" href="https://hub.example/?a=1&amp;b=2"/><{0}link rel=\'self\' href="/f"/>'
)
FOUND = Offer("https://hub.example/?a=1&b=2", "https://news.example/f")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CHANNEL.format(head=HUB.format("atom:"), tail=""), FOUND),
        (OTHER_CHANNEL.format(head=HUB.format("atom:"), tail=""), FOUND),
        (ATOM.format(HUB.format("")), FOUND),
        (CHANNEL.format(head="", tail=""), Offer()),
        (ATOM.format('<link rel="hub" href="javascript:alert(1)"/>'), Offer()),
        (ATOM.format('<link rel="hub" href=""/><link rel="alternate" href="/"/>'), Offer()),
        ('{"version": "https://jsonfeed.org/version/1.1", "feed_url": "/f", "items": [], "hubs": '
         '[{"type": "rssCloud", "url": "https://no.example/"}, '
         '{"type": "WebSub", "url": "https://hub.example/?a=1&b=2"}]}', FOUND),
    ],
)  # fmt: skip
def test_a_feed_names_its_hub(text: str, found: Offer) -> None:
    feed = parse(text.encode(), HINTS).feed
    assert feed is not None
    assert feed.offer == found


@given(st.text(alphabet="<>/ =\"'alinkttlhubrel:!-[]CDATA&;\n", max_size=300))
def test_whatever_stands_around_the_items_is_read(text: str) -> None:
    around = surroundings(text)
    assert isinstance(schedule_of(around), Schedule)
    found = offer_of(around, URL)
    assert bool(found.hub) or not found.topic


@pytest.mark.parametrize(
    "part", ["a", " ", "<ttl>", "<ttl ", "<skipHours>", "<link a", "<!--", "<![CDATA[", "<hour>1"]
)
def test_P05_no_text_makes_the_search_slow(part: str) -> None:
    text = "<rss><channel><skipHours><link " + part * (200_000 // len(part))
    begun = time.process_time()
    around = surroundings(text)
    schedule_of(around)
    offer_of(around, URL)
    assert time.process_time() - begun < 2


# --- headers ---------------------------------------------------------------------------------

TEN = "Mon, 02 Feb 2026 10:00:00 GMT"
ELEVEN = "Mon, 02 Feb 2026 11:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({}, None),
        ({"Cache-Control": "public, max-age=600"}, Pause(DueBy.CACHE_CONTROL, 10 * MINUTE)),
        ({"Cache-Control": 's-maxage="600"'}, Pause(DueBy.CACHE_CONTROL, 10 * MINUTE)),
        ({"Cache-Control": "s-maxage=60, MAX-AGE=600"}, Pause(DueBy.CACHE_CONTROL, 10 * MINUTE)),
        ({"Cache-Control": "max-age=600", "Age": "500"}, Pause(DueBy.CACHE_CONTROL, 100 * SECOND)),
        ({"Cache-Control": "max-age=600", "Age": "900"}, None),
        ({"Cache-Control": "max-age=0", "Expires": ELEVEN}, None),
        ({"Cache-Control": "no-cache, max-age=600"}, None),
        ({"Cache-Control": "max-age=soon"}, None),
        ({"Expires": ELEVEN}, Pause(DueBy.EXPIRES, HOUR)),
        ({"Expires": ELEVEN, "Date": TEN.replace("10:00", "10:45")},
         Pause(DueBy.EXPIRES, 15 * MINUTE)),
        ({"Expires": "0"}, None),
        ({"Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, None),
        ({"Expires": "Mon, 99 Foo 99999 10:00:00 GMT", "Date": "no"}, None),
    ],
)  # fmt: skip
def test_how_long_an_answer_holds(headers: dict[str, str], pause: Pause | None) -> None:
    assert cached(Headers(headers), NOW) == pause


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ([], Offer()),
        (['<https://hub.example/>; rel="hub"', f"<{URL}>; rel=self"],
         Offer("https://hub.example/", URL)),
        (['</f>; rel="self", <https://a.example/>; title="a, b"; rel="preload hub", '
          '<https://b.example/>; rel=hub'], Offer("https://a.example/", "https://news.example/f")),
        (["<ftp://hub.example/>; rel=hub", "<>; rel=hub", "nonsense"], Offer()),
    ],
)  # fmt: skip
def test_headers_name_a_hub(links: list[str], found: Offer) -> None:
    assert offer(Headers({"Link": links}), URL) == found


def test_a_poll_brings_what_its_headers_say(poll, outlet: Outlet) -> None:
    link = '<https://hub.example/>; rel="hub"'
    outlet.body("/feed", etag='"1"', Cache_Control="max-age=600", Link=link)
    result = poll(outlet.url())
    assert result.cached == Pause(DueBy.CACHE_CONTROL, 10 * MINUTE)
    assert result.offer == Offer("https://hub.example/", "")
