"""What every backend must do. A further backend joins `BACKENDS` and changes nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from rasid.errors import StorageError
from rasid.models import (
    Ack,
    Alert,
    AlertState,
    Alias,
    AliasKind,
    Decision,
    DeliveryOutcome,
    DeliveryReason,
    DeliveryResult,
    Evidence,
    Gate,
    GateState,
    Item,
    ItemPage,
    Match,
    Membership,
    Notification,
    Offer,
    PageReport,
    PageState,
    RobotsAnswer,
    RuleMatch,
    Schedule,
    Silence,
    SourceState,
    StorySummary,
    Subscription,
    SubscriptionState,
    Told,
    Validators,
)
from rasid.protocols import Storage, Transaction
from storage import open_storage
from storage.memory import MemoryStorage

BACKENDS: dict[str, Callable[[Path], str | Path]] = {
    "sqlite": lambda folder: folder / "data" / "rasid.db",
    "memory": lambda folder: "memory://",
}
SENT = DeliveryResult(DeliveryOutcome.SUCCESS, DeliveryReason.ACCEPTED)
RETRY = DeliveryResult(DeliveryOutcome.RETRY, DeliveryReason.HTTP_5XX, "503")
REJECTED = DeliveryResult(DeliveryOutcome.REJECTED, DeliveryReason.HTTP_4XX, "404")


@dataclass
class Hands:
    """A clock that is set by hand."""

    now: int = 1_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture(params=list(BACKENDS))
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Hands
) -> AsyncIterator[Storage]:
    opened = open_storage(BACKENDS[request.param](tmp_path), clock)
    yield opened
    await opened.close()


def alias(value: str, scope: str = "s", kind: AliasKind = AliasKind.GUID) -> Alias:
    return Alias(kind, scope, value)


def item(name: str, **changes: object) -> Item:
    made = Item(
        id=name,
        source="s",
        outlet="o",
        guid=f"guid-{name}",
        link=f"https://example.org/{name}",
        title=f"Title {name}",
        summary="غارة على الميادين",
        text="text",
        author="author",
        tags=("a", "ب"),
        language="ar",
        published=500,
        first_seen=1_000,
        revision=1,
        content_hash=f"hash-{name}",
        decision=Decision.NEW,
        only_seeded=False,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def alert(name: str, target: str = "t", at: int = 100, **changes: object) -> Alert:
    made = Alert(name, "rule", "hash", target, "desk", f"item:{name}", at, {"title": "قصف"})
    return replace(made, **changes)  # type: ignore[arg-type]


async def add_alerts(store: Storage, *alerts: Alert) -> None:
    await store.write(lambda tx: [tx.add_alert(one) for one in alerts])


async def claim(
    store: Storage, target: str = "t", limit: int = 10, ttl: int = 100
) -> Notification | None:
    return await store.write(lambda tx: tx.claim(target, limit=limit, ttl=ttl))


async def claimed(store: Storage, target: str = "t", limit: int = 10) -> Notification:
    found = await claim(store, target, limit)
    assert found is not None
    return found


async def finish(
    store: Storage,
    held: Notification,
    result: DeliveryResult,
    retry_at: int | None = None,
    **how: bool,
) -> bool:
    return await store.write(lambda tx: tx.finish(held, result, retry_at=retry_at, **how))


async def states(store: Storage) -> dict[str, tuple[str, str]]:
    found = await store.read(lambda r: r.alerts(limit=1000))
    return {one.id: (one.state.value, one.reason) for one in found}


# --- items -------------------------------------------------------------------------------


async def test_an_item_comes_back_as_it_was_stored(store: Storage) -> None:
    await store.write(lambda tx: tx.add_item(item("1"), [alias("a"), alias("b", "o")]))
    found = await store.read(lambda r: r.items_by_id(["1", "unknown"]))
    assert found == {"1": item("1")}
    known = await store.read(lambda r: r.find_items([alias("a"), alias("b"), alias("b", "o")]))
    assert known == {alias("a"): "1", alias("b", "o"): "1"}


async def test_a_transaction_sees_what_it_wrote(store: Storage) -> None:
    def work(tx: Transaction) -> object:
        tx.add_item(item("1"), [alias("a")])
        return tx.find_items([alias("a")]), tx.items_by_id(["1"])

    assert await store.write(work) == ({alias("a"): "1"}, {"1": item("1")})


async def test_Q03_everything_or_nothing_is_kept(store: Storage) -> None:
    def work(tx: Transaction) -> None:
        tx.add_item(item("1"), [alias("a")])
        tx.add_alert(alert("x"))
        tx.save_source(SourceState("s", validators=Validators("etag")))
        raise KeyError("boom")

    with pytest.raises(KeyError, match="boom"):
        await store.write(work)
    assert await store.read(lambda r: (r.items(), r.alerts(), r.source_states())) == ([], [], {})
    assert await store.read(lambda r: r.find_items([alias("a")])) == {}


async def test_an_item_is_stored_once(store: Storage) -> None:
    await store.write(lambda tx: tx.add_item(item("1"), []))
    with pytest.raises(StorageError):
        await store.write(lambda tx: tx.add_item(item("1"), []))


async def test_a_revision_is_the_newest_and_keeps_where_it_was_first_seen(store: Storage) -> None:
    await store.write(lambda tx: tx.add_item(item("1"), [alias("a")]))
    second = item("1", revision=2, title="Second", content_hash="h2", decision=Decision.REVISED)
    moved = replace(second, source="other", outlet="other", first_seen=2_000)
    await store.write(lambda tx: tx.revise_item(moved, [alias("a"), alias("c")]))
    assert await store.read(lambda r: r.items()) == [second]
    assert await store.read(lambda r: r.find_items([alias("c")])) == {alias("c"): "1"}
    hashes = await store.read(lambda r: r.content_hashes(["1", "unknown"]))
    assert hashes == {"1": frozenset({"hash-1", "h2"})}
    with pytest.raises(StorageError):
        await store.write(lambda tx: tx.revise_item(second, []))


async def test_what_belongs_to_no_item_is_refused(store: Storage) -> None:
    with pytest.raises(StorageError):
        await store.write(lambda tx: tx.revise_item(item("1"), []))
    with pytest.raises(StorageError):
        await store.write(lambda tx: tx.add_aliases("1", [alias("a")]))
    with pytest.raises(StorageError):
        await store.write(lambda tx: tx.add_sightings("s", ["1"], 1))
    with pytest.raises(StorageError):
        await store.write(lambda tx: tx.add_matches("1", [Match("r", "h", ())], 1))


async def test_an_alias_stays_with_its_first_item(store: Storage) -> None:
    await store.write(lambda tx: tx.add_item(item("1"), [alias("a")]))
    await store.write(lambda tx: tx.add_item(item("2"), [alias("b")]))
    await store.write(lambda tx: tx.add_aliases("2", [alias("a"), alias("c")]))
    found = await store.read(lambda r: r.find_items([alias("a"), alias("c")]))
    assert found == {alias("a"): "1", alias("c"): "2"}


async def test_sightings_count_what_was_shown_before(store: Storage) -> None:
    await store.write(lambda tx: [tx.add_item(item(one), []) for one in "123"])
    assert await store.write(lambda tx: tx.add_sightings("s", ["1", "2"], 1)) == 0
    assert await store.write(lambda tx: tx.add_sightings("s", ["1", "2", "3"], 2)) == 2
    assert await store.write(lambda tx: tx.add_sightings("other", ["1"], 2)) == 0
    assert await store.read(lambda r: r.seen_by("s", ["1", "3", "4"])) == {"1", "3"}
    assert await store.read(lambda r: r.seen_by("other", ["1", "3"])) == {"1"}


async def test_a_seeded_item_is_shown_later(store: Storage) -> None:
    await store.write(lambda tx: tx.add_item(item("1", only_seeded=True), []))
    await store.write(lambda tx: tx.add_item(item("2", only_seeded=True), []))
    await store.write(lambda tx: tx.mark_shown(["1"]))
    found = await store.read(lambda r: r.items_by_id(["1", "2"]))
    assert [found[one].only_seeded for one in "12"] == [False, True]


async def test_items_are_listed_newest_first(store: Storage) -> None:
    for number in range(1, 6):
        one = item(str(number), first_seen=number, source="even" if number % 2 == 0 else "odd")
        await store.write(lambda tx, one=one: tx.add_item(one, []))

    async def ids(**wanted: object) -> str:
        found = await store.read(lambda r: r.items(**wanted))  # type: ignore[arg-type]
        return "".join(one.id for one in found)

    assert await ids() == "54321"
    assert await ids(limit=2) == "54"
    assert await ids(since=3) == "543"
    assert await ids(before=(3, "3")) == "21"
    assert await ids(before=(3, "4"), since=3) == "3"
    assert await ids(before=(3, ""), source="even") == "2"
    assert await ids(source="even") == "42"


async def test_items_first_seen_at_one_time_are_paged_without_loss(store: Storage) -> None:
    for number in range(7):
        one = item(str(number), first_seen=5)
        await store.write(lambda tx, one=one: tx.add_item(one, []))
    listed: list[Item] = []
    before = (6, "")
    while page := await store.read(lambda r, before=before: r.items(limit=2, before=before)):
        listed += page
        before = (page[-1].first_seen, page[-1].id)
    assert "".join(one.id for one in listed) == "6543210"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("100%", "1"),
        ("100_", ""),
        ("%", "1"),
        ("_", "2"),
        ("\\", "3"),
        ("FIRE", "2"),
        ("ميادين", "123"),
        ("'; DROP TABLE items; --", ""),
    ],
)
async def test_W11_search_takes_its_text_verbatim(store: Storage, text: str, found: str) -> None:
    for name, title in (("1", "100% sure"), ("2", "cease_fire"), ("3", "back\\slash")):
        one = item(name, title=title)
        await store.write(lambda tx, one=one: tx.add_item(one, []))
    listed = await store.read(lambda r: r.items(text=text))
    assert "".join(sorted(one.id for one in listed)) == found


async def test_W11_names_stay_data(store: Storage) -> None:
    evil = 'x" text); --'
    made = item(evil, title="'; DROP TABLE items; --", source=evil)
    await store.write(lambda tx: tx.add_item(made, [alias(evil, evil)]))
    await store.write(lambda tx: tx.add_alert(alert(evil, evil, facts={evil: evil})))
    await store.write(lambda tx: tx.save_source(SourceState(evil)))
    await store.write(lambda tx: tx.set_meta(evil, evil))
    assert await store.read(lambda r: r.items(source=evil)) == [made]
    assert await store.read(lambda r: r.find_items([alias(evil, evil)])) == {
        alias(evil, evil): evil
    }
    assert (await store.read(lambda r: r.alerts(ids=[evil])))[0].facts == {evil: evil}
    assert await store.read(lambda r: (list(r.source_states()), r.meta(evil))) == ([evil], evil)


async def test_P10_text_no_database_can_hold_is_mended(store: Storage) -> None:
    bad, good = "a\0b\ud800c", "a\ufffdb\ufffdc"
    await store.write(lambda tx: tx.add_item(item("1", title=bad, tags=(bad,)), [alias(bad)]))
    await store.write(lambda tx: tx.add_alert(alert("x", facts={"title": bad})))
    await store.write(lambda tx: tx.set_meta(bad, bad))
    found = (await store.read(lambda r: r.items_by_id(["1"])))["1"]
    assert (found.title, found.tags) == (good, (good,))
    assert await store.read(lambda r: r.find_items([alias(bad)])) == {alias(bad): "1"}
    assert (await store.read(lambda r: r.alerts()))[0].facts == {"title": good}
    assert await store.read(lambda r: r.meta(bad)) == good


async def test_matches_come_once_per_rule_and_item(store: Storage) -> None:
    seen = Evidence("word", "title", 0, 4, "لقصف", "قصف", "لقصف")
    first, again = Match("r", "h", (seen,)), Match("r", "other", ())
    await store.write(lambda tx: tx.add_item(item("1"), []))
    await store.write(lambda tx: tx.add_matches("1", [first], 1))
    await store.write(lambda tx: tx.add_matches("1", [again, Match("b", "h", ())], 2))
    assert await store.read(lambda r: r.matches("1")) == [Match("b", "h", ()), first]
    assert await store.read(lambda r: r.matches("2")) == []


# --- retention ---------------------------------------------------------------------------


async def test_D09_a_pruned_item_is_still_known(store: Storage) -> None:
    await store.write(lambda tx: tx.add_item(item("1"), [alias("a")]))
    await store.write(lambda tx: tx.add_matches("1", [Match("r", "h", ())], 1))
    await store.write(lambda tx: tx.join_story(Membership("1", "1", 1)))
    await store.write(lambda tx: tx.save_meaning("1", b"m", 1, since=0))
    await store.write(lambda tx: tx.add_sightings("s", ["1"], 5_000))
    assert await store.write(lambda tx: tx.prune(5_000)) == 0
    assert await store.read(lambda r: len(r.memberships(["1"]))) == 1
    assert await store.write(lambda tx: tx.prune(5_001)) == 1
    assert await store.read(lambda r: r.meanings(["1"])) == {}
    assert await store.write(lambda tx: tx.prune(5_001)) == 0
    assert await store.read(lambda r: r.find_items([alias("a")])) == {alias("a"): "1"}
    left = (await store.read(lambda r: r.items_by_id(["1"])))["1"]
    assert (left.title, left.text, left.content_hash) == ("", "", "hash-1")
    assert await store.read(lambda r: (r.items(), r.matches("1"))) == ([], [])
    assert await store.read(lambda r: r.memberships(["1"])) == {}
    assert await store.read(lambda r: r.content_hashes(["1"])) == {"1": frozenset({"hash-1"})}
    assert await store.write(lambda tx: tx.add_sightings("s", ["1"], 6_000)) == 1
    again = item("1", revision=2, content_hash="h2")
    await store.write(lambda tx: tx.revise_item(again, []))
    assert await store.read(lambda r: r.items()) == [again]


async def test_pruning_spares_what_was_published_or_seen_since(store: Storage) -> None:
    await store.write(lambda tx: tx.add_item(item("old", published=None), []))
    await store.write(lambda tx: tx.add_item(item("late", published=9_000), []))
    await store.write(lambda tx: tx.add_item(item("seen"), []))
    await store.write(lambda tx: tx.add_sightings("other", ["seen"], 9_000))
    assert await store.write(lambda tx: tx.prune(8_000)) == 1
    assert {one.id for one in await store.read(lambda r: r.items())} == {"late", "seen"}


async def test_pruning_empties_alerts_that_are_done_and_keeps_their_rows(
    store: Storage, clock: Hands
) -> None:
    # x, y and z go out in one notification; only y stays behind, being young
    await add_alerts(store, alert("x"), alert("z"), alert("y", at=900))
    old = await claimed(store)
    await finish(store, old, SENT)
    await add_alerts(store, alert("d"))
    dead = await claimed(store)
    await finish(store, dead, REJECTED)
    await add_alerts(store, alert("g"), alert("p"))
    await store.write(lambda tx: tx.drop_alerts(["g"]))
    assert await store.write(lambda tx: tx.prune(500)) == 0
    found = {one.id: one for one in await store.read(lambda r: r.alerts())}
    assert {name for name, one in found.items() if one.facts} == {"y", "p"}
    assert await states(store) == {
        **dict.fromkeys("xyz", ("sent", "accepted")),
        "d": ("dead", "http_4xx"),
        "g": ("dropped", "dropped"),
        "p": ("pending", ""),
    }
    assert found["y"].notification == old.id
    assert found["x"].notification == ""
    assert len(await store.read(lambda r: r.deliveries(old.id))) == 1


async def test_pruning_deletes_notifications_and_deliveries_of_alerts_that_are_done(
    store: Storage, clock: Hands
) -> None:
    await add_alerts(store, alert("x"), alert("waits", "other"))
    sent = await claimed(store)
    await finish(store, sent, SENT)
    waits = await claimed(store, "other")
    await finish(store, waits, RETRY, retry_at=clock.now + 10)
    await store.write(lambda tx: tx.prune(clock.now + 1))
    assert await store.read(lambda r: r.deliveries(sent.id)) == []
    assert len(await store.read(lambda r: r.deliveries(waits.id))) == 1
    clock.now += 10
    (left,) = (await claimed(store, "other")).alerts
    assert left.facts == {"title": "قصف"}
    assert not await store.write(lambda tx: tx.add_alert(alert("again", subject="item:x")))


async def test_a_dead_alert_without_texts_is_not_tried_again(store: Storage) -> None:
    await add_alerts(store, alert("x"))
    await finish(store, await claimed(store), REJECTED)
    await store.write(lambda tx: tx.prune(5_000))
    assert await store.write(lambda tx: tx.retry_alerts(["x"])) == 0
    assert (await states(store))["x"] == ("dead", "http_4xx")


# --- subscriptions -----------------------------------------------------------------------


async def test_subscriptions_come_back_by_their_key_until_they_are_dropped(store: Storage) -> None:
    one = Subscription(
        key="k",
        source="s",
        hub="https://hub.example/",
        topic="https://example.org/feed",
        callback="https://me.example/k",
        secret="secret",
        state=SubscriptionState.ACTIVE,
        asked=True,
        due_at=1,
        lease_until=2,
        failures=3,
        detail="well",
    )
    other = replace(one, key="l", state=SubscriptionState.LEAVING, asked=False)
    await store.write(lambda tx: tx.save_subscription(replace(one, failures=0)))
    await store.write(lambda tx: [tx.save_subscription(row) for row in (one, other)])
    assert await store.read(lambda r: r.subscriptions()) == [one, other]
    assert await store.read(lambda r: r.subscription("l")) == other
    assert await store.read(lambda r: r.subscription("m")) is None
    await store.write(lambda tx: [tx.drop_subscription(key) for key in ("k", "m")])
    assert await store.read(lambda r: r.subscriptions()) == [other]


async def test_hubs_are_offered_by_sources_that_are_polled(store: Storage) -> None:
    offer = Offer("https://hub.example/", "https://example.org/feed")

    def write(tx: Transaction) -> None:
        tx.save_source(SourceState("with", offer=offer))
        tx.save_source(SourceState("without", offer=Offer("", "https://example.org/feed")))
        tx.save_source(SourceState("paused", offer=offer, paused=True))
        tx.save_source(SourceState("gone", offer=offer, gone=True))

    await store.write(write)
    assert await store.read(lambda r: r.offers()) == {"with": offer}


# --- sources -----------------------------------------------------------------------------


async def test_the_state_of_a_source_comes_back(store: Storage) -> None:
    state = SourceState(
        source="s",
        url="https://example.org/feed",
        validators=Validators('"etag"', "Mon, 01 Jan 2024 00:00:00 GMT"),
        body_hash="b",
        seeded=True,
        next_poll_at=7,
        last_poll_at=1,
        failures=2,
        outcome="failed",
        reason="dns",
        detail="no such host",
        possible_gaps=3,
        last_new_at=5,
        longest_pause=6,
        news=7,
        empty=8,
        interval=9,
        told="silent",
        due_by="ttl",
        due_pause=10,
        schedule=Schedule(ttl=11, period=12, base=0, skip_hours=(1, 2), skip_days=(6,)),
        hours="ff",
        offer=Offer("https://hub.example/", "https://example.org/feed"),
        pushed_at=12,
    )
    await store.write(lambda tx: tx.save_source(SourceState("s")))
    await store.write(lambda tx: tx.save_source(state))
    assert await store.read(lambda r: r.source_state("s")) == state
    assert await store.read(lambda r: r.source_states()) == {"s": state}
    assert await store.read(lambda r: r.source_state("unknown")) is None


async def test_due_sources_come_longest_due_first(store: Storage) -> None:
    def work(tx: Transaction) -> None:
        for name, at in (("a", 30), ("b", 10), ("c", 20), ("later", 31)):
            tx.save_source(SourceState(name, next_poll_at=at))
        tx.save_source(SourceState("paused", paused=True))
        tx.save_source(SourceState("gone", gone=True))

    await store.write(work)
    assert await store.read(lambda r: r.due_sources(30, 10)) == ["b", "c", "a"]
    assert await store.read(lambda r: r.due_sources(30, 2)) == ["b", "c"]
    assert await store.read(lambda r: r.due_sources(30, 2, 1)) == ["c", "a"]
    assert await store.read(lambda r: r.due_sources(30, 2, 2)) == ["a"]
    assert await store.read(lambda r: r.due_sources(30, 2, 3)) == []


async def test_captures_go_with_what_their_alert_told(store: Storage) -> None:
    def work(tx: Transaction) -> None:
        tx.add_captures("old", {"b": "2", "a": "1"})
        tx.add_captures("old", {"a": "1"})  # again
        tx.add_captures("new", {"a": "1"})
        tx.drop_alerts(["old", "new"])

    await add_alerts(store, alert("old", at=100), alert("new", at=200), alert("pending", at=100))
    await store.write(work)
    await store.write(lambda tx: tx.add_captures("pending", {"c": "3"}))
    assert await store.read(lambda r: r.captures("old")) == {"a": "1", "b": "2"}
    assert await store.read(lambda r: r.captures()) == {"a": "1", "b": "2", "c": "3"}
    await store.write(lambda tx: tx.prune(150))
    assert await store.read(lambda r: r.captures("old")) == {}
    assert await store.read(lambda r: r.captures()) == {"a": "1", "c": "3"}


async def test_meta_and_counts(store: Storage, clock: Hands) -> None:
    assert await store.read(lambda r: r.meta("key")) == ""
    await store.write(lambda tx: tx.set_meta("key", "one"))
    await store.write(lambda tx: tx.set_meta("key", "two"))
    assert await store.read(lambda r: r.meta("key")) == "two"
    assert await store.write(lambda tx: tx.now()) == clock.now
    empty = await store.read(lambda r: r.counts())
    assert set(empty.values()) == {0}
    await store.write(lambda tx: tx.add_item(item("1"), []))
    await store.write(lambda tx: tx.save_source(SourceState("s")))
    await add_alerts(store, alert("x", at=40), alert("y", "other", at=30), alert("z", "third"))
    await finish(store, await claimed(store, "other"), SENT)
    await claimed(store, "third")
    assert await store.read(lambda r: r.counts()) == {
        "items": 1,
        "sources": 1,
        "alerts_pending": 2,
        "alerts_held": 0,
        "alerts_sent": 1,
        "alerts_dead": 0,
        "alerts_dropped": 0,
        "notifications_leased": 1,
        "oldest_pending_at": 40,
    }


# --- alerts ------------------------------------------------------------------------------


async def test_an_alert_is_promised_once(store: Storage) -> None:
    first = alert("x", facts={"title": "قصف", "words": ["a", {"b": None}]})
    assert await store.write(lambda tx: tx.add_alert(first))
    again = replace(first, id="y")
    assert not await store.write(lambda tx: tx.add_alert(again))
    assert await store.write(lambda tx: tx.add_alert(replace(again, target="other")))
    assert await store.read(lambda r: r.alerts(ids=["x"])) == [first]
    with pytest.raises(StorageError):
        await store.write(lambda tx: tx.add_alert(replace(first, subject="item:other")))


async def test_alerts_on_an_item_are_those_about_its_revisions_too(store: Storage) -> None:
    subjects = ("item:AB", "item:AB:r2", "item:AB:r10", "item:A", "item:ABC", "item:A:r2", "x")
    made = [alert(str(n), at=n, subject=about) for n, about in enumerate(subjects)]
    await add_alerts(store, *made)
    found = await store.read(lambda view: view.alerts_on("AB"))
    assert [one.subject for one in found] == ["item:AB:r10", "item:AB:r2", "item:AB"]


async def test_meanings_are_kept_until_they_are_old(store: Storage) -> None:
    def work(tx: Transaction) -> list[Mapping[str, bytes]]:
        tx.save_meaning("old", b"\x01\x00\xff", 1, since=0)
        tx.save_meaning("new", b"\x01", 5, since=1)
        seen = [tx.meanings(["old", "new", "none"])]
        tx.save_meaning("new", b"\x02", 9, since=2)
        return [*seen, tx.meanings(["old", "new"])]

    first, then = await store.write(work)
    assert (first, then) == ({"old": b"\x01\x00\xff", "new": b"\x01"}, {"new": b"\x02"})


async def test_answers_of_robots_txt_are_kept_until_they_are_old(store: Storage) -> None:
    def work(tx: Transaction) -> list[object]:
        old = RobotsAnswer("https://old.example", 1, 404)
        first = RobotsAnswer("https://new.example", 5, 200, b"Disallow: /\x00\xff")
        tx.save_robots([old, first], since=0)
        seen = [tx.robots(old.origin), tx.robots(first.origin), tx.robots("https://none.example")]
        again = replace(first, at=9, body=b"")
        tx.save_robots([again], since=5)
        return [seen == [old, first, None], tx.robots(old.origin), tx.robots(again.origin) == again]

    assert await store.write(work) == [True, None, True]


async def test_what_is_withdrawn_is_remembered_until_it_is_shown(store: Storage) -> None:
    def work(tx: Transaction) -> list[object]:
        tx.add_item(item("a"), [])
        tx.add_item(item("b"), [])
        tx.add_sightings("s", ["a", "b"], 1)
        tx.add_sightings("t", ["a"], 1)
        tx.mark_withdrawn(["a", "b"], 5)
        tx.mark_withdrawn(["a"], 9)
        seen: list[object] = [tx.withdrawn(["a", "b", "c"])]
        tx.mark_withdrawn(["b", "c"], None)
        tx.save_window("s", "1")
        tx.save_window("s", "2")
        return [*seen, tx.withdrawn(["a", "b"]), tx.window("s"), tx.window("t")]

    assert await store.write(work) == [{"a": 5, "b": 5}, {"a": 5}, "2", ""]
    assert await store.read(lambda view: view.sources_of("a")) == {"s", "t"}
    assert await store.read(lambda view: view.sources_of("b")) == {"s"}


async def test_alerts_are_listed_newest_first(store: Storage) -> None:
    await add_alerts(store, *(alert(str(n), str(n), n) for n in range(5)))
    await finish(store, await claimed(store, "3"), SENT)

    async def ids(**wanted: object) -> str:
        found = await store.read(lambda r: r.alerts(**wanted))  # type: ignore[arg-type]
        return "".join(one.id for one in found)

    assert await ids(limit=2) == "43"
    assert await ids(state="pending") == "4210"
    assert await ids(ids=["0", "2", "3"], limit=1) == "320"
    assert await ids(ids=["0", "3"], state="sent") == "3"


async def test_a_claim_takes_the_oldest_and_only_its_target(store: Storage) -> None:
    await add_alerts(store, *(alert(str(n), at=10 - n) for n in range(4)), alert("o", "other"))
    held = await claimed(store, limit=3)
    assert [one.id for one in held.alerts] == ["3", "2", "1"]
    assert {one.notification for one in held.alerts} == {held.id}
    assert (held.target, held.attempts, held.plain) == ("t", 0, False)
    assert [one.id for one in (await claimed(store)).alerts] == ["0"]
    assert await claim(store) is None
    assert await claim(store, "unknown") is None


async def test_due_targets_are_those_a_claim_would_serve(store: Storage, clock: Hands) -> None:
    assert await store.write(lambda tx: tx.due_targets()) == []
    await add_alerts(store, alert("x"), alert("y", "other"))
    assert await store.write(lambda tx: tx.due_targets()) == ["other", "t"]
    held = await claimed(store)
    assert await store.write(lambda tx: tx.due_targets()) == ["other"]
    await finish(store, held, RETRY, retry_at=clock.now + 10)
    assert await store.write(lambda tx: tx.due_targets()) == ["other"]
    clock.now += 10
    assert await store.write(lambda tx: tx.due_targets()) == ["other", "t"]


async def hold(store: Storage, due_at: int, *ids: str, lane: str = "later") -> None:
    await store.write(lambda tx: tx.hold(ids, due_at, lane=lane, reason="digest"))


async def test_an_alert_waits_in_its_lane_until_it_is_due(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("x"), alert("y"))
    assert [one.id for one in await store.write(lambda tx: tx.unplaced("t", 9))] == ["x", "y"]
    await hold(store, clock.now + 10, "x")
    assert [one.id for one in await store.write(lambda tx: tx.unplaced("t", 9))] == ["y"]
    assert (await claimed(store)).alerts[0].id == "y"
    assert await store.write(lambda tx: tx.due_targets()) == []
    assert await states(store) == {"x": ("pending", "digest"), "y": ("pending", "")}
    assert (await store.read(lambda r: r.counts()))["alerts_held"] == 1
    clock.now += 10
    assert await store.write(lambda tx: tx.due_targets()) == ["t"]
    assert await store.write(lambda tx: tx.next_lane("t")) == ("later", 1)
    held = await store.write(lambda tx: tx.claim("t", limit=9, ttl=100, lane="later", as_list=True))
    assert held is not None
    assert (held.lane, held.alerts[0].lane, held.alerts[0].reason) == ("later", "later", "")


async def test_a_lane_goes_as_one_once_something_in_it_is_due(store: Storage, clock: Hands) -> None:
    await add_alerts(store, *(alert(name) for name in "abcd"))
    await hold(store, clock.now, "a", lane="2")
    await hold(store, clock.now + 5, "b", lane="2")
    await hold(store, clock.now, "c", lane="3")
    await hold(store, clock.now + 5, "d", lane="1")
    assert await store.write(lambda tx: tx.next_lane("t")) == ("2", 2)
    held = await store.write(lambda tx: tx.claim("t", limit=9, ttl=100, lane="2"))
    assert held is not None
    assert ([one.id for one in held.alerts], held.lane) == (["a", "b"], "")
    assert await store.write(lambda tx: tx.next_lane("t")) == ("3", 1)
    assert await store.write(lambda tx: tx.next_lane("other")) == ("", 0)


async def test_alerts_about_one_subject_leave_their_lanes_together(
    store: Storage, clock: Hands
) -> None:
    await add_alerts(store, alert("a", subject="item:1"), alert("b", subject="item:1", rule="two"))
    await hold(store, clock.now + 5, "a")
    assert [one.id for one in (await claimed(store)).alerts] == ["a", "b"]


async def test_due_alerts_are_of_the_lanes_asked_for(store: Storage, clock: Hands) -> None:
    await add_alerts(store, *(alert(name) for name in "abc"), alert("o", "other"))
    await hold(store, clock.now, "a", lane="1")
    await hold(store, clock.now + 5, "b", lane="1")

    async def due(**which: list[str]) -> list[str]:
        return [one.id for one in await store.write(lambda tx: tx.due_alerts("t", 9, **which))]

    assert await due() == ["a", "c"]
    assert await due(lanes=[""]) == ["c"]
    assert await due(but=[""]) == ["a"]
    assert [one.id for one in await store.write(lambda tx: tx.due_alerts("t", 1))] == ["a"]


async def test_alerts_are_placed_anew_but_for_those_on_their_way(
    store: Storage, clock: Hands
) -> None:
    await add_alerts(store, alert("x"), alert("y"))
    await claimed(store, limit=1)
    await hold(store, clock.now + 10, "x", "y")  # x is on its way: nothing happens to it
    assert await store.write(lambda tx: tx.place_anew(["t", "other"])) == 1
    found = {one.id: one for one in await store.read(lambda r: r.alerts())}
    assert [(found[name].due_at, found[name].lane, found[name].reason) for name in "xy"] == [
        (None, "", ""),
        (None, "", ""),
    ]


async def test_an_alert_is_not_too_old_for_having_waited(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("x", at=1))
    await hold(store, 500, "x")
    assert await store.write(lambda tx: tx.expire(500)) == []
    assert await store.write(lambda tx: tx.expire(501)) == ["x"]
    assert await store.write(lambda tx: tx.retry_alerts(["x"])) == 1
    assert [one.id for one in await store.write(lambda tx: tx.unplaced("t", 9))] == ["x"]


async def test_attempts_at_a_target_are_counted_newest_first(store: Storage, clock: Hands) -> None:
    await add_alerts(store, *(alert(name) for name in "abc"), alert("o", "other"))
    for _ in range(3):
        clock.now += 10
        await finish(store, await claimed(store, limit=1), SENT)
    await finish(store, await claimed(store, "other"), RETRY, retry_at=clock.now)
    assert await store.write(lambda tx: tx.attempts("t", since=1_010, limit=9)) == [1_030, 1_020]
    assert await store.write(lambda tx: tx.attempts("t", since=0, limit=1)) == [1_030]


async def test_success_ends_a_notification(store: Storage) -> None:
    await add_alerts(store, alert("x"), alert("y"))
    held = await claimed(store)
    assert await finish(store, held, SENT)
    assert await states(store) == {"x": ("sent", "accepted"), "y": ("sent", "accepted")}
    assert not await finish(store, held, SENT)
    assert await claim(store) is None
    attempts = await store.read(lambda r: r.deliveries(held.id))
    assert attempts == [{"at": 1000, "outcome": "success", "reason": "accepted", "detail": ""}]


async def test_a_retry_resends_the_same_members(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("x"), alert("y"))
    held = await claimed(store)
    await add_alerts(store, alert("older", at=1))
    assert await finish(store, held, RETRY, retry_at=clock.now + 50)
    assert [one.id for one in (await claimed(store)).alerts] == ["older"]
    assert await claim(store) is None
    clock.now += 50
    again = await claimed(store, limit=1)
    assert (again.id, again.attempts, again.plain) == (held.id, 1, False)
    assert [one.id for one in again.alerts] == ["x", "y"]
    assert again.token != held.token
    await finish(store, again, REJECTED, retry_at=clock.now, plain=True)
    third = await claimed(store)
    assert (third.id, third.attempts, third.plain) == (held.id, 2, True)
    assert await finish(store, third, SENT)
    attempts = await store.read(lambda r: r.deliveries(held.id))
    assert [one["reason"] for one in attempts] == ["http_5xx", "http_4xx", "accepted"]


async def test_N07_a_notification_is_split_by_what_its_alerts_are_about(
    store: Storage, clock: Hands
) -> None:
    rules = [alert("a1", at=3), alert("a2", at=4, rule="other", subject="item:a1")]
    await add_alerts(store, *rules, alert("b", at=1), alert("dropped", at=2))
    held = await claimed(store)
    await store.write(lambda tx: tx.drop_alerts(["dropped"]))
    assert await finish(store, held, REJECTED, retry_at=clock.now + 5, plain=True, split=True)
    assert not await finish(store, held, SENT)
    assert await claim(store) is None
    clock.now += 5
    parts = [await claimed(store), await claimed(store)]
    assert [[one.id for one in part.alerts] for part in parts] == [["b"], ["a1", "a2"]]
    assert {(part.attempts, part.plain, part.created_at) for part in parts} == {(0, True, 1_000)}
    assert len({held.id, *(part.id for part in parts)}) == 3
    assert await claim(store) is None
    assert len(await store.read(lambda r: r.deliveries(held.id))) == 1
    assert await finish(store, parts[0], SENT)
    assert await finish(store, parts[1], REJECTED, retry_at=clock.now, plain=True, split=True)
    alone = [await claimed(store), await claimed(store)]
    assert [[one.id for one in part.alerts] for part in alone] == [["a1"], ["a2"]]
    assert await finish(store, alone[0], REJECTED)
    assert await finish(store, alone[1], SENT)
    assert {name: state for name, (state, _) in (await states(store)).items()} == {
        "a1": "dead",
        "a2": "sent",
        "b": "sent",
        "dropped": "dropped",
    }


async def test_N07_parts_are_leased_retried_and_given_up_like_any_notification(
    store: Storage, clock: Hands
) -> None:
    await add_alerts(store, *(alert(one) for one in "xyz"))
    await finish(store, await claimed(store), REJECTED, retry_at=clock.now, split=True)
    first = await claimed(store)
    assert await store.write(lambda tx: tx.release_leases()) == 1
    again = await claimed(store)
    assert (again.id, [one.id for one in again.alerts]) == (first.id, ["x"])
    await finish(store, again, RETRY, retry_at=clock.now + 5)
    assert [one.id for one in (await claimed(store)).alerts] == ["y"]
    assert await store.write(lambda tx: tx.bury(["t"], "receiver_removed")) == ["x", "y", "z"]
    assert await store.write(lambda tx: tx.due_targets()) == []


async def test_T04_what_is_due_too_late_is_due_now(store: Storage, clock: Hands) -> None:
    await add_alerts(store, *(alert(one) for one in "xyz"))
    for wait in (10, 1_000):
        await finish(store, await claimed(store, limit=1), RETRY, retry_at=clock.now + wait)
    await finish(store, await claimed(store, limit=1), SENT)
    assert await store.write(lambda tx: tx.hasten(clock.now + 100)) == 1
    assert [one.id for one in (await claimed(store)).alerts] == ["y"]
    assert await claim(store) is None
    assert await store.write(lambda tx: tx.hasten(clock.now + 100)) == 0


async def test_X02_a_lost_lease_splits_nothing(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("x"), alert("y"))
    late = await claimed(store)
    clock.now += 100
    held = await claimed(store)
    assert not await finish(store, late, REJECTED, retry_at=clock.now, split=True)
    assert await finish(store, held, SENT)
    assert await states(store) == {"x": ("sent", "accepted"), "y": ("sent", "accepted")}


async def test_a_due_retry_comes_before_new_alerts(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("x", at=50))
    held = await claimed(store)
    await finish(store, held, RETRY, retry_at=clock.now)
    await add_alerts(store, alert("older", at=1))
    assert (await claimed(store)).id == held.id


@pytest.mark.parametrize("result", [RETRY, REJECTED])
async def test_an_end_without_retry_is_a_dead_letter(
    store: Storage, result: DeliveryResult
) -> None:
    await add_alerts(store, alert("x"))
    assert await finish(store, await claimed(store), result)
    assert await states(store) == {"x": ("dead", result.reason.value)}
    assert await claim(store) is None


async def test_X02_a_lost_lease_records_nothing(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("x"))
    late = await claimed(store)
    clock.now += 99
    assert await claim(store) is None
    clock.now += 1
    held = await claimed(store)
    assert held.id == late.id
    assert not await finish(store, late, SENT)
    assert not await store.write(lambda tx: tx.extend_lease(late, 100))
    assert await states(store) == {"x": ("pending", "")}
    assert await store.read(lambda r: r.deliveries(held.id)) == []
    assert await finish(store, held, SENT)
    assert not await finish(store, replace(held, token=""), SENT)


async def test_an_expired_lease_that_nobody_took_still_counts(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("x"))
    held = await claimed(store)
    clock.now += 1_000
    assert await finish(store, held, SENT)


async def test_a_lease_can_be_extended_and_released(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("x"))
    held = await claimed(store)
    clock.now += 90
    assert await store.write(lambda tx: tx.extend_lease(held, 100))
    clock.now += 90
    assert await claim(store) is None
    assert await store.write(lambda tx: tx.release_leases()) == 1
    assert await store.write(lambda tx: tx.release_leases()) == 0
    assert not await finish(store, held, SENT)
    assert (await claimed(store)).id == held.id


async def test_targets_that_no_longer_exist_are_buried(store: Storage) -> None:
    await add_alerts(store, alert("b", at=2), alert("a", at=1), alert("o", "other"))
    held = await claimed(store, limit=1)
    buried = await store.write(lambda tx: tx.bury(["t", "unknown"], "receiver_removed"))
    assert buried == ["a", "b"]
    assert await states(store) == {
        "a": ("dead", "receiver_removed"),
        "b": ("dead", "receiver_removed"),
        "o": ("pending", ""),
    }
    assert not await finish(store, held, SENT)
    assert await store.write(lambda tx: tx.due_targets()) == ["other"]
    assert (await store.read(lambda r: r.counts()))["notifications_leased"] == 0


async def test_what_is_too_old_expires_unless_leased(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("held", "h", 1), alert("old", at=1), alert("young", at=9))
    held = await claimed(store, "h")
    assert await store.write(lambda tx: tx.expire(9)) == ["old"]
    assert (await states(store))["old"] == ("dead", "expired")
    await finish(store, held, RETRY, retry_at=clock.now + 500)
    assert await store.write(lambda tx: tx.expire(9)) == ["held"]
    clock.now += 500
    assert await claim(store, "h") is None
    assert [one.id for one in (await claimed(store)).alerts] == ["young"]


async def test_dead_alerts_are_tried_again_and_grouped_anew(store: Storage) -> None:
    await add_alerts(store, alert("x"), alert("y"))
    first = await claimed(store)
    await finish(store, first, REJECTED)
    await add_alerts(store, alert("z"))
    assert await store.write(lambda tx: tx.retry_alerts(["y", "z", "unknown"])) == 1
    second = await claimed(store)
    assert [one.id for one in second.alerts] == ["y", "z"]
    assert second.id != first.id
    assert second.attempts == 0
    assert (await states(store))["x"] == ("dead", "http_4xx")


async def test_an_alert_tried_again_has_its_whole_time_once_more(
    store: Storage, clock: Hands
) -> None:
    await add_alerts(store, alert("x", at=1), alert("y", at=1))
    assert await store.write(lambda tx: tx.expire(9)) == ["x", "y"]
    clock.now = 20
    await store.write(lambda tx: tx.retry_alerts(["x"]))
    assert await store.write(lambda tx: tx.expire(20)) == []
    (again,) = await store.read(lambda r: r.alerts(ids=["x"]))
    assert (again.created_at, again.retried_at, again.promised_at) == (1, 20, 20)
    held = await claimed(store)
    assert [one.id for one in held.alerts] == ["x"]
    await finish(store, held, RETRY, retry_at=50)
    assert await store.write(lambda tx: tx.expire(21)) == ["x"]


async def test_a_person_gives_alerts_up(store: Storage, clock: Hands) -> None:
    await add_alerts(store, *(alert(one) for one in ("x", "y", "z")), alert("s", "other"))
    await finish(store, await claimed(store, "other"), SENT)
    held = await claimed(store, limit=2)
    await finish(store, held, RETRY, retry_at=clock.now)
    assert await store.write(lambda tx: tx.drop_alerts(["x", "s"])) == 1
    again = await claimed(store)
    assert [one.id for one in again.alerts] == ["y"]
    await finish(store, again, REJECTED)
    assert await store.write(lambda tx: tx.drop_alerts(["y", "z", "x"])) == 2
    assert {one: state for one, (state, _) in (await states(store)).items()} == {
        "x": AlertState.DROPPED,
        "y": AlertState.DROPPED,
        "z": AlertState.DROPPED,
        "s": AlertState.SENT,
    }
    assert await claim(store) is None
    assert await store.write(lambda tx: tx.retry_alerts(["x"])) == 0


# --- the store itself --------------------------------------------------------------------


async def test_a_closed_store_says_so(store: Storage) -> None:
    await store.maintain()
    await store.close()
    with pytest.raises(StorageError, match="closed"):
        await store.read(lambda r: r.counts())
    with pytest.raises(StorageError, match="closed"):
        await store.write(lambda tx: tx.now())
    with pytest.raises(StorageError, match="closed"):
        await store.maintain()
    await store.close()


async def test_a_backup_is_whole_or_refused(store: Storage, tmp_path: Path, clock: Hands) -> None:
    await store.write(lambda tx: tx.add_item(item("1"), [alias("a")]))
    copy = tmp_path / "copy.db"
    if isinstance(store, MemoryStorage):
        with pytest.raises(StorageError, match="backed up"):
            await store.backup(str(copy))
        assert not copy.exists()
        return
    await store.backup(str(copy))
    copied = open_storage(copy, clock)
    assert await copied.read(lambda r: r.items()) == [item("1")]
    await copied.close()


async def test_a_view_cannot_write(store: Storage) -> None:
    view = await store.read(lambda r: r)
    assert not hasattr(view, "add_item")


def test_an_unknown_scheme_is_named(clock: Hands) -> None:
    with pytest.raises(StorageError, match=r"mysql://.*sqlite://"):
        open_storage("mysql://x", clock)


async def test_items_are_placed_in_stories(store: Storage, clock: Hands) -> None:
    def place(tx: Transaction) -> None:
        for name, outlet in (("a", "o"), ("b", "p"), ("c", "o"), ("d", "q")):
            tx.add_item(item(name, outlet=outlet, text=f"text of {name}"), [alias(name)])
        tx.join_story(Membership("a", "a", 10))
        tx.join_story(Membership("b", "a", 30, copy_of="a"))
        tx.join_story(Membership("c", "c", 20))
        tx.join_story(Membership("c", "a", 20))  # in place of the other

    await store.write(place)
    known = await store.read(lambda view: view.memberships(["a", "b", "d", "nobody"]))
    assert known == {"a": Membership("a", "a", 10), "b": Membership("b", "a", 30, "a")}
    members = await store.read(lambda view: view.members(story="a", limit=9))
    assert [(one.text, place.item, place.at) for one, place in members] == [
        ("text of a", "a", 10), ("text of c", "c", 20), ("text of b", "b", 30)
    ]  # fmt: skip
    later = await store.read(lambda view: view.members(since=20, after=(20, "c"), limit=9))
    assert [place.item for _, place in later] == ["b"]
    assert len(await store.read(lambda view: view.members(limit=2))) == 2
    (story,) = await store.read(lambda view: view.stories(since=30, limit=9))
    assert story == StorySummary("a", "Title a", 3, 2, 1, 10, 30)
    assert await store.read(lambda view: view.stories(since=31, limit=9)) == []
    assert await store.read(lambda view: view.stories(since=0, limit=9, least=4)) == []


async def test_a_place_in_a_story_needs_its_item(store: Storage) -> None:
    with pytest.raises(StorageError):
        await store.write(lambda tx: tx.join_story(Membership("nobody", "a", 1)))


# --- pages of items ----------------------------------------------------------------------


def page(name: str, due: int = 1, host: str = "example.org", **changes: object) -> ItemPage:
    made = ItemPage(name, "s", f"https://{host}/{name}", host, due)
    return replace(made, **changes)  # type: ignore[arg-type]


async def add_pages(store: Storage, *pages: ItemPage) -> None:
    def write(tx: Transaction) -> None:
        for one in pages:
            tx.add_item(item(one.item), [alias(one.item)])
            tx.add_item_page(one)

    await store.write(write)


async def due(store: Storage, now: int, limit: int = 10, *busy: str) -> list[str]:
    found = await store.read(lambda view: view.due_item_pages(now, limit, frozenset(busy)))
    return [one.item for one in found]


async def test_due_pages_come_oldest_first_but_not_those_of_busy_hosts(store: Storage) -> None:
    await add_pages(store, page("1", 30), page("2", 10, "b.example"), page("3", 20), page("4", 99))
    assert await due(store, 30) == ["2", "3", "1"]
    assert await due(store, 30, 2) == ["2", "3"]
    assert await due(store, 30, 10, "example.org", "c.example") == ["2"]
    for paused, found in ((True, []), (False, ["2", "3", "1"])):
        state = SourceState("s", paused=paused)
        await store.write(lambda tx, state=state: tx.save_source(state))
        assert await due(store, 30) == found


async def test_an_item_has_one_page(store: Storage) -> None:
    await add_pages(store, page("1"))
    await store.write(lambda tx: tx.add_item_page(page("1", 99)))
    assert await store.read(lambda view: view.item_pages(["1", "2"])) == {"1": page("1")}
    after = page("1", state=PageState.READ, reason="read", text_hash="h", tried_at=5, tries=1)
    await store.write(lambda tx: tx.save_item_page(after))
    assert await store.read(lambda view: view.item_pages(["1"])) == {"1": after}
    assert await due(store, 99) == []


async def test_how_pages_went_by_source(store: Storage) -> None:
    await add_pages(store, *map(page, "1234"))
    read = page("1", state=PageState.READ, reason="read", tried_at=5)
    lost = page("2", state=PageState.GIVEN_UP, reason="stub", detail="short", tried_at=6)
    for one, trouble in ((read, ""), (lost, "stub: short"), (replace(read, item="3"), None)):
        one = one if trouble is not None else replace(one, tried_at=7)
        await store.write(lambda tx, one=one: tx.save_item_page(one))
        report = (await store.read(lambda view: view.page_reports()))["s"]
        assert report.trouble == (trouble or "")
    assert report == PageReport(due=1, read=2, given_up=1)


async def test_the_same_text_is_found_again_for_another_item_of_the_source(store: Storage) -> None:
    await add_pages(store, page("1", text_hash="h"), page("2"))

    async def same(source: str, text_hash: str, but: str) -> bool:
        return await store.read(lambda view: view.has_text(source, text_hash, but))

    assert await same("s", "h", "2")
    assert not await same("s", "h", "1")
    assert not await same("other", "h", "2")
    assert not await same("s", "", "1")


async def test_the_text_of_a_page_is_put_into_all_revisions(store: Storage) -> None:
    one = item("1", title="", published=None, text="feed")
    two = replace(one, revision=2, title="Second", published=7)

    def write(tx: Transaction) -> None:
        tx.add_item(one, [alias("1")])
        tx.revise_item(two, [])
        tx.put_page_text(replace(two, text="page", title="Second", published=9))

    await store.write(write)
    found = await store.read(lambda view: [view.revision("1", number) for number in (1, 2)])
    assert [(r.text, r.title, r.published) for r in found if r] == [
        ("page", "Second", 9),
        ("page", "Second", 7),
    ]
    newest = (await store.read(lambda view: view.items_by_id(["1"])))["1"]
    assert (newest.paged, newest.revision, newest.content_hash) == (True, 2, two.content_hash)
    candidates = await store.read(lambda view: view.candidates([{"page"}]))
    assert [one.id for one in candidates.items] == ["1"]


async def test_what_a_rule_told_of_a_story_is_remembered(store: Storage) -> None:
    told = Told("r", "s", 10, places=frozenset({"دير الزور", "Syria"}), words=frozenset({"=4"}))
    await store.write(lambda tx: tx.save_told(told))
    later = replace(told, told_at=20, again_at=15, update_at=30, toll=7)
    other = Told("q", "s", 9)
    await store.write(lambda tx: [tx.save_told(one) for one in (later, other)])
    assert await store.read(lambda view: view.told("s", ["r", "x"])) == {"r": later}
    assert await store.read(lambda view: view.told("t", ["r"])) == {}
    await store.write(lambda tx: tx.prune(20))
    assert await store.read(lambda view: view.told("s", ["r", "q"])) == {"r": later}


async def test_what_a_rule_matched_is_found_by_time(store: Storage) -> None:
    def work(tx: Transaction) -> None:
        for name, at in (("1", 10), ("2", 20), ("3", 30), ("4", 40)):
            seeded = Decision.SEEDED if name == "4" else Decision.NEW
            tx.add_item(replace(item(name), decision=seeded), [])
            tx.add_matches(name, [Match("r", "h", ())], at)
        tx.add_matches("3", [Match("q", "h", ())], 30)
        tx.join_story(Membership("2", "1", 20, "1"))

    await store.write(work)
    one, two = RuleMatch("1", "o", 10, "1"), RuleMatch("2", "o", 20, "1", "1")
    three = RuleMatch("3", "o", 30, "3")
    assert await store.read(lambda view: view.rule_matches("r", 0, 40)) == [one, two, three]
    assert await store.read(lambda view: view.rule_matches("r", 10, 20)) == [two]
    assert await store.read(lambda view: view.rule_matches("x", 0, 40)) == []
    assert await store.read(lambda view: view.last_match("r")) == three
    assert await store.read(lambda view: view.last_match("x")) is None


async def test_what_a_gate_saw_is_remembered_by_rule_and_subject(store: Storage) -> None:
    held = Gate("r", "s", GateState.HELD, 10, {"reports": [["1", 9, "منبر"]], "again_at": None})
    other = Gate("q", "s", GateState.OPEN, 20, {})
    await store.write(lambda tx: [tx.save_gate(one) for one in (held, other)])
    assert await store.read(lambda view: view.gates("s")) == {"q": other, "r": held}
    assert await store.read(lambda view: view.gates("t")) == {}
    opened = replace(held, state=GateState.OPEN, at=30)
    await store.write(lambda tx: tx.save_gate(opened))
    await store.write(lambda tx: tx.prune(30))
    assert await store.read(lambda view: view.gates("s")) == {"r": opened}


# --- how delivery goes ---------------------------------------------------------------------


async def test_what_is_overdue_is_counted_by_target(store: Storage, clock: Hands) -> None:
    def raise_alerts(tx: Transaction) -> None:
        for name, target, at in (("a", "t", 100), ("b", "t", 200), ("c", "u", 300)):
            tx.add_alert(alert(name, target=target, subject=f"item:{name}", created_at=at))
        tx.hold(["b"], 1_500, lane="4 soon", reason="group_wait")

    await store.write(raise_alerts)
    found = await store.read(lambda view: view.overdue(clock()))
    assert [(one.target, one.alerts, one.since, one.reason) for one in found] == [
        ("t", 1, 100, ""),
        ("u", 1, 300, ""),
    ]
    claimed = await store.write(lambda tx: tx.claim("u", limit=1, ttl=10))
    assert claimed is not None
    await store.write(lambda tx: tx.finish(claimed, RETRY, retry_at=2_000))
    assert await store.read(lambda view: view.next_attempt(claimed.id)) == 2_000
    clock.now = 1_600
    late = {one.target: one for one in await store.read(lambda view: view.overdue(clock()))}
    assert (late["t"].alerts, late["t"].since) == (2, 100)
    assert (late["u"].reason, late["u"].detail) == (RETRY.reason, RETRY.detail)


async def test_when_targets_last_took_something_is_known(store: Storage, clock: Hands) -> None:
    await store.write(lambda tx: tx.add_alert(alert("a", target="t")))
    claimed = await store.write(lambda tx: tx.claim("t", limit=1, ttl=10))
    assert claimed is not None
    await store.write(lambda tx: tx.finish(claimed, RETRY, retry_at=1_000))
    assert await store.read(lambda view: view.last_sent(0, 1_000)) == {}
    claimed = await store.write(lambda tx: tx.claim("t", limit=1, ttl=10))
    assert claimed is not None
    clock.now = 1_100
    await store.write(lambda tx: tx.finish(claimed, SENT, retry_at=None))
    assert await store.read(lambda view: view.last_sent(1_099, 1_100)) == {"t": 1_100}
    assert await store.read(lambda view: view.last_sent(1_100, 2_000)) == {}
    assert await store.read(lambda view: view.last_sent(0, 1_099)) == {}
    assert await store.read(lambda view: view.next_attempt(claimed.id)) is None
    assert await store.read(lambda view: view.overdue(clock())) == []


# --- people ------------------------------------------------------------------------------

SILENCE = Silence("01SIL", {"rule": ("a", "ب"), "severity": ("high",)}, "سامي", "raid", 10, 20)


async def test_a_silence_comes_back_as_it_was_stored(store: Storage) -> None:
    later = replace(SILENCE, id="02SIX", ends_at=30)
    await store.write(lambda tx: [tx.save_silence(one) for one in (later, SILENCE)])
    assert await store.read(lambda r: r.silences(ending_after=19)) == [SILENCE, later]
    assert await store.read(lambda r: r.silences(ending_after=20)) == [later]
    named = await store.read(
        lambda r: [r.silences_named(part) for part in ("01", "SIX", "0", "%", "")]
    )
    assert named == [[SILENCE], [later], [later, SILENCE], [], []]


async def test_a_silence_places_what_waits_anew(store: Storage) -> None:
    def work(tx: Transaction) -> None:
        tx.add_alert(alert("A"))
        tx.hold(["A"], 500, lane="6 story X", reason="story")
        tx.save_silence(SILENCE)

    await store.write(work)
    assert [one.id for one in await store.write(lambda tx: tx.unplaced("t", 9))] == ["A"]


async def test_what_a_silence_keeps_back_goes_with_nothing_else(store: Storage) -> None:
    def work(tx: Transaction) -> list[list[str]]:
        tx.add_alert(alert("A"))
        tx.add_alert(alert("B", rule="other", subject="item:A"))
        tx.hold(["A"], 500, lane="8 silenced S", reason="silenced")
        first = tx.claim("t", limit=9, ttl=9)
        second = tx.claim("t", limit=9, ttl=9, lane="8 silenced S", as_list=True)
        return [[one.id for one in found.alerts] for found in (first, second) if found]

    assert await store.write(work) == [["B"], ["A"]]


async def test_an_ack_is_kept_once_and_found_by_what_it_is_about(store: Storage) -> None:
    first = Ack("r", "story:1", 5, "A", "سامي", "on it")
    later = replace(first, at=9, author="rima")
    await store.write(lambda tx: [tx.add_ack(one) for one in (later, first)])
    await store.write(lambda tx: tx.add_ack(replace(first, author="somebody else")))
    assert await store.read(lambda r: r.acks(["story:1", "item:1"])) == [first, later]
    assert await store.read(lambda r: r.acks(["item:1"])) == []


async def test_escalations_are_due_once_and_in_order(store: Storage) -> None:
    def work(tx: Transaction) -> list[list[str]]:
        for name, at in (("A", 30), ("B", 20), ("C", 40)):
            tx.add_alert(alert(name))
            tx.set_escalation(name, at)
        tx.set_escalation("A", 25)
        found = [[one.id for one in tx.due_escalations(now, 9)] for now in (19, 30)]
        tx.set_escalation("B", None)
        return [*found, [one.id for one in tx.due_escalations(99, 1)]]

    assert await store.write(work) == [[], ["B", "A"], ["A"]]


async def test_alerts_of_a_story_are_those_about_its_items(store: Storage) -> None:
    def work(tx: Transaction) -> list[str]:
        for name, story in (("1", "1"), ("2", "1"), ("3", "3")):
            tx.add_item(item(name), [])
            tx.join_story(Membership(name, story, 1))
            tx.add_alert(alert(name, at=100 + int(name)))
        tx.add_alert(alert("W", subject="item:1:withdrawn"))
        return [one.id for one in tx.alerts_of_story("1", 9)]

    assert await store.write(work) == ["2", "1"]
    assert [one.id for one in await store.read(lambda r: r.alerts_since(102))] == ["2", "3"]


async def test_sources_that_are_down_are_paused_gone_or_fail(store: Storage) -> None:
    def work(tx: Transaction) -> list[set[str]]:
        for name, state in (
            ("well", {}),
            ("once", {"failures": 1}),
            ("fails", {"failures": 5}),
            ("paused", {"paused": True}),
            ("gone", {"gone": True}),
        ):
            tx.save_source(replace(SourceState(name), **state))
        return [tx.sources_down(5), tx.sources_down(1)]

    few = {"fails", "paused", "gone"}
    assert await store.write(work) == [few, few | {"once"}]


async def test_alerts_of_a_notification_are_those_that_it_tells(store: Storage) -> None:
    def work(tx: Transaction) -> list[list[str]]:
        for name in ("C", "A", "B"):
            tx.add_alert(alert(name, at=100 if name == "C" else 101))
        tx.add_alert(alert("X", target="other/1"))
        told = tx.claim(alert("A").target, limit=9, ttl=9)
        assert told is not None
        names = [told.id, "unknown", ""]
        return [[one.id for one in tx.alerts_of_notification(name)] for name in names]

    assert await store.write(work) == [["C", "A", "B"], [], []]


async def test_what_people_did_is_forgotten_with_what_it_was_about(store: Storage) -> None:
    def work(tx: Transaction) -> None:
        tx.save_silence(SILENCE)
        tx.add_ack(Ack("r", "story:1", 5, "A", "sami"))
        tx.add_alert(alert("A"))
        tx.set_escalation("A", 5)
        tx.prune(21)

    await store.write(work)
    assert await store.read(lambda r: r.silences(ending_after=0)) == []
    assert await store.read(lambda r: r.acks(["story:1"])) == []
    assert await store.read(lambda r: r.due_escalations(99, 9)) == []


async def test_erased_alerts_have_never_been(store: Storage, clock: Hands) -> None:
    own = alert("a", rule="rasid:canary")
    await add_alerts(store, own, alert("b"), alert("c", target="u", rule="rasid:canary"))
    shared = await claimed(store)
    assert {one.id for one in shared.alerts} == {"a", "b"}
    alone = await claimed(store, "u")
    for one in (shared, alone):
        await store.write(lambda tx, one=one: tx.finish(one, SENT, retry_at=None))
    assert await store.write(lambda tx: tx.erase_alerts("rasid:canary")) == 2
    assert await store.write(lambda tx: tx.erase_alerts("rasid:canary")) == 0
    assert [one.id for one in await store.read(lambda view: view.alerts())] == ["b"]
    assert len(await store.read(lambda view: view.deliveries(shared.id))) == 1
    assert await store.read(lambda view: view.deliveries(alone.id)) == []
    assert await store.write(lambda tx: tx.add_alert(own)), "it is as if it had never been"
