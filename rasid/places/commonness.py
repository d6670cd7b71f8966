"""Whether a name is an ordinary word too: Reading, عالية (high), which is Aley."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Final

from rasid.places.bearers import Bearer
from rasid.places.model import Kind, Means
from rasid.places.ordinary import EN, RATHER_PLACES, RATHER_WITH_ARTICLE
from rasid.places.scan import Shape, Token
from rasid.places.signs import CASED, Sign
from rasid.places.spans import Span

_STOPS: Final = frozenset('.!?…؟。！？:;؛\n"“”«»•|')
# how often names of places are written, on the Zipf scale: nine of ten towns of 13,000 people in
# lands of the language less than once in 1e6 words, larger ones more, those abroad less
_USUAL, _SMALL_TOWN, _USUAL_MORE, _USUAL_ABROAD = 3.0, 9.5, 0.22, 0.8
_FAME, _NAMES = 0.6, 20  # a place that many languages have names for is written of more
_MORE, _MUCH_MORE = 0.6, 1.0
_LONGEST_ACRONYM: Final = 5  # letters
_LARGE: Final = 11.5  # the logarithm of 100,000 people
# where names of towns are words of Arabic, Persian or Hebrew
UNCASED_LANDS: Final = frozenset({
    "AE", "AF", "BH", "DJ", "DZ", "EG", "EH", "IL", "IQ", "IR", "JO", "KM", "KW", "LB", "LY",
    "MA", "MR", "OM", "PS", "QA", "SA", "SD", "SO", "SY", "TD", "TN", "YE",
})  # fmt: skip


def common(text: str, tokens: Sequence[Token], span: Span, languages: int) -> Sign | None:
    """Return that a name is an ordinary word too, if it is."""
    shape, base = tokens[span.first].info.shape, span.base
    if span.key in RATHER_PLACES and (not base.article or span.key in RATHER_WITH_ARTICLE):
        return None  # صور is Tyre, and الصور pictures
    if shape not in CASED:
        return _too_often(span.bearers[0], base.often) or (
            Sign.MAYBE_COMMON if base.languages & languages else None
        )
    if not base.languages & languages:
        return None
    first = shape is Shape.UPPER or begins_sentence(text, tokens, span.first)
    return Sign.COMMON_FIRST if first else Sign.COMMON


def _too_often(best: Bearer, often: int) -> Sign | None:
    """Return whether a word comes more often than places as well known do, nine of ten."""
    if best.place.kind is Kind.REGION:
        return None
    usual = _USUAL + _USUAL_MORE * (best.prior - _SMALL_TOWN)
    usual += _FAME * log((best.place.names or _NAMES) / _NAMES)
    if best.place.country not in UNCASED_LANDS:
        usual -= _USUAL_ABROAD
    more = often / 100 - usual
    if more > _MUCH_MORE:
        return Sign.COMMON
    return Sign.MAYBE_COMMON if more > _MORE else None


def begins_sentence(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Whether a word begins a sentence or what is quoted."""
    if at == 0:
        return True
    gap = text[tokens[at - 1].end : tokens[at].start]
    return not _STOPS.isdisjoint(gap)


def is_written_otherwise(tokens: Sequence[Token], span: Span, languages: int) -> bool:
    """Whether its capitals tell a word from a name: fines, of which a Finn is one; HIV."""
    shape = tokens[span.first].info.shape
    if shape is Shape.LOWER:
        return bool(span.base.languages & languages & EN)
    return shape is Shape.UPPER and _is_acronym(tokens, span)


def _is_acronym(tokens: Sequence[Token], span: Span) -> bool:
    """Whether a short word stands in capitals alone, and no abbreviation or large place is so."""
    best = span.bearers[0]
    if len(tokens[span.first].text) > _LONGEST_ACRONYM or best.means is Means.SHORT:
        return False
    known = best.means is Means.NAME and (best.prior >= _LARGE or best.place.kind <= Kind.ADMIN1)
    if known or span.first == 0:
        return False
    before = tokens[max(0, span.first - 2) : span.first]
    after = tokens[span.last + 1 : span.last + 3]
    return not any(one.info.shape is Shape.UPPER and len(one.text) > 1 for one in (*before, *after))
