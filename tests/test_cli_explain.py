"""`rasid explain` and `rasid why`, on a database that a round of polls filled."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from daemon import rasid, rows
from outlet import Outlet

from rasid.alerts.telling import Telling
from rasid.cli.alert_reason import telling_of
from rasid.models import Alert

FEED = """<rss version="2.0"><channel><title>t</title>{}</channel></rss>"""
ITEM = "<item><guid>{n}</guid><title>{t}</title><link>https://paper.example/{n}</link></item>"
RULES = """\
version: 1
settings: {{security: {{allow_addresses: ["{address}"]}}}}
sources: [{{id: paper, outlet: daily, url: "{url}", language: ar}}]
receivers: [{{id: desk, urls: ["console://"]}}]
rules:
  - {{id: strikes, any: [{words}], notify: [desk]}}
  - {{id: english, any: [قصف], language: en, notify: [desk]}}
"""


class World:
    """A paper, the rules, a database."""

    def __init__(self, folder: Path, outlet: Outlet) -> None:
        self.outlet = outlet
        self.config = folder / "rules.yaml"
        self.place = ["--config", self.config, "--data-dir", folder / "data"]
        self.database = folder / "data" / "rasid.db"

    def rules(self, words: str) -> None:
        text = RULES.format(address=self.outlet.address, url=self.outlet.url(), words=words)
        self.config.write_text(text, encoding="utf-8")

    def publish(self, *titles: str) -> None:
        items = "".join(ITEM.format(n=n, t=title) for n, title in enumerate(titles))
        self.outlet.body("/feed", FEED.format(items).encode())
        rasid("once", "--all", *self.place)

    def ask(self, *arguments: object) -> list[dict[str, Any]]:
        return rows(rasid(*arguments, "--json", *self.place))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return a world that each test gets a copy of: filling it takes seconds."""
    with Outlet() as outlet:
        made = World(tmp_path_factory.mktemp("filled"), outlet)
        made.rules("قصف, strike")
        made.publish("Rain")
        made.publish("Rain", "المدفعية قصفت البلدة")
        yield made


@pytest.fixture
def world(tmp_path: Path, filled: World) -> World:
    shutil.copytree(filled.config.parent, tmp_path, dirs_exist_ok=True)
    return World(tmp_path, filled.outlet)


def test_D14_an_alert_says_under_which_version_it_was_raised(world: World) -> None:
    (alert,) = world.ask("alerts")
    world.rules("قصف, strike, flood")
    world.publish("Rain", "المدفعية قصفت البلدة")
    (told,) = world.ask("explain", alert["id"])
    assert told["rule_hash"] == alert["rule_hash"]
    assert told["definition"]["any"] == ["قصف", "strike"]
    assert told["version"]["in_force"] is False
    assert told["item"]["title"] == "المدفعية قصفت البلدة"
    (word,) = told["evidence"]
    assert (word["text"], word["word"], word["field"]) == ("قصفت", "قصف", "title")
    assert word["context"]["text"] == "المدفعية قصفت البلدة"
    assert word["context"]["spans"] == [[9, 13]]
    assert [one["outcome"] for one in told["deliveries"]] == ["success"]
    assert (told["story"], told["telling"]) == (told["item"]["id"], "first")
    assert told["alert"] == world.ask("explain", alert["id"][-10:].lower())[0]["alert"]
    shown = rasid("explain", alert["id"], *world.place).stdout
    assert "المدفعية ‹قصفت› البلدة" in shown
    assert "قصفت <- قصف" in shown


def test_explain_says_why_an_alert_waits_and_of_which_story(world: World) -> None:
    world.publish("Rain", "المدفعية قصفت البلدة", "المدفعية قصفت البلدة صباحا")
    waits, first = world.ask("alerts")
    (told,) = world.ask("explain", waits["id"])
    assert (told["story"], told["telling"]) == (first["facts"]["item"], "update")
    assert told["due_at"] == waits["due_at"] is not None
    shown = rasid("explain", waits["id"], *world.place).stdout
    until = waits["due_at"][:16].replace("T", " ")
    assert f"pending (story: held until {until} UTC), deliveries: 0" in shown
    assert f"Story {told['story']}: repeats what was told, and waits for more" in shown


@pytest.mark.parametrize("telling", Telling)
def test_every_way_of_telling_has_words(telling: Telling) -> None:
    alert = Alert("1", "strikes", "", "desk", "desk", "item:1", 0, facts={"telling": telling.value})
    assert telling_of(alert)


def test_explain_says_when_there_is_no_such_alert(world: World) -> None:
    assert "no alert has the id" in rasid("explain", "nothing", *world.place, check=1).stderr


def test_a_pruned_alert_still_shows_its_words(world: World) -> None:
    (alert,) = world.ask("alerts")
    with closing(sqlite3.connect(world.database)) as database, database:
        database.execute("DELETE FROM revisions")
    (told,) = world.ask("explain", alert["id"])
    assert told["evidence"][0]["context"]["text"] == "قصفت"
    assert "deleted" in rasid("explain", alert["id"], *world.place).stdout


def test_R08_why_a_stored_item_matches_or_not(world: World) -> None:
    (alert,) = world.ask("alerts")
    matching, rain = world.ask("items")
    (told,) = world.ask("why", "strikes", matching["id"][:-3])
    assert told["matches"]
    assert told["recorded"] == told["rule_hash"] == alert["rule_hash"]
    assert [one["id"] for one in told["alerts"]] == [alert["id"]]
    (by_link,) = world.ask("why", "strikes", "http://www.paper.example/1?utm_source=x")
    assert by_link == told
    (missed,) = world.ask("why", "strikes", rain["id"].lower())
    assert not missed["matches"]
    assert missed["clause"] == 'any of "قصف", "strike"'
    assert (missed["decision"], missed["only_seeded"]) == ("seeded", True)
    (excluded,) = world.ask("why", "english", matching["id"])
    assert excluded["excluded"] == "language ar; the rule asks for en"
    assert excluded["evidence"]
    shown = rasid("why", "strikes", rain["id"], *world.place).stdout
    assert "does not match" in shown
    assert "first poll of its source" in shown


def test_why_a_text_in_a_file_matches_or_not(world: World, tmp_path: Path) -> None:
    path = tmp_path / "item.json"
    path.write_text(json.dumps({"id": "x", "title": "An airstrike", "text": "A strike"}))
    (told,) = world.ask("why", "strikes", path)
    assert (told["id"], told["matches"], told["evidence"][0]["field"]) == ("x", True, "text")
    path.write_text("The strife goes on. More of it.", encoding="utf-8")
    (missed,) = world.ask("why", "strikes", path)
    assert missed["nearest"] == '"strife" in the title'


def test_why_says_what_it_does_not_know(world: World) -> None:
    wrong = rasid("why", "strike", "x", *world.place, check=2).stderr
    assert 'did you mean "strikes"?' in wrong
    assert "no stored item" in rasid("why", "strikes", "nothing", *world.place, check=1).stderr
    link = "https://paper.example/nothing"
    assert "link" in rasid("why", "strikes", link, *world.place, check=1).stderr
    both = rasid("why", "strikes", world.ask("items")[0]["id"][:4], *world.place, check=1)
    assert "several items" in both.stderr


def test_search_finds_stored_items_in_the_language_of_rules(world: World) -> None:
    (found,) = world.ask("search", "قصف AND (بلدة OR town)")
    assert found["title"] == "المدفعية قصفت البلدة"
    assert {one["text"] for one in found["evidence"]} == {"قصفت", "البلدة"}
    assert len(world.ask("search", "قصف OR rain", "--since", "1h")) == 2
    assert len(world.ask("search", "قصف OR rain", "--limit", "1")) == 1
    assert world.ask("search", "flood") == []
    assert "Rain" in rasid("search", "rain", *world.place).stdout
    assert "column 1" in rasid("search", "rain flood", *world.place, check=2).stderr
    assert "30d" in rasid("search", "rain", "--since", "x", *world.place, check=2).stderr


def test_backtest_says_what_an_edit_would_do_and_sends_only_when_told(world: World) -> None:
    world.rules("rain")
    told = world.ask("backtest", "strikes")
    (rule,) = [row for row in told if row["kind"] == "rule"]
    assert (rule["matches"], rule["gained"], rule["lost"], rule["silent"]) == (1, 1, 1, 1)
    assert rule["lost_samples"][0]["title"] == "المدفعية قصفت البلدة"
    (desk,) = [row for row in told if row["kind"] == "receiver"]
    assert (desk["alerts"], desk["alerts_before"]) == (0, 1)
    assert told[-1]["items"] == 2
    shown = rasid("backtest", *world.place).stdout
    assert "escalation is not replayed" in shown
    assert "strikes" in shown
    assert "+ daily: Rain" in shown
    assert len(world.ask("alerts")) == 1

    with world.config.open("a", encoding="utf-8") as rules:
        rules.write("  - {id: towns, any: [بلدة], notify: [desk]}\n")
    refused = rasid("backtest", "towns", "--send", *world.place, check=1)  # nobody to ask
    assert "never raised in the last 30 days: 1 alert\n" in refused.stderr
    assert len(world.ask("alerts")) == 1
    day = ("backtest", "towns", "--since", "24h", "--send", "--yes", *world.place)
    sent = rasid(*day)
    assert "not in force yet" in sent.stderr
    assert "1 alert will be sent" in sent.stderr
    assert "never raised in the last 24 h: 0 alerts" in rasid(*day).stderr
    told = {(row["rule"], row["state"]) for row in world.ask("alerts")}
    assert told == {("strikes", "sent"), ("towns", "pending")}
    rasid("once", *world.place)
    assert {row["state"] for row in world.ask("alerts", "--state", "sent")} == {"sent"}
    assert world.ask("alerts", "--state", "pending") == []


def test_backtest_compares_two_files(world: World, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    text = world.config.read_text(encoding="utf-8").replace("قصف, strike", "rain")
    other.write_text(text, encoding="utf-8")
    (rule, *_) = world.ask("backtest", "strikes", "--against", other)
    assert (rule["gained"], rule["lost"]) == (1, 1)
    assert "--since" in rasid("backtest", "--since", "x", *world.place, check=2).stderr
    assert "name the rules" in rasid("backtest", "--send", *world.place, check=2).stderr
