"""What changed between two revisions of an item: words, and numbers such as a toll. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from rasid.items.numbers import digits, numbers
from rasid.models import Item

FIELDS: Final = ("title", "summary", "text")
_WORD: Final = re.compile(r"\w+|[^\w\s]")
_MOST_WORDS: Final = 2_000  # of a field that are compared: what follows is live blogs' history
_AROUND: Final = 3  # words shown on either side of what changed
_LONGEST: Final = 30  # words shown of what changed
_MOST: Final = 20  # changes of a field


class Change(NamedTuple):
    """What a field had and has; "" where something was added or taken away only.

    `numbers`: those that took the place of others, as `12 → 17`.
    """

    field: str
    before: str
    after: str
    numbers: tuple[str, ...] = ()


def changes(before: Item, after: Item) -> list[Change]:
    """Return what changed, in the order of the fields; a title is told whole."""
    found: list[Change] = []
    for field in FIELDS:
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            whole = field == "title"
            told = [Change(field, old, new)] if whole else list(_parts(field, old, new))[:_MOST]
            found += [one._replace(numbers=_numbers(one.before, one.after)) for one in told]
    return found


def _parts(field: str, old: str, new: str) -> Iterator[Change]:
    """Yield the stretches that differ, with some words around."""
    ours, theirs = _words(old), _words(new)
    matcher = SequenceMatcher(
        None, [word for word, _, _ in ours], [word for word, _, _ in theirs], autojunk=False
    )
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind != "equal":
            yield Change(field, _shown(old, ours, first, last), _shown(new, theirs, start, end))


def _words(text: str) -> list[tuple[str, int, int]]:
    found = list(_WORD.finditer(text))[:_MOST_WORDS]
    return [(one.group(), one.start(), one.end()) for one in found]


def _shown(text: str, words: list[tuple[str, int, int]], first: int, last: int) -> str:
    """Return words `first` to `last` and what stands around them."""
    if first == last:
        return ""
    start = max(0, first - _AROUND)
    end = min(len(words), min(last, first + _LONGEST) + _AROUND)
    shown = text[words[start][1] : words[end - 1][2]]
    return ("…" if start else "") + shown + ("…" if end < len(words) else "")


def _numbers(before: str, after: str) -> tuple[str, ...]:
    """Return the numbers that took the place of others; where their count differs, none.

    Words for numbers are read too, unless only the digits agree in count.
    """
    for read in (numbers, digits):
        old, new = read(before), read(after)
        if len(old) == len(new):
            pairs = zip(old, new, strict=True)
            return tuple(f"{was} → {now}" for was, now in pairs if was != now)
    return ()
