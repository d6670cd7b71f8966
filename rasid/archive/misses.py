"""Why a rule does not match: the first clause that fails, and what came nearest to it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Final

from msgspec import structs

from rasid.archive.miss import Miss
from rasid.archive.place_misses import place_miss
from rasid.counted import counted
from rasid.models import Document
from rasid.rules import RuleIndex
from rasid.rules.conditions import (
    FIELDS,
    USUAL,
    Close,
    Every,
    Leaf,
    Neither,
    Node,
    Often,
    Some,
    fields_of,
    mask,
)
from rasid.rules.evaluate import Evaluation
from rasid.text.fold import fold, fold_text
from rasid.text.tokens import tokenize

_FAR: Final = 1 << 20  # words: farther than any two of one text
_SHOWN: Final = 6  # entries of a clause
_ALIKE: Final = 0.6  # of difflib's ratio


def explain_miss(index: RuleIndex, rule: str, document: Document) -> Miss | None:
    """Return why the words of a rule are not in a document, or not where it wants them.

    None when it matches.
    """
    plan, evaluation = index.plan(rule), index.evaluation(document)
    seen = _Search(evaluation, document)
    if not seen.holds(plan.node):
        return seen.miss(plan.node)
    there = index.whereabouts(document) if plan.bound else None
    return place_miss(plan, evaluation, there, index.program.spheres) if there else None


class _Search:
    """One document and the conditions that it fails."""

    def __init__(self, evaluation: Evaluation, document: Document) -> None:
        self.holds = evaluation.holds
        self._terms = evaluation.terms
        self._evaluation = evaluation
        self._document = document

    def miss(self, node: Node) -> Miss:
        if isinstance(node, Every):
            return self.miss(next(part for part in node.parts if not self.holds(part)))
        if isinstance(node, Some):
            return self._some(node)
        if isinstance(node, Neither):
            veto = next(part for part in node.parts if self.holds(part))
            return Miss(f"none: {self.text(veto)} is there{self._hit(veto)}", veto=True)
        if isinstance(node, Close):
            return self._close(node)
        if isinstance(node, Often):
            return self._often(node)
        return Miss(f"{self.text(node)} is not in {self._where(node)}", self._alike(node))

    def _some(self, node: Some) -> Miss:
        there = [part for part in node.parts if self.holds(part)]
        missing = [part for part in node.parts if part not in there]
        named = self._listed(node)
        if node.count > 1:
            found = ", ".join(map(self.text, there)) or "none"
            return Miss(f"at least {node.count} of {named}", f"{len(there)} are there: {found}")
        # an entry that is more than a word may have come nearer than any word
        inner = [self.miss(part) for part in missing if not isinstance(part, Leaf)]
        near = [f"{one.clause}; {one.nearest}" for one in inner if one.nearest]
        return Miss(f"any of {named}", next(iter(near), "") or self._alike(node))

    def _close(self, node: Close) -> Miss:
        clause = self.text(node)
        for side in (node.left, node.right):
            if not self.holds(side):
                missing = self.miss(side).clause
                return Miss(clause, missing if isinstance(side, Leaf) else f"missing: {missing}")
        anyhow = structs.replace(node, distance=_FAR)
        if not self.holds(anyhow):
            turned = node.ordered and self.holds(structs.replace(anyhow, ordered=False))
            why = "in the other order" if turned else "not in one field"
            return Miss(clause, f"both are there, but {why}")
        low, high = node.distance, _FAR
        while high - low > 1:
            middle = (low + high) // 2
            if self.holds(structs.replace(node, distance=middle)):
                high = middle
            else:
                low = middle
        return Miss(clause, f"both are there with {counted(high, 'word')} between")

    def _often(self, node: Often) -> Miss:
        count = node.count - 1
        while count and not self.holds(structs.replace(node, count=count)):
            count -= 1
        clause = f"{self.text(node.part)} at least {node.count} times"
        return Miss(clause, f"there {_times(count)}" if count else self._alike(node.part))

    # --- in words ---------------------------------------------------------------------------

    def text(self, node: Node) -> str:
        """Return a condition in words."""
        if isinstance(node, Leaf):
            sought = self._terms[node.term]
            return f"/{sought.pattern}/" if sought.pattern else f'"{sought.text}"'
        if isinstance(node, Close):
            word = "ONEAR" if node.ordered else "NEAR"
            return f"{self.text(node.left)} {word}/{node.distance} {self.text(node.right)}"
        if isinstance(node, Often):
            return f"ATLEAST/{node.count} {self.text(node.part)}"
        if isinstance(node, Every):
            return f"({' AND '.join(map(self.text, node.parts))})"
        if isinstance(node, Neither):
            return f"NOT {self._listed(node)}"
        return f"({' OR '.join(map(self.text, node.parts))})"

    def _listed(self, node: Some | Neither) -> str:
        named = ", ".join(map(self._placed, node.parts[:_SHOWN]))
        more = len(node.parts) - _SHOWN
        return f"{named} and {more} more" if more > 0 else named

    def _placed(self, node: Node) -> str:
        """Return a condition in words, with its field where it is not looked for as usual."""
        if isinstance(node, Leaf) and node.fields != mask(USUAL):
            return f"{'/'.join(fields_of(node.fields))}: {self.text(node)}"
        return self.text(node)

    def _hit(self, veto: Node) -> str:
        """Return which words a veto met and where, "" where they cannot be told."""
        fields = self._evaluation.reading.fields
        for name, _, hit in self._evaluation.evidence(veto):
            start, end = fields[name].span(hit)
            return f', "{fields[name].text[start:end]}" in the {name}'
        return ""

    def _where(self, leaf: Leaf) -> str:
        *most, last = fields_of(leaf.fields)
        return f"{', '.join(most)} or {last}" if most else last

    # --- what came near -----------------------------------------------------------------------

    def _alike(self, node: Node) -> str:
        """Return a condition's word in another field, else what of the text looks most like one."""
        for leaf in _leaves(node):
            for name in FIELDS:
                if self.holds(structs.replace(leaf, fields=mask([name]))):
                    return f"{self.text(leaf)} stands in the {name}, not in {self._where(leaf)}"
        found = [near for leaf in _leaves(node) if (near := self._nearest(leaf))]
        return max(found)[1] if found else ""

    def _nearest(self, leaf: Leaf) -> tuple[float, str] | None:
        sought = self._terms[leaf.term]
        words = [token.word for token in tokenize(fold(sought.text))]
        if sought.pattern or not words:
            return None
        best = (_ALIKE, "", "")
        size = len(words)
        for name in fields_of(leaf.fields):
            value = getattr(self._document, name)
            text = " ".join(value) if isinstance(value, tuple) else value
            tokens = tokenize(fold(text))
            for at in range(len(tokens) - size + 1):
                here = text[tokens[at].start : tokens[at + size - 1].end]
                matcher = difflib.SequenceMatcher(None, " ".join(words), fold_text(here))
                if matcher.real_quick_ratio() > best[0] and matcher.ratio() > best[0]:
                    best = (matcher.ratio(), here, name)
        return (best[0], f'"{best[1]}" in the {best[2]}') if best[1] else None


def _leaves(node: Node) -> Iterator[Leaf]:
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Close):
        yield from _leaves(node.left)
        yield from _leaves(node.right)
    elif isinstance(node, Often):
        yield from _leaves(node.part)
    elif not isinstance(node, Neither):
        for part in node.parts:
            yield from _leaves(part)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
