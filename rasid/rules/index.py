"""All rules as one index: a document is read once, whatever the number of rules.

Each rule is filed under two triggers that it cannot do without, near each other where it says
so. Of a document only the words that rules have are looked at; only rules filed under two of
them, whose other necessary words are there too, are verified. What was found of each term is
remembered for the length of the call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from rasid.models import Document, Match
from rasid.places.model import Geoparser
from rasid.rules.conditions import fields_of
from rasid.rules.evaluate import Evaluation
from rasid.rules.evidence import evidence
from rasid.rules.filing import Files
from rasid.rules.ground import Ground, Grounds, found_near
from rasid.rules.inside import Texts
from rasid.rules.nearness import Nearness
from rasid.rules.program import ALONE, Head, Plan, Program
from rasid.rules.reading import Reading
from rasid.rules.vocabulary import Vocabulary
from rasid.rules.whereabouts import Whereabouts

_MOST_EVIDENCE: Final = 50  # of one match: what follows tells nothing new


class RuleIndex:
    """Compiled rules. Any number of threads may match at once."""

    def __init__(
        self, program: Program, geoparser: Geoparser | None = None, language: str = "en"
    ) -> None:
        """`geoparser` is asked only about documents that a rule about places may be about.

        `language`: in which evidence names places. Raises `ValueError` where a program has such
        rules and there is no geoparser.
        """
        if program.spheres and geoparser is None:
            raise ValueError("rules about places need a geoparser")
        self.version = program.version
        self.program = program
        self._vocabulary = Vocabulary(program.lexicon)
        self._texts = Texts(program.terms)
        self._fields = fields_of(program.fields)
        self._files = Files(program.filed)
        self._numbers = {plan.head.id: number for number, plan in enumerate(program.plans)}
        self._ground = Ground(program.spheres, geoparser, language) if geoparser else None

    def match(self, document: Document, now: int | None = None) -> list[Match]:
        """Return every rule that the document satisfies, with evidence, in their order.

        `now` (UTC microseconds) is what the age of a publication is counted from; without
        it, age excludes nothing.
        """
        return [
            self._match(plan, nearness, grounds)
            for plan, nearness, grounds in self._satisfied(document, now)
        ]

    def rules_of(self, document: Document, now: int | None = None) -> list[str]:
        """Return the rules that `match` returns, where nobody asks why."""
        return [plan.head.id for plan, _, _ in self._satisfied(document, now)]

    def candidates(self, document: Document) -> list[str]:
        """Return the rules that `match` verifies."""
        reading = self._read(document)
        return [plan.head.id for plan in self._plans(reading, self._there(document, reading))]

    def match_rule(self, rule: str, document: Document) -> Match | None:
        """Return the match of one rule, its filters left aside; None when it fails."""
        plan = self.plan(rule)
        there = self.whereabouts(document) if plan.bound else None
        nearness = Nearness(self.evaluation(document))
        grounds = _grounds(plan, nearness, there)
        return None if grounds is None else self._match(plan, nearness, grounds)

    def plan(self, rule: str) -> Plan:
        """Return a compiled rule."""
        return self.program.plans[self._numbers[rule]]

    def evaluation(self, document: Document) -> Evaluation:
        """Return a document ready for conditions to be tried on it."""
        return Evaluation(self._read(document), self.program.terms)

    @property
    def geoparser(self) -> Geoparser | None:
        """Return what finds the places of documents; None where no rule asks."""
        return self._ground.geoparser if self._ground else None

    def whereabouts(self, document: Document) -> Whereabouts | None:
        """Return where a document says things happen; None where no rule asks."""
        return self._ground.whereabouts(document) if self._ground else None

    def _read(self, document: Document) -> Reading:
        return Reading(document, self._fields, self._vocabulary, self._texts)

    def _there(self, document: Document, reading: Reading) -> Whereabouts | None:
        """Return the places of a document that a rule about places may be about."""
        wakers = self.program.wakers
        asleep = wakers is not None and wakers.isdisjoint(reading.present)
        return None if asleep else self.whereabouts(document)

    def _plans(self, reading: Reading, there: Whereabouts | None) -> list[Plan]:
        """Return the plans of which a document has a key, and a trigger of each further set."""
        present = reading.present
        seconds = present | {ALONE}
        found = self._files.brought_up(reading)
        found.update(self.program.always)
        for sphere in there.spheres & self.program.placed.keys() if there else ():
            filed = self.program.placed[sphere]
            for second in filed.keys() & seconds:
                found.update(filed[second])
        return list(_guarded(map(self.program.plans.__getitem__, sorted(found)), present))

    def _satisfied(
        self, document: Document, now: int | None
    ) -> Iterator[tuple[Plan, Nearness, Sequence[Grounds]]]:
        """Yield the plans that a document satisfies, and the places that those rest on."""
        reading = self._read(document)
        nearness = Nearness(Evaluation(reading, self.program.terms))
        there = self._there(document, reading)
        for plan in self._plans(reading, there):
            if plan.head.filtered and excluded_by(plan.head, document, now):
                continue
            grounds = _grounds(plan, nearness, there)
            if grounds is not None:
                yield plan, nearness, grounds

    def _match(self, plan: Plan, nearness: Nearness, grounds: Sequence[Grounds]) -> Match:
        found = evidence(plan.node, nearness, self.program.terms, grounds, self._ground)
        return Match(plan.head.id, plan.head.hash, tuple(found)[:_MOST_EVIDENCE])


def _grounds(plan: Plan, nearness: Nearness, there: Whereabouts | None) -> Sequence[Grounds] | None:
    """Return the places that a rule rests on, none where it asks for none; None: it fails."""
    if not nearness.evaluation.holds(plan.node):
        return None
    if plan.bound is None:
        return ()
    return (found_near(plan, nearness, there) if there else ()) or None


def _guarded(plans: Iterable[Plan], present: AbstractSet[int]) -> Iterator[Plan]:
    """Yield the plans of whose further necessary sets a document has something."""
    lacks = present.isdisjoint
    for plan in plans:
        for guard in plan.guards:
            if lacks(guard):
                break
        else:
            yield plan


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
