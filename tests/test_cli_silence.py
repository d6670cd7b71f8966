"""`rasid silence`: what people type, and what comes of it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from daemon import rasid

from rasid.alerts.lanes import silence_lane
from rasid.models import Alert, Hold, Silence
from storage import open_storage

RULES = """\
version: 1
sources: [{id: paper, outlet: daily, url: "https://paper.example/feed"}]
receivers: [{id: desk, urls: ["console://"]}]
rules: [{id: strikes, any: [strike], notify: [desk]}]
"""


@pytest.fixture
def place(tmp_path: Path) -> list[object]:
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    return ["--config", tmp_path / "rules.yaml", "--data-dir", tmp_path / "data"]


def rows(place: list[object], *words: str) -> list[dict[str, Any]]:
    told = rasid("silence", *words, "--json", *place).stdout
    return [json.loads(line) for line in told.splitlines()]


def test_a_silence_is_added_listed_and_ended(place: list[object]) -> None:
    words = ("--rule", "strikes", "--outlet", "daily", "--severity", "high", "--for", "2h")
    (made,) = rows(place, "add", *words, "--reason", "drill", "--by", "Sami")
    assert (made["author"], made["reason"], made["state"]) == ("Sami", "drill", "on")
    assert made["matchers"] == {"rule": ["strikes"], "outlet": ["daily"], "severity": ["high"]}
    (listed,) = rows(place, "list")
    assert listed == made
    told = rasid("silence", "list", *place, COLUMNS="160").stdout
    assert "rule: strikes, outlet: daily, severity: high" in told
    (over,) = rows(place, "end", made["id"][-10:].lower(), "--by", "Rima")
    assert (over["state"], over["ended_by"]) == ("over", "Rima")
    assert rows(place, "list") == []
    assert len(rows(place, "list", "--all")) == 1
    assert "is over" in rasid("silence", "end", made["id"], *place).stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--for", "2h", "--reason", "x"], "say what: --rule"),
        (["--rule", "strikes", "--reason", "x"], "Missing option '--for'"),
        (["--rule", "strikes", "--for", "2h"], "Missing option '--reason'"),
        (["--rule", "strikes", "--for", "2h", "--reason", " "], "a reason must not be empty"),
        (["--rule", "strikes", "--for", "91d", "--reason", "x"], "90d at most"),
        (["--rule", "strike", "--for", "2h", "--reason", "x"], "no rule is called strike"),
        (["--story", "01X", "--for", "2h", "--reason", "x"], "no story has the item 01X"),
        (["--severity", "grave", "--for", "2h", "--reason", "x"], "'grave' is not one of"),
    ],
)
def test_a_silence_that_would_silence_nothing_is_refused(
    place: list[object], words: list[str], said: str
) -> None:
    done = rasid("silence", "add", *words, *place, check=2)
    assert said in " ".join(done.stderr.split())


def test_an_unknown_silence_is_said_so(place: list[object]) -> None:
    assert "no silence has the id 01X" in rasid("silence", "end", "01X", *place, check=1).stderr


async def silenced(path: Path) -> None:
    storage = open_storage(path, lambda: 1)
    silence = Silence(
        "01SILENCE", {"rule": ("strikes",)}, "Rima", "drill", 1, 1_800_000_000_000_000
    )
    facts = {"kind": "item", "title": "قصف"}
    alert = Alert("A" * 26, "strikes", "h", "t", "desk", "item:1", 1, facts)
    await storage.write(lambda tx: [tx.save_silence(silence), tx.add_alert(alert)])
    lane, reason = silence_lane(silence.id), Hold.SILENCED
    await storage.write(lambda tx: tx.hold([alert.id], silence.ends_at, lane=lane, reason=reason))
    await storage.close()


def test_explain_says_who_keeps_an_alert_back(place: list[object], tmp_path: Path) -> None:
    asyncio.run(silenced(tmp_path / "data" / "rasid.db"))
    said = rasid("explain", "A" * 26, *place).stdout
    assert "Silenced by Rima until 2027-01-15T08:00:00Z: drill" in said
    assert "silenced: held until 2027-01-15 08:00 UTC" in said
