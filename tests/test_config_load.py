"""What a valid rules.yaml becomes."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rasid.config
from rasid.config import digest, load, schema_json, starter
from rasid.config.schemes import LOCAL, SCHEMES
from rasid.errors import ConfigError
from rasid.settings import (
    DAY,
    HOUR,
    MINUTE,
    Auth,
    Condition,
    Config,
    Near,
    ReceiverUrl,
    Regex,
    Term,
    Times,
)

Write = Callable[..., Config]
DESK = 'receivers: [{id: desk, urls: ["console://"]}]\n'


@pytest.fixture
def loaded(tmp_path: Path) -> Write:
    def write(text: str, **others: str) -> Config:
        for name, content in others.items():
            (tmp_path / f"{name}.yaml").write_text(content, encoding="utf-8")
        path = tmp_path / "rules.yaml"
        path.write_text(f"version: 1\n{text}", encoding="utf-8")
        return load(path)

    return write


def test_version_alone_is_valid(loaded: Write) -> None:
    config = loaded("")
    assert not config.rules
    assert config.settings == Config().settings
    assert any("time_zone is not set" in warning.message for warning in config.warnings)


def test_empty_sections_are_absent(loaded: Write) -> None:
    config = loaded("settings:\nsources:\nrules: []\nlists:\ninclude: []\n")
    assert not config.rules
    assert not config.sources


@pytest.mark.parametrize("word", ["NO", "yes", "22:30", "007", "1e3", "0x1F", "null", "~", "on"])
def test_R04_scalars_stay_strings(loaded: Write, word: str) -> None:
    if word == "~":  # has neither letter nor digit, but is read as the text it is
        with pytest.raises(ConfigError, match='"~" has no letter'):
            loaded(f"rules: [{{id: a, any: [{word}]}}]\n")
        return
    config = loaded(f"rules: [{{id: a, any: [{word}]}}]\nlists: {{x: [{word}]}}\n")
    assert config.rules["a"].condition.any == (Term(word),)


def test_source_with_every_key(loaded: Write) -> None:
    config = loaded(
        "sources:\n  - {id: a.b_c-1, outlet: o, url: 'https://h.example/a', every: 2h,"
        " language: zh-Hant, enabled: false, auth: {username: u, password: '${PATH}'},"
        " headers: {X-A: '1'}, proxy: 'http://u:p@proxy:3128', tls_verify: false,"
        " robots: false, text: feed, backfill_alerts: 2, kind: feed}\n"
    )
    source = config.sources["a.b_c-1"]
    assert (source.url, source.every, source.language) == (
        "https://h.example/a",
        2 * HOUR,
        "zh-hant",
    )
    assert (source.enabled, source.tls_verify, source.robots) == (False, False, False)
    assert source.auth == Auth("u", "${PATH}")
    assert (dict(source.headers), source.backfill_alerts) == ({"X-A": "1"}, 2)
    assert config.outlet_of(source).name == "o"


def test_settings(loaded: Write) -> None:
    settings = loaded(
        DESK + "settings: {time_zone: Asia/Damascus, ops_receiver: desk, fallback_receiver: desk,"
        " retention: 2w, dead_letter_after: 90m, too_old: 1d, backfill_alerts: 3, noisy_rule: 7,"
        " security: {allow_addresses: ['127.0.0.1:80', '[::1]:8080', 10.0.0.0/8]}}\n"
    ).settings
    assert (settings.time_zone, settings.retention) == ("Asia/Damascus", 14 * DAY)
    assert (settings.dead_letter_after, settings.too_old) == (90 * MINUTE, DAY)
    assert settings.noisy_rule == 7
    assert settings.allow_addresses == ("127.0.0.1:80", "[::1]:8080", "10.0.0.0/8")


def test_receiver_keeps_templates_and_warns_of_a_missing_secret(
    loaded: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RASID_TEST_TOKEN", "very-secret")
    monkeypatch.delenv("RASID_TEST_ABSENT", raising=False)
    config = loaded(
        "receivers:\n  - id: desk\n    urls:\n"
        "      - tgram://${RASID_TEST_TOKEN}/1\n"
        "      - {id: hook, url: 'json://${RASID_TEST_ABSENT}'}\n"
        "      - ${RASID_TEST_TOKEN}\n"
    )
    assert config.receivers["desk"].urls == (
        ReceiverUrl("tgram://${RASID_TEST_TOKEN}/1"),
        ReceiverUrl("json://${RASID_TEST_ABSENT}", "hook"),
        ReceiverUrl("${RASID_TEST_TOKEN}"),
    )
    missing = [str(one) for one in config.warnings if "RASID_TEST" in one.message]
    assert len(missing) == 1
    assert "RASID_TEST_ABSENT} is not set" in missing[0]
    assert "rules.yaml:6:9: " in missing[0]
    assert "very-secret" not in repr(config)


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


def test_warnings(loaded: Write) -> None:
    config = loaded(
        "sources: [{id: s, outlet: enab, url: 'https://h.example/', every: 1m}]\n"
        "outlets: [{id: o, country: GB}]\n"
        "rules: [{id: a, any: [x], outlet: enap, country: UK}]\n"
    )
    said = "\n".join(map(str, config.warnings))
    for part in (
        "polled more often than every 5m",
        'unknown outlet "enap" (did you mean "enab"?)',
        'country: no outlet is declared in "UK" (declared are GB)',
        'rule "a" tells nobody',
        "time_zone is not set",
    ):
        assert part in said


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


def test_include(loaded: Write) -> None:
    config = loaded(
        "include: ['*_part.yaml', a_part.yaml, 'none/*.yaml']\nsettings: {too_old: 1d}\n"
        "rules: [{id: r, any: [$x], notify: desk}]\n",
        a_part=DESK + "settings: {retention: 1d}\n",
        b_part="version: 1\nlists: {x: [one]}\ninclude: [c.yaml]\n",
        c="rules: [{id: s, any: [$x], notify: desk}]\n",
    )
    assert set(config.rules) == {"r", "s"}
    assert (config.settings.too_old, config.settings.retention) == (DAY, DAY)
    assert [Path(file).name for file in config.files] == [
        "rules.yaml",
        "a_part.yaml",
        "b_part.yaml",
        "c.yaml",
    ]


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes(b"\xef\xbb\xbfversion: 1\r\nlists:\r\n  x: [one]\r\n")
    assert not load(path).rules


def test_R07_half_written_file_is_seen_again_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    whole = f"version: 1\n{DESK}rules:\n  - {{id: a, any: [one], notify: [desk]}}\n"
    path.write_text(whole, encoding="utf-8")
    files = load(path).files
    before = digest(files)
    assert digest(files) == before
    path.write_text(whole.replace("one", "two")[:-9], encoding="utf-8")
    half = digest(files)
    with pytest.raises(ConfigError):
        load(path)
    path.write_text(whole.replace("one", "two"), encoding="utf-8")
    assert len({before, half, digest(files)}) == 3
    assert load(path).rules["a"].condition.any == (Term("two"),)
    path.unlink()
    assert digest(files) not in (before, half)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Damascus"])
def test_starter_loads_without_a_warning(tmp_path: Path, zone: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(starter(time_zone=zone), encoding="utf-8")
    config = load(path)
    assert config.settings.time_zone == zone
    assert config.rules["strikes"].examples.match
    assert not config.warnings


def test_schema_is_current() -> None:
    committed = Path(rasid.config.__file__).with_name("schema.json")
    assert committed.read_text(encoding="utf-8") == schema_json()


def test_schema_allows_what_load_allows() -> None:
    schema = json.loads(schema_json())
    assert schema["required"] == ["version"]
    assert schema["additionalProperties"] is False
    rule = schema["$defs"]["RuleIn"]
    assert {"any", "all", "none", "title", "notify", "examples"} <= set(rule["properties"])
    assert rule["required"] == ["id"]
    assert schema["$defs"]["SourceIn"]["required"] == ["id", "outlet", "url"]


def test_N15_kinds_of_receivers_are_those_of_apprise() -> None:
    with warnings.catch_warnings(action="ignore"):  # plugins import what Python deprecates
        from apprise.manager_plugins import NotificationManager

        manager: Any = NotificationManager
        known = set(manager().schemas())
    assert known - LOCAL == SCHEMES - {"console"}
    assert {"file", "syslog", "dbus", "exec", "glib", "kde", "gnome", "macosx", "windows"} <= LOCAL


def test_ten_thousand_rules_load_in_linear_time(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        words = ", ".join(f"w{n}" for n in range(30))
        rules = "".join(f"  - {{id: r{n}, any: [$x, a{n}], none: [b{n}]}}\n" for n in range(count))
        path = tmp_path / "rules.yaml"
        path.write_text(f"version: 1\nlists: {{x: [{words}]}}\nrules:\n{rules}", encoding="utf-8")
        begun = time.process_time()
        assert len(load(path).rules) == count
        return time.process_time() - begun

    assert seconds(10_000) < 25 * max(seconds(1_000), 0.02)
