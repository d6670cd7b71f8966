"""Whether a name in a text means a place: what stands around it tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rasid.places.commonness import (
    UNCASED_LANDS,
    begins_sentence,
    common,
    is_written_otherwise,
)
from rasid.places.cues import CLUBS, Cue
from rasid.places.features import has_article
from rasid.places.model import Kind, Means
from rasid.places.ordinary import RATHER_PLACES
from rasid.places.own import is_own
from rasid.places.resolve import fame
from rasid.places.scan import Shape, Token, is_article
from rasid.places.signs import CASED, Sign
from rasid.places.spans import ARTICLES, Span

_MANY_NAMES: Final = 40  # one town of 50,000 people in 270 has so many: Acre, Venice
_BIG, _MIDDLE = 11.5, 9.6  # logarithms of 100,000 and 15,000 people
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
_ARTICLE: Final = "ال"
_PREPOSITIONS: Final = "بلكف"
_FAITH: Final = "الدين"
_THESE: Final = frozenset(("هذا", "هذه", "ذلك", "تلك", "هذان", "هذين", "هاتان", "هاتين", "هولاء"))
_TEAM: Final = "فريق"
_SERVANT: Final = "عبد"  # of God, by one of his names: عبد الجليل
_BALL: Final = "لكره"


def signs(
    text: str,
    tokens: Sequence[Token],
    span: Span,
    names: frozenset[int],
    languages: int,
    name: Span | None = None,
) -> list[Sign]:
    """Return what a name and its surroundings say.

    `names`: tokens that are in names; `languages` (bits): of the text; `name`: the part of it
    that is the name alone, of a feature.
    """
    found = [
        *_of_itself(text, tokens, name or span, languages),
        *_before(text, tokens, span, names),
        *_after(text, tokens, span, names),
    ]
    if Sign.COMMON in found and tokens[span.first].info.shape is Shape.UNCASED:
        return [Sign.AMONG if one is Sign.IN else one for one in found]
    return found


def _of_itself(text: str, tokens: Sequence[Token], span: Span, languages: int) -> Iterator[Sign]:
    best, info = span.bearers[0], tokens[span.first].info
    titled = span.last > span.first and tokens[span.last].info.folded == _FAITH
    if titled and not is_own(best.place):
        yield from (Sign.BIG, Sign.GIVEN)  # صلاح الدين is a man before it is a province
        return
    known = info.shape not in CASED and best.place.names >= _MANY_NAMES
    prior = max(best.prior, fame(best)) if known else best.prior
    yield Sign.OWN if is_own(best.place) else _size(best.place.kind, prior, best.means)
    named = best.means is Means.NAME and best.place.kind is not Kind.COUNTRY
    if span.last > span.first:
        yield Sign.WORDS
    elif span.base.cue & _NO_NAMES or is_written_otherwise(tokens, span, languages):
        yield Sign.NOTHING
    elif named and (ordinary := common(text, tokens, span, languages)):
        yield ordinary
    elif named and best.place.kind is not Kind.ADMIN1 and info.cue & (Cue.GIVEN | Cue.FAMILY):
        yield Sign.GIVEN if info.cue & Cue.GIVEN else Sign.FAMILY
    alone = span.first == span.last and best.means is Means.NAME
    if alone and (span.base.other or (named and _is_seldom(tokens[span.first], span))):
        yield Sign.ATTACHED
    if span.first == 0 and _DATELINE.match(text, span.end):
        yield Sign.DATELINE
    if best.article and best.means is not Means.SHORT and info.shape is Shape.UNCASED:
        yield Sign.SAME_ARTICLE if span.base.article else Sign.ARTICLE


def _is_seldom(token: Token, span: Span) -> bool:
    """Whether a letter is taken off before a name abroad that is hardly ever written: لاجين."""
    place = span.bearers[0].place
    if span.base.often or place.kind <= Kind.COUNTRY or place.country in UNCASED_LANDS:
        return False
    uncased = token.info.shape is Shape.UNCASED
    return uncased and _is_attached(token, span) and token.info.folded[0] in _PREPOSITIONS


def _size(kind: Kind, prior: float, means: Means) -> Sign:
    if means is Means.DEMONYM:
        return Sign.DEMONYM
    if means is Means.SKELETON:
        return Sign.ALIKE
    if kind <= Kind.COUNTRY:
        return Sign.COUNTRY
    if (kind is Kind.ADMIN1 and prior >= _BIG) or means is Means.SHORT:
        return Sign.DIVISION
    if prior >= _BIG or kind is Kind.ADMIN1:
        return Sign.BIG
    return Sign.MIDDLE if prior >= _MIDDLE else Sign.SMALL


def _before(
    text: str, tokens: Sequence[Token], span: Span, names: frozenset[int]
) -> Iterator[Sign]:
    at = _word_before(text, tokens, span)
    if at < 0:
        return
    here, best = tokens[at], span.bearers[0]
    if span.base.article and here.info.folded in _THESE:
        yield Sign.NOTHING  # هذه الإمارات: these emirates
        return
    if is_article(text, tokens, span.first - 1) and _is_titled(text, tokens, at, names):
        yield Sign.PERSON  # Muqtada al-Sadr
        return
    cased = here.info.shape in CASED
    adjective = best.means is Means.DEMONYM
    known = (adjective or best.place.kind <= Kind.COUNTRY) and here.info.folded != _SERVANT
    sign = _said(here.info.cue, here.info.shape, first=at == 0, known=known)
    if sign is Sign.IN and cased and at and tokens[at - 1].info.cue & (Cue.TOWN | Cue.AREA):
        yield Sign.KIND  # the city of
    elif sign is not None:
        if not (sign is Sign.BODY and (adjective or _is_its_team(here, span))) and (
            not _is_of_another(sign, at, tokens, span, names)
        ):
            yield sign
    elif _is_initial(text, here):
        yield Sign.PERSON
    elif _is_name(text, tokens, at) and at not in names:
        yield Sign.LONGER


def _is_its_team(before: Token, span: Span) -> bool:
    """Whether a team is a country's, which plays as itself: Team USA."""
    return _is_land(span) and before.info.folded.endswith(_TEAM)


def _word_before(text: str, tokens: Sequence[Token], span: Span) -> int:
    """Return the word before a name, articles and parts of the sky left out; -1: there is none."""
    at = span.first - 1
    if at < 0 or _is_attached(tokens[span.first], span):
        return -1
    if _parted(text, tokens[at], tokens[span.first]):
        return -1
    if at and (tokens[at].info.folded in ARTICLES or is_article(text, tokens, at)):
        at -= 1
        if _is_land(span) and _parted(text, tokens[at], tokens[at + 1]):
            return -1  # Trump, the US President
    for _ in range(_MOST_SIDES):
        if at and tokens[at].info.cue & Cue.SIDE:
            at -= 1
    return at


def _is_of_another(
    sign: Sign, at: int, tokens: Sequence[Token], span: Span, names: frozenset[int]
) -> bool:
    """Whether what a word says is not of the name after it."""
    if sign is Sign.BODY:
        return at < span.first - 1  # a hotel in the middle of London
    if sign is Sign.PERSON:
        return at in names and tokens[at].info.shape in CASED
    # المدينة القديمة: the old town
    return sign is Sign.KIND and span.base.article and has_article(tokens[at])


def _begins_longer(span: Span, there: Token) -> bool:
    """Whether an Arabic word is the first of a longer name: عين الحلوة."""
    plain = there.info.shape is Shape.UNCASED and span.key not in RATHER_PLACES
    return plain and span.first == span.last and there.text.startswith(_ARTICLE)


def _is_attached(token: Token, span: Span) -> bool:
    """Whether a letter is written together with a name before it: بدمشق, of no more than that."""
    folded, name = token.info.folded, span.base.text
    if token.info.shape is not Shape.UNCASED or not name or not folded.endswith(name):
        return False
    return folded[: -len(name)] not in ("", _ARTICLE)


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
    return not begins_sentence(text, tokens, at)


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
        elif at not in names and tokens[span.last].info.shape is not Shape.LOWER:
            # a German adjective is followed by its noun
            yield Sign.LONGER if is_article(text, tokens, at) else Sign.FOLLOWED
            if _is_land(span) and span.base.cue & Cue.GIVEN:
                # Jordan Spieth, and not: in Jordan Tuesday
                yield Sign.GIVEN if cue else Sign.PERSON
    elif cue & (Cue.AREA | Cue.TOWN) and there.info.shape is Shape.LOWER:
        yield Sign.KIND
    elif sign := _uncased_after(span, there):
        yield sign


def _uncased_after(span: Span, there: Token) -> Sign | None:
    """Return what a word without a capital says of the name before it."""
    if span.base.languages and not span.base.article and _begins_longer(span, there):
        return Sign.LONGER
    if there.info.folded == _BALL:
        return Sign.BODY  # الاتحاد الأوروبي لكرة القدم
    if _is_land(span) and not span.base.cue & Cue.GIVEN:
        return None
    if there.info.folded in CLUBS:
        return Sign.BODY
    if there.info.strange and span.bearers[0].means is Means.NAME:
        return Sign.FOLLOWED  # سانتياغو بيرنابيو, لندن غازيت
    return Sign.VERB if there.info.cue & Cue.VERB else None


def _is_land(span: Span) -> bool:
    """Whether a name is a country's, which says what it wants as people do."""
    best = span.bearers[0]
    return best.means is not Means.DEMONYM and best.place.kind is Kind.COUNTRY


def _parted(text: str, one: Token, other: Token) -> bool:
    """Whether more than a space stands between two words; a dot that shortens one does not."""
    gap = text[one.end : other.start].strip(_BLANKS)
    if gap == ".":
        short = len(one.text) == 1 or (one.info.cue & Cue.PERSON and len(one.text) <= _SHORTENED)
        return not short
    return gap not in ("", "'", "’", "-")


def _is_titled(text: str, tokens: Sequence[Token], at: int, names: frozenset[int]) -> bool:
    """Whether a word that is no place's begins with a capital, close to the one after it."""
    shape = tokens[at].info.shape
    close = not _parted(text, tokens[at], tokens[at + 1])
    return close and at not in names and shape in (Shape.TITLE, Shape.UPPER)


def _is_initial(text: str, token: Token) -> bool:
    return len(token.text) == 1 and token.text.isupper() and text[token.end : token.end + 2] == ". "
