"""A name in a text under way to become a mention."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Final

from rasid.places.bearers import Bearer
from rasid.places.designators import Designator
from rasid.places.model import Kind
from rasid.places.scan import Token
from rasid.places.signs import Sign, points
from rasid.places.spans import Span

SURE: Final = 1.5  # points from which on a name tells what the text is about

Sense = tuple[str, Designator | None]


@dataclasses.dataclass(slots=True)
class Candidate:
    """A name in a field, what speaks for and against it, and who may be meant."""

    field: str
    text: str
    tokens: Sequence[Token]
    span: Span
    signs: list[Sign]
    designator: Designator | None = None  # the kind of place that stands beside it
    inside: tuple[int, ...] = ()  # what stands beside it as containing it
    scored: list[tuple[float, Bearer]] = dataclasses.field(default_factory=list)

    @property
    def sense(self) -> Sense:
        """What means the same throughout a text."""
        return self.span.key, self.designator

    @property
    def points(self) -> float:
        """What speaks for it: above 0, it is likelier than not that a place is meant."""
        return points(self.signs, self.tokens[self.span.first].info.shape)

    @property
    def best(self) -> Bearer:
        """Who is meant, as far as is known."""
        return self.scored[0][1] if self.scored else self.span.bearers[0]

    @property
    def clear(self) -> bool:
        """Whether nobody else is meant, whatever the text is about."""
        kind = self.span.bearers[0].place.kind
        if self.designator is not None and kind not in self.designator.kinds:
            return False
        return len(self.span.bearers) == 1 or self.span.bearers[0].place.kind <= Kind.ADMIN1
