"""The words under which an item is filed for search.

A rule's word finds an item only if one of these is one of its forms, so they are made with the
folding, the words and the clitics that rules are matched with. They find candidates; what
matches is for the rules' engine to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from itertools import pairwise
from typing import Final

from rasid.models import Document
from rasid.protocols import Wanted
from rasid.text import arabic
from rasid.text.fold import fold
from rasid.text.tokens import dotted, is_apostrophe, tokenize

ENGINE: Final = 4  # raise it when an item's words come out differently: items are filed anew
LONGEST: Final = 64  # of a word; what follows is left out, of rules' words too
PREFIX: Final = "*"

_HEBREW_PREFIXES: Final = frozenset("ושכלמבה")  # in any order: more readings than there are
_SHORT: Final = 24  # what is longer is an address, or of a script without spaces: seen once
_NOT_KEPT: Final = re.compile(r"[\x00-\x2f\x3a-\x60\x7b-\x7f]")  # ASCII but letters and digits


def key(word: str) -> str:
    """Return a folded word as it is filed, "" when nothing of it is."""
    return word[:LONGEST] if word.isalnum() else _NOT_KEPT.sub("", word)[:LONGEST]


def words_of(item: Document) -> frozenset[str]:
    """Return the words under which an item is filed."""
    texts = (item.title, item.summary, item.text, item.url, item.author, *item.tags)
    found = set[str]()
    for piece in {piece for text in texts for piece in text.split()}:
        found.update(_short(piece) if len(piece) <= _SHORT else _readings(piece))
    return frozenset(found - {""})


def has(words: Set[str], wanted: Wanted) -> bool:
    """Whether an item filed under `words` may be what is wanted."""
    return all(any(_is_there(word, words) for word in entries) for entries in wanted)


def _is_there(word: str, words: Set[str]) -> bool:
    if word.endswith(PREFIX):
        return any(one.startswith(word[:-1]) for one in words)
    return word in words


def _words(text: str) -> Iterable[str]:
    """Return the folded words of a text, those around an apostrophe or dots also as one."""
    folded = fold(text)
    tokens = tokenize(folded)
    found = {token.word for token in tokens}
    for one, two in pairwise(tokens):
        if is_apostrophe(text[one.end : two.start]):
            found.add(one.word + two.word)
    for first, last in dotted(text, tokens):
        found.add("".join(token.word for token in tokens[first : last + 1]))
    return found


@lru_cache(100_000)
def _short(piece: str) -> tuple[str, ...]:
    """Return the readings of a short piece; most of a text's are those of texts before it."""
    return _readings(piece)


def _readings(piece: str) -> tuple[str, ...]:
    """Return what a piece between white space, across which no word goes, is filed under.

    That is each of its words, and what is left of that without its clitics.
    """
    return tuple({key(one) for word in _words(piece) for one in _read(word)})


def _read(word: str) -> Iterator[str]:
    yield word
    if "\u0600" <= word[0] <= "\u06ff":
        for analysis in arabic.analyses(word, shortest=2):
            yield analysis.rest
    at = 0
    while len(word) - at > 2 and word[at] in _HEBREW_PREFIXES:
        at += 1
        yield word[at:]
