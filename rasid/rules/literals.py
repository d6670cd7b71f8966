"""What letters a regular expression cannot do without."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from re import _constants as op
from re import _parser as parser
from typing import Any, Final

_SHORTEST: Final = 2  # letters that are worth looking for
_MOST: Final = 40  # alternatives
Literals = tuple[frozenset[str], ...]


def literals(pattern: str) -> Literals:
    """Return sets of casefolded texts; a text that has the expression has one of each.

    The set most worth looking for comes first. None of them where there are none, or the
    pattern is not one that Python's parser reads as RE2 does. The case of letters in the
    pattern and in the text is left aside.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = parser.parse(pattern)
    except Exception:  # noqa: BLE001 - whatever it cannot read is looked for without letters
        return ()
    return tuple(sorted(dict.fromkeys(_of_sequence(tree)), key=_worth, reverse=True))


def lowered(text: str) -> str:
    """Return a text in the one case in which literals are looked for.

    Turkish İ and ı count as i, as they do where an expression ignores case.
    """
    return text.casefold().replace("i\u0307", "i").replace("ı", "i")


def _of_sequence(items: Sequence[Any]) -> list[frozenset[str]]:
    """Return what each item, and each run of letters, asks for."""
    found: list[frozenset[str]] = []
    run = ""
    for code, value in [*items, (None, None)]:
        if code is op.LITERAL:
            run += chr(value)
            continue
        # a dot that begins a run may be one that `lowered` takes off the letter before it
        if len(letters := lowered(run).lstrip("\u0307")) >= _SHORTEST:
            found.append(frozenset([letters]))
        run = ""
        found += _of_item(code, value)
    return found


def _worth(found: frozenset[str]) -> tuple[int, int]:
    return min(map(len, found)), -len(found)


def _of_item(code: Any, value: Any) -> list[frozenset[str]]:
    if code is op.SUBPATTERN:
        return _of_sequence(value[-1])
    if code is op.BRANCH:
        return _of_branches(value[1])
    if code in (op.MAX_REPEAT, op.MIN_REPEAT) and value[0] >= 1:
        return _of_sequence(value[2])
    return []


def _of_branches(branches: Sequence[Any]) -> list[frozenset[str]]:
    """Return the best of what each branch asks for, as one set."""
    each = [max(_of_sequence(branch), key=_worth, default=None) for branch in branches]
    known = [found for found in each if found is not None]
    every = frozenset().union(*known)
    return [every] if len(known) == len(each) and len(every) <= _MOST else []
