"""One rule in many languages, and what each language needs of its own."""

import json
from pathlib import Path
from typing import Any

import pytest

from rasid.models import Document
from rasid.rules import RuleIndex, compile_rules
from rasid.settings import Condition, Config, Rule, Term
from rasid.text import hebrew
from rasid.text.dictionary import Dictionaries
from rasid.text.expanded import expand, expand_words
from rasid.text.fold import fold_text
from rasid.text.forms import expand_terms
from rasid.text.languages import candidates
from rasid.text.suffixes import by_rule

CASES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "ten_languages.json").read_text("utf-8")
)
SENTENCES = [
    (language, text, key == "match")
    for language, case in CASES.items()
    for key in ("match", "no_match")
    for text in case[key]
]
# word (with its language), text, the parts found
WORDS = [
    ("patlama", "patlamadan önce değil, patlamasında", ["patlamadan", "patlamasında"]),
    ("patlama", "patlayan ve patlıyor", []),
    ("Ankara", "Ankara'da ve Ankara’ya", ["Ankara", "Ankara"]),
    ("Suriye", "Suriye'nin, Suriyeden", ["Suriye", "Suriyeden"]),
    ("kitap", "kitaplar, kitabın", ["kitaplar", "kitabın"]),
    ("hava saldırısı", "hava saldırılarında", ["hava saldırılarında"]),
    ("armée", "l'armée et l’armée", ["armée", "armée"]),
    ("Sanaa", "in Sana'a and Sana’a", ["Sana'a", "Sana’a"]),
    ("Sanaa", "in Sana\u200e'a, Sana\u2019\u2069a", ["Sana\u200e'a", "Sana\u2019\u2069a"]),
    ("Ma'arrat", "from Maarrat to Ma’arrat", ["Maarrat", "Ma’arrat"]),
    ("Хомс", "из Хомса в Хомсе, Хомсом", ["Хомса", "Хомсе", "Хомсом"]),
    ("Мадейна", "в Мадейне", ["Мадейне"]),
    ("Хомс", "у Хомсі", ["Хомсі"]),
    ("Хомс", "хомут", []),
    ("Коваленский", "у Коваленского", ["Коваленского"]),
    ("удар", "Удари і ударів", ["Удари", "ударів"]),
    ("Дейр-эз-Зор", "в Дейр-эз-Зоре", ["Дейр-эз-Зоре"]),
    ("טיל", "ושבטילים", ["ושבטילים"]),
    ("טיל", "הטיל", ["הטיל"]),
    ("טיל", "מטיל מורא", []),
    ("آتش‌بس", "آتش‌بس، آتش بس، آتشبس", ["آتش‌بس", "آتش بس", "آتشبس"]),
    ("موشک", "موشک‌هایش و موشکي", ["موشک‌هایش", "موشکي"]),
    ("انفجار", "انفجارهایی", ["انفجارهایی"]),
    ("هێرش", "هێرشەکانیان نا، هێرشەکان", ["هێرشەکان"]),
    ("êrîş", "êrîşên", ["êrîşên"]),
    ("US", "TELL US MORE", ["US"]),
    ("US", "tell us", []),
    ("die@en", "der Mann ist hier", []),
    ("Mayadin", "mayadine and mayadinde", []),
    ("Angriff", "Angriffe", ["Angriffe"]),
    ("attentato", "due attentati", ["attentati"]),
    ("powódź", "powodzi", []),
    ("żołnierz", "dwóch żołnierzy", ["żołnierzy"]),
    ("погибший", "о погибших, погибшие", ["погибших", "погибшие"]),
    ("tué", "elles sont tuées", ["tuées"]),
    ("کشته", "کشته‌های امروز", ["کشته‌های"]),
    ("shooting", "after two shootings", ["shootings"]),
    ("סוריה", "מסוריה, בסוריה ולסוריה", ["מסוריה", "בסוריה", "ולסוריה"]),
    ("עזה", "מעזה ולעזה", ["מעזה", "ולעזה"]),
    ("человек", "двое людей, человека", ["людей", "человека"]),
    ("дитина", "троє дітей", ["дітей"]),
    ("Дамаск", "в Дамаске", ["Дамаске"]),
    ("US", "U.S. forces, the U.S.A.", ["U.S"]),
    ("UN", "the U.N., said he", ["U.N"]),
    ("U.S.", "the US and the U.S. left", ["US", "U.S"]),
    ("U.S.", "let u s go", []),
    ("explosão", "explosões", ["explosões"]),
    ("élection", "Elections à Dakar, une ÉLECTION, l'election", ["Elections", "ÉLECTION"]),
    ("tué", "TUE en mer: il tue", ["TUE"]),
    ("État", "l'Etat et un état: etat", ["Etat", "état"]),
    ("cœur", "au coeur, des cœurs", ["coeur", "cœurs"]),
    ("Lodz", "in Łódź and LODZ", ["Łódź", "LODZ"]),
    ("Łódź", "in Lodz", []),
    ("Djokovic", "Novak Đoković", []),
    ("Dokovic", "Novak Đoković", ["Đoković"]),
    ("cease-fire", "a ceasefire, two cease-fires", ["ceasefire", "cease-fires"]),
    ("re-sign", "to re-sign", ["re-sign"]),
    ("перемир'я", "порушення перемир’ям і перемирʼю", ["перемир’ям", "перемирʼю"]),
    ("об'єкт", "два об’єкти", ["об’єкти"]),
    ("Soldat", "zwei Soldaten, two soldiers", ["Soldaten"]),
    ("Brand", "Brände im Wald, new brands", ["Brände", "brands"]),
    ("brand", "Brände im Wald, new brands", ["brands"]),
    ("öldürmek", "asker öldürüldü, ölçü alındı", ["öldürüldü"]),
    ("girtî@ku", "girtiyan û girtiyên, girtin", ["girtiyan", "girtiyên"]),
]


def term(typed: str | dict[str, str]) -> Term:
    if isinstance(typed, dict):
        return Term(typed["word"], typed["language"])
    word, _, language = typed.partition("@")
    return Term(word, language)


@pytest.fixture(scope="module")
def dictionaries() -> Dictionaries:
    return Dictionaries()


@pytest.fixture(scope="module")
def index(dictionaries: Dictionaries) -> RuleIndex:
    rules = [
        Rule(language, Condition(any=tuple(map(term, case["rule"]))), ())
        for language, case in CASES.items()
    ]
    rules += [Rule(word, Condition(any=(term(word),)), ()) for word in {row[0] for row in WORDS}]
    config = Config(rules={rule.id: rule for rule in rules}, version="v")
    return compile_rules(config, dictionaries=dictionaries)


def test_the_sentences_are_as_many_as_promised() -> None:
    assert set(CASES) == {"ar", "en", "fr", "ru", "uk", "tr", "he", "fa", "zh", "ja", "ckb", "ku"}
    assert all(len(case["match"]) >= 12 for case in CASES.values())
    assert all(len(case["no_match"]) >= 6 for case in CASES.values())


@pytest.mark.parametrize(("language", "text", "answer"), SENTENCES)
def test_a_news_rule_finds_its_words_inflected(
    index: RuleIndex, language: str, text: str, answer: bool
) -> None:
    match = index.match_rule(language, Document("d", text=text))
    assert (match is not None) == answer


@pytest.mark.parametrize(("word", "text", "parts"), WORDS)
def test_a_word_in_its_forms(index: RuleIndex, word: str, text: str, parts: list[str]) -> None:
    match = index.match_rule(word, Document("d", text=text))
    assert [e.text for e in match.evidence] == parts if match else parts == []


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("strike", "en"),
        ("saldırı", "tr"),
        ("удар", "ru uk"),
        ("вибух", "uk"),
        ("انفجار", "ar fa"),
        ("پهپاد", "fa"),
        ("هێرش", "ckb"),
        ("attentato", "it"),
        ("struck", "en"),
        ("polis", "tr"),  # in French a plural of poli
        ("Mayadin", ""),
        ("SDF", ""),
        ("penaber@kmr", "ku"),
        ("حمله@fa", "fa"),
    ],
)
def test_an_expansion_shows_the_language(
    dictionaries: Dictionaries, word: str, language: str
) -> None:
    asked = term(word)
    found = expand_words(asked, dictionaries)
    assert [(e.word, e.language) for e in found] == [(asked.text, language)]
    assert fold_text(asked.text) in found[0].forms


def test_letters_of_the_whole_term_tell_its_language() -> None:
    assert candidates("hava", "hava saldırısı") == ("tr",)
    assert candidates("حمله", "حمله هوایی") == ("fa", "ckb")
    assert candidates("hava", "hava") != ("tr",)


def test_a_language_that_is_said_holds() -> None:
    assert candidates("die", "die", "en-GB") == ("en",)
    assert candidates("die", "die", "tlh") == ()


def test_forms_by_rule_that_are_other_words_are_left_out(dictionaries: Dictionaries) -> None:
    assert {"зора", "зоре"} <= set(by_rule("Зор", "ru", ""))
    assert {"зора", "зоре"} <= set(expand(Term("Зор", "ru"), dictionaries))
    assert "зоре" not in expand(Term("зор", "ru"), dictionaries)  # a case of заря


def test_hebrew_letters_before_a_word_are_read_off() -> None:
    assert set(hebrew.readings("ושבהפצצה")) >= {"ושבהפצצה", "הפצצה", "פצצה"}
    assert list(hebrew.readings("של")) == ["של"]


def test_a_hebrew_word_that_only_looks_like_a_letter_and_a_form(
    dictionaries: Dictionaries,
) -> None:
    word = expand_terms([Term("טיל")], dictionaries)[Term("טיל")].words[0]
    assert "מטיל" in word.others  # imposes, not "from a missile"
    assert "בטיל" not in word.others
