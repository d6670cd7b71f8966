"""What the word beside a name in a text says of its place: governorate of Aleppo, Київська область.

Of the areas that are called after a town, the gazetteer has many by the town's name alone, or by
an adjective: Kyiv oblast is Kyiv, Київська is of Київ.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rasid.places.bearers import Bearer, Bearers
from rasid.places.cues import Cue
from rasid.places.designators import Designator, ending, suffix
from rasid.places.model import Kind, Means
from rasid.places.scan import Shape, Token
from rasid.places.spans import Span

_OF: Final = frozenset(
    ("of", "the", "de", "du", "d", "la", "della", "di", "do", "da", "del", "von")
)
_MOST_OF: Final = 2  # de la
_LONGEST_LIST: Final = 10  # words
_AND: Final = frozenset(("and", "or", "и", "або", "та", "і", "й"))
_JOINED_AND: Final = "وו"
_LISTED: Final = frozenset((" ", ", "))
_BLANKS: Final = frozenset((" ", "\u00a0", "-", "'", "’", "\u200c"))


def designated(text: str, tokens: Sequence[Token], span: Span) -> Designator | None:
    """Return what the word after a name says of it, or the one before it."""
    if tokens[span.first].info.shape is Shape.UNSPACED:
        return suffix(text[span.end : span.end + 1])
    if span.first == span.last and (said := ending(tokens[span.first].info.folded)) is not None:
        return said
    after = span.last + 1
    if after < len(tokens) and text[span.end : tokens[after].start] in _BLANKS:
        said = _said(tokens[after])
        if said is not None and tokens[after].info.shape is not Shape.UNCASED:
            return said
    return _before(text, tokens, span) or _after_list(text, tokens, span)


def _before(text: str, tokens: Sequence[Token], span: Span) -> Designator | None:
    at, end = span.first - 1, span.start
    linked = tokens[span.first].info.shape is Shape.UNCASED
    for _ in range(_MOST_OF):
        if at >= 0 and tokens[at].info.folded in _OF and text[tokens[at].end : end] in _BLANKS:
            linked, end, at = True, tokens[at].start, at - 1
    if at < 0 or text[tokens[at].end : end] not in _BLANKS:
        return None
    said = _said(tokens[at])
    cyrillic = not tokens[span.first].info.folded.isascii()
    if said is None and text[span.start] in _JOINED_AND:
        return _before_list(tokens, at)
    return said if said is not None and (linked or cyrillic or said.rural) else None


def _before_list(tokens: Sequence[Token], at: int) -> Designator | None:
    """Return what is said before a list of names: محافظات الرقة ودير الزور والحسكة."""
    for token in reversed(tokens[max(0, at - _LONGEST_LIST) : at + 1]):
        if token.info.cue & Cue.IN or token.info.shape is not Shape.UNCASED:
            return None
        if (said := _said(token)) is not None:
            return said if said.several else None
    return None


def _after_list(text: str, tokens: Sequence[Token], span: Span) -> Designator | None:
    """Return what is said after a list of names: Douglas, Lancaster and Sarpy counties."""
    last = span.last
    for at in range(span.last + 1, min(len(tokens), span.last + _LONGEST_LIST)):
        here = tokens[at].info
        if text[tokens[last].end : tokens[at].start] not in _LISTED:
            break
        if here.shape is Shape.LOWER and here.folded not in _AND:
            said = _said(tokens[at])
            return said if said is not None and said.several else None
        last = at
    return None


def _said(token: Token) -> Designator | None:
    said = token.info.designator
    return None if said is None or said.loose else said


def side_of(text: str, tokens: Sequence[Token], span: Span) -> int | None:
    """Return where the name of a part of an area begins in Arabic and its like: جنوب فرنسا.

    شمال حلب is north of Aleppo, and not a part of it.
    """
    at = span.first - 1
    if at < 0 or tokens[at].info.shape is not Shape.UNCASED or not tokens[at].info.cue & Cue.SIDE:
        return None
    bearer = span.bearers[0]
    area = bearer.place.kind <= Kind.ADMIN1 and bearer.means is Means.NAME
    beside = text[tokens[at].end : span.start] == " "
    return tokens[at].start if area and beside else None


def bearers_as(said: Designator, span: Span, bearers: Bearers) -> tuple[Bearer, ...]:
    """Return the bearers of a name, and the areas called after them where none is of the kind."""
    if said.called and (called := bearers.of(f"{span.key} {said.called}")):
        return (*span.bearers, *called)
    if Kind.ADMIN1 not in said.kinds or any(b.place.kind in said.kinds for b in span.bearers):
        return span.bearers
    found: dict[int, Bearer] = {}
    for town in span.bearers:
        if town.means is Means.NAME:
            for number in bearers.called_after(town.place):
                found[number] = bearers.weighed(number, Means.NAME, False, False, span.key)
    return (*span.bearers, *found.values())
