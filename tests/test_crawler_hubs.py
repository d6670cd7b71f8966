"""Asking a hub through the crawler: behind the guard, with every outcome a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hub import Hub
from outlet import Outlet

from rasid.models import HubAnswer
from rasid.settings import Source

FORM = {"hub.mode": "subscribe", "hub.topic": "https://مثال.example/?a=1&b=ü"}


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub(verifies=False) as served:
        yield served


def ask(poll: Any, url: str) -> HubAnswer:
    answer: HubAnswer = poll.reactor(lambda: poll.crawler.ask_hub(url, FORM))
    return answer


def test_a_form_reaches_a_hub_as_it_is(poll: Any, hub: Hub) -> None:
    assert ask(poll, hub.url) == HubAnswer(True)
    assert hub.asked == [FORM]


def test_a_hub_that_moved_gets_the_form_and_no_other(poll: Any, hub: Hub) -> None:
    with Hub(status=307, location=hub.url) as old, Hub(status=302, location=hub.url) as page:
        assert ask(poll, old.url) == HubAnswer(True)
        assert hub.asked == [FORM]
        assert not ask(poll, page.url).accepted
        assert hub.asked == [FORM], "it would be asked for a page"


def test_a_hub_that_sends_in_circles_is_left(poll: Any, hub: Hub) -> None:
    hub.status, hub.location = 308, "/again"
    answer = ask(poll, hub.url)
    assert (answer.accepted, "redirects" in answer.detail) == (False, True)


@pytest.mark.parametrize(("status", "said"), [(404, "404"), (503, "503"), (410, "410")])
def test_a_refusal_is_told(poll: Any, hub: Hub, status: int, said: str) -> None:
    hub.status = status
    answer = ask(poll, hub.url)
    assert not answer.accepted
    assert said in answer.detail


def test_S01_S05_a_hub_of_the_inner_network_is_not_asked(
    poll: Any, hub: Hub, inner: Outlet
) -> None:
    assert "private network" in ask(poll, inner.url("/hub")).detail
    hub.status, hub.location = 307, inner.url("/hub")
    assert "private network" in ask(poll, hub.url).detail
    assert ask(poll, "file:///etc/passwd").accepted is False


def test_a_hub_that_is_not_there_is_told(poll: Any) -> None:
    with Hub() as gone:
        url = gone.url
    assert ask(poll, url).detail == "the server refuses the connection"


def test_P06_what_is_pushed_goes_through_the_parser(poll: Any) -> None:
    source = Source("s", "o", "https://news.example/feed")
    read = poll.crawler.read
    assert poll.reactor(lambda: read(source, b"<rss>", "text/xml")) is not None
    assert poll.reactor(lambda: read(source, b"nothing", "text/xml")) is None
