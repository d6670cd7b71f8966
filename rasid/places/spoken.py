"""How people write a place in a rule: `X governorate`, `محافظة X`, `X, country`."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from rasid.places.designators import designator
from rasid.places.model import Kind
from rasid.text.fold import fold_text

_OF: Final = re.compile(r"^(?:the\s+)?(\S+)\s+(?:of\s+|de\s+|d['’])?(.+)$", re.IGNORECASE)
_THE: Final = re.compile(r"the\s+(.+)", re.IGNORECASE)
_COMMA: Final = re.compile(r"\s*[,،]\s*")


class Spoken(NamedTuple):
    """A name and what is said of its place; no `kinds`: nothing, so any."""

    name: str
    kinds: tuple[Kind, ...] = ()
    rural: bool = False  # the land around a town, not the town
    word: str = ""  # that says the kind


def spoken(text: str) -> list[Spoken]:
    """Return what a written name may mean, what is to be tried first standing first.

    A name is tried as it is written before a word of it is taken for the kind of place.
    """
    found = [Spoken(text)]
    before, _, last = text.rpartition(" ")
    if before and (said := _said(before, last)):
        found.append(said)
    if (match := _OF.match(text)) and (said := _said(match[2], match[1])):
        found.append(said)
    return found


def _said(name: str, word: str) -> Spoken | None:
    said = designator(fold_text(word))
    return Spoken(name, said.kinds, said.rural, word) if said else None


def parts(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the ways to read commas: a name of its own, or a name and what it lies in."""
    pieces = _COMMA.split(text.strip())
    if not all(pieces):
        return []
    found: list[tuple[str, tuple[str, ...]]] = [(text.strip(), ())]
    if (match := _THE.match(text.strip())) and match[1]:
        found.append((match[1], ()))
    if len(pieces) > 1:
        found.append((pieces[0], tuple(pieces[1:])))
    return found
