"""Checked rules and lists kept in a file: a large rules.yaml is read once, not at every start.

A cache and nothing more: what cannot be read or written costs time. Of receivers, sources and
settings, where tokens may stand, nothing is kept; they are read every time, with the lines of
what is kept left blank, so that all else stands where it stood.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Raw, Struct

from rasid.config.tree import Section
from rasid.errors import Problem
from rasid.folders import make_folder
from rasid.settings import Rule, Term

log = logging.getLogger("rasid.config")

SECTIONS: Final = ("rules", "lists")
_SMALL: Final = 256 * 1024  # bytes of all files; less is read sooner than said
_OTHER_BREAKS: Final = (b"\r", "\x85".encode(), "\u2028".encode(), "\u2029".encode())

Lines = tuple[int, int]  # the first, and the one after the last, from 1
Cut = Callable[[str, bytes], bytes]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file as read."""

    path: str
    tree: Section
    content: bytes


class Checked(Struct, frozen=True):
    """What is kept of a valid configuration."""

    rules: dict[str, Rule]
    lists: dict[str, tuple[Term, ...]]
    warnings: tuple[Problem, ...]
    gazetteer: str = ""  # the version that places were looked up in; "": there are none
    beside: dict[str, str] = {}  # files of polygons, with a hash of each


class _File(Struct, frozen=True):
    path: str
    digest: str
    kept: tuple[Lines, ...]


class _Page(Struct, frozen=True):
    code: str
    files: tuple[_File, ...]
    checked: Raw


class KeptRules:
    """The place where the rules of one rules.yaml are kept. Use it for one `load`.

    `code` names what reads and checks: what another code kept is not used.
    """

    def __init__(self, folder: Path, path: Path, code: str) -> None:
        name = hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:24]
        self._path = folder / f"config-{name}.msgpack"
        self._code = code
        self._page = self._read()
        self._noted: _Page | None = None
        self.served = False

    @property
    def cuts(self) -> bool:
        """Whether anything is kept, and so may be cut from a file."""
        return self._page is not None

    def cut(self, path: str, content: bytes) -> bytes:
        """Return a file with blank lines where what is kept stands."""
        known = self._known(path, content)
        lines = content.split(b"\n") if known else []
        for first, after in known.kept if known else ():
            lines[first - 1 : after - 1] = [b""] * (after - first)
        return b"\n".join(lines) if known else content

    def serve(self, files: Sequence[ReadFile]) -> Checked | None:
        """Return what is kept, if these are the very files that it was read from."""
        page = self._page
        same = page is not None and [file.path for file in page.files] == [f.path for f in files]
        if page is None or not same or not all(self._known(f.path, f.content) for f in files):
            return None
        try:
            checked = msgspec.msgpack.decode(page.checked, type=Checked)
        except (msgspec.MsgspecError, ValueError) as error:
            log.warning("kept rules in %s are unreadable, read anew: %s", self._path, error)
            return None
        self.served = True
        return checked

    def note(self, files: Sequence[ReadFile], checked: Checked) -> None:
        """Note what a configuration came to; `write` keeps it."""
        if sum(len(file.content) for file in files) < _SMALL:
            return
        found = tuple(
            _File(file.path, _digest(file.content), lines)
            for file in files
            if (lines := _lines_of(file)) is not None
        )
        if len(found) == len(files):
            self._noted = _Page(self._code, found, Raw(msgspec.msgpack.encode(checked)))

    def write(self) -> None:
        """Keep what was noted, for the owner of the folder alone."""
        if self._noted is None:
            return
        partial = self._path.with_suffix(f".{os.getpid()}")
        try:
            make_folder(self._path.parent)
            partial.touch(mode=0o600)
            partial.write_bytes(msgspec.msgpack.encode(self._noted))
            partial.replace(self._path)
        except OSError as error:
            log.warning("rules cannot be kept in %s: %s", self._path.parent, error)

    def _read(self) -> _Page | None:
        try:
            page = msgspec.msgpack.decode(self._path.read_bytes(), type=_Page)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError, ValueError) as error:
            log.warning("kept rules in %s are unreadable, read anew: %s", self._path, error)
            return None
        return page if page.code == self._code else None

    def _known(self, path: str, content: bytes) -> _File | None:
        """Return a file as it was kept, if it says the same now."""
        files = self._page.files if self._page else ()
        digest = _digest(content)
        return next((f for f in files if (f.path, f.digest) == (path, digest)), None)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _lines_of(file: ReadFile) -> tuple[Lines, ...] | None:
    """Return the lines of a file's kept sections; None where lines do not part sections."""
    if any(mark in file.content for mark in _OTHER_BREAKS):
        return None
    spots = sorted((spot, key) for key, spot in file.tree.spots.items())
    starts = [spot.line for spot, _ in spots]
    if len(set(starts)) < len(starts) or any(spot.column != 1 for spot, _ in spots):
        return None
    ends = [*starts[1:], file.content.count(b"\n") + 2]
    parts = zip(spots, ends, strict=False)
    return tuple((spot.line, end) for (spot, key), end in parts if key in SECTIONS)
