"""What an item is compared by: its words, what of it crosses languages, and its sketch."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from rasid.models import Document
from rasid.stories.concepts import concepts
from rasid.stories.lands import lands
from rasid.stories.language import language_of
from rasid.stories.names import names, possible_names
from rasid.stories.shingles import Sketch, sketch
from rasid.stories.stems import stem
from rasid.text.alphabets import folded_words
from rasid.text.fold import fold_text
from rasid.text.tokens import is_unspaced, scripts

LEAD: Final = 900  # characters of an item that tell its story: what follows is background
_NUMBER: Final = re.compile(r"\d+(?:[.,٫٬]\d+)*")
_UNCASED: Final = frozenset("AH")
POSSIBLE: Final = 24  # words that may be names: the first


class Features(NamedTuple):
    """Of one item; each kind without repetition, in order of first appearance."""

    language: str  # ISO 639, "" unknown
    words: tuple[str, ...]  # stems; of scripts without spaces pairs of letters
    pivots: tuple[str, ...]  # what crosses languages: #45, @country:SY, ~mkrn, =17
    possible: tuple[str, ...]  # the first words that may be names: ~trmb
    lands: frozenset[str]  # stems of the words that name countries and the like
    sketch: Sketch  # of the whole text
    meaning: bytes = b""  # of a model (`rasid.stories.meaning`), none without


# what a folded word gives, worked out once: itself, or its letters two by two where words have
# no spaces; stems; pivots; what it may be of the first words of lands' names. Plain tuples of
# texts are passed over by the collector of garbage.
_Word = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def warm_up() -> None:
    """Load what is loaded once, so that the first item does not wait for it."""
    lands()
    for words in ("strike", "قصف"):  # of other languages it takes some hundredths of a second
        features(Document(id="", title=words))


def features(document: Document) -> Features:
    """Return what an item is compared by."""
    whole = "\n".join(filter(None, (document.title, document.summary, document.text)))
    lead = whole[:LEAD]
    near = folded_words(lead)
    known = list(map(_word, near))
    units, stems, pivots, begun = zip(*known, strict=True) if known else ((), (), (), ())
    script = _script(near)
    language = language_of(near, script, lead, document.language)
    possible = possible_names(near, language, POSSIBLE) if script in _UNCASED else ()
    named = list(lands().of_words(near, begun)) if any(begun) else []
    if len(whole) > LEAD:
        units = tuple(word[0] for word in map(_word, folded_words(whole)))
    return Features(
        language,
        tuple(dict.fromkeys(chain.from_iterable(stems))),
        tuple(dict.fromkeys(_pivots(lead, [land for land, _ in named], pivots, language))),
        tuple(possible),
        frozenset(stem(word) for _, those in named for word in those),
        sketch(list(chain.from_iterable(units))),
    )


def _pivots(
    lead: str, named: Iterable[str], known: Iterable[Iterable[str]], language: str
) -> Iterator[str]:
    yield from ("#" + number for number in _numbers(lead))
    yield from ("@" + land for land in named)
    yield from names(lead, language)
    yield from chain.from_iterable(known)


@lru_cache(maxsize=50_000)
def _word(word: str) -> _Word:
    told = tuple(f"={one}" for one in concepts().of_word(word))
    begun = lands().begun(word)
    if len(word) < 2 or word.isascii() or not is_unspaced(word[0]):
        unit, found = (word,), stem(word)
        if len(word) < 2 and not word.isdigit():
            return unit, (), told, begun
        return unit, unit if found == word else (found,), told, begun
    pairs = tuple(word[at : at + 2] for at in range(len(word) - 1))
    told += tuple(f"={one}" for one in concepts().of_text(word))
    told += tuple("@" + land for land in lands().of_text(word))
    return pairs, pairs, told, begun


def _script(words: Sequence[str]) -> str:
    """Return the script that most words are in."""
    counts = Counter([word[0] for word in words])
    letters = [(times, letter) for letter, times in counts.items() if not letter.isdigit()]
    return next(iter(scripts(max(letters)[1])), "") if letters else ""


def _numbers(text: str) -> Iterator[str]:
    """Return the numbers of a text without what groups their digits."""
    for found in _NUMBER.findall(text):
        number = fold_text(found).replace("٬", "").replace("٫", ".")
        last = number.rpartition(",")[2]
        yield number.replace(",", "" if len(last) == 3 else ".")
