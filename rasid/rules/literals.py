"""What letters a regular expression cannot do without."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from re import _constants as op
from re import _parser as parser
from typing import Any, Final

_SHORTEST: Final = 2  # letters that are worth looking for
_MOST: Final = 40  # alternatives
Literals = frozenset[str] | None


def literals(pattern: str) -> Literals:
    """Return casefolded texts one of which is in every text that has the expression.

    None when there are none, or the pattern is not one that Python's parser reads as RE2
    does. The case of letters in the pattern and in the text is left aside.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = parser.parse(pattern)
    except Exception:  # noqa: BLE001 - whatever it cannot read is looked for without letters
        return None
    return _of_sequence(tree)


def lowered(text: str) -> str:
    """Return a text in the one case in which literals are looked for.

    Turkish İ and ı count as i, as they do where an expression ignores case.
    """
    return text.casefold().replace("i\u0307", "i").replace("ı", "i")


def _of_sequence(items: Sequence[Any]) -> Literals:
    """Return the best of what each item, or run of letters, asks for."""
    found: list[frozenset[str]] = []
    run = ""
    for code, value in [*items, (None, None)]:
        if code is op.LITERAL:
            run += chr(value)
            continue
        if len(letters := lowered(run)) >= _SHORTEST:
            found.append(frozenset([letters]))
        run = ""
        inner = _of_item(code, value)
        if inner is not None:
            found.append(inner)
    return max(found, key=_worth, default=None)


def _worth(found: frozenset[str]) -> tuple[int, int]:
    return min(map(len, found)), -len(found)


def _of_item(code: Any, value: Any) -> Literals:
    if code is op.SUBPATTERN:
        return _of_sequence(value[-1])
    if code is op.BRANCH:
        return _of_branches(value[1])
    if code in (op.MAX_REPEAT, op.MIN_REPEAT) and value[0] >= 1:
        return _of_sequence(value[2])
    return None


def _of_branches(branches: Sequence[Any]) -> Literals:
    each = [_of_sequence(branch) for branch in branches]
    known = [found for found in each if found is not None]
    if len(known) < len(each):
        return None
    every = frozenset().union(*known)
    return every if len(every) <= _MOST else None
