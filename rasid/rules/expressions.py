"""Regular expressions: which of many a text may have, and where it has one.

They are in RE2's syntax, which cannot explode. Each is looked for by letters that it cannot do
without, in two places of it where it has two, all of them in one automaton; those without such
letters by RE2, many at a time. Where it matches is found by `regex`, whose `\\b` knows all
scripts, within a time limit.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

import ahocorasick_rs
import re2
import regex

from rasid.rules.literals import literals, lowered

log = logging.getLogger("rasid.rules")

_TIMEOUT: Final = 0.2  # seconds for one expression in one field
_COMPILED: Final = 50_000  # expressions kept ready, of 2 kB each
_MOST_FILED: Final = 64  # pairs of literals of one expression
_ALONE: Final = -1  # as a second literal: none is needed
_AT_ONCE: Final = 50  # expressions without literals that RE2 tries together
_PIECE: Final = re.compile(r"\\(?:[pP]\{\^?\w+\}|.)|\[\^?\]?|\[:\^?\w+:\]|[\[\]]|.", re.DOTALL)
_WIDE: Final = {"\\d": "\\p{Nd}", "\\w": "\\p{L}\\p{M}\\p{N}_", "\\s": "\\s\\p{Z}"}
_NARROW: Final = {"\\D": "\\P{Nd}", "\\W": "[^\\p{L}\\p{M}\\p{N}_]", "\\S": "[^\\s\\p{Z}]"}


def widened(pattern: str) -> str:
    """Return an expression for RE2 that finds whatever the pattern finds in any script.

    Word boundaries are left out; `\\d`, `\\w` and `\\s` mean those of all scripts. A set with
    `\\D`, `\\W` or `\\S` in it, which RE2 cannot say so, becomes any character.
    """
    out: list[str] = []
    opened = -1  # where in `out` a set began
    for piece in _PIECE.findall(pattern):
        if opened < 0 and piece in ("\\b", "\\B"):
            continue
        inside = opened >= 0
        if piece in _WIDE:
            out.append(_WIDE[piece] if inside else f"[{_WIDE[piece]}]")
        elif piece in _NARROW and not inside:
            out.append(_NARROW[piece])
        elif piece == "]" and inside:
            out[opened:] = _set([*out[opened:], piece])
            opened = -1
        else:
            if not inside and piece[0] == "[" and not piece.startswith("[:"):
                opened = len(out)
            out.append(piece)
    return "".join(out)


def _set(pieces: list[str]) -> list[str]:
    return pieces if _NARROW.keys().isdisjoint(pieces) else ["(?s:.)"]


class Expressions:
    """Numbered expressions, looked for together."""

    def __init__(self, patterns: Sequence[tuple[int, str]]) -> None:
        self._at: dict[str, int] = {}  # literals, by their numbers in the automaton
        self._filed: dict[int, dict[int, list[int]]] = {}  # by two literals
        free: list[tuple[int, str]] = []
        for number, pattern in patterns:
            if needed := literals(pattern):
                self._file(number, *needed[:2])
            else:
                free.append((number, pattern))
        self._literals = ahocorasick_rs.AhoCorasick(list(self._at)) if self._at else None
        self._free = [_Batch(free[at : at + _AT_ONCE]) for at in range(0, len(free), _AT_ONCE)]

    def _file(
        self, number: int, first: frozenset[str], second: frozenset[str] = frozenset()
    ) -> None:
        """File an expression under pairs of literals, one of each of two sets."""
        if len(first) * len(second) > _MOST_FILED:
            second = frozenset()
        others = [self._number(literal) for literal in second] or [_ALONE]
        for literal in first:
            filed = self._filed.setdefault(self._number(literal), {})
            for other in others:
                filed.setdefault(other, []).append(number)

    def _number(self, literal: str) -> int:
        return self._at.setdefault(literal, len(self._at))

    def candidates(self, text: str) -> set[int]:
        """Return the expressions that a text may have; all that it has are among them."""
        found: set[int] = set()
        if self._literals is not None:
            hits = self._literals.find_matches_as_indexes(lowered(text), overlapping=True)
            there = {hit[0] for hit in hits} | {_ALONE}
            for literal in self._filed.keys() & there:
                filed = self._filed[literal]
                for second in filed.keys() & there:
                    found.update(filed[second])
        for batch in self._free:
            found.update(batch.candidates(text))
        return found


class _Batch:
    """Some expressions as one, and each."""

    def __init__(self, patterns: Sequence[tuple[int, str]]) -> None:
        self._each = [(number, _filter(pattern)) for number, pattern in patterns]
        self._all = _re2("|".join(f"(?:{widened(pattern)})" for _, pattern in patterns))

    def candidates(self, text: str) -> list[int]:
        if not self._all.search(text):
            return []
        return [number for number, one in self._each if one.search(text)]


def _re2(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = 64 << 20
    return re2.compile(pattern, options)


@lru_cache(maxsize=_COMPILED)
def _filter(pattern: str) -> Any:
    return _re2(widened(pattern))


@lru_cache(maxsize=_COMPILED)
def _exact(pattern: str) -> Any:
    return regex.compile(pattern, cache_pattern=False)


def spans(pattern: str, text: str) -> list[tuple[int, int]]:
    """Return where a text has an expression; never an empty span.

    One that takes too long (nested repetition) is decided by RE2, to whom word boundaries
    in the pattern are then unknown: rather one hit too many than a miss.
    """
    try:
        found = list(_spans(_exact(pattern).finditer(text, timeout=_TIMEOUT)))
    except TimeoutError:
        log.warning("an expression takes too long, decided without its \\b: %s", pattern)
        found = list(_spans(_filter(pattern).finditer(text)))
    return found


def _spans(matches: Iterator[Any]) -> Iterator[tuple[int, int]]:
    for match in matches:
        if match.end() > match.start():
            yield match.span()
