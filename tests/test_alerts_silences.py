"""Silences: what they keep back is told in one summary when they end; nothing is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from newsroom import RULES, make_newsroom
from test_alerts_stories import Desk

from rasid.alerts.claiming import CHUNK, Claim, claim_next
from rasid.alerts.handover.silencing import fits, silenced_by
from rasid.models import Alert, AlertState, Silence, Target
from rasid.protocols import Transaction
from rasid.settings import DAY, HOUR, MINUTE
from storage.memory import MemoryStorage

TWO = RULES.replace('"json://192.0.2.1/a", "json://192.0.2.1/b"', '"json://192.0.2.1/a"').replace(
    "notify: [desk]}\n",
    "notify: [desk]}\n"
    "  - {id: grave, any: [كلور], severity: critical, notify: [desk]}\n"
    "  - {id: depot, any: [مستودع], notify: [desk, chief]}\n",
)
TWO = TWO.replace("rules:", '  - {id: chief, urls: ["json://192.0.2.1/c"], group_wait: 5s}\nrules:')
OTHERS = (
    "قتيلان في غارة على سيارة قرب معبر رفح جنوب قطاع غزة",
    "غارة ليلية تدمر جسر القرية في ريف صعدة باليمن",
    "الخرطوم: غارة على سوق أم درمان تثير غضب السكان",
)


@pytest.fixture(params=["sqlite", "memory"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    room = make_newsroom(tmp_path, "memory://" if request.param == "memory" else "", TWO)
    yield Desk(room)
    await room.storage.close()


async def silence(desk: Desk, name: str = "S", span: int = HOUR, **matchers: str) -> Silence:
    now = desk.room.clock()
    made = Silence(name, {key: (one,) for key, one in matchers.items()}, "sami", "raid", now, now)
    made = replace(made, ends_at=now + span)
    await desk.room.storage.write(lambda tx: tx.save_silence(made))
    return made


async def end(desk: Desk, silence: Silence) -> None:
    over = replace(silence, ends_at=desk.room.clock(), ended_by="sami")
    await desk.room.storage.write(lambda tx: tx.save_silence(over))


async def reasons(desk: Desk) -> list[str]:
    found = await desk.room.storage.read(lambda view: view.alerts(state=AlertState.PENDING))
    return [one.reason for one in found]


async def test_what_a_silence_keeps_back_comes_in_one_summary(desk: Desk) -> None:
    await silence(desk, rule="strike")
    for title in OTHERS:
        assert await desk.report(title) == []
    assert await reasons(desk) == ["silenced"] * 3
    assert await desk.sent(after=59 * MINUTE) == []
    (summary,) = await desk.sent(after=MINUTE)
    assert "Kept back by a silence" in summary.title
    assert all(title in summary.body for title in OTHERS)
    assert await desk.sent(after=HOUR) == []


async def test_a_silence_that_is_ended_tells_at_once(desk: Desk) -> None:
    made = await silence(desk, rule="strike")
    await desk.report(OTHERS[0])
    await desk.sent(after=MINUTE)
    await end(desk, made)
    (summary,) = await desk.sent()
    assert OTHERS[0] in summary.body
    (after,) = await desk.report(OTHERS[1])
    assert "Kept back" not in after.title


async def test_a_restart_after_the_end_tells_in_one_summary(desk: Desk) -> None:
    await silence(desk, rule="strike")
    await desk.report(*OTHERS[:2])
    desk.room.clock.forward(2 * HOUR)
    again = Desk(desk.room)  # places what waits anew
    (summary,) = await again.sent()
    assert all(title in summary.body for title in OTHERS[:2])


async def test_a_later_silence_takes_over_what_an_earlier_one_kept(desk: Desk) -> None:
    await silence(desk, "S1", rule="strike")
    await desk.report(OTHERS[0])
    await silence(desk, "S2", span=2 * HOUR, receiver="desk")
    assert await desk.sent(after=HOUR + MINUTE) == []
    assert len(await desk.sent(after=HOUR)) == 1


@pytest.mark.parametrize("what", ["restart", "another silence", "its end"])
async def test_what_was_held_for_long_is_not_too_old_when_it_is_placed_anew(
    desk: Desk, what: str
) -> None:
    made = await silence(desk, span=7 * DAY, rule="strike")
    await desk.report(OTHERS[0])
    assert await desk.sent(after=4 * DAY) == []  # longer than settings.dead_letter_after
    desk.room.clock.forward(2 * MINUTE)
    if what == "restart":
        desk = Desk(desk.room)
    elif what == "another silence":
        await silence(desk, "T", rule="depot")
    else:
        await end(desk, made)
    told = await desk.sent()
    told += await desk.sent(after=3 * DAY)
    assert [OTHERS[0] in one.body for one in told] == [True]


async def test_what_waits_already_is_silenced_too(desk: Desk) -> None:
    await desk.report("انفجار مستودع في مدينة الميادين شرق دير الزور")
    await silence(desk, receiver="chief")  # which waits for five seconds
    assert await desk.sent(after=MINUTE) == []
    assert await reasons(desk) == ["silenced"]


async def test_what_is_critical_is_silenced_by_name_only(desk: Desk) -> None:
    await silence(desk, "S1", receiver="desk")
    (told,) = await desk.report("هجوم بغاز كلور في سراقب")
    assert "grave" in told.body
    await silence(desk, "S2", severity="critical")
    assert await desk.report("هجوم جديد بغاز كلور في دوما") == []


async def test_another_rule_on_the_same_item_takes_nothing_along(desk: Desk) -> None:
    made = await silence(desk, rule="strike")
    (told,) = await desk.report("غارة جوية على مستودع في مدينة الميادين شرق دير الزور")
    assert ("depot" in told.body, "strike" in told.body) == (True, False)
    await desk.sent(after=MINUTE)  # the chief, who waits for five seconds
    await end(desk, made)
    (summary,) = await desk.sent()
    assert ("Kept back" in summary.title, "strike" in summary.body) == (True, True)


def alert(severity: str = "", kind: str = "item", *places: Mapping[str, Any]) -> Alert:
    evidence = [{"kind": "place", "place": place} for place in places]
    facts = {
        "kind": kind,
        "severity": severity,
        "outlet_id": "paper",
        "story": "I1",
        "evidence": evidence,
    }
    return Alert("A", "strike", "h", "desk/a", "desk", "item:1", 10, facts)


MAYADIN = {"id": "geonames:1", "name": "Al Mayadin", "within": ["Deir ez-Zor", "Syria"]}
SYRIA = {"id": "country:SY", "name": "Syria", "kind": "country", "within": []}
HOMS = {"id": "geonames:3", "name": "Homs", "kind": "town", "within": ["Homs", "Syria"]}
TALBISAH = {"id": "geonames:4", "name": "Talbisah", "kind": "town", "within": ["Homs", "Syria"]}
TYRE = {"id": "geonames:2", "name": "Tyre", "shown": "صور", "within": ["لبنان"]}


@pytest.mark.parametrize(
    ("matchers", "given", "fit"),
    [
        ({"rule": ("strike",)}, alert(), True),
        ({"rule": ("other", "strike")}, alert(), True),
        ({"rule": ("strike",), "receiver": ("chief",)}, alert(), False),
        ({"outlet": ("paper",), "story": ("I1",)}, alert(), True),
        ({"severity": ("medium",)}, alert("of my own"), True),
        ({"severity": ("high",)}, alert("critical"), False),
        ({"severity": ("high", "critical")}, alert("critical"), True),
        ({"rule": ("strike",)}, alert("critical"), False),
        ({"place": ("syria",)}, alert("", "item", MAYADIN), True),
        ({"place": ("Syria",)}, alert("", "item", MAYADIN, TYRE), False),
        ({"place": ("Syria", "لبنان")}, alert("", "item", MAYADIN, TYRE), True),
        ({"place": ("Al Mayadin",)}, alert("", "item", MAYADIN, SYRIA), True),
        ({"place": ("Al Mayadin",)}, alert("", "item", MAYADIN, HOMS), False),
        ({"place": ("Homs",)}, alert("", "item", HOMS, TALBISAH), True),
        ({"place": ("Talbisah",)}, alert("", "item", HOMS, TALBISAH), False),
        ({"place": ("Syria",)}, alert(), False),
        ({"receiver": ("desk",)}, alert("", "trouble"), False),
        ({}, alert(), False),
    ],
)
def test_all_matchers_must_fit(
    matchers: dict[str, tuple[str, ...]], given: Alert, fit: bool
) -> None:
    assert fits(matchers, given) is fit


def test_of_several_silences_the_one_that_ends_last_counts() -> None:
    def one(name: str, ends_at: int) -> Silence:
        return Silence(name, {"rule": ("strike",)}, "sami", "raid", 5, ends_at)

    assert silenced_by(alert(), [one("A", 20), one("B", 30)], 12).id == "B"  # type: ignore[union-attr]
    assert silenced_by(alert(), [one("A", 8)], 12) is None
    assert silenced_by(alert(), [one("A", 11)], 12) is not None  # it held when it was promised


async def test_N06_a_storm_that_is_silenced_is_kept_back_as_a_whole() -> None:
    storage = MemoryStorage(lambda: 50)
    target = Target("desk/a", "desk", "json://192.0.2.1/")
    silence = Silence("S", {"rule": ("strike",)}, "sami", "raid", 5, 99)

    def storm(tx: Transaction) -> Claim:
        tx.save_silence(silence)
        for number in range(CHUNK + 50):
            one = replace(alert(), id=f"A{number:04}", subject=f"item:{number}")
            tx.add_alert(replace(one, created_at=10 + number % 7))
        return claim_next(tx, target, body_limit=4_000, ttl=60)

    found = await storage.write(storm)
    assert (found.notification, found.wake_at) == (None, 99)


def test_alerts_about_a_rule_as_a_whole_are_silenced_with_it() -> None:
    spike = Alert("A", "strike", "h", "t", "desk", "gate:spike:1", 10, {"kind": "gate"})
    assert fits({"rule": ("strike",)}, spike)
    assert not fits({"place": ("Syria",)}, spike)
