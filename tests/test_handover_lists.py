"""A list that asks to be acknowledged has one link for all of it: from the feed to the chief."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from functools import cached_property
from pathlib import Path
from urllib.parse import urlencode

import pytest
from newsroom import RULES, item, make_newsroom
from test_handover import Watch
from test_handover import sinks as sinks

from rasid.alerts.handover.ack_links import GOOD_FOR, links_of
from rasid.alerts.handover.acks import asks
from rasid.alerts.handover.escalation import Escalations
from rasid.alerts.outbox import Outbox
from rasid.models import Alert, Notification
from rasid.notifiers import open_notifier
from rasid.notifiers.text import renderer
from rasid.settings import DAY, HOUR, MINUTE, Web
from rasid.web.ack import ack_routes
from rasid.web.app import web_app
from rasid.web.server import WebServer

# the items come from 14:23 to 14:43 UTC
QUIET = "quiet_hours: {from: 14:00, to: 16:00}"
DIGEST = 'digest: {at: "0 16 * * *"}'
PEOPLE = """\
receivers:
  - {{id: desk, urls: ["{desk}"], PACE, escalate: {{to: chief, after: 15m}}}}
  - {{id: chief, urls: ["{chief}"]}}
rules:
  - {{id: strike, any: [غارة], notify: [desk]}}
"""
TITLES = (
    "غارة جوية على مستودع في مدينة الميادين",
    "غارة ليلية تدمر جسر القرية في ريف صعدة",
    "<b>غارة</b> على ميناء الحديدة توقف تفريغ السفن",
)
LATER = "غارة جديدة تصيب سوق الخضار في مدينة تعز"


class ListWatch(Watch):
    """A desk whose alerts wait for something."""

    def link(self, told: Alert | Notification) -> str:
        url = f"http://127.0.0.1:{self.server.port}"
        return self.links.link(url, told) if asks(told) else ""

    @cached_property
    def outbox(self) -> Outbox:
        """The loop that goes on: one that begins places anew what waits."""
        return Outbox(
            self.room.storage,
            open_notifier(),
            lambda: self.room.world.targets,
            self.room.clock,
            lambda: self.room.world.config.settings,
            renderer("UTC", self.link),
        )

    async def deliver(self) -> None:
        await Escalations(self.room.storage, lambda: self.room.world, self.room.clock).look()
        await self.outbox.round()

    async def morning(self) -> None:
        """Deliver what goes at once, wait until it is 16:00, and deliver again."""
        await self.deliver()
        self.room.clock.forward((16 * HOUR - self.room.clock()) % DAY)
        await self.deliver()

    async def count(self) -> int:
        return len(await self.room.storage.read(lambda view: view.due_escalations(2**62, 100)))


@pytest.fixture
async def watch(
    request: pytest.FixtureRequest, tmp_path: Path, sinks: tuple[object, object]
) -> AsyncIterator[ListWatch]:
    desk, chief = sinks
    people = PEOPLE.format(desk=desk.url, chief=chief.url)  # type: ignore[attr-defined]
    people = people.replace("PACE", getattr(request, "param", QUIET))
    room = make_newsroom(tmp_path, "", RULES[: RULES.index("receivers:")] + people)
    links = await room.storage.write(links_of)
    routes = ack_routes(room.storage, links, lambda: room.world.targets, room.clock)
    server = WebServer(web_app(routes))
    await server.use(Web(port=0))
    for number, title in enumerate(TITLES):
        await room.show("front", [item(number, title, published=None)])
    yield ListWatch(room, desk, chief, links, server)  # type: ignore[arg-type]
    await server.close()
    await room.storage.close()


def link_in(watch: Watch) -> str:
    (found,) = re.findall(r"Acknowledge all of these: (http\S+)", told(watch))
    return str(found)


def told(watch: Watch) -> str:
    return str(watch.desk.requests[-1].json["message"])


async def test_one_button_takes_up_a_list_and_nothing_of_it_is_escalated(
    watch: ListWatch,
) -> None:
    await watch.morning()
    assert len(watch.desk.requests) == 1
    page = await watch.ask("POST", link_in(watch), urlencode({"by": "ريما"}))
    assert ("200 OK" in page, "ريما" in page, "(3)" in page, "<form" in page) == (
        True, True, True, False,
    )  # fmt: skip
    watch.room.clock.forward(HOUR)
    await watch.deliver()
    assert (watch.chief.requests, await watch.count()) == ([], 0)


async def test_W03_the_link_of_a_list_only_shows_until_it_is_posted(watch: ListWatch) -> None:
    await watch.morning()
    for method in ("GET", "HEAD", "GET"):
        assert "200 OK" in await watch.ask(method, link_in(watch))
    page = await watch.ask("GET", link_in(watch))
    assert "Alerts of this list: 3" in page
    assert "Acknowledge all: 3</button>" in page
    assert ("&lt;b&gt;غارة" in page, "<b>" in page) == (True, False)
    watch.room.clock.forward(15 * MINUTE)
    await watch.deliver()
    assert len(watch.chief.requests) >= 1


async def test_what_somebody_had_taken_up_stays_theirs(watch: ListWatch) -> None:
    await watch.morning()
    found = await watch.room.storage.read(lambda view: view.alerts())
    one = f"http://127.0.0.1:{watch.server.port}/ack/{watch.links.token(found[0])}"
    assert "200 OK" in await watch.ask("POST", one, "by=sami")  # the link of an alert still holds
    page = await watch.ask("GET", link_in(watch))
    assert "Not acknowledged: 2" in page
    assert "Acknowledge all: 2</button>" in page
    page = await watch.ask("POST", link_in(watch), "by=rima")
    assert re.findall(r"<bdi>(rima|sami)</bdi>.*\((\d)\)</p>", page) == [
        ("rima", "2"),
        ("sami", "1"),
    ]
    again = await watch.ask("POST", link_in(watch), "by=late")
    assert ("late" in again, "<form" in again) == (False, False)


async def test_alerts_of_another_list_are_left_alone(watch: ListWatch) -> None:
    await watch.morning()
    first = link_in(watch)
    watch.room.clock.forward(22 * HOUR + 10 * MINUTE)
    await watch.room.show("other", [item(9, LATER, published=None)])
    await watch.morning()
    assert await watch.count() == 1
    await watch.ask("POST", first, "by=rima")
    watch.room.clock.forward(15 * MINUTE)
    await watch.deliver()
    assert LATER in watch.chief.requests[-1].json["message"]


async def test_W03_W13_links_of_lists_that_were_tampered_with_are_refused(
    watch: ListWatch,
) -> None:
    await watch.morning()
    link = link_in(watch)
    head, _, token = link.rpartition("/")
    kind, name, until, signature = token.split(".")
    found = await watch.room.storage.read(lambda view: view.alerts())
    alert = watch.links.token(found[0])
    for bad in (
        f"{name}.{until}.{signature}",  # the list as if it were an alert
        f"list.{alert}",  # and an alert as if it were a list
        f"{kind}.{name}.{int(until) + 1}.{signature}",
        f"LIST.{name}.{until}.{signature}",
        f"list.list.{name}.{until}.{signature}",
        f"{kind}.{found[0].id}.{until}.{signature}",
    ):
        for method in ("GET", "POST"):
            assert "404" in (await watch.ask(method, f"{head}/{bad}")).partition("\r\n")[0], bad
    assert await watch.count() == 3
    watch.room.clock.forward(GOOD_FOR)
    assert "410" in (await watch.ask("POST", link, "by=x")).partition("\r\n")[0]


@pytest.mark.parametrize("watch", [DIGEST], indirect=True)
async def test_a_digest_asks_for_nobody_and_has_no_link(watch: ListWatch) -> None:
    await watch.morning()
    assert ("items: 3" in told(watch), "Acknowledge" in told(watch)) == (True, False)
    watch.room.clock.forward(HOUR)
    await watch.deliver()
    assert watch.chief.requests == []


@pytest.mark.parametrize("watch", [f"{QUIET}, show: discreet"], indirect=True)
async def test_a_discreet_list_shows_neither_rules_nor_items(watch: ListWatch) -> None:
    await watch.morning()
    for answer in (await watch.ask("GET", link_in(watch)), await watch.ask("POST", link_in(watch))):
        assert "200 OK" in answer
        for secret in ("strike", "غارة", "paper"):
            assert secret not in answer


@pytest.mark.parametrize("watch", [f"{QUIET}, language: ar"], indirect=True)
async def test_the_page_of_a_list_speaks_the_receivers_language(watch: ListWatch) -> None:
    await watch.morning()
    (link,) = re.findall(r"لتأكيد استلامها كلها: (http\S+)", told(watch))
    page = await watch.ask("GET", link)
    assert ('dir="rtl"' in page, "عدد التنبيهات في القائمة: 3" in page) == (True, True)


async def test_what_is_over_is_not_asked_for(watch: ListWatch) -> None:
    gone = Alert(
        "Z1", "strike", "h", "desk/1", "desk", "item:1:withdrawn", watch.room.clock(),
        {"kind": "item", "title": "gone", "outlet": "paper", "withdrawn": 1},
    )  # fmt: skip
    asked = (await watch.room.storage.read(lambda view: view.alerts(limit=1)))[0]
    for lane, alerts, wanted in (
        ("5 quiet 2026-11-27", (gone,), False),
        ("5 quiet 2026-11-27", (gone, asked), True),
        ("2 limited", (asked,), True),
        ("3 digest 2026-11-27T07:00", (asked,), False),
        ("6 story I1", (asked,), False),
        ("8 silenced X", (asked,), False),
    ):
        assert asks(Notification("N", "desk/1", alerts, 0, 0, "t", lane=lane)) is wanted
