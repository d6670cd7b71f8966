"""All rules as one index: a document is read once, whatever the number of rules.

Each rule is filed under the rarest set of terms that it cannot do without. A document's
distinct words are looked up in one hash table; only rules filed under a word that it has
are verified, with what was found of each term remembered for the length of the call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rasid.models import Document, Evidence, Match
from rasid.rules.conditions import FIELDS, Leaf, Node, holds, wanted
from rasid.rules.vocabulary import Hit, Hits, Vocabulary
from rasid.settings import Rule
from rasid.text.fold import Folded, fold
from rasid.text.tokens import is_unspaced, tokenize

_MOST_EVIDENCE: Final = 50  # of one match: what follows tells nothing new


@dataclass(frozen=True, slots=True)
class Sought:
    """A term as it is looked for: the numbers of its words, or a text found anywhere."""

    text: str  # as the rule has it
    words: tuple[int, ...] = ()
    joined: int | None = None
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A rule and the tree of its condition."""

    rule: Rule
    node: Node


@dataclass(frozen=True, slots=True)
class Tables:
    """What the index looks up; made by `rasid.rules.compile`."""

    vocabulary: Vocabulary
    terms: tuple[Sought, ...]
    plans: tuple[Plan, ...]
    by_word: Mapping[int, tuple[int, ...]]  # word number -> plans filed under it
    by_gram: Mapping[str, tuple[tuple[int, tuple[int, ...]], ...]]  # -> (term, its plans)
    always: frozenset[int] = frozenset()  # plans that need no word: `allow_match_all`


class RuleIndex:
    """Compiled rules. Immutable, so any number of threads may match at once."""

    def __init__(self, version: str, tables: Tables) -> None:
        self.version = version
        self._tables = tables
        self._numbers = {plan.rule.id: number for number, plan in enumerate(tables.plans)}

    def match(self, document: Document) -> list[Match]:
        """Return every rule that the document satisfies, with evidence."""
        reading = _Reading(document, self._tables)
        plans = self._tables.plans
        return [
            Match(plan.rule.id, plan.rule.hash, _evidence(plan.node, reading))
            for plan in map(plans.__getitem__, sorted(reading.candidates()))
            if _passes(plan.rule, document) and holds(plan.node, reading.has)
        ]

    def candidates(self, document: Document) -> list[str]:
        """Return the rules that `match` verifies: those filed under a word it has."""
        found = _Reading(document, self._tables).candidates()
        return [self._tables.plans[number].rule.id for number in sorted(found)]

    def match_rule(self, rule: str, document: Document) -> Match | None:
        """Return the match of one rule, its filters left aside; None when it fails."""
        number = self._numbers[rule]
        plan = self._tables.plans[number]
        reading = _Reading(document, self._tables)
        if number in reading.candidates() and holds(plan.node, reading.has):
            return Match(rule, plan.rule.hash, _evidence(plan.node, reading))
        return None


def _passes(rule: Rule, document: Document) -> bool:
    """Whether a document is of the outlets, sources and languages a rule asks for.

    A document that does not say what it is of passes no such filter.
    """
    if rule.outlets and document.outlet not in rule.outlets:
        return False
    if rule.sources and document.source not in rule.sources:
        return False
    return not rule.languages or any(
        _is_language(document.language, asked) for asked in rule.languages
    )


def _is_language(language: str, asked: str) -> bool:
    """Whether ar-SY is ar."""
    return f"{language}-".lower().startswith(f"{asked}-".lower())


class _Reading:
    """One document as the rules see it, for the length of one call."""

    def __init__(self, document: Document, tables: Tables) -> None:
        self._tables = tables
        self._folded: dict[str, Folded] = {}
        self._hits: dict[str, Hits] = {}
        for field in FIELDS:
            text: str = getattr(document, field)
            if text:
                folded = self._folded[field] = fold(text)
                self._hits[field] = tables.vocabulary.find(folded, tokenize(folded))
        self._found: dict[tuple[int, str], list[Hit]] = {}

    def candidates(self) -> set[int]:
        """Return the plans filed under anything that the document has."""
        found = set(self._tables.always)
        for hits in self._hits.values():
            for word in hits:
                found.update(self._tables.by_word.get(word, ()))
        return found | self._unspaced() if self._tables.by_gram else found

    def _unspaced(self) -> set[int]:
        """Return the plans filed under a text without spaces that the document has."""
        found: set[int] = set()
        for field, folded in self._folded.items():
            text = folded.text
            if not is_unspaced(text):
                continue
            for gram in {*text, *(text[at : at + 2] for at in range(len(text)))}:
                for term, plans in self._tables.by_gram.get(gram, ()):
                    if self.find(term, field):
                        found.update(plans)
        return found

    def has(self, leaf: Leaf) -> bool:
        """Whether a field of the leaf has its term."""
        return any(self.find(leaf.term, field) for field in leaf.fields)

    def find(self, term: int, field: str) -> list[Hit]:
        """Return where a field has a term, in order."""
        if field not in self._folded:
            return []
        found = self._found.get((term, field))
        if found is None:
            found = self._found[term, field] = self._search(term, field)
        return found

    def _search(self, term: int, field: str) -> list[Hit]:
        sought = self._tables.terms[term]
        if sought.inside:
            return _inside(sought.inside, self._folded[field])
        hits = self._hits[field]
        found = _consecutive([hits.get(word, {}) for word in sought.words])
        if sought.joined is not None:
            found = sorted([*found, *hits.get(sought.joined, {}).values()])
        return found

    def word(self, term: int) -> str:
        """Return a term as the rule has it."""
        return self._tables.terms[term].text

    def original(self, field: str, start: int, end: int) -> str:
        """Return a part of the original text."""
        return self._folded[field].original[start:end]


def _inside(sought: str, folded: Folded) -> list[Hit]:
    found, at = [], folded.text.find(sought)
    while at >= 0:
        found.append(Hit(at, *folded.span(at, at + len(sought)), sought))
        at = folded.text.find(sought, at + len(sought))
    return found


def _consecutive(words: Sequence[Mapping[int, Hit]]) -> list[Hit]:
    """Return where hits of all words follow one another."""
    if len(words) == 1:
        return sorted(words[0].values())
    if not words or not all(words):
        return []
    found = []
    for start in sorted(words[0]):
        chain = [hits.get(start + offset) for offset, hits in enumerate(words)]
        whole = [hit for hit in chain if hit is not None]
        if len(whole) == len(words):
            forms = " ".join(hit.form for hit in whole)
            found.append(Hit(start, whole[0].start, whole[-1].end, forms))
    return found


def _evidence(node: Node, reading: _Reading) -> tuple[Evidence, ...]:
    """Return where the terms that speak for a match stand, each place and word once."""
    spots: dict[tuple[int, int, int, str], Evidence] = {}
    for leaf in wanted(node):
        word = reading.word(leaf.term)
        for field in leaf.fields:
            for hit in reading.find(leaf.term, field):
                key = (FIELDS.index(field), hit.start, hit.end, word)
                text = reading.original(field, hit.start, hit.end)
                spots.setdefault(
                    key,
                    Evidence("word", field, hit.start, hit.end, text, word, hit.form),
                )
    return tuple(spots[key] for key in sorted(spots)[:_MOST_EVIDENCE])


def grams(inside: str) -> str:
    """Return what a text without spaces is filed under: its first two characters."""
    return inside[:2]


def merge(pairs: Iterable[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    """Return the values of each key, sorted, once each."""
    found: dict[int, set[int]] = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return {key: tuple(sorted(values)) for key, values in found.items()}
