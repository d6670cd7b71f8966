"""What news is about, in eleven languages: a killing, a strike, an election, a goal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from importlib.resources import files
from typing import Final, NamedTuple

from rasid.single_flight import single_flight
from rasid.stories.kept import SHELF
from rasid.stories.stems import bases, is_joining, stem
from rasid.text.fold import fold_text
from rasid.text.tokens import is_unspaced, plain_words

_JOINED: Final = 4  # letters of the longest Chinese word


class Concepts(NamedTuple):
    """Which concepts (by number) a word tells: by its stem, or anywhere in an unspaced text."""

    of_stems: dict[str, tuple[int, ...]]
    of_joined: dict[str, int]

    def of_word(self, word: str) -> tuple[int, ...]:
        """Return the concepts of a folded word."""
        found = self.of_stems.get(stem(word), ())
        if not found and is_joining(word):
            found = self.of_stems.get(bases(word)[-1], ())
        return found

    def of_text(self, text: str) -> Iterator[int]:
        """Return the concepts of a folded text without spaces, the longest words first."""
        at, end = 0, len(text)
        while at < end:
            for length in range(min(_JOINED, end - at), 0, -1):
                found = self.of_joined.get(text[at : at + length])
                if found is not None:
                    yield found
                    at += length
                    break
            else:
                at += 1


@single_flight
def concepts() -> Concepts:
    """Return them all, read once."""
    return SHELF.table("concepts", Concepts, _made)


def _made() -> Concepts:
    of_stems: dict[str, set[int]] = defaultdict(set)
    of_joined: dict[str, int] = {}
    for number, line in enumerate(_lines()):
        for word in fold_text(line.replace("|", " ")).split():
            if is_unspaced(word):
                of_joined.setdefault(word, number)
                continue
            for part in plain_words(word):
                of_stems[stem(part)].add(number)
                if is_joining(part):
                    of_stems[part].add(number)
    return Concepts({one: tuple(sorted(those)) for one, those in of_stems.items()}, of_joined)


def _lines() -> Iterator[str]:
    text = files("rasid.stories").joinpath("data/concepts.txt").read_text("utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))
