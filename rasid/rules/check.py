"""What is wrong with rules that a schema cannot see, and whether their examples hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict

from rasid.errors import Problem
from rasid.models import Document, Evidence
from rasid.rules.conditions import Leaf, atoms_of, build, required
from rasid.rules.index import RuleIndex
from rasid.settings import Config, Example, Rule, Term
from rasid.text.fold import fold
from rasid.text.tokens import tokenize


def problems(config: Config) -> list[Problem]:
    """Return every mistake in the meaning of the rules."""
    return [problem for rule in config.rules.values() for problem in _problems(rule)]


def _problems(rule: Rule) -> Iterator[Problem]:
    for term in dict.fromkeys(atoms_of(rule.condition)):
        if isinstance(term, Term) and not tokenize(fold(term.text)):
            yield Problem(
                rule.file,
                rule.line,
                f'rule "{rule.id}": "{term.text}" has no letters or digits to look for',
                "write a word, or remove it",
            )
    if not (rule.match_all or rule.where) and _matches_everything(rule):
        yield Problem(
            rule.file,
            rule.line,
            f'rule "{rule.id}" also matches texts that have none of its words',
            "say what a text must have with any, all or title; none alone only takes away",
        )


def _matches_everything(rule: Rule) -> bool:
    atoms = dict.fromkeys(atoms_of(rule.condition))
    numbers = {atom: number for number, atom in enumerate(atoms)}
    tree = build(rule.condition, lambda atom, fields: Leaf(numbers[atom], fields))
    return required(tree, lambda _: 1.0) is None


def run_examples(
    config: Config, index: RuleIndex, why: Callable[[str, Document], str] = lambda *_: ""
) -> list[Problem]:
    """Return the examples that a rule gets wrong; filters by outlet and such are left aside.

    A text is read as a title, so that conditions on the title can be shown too. `why` says
    of a rule and a document what failed.
    """
    return [found for rule in config.rules.values() for found in _run(rule, index, why)]


def _run(rule: Rule, index: RuleIndex, why: Callable[[str, Document], str]) -> Iterator[Problem]:
    places = iter(rule.examples.places)
    for text in rule.examples.match:
        line, column = next(places, (rule.line, 0))
        document = _document(text)
        if index.match_rule(rule.id, document) is None:
            message = f'rule "{rule.id}": this example should match and does not: "{_shown(text)}"'
            yield Problem(rule.file, line, message, why(rule.id, document), column)
    for text in rule.examples.no_match:
        line, column = next(places, (rule.line, 0))
        match = index.match_rule(rule.id, _document(text))
        if match is not None:
            message = f'rule "{rule.id}": this example should not match and does: "{_shown(text)}"'
            found = ", ".join(map(_said, match.evidence))
            yield Problem(rule.file, line, message, found, column)


def _said(evidence: Evidence) -> str:
    if evidence.place:
        return f'"{evidence.text}" is {evidence.place["name"]} [{evidence.place["id"]}]'
    return f'"{evidence.text}" is a form of "{evidence.word}"'


def _document(example: str | Example) -> Document:
    if isinstance(example, str):
        return Document("example", title=example)
    return Document("example", **asdict(example))


def _shown(example: str | Example) -> str:
    if isinstance(example, str):
        return example
    return next((str(value) for value in asdict(example).values() if value), "")
