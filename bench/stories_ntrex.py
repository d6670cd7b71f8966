"""Whether a report and its translation become one story.

NTREX: 123 news documents in six languages. An item is a document's first sentence as its title
and the next two; English ones come first, then those of the other language. Documents about
one event (five are about one earthquake) count as wrong pairs.

Stories are measured as they come out at the limits that are shipped, and likeness by itself:
how well one limit, the best, parts the pairs of an English document and its translation from
all others. A story takes the items that are most like it, so that the pairs which count are
those of an item and what it is most like; every pair is measured too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rasid.models import Document
from rasid.stories.likeness import FEW, alike
from rasid.stories.meaning import Model, described
from rasid.stories.story import Story, Vector, vector
from rasid.stories.told import assigned

if TYPE_CHECKING:
    from rasid.stories.directions import Directions

CORPUS: Final = Path(__file__).parent.parent.parent / "shared/corpora/ntrex"
FILES: Final = {"en": "src.eng", "ar": "ref.arb", "fr": "ref.fra", "ru": "ref.rus",
                "tr": "ref.tur", "zh": "ref.zho-CN"}  # fmt: skip
SENTENCES: Final = 3


def read(language: str) -> list[Document]:
    """Return the documents of a language."""
    ids = (CORPUS / "DOCUMENT_IDS.tsv").read_text("utf-8").split("\n")
    lines = (CORPUS / f"newstest2019-{FILES[language]}.txt").read_text("utf-8").split("\n")
    found = defaultdict(list)
    for document, line in zip(ids, lines, strict=False):
        found[document.strip()].append(line)
    del found[""]
    return [
        Document(id=f"{language}:{name}", title=those[0], text=" ".join(those[1:SENTENCES]))
        for name, those in found.items()
    ]


def scores(language: str, model: Model | None = None) -> tuple[float, float, float]:
    """Return precision, recall and F1 over pairs of an English item and another one."""
    stories = defaultdict(list)
    originals = read("en")
    for document, found in assigned([*originals, *read(language)], model):
        stories[found.story].append(document.id.split(":", 1))
    pairs = [
        one == other
        for members in stories.values()
        for english, one in members
        for tongue, other in members
        if english == "en" and tongue == language
    ]
    precision, recall = sum(pairs) / max(1, len(pairs)), sum(pairs) / len(originals)
    return precision, recall, 2 * precision * recall / (precision + recall or 1)


def best_limits(language: str, model: Model | None = None) -> tuple[float, float]:
    """Return the best F1 of any limit of likeness, over every pair and over the nearest ones."""
    stories, pointing = _stories(_vectors("en", model))
    found = []
    for at, item in enumerate(_vectors(language, model)):
        known = pointing and item.meaning and len(item.words) >= FEW
        meant = pointing.compare(item.meaning) if pointing and known else None
        found.append(
            [
                (alike(story, item, meant.of(story.id) if meant else None), number == at)
                for number, story in enumerate(stories)
            ]
        )
    nearest = [max(pairs, key=lambda pair: pair[0]) for pairs in found]
    every = [pair for pairs in found for pair in pairs]
    return best_f1(every, len(stories)), best_f1(nearest, len(stories))


def best_f1(pairs: Iterable[tuple[float, bool]], right: int) -> float:
    """Return the best F1 of any limit: likeness of pairs, and which are among the right ones."""
    best, taken, hits = 0.0, 0, 0
    ordered = sorted(pairs, reverse=True)
    for _, alike_ones in groupby(ordered, key=lambda pair: pair[0]):
        those = [hit for _, hit in alike_ones]
        taken, hits = taken + len(those), hits + sum(those)
        best = max(best, 2 * hits / (taken + right))
    return best


def _vectors(language: str, model: Model | None) -> list[Vector]:
    return list(map(vector, described(read(language), model)))


def _stories(items: Iterable[Vector]) -> tuple[list[Story], Directions | None]:
    """Return a story of each item."""
    stories, pointing = [], None
    for number, item in enumerate(items):
        story = Story(str(number))
        story.add(item)
        stories.append(story)
        if item.meaning:
            if pointing is None:
                from rasid.stories.directions import Directions  # needs numpy

                pointing = Directions()
            pointing.add(story.id, item.meaning)
    return stories, pointing
