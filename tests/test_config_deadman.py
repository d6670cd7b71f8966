"""What notices that something stops, as it is written."""

from __future__ import annotations

from typing import Any

import pytest

from rasid.settings import HOUR, MINUTE, Canary, Heartbeat


def test_nothing_is_released_or_pinged_unless_it_is_asked_for(loaded: Any) -> None:
    settings = loaded("").settings
    assert (settings.canary, settings.heartbeat) == (None, None)
    assert settings.receiver_failing_after == 15 * MINUTE


def test_what_is_not_said_is_usual(loaded: Any) -> None:
    text = "settings: {canary: {}, heartbeat: {url: 'https://x.example/${RASID_TEST_UNSET}'}}"
    settings = loaded(text).settings
    assert settings.canary == Canary(HOUR, "")
    assert settings.heartbeat == Heartbeat("https://x.example/${RASID_TEST_UNSET}", 5 * MINUTE)


def test_an_address_may_be_a_secret_as_a_whole(
    loaded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RASID_TEST_URL", "https://x.example/")
    config = loaded("settings: {heartbeat: {url: '${RASID_TEST_URL}'}}")
    assert config.settings.heartbeat.url == "${RASID_TEST_URL}"
    assert not [one for one in config.warnings if "heartbeat" in one.message]


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("heartbeat: {url: 'https://x.example/${RASID_TEST_UNSET}'}", "RASID_TEST_UNSET"),
        ("heartbeat: {url: 'http://10.0.0.1/ping'}", "10.0.0.1:80 is not public"),
        ("canary: {every: 2h}", "nobody is told when it does not arrive"),
    ],
)
def test_what_will_not_work_is_warned_of(loaded: Any, text: str, warned: str) -> None:
    said = [str(one) for one in loaded(f"settings: {{{text}}}").warnings]
    assert any(warned in one for one in said), said
