"""Names as they are looked up: folded words, without their Arabic article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rasid.text.fold import fold_text
from rasid.text.tokens import is_unspaced, plain_words

MOST_WORDS: Final = 6  # of a name
LEAST_UNSPACED: Final = 2  # characters of a name in a script without spaces
_ARTICLE: Final = "ال"
_SHORT: Final = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "sv": "sveti"}


def bare(word: str) -> str:
    """Return a folded word without an Arabic article, and written out: St. Petersburg."""
    if word.startswith(_ARTICLE) and len(word) >= 4:
        return word[2:]
    return _SHORT.get(word, word)


def words(name: str) -> list[str]:
    """Return the folded words of a name, each without its Arabic article.

    A name of a script without spaces is one word.
    """
    return words_and_article(name)[0]


def words_and_article(name: str) -> tuple[list[str], bool]:
    """Return the words of a name, and whether the first has its Arabic article."""
    folded = fold_text(name)
    found = plain_words(folded)
    if not found:
        return found, False
    if is_unspaced(found[0]):
        return ["".join(found)], False
    article = found[0].startswith(_ARTICLE) and bare(found[0]) != found[0]
    return list(map(bare, found)), article


def joined(name: str) -> str:
    """Return what a name is looked up by when it is written without its spaces: ديرالزور."""
    return bare("".join(plain_words(fold_text(name))))


def key(name: str) -> str:
    """Return what a name is looked up by; "" when it has no letters."""
    return " ".join(words(name))


def has_article(name: str) -> bool:
    """Whether the first word of a name has the Arabic article."""
    return words_and_article(name)[1]


def is_lower(name: str) -> bool:
    """Whether a name is written without a capital in a script that has them: syrien."""
    return name[:1].islower() and name == name.lower()


def prefixes(found: Sequence[str]) -> Iterator[str]:
    """Return what the words of a name begin with: one word, two, all of them."""
    yield from (" ".join(found[:many]) for many in range(1, len(found) + 1))
