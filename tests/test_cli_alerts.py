"""`rasid alerts` and `rasid notify test` for receivers that want it otherwise."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from daemon import rasid

from rasid.alerts.lanes import LIMITED, digest_lane, quiet_lane
from rasid.models import Alert, Hold
from storage import open_storage

DUE = 1_795_431_900_000_000  # 2026-11-23 11:05 UTC
WAITING = {
    "A": (digest_lane("2026-11-27T07:00"), Hold.DIGEST, "digest of 2026-11-27 07:00"),
    "B": (
        digest_lane("2026-11-27T07:00"),
        Hold.LIMITED,
        "limited: goes into the digest of 2026-11-27 07:00",
    ),
    "C": (LIMITED, Hold.LIMITED, "limited: held until 2026-11-23 11:05 UTC"),
    "D": (
        quiet_lane("2026-11-26"),
        Hold.QUIET_HOURS,
        "quiet_hours: held until 2026-11-23 11:05 UTC",
    ),
    "E": ("4 soon", Hold.GROUP_WAIT, "group_wait: held until 2026-11-23 11:05 UTC"),
}


def ask(folder: Path, *words: str, rules: str = "version: 1\n") -> str:
    (folder / "rules.yaml").write_text(rules, encoding="utf-8")
    place = ["--config", folder / "rules.yaml", "--data-dir", folder]
    return rasid(*words, *place, COLUMNS="200").stdout


async def fill(path: Path) -> None:
    storage = open_storage(path, lambda: 0)
    for name, (lane, reason, _said) in WAITING.items():
        alert = Alert(name * 26, "r", "h", "t", "desk", f"item:{name}", 1, {"title": name})
        await storage.write(lambda tx, one=alert: tx.add_alert(one))
        await storage.write(
            lambda tx, one=alert.id, where=lane, why=reason: tx.hold(
                [one], DUE, lane=where, reason=why
            )
        )
    await storage.close()


def test_alerts_say_for_what_they_wait(tmp_path: Path) -> None:
    asyncio.run(fill(tmp_path / "rasid.db"))
    told = ask(tmp_path, "alerts")
    rows = [json.loads(line) for line in ask(tmp_path, "alerts", "--json").splitlines()]
    for name, (lane, reason, said) in WAITING.items():
        (line,) = (line for line in told.splitlines() if line.startswith(f" {name * 10}"))
        assert said in line
        (row,) = (row for row in rows if row["id"] == name * 26)
        assert (row["state"], row["reason"], row["lane"]) == ("pending", reason, lane)
        assert row["due_at"] == "2026-11-23T11:05:00Z"


def test_a_test_message_shows_an_alert_as_the_receiver_will_have_it(tmp_path: Path) -> None:
    rules = (
        "version: 1\nreceivers:\n"
        "  - {id: day, urls: ['console://'], language: ar, quiet_hours: {from: 0:00, to: 23:59}}\n"
        "  - {id: wire, urls: ['console://'], template: 'NEWS {{ title }} {{ link }}'}\n"
    )
    told = ask(tmp_path, "notify", "test", rules=rules).replace("\u2068", "").replace("\u2069", "")
    assert "القاعدة test، التنبيه" in told
    assert "NEWS قصف: test of Rasid https://news.example/test" in told
