"""Hand-over from end to end: alerts over HTTP, links that are opened and posted, the next told."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from alert_sinks import HttpSink, http_sink
from newsroom import RULES, Newsroom, item, make_newsroom

from rasid.alerts.handover.ack_links import AckLinks, links_of
from rasid.alerts.handover.escalation import Escalations
from rasid.alerts.outbox import Outbox
from rasid.models import Alert
from rasid.notifiers import open_notifier
from rasid.notifiers.text import renderer
from rasid.settings import MINUTE, Web
from rasid.web.ack import ack_routes
from rasid.web.app import web_app
from rasid.web.server import WebServer
from storage import open_storage

PEOPLE = """\
receivers:
  - {{id: desk, urls: ["{desk}"], SHOW, escalate: {{to: chief, after: 15m}}}}
  - {{id: chief, urls: ["{chief}"]}}
rules:
  - {{id: strike, any: [غارة], notify: [desk]}}
"""
TITLE = "غارة جوية على مستودع في مدينة الميادين"


@dataclass
class Watch:
    """A desk and a chief who are told over HTTP, and the page that their links lead to."""

    room: Newsroom
    desk: HttpSink
    chief: HttpSink
    links: AckLinks
    server: WebServer

    async def deliver(self) -> None:
        """Deliver with a loop that knows of nothing but what is stored, as after a restart."""
        await Escalations(self.room.storage, lambda: self.room.world, self.room.clock).look()
        outbox = Outbox(
            self.room.storage,
            open_notifier(),
            lambda: self.room.world.targets,
            self.room.clock,
            lambda: self.room.world.config.settings,
            renderer("UTC", self.link),
        )
        await outbox.round()

    def link(self, alert: Alert) -> str:
        return self.links.link(f"http://127.0.0.1:{self.server.port}", alert)

    async def ask(self, method: str, url: str, body: str = "") -> str:
        path = url.partition(str(self.server.port))[2]
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        head += "Content-Type: application/x-www-form-urlencoded\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
        try:
            return (await asyncio.wait_for(reader.read(), 10)).decode()
        finally:
            writer.close()


@pytest.fixture
def sinks() -> Iterator[tuple[HttpSink, HttpSink]]:
    with http_sink() as desk, http_sink() as chief:
        yield desk, chief


@pytest.fixture(params=["full", "discreet"])
async def watch(
    request: pytest.FixtureRequest, tmp_path: Path, sinks: tuple[HttpSink, HttpSink]
) -> AsyncIterator[Watch]:
    desk, chief = sinks
    people = PEOPLE.replace("SHOW", f"show: {request.param}")
    text = RULES[: RULES.index("receivers:")] + people.format(desk=desk.url, chief=chief.url)
    room = make_newsroom(tmp_path, "", text)
    links = await room.storage.write(links_of)
    routes = ack_routes(room.storage, links, lambda: room.world.targets, room.clock)
    server = WebServer(web_app(routes))
    await server.use(Web(port=0))
    yield Watch(room, desk, chief, links, server)
    await server.close()
    await room.storage.close()


def link_in(sink: HttpSink) -> str:
    found = re.findall(r"Acknowledge: (http\S+)", sink.requests[-1].json["message"])
    assert len(found) == 1
    return found[0]


async def test_a_link_that_is_opened_stops_nothing_and_one_that_is_posted_does(
    watch: Watch, tmp_path: Path
) -> None:
    await watch.room.show("front", [item(1, TITLE, published=None)])
    await watch.deliver()
    first = link_in(watch.desk)
    assert "200 OK" in await watch.ask("GET", first)
    watch.room.clock.forward(15 * MINUTE)
    await watch.deliver()
    assert len(watch.chief.requests) == 1  # nobody had pressed the button
    told = watch.chief.requests[0].json["message"]
    assert told.startswith("Escalated: not acknowledged since ")

    await watch.room.show("other", [item(2, "غارة ليلية تدمر جسر القرية في ريف صعدة")])
    await watch.deliver()
    assert "200 OK" in await watch.ask("POST", link_in(watch.desk), "by=rima")
    await watch.room.storage.close()  # the process ends, and another one goes on
    watch.room.storage = open_storage(tmp_path / "rasid.db", watch.room.clock)
    watch.room.clock.forward(15 * MINUTE)
    await watch.deliver()
    assert (len(watch.desk.requests), len(watch.chief.requests)) == (2, 1)


async def test_a_message_without_a_public_address_has_no_link(watch: Watch) -> None:
    watch.link = lambda _alert: ""  # type: ignore[method-assign]
    await watch.room.show("front", [item(1, TITLE, published=None)])
    await watch.deliver()
    assert "Acknowledge" not in watch.desk.requests[-1].json["message"]
