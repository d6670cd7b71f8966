"""Words by tables of bytes are those that the slow way gives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasid.text.alphabets import _ALPHABETS, _LETTERS, folded_words
from rasid.text.fold import fold_text
from rasid.text.tokens import plain_words

WRITTEN = [
    "Şam'da F16 «saldırı» – 3 ölü",
    "قَصَفَتْ طائراتٌ، موقعين… ٣٬٤٥٠ قتيلا (الأـمر F16)",
    "Київ: Ёлка, йод — 5",
    "שָׁלוֹם לך־כל",
    "Σεισμός 6,1 ρίχτερ",
]


@pytest.mark.parametrize("at", range(len(WRITTEN)))
def test_an_alphabet_has_a_text_in_it(at: int) -> None:
    words = _ALPHABETS[at].words_of(WRITTEN[at])
    assert words == plain_words(fold_text(WRITTEN[at]))
    assert len(words) >= 3


@pytest.mark.parametrize("letters", _LETTERS)
def test_each_character_of_an_alphabet_is_folded_and_parted_as_elsewhere(letters: str) -> None:
    for one in letters:
        for text in (f"a{one}b", f"ن{one}ه", f"х{one}4", f"{one} {one}", letters[:4] + one):
            assert folded_words(text) == plain_words(fold_text(text)), text


LETTERS = [one for alphabet in _ALPHABETS for one in alphabet.characters if one != "\ufffe"]


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        *(st.text(st.sampled_from(one.characters.replace("\ufffe", ""))) for one in _ALPHABETS),
        st.text(st.one_of(st.sampled_from(LETTERS), st.characters(exclude_categories=["Cs"]))),
    )
)
def test_any_text_has_the_words_that_the_slow_way_gives(text: str) -> None:
    assert folded_words(text) == plain_words(fold_text(text))
