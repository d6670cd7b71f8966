"""A story as its items draw it, and how like one it an item is.

Items and stories are vectors: words of each language by themselves, and pivots, which all
languages share. A story is the sum of its items (Allan, Papka and Lavrenko 1998), and the
cosine tells how like it an item is: by words where the story has items of that language,
else by pivots.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from itertools import repeat
from math import sqrt
from operator import itemgetter, mul
from sys import intern
from typing import Final, NamedTuple

from msgspec import Struct

from rasid.stories.features import Features
from rasid.stories.rarity import rarity

PIVOTS: Final = ""  # the part of a vector that is of no language
MAYBE: Final = "?"  # what begins the key of a word that may be a name
_UNKNOWN: Final = "und"  # language, as ISO 639 has it
_WEIGHTS: Final = {"#": 3.0, "@": 3.5, "~": 5.0, "=": 2.5}  # in decades, as words are weighed
_COMMON: Final = 1.0  # decades: what most texts have is left out
_SMALL: Final = 1.5  # numbers of one or two digits are in most texts
_SAYING, _TELLING = 2.5, 3.2  # decades: a word that says something, one that tells a story
_SEVERAL: Final = 3  # such words, and items
_WORDS: Final = 48  # of an item that are kept: the rarest
_NOTHING: Final = 1e-9
_KEYS: Final = 600  # of a story; the weakest fifth goes when there are more


class Vector(NamedTuple):
    """An item weighed: the parts are of length 1, `unsure` is in the measure of `pivots`."""

    language: str
    words: Mapping[str, float]
    pivots: Mapping[str, float]
    unsure: Mapping[str, float]  # words that may be names, by the key of the name
    saying: frozenset[str]  # keys of words that are not common
    telling: frozenset[str]  # those that may tell a story alone: rare, and no place
    meaning: bytes = b""


def vector(features: Features) -> Vector:
    """Return an item weighed."""
    language = features.language
    weighed = map(_weighed, repeat(language), features.words)
    words = {key: weight for key, weight in weighed if weight >= _COMMON}
    if len(words) > _WORDS:
        words = dict(sorted(words.items(), key=itemgetter(1), reverse=True)[:_WORDS])
    saying = frozenset([key for key, weight in words.items() if weight >= _SAYING])
    lands = {_weighed(language, word)[0] for word in features.lands}
    telling = frozenset([key for key in saying if words[key] >= _TELLING]) - lands
    pivots = {pivot: _weight(pivot) for pivot in features.pivots}
    length = _length(pivots.values())
    unsure = dict.fromkeys(features.possible, _WEIGHTS["~"] / (length or _WEIGHTS["~"]))
    for name in pivots.keys() & unsure.keys():
        del unsure[name]
    return Vector(
        language,
        _scaled(words, _length(words.values())),
        _scaled(pivots, length),
        unsure,
        saying,
        telling,
        features.meaning,
    )


@lru_cache(maxsize=100_000)
def _weighed(language: str, word: str) -> tuple[str, float]:
    """Return a word's key, the same object for all items, and its weight."""
    return intern(f"{language} {word}"), rarity(language).of(word)


@lru_cache(maxsize=50_000)
def _maybe(name: str) -> str:
    return intern(MAYBE + name)


def _unsure(item: Vector) -> dict[str, float]:
    return {_maybe(name): one for name, one in item.unsure.items()}


def _part(item: Vector) -> str:
    return item.language or _UNKNOWN


def _weight(pivot: str) -> float:
    return _SMALL if pivot[0] == "#" and len(pivot) < 4 else _WEIGHTS[pivot[0]]


def _length(weights: Collection[float]) -> float:
    return sqrt(sum(map(mul, weights, weights)))


def _scaled(weights: Mapping[str, float], length: float) -> dict[str, float]:
    return {key: weight / length for key, weight in weights.items() if weight} if length else {}


class Story(Struct, gc=False):
    """The sum of its items; `last`: when the last one came (microseconds)."""

    id: str
    number: int = 0  # of those that are known together
    last: int = 0
    items: int = 0
    placed: int = 0  # items that name a land
    weights: dict[str, float] = {}
    squares: dict[str, float] = {}  # of the length, by part

    def add(self, item: Vector) -> Iterable[str]:
        """Add an item; return the keys that are new."""
        self.items += 1
        self.placed += any(key[0] == "@" for key in item.pivots)
        if not self.weights:
            return self._begin(item)
        new = self._sum(_part(item), item.words)
        new += self._sum(PIVOTS, item.pivots)
        return new + self._sum(MAYBE, _unsure(item))

    def _begin(self, item: Vector) -> Iterable[str]:
        unsure = _unsure(item)
        for part, weights in (
            (_part(item), item.words), (PIVOTS, item.pivots), (MAYBE, unsure),
        ):  # fmt: skip
            if weights:
                self.squares[part] = sum(map(mul, weights.values(), weights.values()))
        self.weights = {**item.words, **item.pivots, **unsure}
        return self.weights

    def remove(self, item: Vector) -> list[str]:
        """Take an item away that was added last; return the keys that nothing else has."""
        self.items -= 1
        self.placed -= any(key[0] == "@" for key in item.pivots)
        gone = self._subtract(_part(item), item.words)
        gone += self._subtract(PIVOTS, item.pivots)
        return gone + self._subtract(MAYBE, _unsure(item))

    def likeness(self, item: Vector) -> float:
        """Return the cosine between an item and the story, by words or else by pivots."""
        part = _part(item)
        return self._within(item, part) if part in self.squares else self._across(item)

    def resemblance(self, item: Vector) -> float:
        """Return the cosine by words, however little of what is shared tells a story."""
        square = self.squares.get(_part(item), 0.0)
        dot = sum(one * self.weights.get(key, 0.0) for key, one in item.words.items())
        return dot / sqrt(square) if dot else 0.0

    def spare(self) -> list[str]:
        """Drop the weakest keys of a story that has many, and return them.

        Of its length they are next to nothing: it stays.
        """
        if len(self.weights) <= _KEYS:
            return []
        weakest = sorted(self.weights, key=self.weights.__getitem__)[: _KEYS // 5]
        for key in weakest:
            del self.weights[key]
        return weakest

    def has(self, item: Vector) -> bool:
        """Whether the story has items in an item's language."""
        return (_part(item)) in self.squares

    def _within(self, item: Vector, part: str) -> float:
        """Return the cosine by words, where what is shared is more than a name.

        Two reports from one town are not one story: it takes three words that say something, or
        two and what they are about. A story of several items may be told by a rare word alone.
        """
        weights, words = self.weights, item.words
        shared = list(filter(weights.__contains__, words))
        if not shared or not self._tells(shared, item):
            return 0.0
        return sum(words[key] * weights[key] for key in shared) / sqrt(self.squares[part])

    def _tells(self, shared: Collection[str], item: Vector) -> bool:
        """Whether it is enough to share these words."""
        said = len(item.saying.intersection(shared))
        if said >= _SEVERAL:
            return True
        alone = self.items >= _SEVERAL and not item.telling.isdisjoint(shared)
        if said < 2 and not alone:
            return False
        somewhere = 4 * self.placed >= 3 * self.items
        return not somewhere or any(key[0] == "=" and key in self.weights for key in item.pivots)

    def _across(self, item: Vector) -> float:
        """Return the cosine by pivots; a word that may be a name is one if the other has it."""
        weights = self.weights
        dot, mine, theirs = 0.0, 1.0, self.squares.get(PIVOTS, 0.0)
        for key, one in item.pivots.items():
            weight = weights.get(key)
            if weight is None and key[0] == "~":
                weight = weights.get(MAYBE + key, 0.0)
                theirs += weight * weight
            dot += one * (weight or 0.0)
        for key, one in item.unsure.items():
            if key in weights:
                dot += one * weights[key]
                mine += one * one
        return dot / sqrt(mine * theirs) if dot else 0.0

    def _sum(self, part: str, weights: Mapping[str, float]) -> list[str]:
        new = []
        square = self.squares.get(part, 0.0)
        for key, one in weights.items():
            before = self.weights.get(key)
            if before is None:
                new.append(key)
                before = 0.0
            self.weights[key] = before + one
            square += (2 * before + one) * one
        if weights:
            self.squares[part] = square
        return new

    def _subtract(self, part: str, weights: Mapping[str, float]) -> list[str]:
        gone = []
        for key, one in weights.items():
            if key in self.weights:  # else it was spared
                self.squares[part] -= (2 * self.weights[key] - one) * one
                self.weights[key] -= one
                if self.weights[key] < _NOTHING:
                    del self.weights[key]
                    gone.append(key)
        if self.squares.get(part, 1.0) < _NOTHING:  # no item has that part
            del self.squares[part]
        return gone
