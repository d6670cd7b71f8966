"""What people did: silences, acknowledgements, escalations. Of every backend."""

from __future__ import annotations

from dataclasses import replace

from contract import SENT, Hands, add_alerts, alert, claimed, item

from rasid.models import (
    Ack,
    Membership,
    Silence,
)
from rasid.protocols import Storage, Transaction

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
