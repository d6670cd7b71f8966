"""The index finds exactly what trying every rule in turn would find."""

import unicodedata
from collections import Counter

import pytest
from cpu_time import seconds
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from rasid.models import Document
from rasid.rules import compile_rules
from rasid.rules.conditions import USUAL, atoms_of
from rasid.rules.likelihood import Likelihood
from rasid.rules.query import parse_query
from rasid.rules.terms import Terms
from rasid.settings import Condition, Config, Near, Rule, Term
from rasid.text.dictionary import Dictionaries
from rasid.text.fold import fold, fold_text
from rasid.text.forms import expand_terms
from rasid.text.tokens import tokenize

VOCABULARY = ["ZZA", "qqab", "qqcd", "qqab qqcd", "قسدغ", "空袭", "qqef", "qqcd qqef"]
PIECES = ["ZZA", "zza", "qqab", "qqcd", "qqef", "وقسدغ", "قسدغ", "美空袭", "空", "nothing"]
FORMAT = ["\u200b", "\u00ad", "\u2066", "\u2069", "\ufeff"]
# "zz": a language without a dictionary, so that nothing is opened for invented words
TERMS = {text: Term(text, "zz" if text.isascii() else "") for text in VOCABULARY}
NAMES = Dictionaries()
PHRASES = expand_terms(TERMS.values(), NAMES)

terms = st.sampled_from(list(TERMS.values()))
texts = st.lists(st.sampled_from(PIECES), max_size=5).map(" ".join)
documents = st.builds(
    lambda title, summary, text: Document("d", title=title, summary=summary, text=text),
    texts, texts, texts,
)  # fmt: skip


def parts(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    entries = st.lists(terms | inner, max_size=3).map(tuple)
    return st.builds(Condition, any=entries, all=entries, none=entries)


conditions = st.recursive(
    st.builds(Condition, any=st.lists(terms, min_size=1, max_size=2).map(tuple)),
    lambda inner: parts(inner) | inner.map(lambda c: structs.replace(c, fields=("title",))),
    max_leaves=5,
)


def has(term: Term, text: str) -> bool:
    """Whether a text has a term of the vocabulary above, by plain means."""
    tokens = [(t.word, text[t.start : t.end]) for t in tokenize(fold(text))]
    if term.text == "空袭":
        return "空袭" in fold_text(text)
    if term.text == "ZZA":
        return any(original == "ZZA" for _, original in tokens)
    wanted = fold_text(term.text).split()
    folded = [word.removeprefix("و") for word, _ in tokens]
    return any(folded[at : at + len(wanted)] == wanted for at in range(len(folded)))


def naive(part: Term | Condition, document: Document, fields: tuple[str, ...]) -> bool:
    if isinstance(part, Term):
        return any(has(part, getattr(document, field)) for field in fields)
    fields = part.fields or fields
    return (
        (not part.any or any(naive(p, document, fields) for p in part.any))
        and all(naive(p, document, fields) for p in part.all)
        and not any(naive(p, document, fields) for p in part.none)
    )


EMPTY = Document("empty")


@settings(max_examples=120, deadline=None)
@given(st.lists(conditions, min_size=1, max_size=6), st.lists(documents, max_size=4))
def test_R10_index_equals_trying_every_rule(tree: list[Condition], many: list[Document]) -> None:
    # a rule that an empty text satisfies is refused by `problems` and never filed
    asked = {
        str(n): Rule(str(n), condition, ())
        for n, condition in enumerate(tree)
        if not naive(condition, EMPTY, USUAL)
    }
    index = compile_rules(Config(rules=asked), dictionaries=NAMES)
    for document in many:
        expected = [i for i, rule in asked.items() if naive(rule.condition, document, USUAL)]
        assert [match.rule for match in index.match(document)] == expected
        assert index.rules_of(document) == expected


def test_R10_a_piece_of_ten_thousand_words_is_read_in_time_that_grows_with_it() -> None:
    index = compile_rules(Config(rules={"r": Rule("r", zz("qqab"), ())}), dictionaries=NAMES)

    def taken(many: int) -> float:
        document = Document("d", text="qqab'" * many)
        return seconds(lambda: index.rules_of(document))

    taken(10)
    assert taken(20_000) < 25 * max(taken(2_000), 0.02)


SENTENCE = "قصفت القوات الأميركية Şam'da école удар の空袭 مسؤول"


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from(FORMAT)), max_size=6),
    st.sampled_from(["NFC", "NFD"]),
)
def test_P13_matching_ignores_format_characters_and_composition(
    added: list[tuple[int, str]], form: str
) -> None:
    text = unicodedata.normalize(form, SENTENCE)
    for at, char in added:
        text = text[:at] + char + text[at:]
    matches = INDEX.match(Document("d", text=text))
    assert [m.rule for m in matches] == [r for r in RULES if r != "absent"]
    for evidence in (e for m in matches for e in m.evidence):
        assert text[evidence.start : evidence.end] == evidence.text


WANTED = ["القوات الأمريكية", "école", "удар", "空袭", "مسئول", "قصفت"]
RULES = {
    word: Rule(word, Condition(any=(Term(word, "zz" if word == "удар" else ""),)), ())
    for word in WANTED
}
RULES["absent"] = Rule("absent", Condition(any=(Term("غارة"),)), ())
INDEX = compile_rules(Config(rules=RULES))


def test_R10_rules_filed_under_other_words_are_not_looked_at() -> None:
    names = [f"qq{first}{second}" for first in "bcdfghjkl" for second in "bcdfghjkl"]
    rules = {n: Rule(n, Condition(all=(Term("ZZA"), Term(n, "zz"))), ()) for n in names}
    phrases = {
        f"{n} zz": Rule(f"{n} zz", Condition(any=(Term(f"zzcommon {n}", "zz"),)), ()) for n in names
    }
    index = compile_rules(Config(rules=rules | phrases), dictionaries=NAMES)
    document = Document("d", text="ZZA zzcommon qqbc")
    assert index.candidates(document) == ["qqbc", "qqbc zz"]
    assert [match.rule for match in index.match(document)] == ["qqbc", "qqbc zz"]


def zz(*texts: str) -> Condition:
    return Condition(any=tuple(Term(text, "zz") for text in texts))


@pytest.mark.parametrize(
    ("condition", "text", "candidate"),
    [
        (zz("qqab qqcd"), "qqab x qqcd", False),
        (zz("qqab qqcd"), "qqcd qqab", True),  # their order is verified
        (Condition(all=(Near(zz("qqab", "qqef"), zz("qqcd"), 1),)), "qqef x x x x qqcd", False),
        (Condition(all=(Near(zz("qqab", "qqef"), zz("qqcd"), 1),)), "qqef x qqcd", True),
        (Condition(any=(Near(zz("qqab"), zz("qqcd"), 0), *zz("qqef gh").any)), "gh qqab ij", False),
        (Condition(all=(zz("qqab", "قسدغ"), zz("qqcd", "سغدق"), zz("qqef"))), "qqab qqcd", False),
    ],
)
def test_R10_words_that_stand_too_far_apart_bring_up_no_rule(
    condition: Condition, text: str, candidate: bool
) -> None:
    index = compile_rules(Config(rules={"r": Rule("r", condition, ())}), dictionaries=NAMES)
    assert bool(index.candidates(Document("d", text=text))) == candidate
    apart = Document("d", title=text.split()[0], text=" ".join(text.split()[1:]))
    assert index.candidates(apart) == []


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("NOT (NOT qqab)", "qqab"),
        ("NOT (NOT (qqab OR qqcd))", "qqcd"),
        ("NOT (NOT qqab OR NOT qqcd)", "qqab qqcd"),
        ("qqef OR (NOT (NOT qqcd))", "qqcd"),
    ],
)
def test_R10_a_veto_of_a_veto_brings_up_its_rule(query: str, text: str) -> None:
    condition = Condition(all=(parse_query(query, {}),))
    index = compile_rules(Config(rules={"r": Rule("r", condition, ())}), dictionaries=NAMES)
    assert index.rules_of(Document("d", text=text)) == ["r"]
    assert index.rules_of(Document("d", text="nothing")) == []


def test_a_near_of_hundreds_of_words_is_no_nearness_to_be_filed_under() -> None:
    near = Condition(all=(Near(zz("qqab"), zz("qqcd"), 500),))
    index = compile_rules(Config(rules={"r": Rule("r", near, ())}), dictionaries=NAMES)
    assert index.rules_of(Document("d", text="qqab" + " x" * 400 + " qqcd")) == ["r"]
    assert index.rules_of(Document("d", title="qqab", text="qqcd")) == []


def test_a_rule_is_filed_under_what_is_rare_in_the_script_that_it_can_match_in() -> None:
    # a text without Latin letters never has the second list: the Arabic half of the first is idle
    lists = zz("عا", "سي", "qqrareword"), zz("qqab", "qqcd")
    rule = Rule("r", Condition(all=lists), ())
    terms = Terms(atoms_of(rule.condition), NAMES)
    likely = Likelihood(terms, Counter(range(5)), 1).together(
        [frozenset({0, 1, 2}), frozenset({3, 4})]
    )
    assert [likely(word) > 0 for word in range(5)] == [False, False, True, True, True]
    index = compile_rules(Config(rules={"r": rule}), dictionaries=NAMES)
    # filed under the pairs of both lists all the same: a text may be of two scripts
    assert index.candidates(Document("d", text="qqcd سي")) == ["r"]


def test_a_veto_of_nothing_needs_nothing() -> None:
    nothing = Condition(none=(Condition(),))
    rule = Rule("r", Condition(all=(nothing,)), ("desk",), hash="r", match_all=True)
    index = compile_rules(Config(rules={"r": rule}), dictionaries=NAMES)
    assert index.match(Document("d", title="anything")) == []
