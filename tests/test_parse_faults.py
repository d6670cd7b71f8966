"""Parsing of what outlets really send."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.dates import clamp_date, parse_date
from crawler.parse import parse
from crawler.parse_items import MOST_ITEMS, left_out
from crawler.records import ParseHints, ParseOutcome
from rasid.models import ParsedItem, PollReason
from rasid.settings import HOUR

NOW = 1_770_200_000_000_000
HINTS = ParseHints(url="https://e.example/feed", now=NOW)
BROKEN = Path(__file__).parents[2] / "shared" / "corpora" / "feeds-broken"
SEVEN = 1_770_102_000_000_000  # 2026-02-03 07:00 UTC


def rss(items: str, head: str = "") -> bytes:
    return f'<rss version="2.0"><channel><title>T</title>{head}{items}</channel></rss>'.encode()


def items(body: bytes, hints: ParseHints = HINTS) -> tuple[ParsedItem, ...]:
    outcome = parse(body, hints)
    assert outcome.feed is not None, outcome
    return outcome.feed.items


FEED = rss(
    "".join(
        f"<item><title>خبر {n}</title><link>https://e.example/{n}</link><guid>g{n}</guid>"
        f"<description><![CDATA[<p>text {n} </item> more</p>]]></description></item>"
        for n in range(3)
    )
)


def test_P07_no_cut_gives_a_ghost_item() -> None:
    whole = set(items(FEED))
    for cut in range(0, len(FEED), 3):
        feed = parse(FEED[:cut], HINTS).feed
        assert feed is None or set(feed.items) <= whole, cut


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", PollReason.EMPTY_RESPONSE),
        (b" \n\0", PollReason.EMPTY_RESPONSE),
        (b"<html><head><title>Log in</title></head></html>", PollReason.NOT_A_FEED),
        (b"<html><body>" + FEED + b"</body></html>", PollReason.NOT_A_FEED),
        (b'{"error": "denied"}', PollReason.NOT_A_FEED),
        (b"/etc/passwd", PollReason.NOT_A_FEED),
        (gzip.compress(FEED), PollReason.NOT_A_FEED),
        (b'<rss version="2.0"><channel><item><title>a', PollReason.CUT_OFF),
    ],
)
def test_S23_P08_what_is_no_feed_is_no_success(body: bytes, reason: PollReason) -> None:
    outcome = parse(body, HINTS)
    assert (outcome.feed, outcome.reason) == (None, reason)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("&lt;b&gt;hi&lt;/b&gt;", "hi"),
        ("<![CDATA[<b>hi</b><img src=x onerror=y>]]>", "hi"),
        ("AT&amp;amp;T", "AT&T"),
        ("R&amp;amp;amp;D", "R&D"),
        ("R&amp;D", "R&D"),
        ("3 &lt; 4", "3 < 4"),
        ("A\x00B\x0bC", "ABC"),
        ("x&#xD83D;y", "x\ufffdy"),
        ("&#xD83D;&#xDE00;", "\U0001f600"),
        ("x&#1114112;y", "x\ufffdy"),
        ("  a \n b ", "a b"),
    ],
)
def test_P04_P06_P10_P11_P12_titles_are_plain_text(written: str, read: str) -> None:
    body = rss(f"<item><title>{written}</title></item><item><title>other</title></item>")
    assert [item.title for item in items(body)] == [read, "other"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1256", "iso-8859-6"])
def test_P09_encodings_give_the_same_items(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>' + FEED.decode()
    assert items(text.encode(encoding)) == items(FEED)


@pytest.mark.parametrize(
    ("codec", "title"),
    [
        ("cp1256", "أخبار اليوم من العاصمة والمدن الكبرى"),
        ("cp1251", "Главные новости дня в столице и регионах"),
    ],
)
@pytest.mark.parametrize("said", ["iso-8859-1", "windows-1252", "us-ascii"])
def test_P09_a_default_that_the_bytes_contradict_is_not_believed(
    codec: str, title: str, said: str
) -> None:
    text = rss(f"<item><title>{title}</title></item>").decode()
    body = f'<?xml version="1.0" encoding="{said}"?>{text}'.encode(codec)
    assert [item.title for item in items(body)] == [title]


@pytest.mark.parametrize("title", ["Noël à Besançon: l'été créé", "Årets største nyhet på Ålesund"])
def test_P09_a_default_that_is_true_is_believed(title: str) -> None:
    text = rss(f"<item><title>{title * 9}</title></item>").decode()
    body = f'<?xml version="1.0" encoding="iso-8859-1"?>{text}'.encode("cp1252")
    assert [item.title for item in items(body)] == [title * 9]


def test_P09_undeclared_windows_1256_and_white_space_before() -> None:
    assert items(b"\n\n " + FEED.decode().encode("cp1256")) == items(FEED)


def test_P14_empty_items_are_skipped_and_counted() -> None:
    feed = parse(rss("<item/><item><title>a</title></item><item></item>"), HINTS).feed
    assert feed is not None
    assert (len(feed.items), feed.skipped) == (1, 2)


@pytest.mark.parametrize("empty", ["<item/>", "<item></item>", "<item>\n</item>"])
def test_P14_P17_empty_items_crowd_out_none(empty: str) -> None:
    feed = parse(rss(empty * 20_000 + "<item><title>a</title></item>"), HINTS).feed
    assert feed is not None
    assert [item.title for item in feed.items] == ["a"]


@pytest.mark.parametrize(
    "text",
    [
        "Tue, 03 Feb 2026 10:00:00 +0300",
        "Tue, 03 Feb 2026 10:00:00 GMT+0300",
        "2026-02-03T07:00:00Z",
        "1770102000",
        "1770102000000",
        "الثلاثاء, 03 فبراير 2026 10:00:00 +0300",
        "3 شباط 2026 ٠٧:٠٠",
        "۳ فوریه ۲۰۲۶ ۰۷:۰۰",
        "Feb 3, 2026 7:00 AM",
    ],
)
def test_dates(text: str) -> None:
    assert parse_date(text) == (SEVEN, False)


@pytest.mark.parametrize(
    "text",
    [
        "٣ فبراير ٢٠٢٦ ٠٧:٠٠ مساءً",
        "3 شباط 2026 7:00 مساء",
        "3 شباط 2026 - 7:00 عصرًا",
        "Feb 3, 2026 7:00 p.m.",
        "3 Feb 2026, 7:00 P. M. GMT",
        "mardi 3 février 2026 à 19h00",
    ],
)
def test_P16_the_half_of_the_day_counts_however_it_is_written(text: str) -> None:
    assert parse_date(text) == (SEVEN + 12 * HOUR, False)


@pytest.mark.parametrize("half", ["صباحا", "صباحًا", "صباحاً", "a.m.", "ص"])
def test_P16_a_morning_is_no_evening(half: str) -> None:
    assert parse_date(f"3 شباط 2026 7:00 {half}") == (SEVEN, False)
    assert parse_date(f"4 شباط 2026 12:00 {half}") == (SEVEN + 17 * HOUR, False)


@pytest.mark.parametrize("text", ["", "0000-00-00", "+9999", "Feb 31 2026", "1" * 5000, "x"])
def test_P16_impossible_dates_are_none(text: str) -> None:
    assert parse_date(text) == (None, False)


def test_P16_dates_are_clamped() -> None:
    assert clamp_date(parse_date("9999-12-31")[0], NOW) is None
    assert clamp_date(parse_date("1989-12-31")[0], NOW) is None
    assert clamp_date(SEVEN, NOW) == SEVEN
    assert parse_date("2026-02-03")[1]


def test_P17_limits() -> None:
    many = "".join(
        f"<item><title>{n}</title><pubDate>{1_700_000_000 + n}</pubDate></item>"
        for n in range(MOST_ITEMS + 500)
    )
    feed = parse(rss(many), HINTS).feed
    assert feed is not None
    assert (len(feed.items), feed.dropped) == (MOST_ITEMS, 500)
    assert feed.items[0].title == "500"
    assert left_out(feed) == "items beyond the newest 5,000, dropped: 500"
    long = items(
        rss(f"<item><title>{'ن' * 9999}</title><description>{'a' * 99999}</description></item>")
    )
    assert (len(long[0].title), len(long[0].summary)) == (500, 20_000)


OPEN, CLOSE = "<a>" * 5_000, "</a>" * 5_000
PARAGRAPHS = ("<p>" + "x" * 100) * 10_000
HUGE = {
    "50,000 items": "".join(f"<item><title>{n}</title></item>" for n in range(50_000)),
    "nested elements": f"{OPEN}{CLOSE}<item><title>1</title></item>",
    "nested elements in an item": f"<item><title>1</title>{OPEN}{CLOSE}</item>",
    "nested markup": "<item><title>1</title><description>"
    f"<![CDATA[{OPEN}deep{CLOSE}]]></description></item>",
    "a title of 1 MB": f"<item><title>{'ن' * 500_000}</title></item>",
    "a title of 1 MB of markup": f"<item><title><![CDATA[{PARAGRAPHS}]]></title></item>",
}


@pytest.mark.parametrize("case", HUGE)
def test_P17_huge_and_deep_feeds_are_read_within_the_limits(case: str) -> None:
    body, begun = rss(HUGE[case]), time.process_time()
    outcome = parse(body, HINTS)
    assert time.process_time() - begun < 10
    assert outcome.feed is not None, outcome
    assert 1 <= len(outcome.feed.items) <= MOST_ITEMS
    assert len(outcome.feed.items) + outcome.feed.dropped in (1, 50_000)
    longest = max(outcome.feed.items, key=lambda one: len(one.title) + len(one.summary))
    assert len(longest.title) <= 500
    assert len(longest.summary) <= 20_000


def test_P17_deep_json_is_refused_with_its_reason() -> None:
    start = b'{"version": "https://jsonfeed.org/version/1.1", "items": '
    outcome = parse(start + b"[" * 100_000 + b"]" * 100_000 + b"}", HINTS)
    assert (outcome.feed, outcome.reason) == (None, PollReason.PARSE_ERROR)


def test_P17_a_text_cut_in_a_tag_shows_nothing_of_it() -> None:
    tag = "<b class='" + "x" * 20_000 + "'>"
    (item,) = items(rss(f"<item><title><![CDATA[One {tag}two</b>]]></title></item>"))
    assert item.title == "One"


@pytest.mark.parametrize(
    ("link", "read"),
    [
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("/a", "https://e.example/a"),
        ("//o.example/a", "https://o.example/a"),
    ],
)
def test_P18_links_are_web_addresses(link: str, read: str) -> None:
    assert items(rss(f"<item><title>t</title><link>{link}</link></item>"))[0].link == read


@pytest.mark.parametrize("blank", [" ", "\xa0", "\u2003"])
def test_P06_blanks_in_the_address_of_a_namespace_cost_no_item(blank: str) -> None:
    spaced = f"http://search.yahoo.com/{blank}mrss{blank}/".replace("/", f"/{blank}", 3)
    body = rss("<item><title>t</title><media:title>m</media:title></item>").replace(
        b"<rss ", f"<rss xmlns:media='{spaced}' ".encode(), 1
    )
    for strict in (True, False):
        feed = parse(body, HINTS, strict=strict).feed
        assert feed is not None
        assert [item.title for item in feed.items] == ["t"]


@pytest.mark.parametrize("home", ["https://e.exa[ple/", "urn:x", "http://../", "javascript:x"])
def test_P06_a_bad_address_of_the_feed_itself_costs_no_item(home: str) -> None:
    head = f"<link>{home}</link>"
    (item,) = items(rss("<item><title>t</title><link>/a</link></item>", head))
    assert item.link == "https://e.example/a"


def test_P06_an_item_that_ends_inside_its_link_costs_none() -> None:
    body = rss(
        "<item><title>One</title><link>https://e.example/</item>1</link></item>"
        "<item><title>Two</title><link>https://e.example/2</link></item>"
    )
    found = items(body)
    assert [(item.title, item.link[-2:]) for item in found] == [("One", "/1"), ("Two", "/2")]


@pytest.mark.parametrize("link", ["HTTPS://E.example/a", "htTps://E.example/a"])
def test_P18_a_scheme_in_capitals_is_a_web_address(link: str) -> None:
    assert items(rss(f"<item><title>t</title><link>{link}</link></item>"))[0].link == (
        "https://E.example/a"
    )


def test_P18_a_host_of_dots_is_no_address() -> None:
    assert items(rss("<item><title>t</title><link>http://../a</link></item>"))[0].link == ""


def test_a_link_nested_deeper_is_not_the_items() -> None:
    body = rss(
        "<item><title>t</title><link>https://e.example/1</link>"
        "<source url='x'><link>https://o.example/</link></source></item>"
    )
    assert items(body)[0].link == "https://e.example/1"


def test_languages() -> None:
    body = rss("<item><title xml:lang='fr-FR'>a</title></item><item><title>b</title></item>")
    hints = ParseHints(url=HINTS.url, language="ar")
    assert [item.language for item in items(body, hints)] == ["fr", "ar"]


def test_json_feed() -> None:
    body = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [
        {"id": 7, "url": "/a", "title": "x", "content_html": "<p>y</p>", "language": "ar-SY",
         "date_published": "2026-02-03T10:00:00+03:00"}, "rubbish"]}  # fmt: skip
    feed = parse(json.dumps(body).encode(), HINTS).feed
    assert feed is not None
    assert feed.items == (
        ParsedItem(guid="7", link="https://e.example/a", link_key="e.example/a", title="x",
                   summary="y", published=SEVEN, language="ar"),
    )  # fmt: skip


XXE = """
import sys
from crawler.parse import parse
from crawler.records import ParseHints
hints = ParseHints(url="http://e.example/")
for strict in (True, False):
    parse(b"<rss><channel><item><title>w</title></item></channel></rss>", hints, strict=strict)
def hook(event, args):
    if event == "open" or event.startswith("socket."):
        print("TOUCHED", event, args)
sys.addaudithook(hook)
dtd = b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x" [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
rss = b'<rss version="2.0"><channel><item><title>a &x;</title></item></channel></rss>'
for body in (dtd + rss, b"http://127.0.0.1:1/x", b"/etc/passwd"):
    parse(body, hints)
print("done")
"""


def test_P02_S11_nothing_is_opened_or_connected() -> None:
    done = subprocess.run([sys.executable, "-c", XXE], capture_output=True, text=True, timeout=30)
    assert done.stdout == "done\n", done.stdout + done.stderr


@given(st.lists(st.tuples(st.integers(0, len(FEED)), st.binary(max_size=4)), max_size=6))
@settings(max_examples=150, deadline=None)
def test_P06_mutated_feeds_never_raise(changes: list[tuple[int, bytes]]) -> None:
    body = FEED
    for place, piece in changes:
        body = body[:place] + piece + body[place + 1 :]
    assert isinstance(parse(body, HINTS), ParseOutcome)


@pytest.mark.skipif(not BROKEN.exists(), reason="the shared corpora are not beside the project")
def test_broken_feeds_of_the_corpus_are_read_right() -> None:
    wrong = []
    for name, want in json.loads((BROKEN / "expected.json").read_text("utf-8")).items():
        got = items((BROKEN / f"{name}.bin").read_bytes())[0]
        seconds = got.published // 1_000_000 if got.published else None
        found = (got.title, got.link, got.guid, seconds)
        if want == "date":
            right = seconds is not None
        else:
            right = all(w is None or w == f for w, f in zip(want, found, strict=True))
        if not right:
            wrong.append((name, want, found))
    assert wrong == []
