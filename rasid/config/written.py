"""Scalars that know where their characters stand in the file, however they are quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import yaml

from rasid.config.problems import Spot

_BLOCKS: Final = ("|", ">")
# what stands in the value as in the file: whatever is no quote and no escape
_RUNS: Final = {
    "'": re.compile("([^']+)"),
    '"': re.compile(r'\\(?:u.{4}|x..|.)|([^"\\]+)'),
}
_WHOLE: Final = re.compile("(.+)")


class Written(str):
    """A scalar; `starts` has where each stretch of it begins, in the value and in the file."""

    starts: tuple[tuple[int, Spot], ...]

    def __new__(cls, value: str, starts: tuple[tuple[int, Spot], ...]) -> Written:
        """Return the value, knowing where it stands."""
        written = super().__new__(cls, value)
        written.starts = starts
        return written

    def spot(self, at: int) -> Spot:
        """Return where a character stands."""
        begin, (line, column) = max(start for start in self.starts if start[0] <= at)
        return Spot(line, column + at - begin)


def scalar(event: yaml.ScalarEvent, text: str) -> str:
    """Return the value; `text` is the whole file. A single word stays a plain string."""
    value, start, end = str(event.value), event.start_mark, event.end_mark
    if value.isalnum() or start is None or end is None:
        return value
    first = Spot(start.line + 1, start.column + 1)
    starts = _starts(value, text[start.index : end.index], first, event.style or "")
    return Written(value, ((0, first), *starts))


def _starts(value: str, raw: str, first: Spot, style: str) -> Iterator[tuple[int, Spot]]:
    """Return where the stretches begin that the value has in common with its lines."""
    at = 0
    for number, line in enumerate(raw.splitlines()):
        if style in _BLOCKS and not number:
            continue  # the line of the | itself
        for run in _RUNS.get(style, _WHOLE).finditer(line):
            text = (run[1] or "").strip()
            found = value.find(text, at) if text else -1
            if found >= 0:
                column = line.index(text, run.start()) + (1 if number else first.column)
                yield found, Spot(first.line + number, column)
                at = found + len(text)
