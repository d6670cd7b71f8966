"""Finds and reads rules.yaml and what it includes."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from rasid.config.kept import Cut, ReadFile
from rasid.config.problems import Problems, Spot
from rasid.config.schema_values import Texts
from rasid.config.tree import Section, read_tree, spot_of
from rasid.config.wording import check_value

MAX_BYTES: Final = 64 * 1024 * 1024
_MAX_CHAIN: Final = 20
_INCLUDE: Final[TypeAdapter[Any]] = TypeAdapter(Texts)


class _Reader:
    def __init__(self, problems: Problems, cut: Cut | None) -> None:
        self.problems = problems
        self._cut = cut
        self.read: list[ReadFile] = []
        self.whole = True
        self._bytes_left = MAX_BYTES
        self._seen: set[Path] = set()

    def take(self, path: Path, above: tuple[Path, ...], said_by: tuple[str, Spot]) -> None:
        try:
            real = path.resolve()
        except (OSError, ValueError, RuntimeError):  # a circle of links, a NUL in the name
            self.whole = False
            self.problems.add(*said_by, f"include: {str(path)!r} is not a path")
            return
        if real in above or len(above) >= _MAX_CHAIN:
            what = "includes itself in a circle" if real in above else "is included too deeply"
            self.problems.add(*said_by, f"include: {path} {what}")
            return
        if real in self._seen:
            return
        self._seen.add(real)
        content = self._content(path, said_by)
        tree = None if content is None else self._parsed(path, content)
        if tree is None or content is None:
            self.whole = False
            return
        self.read.append(ReadFile(str(path), tree, content))
        for wanted, spot in self._included(path, tree):
            self.take(wanted, (*above, real), (str(path), spot))

    def _content(self, path: Path, said_by: tuple[str, Spot]) -> bytes | None:
        try:
            with path.open("rb") as file:
                content = file.read(self._bytes_left + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "not a path"
            hint = "" if said_by[1].line else "rasid init writes a first one"
            self.problems.add(*said_by, f"{path} cannot be read: {reason}", hint)
            return None
        self._bytes_left -= len(content)
        if self._bytes_left < 0:
            self.problems.add(str(path), Spot(), "the configuration is larger than 64 MiB")
            self._bytes_left = 0
            return None
        return content

    def _parsed(self, path: Path, content: bytes) -> Section | None:
        try:
            text = (self._cut(str(path), content) if self._cut else content).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = content[: error.start].decode("utf-8-sig")
            spot = Spot(before.count("\n") + 1, len(before) - before.rfind("\n"))
            self.problems.add(str(path), spot, "not UTF-8", "save the file as UTF-8")
            return None
        return read_tree(text, str(path), self.problems)

    def _included(self, path: Path, tree: Section) -> Iterable[tuple[Path, Spot]]:
        if "include" not in tree:
            return
        names = check_value(_INCLUDE, "include", tree, "", str(path), self.problems)
        for at, name in enumerate(names or ()):
            spot = spot_of(tree, ("include", at))
            if not glob.has_magic(name):
                yield path.parent / name, spot
            elif Path(name).is_absolute():
                hint = "write the pattern relative to this file"
                self.problems.add(str(path), spot, f'include: "{name}" is absolute', hint)
            elif any("**" in part and part != "**" for part in Path(name).parts):
                # From Python 3.13 on, `glob` reads it as `*`: one meaning on every version.
                hint = "such as sources.d/**/*.yaml"
                self.problems.add(str(path), spot, f'include: "{name}": ** stands alone', hint)
            else:
                yield from ((found, spot) for found in self._matching(path, name, spot))

    def _matching(self, path: Path, name: str, spot: Spot) -> list[Path]:
        try:
            return sorted(path.parent.glob(name))
        except (OSError, ValueError) as error:
            self.problems.add(str(path), spot, f"include: {name!r}: {error}")
            return []


def read_files(
    path: Path, problems: Problems, cut: Cut | None = None
) -> tuple[list[ReadFile], bool]:
    """Return the file and all it includes, and whether every one of them could be read.

    `cut` says what of a file's content is read.
    """
    reader = _Reader(problems, cut)
    reader.take(path, (), (str(path), Spot()))
    return reader.read, reader.whole


def digest(paths: Iterable[str | Path]) -> str:
    """Return a hash of the contents of files; one that is missing counts as such.

    Take it before loading: what is written meanwhile then differs next time.
    """
    total = hashlib.sha256()
    for path in sorted(map(str, paths)):
        try:
            state = b"=" + hashlib.sha256(Path(path).read_bytes()).digest()
        except OSError:
            state = b"-"
        total.update(path.encode("utf-8", "surrogateescape") + b"\0" + state)
    return total.hexdigest()
