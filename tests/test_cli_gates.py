"""What commands say of gates, and what an unattended round does with them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from daemon import rasid, rows
from outlet import Outlet

from rasid.archive.fate import Stage
from rasid.config import load

RULES = """\
version: 1
settings: {{time_zone: UTC, security: {{allow_addresses: ["{address}"]}}}}
outlets:
  - {{id: sana, name: SANA}}
  - {{id: enab, name: Enab Baladi}}
  - {{id: north, name: North Press}}
sources:
  - {{id: sana, outlet: sana, url: "{url}/sana"}}
  - {{id: enab, outlet: enab, url: "{url}/enab"}}
  - {{id: north, outlet: north, url: "{url}/north"}}
receivers: [{{id: desk, urls: ["console://"]}}]
rules:
  - {{id: strike, any: [غارة], outlets: {{at_least: {least}, until_then: hold}}, notify: [desk]}}
"""
FEED = '<rss version="2.0"><channel><title>f</title>{}</channel></rss>'
ITEM = "<item><title>{t}</title><link>https://{o}.example/1</link><guid>{o}-1</guid></item>"
TITLES = {
    "sana": "غارة جوية على مستودع في مدينة الميادين شرق دير الزور ومقتل خمسة عناصر",
    "enab": "دير الزور: غارة تستهدف مستودعا للذخيرة في الميادين وتقتل خمسة عناصر",
    "north": "طيران مجهول يدمر مستودعا في الميادين بريف دير الزور بعد غارة قتل فيها خمسة",
}


def test_rounds_of_cron_open_a_gate_and_commands_say_where_it_stands(tmp_path: Path) -> None:
    place = ["--config", tmp_path / "rules.yaml", "--data-dir", tmp_path / "data"]
    with Outlet() as outlet:
        url = outlet.url("")
        text = RULES.format(address=outlet.address, url=url, least=3)
        (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
        for name in TITLES:
            outlet.body(f"/{name}", FEED.format("").encode())
        rasid("once", "--all", *place)
        for name in ("sana", "enab"):
            outlet.body(f"/{name}", FEED.format(ITEM.format(t=TITLES[name], o=name)).encode())
            assert TITLES[name] not in rasid("once", "--all", *place).stdout

        (held,) = rows(rasid("why-not-sent", "https://sana.example/1", "--json", *place))
        assert (held["rule"], held["stage"]) == ("strike", Stage.GATED)
        assert held["why"] == "2 of 3 independent outlets, held until there are enough"
        (why,) = rows(rasid("why", "strike", "https://sana.example/1", "--json", *place))
        assert (why["gate"]["state"], len(why["gate"]["items"])) == ("held", 2)
        said = rasid("why", "strike", "https://sana.example/1", *place).stdout
        assert "gate: 2 of 3 independent outlets" in said

        outlet.body("/north", FEED.format(ITEM.format(t=TITLES["north"], o="north")).encode())
        told = rasid("once", "--all", *place).stdout
        assert all(title in told for title in TITLES.values())
        assert "now 3 independent outlets" in told
        (alert,) = rows(rasid("alerts", "--json", *place))
        explained = rasid("explain", alert["id"], *place).stdout
        assert "gate: 3 independent outlets (" in explained
        assert "enough independent outlets tell it" in explained
        assert f"SANA: {TITLES['sana']}" in explained
        (row,) = rows(rasid("explain", alert["id"], "--json", *place))
        gate = {"at_least": 3, "until_then": "hold"}
        assert row["definition"]["gates"] == {"outlets": gate}
        (listed,) = rows(rasid("why-not-sent", "https://sana.example/1", "--json", *place))
        assert listed["why"].endswith("told with the one that was enough")
        (sent,) = rows(rasid("why-not-sent", "https://north.example/1", "--json", *place))
        assert (sent["stage"], sent["event"]) == (Stage.DELIVERED, "corroborated")


@pytest.mark.parametrize("place", ["before_validators", "after_commit", "after_claim"])
def test_Q01_a_death_while_a_gate_opens_tells_it_once(tmp_path: Path, place: str) -> None:
    where = ["--config", tmp_path / "rules.yaml", "--data-dir", tmp_path / "data"]
    with Outlet() as outlet:
        text = RULES.format(address=outlet.address, url=outlet.url(""), least=3)
        (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
        for name in TITLES:
            outlet.body(f"/{name}", FEED.format("").encode())
        rasid("once", "--all", *where)
        told = ""
        for name, title in TITLES.items():
            outlet.body(f"/{name}", FEED.format(ITEM.format(t=title, o=name)).encode())
            if name == "north":
                dead = subprocess.run(
                    [sys.executable, "-m", "rasid", "once", "--all", *map(str, where)],
                    env={**os.environ, "RASID_FAILPOINT": place},
                    capture_output=True, text=True, timeout=60, check=False,
                )  # fmt: skip
                assert dead.returncode == -signal.SIGKILL, dead.stderr
                told += dead.stdout
            told += rasid("once", "--all", *where).stdout
        assert told.count("now 3 independent outlets") == 1
        assert all(told.count(title) == 1 for title in list(TITLES.values())[:2])
        assert len(rows(rasid("alerts", "--json", *where))) == 1


def test_check_warns_of_a_gate_that_can_never_open(tmp_path: Path) -> None:
    text = RULES.format(address="127.0.0.0/8", url="http://127.0.0.1", least=4)
    (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
    done = rasid("check", "--config", tmp_path / "rules.yaml")
    assert "outlets: asks for 4 independent ones, and its sources have 3" in done.stderr


GATES = """\
version: 1
settings: {time_zone: UTC}
outlets: [{id: sana, group: state}, {id: tishreen, group: state}, {id: enab}]
sources:
  - {id: sana, outlet: sana, url: "https://sana.example/feed"}
  - {id: tishreen, outlet: tishreen, url: "https://tishreen.example/feed"}
  - {id: enab, outlet: enab, url: "https://enab.example/feed"}
receivers: [{id: desk, urls: ["console://"]}]
rules:
  - {id: strike, any: [strike], outlets: {within: 90m}, notify: [desk]}
  - {id: power, any: [blackout], spike: {factor: 2.5}, notify: [desk]}
  - {id: front, any: [shelling], silent: 6h, source: [enab, sana], notify: [desk]}
  - {id: plain, any: [rain], notify: [desk]}
"""


def test_check_says_what_gates_ask_for(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(GATES, encoding="utf-8")
    done = rasid("check", "--config", tmp_path / "rules.yaml")
    assert done.stderr == ""
    assert done.stdout.splitlines()[-3:] == [
        "  strike: unconfirmed until 2 of 2 independent outlets say it within 90m",
        "  power: told when it matches 2.5 times as much as usual in an hour, 5 times at least",
        "  front: told when nothing of 2 sources matches for 6h",
    ]
    found = rows(rasid("check", "--json", "--config", tmp_path / "rules.yaml"))
    gates = [one for one in found if one["kind"] == "gate"]
    assert [one["rule"] for one in gates] == ["strike", "power", "front"]
    assert gates[0]["outlets"] == {"at_least": 2, "within": "90m", "until_then": "unconfirmed"}
    assert gates[1]["spike"] == {"factor": 2.5, "against": "28d", "floor": 5}
    assert (gates[2]["silent"], gates[2]["sources"]) == ("6h", 2)


def test_a_gate_is_part_of_what_a_rule_means(tmp_path: Path) -> None:
    hashes = []
    for span in ("90m", "2h"):
        path = tmp_path / "rules.yaml"
        path.write_text(GATES.replace("90m", span), encoding="utf-8")
        hashes.append({name: rule.hash for name, rule in load(path).rules.items()})
    changed = [name for name in hashes[0] if hashes[0][name] != hashes[1][name]]
    assert changed == ["strike"]
