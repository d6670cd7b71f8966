"""What a valid rules.yaml becomes."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
from config_files import DESK, Write
from cpu_time import seconds

from rasid.config import digest, load, starter
from rasid.config.schemes import LOCAL, SCHEMES
from rasid.errors import ConfigError
from rasid.settings import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Auth,
    Config,
    Digest,
    Limit,
    Pace,
    QuietHours,
    ReceiverUrl,
    Term,
    Web,
)


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


RECEIVERS = """\
settings: {time_zone: Asia/Damascus}
receivers:
  - id: night
    urls: [console://]
    quiet_hours: {from: 22:00, to: 6:00, days: [fri, Saturday]}
  - {id: mail, urls: [console://], digest: {at: "0  7,19 * * *", zone: UTC, below: high}}
  - {id: chief, urls: [console://], min_severity: high, limit: {messages: 20, per: 1h}}
  - {id: desk, urls: [console://], group_wait: 30s, language: ar, template: "{{ title }}"}
rules:
  - {id: silent, any: [one], notify: [night, desk]}
  - {id: own, any: [one], notify: [mail, desk], severity: urgent}
  - {id: calm, any: [one], notify: [chief, desk], severity: low}
  - {id: grave, any: [one], notify: [night, mail, chief], severity: critical}
"""


def test_receivers_say_when_and_how_they_are_told(loaded: Write) -> None:
    night, mail, chief, desk = loaded(RECEIVERS).receivers.values()
    assert night.pace == Pace(quiet_hours=QuietHours(1320, 360, "Asia/Damascus", (4, 5)))
    assert mail.pace == Pace(digest=Digest("0 7,19 * * *", "UTC", "high"))
    assert chief.pace == Pace(limit=Limit(20, HOUR))
    assert chief.min_severity == "high"
    assert desk.pace == Pace(group_wait=30 * SECOND)
    assert (desk.language, desk.template) == ("ar", "{{ title }}")


def test_check_says_what_receivers_make_of_severities(loaded: Write) -> None:
    found = [one.message for one in loaded(RECEIVERS).warnings]
    assert found == [
        'rule "silent": has no severity, so the quiet hours of night hold it back',
        'rule "own": severity "urgent" has no rank: for mail it counts as medium',
        'rule "calm": chief takes graver alerts only: not told',
    ]


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
        'country: no outlet is declared in "UK" (the United Kingdom is GB; declared are GB)',
        'rule "a" tells nobody',
        "time_zone is not set",
    ):
        assert part in said


def test_a_private_address_that_is_not_allowed_is_warned_of(loaded: Write) -> None:
    config = loaded(
        "settings: {security: {allow_addresses: ['127.0.0.1:9']}}\n"
        "sources:\n"
        "  - {id: a, outlet: o, url: 'http://127.0.0.1:8081/'}\n"
        "  - {id: b, outlet: o, url: 'http://127.0.0.1:9/'}\n"
        "  - {id: c, outlet: o, url: 'http://127.0.0.1:8/', proxy: 'http://127.0.0.1:9'}\n"
        "receivers: [{id: desk, urls: ['json://127.0.0.1/']}]\n"
    )
    said = [one for one in config.warnings if "is not public" in one.message]
    assert [one.line for one in said] == [4, 7]
    assert 'allow_addresses: ["127.0.0.1:8081"]' in said[0].hint
    assert "127.0.0.1:80 " in said[1].message


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


def test_N15_kinds_of_receivers_are_those_of_apprise() -> None:
    with warnings.catch_warnings(action="ignore"):  # plugins import what Python deprecates
        from apprise.manager_plugins import NotificationManager

        manager: Any = NotificationManager
        known = set(manager().schemas())
    assert known - LOCAL == SCHEMES - {"console"}
    assert {"file", "syslog", "dbus", "exec", "glib", "kde", "gnome", "macosx", "windows"} <= LOCAL


def test_ten_thousand_rules_load_in_linear_time(tmp_path: Path) -> None:
    def taken(count: int) -> float:
        words = ", ".join(f"w{n}" for n in range(30))
        rules = "".join(f"  - {{id: r{n}, any: [$x, a{n}], none: [b{n}]}}\n" for n in range(count))
        path = tmp_path / "rules.yaml"
        path.write_text(f"version: 1\nlists: {{x: [{words}]}}\nrules:\n{rules}", encoding="utf-8")
        found: list[int] = []
        spent = seconds(lambda: found.append(len(load(path).rules)))
        assert found == [count]
        return spent

    assert taken(10_000) < 25 * max(taken(1_000), 0.02)


@pytest.mark.parametrize(
    ("every", "pauses"),
    [("", (15, 0, 30)), ("20m", (20, 0, 0)), ("5m to 2h", (5, 5, 120)), ("1h to 1h", (60, 0, 0))],
)
def test_how_often_a_source_is_polled(loaded: Any, every: str, pauses: tuple[int, ...]) -> None:
    said = f"every: {every}" if every else ""
    config = loaded(f"sources: [{{id: s, outlet: o, url: https://x.example/f, {said}}}]")
    source = config.sources["s"]
    assert (source.every, source.least, source.most) == tuple(m * 60_000_000 for m in pauses)


def test_W05_nothing_listens_unless_it_is_asked_for(loaded: Any) -> None:
    assert loaded("").settings.web is None
    assert loaded("settings: {web: {}}").settings.web == Web("127.0.0.1", 8080)
    assert loaded('settings: {web: {listen: "[::1]:80"}}').settings.web == Web("::1", 80)
    with pytest.raises(ConfigError, match="can be reached from other machines"):
        loaded('settings: {web: {listen: "[::]:8080"}}')
    public = loaded('settings: {web: {listen: "0.0.0.0:80", public: true}}').settings.web
    assert public == Web("0.0.0.0", 80, public=True)
