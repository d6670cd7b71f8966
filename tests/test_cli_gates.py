"""What commands say of gates, and what an unattended round does with them."""

from __future__ import annotations

from pathlib import Path

from daemon import rasid, rows
from outlet import Outlet

from rasid.archive.fate import Stage

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
        (row,) = rows(rasid("explain", alert["id"], "--json", *place))
        gate = {"at_least": 3, "until_then": "hold"}
        assert row["definition"]["gates"] == {"outlets": gate}
        (listed,) = rows(rasid("why-not-sent", "https://sana.example/1", "--json", *place))
        assert listed["why"].endswith("told with the one that was enough")
        (sent,) = rows(rasid("why-not-sent", "https://north.example/1", "--json", *place))
        assert (sent["stage"], sent["event"]) == (Stage.DELIVERED, "corroborated")


def test_check_warns_of_a_gate_that_can_never_open(tmp_path: Path) -> None:
    text = RULES.format(address="127.0.0.0/8", url="http://127.0.0.1", least=4)
    (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
    done = rasid("check", "--config", tmp_path / "rules.yaml")
    assert "outlets: asks for 4 independent ones, and its sources have 3" in done.stderr
