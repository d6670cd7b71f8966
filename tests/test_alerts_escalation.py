"""Escalation: what nobody acknowledges in time goes to the next receiver, once."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from newsroom import RULES, make_newsroom
from test_alerts_stories import REPORTS, SECOND, Desk

from rasid.alerts.gates.about_rules import HEARD, SILENT, gate_alerts
from rasid.alerts.handover.acks import acknowledge
from rasid.alerts.handover.escalation import Escalations, raised
from rasid.alerts.handover.shift import shift
from rasid.alerts.ops import Ops
from rasid.models import Alert, Silence
from rasid.settings import DAY, HOUR, MINUTE

CHAIN = """\
receivers:
  - id: desk
    urls: ["json://192.0.2.1/a", "json://192.0.2.1/b"]
    escalate: {to: editor, after: 15m}FIRST
  - {id: editor, urls: ["json://192.0.2.1/e"], escalate: {to: chief, after: 30m}, DIGEST}
  - {id: chief, urls: ["json://192.0.2.1/c"]CHIEF}
rules:
  - {id: strike, any: [غارة], notify: [desk]SEVERITY}
"""


MORNING = 'digest: {at: "0 7 * * *"}'


def rules(*, first: str = "", digest: str = MORNING, chief: str = "", severity: str = "") -> str:
    """Return a chain of three; `first` is more of the first, in lines of its own."""
    filled = CHAIN.replace("DIGEST", digest).replace("FIRST", first and f"\n    {first}")
    filled = filled.replace("CHIEF", chief and f", {chief}").replace("SEVERITY", severity)
    return RULES[: RULES.index("receivers:")] + filled


class Watch(Desk):
    """A desk with escalation; what each receiver is told, by when."""

    def escalations(self) -> Escalations:
        return Escalations(self.room.storage, lambda: self.room.world, self.room.clock)

    async def wait(self, span: int) -> dict[str, str]:
        """Let time pass; return what is sent then, by receiver."""
        self.room.clock.forward(span)
        await self.escalations().look()
        sent = await self.sent()
        alerts = await self.room.storage.read(
            lambda view: view.alerts(ids=[name for one in sent for name in one.alerts] or [""])
        )
        of = {one.id: one.receiver for one in alerts}
        return {of[one.alerts[0]]: one.body for one in sent}

    async def ack(self, receiver: str = "desk") -> None:
        alerts = await self.alerts(receiver)
        now = self.room.clock()
        await self.room.storage.write(
            lambda tx: acknowledge(tx, alerts[:1], author="rima", now=now)
        )

    async def alerts(self, receiver: str) -> list[Alert]:
        found = await self.room.storage.read(lambda view: view.alerts(limit=99))
        return [one for one in found if one.receiver == receiver]


async def watch_of(folder: Path, url: str = "memory://", **how: str) -> Watch:
    return Watch(make_newsroom(folder, url, rules(**how)))


@pytest.fixture(params=["sqlite", "memory"])
async def watch(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Watch]:
    made = await watch_of(tmp_path, "memory://" if request.param == "memory" else "")
    yield made
    await made.room.storage.close()


async def test_what_nobody_acknowledges_goes_up_the_chain_once(watch: Watch) -> None:
    assert len(await watch.report(REPORTS[0])) == 2  # both URLs of the desk
    assert await watch.wait(15 * MINUTE - 1) == {}
    told = await watch.wait(1)
    assert list(told) == ["editor"]  # whose digest it does not wait for
    first = told["editor"].splitlines()[0]
    assert first == "Escalated: not acknowledged since 2026-09-21 14:13 UTC"
    assert await watch.wait(29 * MINUTE) == {}
    told = await watch.wait(MINUTE)
    assert list(told) == ["chief"]
    assert told["chief"].splitlines()[0] == first
    assert await watch.wait(5 * HOUR) == {}
    (last,) = await watch.alerts("chief")
    assert last.facts["escalated"]["unanswered"] == ["desk", "editor"]


async def test_what_a_clock_ahead_had_told_goes_up_the_chain_once_it_is_set_back(
    watch: Watch,
) -> None:
    looking = watch.escalations()
    watch.room.clock.forward(1000 * DAY)
    await watch.report(REPORTS[0])
    assert await looking.look() == 0
    watch.room.clock.forward(-1000 * DAY)
    assert await looking.look() == 0
    watch.room.clock.forward(14 * MINUTE)
    assert await looking.look() == 0
    watch.room.clock.forward(MINUTE)
    assert await looking.look() == 1
    assert await watch.escalations().look() == 0
    assert len(await watch.alerts("editor")) == 1


async def test_an_acknowledgement_stops_the_chain(watch: Watch) -> None:
    await watch.report(REPORTS[0])
    await watch.ack()
    assert await watch.wait(HOUR) == {}


async def test_an_acknowledgement_of_the_next_stops_the_rest(watch: Watch) -> None:
    await watch.report(REPORTS[0])
    assert list(await watch.wait(15 * MINUTE)) == ["editor"]
    await watch.ack("editor")
    assert await watch.wait(2 * HOUR) == {}


async def test_news_of_an_acknowledged_story_wants_an_answer_of_its_own(watch: Watch) -> None:
    await watch.report(REPORTS[0])
    await watch.ack()
    watch.room.clock.forward(MINUTE)
    await watch.report(SECOND, source="other")
    assert list(await watch.wait(15 * MINUTE)) == ["editor"]


async def test_what_repeats_a_story_is_not_escalated(watch: Watch) -> None:
    await watch.report(REPORTS[0])
    await watch.report(REPORTS[1], source="other")
    await watch.ack()
    for _ in range(12):
        assert set(await watch.wait(10 * MINUTE)) <= {"desk"}


async def test_notices_are_not_escalated(tmp_path: Path) -> None:
    text = rules().replace("version: 1\n", "version: 1\nsettings: {ops_receiver: desk}\n")
    watch = Watch(make_newsroom(tmp_path, "memory://", text))
    ops = Ops(watch.room.storage, lambda: watch.room.world, watch.room.clock)
    ops.refused("mistake")
    assert await ops.look() == 2
    assert list(await watch.wait(0)) == ["desk"]
    assert await watch.wait(HOUR) == {}


async def test_a_digest_is_not_escalated(tmp_path: Path) -> None:
    watch = await watch_of(tmp_path)
    text = rules(first='digest: {at: "0 * * * *"}')
    watch.room.world = make_newsroom(tmp_path, "memory://", text).world
    await watch.report(REPORTS[0])
    for _ in range(8):
        assert set(await watch.wait(15 * MINUTE)) <= {"desk"}
    assert len(watch.heard.messages) == 2


QUIET = "quiet_hours: {from: 14:00, to: 16:00}"  # it is 14:13 when the first report comes


@pytest.mark.parametrize(("severity", "told"), [("high", False), ("critical", True)])
async def test_quiet_hours_of_the_next_hold_unless_critical(
    tmp_path: Path, severity: str, told: bool
) -> None:
    watch = await watch_of(tmp_path, chief=QUIET, severity=f", severity: {severity}")
    await watch.report(REPORTS[0])
    await watch.wait(15 * MINUTE)
    assert ("chief" in await watch.wait(30 * MINUTE)) is told
    assert ("chief" in await watch.wait(2 * HOUR)) is not told


async def test_quiet_hours_of_the_first_hold_the_time_too(tmp_path: Path) -> None:
    text = rules(first=QUIET)
    watch = Watch(make_newsroom(tmp_path, "memory://", text))
    assert await watch.report(REPORTS[0]) == []
    assert await watch.wait(HOUR) == {}
    assert list(await watch.wait(47 * MINUTE)) == ["desk"]  # 16:00
    assert await watch.wait(12 * MINUTE) == {}
    assert list(await watch.wait(3 * MINUTE)) == ["editor"]


async def test_what_came_just_before_quiet_hours_end_is_given_all_its_time(
    tmp_path: Path,
) -> None:
    watch = Watch(make_newsroom(tmp_path, "memory://", rules(first=QUIET)))
    watch.room.clock.forward(95 * MINUTE)
    assert await watch.report(REPORTS[0]) == []  # 15:48, to be told at 16:00
    assert list(await watch.wait(12 * MINUTE)) == ["desk"]
    assert await watch.wait(14 * MINUTE) == {}
    assert list(await watch.wait(MINUTE)) == ["editor"]


async def test_what_waited_for_others_is_given_all_its_time(tmp_path: Path) -> None:
    watch = Watch(make_newsroom(tmp_path, "memory://", rules(first="group_wait: 5m")))
    assert await watch.report(REPORTS[0]) == []
    assert list(await watch.wait(5 * MINUTE)) == ["desk"]
    assert await watch.wait(14 * MINUTE) == {}
    assert list(await watch.wait(MINUTE)) == ["editor"]


async def test_what_is_silenced_is_not_escalated(watch: Watch) -> None:
    now = watch.room.clock()
    silence = Silence("S", {"receiver": ("desk",)}, "sami", "drill", now, now + 3 * HOUR)
    await watch.room.storage.write(lambda tx: tx.save_silence(silence))
    watch.room.clock.forward(MINUTE)
    await watch.report(REPORTS[0])
    for _ in range(8):
        assert set(await watch.wait(30 * MINUTE)) <= {"desk"}


async def test_a_silence_of_a_later_receiver_passes_it_over(watch: Watch) -> None:
    now = watch.room.clock()
    silence = Silence("S", {"receiver": ("editor",)}, "sami", "leave", now, now + 9 * HOUR)
    await watch.room.storage.write(lambda tx: tx.save_silence(silence))
    await watch.report(REPORTS[0])
    assert await watch.wait(15 * MINUTE) == {}
    assert list(await watch.wait(30 * MINUTE)) == ["chief"]


async def test_a_receiver_that_takes_graver_alerts_only_ends_the_chain(tmp_path: Path) -> None:
    watch = await watch_of(tmp_path, digest="min_severity: high", severity=", severity: low")
    await watch.report(REPORTS[0])
    assert await watch.wait(2 * HOUR) == {}


async def test_a_chain_that_was_taken_away_tells_nobody(watch: Watch, tmp_path: Path) -> None:
    await watch.report(REPORTS[0])
    watch.room.world = make_newsroom(tmp_path, "memory://", RULES).world
    assert await watch.wait(HOUR) == {}
    assert await watch.room.storage.read(lambda view: view.due_escalations(2**62, 9)) == []


async def test_a_receiver_that_is_taken_out_of_a_chain_does_not_end_it(
    watch: Watch, tmp_path: Path
) -> None:
    await watch.report(REPORTS[0])
    assert list(await watch.wait(15 * MINUTE)) == ["editor"]
    lines = rules().replace("{to: editor", "{to: chief").splitlines()
    text = "\n".join(one for one in lines if "id: editor" not in one)
    watch.room.world = make_newsroom(tmp_path, "memory://", text).world
    assert list(await watch.wait(30 * MINUTE)) == ["chief"]
    (last,) = await watch.alerts("chief")
    assert last.facts["escalated"]["unanswered"] == ["desk", "editor"]
    assert await watch.wait(5 * HOUR) == {}


async def test_a_rule_that_has_fallen_silent_is_escalated_and_acknowledged(watch: Watch) -> None:
    room, now = watch.room, watch.room.clock()
    facts = {"silent": "6h", "down": 0, "sources": 3, "last_at": None, "items": [], "text": "x"}
    rule = room.world.config.rules["strike"]
    alerts = gate_alerts(rule, SILENT, now, facts, world=room.world, now=now)
    receivers = room.world.config.receivers
    assert await room.storage.write(lambda tx: raised(tx, alerts, receivers)) == 2
    assert list(await watch.wait(0)) == ["desk"]
    told = await watch.wait(15 * MINUTE)
    assert told["editor"].startswith("Escalated: not acknowledged since ")
    await watch.ack("editor")
    assert await watch.wait(HOUR) == {}
    later = gate_alerts(rule, SILENT, now + 1, facts, world=room.world, now=room.clock())
    assert await room.storage.write(lambda tx: raised(tx, later, receivers)) == 2
    await watch.wait(0)
    assert list(await watch.wait(15 * MINUTE)) == ["editor"]  # another silence: not acknowledged


async def test_what_is_over_asks_nobody(watch: Watch) -> None:
    room, now = watch.room, watch.room.clock()
    facts = {"items": [], "text": "x"}
    rule, receivers = room.world.config.rules["strike"], room.world.config.receivers
    heard = gate_alerts(rule, HEARD, now, facts, world=room.world, now=now)
    gone = [replace(one, id=f"G{one.id}", subject=f"{one.subject}:withdrawn") for one in heard]
    gone = [replace(one, facts={"kind": "item", "withdrawn": True, "title": "x"}) for one in gone]
    assert await room.storage.write(lambda tx: raised(tx, [*heard, *gone], receivers)) == 4
    await watch.wait(0)
    assert await watch.wait(HOUR) == {}
    found = await room.storage.read(lambda v: shift(v, room.world.config, 0, room.clock()))
    assert not found.unacknowledged


LOOK = """
import asyncio, sys
sys.path[:0] = [sys.argv[1]]
from pathlib import Path
from newsroom import START, make_newsroom
from rasid.alerts.handover.escalation import Escalations, raised
from rasid.alerts.gates.about_rules import SILENT, gate_alerts
from rasid.failpoint import arm
from test_alerts_escalation import rules

async def look():
    room = make_newsroom(Path(sys.argv[2]), "", rules())
    room.clock.at = int(sys.argv[3])
    arm(sys.argv[4])
    await Escalations(room.storage, lambda: room.world, room.clock).look()

asyncio.run(look())
"""


@pytest.mark.parametrize(("place", "before"), [("before_commit", 0), ("after_commit", 1)])
async def test_Q01_a_death_between_escalates_exactly_once(
    tmp_path: Path, place: str, before: int
) -> None:
    watch = await watch_of(tmp_path, "")
    await watch.report(REPORTS[0])
    watch.room.clock.forward(15 * MINUTE)
    tests, at = Path(__file__).parent, str(watch.room.clock())
    line = [sys.executable, "-c", LOOK, str(tests), str(tmp_path), at, place]
    done = subprocess.run(line, cwd=tests.parent, capture_output=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert len(await watch.alerts("editor")) == before
    again = Watch(watch.room)  # as after a restart
    told = await again.wait(0)
    assert list(told) == ["editor"]
    assert await again.wait(MINUTE) == {}
    assert len(await watch.alerts("editor")) == 1
    await watch.room.storage.close()
