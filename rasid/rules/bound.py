"""Rules about places: their spheres numbered, and under which of them each is filed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rasid.rules.program import ALONE, Bound, Sphere
from rasid.settings import Rule, Scope

_MOST_FILED: Final = 512  # entries of one rule

Sets = tuple[frozenset[int], ...]


class BoundRules:
    """The rules of a configuration that name places; equal spheres of two rules are one."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._numbers: dict[Sphere, int] = {}
        self._bound = {rule.id: self._of(rule) for rule in rules if rule.where}

    @property
    def spheres(self) -> tuple[Sphere, ...]:
        """All spheres, by number."""
        return tuple(self._numbers)

    def bound(self, rule: Rule) -> Bound:
        """Return to which places a rule is bound."""
        return self._bound[rule.id]

    def beside(self, rule: Rule, guards: Sets) -> Sets:
        """Return the sets of triggers that a rule is not filed under."""
        return guards[1:] if self._second(rule, guards) else guards

    def filed(self, guards: Sequence[Sets]) -> dict[int, dict[int, tuple[int, ...]]]:
        """Return under which spheres, and which triggers, each rule is to be found."""
        filed: dict[int, dict[int, list[int]]] = {}
        for plan, rule, found in self._each(guards):
            for sphere in self._bound[rule.id].wanted:
                for second in self._second(rule, found) or (ALONE,):
                    filed.setdefault(sphere, {}).setdefault(second, []).append(plan)
        return {
            sphere: {second: tuple(plans) for second, plans in seconds.items()}
            for sphere, seconds in filed.items()
        }

    def wakers(self, guards: Sequence[Sets]) -> frozenset[int] | None:
        """Return triggers one of which a text has that satisfies any of the rules.

        None when there are none: a rule asks for no words.
        """
        found: set[int] = set()
        for _, _, sets in self._each(guards):
            if not sets:
                return None
            found |= sets[0]
        return frozenset(found)

    def _each(self, guards: Sequence[Sets]) -> Iterator[tuple[int, Rule, Sets]]:
        for at, (rule, found) in enumerate(zip(self._rules, guards, strict=True)):
            if rule.where:
                yield at, rule, found

    def _second(self, rule: Rule, guards: Sets) -> frozenset[int]:
        """Return the set of triggers that a rule is filed under beside its spheres."""
        if not guards:
            return frozenset()
        many = len(guards[0]) * len(self._bound[rule.id].wanted)
        return guards[0] if many <= _MOST_FILED else frozenset()

    def _of(self, rule: Rule) -> Bound:
        wanted = frozenset(self._number(scope, rule.demonyms) for scope in rule.where)
        unwanted = frozenset(
            self._number(Scope(scope.region, recall=True), demonyms=True)
            for scope in rule.not_where
        )
        return Bound(wanted, unwanted, rule.together)

    def _number(self, scope: Scope, demonyms: bool) -> int:
        sphere = Sphere(scope.region, scope.recall, demonyms)
        return self._numbers.setdefault(sphere, len(self._numbers))
