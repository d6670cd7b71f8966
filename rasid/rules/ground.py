"""The places of documents as rules see them, and which of them a match rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from rasid.models import Document
from rasid.places.hearing import fields_of, source_of
from rasid.places.model import Geoparser
from rasid.places.shown import Shown
from rasid.rules.covering import Covering
from rasid.rules.nearness import Nearness, Window
from rasid.rules.program import Plan, Sphere
from rasid.rules.whereabouts import Seen, Whereabouts

_MOST: Final = 10  # mentions that a match is shown to rest on


class Grounds(NamedTuple):
    """A mention that a match rests on, and the words of each field that are near it."""

    seen: Seen
    window: Window


class Ground:
    """The spheres of all rules, and what finds the places of documents."""

    def __init__(
        self, spheres: Sequence[Sphere], geoparser: Geoparser, language: str = "en"
    ) -> None:
        """`language`: the desk's, in which it is told of places."""
        self.spheres = spheres
        self.gazetteer = geoparser.gazetteer
        self.geoparser = geoparser
        self.shown = Shown(geoparser.gazetteer, language)
        regions = [sphere.region for sphere in spheres]
        self._covering = Covering(regions, self.gazetteer.place)

    def whereabouts(self, document: Document) -> Whereabouts:
        """Return where a document says that things happen."""
        found = self.geoparser.mentions(fields_of(document), source_of(document))
        return Whereabouts(found, self.spheres, self._covering)


def found_near(plan: Plan, nearness: Nearness, there: Whereabouts) -> list[Grounds]:
    """Return the first mentions that a rule wants and that its words are near, in order."""
    return list(islice(_near(plan, nearness, there), _MOST))


def _near(plan: Plan, nearness: Nearness, there: Whereabouts) -> Iterator[Grounds]:
    assert plan.bound is not None
    for seen in there.wanted(plan.bound):
        window = nearness.window(seen.mention, plan.bound.together)
        if window and nearness.holds(plan.node, window):
            yield Grounds(seen, window)
