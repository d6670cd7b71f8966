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
from rasid.text.fold import fold_text
from rasid.text.tokens import is_unspaced, plain_words, scripts

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


class _Word(NamedTuple):
    """What a folded word gives, worked out once."""

    units: tuple[str, ...]  # itself, or its letters two by two where words have no spaces
    stems: tuple[str, ...]
    pivots: tuple[str, ...]
    lands: tuple[str, ...]  # what it may be of the first words of lands' names


def warm_up() -> None:
    """Load what is loaded once, so that the first item does not wait for it."""
    lands()
    for words in ("strike", "قصف"):  # of other languages it takes some hundredths of a second
        features(Document(id="", title=words))


def features(document: Document) -> Features:
    """Return what an item is compared by."""
    whole = "\n".join(filter(None, (document.title, document.summary, document.text)))
    lead = whole[:LEAD]
    near = plain_words(fold_text(lead))
    known = list(map(_word, near))
    script = _script(near)
    language = language_of(near, script, set(lead.lower()), document.language)
    possible = possible_names(near, language, POSSIBLE) if script in _UNCASED else ()
    named = list(lands().of_words(near, [word.lands for word in known]))
    words = known if len(whole) <= LEAD else map(_word, plain_words(fold_text(whole)))
    return Features(
        language,
        tuple(dict.fromkeys(chain.from_iterable(word.stems for word in known))),
        tuple(dict.fromkeys(_pivots(lead, [land for land, _ in named], known, language))),
        tuple(possible),
        frozenset(stem(word) for _, those in named for word in those),
        sketch(list(chain.from_iterable(word.units for word in words))),
    )


def _pivots(
    lead: str, named: Iterable[str], known: Iterable[_Word], language: str
) -> Iterator[str]:
    yield from ("#" + number for number in _numbers(lead))
    yield from ("@" + land for land in named)
    yield from names(lead, language)
    yield from chain.from_iterable(word.pivots for word in known)


@lru_cache(maxsize=50_000)
def _word(word: str) -> _Word:
    told = [f"={one}" for one in concepts().of_word(word)]
    if len(word) < 2 or word.isascii() or not is_unspaced(word):
        stems = (stem(word),) if len(word) > 1 or word.isdigit() else ()
        return _Word((word,), stems, tuple(told), lands().begun(word))
    pairs = tuple(word[at : at + 2] for at in range(len(word) - 1))
    told += [f"={one}" for one in concepts().of_text(word)]
    told += ["@" + land for land in lands().of_text(word)]
    return _Word(pairs, pairs, tuple(told), lands().begun(word))


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
