"""Inhibition within a story: the vaguer alert waits for the update of the sharper one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from newsroom import Clock, Newsroom
from opened_dictionaries import DICTIONARIES
from small_gazetteer import atlas, small
from test_alerts_stories import Desk

from rasid.alerts.handover.inhibition import Inhibiting, inhibit, is_sharper
from rasid.alerts.targets import targets
from rasid.alerts.telling import Telling, heard
from rasid.alerts.updates import ANY
from rasid.cli.alert_reason import telling_of
from rasid.config import load
from rasid.models import (
    Alert,
    AlertState,
    Decision,
    Evidence,
    Item,
    Match,
    Membership,
    Silence,
    Told,
)
from rasid.protocols import Transaction
from rasid.rules import compile_rules
from rasid.settings import HOUR, MINUTE, Condition, Rule
from rasid.world import World
from storage import open_storage
from storage.memory import MemoryStorage

SYRIA = {"id": "country:SY", "name": "Syria", "within": []}
PROVINCE = {"id": "geonames:2", "name": "Deir ez-Zor", "within": ["Syria"]}
TOWN = {"id": "geonames:3", "name": "Al Mayadin", "within": ["Deir ez-Zor", "Syria"]}
TYRE = {"id": "geonames:4", "name": "Tyre", "within": ["Lebanon"]}
ARABIC = {**TOWN, "shown": "الميادين", "within": ["دير الزور", "سوريا"]}
ARABIC_SYRIA = {**SYRIA, "shown": "سوريا"}


def found(*places: Mapping[str, Any], words: str = "strike") -> tuple[Evidence, ...]:
    said = [Evidence("word", "title", 0, 1, "x", word=word) for word in words.split()]
    return (*said, *(Evidence("place", "title", 0, 1, "x", place=one) for one in places))


def alert(rule: str, *places: Mapping[str, Any], severity: str = "", **more: Any) -> Alert:
    evidence = [
        {"kind": one.kind, "word": one.word, "place": one.place}
        for one in found(*places, words=more.pop("words", "strike"))
    ]
    facts = {"kind": "item", "severity": severity, "evidence": evidence, "telling": "first"}
    values = {"id": rule, "target": "desk/a", "subject": f"item:{rule}", **more}
    values["receiver"] = values["target"].partition("/")[0]
    return Alert(rule=rule, rule_hash="h", created_at=10, facts=facts, **values)


@pytest.mark.parametrize(
    ("one", "other", "sharper"),
    [
        (alert("a", TOWN), alert("b", SYRIA), True),
        (alert("a", TOWN), alert("b", PROVINCE), True),
        (alert("a", SYRIA), alert("b", TOWN), False),
        (alert("a", ARABIC), alert("b", ARABIC_SYRIA), True),
        (alert("a", TOWN), alert("b", TYRE), False),
        (alert("a", TOWN), alert("b", SYRIA, TYRE), False),
        (alert("a", TOWN), alert("b", TOWN, SYRIA), False),  # as exact: it only says more
        (alert("a", TOWN, SYRIA), alert("b", PROVINCE), True),
        # severity counts for one place alone, and what is critical yields to the critical
        (alert("a", TOWN, severity="low"), alert("b", SYRIA, severity="high"), True),
        (alert("a", TOWN, severity="low"), alert("b", SYRIA, severity="critical"), False),
        (alert("a", TOWN, severity="critical"), alert("b", SYRIA, severity="critical"), True),
        (alert("a", TOWN, severity="high"), alert("b", TOWN, severity="low"), True),
        (alert("a", TOWN, severity="low"), alert("b", TOWN, severity="high"), False),
        (alert("a", TOWN, words="strike depot"), alert("b", TOWN), True),
        (alert("a", TOWN), alert("b", TOWN), False),
        (alert("a"), alert("b", SYRIA), False),
        (alert("a", TOWN), alert("b"), False),
    ],
)
def test_the_vaguer_alert_is_that_whose_place_contains_the_others(
    one: Alert, other: Alert, sharper: bool
) -> None:
    assert is_sharper(one, other) is sharper


def item(number: int, title: str = "strike") -> Item:
    return Item(
        id=str(number), source="s", outlet="o", guid="", link="", title=title, summary="",
        text="", author="", tags=(), language="", published=None, first_seen=1, revision=1,
        content_hash=str(number), decision=Decision.NEW, only_seeded=False,
    )  # fmt: skip


@dataclass
class Story:
    """One story of which `sharp` has told its first item."""

    clock: Clock = field(default_factory=Clock)
    rules: dict[str, Rule] = field(
        default_factory=lambda: {
            name: Rule(name, Condition(), ("desk",), cooldown=HOUR) for name in ("sharp", "vague")
        }
    )

    async def told(self, sharp: Alert, told: Told | None = None) -> MemoryStorage:
        storage = MemoryStorage(self.clock)
        now, place = self.clock(), TOWN

        def work(tx: Transaction) -> None:
            tx.add_item(item(1), [])
            tx.join_story(Membership("1", "1", now))
            tx.add_alert(replace(sharp, created_at=now))
            around = frozenset(["Al Mayadin", "Deir ez-Zor", "Syria"])
            tx.save_told(told or Told("sharp", "1", now, places=around, toll=3))

        assert place
        await storage.write(work)
        return storage

    async def after(self, storage: MemoryStorage, vague: Alert, title: str = "strike") -> Alert:
        """Return an alert on a second item of the story as it is stored."""
        now = self.clock()
        places = [one["place"] for one in vague.facts["evidence"] if one["place"]]
        match = Match("vague", "h", found(*places))
        place = Membership("2", "1", now)

        def work(tx: Transaction) -> Alert:
            tx.save_told(Told("vague", ANY, now))
            new = Inhibiting(item(2, title), [match], place, 30 * MINUTE, self.rules)
            return inhibit(tx, new, [vague], now)[0]

        return await storage.write(work)


SHARP = alert("sharp", TOWN, subject="item:1")
VAGUE = alert("vague", SYRIA, subject="item:2")


async def test_the_vaguer_alert_waits_for_the_update() -> None:
    story = Story()
    storage = await story.told(SHARP)
    found = await story.after(storage, VAGUE)
    assert found.facts["telling"] == Telling.INHIBITED
    assert found.facts["update_at"] == story.clock() + 30 * MINUTE
    assert found.facts["inhibited_by"] == "sharp"
    cool = await storage.read(lambda view: view.told(ANY, ["vague"]))
    assert cool["vague"].told_at == story.clock() - HOUR  # it told nothing: nothing cools down


async def test_it_goes_with_the_update_that_is_due_already() -> None:
    story = Story()
    due = story.clock() + MINUTE
    told = Told("sharp", "1", story.clock(), update_at=due, places=frozenset(["Syria"]))
    assert (await story.after(await story.told(SHARP, told), VAGUE)).facts["update_at"] == due


@pytest.mark.parametrize(
    ("sharp", "vague", "title"),
    [
        (replace(SHARP, target="chief/a"), VAGUE, "strike"),  # another receiver
        (replace(SHARP, state=AlertState.DEAD), VAGUE, "strike"),
        (replace(SHARP, lane="8 silenced S"), VAGUE, "strike"),
        (replace(SHARP, facts={**SHARP.facts, "update_at": 5}), VAGUE, "strike"),
        (SHARP, replace(VAGUE, facts={**VAGUE.facts, "telling": "toll"}), "strike"),
        (SHARP, VAGUE, "strike kills 19"),  # the toll jumps
        (SHARP, VAGUE, "another strike"),
        (SHARP, alert("vague", TYRE, subject="item:2"), "strike"),
        (replace(SHARP, subject="item:7"), VAGUE, "strike"),  # of another story
    ],
)
async def test_what_is_no_repetition_for_the_receiver_does_not_wait(
    sharp: Alert, vague: Alert, title: str
) -> None:
    story = Story()
    assert await story.after(await story.told(sharp), vague, title) == vague


async def test_what_a_silence_is_about_to_keep_back_inhibits_nothing() -> None:
    story = Story()
    storage, now = await story.told(SHARP), story.clock()
    made = Silence("S", {"rule": ("sharp",)}, "sami", "raid", now, now + HOUR)
    await storage.write(lambda tx: tx.save_silence(made))
    assert await story.after(storage, VAGUE) == VAGUE


async def test_hours_later_it_may_be_another_event() -> None:
    story = Story()
    storage = await story.told(SHARP)
    story.clock.forward(2 * HOUR)
    assert await story.after(storage, VAGUE) == VAGUE


def test_places_are_heard_in_the_language_of_what_contains_them() -> None:
    said = heard(item(1), Match("r", "h", found(ARABIC)), is_copy=False)
    assert (said.places, "سوريا" in said.around) == ({"الميادين"}, True)


RULES = """\
version: 1
sources:
  - {id: front, outlet: paper, url: "https://paper.example/front.xml"}
  - {id: other, outlet: wire, url: "https://wire.example/feed.xml"}
receivers: [{id: desk, urls: ["json://192.0.2.1/a"]}]
rules:
  - {id: town, any: [غارة], where: [Al Mayadin], severity: low, notify: [desk]}
  - {id: country, any: [مستودع, ذخيرة], where: [Syria], severity: high, notify: [desk]}
"""
SHARPER = "غارة جوية على الميادين شرق سوريا ومقتل خمسة عناصر"
VAGUER = "مقتل خمسة عناصر في غارة جوية على مستودع شرق سوريا"


async def test_a_feed_whose_second_item_is_vaguer_makes_one_message(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    config = load(path, None, small)
    matcher = compile_rules(config, dictionaries=DICTIONARIES, atlas=atlas())
    clock = Clock()
    storage = open_storage(tmp_path / "rasid.db", clock)
    desk = Desk(Newsroom(storage, World(config, matcher, targets(config, "salt")), clock))
    (first,) = await desk.report(SHARPER)
    assert "town" in first.body
    assert await desk.report(VAGUER, source="other") == []
    (waiting,) = await storage.read(lambda view: view.alerts(state=AlertState.PENDING))
    assert (waiting.rule, waiting.facts["telling"]) == ("country", Telling.INHIBITED)
    assert telling_of(waiting).startswith("a sharper alert of the story was told")
    (update,) = await desk.sent(after=30 * MINUTE)
    assert (VAGUER in update.body, update.thread) == (True, first.thread)
    await storage.close()
