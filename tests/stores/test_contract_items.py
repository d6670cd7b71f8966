"""Items, their aliases and matches: what every backend keeps of them. Of every backend."""

from __future__ import annotations

from dataclasses import replace

import pytest
from contract import alert, alias, item

from rasid.errors import StorageError
from rasid.models import (
    Decision,
    Evidence,
    Item,
    Match,
    SourceState,
    Validators,
)
from rasid.protocols import Storage, Transaction


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
