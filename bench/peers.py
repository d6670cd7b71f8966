"""The programs that polling is measured beside: where they are, or why they are left out."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

URLWATCH: Final = "urlwatch==2.29"
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


def _install(place: Path, package: str) -> str:
    """Install a package into an environment of its own; return why that failed, "" if not."""
    pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", package]
    for command in ([sys.executable, "-m", "venv", str(place)], pip):
        try:
            subprocess.run(command, check=True, timeout=_PATIENCE, capture_output=True, text=True)
        except subprocess.CalledProcessError as error:
            return (error.stderr or error.stdout or str(error)).strip().splitlines()[-1]
        except (subprocess.TimeoutExpired, OSError) as error:
            return str(error)
    return ""
