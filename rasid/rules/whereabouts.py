"""Where a document says that things happen, as far as rules ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from rasid.places.model import Means, Mention, Place
from rasid.rules.covering import Covering
from rasid.rules.program import Bound, Sphere

SURE: Final = 0.5  # confidence of a mention that counts for a rule that asks for precision
LIKELY: Final = 0.15  # and for one that asks for recall
SHARE: Final = 0.25  # the same, for another place that the mention may mean
_QUALIFIES: Final = 5  # characters at most between a place and the country after it


class Seen(NamedTuple):
    """A mention, which of the places that it may mean counts, and for which sphere."""

    mention: Mention
    place: Place
    sphere: int


class Whereabouts:
    """The mentions of a document, by the spheres that they count for."""

    def __init__(
        self, mentions: Sequence[Mention], spheres: Sequence[Sphere], covering: Covering
    ) -> None:
        self.mentions = mentions
        self._order = {id(mention): at for at, mention in enumerate(mentions)}
        self._spheres = spheres
        self._covering = covering
        self._seen: dict[int, list[Seen]] = {}
        for mention in mentions:
            for seen in self._counting(mention):
                self._seen.setdefault(seen.sphere, []).append(seen)
        self.spheres = self._seen.keys()

    def doubt(self, seen: Seen) -> str:
        """Return why a mention that may mean a place does not count for a sphere, "" if it does."""
        return _doubt(seen, self._spheres[seen.sphere], self._sure(seen))

    def _counting(self, mention: Mention) -> Iterator[Seen]:
        """Yield the likeliest place of a mention for each sphere that it counts for."""
        taken = set[int]()
        for place in _places(mention):
            for number in self._covering.of(place):
                seen = Seen(mention, place, number)
                if number not in taken and not self.doubt(seen):
                    taken.add(number)
                    yield seen

    def _sure(self, seen: Seen) -> float:
        """Return how sure it is that a mention means some place in a sphere (0 to 1)."""
        mention = seen.mention
        shares = [(mention.place, mention.confidence)]
        shares += [(one.place, mention.meant * one.share) for one in mention.others]
        return sum(share for place, share in shares if seen.sphere in self._covering.of(place))

    def wanted(self, bound: Bound) -> list[Seen]:
        """Return what counts for a rule, once a mention, without what it does not want.

        Where a mention counts both by the place that it most likely means and by another, it
        is told by the former.
        """
        found: dict[int, Seen] = {}
        for number in sorted(bound.wanted):
            for seen in self._seen.get(number, ()):
                known = found.get(id(seen.mention))
                if known is None or known.place != known.mention.place == seen.place:
                    found[id(seen.mention)] = seen
        kept = self._without(found.values(), bound) if bound.unwanted else found.values()
        return sorted(kept, key=lambda seen: self._order[id(seen.mention)])

    def covered(self, bound: Bound) -> Iterator[Seen]:
        """Yield the mentions in a rule's spheres, however doubtful."""
        for mention in self.mentions:
            for place in _places(mention):
                for number in self._covering.of(place):
                    if number in bound.wanted:
                        yield Seen(mention, place, number)

    def _without(self, found: Iterable[Seen], bound: Bound) -> Iterator[Seen]:
        for seen in found:
            at = self._order[id(seen.mention)]
            before = self.mentions[at - 1] if at else None
            places = [seen.place, seen.mention.place]
            if before is not None and _qualifies(seen.mention, before):
                places.append(before.place)
            if not any(self._is_unwanted(place, bound) for place in places):
                yield seen

    def _is_unwanted(self, place: Place, bound: Bound) -> bool:
        return not bound.unwanted.isdisjoint(self._covering.of(place))


def _doubt(seen: Seen, sphere: Sphere, sure: float) -> str:
    mention, place = seen.mention, seen.place
    if mention.means is Means.DEMONYM and not sphere.demonyms:
        return "names a people and not the place (demonyms: true)"
    likely = LIKELY if place == mention.place else SHARE
    least = likely if sphere.recall else SURE
    if sure >= least:
        return ""
    if place != mention.place:
        return f"means {mention.place.name} rather than {place.name} ({sure:.2f})"
    return f"is too uncertain ({sure:.2f}, asked for {least:g})"


def _places(mention: Mention) -> Iterator[Place]:
    yield mention.place
    yield from (one.place for one in mention.others)


def _qualifies(mention: Mention, before: Mention) -> bool:
    """Whether a mention only says where another one lies: "Damascus, Syria"."""
    gap = mention.start - before.end
    near = mention.field == before.field and 0 <= gap <= _QUALIFIES
    return near and mention.place.number in before.place.within
