"""Under which words items are filed: those of each piece between white space."""

from __future__ import annotations

import pytest

from rasid.archive.words import LONGEST, words_of
from rasid.models import Document
from rasid.text.fold import fold
from rasid.text.tokens import plain_words


def filed(text: str) -> frozenset[str]:
    return words_of(Document("1", summary=text))


TEXTS = [
    "Hezbollah's men, the U.S. and don’t-know in CAFÉ",
    "قال الرئيسُ: «وبالمدينةِ» إنّ المستشفى… والصـــواريخ",
    "ולכשבבית הלבן",
    "2024年の東京で地震 12٣4",
    "a\u00a0b\u3000c\u2028d\u200be",
    "don' t U. S. ' x",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_filed_under_the_words_of_its_pieces(text: str) -> None:
    pieces = frozenset[str]().union(*map(filed, text.split()))
    assert filed(text) == pieces
    assert {word for word in plain_words(fold(text).text) if word.isalnum()} <= pieces


def test_apostrophes_and_dots_join_within_a_piece_alone() -> None:
    assert {"hezbollahs", "hezbollah", "us", "dont"} <= filed(TEXTS[0])
    assert not {"dont", "us"} & filed(TEXTS[-1])


def test_a_long_piece_is_filed_like_a_short_one() -> None:
    address = "https://news.example/world/ghouta-strike-kills-twelve?id=1234567"
    assert {"ghouta", "strike", "1234567"} <= filed(address)
    assert "x" * LONGEST in filed("x" * 500)


def test_title_summary_and_tags_are_filed_together() -> None:
    item = Document("1", title="Strike", summary="in Idlib", tags=("War news",), author="A. Bee")
    assert words_of(item) >= {"strike", "in", "idlib", "war", "news", "bee"}
