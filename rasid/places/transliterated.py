"""Names in a spelling that no list has: Mayadeen, Deir Ezzor.

They are known by their consonants, and only in a country that the text, or its source, is
about; a name that the gazetteer has is never taken for another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Final

from rasid.places.bearers import Bearer, Bearers
from rasid.places.cues import Cue
from rasid.places.model import Gazetteer, Means
from rasid.places.scan import Base, Shape, Token
from rasid.places.skeleton import COUNTRIES, skeleton
from rasid.places.spans import Span

_LONGEST: Final = 3  # words
_ALONE: Final = 11.5  # the logarithm of 100,000 people: known without its country
# words that begin names where they are spoken, however else they are written
_FIRST: Final = frozenset({
    "al", "el", "abu", "ain", "ayn", "bab", "bani", "beit", "bir", "deir", "dayr", "jabal",
    "kafr", "khan", "qasr", "ras", "tal", "tall", "tell", "umm", "wadi",
})  # fmt: skip
_BESIDE: Final = Cue.IN | Cue.SIDE | Cue.TOWN | Cue.AREA


class Transliterated:
    """Finds such names."""

    def __init__(self, gazetteer: Gazetteer, bearers: Bearers) -> None:
        self._gazetteer = gazetteer
        self._bearers = bearers

    def find(
        self, text: str, tokens: Sequence[Token], taken: Set[int], countries: Iterable[str]
    ) -> Iterator[Span]:
        """Return names that do not overlap, in order.

        `taken`: tokens that are in other names. `countries`: what the text is about.
        """
        about = COUNTRIES.intersection(countries)
        after = 0
        for at in [at for at, token in enumerate(tokens) if token.info.spelt]:
            if at >= after and at not in taken:
                span = self._at(text, tokens, at, taken, about)
                if span is not None:
                    yield span
                    after = span.last + 1

    def _at(
        self, text: str, tokens: Sequence[Token], at: int, taken: Set[int], about: Set[str]
    ) -> Span | None:
        if not _may_begin(tokens, at):
            return None
        last = at
        while last + 1 - at < _LONGEST and _goes_on(text, tokens, last + 1, taken):
            last += 1
        for end in range(last, at - 1, -1):
            words = [token.info.folded for token in tokens[at : end + 1]]
            bearers = self._alike(words, about) if tokens[end].info.shape is Shape.TITLE else ()
            if bearers:
                start, stop = tokens[at].start, tokens[end].end
                return Span(at, end, start, stop, " ".join(words), bearers, Base("", False, 0))
        return None

    def _alike(self, words: list[str], about: Set[str]) -> tuple[Bearer, ...]:
        bones, name = skeleton(words), " ".join(words)
        if not bones or not (about or (len(words) > 1 and words[0] in _FIRST)):
            return ()
        found = [
            self._bearers.weighed(number, Means.SKELETON, False, False, name)
            for country in about or COUNTRIES
            for number in self._gazetteer.spelt_like(bones, country)
        ]
        found.sort(key=lambda one: -one.prior)
        if not about and (len({one.country for one in found}) != 1 or found[0].prior < _ALONE):
            return ()
        return tuple(found)


def _may_begin(tokens: Sequence[Token], at: int) -> bool:
    """Whether an unknown name of a place may begin: after in, or before its like."""
    before = tokens[at - 1].info.cue if at else 0
    after = tokens[at + 1].info if at + 1 < len(tokens) else None
    goes_on = after is not None and (after.shape is Shape.TITLE or bool(after.cue & _BESIDE))
    return bool(before & _BESIDE) or at == 0 or goes_on


def _goes_on(text: str, tokens: Sequence[Token], at: int, taken: Set[int]) -> bool:
    if at >= len(tokens) or at in taken or tokens[at].info.cue & ~Cue.IN:
        return False
    return text[tokens[at - 1].end : tokens[at].start] in (" ", "-", "\u00a0", "’", "'")
