"""Names that say themselves what they are called after: Main Street, Neches River, جامع بني أمية.

A gazetteer of towns has none of them, and a text names them as places all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from rasid.places.cues import Cue
from rasid.places.scan import Shape, Token
from rasid.places.signs import CASED
from rasid.text.fold import fold_text

_CAPITAL: Final = frozenset((Shape.TITLE, Shape.UPPER))
_GAPS: Final = frozenset((" ", "-", "\u00a0", "’", "'"))
_DOT: Final = ". "
_MOST: Final = 4  # words of a name beside the one that says what it is
_MOST_AFTER: Final = 2
_LINKS: Final = frozenset(("de", "du", "des", "la", "le", "les", "l", "d", "of", "the"))
_SHORTENED: Final = 4  # letters at most: Blvd.
_NO_NAME: Final = Cue.IN | Cue.NOTHING | Cue.VERB
_THE: Final = frozenset(("the", "a", "an", "this", "that", "his", "her", "its", "our", "their"))
ARTICLE: Final = "ال"
# what the adjective after a name may be: جامع دمشق الكبير
_ADJECTIVES: Final = """
كبير كبيرة صغير صغيرة قديم قديمة جديد جديدة شرقي شرقية غربي غربية شمالي شمالية جنوبي جنوبية مركزي
مركزية أوسط وسطى أعلى
"""
_OF_SIZE: Final = frozenset(map(fold_text, _ADJECTIVES.split()))
# what goes on in the next word: جامع بني أمية, مسجد أبي بكر
JOINTS: Final = frozenset(
    ("بن", "ابن", "بني", "ابو", "ابي", "ابا", "عبد", "ام", "ذو", "ذي", "ذات", "ال", "سيدي", "سيدنا")
)


class Feature(NamedTuple):
    """A named feature: its words `first` to `last`, at `start:end`; `kind` says what it is.

    `of`: it lies where its name says, as an airport does; a street need not.
    """

    first: int
    last: int
    start: int
    end: int
    kind: int
    of: bool


def features(text: str, tokens: Sequence[Token]) -> list[Feature]:
    """Return the named features of a text in order."""
    found: list[Feature] = []
    for at, token in enumerate(tokens):
        if token.info.cue & (Cue.FEATURE | Cue.NAMES):
            feature = _at(text, tokens, at, token)
            if feature is not None and (not found or found[-1].last < feature.first):
                found.append(feature)
    return found


def _at(text: str, tokens: Sequence[Token], at: int, token: Token) -> Feature | None:
    shape, cue = token.info.shape, token.info.cue
    first = last = at
    if shape is Shape.UNCASED:
        last = _end(text, tokens, at)
    elif shape in _CAPITAL and cue & Cue.FEATURE:
        first = _start(text, tokens, at)
    if first == last and shape in CASED and cue & Cue.NAMES:
        last = _named(text, tokens, at)
    if first == last or (last == at and _goes_on(text, tokens, at)):
        return None
    end = tokens[last].end
    if last == at and len(token.text) <= _SHORTENED and text[end : end + 1] == ".":
        end += 1
    start = tokens[first + 1 if cue & Cue.LAND else first].start
    return Feature(first, last, start, end, at, bool(cue & Cue.OF))


def _start(text: str, tokens: Sequence[Token], at: int) -> int:
    """Return where the capitals before a word begin: New | Main Street."""
    first = at
    while first > max(0, at - _MOST) and _is_joined(text, tokens[first - 1], tokens[first]):
        if not _is_name(tokens[first - 1]):
            if not (first > 1 and _is_ordinal(tokens, first - 1)):
                break
            first -= 1
        first -= 1
    while first < at and tokens[first].info.cue & _NO_NAME:
        first += 1
    return first


def _named(text: str, tokens: Sequence[Token], at: int) -> int:
    """Return where the name after a word ends: Lake Lanier, rue de la République."""
    last, names = at, 0
    while last + 1 < len(tokens) and _is_joined(text, tokens[last], tokens[last + 1]):
        there = tokens[last + 1]
        if _is_name(there):
            names += 1
        elif names or there.info.folded not in _LINKS:
            break
        last += 1
        if names == _MOST_AFTER:
            break
    return last if names else at


def _is_name(token: Token) -> bool:
    return token.info.shape in _CAPITAL and token.info.folded not in _THE


def _is_ordinal(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word is what stands behind a number: 42nd."""
    before = tokens[at - 1]
    return before.info.shape is Shape.DIGITS and before.end == tokens[at].start


def _is_joined(text: str, one: Token, other: Token) -> bool:
    gap = text[one.end : other.start]
    if gap == _DOT:
        return len(one.text) <= 2 and one.info.shape in _CAPITAL
    return gap in _GAPS


def _goes_on(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Whether it is part of a longer name: River Authority, Park Service, Street Bank."""
    if at + 1 >= len(tokens) or text[tokens[at].end : tokens[at + 1].start] != " ":
        return False
    return tokens[at + 1].info.shape in _CAPITAL


def has_article(token: Token) -> bool:
    """Whether an Arabic word has its article, whatever is written together before it."""
    return ARTICLE in token.text[:4] or token.text.startswith("لل")


def _end(text: str, tokens: Sequence[Token], at: int) -> int:
    """Return where a name ends in a script without capitals: جامع دمشق الكبير."""
    definite = has_article(tokens[at])
    last, joined, titled = at, False, False
    while last + 1 < len(tokens) and last - at < _MOST:
        here, there = tokens[last], tokens[last + 1]
        article = there.text.startswith(ARTICLE)
        if text[here.end : there.start] != " " or there.info.shape is not Shape.UNCASED:
            break
        goes_on = there.info.folded in JOINTS
        adjective = article and last > at and there.info.folded.removeprefix(ARTICLE) in _OF_SIZE
        another = last > at and article and there.info.cue & (Cue.FEATURE | Cue.NAMES)
        stops = another or (there.info.cue & _NO_NAME and not (goes_on or adjective))
        if stops or (definite and not article and not there.info.strange):
            break
        if last > at and not (article or joined or titled or there.info.strange):
            break
        last, joined = last + 1, goes_on
        titled = bool(there.info.cue & Cue.PERSON)
    return at if joined else last
