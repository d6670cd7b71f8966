"""What is wrong with an entry that was meant as more than the one phrase it would become."""

from __future__ import annotations

import re
from typing import Final

from rasid.settings import ALL_FIELDS
from rasid.text.wildcards import Fault

_OPERATOR: Final = re.compile(r"\s(?:AND|OR|NOT)\s|^NOT\s|\b(?:O?NEAR|ATLEAST)/[0-9]")
_SEPARATOR: Final = re.compile(r"\s*(?:[،؛;|]+|(?<!\d),|,(?!\d))\s*")
_SIGN: Final = re.compile(r"([-–+])[^\W\d]")
_FIELD: Final = re.compile(rf"({'|'.join(ALL_FIELDS)}):\s*(.+)", re.IGNORECASE)
_LIST: Final = re.compile(r"(?<!\w)\$[^\W\d][\w.-]*")
_JOINT: Final = re.compile(r"(?:^|\s)(and|or|not|أو)\s", re.IGNORECASE)
_SUSPECT: Final = re.compile(r"[-–+:$،؛,;|]|\s(?:and|or|أو)\s|\bnot\s|/[0-9]", re.IGNORECASE)
_CAPITALS: Final = {"أو": "OR"}


def entry_fault(entry: str) -> Fault | None:
    """Return what an entry says that a phrase cannot say."""
    if not _SUSPECT.search(entry):
        return None
    return _sign(entry) or _field(entry) or _list(entry) or _several(entry) or _query(entry)


def entry_doubt(entry: str) -> Fault | None:
    """Return what is said about a phrase that has and, or, not between its words."""
    found = _JOINT.search(entry) if _SUSPECT.search(entry) else None
    if found is None or entry.isupper():
        return None
    operator = _CAPITALS.get(found[1], found[1].upper())
    message = f'"{entry}" is looked for as a phrase, with "{found[1]}" in it'
    return Fault(message, f"{operator} works in query: only; {_as_it_is(entry)}")


def _sign(entry: str) -> Fault | None:
    found = _SIGN.match(entry)
    if found is None:
        return None
    word = entry.split()[0][1:]
    entries = "a blank belongs between the - of an entry and its word: - " + word
    hint = f"put {word} below all:" if found[1] == "+" else f"{entries}; a veto goes below none:"
    return Fault(f'"{entry}": {found[1]} before a word says nothing here', hint)


def _field(entry: str) -> Fault | None:
    found = _FIELD.match(entry)
    if found is None:
        return None
    right = f"{{{found[1].lower()}: [{found[2]}]}}"
    return Fault(f'"{entry}" would be looked for as a phrase', f"write {right}, or use query:")


def _list(entry: str) -> Fault | None:
    found = _LIST.search(entry)
    if found is None:
        return None
    message = f'"{entry}": {found[0]} inside a phrase is not the list'
    hint = f"an entry of its own is; a list beside a word: query: {found[0]} ONEAR/0 word"
    return Fault(message, f"{hint}; {_as_it_is(entry)}")


def _several(entry: str) -> Fault | None:
    parts = [part for part in _SEPARATOR.split(entry) if part]
    if len(parts) < 2 or not all(any(map(str.isalpha, part)) for part in parts):
        return None
    message = f'"{entry}" would be looked for as one phrase'
    return Fault(message, f"for any of them write [{', '.join(parts)}]; {_as_it_is(entry)}")


def _query(entry: str) -> Fault | None:
    """Return what is wrong with a query that stands where a word is meant."""
    if " " not in entry or not _OPERATOR.search(entry) or entry.isupper():
        return None
    message = f'"{entry}" would be looked for as a phrase'
    return Fault(message, "AND, OR, NOT and NEAR work in query: only")


def _as_it_is(entry: str) -> str:
    return f'the phrase itself is {{word: "{entry}"}}'
