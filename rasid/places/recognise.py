"""Whether a name in a text means a place: what stands around it tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Final

from rasid.places.cues import Cue
from rasid.places.model import Kind, Means
from rasid.places.ordinary import EN, RATHER_PLACES
from rasid.places.own import is_own
from rasid.places.scan import Shape, Token
from rasid.places.spans import Span

_CASED: Final = frozenset((Shape.LOWER, Shape.TITLE, Shape.UPPER))
_STOPS: Final = frozenset('.!?…؟。！？:;؛\n"“”«»•|')
_LARGE, _BIG, _MIDDLE = 12.2, 11.5, 9.6  # logarithms of 200,000, 100,000 and 15,000 people
# where names of towns are words of Arabic, Persian or Hebrew
_UNCASED_LANDS: Final = frozenset({
    "AE", "AF", "BH", "DJ", "DZ", "EG", "EH", "IL", "IQ", "IR", "JO", "KM", "KW", "LB", "LY",
    "MA", "MR", "OM", "PS", "QA", "SA", "SD", "SO", "SY", "TD", "TN", "YE",
})  # fmt: skip
# DAMASCUS, Syria (Reuters) - دمشق - سانا
_DATELINE: Final = re.compile(
    r"(?:[,،] [^\W\d_]+)?\s*[-–—/(|]+\s*(?:سانا|رويترز|وكالات|الأناضول|فرانس برس|أ ف ب|ا ف ب"
    r"|أ ب|وام|واس|كونا|قنا|سبأ|معا|وفا|شينخوا|د ب أ|reuters|ap|afp|sana|upi|tass|xinhua|anadolu"
    r"|aa|dha|iha|dpa|efe|ansa|тасс|риа|интерфакс|укринформ|укрінформ)\b",
    re.IGNORECASE,
)
_NO_NAMES: Final = (
    Cue.NOTHING | Cue.SIDE | Cue.PERSON | Cue.BODY | Cue.STREET | Cue.AREA | Cue.TOWN | Cue.IN
)
_BLANKS: Final = " \u00a0\u200c\u200f\u200e"
_BESIDE: Final = frozenset((" ", "-", "\u00a0"))
_SHORTENED: Final = 4  # letters of a title at most: Capt.
_MOST_SIDES: Final = 3  # upper north western
_THE: Final = frozenset(("the", "la", "le", "les", "el", "los", "der", "die", "das", "den", "dem"))


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
    COMMON_BIG = "a common word that is a city's name"
    COMMON_FIRST = "a common word that begins a sentence"
    GIVEN = "a given name"
    FAMILY = "a family name"
    IN = "a preposition before it"
    KIND = "what it is stands beside it"
    CALLED = "what it is stands before it"
    OF_KIND = "it is of the kind that is said beside it"
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
    Sign.COMMON_BIG: -0.8,
    Sign.COMMON_FIRST: -3.0,
    Sign.GIVEN: -1.5,
    Sign.FAMILY: -2.4,
    Sign.IN: 0.9,
    Sign.KIND: 0.4,
    Sign.CALLED: 1.8,
    Sign.OF_KIND: 1.0,
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
    Sign.KIND: 3.4,
    Sign.BODY: -4.0,
    Sign.NEARBY: 1.2,
    Sign.SAME_COUNTRY: 0.8,
}


def points(found: Iterable[Sign], shape: Shape) -> float:
    """Return what signs come to: above 0, a place is meant."""
    return sum(map((WEIGHT if shape in _CASED else _UNCASED).__getitem__, found))


def signs(
    text: str, tokens: Sequence[Token], span: Span, names: frozenset[int], languages: int
) -> list[Sign]:
    """Return what a name and its surroundings say.

    `names`: tokens that are in names; `languages` (bits): of the text.
    """
    return [
        *_of_itself(text, tokens, span, languages),
        *_before(text, tokens, span, names),
        *_after(text, tokens, span, names),
    ]


def _of_itself(text: str, tokens: Sequence[Token], span: Span, languages: int) -> Iterator[Sign]:
    best, info = span.bearers[0], tokens[span.first].info
    yield Sign.OWN if is_own(best.place) else _size(best.place.kind, best.prior, best.means)
    named = best.means is Means.NAME and best.place.kind is not Kind.COUNTRY
    if span.last > span.first:
        yield Sign.WORDS
    elif span.base.cue & _NO_NAMES:
        yield Sign.NOTHING
    elif info.shape is Shape.LOWER and info.folded.isascii() and languages & EN:
        yield Sign.NOTHING  # a Finn is no Spanish end: fines
    elif span.base.ordinary & languages and named and span.key not in RATHER_PLACES:
        yield _common(text, tokens, span)
    elif named and best.place.kind is not Kind.ADMIN1 and info.cue & (Cue.GIVEN | Cue.FAMILY):
        yield Sign.GIVEN if info.cue & Cue.GIVEN else Sign.FAMILY
    if span.first == 0 and _DATELINE.match(text, span.end):
        yield Sign.DATELINE
    if best.article and best.means is not Means.SHORT and info.shape is Shape.UNCASED:
        yield Sign.SAME_ARTICLE if span.base.article else Sign.ARTICLE


def _common(text: str, tokens: Sequence[Token], span: Span) -> Sign:
    shape, best = tokens[span.first].info.shape, span.bearers[0]
    if shape not in _CASED:
        at_home = best.place.country in _UNCASED_LANDS and best.prior >= _LARGE
        return Sign.COMMON_BIG if at_home else Sign.COMMON
    first = shape is Shape.UPPER or _begins(text, tokens, span.first)
    return Sign.COMMON_FIRST if first else Sign.COMMON


def _size(kind: Kind, prior: float, means: Means) -> Sign:
    if means is Means.DEMONYM:
        return Sign.DEMONYM
    if means is Means.SKELETON:
        return Sign.ALIKE
    if kind <= Kind.COUNTRY:
        return Sign.COUNTRY
    if (kind is Kind.ADMIN1 and prior >= _BIG) or means is Means.SHORT:
        return Sign.DIVISION
    if prior >= _BIG:
        return Sign.BIG
    return Sign.MIDDLE if prior >= _MIDDLE or kind is Kind.ADMIN1 else Sign.SMALL


def _before(
    text: str, tokens: Sequence[Token], span: Span, names: frozenset[int]
) -> Iterator[Sign]:
    at = span.first - 1
    if at < 0 or _parted(text, tokens[at], tokens[span.first]):
        return
    if tokens[at].info.folded in _THE and at:
        at -= 1
    for _ in range(_MOST_SIDES):
        if at and tokens[at].info.cue & Cue.SIDE:
            at -= 1
    here = tokens[at]
    cased = here.info.shape in _CASED
    known = span.bearers[0].place.kind <= Kind.COUNTRY
    sign = _said(here.info.cue, here.info.shape, first=at == 0, known=known)
    if sign is Sign.IN and cased and at and tokens[at - 1].info.cue & (Cue.TOWN | Cue.AREA):
        yield Sign.KIND  # the city of
    elif sign is Sign.PERSON and at in names:
        return
    elif sign is not None:
        yield sign
    elif _is_initial(text, here):
        yield Sign.PERSON
    elif _is_name(text, tokens, at) and at not in names:
        yield Sign.LONGER


def _said(cue: int, shape: Shape, *, first: bool, known: bool) -> Sign | None:
    """Return what a word says of the name after it; a president's may be that of his country."""
    if cue & (Cue.TOWN | Cue.AREA) and shape in (Shape.UNCASED, Shape.LOWER):
        return Sign.KIND if shape is Shape.UNCASED else Sign.CALLED
    if cue & Cue.IN and (first or shape is not Shape.TITLE):
        return Sign.IN
    if cue & Cue.GIVEN or (cue & Cue.PERSON and not known):
        return Sign.PERSON
    if cue & Cue.SIDE:
        return Sign.IN
    return Sign.BODY if cue & Cue.BODY and shape is Shape.UNCASED else None


def _is_name(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Whether a word is written as a name for no other reason."""
    info = tokens[at].info
    if info.shape not in (Shape.TITLE, Shape.UPPER) or info.cue & Cue.NOTHING:
        return False
    return not _begins(text, tokens, at)


def _after(text: str, tokens: Sequence[Token], span: Span, names: frozenset[int]) -> Iterator[Sign]:
    at = span.last + 1
    if at >= len(tokens) or text[tokens[span.last].end : tokens[at].start] not in _BESIDE:
        return
    there = tokens[at]
    cue = there.info.cue
    if there.info.shape in (Shape.TITLE, Shape.UPPER):
        if cue & Cue.STREET:
            yield Sign.STREET
        elif cue & Cue.BODY:
            yield Sign.BODY
        elif cue & (Cue.AREA | Cue.TOWN):
            yield Sign.KIND
        elif at not in names:
            yield Sign.FOLLOWED
    elif cue & (Cue.AREA | Cue.TOWN) and there.info.shape is Shape.LOWER:
        yield Sign.KIND
    elif cue & Cue.VERB:
        yield Sign.VERB


def _begins(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Whether a word begins a sentence or what is quoted."""
    if at == 0:
        return True
    gap = text[tokens[at - 1].end : tokens[at].start]
    return not _STOPS.isdisjoint(gap)


def _parted(text: str, one: Token, other: Token) -> bool:
    """Whether more than a space stands between two words; a dot that shortens one does not."""
    gap = text[one.end : other.start].strip(_BLANKS)
    if gap == ".":
        short = len(one.text) == 1 or (one.info.cue & Cue.PERSON and len(one.text) <= _SHORTENED)
        return not short
    return gap not in ("", "'", "’", "-")


def _is_initial(text: str, token: Token) -> bool:
    return len(token.text) == 1 and token.text.isupper() and text[token.end : token.end + 2] == ". "
