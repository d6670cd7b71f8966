"""What the rules of a valid rules.yaml become, and what changes their hash."""

from __future__ import annotations

from pathlib import Path

import pytest
from config_files import DESK, Write

from rasid.errors import ConfigError
from rasid.settings import DAY, Condition, Near, Regex, Term, Times


def test_conditions_with_lists_expanded(loaded: Write) -> None:
    rule = loaded(
        "lists:\n  one: [a, $two, a]\n  two: [b, {word: c, language: fa}]\n"
        "rules:\n"
        "  - id: r\n"
        "    any: $one\n"
        "    all: [x, $two, {any: [y], none: [z]}]\n"
        "    none: [{word: $two}]\n"
        "    title: [$two]\n"
    ).rules["r"]
    two = (Term("b"), Term("c", "fa"))
    assert rule.condition == Condition(
        any=(Term("a"), *two),
        all=(
            Term("x"),
            Condition(any=two),
            Condition(any=(Term("y"),), none=(Term("z"),)),
            Condition(any=two, fields=("title",)),
        ),
        none=(Term("$two"),),
    )


def condition(loaded: Write, rule: str, lists: str = "{x: [p, q]}") -> Condition:
    return loaded(f"lists: {lists}\nrules:\n  - {{id: r, {rule}}}\n").rules["r"].condition


A, B, P, Q = map(Term, "abpq")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("query: a OR $x", Condition(any=(A, P, Q))),
        ("query: a AND b NOT p", Condition(all=(A, B), none=(P,))),
        ("query: a NEAR/3 b", Condition(all=(Near(A, B, 3),))),
        ("any: [a], query: b OR p", Condition(any=(A,), all=(Condition(any=(B, P)),))),
        ("all: [a], query: b NOT p, none: [q]", Condition(all=(A, B), none=(Q, P))),
        ("any: [a, {query: ATLEAST/2 b}]", Condition(any=(A, Condition(all=(Times(B, 2),))))),
        ("regex: a+b", Condition(all=(Regex("a+b"),))),
        ("regex: [' a', b]", Condition(all=(Condition(any=(Regex(" a"), Regex("b"))),))),
        ("summary: a", Condition(all=(Condition(any=(A,), fields=("summary",)),))),
        ("text: {all: [a, b]}", Condition(all=(Condition(all=(A, B), fields=("text",)),))),
        ("url: [a], author: $x", Condition(all=(
            Condition(any=(A,), fields=("url",)), Condition(any=(P, Q), fields=("author",))))),
        ("title: {query: a AND b}", Condition(all=(Condition(all=(A, B), fields=("title",)),))),
        ("title: {regex: ab}", Condition(all=(Condition(all=(Regex("ab"),), fields=("title",)),))),
        ("all: [{tags: a}]", Condition(all=(Condition(
            all=(Condition(any=(A,), fields=("tags",)),)),))),
        ("any: [a], title: {none: [b]}", Condition(
            any=(A,), all=(Condition(none=(B,), fields=("title",)),))),
        ("any: [a, b, p], at_least: 2", Condition(any=(A, B, P), at_least=2)),
        ("any: $x, at_least: 2", Condition(any=(P, Q), at_least=2)),
        ("any: [$x, a], at_least: 2", Condition(any=(Condition(any=(P, Q)), A), at_least=2)),
        ("any: ['=\"U.S.\"', '=«a b»']", Condition(any=(
            Term("U.S.", exact=True), Term("a b", exact=True)))),
        ("any: [{word: a*, exact: true}, {word: b, inflect: false}]", Condition(any=(
            Term("a*", exact=True), Term("b", inflect=False)))),
        ("any: [dron*, wom?n]", Condition(any=(Term("dron*"), Term("wom?n")))),
        ("any: [a, {any: [b], none: [p]}]", Condition(any=(A, Condition(any=(B,), none=(P,))))),
    ],
)  # fmt: skip
def test_what_the_keys_of_a_rule_mean(loaded: Write, rule: str, expected: Condition) -> None:
    assert condition(loaded, rule) == expected


def test_inflect_false_holds_for_every_word_of_a_rule(loaded: Write) -> None:
    found = condition(loaded, "inflect: false, any: $x, query: a NEAR/1 b AND ATLEAST/2 (p OR q)")
    assert repr(found).count("Term(") == repr(found).count("inflect=False") == 6


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fa", ["fa", ""]), ("en", ["", "en"]), ("[fa, en]", ["", ""]), ("tr-TR", ["", "tr"])],
)
def test_words_are_of_the_only_language_a_rule_is_about(
    loaded: Write, language: str, expected: list[str]
) -> None:
    """Where the script allows it: a name in Latin letters is no Persian word."""
    found = condition(
        loaded, f"language: {language}, any: [حمله, attack, {{word: a, language: de}}]"
    )
    languages = [each.language for each in found.any if isinstance(each, Term)]
    assert languages == [*expected, "de"]


def test_lists_come_from_included_files_and_reach_queries(loaded: Write) -> None:
    rule = loaded(
        "include: [more.yaml]\nrules: [{id: r, query: $outer AND c}]\n",
        more="lists: {outer: [a, $inner], inner: [b]}\n",
    ).rules["r"]
    assert rule.condition == Condition(all=(Condition(any=(A, B)), Term("c")))


def test_filters_and_events(loaded: Write) -> None:
    rules = loaded(
        "outlets: [{id: o, country: SY}, {id: p, country: LB}]\nrules:\n"
        "  - {id: a, any: [x], country: [sy, LB], published_within: 24h, on: [revised, new]}\n"
        "  - {id: b, any: [x], on: revised}\n  - {id: c, any: [x]}\n"
    ).rules
    assert (rules["a"].countries, rules["a"].published_within) == (("SY", "LB"), DAY)
    assert [rules[name].on for name in "abc"] == [("revised", "new"), ("revised",), ("new",)]
    assert (rules["c"].countries, rules["c"].published_within) == ((), None)


def test_rule_with_filters_and_examples(loaded: Write) -> None:
    rule = loaded(
        DESK + "sources: [{id: s, outlet: o, url: 'https://h.example/'}]\n"
        "rules:\n"
        "  - {id: قصف, any: [one], outlet: o, source: [s], language: AR, notify: desk,\n"
        "     severity: high, tags: [x], examples: {match: [one], no_match: two}}\n"
    ).rules["قصف"]
    assert (rule.outlets, rule.sources, rule.languages) == (("o",), ("s",), ("ar",))
    assert (rule.notify, rule.severity, rule.tags) == (("desk",), "high", ("x",))
    assert (rule.examples.match, rule.examples.no_match) == (("one",), ("two",))
    assert (Path(rule.file).name, rule.line) == ("rules.yaml", 5)


def test_R09_allow_match_all(loaded: Write) -> None:
    rules = loaded(
        "rules:\n  - {id: a, allow_match_all: true}\n"
        "  - {id: b, allow_match_all: true, none: [x]}\n"
    ).rules
    assert rules["a"].condition == Condition()
    assert rules["b"].condition == Condition(none=(Term("x"),))
    assert rules["a"].match_all
    assert not loaded("rules: [{id: a, any: [㎏]}]\n").rules["a"].match_all


def test_a_rule_that_is_not_enabled_is_checked_but_left_out(loaded: Write) -> None:
    assert not loaded("rules: [{id: a, any: [x], enabled: false}]\n").rules
    with pytest.raises(ConfigError, match="unknown list"):
        loaded("rules: [{id: a, any: [$x], enabled: false}]\n")


RULE = "id: a, any: [$x], none: [n], outlet: o, notify: desk"
BASE = DESK + "lists: {x: [one, two]}\n"


def test_hash_stays_when_only_the_writing_changes(loaded: Write) -> None:
    first = loaded(f"{BASE}rules: [{{{RULE}}}]\n")
    again = loaded(
        DESK + "rules:\n  # moved\n  - {notify: [desk], outlet: [o], none: n, id: a,"
        " query: one OR two, on: new, examples: {match: one}}\n"
    )
    assert first.rules["a"].hash == again.rules["a"].hash
    assert first.version == again.version


@pytest.mark.parametrize(
    "change",
    [
        ("[one, two]", "[one, three]"),
        ("none: [n]", "none: [m]"),
        ("none: [n]", "all: [n]"),
        ("none: [n]", "title: [n]"),
        ("any: [$x]", "any: [{any: [$x]}]"),
        ("any: [$x]", "any: [{word: one, language: fa}, two]"),
        ("outlet: o", "language: ar"),
        ("id: a", "id: b"),
        ("notify: desk", "severity: high"),
        ("notify: desk", "notify: desk, country: SY"),
        ("notify: desk", "notify: desk, published_within: 1h"),
        ("notify: desk", "notify: desk, on: revised"),
        ("notify: desk", "notify: desk, inflect: false"),
        ("any: [$x]", "any: [$x], at_least: 2"),
        ("any: [$x]", "query: one AND two"),
        ("any: [$x]", "query: one NEAR/1 two"),
        ("any: [$x]", "regex: [one, two]"),
        ("any: [$x]", "any: [one, '=\"two\"']"),
        ("any: [$x]", "summary: [$x]"),
    ],
    ids=str,
)
def test_hash_follows_the_meaning(loaded: Write, change: tuple[str, str]) -> None:
    text = f"{BASE}rules: [{{{RULE}}}]\n"
    first, second = loaded(text), loaded(text.replace(*change))
    assert first.version != second.version
    (before,), (after,) = first.rules.values(), second.rules.values()
    assert before.hash != after.hash


def test_small_or_in_a_phrase_is_warned_of_unless_it_says_that_it_is_one(loaded: Write) -> None:
    config = loaded(
        "rules: [{id: r, any: [flood or fire, قصف أو غارة, not fire, "
        "{word: this or that}, IN OR OUT, more]}]\n"
    )
    said = [one for one in config.warnings if "as a phrase" in one.message]
    assert [one.column for one in said] == [23, 38, 51]
    assert "OR works in query: only" in said[1].hint
