"""Which forms a rule's word becomes, and what is kept of them."""

import json
from pathlib import Path

import pytest

from rasid.settings import Term
from rasid.text import arabic
from rasid.text.dictionary import Dictionaries
from rasid.text.expanded import expand
from rasid.text.forms import expand_terms


@pytest.fixture(scope="module")
def dictionaries(tmp_path_factory: pytest.TempPathFactory) -> Dictionaries:
    return Dictionaries(tmp_path_factory.mktemp("forms"))


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("strike", "", {"strike", "strikes", "struck", "striking"}),
        ("Київ", "", {"київ", "києві"}),
        ("موشک", "", {"موشك", "موشكها"}),
        ("Haus", "de", {"haus", "hauser", "hauses"}),
        ("frappe", "fr", {"frappe", "frappes"}),
        ("صاروخ", "", {"صاروخ", "صواريخ"}),
    ],
)
def test_dictionary_forms(
    dictionaries: Dictionaries, word: str, language: str, expected: set[str]
) -> None:
    assert expected <= set(expand(Term(word, language), dictionaries))


def test_a_dictionary_knows_a_word_typed_without_accents(dictionaries: Dictionaries) -> None:
    forms = expand(Term("electricite", "fr"), dictionaries)
    assert {"electricite", "electricites"} <= set(forms)


def test_abbreviations_have_one_form(dictionaries: Dictionaries) -> None:
    assert expand(Term("IS"), dictionaries) == ["is"]


def test_chinese_is_sought_as_it_is(dictionaries: Dictionaries) -> None:
    phrase = expand_terms([Term("空袭")], dictionaries)[Term("空袭")]
    assert (phrase.inside, phrase.words) == ("空袭", ())


def test_arabic_phrase_has_its_joined_spelling(dictionaries: Dictionaries) -> None:
    assert "ديرالزور" in expand(Term("دير الزور"), dictionaries)


def test_kept_forms_equal_those_made_anew(tmp_path: Path) -> None:
    terms = [Term("قصف"), Term("الأمريكية"), Term("strike", "en")]
    first = expand_terms(terms, Dictionaries(tmp_path))
    assert sorted(p.name.split("-")[1] for p in tmp_path.iterdir()) == ["ar", "en", "fa"]
    assert expand_terms(terms, Dictionaries(tmp_path)) == first


def test_kept_forms_are_read_back_rather_than_made(tmp_path: Path) -> None:
    Dictionaries(tmp_path).paradigms("en", ["strike"])
    path = next(tmp_path.iterdir())
    kept = json.loads(path.read_text("utf-8"))
    kept["strike"][2] = ["strike", "told"]
    path.write_text(json.dumps(kept), "utf-8")
    assert Dictionaries(tmp_path).paradigms("en", ["strike"])["strike"].forms == ("strike", "told")


@pytest.mark.parametrize("damage", ["", "[]", '{"strike": 1}', '{"strike": [1, 1, "x", [], 0]}'])
def test_damaged_kept_forms_are_made_anew(tmp_path: Path, damage: str) -> None:
    Dictionaries(tmp_path).paradigms("en", ["strike"])
    next(tmp_path.iterdir()).write_text(damage, "utf-8")
    assert "struck" in Dictionaries(tmp_path).paradigms("en", ["strike"])["strike"].forms


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert "struck" in Dictionaries(blocked).paradigms("en", ["strike"])["strike"].forms


@pytest.mark.parametrize(
    ("token", "rest", "article"),
    [
        ("والقصف", "قصف", True),
        ("وبالقصف", "قصف", True),
        ("للقصف", "قصف", True),
        ("وللقصف", "قصف", True),
        ("للجنه", "لجنه", True),
        ("بقصف", "قصف", False),
        ("فلقصف", "قصف", False),
        ("سيقصف", "يقصف", False),
        ("قصفها", "قصف", False),
        ("وقصفهم", "قصف", False),
    ],
)
def test_clitics_are_peeled(token: str, rest: str, article: bool) -> None:
    assert (rest, article) in {(a.rest, a.article) for a in arabic.analyses(token)}


def test_a_pronoun_turns_a_written_marbuta_into_ta() -> None:
    found = [a for a in arabic.analyses("قاعدتها") if a.marbuta]
    assert [(a.rest, a.pronoun) for a in found] == [("قاعده", "ها")]
