"""Regular expressions: which of many a text may have, and where it has one.

They are in RE2's syntax, which cannot explode. Each is looked for by literals that it cannot do
without, in two places of it where it has two; those without literals by RE2, many at a time.
Where one matches is found by `regex`, whose `\\b` knows all scripts, within a time limit.
"""

from __future__ import annotations

import logging
import math
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import regex

from rasid.rules.literals import Literals, Needs, needs
from rasid.rules.lookup import Cut, Lookup, Spot
from rasid.rules.widened import batches, roughly

log = logging.getLogger("rasid.rules")

Starts = Mapping[int, Sequence[int] | None]
"""Expressions that a text may have, and where alone each may begin; None: anywhere."""

_TIMEOUT: Final = 0.2  # seconds for one expression in one field
_FORM_TIMEOUT: Final = 0.005  # seconds for one place
_FORMS_TIMEOUT: Final = 0.2  # seconds for all forms in one field
_COMPILED: Final = 50_000  # expressions kept ready, of 2 kB each
_MOST_FILED: Final = 64  # pairs of literals of one expression
_MANY: Final = 8  # expressions of one form, which is then tried before each
_ALONE: Final = -1  # as a second literal: none is needed
_AT_ONCE: Final = 50  # expressions without literals that RE2 tries together


class _Way(NamedTuple):
    """How the two literals of an expression stand to each other and to its matches.

    `order`: 1 where the second stands after the first, with `gap` runs of white space between
    them at most, -1 where before it. `begins`: which of the two a match begins with, 0: none.
    `form`: what is tried there before the expression itself.
    """

    order: int
    gap: float
    begins: int
    form: str


class Expressions:
    """Numbered expressions, looked for together."""

    def __init__(self, patterns: Sequence[tuple[int, str]]) -> None:
        self._words: dict[str, int] = {}
        self._parts: dict[str, int] = {}
        self._filed: dict[int, dict[int, list[tuple[int, _Way]]]] = {}  # by two literals
        self._ways: dict[_Way, _Way] = {}
        self._uses = Counter[str]()  # of forms
        free: list[tuple[int, str]] = []
        for (number, pattern), needed in zip(
            patterns, needs(pattern for _, pattern in patterns), strict=True
        ):
            if needed is None:
                free.append((number, pattern))
            else:
                self._file(number, needed)
        self._lookup = Lookup(self._words, self._parts) if self._filed else None
        self._free = [
            batch
            for at in range(0, len(free), _AT_ONCE)
            for batch in batches(free[at : at + _AT_ONCE])
        ]

    def _file(self, number: int, needed: Needs) -> None:
        """File an expression under pairs of literals, one of each of two sets."""
        first, others = self._numbers(needed.first), [_ALONE]
        way = _Way(0, math.inf, int(needed.first.begins), needed.form)
        if needed.second and len(first) * needed.second.size <= _MOST_FILED:
            others = self._numbers(needed.second)
            way = _way(needed, needed.second)
        entry = number, self._ways.setdefault(way, way)
        self._uses[needed.form] += bool(needed.form)
        for literal in first:
            filed = self._filed.setdefault(literal, {})
            for other in others:
                filed.setdefault(other, []).append(entry)

    def _numbers(self, found: Literals) -> list[int]:
        """Return the numbers of literals, new ones for those that have none."""
        words, parts = self._words, self._parts
        return [
            *(words.setdefault(word, len(words) + len(parts)) for word in found.words),
            *(parts.setdefault(part, len(words) + len(parts)) for part in found.parts),
        ]

    def candidates(self, text: str, cut: Sequence[str]) -> Starts:
        """Return the expressions that a text may have; all that it has are among them.

        `cut`: its pieces.
        """
        found: dict[int, Sequence[int] | None] = {}
        if self._lookup is not None:
            found_in = self._lookup.find(text, cut)
            late = time.monotonic() + _FORMS_TIMEOUT
            for number, (form, spots) in self._spots(found_in).items():
                if not spots:
                    found[number] = None
                    continue
                starts: Sequence[int] = sorted(set(map(found_in.offset, spots)))
                if starts := self._fitting(form, starts, text, late):
                    found[number] = starts
        if self._free:
            encoded = text.encode()
            for batch in self._free:
                found.update(dict.fromkeys(batch.candidates(encoded)))
        return found

    def _spots(self, cut: Cut) -> dict[int, tuple[str, list[Spot]]]:
        """Return the expressions whose literals a text has, their forms, and where they may begin.

        Those that may begin anywhere have no spot.
        """
        there = cut.spots
        seconds = there.keys() | {_ALONE}
        found: dict[int, tuple[str, list[Spot]]] = {}
        for literal in self._filed.keys() & there.keys():
            filed = self._filed[literal]
            for second in filed.keys() & seconds:
                for number, way in filed[second]:
                    spots = _begun(way, there[literal], there.get(second, ()))
                    if spots is not None:
                        found.setdefault(number, (way.form, []))[1].extend(spots)
        return found

    def _fitting(self, form: str, starts: Sequence[int], text: str, late: float) -> Sequence[int]:
        """Return the places where a form matches that many expressions have.

        One that once took too long is not tried again; when it is `late`, all places may do.
        """
        if self._uses[form] < _MANY:
            return starts
        exact = _exact(form)
        fitting = []
        try:
            for at in starts:
                if time.monotonic() > late:
                    return starts
                if exact.match(text, at, timeout=_FORM_TIMEOUT):
                    fitting.append(at)
        except TimeoutError:
            self._uses[form] = 0
            return starts
        return fitting


def _way(needed: Needs, second: Literals) -> _Way:
    begins = 1 if needed.first.begins else 2 * second.begins
    if needed.after is not None:
        return _Way(1, needed.after, begins, needed.form)
    if needed.before is not None:
        return _Way(-1, needed.before, begins, needed.form)
    return _Way(0, math.inf, begins, needed.form)


def _begun(way: _Way, ones: Sequence[Spot], others: Sequence[Spot]) -> Sequence[Spot] | None:
    """Return where an expression may begin, given where its literals are; empty: anywhere.

    None where they do not stand to each other as they do in a match.
    """
    if way.order == 0:
        return ((), ones, others)[way.begins]
    heads, tails = (ones, others) if way.order > 0 else (others, ones)
    near = [head for head in heads if _follows(head, tails, way.gap)]
    if not near:
        return None
    return near if way.begins else ()


def _follows(head: Spot, tails: Sequence[Spot], gap: float) -> bool:
    at = bisect_left(tails, (head[0], 0))
    return at < len(tails) and tails[at][0] - head[0] <= gap


@lru_cache(maxsize=_COMPILED)
def _exact(pattern: str) -> Any:
    return regex.compile(pattern, cache_pattern=False)


def spans(pattern: str, text: str, starts: Sequence[int] | None = None) -> list[tuple[int, int]]:
    """Return where a text has an expression; never an empty span.

    `starts`: where alone it may begin, in order. One that takes too long (nested repetition)
    is decided by RE2, to whom word boundaries in the pattern are then unknown, and
    to whom a long text has a large one as a whole: rather one hit too many than a miss.
    """
    try:
        found = list(_spans(_matches(_exact(pattern), text, starts)))
    except TimeoutError:
        log.warning("an expression takes too long, decided without its \\b: %s", pattern)
        found = [span for span in roughly(pattern, text) if span[1] > span[0]]
    return found


def _matches(exact: Any, text: str, starts: Sequence[int] | None) -> Iterator[Any]:
    """Yield matches, from left to right and apart from one another."""
    if starts is None:
        yield from exact.finditer(text, timeout=_TIMEOUT)
        return
    end, late = 0, time.monotonic() + _TIMEOUT
    for start in starts:
        if start < end:
            continue
        if (left := late - time.monotonic()) <= 0:
            raise TimeoutError
        if match := exact.match(text, start, timeout=left):
            yield match
            end = match.end()


def _spans(matches: Iterator[Any]) -> Iterator[tuple[int, int]]:
    for match in matches:
        if match.end() > match.start():
            yield match.span()
