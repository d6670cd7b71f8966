"""Where a text has names that places bear: the longest at each word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from rasid.places.bearers import Bearer, Bearers
from rasid.places.model import Gazetteer, Means
from rasid.places.names import LEAST_UNSPACED
from rasid.places.own import is_own
from rasid.places.own_words import not_places
from rasid.places.scan import Base, Shape, Token
from rasid.text.boundaries import boundaries
from rasid.text.fold import fold
from rasid.text.tokens import tokenize

_GLUE: Final = frozenset(
    ("", " ", "-", "\u00a0", "'", "’", "‘", "ʼ", "–", ".", ". ", ".-", " - ", "\u200c")
)
_NO_BASE: Final = Base("", False, 0)
_LONGEST_UNSPACED: Final = 12
_DOTTED: Final = re.compile(r"(?:\w+\. ?)+\w+")


def is_dotted(name: str, means: Means) -> bool:
    """Whether a dot after a name belongs to it: D.C., Va."""
    return means is Means.SHORT or bool(_DOTTED.fullmatch(name))


class Span(NamedTuple):
    """A name in a text: its words `first` to `last`, at `start:end`, and who bears it."""

    first: int
    last: int
    start: int
    end: int
    key: str
    bearers: tuple[Bearer, ...]
    base: Base  # the first word


def _read_masks() -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase, _ in not_places():
        words = tuple(token.word for token in tokenize(fold(phrase)))
        found.setdefault(words[0], []).append(words)
    return found


# phrases that have a place's name in them and mean something else
_MASKS: Final = _read_masks()


class Spans:
    """Finds names."""

    def __init__(self, gazetteer: Gazetteer, bearers: Bearers) -> None:
        self._gazetteer = gazetteer
        self._bearers = bearers

    def find(self, text: str, tokens: Sequence[Token]) -> list[Span]:
        """Return names that do not overlap, in order."""
        found: list[Span] = []
        at, after = 0, len(tokens)
        while at < after:
            info = tokens[at].info
            if info.folded in _MASKS and (masked := _masked(tokens, at)):
                at += masked
            elif not info.starts:
                at += 1
            elif info.shape is Shape.UNSPACED:
                found.extend(self._unspaced(text, tokens[at], at))
                at += 1
            else:
                span = self._longest(text, tokens, at)
                if span is not None:
                    found.append(span)
                at = span.last + 1 if span is not None else at + 1
        return found

    def at(self, tokens: Sequence[Token], given: Iterable[tuple[int, int]]) -> list[Span]:
        """Return the names at known places of a text that somebody bears."""
        found = []
        for start, end in given:
            inside = [n for n, token in enumerate(tokens) if start <= token.start < end]
            if inside and (span := self._whole(tokens, inside[0], inside[-1], start, end)):
                found.append(span)
        return found

    def _whole(
        self, tokens: Sequence[Token], first: int, last: int, start: int, end: int
    ) -> Span | None:
        rest = [tokens[at].info.forms[0] for at in range(first + 1, last + 1)]
        for form in tokens[first].info.forms:
            name = " ".join((form, *rest))
            if bearers := self._bearers.of(name):
                return Span(first, last, start, end, name, bearers, _NO_BASE)
        return None

    def _longest(self, text: str, tokens: Sequence[Token], at: int) -> Span | None:
        best: Span | None = None
        for base in tokens[at].info.bases:
            if not base.known:
                continue
            for last, name in self._names(text, tokens, at, base):
                if best is not None and last <= best.last:
                    continue
                bearers = self._bearers.of(name)
                if base.lower and last == at:
                    bearers = tuple(one for one in bearers if one.lower)
                elif last > at and tokens[last].info.shape is Shape.LOWER:
                    bearers = tuple(one for one in bearers if is_own(one.place))
                start, end = tokens[at].start, tokens[last].end
                bearers = self._as_written(bearers, text, start, end)
                if bearers:
                    best = Span(at, last, start, end, name, bearers, base)
        return best

    def _as_written(
        self, bearers: tuple[Bearer, ...], text: str, start: int, end: int
    ) -> tuple[Bearer, ...]:
        """Return the bearers without those of an abbreviation that is written otherwise."""
        if all(one.means is not Means.SHORT for one in bearers):
            return bearers
        forms = {text[start:end], text[start : end + 1]}
        return tuple(
            one
            for one in bearers
            if one.means is not Means.SHORT
            or not forms.isdisjoint(self._bearers.written(one.place.number))
        )

    def _names(
        self, text: str, tokens: Sequence[Token], at: int, base: Base
    ) -> Iterator[tuple[int, str]]:
        """Return where names end that begin here and may be such, the longest first."""
        known, name, last = base.known, base.text, at
        found = [(last, name)]
        while known > last - at + 1 and last + 1 < len(tokens):
            here, there = tokens[last], tokens[last + 1]
            if text[here.end : there.start] not in _GLUE:
                break
            for form in there.info.forms:
                longer = f"{name} {form}"
                if known_now := self._gazetteer.longest(longer):
                    known, name, last = known_now, longer, last + 1
                    found.append((last, name))
                    break
            else:
                break
        yield from reversed(found)

    def _unspaced(self, text: str, token: Token, number: int) -> Iterator[Span]:
        """Return names in a run of a script without spaces, at the bounds of its words."""
        run, at = token.info.folded, 0
        if len(run) != len(token.text):
            return
        ends: frozenset[int] | None = None
        while at + LEAST_UNSPACED <= len(run):
            known = self._gazetteer.longest(run[at : at + LEAST_UNSPACED])
            step = 1
            for size in range(min(known, _LONGEST_UNSPACED, len(run) - at), 1, -1):
                name = run[at : at + size]
                bearers = self._bearers.of(name)
                if not bearers:
                    continue
                ends = boundaries(run) if ends is None else ends
                if at in ends and at + size in ends:
                    start = token.start + at
                    yield Span(number, number, start, start + size, name, bearers, _NO_BASE)
                    step = size
                    break
            at += step


def _masked(tokens: Sequence[Token], at: int) -> int:
    """Return how many words from here on are of such a phrase."""
    for words in _MASKS[tokens[at].info.folded]:
        here = tuple(token.info.folded for token in tokens[at : at + len(words)])
        if here == words:
            return len(words)
    return 0
