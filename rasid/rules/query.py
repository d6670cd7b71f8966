"""Queries (`a AND (b OR "c d") NOT e`) to the parts of a condition.

query := or | and | unary          or  := unary {OR unary}
unary := near | NOT near           and := unary {(AND | NOT) unary}
near  := atom {(NEAR | ONEAR)/N atom}
atom  := word | "phrase" | ="exact" | word* | wo?d | field:atom | ATLEAST/N atom
       | $list | (query)
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Final

from rasid.rules.query_build import Builder, Lists, Nearest
from rasid.rules.query_errors import QueryError
from rasid.rules.query_grammar import parser
from rasid.settings import Condition, Part

# as keyboards for Chinese and Japanese give them
_WIDE: Final = str.maketrans("（）＂：／＝＄\u3000", '()":/=$ ') | {
    wide: wide - 0xFEE0 for wide in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_INVISIBLE: Final = frozenset("\u200e\u200f\u061c\u2060\ufeff\u00ad") | frozenset(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)


def nearest_name(name: str, known: Iterable[str]) -> str:
    """Return `did you mean "..."?`, or "" when nothing known comes near."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f'did you mean "{near[0]}"?' if near else ""


def parse_query(
    text: str, lists: Lists, nearest: Nearest = nearest_name, *, inside: str = ""
) -> Part:
    """Return the part of a condition that a query means.

    `lists`: the words of each list, which `$name` stands for. `inside`: the field that is
    looked in anyhow, so that the query must not name one. Raises `QueryError` with every
    mistake and where in `text` it is.
    """
    from lark import UnexpectedToken

    plain, offsets = _visible(text)
    builder = Builder(plain, lists, nearest, inside)
    part: Part = Condition()
    try:
        part = builder.build(parser().parse(plain).children[0])
    except UnexpectedToken as error:
        builder.read_words(list(parser().lex(plain)), error.token)
    if builder.mistakes:
        raise QueryError([found._replace(at=offsets[found.at]) for found in builder.mistakes])
    return part


def _visible(text: str) -> tuple[str, Sequence[int]]:
    """Return a query without marks of writing direction, and where each character stood."""
    wide = text.translate(_WIDE)
    if _INVISIBLE.isdisjoint(wide):
        return wide, range(len(wide) + 1)
    kept = [at for at, char in enumerate(wide) if char not in _INVISIBLE]
    return "".join(wide[at] for at in kept), [*kept, len(text)]
