"""Several rules, one item, one receiver: one message that names them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alert_sinks import HttpSink, http_sink
from newsroom import Newsroom, item, make_newsroom, make_world

from rasid.alerts.outbox import Outbox
from rasid.models import Alert, Notification
from rasid.notifiers import open_notifier
from rasid.notifiers.text import render, renderer
from rasid.settings import Settings

RULES = """\
version: 1
sources:
  - {{id: front, outlet: paper, url: "https://paper.example/front.xml"}}
receivers:
  - {{id: desk, urls: ["{url}"]}}
rules:
  - {{id: strikes, any: [غارة, strike], notify: [desk]}}
  - {{id: towns, any: [البلدة, town], notify: [desk]}}
  - {{id: numbers, any: [رقم, number], notify: [desk]}}
"""


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with http_sink() as made:
        yield made


def news(sink: HttpSink, folder: Path, url: str = "") -> Newsroom:
    room = make_newsroom(folder, url, RULES.format(url=sink.url))
    room.world = make_world(folder, RULES.format(url=sink.url))
    return room


async def deliver(room: Newsroom) -> None:
    outbox = Outbox(
        room.storage,
        open_notifier(),
        lambda: room.world.targets,
        room.clock,
        lambda: Settings(),
        renderer("UTC"),
    )
    await outbox.round()


@pytest.mark.parametrize("url", ["", "memory://"])
async def test_N19_two_rules_on_one_item_are_one_message(
    sink: HttpSink, tmp_path: Path, url: str
) -> None:
    room = news(sink, tmp_path, url)
    report = await room.show("front", [item(1, "غارة على البلدة")])
    assert report.alerts == 2
    await deliver(room)
    (request,) = sink.requests
    text = request.json["message"]
    assert "Rule strikes, towns" in text.replace("\u2068", "").replace("\u2069", "")
    assert len(request.alerts) == 2
    assert text.count("https://paper.example/1") == 1
    assert "‹غارة› على ‹البلدة›" in text  # one excerpt, the words of both rules marked
    await room.storage.close()


@pytest.mark.parametrize("url", ["", "memory://"])
async def test_N19_no_message_boundary_parts_the_rules_of_an_item(
    sink: HttpSink, tmp_path: Path, url: str
) -> None:
    room = news(sink, tmp_path, url)
    await room.show("front", [item(number) for number in range(25)])
    await deliver(room)
    sent = {one.id: one for one in await room.storage.read(lambda view: view.alerts(limit=999))}
    assert len(sent) == 75
    assert Counter(sink.ids) == Counter(list(sent))
    for request in sink.requests:
        told = Counter(sent[name].subject for name in request.alerts)
        assert set(told.values()) == {3}
    await room.storage.close()


async def test_N19_one_message_has_no_more_ids_than_a_header_holds(
    sink: HttpSink, tmp_path: Path
) -> None:
    rules = "".join(
        f"  - {{id: rule-{number}, any: [غارة], notify: [desk]}}\n" for number in range(130)
    )
    room = make_newsroom(tmp_path, rules=RULES.format(url=sink.url) + rules)
    await room.show("front", [item(1, "غارة")])
    await deliver(room)
    assert [len(request.alerts) for request in sink.requests] == [100, 31]  # and strikes
    await room.storage.close()


def told(rule: str, *spans: list[int], text: str = "ab cd ef") -> Alert:
    excerpt: dict[str, Any] = {
        "field": "title",
        "text": text,
        "spans": list(spans),
        "before": False,
        "after": False,
    }
    facts = {"kind": "item", "title": text, "outlet": "o", "excerpts": [excerpt]}
    return Alert(f"id-{rule}", rule, "h", "t", "desk", "item:1", 1, facts)


@pytest.mark.parametrize(
    ("one", "two", "shown"),
    [
        ([[0, 2]], [[3, 5]], "‹ab› ‹cd› ef"),
        ([[0, 2]], [[0, 2]], "‹ab› cd ef"),
        ([[0, 5]], [[3, 8]], "‹ab cd ef›"),
        ([[3, 5]], [[0, 2], [6, 8]], "‹ab› ‹cd› ‹ef›"),
    ],
)
def test_words_of_all_rules_are_marked(
    one: list[list[int]], two: list[list[int]], shown: str
) -> None:
    alerts = (told("a", *one), told("b", *two))
    notification = Notification("n", "t", alerts, 1, 0, "token")
    body = render(notification, time_zone="UTC", limit=2_000, show="full").body
    assert body.count("‹") == shown.count("‹")
    assert shown in body
