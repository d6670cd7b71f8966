"""Conditions as a tree of numbered terms, and what of it a text must have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rasid.settings import Condition, Part, Term

FIELDS: Final = ("title", "summary", "text")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A term, looked for in some fields."""

    term: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """Every part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Neither:
    """No part holds."""

    parts: tuple[Node, ...]


Node = Leaf | Both | Either | Neither


def terms_of(condition: Part) -> Iterator[Term]:
    """Return every term of a condition, those of vetoes too."""
    if isinstance(condition, Term):
        yield condition
    elif isinstance(condition, Condition):
        for part in (*condition.any, *condition.all, *condition.none):
            yield from terms_of(part)


def build(part: Part, number: Callable[[Term], int], fields: tuple[str, ...] = FIELDS) -> Node:
    """Return the tree of a condition; `number` gives each term its number."""
    if isinstance(part, Term):
        return Leaf(number(part), fields)
    assert isinstance(part, Condition)
    inside = part.fields or fields

    def nodes(entries: Sequence[Part]) -> tuple[Node, ...]:
        return tuple(build(entry, number, inside) for entry in entries)

    parts: list[Node] = list(nodes(part.all))
    if part.any:
        parts.append(Either(nodes(part.any)))
    if part.none:
        parts.append(Neither(nodes(part.none)))
    return parts[0] if len(parts) == 1 else Both(tuple(parts))


def holds(node: Node, has: Callable[[Leaf], bool]) -> bool:
    """Whether a condition holds; `has` says whether a text has a term."""
    if isinstance(node, Leaf):
        return has(node)
    if isinstance(node, Both):
        return all(holds(part, has) for part in node.parts)
    found = any(holds(part, has) for part in node.parts)
    return found if isinstance(node, Either) else not found


def wanted(node: Node) -> Iterator[Leaf]:
    """Return the terms that speak for a match: all but those of vetoes."""
    if isinstance(node, Leaf):
        yield node
    elif not isinstance(node, Neither):
        for part in node.parts:
            yield from wanted(part)


def required(node: Node, cost: Callable[[int], float], truth: bool = True) -> frozenset[int] | None:
    """Return the cheapest set of terms of which every text that satisfies `node` has one.

    None when there is no such set: a text without any of the terms satisfies it. With
    `truth` false it is about the texts that do not satisfy `node`.
    """
    if isinstance(node, Leaf):
        return frozenset((node.term,)) if truth else None
    inner = truth != isinstance(node, Neither)
    sets = [required(part, cost, inner) for part in node.parts]
    known = [found for found in sets if found is not None]
    if isinstance(node, Either) != truth:  # every part counts
        return min(known, key=lambda found: sum(map(cost, found)), default=None)
    return frozenset().union(*known) if len(known) == len(sets) else None
