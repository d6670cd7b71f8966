"""Where sentences end, in the punctuation of many scripts."""

from __future__ import annotations

import re
from typing import Final

_END: Final = re.compile(r"[.!?…؟۔।]+[\"'»”’)\]]*(?=\s|$)|[。！？]+[」』”]?|\n+")
_SHORT: Final = re.compile(
    r"(?:^|[\s(\"'«“.])(?:[^\W\d_]|Mr|Mrs|Ms|Dr|Prof|St|Gen|Lt|Col|Maj|Capt|Sgt|Gov|Sen|Rep|No"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Inc|Ltd|Co|vs|e\.g|i\.e|approx|ca"
    r"|г|гг|ул|им|тыс|млн|млрд)\.$"
)
_LONGEST_SHORT: Final = 8


def sentence_around(text: str, at: int) -> tuple[int, int]:
    """Return where the sentence around a character begins and ends, without blanks before it."""
    start = 0
    for found in _END.finditer(text):
        if not _ends(text, found):
            continue
        if found.end() > at:
            return _without_blanks(text, start, found.end())
        start = found.end()
    return _without_blanks(text, start, len(text))


def _without_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    return end - len(text[start:end].lstrip()), end


def _ends(text: str, found: re.Match[str]) -> bool:
    """Whether a sign ends a sentence; a point after an abbreviation, or in one, does not."""
    if found[0] != ".":
        return True
    before = text[max(0, found.start() - _LONGEST_SHORT) : found.end()]
    if _SHORT.search(before):
        return False
    after = text[found.end() :].lstrip()[:1]
    return not after.islower()
