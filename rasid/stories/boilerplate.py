"""What items of a feed begin or end with, whatever they tell: "appeared first on ...". Pure.

Two items of an outlet are no more about one event because both end in the same line.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rasid.models import Document

_SHORTEST, _LONGEST = 2, 30  # words of what is left out, if it is not all of a text
_REACH: Final = 1_000  # characters that hold them
_LEAST: Final = 3  # items that have it
_SHARE: Final = 4  # and a quarter of the feed
_FEED: Final = 200  # items of a file that are taken for a feed
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """What a text of a feed may begin or end with, and is then compared without."""

    heads: frozenset[Words] = frozenset()
    tails: frozenset[Words] = frozenset()

    def trimmed(self, document: Document) -> Document:
        """Return a document without it; its title stays as it is."""
        if not self.heads and not self.tails:
            return document
        summary, text = self._trim(document.summary), self._trim(document.text)
        return replace(document, summary=summary, text=text)

    def _trim(self, text: str) -> str:
        if end := len(next((one for one in _tails(text) if one in self.tails), ())):
            text = text.rsplit(None, end)[0] if len(_last(text)) > end else ""
        if start := len(next((one for one in _heads(text) if one in self.heads), ())):
            text = text.split(None, start)[-1] if len(_first(text)) > start else ""
        return text


def boilerplate(documents: Iterable[Document]) -> Boilerplate:
    """Return what many items of a feed have in common; of a short feed there is none."""
    heads, tails, count = Counter[Words](), Counter[Words](), 0
    for one in documents:
        texts = [text for text in (one.summary, one.text) if text]
        heads.update({head for text in texts for head in _heads(text)})
        tails.update({tail for text in texts for tail in _tails(text)})
        count += bool(texts)
    least = max(_LEAST, -(-count // _SHARE))
    return Boilerplate(_common(heads, least), _common(tails, least))


def trimmed(documents: Sequence[Document]) -> list[Document]:
    """Return documents of a file, in its order, without what their feeds begin or end with.

    Items in a row of one source, or of one outlet where they name no source, are taken for a
    feed; those that name neither stay as they are.
    """
    found, of_feed = list(documents), defaultdict[str, list[int]](list)
    for at, one in enumerate(documents):
        if name := one.source or one.outlet:
            of_feed[name].append(at)
    for those in of_feed.values():
        for start in range(0, len(those), _FEED):
            first = max(0, min(start, len(those) - _FEED))  # the last feed is as long as others
            common = boilerplate(documents[at] for at in those[first : first + _FEED])
            for at in those[start : start + _FEED]:
                found[at] = common.trimmed(documents[at])
    return found


def _common(counts: Counter[Words], least: int) -> frozenset[Words]:
    return frozenset(words for words, count in counts.items() if count >= least)


def _first(text: str) -> Words:
    """Return the first words of a text, one more than are looked at."""
    return tuple(text[:_REACH].split(None, _LONGEST + 1)[: _LONGEST + 1])


def _last(text: str) -> Words:
    return tuple(text[-_REACH:].rsplit(None, _LONGEST + 1)[-_LONGEST - 1 :])


def _heads(text: str) -> Iterator[Words]:
    """Yield what a text begins with, the longest first."""
    words = _first(text)
    return (words[:length] for length in _lengths(len(words)))


def _tails(text: str) -> Iterator[Words]:
    words = _last(text)
    return (words[-length:] for length in _lengths(len(words)))


def _lengths(words: int) -> Iterator[int]:
    longest = min(words, _LONGEST)
    yield from range(longest, min(_SHORTEST, longest) - 1, -1) if longest else ()
