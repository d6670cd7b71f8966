"""What is wrong with a query, in the words of the person who wrote it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from rasid.settings import ALL_FIELDS
from rasid.text.wildcards import Fault

_NEAR: Final = "write NEAR/8 for at most 8 words between, ONEAR/8 when the order counts"
_BETWEEN: Final = "write AND, OR or NOT between words"

_ELSEWHERE: Final = {
    "headline": "title", "intitle": "title", "hd": "title", "ingress": "summary",
    "lead": "summary", "description": "summary", "body": "text", "content": "text",
    "intext": "text", "inurl": "url", "link": "url", "by": "author", "byline": "author",
    "tag": "tags", "category": "tags",
}  # fmt: skip
_KEYS: Final = {
    "site": "outlet: or source:", "source": "source:", "outlet": "outlet:", "lang": "language:",
    "language": "language:", "country": "country:",
}  # fmt: skip


class Mistake(NamedTuple):
    """One mistake; `at` is its offset in the query."""

    at: int
    message: str
    hint: str = ""


class QueryError(ValueError):
    """The query cannot be used. Carries every mistake found, in order."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(dict.fromkeys(mistakes)))
        super().__init__("; ".join(f"column {at + 1}: {said}" for at, said, _ in self.mistakes))


_FOREIGN: Final[tuple[tuple[re.Pattern[str], str, str], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), message, hint)
    for pattern, message, hint in (
        (r"(and|or|not)", "must be written in capitals", 'for the word itself write "{word}"'),
        (r"(andnot|and-not)", "is no operator", "write AND NOT, or NOT alone"),
        (r"o?near/\d+", "must be written in capitals", _NEAR),
        (r"o?near", "must be written in capitals, with a number", _NEAR),
        (r"o?near\d+", "is no operator", "write the number after a slash: NEAR/5"),
        (r"atleast/?\d*", "is no operator", "write ATLEAST/3 before the word"),
        (r"(w|n|pre|within)/\d+|/[nf]?\d+/?|adj\d*|around", "is no operator", _NEAR),
        (r"(w|pre)?/[sp]", "is no operator", _NEAR),
        (r"&+|\++", "is no operator", "write AND"),
        (r"\|+", "is no operator", "write OR"),
        (r"[-–—!]+", "is no operator", "write NOT"),
        (r"~\d+", "is no operator", "write: first NEAR/5 second"),
        (r"[,;،؛]+", "says nothing here", _BETWEEN),
    )
)


def foreign(word: str) -> Fault | None:
    """Return what to write instead of an operator in small letters or of another program."""
    for pattern, message, hint in _FOREIGN:
        if pattern.fullmatch(word):
            right = word.upper() if "capitals" in message else ""
            shown = f": {right}" if right and "number" not in message else ""
            return Fault(f"{word} {message}{shown}", hint.format(word=word))
    return None


def odd_word(word: str) -> Fault | None:
    """Return what is wrong with a word that begins or ends like an operator elsewhere."""
    if word[0] in "-–—!" and word[1:2].isalpha():
        return Fault(f"{word}: {word[0]} before a word is no operator", f"write NOT {word[1:]}")
    if word[0] == "+" and word[1:2].isalpha():
        return Fault(f"{word}: + before a word is no operator", f"write AND {word[1:]}")
    if any(bracket in word for bracket in "[]{}"):
        return Fault(f"{word}: only round brackets can be used here", "write ( and )")
    if re.match(r"\w*=", word):
        hint = 'write ="word" for exactly this spelling, and title:word for a field'
        return Fault(f'{word}: "=" cannot stand here', hint)
    return None


def field_hint(name: str, nearest: Callable[[str, Iterable[str]], str]) -> str:
    """Return what to write for a field that does not exist."""
    plain = name.lower()
    if plain in _KEYS:
        return f"write it as a key of the rule: {_KEYS[plain]}"
    if right := plain if plain in ALL_FIELDS else _ELSEWHERE.get(plain):
        return f"write {right}:"
    known = nearest(name, ALL_FIELDS) or "fields are " + ", ".join(ALL_FIELDS)
    return f"{known}; put text with a colon in quotes"
