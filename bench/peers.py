"""What Rasid is measured beside: where it is, or why it is left out."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

URLWATCH: Final = "urlwatch==2.29"
LIBRARIES: Final = {
    "mokaccino": "mokaccino==0.9.1",
    "snowballstemmer": "snowballstemmer==3.1.1",
    "url_normalize": "url-normalize==3.1.0",
}
PLACE: Final = Path(__file__).parent / "results" / "peers"  # kept, so that it is made once
_PATIENCE: Final = 300  # seconds to install


def newsboat() -> str | None:
    """Return the newsboat of this machine; it is a package of the system."""
    return shutil.which("newsboat")


def urlwatch(place: Path = PLACE, package: str = URLWATCH, *, install: bool) -> str | None:
    """Return the urlwatch of the bench's own environment, made where asked, or the machine's."""
    program = place / "bin" / "urlwatch"
    if install and not program.exists() and (problem := _install(place, package)):
        print(f"{package} cannot be installed: {problem}", file=sys.stderr, flush=True)
    return str(program) if program.exists() else shutil.which("urlwatch")


def environment(package: str) -> str | None:
    """Return the Python of an environment with that package alone, made where it is missing."""
    place = PLACE / package.partition("==")[0]
    if not (place / "done").exists():
        if problem := _install(place, package):
            print(f"{package} cannot be installed: {problem}", file=sys.stderr, flush=True)
            return None
        (place / "done").touch()
    return str(place / "bin" / "python")


def library(name: str, place: Path = PLACE / "libraries") -> bool:
    """Whether a library can be imported here and in processes started from here.

    One of `LIBRARIES` that is not installed is installed for the bench alone.
    """
    if importlib.util.find_spec(name) is None:
        package = LIBRARIES[name]
        if not (place / name).exists() and (problem := _add(package, place)):
            print(f"{package} cannot be installed: {problem}", file=sys.stderr, flush=True)
            return False
        sys.path.append(str(place))
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
        importlib.invalidate_caches()
    return importlib.util.find_spec(name) is not None


def _add(package: str, place: Path) -> str:
    return _run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(place), package]
    )


def _install(place: Path, package: str) -> str:
    """Install a package into an environment of its own; return why that failed, "" if not."""
    pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", package]
    return _run([sys.executable, "-m", "venv", str(place)]) or _run(pip)


def _run(command: list[str]) -> str:
    """Run a command; return why it failed, "" if it did not."""
    try:
        subprocess.run(command, check=True, timeout=_PATIENCE, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        return (error.stderr or error.stdout or str(error)).strip().splitlines()[-1]
    except (subprocess.TimeoutExpired, OSError) as error:
        return str(error)
    return ""
