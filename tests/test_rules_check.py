"""Mistakes in rules that a schema cannot see, and examples."""

import pytest

from rasid.models import Document
from rasid.rules import compile_rules, problems, run_examples
from rasid.settings import (
    Condition,
    Config,
    Examples,
    Near,
    Regex,
    Rule,
    Term,
    Times,
    is_open,
)

NONE = Examples()
STRIKE = Condition(any=(Term("strike", "en"),))
BALL = Term("ball", "en")


def config(condition: Condition, examples: Examples = NONE) -> Config:
    rule = Rule("r", condition, (), examples=examples, file="rules.yaml", line=7)
    return Config(rules={"r": rule})


@pytest.mark.parametrize(
    "condition",
    [
        Condition(),
        Condition(none=(Term("ball", "en"),)),
        Condition(any=(Term("strike", "en"), Condition(none=(Term("ball", "en"),)))),
        Condition(all=(Condition(none=(Term("ball", "en"),), fields=("title",)),)),
        Condition(any=(STRIKE, Condition(none=(BALL,)), Condition(none=(STRIKE,))), at_least=2),
        Condition(none=(Near(STRIKE, BALL, 3),)),
        Condition(none=(Times(BALL, 2), Regex("ball"))),
    ],
)
def test_R09_rule_that_needs_no_word_is_refused(condition: Condition) -> None:
    (problem,) = problems(config(condition))
    assert (problem.file, problem.line) == ("rules.yaml", 7)
    assert "none of its words" in problem.message
    assert is_open(condition)
    assert compile_rules(config(condition)).match(Document("d", title="strike")) == []


@pytest.mark.parametrize("text", ["", " ", "…", "!?", "\u200b", "🔥", "_"])
def test_R09_word_without_letters_is_refused(text: str) -> None:
    bad = config(Condition(any=(Term("strike", "en"), Term(text))))
    (problem,) = problems(bad)
    assert "no letters or digits" in problem.message
    compile_rules(bad)


@pytest.mark.parametrize(
    "condition",
    [
        STRIKE,
        Condition(all=(STRIKE, Condition(none=(Term("ball", "en"),)))),
        Condition(any=(Term("strike", "en"),), none=(Term("ball", "en"),)),
        Condition(none=(Condition(none=(Term("strike", "en"),)),)),
        Condition(any=STRIKE.any, fields=("title",)),
        Condition(any=(STRIKE, BALL, Condition(none=(STRIKE,))), at_least=2),
        Condition(all=(Near(STRIKE, BALL, 3),)),
        Condition(all=(Times(BALL, 2),)),
        Condition(any=(Regex("ball"),)),
    ],
)
def test_sound_rules_have_no_problems(condition: Condition) -> None:
    assert problems(config(condition)) == []
    assert not is_open(condition)


def test_examples_that_hold_say_nothing() -> None:
    sound = config(STRIKE, Examples(("two strikes",), ("a striker",)))
    assert run_examples(sound, compile_rules(sound)) == []


def test_examples_that_fail_are_named_with_file_and_line() -> None:
    wrong = config(STRIKE, Examples(("a striker",), ("he struck",)))
    missed, caught = run_examples(wrong, compile_rules(wrong))
    assert str(missed).startswith('rules.yaml:7: rule "r": this example should match')
    assert '"a striker"' in missed.message
    assert '"he struck"' in caught.message
    assert caught.hint == '"struck" is a form of "strike"'


def test_examples_show_conditions_on_the_title_and_leave_filters_aside() -> None:
    rule = Rule(
        "r",
        Condition(any=STRIKE.any, fields=("title",)),
        (),
        outlets=("x",),
        examples=Examples(("strike now",)),
    )
    both = Config(rules={"r": rule})
    assert run_examples(both, compile_rules(both)) == []
