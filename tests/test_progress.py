"""Bars on long work: on a terminal's standard error, and nowhere else."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from daemon import rasid

CONFIG = """\
version: 1
settings: {time_zone: UTC}
receivers: [{id: desk, urls: ["console://"]}]
rules: [{id: strikes, any: [strike], notify: [desk], examples: {match: [a strike]}}]
"""


@pytest.fixture
def place(tmp_path: Path) -> list[str]:
    config = tmp_path / "rules.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    return ["--config", str(config), "--data-dir", str(tmp_path / "data")]


def in_terminal(*arguments: str) -> tuple[str, str]:
    """Return what a command writes to standard output and to a terminal as standard error."""
    here, there = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "rasid", *arguments],
        stdout=subprocess.PIPE, stderr=there, env={**os.environ, "TERM": "xterm"}, text=True,
    )  # fmt: skip
    os.close(there)
    said = b""
    try:
        while part := os.read(here, 65_536):
            said += part
    except OSError:  # Linux: the other end was closed
        pass
    finally:
        os.close(here)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return out, said.decode()


def test_a_terminal_shows_how_far_long_work_is(place: list[str], tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.db")
    for command, bar in (
        (["check", "--json"], "compiling rules"),
        (["prune", "--json"], "deleting texts"),
        (["backup", copy, "--json"], "copying and verifying"),
        (["restore", copy, "--json"], "verifying"),
    ):
        out, said = in_terminal(*command, *place)
        assert bar in said
        assert bar not in out


def test_without_a_terminal_there_is_no_bar(place: list[str]) -> None:
    for command in ("check", "prune"):
        assert rasid(command, *place).stderr == ""
