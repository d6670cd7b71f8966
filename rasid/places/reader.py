"""Reads a field of a document: its names, what speaks for each, and its named features."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

from rasid.places.bearers import Bearers
from rasid.places.beside import bearers_as, designated, side_of
from rasid.places.candidates import Candidate
from rasid.places.cues import Cue
from rasid.places.features import Feature, features, has_article
from rasid.places.model import Gazetteer
from rasid.places.ordinary import languages_of
from rasid.places.parting import Parting, inside
from rasid.places.recognise import signs
from rasid.places.scan import Scanner, Token
from rasid.places.settle import is_misnamed, relate
from rasid.places.signs import Sign
from rasid.places.spans import Span, Spans
from rasid.places.transliterated import Transliterated

_MOST_TEXT: Final = 50_000  # characters of a field that are looked at: a long report has 10,000
_NONE: Final[Mapping[int, Feature]] = MappingProxyType({})


class Read(NamedTuple):
    """A field, the names in it, and the features that no name places."""

    field: str
    text: str
    tokens: Sequence[Token]
    found: list[Candidate]
    features: list[Feature]


class Reader:
    """Reads fields. Any number of threads may ask at once."""

    def __init__(
        self, gazetteer: Gazetteer, bearers: Bearers, readings: Callable[[str], Sequence[str]]
    ) -> None:
        self._bearers = bearers
        self._part = Parting(gazetteer.usage)
        self._scanner = Scanner(gazetteer, readings)
        self._spans = Spans(gazetteer, bearers)
        self._transliterated = Transliterated(gazetteer, bearers)

    def read(self, name: str, text: str) -> Read:
        """Return what a field names."""
        tokens = self._scanner.tokens(text[:_MOST_TEXT])
        return self._read(name, text, tokens, self._spans.find(text, tokens))

    def read_at(self, name: str, text: str, given: Sequence[tuple[int, int]]) -> Read:
        """Return what a field names, where it is known to have names of places."""
        tokens = self._scanner.tokens(text[:_MOST_TEXT])
        spans = _apart(self._spans.find(text, tokens), given) + self._spans.at(tokens, given)
        return self._read(name, text, tokens, sorted(spans), with_features=False)

    def add_transliterated(self, read: Read, countries: set[str]) -> None:
        """Add names that are known by their consonants, in countries that are spoken of."""
        name, text, tokens, found, others = read
        taken = _inside(one.span for one in found) | frozenset(inside(others))
        spans = list(self._transliterated.find(text, tokens, taken, countries))
        if spans:
            names = taken | _inside(spans)
            found.extend(self._candidates(name, text, tokens, spans, names))
            found.sort(key=lambda one: one.span.start)

    def leave_misnamed(self, read: Read) -> None:
        """Take features for unlisted that are called by a name of somewhere else.

        What has an ordinary word for a name is no feature: قبة عالية is a high dome, not Aley's.
        """
        for one in filter(is_misnamed, read.found):
            first, last, start, end, *_ = one.span
            feature = Feature(first, last, start, end, first, of=True)
            if not self._has_common_name(read.tokens, feature):
                read.features.append(feature)
        read.found[:] = [one for one in read.found if not is_misnamed(one)]

    def _has_common_name(self, tokens: Sequence[Token], feature: Feature) -> bool:
        """Whether a feature has an ordinary word for a name: not ساحة التحرير, which has "the"."""
        kind, name = tokens[feature.first], tokens[min(feature.first + 1, feature.last)]
        if kind.info.cue & Cue.LAND or (has_article(name) and not has_article(kind)):
            return False
        return self._part.is_common(tokens, feature)

    def _read(
        self,
        name: str,
        text: str,
        tokens: Sequence[Token],
        spans: Sequence[Span],
        *,
        with_features: bool = True,
    ) -> Read:
        known = features(text, tokens) if with_features else []
        named, longer, others = self._part(tokens, spans, known)
        names = _inside(named) | frozenset(inside((*longer.values(), *others)))
        found = self._candidates(name, text, tokens, named, names, longer)
        for one, other in pairwise(found):
            relate(one, other)
        return Read(name, text, tokens, found, others)

    def _candidates(
        self,
        name: str,
        text: str,
        tokens: Sequence[Token],
        spans: Iterable[Span],
        names: frozenset[int],
        longer: Mapping[int, Feature] = _NONE,
    ) -> list[Candidate]:
        """Return names as candidates; `names`: words that are in names."""
        languages = languages_of([token.info.languages for token in tokens])
        found = []
        for named in spans:
            feature = longer.get(named.start)
            span = named if feature is None else _lengthened(named, feature)
            one = Candidate(
                name, text, tokens, span, signs(text, tokens, span, names, languages, named)
            )
            self._designate(one)
            if feature is not None:
                one.signs.append(Sign.FEATURE)
            elif (start := side_of(text, tokens, span)) is not None:
                one.span = one.span._replace(start=start)
            found.append(one)
        return found

    def _designate(self, one: Candidate) -> None:
        """Note the kind of place that is said beside a name."""
        kind = one.designator = designated(one.text, one.tokens, one.span)
        if kind is not None:
            one.span = one.span._replace(bearers=bearers_as(kind, one.span, self._bearers))
            if any(bearer.place.kind in kind.kinds for bearer in one.span.bearers):
                one.signs.append(Sign.OF_KIND)


def _inside(spans: Iterable[Span]) -> frozenset[int]:
    """Return the words that are in names."""
    return frozenset(at for span in spans for at in range(span.first, span.last + 1))


def _apart(spans: Iterable[Span], given: Sequence[tuple[int, int]]) -> list[Span]:
    """Return the spans that overlap none of those given."""
    return [one for one in spans if not any(s < one.end and one.start < e for s, e in given)]


def _lengthened(span: Span, feature: Feature) -> Span:
    return span._replace(
        first=feature.first, last=feature.last, start=feature.start, end=feature.end
    )
