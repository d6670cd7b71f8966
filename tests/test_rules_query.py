"""Queries: what they mean, and what is said about those that mean nothing."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from cpu_time import seconds
from hypothesis import given, settings
from hypothesis import strategies as st

from rasid.rules.query import parse_query
from rasid.rules.query_errors import Mistake, QueryError
from rasid.rules.regex_errors import finds_everything, regex_fault
from rasid.settings import ALL_FIELDS, Condition, Near, Part, Term, Times

LISTS = {"strike": (Term("قصف"), Term("strike")), "one": (Term("uno"),)}
STRIKE = Condition(any=LISTS["strike"])
A, B, C = Term("a"), Term("b"), Term("c")


def parsed(query: str) -> Part:
    return parse_query(query, LISTS)


def mistakes(query: str) -> tuple[Mistake, ...]:
    with pytest.raises(QueryError) as caught:
        parsed(query)
    return caught.value.mistakes


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("drone", Term("drone")),
        ('"air strike"', Term("air strike")),
        ('" air   strike "', Term("air strike")),
        ('="US"', Term("US", exact=True)),
        ('="Who?"', Term("Who?", exact=True)),
        ("drone*", Term("drone*")),
        ("wom?n", Term("wom?n")),
        ('"unmanned drone*"', Term("unmanned drone*")),
        ("$strike", STRIKE),
        ("$one", Term("uno")),
        ("((a))", A),
        ("a OR b", Condition(any=(A, B))),
        ("a OR $strike OR b", Condition(any=(A, *LISTS["strike"], B))),
        ("a AND b", Condition(all=(A, B))),
        ("a AND $strike", Condition(all=(A, STRIKE))),
        ("a NOT b", Condition(all=(A,), none=(B,))),
        ("a AND NOT b", Condition(all=(A,), none=(B,))),
        ("NOT a AND b", Condition(all=(B,), none=(A,))),
        ("a NOT b AND c", Condition(all=(A, C), none=(B,))),
        ("NOT a", Condition(none=(A,))),
        ("a NOT NOT b", Condition(all=(A, B))),
        ("a OR NOT b", Condition(any=(A, Condition(none=(B,))))),
        ("(a OR b) AND c", Condition(all=(Condition(any=(A, B)), C))),
        ("a OR (b AND c)", Condition(any=(A, Condition(all=(B, C))))),
        ("a NEAR/8 b", Near(A, B, 8)),
        ("a NEAR/0 b", Near(A, B, 0)),
        ("a NEAR/١٠ b", Near(A, B, 10)),
        ("a ONEAR/4 b", Near(A, B, 4, ordered=True)),
        ("a NEAR/8(b OR c)", Near(A, Condition(any=(B, C)), 8)),
        ("a NEAR/8 $strike", Near(A, STRIKE, 8)),
        ("a NEAR/1 b ONEAR/2 c", Near(Near(A, B, 1), C, 2, ordered=True)),
        ("a NEAR/1 (b NEAR/2 c)", Near(A, Near(B, C, 2), 1)),
        ("a NEAR/1 b AND c", Condition(all=(Near(A, B, 1), C))),
        ("ATLEAST/3 a", Times(A, 3)),
        ("ATLEAST/3(a OR b)", Times(Condition(any=(A, B)), 3)),
        ("ATLEAST/2 a AND b", Condition(all=(Times(A, 2), B))),
        ("title:a", Condition(any=(A,), fields=("title",))),
        ("url: a", Condition(any=(A,), fields=("url",))),
        ('author:"a  b"', Condition(any=(Term("a b"),), fields=("author",))),
        ("tags:(a OR b)", Condition(any=(A, B), fields=("tags",))),
        ("text:(a AND b)", Condition(all=(A, B), fields=("text",))),
        ("summary:(a NEAR/2 b)", Condition(any=(Near(A, B, 2),), fields=("summary",))),
        ("title:ATLEAST/2 a", Condition(any=(Times(A, 2),), fields=("title",))),
        ("22:30 OR 007", Condition(any=(Term("22:30"), Term("007")))),
        ("AT&T OR A.B.C. OR x_y", Condition(any=(Term("AT&T"), Term("A.B.C."), Term("x_y")))),
    ],
)
def test_what_a_query_means(query: str, part: Part) -> None:
    assert parsed(query) == part


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("“حقل العمر” AND «كونيكو»", Condition(all=(Term("حقل العمر"), Term("كونيكو")))),
        ("\u200fقصف\u200f AND \u2067(\u202bغارة\u202c)\u2069", "قصف AND غارة"),
        ("„Luftangriff“ OR »Angriff«", '"Luftangriff" OR "Angriff"'),
        ("「空袭」 OR ＂空爆＂", '"空袭" OR "空爆"'),
        ("（空袭 OR 空爆） AND　美军", "(空袭 OR 空爆) AND 美军"),
        ("می\u200cرود OR a", Condition(any=(Term("می\u200cرود"), A))),
        ('צה"ל AND "חיילי צה"ל"', Condition(all=(Term('צה"ל'), Term('חיילי צה"ל')))),
        ("قصف\tOR\n\nغارة", "قصف OR غارة"),
    ],
)
def test_scripts_quotes_and_marks_of_direction(query: str, part: Part | str) -> None:
    assert parsed(query) == (parsed(part) if isinstance(part, str) else part)


@pytest.mark.parametrize(
    ("query", "column", "message", "hint"),
    [
        ("a OR b AND c", 8, "OR and AND stand side by side", "(a OR b) AND c, or a OR (b AND c)"),
        ("a AND b OR c", 9, "AND and OR stand side by side", "(a AND b) OR c, or a AND (b OR c)"),
        ("a OR NOT b AND c", 12, "OR and AND", "(a OR NOT b) AND c"),
        ("a OR b NOT c", 8, "OR and NOT", "(a OR b) NOT c, or a OR (b NOT c)"),
        ("air strike", 1, "side by side: air strike", '"air strike", for words anywhere air AND'),
        ("a AND (b c d)", 8, "side by side: b c d", '"b c d"'),
        ('a "b c"', 1, "nothing links", "AND, OR or NEAR/5"),
        ("a NEAR b", 3, "NEAR needs a number", "NEAR/8"),
        ("a NEAR 5 b", 3, "NEAR needs a number", "NEAR/8"),
        ("a NEAR/five b", 3, "NEAR needs a number", "NEAR/8"),
        ("a ONEAR b", 3, "ONEAR needs a number", "ONEAR/8"),
        ("a NEAR/1001 b", 3, "from 0 to 1,000", "words may stand between"),
        ("ATLEAST a", 1, "ATLEAST needs a number", "ATLEAST/8"),
        ("ATLEAST/0 a", 1, "from 1 to 1,000", "how many times"),
        ("a and b", 3, "and must be written in capitals: AND", '"and"'),
        ("a Or b", 3, "Or must be written in capitals: OR", '"Or"'),
        ("not a", 1, "capitals: NOT", '"not"'),
        ("a near/5 b", 3, "capitals: NEAR/5", "NEAR/8"),
        ("a near b", 3, "capitals, with a number", "NEAR/8"),
        ("dr* OR a", 1, "fewer than 3 letters before *", "nearly everything"),
        ("*phobia", 1, "begins with *", "must begin with letters"),
        ("***", 1, "no letter or digit", "allow_match_all"),
        ("空袭美军*", 1, "does not work in this script", "leave * away"),
        ('a OR "!"', 6, "no letter or digit", ""),
        ("$strke", 1, "unknown list $strke", 'did you mean "$strike"?'),
        ("titel:a", 1, '"titel" is no field', 'did you mean "title"?'),
        ("headline:a", 1, '"headline" is no field', "write title:"),
        ("site:example", 1, '"site" is no field', "key of the rule: outlet"),
        ("title:(a OR url:b)", 13, "url: cannot stand inside title:", "one field"),
        ("(a AND b) NEAR/3 c", 4, "AND cannot stand inside NEAR", "(a NEAR/5 b) AND (a NEAR/5 c)"),
        ("a NEAR/3 NOT b", 10, "NOT cannot stand inside NEAR", "(a NEAR/5 b) NOT c"),
        ("a NEAR/3 (b OR NOT c)", 16, "NOT cannot stand inside NEAR", "(a NEAR/5 b) NOT c"),
        ("title:a NEAR/3 b", 1, "title: cannot stand inside NEAR", "title:(a NEAR/5 b)"),
        ("ATLEAST/3 (a AND b)", 14, "AND cannot stand inside ATLEAST", "counts"),
        ("(a OR b", 1, "this ( is never closed", "write )"),
        ("a AND (b OR (c)", 7, "this ( is never closed", "write )"),
        ("a OR b)", 7, "this ) closes no bracket", "open one"),
        ("a AND ()", 8, "nothing stands between the brackets", "expected: a word"),
        ('a AND "b c', 7, 'this " is never closed', "where the phrase ends"),
        ("a AND «b c", 7, "this « is never closed", "where the phrase ends"),
        ('="a', 1, 'this " is never closed', ""),
        ("a AND", 3, "a word is missing after AND", "expected: a word"),
        ("a AND OR b", 3, "a word is missing after AND", "expected: a word"),
        ("title:", 1, "a word is missing after title:", "expected: a word"),
        ("OR a", 1, "nothing stands before OR", "expected: a word"),
        ("a AND NOT NOT b", 7, "NOT stands here twice", "take one NOT away"),
        ("\u200f\u200e", 3, "the query is empty", "expected: a word"),
        ("a w/5 b", 3, "w/5 is no operator", "write NEAR/5, or ONEAR/5"),
        ("a adj3 b", 3, "adj3 is no operator", "write ONEAR/3"),
        ("a pre/4 b", 3, "pre/4 is no operator", "write ONEAR/4"),
        ("a NEAR3 b", 3, "NEAR3 is no operator", "NEAR/3"),
        ("a onear7 b", 3, "onear7 is no operator", "ONEAR/7"),
        ("atleast5 a", 1, "atleast5 is no operator", "ATLEAST/5"),
        ("a WITHIN 5 b", 3, "WITHIN is no operator", "write NEAR/8"),
        ("a XOR b", 3, "XOR is no operator", "(a OR b) NOT (a AND b)"),
        ("a SAME b", 3, "SAME is no operator", "write NEAR/30"),
        ("قصف أو غارة", 5, "أو is no operator", "write OR"),
        ("a -b", 3, "- before a word is no operator", "write NOT b"),
        ("a | b", 3, "| is no operator", "write OR"),
        ("a & b", 3, "& is no operator", "write AND"),
        ('"a b" ~5', 7, "~5 is no operator", "NEAR/5"),
        ("hd=a", 1, '"=" cannot stand here', "write title:a"),
        ("[a OR b)", 1, "only round brackets", "( and )"),
        ("a ، b", 3, "، says nothing here", "AND, OR or NOT"),
        ("pétrole OU gaz", 9, "OU is no operator", "write OR"),
        ("нефть И газ", 7, "И is no operator", "write AND"),
        ("نفط و غاز", 5, "و is no operator", "write AND"),
        ("نفط وليس غاز", 5, "وليس is no operator", "write NOT"),
        ("石油 和 天然气", 4, "和 is no operator", "write AND"),
        ("Öl UND Gas", 4, "UND is no operator", "write AND"),
        ("a ＯＲ b ＡＮＤ c", 8, "OR and AND stand side by side", "(a OR b) AND c"),
        ("a AND \u2010gas", 7, "before a word is no operator", "write NOT gas"),
        ("a N5 b", 3, "N5 is no operator", "write NEAR/5"),
        ("a w/para b", 3, "w/para is no operator", "write NEAR/8"),
        ("oil~2", 1, "~ says nothing here", "finds its own forms"),
        ("oil^2 AND b", 1, "^ says nothing here", "no word weighs more"),
        ("oil|gas", 1, "| says nothing here", "write a OR b"),
        ("where:Syria AND b", 1, '"where" is no field', "as a key of the rule: where:"),
        ("‘oil price’ OR b", 1, "side by side", 'in double quotes: "oil price"'),
        ("oil, gas, coal", 1, "side by side", "for one of them write oil OR gas OR coal"),
        ("نفط، غاز", 1, "side by side", "نفط OR غاز"),
    ],
)
def test_R05_mistakes_name_column_and_remedy(
    query: str, column: int, message: str, hint: str
) -> None:
    first = mistakes(query)[0]
    assert (first.at + 1, message in first.message, hint in first.hint) == (column, True, True)


def test_R05_every_mistake_of_a_query_is_told() -> None:
    found = mistakes("dr* OR b AND $strke NEAR c d titel:e")
    assert [mistake.at + 1 for mistake in found] == [1, 10, 14, 14, 21, 30]


def test_R05_a_bracket_left_open_hides_no_other_mistake() -> None:
    found = {mistake.message for mistake in mistakes("(dr* OR a near b OR $strke")}
    assert len(found) == 4


def test_one_mistake_is_told_once() -> None:
    for query in ("a OR b AND c OR d", "air strike on the town", "a NEAR 5 b", "a and b"):
        assert len(mistakes(query)) == 1


def test_columns_count_what_the_author_sees_in_the_file() -> None:
    """Marks of direction are passed over and still counted."""
    (mistake,) = mistakes("\u200fa\u200f OR \u200fdr*\u200f")
    assert "\u200fa\u200f OR \u200fdr*"[mistake.at :] == "dr*"


def test_hostile_depth_and_length_end_in_a_mistake_or_a_part() -> None:
    for query in (
        "(" * 5_000 + "a" + ")" * 5_000,
        "(" * 5_000,
        "title:" * 5_000 + "a",
        "ATLEAST/2 " * 5_000 + "a",
        "a" + " NEAR/1 a" * 5_000,
        "a NEAR/1 (" * 100 + "a" + ")" * 100,
    ):
        assert mistakes(query)
    assert parsed(" OR ".join("a" * 50 for _ in range(20_000)))


def test_time_grows_with_the_length_alone() -> None:
    def taken(count: int) -> float:
        query = " OR ".join(f'(w{n} NEAR/3 "x{n} y")' for n in range(count))
        return seconds(lambda: parsed(query))

    taken(10)
    assert taken(5_000) < 25 * max(taken(500), 0.02)


PIECES = [
    "a", "b*", "dr*", '"', "“", "(", ")", "OR", "AND", "NOT", "NEAR", "NEAR/3", "ONEAR/2", "and",
    "ATLEAST/2", "ATLEAST", "title:", "x:", "$strike", "$", "=", '="', "*", "?", ",", "،", "\u200f",
    "صה", 'ה"ל', "|", "-a", "[", "/", "\\", "\n", "\x85", "é", "5", "'", "&&",
]  # fmt: skip


def test_whatever_is_written_is_understood_or_refused_in_words() -> None:
    chance = random.Random(20_240_301)
    refused = 0
    for _ in range(6_000):
        words = [chance.choice(PIECES) for _ in range(chance.randint(1, 9))]
        query = chance.choice(["", " "]).join(words)
        found = refused_for(query)
        refused += bool(found)
        assert all(0 <= at <= len(query) and said for at, said, _ in found), query
    assert 4_000 < refused < 6_000


def refused_for(query: str) -> tuple[Mistake, ...]:
    try:
        parsed(query)
    except QueryError as error:
        return error.mistakes or (Mistake(-1, "refused for nothing"),)
    return ()


words = st.sampled_from(["a", "drone*", "قصف", "уда?", "22:30"]).map(Term)
phrases = st.sampled_from(["air strike", "حقل العمر", "or"]).map(Term)
exact = st.sampled_from(["US", "S*"]).map(lambda text: Term(text, exact=True))
atoms = words | phrases | exact


def near(inner: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
    either = st.lists(inner, min_size=2, max_size=3).map(lambda found: Condition(any=tuple(found)))
    return st.builds(Near, inner | either, inner | either, st.integers(0, 1000), st.booleans())


def wider(inner: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
    many = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return (
        st.builds(lambda found: Condition(any=found), many)
        | st.builds(lambda found: Condition(all=found), many)
        | st.builds(lambda one, none: Condition(all=(one,), none=none), inner, many)
    )


conditions = st.recursive(
    atoms | st.recursive(atoms, near, max_leaves=4) | st.builds(Times, atoms, st.integers(1, 9)),
    wider,
    max_leaves=8,
)


def written(part: Part) -> str:
    """Return a query for a part, every operand in brackets."""
    if isinstance(part, Term):
        plain = part.text.isalpha() and part.text != "or"
        quoted = f'{"=" * part.exact}"{part.text}"'
        return quoted if part.exact or not (plain or set(part.text) & set("*?:")) else part.text
    if isinstance(part, Near):
        operator = f"{'O' * part.ordered}NEAR/{part.distance}"
        return f"({written(part.left)}) {operator} ({written(part.right)})"
    if isinstance(part, Times):
        return f"ATLEAST/{part.count} ({written(part.part)})"
    assert isinstance(part, Condition)
    if part.any:
        return " OR ".join(f"({written(each)})" for each in part.any)
    vetoes = "".join(f" NOT ({written(each)})" for each in part.none)
    return " AND ".join(f"({written(each)})" for each in part.all) + vetoes


@settings(max_examples=300, deadline=None)
@given(conditions, st.sampled_from(["", *ALL_FIELDS]))
def test_a_query_means_what_its_brackets_say(part: Part, field: str) -> None:
    assert parsed(written(part)) == part
    if field:
        whole = parsed(f"{field}:({written(part)})")
        assert isinstance(whole, Condition)
        assert whole.fields == (field,)


@pytest.mark.parametrize(
    "pattern",
    [".*", r"\w+", "", "a*", "x|", "^", "$", ".", r"\b", r"\s", "[a-z]+", "[^x]", r"\S{3,}", r"\pL",
     r"[A-Z]\w+", "[ء-ي]+", "a|.", "(?s).", "(|b)c*"],
)  # fmt: skip
def test_R09_regex_that_finds_everything(pattern: str) -> None:
    assert regex_fault(pattern) is None
    assert finds_everything(pattern)


@pytest.mark.parametrize(
    "pattern",
    [r"\bMQ-?9\b", r"\b(?:Shahed|شاهد)[- ]?13[16]\b", r"\d{4}", "foo.*bar", "(?i)x|y", "ق",
     "[A-Z]{2,}"],
)  # fmt: skip
def test_regex_that_names_what_it_wants(pattern: str) -> None:
    assert regex_fault(pattern) is None
    assert not finds_everything(pattern)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(?=a)", "a lookahead"),
        ("(?!a)", "a lookahead"),
        ("(?<=a)b", "a lookbehind"),
        ("(?<!a)b", "a lookbehind"),
        (r"(a)\1", "a backreference"),
        ("(?P<x>a)(?P=x)", "a backreference"),
        ("(?>a)", "an atomic group"),
        ("a++", "a possessive repetition"),
        ("(", "a ( is never closed"),
        (")", "a ) closes no bracket"),
        ("[a", "a [ is never closed"),
        ("*a", "nothing stands before"),
        ("a{1001}", "a repetition"),
        ("a\\", "ends in a \\"),
        (r"\b+foo", "the regex"),
        (r"\Qa.b\E", "cannot be read"),
    ],
)
def test_R01_regex_that_RE2_lacks_is_refused_by_name(
    pattern: str, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    fault = regex_fault(pattern)
    assert fault is not None
    assert said in fault.message
    assert fault.hint
    assert capfd.readouterr().err == ""  # RE2 logs by itself unless told not to


def test_libraries_are_loaded_at_the_first_query() -> None:
    """Loading lark takes longer than most commands."""
    code = (
        "import sys; import rasid.cli, rasid.config, rasid.rules;"
        "assert 'lark' not in sys.modules;"
        "from rasid.rules.query import parse_query; parse_query('a', {});"
        "assert 'lark' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    assert done.returncode == 0
