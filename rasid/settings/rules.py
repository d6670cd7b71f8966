"""Rules: a condition, and whom to tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from rasid.settings.conditions import Condition
from rasid.settings.gates import NO_GATES, Gates
from rasid.settings.places import TOGETHER, Scope, Together

NEW: Final = "new"  # what a rule alerts `on`: the first revision that it matches
REVISED: Final = "revised"  # a later one
WITHDRAWN: Final = "withdrawn"  # its outlet took it away
CORROBORATED: Final = "corroborated"  # enough independent outlets tell it
EVENTS: Final = (NEW, REVISED, CORROBORATED, WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Example:
    """An item of which more than the title is given."""

    title: str = ""
    summary: str = ""
    text: str = ""
    url: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts that `rasid check` runs a rule on."""

    match: tuple[str | Example, ...] = ()  # a text is a title
    no_match: tuple[str | Example, ...] = ()
    # line and column of each, `match` first; empty when nobody knows
    places: tuple[tuple[int, int], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition over items and whom to tell. Empty filters let everything through."""

    id: str
    condition: Condition
    notify: tuple[str, ...]
    outlets: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()  # of the outlet, ISO 3166 alpha-2
    published_within: int | None = None  # microseconds; undated items pass
    cooldown: int = 0  # microseconds in which only news is told at once
    gates: Gates = NO_GATES
    severity: str = ""
    tags: tuple[str, ...] = ()
    where: tuple[Scope, ...] = ()  # one of them; none: anywhere
    not_where: tuple[Scope, ...] = ()
    together: Together = TOGETHER  # how near the words are to the place
    demonyms: bool = False
    on: tuple[str, ...] = (NEW,)  # of EVENTS
    examples: Examples = Examples()
    match_all: bool = False  # the user means it: a rule without words, or of vetoes only
    file: str = ""
    line: int = 0
    hash: str = ""  # of the rule's meaning, lists included: changes when an alert could
