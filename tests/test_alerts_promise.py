from __future__ import annotations

from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rasid.alerts.backoff import group_limit, next_step, retry_at
from rasid.alerts.deadletters import announcements
from rasid.alerts.excerpts import MOST, excerpts
from rasid.alerts.promise import alerts_for, trouble
from rasid.alerts.targets import targets
from rasid.models import (
    Alert,
    Decision,
    DeliveryOutcome,
    DeliveryReason,
    DeliveryResult,
    Document,
    Evidence,
    Item,
    Match,
    Notification,
)
from rasid.settings import (
    HOUR,
    MINUTE,
    SECOND,
    Condition,
    Config,
    Outlet,
    Receiver,
    ReceiverUrl,
    Rule,
)

NOW = 1_795_431_900_000_000


def receiver(name: str, *urls: str, show: Any = "full") -> Receiver:
    return Receiver(name, tuple(ReceiverUrl(url) for url in urls), show)


def config(*receivers: Receiver, notify: tuple[str, ...] = ("desk",)) -> Config:
    rules = {name: Rule(name, Condition(), notify) for name in ("one", "two")}
    return Config(
        outlets={"sana": Outlet("sana", "SANA")},
        receivers={one.id: one for one in receivers},
        rules=rules,
    )


def new_ids() -> Any:
    numbers = count()
    return lambda _now: f"A{next(numbers)}"


def item(**changes: Any) -> Item:
    parts: dict[str, Any] = {
        "id": "I1",
        "source": "sana-rss",
        "outlet": "sana",
        "guid": "g",
        "link": "https://sana.example/1",
        "title": "قصف على دير الزور",
        "summary": "",
        "text": "",
        "author": "",
        "tags": (),
        "language": "ar",
        "published": NOW - 5,
        "first_seen": NOW,
        "revision": 1,
        "content_hash": "h",
        "decision": Decision.NEW,
        "only_seeded": False,
    }
    return Item(**(parts | changes))


def match(rule: str = "one") -> Match:
    return Match(rule, f"hash-{rule}", (Evidence("word", "title", 0, 3, "قصف", "قصف", "قصف"),))


def raised(conf: Config, *matches: Match) -> list[Alert]:
    document = Document("I1", title="قصف على دير الزور")
    known = targets(conf, "salt")
    return alerts_for(
        item(), document, matches, config=conf, targets=known, now=NOW, new_id=new_ids()
    )


# --- targets -----------------------------------------------------------------------------


def test_a_target_keeps_its_id_while_its_secret_changes() -> None:
    conf = config(receiver("desk", "slack://${TOKEN}"))
    assert list(targets(conf, "salt")) == list(targets(conf, "salt"))
    (target,) = targets(conf, "salt").values()
    assert target.id.startswith("desk/")
    assert target.template == "slack://${TOKEN}"


def test_a_target_id_tells_nothing_about_its_url() -> None:
    conf = config(receiver("desk", "json://a.example"))
    assert list(targets(conf, "salt")) != list(targets(conf, "pepper"))
    assert "example" not in "".join(targets(conf, "salt"))


def test_an_own_id_is_used() -> None:
    conf = config(Receiver("desk", (ReceiverUrl("json://a", "phone"),), "discreet"))
    assert targets(conf, "salt")["desk/phone"].show == "discreet"


# --- alerts ------------------------------------------------------------------------------


def test_one_alert_per_rule_and_target() -> None:
    conf = config(receiver("desk", "json://a", "json://b"), receiver("other", "json://c"))
    alerts = raised(conf, match("one"), match("two"))
    assert len(alerts) == 4
    assert len({(one.rule, one.target, one.subject) for one in alerts}) == 4
    assert {one.receiver for one in alerts} == {"desk"}
    assert {one.subject for one in alerts} == {"item:I1"}
    assert {one.rule_hash for one in alerts} == {"hash-one", "hash-two"}


def test_facts_hold_all_that_is_shown() -> None:
    facts = raised(config(receiver("desk", "json://a")), match())[0].facts
    assert facts["outlet"] == "SANA"
    assert facts["title"] == "قصف على دير الزور"
    assert facts["link"] == "https://sana.example/1"
    assert facts["rule"] == "one"
    assert facts["evidence"][0]["word"] == "قصف"
    assert facts["excerpts"][0]["spans"] == [[0, 3]]


def test_a_receiver_named_twice_is_told_once() -> None:
    conf = config(receiver("desk", "json://a"), notify=("desk", "desk"))
    assert len(raised(conf, match())) == 1


def test_a_match_of_a_rule_that_is_gone_promises_nothing() -> None:
    assert raised(config(receiver("desk", "json://a")), match("three")) == []


def test_trouble_leaves_the_target_out_that_cannot_hear_it() -> None:
    conf = config(receiver("ops", "json://a", "json://b"))
    known = targets(conf, "salt")
    first, second = known
    alerts = trouble(
        "gone", "x", "t", receiver="ops", targets=known, now=NOW, new_id=new_ids(), without=first
    )
    assert [one.target for one in alerts] == [second]
    assert alerts[0].subject == "trouble:gone:x"


# --- excerpts ----------------------------------------------------------------------------


def evidence(field: str, start: int, end: int) -> Evidence:
    return Evidence("word", field, start, end, "", "", "")


def test_words_that_stand_together_share_an_excerpt() -> None:
    text = "a strike and another strike"
    found = excerpts(
        Document("d", summary=text), [evidence("summary", 2, 8), evidence("summary", 21, 27)]
    )
    assert len(found) == 1
    assert found[0]["text"] == text
    assert not found[0]["before"]


def test_an_excerpt_is_short_and_ends_between_words() -> None:
    text = "word " * 200 + "TARGET" + " word" * 200
    (one,) = excerpts(Document("d", text=text), [evidence("text", 1000, 1006)])
    (start, end), *_ = one["spans"]
    assert one["text"][start:end] == "TARGET"
    assert len(one["text"]) <= 130
    assert one["before"]
    assert one["after"]
    assert one["text"].strip().startswith("word")


def test_no_word_is_hidden_by_more_of_another() -> None:
    text = ("strike " + "x " * 60) * 4 + "near the bridge"
    found = [(at, at + 6, "strike") for at in range(0, 4 * 127, 127)]
    found.append((len(text) - 6, len(text), "bridge"))
    told = excerpts(
        Document("d", text=text),
        [Evidence("word", "text", start, end, "", word, "") for start, end, word in found],
    )
    shown = [one["text"][slice(*one["spans"][0])] for one in told]
    assert shown == ["strike", "bridge", "strike"]


@given(st.text(max_size=300), st.lists(st.tuples(st.integers(-5, 320), st.integers(-5, 320))))
def test_spans_of_excerpts_are_inside_and_in_order(text: str, spans: Any) -> None:
    found = excerpts(Document("d", text=text), [evidence("text", a, b) for a, b in spans])
    assert len(found) <= MOST
    for one in found:
        at = 0
        for start, end in one["spans"]:
            assert at <= start < end <= len(one["text"])
            at = end


# --- what follows an attempt ---------------------------------------------------------------


def result(outcome: str, reason: str, wait: int | None = None) -> DeliveryResult:
    return DeliveryResult(DeliveryOutcome(outcome), DeliveryReason(reason), "", wait)


def held(*, alerts: int = 1, attempts: int = 0, plain: bool = False) -> Notification:
    members = tuple(Alert(str(n), "r", "h", "t", "desk", f"item:{n}", 1) for n in range(alerts))
    return Notification("n", "t", members, 1, attempts, "token", plain)


def test_back_off_grows_threefold_to_fifteen_minutes() -> None:
    down = result("retry", "connect")
    delays = [retry_at(n, down, 0, 0.0) // SECOND for n in range(8)]
    assert delays == [5, 15, 45, 135, 405, 900, 900, 900]
    assert retry_at(0, down, 0, 1.0) == 6 * SECOND
    assert retry_at(10**6, down, 0, 0.0) == 15 * MINUTE


def test_retry_after_is_honoured_but_not_without_end() -> None:
    assert retry_at(0, result("retry", "rate_limited", 70 * SECOND), 0, 0.0) == 70 * SECOND
    assert retry_at(5, result("retry", "rate_limited", 2 * SECOND), 0, 0.0) == 2 * SECOND
    assert retry_at(0, result("retry", "rate_limited", 900 * HOUR), 0, 0.0) == 6 * HOUR


def test_N07_a_refused_message_is_sent_once_more_without_markup() -> None:
    refused = result("rejected", "http_4xx")
    first = next_step(refused, held(), now=NOW, jitter=0)
    assert (first.retry_at, first.plain, first.split) == (NOW, True, False)
    second = next_step(refused, held(attempts=1, plain=True), now=NOW, jitter=0)
    assert (second.retry_at, second.split) == (None, False)


def test_N07_several_that_are_refused_without_markup_are_tried_apart() -> None:
    refused = result("rejected", "http_4xx")
    assert not next_step(refused, held(alerts=2), now=NOW, jitter=0).split
    step = next_step(refused, held(alerts=2, plain=True), now=NOW, jitter=0)
    assert (step.retry_at, step.plain, step.split) == (NOW, True, True)


def test_N07_a_refused_sender_is_dead_at_once() -> None:
    for reason in ("refused", "bad_url"):
        step = next_step(result("rejected", reason), held(alerts=2), now=NOW, jitter=0)
        assert step.retry_at is None
        assert step.hold_until <= NOW


def test_a_receiver_in_trouble_is_left_alone_for_a_minute_at_most() -> None:
    step = next_step(result("retry", "http_5xx"), held(attempts=9, alerts=2), now=NOW, jitter=0)
    assert step.retry_at == NOW + 15 * MINUTE
    assert step.hold_until == NOW + MINUTE


def test_groups_follow_what_a_service_takes() -> None:
    assert [group_limit(size) for size in (60, 1750, 4096, 20_000)] == [1, 2, 6, 10]


# --- dead letters --------------------------------------------------------------------------


def test_dead_letters_are_announced_once_per_target_and_never_about_themselves() -> None:
    conf = config(receiver("desk", "json://a"), receiver("ops", "json://o"))
    known = targets(conf, "salt")
    dead = raised(conf, match("one"), match("two"))
    told = announcements(
        dead, "refused (HTTP 404)", fallback="ops", targets=known, now=NOW, new_id=new_ids()
    )
    assert len(told) == 1
    assert told[0].receiver == "ops"
    assert told[0].facts["text"].startswith("2 alerts for desk/")
    assert (
        announcements(told, "refused", fallback="ops", targets=known, now=NOW, new_id=new_ids())
        == []
    )


def test_dead_letters_of_the_fallback_receiver_are_not_sent_to_itself() -> None:
    conf = config(receiver("ops", "json://o"), notify=("ops",))
    told = announcements(
        raised(conf, match()),
        "refused",
        fallback="ops",
        targets=targets(conf, "salt"),
        now=NOW,
        new_id=new_ids(),
    )
    assert told == []
