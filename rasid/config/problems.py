"""Collects mistakes, and guesses what was meant."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from rasid.errors import Problem

_GUESSES: Final = 200  # a guess compares with every name: enough for people, never quadratic


_LISTED: Final = 8


class Spot(NamedTuple):
    """Where in a file, from 1; 0: the whole line, the whole file."""

    line: int = 0
    column: int = 0


class Problems:
    """Every mistake found so far, and every warning."""

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self.warnings: list[Problem] = []
        self._guesses = 0

    def add(self, file: str, spot: Spot, message: str, hint: str = "") -> None:
        """Note a mistake: the configuration will be refused."""
        self.found.append(Problem(file, spot.line, message, hint, spot.column))

    def warn(self, file: str, spot: Spot, message: str, hint: str = "") -> None:
        """Note something that is allowed but probably not meant."""
        self.warnings.append(Problem(file, spot.line, message, hint, spot.column))

    def nearest(self, name: str, known: Iterable[str]) -> str:
        """Return `did you mean "..."?`, or "" when nothing known comes near."""
        self._guesses += 1
        if self._guesses > _GUESSES:
            return ""
        near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
        return f'did you mean "{near[0]}"?' if near else ""

    def known(self, name: str, known: Collection[str]) -> str:
        """Return `did you mean "..."?`, else what there is to name, if that is not too much."""
        if near := self.nearest(name, known):
            return near
        if not known:
            return "none is defined"
        return "defined: " + ", ".join(sorted(known)) if len(known) <= _LISTED else ""

    def in_order(self) -> list[Problem]:
        """Return the mistakes as a reader meets them: by file in order of first mention."""
        files = {problem.file: at for at, problem in reversed(list(enumerate(self.found)))}
        once = dict.fromkeys(self.found)
        return sorted(once, key=lambda one: (files[one.file], one.line, one.column))
