"""A foreign module with the name of one of ours must not run in its place."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def version(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder that comes before ours on the path."""
    return subprocess.run(
        [sys.executable, "-m", "rasid", "version"],
        capture_output=True, text=True, check=False, timeout=60, cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])},
    )  # fmt: skip


@pytest.mark.parametrize("name", ["storage.py", "scheduler.py", "crawler/__init__.py"])
def test_a_foreign_module_is_named_and_refused(tmp_path: Path, name: str) -> None:
    foreign = tmp_path / name
    foreign.parent.mkdir(exist_ok=True)
    foreign.write_text("raise SystemExit('the foreign one runs')", encoding="utf-8")
    done = version(tmp_path)
    assert done.returncode == 2
    assert f"{foreign} hides Rasid's own module {name.partition('/')[0].removesuffix('.py')}" in (
        done.stderr
    )
    assert "the foreign one runs" not in done.stderr


def test_a_folder_without_code_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "storage").mkdir()
    assert version(tmp_path).returncode == 0
