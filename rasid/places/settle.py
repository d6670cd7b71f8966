"""What the names of a document tell of one another, and so who is meant by each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from rasid.places.bearers import Bearer
from rasid.places.candidates import SURE, Candidate, Sense
from rasid.places.cues import Cue
from rasid.places.home import Home
from rasid.places.model import Kind, Means
from rasid.places.resolve import Scene
from rasid.places.scan import Shape
from rasid.places.signs import Sign
from rasid.places.writing import scripts_of
from rasid.text.tokens import scripts

_HOPELESS: Final = -2.1  # points from which nothing in the text makes a place any more
_UNSURE: Final = -1.3  # points from which on a name supports others of its country
_AT_HOME: Final = 0.5
_WELL_KNOWN: Final = 11.5  # the logarithm of 100,000 people
_MANY_NAMES: Final = 15  # a small town in twenty has so many
_PEOPLE: Final = frozenset((Sign.PERSON, Sign.LONGER))
_STRONG: Final = frozenset((Sign.IN, Sign.KIND, Sign.CALLED, Sign.QUALIFIED))
_CALLED: Final = frozenset((Sign.KIND, Sign.CALLED))
_ELSEWHERE: Final = frozenset((Sign.UNKNOWN_LAND, Sign.COMMON, Sign.NOTHING))
_LINKS: Final = frozenset((", ", " (", "، ", " - ", " – ", ",", "، في ", " في ", " in "))
_LISTS: Final = frozenset((
    " and ", ", and ", " or ", " & ", " to ", "-", "/", " و", " et ", " y ", " und ", " и ", " ve ",
))  # fmt: skip


def settle(found: Sequence[Candidate], home: Home) -> None:
    """Choose a bearer for each name, the sure ones first."""
    agree(found)
    scene = Scene(home)
    able = [one for one in found if one.points > _HOPELESS]
    for one in able:
        if one.points >= SURE and one.clear and Sign.FEATURE not in one.signs:
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


def relate(one: Candidate, other: Candidate) -> None:
    """Note that two names stand beside each other, and whether one contains the other."""
    gap = one.text[one.span.end : other.span.start]
    if gap in _LINKS:
        around = {bearer.place.number for bearer in other.span.bearers}
        within = {n for bearer in one.span.bearers for n in bearer.place.within}
        if (both := around & within) and other.best.means is not Means.DEMONYM:
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
    if best.means is Means.WITHIN:
        one.signs.append(Sign.UNLISTED)
    if best.place.kind <= Kind.ADMIN1 or one.inside:
        return
    if scene.home.weight(best.admin1) >= _AT_HOME:
        one.signs.append(Sign.HOME)
    elif best.admin1 in scene.divisions:
        one.signs.append(Sign.NEARBY)
    elif best.country in (scene.countries if scene.has_places else together):
        one.signs.append(Sign.SAME_COUNTRY)
    elif _CALLED.isdisjoint(one.signs) and not (_is_well_known(best) or _is_own_script(one)):
        one.signs.append(Sign.UNKNOWN_LAND)


def _is_well_known(bearer: Bearer) -> bool:
    """Whether a place is large, or called by a name of its own in many languages."""
    return bearer.prior >= _WELL_KNOWN or bearer.place.names >= _MANY_NAMES


def _is_own_script(one: Candidate) -> bool:
    """Whether a name is written as it is at home: an Arabic text is of Arab countries first."""
    letters = scripts(one.tokens[one.span.first].info.folded)
    return not letters.isdisjoint(scripts_of(one.best.place.country))


def is_misnamed(one: Candidate) -> bool:
    """Whether a street or building has its name from a place that the text is not about."""
    return Sign.FEATURE in one.signs and not _ELSEWHERE.isdisjoint(one.signs)


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
