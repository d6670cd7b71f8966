"""`on: revised`: what an outlet changes in an item that a rule has alerted on is told again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Set
from pathlib import Path

import pytest
from newsroom import RULES, Newsroom, item, make_newsroom, make_world

from rasid.alerts.again import telling_again, told_again
from rasid.alerts.telling import Telling
from rasid.items.changes import Change
from rasid.models import Alert, Decision, Match, Notification
from rasid.notifiers.text import render
from rasid.settings import NEW, REVISED, Condition, Rule

ONE = RULES.replace('"json://192.0.2.1/a", "json://192.0.2.1/b"', '"json://192.0.2.1/a"')
BOTH = ONE.replace("any:", "on: [new, revised], any:")
ALONE = ONE.replace("any:", "on: revised, any:")
QUIET = "هدوء في البلدة"
STRIKE = "غارة على البلدة"


@pytest.fixture(params=["sqlite", "memory"])
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Newsroom]:
    newsroom = make_newsroom(tmp_path, "memory://" if request.param == "memory" else "", BOTH)
    await newsroom.show("front", [], seeding=True)
    await newsroom.show("world", [], seeding=True)
    yield newsroom
    await newsroom.storage.close()


async def alerts(room: Newsroom) -> list[Alert]:
    """Return all alerts, oldest first."""
    return (await room.storage.read(lambda view: view.alerts(limit=1_000)))[::-1]


def told(alert: Alert) -> str:
    """Return the text of an alert."""
    notification = Notification("n", "t", (alert,), 0, 0, "")
    return render(notification, time_zone="UTC", limit=4_000, show="full").body


async def test_D13_a_revision_of_what_was_alerted_on_is_told_once(room: Newsroom) -> None:
    await room.show("front", [item(1, "غارة تقتل 12 عنصرا")])
    for _ in range(2):
        await room.show("front", [item(1, "غارة تقتل 17 عنصرا")])
    await room.show("front", [item(1, "غارة تقتل 17 عنصرا", author="Desk")])  # says the same
    first, second = await alerts(room)
    assert first.subject == f"item:{first.facts['item']}"
    assert second.subject == f"{first.subject}:r2"
    assert "changes" not in first.facts
    assert second.facts["telling"] == Telling.REVISED
    assert "was: \u2068غارة تقتل 12 عنصرا" in told(second)
    assert "now: 12 → 17" in told(second)
    await room.show("front", [item(1, "غارة تقتل 19 عنصرا")])
    assert [one.subject[-3:] for one in (await alerts(room))[1:]] == [":r2", ":r3"]


async def test_D13_a_rule_that_does_not_ask_for_revisions_is_not_told(room: Newsroom) -> None:
    room.world = make_world(room_folder(room), ONE)
    await room.show("front", [item(1, STRIKE)])
    await room.show("front", [item(1, "غارة ثانية على البلدة")])
    assert await room.alerts() == [STRIKE]


async def test_D13_a_revision_that_matches_first_is_new_and_the_next_is_revised(
    room: Newsroom,
) -> None:
    for title in (QUIET, STRIKE, "غارة ثانية على البلدة"):
        await room.show("front", [item(1, title)])
    assert await room.alerts() == [STRIKE, "غارة ثانية على البلدة"]
    first, second = await alerts(room)
    assert (first.subject.count(":"), second.subject.rpartition(":")[2]) == (1, "r3")


async def test_D13_a_rule_for_revisions_alone_keeps_silent_until_there_is_one(
    room: Newsroom,
) -> None:
    room.world = make_world(room_folder(room), ALONE)
    await room.show("front", [item(1, STRIKE)])
    assert await room.alerts() == []
    await room.show("front", [item(1, STRIKE, summary="في ريف دير الزور")])
    (alert,) = await alerts(room)
    assert alert.subject.endswith(":r2")
    assert "now: \u2068في ريف دير الزور" in told(alert)


async def test_a_story_that_was_only_remembered_is_not_taken_for_told(room: Newsroom) -> None:
    room.world = make_world(room_folder(room), ALONE)
    await room.show("front", [item(1, STRIKE)])
    (story,) = await room.storage.read(lambda view: view.stories(since=0, limit=9))
    assert await room.storage.read(lambda view: view.told(story.story, ["strike"])) == {}


async def test_what_is_no_longer_said_is_told_as_well(room: Newsroom) -> None:
    asked: list[Set[str]] = []

    async def keep(ids: Set[str]) -> dict[str, str]:
        asked.append(ids)
        return {name: f"sha256 of {name}" for name in ids}

    room.keep = keep
    await room.show("front", [item(1, STRIKE, captures=("a",)), item(2, QUIET)])
    await room.show("front", [item(1, QUIET, captures=("b",)), item(2, "أمطار", captures=("c",))])
    last = (await alerts(room))[-1]
    assert (last.facts["title"], last.facts["evidence"]) == (QUIET, [])
    assert f"was: \u2068{STRIKE}" in told(last)
    assert asked[-1] == {"b"}, "nothing is told of the other"
    assert await room.storage.read(lambda view: view.captures(last.id)) == {"b": "sha256 of b"}


async def test_other_words_of_another_source_are_no_change(room: Newsroom) -> None:
    long, short = item(1, STRIKE, summary="ملخص طويل"), item(1, STRIKE, summary="قصير")
    await room.show("front", [long])
    assert (await room.show("world", [short])).decisions == {Decision.REVISED: 1}
    for _ in range(3):
        await room.show("front", [long])
        await room.show("world", [short])
    assert await room.alerts() == [STRIKE]
    await room.show("world", [item(1, STRIKE, summary="تصحيح")])
    assert await room.alerts() == [STRIKE] * 2


async def test_D01_what_a_first_poll_found_is_told_once_it_was_alerted_on(room: Newsroom) -> None:
    await room.show("front", [item(1, STRIKE), item(2, QUIET)], seeding=True)
    await room.show("front", [item(1, "غارة جديدة"), item(2, STRIKE)])
    assert await room.alerts() == [STRIKE], "the other was never told"
    await room.show("front", [item(2, "غارة أخرى")])
    assert await room.alerts() == [STRIKE, "غارة أخرى"]


async def test_a_small_change_waits_for_the_update_of_its_story(room: Newsroom) -> None:
    await room.show("front", [item(1, STRIKE, summary="في الصباح")])
    await room.show("front", [item(1, STRIKE, summary="في المساء")])
    first, second = await alerts(room)
    assert "update_at" not in first.facts
    assert second.facts["telling"] == Telling.UPDATE
    assert second.facts["update_at"] > room.clock()
    listed = Notification("n", "t", (second,), 0, 0, "", lane="story:x")
    body = render(listed, time_zone="UTC", limit=4_000, show="full").body
    assert "was: \u2068في الصباح" in body
    assert "now: \u2068في المساء" in body


def room_folder(room: Newsroom) -> Path:
    """Return where a newsroom has its rules."""
    return Path(room.world.config.files[0]).parent


@pytest.mark.parametrize(
    ("on", "alerted", "is_told"),
    [
        ((NEW,), True, False),
        ((NEW, REVISED), True, True),
        ((NEW, REVISED), False, False),
        ((REVISED,), False, True),
    ],
)
def test_who_is_told_of_a_revision(on: tuple[str, ...], *, alerted: bool, is_told: bool) -> None:
    rule = Rule("r", Condition(), ("desk",), on=on, hash="h")
    given = {"alerted": {"r"} if alerted else set[str](), "rules": {"r": rule}}
    match = Match("r", "h", ())
    assert told_again([match], matched=["r"], **given) == [match] * is_told  # type: ignore[arg-type]
    assert told_again([], matched=["r"], **given) == [match] * is_told  # type: ignore[arg-type]
    assert told_again([match], matched=[], **given) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "telling"),
    [
        (Change("title", "a", "b"), Telling.REVISED),
        (Change("text", "12", "17", ("12 → 17",)), Telling.REVISED),
        (Change("summary", "a", "b"), Telling.UPDATE),
    ],
)
def test_how_a_revision_is_told(change: Change, telling: Telling) -> None:
    assert telling_again([Change("text", "a", "b"), change]) is telling
