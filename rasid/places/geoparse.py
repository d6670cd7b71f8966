"""Finds the places that a document names, and decides which ones are meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from math import exp
from typing import Final, NamedTuple

from rasid.places.bearers import Bearer, Bearers
from rasid.places.beside import bearers_as, designated
from rasid.places.candidates import SURE, Candidate, Sense, agree, fit, neighbours, prefer, relate
from rasid.places.home import NO_HOME, Heard, Home, Homes, learn
from rasid.places.model import Gazetteer, Mention
from rasid.places.ordinary import spoken
from rasid.places.recognise import WEIGHT, Sign, signs
from rasid.places.resolve import Scene, shares
from rasid.places.scan import Scanner, Token
from rasid.places.spans import Span, Spans, is_dotted
from rasid.places.transliterated import Transliterated

DOUBTFUL: Final = -1.73  # points from which on a mention is told: 15 in 100
_LEAST: Final = 0.0  # points from which on it is likelier than not that a place is meant
_HOPELESS: Final = -2.1  # points from which nothing in the text makes a place any more
_MOST_TEXT: Final = 50_000  # characters of a field that are looked at: a long report has 10,000
_MOST_OTHERS: Final = 4


class _Read(NamedTuple):
    """A field and the names in it."""

    field: str
    text: str
    tokens: Sequence[Token]
    found: list[Candidate]


class PlaceFinder:
    """A geoparser without a model. Any number of threads may ask at once.

    `readings`: a folded word to what it may be an inflected form of, itself first.
    `homes`: what is known of where sources are at home.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        readings: Callable[[str], Sequence[str]],
        homes: Homes | None = None,
    ) -> None:
        self.gazetteer = gazetteer
        self.homes = homes or Homes()
        self.bearers = Bearers(gazetteer)
        self._known: tuple[Mapping[str, Heard], dict[str, Home]] = self.homes.heard, {}
        self._scanner = Scanner(gazetteer, readings)
        self._spans = Spans(gazetteer, self.bearers)
        self._transliterated = Transliterated(gazetteer, self.bearers)

    def mentions(self, fields: Sequence[tuple[str, str]], source: str = "") -> list[Mention]:
        """Return the mentions in the fields (name, text) of one document, in order.

        Some are doubtful: of those with `meant` below .5 a place is rather not meant.
        """
        home = self._home(source)
        read = [self._read(name, text) for name, text in fields]
        self._add_transliterated(read, home)
        found = [one for field in read for one in field.found]
        _consider(found, home)
        return [_mention(one) for one in found if one.scored and one.points >= DOUBTFUL]

    def placed(
        self, text: str, spans: Iterable[tuple[int, int]], source: str = ""
    ) -> list[Mention | None]:
        """Return what names at known spans of a text mean; None where nobody bears one."""
        given = list(spans)
        found = self._read("text", text, given).found
        for one in found:
            if (one.span.start, one.span.end) in given:
                one.signs = [sign for sign in one.signs if WEIGHT[sign] > 0] + [Sign.GOLD]
        _consider(found, self._home(source))
        known = {(one.span.start, one.span.end): one for one in found if one.scored}
        return [_mention(known[span]) if span in known else None for span in given]

    def names(self, fields: Sequence[tuple[str, str]]) -> set[str]:
        """Return the names (keys) in a document that are places', whichever are meant."""
        found = (one for name, text in fields for one in self._read(name, text).found)
        return {one.span.key for one in found if one.points >= _LEAST}

    def _home(self, source: str) -> Home:
        heard, known = self._known
        if heard is not self.homes.heard:
            self._known = heard, known = self.homes.heard, {}
        if source not in heard:
            return NO_HOME
        if source not in known:
            known[source] = learn(heard[source], self.bearers)
        return known[source]

    def _read(self, name: str, text: str, given: Sequence[tuple[int, int]] = ()) -> _Read:
        tokens = self._scanner.tokens(text[:_MOST_TEXT])
        spans = self._spans.find(text, tokens)
        if given:
            spans = sorted(_apart(spans, given) + self._spans.at(tokens, given))
        found = self._candidates(name, text, tokens, spans, _inside(spans))
        for one, other in pairwise(found):
            relate(one, other)
        return _Read(name, text, tokens, found)

    def _add_transliterated(self, read: Sequence[_Read], home: Home) -> None:
        """Add names that are known by their consonants, where their country is spoken of."""
        countries = {
            one.span.bearers[0].place.country
            for field in read
            for one in field.found
            if one.points >= SURE and one.clear
        }
        countries |= {place.country for place in map(self.gazetteer.place, home.weights)}
        for name, text, tokens, found in read:
            taken = _inside(one.span for one in found)
            spans = list(self._transliterated.find(text, tokens, taken, countries))
            if spans:
                names = taken | _inside(spans)
                found.extend(self._candidates(name, text, tokens, spans, names))
                found.sort(key=lambda one: one.span.start)

    def _candidates(
        self,
        name: str,
        text: str,
        tokens: Sequence[Token],
        spans: Iterable[Span],
        names: frozenset[int],
    ) -> list[Candidate]:
        languages = spoken([token.info.languages for token in tokens])
        found = []
        for one in spans:
            said = signs(text, tokens, one, names, languages)
            span, kind = one, designated(text, tokens, one)
            if kind is not None:
                span = one._replace(bearers=bearers_as(kind, one, self.bearers))
                if any(bearer.place.kind in kind.kinds for bearer in span.bearers):
                    said.append(Sign.OF_KIND)
            found.append(Candidate(name, text, tokens, span, said, kind))
        return found


def _inside(spans: Iterable[Span]) -> frozenset[int]:
    """Return the tokens that are in names."""
    return frozenset(at for span in spans for at in range(span.first, span.last + 1))


def _apart(spans: Iterable[Span], given: Sequence[tuple[int, int]]) -> list[Span]:
    """Return the spans that overlap none of those given."""
    return [one for one in spans if not any(s < one.end and one.start < e for s, e in given)]


def _consider(found: Sequence[Candidate], home: Home) -> None:
    """Choose a bearer for each name, the sure ones first."""
    agree(found)
    scene = Scene(home)
    able = [one for one in found if one.points > _HOPELESS]
    for one in able:
        if one.points >= SURE and one.clear:
            scene.add(one.span.bearers[0])
    for one in able:
        if one.inside:
            one.scored = scene.choose(one.span.bearers, one.inside, one.designator)
            scene.add(one.best, 2.0)
    settled = {one.sense: one.best.place.number for one in able if one.inside}
    rest = [one for one in able if not one.inside]
    chosen = _chosen(rest, scene)
    for one in rest:
        if one.points >= SURE and one.sense not in settled and not one.clear:
            scene.add(chosen[one.sense][0][1], 0.5)
    chosen = _chosen(rest, scene)
    for one in rest:
        one.scored = list(chosen[one.sense])
        prefer(one.scored, settled.get(one.sense))
    together = neighbours(able)
    for one in able:
        fit(one, scene, together)


def _chosen(found: Iterable[Candidate], scene: Scene) -> dict[Sense, list[tuple[float, Bearer]]]:
    """Return the bearers of each name as a text has them, the likeliest first."""
    senses = {one.sense: one.span.bearers for one in found}
    return {sense: scene.choose(bearers, (), sense[1]) for sense, bearers in senses.items()}


def _mention(one: Candidate) -> Mention:
    choices = shares(one.scored)
    meant = 1 / (1 + exp(-one.points))
    best = one.best
    share = next(c.share for c in choices if c.place.number == best.place.number)
    others = tuple(c for c in choices if c.place.number != best.place.number)
    start, end = one.span.start, one.span.end
    if one.text[end : end + 1] == "." and is_dotted(one.text[start:end], best.means):
        end += 1
    return Mention(
        one.field, start, end, one.text[start:end], best.place, round(meant * share, 3),
        best.means, tuple(dict.fromkeys(one.signs)), others[:_MOST_OTHERS], round(meant, 3),
    )  # fmt: skip
