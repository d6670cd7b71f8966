"""Where a sentence begins and ends."""

from __future__ import annotations

import pytest

from rasid.text.sentences import sentence_around, sentence_ends

TEXTS = [
    ("One two. THIS one here. Three.", "THIS one here."),
    ("One two! THIS one?", "THIS one?"),
    ("Gen. THIS spoke of U.S. troops. More.", "Gen. THIS spoke of U.S. troops."),
    ("It cost 3.5 million, THIS. More.", "It cost 3.5 million, THIS."),
    ("At 5 p.m. in THIS place. More.", "At 5 p.m. in THIS place."),
    ("هل حدث؟ نعم THIS هنا. ثم", "نعم THIS هنا."),
    ("第一句。THIS第二句。第三", "THIS第二句。"),
    ("A line\nTHIS line\nAnother", "THIS line\n"),
    ('"It is over." THIS goes on', "THIS goes on"),
    ("THIS alone", "THIS alone"),
    ("Wait… THIS is it", "THIS is it"),
]


@pytest.mark.parametrize(("text", "sentence"), TEXTS)
def test_sentence_around(text: str, sentence: str) -> None:
    start, end = sentence_around(text, text.index("THIS"), sentence_ends(text))
    assert text[start:end] == sentence
