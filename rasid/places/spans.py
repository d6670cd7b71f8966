"""Where a text has names that places bear: the longest at each word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from rasid.places.bearers import Bearer, Bearers
from rasid.places.designators import designator
from rasid.places.masks import masked
from rasid.places.model import Gazetteer, Kind, Means
from rasid.places.names import LEAST_UNSPACED
from rasid.places.own import is_own
from rasid.places.own_words import codes
from rasid.places.scan import Base, Shape, Token
from rasid.text.boundaries import boundaries

_GLUE: Final = frozenset(
    ("", " ", "-", "'", "’", "‘", "ʼ", "׳", "–", ".", ". ", ".-", " - ", "\u200c")
)
# before the last letter of a Hebrew abbreviation, as people type it: ארה״ב
_GERSHAYIM: Final = frozenset(("״", '"', "“", "”", "„", "''", "׳׳", "’’"))
ARTICLES: Final = frozenset(
    ("the", "la", "le", "les", "el", "los", "der", "die", "das", "den", "dem")
)
_NO_BASE: Final = Base("", False, 0)
_LONGEST_UNSPACED: Final = 12
_ITS: Final = "ها"
_ARABIC_ONLY: Final = frozenset("يكى")  # where Persian has ی and ک
_DOTTED: Final = re.compile(r"(?:\w+\.[ \u00a0\u202f]?)+\w+")


def is_dotted(name: str, means: Means) -> bool:
    """Whether a dot after a name belongs to it: D.C., Va., and not of "from the UK."."""
    if _DOTTED.fullmatch(name):
        return True
    return means is Means.SHORT and not name.isupper()


def _with_spaces(text: str) -> str:
    """Return a text whose spaces may break: typesetters forbid it in EE. UU."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _is_shortened(gap: str, last: Token) -> bool:
    """Whether a Hebrew abbreviation ends in a word: ארה״ב."""
    return gap in _GERSHAYIM and len(last.text) == 1 and "א" <= last.text <= "ת"


class Span(NamedTuple):
    """A name in a text: its words `first` to `last`, at `start:end`, and who bears it."""

    first: int
    last: int
    start: int
    end: int
    key: str
    bearers: tuple[Bearer, ...]
    base: Base  # the first word


class Spans:
    """Finds names."""

    def __init__(self, gazetteer: Gazetteer, bearers: Bearers) -> None:
        self._gazetteer = gazetteer
        self._bearers = bearers

    def find(self, text: str, tokens: Sequence[Token]) -> list[Span]:
        """Return names that do not overlap, in order."""
        found: list[Span] = []
        after = 0
        for at in [at for at, token in enumerate(tokens) if token.info.starts]:
            if at < after:
                continue
            if words := masked(tokens, at):
                after = at + words
            elif tokens[at].info.shape is Shape.UNSPACED:
                found.extend(self._unspaced(text, tokens[at], at))
            elif (span := self._best(text, tokens, at)) is not None:
                found.append(span)
                after = span.last + 1
        return found

    def _best(self, text: str, tokens: Sequence[Token], at: int) -> Span | None:
        """Return the longest name that begins with a word, or with the one after an article."""
        span = self._longest(text, tokens, at)
        if span is None or tokens[at].info.folded not in ARTICLES or at + 1 >= len(tokens):
            return span
        inner = self._longest(text, tokens, at + 1)
        return inner if inner is not None and inner.last > span.last else span

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
            if not base.known or _has_pronoun(text, tokens[at], base):
                continue
            for last, name in self._names(text, tokens, at, base):
                if best is not None and last <= best.last:
                    continue
                bearers = self._bearers.of(name)
                if base.lower:
                    bearers = tuple(one for one in bearers if one.lower)
                elif last > at and tokens[last].info.shape is Shape.LOWER:
                    written = text[tokens[at].start : tokens[last].end]
                    bearers = tuple(one for one in bearers if self._is_written(one, written))
                start, end = tokens[at].start, tokens[last].end
                bearers = self._as_written(bearers, text, start, end, base)
                if bearers and bearers[0].place.kind <= Kind.COUNTRY:
                    bearers = self._in_letters(bearers, name, text[start:end])
                if bearers and last > at and self._says_kind(tokens, at, last, bearers):
                    continue
                if bearers:
                    best = Span(at, last, start, end, name, bearers, base)
        return best

    def _is_written(self, bearer: Bearer, name: str) -> bool:
        """Whether a name that ends in a small letter's word is so: République dominicaine."""
        place = bearer.place
        if is_own(place):
            return True
        return place.kind <= Kind.ADMIN1 and name in self._bearers.written(place.number)

    def _says_kind(
        self, tokens: Sequence[Token], at: int, last: int, bearers: tuple[Bearer, ...]
    ) -> bool:
        """Whether a name is what a place is and how it is called: مدينة القدس, State of Ohio."""
        said = designator(tokens[at].info.folded)
        if said is None or said.loose:
            return False
        first = at + 1
        if tokens[first].info.shape is not Shape.UNCASED:
            if tokens[first].info.folded != "of" or first == last:
                return False
            first += 1
        rest = self._whole(tokens, first, last, 0, 0)
        numbers = {one.place.number for one in bearers}
        return rest is not None and any(b.place.number in numbers for b in rest.bearers)

    def _as_written(
        self, bearers: tuple[Bearer, ...], text: str, start: int, end: int, base: Base
    ) -> tuple[Bearer, ...]:
        """Return the bearers without those of an abbreviation that is written otherwise.

        روماني is of Rome or Romania, and رومانی Romania: folded they are one.
        """
        if all(one.means is not Means.SHORT and not one.people for one in bearers):
            return bearers
        written = _with_spaces(text[start:end])
        forms = {written, written + text[end : end + 1]}
        found = []
        for one in bearers:
            names = self._bearers.written(one.place.number)
            added = base.article and not one.article  # السورية is no country
            if one.people and (added or not written.endswith(tuple(names))):
                found.append(one._replace(means=Means.DEMONYM))
            elif one.means is not Means.SHORT or not forms.isdisjoint(names):
                found.append(one)
        return tuple(found)

    def _in_letters(
        self, bearers: tuple[Bearer, ...], name: str, written: str
    ) -> tuple[Bearer, ...]:
        """Return the bearers without lands that have a name in Persian letters only.

        موریس is Mauritius, and موريس somebody called Maurice.
        """
        if _ARABIC_ONLY.isdisjoint(written):
            return bearers
        return tuple(
            one
            for one in bearers
            if one.means is not Means.NAME
            or one.place.kind > Kind.COUNTRY
            or not self._bearers.is_persian(one.place.number, name)
        )

    def _names(
        self, text: str, tokens: Sequence[Token], at: int, base: Base
    ) -> Iterator[tuple[int, str]]:
        """Return where names end that begin here and may be such, the longest first."""
        known, name, last = base.known, base.text, at
        found = [(last, name)]
        while known > last - at + 1 and last + 1 < len(tokens):
            here, there = tokens[last], tokens[last + 1]
            gap = _with_spaces(text[here.end : there.start])
            if gap not in _GLUE and not _is_shortened(gap, there):
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
                    if halves := _halves(name, bearers):
                        for here, one in enumerate(halves, start):
                            key = name[here - start]
                            yield Span(number, number, here, here + 1, key, one, _NO_BASE)
                    else:
                        yield Span(number, number, start, start + size, name, bearers, _NO_BASE)
                    step = size
                    break
            at += step


def _has_pronoun(text: str, token: Token, base: Base) -> bool:
    """Whether what a word ends in is "her" or "its" in Arabic, and no Persian plural: قطرها."""
    its = token.info.folded.endswith(_ITS) and not base.text.endswith(_ITS)
    return its and not _ARABIC_ONLY.isdisjoint(text)


def _halves(name: str, bearers: Sequence[Bearer]) -> list[tuple[Bearer, ...]]:
    """Return the bearers of each letter of 中美: two countries by a letter each; else none."""
    if len(bearers) < 2 or bearers[0].means is not Means.DEMONYM:
        return []
    meant = codes(name[0], name[1]), codes(name[1], name[0])
    found = [tuple(one for one in bearers if one.place.country in known) for known in meant]
    return found if all(found) else []
