"""What is wrong with a query, in the words of the person who wrote it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from rasid.settings import ALL_FIELDS
from rasid.text.wildcards import Fault

_NEAR: Final = "write NEAR/8 for at most 8 words between, ONEAR/8 when the order counts"
_WITHIN: Final = "write NEAR/{number}, or ONEAR/{number} when the order counts"
_BETWEEN: Final = "write AND, OR or NOT between words"
_OWN: Final = 'for the word itself write "{word}"'
_DASHES: Final = "-\u2010\u2011\u2212–—!"
_NEVER: Final = {
    "|": "write a OR b", ";": "write AND or OR between words",
    "~": "a word finds its own forms; NEAR/5 is for words close by", "^": "no word weighs more",
}  # fmt: skip

_ELSEWHERE: Final = {
    "headline": "title", "intitle": "title", "hd": "title", "ingress": "summary",
    "lead": "summary", "description": "summary", "body": "text", "content": "text",
    "intext": "text", "inurl": "url", "link": "url", "by": "author", "byline": "author",
    "tag": "tags", "category": "tags",
}  # fmt: skip
_KEYS: Final = {
    "site": "outlet: or source:", "source": "source:", "outlet": "outlet:", "lang": "language:",
    "language": "language:", "country": "country:", "where": "where:", "place": "where:",
    "location": "where:", "date": "published_within:", "published": "published_within:",
    "since": "published_within:",
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
        (r"near\d+", "is no operator", "write the number after a slash: NEAR/{number}"),
        (r"onear\d+", "is no operator", "write the number after a slash: ONEAR/{number}"),
        (r"atleast/?\d*", "is no operator", "write ATLEAST/{number} before the word"),
        (r"(p|pre|\+)/\d+|adj/?\d+", "is no operator", "write ONEAR/{number}: in this order"),
        (r"(w|n|within)/\d+|/n?\d+/?|(?-i:[NW]\d+)", "is no operator", _WITHIN),
        (r"/f\d+/?|adj|around|(?-i:WITHIN)", "is no operator", _NEAR),
        (r"(?-i:SAME)", "is no operator", "write NEAR/30 for about a paragraph"),
        (r"(?-i:XOR)", "is no operator", "write (a OR b) NOT (a AND b)"),
        (r"(?-i:أو|او|یا|או|或|OU|ODER|VEYA|O|ИЛИ|АБО)", "is no operator", f"write OR; {_OWN}"),
        (r"(?-i:و|和|与|ET|UND|VE|Y|И|І|ТА)", "is no operator", f"write AND; {_OWN}"),
        (r"(?-i:وليس|ليس|SAUF|NICHT|НЕ)", "is no operator", f"write NOT; {_OWN}"),
        (r"(w|pre)?/(s|p|sent|para|seg)", "is no operator", _NEAR),
        (r"&+|\++", "is no operator", "write AND"),
        (r"\|+", "is no operator", "write OR"),
        (rf"[{_DASHES}]+", "is no operator", "write NOT"),
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
            return Fault(f"{word} {message}{shown}", hint.format(word=word, number=_number(word)))
    return None


def _number(word: str) -> str:
    """Return the number in an operator of another program, or one that is usual."""
    found = re.search(r"\d+", word)
    return found[0] if found else "3"


def odd_word(word: str) -> Fault | None:
    """Return what is wrong with a word that begins or ends like an operator elsewhere."""
    if word[0] in _DASHES and word[1:2].isalpha():
        return Fault(f"{word}: {word[0]} before a word is no operator", f"write NOT {word[1:]}")
    if word[0] == "+" and word[1:2].isalpha():
        return Fault(f"{word}: + before a word is no operator", f"write AND {word[1:]}")
    if any(bracket in word for bracket in "[]{}"):
        return Fault(f"{word}: only round brackets can be used here", "write ( and )")
    if found := re.search(r"(?<=\w)[|;~^]", word):
        return Fault(f"{word}: {found[0]} says nothing here", _NEVER[found[0]])
    if found := re.match(r"(\w*)=(.*)", word):
        name = found[1].lower()
        if right := name if name in ALL_FIELDS else _ELSEWHERE.get(name):
            return Fault(f'{word}: "=" cannot stand here', f"write {right}:{found[2] or 'word'}")
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
