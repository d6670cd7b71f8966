"""Which letters an expression surely has in a run, and where words are bound to end there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

import regex

from rasid.rules.shapes import Item, Shape, joined

_WORDS: Final = regex.compile(r"\w+")
_CHUNKS: Final = re.compile(r"\S+")


class Choice(NamedTuple):
    """Letters that may be looked for, and whether they are a whole word; where they are."""

    letters: str
    is_whole: bool
    place: int


class Run(NamedTuple):
    """Texts of which every match has one: for each text, what may be looked for of it.

    `begins`: a match begins with it. `first` to `last`: the items of the expression.
    """

    texts: tuple[tuple[Choice, ...], ...]
    begins: bool
    first: int
    last: int


class Fork(NamedTuple):
    """Of each of some sequences, what it surely has; every match has one of them."""

    branches: tuple[tuple[Part, ...], ...]
    at: int


Part: TypeAlias = Run | Fork


class _Place(NamedTuple):
    """Where a sequence stands.

    `left`, `right`: no word character is before, after, it where it begins, ends, with one.
    `begins`: a match begins with it. `inside`: the item that it is a part of, -1: none.
    """

    left: bool = False
    right: bool = False
    begins: bool = True
    inside: int = -1


_END: Final = Item(Shape(None, begins=True, ends=True, empty=True, spaces=0))


def runs(items: Sequence[Item]) -> tuple[Part, ...]:
    """Return what every match of an expression has, in order."""
    return tuple(_parts(items, _Place()))


def _parts(items: Sequence[Item], place: _Place) -> Iterator[Part]:
    lefts, rights = _lefts(items, place.left), _rights(items, place.right)
    texts: tuple[str, ...] | None = None
    since, begins = 0, place.begins
    for at, item in enumerate([*items, _END]):
        more = item.shape.texts
        if texts and more and (longer := joined(texts, more)):
            texts = longer
            continue
        here = place.inside if place.inside >= 0 else at
        if texts:
            choices = tuple(_choices(text, lefts[since], rights[at]) for text in texts)
            if all(choices):
                first, last = (here, here) if place.inside >= 0 else (since, at - 1)
                yield Run(choices, begins, first, last)
            begins = False
        if not more and item.branches:
            yield from _inside(item, _Place(lefts[at], rights[at + 1], begins, here))
        texts, since = more, at
        begins = begins and bool(more or item.edge)


def _inside(item: Item, place: _Place) -> Iterator[Part]:
    """Yield what an item has that is one of several sequences, or one again and again."""
    if item.repeated:
        left, right = place.left and not item.shape.ends, place.right and not item.shape.begins
        place = place._replace(left=left, right=right)
    branches = [tuple(_parts(branch, place)) for branch in item.branches]
    if len(branches) == 1:
        yield from branches[0]
    elif all(branches):
        yield Fork(tuple(branches), place.inside)


def _choices(text: str, left: bool, right: bool) -> tuple[Choice, ...]:
    """Return words, and what stands between white space where it is more than a word."""
    words = [
        Choice(
            word[0],
            (word.start() > 0 or left) and (word.end() < len(text) or right),
            word.start(),
        )
        for word in _WORDS.finditer(text)
    ]
    chunks = [
        Choice(chunk[0], is_whole=False, place=chunk.start())
        for chunk in _CHUNKS.finditer(text)
        if not _WORDS.fullmatch(chunk[0])
    ]
    return (*words, *chunks)


def _lefts(items: Sequence[Item], left: bool) -> list[bool]:
    """Return before each item, and after all, whether no word goes on there."""
    found = [left]
    for item in items:
        found.append(_beyond(item, found[-1], backwards=False))
    return found


def _rights(items: Sequence[Item], right: bool) -> list[bool]:
    """Return the same, read backwards."""
    found = [right]
    for item in reversed(items):
        found.append(_beyond(item, found[-1], backwards=True))
    return found[::-1]


def _beyond(item: Item, before: bool, *, backwards: bool) -> bool:
    """Return whether no word goes on beyond an item, given whether none does before it."""
    shape, edge = item.shape, item.edge
    if edge:
        return edge in ("b", "$" if backwards else "^") or before
    if item.branches and not item.repeated and shape.texts is None:
        ends = [
            _rights(each, before)[0] if backwards else _lefts(each, before)[-1]
            for each in item.branches
        ]
        return all(ends)
    if shape.begins if backwards else shape.ends:
        return False
    return before or not shape.empty
