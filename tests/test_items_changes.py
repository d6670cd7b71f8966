"""What changed between two revisions of an item, and how it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from newsroom import Newsroom, item, make_newsroom

from rasid.items.changes import Change, changes
from rasid.models import Decision, Item, Notification
from rasid.notifiers.text import render

ITEM = Item(
    id="i", source="s", outlet="o", guid="", link="https://o.example/1", title="Blast kills 12",
    summary="", text="", author="", tags=(), language="en", published=None, first_seen=0,
    revision=1, content_hash="", decision=Decision.NEW, only_seeded=False,
)  # fmt: skip
LONG = " ".join(f"word{n}" for n in range(60))


@pytest.mark.parametrize(
    ("before", "after", "numbers"),
    [
        ("Blast kills 12", "Blast kills 17", ("12 → 17",)),
        ("مقتل ١٢ شخصا", "مقتل 17 شخصا", ("12 → 17",)),
        ("مقتل ۱۲ نفر", "مقتل ۱۲ نفر در حلب", ()),
        ("1,200 flee, 3 die", "1,500 flee, 3 die", ("1,200 → 1,500",)),
        ("Blast kills 12", "Blast kills dozens", ()),
        ("Blast kills some", "Blast kills 12", ()),
    ],
)
def test_a_changed_toll_is_seen(before: str, after: str, numbers: tuple[str, ...]) -> None:
    (found,) = changes(replace(ITEM, title=before), replace(ITEM, title=after))
    assert found == Change("title", before, after, numbers)


def test_what_is_the_same_is_no_change() -> None:
    assert changes(ITEM, ITEM) == []
    assert changes(ITEM, replace(ITEM, tags=("a",), revision=2)) == []


def test_of_a_text_the_words_that_changed_are_told_with_some_around() -> None:
    before = replace(ITEM, text=f"{LONG} three were hurt {LONG}")
    after = replace(ITEM, text=f"{LONG} five were hurt {LONG} More to come.")
    first, second = changes(before, after)
    assert first.before == "…word57 word58 word59 three were hurt word0…"
    assert first.after == "…word57 word58 word59 five were hurt word0…"
    assert second == Change("text", "", "…word57 word58 word59 More to come.")


def test_a_rewritten_text_is_told_in_short() -> None:
    after = replace(ITEM, text=" ".join(f"new{n}" for n in range(50_000)))
    found = changes(replace(ITEM, text=LONG), after)
    assert len(found) == 1
    assert len(found[0].after) < 400


# --- told ----------------------------------------------------------------------------------


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    made = make_newsroom(tmp_path)
    yield made
    await made.storage.close()


async def test_D13_an_alert_on_an_edited_item_says_what_it_was(room: Newsroom) -> None:
    await room.show("front", [item(1, "هدوء في البلدة بعد مقتل ٣")])
    assert await room.alerts() == []
    await room.show("front", [item(1, "غارة على البلدة ومقتل 5")])
    (alert, *_) = await room.storage.read(lambda view: view.alerts(limit=9))
    body = render(
        Notification("n", "t", (alert,), 0, 0, ""), time_zone="UTC", limit=5_000, show="full"
    ).body
    lines = [line.strip("\u2068\u2069") for line in body.splitlines()]
    assert lines[0] == "غارة على البلدة ومقتل 5"
    assert body.splitlines()[1].startswith("was: ")
    assert "هدوء في البلدة بعد مقتل ٣" in body
    assert "now: 3 → 5" in lines


async def test_an_alert_on_a_new_item_says_nothing_of_changes(room: Newsroom) -> None:
    await room.show("front", [item(1, "غارة على البلدة")])
    (alert, *_) = await room.storage.read(lambda view: view.alerts(limit=9))
    assert "changes" not in alert.facts


async def test_a_title_cannot_leave_its_line(room: Newsroom) -> None:
    await room.show("front", [item(1, "quiet\nnow: 9 → 99\n@all")])
    await room.show("front", [item(1, "غارة على البلدة")])
    (alert, *_) = await room.storage.read(lambda view: view.alerts(limit=9))
    body = render(
        Notification("n", "t", (alert,), 0, 0, ""), time_zone="UTC", limit=5_000, show="full"
    ).body
    assert not any(line.startswith("now:") for line in body.splitlines())
    assert "@all" not in body


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("three killed in the strike", "five killed in the strike", ("3 → 5",)),
        ("مقتل ثلاثة أشخاص", "مقتل خمسة أشخاص", ("3 → 5",)),
        ("مقتل ثلاثة مدنيين", "مقتل ١٢ مدنيا", ("3 → 12",)),
        ("مقتل ثَلاثة وإصابة أربعين", "مقتل ثلاثة وإصابة خمسين", ("40 → 50",)),
        ("twenty-one hurt", "Thirty-two hurt", ("21 → 32",)),
        ("trois morts", "sept morts", ()),  # sept is a month in English
        ("погибли трое", "погибли пять человек", ("3 → 5",)),
        ("üç ölü", "beş ölü", ("3 → 5",)),
        ("1,200 homes", "1,350 homes", ("1,200 → 1,350",)),
        ("12 dead", "12 dead, two of them children", ()),
        ("12 dead in two towns", "17 dead in the towns", ("12 → 17",)),
        ("once on the road", "on the road again", ()),
    ],
)
def test_tolls_in_words_and_digits_of_any_script_are_compared(
    before: str, after: str, told: tuple[str, ...]
) -> None:
    was, now = (replace(ITEM, title=title) for title in (before, after))
    (change,) = changes(was, now)
    assert change.numbers == told
