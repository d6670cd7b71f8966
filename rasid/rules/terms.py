"""From the terms of rules to what is looked for: numbered words, texts, expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from msgspec import structs

from rasid.rules.conditions import Atom, Leaf
from rasid.rules.program import Sought
from rasid.rules.vocabulary import Glob
from rasid.settings import Regex, Term
from rasid.text.dictionary import Dictionaries
from rasid.text.fold import fold, fold_text
from rasid.text.forms import Form, Phrase, Word, expand_terms
from rasid.text.tokens import is_unspaced, tokenize

_WILD: Final = re.compile(r"[*?]")
_RUN: Final = re.compile(r"(?:[^\W_]|[*?])+")
_WILDCARDS: Final = {"*": ".*", "?": "."}


class Terms:
    """Every atom of all rules as it is looked for.

    `words` are numbered by their place; of those with wildcards, `globs` says what they match.
    Texts of scripts without spaces and expressions have the numbers (triggers) after them.
    """

    def __init__(self, atoms: Iterable[Atom], dictionaries: Dictionaries) -> None:
        asked = tuple(dict.fromkeys(atoms))
        self.words: list[Word] = []
        self.globs: list[Glob] = []
        self._known: dict[tuple[str, str, bool, bool], int] = {}
        self._phrases = expand_terms(_to_expand(asked), dictionaries)
        found = [self._sought(atom) for atom in asked]
        self.sought = _triggered(found, len(self.words))
        self.numbers = {atom: number for number, atom in enumerate(asked)}

    def leaf(self, atom: Atom, fields: int) -> Leaf:
        """Return an atom as part of a condition, looked for in some fields (bits)."""
        number = self.numbers[atom]
        sought = self.sought[number]
        alone = len(sought.words) == 1 and sought.joined is None and not sought.exact
        return Leaf(number, fields, sought.words[0] if alone else -1)

    def _sought(self, atom: Atom) -> Sought:
        if isinstance(atom, Regex):
            return Sought(atom.pattern, pattern=atom.pattern)
        if is_wild(atom):
            words = (word for piece in _pieces(atom) for word in self._of_piece(piece))
            return Sought(atom.text, tuple(words))
        if is_unspaced(folded := fold_text(atom.text).strip()):
            return Sought(atom.text, inside=folded, exact=atom.text if atom.exact else "")
        if atom.exact or not atom.inflect:
            return Sought(
                atom.text, self._as_typed(atom.text), exact=atom.text if atom.exact else ""
            )
        return self._of_phrase(self._phrases[atom])

    def _of_phrase(self, phrase: Phrase) -> Sought:
        words = tuple(map(self._number, phrase.words))
        joined = self._number(phrase.joined, joined=True) if phrase.joined else None
        return Sought(phrase.term.text, words, joined)

    def _of_piece(self, piece: Term) -> tuple[int, ...]:
        if not _WILD.search(piece.text):
            return self._of_phrase(self._phrases[piece]).words
        runs = _RUN.findall(fold_text(piece.text))
        return tuple(self._glob(run) if _WILD.search(run) else self._plain(run) for run in runs)

    def _as_typed(self, text: str) -> tuple[int, ...]:
        return tuple(self._plain(token.word) for token in tokenize(fold(text)))

    def _plain(self, folded: str) -> int:
        """Return the number of a word that has no form but itself."""
        return self._number(Word(folded, "", (Form(folded),)), plain=True)

    def _glob(self, run: str) -> int:
        pattern = "".join(_WILDCARDS.get(char) or re.escape(char) for char in run)
        number = self._number(Word(run, "", ()), plain=True)
        glob = Glob(number, run[: next(_WILD.finditer(run)).start()], pattern)
        if glob not in self.globs[-1:] and number == len(self.words) - 1:
            self.globs.append(glob)
        return number

    def _number(self, word: Word, *, joined: bool = False, plain: bool = False) -> int:
        """Return the number of a word; the same word of two terms has one."""
        key = (word.text, word.language, joined, plain)
        if key not in self._known:
            self._known[key] = len(self.words)
            self.words.append(word)
        return self._known[key]


def is_wild(term: Term) -> bool:
    """Whether a term has wildcards that mean something."""
    return not term.exact and _WILD.search(term.text) is not None


def _to_expand(atoms: Iterable[Atom]) -> list[Term]:
    """Return the terms whose forms are wanted; the plain words beside wildcards are some."""
    wanted: dict[Term, None] = {}
    for atom in atoms:
        if isinstance(atom, Regex) or atom.exact or not atom.inflect:
            continue
        for piece in _pieces(atom) if is_wild(atom) else (atom,):
            if not is_wild(piece):
                wanted[piece] = None
    return list(wanted)


def _pieces(term: Term) -> list[Term]:
    return [structs.replace(term, text=piece) for piece in term.text.split()]


def _triggered(found: list[Sought], first: int) -> tuple[Sought, ...]:
    """Number texts and expressions from `first` on."""
    made = []
    for sought in found:
        other = bool(sought.inside or sought.pattern)
        made.append(structs.replace(sought, trigger=first) if other else sought)
        first += other
    return tuple(made)
