"""Who tells a story first, who follows and how late; and how late sources are seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from daemon import rasid, rows
from newsroom import item, make_newsroom
from storage_samples import item as sample

from rasid.archive.lags import SourceLag, lags, outlets, quantile, story_by
from rasid.models import Decision, Item
from rasid.settings import DAY, HOUR, MINUTE


def stored(name: str, **given: object) -> Item:
    return replace(sample(name), **given)  # type: ignore[arg-type]


def told(name: str, outlet: str, at: int, story: str, language: str = "ar") -> Item:
    return stored(name, outlet=outlet, source=outlet, first_seen=at, title=story, language=language)


def test_who_is_first_who_follows_and_who_never() -> None:
    items = [
        told("1", "wire", 0, "fire"),
        told("2", "paper", 10 * MINUTE, "Fire"),
        told("3", "radio", 30 * MINUTE, "fire", "en"),
        told("4", "paper", 0, "flood"),
        told("5", "wire", 20 * MINUTE, "flood"),
        told("6", "wire", 50 * MINUTE, "flood"),  # once more
        told("7", "wire", 0, "alone"),
        stored("8", outlet="late", source="late", title="fire", decision=Decision.SEEDED),
    ]
    found = {one.outlet: one for one in outlets(items, story_by({}))}
    paper, wire, radio = found["paper"], found["wire"], found["radio"]
    assert "late" not in found
    assert (paper.items, paper.first, paper.followed, paper.late_median) == (2, 1, 1, 10 * MINUTE)
    assert (wire.items, wire.first, wire.followed, wire.late_p90) == (4, 1, 1, 20 * MINUTE)
    assert (radio.first, radio.followed, radio.never, radio.never_in_language) == (0, 1, 1, 0)
    assert (paper.never, radio.languages) == (0, ("en",))


def test_stories_join_what_titles_do_not() -> None:
    items = [told("1", "wire", 0, "حريق"), told("2", "radio", HOUR, "A fire", "en")]
    assert [one.followed for one in outlets(items, story_by({}))] == [0, 0]
    first, second = outlets(items, story_by({"1": "1", "2": "1"}))
    assert (first.outlet, first.first, second.outlet, second.late_median) == (
        "wire", 1, "radio", HOUR,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.5, None), ([4], 0.9, 4), ([3, 1, 2], 0.5, 2), (list(range(1, 11)), 0.9, 9)],
)
def test_quantiles(values: list[int], share: float, expected: int | None) -> None:
    assert quantile(values, share) == expected


def test_a_source_is_as_late_as_its_items_are_seen_after_publication() -> None:
    items = [
        stored(str(n), source="slow", first_seen=DAY + n * HOUR, published=DAY) for n in range(1, 4)
    ]
    items += [
        stored("a", source="early", first_seen=DAY, published=DAY + HOUR),
        stored("b", source="undated", first_seen=DAY, published=None),
        stored("c", source="slow", first_seen=9 * DAY, published=DAY),  # an old one, found late
    ]
    assert lags(items) == [
        SourceLag("slow", 4, 2 * HOUR, 3 * HOUR),
        SourceLag("early", 1, 0, 0),
        SourceLag("undated", 1, None, None),
    ]


async def test_the_report_is_made_of_what_is_stored(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path)
    await room.show("front", [item(1, "غارة على البلدة")])
    await room.show("other", [item(2, "غارة على البلدة", link="https://wire.example/2")])
    await room.show("other", [item(3, "طقس اليوم", link="https://wire.example/3")])
    await room.storage.close()
    asked = ("report", "coverage", "--since", "9999d", "--json", "--data-dir", tmp_path)
    for rule, items in (((), 2), (("--rule", "strike"), 1)):
        found = rows(rasid(*asked, *rule))
        said = {(row["kind"], row.get("outlet") or row["source"]): row for row in found}
        assert said["outlet", "paper"]["first"] == 1
        assert said["outlet", "wire"]["late_median"] == 600
        assert said["outlet", "wire"]["items"] == items
        assert said["source", "front"]["lag_median"] == 600
