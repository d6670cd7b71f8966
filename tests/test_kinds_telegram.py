"""Public channels of Telegram: pages in the shape of the preview, from a server on loopback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from newsroom import START, make_newsroom
from outlet import Outlet
from poller import Poller, kind

from crawler import kinds
from crawler.records import ParseHints, ParseOutcome
from rasid.models import Decision, ParsedItem, PollOutcome, PollReason
from rasid.settings import SECOND

PAGE = (Path(__file__).parent / "data" / "pages" / "telegram.html").read_bytes()
POST = """<div class="tgme_widget_message js-widget_message" data-post="outlet_news/{0}">
<div class="tgme_widget_message_text js-message_text">{1}</div></div>"""


def read(
    body: bytes, name: str = "telegram", url: str = "https://t.me/s/outlet_news"
) -> ParseOutcome:
    return kinds.parse(body, ParseHints(url=url, now=START, kind=name))


def items(body: bytes, name: str = "telegram") -> tuple[ParsedItem, ...]:
    outcome = read(body, name)
    assert outcome.feed is not None, outcome
    return outcome.feed.items


def page(messages: dict[int, str]) -> bytes:
    posts = "".join(POST.format(number, text) for number, text in messages.items())
    return f"<html><body>{posts}</body></html>".encode()


def test_a_message_is_an_item_with_link_time_and_first_line_as_title() -> None:
    first = items(PAGE)[-1]
    assert first.guid == first.link == "https://t.me/outlet_news/101"
    assert first.title == "عاجل | قصف على الميادين & ريفها"
    assert first.summary == f"{first.title}\nمراسلنا: #الميادين 1 < 2"
    assert (first.author, first.published) == ("المنفذ", 1_769_929_200 * SECOND)


def test_a_forwarded_signed_answer_says_from_where_and_not_what_it_answers() -> None:
    _, answer, _ = items(PAGE)
    assert (answer.title, answer.summary) == ("Rain in Idlib", "Rain in Idlib")
    assert answer.author == "Desk A (forwarded from Other Desk)"
    assert answer.published == 1_769_930_100 * SECOND


def test_a_message_without_text_is_kept_with_its_link() -> None:
    picture = items(PAGE)[0]
    assert (picture.title, picture.link) == ("", "https://t.me/outlet_news/105")
    assert picture.published == 1_769_930_400 * SECOND


def test_what_the_service_says_of_a_channel_is_no_item() -> None:
    body = page({1: "Rain", 2: "Channel photo updated"})
    mark = b'" data-post="outlet_news/2"'
    body = body.replace(mark, b" service_message" + mark)
    assert [item.title for item in items(body)] == ["Rain"]


def test_auto_knows_a_channel_by_host_and_shape() -> None:
    assert items(PAGE, "auto") == items(PAGE)
    elsewhere = read(PAGE, "auto", "https://outlet.example/s/outlet_news")
    assert elsewhere.reason is PollReason.NOT_A_FEED


@pytest.mark.parametrize("body", [b"<html><body>Join</body></html>", b"<!-- -->", b"\0\0", b"{}"])
def test_P19_a_page_without_messages_is_no_empty_success(body: bytes) -> None:
    outcome = read(body)
    assert outcome.feed is None
    assert outcome.reason in (PollReason.NOTHING_FOUND, PollReason.EMPTY_RESPONSE)


def test_P20_a_hostile_page_is_an_outcome() -> None:
    deep = page({1: "<b>" * 100_000 + "x"})
    assert read(deep).reason in (
        PollReason.PARSED,
        PollReason.PARSE_ERROR,
        PollReason.NOTHING_FOUND,
    )
    entities = b"<!DOCTYPE html [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + page({1: "&a; one"})
    assert "root" not in items(entities)[0].summary


async def test_an_edited_message_is_a_revision_and_a_deleted_one_nothing(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path, "memory://")
    await room.show("front", items(page({1: "Rain", 2: "Calm"})), seeding=True)
    report = await room.show("front", items(page({2: "An air strike", 3: "Wind"})))
    assert report.decisions == {Decision.REVISED: 1, Decision.NEW: 1}
    assert not report.possible_gap
    await room.storage.close()


async def test_D11_only_a_page_that_reaches_nothing_known_is_a_possible_gap(
    tmp_path: Path,
) -> None:
    room = make_newsroom(tmp_path, "memory://")
    await room.show("front", items(page({1: "One", 2: "Two"})), seeding=True)
    holes = await room.show("front", items(page({2: "Two", 9: "Nine", 17: "Seventeen"})))
    assert not holes.possible_gap
    beyond = await room.show("front", items(page({40: "Forty", 41: "Forty-one"})))
    assert beyond.possible_gap
    await room.storage.close()


async def _read(body: bytes, hints: ParseHints) -> ParseOutcome:
    return kinds.parse(body, hints)


def test_a_channel_is_polled_like_a_feed(reactor: Any, outlet: Outlet) -> None:
    outlet.body("/s/outlet_news", PAGE, Content_Type="text/html; charset=utf-8")
    outlet.redirect("/s/private", outlet.url("/private"))
    outlet.body("/private", b"<html><body>View in Telegram</body></html>")
    with Poller(reactor, parse=_read) as poll:
        result = poll(outlet.url("/s/outlet_news"), kind="telegram")
        assert kind(result) == (PollOutcome.OK, PollReason.PARSED)
        assert result.feed is not None
        assert len(result.feed.items) == 3
        private = poll(outlet.url("/s/private"), kind="telegram")
    assert kind(private) == (PollOutcome.FAILED, PollReason.NOTHING_FOUND)
    assert "no preview" in private.detail


@pytest.mark.parametrize(
    "written", ["t.me/outlet_news", "https://t.me/outlet_news", "https://t.me/s/outlet_news?q=x"]
)
def test_every_address_of_a_channel_leads_to_its_preview(loaded: Any, written: str) -> None:
    config = loaded(f"sources: [{{id: c, outlet: o, url: '{written}', kind: telegram}}]")
    assert config.sources["c"].url == "https://t.me/s/outlet_news"
