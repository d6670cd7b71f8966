"""A text cut at white space alone: what a piece between comes to is remembered by its letters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

LONGEST_KNOWN: Final = 48  # letters of a piece that is remembered


def pieces(text: str) -> list[str]:
    """Return what stands between white space."""
    return text.split()


def offsets(text: str, cut: Sequence[str]) -> Sequence[int]:
    """Return where each of its pieces begins in a text."""
    if " ".join(cut) == text:
        return list(accumulate(map((1).__add__, map(len, cut)), initial=0))
    found, at = [], 0
    for piece in cut:
        at = text.index(piece, at)
        found.append(at)
        at += len(piece)
    return found
