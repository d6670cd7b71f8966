"""All rules as one index: a document is read once, whatever the number of rules.

Each rule is filed under two sets of triggers that it cannot do without, the rarest and a small
one. Of a document only the words that rules have are looked at; only rules filed under two of
them, whose other necessary words are there too, are verified. What was found of each term is
remembered for the length of the call.
"""

from __future__ import annotations

from typing import Final

from rasid.models import Document, Evidence, Match
from rasid.rules.conditions import FIELDS, fields_of
from rasid.rules.evaluate import Evaluation
from rasid.rules.inside import Texts
from rasid.rules.program import ALONE, Head, Plan, Program
from rasid.rules.reading import Reading
from rasid.rules.vocabulary import Vocabulary

_MOST_EVIDENCE: Final = 50  # of one match: what follows tells nothing new


class RuleIndex:
    """Compiled rules. Any number of threads may match at once."""

    def __init__(self, program: Program) -> None:
        self.version = program.version
        self.program = program
        self._vocabulary = Vocabulary(program.lexicon)
        self._texts = Texts(program.terms)
        self._fields = fields_of(program.fields)
        self._filed = program.filed
        self._triggers = frozenset(program.filed)
        self._numbers = {plan.head.id: number for number, plan in enumerate(program.plans)}

    def match(self, document: Document, now: int | None = None) -> list[Match]:
        """Return every rule that the document satisfies, with evidence, in their order.

        `now` (UTC microseconds) is what the age of a publication is counted from; without
        it, age excludes nothing.
        """
        reading = self._read(document)
        evaluation = Evaluation(reading, self.program.terms)
        return [
            self._matched(plan, evaluation)
            for plan in self._plans(reading)
            if not (plan.head.filtered and excluded_by(plan.head, document, now))
            and evaluation.holds(plan.node)
        ]

    def candidates(self, document: Document) -> list[str]:
        """Return the rules that `match` verifies."""
        return [plan.head.id for plan in self._plans(self._read(document))]

    def match_rule(self, rule: str, document: Document) -> Match | None:
        """Return the match of one rule, its filters left aside; None when it fails."""
        plan = self.plan(rule)
        evaluation = self.evaluation(document)
        return self._matched(plan, evaluation) if evaluation.holds(plan.node) else None

    def plan(self, rule: str) -> Plan:
        """Return a compiled rule."""
        return self.program.plans[self._numbers[rule]]

    def evaluation(self, document: Document) -> Evaluation:
        """Return a document ready for conditions to be tried on it."""
        return Evaluation(self._read(document), self.program.terms)

    def _read(self, document: Document) -> Reading:
        return Reading(document, self._fields, self._vocabulary, self._texts)

    def _plans(self, reading: Reading) -> list[Plan]:
        """Return the plans of which a document has a trigger of each necessary set."""
        present = reading.present
        seconds = present | {ALONE}
        found = set(self.program.always)
        for trigger in self._triggers & present:
            filed = self._filed[trigger]
            for second in filed.keys() & seconds:
                found.update(filed[second])
        plans = map(self.program.plans.__getitem__, sorted(found))
        return [plan for plan in plans if not any(map(present.isdisjoint, plan.guards))]

    def _matched(self, plan: Plan, evaluation: Evaluation) -> Match:
        spots: dict[tuple[int, int, int, str], Evidence] = {}
        terms, fields = self.program.terms, evaluation.reading.fields
        for name, term, hit in evaluation.evidence(plan.node):
            word = terms[term].text
            start, end = fields[name].span(hit)
            key = (FIELDS.index(name), start, end, word)
            if key not in spots:
                text = fields[name].text[start:end]
                spots[key] = Evidence("word", name, start, end, text, word, hit.form)
        evidence = tuple(spots[key] for key in sorted(spots)[:_MOST_EVIDENCE])
        return Match(plan.head.id, plan.head.hash, evidence)


def excluded_by(head: Head, document: Document, now: int | None) -> str:
    """Return the filter that keeps a document from a rule, "" when none does.

    A document that does not say what it is of passes no such filter; one without a date is
    never too old.
    """
    if head.outlets and document.outlet not in head.outlets:
        return "outlet"
    if head.sources and document.source not in head.sources:
        return "source"
    if head.languages and not any(_is_language(document.language, one) for one in head.languages):
        return "language"
    if head.within is not None and now is not None and document.published is not None:
        return "published_within" if document.published < now - head.within else ""
    return ""


def _is_language(language: str, asked: str) -> bool:
    """Whether ar-SY is ar."""
    return f"{language}-".lower().startswith(f"{asked}-".lower())
