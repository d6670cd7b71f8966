"""What the bench of stories counts."""

import pytest

from bench import stories_ntrex
from bench.stories_ntrex import best_f1, best_limits
from rasid.models import Document

PLACES = ("Berlin", "Madrid", "Paris", "Warsaw")


@pytest.mark.parametrize(
    ("pairs", "right", "best"),
    [
        ([(0.9, True), (0.8, False), (0.7, True)], 2, 0.8),
        ([(0.9, True), (0.8, False), (0.7, True)], 3, 4 / 6),
        ([(0.9, True), (0.9, False)], 1, 2 / 3),  # no limit parts what is equally alike
        ([(0.9, False)], 1, 0.0),
        ([], 1, 0.0),
    ],
)
def test_the_best_limit_parts_right_pairs_from_others(pairs, right, best) -> None:
    assert best_f1(pairs, right) == pytest.approx(best)


def test_pairs_are_measured_by_the_likeness_that_makes_stories(monkeypatch) -> None:
    texts = {
        "en": [f"Ministers met in {place} on 1{n} reforms" for n, place in enumerate(PLACES)],
        "fr": [f"Des ministres à {place}, 1{n} réformes" for n, place in enumerate(PLACES)],
    }

    def read(language: str) -> list[Document]:
        return [Document(f"{language}:{n}", title) for n, title in enumerate(texts[language])]

    monkeypatch.setattr(stories_ntrex, "read", read)
    assert best_limits("fr") == (1.0, 1.0)
    texts["fr"].reverse()
    every, nearest = best_limits("fr")
    assert every < 0.5
    assert nearest < 0.5
