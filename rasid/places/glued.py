"""Words that were written together by mistake: رئيسالولايات, the space between them lost.

Text that is cut out of a page loses spaces where lines or tags met. In Arabic ة and ى end a word
and ال begins one: where a word that no list has goes on after either, it is several.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Final

from rasid.text.fold import fold_text

_LETTER: Final = "[\u0621-\u063a\u0641-\u064a]"
_GLUED: Final = re.compile(rf"{_LETTER}{{2}}[ةى]{_LETTER}{{3}}|{_LETTER}{{3}}ال{_LETTER}{{2}}")
_ENDS: Final = "ةى"
_ARTICLE: Final = "ال"
_NOW: Final = "الان"
_LONGEST: Final = 14  # letters of a word
_MOST: Final = 120  # letters that are looked at
_FRONTS: Final = ("", "و", "ب", "ل", "ف", "ك", "وب", "ول")
# written together with a name for good: عبدالرحيم, أبوالقاسم
_JOINING: Final = frozenset(("عبد", "ابو", "ابا", "ابي", "بن", "ابن", "ام", "ذو", "نور", "سيف"))
_NO_WORDS: Final = frozenset(
    ("ها", "هم", "هن", "هما", "نا", "كم", "ات", "يه", "يات", "يين", "ون", "ين", "ان", "وا", "ته")
)
# hundredths of the Zipf scale from which on few letters are a word
_LEAST: Final = {2: 650, 3: 520, 4: 400}
_LEAST_LONG: Final = 320
_ZIPF: Final = 9.0  # what is always written
_FRONT: Final = 40  # what a word is rarer for each letter before it
_UNKNOWN, _EACH_LETTER = 9.0, 0.8

Often = Callable[[str], int]


def parts(word: str, often: Often) -> list[str]:
    """Return the words that a word of a text is made of; itself alone if it is one.

    `often`: how often a folded word without article is written, in hundredths of the Zipf
    scale; 0: seldom.
    """
    if len(word) > _MOST or not _GLUED.search(word):
        return [word]
    folded = fold_text(word)
    if len(folded) != len(word) or _known(folded, often):
        return [word]
    ends = [0, *_cut(word, folded, often)]
    found = [folded[start:end] for start, end in pairwise(ends)]
    pairs = zip(pairwise(found), ends[1:], strict=False)
    surely = any(_parts_at(word[end - 1], *pair, often) for pair, end in pairs)
    if not surely or found[0] in _JOINING:
        return [word]
    return [word[start:end] for start, end in pairwise(ends)]


def _parts_at(letter: str, one: str, other: str, often: Often) -> bool:
    """Whether two words surely meet, of which the first ends in a letter."""
    article = other.startswith(_ARTICLE) and len(other) > len(_ARTICLE) + 2
    sure = letter in _ENDS or article or other == _NOW
    return sure and bool(_known(one, often) and _known(other, often))


def _cut(word: str, folded: str, often: Often) -> list[int]:
    """Return where the likeliest parts end."""
    size = len(word)
    forced = [0] + [at + 1 for at in range(size - 1) if word[at] in _ENDS]
    best = [(0.0, 0)] + [(float("inf"), 0)] * size
    for end in range(1, size + 1):
        first = max(end - _LONGEST, *(at for at in forced if at < end), 0)
        for start in range(end - 2, first - 1, -1):
            cost = best[start][0] + _cost(folded[start:end], often)
            best[end] = min(best[end], (cost, start))
    ends, at = list[int](), size
    while at:
        ends.append(at)
        at = best[at][1]
    return ends[::-1]


def _cost(part: str, often: Often) -> float:
    known = _known(part, often)
    return _ZIPF - known / 100 if known else _UNKNOWN + _EACH_LETTER * len(part)


def _known(part: str, often: Often) -> int:
    """Return how often a word is written, with what may stand before it; 0: it is none."""
    if part in _NO_WORDS:
        return 0
    found = 0
    for front in _FRONTS:
        rest = part[len(front) :]
        if part.startswith(front) and len(rest) > 1:
            bare = rest[2:] if rest.startswith(_ARTICLE) and len(rest) >= 4 else rest
            known = often(bare)
            if known >= _LEAST.get(len(bare), _LEAST_LONG):
                found = max(found, known - _FRONT * len(front))
    return found
