"""Finds the places that a document names, and decides which ones are meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import exp
from typing import Final

from rasid.places.bearers import Bearer, Bearers
from rasid.places.cues import Cue
from rasid.places.home import NO_HOME, Heard, Home, Homes, learn
from rasid.places.model import Gazetteer, Kind, Means, Mention
from rasid.places.ordinary import spoken
from rasid.places.recognise import WEIGHT, Sign, points, signs
from rasid.places.resolve import Scene, shares
from rasid.places.scan import Scanner, Shape, Token
from rasid.places.spans import Span, Spans, is_dotted

_SURE: Final = 1.5  # points from which on a name tells what the text is about
_HOPELESS: Final = -2.1  # points from which nothing in the text makes a place any more
_AT_HOME: Final = 0.5
_WELL_KNOWN: Final = 11.5  # the logarithm of 100,000 people
_PEOPLE: Final = frozenset((Sign.PERSON, Sign.LONGER))
_LEAST: Final = 0.0  # points from which on it is likelier than not that a place is meant
DOUBTFUL: Final = -1.73  # points from which on a mention is told: 15 in 100
_MOST_OTHERS: Final = 4
_LINKS: Final = frozenset((", ", " (", "، ", " - ", " – ", ",", "، في ", " في ", " in "))
_LISTS: Final = frozenset(
    (
        " and ",
        " or ",
        ", and ",
        " و",
        " to ",
        "-",
        "/",
        " & ",
        " et ",
        " y ",
        " und ",
        " и ",
        " ve ",
    )
)


@dataclass(slots=True)
class _Found:
    """A name under way to become a mention."""

    name: str  # of the field
    text: str
    tokens: Sequence[Token]
    span: Span
    signs: list[Sign]
    inside: tuple[int, ...] = ()  # what stands beside it as containing it
    scored: list[tuple[float, Bearer]] = field(default_factory=list)

    @property
    def points(self) -> float:
        return points(self.signs, self.tokens[self.span.first].info.shape)

    @property
    def best(self) -> Bearer:
        return self.scored[0][1] if self.scored else self.span.bearers[0]


class PlaceFinder:
    """A geoparser without a model. Any number of threads may ask at once.

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
        self._known: dict[str, tuple[Heard, Home]] = {}
        self.bearers = Bearers(gazetteer)
        self._scanner = Scanner(gazetteer, readings)
        self._spans = Spans(gazetteer, self.bearers)

    def mentions(self, fields: Sequence[tuple[str, str]], source: str = "") -> list[Mention]:
        """Return the mentions in the fields (name, text) of one document, in order.

        Some are doubtful: of those with `meant` below .5 a place is rather not meant.
        """
        found = [one for name, text in fields for one in self._read(name, text)]
        self._consider(found, self._home(source))
        return [self._mention(one) for one in found if one.scored and one.points >= DOUBTFUL]

    def placed(
        self, text: str, spans: Iterable[tuple[int, int]], source: str = ""
    ) -> list[Mention | None]:
        """Return what names at known spans of a text mean; None where nobody bears one."""
        given = list(spans)
        found = self._read("text", text, given)
        for one in found:
            if (one.span.start, one.span.end) in given:
                one.signs = [sign for sign in one.signs if WEIGHT[sign] > 0] + [Sign.GOLD]
        self._consider(found, self._home(source))
        known = {(one.span.start, one.span.end): one for one in found if one.scored}
        return [self._mention(known[span]) if span in known else None for span in given]

    def names(self, fields: Sequence[tuple[str, str]]) -> set[str]:
        """Return the names (keys) in a document that are places', whichever are meant."""
        found = (one for name, text in fields for one in self._read(name, text))
        return {one.span.key for one in found if one.points >= _LEAST}

    def _home(self, source: str) -> Home:
        heard = self.homes.of(source)
        if heard is None:
            return NO_HOME
        known = self._known.get(source)
        if known is None or known[0] is not heard:
            known = self._known[source] = heard, learn(heard, self.bearers)
        return known[1]

    def _read(self, name: str, text: str, given: Sequence[tuple[int, int]] = ()) -> list[_Found]:
        tokens = self._scanner.tokens(text)
        spans = self._spans.find(text, tokens)
        if given:
            spans = sorted(_apart(spans, given) + self._spans.at(tokens, given))
        inside = frozenset(at for span in spans for at in range(span.first, span.last + 1))
        languages = spoken([token.info.languages for token in tokens])
        found = [
            _Found(name, text, tokens, span, signs(text, tokens, span, inside, languages))
            for span in spans
        ]
        for one, other in pairwise(found):
            self._relate(text, one, other)
        return found

    def _relate(self, text: str, one: _Found, other: _Found) -> None:
        """Note that two names stand beside each other, and whether one contains the other."""
        gap = text[one.span.end : other.span.start]
        if gap in _LINKS:
            around = {bearer.place.number for bearer in other.span.bearers}
            within = {n for bearer in one.span.bearers for n in bearer.place.within}
            if both := around & within:
                one.inside = tuple(both)
                one.signs.append(Sign.QUALIFIED)
                other.signs.append(Sign.BESIDE)
                return
        if gap == " " and one.tokens[one.span.first].info.shape is not Shape.UNCASED:
            if _is_given(one):
                one.signs.append(Sign.PERSON)
                other.signs.append(Sign.PERSON)
            elif Sign.NOTHING not in one.signs and Means.NAME is one.best.means:
                one.signs.append(Sign.FOLLOWED)
                other.signs.append(Sign.LONGER)
        elif gap in _LINKS or gap in _LISTS:
            one.signs.append(Sign.BESIDE)
            other.signs.append(Sign.BESIDE)

    def _consider(self, found: Sequence[_Found], home: Home) -> None:
        """Choose a bearer for each name, the sure ones first."""
        _agree(found)
        scene = Scene(home)
        able = [one for one in found if one.points > _HOPELESS]
        for one in able:
            if one.points >= _SURE and _is_clear(one):
                scene.add(one.span.bearers[0])
        for one in able:
            one.scored = scene.choose(one.span.bearers, one.inside)
            if one.inside:
                scene.add(one.best, 2.0)
        settled = {one.span.key: one.best.place.number for one in able if one.inside}
        for one in able:
            if one.points >= _SURE and one.span.key not in settled and not _is_clear(one):
                scene.add(one.best, 0.5)
        for one in able:
            if not one.inside:
                one.scored = scene.choose(one.span.bearers)
                _prefer(one.scored, settled.get(one.span.key))
            _fit(one, scene)

    def _mention(self, one: _Found) -> Mention:
        choices = shares(one.scored)
        real = 1 / (1 + exp(-one.points))
        best = one.best
        share = next(c.share for c in choices if c.place.number == best.place.number)
        others = tuple(c for c in choices if c.place.number != best.place.number)
        start, end = one.span.start, one.span.end
        if one.text[end : end + 1] == "." and is_dotted(one.text[start:end], best.means):
            end += 1
        return Mention(
            one.name, start, end, one.text[start:end], best.place, round(real * share, 3),
            best.means, tuple(dict.fromkeys(one.signs)), others[:_MOST_OTHERS], round(real, 3),
        )  # fmt: skip


def _is_given(one: _Found) -> bool:
    return bool(one.tokens[one.span.last].info.cue & Cue.GIVEN)


def _apart(spans: Iterable[Span], given: Sequence[tuple[int, int]]) -> list[Span]:
    """Return the spans that overlap none of those given."""
    return [one for one in spans if not any(s < one.end and one.start < e for s, e in given)]


def _prefer(scored: list[tuple[float, Bearer]], number: int | None) -> None:
    """Put the place first that the name meant elsewhere in the text, by what stood beside it."""
    at = next((i for i, (_, one) in enumerate(scored) if one.place.number == number), 0)
    if at:
        scored.insert(0, scored.pop(at))


def _fit(one: _Found, scene: Scene) -> None:
    """Judge a name by whether the text, or its source, is about where it is."""
    best = one.best
    if best.place.kind <= Kind.ADMIN1 or one.inside:
        return
    if scene.home.weight(best.admin1) >= _AT_HOME:
        one.signs.append(Sign.HOME)
    elif best.admin1 in scene.divisions:
        one.signs.append(Sign.NEARBY)
    elif best.country in scene.countries:
        one.signs.append(Sign.SAME_COUNTRY)
    elif best.prior < _WELL_KNOWN:
        one.signs.append(Sign.UNKNOWN_LAND)


def _is_clear(one: _Found) -> bool:
    return len(one.span.bearers) == 1 or one.span.bearers[0].place.kind <= Kind.ADMIN1


def _agree(found: Sequence[_Found]) -> None:
    """Let a name that is surely a place, or surely a person, be so throughout the text."""
    places = {one.span.key for one in found if one.points >= _SURE and _is_strong(one)}
    people = {one.span.key for one in found if not _PEOPLE.isdisjoint(one.signs)}
    for one in found:
        if one.span.key in people and _PEOPLE.isdisjoint(one.signs):
            one.signs.append(Sign.SURNAME)
        elif one.span.key in places and not _is_strong(one):
            one.signs.append(Sign.ELSEWHERE)


def _is_strong(one: _Found) -> bool:
    return not {Sign.IN, Sign.KIND, Sign.QUALIFIED}.isdisjoint(one.signs)
