"""Regular expressions: no text that has one is ever passed over."""

from __future__ import annotations

import time
import unicodedata

import pytest
import re2
import regex
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from rasid.rules.expressions import Expressions, Starts, spans
from rasid.rules.literals import lowered, needs
from rasid.rules.regex_errors import regex_fault
from rasid.rules.shapes import is_sure, is_word_character
from rasid.rules.widened import Batch, filter_of


def candidates(index: Expressions, text: str) -> Starts:
    return index.candidates(text, text.split())


def wanted(pattern: str) -> list[set[str]]:
    """Return the sets that an expression is looked for by; parts of words in brackets."""
    needed = next(needs([pattern]))
    sets = (needed.first, needed.second) if needed else ()
    return [{*found.words, *(f"[{part}]" for part in found.parts)} for found in sets if found]


@pytest.mark.parametrize(
    ("pattern", "sets"),
    [
        (r"\b(?:rare|raro)[ -]\d", [{"rare", "raro"}]),
        (r"\bword(?:s|ed|ing)?\b", [{"word", "words", "worded", "wording"}]),
        (r"\bone(?: \S+){0,3} other\b", [{"other"}, {"one"}]),
        (r"\b(?:aa|bb|cc|dd|ee|ff|gg|hh|ii)\b", [{c * 2 for c in "abcdefghi"}]),
        (r"\bMQ-?9\b", [{"mq9", "mq"}]),
        (r"\bMQ-?\d", [{"[mq]"}]),
        (r"(?:^|\s)غارة(?:$|\W)", [{"غارة"}]),
        (r"^New York\.$", [{"york"}, {"new"}]),
        (r"New York", [{"[york]"}, {"[new]"}]),
        (r"\b(?:Tel Aviv|Haifa)\b", [{"aviv", "haifa"}]),
        (r"(?:Shahed|شاهد)[- ]13[16]\b", [{"131", "136"}, {"[شاهد]", "[shahed]"}]),
        (r"\bgo+al\b", [{"[al]"}]),
        (r"(?i)STRA(?:SSE|ẞE)", [{"[strasse]"}]),
        (r"\bİstanbul\b", [{"istanbul"}]),
        (r"\bali[\w-]", [{"[ali]"}]),
        (r"\bali[^\w]", [{"ali"}]),
        (r"\Bali\b", [{"[ali]"}]),
        (r"U\.S\.", [{"[u.s.]"}]),
        (r"(?:abc|abd)x", [{"[abcx]", "[abdx]"}]),
        (r"(?:foo|ba)\d", [{"[foo]", "[ba]"}]),
        (r"(?:ab)?cd", [{"[cd]", "[abcd]"}]),
        (r"(?:wxyz)+", [{"[wxyz]"}]),
        (r"\b(?:wx, )+yz\b", [{"wx"}, {"yz"}]),
        (r"(?:(?:ab|cd)\d+efg)+(?:hi)?|(?i:XY+Zz)", [{"[efg]", "[zz]"}]),
        ("\u0307bc", [{"[bc]"}]),
        (r"foo[^[:alpha:]]bar", []),
        (r"foo[[]bar", []),  # Python warns of this and those below
        (r"foo[^[x]bar", []),
        (r"foo[a--b]bar", []),
        (r"foo[a&&b]bar", []),
        (r"foo[x||y]bar", []),
        (r"foo[x~~y]bar", []),
        (r"(?:ab)*", []),
        (r"\d{4}", []),
        (r"a|b", []),
        (r"\pL+x", []),
    ],
)
def test_letters_that_an_expression_cannot_do_without(pattern: str, sets: list[set[str]]) -> None:
    assert wanted(pattern) == sets


# an expression and a text that has it, unless words end elsewhere
_PIECES = [
    *((text, text) for text in (
        "ab", "cd", "x", "İs", "ı", "i", "I", "ß", "ﬁ", "غارة", "ال", "Σας", "дом", "空袭", "ไทย",
        "हिं", "e\u0301", "\u0307", "_", "4", "٤", "²", "\u200c", "\u00ad", "-", " ", "ab ", " cd",
    )),
    (r"\.", "."), (r"\x1c", "\x1c"), (r"\d", "٤"), (r"\d", "7"), (r"\w", "\u200c"), (r"\w", "й"),
    (r"\w+", "हिं"), (r"\W", " "), (r"\W", "²"), (r"\s", "\u00a0"), (r"\s", "\n"), (r"\S", "\x1c"),
    (r"\S+", "a-b"), (".", "ı"), ("[ -]", "-"), ("[a-c]", "b"), ("[h-j]", "İ"), ("[^a]", "ı"),
    (r"[^\w]", "."), (r"[\w-]", "ق"), (r"[^\s,]+", "(ab)"), ("[[:alpha:]]", "ж"), (r"\pL", "ж"),
    (r"\b", ""), (r"\b", ""), (r"\B", ""), ("^", ""), ("$", ""),
]  # fmt: skip
Pair = tuple[str, str]


def _either(pairs: list[Pair], at: int) -> Pair:
    return f"(?:{'|'.join(one for one, _ in pairs)})", pairs[at % len(pairs)][1]


_PAIRS = st.recursive(
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=4).map(
        lambda pairs: ("".join(one for one, _ in pairs), "".join(text for _, text in pairs))
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: (two[0][0] + two[1][0], two[0][1] + two[1][1])),
        st.builds(_either, st.lists(inner, min_size=2, max_size=3), st.integers(0, 2)),
        inner.map(lambda pair: (rf"\b{pair[0]}\b", pair[1])),
        st.tuples(inner, st.sampled_from([str.upper, str.lower, str.swapcase, str])).map(
            lambda it: (f"(?i:{it[0][0]})", it[1](it[0][1]))
        ),
        st.tuples(
            inner, st.sampled_from([("?", 0), ("*", 2), ("+", 2), ("{2}", 2), ("{0,3} ", 1)])
        ).map(lambda it: (f"(?:{it[0][0]}){it[1][0]}", it[0][1] * it[1][1])),
    ),
    max_leaves=6,
)
_AROUND = st.lists(
    st.sampled_from(
        ["", " ", "-", ".", "x", "ab", "cd ", " İs", "\u0301", "\n", "\x1c", "غارة ", "4"]
    ),
    max_size=4,
).map("".join)


@settings(max_examples=600, deadline=None)
@given(st.lists(_PAIRS, min_size=1, max_size=5), _AROUND, _AROUND)
def test_R10_expressions_that_a_text_has_are_candidates_where_they_begin(
    pairs: list[Pair], before: str, after: str
) -> None:
    patterns = [pattern for pattern, _ in pairs if regex_fault(pattern) is None]
    assume(patterns)
    many = patterns * 8  # enough for the form of each to be tried before it
    index = Expressions(list(enumerate(many)))
    for text in (before + pairs[0][1] + after, before.join(text for _, text in pairs)):
        for asked in (text, text.upper()):
            starts = candidates(index, asked)
            for at, pattern in enumerate(many):
                if there := spans(pattern, asked):
                    assert at in starts, (pattern, asked)
                    assert spans(pattern, asked, starts[at]) == there


_EDGES = [
    "", r"\b", r"\b", r"\B", "^", "$", "x?", "-*", r"\W*", r"\w*", " ", "(?:x|-)?", "(?:^|x)",
    r"(?:\s|$)", r"(?:\b|-)", "(?: x){0,2}", "(?:x |-x*)",
]  # fmt: skip
_CORES = ["ab", "ab", "x", "(?:ab)?x", "(?:abx)+", "(?:ab|-)+", "(?:-ab|x)+", r"(?:ab\b)?", "ab-ab"]
_edge, _core = st.sampled_from(_EDGES), st.sampled_from(_CORES)


@settings(max_examples=1_000, deadline=None)
@given(
    st.tuples(_edge, _core, _edge, st.sampled_from(["", *_CORES]), _edge).map("".join),
    st.lists(st.sampled_from(["ab", "x", "-", " "]), min_size=1, max_size=8).map("".join),
)
@example(r"\b(?:abx)+\b", "abxabx")
@example(r"\b(?:ab|-x)+ab", "-xab")
@example(r"\Bab\b", "xab")
def test_R10_ends_of_words_are_sure_where_they_are_counted_on(pattern: str, text: str) -> None:
    assume(regex_fault(pattern) is None)
    if there := spans(pattern, text):
        starts = candidates(Expressions([(at, pattern) for at in range(8)]), text)
        assert 0 in starts
        assert spans(pattern, text, starts[0]) == there


def test_the_grammar_makes_texts_that_have_their_expressions() -> None:
    found = total = 0

    @settings(max_examples=300, deadline=None, database=None)
    @given(_PAIRS)
    def count(pair: Pair) -> None:
        nonlocal found, total
        if regex_fault(pair[0]) is None and pair[1]:
            total += 1
            found += bool(spans(*pair))

    count()
    assert found > total / 3


def test_letters_that_ignoring_case_makes_equal_are_looked_for_as_one() -> None:
    """All of Unicode: what the property above rests on."""
    everything = "".join(
        chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) != "Cs"
    )
    cased = regex.findall(r"[\p{Cased}\p{Changes_When_Casemapped}]", everything)
    assert len(cased) > 4_000
    text = "".join(cased)
    for char in filter(is_sure, cased):
        for other in regex.findall(f"(?i){char}", text):
            assert lowered(other) == lowered(char), (char, other)
            assert is_word_character(other) == is_word_character(char)


@pytest.mark.parametrize(
    ("pattern", "has", "lacks"),
    [
        (r"\b(?:rare|raro)[ -]\d", "how raro-4", "rarest 4, unrare 4"),
        (r"\bone(?: \S+){0,3} other\b", "one and the other", "other than one"),
        (r"\bone(?: \S+){0,3} other\b", "one a b c other", "one a b c d other"),
        (r"\bone\b.*\bother\b", "one a b c d e f other", "other one"),
        (r"(?:abc|abd)\d(?:efg|efh)?", "xabd1", "ab d1 ab c1"),
        (r"\bغارة\b", "قبل غارة.", "غارةٌ والغارة"),
        (r"\bиран\b", "и иран", "и\u0301иран иранец"),
        (r"New\s+York", "new \n york", "york, new"),
    ],
)
def test_where_words_end_and_how_they_stand_is_asked_before_an_expression_is_tried(
    pattern: str, has: str, lacks: str
) -> None:
    index = Expressions([(7, pattern)])
    assert 7 in candidates(index, has)
    assert candidates(index, lacks) == {}


def test_an_expression_that_begins_with_its_literal_is_tried_there_alone() -> None:
    index = Expressions([(7, r"\b(?:one|two)\s+\w"), (8, r"\w+one")])
    assert candidates(index, "one, none\n\none  two") == {7: [0, 11, 16], 8: None}
    assert candidates(index, "ßone İ one")[7] == [7]


def test_what_many_expressions_have_in_common_is_tried_before_each() -> None:
    names = ["Alpha", "Bravo", "Delta", "Gamma", "Kappa", "Omega", "Sigma", "Theta"]
    index = Expressions([(at, rf"\b{name}[- ]?\d*5\b") for at, name in enumerate(names)])
    assert candidates(index, "Alpha-15, Bravo-16, Delta5x, Omega 5") == {0: [0], 5: [29]}


def test_a_form_that_takes_long_is_given_up_and_its_expressions_are_not() -> None:
    names = ["ab", "cd", "ef", "gh", "ij", "kl", "mn", "op"]
    index = Expressions([(at, rf"{one}\w*{one}\w*{one}\w*9") for at, one in enumerate(names)])
    text = "ab" + "xyz" * 3_000 + "abab 9"
    began = time.monotonic()
    assert all(candidates(index, text) == {0: [0, 9002, 9004]} for _ in range(100))
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(?i:(?:ı|ab))", "I"),
        (r"(?i:(?:i|ab))", "İ"),
        (r"(?i)İ|x", "i"),
        (r"(?i)[h-j]", "İ"),
        (r"(?i)[ß0-9]", "\U0001df95"),
        (r"(?i)[ɤß]{2}", "ß\ua7cb"),
        (r"[:alpha:]{2}", ":l"),
        (r"(?i)\p{Lu}{2}", "ıı"),
        (r"\d{2}", "٤٢"),
        (r"\w{3}", "و\u200cو"),
        (r"[\w-]{3}", "و\u200cو"),
        (r"[^\w-]{2}", "²³"),
        (r"\W{2}", "²³"),
        (r"\s{2}", "\x85\x0b"),
        (r"[\s,]{2}", ",\x0b"),
        (r"[^\W\d]{2}", "ьы"),
        (r"[[:alpha:]]{3}", "дом"),
        (r"[0-9]{4}$", "in 2024\n"),
        (r"([0-9]$)", "4\n"),
        (r"[0-9]$\s", "4\n"),
        (r"(?:[0-9]$)+\s?[0-9]*\s$", "4\n"),
        (r"(?m)[0-9]$\s[0-9]", "4\n4"),
        (r"(?i)\p{Lu}", "ΐ"),
        (r"(?i)\p{Lu}", "ℂ"),
        (r"(?i)\p{Lt}", "A"),
        (r"(?i)\P{Lu}", "\u0345"),
        (r"(?i)\p{^Lu}", "\u0345"),
        (r"(?i)[^\p{Greek}]", "µ"),
        (r"(?i)\P{M}", "Ι"),
        (r"\P{Ll}", "\u0295"),
        (r"[^\p{Ll}0-9]", "\u0295"),
        (r"[0-9](?i)x|y", "Y"),
        (r"[^a]\b", "ق"),
        (r"\b[]x]\b", "a]a"),
        (r"\\[bB]?", "\\b"),
    ],
)
def test_expressions_without_letters_are_found_as_the_other_library_finds_them(
    pattern: str, text: str
) -> None:
    assert regex_fault(pattern) is None
    assert wanted(pattern) == []
    assert spans(pattern, text)
    assert 7 in candidates(Expressions([(7, pattern), (8, "[0-9]{9}")]), text)
    assert 7 not in candidates(Expressions([(7, pattern)]), "")


@pytest.mark.parametrize("pattern", ["(?:foo){e<=1}", "a{,3}", "a{e}", "a{ 2 }"])
def test_counts_that_the_two_libraries_read_otherwise_are_refused(pattern: str) -> None:
    fault = regex_fault(pattern)
    assert fault is not None
    assert "counts nothing" in fault.message


@pytest.mark.parametrize("pattern", [r"a{2}b{1,}c{0,3}", r"\{e}", "[{]e}", r"\p{Lu}x", "{{n}}"])
def test_other_brackets_are_not(pattern: str) -> None:
    assert regex_fault(pattern) is None


def test_R08_nested_repetition_is_decided_in_time() -> None:
    began = time.monotonic()
    assert spans(r"(a+)+$", "a" * 5_000 + "b") == []
    assert spans(r"(x+x+)+y", "x" * 5_000 + "y") != []
    assert spans(r"\b(x+x+)+y", "xxx " * 50 + "x" * 5_000, range(0, 250, 4)) == []
    assert time.monotonic() - began < 5


def test_R08_all_places_of_an_expression_share_one_limit() -> None:
    pattern = r"\bab\b(?:\W+\w+){0,300}\W+cd[0-9]"
    text = "ab cd " * 60_000
    spans(pattern, "ab")
    began = time.monotonic()
    assert spans(pattern, text, range(0, len(text), 6)) == []
    assert spans(pattern, f"{text}cd5", range(0, len(text), 6)) != []
    assert time.monotonic() - began < 3


def test_R08_all_forms_share_one_limit_after_which_all_are_candidates() -> None:
    names = ["ab", "cd", "ef", "gh", "ij", "kl", "mn", "op"]
    index = Expressions(
        [
            (at, rf"\b{one}\b(?:\W+\w+){{0,300}}\W+{two}[0-9]")
            for at, (one, two) in enumerate(zip(names, [*names[1:], "qr"], strict=True))
        ]
    )
    text = "ab cd ef gh ij kl mn op qr " * 6_000
    began = time.monotonic()
    found = candidates(index, f"{text}op qr5 ")
    assert time.monotonic() - began < 2
    assert 7 in found


def test_R10_expressions_too_large_for_one_are_tried_in_smaller_lots() -> None:
    patterns = [(at, rf"\w{{{150 + at % 5}}}") for at in range(50)]
    with pytest.raises(re2.error):
        Batch(patterns)
    index = Expressions(patterns)
    assert sorted(candidates(index, "й" * 152)) == [at for at in range(50) if at % 5 <= 2]
    assert candidates(index, "й" * 149) == {}


def test_R10_an_expression_too_large_for_re2_is_always_a_candidate() -> None:
    pattern = r"(?:\w{30}[0-9]{1,30}){1,33}" * 8
    assert filter_of(pattern) is None
    index = Expressions([(1, pattern), (2, r"[0-9]{4}")])
    assert candidates(index, "no") == {1: None}
    assert sorted(candidates(index, "1234")) == [1, 2]
