"""Texts of scripts without spaces, found inside running text, and expressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import ahocorasick_rs

from rasid.rules.expressions import Expressions, Starts
from rasid.rules.program import Sought
from rasid.text.boundaries import boundaries
from rasid.text.tokens import is_unspaced

if TYPE_CHECKING:
    from rasid.rules.field import Field

Places = Mapping[int, list[tuple[int, int]]]  # trigger -> spans in the original


class Texts:
    """What is not a word, looked for all at once."""

    def __init__(self, terms: Sequence[Sought]) -> None:
        inside = [(term.trigger, term.inside) for term in terms if term.inside]
        patterns = [(term.trigger, term.pattern) for term in terms if term.pattern]
        self._triggers = [trigger for trigger, _ in inside]
        texts = [text for _, text in inside]
        self._inside = ahocorasick_rs.AhoCorasick(texts) if texts else None
        self._expressions = Expressions(patterns) if patterns else None

    def __bool__(self) -> bool:
        return self._inside is not None or self._expressions is not None

    def find(self, field: Field) -> Places:
        """Return where a field has which texts.

        A text counts only where both its ends are ends of words.
        """
        found: dict[int, list[tuple[int, int]]] = {}
        if self._inside is not None and not field.text.isascii() and is_unspaced(field.text):
            folded = field.folded
            hits = self._inside.find_matches_as_indexes(folded.text, overlapping=True)
            ends = boundaries(folded.text) if hits else frozenset()
            for text, start, end in hits:
                if start in ends and end in ends:
                    found.setdefault(self._triggers[text], []).append(folded.span(start, end))
        return found

    def expressions(self, field: Field) -> Starts:
        """Return which expressions a field may have, and where they may begin."""
        if self._expressions is None:
            return {}
        return self._expressions.candidates(field.text, field.pieces)
