"""`spike`: much more in an hour than that hour of the week has by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from newsroom import RULES, Newsroom, item, make_newsroom
from story_desk import Desk

from rasid.alerts.gates.spikes import WEEK, counted_once, hours_before, level
from rasid.archive.history import note_rules
from rasid.models import RuleMatch
from rasid.settings import DAY, HOUR, MINUTE
from rasid.settings.gates import Spike

ONE = RULES.replace('"json://192.0.2.1/a", "json://192.0.2.1/b"', '"json://192.0.2.1/a"')
GATED = ONE.replace("notify: [desk]", "spike: {factor: 3, against: 28d, floor: 4}, notify: [desk]")
# each an event of its own
STRIKES = (
    "غارة على سيارة قرب معبر رفح جنوب قطاع غزة",
    "غارة ليلية تدمر جسر القرية في ريف صعدة باليمن",
    "الخرطوم: غارة على سوق أم درمان تثير غضب السكان",
    "غارة تصيب مخفرا حدوديا شمال طرابلس",
    "غارة روسية على خاركيف تقطع الكهرباء عن أحياء",
    "غارة تركية في دهوك تشعل حريقا في الغابات",
    "نيامي: غارة ضد مسلحين على حدود مالي",
    "غارة باكستانية على ولاية خوست الأفغانية",
    "غارة تستهدف مستودع أدوية في مدينة مأرب",
    "مقتل قيادي في غارة بصحراء الأنبار العراقية",
    "غارة أمريكية قرب كيسمايو الصومالية",
    "غارة على محطة وقود في عدن",
)


@pytest.fixture(params=["sqlite", "memory"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    room = make_newsroom(tmp_path, "memory://" if request.param == "memory" else "", GATED)
    yield Desk(room)
    await room.storage.close()


async def known(room: Newsroom) -> None:
    """Let the rule come into force now."""
    await room.storage.write(lambda tx: note_rules(tx, room.world.config, room.clock()))


async def test_what_matches_is_told_when_it_is_many_and_not_singly(desk: Desk) -> None:
    for title in STRIKES[:3]:
        assert await desk.report(title) == []
    (told,) = await desk.report(STRIKES[3])
    assert all(title in told.body for title in STRIKES[:4])
    assert "strike: 4 reports within an hour" in told.title
    assert "less than a week is known to compare with" in told.body
    assert await desk.report(*STRIKES[4:8]) == []  # once in an hour


async def test_a_spike_that_lasts_is_told_every_hour(desk: Desk) -> None:
    assert len(await desk.report(*STRIKES[:4])) == 1
    await desk.sent(after=HOUR)
    (told,) = await desk.report(*STRIKES[4:8])
    assert all(title in told.body for title in STRIKES[4:8])
    assert STRIKES[0] not in told.body


async def test_less_than_usual_at_this_hour_is_no_spike(desk: Desk) -> None:
    await known(desk.room)
    for week in range(2):
        await desk.report(*STRIKES[week * 3 : week * 3 + 2])  # two, each week
        await desk.sent(after=WEEK)
    assert await desk.report(*STRIKES[6:11]) == []  # five, where six are a spike
    (told,) = await desk.report(STRIKES[11], source="other")
    assert "6 reports within an hour, usually 2" in told.body
    (alert,) = await desk.room.storage.read(lambda view: view.alerts(limit=9))
    assert (alert.facts["count"], alert.facts["usual"]) == (6, 2)
    assert alert.subject.startswith("gate:spike:")


async def test_another_hour_of_the_week_says_nothing_of_this_one(desk: Desk) -> None:
    await known(desk.room)
    await desk.report(*STRIKES[:3])
    await desk.sent(after=WEEK + 5 * HOUR)
    (told,) = await desk.report(*STRIKES[3:7])
    assert "usually 0" in told.body


async def test_copies_and_one_group_count_once(desk: Desk) -> None:
    await desk.report(*STRIKES[:3])
    await desk.report(STRIKES[0], source="other")  # a copy
    assert await desk.report(STRIKES[1], source="world") == []  # of the same outlet
    assert len(await desk.report(STRIKES[3])) == 1


async def test_a_first_poll_is_no_spike(desk: Desk) -> None:
    shown = [item(number, title) for number, title in enumerate(STRIKES)]
    await desk.room.show("front", shown, seeding=True)
    assert await desk.sent() == []
    assert await desk.report(STRIKES[4], source="other") == []


async def test_N06_many_at_once_are_one_alert_that_counts_all(desk: Desk) -> None:
    await desk.report(*(f"{title} {n}" for n in range(20) for title in STRIKES))
    (alert,) = await desk.room.storage.read(lambda view: view.alerts(limit=9))
    stories = await desk.room.storage.read(lambda view: view.stories(since=0, limit=99))
    assert alert.facts["count"] == len(stories) > 10  # one outlet tells each once
    assert len(alert.facts["items"]) == len(stories)


async def test_a_restart_does_not_tell_it_again(tmp_path: Path) -> None:
    before = Desk(make_newsroom(tmp_path, rules=GATED))
    assert len(await before.report(*STRIKES[:5])) == 1
    await before.room.storage.close()
    room = make_newsroom(tmp_path, rules=GATED)
    room.clock.at = before.room.clock.at
    await room.stories.open(room.storage, room.clock())
    again = Desk(room)
    assert await again.report(*STRIKES[5:], source="other") == []
    await room.storage.close()


async def test_N20_a_digest_lists_what_a_spike_rests_on(tmp_path: Path) -> None:
    rules = GATED.replace("{id: desk,", '{id: desk, digest: {at: "0 7 * * *"},')
    desk = Desk(make_newsroom(tmp_path, "memory://", rules))
    assert await desk.report(*STRIKES[:4]) == []
    (told,) = await desk.sent(after=DAY)
    assert "strike: 4 reports within an hour" in told.body
    assert all(title in told.body and title in told.html for title in STRIKES[:4])
    await desk.room.storage.close()


async def test_a_receiver_that_is_discreet_is_told_no_rule(tmp_path: Path) -> None:
    rules = GATED.replace("{id: desk,", "{id: desk, show: discreet, language: ar,")
    desk = Desk(make_newsroom(tmp_path, "memory://", rules))
    (told,) = await desk.report(*STRIKES[:4])
    assert "عدد التقارير خلال ساعة: 4" in told.title
    assert "strike" not in told.body + told.title
    await desk.room.storage.close()


def test_the_same_hour_of_earlier_weeks_is_compared_as_far_as_it_is_known() -> None:
    now, gate = 10 * WEEK, Spike(against=28 * DAY)
    hours = hours_before(now, 0, gate)
    assert hours == [(now - n * WEEK - HOUR, now - n * WEEK) for n in (1, 2, 3, 4)]
    assert len(hours_before(now, now - 2 * WEEK - MINUTE, gate)) == 1
    assert hours_before(now, now - 6 * DAY, gate) == []


@pytest.mark.parametrize(
    ("count", "before", "spike"),
    [
        (4, [], False), (5, [], True), (5, [0, 0], True), (5, [2, 2], False), (6, [2, 2], True),
        (5, [1, 2], True), (29, [10], False), (30, [10], True),
    ],
)  # fmt: skip
def test_a_spike_is_so_many_times_what_is_usual_and_a_floor(
    count: int, before: list[int], spike: bool
) -> None:
    assert level(count, before, Spike()).is_spike is spike


def test_a_story_counts_once_for_each_owner() -> None:
    def match(item: str, outlet: str, story: str, copy_of: str = "") -> RuleMatch:
        return RuleMatch(item, outlet, 1, story, copy_of)

    owner = {"a": "g", "b": "g", "c": "c"}.__getitem__
    found = [match("1", "a", "1"), match("2", "b", "1"), match("3", "c", "1")]
    found += [match("4", "a", "4"), match("5", "c", "4", "4")]
    assert [one.item for one in counted_once(found, owner).values()] == ["1", "3", "4"]
