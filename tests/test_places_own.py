"""The geoparser finds the places that rules were told of, however small."""

from __future__ import annotations

import pytest
from small_gazetteer import small

from rasid.places.geoparse import PlaceFinder
from rasid.places.own import WithOwn
from rasid.settings import OwnPlace

OWN = (
    OwnPlace("omar", ("حقل العمر", "al-Omar field"), 35.02, 40.55, "a:dez"),
    OwnPlace("conoco", ("كونيكو", "Conoco field"), 35.33, 40.31, "a:dez"),
    OwnPlace("mahkan", ("محكان", "Mahkan"), 34.97, 40.50, "a:dez"),
)
TEXTS = [
    ("غارة على محكان", "محكان", "mahkan"),
    ("قصف حقل العمر النفطي", "حقل العمر", "omar"),
    ("An air strike near al-Omar field", "al-Omar field", "omar"),
    ("A strike hit the Conoco field", "Conoco field", "conoco"),
    ("Shelling of Mahkan went on", "Mahkan", "mahkan"),
]


@pytest.mark.parametrize(("text", "said", "identity"), TEXTS)
def test_own_place_is_found(text: str, said: str, identity: str) -> None:
    finder = PlaceFinder(WithOwn(small(), OWN), lambda word: (word,))
    (mention,) = finder.mentions([("title", text)])
    assert (mention.text, mention.place.id) == (said, identity)
    assert mention.confidence >= 0.5


def test_what_ends_in_small_letters_is_a_name_only_where_rules_say_so() -> None:
    finder = PlaceFinder(small(), lambda word: (word,))
    assert finder.mentions([("title", "A strike hit the Conoco field")]) == []
