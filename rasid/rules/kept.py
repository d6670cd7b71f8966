"""Compiled rules kept in a file, so that a restart does not compile them again.

A cache and nothing more: what cannot be read or written costs time. It is named after the
rules, the outlets' countries and the code that compiles, so a change of any makes another.
"""

from __future__ import annotations

import hashlib
import logging
import os
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Final

import msgspec

import rasid.rules
import rasid.text
from rasid.folders import make_folder
from rasid.rules.program import Program
from rasid.settings import Config

log = logging.getLogger("rasid.rules")

_MOST_KEPT: Final = 4  # configurations that share a folder


class KeptProgram:
    """The place where the program of one configuration is kept."""

    def __init__(self, cache_dir: Path, config: Config) -> None:
        self._folder = cache_dir
        self._path = cache_dir / f"rules-{_key(config)}.msgpack"

    def exists(self) -> bool:
        """Whether there is one, which may turn out to be unreadable."""
        return self._path.exists()

    def read(self) -> Program | None:
        """Return the program, None when there is none that can be read."""
        try:
            content = self._path.read_bytes()
            return msgspec.msgpack.decode(content, type=Program)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError, ValueError) as error:
            log.warning("compiled rules in %s are unreadable, made anew: %s", self._path, error)
            return None

    def write(self, program: Program) -> None:
        """Keep a program, and not too many others."""
        partial = self._path.with_suffix(f".{os.getpid()}")
        try:
            make_folder(self._folder)
            partial.write_bytes(msgspec.msgpack.encode(program))
            partial.replace(self._path)
            kept = sorted(self._folder.glob("rules-*.msgpack"), key=lambda p: p.stat().st_mtime)
            for old in kept[:-_MOST_KEPT]:
                old.unlink(missing_ok=True)
        except OSError as error:
            log.warning("compiled rules cannot be kept in %s: %s", self._folder, error)


def _key(config: Config) -> str:
    countries = sorted((outlet.id, outlet.country) for outlet in config.outlets.values())
    # the order of rules is the order of matches
    order = [rule.hash for rule in config.rules.values()]
    parts = [
        code_of(rasid.rules, rasid.text),
        version("simplemma"),
        config.version,
        repr(countries),
        *order,
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


@cache
def code_of(*packages: ModuleType) -> str:
    """Return a hash of the modules of some packages."""
    total = hashlib.sha256()
    for package in packages:
        for path in sorted(Path(package.__path__[0]).glob("*.py")):
            total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()
