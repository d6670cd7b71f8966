"""Rules as regular expressions, one after another, and what other engines ask of positions.

Both read `rasid.settings` values and share no code with the engine that is measured.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bench.rules_data import plain
from rasid.settings import Condition, Near, Part, Regex, Rule, Term

WORD: Final = re.compile(r"\w+")
Test = Callable[[str, str], bool]  # of a text and of the folded text


def naive(rules: Sequence[Rule]) -> Callable[[str], list[str]]:
    """Return a matcher that tries every rule on every text."""
    tests = [(rule.id, _test(rule.condition)) for rule in rules]

    def match(text: str) -> list[str]:
        folded = plain(text)
        return [name for name, test in tests if test(text, folded)]

    return match


def _test(part: Part) -> Test:
    if isinstance(part, Regex):
        original = re.compile(part.pattern).search
        return lambda text, _: original(text) is not None
    if not isinstance(part, Condition) or _is_list(part):
        find = re.compile(_pattern(part)).search
        return lambda _, folded: find(folded) is not None
    some, all_, none = (tuple(map(_test, tests)) for tests in (part.any, part.all, part.none))

    def holds(text: str, folded: str) -> bool:
        return (
            all(test(text, folded) for test in all_)
            and (not some or any(test(text, folded) for test in some))
            and not any(test(text, folded) for test in none)
        )

    return holds


def _is_list(part: Condition) -> bool:
    return not (part.all or part.none) and all(isinstance(inner, Term) for inner in part.any)


def _pattern(part: Part) -> str:
    """Return an expression on folded text for a term, a list of terms or two parts nearby."""
    if isinstance(part, Term):
        return r"\b" + r"\W+".join(plain(part.text).split()) + r"\b"
    if isinstance(part, Near):
        left, right = _pattern(part.left), _pattern(part.right)
        gap = rf"(?:\W+\w+){{0,{part.distance}}}\W+"
        either_way = "" if part.ordered else f"|{right}{gap}{left}"
        return f"(?:{left}{gap}{right}{either_way})"
    assert isinstance(part, Condition)
    return "(?:" + "|".join(map(_pattern, part.any)) + ")"


Positions = Mapping[str, Sequence[int]]  # word -> where it stands
Spans = list[tuple[int, int]]


def holds(part: Part, positions: Positions) -> bool:
    """Whether a text satisfies a condition of terms."""
    if not isinstance(part, Condition):
        return bool(spans(part, positions))
    return (
        all(holds(inner, positions) for inner in part.all)
        and (not part.any or any(holds(inner, positions) for inner in part.any))
        and not any(holds(inner, positions) for inner in part.none)
    )


def spans(part: Part, positions: Positions) -> Spans:
    """Return where a part stands: first word, word after the last."""
    if isinstance(part, Term):
        words = plain(part.text).split()
        later = [frozenset(positions.get(word, ())) for word in words[1:]]
        return [
            (at, at + len(words))
            for at in positions.get(words[0], ())
            if all(at + step in found for step, found in enumerate(later, 1))
        ]
    if isinstance(part, Near):
        return _near(part, spans(part.left, positions), spans(part.right, positions))
    assert isinstance(part, Condition)
    return [span for inner in part.any for span in spans(inner, positions)]


def _near(part: Near, left: Spans, right: Spans) -> Spans:
    ways = [(left, right)] if part.ordered else [(left, right), (right, left)]
    return [
        (start, end)
        for firsts, seconds in ways
        for start, first_end in firsts
        for second, end in seconds
        if 0 <= second - first_end <= part.distance
    ]


def required(part: Part, cost: Mapping[str, float]) -> frozenset[str] | None:
    """Return the cheapest set of words of which a text that satisfies a part has one."""
    if isinstance(part, Term):
        return frozenset([min(plain(part.text).split(), key=lambda word: cost.get(word, 0))])
    if isinstance(part, Near):
        both = [required(part.left, cost), required(part.right, cost)]
    else:
        assert isinstance(part, Condition)
        some = [required(inner, cost) for inner in part.any]
        either = None if not some or None in some else frozenset().union(*filter(None, some))
        both = [either, *(required(inner, cost) for inner in part.all)]
    known = [found for found in both if found is not None]
    return min(known, key=lambda found: sum(cost.get(word, 0) for word in found), default=None)
