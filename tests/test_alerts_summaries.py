"""Which rules are new, what they are said to find, when first polls are told of. Pure."""

from __future__ import annotations

import pytest
from test_alerts_promise import NOW, config, item, receiver

from rasid.alerts.summaries import (
    LONGEST,
    QUIET,
    SINGLY,
    Found,
    Seeding,
    is_recent,
    rule_text,
    seeding,
    seeding_text,
    summaries,
    unknown_rules,
    with_first_poll,
)
from rasid.models import Item
from rasid.settings import DAY, HOUR, SECOND, Condition, Rule


def rule(name: str, hashed: str = "h", *notify: str) -> Rule:
    return Rule(name, Condition(), notify or ("desk",), hash=hashed)


def found(name: str, *items: Item, notify: tuple[str, ...] = ("desk",)) -> Found:
    all_of_it = Found(rule(name, "h", *notify))
    for one in items:
        all_of_it = all_of_it.with_item(one)
    return all_of_it


# --- which rules are new -------------------------------------------------------------------


def test_a_rule_is_unknown_when_it_is_new_changed_or_renamed() -> None:
    before = {name: rule(name) for name in ("same", "edited", "old-name", "removed")}
    known = {one.id: one.hash for one in before.values()}
    after = [rule("same"), rule("edited", "other"), rule("new-name"), rule("added")]
    new = unknown_rules({one.id: one for one in after}, known)
    assert [one.id for one in new] == ["edited", "new-name", "added"]


# --- what is recent ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "first_seen", "only_seeded", "recent"),
    [
        (NOW - HOUR, NOW, False, True),
        (NOW - DAY, NOW, False, True),
        (NOW - DAY - 1, NOW, False, False),
        (NOW - HOUR, NOW, True, True),  # a first poll finds news as well
        (None, NOW, False, True),
        (None, NOW, True, False),  # an archive without dates
        (None, NOW - DAY - 1, False, False),
        (NOW + 900 * DAY, NOW, False, True),  # dated ahead: it is as old as its first sight
        (NOW + 900 * DAY, NOW - 2 * DAY, False, False),
    ],
)
def test_recent_is_what_appeared_in_the_last_day(
    published: int | None, first_seen: int, only_seeded: bool, recent: bool
) -> None:
    one = item(published=published, first_seen=first_seen, only_seeded=only_seeded)
    assert is_recent(one, NOW) is recent


def test_the_newest_three_are_kept_newest_first() -> None:
    items = [item(id=f"I{n}", published=NOW - n * HOUR) for n in (5, 1, 4, 2, 3)]
    one = found("one", *items)
    assert one.count == 5
    assert [entry.id for entry in one.newest] == ["I1", "I2", "I3"]


# --- the summaries of rules ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "rule x is in force: no stored items of the last 24 h match"),
        (1, "rule x is in force: 1 stored item of the last 24 h matches"),
        (12, "rule x is in force: 12 stored items of the last 24 h match"),
    ],
)
def test_the_text_counts(count: int, text: str) -> None:
    assert rule_text(Found(rule("x"), count)) == text


def test_each_receiver_of_a_rule_gets_one_summary() -> None:
    told = summaries(
        [found("one", item(), notify=("desk", "ops", "desk"))], config(receiver("desk", "json://a"))
    )
    assert [(one.receiver, one.rule and one.rule.id) for one in told] == [
        ("desk", "one"),
        ("ops", "one"),
    ]
    (title,) = told[0].facts["titles"]
    assert (title["outlet"], title["link"]) == ("SANA", "https://sana.example/1")


def test_a_rule_that_finds_nothing_is_not_told_of() -> None:
    assert summaries([found("one")], config(receiver("desk", "json://a"))) == []


def test_the_discreet_text_names_no_rule() -> None:
    (told,) = summaries([found("secret", item())], config(receiver("desk", "json://a")))
    assert "secret" in told.facts["text"]
    assert "secret" not in told.facts["discreet"]


def test_many_rules_of_a_receiver_share_one_summary() -> None:
    """A word added to a list that fifty rules use must not make fifty messages."""
    items = [item(id=f"I{n}") for n in range(60)]
    many = [found(f"rule{n}", *items[: n + 1]) for n in range(50)]
    few = [found(f"own{n}", item(), notify=("other",)) for n in range(SINGLY)]
    told = summaries([*many, *few], config(receiver("desk", "json://a")))
    assert [one.receiver for one in told] == ["desk", *["other"] * SINGLY]
    assert told[0].rule is None
    text = told[0].facts["text"]
    assert text.startswith("50 rules")
    assert text.endswith(
        "rule49 (50), rule48 (49), rule47 (48), rule46 (47), rule45 (46) and 45 more"
    )
    assert "rule49" not in told[0].facts["discreet"]


# --- first polls ---------------------------------------------------------------------------


def test_first_polls_add_up() -> None:
    text = ""
    for number in range(76):
        text = with_first_poll(text, f"s{number}", items=50, matches=1, now=NOW + number)
    noted = seeding(text)
    assert noted is not None
    assert (noted.since, noted.last, noted.items, noted.matches) == (NOW, NOW + 75, 3800, 76)
    assert len(noted.sources) == 76
    assert seeding_text(noted) == (
        "first poll of 76 sources (s0, s1, s2, s3, s4 and 71 more): 3800 items were kept without "
        "an alert; 76 stored items of the last 24 h match"
    )


def test_a_source_whose_first_poll_took_two_transactions_is_one() -> None:
    text = with_first_poll("", "long", items=1000, matches=0, now=NOW)
    noted = seeding(with_first_poll(text, "long", items=1, matches=0, now=NOW))
    assert noted is not None
    assert (noted.sources, noted.items) == (("long",), 1001)


def test_first_polls_say_what_they_alerted_on() -> None:
    text = with_first_poll("", "paper", items=5, matches=3, now=NOW)
    noted = seeding(with_first_poll(text, "paper", alerts=2, now=NOW))
    assert noted is not None
    assert seeding_text(noted) == (
        "first poll of 1 source (paper): 5 items were kept, 2 alerts raised (backfill_alerts); "
        "3 stored items of the last 24 h match"
    )


def test_first_polls_noted_before_alerts_were_counted_are_told() -> None:
    noted = seeding(f'[{NOW}, {NOW}, 5, 3, "paper"]')
    assert noted is not None
    assert (noted.sources, noted.alerts) == (("paper",), 0)


def test_nothing_noted_is_nothing_to_tell() -> None:
    assert seeding("") is None


@pytest.mark.parametrize(
    ("since", "last", "over"),
    [
        (NOW, NOW, False),
        (NOW - 5 * QUIET, NOW - QUIET + 1, False),
        (NOW - QUIET, NOW - QUIET, True),
        (NOW - LONGEST, NOW, True),  # sources that come one by one are not waited for
        (NOW + 1000 * SECOND, NOW + 1000 * SECOND, True),  # the clock was set back
    ],
)
def test_first_polls_are_told_of_when_no_more_come(since: int, last: int, over: bool) -> None:
    assert Seeding(since, last).is_over(NOW) is over
