"""A name in a text under way to become a mention, and what names tell of one another."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from typing import Final

from rasid.places.bearers import Bearer
from rasid.places.cues import Cue
from rasid.places.designators import Designator
from rasid.places.model import Kind, Means
from rasid.places.recognise import Sign, points
from rasid.places.resolve import Scene
from rasid.places.scan import Shape, Token
from rasid.places.spans import Span

SURE: Final = 1.5  # points from which on a name tells what the text is about
_UNSURE: Final = -1.3  # points from which on a name supports others of its country
_AT_HOME: Final = 0.5
_WELL_KNOWN: Final = 11.5  # the logarithm of 100,000 people
_PEOPLE: Final = frozenset((Sign.PERSON, Sign.LONGER))
_STRONG: Final = frozenset((Sign.IN, Sign.KIND, Sign.CALLED, Sign.QUALIFIED))
_CALLED: Final = frozenset((Sign.KIND, Sign.CALLED))
_LINKS: Final = frozenset((", ", " (", "، ", " - ", " – ", ",", "، في ", " في ", " in "))
_LISTS: Final = frozenset((
    " and ", ", and ", " or ", " & ", " to ", "-", "/", " و", " et ", " y ", " und ", " и ", " ve ",
))  # fmt: skip

Sense = tuple[str, Designator | None]


@dataclasses.dataclass(slots=True)
class Candidate:
    """A name in a field, what speaks for and against it, and who may be meant."""

    field: str
    text: str
    tokens: Sequence[Token]
    span: Span
    signs: list[Sign]
    designator: Designator | None = None  # the kind of place that stands beside it
    inside: tuple[int, ...] = ()  # what stands beside it as containing it
    scored: list[tuple[float, Bearer]] = dataclasses.field(default_factory=list)

    @property
    def sense(self) -> Sense:
        """What means the same throughout a text."""
        return self.span.key, self.designator

    @property
    def points(self) -> float:
        """What speaks for it: above 0, it is likelier than not that a place is meant."""
        return points(self.signs, self.tokens[self.span.first].info.shape)

    @property
    def best(self) -> Bearer:
        """Who is meant, as far as is known."""
        return self.scored[0][1] if self.scored else self.span.bearers[0]

    @property
    def clear(self) -> bool:
        """Whether nobody else is meant, whatever the text is about."""
        return len(self.span.bearers) == 1 or self.span.bearers[0].place.kind <= Kind.ADMIN1


def relate(one: Candidate, other: Candidate) -> None:
    """Note that two names stand beside each other, and whether one contains the other."""
    gap = one.text[one.span.end : other.span.start]
    if gap in _LINKS:
        around = {bearer.place.number for bearer in other.span.bearers}
        within = {n for bearer in one.span.bearers for n in bearer.place.within}
        if both := around & within:
            one.inside = tuple(both)
            one.signs.append(Sign.QUALIFIED)
            other.signs.append(Sign.BESIDE)
            return
    if gap == " " and one.tokens[one.span.first].info.shape is not Shape.UNCASED:
        if one.tokens[one.span.last].info.cue & Cue.GIVEN:
            one.signs.append(Sign.PERSON)
            other.signs.append(Sign.PERSON)
        elif Sign.NOTHING not in one.signs and Means.NAME is one.best.means:
            one.signs.append(Sign.FOLLOWED)
            other.signs.append(Sign.LONGER)
    elif gap in _LINKS or gap in _LISTS:
        one.signs.append(Sign.BESIDE)
        other.signs.append(Sign.BESIDE)


def prefer(scored: list[tuple[float, Bearer]], number: int | None) -> None:
    """Put the place first that the name meant elsewhere in the text, by what stood beside it."""
    at = next((i for i, (_, one) in enumerate(scored) if one.place.number == number), 0)
    if at:
        scored.insert(0, scored.pop(at))


def neighbours(found: Sequence[Candidate]) -> frozenset[int]:
    """Return the countries in which two or more names are, however unsure each is."""
    names = {(one.best.country, one.span.key) for one in found if one.points > _UNSURE}
    counts = Counter(country for country, _ in names)
    return frozenset(country for country, count in counts.items() if country >= 0 and count > 1)


def fit(one: Candidate, scene: Scene, together: frozenset[int]) -> None:
    """Judge a name by whether the text, or its source, is about where it is.

    `together`: countries of which it names several places.
    """
    best = one.best
    if best.place.kind <= Kind.ADMIN1 or one.inside:
        return
    if scene.home.weight(best.admin1) >= _AT_HOME:
        one.signs.append(Sign.HOME)
    elif best.admin1 in scene.divisions:
        one.signs.append(Sign.NEARBY)
    elif best.country in (scene.countries if scene.has_places else together):
        one.signs.append(Sign.SAME_COUNTRY)
    elif best.prior < _WELL_KNOWN and _CALLED.isdisjoint(one.signs):
        one.signs.append(Sign.UNKNOWN_LAND)


def agree(found: Sequence[Candidate]) -> None:
    """Let a name that is surely a place, or surely a person, be so throughout the text."""
    places = {
        one.span.key for one in found if one.points >= SURE and not _STRONG.isdisjoint(one.signs)
    }
    people = {one.span.key for one in found if not _PEOPLE.isdisjoint(one.signs)}
    for one in found:
        if one.span.key in people and _PEOPLE.isdisjoint(one.signs):
            one.signs.append(Sign.SURNAME)
        elif one.span.key in places and _STRONG.isdisjoint(one.signs):
            one.signs.append(Sign.ELSEWHERE)
