"""Finds the places that a document names, and decides which ones are meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from rasid.places.bearers import Bearers
from rasid.places.candidates import SURE
from rasid.places.home import NO_HOME, Heard, Home, Homes, learn
from rasid.places.model import Gazetteer, Mention
from rasid.places.reader import Read, Reader
from rasid.places.settle import settle
from rasid.places.signs import WEIGHT, Sign
from rasid.places.surroundings import Surroundings
from rasid.places.told import mention_of, unlisted

DOUBTFUL: Final = -1.73  # points from which on a mention is told: 15 in 100
_LEAST: Final = 0.0  # points from which on it is likelier than not that a place is meant
_BY_NAME: Final = (Sign.FEATURE,)


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
        self._reader = Reader(gazetteer, self.bearers, readings)

    def mentions(self, fields: Sequence[tuple[str, str]], source: str = "") -> list[Mention]:
        """Return the mentions in the fields (name, text) of one document, in order.

        Some are doubtful: of those with `meant` below .5 a place is rather not meant.
        """
        home = self._home(source)
        read = [self._reader.read(name, text) for name, text in fields]
        self._add_transliterated(read, home)
        settle([one for field in read for one in field.found], home)
        for field in read:
            self._reader.leave_misnamed(field)
        told = [
            mention_of(one)
            for field in read
            for one in field.found
            if one.scored and one.points >= DOUBTFUL
        ]
        if any(field.features for field in read):
            told += self._features(read, home)
            order = {name: at for at, (name, _) in enumerate(fields)}
            told.sort(key=lambda one: (order[one.field], one.start))
        return told

    def placed(
        self, text: str, spans: Iterable[tuple[int, int]], source: str = ""
    ) -> list[Mention | None]:
        """Return what names at known spans of a text mean; None where nothing tells.

        A name that nobody bears is where its text is.
        """
        given, home = list(spans), self._home(source)
        found = self._reader.read_at("text", text, given).found
        for one in found:
            if (one.span.start, one.span.end) in given:
                one.signs = [sign for sign in one.signs if WEIGHT[sign] > 0] + [Sign.GOLD]
        settle(found, home)
        known = {(one.span.start, one.span.end): mention_of(one) for one in found if one.scored}
        around = Surroundings(found, home, self.gazetteer)
        return [known.get(span) or unlisted("text", text, *span, (), around) for span in given]

    def names(self, fields: Sequence[tuple[str, str]]) -> set[str]:
        """Return the names (keys) in a document that are places', whichever are meant."""
        found = (one for name, text in fields for one in self._reader.read(name, text).found)
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

    def _add_transliterated(self, read: Sequence[Read], home: Home) -> None:
        countries = {
            one.span.bearers[0].place.country
            for field in read
            for one in field.found
            if one.points >= SURE and one.clear
        }
        countries |= {place.country for place in map(self.gazetteer.place, home.weights)}
        for field in read:
            self._reader.add_transliterated(field, countries)

    def _features(self, read: Sequence[Read], home: Home) -> list[Mention]:
        """Return the features that no gazetteer has, each in the place where its text is."""
        around = Surroundings([one for field in read for one in field.found], home, self.gazetteer)
        found = (
            unlisted(field.field, field.text, one.start, one.end, _BY_NAME, around)
            for field in read
            for one in field.features
        )
        return [one for one in found if one is not None]
