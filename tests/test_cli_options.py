"""Options that commands share, before and after the name of a command of a group."""

from __future__ import annotations

from pathlib import Path

import pytest
from daemon import rasid, rows

CONFIG = """\
version: 1
sources: [{id: paper, outlet: paper, url: "https://paper.example/feed.xml"}]
receivers: [{id: desk, urls: ["console://"]}]
rules: [{id: strikes, any: [strike], notify: [desk]}]
"""
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
