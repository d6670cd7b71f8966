"""The grammar of queries: `a AND (b OR "c d") NOT e`, and the parser made from it.

It takes in more than is right (words side by side, OR beside AND, NEAR without a number), so
that `rasid.rules.query` can say what is wrong with each part, and with all of them at once.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lark import Lark

_QUOTES: Final = "“”„‟«»‹›「」『』"
_HEBREW: Final = r"\u05d0-\u05ea"  # between its letters a " belongs to the word: צה"ל
_STOP: Final = rf'\s()"{_QUOTES}'
_END: Final = rf"(?=[{_STOP}]|$)"
_PHRASE: Final = (
    rf'(?:"(?:[^"]|(?<=[{_HEBREW}])"(?=[{_HEBREW}]))*"(?![{_HEBREW}])'
    rf"|[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}])"
)

GRAMMAR: Final = rf"""
start: query
?query: item ((OR | AND)? item)*
?item: near | NOT+ near -> negation
?near: atom (NEAR NOT* atom)*
?atom: WORD | PHRASE | EXACT | LIST | UNCLOSED
     | FIELD atom -> field
     | ATLEAST atom -> times
     | LPAR query RPAR -> group

LPAR: "("
RPAR: ")"
EXACT.9: /={_PHRASE}/
PHRASE.8: /{_PHRASE}/
UNCLOSED.7: /=?["{_QUOTES}](?:.|\n)*/
OR.6: /OR{_END}/
AND.6: /AND{_END}/
NOT.6: /NOT{_END}/
NEAR.6: /O?NEAR(?:\/[^{_STOP}]*)?{_END}/
ATLEAST.6: /ATLEAST(?:\/[^{_STOP}]*)?{_END}/
LIST.6: /\$[\w.-]+/
FIELD.5: /[^\W\d_]+:/
WORD.1: /(?:[^{_STOP}]|(?<=[{_HEBREW}])"(?=[{_HEBREW}]))+/
%ignore /\s+/
"""


@cache
def parser() -> Lark:
    """Return the parser, made at the first call: loading lark takes longer than most commands."""
    from lark import Lark

    return Lark(GRAMMAR, parser="lalr", lexer="basic", maybe_placeholders=False)
