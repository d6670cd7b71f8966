"""What a text must say."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

ALL_FIELDS: Final = ("title", "summary", "text", "url", "author", "tags")  # of an item
USUAL_FIELDS: Final = ALL_FIELDS[:3]  # where a rule looks that does not say


class Term(Struct, frozen=True, array_like=True, tag="term", gc=False):
    """A word or a phrase of a rule, as the user wrote it.

    `*` stands for any letters and `?` for one. `exact`: as typed, letter by letter, with
    neither folding nor forms nor wildcards. `inflect` false: folded, but only as typed.
    """

    text: str
    language: str = ""  # "": found from its script and the dictionaries
    exact: bool = False
    inflect: bool = True


class Regex(Struct, frozen=True, array_like=True, tag="regex", gc=False):
    """A regular expression in RE2's syntax, on the original text."""

    pattern: str


class Near(Struct, frozen=True, array_like=True, tag="near", gc=False):
    """Both parts in one field with at most `distance` words between, in order where asked.

    Its parts are terms, expressions, conditions of `any` alone and further `Near`.
    """

    left: Part
    right: Part
    distance: int
    ordered: bool = False


class Times(Struct, frozen=True, array_like=True, tag="times", gc=False):
    """A part that is there at least `count` times, all fields together."""

    part: Part
    count: int


class Condition(Struct, frozen=True, array_like=True, tag="condition", gc=False):
    """Keys are ANDed, entries of `any` ORed (`at_least` of them), entries of `none` veto.

    `fields` says where to look; empty: where the condition around it looks, and the
    outermost in title, summary and text.
    """

    any: tuple[Part, ...] = ()
    all: tuple[Part, ...] = ()
    none: tuple[Part, ...] = ()
    at_least: int = 1
    fields: tuple[str, ...] = ()


Part = Term | Regex | Near | Times | Condition


def is_open(part: Part) -> bool:
    """Whether a text that has none of a part's words satisfies it."""
    if not isinstance(part, Condition):
        return False
    enough = not part.any or sum(map(is_open, part.any)) >= part.at_least
    return enough and all(map(is_open, part.all)) and not any(map(is_open, part.none))
