"""Words as written, and the lists of them that rules share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from rasid.config.entries import entry_doubt, entry_fault
from rasid.config.problems import Problems
from rasid.config.schema_rules import WordIn
from rasid.config.sections import FoundList
from rasid.config.tree import spot_of
from rasid.settings import Term
from rasid.text.wildcards import fault_of

LIST: Final = re.compile(r"\$([\w.-]+)")
_EXACT: Final = re.compile('=["“«](.+)["”»]')
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
        self.words: dict[str, tuple[Term, ...]] = {}

    def expand_all(self) -> None:
        """Expand every list, so that mistakes in unused ones are found too."""
        for name in self.found:
            self._expand(name, ())

    def terms(self, name: str, where: Where, path: tuple[int | str, ...]) -> tuple[Term, ...]:
        """Return the words of `$name`."""
        if name in self.words:
            return self.words[name]
        spot = spot_of(where.tree, path)
        known = map("${}".format, self.found)  # with its $, to be copied
        hint = self.problems.nearest(f"${name}", known) or f'the word itself is {{word: "${name}"}}'
        self.problems.add(where.file, spot, f"{where.label}: unknown list ${name}", hint)
        return ()

    def _expand(self, name: str, above: tuple[str, ...]) -> tuple[Term, ...]:
        if name in self.words:
            return self.words[name]
        listed = self.found[name]
        where = Where(f'list "{name}"', listed.file, listed.tree)
        terms: dict[Term, None] = {}
        for at, entry in enumerate(listed.entries or ()):
            match = LIST.fullmatch(entry) if isinstance(entry, str) else None
            if match is None:
                terms[term(entry, where, (at,), self.problems)] = None
            elif match[1] in (*above, name) or len(above) > 50:
                message = f"{where.label} contains itself through ${match[1]}"
                spot = spot_of(listed.tree, (at,))
                self.problems.add(listed.file, spot, message, f"take ${match[1]} away here")
            elif match[1] in self.found:
                terms.update(dict.fromkeys(self._expand(match[1], (*above, name))))
            else:
                self.terms(match[1], where, (at,))
        if len(terms) > _MAX_TERMS:
            message = f"{where.label} has more than {_MAX_TERMS:,} words"
            self.problems.add(listed.file, listed.spot, message)
        self.words[name] = tuple(terms)
        return self.words[name]


def term(
    entry: str | WordIn, where: Where, path: tuple[int | str, ...], problems: Problems
) -> Term:
    """Return a word as it is searched for; note one that finds nothing or everything."""
    if isinstance(entry, str):
        if entry.isalnum():
            return Term(entry)
        exact = _EXACT.fullmatch(entry)
        found = Term(exact[1].strip(), exact=True) if exact else Term(entry)
        fault = fault_of(found.text, exact=found.exact) or (None if exact else entry_fault(entry))
    else:
        found = Term(entry.word, entry.language, entry.exact, entry.inflect)
        fault = fault_of(found.text, exact=found.exact)
    if fault:
        message = f"{where.label}: {fault.message}"
        problems.add(where.file, spot_of(where.tree, path), message, fault.hint)
    elif isinstance(entry, str) and not found.exact and (doubt := entry_doubt(entry)):
        message = f"{where.label}: {doubt.message}"
        problems.warn(where.file, spot_of(where.tree, path), message, doubt.hint)
    return found
