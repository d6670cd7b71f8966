"""Rounds of `rasid once`, with what a person decides of sources between them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from daemon import rasid, rows
from outlet import Outlet

from rasid.settings import DAY


def test_a_gone_source_that_is_enabled_is_polled_again(tmp_path: Path) -> None:
    config = tmp_path / "rules.yaml"
    place = ["--config", config, "--data-dir", tmp_path / "data"]
    with Outlet() as outlet:
        config.write_text(
            "version: 1\n"
            f"settings: {{security: {{allow_addresses: {json.dumps([outlet.address])}}}}}\n"
            f"sources: [{{id: paper, outlet: paper, url: '{outlet.url()}'}}]\n",
            encoding="utf-8",
        )
        outlet.answer("/feed", 410)
        rasid("once", *place, check=1)
        assert rows(rasid("sources", "--json", *place))[0]["state"] == "gone"
        rasid("once", *place)
        outlet.body("/feed")
        rasid("sources", "enable", "paper", *place)
        rasid("once", *place)
        assert len(outlet.asked()) == 2
    assert rows(rasid("sources", "--json", *place))[0]["state"] == "ok"


def test_rounds_of_one_day_ask_for_robots_txt_once(tmp_path: Path) -> None:
    config = tmp_path / "rules.yaml"
    place = ["--config", config, "--data-dir", tmp_path / "data"]
    with Outlet() as open_, Outlet() as shut, Outlet() as failing:
        outlets = {"open": open_, "shut": shut, "failing": failing}
        config.write_text(
            "version: 1\n"
            "settings: {security: {allow_addresses: "
            f"{json.dumps([one.address for one in outlets.values()])}}}}}\n"
            "sources:\n"
            + "".join(
                f"  - {{id: {name}, outlet: {name}, url: '{one.url()}'}}\n"
                for name, one in outlets.items()
            ),
            encoding="utf-8",
        )
        open_.answer("/robots.txt", 404)
        shut.answer("/robots.txt", 200, b"User-agent: *\nDisallow: /feed")
        failing.answer("/robots.txt", 503)
        for outlet in outlets.values():
            outlet.body("/feed")

        def round_() -> dict[str, int]:
            rasid("once", "--all", *place, check=1)
            return {name: len(one.asked("/robots.txt")) for name, one in outlets.items()}

        assert round_() == {"open": 1, "shut": 1, "failing": 1}
        assert round_() == {"open": 1, "shut": 1, "failing": 2}
        assert (len(open_.asked()), len(shut.asked()), len(failing.asked())) == (2, 0, 0)
        age(tmp_path, "robots", "at")
        assert round_() == {"open": 2, "shut": 2, "failing": 3}


def age(folder: Path, table: str, column: str, where: str = "TRUE") -> None:
    """Set a time in a database back by a day."""
    with closing(sqlite3.connect(folder / "data" / "rasid.db")) as database, database:
        changed = f"UPDATE {table} SET {column} = {column} - {DAY} WHERE {where}"
        assert database.execute(changed).rowcount > 0


def test_once_deletes_what_is_past_retention_once_a_day(tmp_path: Path) -> None:
    config = tmp_path / "rules.yaml"
    place = ["--config", config, "--data-dir", tmp_path / "data"]
    with Outlet() as outlet:
        config.write_text(
            "version: 1\n"
            "settings:\n"
            "  retention: 1h\n"
            f"  security: {{allow_addresses: {json.dumps([outlet.address])}}}\n"
            f"sources: [{{id: paper, outlet: paper, url: '{outlet.url()}'}}]\n",
            encoding="utf-8",
        )
        outlet.body("/feed")
        rasid("once", *place)
        outlet.body("/feed", b"<rss version='2.0'><channel><title>T</title></channel></rss>")
        age(tmp_path, "items", "first_seen")
        age(tmp_path, "sightings", "last_at")
        rasid("once", "--all", *place)
        assert len(rows(rasid("items", "--json", *place))) == 2
        age(tmp_path, "meta", "value", "key = 'upkeep_at'")
        rasid("once", "--all", *place)
    assert rows(rasid("items", "--json", *place)) == []
