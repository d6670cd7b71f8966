"""Commands as a person types them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from daemon import rasid, rows
from outlet import RSS, Outlet
from test_daemon import Sink

from rasid.cli import COMMANDS

BAD = {
    "unknown key": ("any:", "anny:", "did you mean"),
    "unknown list": ("$strike", "$stike", "strike"),
    "unknown receiver": ("notify: [desk]", "notify: [desc]", "desk"),
    "bad duration": ("every: 15m", "every: 15 minutes", "15m"),
    "no rule but vetoes": ("any: [$strike]                       #", "tags: [a] #", "vetoes only"),
}


def test_every_command_has_help() -> None:
    listed = rasid("--help").stdout
    for name in COMMANDS:
        assert name in listed
        assert "Usage:" in rasid(name, "--help").stdout


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


@pytest.mark.parametrize("mistake", BAD)
def test_check_says_where_and_what_to_do(tmp_path: Path, mistake: str) -> None:
    rasid("init", tmp_path, "--time-zone", "UTC")
    path = tmp_path / "rules.yaml"
    old, new, hint = BAD[mistake]
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    said = rasid("check", "--config", path, "--data-dir", tmp_path, check=2).stderr
    assert "rules.yaml:" in said
    assert hint in said


def test_check_fails_on_a_wrong_example(tmp_path: Path) -> None:
    rasid("init", tmp_path, "--time-zone", "UTC")
    path = tmp_path / "rules.yaml"
    text = path.read_text(encoding="utf-8").replace("The harvest has begun", "An airstrike")
    path.write_text(text, encoding="utf-8")
    done = rasid("check", "--config", path, "--data-dir", tmp_path, check=1)
    assert "should not match and does" in done.stderr


def test_check_tells_programs_what_is_wrong_and_where(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    place = ("--config", path, "--data-dir", tmp_path, "--json")
    receiver = "receivers: [{id: desk, urls: ['json://desk.example/']}]\n"
    path.write_text(
        f"version: 1\n{receiver}rules:\n  - {{id: a, anny: [one], notify: [desk]}}\n"
        "  - {id: b, query: one NEAR two}\n",
        encoding="utf-8",
    )
    first, second, summary = rows(rasid("check", *place, check=2))
    assert first == {
        "kind": "mistake",
        "file": str(path),
        "line": 4,
        "column": 13,
        "message": 'rule "a": unknown key "anny"',
        "hint": 'did you mean "any"?',
    }
    assert (second["line"], second["column"]) == (5, 24)
    assert summary == {"kind": "summary", "file": str(path), "valid": False, "mistakes": 2}
    path.write_text(
        f"version: 1\n{receiver}rules: [{{id: a, any: [one], examples: {{match: [one, two]}}}}]\n",
        encoding="utf-8",
    )
    *told, summary = rows(rasid("check", *place, check=1))
    assert [row["kind"] for row in told] == ["warning", "warning", "example"]
    assert told[0]["line"] is None
    assert (summary["examples"], summary["examples_failed"]) == (2, 1)


def test_parse_shows_a_file_and_an_address(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(RSS)
    items = rows(rasid("parse", path, "--json"))
    assert [item["title"] for item in items] == ["قصف على الميادين", "Rain in Idlib"]
    expected = {"guid", "title", "link", "link_key", "published", "summary", "language"}
    assert set(items[0]) == expected
    with Outlet() as outlet:
        outlet.body("/feed")
        refused = rasid("parse", outlet.url(), "--json", check=1)
        assert "blocked_address" in refused.stderr
        config = tmp_path / "rules.yaml"
        config.write_text(
            f"version: 1\nsettings: {{security: {{allow_addresses: ['{outlet.address}']}}}}\n"
        )
        assert rows(rasid("parse", outlet.url(), "--json", "--config", config)) == items


def test_a_feed_that_is_none_fails(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<html><body>Sign in</body></html>")
    assert "not_a_feed" in rasid("parse", path, check=1).stderr


def test_sources_alerts_items_status_doctor_backup_restore(tmp_path: Path) -> None:
    sink = Sink()
    with Outlet() as outlet:
        outlet.body("/feed")
        config = tmp_path / "rules.yaml"
        allowed = json.dumps([outlet.address, sink.address])
        config.write_text(
            "version: 1\nsettings: {backfill_alerts: 1, "
            f"security: {{allow_addresses: {allowed}}}}}\n"
            f"sources: [{{id: paper, outlet: paper, url: '{outlet.url()}'}}]\n"
            f"receivers: [{{id: desk, urls: ['json://{sink.address}/']}}]\n"
            "rules: [{id: strikes, any: [قصف], notify: [desk]}]\n",
            encoding="utf-8",
        )
        place = ["--config", config, "--data-dir", tmp_path / "data"]
        assert rows(rasid("sources", "test", "--all", "--json", *place))[0]["items"] == 2
        assert rows(rasid("notify", "test", "--json", *place))[0]["outcome"] == "success"
        rasid("once", *place)
    assert len(sink.bodies) == 2  # the test and the alert
    assert len(rows(rasid("items", "--json", *place))) == 2
    assert [item["title"] for item in rows(rasid("items", "idlib", "--json", *place))] == [
        "Rain in Idlib"
    ]
    (alert,) = rows(rasid("alerts", "--json", *place))
    assert (alert["state"], alert["title"]) == ("sent", "قصف على الميادين")
    rasid("sources", "disable", "paper", *place)
    assert rows(rasid("sources", "--json", *place))[0]["state"] == "disabled"
    assert rows(rasid("once", "--all", "--json", *place)) == []
    rasid("sources", "enable", "paper", *place)
    assert rows(rasid("sources", "--json", *place))[0]["state"] == "ok"
    assert rows(rasid("status", "--json", *place))[0]["alerts_sent"] == 1
    verdicts = {row["verdict"] for row in rows(rasid("doctor", "--json", *place))}
    assert "fail" not in verdicts
    assert "no daemon" in rasid("health", *place, check=1).stdout
    rasid("backup", tmp_path / "copy.db", *place)
    with sqlite3.connect(tmp_path / "data" / "rasid.db") as database:
        database.execute("DELETE FROM deliveries")
        database.execute("DELETE FROM alerts")
    database.close()
    assert rows(rasid("alerts", "--json", *place)) == []
    assert "the old database is" in rasid("restore", tmp_path / "copy.db", *place).stdout
    assert len(rows(rasid("alerts", "--json", *place))) == 1
    assert rasid("prune", *place).stdout == "0 items pruned\n"
    sink.close()


def test_dead_alerts_are_retried_and_dropped(tmp_path: Path) -> None:
    with Outlet() as outlet:
        outlet.body("/feed")
        config = tmp_path / "rules.yaml"
        config.write_text(
            "version: 1\nsettings: {backfill_alerts: 1, "
            f"security: {{allow_addresses: ['{outlet.address}']}}}}\n"
            f"sources: [{{id: paper, outlet: paper, url: '{outlet.url()}'}}]\n"
            "receivers: [{id: desk, urls: ['json://127.0.0.1:9/']}]\n"
            "rules: [{id: strikes, any: [قصف], notify: [desk]}]\n",
            encoding="utf-8",
        )
        place = ["--config", config, "--data-dir", tmp_path / "data"]
        rasid("once", *place, check=1)
    (alert,) = rows(rasid("alerts", "--state", "dead", "--json", *place))
    assert alert["reason"] == "blocked_address"
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
