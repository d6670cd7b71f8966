"""Queries and regular expressions of rules, with their mistakes in the right line.

Their parsers are loaded when the first one is met: many files have none.
"""

from __future__ import annotations

from collections.abc import Sequence

from rasid.config.lists import Lists, Where
from rasid.config.tree import spot_in, spot_of
from rasid.settings import Condition, Part, Regex


def query(
    text: str, lists: Lists, where: Where, path: tuple[int | str, ...], field: str
) -> tuple[Part, ...]:
    """Return what a query means; nothing when it cannot be read.

    `field`: the one around it, in which it is looked for.
    """
    from rasid.rules.query import parse_query
    from rasid.rules.query_errors import QueryError

    try:
        return (parse_query(text, lists.words, lists.problems.nearest, inside=field),)
    except QueryError as error:
        for at, message, hint in error.mistakes:
            spot = spot_in(where.tree, path, at)
            lists.problems.add(where.file, spot, f"{where.label}: query: {message}", hint)
        return ()


def expressions(
    patterns: Sequence[str],
    lists: Lists,
    where: Where,
    path: tuple[int | str, ...],
    *,
    everything: bool,
) -> tuple[Part, ...]:
    """Return regular expressions, one of which must be found.

    `everything`: one that finds every text is meant.
    """
    from rasid.rules.regex_errors import finds_everything, regex_fault, shown

    for at, pattern in enumerate(patterns):
        spot = spot_of(where.tree, (*path, at))
        if fault := regex_fault(pattern):
            message = f'{where.label}: regex "{shown(pattern)}": {fault.message}'
            lists.problems.add(where.file, spot, message, fault.hint)
        elif not everything and finds_everything(pattern):
            message = f'{where.label}: regex "{pattern}" would match everything'
            hint = "name letters that a text must have, or allow_match_all: true"
            lists.problems.add(where.file, spot, message, hint)
    found = tuple(map(Regex, patterns))
    return found if len(found) < 2 else (Condition(any=found),)
