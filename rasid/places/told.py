"""Names in a text as mentions."""

from __future__ import annotations

from math import exp
from typing import Final

from rasid.places.candidates import Candidate
from rasid.places.model import Means, Mention
from rasid.places.resolve import shares
from rasid.places.scan import Shape
from rasid.places.signs import Sign, points
from rasid.places.spans import is_dotted
from rasid.places.surroundings import Surroundings

_MOST_OTHERS: Final = 4
_THERE: Final = 0.6  # how often a feature is in the place that its text names nearest


def mention_of(one: Candidate) -> Mention:
    """Return a name as the mention of the place that it means."""
    choices = shares(one.scored)
    meant, best = _chance(one.points), one.best
    share = next(c.share for c in choices if c.place.number == best.place.number)
    others = tuple(c for c in choices if c.place.number != best.place.number)
    start, end = one.span.start, one.span.end
    if one.text[end : end + 1] == "." and is_dotted(one.text[start:end], best.means):
        end += 1
    return Mention(
        one.field, start, end, one.text[start:end], best.place, round(meant * share, 3),
        best.means, tuple(dict.fromkeys(one.signs)), others[:_MOST_OTHERS], round(meant, 3),
    )  # fmt: skip


def unlisted(
    field: str, text: str, start: int, end: int, why: tuple[Sign, ...], around: Surroundings
) -> Mention | None:
    """Return a name that no gazetteer has as a mention of the place where its text is."""
    place = around.of(field, start, end)
    if place is None:
        return None
    meant = _chance(points(why, Shape.TITLE))
    return Mention(
        field, start, end, text[start:end], place, round(meant * _THERE, 3), Means.WITHIN,
        (*why, Sign.WITHIN), (), round(meant, 3),
    )  # fmt: skip


def _chance(points: float) -> float:
    return 1 / (1 + exp(-points))
