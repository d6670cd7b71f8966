"""What is told of a story at once, and what waits for its update."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from storage_samples import item as stored

from rasid.alerts.telling import LATER, Heard, Telling, Told, after, heard, telling
from rasid.alerts.tolls import toll
from rasid.models import Evidence, Match
from rasid.settings import MINUTE
from rasid.text.fold import fold_text
from rasid.text.tokens import plain_words


def said(title: str, *words: str, places: tuple[str, ...] = (), copy: bool = False) -> Heard:
    """Return what an item with a title says, which matched by words and places."""
    evidence = [Evidence("word", "title", 0, 1, "x", word=word) for word in words]
    for name, *within in (place.split(" < ") for place in places):
        about: dict[str, Any] = {"name": name, "within": within}
        evidence.append(Evidence("place", "title", 0, 1, name, place=about))
    one = replace(stored("1"), title=title)
    return heard(one, Match("r", "h", tuple(evidence)), is_copy=copy)


MAYADIN = ("Mayadin < Syria",)
FIRST = said("Air strike on Mayadin kills 3", "strike", places=("Mayadin < Deir ez-Zor < Syria",))
TOLD = after(Told("r", "s", told_at=0), FIRST, Telling.FIRST, 0)


@pytest.mark.parametrize(
    ("new", "minutes", "how"),
    [
        (said("Strike on Mayadin: what we know", "strike", places=MAYADIN), 30, "update"),
        (said("A strike in Deir ez-Zor", "strike", places=("Deir ez-Zor < Syria",)), 30, "update"),
        (said("غارة على الميادين", "غارة", places=MAYADIN), 30, "update"),
        (said("Strike on Ashara", "strike", places=("Ashara < Syria",)), 30, "new_place"),
        (said("Drone over Mayadin", "drone", places=MAYADIN), 30, "new_word"),
        (said("Second strike on Mayadin", "strike", places=MAYADIN), 30, "again"),
        (said("غارة جديدة على الميادين", "غارة", places=MAYADIN), 30, "again"),
        (said("再次空袭", "空袭"), 30, "again"),
        (said("Mayadin strike toll rises to 17 dead", "strike"), 30, "toll"),
        (said("ارتفاع حصيلة القصف إلى ١٧ قتيلا", "قصف"), 30, "toll"),
        (said("Toll rises to four dead", "strike"), 30, "update"),
        (said("Strike on Mayadin", "strike", places=MAYADIN), 121, "later"),
        (said("Air strike on Mayadin kills 3", "strike", copy=True), 121, "update"),
        (said("Second strike, else a copy", "strike", copy=True), 30, "again"),
        (said("On Ashara, a copy", "strike", places=("Ashara",), copy=True), 30, "new_place"),
    ],
)  # fmt: skip
def test_news_of_a_story_is_told_at_once_and_nothing_else(
    new: Heard, minutes: int, how: str
) -> None:
    assert telling(TOLD, new, minutes * MINUTE) == how


def test_the_first_match_on_a_story_is_told_at_once() -> None:
    assert telling(None, FIRST, 0) is Telling.FIRST


def test_what_was_told_is_not_new_again() -> None:
    again = said("Second strike on Ashara", "strike", places=("Ashara < Syria",))
    now = 30 * MINUTE
    told = after(TOLD, again, telling(TOLD, again, now), now)
    assert telling(told, again, now + MINUTE) is Telling.UPDATE
    assert telling(told, FIRST, now + MINUTE) is Telling.UPDATE
    assert telling(told, again, now + LATER) is Telling.AGAIN
    assert telling(told, replace(again, is_copy=True), now + LATER) is Telling.UPDATE


def test_an_update_does_not_put_off_what_comes_later() -> None:
    told = TOLD
    for minutes in range(10, 120, 10):
        told = after(told, FIRST, telling(told, FIRST, minutes * MINUTE), minutes * MINUTE)
    assert told.told_at == 0
    assert telling(told, FIRST, LATER) is Telling.LATER


@pytest.mark.parametrize(
    ("text", "killed"),
    [
        ("Air strike kills 12, wounds 40", 12), ("Twelve dead in raid", 12),
        ("١٧ قتيلا و٤٠ جريحا", 17),
        ("مقتل ثلاثة مدنيين", 3), ("En 2023, 5 morts", 5), ("Strike of 2,000 workers", 0),
        ("Killed in 2024", 0), ("Погибли трое", 3), ("no number: many dead", 0),
    ],
)  # fmt: skip
def test_a_toll_is_the_number_beside_a_word_for_the_killed(text: str, killed: int) -> None:
    assert toll(plain_words(fold_text(text))) == killed
