"""`rasid why-not-sent`: every stage by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alert_sinks import Answer, HttpSink, http_sink
from daemon import rasid, rows
from newsroom import Newsroom, item, make_newsroom
from outlet import Outlet

from rasid.alerts.outbox import Outbox
from rasid.archive.bringers import bringers
from rasid.archive.fate import Fate, Stage, Trace, fate_of, fates, trace
from rasid.models import Decision, Hold, ItemPage, PageState
from rasid.notifiers import open_notifier
from rasid.notifiers.text import renderer
from rasid.settings import HOUR, MINUTE

ROOT = Path(__file__).resolve().parent.parent
RULES = """\
version: 1
settings: {{story_updates: 30m, dead_letter_after: 72h}}
sources:
  - {{id: front, outlet: paper, url: "https://paper.example/front.xml"}}
  - {{id: other, outlet: wire, url: "https://wire.example/feed.xml"}}
receivers:
  - {{id: desk, urls: [{{id: a, url: "{url}"}}]}}
  - {{id: mail, urls: [{{id: a, url: "{url}"}}], digest: {{at: "0 7 * * *"}}}}
  - {{id: chief, urls: [{{id: a, url: "{url}"}}], min_severity: high}}
rules:
  - {{id: strike, any: [غارة, strike], severity: medium, notify: [desk, mail, chief]}}
  - {{id: changed, any: [غارة, strike], on: [revised], notify: [desk]}}
  - {{id: flood, any: [flood], notify: [desk]}}
"""


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with http_sink() as opened:
        yield opened


@pytest.fixture
async def room(tmp_path: Path, sink: HttpSink) -> Any:
    made = make_newsroom(tmp_path, rules=RULES.format(url=sink.url))
    yield made
    await made.storage.close()


async def deliver(room: Newsroom) -> None:
    """Send what is due, as the daemon does."""
    outbox = Outbox(
        room.storage,
        open_notifier(),
        lambda: room.world.targets,
        room.clock,
        lambda: room.world.config.settings,
        renderer("UTC"),
        jitter=lambda: 0.0,
    )
    await outbox.round()


async def traced(room: Newsroom, number: int = 1) -> Trace:
    title = item(number).title

    def look(view: Any) -> Trace:
        (found,) = view.items(text=title)
        return trace(view, found)

    return await room.storage.read(look)


async def came(room: Newsroom, rule: str = "strike", number: int = 1) -> dict[str, Fate]:
    """Return what became of an item, by receiver."""
    from rasid.items.documents import document

    found = await traced(room, number)
    matches = {one.rule for one in room.world.matcher.match(document(found.item))}
    config, targets = room.world.config, room.world.targets.values()
    chosen = config.rules[rule]
    of_rule = fates(found, chosen, matches=rule in matches, config=config, targets=targets)
    return {one.target.partition("/")[0]: one for one in of_rule}


async def test_each_receiver_has_a_stage_of_its_own(room: Newsroom, sink: HttpSink) -> None:
    await room.show("front", [item(1)])
    stages = {name: one.stage for name, one in (await came(room)).items()}
    assert stages == {"desk": "due", "mail": "due", "chief": "below_min_severity"}
    await deliver(room)
    found = await came(room)
    assert {name: one.stage for name, one in found.items()} == {
        "desk": "delivered",
        "mail": "digest",
        "chief": "below_min_severity",
    }
    assert (found["desk"].at, found["desk"].attempts) == (room.clock(), 1)
    assert found["mail"].next_at is not None
    assert (await came(room, "changed"))["desk"].stage == Stage.NOT_ASKED_FOR
    assert (await came(room, "flood"))[""].stage == Stage.NO_MATCH


async def test_N07_tried_refused_and_given_up_are_told_apart(
    room: Newsroom, sink: HttpSink
) -> None:
    await room.show("front", [item(1)])
    sink.answer = lambda _request: Answer(503)
    await deliver(room)
    retried = (await came(room))["desk"]
    assert (retried.stage, retried.detail) == (Stage.RETRIED, "http_5xx HTTP 503")
    assert retried.next_at is not None
    assert retried.next_at > room.clock()
    sink.answer = lambda _request: Answer(404)
    room.clock.forward(MINUTE)
    await deliver(room)
    dead = (await came(room))["desk"]
    assert (dead.stage, dead.attempts, dead.next_at) == (Stage.DEAD, 2, None)
    (alert,) = [one for one in (await traced(room)).alerts if one.receiver == "desk"]
    await room.storage.write(lambda tx: tx.drop_alerts([alert.id]))
    assert (await came(room))["desk"].stage == Stage.DROPPED


async def test_N07_what_is_refused_with_markup_waits_to_go_without(
    room: Newsroom, sink: HttpSink
) -> None:
    from rasid.models import DeliveryOutcome, DeliveryReason, DeliveryResult

    await room.show("front", [item(1)])
    claimed = await room.storage.write(lambda tx: tx.claim("desk/a", limit=1, ttl=MINUTE))
    assert claimed is not None
    assert (await came(room))["desk"].stage == Stage.DUE
    refused = DeliveryResult(DeliveryOutcome.REJECTED, DeliveryReason.HTTP_4XX, "HTTP 400")
    await room.storage.write(
        lambda tx: tx.finish(claimed, refused, retry_at=room.clock(), plain=True)
    )
    assert (await came(room))["desk"].stage == Stage.REJECTED


async def test_what_repeats_a_story_waits_for_its_update(room: Newsroom) -> None:
    first = item(1, "غارة على بلدة الشعفة في ريف دير الزور")
    again = replace(item(2, "غارة على بلدة الشعفة في ريف دير الزور صباحا"), published=None)
    await room.show("front", [first])
    await deliver(room)
    await room.show("other", [again])
    await deliver(room)

    def look(view: Any) -> Trace:
        return trace(view, next(one for one in view.items() if "صباحا" in one.title))

    found = await room.storage.read(look)
    config = room.world.config
    targets = room.world.targets.values()
    told = fates(found, config.rules["strike"], matches=True, config=config, targets=targets)
    (desk,) = [one for one in told if one.target == "desk/a"]
    assert (desk.stage, desk.event) == (Hold.STORY, "new")
    assert desk.next_at is not None
    assert desk.next_at > room.clock()


async def test_D01_first_polls_and_what_is_too_old_alert_nobody(room: Newsroom) -> None:
    await room.show("front", [item(1)], seeding=True)
    assert {one.stage for one in (await came(room)).values()} == {Stage.SEEDED}
    old = replace(item(2), published=room.clock() - 100 * HOUR)
    await room.show("front", [item(1), old])
    assert (await traced(room, 2)).item.decision is Decision.TOO_OLD
    assert {one.stage for one in (await came(room, number=2)).values()} == {Stage.TOO_OLD}


async def test_D14_a_rule_and_a_receiver_that_came_later_are_named(
    room: Newsroom, tmp_path: Path, sink: HttpSink
) -> None:
    from newsroom import make_world

    await room.show("front", [item(1)])
    text = RULES.format(url=sink.url).replace("any: [flood]", "any: [غارة]")
    text = text.replace(
        '  - {id: chief, urls: [{id: a, url: "',
        '  - {id: new, urls: ["json://192.0.2.9/x"]}\n  - {id: chief, urls: [{id: a, url: "',
    )
    text = text.replace("[desk, mail, chief]", "[desk, mail, chief, new]")
    room.world = make_world(tmp_path, text)
    assert (await came(room, "flood"))[""].stage == Stage.NOT_IN_FORCE
    assert (await came(room))["new"].stage == Stage.NOT_PROMISED


async def test_what_its_page_waits_for_is_said(room: Newsroom) -> None:
    await room.show("front", [item(1)])
    found = (await traced(room)).item
    page = ItemPage(found.id, "front", found.link, "paper.example", 0, state=PageState.DUE)
    await room.storage.write(lambda tx: tx.add_item_page(page))
    assert (await traced(room)).page == "due"


async def test_who_would_have_brought_a_link(room: Newsroom) -> None:
    sources = room.world.config.sources.values()
    strange = item(1, link="https://news.paper.example/1")
    elsewhere = item(2, link="https://blog.example/2")
    await room.show("front", [strange, elsewhere])

    async def of(url: str) -> list[str]:
        found = await room.storage.read(lambda view: bringers(view, url, sources))
        return [one.id for one in found]

    assert await of("https://www.paper.example/other") == ["front"]
    assert await of("https://wire.example/9") == ["other"]
    assert await of("https://blog.example/9") == ["front"], "its items link there"
    assert await of("https://nobody.example/") == []
    assert await of("http://[") == []


async def test_what_an_alert_tells_is_said_whoever_it_came_to(room: Newsroom) -> None:
    await room.show("front", [item(1)])
    found = await traced(room)
    (first, *_), events = found.alerts, {}
    for what in ("", ":r2", ":withdrawn", ":corroborated", ":escalated", ":r2:escalated"):
        alert = replace(first, subject=f"item:{found.item.id}{what}")
        events[what] = fate_of(alert, found).event
    assert list(events.values()) == [
        "new", "revised", "withdrawn", "corroborated", "new", "revised",
    ]  # fmt: skip


# --- the command ---------------------------------------------------------------------------

FEED = """<rss version="2.0"><channel><title>t</title>{}</channel></rss>"""
ITEM = "<item><guid>{n}</guid><title>{t}</title><link>https://paper.example/{n}</link></item>"
DAEMON = """\
version: 1
settings: {{security: {{allow_addresses: ["{address}"]}}}}
sources: [{{id: paper, outlet: daily, url: "{url}"}}]
receivers: [{{id: desk, urls: ["console://"]}}, {{id: none, urls: ["console://"]}}]
rules:
  - {{id: strikes, any: [strike], notify: [desk]}}
  - {{id: floods, all: [{{any: [flood]}}, {{any: [strike]}}], notify: [desk, none]}}
"""


def test_the_command_tells_the_way_of_an_item(tmp_path: Path) -> None:
    with Outlet() as outlet:
        text = DAEMON.format(address=outlet.address, url=outlet.url())
        (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
        place = ["--config", tmp_path / "rules.yaml", "--data-dir", tmp_path / "data"]
        for titles in (["Rain"], ["Rain", "A strike"]):
            feed = "".join(ITEM.format(n=n, t=title) for n, title in enumerate(titles))
            outlet.body("/feed", FEED.format(feed).encode())
            rasid("once", "--all", *place)
        link = "https://www.paper.example/1?utm_source=x"
        sent, missed = rows(rasid("why-not-sent", link, "--json", *place))
        assert (sent["rule"], sent["stage"], sent["receiver"]) == ("strikes", "delivered", "desk")
        assert sent["attempts"] == 1
        assert sent["last_attempt_at"] in sent["why"]
        assert (missed["rule"], missed["stage"]) == ("floods", "no_match")
        assert "first clause that fails" in missed["why"]
        assert "flood" in missed["why"]
        (only,) = rows(rasid("why-not-sent", link, "--receiver", "none", "--json", *place))
        assert only["rule"] == "floods"
        (seeded,) = rows(
            rasid("why-not-sent", "https://paper.example/0", "--rule", "strikes", "--json", *place)
        )
        assert seeded["stage"] == "no_match"
        shown = rasid("why-not-sent", sent["id"][:20], *place).stdout
        assert f"A strike [{sent['id']}]" in shown
        assert "first seen by paper" in shown

        (unknown,) = rows(rasid("why-not-sent", "http://paper.example/9", "--json", *place))
        assert (unknown["known"], unknown["source"]) == (False, "paper")
        assert unknown["why"] == "it is polled well and did not show this link"
        rasid("sources", "disable", "paper", *place)
        (paused,) = rows(rasid("why-not-sent", "http://paper.example/9", "--json", *place))
        assert "is paused" in paused["why"]
        nobody = rasid("why-not-sent", "http://nobody.example/9", *place).stdout
        assert "no source lies on its host" in nobody
        assert (
            "no receiver" in rasid("why-not-sent", link, "--receiver", "x", *place, check=2).stderr
        )
        assert "no stored item" in rasid("why-not-sent", "ZZZ", *place, check=1).stderr


def test_every_stage_is_explained() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    part = page.partition("## An alert did not come")[2].partition("\n## ")[0]
    named = {
        name
        for row in re.findall(r"^\| (`.*?) \|", part, re.M)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert {*Stage, *Hold} <= named
