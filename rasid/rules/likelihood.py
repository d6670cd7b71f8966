"""How likely a text is to have a rule's triggers, as far as the rules tell."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

from rasid.rules.terms import Terms
from rasid.text.tokens import scripts

_LONGEST: Final = 40  # letters that make a difference

Likely = Callable[[int], float]


class Likelihood:
    """The shorter a word is, and the more rules share it, the likelier a text has it.

    `uses`: in how many of `rules` conditions each term is.
    """

    def __init__(self, terms: Terms, uses: Mapping[int, int], rules: int) -> None:
        self._found: dict[int, float] = {}
        self._scripts = [scripts(word.text) for word in terms.words]
        for number, sought in enumerate(terms.sought):
            share = uses[number] / rules
            for trigger in (*sought.words, sought.joined, sought.trigger):
                if trigger is not None and trigger >= 0:
                    found = self._found.get(trigger)
                    if found is None:
                        is_word = trigger < len(self._scripts)
                        text = terms.words[trigger].text if is_word else sought.text
                        found = 2.0 ** -min(_LONGEST, len(text))
                    self._found[trigger] = found + share

    def of(self, trigger: int) -> float:
        """Return a number that is larger for triggers that more texts have."""
        return self._found[trigger]

    def together(self, sets: Collection[frozenset[int]]) -> Likely:
        """Return how likely triggers are in a text that has one of each of some sets.

        A text is nearly always of one script: what is in others than all sets have counts
        for nothing. Of lists in Arabic and English beside one in English, only the English.
        """
        each = [[self._script(trigger) for trigger in one] for one in sets]
        # digits and expressions are of any script
        whole = [frozenset().union(*there) for there in each if all(there)]
        common = frozenset.intersection(*whole) if whole else frozenset[str]()
        if not common or all(common >= one for one in whole):
            return self._found.__getitem__
        return lambda trigger: self._found[trigger] if self._is_of(trigger, common) else 0.0

    def _is_of(self, trigger: int, common: frozenset[str]) -> bool:
        script = self._script(trigger)
        return not script or not script.isdisjoint(common)

    def _script(self, trigger: int) -> frozenset[str]:
        return self._scripts[trigger] if trigger < len(self._scripts) else frozenset()
