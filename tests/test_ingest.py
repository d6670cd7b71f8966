"""Identity, seeding and alerts, through the real transaction on both embedded stores."""

from __future__ import annotations

import asyncio
import itertools
import random
import tempfile
from collections.abc import AsyncIterator, Set
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import RULES, START, Clock, Newsroom, item, make_newsroom, make_world

from rasid.ingest import Ingest
from rasid.items.links import link_key
from rasid.models import Decision, Document, Match, ParsedFeed, ParsedItem, SourceState
from rasid.recording import StaleError
from rasid.settings import DAY, HOUR
from storage import open_storage

with tempfile.TemporaryDirectory() as _folder:
    WORLD = make_world(Path(_folder))


@pytest.fixture(params=["sqlite", "memory"])
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Newsroom]:
    url = "memory://" if request.param == "memory" else ""
    newsroom = make_newsroom(tmp_path, url)
    yield newsroom
    await newsroom.storage.close()


def moved(parsed: ParsedItem, guid: str, link: str) -> ParsedItem:
    return replace(parsed, guid=guid, link=link, link_key=link_key(link))


async def test_D01_first_poll_seeds_without_alerting(room: Newsroom) -> None:
    old = [item(n) for n in range(50)]
    report = await room.show("front", old, seeding=True)
    assert report.decisions == {Decision.SEEDED: 50}
    assert await room.alerts() == []
    report = await room.show("front", [item(50), *old])
    assert report.decisions == {Decision.NEW: 1, Decision.KNOWN: 50}
    assert await room.alerts() == [item(50).title] * 2  # both URLs of the receiver


async def test_D01_seeding_says_how_many_recent_items_match(room: Newsroom) -> None:
    items = [item(1), item(2, "Rain"), item(3, published=START - 2 * DAY)]
    assert (await room.show("front", items, seeding=True)).recent_matches == 1


async def test_backfill_alerts_on_the_newest_matching_items(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path, rules=RULES + "settings: {backfill_alerts: 2}\n")
    items = [item(n, published=START + n) for n in range(5)] + [item(9, "Rain")]
    report = await room.show("front", items, seeding=True)
    assert report.alerts == 4
    assert set(await room.alerts()) == {item(4).title, item(3).title}
    await room.storage.close()


async def test_backfill_counts_alerts_of_the_whole_poll(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path, "memory://", RULES + "settings: {backfill_alerts: 2}\n")
    items = [item(n, published=START + n) for n in range(2_500)]
    report = await room.show("front", items, seeding=True)
    assert report.alerts == 4
    assert set(await room.alerts()) == {item(2_499).title, item(2_498).title}


async def test_backfill_goes_on_after_a_first_poll_that_was_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_newsroom(tmp_path, rules=RULES + "settings: {backfill_alerts: 2}\n")
    items = [item(n, published=START - n) for n in range(1_500)]

    def broken(*_: object) -> int:
        raise RuntimeError("killed before the end")

    with monkeypatch.context() as patch:
        patch.setattr("rasid.ingest.backfill", broken)
        with pytest.raises(RuntimeError):
            await room.show("front", items, seeding=True)
    assert (await room.counts())["items"] == 1_000
    report = await room.show("front", items, seeding=True)
    assert report.decisions == {Decision.KNOWN: 1_000, Decision.SEEDED: 500}
    assert set(await room.alerts()) == {item(0).title, item(1).title}
    await room.storage.close()


async def test_D02_showing_the_same_again_tells_nothing(room: Newsroom) -> None:
    await room.show("front", [], seeding=True)
    await room.show("front", [item(1)])
    for _ in range(20):
        report = await room.show("front", [item(1)])
        assert report.decisions == {Decision.KNOWN: 1}
    assert len(await room.alerts()) == 2


@pytest.mark.parametrize(
    ("guid", "link"),
    [
        ("http://paper.example/?p=1", "https://paper.example/1"),
        ("https://www.paper.example/?p=1", "https://www.paper.example/one"),
        ("new-guid", "http://paper.example/1"),
        ("new-guid", "https://paper.example/1?utm_source=rss#top"),
        ("https://paper.example/?p=1", "https://paper.example/an-edited-slug"),
    ],
)
async def test_D03_D04_D05_a_changed_guid_or_link_is_the_same_item(
    room: Newsroom, guid: str, link: str
) -> None:
    await room.show("front", [], seeding=True)
    await room.show("front", [item(1)])
    report = await room.show("front", [moved(item(1), guid, link)])
    assert report.decisions == {Decision.KNOWN: 1}
    assert (await room.counts())["items"] == 1


async def test_D06_order_does_not_matter(room: Newsroom) -> None:
    items = [item(n) for n in range(40)]
    await room.show("front", [], seeding=True)
    shuffler = random.Random(7)
    for end in range(1, 41, 3):
        shown = items[:end]
        shuffler.shuffle(shown)
        await room.show("front", shown)
    assert len(set(await room.alerts())) == 40
    assert len(await room.alerts()) == 80


async def test_D07_D08_dates_are_no_cursor(room: Newsroom) -> None:
    await room.show("front", [], seeding=True)
    await room.show("front", [item(99, published=START + 20 * HOUR)])
    report = await room.show("front", [item(n, published=START) for n in range(5)])
    assert report.decisions == {Decision.NEW: 5}
    report = await room.show("front", [item(7, published=START - HOUR)])
    assert report.decisions == {Decision.NEW: 1}


async def test_an_old_item_is_kept_and_not_told(room: Newsroom) -> None:
    await room.show("front", [], seeding=True)
    dated = item(1, published=START - 60 * HOUR)
    report = await room.show(
        "front", [dated, replace(item(2), published=dated.published, date_only=True)]
    )
    assert report.decisions == {Decision.TOO_OLD: 1, Decision.NEW: 1}
    assert set(await room.alerts()) == {item(2).title}


async def test_D10_sources_of_other_outlets_do_not_share_items(room: Newsroom) -> None:
    await room.show("front", [], seeding=True)
    await room.show("other", [], seeding=True)
    await room.show("front", [item(1)])
    report = await room.show("other", [item(1)])
    assert report.decisions == {Decision.NEW: 1}


async def test_D12_one_story_of_three_outlets_is_three_items_and_all_are_told(
    tmp_path: Path,
) -> None:
    more = '  - {id: third, outlet: radio, url: "https://radio.example/feed.xml"}\nreceivers:'
    room = make_newsroom(tmp_path, rules=RULES.replace("receivers:", more))
    for source in ("front", "other", "third"):
        await room.show(source, [], seeding=True)
    words = "غارة على البلدة"  # word for word what the agency wrote, under links of their own
    for number, source in enumerate(("front", "other", "third")):
        report = await room.show(source, [item(number, words, summary="strike " * 20)])
        assert (report.decisions, report.alerts) == ({Decision.NEW: 1}, 2), source
    kept = await room.storage.read(lambda view: view.items())
    assert {one.outlet for one in kept} == {"paper", "wire", "radio"}
    assert await room.alerts() == [words] * 6
    await room.storage.close()


async def test_a_second_source_of_an_outlet_shows_the_same_item_once(room: Newsroom) -> None:
    await room.show("front", [], seeding=True)
    await room.show("world", [], seeding=True)
    await room.show("front", [item(1)])
    report = await room.show("world", [replace(item(1), guid="world-1")])
    assert report.decisions == {Decision.KNOWN: 1}


async def test_an_item_that_only_seeding_saw_is_new_to_a_source_past_seeding(
    room: Newsroom,
) -> None:
    await room.show("front", [], seeding=True)
    await room.show("world", [item(1)], seeding=True)
    assert (await room.show("world", [item(1)])).decisions == {Decision.KNOWN: 1}
    assert await room.alerts() == []
    report = await room.show("front", [item(1)])
    assert report.decisions == {Decision.NEW: 1}
    assert len(await room.alerts()) == 2
    assert (await room.show("front", [item(1)])).decisions == {Decision.KNOWN: 1}


async def test_D13_an_edit_that_newly_matches_alerts_once(room: Newsroom) -> None:
    await room.show("front", [], seeding=True)
    await room.show("front", [item(1, "هدوء في البلدة")])
    assert await room.alerts() == []
    report = await room.show("front", [item(1, "غارة على البلدة")])
    assert report.decisions == {Decision.REVISED: 1}
    assert len(await room.alerts()) == 2
    await room.show("front", [item(1, "غارة ثانية على البلدة")])
    assert len(await room.alerts()) == 2


async def test_two_feeds_with_other_summaries_do_not_revise_each_other_for_ever(
    room: Newsroom,
) -> None:
    await room.show("front", [], seeding=True)
    await room.show("world", [], seeding=True)
    long, short = item(1, summary="A long summary of it all"), item(1, summary="Short")
    decisions = [
        (await room.show(source, [shown])).decisions
        for source, shown in [("front", long), ("world", short)] * 3
    ]
    assert decisions == [{Decision.NEW: 1}, {Decision.REVISED: 1}] + [{Decision.KNOWN: 1}] * 4


LONG = "A summary that is long enough to tell this item from all the others of the outlet"
T2 = "Another title"
ONE_ITEM_BY_SEVERAL_NAMES = {
    # stored one after the other, then shown together; "" is no guid, no link, no summary
    "an edited slug, then both links at once": (
        [("g1", "l1", "One", ""), ("g1", "l2", "One", "")],
        [("g1", "l1", "One, corrected", ""), ("g9", "l2", "One, again", "")],
        {Decision.REVISED: 2},
    ),
    "the link of one item on the guid of another": (
        [("", "l1", "One", "s1"), ("g1", "l2", T2, "")],
        [("g1", "l1", "One", "s2"), ("", "l1", "One", "s1")],
        {Decision.REVISED: 1, Decision.KNOWN: 1},
    ),
    "a new link on the guid of one item and on the words of another": (
        [("", "", "One", LONG), ("g1", "l2", T2, "")],
        [("g1", "l1", "One", "s2"), ("", "l1", "One", LONG)],
        {Decision.REVISED: 2},
    ),
}


def named(guid: str, link: str, title: str, summary: str) -> ParsedItem:
    return moved(item(1, title, summary=summary), guid, link and f"https://paper.example/{link}")


@pytest.mark.parametrize("case", ONE_ITEM_BY_SEVERAL_NAMES)
async def test_D03_D05_an_item_met_by_several_names_is_one_and_ingest_ends(
    room: Newsroom, case: str
) -> None:
    stored, shown, expected = ONE_ITEM_BY_SEVERAL_NAMES[case]
    await room.show("front", [], seeding=True)
    for one in stored:
        await room.show("front", [named(*one)])
    feed = [named(*one) for one in shown]
    assert (await room.show("front", feed)).decisions == expected
    assert (await room.show("front", feed)).decisions == {Decision.KNOWN: len(feed)}


names = st.builds(
    named,
    st.sampled_from(["", "g1", "g2", "g3"]),
    st.sampled_from(["", "x", "y", "z"]),
    st.sampled_from(["A", "B", "غارة"]),
    st.sampled_from(["", "s1", "s2", LONG]),
)


@given(st.lists(st.lists(names, min_size=1, max_size=4), min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_D03_D05_feeds_whose_items_share_names_are_stored_and_then_known(
    feeds: list[list[ParsedItem]],
) -> None:
    async def check() -> None:
        room = Newsroom(open_storage("memory://", Clock()), WORLD)
        await room.show("front", [], seeding=True)
        for feed in feeds:
            assert sum((await room.show("front", feed)).decisions.values()) == len(feed)
            assert (await room.show("front", feed)).decisions == {Decision.KNOWN: len(feed)}
        await room.storage.close()

    asyncio.run(check())


async def test_a_store_that_always_changes_ends_a_poll_with_an_error(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path, "memory://")
    worlds = (replace(room.world, matcher=Version(str(n))) for n in itertools.count())
    ingest = Ingest(room.storage, lambda: next(worlds))
    source = room.world.config.sources["front"]
    state = SourceState("front", seeded=True)
    with pytest.raises(StaleError, match="tries to store a poll"):
        await ingest(ParsedFeed((item(1),)), source, state, seeding=False, now=START)


@dataclass
class Version:
    """A matcher of some version, that finds nothing."""

    version: str

    def match(self, document: Document, now: int | None = None) -> list[Match]:
        return []


async def test_P15_one_guid_for_all_items_swallows_none(room: Newsroom) -> None:
    await room.show("front", [], seeding=True)
    items = [replace(item(n), guid="same") for n in range(10)]
    assert (await room.show("front", items)).decisions == {Decision.NEW: 10}
    assert len(await room.alerts()) == 20


async def test_the_same_item_twice_in_one_feed_is_one(room: Newsroom) -> None:
    await room.show("front", [], seeding=True)
    report = await room.show("front", [item(1), item(1)])
    assert report.decisions == {Decision.NEW: 1, Decision.KNOWN: 1}


async def test_D11_no_overlap_between_two_polls_is_a_possible_gap(room: Newsroom) -> None:
    await room.show("front", [item(1)], seeding=True)
    assert not (await room.show("front", [item(2), item(1)])).possible_gap
    assert (await room.show("front", [item(5), item(6)])).possible_gap
    state = await room.storage.read(lambda view: view.source_state("front"))
    assert state is not None
    assert state.possible_gaps == 1


async def test_D11_the_first_items_of_an_empty_source_are_no_gap(room: Newsroom) -> None:
    await room.show("front", [], seeding=True)
    assert not (await room.show("front", [item(1)])).possible_gap


async def test_P17_items_beyond_the_limit_of_a_feed_are_a_possible_gap(
    room: Newsroom,
) -> None:
    await room.show("front", [item(1)], seeding=True)
    report = await room.show("front", [item(1)], dropped=7)
    assert (report.possible_gap, report.dropped) == (True, 7)
    state = await room.storage.read(lambda view: view.source_state("front"))
    assert state is not None
    assert state.possible_gaps == 1


async def test_D11_a_gap_is_judged_by_all_transactions_of_a_poll(room: Newsroom) -> None:
    first = [item(n) for n in range(10)]
    await room.show("front", first, seeding=True)
    longer = [*first, *(item(n) for n in range(1_000, 2_500))]  # the last 510 are all new
    assert not (await room.show("front", longer)).possible_gap
    state = await room.storage.read(lambda view: view.source_state("front"))
    assert state is not None
    assert (state.items_seen, state.possible_gaps) == (1_510, 0)


async def test_a_feed_longer_than_a_transaction_is_kept_whole(room: Newsroom) -> None:
    await room.show("front", [], seeding=True)
    report = await room.show("front", [item(n) for n in range(2_500)])
    assert report.decisions == {Decision.NEW: 2_500}
    assert (await room.counts())["items"] == 2_500


async def test_rules_that_change_during_ingest_are_applied(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path)
    await room.show("front", [], seeding=True)
    changed = make_world(tmp_path, (tmp_path / "rules.yaml").read_text().replace("strike]", "مطر]"))
    before = room.world
    worlds = iter([before, before])

    ingest = Ingest(room.storage, lambda: next(worlds, changed))
    await ingest(
        ParsedFeed((item(1, "مطر غزير"),)),
        before.config.sources["front"],
        SourceState("front", seeded=True),
        seeding=False,
        now=room.clock(),
    )
    assert await room.alerts() == ["مطر غزير"] * 2
    await room.storage.close()


# --- captures ------------------------------------------------------------------------------


def keeper(room: Newsroom, *lost: str) -> list[set[str]]:
    """Let captures be kept but for some; return those that are asked for."""
    asked: list[set[str]] = []

    async def keep(ids: Set[str]) -> dict[str, str]:
        asked.append(set(ids))
        return {name: f"sha256 of {name}" for name in ids if name not in lost}

    room.keep = keep
    return asked


async def rested_on(room: Newsroom) -> list[tuple[str, dict[str, str]]]:
    """Return what each alert rests on, oldest first, by title."""
    alerts = await room.storage.read(lambda view: view.alerts(limit=100))
    found = [
        (alert.facts["title"], await room.storage.read(lambda view, a=alert: view.captures(a.id)))
        for alert in reversed(alerts)
    ]
    return [(title, dict(captures)) for title, captures in found]


async def test_an_alert_rests_on_the_captures_of_its_item(room: Newsroom) -> None:
    asked = keeper(room)
    await room.show("front", [item(1, captures=("a",))], seeding=True)
    assert asked == [set()], "nothing of a first poll is told"
    items = [item(2, captures=("b", "c")), item(3, "Rain", captures=("b", "d"))]
    await room.show("front", items)
    assert asked[-1] == {"b", "c"}
    told = (item(2).title, {"b": "sha256 of b", "c": "sha256 of c"})
    assert await rested_on(room) == [told, told]
    await room.show("front", [item(2, captures=("e",))])
    assert await rested_on(room) == [told, told], "known: nothing is told of it"


async def test_a_revision_rests_on_what_brought_it(room: Newsroom) -> None:
    keeper(room)
    await room.show("front", [item(1, "Rain", captures=("a",))], seeding=True)
    await room.show("front", [item(1, "Rain and a strike", captures=("b",))])
    assert [captures for _, captures in await rested_on(room)] == [{"b": "sha256 of b"}] * 2


async def test_an_alert_without_its_capture_is_told_all_the_same(room: Newsroom) -> None:
    keeper(room, "b")
    await room.show("front", [], seeding=True)
    await room.show("front", [item(1, captures=("b",)), item(2)])
    assert [captures for _, captures in await rested_on(room)] == [{}] * 4


async def test_backfilled_alerts_rest_on_captures_of_any_transaction(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path, rules=RULES + "settings: {backfill_alerts: 1}\n")
    keeper(room)
    first = item(0, published=START + 1, captures=("a",))
    rest = [item(n, "Rain", captures=("a",)) for n in range(1, 1_200)]
    await room.show("front", [first, *rest], seeding=True)
    assert await rested_on(room) == [(first.title, {"a": "sha256 of a"})] * 2
    await room.storage.close()
