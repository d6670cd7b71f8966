"""What is inside the wheel: everything that runs, nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Build the wheel from a copy of the sources, so that nothing is left in the work tree."""
    folder = tmp_path_factory.mktemp("wheel")
    sources = folder / "sources"
    sources.mkdir()
    for name in ("rasid", "crawler", "storage", "tests"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, sources / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE", "scheduler.py"):
        shutil.copy2(ROOT / name, sources / name)
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, sources],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_module_of_every_package_is_in_it(names: set[str]) -> None:
    expected = {
        str(path.relative_to(ROOT))
        for top in ("rasid", "crawler", "storage")
        for path in (ROOT / top).rglob("*.py")
    }
    assert expected | {"scheduler.py"} <= names


@pytest.mark.parametrize("package", PROJECT["tool"]["setuptools"]["packages"])
def test_every_listed_package_is_in_it(names: set[str], package: str) -> None:
    assert f"{package.replace('.', '/')}/__init__.py" in names


@pytest.mark.parametrize(
    "name",
    [
        "rasid/py.typed",
        "rasid/config/schema.json",
        "rasid/config/starter.yaml",
        "rasid/demo/items.jsonl",
        "rasid/demo/rules.yaml",
    ],
)
def test_data_files_are_in_it(names: set[str], name: str) -> None:
    assert name in names


def test_nothing_else_is_in_it(names: set[str]) -> None:
    tops = {name.partition("/")[0] for name in names}
    assert tops == {
        "rasid",
        "crawler",
        "storage",
        "scheduler.py",
        f"rasid-{PROJECT['project']['version']}.dist-info",
    }


def test_the_command_is_installed(names: set[str]) -> None:
    assert PROJECT["project"]["scripts"] == {"rasid": "rasid.cli:main"}
    assert any(name.endswith(".dist-info/entry_points.txt") for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
