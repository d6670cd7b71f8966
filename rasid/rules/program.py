"""Compiled rules as plain values: what the index looks up, and what a cache keeps.

Everything that a text may have is numbered in one sequence, the triggers: the words of all
terms first, then texts found inside others and expressions, in the order of their terms.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from rasid.rules.conditions import Node
from rasid.rules.vocabulary import Lexicon
from rasid.settings import TOGETHER, Region, Together

ALONE: Final = -1  # as a second trigger: none is needed
ENGINE: Final = "3"  # raise it when a kept program would be read or made otherwise


class Sought(Struct, frozen=True, array_like=True, gc=False):
    """A term or an expression as it is looked for.

    `words` follow one another, or are `joined` in one. `inside`: a folded text of a script
    without spaces. `pattern`: an expression. `exact`: what the original must be.
    """

    text: str  # as the rule has it
    words: tuple[int, ...] = ()
    joined: int | None = None
    inside: str = ""
    pattern: str = ""
    exact: str = ""
    trigger: int = -1  # of `inside` and `pattern`


class Head(Struct, frozen=True, array_like=True, gc=False):
    """What a rule is and of which documents it wants to hear; empty lets everything through."""

    id: str
    hash: str
    outlets: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()
    within: int | None = None  # microseconds since publication
    filtered: bool = False  # by any of these


class Sphere(Struct, frozen=True, array_like=True, gc=False):
    """A region that rules want things to happen in, and what counts as a mention of it."""

    region: Region
    recall: bool = False
    demonyms: bool = False


class Bound(Struct, frozen=True, array_like=True, gc=False):
    """To which places a rule is bound, by numbers of spheres, and how near its words are."""

    wanted: frozenset[int]
    unwanted: frozenset[int] = frozenset()
    together: Together = TOGETHER


class Plan(Struct, frozen=True, array_like=True, gc=False):
    """A rule and the tree of its condition.

    Every text that satisfies it has a trigger of each of the `guards`, beside those that it
    is filed under.
    """

    head: Head
    node: Node
    guards: tuple[frozenset[int], ...] = ()
    bound: Bound | None = None


Filed = dict[int, dict[int, tuple[int, ...]]]
"""Trigger -> second trigger or ALONE -> codes of plans: see `rasid.rules.filing`."""


class Program(Struct, frozen=True, array_like=True):
    """All rules of a configuration, compiled."""

    version: str  # of the configuration's rules
    lexicon: Lexicon
    terms: tuple[Sought, ...]
    plans: tuple[Plan, ...]
    filed: Filed
    always: tuple[int, ...] = ()  # plans that need no trigger: `allow_match_all`
    fields: int = 7  # where any rule looks (bits)
    spheres: tuple[Sphere, ...] = ()
    placed: dict[int, dict[int, tuple[int, ...]]] = {}  # sphere -> trigger or ALONE -> plans
    wakers: frozenset[int] | None = frozenset()
    """A text that has none of these triggers satisfies no rule about places; None: it may."""
