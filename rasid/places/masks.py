"""Phrases that have a place's name in them and mean something else: the White House."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rasid.places.own_words import not_places
from rasid.text.fold import fold
from rasid.text.tokens import tokenize

if TYPE_CHECKING:
    from rasid.places.scan import Token


def _read() -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase, _ in not_places():
        words = tuple(token.word for token in tokenize(fold(phrase)))
        found.setdefault(words[0], []).append(words)
    return found


# folded words that begin such phrases, and these
MASKS: Final = _read()


def masked(tokens: Sequence[Token], at: int) -> int:
    """Return how many words from here on are of such a phrase; 0: none."""
    for words in MASKS.get(tokens[at].info.folded, ()):
        here = tuple(token.info.folded for token in tokens[at : at + len(words)])
        if here == words:
            return len(words)
    return 0
