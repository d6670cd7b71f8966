"""Why a rule whose words are all there does not match: the places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rasid.archive.miss import Miss
from rasid.counted import counted
from rasid.places.distance import km_between
from rasid.places.model import Place
from rasid.rules.conditions import Node
from rasid.rules.evaluate import Evaluation
from rasid.rules.ground import found_near
from rasid.rules.nearness import Nearness
from rasid.rules.program import Bound, Plan, Sphere
from rasid.rules.whereabouts import Seen, Whereabouts
from rasid.settings import Around, Inside, Region

_SHOWN: Final = 6
_FAR: Final = 1 << 20  # words: farther than any two of one text


def place_miss(
    plan: Plan, evaluation: Evaluation, there: Whereabouts, spheres: Sequence[Sphere]
) -> Miss | None:
    """Return why nothing that a document says to be somewhere is where a rule wants it.

    None when something is.
    """
    bound = plan.bound
    if bound is None or found_near(plan, Nearness(evaluation), there):
        return None
    clause = f"where: {_listed(bound, spheres)}"
    if not there.mentions:
        return Miss(clause, "the text names no place")
    wanted = there.wanted(bound)
    if wanted:
        return _too_far(plan.node, bound, evaluation, wanted)
    covered = list(there.covered(bound))
    if not covered:
        return Miss(clause, _outside(bound, there, spheres))
    reasons = [(seen, why) for seen in covered if (why := there.doubt(seen))]
    if len(reasons) < len(covered):
        names = dict.fromkeys(f'"{seen.mention.text}"' for seen in covered)
        return Miss(f"not_where: takes {', '.join(names)} away", veto=True)
    seen, why = reasons[0]
    return Miss(clause, f'"{seen.mention.text}" in the {seen.mention.field} {why}')


def _outside(bound: Bound, there: Whereabouts, spheres: Sequence[Sphere]) -> str:
    """Return the places that are named, and how far the nearest of them is outside."""
    named = dict.fromkeys(f'"{one.text}" is {one.place.name}' for one in there.mentions)
    more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
    found = ", ".join(list(named)[:_SHOWN]) + more
    places = [one.place for one in there.mentions]
    circles = [spheres[number].region for number in bound.wanted]
    far = [
        (distance, place.name, circle.name)
        for circle in circles
        if isinstance(circle, Around)
        for place in places
        if (distance := _distance(place, circle)) is not None
    ]
    if not far:
        return found
    km, name, centre = min(far)
    return f"{found}; {name} is {km:.0f} km from {centre}"


def _distance(place: Place, circle: Around) -> float | None:
    if place.kind.is_area or place.lat is None or place.lon is None:
        return None
    return km_between(place.lat, place.lon, circle.lat, circle.lon)


def _too_far(node: Node, bound: Bound, evaluation: Evaluation, wanted: Sequence[Seen]) -> Miss:
    """Return how far the words of a rule stand from the place that they are nearest to."""
    nearness = Nearness(evaluation)
    names = ", ".join(dict.fromkeys(f'"{seen.mention.text}"' for seen in wanted))
    if not isinstance(bound.together, int):
        return Miss(f"together: {bound.together}", f"{names} is there, but not with the words")
    clause = f"together: {counted(bound.together, 'word')}"

    def reached(words: int) -> bool:
        windows = (nearness.window(seen.mention, words) for seen in wanted)
        return any(nearness.holds(node, window) for window in windows)

    low, high = bound.together, _FAR
    while high - low > 1:
        middle = (low + high) // 2
        if reached(middle):
            high = middle
        else:
            low = middle
    return Miss(clause, f"{names} is there, with {counted(high, 'word')} between")


def _listed(bound: Bound, spheres: Sequence[Sphere]) -> str:
    names = sorted(region_text(spheres[number].region) for number in bound.wanted)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def region_text(region: Region) -> str:
    """Return a region as a rule might call it."""
    if isinstance(region, Around):
        return f"{region.km:g} km around {region.name}"
    return f"{region.name} [{region.id}]" if isinstance(region, Inside) else region.name
