"""Countries, regions, states and large cities that a text names, by their words in any language.

Not where an event is (`rasid.places` says that): what two texts in two languages have in
common, for the price of a look-up a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rasid.places import cldr, own_words
from rasid.single_flight import single_flight
from rasid.stories.kept import SHELF
from rasid.stories.stems import bases, is_joining
from rasid.text.fold import fold_text
from rasid.text.tokens import is_unspaced, plain_words

_TOLD: Final = frozenset(one.partition("_")[0] for one in own_words.LANGUAGES) - {"ku", "ckb"}


class Lands(NamedTuple):
    """Identities by their words, with spaces between.

    `longest`: how many words the longest name has that begins with one.
    """

    named: dict[str, str]
    longest: dict[str, int]
    joined: dict[str, str]  # of scripts without spaces
    joined_length: int

    def begun(self, word: str) -> tuple[str, ...]:
        """Return the words, of those that a folded word may be, with which a name begins."""
        may_be = bases(word) if is_joining(word) else (word,)
        return tuple(one for one in may_be if one in self.longest)

    def of_words(
        self, found: Sequence[str], begun: Sequence[tuple[str, ...]]
    ) -> Iterator[tuple[str, Sequence[str]]]:
        """Return the identities that folded words name, with those words; long names first.

        `begun`: of each word what `begun` says.
        """
        after = 0
        for at, first in enumerate(begun):
            if first and at >= after:
                identity, length = self._at(found, at, first)
                if identity:
                    yield identity, found[at : at + length]
                    after = at + length

    def of_text(self, text: str) -> Iterator[str]:
        """Return the identities that a folded text without spaces names."""
        at, end = 0, len(text)
        while at < end:
            for length in range(min(self.joined_length, end - at), 1, -1):
                identity = self.joined.get(text[at : at + length])
                if identity is not None:
                    yield identity
                    at += length
                    break
            else:
                at += 1

    def _at(self, found: Sequence[str], at: int, begun: Sequence[str]) -> tuple[str, int]:
        for base in begun:
            for length in range(self.longest[base], 0, -1):
                identity = self.named.get(" ".join((base, *found[at + 1 : at + length])))
                if identity is not None:
                    return identity, length
        return "", 1


@single_flight
def lands() -> Lands:
    """Return them all, read once."""
    return SHELF.table("lands", Lands, _made)


def _made() -> Lands:
    named: dict[str, str] = {}
    longest: dict[str, int] = {}
    joined: dict[str, str] = {}
    for identity, text in _words():
        folded = fold_text(text)
        if is_unspaced(folded):
            joined.setdefault(folded, identity)
            continue
        parts = plain_words(folded)
        if len("".join(parts)) > 2:  # US is "us" as well
            named.setdefault(" ".join(parts), identity)
            longest[parts[0]] = max(longest.get(parts[0], 0), len(parts))
    return Lands(named, longest, joined, max(map(len, joined), default=0))


def _words() -> Iterator[tuple[str, str]]:
    """Return identities and words.

    Turkish forms after an apostrophe (Suriye'de) are two words, of which the first is enough.
    """
    for one in own_words.words():
        if one.language in _TOLD and not ("'" in one.text and one.language == "tr"):
            yield one.identity, one.text
    yield from ((f"zone:{zone}", name) for zone, name in cldr.zones())
    for language in own_words.LANGUAGES:
        yield from ((f"zone:{zone}", name) for zone, name in cldr.cities(language).items())
