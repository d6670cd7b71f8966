"""Whose words an item gives on, where it says so. Pure.

"according to SOHR", "نقلاً عن رويترز", "(Reuters)", "وكالات - رويترز", a byline: copies that cite
one origin are one report, however many outlets print them. Known are the wires and monitors of
`rasid.alerts.gates.agencies` and the outlets of the configuration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from rasid.alerts.gates.agencies import AFTER, AGENCIES, BEFORE, BETWEEN, UNNAMED
from rasid.models import Item
from rasid.settings import Outlet
from rasid.text.fold import fold_text

_HEAD: Final = 500  # characters of a text in which its origin stands; further down is background
_TOKEN: Final = re.compile(r"\w+|[^\w\s'\u2019]")  # an apostrophe parts words and is none
_DASHES: Final = frozenset("-–—|/:")
_MARKS: Final = frozenset('":«„“')
_OPENING: Final = frozenset("([{/")
_BYLINE: Final = 6  # words of an author who is an agency
_DATELINE: Final = 8  # words and marks at the head of a text
_UNSPACED: Final = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_PROCLITICS: Final = "وفبلك"


def _words(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(fold_text(text)))


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(map(_words, text.split(", ")))


_BEFORE: Final = _phrases(BEFORE)
_BETWEEN: Final = frozenset(word for phrase in _phrases(BETWEEN) for word in phrase)
_AFTER: Final = _phrases(AFTER)
_LONGEST: Final = max(map(len, _BEFORE | _AFTER))


class _Name(NamedTuple):
    words: tuple[str, ...]
    origin: str
    is_wire: bool  # an outlet may be called like a town: it must be cited in words


class Origins:
    """Who owns which outlet, and whom an item cites, under one configuration."""

    def __init__(self, outlets: Mapping[str, Outlet]) -> None:
        self._outlets = outlets
        wires = {words: key for key, names in AGENCIES.items() for words in _phrases(names)}
        self._wires = wires
        self._owner_of_wire = {
            wire: _owner(one, f"wire:{wire}")
            for one in outlets.values()
            for name in (one.id, one.name)
            if (wire := wires.get(_words(name)))
        }
        self._names: dict[tuple[str, ...], _Name] = {}
        self._longest: dict[str, int] = {}  # name that begins with a word, in words
        for words, wire in wires.items():
            self._add(_Name(words, self._wire(wire), is_wire=True))
        for one in outlets.values():
            self._add(_Name(_words(one.name), self.owner(one.id), is_wire=False))
        self._unspaced = [
            ("".join(words), self._wire(wire))
            for words, wire in wires.items()
            if _UNSPACED.search("".join(words))
        ]

    def owner(self, outlet: str) -> str:
        """Return who owns an outlet: its ownership group, the wire that it is, or itself."""
        wire = self._wires.get(_words(outlet), "")
        known = self._outlets.get(outlet) or Outlet(outlet, outlet)
        wire = wire or self._wires.get(_words(known.name), "")
        return self._wire(wire) if wire else _owner(known, f"outlet:{outlet}")

    def of(self, item: Item) -> str:
        """Return whom an item cites as an owner has it, "" where it cites nobody known."""
        found = [*self._of_byline(item.author), *self._of_text(item.title, is_title=True)]
        found += self._of_text(item.summary or item.text[:_HEAD])
        if item.summary and item.text:
            found += self._of_text(item.text[:_HEAD])
        unnamed = self._wire(UNNAMED)
        return next((one for one in found if one != unnamed), unnamed if found else "")

    def _wire(self, wire: str) -> str:
        return self._owner_of_wire.get(wire, f"wire:{wire}")

    def _add(self, name: _Name) -> None:
        if name.words:
            known = self._names.setdefault(name.words, name)
            if name.is_wire and not known.is_wire:
                self._names[name.words] = name
            longest = max(len(name.words), self._longest.get(name.words[0], 0))
            self._longest[name.words[0]] = longest

    def _of_byline(self, author: str) -> Iterator[str]:
        words = _words(author[:_HEAD])
        if len(words) <= _BYLINE:
            yield from (name.origin for _, _, name in self._named(words) if name.is_wire)

    def _of_text(self, text: str, *, is_title: bool = False) -> Iterator[str]:
        folded = fold_text(text[:_HEAD])
        words = tuple(_TOKEN.findall(folded))
        for start, end, name in self._named(words):
            cited = _is_cited(words, start, end)
            if cited or (name.is_wire and _is_credited(words, start, end, is_title=is_title)):
                yield name.origin
        yield from (origin for name, origin in self._unspaced if name in folded)

    def _named(self, words: Sequence[str]) -> Iterator[tuple[int, int, _Name]]:
        """Return the names in a text, the longest at each place."""
        at = 0
        while at < len(words):
            found = self._at(words, at)
            if found is not None:
                yield at, at + len(found.words), found
                at += len(found.words)
            else:
                at += 1

    def _at(self, words: Sequence[str], at: int) -> _Name | None:
        for reading in _readings(words[at]):
            for length in range(self._longest.get(reading, 0), 0, -1):
                if name := self._names.get((reading, *words[at + 1 : at + length])):
                    return name
        return None


def _owner(outlet: Outlet, otherwise: str) -> str:
    return f"group:{outlet.group}" if outlet.group else otherwise


def _readings(word: str) -> Iterator[str]:
    """Return a word, and what it is without the letters that Arabic writes before it."""
    yield word
    while len(word) > 3 and word[0] in _PROCLITICS:
        if word.startswith("لل"):
            yield f"ال{word[2:]}"
        word = word[1:]
        yield word


def _is_cited(words: Sequence[str], start: int, end: int) -> bool:
    """Whether a phrase before a name or after it says that it is cited."""
    before = start
    while before and (words[before - 1] in _BETWEEN or words[before - 1] in _MARKS):
        before -= 1
    for length in range(1, _LONGEST + 1):
        phrase = tuple(words[max(0, before - length) : before])
        if phrase and any((one, *phrase[1:]) in _BEFORE for one in _readings(phrase[0])):
            return True
    after = [word for word in words[end : end + _LONGEST + 2] if word.isalnum()]
    return any(tuple(after[:length]) in _AFTER for length in range(1, _LONGEST + 1))


def _is_credited(words: Sequence[str], start: int, end: int, *, is_title: bool) -> bool:
    """Whether a wire stands in brackets, in a dateline, or before or after a title."""
    before = words[start - 1] if start else ""
    after = words[end] if end < len(words) else ""
    if before in _OPENING or (before in _DASHES and end == len(words)):
        return True
    if is_title:
        return not start and after in _DASHES
    return end <= _DATELINE and (before in _DASHES or after in _DASHES)
