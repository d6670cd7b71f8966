"""Stories among English headlines (UCI News Aggregator): 36 hours with their labels."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Final

from rasid.models import Document

CORPUS: Final = Path(__file__).parent.parent.parent / "shared/corpora/stories-english"


def read() -> tuple[list[Document], list[str]]:
    """Return headlines and the story of each."""
    with (CORPUS / "headlines.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    items = [
        Document(
            id=row["ID"], title=row["TITLE"], outlet=row["PUBLISHER"],
            published=int(row["TIMESTAMP"]) * 1000,
        )
        for row in rows
    ]  # fmt: skip
    return items, [row["STORY"] for row in rows]


def b_cubed(told: Sequence[Hashable], labels: Sequence[Hashable]) -> tuple[float, float, float]:
    """Return precision, recall and F of a clustering (Bagga and Baldwin 1998)."""
    both = Counter(zip(told, labels, strict=True))
    groups, classes = Counter(told), Counter(labels)
    precision = sum(n * n / groups[group] for (group, _), n in both.items()) / len(told)
    recall = sum(n * n / classes[label] for (_, label), n in both.items()) / len(told)
    return precision, recall, 2 * precision * recall / (precision + recall)
