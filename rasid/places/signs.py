"""What speaks for or against a name's being a place, and how much."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from rasid.places.scan import Shape

CASED: Final = frozenset((Shape.LOWER, Shape.TITLE, Shape.UPPER))


class Sign(StrEnum):
    """What speaks for or against a name's being a place; `WEIGHT` tells how much."""

    GOLD = "known to be a place"
    COUNTRY = "a country or a region"
    DEMONYM = "of a country or a region"
    DIVISION = "a state or a province"
    BIG = "a large town"
    MIDDLE = "a town"
    SMALL = "a small place"
    ALIKE = "spelt like a place's name"
    OWN = "a place of one's own"
    WORDS = "several words"
    COMMON = "a common word"
    MAYBE_COMMON = "perhaps a common word"
    COMMON_FIRST = "a common word that begins a sentence"
    GIVEN = "a given name"
    FAMILY = "a family name"
    IN = "a preposition before it"
    AMONG = "a preposition, as before any word"
    ATTACHED = "a letter is taken off before a seldom name"
    KIND = "what it is stands beside it"
    CALLED = "what it is stands before it"
    OF_KIND = "it is of the kind that is said beside it"
    FEATURE = "a street, a river or a building by its name"
    UNLISTED = "at home there may be a place that no list has"
    WITHIN = "taken to be in the place that is named nearest"
    QUALIFIED = "what contains it stands beside it"
    BESIDE = "another place beside it"
    PERSON = "a person's title or first name before it"
    LONGER = "part of a longer name"
    FOLLOWED = "a name after it"
    BODY = "part of an organisation's name"
    DATELINE = "where the report was filed"
    STREET = "part of a street's name"
    VERB = "it does what people do"
    ARTICLE = "the article that it has is missing"
    SAME_ARTICLE = "it has its article"
    ELSEWHERE = "named as a place elsewhere in the text"
    NOTHING = "a word for something else"
    SURNAME = "a person's name elsewhere in the text"
    NEARBY = "the text is about its surroundings"
    SAME_COUNTRY = "the text is about its country"
    HOME = "the source is at home there"
    UNKNOWN_LAND = "nothing else in the text is near it"


# fitted to English news by logistic regression, and rounded
WEIGHT: Final = {
    Sign.GOLD: 9.0,
    Sign.COUNTRY: 2.3,
    Sign.DEMONYM: 1.8,
    Sign.DIVISION: 2.4,
    Sign.BIG: 0.7,
    Sign.MIDDLE: -0.2,
    Sign.SMALL: -0.8,
    Sign.ALIKE: 0.3,
    Sign.OWN: 3.0,
    Sign.WORDS: 1.0,
    Sign.COMMON: -1.5,
    Sign.MAYBE_COMMON: -0.8,
    Sign.COMMON_FIRST: -3.0,
    Sign.GIVEN: -1.5,
    Sign.FAMILY: -2.4,
    Sign.IN: 0.9,
    Sign.AMONG: 0.9,
    Sign.ATTACHED: 0.0,
    Sign.KIND: 0.4,
    Sign.CALLED: 1.8,
    Sign.OF_KIND: 1.0,
    Sign.FEATURE: 1.0,
    Sign.UNLISTED: 0.0,
    Sign.WITHIN: 0.0,
    Sign.QUALIFIED: 4.0,
    Sign.BESIDE: 1.2,
    Sign.PERSON: -3.4,
    Sign.LONGER: -1.8,
    Sign.FOLLOWED: -1.2,
    Sign.BODY: -1.3,
    Sign.DATELINE: -8.0,
    Sign.STREET: -3.0,
    Sign.VERB: -2.5,
    Sign.ARTICLE: -2.0,
    Sign.SAME_ARTICLE: 0.3,
    Sign.ELSEWHERE: 1.1,
    Sign.NOTHING: -4.5,
    Sign.SURNAME: -1.2,
    Sign.NEARBY: 0.4,
    Sign.SAME_COUNTRY: -0.2,
    Sign.HOME: 2.0,
    Sign.UNKNOWN_LAND: -1.8,
}
# without capitals, what stands around a name must say more
_UNCASED: Final = {
    **WEIGHT,
    Sign.BIG: 1.2,
    Sign.MIDDLE: -0.3,
    Sign.SMALL: -1.2,
    Sign.COMMON: -2.0,
    Sign.AMONG: 0.3,
    Sign.ATTACHED: -1.5,
    Sign.KIND: 3.4,
    Sign.OF_KIND: 0.5,
    Sign.FOLLOWED: -2.0,
    Sign.BODY: -4.0,
    Sign.NEARBY: 1.2,
    Sign.SAME_COUNTRY: 0.8,
}


def points(found: Iterable[Sign], shape: Shape) -> float:
    """Return what signs come to: above 0, a place is meant."""
    return sum(map((WEIGHT if shape in CASED else _UNCASED).__getitem__, found))
