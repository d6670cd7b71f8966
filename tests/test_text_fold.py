"""Folding, tokens and where they stand in the original."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasid.text.fold import fold, fold_text, spelling
from rasid.text.tokens import is_unspaced, tokenize

LETTERS = "aeéßİıŞçññåΆώйёїўбأإآٱاىیکةهؤئوءلدّسًَٔـשׁבּがｶﾞ하각क्षที่05٣۵ _-#'’…ﬁﻻ"
TEXTS = st.text(st.one_of(st.sampled_from(LETTERS), st.characters(exclude_categories=["Cs"])))
FORMAT = ["\u200b", "\u00ad", "\u2066", "\u2069", "\u200f", "\ufeff", "\u200c"]


def words(text: str) -> list[str]:
    return [token.word for token in tokenize(fold(text))]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("أإآٱ", "اااا"),
        ("ى ی ي", "ي ي ي"),
        ("ک ك", "ك ك"),
        ("غارة", "غاره"),
        ("قَصَفَتْ", "قصفت"),
        ("الأـمر ديـــر", "الامر دير"),
        ("مسؤول مسئول", "مسؤول مسئول"),
        ("Şam ÉCOLE naïve", "sam ecole naive"),
        ("İstanbul ISPARTA saldırı", "istanbul isparta saldiri"),
        ("Straße ﬁre", "strasse fire"),
        ("Київ Ёлка йод", "київ елка йод"),
        ("Άθήνα", "αθηνα"),
        ("שָׁלוֹם", "שלום"),
        ("٣٤ ۵۶ ５", "34 56 5"),
        ("موشک‌ها", "موشكها"),
        ("so\u00adft \u2066bidi\u2069", "soft bidi"),
        ("がガ", "がガ"),
        ("ที่", "ที่"),
        ("क्षि", "क्षि"),
        ("…", "..."),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text).text == folded
    assert fold_text(text) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("إصابة21 فرداً", ["اصابه", "21", "فردا"]),
        ("#مرفأ_بيروت", ["مرفا", "بيروت"]),
        ("Şam'da F16", ["sam", "da", "f", "16"]),
        ("قصفUS", ["قصف", "us"]),
        ("R&D, U.S.", ["r", "d", "u", "s"]),
        ("", []),
        ("…!?", []),
    ],
)
def test_words_end_where_script_or_digits_change(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_tokens_point_at_the_original() -> None:
    text = "\u2066قَصَفَتْ\u2069 Straße e\u0301cole … الأـمر!"
    found = [(t.word, text[t.start : t.end]) for t in tokenize(fold(text))]
    assert found == [
        ("قصفت", "قَصَفَتْ"),
        ("strasse", "Straße"),
        ("ecole", "e\u0301cole"),
        ("الامر", "الأـمر"),
    ]


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_P13_folding_ignores_how_a_text_is_composed(text: str) -> None:
    folded = fold_text(text)
    for form in ("NFC", "NFD"):
        assert fold_text(unicodedata.normalize(form, text)) == folded


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.lists(st.tuples(st.integers(0, 40), st.sampled_from(FORMAT)), max_size=5))
def test_P13_folding_ignores_format_characters(text: str, added: list[tuple[int, str]]) -> None:
    strewn = text
    for at, char in added:
        strewn = strewn[:at] + char + strewn[at:]
    assert fold_text(strewn) == fold_text(text)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_offsets_lie_in_the_original_and_never_go_back(text: str) -> None:
    folded = fold(text)
    assert folded.text == fold_text(text)
    spans = [folded.span(at, at + 1) for at in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_token_folds_to_its_word(text: str) -> None:
    for token in tokenize(fold(text)):
        original = text[token.start : token.end]
        assert token.word in fold_text(original)  # more only where one character gives several


def test_spelling_keeps_what_folding_loses() -> None:
    assert spelling("Şam") == ["ş", "a", "m"]
    assert spelling("غارَة") == ["غ", "ا", "ر", "ة"]


def test_scripts_without_spaces() -> None:
    assert is_unspaced("空袭")
    assert is_unspaced("ไทย")
    assert not is_unspaced("قصف strike удар")
