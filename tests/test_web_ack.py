"""The page behind a message's link, asked over a socket: GET does nothing, POST acknowledges."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from newsroom import START, Clock

from rasid.alerts.handover.ack_links import GOOD_FOR, AckLinks, links_of
from rasid.models import Ack, Alert, Target
from rasid.protocols import Storage
from rasid.settings import MINUTE, SECOND, Web
from rasid.web.ack import MAX_BODY, ack_routes
from rasid.web.app import web_app
from rasid.web.server import WebServer
from storage import open_storage

TITLE = "<script>alert(1)</script> غارة على الميادين"
FACTS = {"kind": "item", "title": TITLE, "outlet": "SANA", "story": "I1"}
TARGETS = {
    "desk/a": Target("desk/a", "desk", "json://192.0.2.1/", language="ar"),
    "field/a": Target("field/a", "field", "json://192.0.2.1/", show="discreet"),
}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Desk:
    """A server, and what somebody does who has the link of an alert."""

    storage: Storage
    server: WebServer
    links: AckLinks
    clock: Clock

    async def ask(self, path: str, method: str = "GET", body: bytes = b"", **more: str) -> Answer:
        headers = {"Host": "x", "Connection": "close", "Content-Length": str(len(body))}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        lines = [f"{method} {path} HTTP/1.1", *(f"{key}: {one}" for key, one in headers.items())]
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        try:
            got = await asyncio.wait_for(reader.read(), 10)
        finally:
            writer.close()
        head, _, said = got.partition(b"\r\n\r\n")
        first, *rest = head.decode().split("\r\n")
        told = {name.lower(): one.strip() for name, _, one in (x.partition(":") for x in rest)}
        return Answer(int(first.split()[1]), told, said.decode())

    def path(self, alert: str = "A1", target: str = "desk/a") -> str:
        return f"/ack/{self.links.token(one(alert, target))}"

    async def acks(self) -> list[Ack]:
        return await self.storage.read(lambda view: view.acks(["story:I1", "item:1"]))


def one(name: str, target: str = "desk/a", rule: str = "strikes", subject: str = "item:1") -> Alert:
    receiver = target.partition("/")[0]
    return Alert(name, rule, "h", target, receiver, subject, START, FACTS)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    clock = Clock()
    storage = open_storage(tmp_path / "rasid.db", clock)
    links = await storage.write(links_of)
    told = [one("A1"), one("A2", rule="depot"), one("B1", "field/a"), one("C1", subject="item:2")]
    told.append(replace(one("D1"), subject="notice:rules:1", facts={"kind": "notice"}))
    await storage.write(lambda tx: [tx.add_alert(alert) for alert in told])
    server = WebServer(web_app(ack_routes(storage, links, lambda: TARGETS, clock)))
    await server.use(Web(port=0))
    yield Desk(storage, server, links, clock)
    await server.close()
    await storage.close()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_W03_opening_a_link_changes_nothing(desk: Desk, method: str) -> None:
    for _ in range(3):
        answer = await desk.ask(desk.path(), method)
        assert answer.status == 200
    assert await desk.acks() == []


async def test_the_button_acknowledges_all_that_the_message_tells(desk: Desk) -> None:
    page = await desk.ask(desk.path())
    assert '<form method="post">' in page.text
    answer = await desk.ask(desk.path(), "POST", urlencode({"by": "ريما\nX"}).encode())
    assert (answer.status, "ريما X" in answer.text, "<form" in answer.text) == (200, True, False)
    acks = await desk.acks()
    assert [(ack.rule, ack.about, ack.author) for ack in acks] == [
        ("depot", "story:I1", "ريما X"),
        ("strikes", "story:I1", "ريما X"),
    ]


async def test_a_second_button_changes_nothing(desk: Desk) -> None:
    await desk.ask(desk.path(), "POST", b"by=rima")
    before = await desk.acks()
    desk.clock.forward(MINUTE)
    again = await desk.ask(desk.path(), "POST", b"by=sami")
    assert ("rima" in again.text, "sami" in again.text) == (True, False)
    assert await desk.acks() == before


async def test_who_gives_no_name_is_the_receiver(desk: Desk) -> None:
    await desk.ask(desk.path(), "POST", b"")
    assert {ack.author for ack in await desk.acks()} == {"desk (link)"}


def tampered(token: str) -> list[str]:
    alert, until, signature = token.split(".")
    other = "B" if signature[0] == "A" else "A"
    return [
        f"C1.{until}.{signature}",
        f"{alert}.{int(until) + 1}.{signature}",
        f"{alert}.{until}.{other}{signature[1:]}",
        f"{alert}.{until}.{signature[:-1]}",
        f"{alert}.{until}.{signature}A",
        f"{alert}.{until}.",
        f"{alert}.{until}",
        f"{alert}.{until}.%00{signature}",
        "%2e%2e%2fhealthz",
        AckLinks(b"other").token(one("A1")),
    ]


async def test_W03_W13_tampered_links_are_refused(desk: Desk) -> None:
    for token in tampered(desk.links.token(one("A1"))):
        for method in ("GET", "POST"):
            answer = await desk.ask(f"/ack/{token}", method)
            assert (answer.status, "SANA" in answer.text) == (404, False), token
    assert await desk.acks() == []


async def test_expired_links_are_refused(desk: Desk) -> None:
    desk.clock.forward(GOOD_FOR - SECOND)
    assert (await desk.ask(desk.path())).status == 200
    desk.clock.forward(SECOND)
    for method in ("GET", "POST"):
        answer = await desk.ask(desk.path(), method)
        assert (answer.status, "SANA" in answer.text) == (410, False)
    assert await desk.acks() == []


async def test_a_link_to_what_is_no_item_is_refused(desk: Desk) -> None:
    for name in ("D1", "UNKNOWN"):
        assert (await desk.ask(desk.path(name), "POST", b"")).status == 410


async def test_W01_what_outlets_and_people_write_is_text(desk: Desk) -> None:
    page = await desk.ask(desk.path())
    assert "&lt;script&gt;alert(1)&lt;/script&gt; غارة" in page.text
    name = urlencode({"by": '"><img src=x>'}).encode()
    done = await desk.ask(desk.path(), "POST", name)
    assert ("&lt;img" in done.text, "<img" in done.text) == (True, False)
    for answer in (page, done, await desk.ask("/ack/<script>")):
        assert "<script" not in answer.text
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"].startswith("text/html; charset=utf-8")
        assert "set-cookie" not in answer.headers


async def test_W02_refusals_repeat_nothing_that_was_asked(desk: Desk) -> None:
    answer = await desk.ask("/ack/canary%3Cb%3E?x=canary")
    assert (answer.status, "canary" in answer.text) == (404, False)


async def test_a_discreet_receiver_is_shown_neither_rules_nor_items(desk: Desk) -> None:
    path = desk.path("B1", "field/a")
    for answer in (await desk.ask(path), await desk.ask(path, "POST", b"by=rima")):
        assert answer.status == 200
        for secret in ("strikes", "SANA", "غارة", "I1", "field"):
            assert secret not in answer.text
    assert len(await desk.acks()) == 1


async def test_W08_large_bodies_are_refused_before_they_are_read(desk: Desk) -> None:
    answer = await desk.ask(desk.path(), "POST", b"by=" + b"x" * MAX_BODY)
    assert answer.status == 413
    said = await desk.ask(desk.path(), "POST", b"", Content_Length=str(10**12))
    assert said.status == 413
    many = "&".join(f"a{n}=1" for n in range(200)).encode()
    assert (await desk.ask(desk.path(), "POST", many)).status == 200  # nobody is named in it
    wrong = await desk.ask(desk.path("C1"), "POST", b"{}", Content_Type="application/json")
    assert wrong.status == 415


async def test_W09_one_link_is_answered_so_often_and_holds_up_no_other(desk: Desk) -> None:
    seen = [(await desk.ask(desk.path())).status for _ in range(32)]
    assert (seen.count(200), seen[-1]) == (30, 429)
    assert (await desk.ask(desk.path("C1"))).status == 200
    desk.clock.forward(MINUTE)
    assert (await desk.ask(desk.path())).status == 200


async def test_the_page_speaks_the_receivers_language(desk: Desk) -> None:
    assert 'lang="ar" dir="rtl"' in (await desk.ask(desk.path())).text


async def test_the_key_is_made_once_and_never_shown(desk: Desk) -> None:
    assert await desk.storage.write(links_of) == desk.links
    assert desk.links.key.hex() not in repr(desk.links)
    assert len(desk.links.key) == 32
