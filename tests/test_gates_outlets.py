"""`outlets` and `on: corroborated`: told by how many independent outlets say it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from newsroom import Newsroom, item, make_newsroom, make_world
from story_desk import Desk

from rasid.alerts.lookback import Lookback
from rasid.models import Gate, GateState, ParsedItem
from rasid.recording import Report
from rasid.settings import HOUR, MINUTE

ROOM = """\
version: 1
outlets:
  - {id: sana, name: SANA, group: state}
  - {id: tishreen, name: Tishreen, group: state}
  - {id: enab, name: Enab Baladi, language: ar}
  - {id: north, name: North Press, language: ar}
  - {id: wire, name: The Wire, language: en}
sources:
  - {id: sana, outlet: sana, url: "https://sana.example/feed.xml"}
  - {id: tishreen, outlet: tishreen, url: "https://tishreen.example/feed.xml"}
  - {id: enab, outlet: enab, url: "https://enab.example/feed.xml"}
  - {id: north, outlet: north, url: "https://north.example/feed.xml"}
  - {id: wire, outlet: wire, url: "https://wire.example/feed.xml"}
receivers:
  - {id: desk, urls: ["json://192.0.2.1/a"]}
rules:
  - {id: strike, any: [غارة, قتلى, airstrike], GATE, notify: [desk]}
"""
UNTIL = "outlets: {at_least: 3}"
HOLD = "outlets: {at_least: 3, within: 2h, until_then: hold}"
# of one event, none a copy of another
ONE = "غارة جوية على مستودع في مدينة الميادين شرق دير الزور ومقتل خمسة عناصر"
TWO = "دير الزور: غارة تستهدف مستودعا للذخيرة في الميادين وتقتل خمسة عناصر"
THREE = "طيران مجهول يدمر مستودعا في الميادين بريف دير الزور بعد غارة قتل فيها خمسة"
FOUR = "انفجارات تهز الميادين بدير الزور إثر غارة جوية استهدفت مستودع ذخيرة وقتلت خمسة عناصر"
AGAIN = (
    "غارة جوية ثانية على مستودع في مدينة الميادين شرق دير الزور ومقتل عناصر",
    "غارة ثانية تستهدف مستودع الميادين في دير الزور ومقتل عناصر جدد",
    "مجددا.. طيران مجهول يشن غارة ثانية على مستودع بالميادين في ريف دير الزور",
    "بعد الأولى بساعات غارة ثانية على مستودع الميادين شرق دير الزور",
)
OTHER = (
    "قتيلان في غارة على سيارة قرب معبر رفح جنوب قطاع غزة",
    "غارة إسرائيلية تستهدف سيارة عند معبر رفح جنوب غزة وسقوط قتيلين",
    "رفح: قتيلان بقصف سيارة قرب المعبر جنوب قطاع غزة في غارة مسيرة",
)


def room_with(folder: Path, gate: str, url: str = "") -> Newsroom:
    return make_newsroom(folder, url, ROOM.replace("GATE", gate))


@pytest.fixture(params=["sqlite", "memory"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(room_with(tmp_path, UNTIL, "memory://" if request.param == "memory" else ""))
    yield desk
    await desk.room.storage.close()


@pytest.fixture(params=["sqlite", "memory"])
async def holding(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(room_with(tmp_path, HOLD, "memory://" if request.param == "memory" else ""))
    yield desk
    await desk.room.storage.close()


async def gates(desk: Desk) -> list[Gate]:
    stories = await desk.room.storage.read(lambda view: view.stories(since=0, limit=9))
    found = [
        await desk.room.storage.read(lambda view, name=one.story: view.gates(name))
        for one in reversed(stories)
    ]
    return [gate for one in found for gate in one.values()]


async def test_the_first_is_told_unconfirmed_and_the_third_says_that_there_are_three(
    desk: Desk,
) -> None:
    (first,) = await desk.report(ONE, source="sana")
    assert "unconfirmed: 1 of 3 outlets" in first.body
    assert await desk.report(TWO, source="enab") == []  # repeats it, and waits
    (third,) = await desk.report(THREE, source="north")
    assert "now 3 independent outlets (SANA, Enab Baladi, North Press)" in third.body
    assert THREE in third.body
    assert third.thread == first.thread
    (update,) = await desk.sent(after=31 * MINUTE)
    assert TWO in update.body
    assert "unconfirmed" not in update.body  # that is over
    assert await desk.report(FOUR, source="wire") == []  # as if there were no gate


async def test_languages_are_counted_where_they_differ(desk: Desk) -> None:
    await desk.report(ONE, source="enab")
    await desk.report(TWO, source="sana")
    english = "Airstrike hits depot in Al Mayadin, east of Deir ez-Zor, killing five fighters"
    (third,) = await desk.report(english, source="wire")
    assert "now 3 independent outlets, 2 languages" in third.body


async def test_one_ownership_group_counts_once(desk: Desk) -> None:
    await desk.report(ONE, source="sana")
    await desk.report(TWO, source="tishreen")
    await desk.report(THREE, source="tishreen")
    assert [one.facts["count"] for one in await gates(desk)] == [1]


async def test_copies_count_once_with_what_they_copy(desk: Desk) -> None:
    text = "قصف طيران مجهول مستودعا للذخيرة عند أطراف المدينة فجر اليوم وفق شهود عيان " * 3
    for name, number in (("sana", 1), ("enab", 2), ("north", 3), ("wire", 4)):
        await desk.room.show(name, [item(number, ONE, summary=text, published=None)])
    (gate,) = await gates(desk)
    assert (gate.state, gate.facts["count"]) == (GateState.UNCONFIRMED, 1)


async def test_reports_that_cite_one_origin_count_once(desk: Desk) -> None:
    await desk.report(f"{ONE} نقلا عن المرصد", source="sana")
    await desk.report(f"المرصد السوري: {TWO}", source="enab")
    await desk.report(f"{THREE} (المرصد)", source="north")
    (gate,) = await gates(desk)
    assert (gate.state, gate.facts["count"]) == (GateState.UNCONFIRMED, 1)


async def test_a_second_strike_is_unconfirmed_again(desk: Desk) -> None:
    for title, source in ((ONE, "sana"), (TWO, "enab"), (THREE, "north")):
        await desk.report(title, source=source)
    (second,) = await desk.report(AGAIN[0], source="enab")
    assert "unconfirmed: 1 of 3 outlets" in second.body
    await desk.report(AGAIN[1], source="sana")
    (again,) = await desk.report(AGAIN[2], source="north")
    assert "now 3 independent outlets (Enab Baladi, SANA, North Press)" in again.body
    assert await desk.report(AGAIN[3], source="wire") == []  # says again what is known


async def test_stories_are_counted_each_by_itself(desk: Desk) -> None:
    await desk.report(ONE, source="sana")
    await desk.report(OTHER[0], source="sana")
    await desk.report(TWO, source="enab")
    await desk.report(OTHER[1], source="enab")
    (told,) = await desk.report(OTHER[2], source="north")
    assert OTHER[2] in told.body
    assert {one.state for one in await gates(desk)} == {GateState.UNCONFIRMED, GateState.OPEN}
    assert len(await desk.report(THREE, source="north")) == 1


async def test_N21_what_is_held_is_told_in_one_alert_that_lists_all(holding: Desk) -> None:
    assert await holding.report(ONE, source="sana") == []
    assert await holding.report(TWO, source="enab") == []
    (gate,) = await gates(holding)
    assert (gate.state, gate.facts["count"], gate.facts["needed"]) == (GateState.HELD, 2, 3)
    (told,) = await holding.report(THREE, source="north")
    assert all(title in told.body for title in (ONE, TWO, THREE))
    assert len(told.alerts) == 1
    assert await holding.sent(after=HOUR) == []
    assert await holding.report(FOUR, source="wire") == []  # repeats what was told
    (update,) = await holding.sent(after=31 * MINUTE)
    assert FOUR in update.body


async def test_outlets_of_long_ago_do_not_count(holding: Desk) -> None:
    await holding.report(ONE, source="sana")
    await holding.sent(after=3 * HOUR)
    await holding.report(TWO, source="enab")
    assert await holding.report(THREE, source="north") == []
    (told,) = await holding.report(FOUR, source="wire")
    assert (
        "now 3 independent outlets, 2 languages (Enab Baladi, North Press, The Wire)" in told.body
    )
    assert ONE in told.body  # it was never told


async def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    before = Desk(room_with(tmp_path, HOLD))
    await before.report(ONE, source="sana")
    await before.report(TWO, source="enab")
    await before.room.storage.close()
    again = room_with(tmp_path, HOLD)
    again.clock.at = before.room.clock.at
    await again.stories.open(again.storage, again.clock())
    (told,) = await Desk(again).report(THREE, source="north")
    assert all(title in told.body for title in (ONE, TWO, THREE))
    await again.storage.close()


async def test_two_polls_at_once_open_a_gate_once(tmp_path: Path) -> None:
    room = room_with(tmp_path, HOLD)
    reports = [
        room.show(source, [one(number, title)])
        for number, (source, title) in enumerate(
            (("sana", ONE), ("enab", TWO), ("north", THREE), ("wire", FOUR))
        )
    ]
    done: list[Report] = await asyncio.gather(*reports)
    assert sum(report.alerts for report in done) == 2  # the gate's, and the one that came after
    alerts = await room.storage.read(lambda view: view.alerts(limit=9))
    assert sorted("gate" in one.facts for one in alerts) == [False, True]
    await room.storage.close()


def one(number: int, title: str) -> ParsedItem:
    return item(number, title, published=None)


async def test_who_asks_for_what_is_corroborated_is_told_of_that_only(tmp_path: Path) -> None:
    desk = Desk(room_with(tmp_path, "on: [corroborated]", "memory://"))
    assert await desk.report(ONE, source="sana") == []
    (told,) = await desk.report(TWO, source="enab")  # two, if not said otherwise
    assert "now 2 independent outlets (SANA, Enab Baladi)" in told.body
    assert ONE in told.body
    assert await desk.report(THREE, source="north") == []
    assert await desk.sent(after=HOUR) == []
    await desk.room.storage.close()


async def test_new_and_corroborated_need_no_count(tmp_path: Path) -> None:
    desk = Desk(room_with(tmp_path, "on: [new, corroborated]", "memory://"))
    (first,) = await desk.report(ONE, source="sana")
    assert "unconfirmed: 1 of 2 outlets" in first.body
    (told,) = await desk.report(TWO, source="enab")
    assert "now 2 independent outlets" in told.body
    await desk.room.storage.close()


async def test_a_revision_of_what_was_listed_is_told(tmp_path: Path) -> None:
    desk = Desk(room_with(tmp_path, f"on: [new, revised], {HOLD}", "memory://"))
    await desk.report(ONE, source="sana")
    changed = item(1, ONE.replace("خمسة", "تسعة"), published=None)
    await desk.room.show("sana", [changed])
    assert await desk.sent() == []  # it was never told
    await desk.report(TWO, source="enab")
    assert len(await desk.report(THREE, source="north")) == 1
    await desk.room.show("sana", [item(1, ONE.replace("خمسة", "عشرة"), published=None)])
    (told,) = await desk.sent()
    assert "was: " in told.body
    await desk.room.storage.close()


async def test_what_is_withdrawn_counts_no_longer(tmp_path: Path) -> None:
    desk = Desk(room_with(tmp_path, HOLD, "memory://"))
    await desk.report(ONE, source="sana")
    found = await desk.room.storage.read(lambda view: view.items(limit=1))
    await desk.room.storage.write(lambda tx: tx.mark_withdrawn([found[0].id], 1))
    await desk.report(TWO, source="enab")
    assert await desk.report(THREE, source="north") == []
    assert len(await desk.report(FOUR, source="wire")) == 1
    await desk.room.storage.close()


@pytest.mark.parametrize(
    ("language", "unconfirmed", "now"),
    [
        ("ar", "غير مؤكد (المصادر المستقلة: 1 من 3)", "عدد المصادر المستقلة الآن: 3"),
        ("fr", "non confirmé : 1 média(s) sur 3", "maintenant 3 médias indépendants"),
    ],
)
async def test_a_receiver_is_told_in_its_language(
    tmp_path: Path, language: str, unconfirmed: str, now: str
) -> None:
    rules = ROOM.replace("GATE", UNTIL).replace("{id: desk,", f"{{id: desk, language: {language},")
    desk = Desk(make_newsroom(tmp_path, "memory://", rules))
    (first,) = await desk.report(ONE, source="sana")
    assert unconfirmed in first.body
    await desk.report(TWO, source="enab")
    (third,) = await desk.report(THREE, source="north")
    assert now in third.body
    await desk.room.storage.close()


async def test_the_alert_remembers_the_gate_as_evidence(desk: Desk) -> None:
    await desk.report(ONE, source="sana")
    (alert,) = await desk.room.storage.read(lambda view: view.alerts(limit=9))
    kinds = [one["kind"] for one in alert.facts["evidence"]]
    assert kinds[-1] == "gate"
    assert alert.facts["evidence"][-1]["why"] == "unconfirmed: 1 of 3 outlets (SANA)"


async def test_N19_rules_with_other_gates_share_a_message_and_each_says_its_own(
    tmp_path: Path,
) -> None:
    more = "  - {id: depot, any: [مستودع], outlets: {at_least: 2}, notify: [desk]}\n"
    more += "  - {id: plain, any: [الميادين], notify: [desk]}\n"
    desk = Desk(make_newsroom(tmp_path, "memory://", ROOM.replace("GATE", UNTIL) + more))
    (first,) = await desk.report(ONE, source="sana")
    assert "strike: unconfirmed: 1 of 3 outlets" in first.body
    assert "depot: unconfirmed: 1 of 2 outlets" in first.body
    assert len(first.alerts) == 3
    await desk.room.storage.close()


async def test_N20_a_digest_lists_what_was_held_and_says_how_well_it_is_confirmed(
    tmp_path: Path,
) -> None:
    rules = ROOM.replace("GATE", HOLD).replace(
        "{id: desk,", '{id: desk, digest: {at: "0 7 * * *"},'
    )
    desk = Desk(make_newsroom(tmp_path, "memory://", rules))
    for title, source in ((ONE, "sana"), (TWO, "enab"), (THREE, "north")):
        assert await desk.report(title, source=source) == []
    (told,) = await desk.sent(after=24 * HOUR)
    assert all(title in told.body and title in told.html for title in (ONE, TWO, THREE))
    assert "now 3 independent outlets" in told.body
    assert "now 3 independent outlets" in told.html
    await desk.room.storage.close()


async def test_a_template_is_told_below_how_well_it_is_confirmed(tmp_path: Path) -> None:
    template = "{id: desk, template: '{{ title }}!',"
    rules = ROOM.replace("GATE", UNTIL).replace("{id: desk,", template)
    desk = Desk(make_newsroom(tmp_path, "memory://", rules))
    (first,) = await desk.report(ONE, source="sana")
    assert first.body.splitlines() == ["unconfirmed: 1 of 3 outlets", f"\u2068{ONE}\u2069!"]
    await desk.room.storage.close()


@pytest.mark.parametrize("gate", ["outlets: {at_least: 2, until_then: hold}", "tags: [open]"])
async def test_what_a_loosened_gate_held_is_in_the_summary_of_the_rule(
    holding: Desk, tmp_path: Path, gate: str
) -> None:
    room = holding.room

    async def look() -> int:
        room.clock.forward(MINUTE)
        return await Lookback(room.storage, room.clock)(room.world, room.clock())

    assert await look() == 0
    assert await holding.report(ONE, source="enab") == []
    assert await holding.report(TWO, source="north") == []
    room.world = make_world(tmp_path, ROOM.replace("GATE", gate))
    assert await look() == 1
    (summary,) = await holding.sent()
    assert "rule strike is in force: 2 stored items of the last 24 h match" in summary.body
    assert (ONE in summary.body, TWO in summary.body) == (True, True)
