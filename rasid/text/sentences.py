"""Where sentences end, in the punctuation of many scripts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

_END: Final = re.compile(r"[.!?…؟۔।]+[\"'»”’)\]]*(?=\s|$)|[。！？]+[」』”]?|\n+")
_SHORT: Final = re.compile(
    r"(?:^|[\s(\"'«“.])(?:[^\W\d_]|Mr|Mrs|Ms|Dr|Prof|St|Gen|Lt|Col|Maj|Capt|Sgt|Gov|Sen|Rep|No"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Inc|Ltd|Co|vs|e\.g|i\.e|approx|ca"
    r"|г|гг|ул|им|тыс|млн|млрд)\.$"
)
_BLANKS: Final = re.compile(r"\s*")
_LONGEST_SHORT: Final = 8


def sentence_ends(text: str) -> list[int]:
    """Return where the sentences of a text end, the last one with the text."""
    return [*(found.end() for found in _END.finditer(text) if _ends(text, found)), len(text)]


def sentence_around(text: str, at: int, ends: Sequence[int]) -> tuple[int, int]:
    """Return where the sentence around a character begins and ends, without blanks before it.

    `ends`: those of `sentence_ends`.
    """
    number = min(bisect_right(ends, at), len(ends) - 1)
    return _without_blanks(text, ends[number - 1] if number else 0, ends[number])


def _without_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    return end - len(text[start:end].lstrip()), end


def _ends(text: str, found: re.Match[str]) -> bool:
    """Whether a sign ends a sentence; a point after an abbreviation, or in one, does not."""
    if found[0] != ".":
        return True
    before = text[max(0, found.start() - _LONGEST_SHORT) : found.end()]
    if _SHORT.search(before):
        return False
    at = _BLANKS.match(text, found.end()).end()  # type: ignore[union-attr]
    return not text[at : at + 1].islower()
