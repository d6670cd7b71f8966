"""Options that commands share, before and after the name of a command of a group."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from daemon import rasid, rows

from rasid import __version__, cli

CONFIG = """\
version: 1
sources: [{id: paper, outlet: paper, url: "https://paper.example/feed.xml"}]
receivers: [{id: desk, urls: ["console://"]}]
rules: [{id: strikes, any: [strike], notify: [desk]}]
"""
NO_DATA = {"run", "demo"}  # they print a log, and alerts as a terminal shows them
SHARED = ("config", "data_dir", "as_json")
HEAVY = ("scrapy", "twisted", "apprise", "pydantic", "sqlite_utils", "lark", "simplemma", "rich")
GROUPS = {
    "sources": ["disable", "paper"],
    "alerts": ["retry", "--dead"],
    "rules": ["expand", "strikes"],
}


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    """Return a configuration and a data folder that no command takes of itself."""
    config = tmp_path / "own.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    return config, tmp_path / "own"


def usual(folder: Path) -> dict[str, str]:
    """Return an environment whose places must not be touched."""
    return {"RASID_CONFIG": str(folder / "none.yaml"), "RASID_DATA_DIR": str(folder / "usual")}


@pytest.mark.parametrize("group", GROUPS)
def test_options_of_a_group_hold_for_its_commands(
    tmp_path: Path, place: tuple[Path, Path], group: str
) -> None:
    config, data = place
    rasid(group, "--config", config, "--data-dir", data, *GROUPS[group], **usual(tmp_path))
    assert data.exists()
    assert not (tmp_path / "usual").exists()


@pytest.mark.parametrize("group", GROUPS)
def test_the_options_of_a_command_come_before_those_of_its_group(
    tmp_path: Path, place: tuple[Path, Path], group: str
) -> None:
    config, data = place
    wrong = ("--config", tmp_path / "none.yaml", "--data-dir", tmp_path / "usual")
    rasid(group, *wrong, *GROUPS[group], "--config", config, "--data-dir", data)
    assert data.exists()
    assert not (tmp_path / "usual").exists()


def test_json_of_a_group_holds_for_its_commands(place: tuple[Path, Path]) -> None:
    _, data = place
    found = rows(rasid("rules", "--json", "expand", "--word", "strike", "--data-dir", data))
    assert found[0]["word"] == "strike"


@pytest.mark.parametrize(
    "given",
    [
        ("alerts", "--limit", "5", "retry", "--dead"),
        ("alerts", "--state", "dead", "drop", "--dead"),
        ("sources", "--broken", "disable", "paper"),
    ],
    ids=" ".join,
)
def test_options_of_a_list_are_refused_before_a_command(
    place: tuple[Path, Path], given: tuple[str, ...]
) -> None:
    config, data = place
    group, option, *rest = given
    said = rasid(group, "--config", config, "--data-dir", data, option, *rest, check=2).stderr
    assert f"{option} goes with `rasid {group}` alone" in said
    assert not data.exists()


def commands(command: click.Command, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """Return every command and group below one, by the words that call it."""
    if not isinstance(command, click.Group):
        return
    ctx = click.Context(command)
    for one in command.list_commands(ctx):
        below = command.get_command(ctx, one)
        assert below is not None
        words = f"{name} {one}".strip()
        yield words, below
        yield from commands(below, words)


COMMANDS = dict(commands(cli.command))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_the_common_options(name: str) -> None:
    command = COMMANDS[name]
    given = {opt for param in command.params for opt in param.opts}
    expected = {"--config", "--data-dir"} | (set() if name in NO_DATA else {"--json"})
    assert expected <= given
    assert command.get_short_help_str()
    assert all(p.help for p in command.params if isinstance(p, click.Option) and p.name in SHARED)


def test_there_are_commands_of_groups() -> None:
    assert {"alerts drop", "sources enable", "config schema", "notify test"} <= set(COMMANDS)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, json; from rasid.cli import command; command(['--help'], 'rasid', "
        "standalone_mode=False); print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stderr))
    assert "Usage:" in done.stdout
    assert "click" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_what_commands_do_is_told_as_json(tmp_path: Path) -> None:
    config, data, copy = tmp_path / "own.yaml", tmp_path / "data", tmp_path / "copy.db"
    place = ("--config", config, "--data-dir", data, "--json")
    assert rows(rasid("init", *place, "--time-zone", "Asia/Damascus")) == [
        {"file": str(config), "time_zone": "Asia/Damascus"}
    ]
    config.write_text(CONFIG, encoding="utf-8")
    for word, state in (("disable", "paused"), ("enable", "enabled")):
        done = rows(rasid("sources", word, "paper", *place))
        assert done == [{"source": "paper", "state": state}]
    assert rows(rasid("alerts", "retry", "--dead", *place)) == []
    assert [row["items"] for row in rows(rasid("prune", *place))] == [0]
    (written,) = rows(rasid("backup", copy, *place))
    assert written == {"file": str(copy), "bytes": copy.stat().st_size, "verified": True}
    broken = tmp_path / "broken.db"
    broken.write_bytes(copy.read_bytes()[:5000])
    refused = rasid("restore", broken, *place, check=1).stderr
    assert "broken.db is no backup that can be restored" in refused
    assert "rasid restore" not in refused
    (restored,) = rows(rasid("restore", copy, *place))
    assert Path(restored["kept"]).exists()
    assert rows(rasid("version", *place)) == [{"version": __version__}]
    assert rows(rasid("config", "--json", "schema")) == [
        json.loads(rasid("config", "schema").stdout)
    ]


def test_init_writes_where_it_is_told_and_nowhere_else(tmp_path: Path) -> None:
    rasid("init", "--config", tmp_path / "new" / "desk.yaml", "--data-dir", tmp_path / "data")
    assert (tmp_path / "new" / "desk.yaml").exists()
    assert not (tmp_path / "data").exists()
    rasid("init", tmp_path, "--config", tmp_path / "other.yaml", check=2)
    assert not (tmp_path / "other.yaml").exists()


def test_the_demo_reads_and_writes_nothing_of_its_places(tmp_path: Path) -> None:
    data = tmp_path / "data"
    done = rasid("demo", "--items", 1, "--config", tmp_path / "none.yaml", "--data-dir", data)
    assert "First poll" in done.stdout
    assert not data.exists()
    assert "Not read: the demo has" in rasid("demo", "--help").stdout


@pytest.mark.parametrize("name", ["status", "sources", "alerts", "search"])
def test_commands_that_look_load_no_part_of_the_daemon(name: str, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("version: 1\n", encoding="utf-8")
    words = [name, *(["word"] if name == "search" else [])]
    words += ["--config", str(tmp_path / "rules.yaml"), "--data-dir", str(tmp_path)]
    code = (
        "import sys, json; from rasid.cli import command\n"
        f"try: command({words}, 'rasid', standalone_mode=False)\n"
        "except SystemExit: pass\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stderr.splitlines()[-1]))
    assert "storage.sqlite" in loaded
    assert loaded.isdisjoint({"scheduler", "rasid.parts", "rasid.watch", "apprise", "warcio"})


def test_nothing_is_searched_for_cycles_at_the_end() -> None:
    code = (
        "import atexit, gc, sys; atexit.register(lambda: print(gc.get_freeze_count()))\n"
        "sys.argv = ['rasid', 'version']; from rasid.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout.splitlines()[-1]) > 10_000
