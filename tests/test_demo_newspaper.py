"""The demo's newspaper: a real server, asked as the crawler asks."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
import yaml

from rasid.config import load
from rasid.demo.newspaper import Newspaper, configuration
from rasid.models import Document
from rasid.rules import compile_rules

NOON = 1_800_000_000_000_000
EXPECTED = json.loads(
    (Path(__file__).parent / "data" / "demo" / "expected.json").read_text(encoding="utf-8")
)


class Clock:
    """A clock that a test moves."""

    now = NOON

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def paper(clock: Clock) -> Iterator[Newspaper]:
    with Newspaper("127.0.0.1", clock=clock) as newspaper:
        yield newspaper


def get(
    paper: Newspaper, path: str = "/feed.xml", method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(*paper.address, timeout=5)
    try:
        connection.request(
            method, path, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def test_items_appear_when_they_are_published_newest_first(paper: Newspaper) -> None:
    assert feedparser.parse(get(paper)[1]).entries == []
    assert paper.publish(2) == 2
    assert paper.publish() == 1
    entries = feedparser.parse(get(paper)[1]).entries
    assert [entry.id for entry in entries] == [f"river-courier:{n}" for n in (3, 2, 1)]
    assert entries[0].published == "Fri, 15 Jan 2027 08:00:00 GMT"


def test_every_item_is_published_once_and_then_no_more(paper: Newspaper) -> None:
    total = paper.left
    assert paper.publish(1000) == total == len(EXPECTED)
    assert paper.publish(1) == 0
    assert len(feedparser.parse(get(paper)[1]).entries) == total


def test_feed_is_well_formed_and_has_both_languages(paper: Newspaper) -> None:
    paper.publish(4)
    titles = [node.text or "" for node in ElementTree.fromstring(get(paper)[1]).iter("title")]
    assert any("مكتبة" in title for title in titles)
    assert "Library opens in Tell Zaytoun" in titles


def test_an_unchanged_feed_is_not_sent_again(paper: Newspaper) -> None:
    paper.publish(1)
    first, _ = get(paper)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    again, body = get(paper, If_None_Match=tag, If_Modified_Since=date)
    assert (again.status, body) == (304, b"")
    assert again.headers["ETag"] == tag
    assert get(paper, If_Modified_Since=date)[0].status == 304


def test_a_changed_feed_is_sent_even_within_the_same_second(paper: Newspaper) -> None:
    paper.publish(1)
    first, _ = get(paper)
    paper.publish(1)
    again, body = get(
        paper,
        If_None_Match=first.headers["ETag"],
        If_Modified_Since=first.headers["Last-Modified"],
    )
    assert again.status == 200
    assert len(feedparser.parse(body).entries) == 2


def test_last_modified_moves_with_the_clock(paper: Newspaper, clock: Clock) -> None:
    paper.publish(1)
    before = get(paper)[0].headers["Last-Modified"]
    clock.now += 60_000_000
    paper.publish(1)
    assert get(paper, If_Modified_Since=before)[0].status == 200


def test_a_date_that_cannot_be_read_gets_the_page(paper: Newspaper) -> None:
    assert get(paper, If_Modified_Since="yesterday")[0].status == 200


def test_item_pages_say_their_language_and_direction(paper: Newspaper) -> None:
    paper.publish(2)
    arabic, english = (get(paper, f"/item/{n}")[1].decode() for n in (1, 2))
    assert '<html lang="ar" dir="rtl">' in arabic
    assert '<html lang="en" dir="ltr">' in english


@pytest.mark.parametrize(
    "path", ["/item/3", "/item/0", "/item/x", "/item/" + "9" * 5000, "/", "/../etc"]
)
def test_what_is_not_published_is_not_found(paper: Newspaper, path: str) -> None:
    paper.publish(2)
    assert get(paper, path)[0].status == 404


def test_robots_keeps_nobody_out_and_head_has_no_body(paper: Newspaper) -> None:
    assert get(paper, "/robots.txt")[1] == b"User-agent: *\nDisallow:\n"
    answer, body = get(paper, method="HEAD")
    assert (answer.status, body) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0


def test_it_listens_on_loopback_only() -> None:
    with pytest.raises(ValueError, match="loopback"):
        Newspaper("0.0.0.0")


def test_stopping_frees_the_port_and_twice_is_well() -> None:
    paper = Newspaper("127.0.0.1").start()
    address = paper.address
    paper.stop()
    paper.stop()
    with Newspaper(*address) as second:
        assert second.address == address


def test_configuration_names_the_newspaper_and_lets_it_through() -> None:
    written = yaml.safe_load(configuration("127.0.0.9", 8123))
    assert written["sources"][0]["url"] == "http://127.0.0.9:8123/feed.xml"
    assert written["settings"]["security"]["allow_addresses"] == ["127.0.0.9:8123"]
    assert "HOST" not in configuration("127.0.0.9", 8123)


def test_demo_rules_match_the_items_they_are_meant_for(
    tmp_path: Path, paper: Newspaper, pytestconfig: pytest.Config
) -> None:
    (tmp_path / "rules.yaml").write_text(configuration(*paper.address), encoding="utf-8")
    cache = pytestconfig.cache.mkdir("forms")
    matcher = compile_rules(load(tmp_path / "rules.yaml"), cache_dir=cache)
    paper.publish(1000)
    for entry in feedparser.parse(get(paper)[1]).entries:
        number = entry.id.removeprefix("river-courier:")
        document = Document(id=number, title=entry.title, summary=entry.summary)
        found = sorted(match.rule for match in matcher.match(document))
        assert found == EXPECTED[number], entry.title


def test_about_half_of_the_items_match() -> None:
    assert 0.4 <= sum(map(bool, EXPECTED.values())) / len(EXPECTED) <= 0.6
