"""Tables of words kept in files, so that only the first start works them out.

A cache and nothing more: what cannot be read or written costs a second. A file is named after
all code and data that its table comes from, so a change of any makes another.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from rasid.folders import make_folder

log = logging.getLogger("rasid.stories")

T = TypeVar("T")
_CODE: Final = ("rasid.stories", "rasid.places", "rasid.text")
_DATA: Final = ("rasid.stories", "rasid.places")
_PACKAGES: Final = ("babel", "wordfreq")


class Shelf:
    """The folder where tables are kept; None: nowhere."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    def table(self, name: str, kind: type[T], make: Callable[[], T]) -> T:
        """Return a table, from its file if there is one, else made and kept.

        `kind`: what msgspec reads it as. `name` is part of a file's name.
        """
        if self.folder is None:
            return make()
        path = self.folder / f"stories-{name}-{_version()}.msgpack"
        found = _read(path, kind)
        if found is None:
            _write(path, found := make())
        return found


SHELF: Final = Shelf()
"""That of the process: what is worked out is the same for all who ask."""


def _read(path: Path, kind: type[T]) -> T | None:
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        log.warning("kept words in %s are unreadable, made anew: %s", path, error)
        return None


def _write(path: Path, table: object) -> None:
    partial = path.with_suffix(f".{os.getpid()}")
    try:
        make_folder(path.parent)
        partial.write_bytes(msgspec.msgpack.encode(table))
        partial.replace(path)
        name, _, _ = path.name.rpartition("-")
        for old in path.parent.glob(f"{name}-*.msgpack"):
            if old != path:  # of another version of Rasid
                old.unlink(missing_ok=True)
    except OSError as error:
        log.warning("words cannot be kept in %s: %s", path.parent, error)


@cache
def _version() -> str:
    """Return a hash of all that tables come from."""
    total = hashlib.sha256()
    for package in _PACKAGES:
        total.update(f"{package} {version(package)}\n".encode())
    for path in _sources():
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    for package in _CODE:
        yield from sorted(Path(str(files(package))).glob("*.py"))
    for package in _DATA:
        yield from sorted(Path(str(files(package))).glob("data/*.[jt]*"))
