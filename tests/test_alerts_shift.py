"""The shift report: what there is to hand over, when it is asked for and when its time comes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from daemon import rasid, rows
from newsroom import RULES, START, make_newsroom
from test_alerts_stories import OTHERS, REPORTS, Desk

from rasid.alerts.handover.acks import acknowledge
from rasid.alerts.handover.shift import shift
from rasid.alerts.handover.shift_reports import ShiftReports, due
from rasid.alerts.handover.shift_text import lines, summary
from rasid.archive.history import note_rules
from rasid.models import Alert, AlertState, Silence, SourceState
from rasid.settings import DAY, HOUR, MINUTE, ShiftReport

# START is 2026-09-21 14:13:20 UTC
TEXT = """\
receivers:
  - id: desk
    urls: ["json://192.0.2.1/a"]
    digest: {at: "0 7 * * *", below: low}
    shift_report: {at: "0 6,14,22 * * *", zone: Asia/Damascus}
  - {id: night, urls: ["json://192.0.2.1/n"], quiet_hours: {from: 12:00, to: 20:00}}
  - {id: field, urls: ["json://192.0.2.1/f"], show: discreet, shift_report: {at: "30 14 * * *"}}
rules:
  - {id: strike, any: [غارة], severity: high, notify: [desk, night]}
  - {id: depot, any: [مستودع], notify: [desk]}
"""
TEXT = RULES[: RULES.index("receivers:")] + TEXT


class Watch(Desk):
    """A desk that is told what to hand over."""

    async def look(self, after: int = 0) -> int:
        self.room.clock.forward(after)
        found = ShiftReports(self.room.storage, lambda: self.room.world, self.room.clock)
        return await found.look()

    async def told(self) -> list[str]:
        """Return what alerts about Rasid say."""
        found = await self.room.storage.read(lambda view: view.alerts(limit=100))
        return [str(one.facts["text"]) for one in found if "text" in one.facts]

    async def report_of(self, since: int = HOUR) -> list[str]:
        room, now = self.room, self.room.clock()
        found = await room.storage.read(lambda v: shift(v, room.world.config, now - since, now))
        return [summary(found, "UTC"), *lines(found, "UTC")]


@pytest.fixture(params=["sqlite", "memory"])
async def watch(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Watch]:
    url = "memory://" if request.param == "memory" else ""
    made = Watch(make_newsroom(tmp_path, url, TEXT))
    yield made
    await made.room.storage.close()


async def test_a_report_says_what_is_open_held_silenced_dead_broken_and_edited(
    watch: Watch,
) -> None:
    storage, now = watch.room.storage, watch.room.clock()
    config = watch.room.world.config
    depot = replace(config.rules["depot"], hash="before")
    await storage.write(
        lambda tx: note_rules(tx, replace(config, rules={"depot": depot}), now - 5 * HOUR)
    )
    await storage.write(lambda tx: note_rules(tx, config, now))
    await watch.report(REPORTS[0])  # strike and depot; the night shift sleeps
    silence = Silence("SILENCE", {"outlet": ("wire",)}, "sami", "drill", now, now + 3 * HOUR)
    await storage.write(lambda tx: tx.save_silence(silence))
    await watch.report(OTHERS[0], source="other")
    failing = SourceState("world", failures=7, last_poll_at=now, outcome="failed", reason="timeout")
    await storage.write(lambda tx: tx.save_source(failing))
    dead = Alert("D" * 26, "strike", "h", "desk/x", "desk", "item:0", 5, {"kind": "item"})
    dead = replace(dead, state=AlertState.DEAD, reason="http_4xx")
    await storage.write(lambda tx: tx.add_alert(dead))
    first, *rest = await watch.report_of()
    assert first == (
        "shift report, 2026-09-21 13:13 to 2026-09-21 14:13 UTC: 5 alerts, 2 unacknowledged, "
        "1 held, 2 silenced, 1 dead letter, 1 source broken, 2 rules edited"
    )
    said = "\n".join(rest)
    opened = f"unacknowledged: {REPORTS[0]}, strike (high), depot, since 2026-09-21 14:13, "
    assert rest[0].startswith(opened)
    assert "held: 1 for quiet hours" in rest
    assert "outlet wire, until 2026-09-21 17:13, by sami: drill" in said
    assert "dead letter: DDDDDDDDDD of strike to desk: http_4xx" in rest
    assert "source: world: " in said
    assert [line for line in rest if line.startswith("rule:")] == [
        "rule: depot is changed",
        "rule: strike is new",
    ]
    assert "alerts: 2 of strike to desk, night" in rest


async def test_what_is_acknowledged_is_not_open(watch: Watch) -> None:
    await watch.report(REPORTS[0])
    found = await watch.room.storage.read(lambda view: view.alerts(limit=9))
    now = watch.room.clock()
    chosen = [one for one in found if one.rule == "strike"]
    await watch.room.storage.write(lambda tx: acknowledge(tx, chosen[:1], author="rima", now=now))
    said = await watch.report_of()
    assert [line for line in said if line.startswith("unack")] == [
        line for line in said if ", depot, since" in line
    ]
    assert "1 unacknowledged" in said[0]


async def test_a_quiet_watch_says_so(watch: Watch) -> None:
    assert await watch.report_of() == [
        "shift report, 2026-09-21 13:13 to 2026-09-21 14:13 UTC: 0 alerts"
    ]


async def test_a_report_comes_once_at_its_time_and_after_a_restart(watch: Watch) -> None:
    assert await watch.look() == 0  # the first shift begins
    await watch.report(REPORTS[0])
    assert await watch.look(after=4 * HOUR) == 1  # the field's, of 14:30
    assert await watch.look(after=45 * MINUTE) == 0
    assert await watch.look(after=2 * MINUTE) == 1  # 22:00 in Damascus
    assert await watch.look() == 0
    sent = [one for one in await watch.sent() if "shift report" in one.body]
    assert len(sent) == 2
    desk = next(one for one in sent if "unacknowledged:" in one.body)
    assert "2026-09-21 17:13 to 2026-09-21 22:00 Damascus" in desk.body  # and no digest held it
    assert REPORTS[0] in desk.body


@pytest.mark.parametrize("more", ["", ", group_wait: 1s"])
async def test_a_report_goes_with_nothing_else(tmp_path: Path, more: str) -> None:
    receiver = (
        f'{{id: desk, urls: ["json://192.0.2.1/a"], shift_report: {{at: "0 * * * *"}}{more}}}'
    )
    rules = "rules:\n  - {id: strike, any: [غارة], notify: [desk]}\n"
    text = f"{RULES[: RULES.index('receivers:')]}receivers:\n  - {receiver}\n{rules}"
    desk = Watch(make_newsroom(tmp_path, "", text))
    await desk.look()
    await desk.look(after=HOUR)
    told = [*await desk.report(OTHERS[0]), *await desk.sent(after=MINUTE)]
    await desk.room.storage.close()
    said = {one.title.startswith("Rasid: shift report, "): OTHERS[0] in one.body for one in told}
    assert (len(told), said) == (2, {True: False, False: True})


async def test_a_discreet_receiver_is_told_numbers_alone(watch: Watch) -> None:
    await watch.look()
    await watch.report(REPORTS[0])
    await watch.look(after=20 * MINUTE)
    (told,) = [one for one in await watch.sent() if "shift report" in one.body]
    assert "2 unacknowledged" in told.body
    for secret in ("strike", "depot", "غارة"):
        assert secret not in told.body


async def test_reports_go_on_after_a_clock_that_was_years_ahead(watch: Watch) -> None:
    assert await watch.look() == 0
    assert await watch.look(1000 * DAY) == 2
    watch.room.clock.forward(-1000 * DAY)
    assert await watch.look() == 0
    assert await watch.look(24 * HOUR) == 2


async def test_what_came_after_the_time_of_a_missed_report_is_in_the_next(watch: Watch) -> None:
    await watch.look()
    watch.room.clock.forward(20 * HOUR)  # hours after the times of both
    await watch.report(REPORTS[0])
    assert await watch.look() == 2
    first = [one for one in await watch.told() if "shift report" in one]
    assert first
    assert all("0 alerts" in one for one in first), first
    assert await watch.look(DAY) == 2
    later = [one for one in await watch.told() if "shift report" in one and one not in first]
    assert all("0 alerts" not in one for one in later), later


async def test_reports_are_told_once_though_the_clock_goes_back_a_little(watch: Watch) -> None:
    await watch.look()
    assert await watch.look(24 * HOUR) == 2
    assert await watch.look(-24 * HOUR) == 0
    assert await watch.look(24 * HOUR) == 0


def test_reports_that_were_missed_are_one_over_all_of_them() -> None:
    asked = ShiftReport("0 6,14,22 * * *")
    assert due(asked, START, START + 7 * HOUR) is None
    found = due(asked, START, START + 48 * HOUR)
    assert found is not None
    assert (found.slot.local, found.since) == ("2026-09-23T14:00", START)
    late = due(asked, START, START + 1000 * HOUR)
    assert late is not None
    assert late.since == START + 1000 * HOUR - 7 * 24 * HOUR


def test_the_command_prints_it_for_people_and_for_programs(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(TEXT, encoding="utf-8")
    place = ["--config", tmp_path / "rules.yaml", "--data-dir", tmp_path / "data"]
    words = ("silence", "add", "--rule", "strike", "--for", "1h", "--reason", "drill")
    rasid(*words, "--by", "Rima", *place)
    told = rasid("report", "shift", *place).stdout.splitlines()
    assert told[0].startswith("shift report, ")
    assert told[1].startswith("  silence: rule strike, until ")
    found = rows(rasid("report", "shift", "--json", *place))
    assert [row["kind"] for row in found] == ["silence", "summary"]
    assert (found[0]["matchers"], found[-1]["silence"]) == ({"rule": ["strike"]}, 1)
