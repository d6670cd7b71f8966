"""WebSub against a real hub: subscribed, verified, renewed, pushed to, and left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hub import Hub, request
from hypothesis import given
from hypothesis import strategies as st
from newsroom import RULES, START, Newsroom, item, make_newsroom, make_world

from crawler.kinds import parse
from crawler.records import ParseHints
from rasid.errors import StorageUnavailableError
from rasid.ingest import Ingest
from rasid.models import (
    HubAnswer,
    Offer,
    ParsedFeed,
    SourceState,
    Subscription,
    SubscriptionState,
)
from rasid.pushes import hurried, pushed, unpushed
from rasid.settings import DAY, HOUR, MINUTE, SECOND, Config, Settings, Source, Web
from rasid.web.app import web_app
from rasid.web.callback import callback_routes
from rasid.web.server import WebServer
from rasid.websub.decide import answered, asking, changes, confirmed, denied, wanted
from rasid.websub.hubs import Hubs
from rasid.websub.signature import is_signed

TOPIC = "https://paper.example/front.xml"
MOST = 20_000  # bytes of a push


def feed(*numbers: int, title: str = "غارة على البلدة رقم") -> bytes:
    items = "".join(
        f"<item><guid>https://paper.example/?p={n}</guid><title>{title} {n}</title>"
        f"<link>https://paper.example/{n}</link></item>"
        for n in numbers
    )
    return f"<rss version='2.0'><channel><title>P</title>{items}</channel></rss>".encode()


class Client:
    """Asks hubs over HTTP, and reads with the parser of the crawler."""

    async def ask_hub(self, hub: str, form: Mapping[str, str]) -> HubAnswer:
        try:
            status, _ = await asyncio.to_thread(request, hub, urlencode(form).encode())
        except OSError as error:
            return HubAnswer(False, str(error))
        return HubAnswer(status < 300, "" if status < 300 else f"the hub answers {status}")

    async def read(self, source: Source, body: bytes, content_type: str) -> ParsedFeed | None:
        return parse(body, ParseHints(source.url, content_type, now=START)).feed


@dataclass
class Desk:
    """One installation that subscribes, and the hub of its source `front`."""

    room: Newsroom
    hubs: Hubs
    hub: Hub
    server: WebServer
    alerted: list[int]
    folder: Path

    async def rows(self) -> list[Subscription]:
        return await self.room.storage.read(lambda view: view.subscriptions())

    async def row(self) -> Subscription:
        (only,) = await self.rows()
        return only

    async def state(self) -> SourceState:
        state = await self.room.storage.read(lambda view: view.source_state("front"))
        assert state is not None
        return state

    async def change(self, **values: Any) -> None:
        state = replace(await self.state(), **values)
        await self.room.storage.write(lambda tx: tx.save_source(state))

    async def push(self, body: bytes, method: str = "sha256", secret: str = "") -> int:
        return await asyncio.to_thread(self.hub.push, TOPIC, body, method, secret)

    async def configure(self, rules: str) -> None:
        self.room.world = make_world(self.folder, rules)


def rules(callback: str) -> str:
    web = "web: {listen: '127.0.0.1:1'}, "
    settings = f"settings: {{{web}websub: {{callback_url: '{callback}'}}}}\n"
    return RULES.replace("version: 1\n", f"version: 1\n{settings}")


@pytest.fixture
def hub() -> Any:
    with Hub() as served:
        yield served


@pytest.fixture
async def desk(tmp_path: Path, hub: Hub) -> AsyncIterator[Desk]:
    """Yield an installation whose source has shown one item and offers a hub."""
    room = make_newsroom(tmp_path)
    alerted: list[int] = []
    ingest = Ingest(room.storage, lambda: room.world, room.stories)
    hubs = Hubs(
        room.storage, Client(), ingest, lambda: room.world, room.clock,
        on_alerts=lambda: alerted.append(1),
    )  # fmt: skip
    server = WebServer(web_app(callback_routes(hubs, most=MOST)))
    await server.use(Web(port=0))
    room.world = make_world(tmp_path, rules(f"http://127.0.0.1:{server.port}/websub/"))
    made = Desk(room, hubs, hub, server, alerted, tmp_path)
    await room.show("front", [item(1)], seeding=True)
    await made.change(offer=Offer(hub.url, ""), last_poll_at=room.clock(), outcome="ok",
                      next_poll_at=room.clock() + 15 * MINUTE)  # fmt: skip
    yield made
    await server.close()
    await room.storage.close()


# --- subscribing -----------------------------------------------------------------------------


async def test_a_source_with_a_hub_is_subscribed_to_verified_and_renewed(desk: Desk) -> None:
    assert await desk.hubs.look() == 1
    row, (form,) = await desk.row(), desk.hub.asked
    assert desk.hub.echoes == [(200, b"challenge-<1>")]
    assert row.state is SubscriptionState.ACTIVE
    assert row.lease_until == desk.room.clock() + 10 * DAY
    assert (form["hub.topic"], form["hub.mode"]) == (TOPIC, "subscribe")
    assert form["hub.callback"] == f"http://127.0.0.1:{desk.server.port}/websub/{row.key}"
    assert len(row.key) == len(row.secret) == 43
    assert row.secret not in repr(row)
    assert row.key not in repr(row)

    assert await desk.hubs.look() == 0, "nothing is due"
    desk.room.clock.forward(7 * DAY + 13 * HOUR)
    assert await desk.hubs.look() == 1
    again = await desk.row()
    assert (again.key, again.secret) == (row.key, row.secret)
    assert again.lease_until == desk.room.clock() + 10 * DAY


@pytest.mark.parametrize(
    "changed",
    [{"topic": "https://paper.example/other"}, {"mode": "unsubscribe"}, {"mode": ""},
     {"lease_seconds": "0"}, {"lease_seconds": "-9"}, {"lease_seconds": "x"}, {"challenge": ""}],
)  # fmt: skip
async def test_only_what_was_asked_for_is_confirmed(desk: Desk, changed: dict[str, str]) -> None:
    desk.hub.verifies = False
    await desk.hubs.look()
    (form,) = desk.hub.asked
    assert (await asyncio.to_thread(lambda: desk.hub.verify(form, **changed)))[0] == 404
    assert (await desk.row()).state is SubscriptionState.ASKED
    assert await asyncio.to_thread(desk.hub.verify, form) == (200, b"challenge-<1>")
    # the answer is no page, and nobody is asked twice
    assert (await asyncio.to_thread(desk.hub.verify, form))[0] == 404


async def test_a_callback_that_nobody_was_told_is_unknown(desk: Desk) -> None:
    await desk.hubs.look()
    base = f"http://127.0.0.1:{desk.server.port}/websub"
    question = f"?hub.mode=subscribe&hub.topic={TOPIC}&hub.challenge=x&hub.lease_seconds=9"
    for key in ("x" * 43, "short", "%2e%2e", ""):
        assert (await asyncio.to_thread(request, f"{base}/{key}{question}"))[0] == 404
        assert (await asyncio.to_thread(request, f"{base}/{key}", feed(2)))[0] == 404


async def test_a_hub_that_is_down_is_asked_less_and_less(desk: Desk) -> None:
    desk.hub.status = 500
    waits = []
    for _ in range(14):
        await desk.hubs.look()
        row = await desk.row()
        waits.append(row.due_at - desk.room.clock())
        desk.room.clock.at = row.due_at
    assert waits[:3] == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE]
    assert waits[-1] == DAY
    assert "500" in row.detail
    assert (await desk.state()).pushed_at is None
    desk.hub.status = 202
    await desk.hubs.look()
    assert ((await desk.row()).state, (await desk.row()).failures) == ("active", 0)


async def test_a_hub_that_cannot_be_reached_or_never_confirms_is_asked_again(desk: Desk) -> None:
    desk.hub.verifies = False
    await desk.hubs.look()
    desk.room.clock.forward(5 * MINUTE)
    await desk.hubs.look()
    assert len(desk.hub.asked) == 2
    assert (await desk.row()).failures == 2


async def test_a_denied_subscription_rests_for_a_week(desk: Desk) -> None:
    desk.hub.verifies = False
    await desk.hubs.look()
    (form,) = desk.hub.asked
    assert await asyncio.to_thread(desk.hub.deny, form, "no\nsuch <topic>") == 200
    row = await desk.row()
    assert (row.state, row.detail) == ("denied", "the hub denies it: no such <topic>")
    desk.room.clock.forward(6 * DAY)
    assert await desk.hubs.look() == 0
    desk.room.clock.forward(DAY)
    assert await desk.hubs.look() == 1


# --- leaving ---------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["source removed", "setting taken away", "paused", "hub moved"])
async def test_what_is_not_wanted_any_more_is_left(desk: Desk, change: str) -> None:
    await desk.hubs.look()
    await desk.push(feed(2))
    written = desk.folder.joinpath("rules.yaml").read_text(encoding="utf-8")
    if change == "source removed":
        await desk.configure(written.replace("front.xml", "x.xml").replace("id: front", "id: x"))
    elif change == "setting taken away":
        await desk.configure(RULES)
    elif change == "paused":
        await desk.change(paused=True)
    else:
        await desk.change(offer=Offer(desk.hub.url, "https://paper.example/new-topic"))
    await desk.hubs.look()
    assert "unsubscribe" in [form["hub.mode"] for form in desk.hub.asked]
    assert TOPIC not in desk.hub.callbacks
    assert [row.topic for row in await desk.rows()] == (
        ["https://paper.example/new-topic"] if change == "hub moved" else []
    )
    if change != "source removed":
        assert (await desk.state()).pushed_at is None


async def test_a_hub_that_does_not_let_go_is_forgotten_after_three_farewells(desk: Desk) -> None:
    await desk.hubs.look()
    desk.hub.verifies = False
    await desk.configure(RULES)
    for _ in range(4):
        await desk.hubs.look()
        for row in await desk.rows():
            assert row.state is SubscriptionState.LEAVING
            assert await desk.push(feed(2)) == 410
            desk.room.clock.at = row.due_at
    assert await desk.rows() == []
    assert [form["hub.mode"] for form in desk.hub.asked] == ["subscribe", *["unsubscribe"] * 3]


# --- pushes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_a_push_goes_the_way_of_a_poll(desk: Desk, method: str) -> None:
    await desk.hubs.look()
    assert await desk.push(feed(2), method) == 204
    assert await desk.room.alerts() == ["غارة على البلدة رقم 2"] * 2
    assert desk.alerted == [1]
    assert await desk.push(feed(2), method) == 204, "hubs send twice"
    assert len(await desk.room.alerts()) == 2
    state = await desk.state()
    assert (state.pushed_at, state.items_seen) == (desk.room.clock(), 2)
    assert (state.possible_gaps, state.interval) == (0, 0), "a push shows only what is new"


@pytest.mark.parametrize(
    ("method", "secret"), [("", ""), ("sha256", "another"), ("md5", ""), ("sha256", "ü")]
)
async def test_a_push_without_the_right_signature_is_dropped_unseen(
    desk: Desk, method: str, secret: str
) -> None:
    await desk.hubs.look()
    before = await desk.state()
    assert await desk.push(feed(2), method, secret) == 204
    assert await desk.room.alerts() == []
    assert await desk.state() == before


@pytest.mark.parametrize("body", [b"", b"something is new", b"<rss><channel></channel></rss>"])
async def test_a_thin_ping_has_its_source_polled_soon(desk: Desk, body: bytes) -> None:
    await desk.hubs.look()
    desk.room.clock.forward(30 * SECOND)
    now = desk.room.clock()
    assert await desk.push(body) == 204
    state = await desk.state()
    assert state.next_poll_at == now + 30 * SECOND, "a minute after the last poll"
    assert state.pushed_at is None


async def test_W08_a_push_that_is_too_large_is_refused(desk: Desk) -> None:
    await desk.hubs.look()
    assert await desk.push(b"x" * MOST) == 204
    assert await desk.push(b"x" * (MOST + 1)) == 413
    path = (await desk.row()).callback.partition(f":{desk.server.port}")[2]
    reader, writer = await asyncio.open_connection("127.0.0.1", desk.server.port)
    writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    writer.write(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")
    for _ in range(5):  # without saying how much there will be
        writer.write(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")
    answer = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    assert b" 413 " in answer
    packed = {"Content-Encoding": "gzip"}
    assert (await asyncio.to_thread(request, (await desk.row()).callback, b"x", packed))[0] == 415


async def test_W08_strangers_do_not_take_the_places_of_hubs(desk: Desk) -> None:
    await desk.hubs.look()
    opened = [await asyncio.open_connection("127.0.0.1", desk.server.port) for _ in range(9)]
    for number, (_, writer) in enumerate(opened):
        line = f"POST /websub/{number:043} HTTP/1.1"
        writer.write(f"{line}\r\nHost: x\r\nContent-Length: {MOST}\r\n\r\n".encode())
    answers = [await asyncio.wait_for(reader.readline(), 10) for reader, _ in opened]
    assert all(b" 404 " in answer for answer in answers), "before they have sent anything"
    assert await desk.push(feed(2)) == 204
    for _, writer in opened:
        writer.close()


async def test_Q06_a_push_that_cannot_be_stored_is_sent_again(desk: Desk) -> None:
    await desk.hubs.look()
    write = desk.room.storage.write

    async def full(_fn: Any) -> Any:
        raise StorageUnavailableError("disk full")

    desk.room.storage.write = full  # type: ignore[method-assign]
    assert await desk.push(feed(2)) == 503
    desk.room.storage.write = write  # type: ignore[method-assign]
    assert await desk.push(feed(2)) == 204
    assert len(await desk.room.alerts()) == 2


async def test_D01_a_push_before_the_first_poll_only_hurries_it(desk: Desk) -> None:
    await desk.hubs.look()
    await desk.change(seeded=False)
    assert await desk.push(feed(2, 3)) == 204
    assert await desk.room.alerts() == []
    assert (await desk.state()).next_poll_at <= desk.room.clock() + MINUTE


async def test_a_poll_that_finds_what_was_not_pushed_ends_the_rest(desk: Desk) -> None:
    await desk.hubs.look()
    await desk.push(feed(2))
    assert (await desk.state()).due_by == "pushed"
    await desk.room.show("front", [item(1), item(2)])
    assert (await desk.state()).pushed_at is not None
    await desk.room.show("front", [item(1), item(2), item(3)])
    assert (await desk.state()).pushed_at is None


# --- decisions -------------------------------------------------------------------------------

NOW = START
SOURCE = Source(id="front", outlet="paper", url=TOPIC, every=15 * MINUTE)
OFFERS = {"front": Offer("https://hub.example/", "")}
ROW = Subscription("k", "front", "https://hub.example/", TOPIC, "https://me.example/k", "s")


def config(source: Source = SOURCE, callback: str = "https://me.example") -> Config:
    return Config(settings=Settings(callback_url=callback), sources={source.id: source})


def test_whom_not_to_subscribe_to() -> None:
    assert wanted(config(), OFFERS) == {"front": Offer("https://hub.example/", TOPIC)}
    assert wanted(config(callback=""), OFFERS) == {}
    assert wanted(config(), {"unknown": OFFERS["front"], "front": Offer()}) == {}
    for private in ({"proxy": "http://p.example:1"}, {"headers": {"X": "y"}}, {"enabled": False}):
        assert wanted(config(replace(SOURCE, **private)), OFFERS) == {}  # type: ignore[arg-type]


def test_another_callback_address_is_another_subscription() -> None:
    active = replace(ROW, state=SubscriptionState.ACTIVE, due_at=NOW + DAY)
    offers = wanted(config(), OFFERS)

    def plan(callback: str) -> list[tuple[str, str]]:
        found = changes([active], offers, callback, now=NOW, random_text=lambda: "r")
        return [(row.state.value, row.callback) for row in found.save]

    assert plan("https://me.example/") == []
    assert plan("https://new.example") == [
        ("leaving", "https://me.example/k"),
        ("asked", "https://new.example/r"),
    ]


def test_a_lease_that_ended_is_no_subscription() -> None:
    active = replace(ROW, state=SubscriptionState.ACTIVE, lease_until=NOW, due_at=NOW - 1)
    renewed = asking(active, NOW)
    assert renewed is not None
    assert renewed.state is SubscriptionState.ASKED
    early = asking(replace(active, lease_until=NOW + 1), NOW)
    assert early is not None
    assert early.state is SubscriptionState.ACTIVE
    assert asking(replace(active, state=SubscriptionState.LEAVING), NOW) is None


def test_what_a_hub_confirmed_while_it_was_answering_stays() -> None:
    row = asking(ROW, NOW)
    assert row is not None
    done = confirmed(row, "subscribe", TOPIC, "60", NOW)
    assert done is not None
    (active,) = done.save
    assert answered(active, HubAnswer(False, "too late")) == active
    assert active.due_at == NOW + 5 * MINUTE, "no lease is so short that hubs are stormed"
    refused = answered(row, HubAnswer(False, "the server answers 404"))
    assert (refused.asked, confirmed(refused, "subscribe", TOPIC, "60", NOW)) == (False, None)


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), st.booleans())
def test_nothing_a_hub_says_breaks_a_subscription(
    mode: str, topic: str, text: str, asked: bool
) -> None:
    row = replace(ROW, asked=asked)
    assert confirmed(row, mode, topic, text, NOW) is None
    done = confirmed(row, "subscribe", TOPIC, text, NOW)
    assert done is None or (asked and done.save[0].lease_until > NOW)
    assert denied(row, topic, text, NOW) is None
    assert denied(row, TOPIC, text, NOW) is not None


@given(st.binary(max_size=50), st.text(max_size=80))
def test_no_made_up_signature_is_right(body: bytes, signature: str) -> None:
    assert not is_signed(body, signature, "secret")
    assert not is_signed(body, f"sha256={signature}", "secret")


def test_a_busy_hub_does_not_put_polls_off_for_ever() -> None:
    state = SourceState("front", last_poll_at=NOW, next_poll_at=NOW + 15 * MINUTE, outcome="ok")
    due = pushed(state, SOURCE, NOW + MINUTE).next_poll_at
    assert NOW + 0.9 * HOUR <= due <= NOW + 1.1 * HOUR
    for minute in range(2, 60):
        state = pushed(state, SOURCE, NOW + minute * MINUTE)
    assert state.next_poll_at == due
    back = unpushed(state, SOURCE, NOW + 20 * MINUTE)
    assert back.next_poll_at <= NOW + 37 * MINUTE
    failing = replace(state, failures=2, pushed_at=None, next_poll_at=NOW + MINUTE)
    assert pushed(failing, SOURCE, NOW).next_poll_at == NOW + MINUTE


def test_S21_a_ping_hurries_no_poll_that_has_to_wait() -> None:
    waits = SourceState("front", last_poll_at=NOW, next_poll_at=NOW + HOUR, outcome="rate_limited")
    assert hurried(waits, NOW + 5 * MINUTE) == waits
    well = replace(waits, outcome="ok")
    assert hurried(well, NOW + 5 * MINUTE).next_poll_at == NOW + 5 * MINUTE
    assert hurried(replace(well, failures=1), NOW).next_poll_at == NOW + HOUR
