"""From an item to the text of its page: waiting, coming, failing, and what it alerts on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Set
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from newsroom import RULES, START, Newsroom, item, make_newsroom

from rasid.ingest import Keep, keep_none
from rasid.items.changes import changes
from rasid.models import (
    Decision,
    Item,
    ItemPage,
    PageReason,
    PageResult,
    PageState,
    PageText,
    ParsedItem,
    PollReason,
    SourceState,
)
from rasid.pages import PAUSES, TRIES, after_try
from rasid.paging import LONGEST, Pages
from rasid.protocols import Reading
from rasid.settings import DAY, HOUR, MINUTE, Source

PAGED = RULES.replace('front.xml"', 'front.xml", text: page')
QUIET = "مجلس البلدة يجتمع"  # no rule matches it
TEXT = "اجتمع المجلس صباح اليوم.\nوأفادت مصادر بأن غارة استهدفت الجسر المعلق على النهر."


class Desk:
    """A newsroom whose pages are fetched from a table."""

    def __init__(self, room: Newsroom) -> None:
        self.room = room
        self.results: dict[str, PageResult | Callable[[], PageResult]] = {}
        self.asked: list[str] = []
        self.busy: set[str] = set()
        self.crawler: Any = SimpleNamespace(page=lambda *asked: self.fetch(*asked))
        self.pages = self.restart()

    def restart(self, keep: Keep = keep_none) -> Pages:
        """Begin again with what is stored."""
        room = self.room
        world, busy = lambda: room.world, lambda: self.busy
        self.pages = Pages(room.storage, self.crawler, world, room.clock, busy=busy, keep=keep)
        return self.pages

    async def fetch(self, source: Source, link: str) -> PageResult:
        self.asked.append(link.rpartition("/")[2])
        result = self.results.get(self.asked[-1], gives(text_of(self.asked[-1])))
        return result() if callable(result) else result

    async def seed(self) -> None:
        await self.room.show("front", [], seeding=True)

    async def stored(self) -> Mapping[str, Item]:
        """Return items by the last part of their links."""
        found = await self.room.storage.read(lambda view: view.items(limit=1000))
        return {one.link.rpartition("/")[2]: one for one in found}

    async def page(self, name: str) -> ItemPage:
        one = (await self.stored())[name]
        return (await self.room.storage.read(lambda view: view.item_pages([one.id])))[one.id]


def gives(text: str, **given: object) -> PageResult:
    return PageResult(PageReason.READ, page=PageText(text, **given), status=200)  # type: ignore[arg-type]


def text_of(name: str) -> str:
    return f"{TEXT}\n{name}"


def fails(reason: PollReason | PageReason, status: int = 0) -> PageResult:
    return PageResult(reason, f"it is {reason}", status=status)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(make_newsroom(tmp_path, rules=PAGED))
    await made.seed()
    yield made
    await made.room.storage.close()


async def test_an_item_alerts_at_once_and_once_more_by_its_page(desk: Desk) -> None:
    await desk.room.show("front", [item(1, "غارة على الجسر"), item(2, QUIET)])
    assert await desk.room.alerts() == ["غارة على الجسر"] * 2  # two URLs
    await desk.pages.read_due()
    assert sorted(desk.asked) == ["1", "2"], "whether a rule matches or not"
    assert await desk.room.alerts() == ["غارة على الجسر"] * 2 + [QUIET] * 2
    found = await desk.room.storage.read(lambda view: view.alerts(limit=1))
    assert "الجسر المعلق" in str(found[0].facts["excerpts"])
    assert "changes" not in found[0].facts
    assert (await desk.stored())["2"].text == text_of("2")
    assert (await desk.page("2")).state is PageState.READ
    assert await desk.pages.start_due() == 0


async def test_what_seeding_or_age_keeps_from_alerting_is_not_fetched(desk: Desk) -> None:
    await desk.room.show("front", [item(1)], seeding=True)
    await desk.room.show("front", [item(1), item(2, published=START - 9 * DAY), item(3, link="")])
    await desk.room.show("world", [item(4)])  # text: feed
    await desk.pages.read_due()
    assert desk.asked == []


async def test_what_another_source_has_shown_is_fetched_once(desk: Desk) -> None:
    await desk.room.show("world", [item(1, QUIET)])
    for _ in range(2):
        await desk.room.show("front", [item(1, QUIET)])
        await desk.pages.read_due()
    assert desk.asked == ["1"]
    assert await desk.room.alerts() == [QUIET] * 2


async def test_the_page_is_no_revision_and_no_revision_takes_it_away(desk: Desk) -> None:
    await desk.room.show("front", [item(1, QUIET)])
    await desk.room.show("front", [item(1, QUIET, summary="مساء")])
    await desk.pages.read_due()
    before = (await desk.stored())["1"]
    assert (before.revision, before.text) == (2, text_of("1"))
    first = await desk.room.storage.read(lambda view: view.revision(before.id, 1))
    assert first is not None
    assert {one.field for one in changes(first, before)} == {"summary"}

    report = await desk.room.show("front", [item(1, QUIET, summary="مساء")])
    assert report.decisions == {Decision.KNOWN: 1}
    report = await desk.room.show("front", [item(1, QUIET, summary="strike of bakers")])
    assert report.decisions == {Decision.REVISED: 1}
    after = (await desk.stored())["1"]
    assert (after.revision, after.text) == (3, text_of("1"))
    assert {one.field for one in changes(before, after)} == {"summary"}
    assert await desk.room.alerts() == [QUIET] * 2, "once for each rule and item"


async def test_a_page_is_no_revision_to_a_rule_that_asks_for_them(tmp_path: Path) -> None:
    rules = PAGED.replace("any:", "on: revised, any:")
    desk = Desk(make_newsroom(tmp_path, rules=rules))
    await desk.seed()
    await desk.room.show("front", [item(1, QUIET)])
    await desk.pages.read_due()
    assert await desk.room.alerts() == [], "it matches by its page"
    await desk.room.show("front", [item(1, QUIET, summary="مساء")])
    assert await desk.room.alerts() == [QUIET] * 2
    await desk.room.storage.close()


async def test_later_matching_sees_the_text_of_the_page(tmp_path: Path) -> None:
    rules = PAGED.replace("any: [غارة, strike]", "all: [غارة, خبازين]")
    desk = Desk(make_newsroom(tmp_path, rules=rules))
    await desk.seed()
    await desk.room.show("front", [item(1, QUIET)])
    await desk.pages.read_due()
    assert await desk.room.alerts() == []
    await desk.room.show("front", [item(1, QUIET, summary="إضراب الخبازين")])
    assert await desk.room.alerts() == [QUIET] * 2
    await desk.room.storage.close()


async def test_a_page_gives_the_title_and_date_that_the_feed_has_not(desk: Desk) -> None:
    desk.results["1"] = gives("العنوان\n" + TEXT, title="العنوان", published=START - HOUR)
    desk.results["2"] = gives(TEXT, title="another", published=START - HOUR)
    bare = ParsedItem(link="https://paper.example/1", link_key="paper.example/1")
    await desk.room.show("front", [bare, item(2, QUIET)])
    await desk.pages.read_due()
    stored = await desk.stored()
    assert (stored["1"].title, stored["1"].published) == ("العنوان", START - HOUR)
    assert stored["1"].text == TEXT, "the title is not counted twice"
    assert (stored["2"].title, stored["2"].published) == (QUIET, START)
    await desk.room.show("front", [replace(bare, summary="new")])
    assert (await desk.stored())["1"].title == "العنوان"


@pytest.mark.parametrize(("date_only", "alerts"), [(False, 0), (True, 2)])
async def test_what_its_page_dates_long_ago_does_not_alert_by_it(
    desk: Desk, date_only: bool, alerts: int
) -> None:
    desk.results["1"] = gives(TEXT, published=START - 90 * DAY, date_only=date_only)
    await desk.room.show("front", [item(1, QUIET, published=None)])
    await desk.pages.read_due()
    assert len(await desk.room.alerts()) == alerts


async def test_a_canonical_link_makes_the_item_known_by_it(desk: Desk) -> None:
    desk.results["1"] = gives(TEXT, canonical="https://paper.example/story/77777")
    await desk.room.show("front", [item(1, QUIET)])
    await desk.pages.read_due()
    again = item(9, QUIET, guid="other", link="https://paper.example/story/77777?utm_source=x")
    report = await desk.room.show("world", [again])
    assert report.decisions == {Decision.KNOWN: 1}


async def test_one_canonical_link_for_many_merges_nothing(desk: Desk) -> None:
    for name in ("1", "2"):
        desk.results[name] = gives(TEXT + name, canonical="https://paper.example/story/77777")
    await desk.room.show("front", [item(1, QUIET), item(2, QUIET + " مساء")])
    await desk.pages.read_due()
    report = await desk.room.show("front", [item(1, QUIET), item(2, QUIET + " مساء")])
    assert report.decisions == {Decision.KNOWN: 2}
    assert len(await desk.stored()) == 2
    assert {one.revision for one in (await desk.stored()).values()} == {1}


# --- what goes wrong ---------------------------------------------------------------------


async def test_a_page_that_fails_is_tried_again_then_given_up(desk: Desk) -> None:
    desk.results["1"] = fails(PollReason.TIMEOUT)
    await desk.room.show("front", [item(1, QUIET)])
    for number, pause in enumerate(PAUSES, 1):
        await desk.pages.read_due()
        page = await desk.page("1")
        assert (page.state, page.tries) == (PageState.DUE, number)
        desk.room.clock.forward(pause - 1)
        await desk.pages.read_due()
        assert len(desk.asked) == number, "not before its time"
        desk.room.clock.forward(1)
    await desk.pages.read_due()
    page = await desk.page("1")
    assert (page.state, page.tries) == (PageState.GIVEN_UP, TRIES)
    assert (page.reason, page.detail) == ("timeout", "it is timeout")
    desk.room.clock.forward(9 * DAY)
    await desk.pages.read_due()
    assert len(desk.asked) == TRIES
    assert (await desk.stored())["1"].text == ""


PAGE = ItemPage("i", "s", "https://a.example/1", "a.example", START)


@pytest.mark.parametrize(
    ("result", "state", "due", "tries"),
    [
        (fails(PollReason.HTTP_STATUS, 404), PageState.DUE, PAUSES[0], 1),
        (fails(PollReason.HTTP_STATUS, 503), PageState.DUE, PAUSES[0], 1),
        (fails(PollReason.HTTP_STATUS, 403), PageState.GIVEN_UP, 0, 1),
        (fails(PollReason.ROBOTS), PageState.GIVEN_UP, 0, 1),
        (fails(PageReason.BOT_WALL), PageState.GIVEN_UP, 0, 1),
        (fails(PageReason.NOT_HTML), PageState.GIVEN_UP, 0, 1),
        (fails(PageReason.NO_TEXT), PageState.DUE, PAUSES[0], 1),
        (PageResult(PollReason.RETRY_AFTER, retry_after=HOUR), PageState.DUE, HOUR, 0),
        (PageResult(PollReason.RETRY_AFTER, retry_after=0), PageState.DUE, MINUTE, 0),
        (PageResult(PollReason.RETRY_AFTER, status=429, retry_after=HOUR), PageState.DUE, HOUR, 1),
    ],
)
def test_what_follows_from_a_try(
    result: PageResult, state: PageState, due: int, tries: int
) -> None:
    after = after_try(PAGE, result, START)
    assert (after.state, after.due_at, after.tries) == (state, START + due, tries)


async def test_a_stub_does_not_replace_what_the_feed_gave(desk: Desk) -> None:
    desk.results["1"] = gives("Subscribe to read on.")
    summary = "ملخص أطول من نص الصفحة " * 5
    await desk.room.show("front", [item(1, QUIET, summary=summary)])
    await desk.pages.read_due()
    page = await desk.page("1")
    assert (page.state, page.reason) == (PageState.GIVEN_UP, "stub")
    assert (await desk.stored())["1"].text == ""


async def test_the_same_text_for_two_items_is_no_text_of_the_second(desk: Desk) -> None:
    desk.results = {"1": gives(TEXT), "2": gives(TEXT)}
    await desk.room.show("front", [item(1, QUIET), item(2, QUIET + " مساء")])
    await desk.pages.read_due()
    pages = [await desk.page("1"), await desk.page("2")]
    assert sorted(one.reason for one in pages) == ["read", "same_text"]


async def test_T05_a_bug_costs_a_try_of_one_page(desk: Desk) -> None:
    def bug() -> PageResult:
        raise RuntimeError("a bug")

    desk.results["1"] = bug
    await desk.room.show("front", [item(1, QUIET), item(2, QUIET)])
    await desk.pages.read_due()
    assert ((await desk.page("1")).reason, (await desk.page("1")).tries) == ("internal", 1)
    assert (await desk.page("2")).state is PageState.READ


async def test_a_source_that_asks_for_pages_no_more_has_them_given_up(desk: Desk) -> None:
    await desk.room.show("front", [item(1, QUIET)])
    sources = dict(desk.room.world.config.sources)
    sources["front"] = replace(sources["front"], text="feed")
    desk.room.world = replace(
        desk.room.world, config=replace(desk.room.world.config, sources=sources)
    )
    await desk.pages.read_due()
    assert desk.asked == []
    assert (await desk.page("1")).reason == "not_wanted"


async def test_pages_of_a_paused_source_wait(desk: Desk) -> None:
    await desk.room.show("front", [item(1, QUIET)])
    for paused, asked in ((True, []), (False, ["1"])):
        state = SourceState("front", seeded=True, paused=paused)
        await desk.room.storage.write(lambda tx, state=state: tx.save_source(state))
        await desk.pages.read_due()
        assert desk.asked == asked


async def test_an_item_that_is_revised_while_its_page_comes_keeps_both(desk: Desk) -> None:
    revised = item(1, QUIET, summary="مساء")
    await desk.room.show("front", [item(1, QUIET)])
    source = desk.room.world.config.sources["front"]
    ingest_done = asyncio.Event()

    async def fetch(_: Source, link: str) -> PageResult:
        await desk.room.show("front", [revised])
        ingest_done.set()
        return gives(TEXT)

    desk.fetch = fetch  # type: ignore[method-assign]
    await desk.restart().read_due()
    one = (await desk.stored())["1"]
    assert (one.revision, one.summary, one.text) == (2, "مساء", TEXT)
    assert ingest_done.is_set()
    assert source.text == "page"


async def test_a_page_that_comes_while_its_item_is_revised_is_matched_with_it(
    tmp_path: Path,
) -> None:
    rules = PAGED.replace("any: [غارة, strike]", "all: [غارة, خبازين]")
    desk = Desk(make_newsroom(tmp_path, rules=rules))
    await desk.seed()
    await desk.room.show("front", [item(1, QUIET)])
    read = desk.room.storage.read
    looks = 0

    async def slow_read(fn: Callable[[Reading], Any]) -> Any:
        nonlocal looks
        found = await read(fn)
        looks += 1
        if looks == 2:  # the poll knows the item by now
            desk.room.storage.read = read  # type: ignore[method-assign]
            await desk.pages.read_due()
        return found

    desk.room.storage.read = slow_read  # type: ignore[method-assign]
    await desk.room.show("front", [item(1, QUIET, summary="إضراب الخبازين")])
    assert desk.asked == ["1"]
    assert await desk.room.alerts() == [QUIET] * 2
    await desk.room.storage.close()


# --- turns -------------------------------------------------------------------------------


async def test_T09_feeds_of_a_host_go_before_its_pages(desk: Desk) -> None:
    """With 500 pages due, the host's feed waits for one at most."""
    await desk.room.show("front", [item(n, f"{QUIET} {n}") for n in range(500)])
    started = asyncio.Event()
    go_on = asyncio.Event()
    at_once = most = 0

    async def fetch(_: Source, link: str) -> PageResult:
        nonlocal at_once, most
        desk.asked.append(link)
        at_once += 1
        most = max(most, at_once)
        started.set()
        await go_on.wait()
        at_once -= 1
        return fails(PollReason.TIMEOUT)

    desk.fetch = fetch  # type: ignore[method-assign]
    desk.busy.add("paper.example")
    pages = desk.restart()
    assert await pages.start_due() == 0, "a feed is being polled"
    desk.busy.clear()
    assert await pages.start_due() == 8
    await started.wait()
    assert await pages.start_due() == 0, "the host has its turn"
    desk.busy.add("paper.example")
    go_on.set()
    while pages._running:
        await asyncio.wait(list(pages._running.values()))
    assert len(desk.asked) == 1, "the turn ends for the feed"
    desk.busy.clear()
    await pages.read_due()
    assert (len(desk.asked), most) == (500, 1)


async def test_T09_a_round_starts_no_pages_when_its_time_is_over(desk: Desk) -> None:
    await desk.room.show("front", [item(n, QUIET) for n in range(1, 2 * LONGEST)])
    until = desk.room.clock() + MINUTE

    def late() -> PageResult:
        desk.room.clock.at = until
        return gives(text_of(desk.asked[-1]))

    desk.results["1"] = late
    assert await desk.pages.read_due(until=until) == LONGEST, "a turn that began ends"
    assert await desk.pages.read_due(until=until) == 0
    assert await desk.pages.read_due() == LONGEST - 1, "the others stay due"


async def test_pages_of_a_host_do_not_keep_others_waiting(desk: Desk) -> None:
    many = [item(n, f"{QUIET} {n}") for n in range(600)]
    await desk.room.show("front", many)
    await desk.room.show("front", [item(1001, QUIET, link="https://elsewhere.example/1001")])
    assert await desk.pages.start_due() == 8 + 1
    await desk.pages.drain()


async def test_a_stop_leaves_pages_due(desk: Desk) -> None:
    async def fetch(_: Source, link: str) -> PageResult:
        return await asyncio.get_running_loop().create_future()

    desk.fetch = fetch  # type: ignore[method-assign]
    await desk.room.show("front", [item(1, QUIET)])
    pages = desk.restart()
    assert await pages.start_due() == 1
    await asyncio.sleep(0)
    await pages.drain()
    assert (await desk.page("1")).state is PageState.DUE
    assert (await desk.page("1")).tries == 0


async def test_pruning_takes_the_page_with_its_item(desk: Desk) -> None:
    await desk.room.show("front", [item(1, QUIET)])
    await desk.pages.read_due()
    found = (await desk.stored())["1"]
    desk.room.clock.forward(400 * DAY)
    assert await desk.room.storage.write(lambda tx: tx.prune(desk.room.clock() - DAY)) == 1
    assert await desk.room.storage.read(lambda view: view.item_pages([found.id])) == {}


async def test_an_alert_rests_on_the_capture_of_the_page(desk: Desk) -> None:
    asked: list[set[str]] = []

    async def keep(ids: Set[str]) -> Mapping[str, str]:
        asked.append(set(ids))
        return dict.fromkeys(ids, "sha")

    desk.results = {
        "1": replace(gives(TEXT), capture="c1"),
        "2": replace(gives("خ" * 99), capture="c2"),
    }
    await desk.room.show("front", [item(1, QUIET), item(2, QUIET)])
    await desk.restart(keep=keep).read_due()
    assert sorted(asked, key=len) == [set(), {"c1"}], "what nothing rests on is not kept"
    (first, _) = await desk.room.storage.read(lambda view: view.alerts())
    kept = await desk.room.storage.read(lambda view: view.captures(first.id))
    assert kept == {"c1": "sha"}
