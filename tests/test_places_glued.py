"""Arabic words whose spaces are lost, and words that only look like such."""

from __future__ import annotations

import pytest

from rasid.places.geoparse import PlaceFinder
from rasid.places.glued import parts

OFTEN = {"رئيس": 599, "ولايات": 557, "وزاره": 500, "داخليه": 480, "صين": 540, "الان": 10, "ان": 700,
         "عبد": 540, "رحيم": 450, "رجال": 500, "بيه": 420, "هلال": 500}  # fmt: skip


def often(word: str) -> int:
    return OFTEN.get(word, 0)


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("رئيسالولايات", "رئيس الولايات"),
        ("ووزارةالداخلية", "ووزارة الداخلية"),
        ("الصينالآن", "الصين الآن"),
        ("عبدالرحيم", "عبدالرحيم"),
        ("رجالها", "رجالها"),
        ("الهلاليين", "الهلاليين"),
        ("ڕەحمانالولايات", "ڕەحمانالولايات"),
        ("ى" * 200, "ى" * 200),
    ],
)
def test_a_word_is_parted_where_another_surely_begins(word: str, words: str) -> None:
    assert parts(word, often) == words.split()


def test_countries_are_found_in_words_that_are_written_together(finder: PlaceFinder) -> None:
    text = "أعلن رئيسالولايات المتحدة والنائبةالأمريكية ذلك"
    found = [one for one in finder.mentions([("text", text)]) if one.meant >= 0.5]
    assert [(one.text, one.place.country) for one in found] == [
        ("الولايات المتحدة", "US"),
        ("الأمريكية", "US"),
    ]
    assert all(text[one.start : one.end] == one.text for one in found)
