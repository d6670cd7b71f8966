"""Regular expressions as a tree that says of each item what letters it may match.

Python's own parser reads them; `\\w` and `\\b` are those of `regex`, which finds the matches. The
case of letters is left aside: other cases of a letter are word characters where it is one.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from re import _constants as op
from re import _parser as parser
from typing import Any, Final, NamedTuple

import regex

MOST: Final = 200  # alternatives that are told apart
_MOST_LETTERS: Final = 8  # of a set with a range that are told apart
_MOST_LOOKED_AT: Final = 256  # letters of a range
SEPARATORS: Final = "\x1c\x1d\x1e\x1f"  # white space to Python, and not to `regex`
_WORD: Final = regex.compile(r"\w")
# letters with another case that Python does not know of yet
RECASED: Final = frozenset("ƛɤɷɼ\ua7d3\ua7d5\uab4b\uab4c")


class Shape(NamedTuple):
    """What an item may match.

    `texts`: everything it may match, where that is little. `begins`, `ends`: whether a match
    that is not empty may begin, end, with a word character. `spaces`: white space at most.
    """

    texts: tuple[str, ...] | None
    begins: bool
    ends: bool
    empty: bool
    spaces: float


class Item(NamedTuple):
    """An item of an expression.

    `edge`: b, B, ^ or $, where it is but a place. `branches`: sequences of which one must be
    there, one or more times where `repeated`.
    """

    shape: Shape
    edge: str = ""
    branches: tuple[Sequence[Item], ...] = ()
    repeated: bool = False


_PLACE: Final = Shape(None, begins=False, ends=False, empty=True, spaces=0)
_ANY: Final = Shape(None, begins=True, ends=True, empty=False, spaces=1)
_SPACE: Final = Item(Shape(None, begins=False, ends=False, empty=False, spaces=1))
_UNSURE: Final = Item(Shape(None, begins=True, ends=True, empty=False, spaces=0))
_UNKNOWN: Final = Item(Shape(None, begins=True, ends=True, empty=True, spaces=math.inf))
_EDGES: Final = {
    op.AT_BOUNDARY: Item(_PLACE, "b"),
    op.AT_NON_BOUNDARY: Item(_PLACE, "B"),
    op.AT_BEGINNING: Item(_PLACE, "^"),
    op.AT_BEGINNING_STRING: Item(_PLACE, "^"),
    op.AT_END: Item(_PLACE, "$"),
    op.AT_END_STRING: Item(_PLACE, "$"),
}
# whether a class has word characters, and how much white space
_CLASSES: Final = {
    op.CATEGORY_SPACE: (False, 1),
    op.CATEGORY_NOT_SPACE: (True, 0),
    op.CATEGORY_NOT_WORD: (False, 1),
    op.CATEGORY_NOT_DIGIT: (True, 1),
    op.CATEGORY_WORD: (True, 0),
    op.CATEGORY_DIGIT: (True, 0),
}


def parsed(pattern: str) -> list[Item]:
    """Return the items of an expression.

    Raises what Python's parser raises where it cannot read the pattern.
    """
    return _items(parser.parse(pattern).data)


def repeats(pattern: str, letters: Callable[[str], bool]) -> bool:
    """Whether an expression has one of some letters where it may be more than once.

    The pattern must be one that `parsed` reads.
    """
    return _repeats(parser.parse(pattern).data, letters, again=False)


def _repeats(
    nodes: Sequence[tuple[Any, Any]], letters: Callable[[str], bool], *, again: bool
) -> bool:
    for code, value in nodes:
        if code is op.LITERAL:
            found = again and letters(chr(value))
        elif code is op.IN:
            found = _repeats(value, letters, again=again)
        elif code is op.SUBPATTERN:
            found = _repeats(value[-1].data, letters, again=again)
        elif code is op.BRANCH:
            found = any(_repeats(branch.data, letters, again=again) for branch in value[1])
        elif code in (op.MAX_REPEAT, op.MIN_REPEAT):
            found = _repeats(value[2].data, letters, again=again or value[1] > 1)
        else:
            found = False
        if found:
            return True
    return False


@cache
def is_word_character(char: str) -> bool:
    """Whether `regex` counts a character among those of words."""
    return _WORD.match(char) is not None


@cache
def is_sure(char: str) -> bool:
    """Whether Python, RE2 and `regex` agree on which other cases a character has."""
    known = unicodedata.category(char) != "Cn"
    return known and char not in SEPARATORS and char not in RECASED


def _items(nodes: Sequence[tuple[Any, Any]]) -> list[Item]:
    """Return items; letters that follow one another are one, white space stands alone."""
    found: list[Item] = []
    run: list[str] = []
    for code, value in _flat(nodes):
        if code is op.LITERAL and is_sure(char := chr(value)) and not char.isspace():
            run.append(char)
            continue
        if run:
            found.append(_of_letters("".join(run)))
            run = []
        found.append(_item(code, value))
    if run:
        found.append(_of_letters("".join(run)))
    return found


def _flat(nodes: Sequence[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """Yield nodes, those of groups in their place."""
    for node in nodes:
        if node[0] is op.SUBPATTERN:
            yield from _flat(node[1][-1].data)
        else:
            yield node


def _of_letters(text: str) -> Item:
    begins, ends = is_word_character(text[0]), is_word_character(text[-1])
    return Item(Shape((text,), begins, ends, empty=False, spaces=0))


def _item(code: Any, value: Any) -> Item:
    if code is op.AT:
        return _EDGES.get(value, _UNKNOWN)
    if code is op.IN:
        return _of_set(tuple(value))
    if code is op.BRANCH:
        return _of_branches([_items(branch.data) for branch in value[1]])
    if code in (op.MAX_REPEAT, op.MIN_REPEAT):
        return _of_repeat(*value)
    if code is op.LITERAL:
        return _SPACE if is_sure(chr(value)) else _UNSURE
    return Item(_ANY) if code in (op.ANY, op.NOT_LITERAL) else _UNKNOWN


@cache
def _of_set(members: tuple[tuple[Any, Any], ...]) -> Item:
    if members[0][0] is op.NEGATE:
        is_word = (op.CATEGORY, op.CATEGORY_WORD) not in members
        spaces = (op.CATEGORY, op.CATEGORY_SPACE) not in members
        return Item(Shape(None, is_word, is_word, empty=False, spaces=spaces))
    shape = _either([_member(*member) for member in members])
    # the parser makes a set of alternatives that are a letter each, and of nothing else
    is_told = all(code is op.LITERAL for code, _ in members)
    if shape.spaces or (not is_told and len(shape.texts or ()) > _MOST_LETTERS):
        shape = shape._replace(texts=None)
    return Item(shape)


def _member(code: Any, value: Any) -> Shape:
    """Return what a member of a set may match."""
    if code is op.CATEGORY:
        is_word, spaces = _CLASSES.get(value, (True, 1))
        return Shape(None, is_word, is_word, empty=False, spaces=spaces)
    low, high = value if code is op.RANGE else (value, value)
    if high - low >= _MOST_LOOKED_AT:
        return _ANY
    letters = tuple(map(chr, range(low, high + 1)))
    sure = all(map(is_sure, letters))
    is_word = not sure or any(map(is_word_character, letters))
    spaces = any(map(str.isspace, letters))
    return Shape(letters if sure else None, is_word, is_word, empty=False, spaces=spaces)


def _of_branches(branches: Sequence[Sequence[Item]]) -> Item:
    return Item(_either(list(map(_of_sequence, branches))), branches=tuple(branches))


def _either(shapes: Sequence[Shape]) -> Shape:
    """Return what one of some may match."""
    texts: tuple[str, ...] | None = None
    if all(shape.texts is not None for shape in shapes):
        texts = tuple(dict.fromkeys(text for shape in shapes for text in shape.texts or ()))
    return Shape(
        texts if texts and len(texts) <= MOST else None,
        any(shape.begins for shape in shapes),
        any(shape.ends for shape in shapes),
        any(shape.empty for shape in shapes),
        max(shape.spaces for shape in shapes),
    )


def _of_repeat(least: int, most: int, body: Any) -> Item:
    inner = _items(body.data)
    shape = _of_sequence(inner)
    texts = None
    if shape.texts is not None and most <= _MOST_LETTERS:
        texts = _repeated(shape.texts, int(least), int(most))
    times = math.inf if most is parser.MAXREPEAT else int(most)
    spaces = shape.spaces * times if shape.spaces else 0
    empty = shape.empty or least == 0
    whole = Shape(texts, shape.begins, shape.ends, empty, spaces)
    return Item(whole, branches=(inner,) if least else (), repeated=most > 1)


def _repeated(texts: tuple[str, ...], least: int, most: int) -> tuple[str, ...] | None:
    """Return texts that are some texts so many times; None where there are too many."""
    found: dict[str, None] = {}
    each: tuple[str, ...] | None = ("",)
    for times in range(most + 1):
        if each is None:
            return None
        if times >= least:
            found.update(dict.fromkeys(each))
        if times < most:
            each = joined(each, texts)
    return tuple(found) if len(found) <= MOST else None


def joined(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return each of some texts with each of others after it; None where there are too many."""
    if len(before) * len(after) > MOST:
        return None
    return tuple(dict.fromkeys(one + two for one in before for two in after))


def _of_sequence(items: Sequence[Item]) -> Shape:
    """Return what items may match, one after another."""
    texts: tuple[str, ...] | None = ("",)
    begins = ends = False
    empty, spaces = True, 0.0
    for item in items:
        shape = item.shape
        texts = joined(texts, shape.texts) if texts is not None and shape.texts else None
        begins = begins or (empty and shape.begins)
        ends = shape.ends or (ends and shape.empty)
        empty = empty and shape.empty
        spaces += shape.spaces
    return Shape(texts, begins, ends, empty, spaces)
