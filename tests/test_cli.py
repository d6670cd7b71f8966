"""Commands as a person types them."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from daemon import rasid, rows
from outlet import RSS, Outlet
from test_daemon import Sink

from rasid.cli import COMMANDS, command
from rasid.items.links import link_key


def test_every_command_has_help() -> None:
    listed = rasid("--help").stdout
    for name in COMMANDS:
        assert name in listed
        told = CliRunner().invoke(command, [name, "--help"])
        assert (told.exit_code, told.output[:6]) == (0, "Usage:")


@pytest.mark.parametrize("command", ["run", "once"])
def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path, command: str) -> None:
    rasid("init", tmp_path)
    (tmp_path / "data" / "rasid.lock").mkdir(parents=True)  # refuses even root
    (tmp_path / "file").touch()
    for folder in (tmp_path / "data", tmp_path / "file" / "data"):
        told = rasid(
            command, "--config", tmp_path / "rules.yaml", "--data-dir", folder, check=1
        ).stderr
        assert f"cannot write to the data folder {folder}: " in told
        assert "Traceback" not in told


def test_doctor_fails_on_a_data_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch(mode=0o600)  # of what no folder is, root cannot make one either
    for folder in (tmp_path / "file", tmp_path / "file" / "data"):
        place = ("--config", tmp_path / "rules.yaml", "--data-dir", folder)
        found = {row["check"]: row for row in rows(rasid("doctor", "--json", *place, check=1))}
        assert found["data folder"]["verdict"] == "fail"
        assert str(folder) in found["data folder"]["detail"]


def test_init_check_and_a_second_init(tmp_path: Path) -> None:
    rasid("init", tmp_path, "--time-zone", "Asia/Damascus")
    text = (tmp_path / "rules.yaml").read_text(encoding="utf-8")
    assert "time_zone: Asia/Damascus" in text
    checked = rasid("check", "--config", tmp_path / "rules.yaml", "--data-dir", tmp_path)
    assert "3 of 3 examples" in checked.stdout
    assert "nothing was written" in rasid("init", tmp_path, check=1).stderr
    assert (tmp_path / "rules.yaml").read_text(encoding="utf-8") == text


def test_parse_shows_a_file_and_an_address(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(RSS)
    items = rows(rasid("parse", path, "--json"))
    assert [item["title"] for item in items] == ["قصف على الميادين", "Rain in Idlib"]
    expected = {"guid", "title", "link", "link_key", "published", "summary", "language"}
    assert set(items[0]) == expected
    assert [item["link_key"] for item in items] == [link_key(item["link"]) for item in items]
    assert all(item["link_key"] for item in items)
    with Outlet() as outlet:
        outlet.body("/feed")
        config = tmp_path / "rules.yaml"
        none = {"RASID_CONFIG": str(config), "RASID_DATA_DIR": str(tmp_path / "data")}
        refused = rasid("parse", outlet.url(), "--json", check=1, **none)
        assert "blocked_address" in refused.stderr
        config.write_text(
            f"version: 1\nsettings: {{security: {{allow_addresses: ['{outlet.address}']}}}}\n"
        )
        assert rows(rasid("parse", outlet.url(), "--json", "--config", config)) == items


def test_sources_of_every_kind_are_tested(tmp_path: Path) -> None:
    page = b"<article><a href='/1'>Rain in Idlib</a></article>"
    sitemap = b"<urlset><url><loc>/1</loc></url></urlset>"
    config = tmp_path / "rules.yaml"
    with Outlet() as outlet:
        outlet.body("/page", page)
        outlet.body("/sitemap", sitemap)
        config.write_text(
            f"version: 1\nsettings: {{security: {{allow_addresses: ['{outlet.address}']}}}}\n"
            "sources:\n"
            f"  - {{id: a, outlet: o, url: '{outlet.url('/page')}', kind: page,"
            " select: {item: article}}\n"
            f"  - {{id: b, outlet: o, url: '{outlet.url('/sitemap')}', kind: sitemap}}\n"
            f"  - {{id: c, outlet: o, url: '{outlet.url('/page')}', kind: page,"
            " select: {item: li}}\n"
        )
        found = rows(rasid("sources", "test", "--all", "--json", "--config", config, check=1))
    assert [row["items"] for row in found] == [1, 1, 0]
    assert found[2]["reason"] == "nothing_found"
    assert found[2]["detail"] == 'selector finds nothing: item: "li"'


def test_a_suggested_source_can_be_written_into_the_configuration(tmp_path: Path) -> None:
    row = "<article class='card'><a href='/{0}'>A headline of the day {0}</a></article>"
    config = tmp_path / "rules.yaml"
    with Outlet() as outlet:
        outlet.body("/page", "".join(map(row.format, range(4))).encode())
        allowed = f"version: 1\nsettings: {{security: {{allow_addresses: ['{outlet.address}']}}}}\n"
        config.write_text(allowed)
        written = rasid("sources", "suggest", outlet.url("/page"), "--config", config).stdout
        (found,) = rows(
            rasid("sources", "suggest", outlet.url("/page"), "--json", "--config", config)
        )
        assert found["select"] == {"item": "article.card"}
        assert "# A headline of the day 0" in written
        config.write_text(allowed + written)
        (tested,) = rows(rasid("sources", "test", "--all", "--json", "--config", config))
        assert tested["items"] == 4
        none = rasid("sources", "suggest", outlet.url("/none"), "--config", config, check=1)
    assert "http_status" in none.stderr


def test_parse_reads_what_it_is_told_a_file_is(tmp_path: Path) -> None:
    path = tmp_path / "sitemap.xml"
    path.write_text("<urlset><url><loc>https://outlet.example/1</loc></url></urlset>")
    (item,) = rows(rasid("parse", path, "--kind", "sitemap", "--json"))
    assert (item["link"], item["title"]) == ("https://outlet.example/1", "")
    assert "kind: sitemap" in rasid("parse", path, check=1).stderr


def test_a_feed_that_is_none_fails(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<html><body>Sign in</body></html>")
    assert "not_a_feed" in rasid("parse", path, check=1).stderr


@dataclass
class Polled:
    """A place after its first round: one of two items matched, the alert was sent."""

    config: Path
    data: Path
    tested: list[dict[str, Any]]
    notified: list[dict[str, Any]]
    received: int

    @property
    def place(self) -> list[str]:
        return ["--config", str(self.config), "--data-dir", str(self.data)]

    def ask(self, *command: object) -> list[dict[str, Any]]:
        return rows(rasid(*command, "--json", *self.place))


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Polled:
    """Poll and deliver once; tests of one command only read it."""
    folder = tmp_path_factory.mktemp("polled")
    config, sink = folder / "rules.yaml", Sink()
    with Outlet() as outlet:
        outlet.body("/feed")
        allowed = json.dumps([outlet.address, sink.address])
        config.write_text(
            "version: 1\nsettings: {backfill_alerts: 1, "
            f"security: {{allow_addresses: {allowed}}}}}\n"
            f"sources: [{{id: paper, outlet: paper, url: '{outlet.url()}'}}]\n"
            f"receivers: [{{id: desk, urls: ['json://{sink.address}/']}}]\n"
            "rules: [{id: strikes, any: [قصف], notify: [desk]}]\n",
            encoding="utf-8",
        )
        made = Polled(config, folder / "data", [], [], 0)
        made.tested = made.ask("sources", "test", "--all")
        made.notified = made.ask("notify", "test")
        rasid("once", *made.place)
    made.received = len(sink.bodies)
    sink.close()
    return made


@pytest.fixture
def own(polled: Polled, tmp_path: Path) -> Polled:
    """Return a copy of it, to be changed."""
    shutil.copytree(polled.data, tmp_path / "data")
    return replace(polled, data=tmp_path / "data")


def test_sources_and_receivers_are_tested_without_storing(polled: Polled) -> None:
    assert (polled.tested[0]["items"], polled.notified[0]["outcome"]) == (2, "success")
    assert polled.received == 2  # the test and the alert


def test_items_are_listed_and_found(polled: Polled) -> None:
    assert len(polled.ask("items")) == 2
    assert [item["title"] for item in polled.ask("items", "idlib")] == ["Rain in Idlib"]


def test_alerts_are_listed(polled: Polled) -> None:
    (alert,) = polled.ask("alerts")
    assert (alert["state"], alert["title"]) == ("sent", "قصف على الميادين")


def test_an_id_of_a_table_is_taken_by_the_commands_that_need_one(polled: Polled) -> None:
    alerts = rasid("alerts", *polled.place).stdout.split()
    short = polled.ask("alerts")[0]["id"][-10:]
    assert short in alerts
    assert "قصف" in rasid("explain", short, *polled.place).stdout
    for found in (("items",), ("search", "قصف")):
        name = polled.ask(*found)[-1]["id"]
        assert name in rasid(*found, *polled.place).stdout.split()
        assert "Rule strikes" in rasid("why", "strikes", name, *polled.place).stdout


def test_a_first_poll_that_alerted_says_so(polled: Polled) -> None:
    (alert,) = polled.ask("alerts")
    name = alert["subject"].removeprefix("item:")
    told = rasid("why", "strikes", name, *polled.place).stdout
    assert "alerts on nothing" not in told
    assert "backfill_alerts" in told


def test_a_data_folder_that_check_makes_is_for_its_owner(tmp_path: Path) -> None:
    rasid("init", tmp_path)
    place = ("--config", tmp_path / "rules.yaml", "--data-dir", tmp_path / "data")
    rasid("check", *place)
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    found = {row["check"]: row["verdict"] for row in rows(rasid("doctor", "--json", *place))}
    assert found["data folder"] == "ok"


def test_nothing_enabled_and_nothing_polled_are_said(own: Polled, tmp_path: Path) -> None:
    rasid("init", tmp_path)
    starter = tmp_path / "rules.yaml"
    starter.write_text("version: 1\n", encoding="utf-8")
    tested = rasid("sources", "test", "--all", "--config", starter, check=1)
    assert "no source is enabled" in tested.stderr
    assert 'no source "nope"' in rasid("items", "--source", "nope", *own.place, check=2).stderr
    assert len(own.ask("items", "--source", "paper")) == 2


def test_once_says_what_may_have_been_missed(own: Polled) -> None:
    (row,) = rows(rasid("once", "--all", "--json", *own.place, check=1))  # its outlet is gone
    assert (row["possible_gap"], row["dropped"]) == (False, 0)
    told = rasid("once", "--all", *own.place, check=1).stdout
    assert "possible gap" in told
    assert "dropped" in told


def test_the_version_is_an_option_too() -> None:
    assert rasid("--version").stdout == rasid("version").stdout


def test_backtest_heads_with_the_period_that_was_asked_for(polled: Polled) -> None:
    told = rasid("backtest", "--since", "10m", *polled.place).stdout
    assert told.startswith("2 stored items, first seen in the last 10 minutes\n")


def test_a_table_breaks_no_time_and_no_id(polled: Polled, tmp_path: Path) -> None:
    (row,) = polled.ask("rules")
    told = rasid("rules", *polled.place).stdout
    assert f" {row['version'][:8]} " in told
    assert row["since"][:16].replace("T", " ") in told
    feed = tmp_path / "feed.xml"
    feed.write_bytes(RSS.replace(b"Rain in Idlib", b"Rain in Idlib, " * 20))
    lines = rasid("parse", feed).stdout.splitlines()
    assert "published UTC" in lines[0] or "published UTC" in lines[1]
    assert sum("Rain" in line for line in lines) == 1
    assert max(map(len, lines)) <= 80


def test_a_receiver_is_told_by_the_place_of_its_url(polled: Polled) -> None:
    assert polled.notified[0]["url"] == "1: json"


def test_a_disabled_source_is_not_polled(own: Polled) -> None:
    rasid("sources", "disable", "paper", *own.place)
    assert own.ask("sources")[0]["state"] == "disabled"
    assert own.ask("once", "--all") == []
    rasid("sources", "enable", "paper", *own.place)
    assert own.ask("sources")[0]["state"] == "ok"


def test_status_counts(polled: Polled) -> None:
    (status,) = polled.ask("status")
    assert (status["alerts_sent"], status["sources_enabled"], status["rules"]) == (1, 1, 1)


def test_status_works_with_an_invalid_configuration(own: Polled, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("version: 1\nruls: []\n", encoding="utf-8")
    place = ("--config", broken, "--data-dir", own.data)
    told = rasid("status", "--json", *place, check=2)
    assert "did you mean" in told.stderr
    (status,) = rows(told)
    assert (status["sources_enabled"], status["rules"]) == (1, None)


def test_doctor_finds_nothing_wrong(polled: Polled) -> None:
    assert "fail" not in {row["verdict"] for row in polled.ask("doctor")}


def test_health_fails_without_a_daemon(polled: Polled) -> None:
    assert "no daemon" in rasid("health", *polled.place, check=1).stdout


def test_a_backup_is_restored(own: Polled, tmp_path: Path) -> None:
    rasid("backup", tmp_path / "copy.db", *own.place)
    with sqlite3.connect(own.data / "rasid.db") as database:
        database.execute("DELETE FROM deliveries")
        database.execute("DELETE FROM alerts")
    database.close()
    assert own.ask("alerts") == []
    assert "the old database is" in rasid("restore", tmp_path / "copy.db", *own.place).stdout
    assert len(own.ask("alerts")) == 1


def test_nothing_is_pruned_before_its_time(own: Polled) -> None:
    assert rasid("prune", *own.place).stdout == "0 items pruned\n"


def test_dead_alerts_are_retried_and_dropped(tmp_path: Path) -> None:
    with Outlet() as outlet:
        outlet.body("/feed")
        config = tmp_path / "rules.yaml"
        config.write_text(
            "version: 1\nsettings: {backfill_alerts: 1, "
            f"security: {{allow_addresses: ['{outlet.address}']}}}}\n"
            f"sources: [{{id: paper, outlet: paper, url: '{outlet.url()}'}}]\n"
            f"receivers: [{{id: desk, urls: ['json://{outlet.address}/gone']}}]\n"
            "rules: [{id: strikes, any: [قصف], notify: [desk]}]\n",
            encoding="utf-8",
        )
        place = ["--config", config, "--data-dir", tmp_path / "data"]
        rasid("once", *place, check=1)
    (alert,) = rows(rasid("alerts", "--state", "dead", "--json", *place))
    assert alert["reason"] == "refused"
    assert rasid("alerts", "retry", "--dead", *place).stdout == "1 alert will be sent again\n"
    assert rows(rasid("alerts", "--json", *place))[0]["state"] == "pending"
    short = alert["id"][-10:]  # as a message shows it
    assert rasid("alerts", "drop", short, *place).stdout == "1 alert dropped\n"
    assert rows(rasid("alerts", "--json", *place))[0]["state"] == "dropped"
    for name, why in (("WRONG", "no alert has the id WRONG"), (short, "is dropped and stays so")):
        refused = rasid("alerts", "retry", name, *place, check=1)
        assert refused.stdout == "0 alerts will be sent again\n"
        assert why in refused.stderr
    letter = alert["id"][0]
    assert (
        f"no alert has the id {letter};" in rasid("alerts", "drop", letter, *place, check=1).stderr
    )


def test_the_configuration_schema_is_json() -> None:
    assert json.loads(rasid("config", "schema").stdout)["type"] == "object"


def test_O04_a_title_stays_on_one_line(tmp_path: Path) -> None:
    import logging

    from rasid.logs import configure

    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    configure()
    formatter = root.handlers[0].formatter
    root.handlers[:], _ = before, root.setLevel(level)
    assert formatter is not None
    record = logging.LogRecord("rasid", logging.INFO, "", 1, "t: %s", ("\nERROR \x1b\u202e",), None)
    line = formatter.format(record)
    assert "\n" not in line
    assert "\\nERROR \\x1b\\u202e" in line


def test_items_tell_what_changed(tmp_path: Path) -> None:
    from newsroom import item, make_newsroom

    async def publish() -> str:
        room = make_newsroom(tmp_path)
        await room.show("front", [item(1, "Blast kills 3")])
        await room.show("front", [item(1, "Blast kills 5")])
        (stored,) = await room.storage.read(lambda view: view.items())
        await room.storage.close()
        return stored.id

    (tmp_path / "data").mkdir(mode=0o700)
    identity = asyncio.run(publish())
    (tmp_path / "rasid.db").rename(tmp_path / "data" / "rasid.db")
    place = ["--config", str(tmp_path / "rules.yaml"), "--data-dir", str(tmp_path / "data")]
    (row,) = rows(rasid("items", "--changes", identity, "--json", *place))
    assert (row["revision"], row["field"], row["numbers"]) == (2, "title", ["3 → 5"])
    assert rasid("items", "--changes", identity, *place).stdout.split()[-3:] == ["3", "→", "5"]
    assert "no item is stored" in rasid("items", "--changes", "zz", *place, check=2).stderr


def test_items_say_what_is_withdrawn(tmp_path: Path) -> None:
    from newsroom import START, item, make_newsroom

    async def publish() -> None:
        room = make_newsroom(tmp_path)
        await room.show("front", [item(1, "Taken away"), item(2, "Still there")])
        stored = await room.storage.read(lambda view: view.items())
        gone = [one.id for one in stored if one.title == "Taken away"]
        await room.storage.write(lambda tx: tx.mark_withdrawn(gone, START))
        await room.storage.close()

    (tmp_path / "data").mkdir(mode=0o700)
    asyncio.run(publish())
    (tmp_path / "rasid.db").rename(tmp_path / "data" / "rasid.db")
    place = ["--config", str(tmp_path / "rules.yaml"), "--data-dir", str(tmp_path / "data")]
    found = {row["title"]: row["withdrawn"] for row in rows(rasid("items", "--json", *place))}
    assert found == {"Taken away": "2026-09-21T14:13:20Z", "Still there": found["Still there"]}
    assert not found["Still there"]
