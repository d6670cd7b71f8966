"""The words of rules: lists expanded, then checked for what could never or would always match."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from msgspec import structs

from rasid.config.problems import Problems
from rasid.config.schema import ConditionIn, WordIn
from rasid.config.sections import FoundList
from rasid.config.tree import line_of
from rasid.settings import Condition, Part, Term

_LIST: Final = re.compile(r"\$([\w.-]+)")
_WILDCARD: Final = re.compile(r"\w[*?]?\*|\*\w")
_MAX_TERMS: Final = 100_000  # of one list, others in it included


@dataclass(frozen=True, slots=True)
class Where:
    """Where an entry stands, for messages."""

    label: str
    file: str
    tree: Any


class Lists:
    """The lists of the configuration; each is expanded once and shared by all rules."""

    def __init__(self, found: Mapping[str, FoundList], problems: Problems) -> None:
        self.found = found
        self.problems = problems
        self._terms: dict[str, tuple[Term, ...]] = {}

    def expand_all(self) -> None:
        """Expand every list, so that mistakes in unused ones are found too."""
        for name in self.found:
            self._expand(name, ())

    def terms(self, name: str, where: Where, path: tuple[int | str, ...]) -> tuple[Term, ...]:
        """Return the words of `$name`."""
        if name in self._terms:
            return self._terms[name]
        line = line_of(where.tree, path)
        hint = self.problems.nearest(name, self.found) or f'the word itself is {{word: "${name}"}}'
        self.problems.add(where.file, line, f"{where.label}: unknown list ${name}", hint)
        return ()

    def _expand(self, name: str, above: tuple[str, ...]) -> tuple[Term, ...]:
        if name in self._terms:
            return self._terms[name]
        listed = self.found[name]
        where = Where(f'list "{name}"', listed.file, listed.tree)
        terms: dict[Term, None] = {}
        for at, entry in enumerate(listed.entries or ()):
            match = _LIST.fullmatch(entry) if isinstance(entry, str) else None
            if match is None:
                terms[term(entry, where, (at,), self.problems)] = None
            elif match[1] in (*above, name) or len(above) > 50:
                message = f"{where.label} contains itself through ${match[1]}"
                self.problems.add(listed.file, line_of(listed.tree, (at,)), message)
            elif match[1] in self.found:
                terms.update(dict.fromkeys(self._expand(match[1], (*above, name))))
            else:
                self.terms(match[1], where, (at,))
        if len(terms) > _MAX_TERMS:
            message = f"{where.label} has more than {_MAX_TERMS:,} words"
            self.problems.add(listed.file, listed.line, message)
        self._terms[name] = tuple(terms)
        return self._terms[name]


def term(
    entry: str | WordIn, where: Where, path: tuple[int | str, ...], problems: Problems
) -> Term:
    """Return a word as it is searched for; note one that finds nothing or everything."""
    found = Term(entry) if isinstance(entry, str) else Term(entry.word, entry.language)
    if not any(letter.isalnum() for letter in unicodedata.normalize("NFKC", found.text)):
        message = f'{where.label}: "{found.text}" has no letter or digit'
        hint = "a rule on everything has no words at all, but allow_match_all: true"
        problems.add(where.file, line_of(where.tree, path), message, hint)
    elif _WILDCARD.search(found.text):
        message = f'{where.label}: "{found.text}": * is not supported in this version'
        hint = "a word finds its inflected forms by itself"
        problems.add(where.file, line_of(where.tree, path), message, hint)
    return found


def build(
    written: ConditionIn,
    lists: Lists,
    where: Where,
    path: tuple[int | str, ...] = (),
    *,
    in_title: bool = False,
) -> Condition:
    """Return a condition with its lists expanded."""
    inside = {
        key: _entries(getattr(written, key), key, lists, where, path, in_title=in_title)
        for key in ("any", "all", "none")
    }
    if written.title is not None:
        here = (*path, "title")
        if in_title:
            message = f"{where.label}: title: cannot stand inside title:"
            lists.problems.add(where.file, line_of(where.tree, here), message)
        title = build(written.title, lists, where, here, in_title=True)
        _check_open(written.title, where, here, lists.problems)
        inside["all"] += (structs.replace(title, fields=("title",)),)
    return Condition(any=inside["any"], all=inside["all"], none=inside["none"])


def _entries(
    entries: list[Any],
    key: str,
    lists: Lists,
    where: Where,
    path: tuple[int | str, ...],
    *,
    in_title: bool,
) -> tuple[Part, ...]:
    found: list[Part] = []
    for at, entry in enumerate(entries):
        here = (*path, key, at)
        if isinstance(entry, ConditionIn):
            found.append(build(entry, lists, where, here, in_title=in_title))
            _check_open(entry, where, here, lists.problems)
        elif isinstance(entry, str) and (match := _LIST.fullmatch(entry)):
            terms = lists.terms(match[1], where, here)
            found += [Condition(any=terms)] if key == "all" and terms else terms
        else:
            found.append(term(entry, where, here, lists.problems))
    return tuple(found)


def _is_open(written: ConditionIn) -> bool:
    """Return whether a condition asks for nothing (it may forbid something)."""
    return not (written.any or written.all or written.title)


def _check_open(
    written: ConditionIn, where: Where, path: tuple[int | str, ...], problems: Problems
) -> None:
    if _is_open(written):
        message = f"{where.label}: this part asks for no word, so it would match everything"
        problems.add(where.file, line_of(where.tree, path), message, "add any: or all: to it")


def judge(written: ConditionIn, where: Where, problems: Problems) -> None:
    """Note a rule that matches everything, as its form shows."""
    if not _is_open(written):
        return
    if written.none:
        message = f"{where.label} has vetoes only (none:), so it would match everything else"
    else:
        message = f"{where.label} has no words, so it would match everything"
    hint = "add any:, all: or title:, or allow_match_all: true"
    problems.add(where.file, where.tree.line, message, hint)
