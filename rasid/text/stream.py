"""simplemma's packed dictionaries, searched where they lie.

A dictionary is a byte stream of records sorted by form: how many bytes a form shares
with the one before it, the rest of it, and its lemma as an edit of the form. Most records
cannot be of interest, which an automaton tells from their lengths alone; only the others
are decoded. Decoding every record takes twenty times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple, Protocol

import re2
from simplemma.strategies.dictionaries import frontcode
from simplemma.strategies.dictionaries.dictionary_factory import (
    DefaultDictionaryFactory,
    _read_decompressed,
)

from rasid.text.fold import fold_text

_SAME: Final = 254  # the lemma of the record before
_LITERAL: Final = 255  # a lemma that is no edit of the form
_LONGEST: Final = 60  # bytes of a rest or an edit; longer ones are looked at one by one
_DEPTHS: Final = (1, 2, 3, 4, 6, 8, 10, 12)  # an automaton for each
_SLACK: Final = (0, 2, 4, 6, 8, 12, 16)


class _Record(NamedTuple):
    """A record's place: `rest_at:rest_end` is the form's own part, `edit_at:after` the lemma's."""

    shared: int
    rest_at: int
    rest_end: int
    trim: int
    edit_at: int
    after: int

    @property
    def stem(self) -> int:
        """Return how many bytes of the form its lemma begins with."""
        if self.trim == _LITERAL:
            return 0
        return self.shared + self.rest_end - self.rest_at - self.trim


class Dictionary(Protocol):
    """One language's words, searched by what all of them must be compared with."""

    def spelt_like(self, folded: Iterable[str]) -> dict[str, str]:
        """Return every form that folds to one of these texts, with its lemma."""

    def forms_of(self, lemmas: Iterable[str]) -> dict[str, list[str]]:
        """Return the forms of each lemma, in the dictionary's order."""


def lemmas(language: str) -> Mapping[str, str]:
    """Return the lemma of every form of a language, all of it at once in memory."""
    return DefaultDictionaryFactory(1).get_dictionary(language)


def open_dictionary(language: str) -> Dictionary:
    """Return the dictionary of a language of simplemma's."""
    try:
        return Stream(language)
    except ValueError:
        return Unpacked(DefaultDictionaryFactory(1).get_dictionary(language))


class Unpacked:
    """A dictionary that is read from end to end, whichever way it is packed."""

    def __init__(self, dictionary: Mapping[str, str]) -> None:
        self._lemmas = dictionary

    def spelt_like(self, folded: Iterable[str]) -> dict[str, str]:
        """Return every form that folds to one of these texts, with its lemma."""
        wanted = frozenset(folded)
        return {form: lemma for form, lemma in self._lemmas.items() if fold_text(form) in wanted}

    def forms_of(self, lemmas: Iterable[str]) -> dict[str, list[str]]:
        """Return the forms of each lemma, in the dictionary's order."""
        families: dict[str, list[str]] = {lemma: [] for lemma in lemmas}
        for form, lemma in self._lemmas.items():
            if lemma in families:
                families[lemma].append(form)
        return families


class Stream:
    """A dictionary searched as it is packed. Raises ValueError when it is so otherwise."""

    def __init__(self, language: str) -> None:
        self._data = _read_decompressed(language)
        backwards, _, self._start = frontcode._read_header(self._data)
        self._way = slice(None, None, -1) if backwards else slice(None)  # how all is spelt

    def spelt_like(self, folded: Iterable[str]) -> dict[str, str]:
        """Return every form that folds to one of these texts, with its lemma."""
        way = self._way
        wanted = frozenset(text[way] for text in folded)
        prefixes = {text[:length] for text in wanted for length in range(len(text) + 1)}
        found: dict[str, str] = {}
        form, dead, head = b"", 1, (self._start, b"")
        at = self._start
        while (at := self._skip(at, dead)) < len(self._data):
            record = _parse(self._data, at)
            if record.shared < dead:
                before = form[: record.shared]
                form = before + self._data[record.rest_at : record.rest_end]
                if record.trim != _SAME:
                    head = (at, before)
                spelt = form[way].decode()
                dead = _dead(spelt[way], prefixes, way)
                if dead > len(form) and fold_text(spelt)[way] in wanted:
                    found[spelt] = self._at(at, *head)[1][way].decode()
            at = record.after
        return found

    def forms_of(self, lemmas: Iterable[str]) -> dict[str, list[str]]:
        """Return the forms of each lemma, in the dictionary's order."""
        way = self._way
        families: dict[bytes, list[bytes]] = {lemma.encode()[way]: [] for lemma in lemmas}
        prefixes = {lemma[:length] for lemma in families for length in range(len(lemma) + 1)}
        form, dead, head = b"", 1, (self._start, b"")
        family: list[bytes] | None = None  # that of the record before
        at = self._start
        while (at := at if family is not None else self._skip(at, dead, lemmas=True)) < len(
            self._data
        ):
            record = _parse(self._data, at)
            known = family is not None or record.shared < dead
            if known:
                head = (at, form[: record.shared])
                form = head[1] + self._data[record.rest_at : record.rest_end]
            if record.trim != _SAME:
                lemma = form[: record.stem] + self._data[record.edit_at : record.after]
                family = families.get(lemma) if known or record.stem < dead else None
            if family is not None:
                if not known:
                    known, form = True, self._at(at, *head)[0]
                    head = (at, form[: record.shared])
                family.append(form)
            if known:
                dead = _common(form, prefixes) + 1
            at = record.after
        return {
            lemma[way].decode(): [form[way].decode() for form in forms]
            for lemma, forms in families.items()
        }

    def _skip(self, at: int, dead: int, *, lemmas: bool = False) -> int:
        """Return where the next record is that shares fewer than `dead` bytes.

        With `lemmas` also one whose lemma has fewer than `dead` bytes of its form. It may
        be an earlier record than that, never a later one.
        """
        depth = next((depth for depth in _DEPTHS if depth >= dead), None)
        return _automaton(depth, lemmas).match(self._data, at).end() if depth else at

    def _at(self, at: int, head: int, before: bytes) -> tuple[bytes, bytes]:
        """Return form and lemma of the record at `at`.

        Reading begins at `head`, before whose own part of a form stands `before`; its
        lemma must be its own for that of `at` to be right.
        """
        for start, form, lemma in frontcode._iter_records(self._data, head, before):
            if start == at:
                return form, lemma
        raise ValueError("a record that was there is gone")


def _dead(form: str, prefixes: set[str], way: slice) -> int:
    """Return how many bytes rule a form out; more than it has when they do not."""
    folded, length = "", 0
    for char in form:
        folded += fold_text(char)[way]
        length += len(char.encode())
        if folded not in prefixes:
            return length
    return length + 1


def _common(form: bytes, prefixes: set[bytes]) -> int:
    """Return how many first bytes of a form are the beginning of a lemma."""
    length = 0
    while length < len(form) and form[: length + 1] in prefixes:
        length += 1
    return length


def _parse(data: bytes, at: int) -> _Record:
    shared, length = data[at], data[at + 1]
    if shared | length < 128:  # of one byte each, as nearly always
        at += 2
    else:
        shared, at = frontcode._read_varint(data, at)
        length, at = frontcode._read_varint(data, at)
    end = at + length
    trim = data[end]
    if trim == _SAME:
        return _Record(shared, at, end, trim, end + 1, end + 1)
    edit, edit_at = frontcode._read_varint(data, end + 1)
    return _Record(shared, at, end, trim, edit_at, edit_at + edit)


@cache
def _automaton(depth: int, lemmas: bool) -> Any:
    """Return a run of records of `depth` shared bytes or more.

    With `lemmas` also of such lemmas only as begin with `depth` bytes of their form.
    """
    counted = "|".join(rf"\x{length:02x}.{{{length}}}" for length in range(1, _LONGEST + 1))
    rest, edit = f"(?:{counted})", rf"(?:\x00|{counted})"
    if not lemmas:
        record = rf"[\x{depth:02x}-\x7f]{rest}(?:\xfe|[\x00-\xfd\xff]{edit})"
    else:
        own = "|".join(
            rf"[\x{depth + slack:02x}-\x7f]{rest}[\x00-\x{slack + 1:02x}]{edit}" for slack in _SLACK
        )
        record = rf"[\x{depth:02x}-\x7f]{rest}\xfe|{own}"
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = 64 << 20
    return re2.compile(f"(?s)(?:{record})*".encode(), options)
