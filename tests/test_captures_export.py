"""`rasid capture`: from a poll to a folder that others verify, and through deaths on the way."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from daemon import rasid, rows
from outlet import Outlet

from rasid.captures.export import SUMS

FEED = """<rss version="2.0"><channel><title>t</title>{}</channel></rss>"""
ITEM = "<item><guid>{n}</guid><title>{t}</title><link>https://paper.example/{n}</link></item>"
RULES = """\
version: 1
settings:
  capture: true
  security: {{allow_addresses: ["{address}"]}}
sources: [{{id: paper, outlet: daily, url: "{url}", language: ar}}]
receivers: [{{id: desk, urls: ["console://"]}}]
rules: [{{id: strikes, any: [قصف], notify: [desk]}}]
"""


class World:
    """A paper that packs its feed, rules, a database."""

    def __init__(self, folder: Path, outlet: Outlet) -> None:
        self.outlet = outlet
        self.folder = folder
        self.data = folder / "data"
        self.place = ["--config", folder / "rules.yaml", "--data-dir", self.data]
        self.sent = b""
        rules = RULES.format(address=outlet.address, url=outlet.url())
        (folder / "rules.yaml").write_text(rules, encoding="utf-8")

    def publish(self, *titles: str) -> None:
        items = "".join(ITEM.format(n=n, t=title) for n, title in enumerate(titles))
        self.sent = gzip.compress(FEED.format(items).encode())
        self.outlet.body("/feed", self.sent, Content_Encoding="gzip", Set_Cookie="id=1")

    def poll(self, check: int = 0, **env: str) -> None:
        rasid("once", "--all", *self.place, check=check, **env)

    def alert(self) -> str:
        (row,) = rows(rasid("alerts", "--json", *self.place))
        return str(row["id"])

    def kept(self) -> list[Path]:
        return list((self.data / "captures" / "kept").iterdir())


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return a world with one alert, through a death in a capture and one before its commit."""
    with Outlet() as outlet:
        world = World(tmp_path_factory.mktemp("filled"), outlet)
        world.publish("Rain")
        world.poll()
        world.publish("Rain", "المدفعية قصفت البلدة")
        for place in ("capture_part", "capture_kept"):
            world.poll(check=-signal.SIGKILL, RASID_FAILPOINT=place)
            assert rows(rasid("alerts", "--json", *world.place)) == []
        world.poll()
        yield world


@pytest.fixture
def world(filled: World, tmp_path: Path) -> World:
    shutil.copytree(filled.folder, tmp_path / "world")
    copy = World(tmp_path / "world", filled.outlet)
    copy.sent = filled.sent
    return copy


def exported(world: World) -> Path:
    folder = world.folder / "exported"
    (row,) = rows(rasid("capture", world.alert(), "--to", folder, "--json", *world.place))
    assert (row["alert"], row["folder"]) == (world.alert(), str(folder))
    return folder


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_Q01_a_capture_survives_deaths_and_others_can_verify_it(world: World) -> None:
    folder = exported(world)
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "README.txt", SUMS, "alert.json", "capture-1.warc", "item.json", "manifest.json",
    }  # fmt: skip
    listed = dict(reversed(line.split("  ")) for line in (folder / SUMS).read_text().splitlines())
    assert listed == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names - {SUMS}
    }
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--strict", "-c", SUMS], cwd=folder, check=True)
    checked = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", folder / "capture-1.warc"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.count("digest pass") == 3, checked.stdout
    warc = (folder / "capture-1.warc").read_bytes()
    (response,) = load(folder / "manifest.json")["captures"]["capture-1.warc"]["responses"]
    assert response["body_sha256"] == hashlib.sha256(world.sent).hexdigest()
    assert response["left_out"] == ["set-cookie"]
    assert b"\r\n\r\n" + world.sent + b"\r\n\r\n" in warc
    # the one of the last poll; that of the poll which died before its commit is not needed
    assert len(world.kept()) == 2


def test_the_alert_and_the_item_are_told_and_not_to_whom(world: World) -> None:
    folder = exported(world)
    alert, item = load(folder / "alert.json"), load(folder / "item.json")
    (evidence,) = alert["evidence"]
    assert (evidence["word"], evidence["text"]) == ("قصف", "قصفت")
    assert alert["definition"] == {"any": ["قصف"]}
    assert item["title"] == "المدفعية قصفت البلدة"
    assert (item["revision"], item["source"], item["language"]) == (1, "paper", "ar")
    assert all("desk" not in path.read_text(errors="replace") for path in folder.iterdir())
    readme = (folder / "README.txt").read_text()
    assert f"sha256sum -c {SUMS}" in readme
    assert "warcio check" in readme


def test_explain_says_that_there_is_a_capture(world: World) -> None:
    (row,) = rows(rasid("explain", world.alert(), "--json", *world.place))
    ((name, sha256),) = row["captures"].items()
    assert sha256 in {hashlib.sha256(path.read_bytes()).hexdigest() for path in world.kept()}
    said = rasid("explain", world.alert(), *world.place).stdout
    assert "rasid capture" in said
    assert name not in said


def test_a_folder_that_is_there_and_a_capture_that_changed_are_refused(world: World) -> None:
    there = world.folder / "there"
    there.mkdir()
    done = rasid("capture", world.alert(), "--to", there, *world.place, check=1)
    assert "is there already" in done.stderr
    for path in world.kept():
        path.write_bytes(path.read_bytes().replace(b"200", b"201"))
    changed = world.folder / "changed"
    done = rasid("capture", world.alert(), "--to", changed, *world.place, check=1)
    assert "is not what it was" in done.stderr
    for path in world.kept():
        path.unlink()
    done = rasid("capture", world.alert(), "--to", changed, *world.place, check=1)
    assert "cannot be read" in done.stderr
    assert not changed.exists()


def test_retention_ends_a_capture(world: World) -> None:
    config = world.folder / "rules.yaml"
    config.write_text(config.read_text().replace("capture: true", "retention: 1m"))
    age(world)
    rasid("prune", *world.place)
    assert world.kept() == []
    done = rasid("capture", world.alert(), *world.place, check=1)
    assert "nothing was captured" in done.stderr


def age(world: World) -> None:
    """Make the database and the captures two days older."""
    with closing(sqlite3.connect(world.data / "rasid.db")) as database, database:
        database.execute("UPDATE alerts SET created_at = created_at - 172800000000")
    for path in world.kept():
        dated = path.stat().st_mtime - 172_800
        os.utime(path, (dated, dated))
