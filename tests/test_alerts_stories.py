"""One story, one alert: what repeats it comes in an update that lists every item."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from newsroom import RULES, make_newsroom
from story_desk import Desk

from rasid.models import AlertState
from rasid.settings import DAY, HOUR, MINUTE

REPORTS = (
    "غارة جوية على مستودع في مدينة الميادين شرق دير الزور ومقتل خمسة عناصر",
    "مقتل خمسة عناصر في غارة جوية على مستودع في الميادين شرق دير الزور",
    "غارة جوية تستهدف مستودعا في الميادين شرق دير الزور وتقتل خمسة عناصر",
    "خمسة قتلى في غارة جوية على مستودع في مدينة الميادين شرق دير الزور",
)
SECOND = "غارة جوية ثانية على مستودع في مدينة الميادين شرق دير الزور ومقتل عناصر"
TOLL = "ارتفاع حصيلة غارة جوية على مستودع الميادين شرق دير الزور إلى 19 قتيلا"
ONE = RULES.replace('"json://192.0.2.1/a", "json://192.0.2.1/b"', '"json://192.0.2.1/a"')


@pytest.fixture(params=["sqlite", "memory"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    room = make_newsroom(tmp_path, "memory://" if request.param == "memory" else "", ONE)
    yield Desk(room)
    await room.storage.close()


async def test_a_story_is_told_once_and_what_repeats_it_in_one_update(desk: Desk) -> None:
    (first,) = await desk.report(REPORTS[0])
    assert REPORTS[0] in first.body
    assert await desk.report(*REPORTS[1:3], source="other") == []
    assert await desk.report(REPORTS[3], source="world") == []
    assert await desk.sent(after=29 * MINUTE) == []
    (update,) = await desk.sent(after=MINUTE)
    assert len(update.alerts) == 3
    assert all(title in update.body for title in REPORTS[1:])
    assert "More on a story that was told" in update.title
    assert REPORTS[1] in update.title
    assert update.thread == first.thread == f"story:{await story(desk)}"


async def story(desk: Desk) -> str:
    (found,) = await desk.room.storage.read(lambda view: view.stories(since=0, limit=9))
    return found.story


@pytest.mark.parametrize("title", [SECOND, TOLL])
async def test_what_is_new_in_a_story_does_not_wait(desk: Desk, title: str) -> None:
    await desk.report(REPORTS[0])
    assert await desk.report(REPORTS[1]) == []
    (message,) = await desk.report(title, source="other")
    assert (title in message.body, REPORTS[1] in message.body) == (True, False)
    assert len(await desk.room.storage.read(lambda view: view.stories(since=0, limit=9))) == 1


async def test_two_strikes_on_one_town_in_a_day_are_both_told(desk: Desk) -> None:
    assert len(await desk.report(REPORTS[0])) == 1
    await desk.sent(after=3 * HOUR)
    assert len(await desk.report(REPORTS[1], source="other")) == 1


async def test_N21_every_item_is_in_a_message(desk: Desk) -> None:
    titles = [f"{title} {word}" for title in REPORTS for word in ("اليوم", "صباحا", "مساء", "ليلا")]
    for number, title in enumerate(titles):
        await desk.report(title, source=("front", "world", "other")[number % 3])
        await desk.sent(after=7 * MINUTE)
    await desk.sent(after=HOUR)
    told = [alert for message in desk.heard.messages for alert in message.alerts]
    assert len(told) == len(set(told)) == len(titles)
    assert len(desk.heard.messages) < len(titles) / 2
    alerts = await desk.room.storage.read(lambda view: view.alerts(limit=99))
    assert {alert.state for alert in alerts} == {AlertState.SENT}


async def test_a_restart_keeps_what_waits(desk: Desk) -> None:
    await desk.report(*REPORTS[:1])
    assert await desk.report(REPORTS[1], source="other") == []
    again = Desk(desk.room)  # places what waits anew
    assert await again.sent() == []
    assert await again.sent(after=29 * MINUTE) == []
    assert len(await again.sent(after=MINUTE)) == 1


async def test_who_wants_every_item_at_once_gets_it(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path, "memory://", ONE + "settings: {story_updates: 0s}\n")
    desk = Desk(room)
    for number, title in enumerate(REPORTS):
        assert len(await desk.report(title, source=("front", "other")[number % 2])) == 1
    await room.storage.close()


async def test_rules_are_told_of_a_story_each_by_itself(tmp_path: Path) -> None:
    rules = ONE + "  - {id: depot, any: [مستودع], notify: [desk]}\n"
    room = make_newsroom(tmp_path, "memory://", rules.replace("غارة, strike", "قتلى"))
    desk = Desk(room)
    (first,) = await desk.report(REPORTS[0])  # depot
    (second,) = await desk.report(REPORTS[3], source="other")  # strike: for the first time
    assert ("depot" in first.body, "strike" in second.body) == (True, True)
    await room.storage.close()


OTHERS = (
    "قتيلان في غارة على سيارة قرب معبر رفح جنوب قطاع غزة",
    "غارة ليلية تدمر جسر القرية في ريف صعدة باليمن",
    "الخرطوم: غارة على سوق أم درمان تثير غضب السكان",
)


async def test_a_cool_down_tells_other_stories_of_a_rule_together(tmp_path: Path) -> None:
    rules = ONE.replace("notify: [desk]", "cooldown: 1h, notify: [desk]")
    room = make_newsroom(tmp_path, "memory://", rules)
    desk = Desk(room)
    assert len(await desk.report(REPORTS[0])) == 1
    for title in OTHERS:
        assert await desk.report(title, source="other") == []
        await desk.sent(after=10 * MINUTE)
    (again,) = await desk.report(SECOND, source="world")  # news passes it
    assert SECOND in again.body
    assert await desk.sent(after=29 * MINUTE) == []
    (rest,) = await desk.sent(after=MINUTE)
    assert all(title in rest.body for title in OTHERS)
    assert "within its cool-down" in rest.title
    assert await desk.report(REPORTS[1], source="other") == []
    await desk.sent(after=2 * HOUR)
    assert len(await desk.report("غارة تصيب مخفرا حدوديا شمال طرابلس", source="world")) == 1
    await room.storage.close()


async def test_a_clock_that_was_years_ahead_keeps_nothing_back(tmp_path: Path) -> None:
    rules = ONE.replace("notify: [desk]", "cooldown: 1h, notify: [desk]")
    desk = Desk(make_newsroom(tmp_path, rules=rules))
    await desk.sent()
    desk.room.clock.forward(1000 * DAY)
    assert len(await desk.report(OTHERS[0])) == 1
    assert await desk.report(OTHERS[1]) == []
    desk.room.clock.forward(-1000 * DAY)
    told = await desk.report(OTHERS[2]) + await desk.sent(after=HOUR)
    bodies = "".join(one.body for one in told)
    assert OTHERS[1] in bodies
    assert OTHERS[2] in bodies


async def test_an_update_begins_no_cool_down(tmp_path: Path) -> None:
    rules = ONE.replace("notify: [desk]", "cooldown: 1h, notify: [desk]")
    room = make_newsroom(tmp_path, "memory://", rules)
    desk = Desk(room)
    await desk.report(REPORTS[0])
    await desk.sent(after=90 * MINUTE)
    assert await desk.report(REPORTS[1], source="other") == []  # repeats, after the cool-down
    assert len(await desk.report(OTHERS[0], source="world")) == 1
    await room.storage.close()


async def test_a_rule_without_a_cool_down_tells_every_story(desk: Desk) -> None:
    for title in (REPORTS[0], *OTHERS):
        assert len(await desk.report(title)) == 1
