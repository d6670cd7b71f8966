"""Whether a report and its translation become one story.

NTREX: 123 news documents in six languages. An item is a document's first sentence as its title
and the next two; English ones come first, then those of the other language. Documents about
one event (five are about one earthquake) count as wrong pairs.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Final

from rasid.models import Document
from rasid.stories.meaning import Model
from rasid.stories.told import assigned

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
