"""AQMAR: places in Arabic encyclopedia articles, tagged word by word (Mohit et al. 2012).

A mention is right when its words are exactly those of the corpus. The corpus also tags what
no gazetteer has: mosques, stadiums, empires, the Islamic world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from bench.places_lgl import Score
from rasid.models import Document
from rasid.places.model import Means, Mention

ARTICLES: Final = Path(__file__).parent.parent.parent / "shared/corpora/arabic-aqmar/articles"

Spans = set[tuple[int, int]]


def sentences() -> Iterator[tuple[str, str, Spans]]:
    """Return the article, text and places of each sentence."""
    for path in sorted(ARTICLES.glob("*.txt")):
        for block in path.read_text(encoding="utf-8").split("\n\n"):
            tagged = [line.split() for line in block.splitlines()]
            words = [(line[0], line[1]) for line in tagged if len(line) == 2]
            if words:
                yield path.stem, *_spans(words)


def _spans(words: list[tuple[str, str]]) -> tuple[str, Spans]:
    text, found = "", list[tuple[int, int]]()
    before = "O"
    for word, tag in words:
        start = len(text)
        text += word + " "
        if tag.endswith("LOC"):
            goes_on = tag.startswith("I") and before.endswith("LOC")
            first = found.pop()[0] if goes_on and found else start
            found.append((first, len(text) - 1))
        before = tag
    return text, set(found)


def recognition(find: Callable[[Document], Sequence[Mention]]) -> Score:
    """Return how many mentions have exactly the words that the corpus has."""
    score = Score()
    for article, text, wanted in sentences():
        mentions = find(Document(article, text=text, source=article))
        found = {(one.start, one.end) for one in mentions if one.means is not Means.DEMONYM}
        score.add(found, wanted)  # type: ignore[arg-type]
    return score
