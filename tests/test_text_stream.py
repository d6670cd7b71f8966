"""What is found in a packed dictionary is what reading all of it would find."""

from itertools import islice

import pytest
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from rasid.text import stream
from rasid.text.fold import fold_text
from rasid.text.stream import Stream, Unpacked, open_dictionary

MORE = ("mayadin", "دمشق", "хомс", "a", "")


@pytest.fixture(scope="module", params=["ar", "en", "fr", "fa", "he", "ru", "tr", "uk"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def lemmas(language: str) -> dict[str, str]:
    return dict(DefaultDictionaryFactory(1).get_dictionary(language).items())


def test_spellings_and_forms_are_those_of_the_whole_dictionary(
    language: str, lemmas: dict[str, str]
) -> None:
    sample = {*islice(lemmas, 7, None, len(lemmas) // 50), *islice(lemmas, 3), *MORE}
    packed, whole = Stream(language), Unpacked(lemmas)
    folded = {fold_text(word) for word in sample}
    found = packed.spelt_like(folded)
    assert len(found) >= 50
    assert list(found.items()) == list(whole.spelt_like(folded).items())
    families = packed.forms_of(found.values())
    assert families == whole.forms_of(found.values())
    assert all(families.values())


def test_a_dictionary_sorted_from_the_end_is_searched_as_well() -> None:
    packed = Stream("sw")
    found = packed.spelt_like(["kitabu", "ninasoma"])
    assert found["kitabu"] == "kitabu"
    lemmas = DefaultDictionaryFactory(1).get_dictionary("sw").items()
    wanted = set(found.values())
    families = packed.forms_of(wanted)
    assert {form for lemma in wanted for form in families[lemma]} == {
        form for form, lemma in lemmas if lemma in wanted
    }


def test_records_too_long_for_the_automaton_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = Stream("fa").spelt_like(["موشك"])
    stream._automaton.cache_clear()
    monkeypatch.setattr(stream, "_LONGEST", 3)
    try:
        assert Stream("fa").spelt_like(["موشك"]) == expected != {}
    finally:
        stream._automaton.cache_clear()


def test_a_dictionary_packed_in_a_way_we_do_not_know_is_read_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = open_dictionary("fa").spelt_like(["موشك"])
    monkeypatch.setattr(stream, "_read_decompressed", lambda language: b"another packing")
    unknown = open_dictionary("fa")
    assert isinstance(unknown, Unpacked)
    assert unknown.spelt_like(["موشك"]) == expected != {}
