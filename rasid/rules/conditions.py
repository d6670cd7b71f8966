"""Conditions as a tree of numbered terms, and what of it a text must have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final

from msgspec import Struct

from rasid.settings import ALL_FIELDS, USUAL_FIELDS, Condition, Near, Part, Regex, Term, Times

FIELDS: Final = ALL_FIELDS
USUAL: Final = USUAL_FIELDS

Atom = Term | Regex


class Leaf(Struct, frozen=True, array_like=True, tag=0, gc=False):
    """A term or an expression, looked for in some fields (a bit each, as in `FIELDS`)."""

    term: int
    fields: int
    word: int = -1  # the one word that the term is, where it is no more than that


class Every(Struct, frozen=True, array_like=True, tag=1, gc=False):
    """Every part holds."""

    parts: tuple[Node, ...]


class Some(Struct, frozen=True, array_like=True, tag=2, gc=False):
    """At least `count` parts hold."""

    parts: tuple[Node, ...]
    count: int = 1


class Neither(Struct, frozen=True, array_like=True, tag=3, gc=False):
    """No part holds."""

    parts: tuple[Node, ...]


class Close(Struct, frozen=True, array_like=True, tag=4, gc=False):
    """Both parts in one field, at most `distance` words between them."""

    left: Node
    right: Node
    distance: int
    ordered: bool = False


class Often(Struct, frozen=True, array_like=True, tag=5, gc=False):
    """A part is there at least `count` times."""

    part: Node
    count: int


Node = Leaf | Every | Some | Neither | Close | Often


def mask(fields: Iterable[str]) -> int:
    """Return the bits of some fields."""
    return sum(1 << FIELDS.index(field) for field in set(fields))


@cache
def fields_of(bits: int) -> tuple[str, ...]:
    """Return the fields that bits stand for."""
    return tuple(field for at, field in enumerate(FIELDS) if bits >> at & 1)


def atoms_of(part: Part) -> Iterator[Atom]:
    """Return every term and expression of a condition, those of vetoes too."""
    if isinstance(part, Term | Regex):
        yield part
        return
    for inner in inside(part):
        yield from atoms_of(inner)


def inside(part: Part) -> tuple[Part, ...]:
    """Return the parts of a part."""
    if isinstance(part, Condition):
        return (*part.all, *part.any, *part.none)
    if isinstance(part, Near):
        return part.left, part.right
    return (part.part,) if isinstance(part, Times) else ()


def build(part: Part, leaf: Callable[[Atom, int], Leaf], fields: int = mask(USUAL)) -> Node:
    """Return the tree of a condition; `leaf` makes one of an atom and the fields of it."""
    if isinstance(part, Term | Regex):
        return leaf(part, fields)
    if isinstance(part, Near):
        left, right = (build(side, leaf, fields) for side in (part.left, part.right))
        return Close(left, right, part.distance, part.ordered)
    if isinstance(part, Times):
        return Often(build(part.part, leaf, fields), part.count)
    look = mask(part.fields) if part.fields else fields
    parts: list[Node] = [build(entry, leaf, look) for entry in part.all]
    if part.any:
        either = tuple(build(entry, leaf, look) for entry in part.any)
        parts.append(either[0] if len(either) == 1 else Some(either, part.at_least))
    if part.none:
        parts.append(Neither(tuple(build(entry, leaf, look) for entry in part.none)))
    return parts[0] if len(parts) == 1 else Every(tuple(parts))


Cost = Callable[[int], float]


def required(node: Node, cost: Cost, truth: bool = True) -> frozenset[int] | None:
    """Return the cheapest set of terms of which every text that satisfies `node` has one.

    None when there is no such set: a text without any of the terms satisfies it. With
    `truth` false it is about the texts that do not satisfy `node`.
    """
    if isinstance(node, Leaf):
        return frozenset((node.term,)) if truth else None
    if isinstance(node, Close):
        return _least([required(node.left, cost), required(node.right, cost)], cost, 1, truth)
    if isinstance(node, Often):
        return required(node.part, cost) if truth else None
    inner = truth != isinstance(node, Neither)
    sets = [required(part, cost, inner) for part in node.parts]
    if isinstance(node, Some):
        needed = len(sets) - node.count + 1 if truth else node.count
    elif isinstance(node, Every):
        needed = 1 if truth else len(sets)
    else:  # Neither: every part fails, or one of them holds
        needed = 1 if truth else len(sets)
    return _least(sets, cost, needed)


def _least(
    sets: list[frozenset[int] | None], cost: Cost, needed: int, truth: bool = True
) -> frozenset[int] | None:
    """Return the cheapest union of `needed` sets: of any so many, one part is satisfied."""
    known = [found for found in sets if found is not None]
    if not truth or len(known) < needed:
        return None
    known.sort(key=lambda found: sum(map(cost, found)))
    return frozenset().union(*known[:needed])


def conjuncts(node: Node) -> Iterator[Node]:
    """Return the parts all of which must hold."""
    if isinstance(node, Every):
        for part in node.parts:
            yield from conjuncts(part)
    elif isinstance(node, Close):
        yield node.left
        yield node.right
    else:
        yield node
