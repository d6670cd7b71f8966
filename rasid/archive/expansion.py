"""What the words of a rule became: the language taken, whether it was known, the forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rasid.rules.conditions import atoms_of
from rasid.rules.terms import is_wild
from rasid.settings import Config, Regex, Rule, Term
from rasid.text.dictionary import Dictionaries
from rasid.text.forms import Phrase, Word, expand_terms

INSIDE = "found inside running text"
AS_TYPED = "as typed"
WILDCARD = "wildcard"
EXPRESSION = "regular expression"


@dataclass(frozen=True, slots=True)
class Expanded:
    """One word of a term. `how`: "" where it is looked for in its forms."""

    term: str
    word: str
    lists: tuple[str, ...] = ()
    language: str = ""
    known: bool = False  # to the dictionary of the language
    how: str = ""
    forms: tuple[str, ...] = ()
    clitics: bool = False  # Arabic ones may surround the forms
    capitals: bool = False  # only where a text has capitals


def expanded(rule: Rule, config: Config, dictionaries: Dictionaries) -> list[Expanded]:
    """Return the words of a rule, in its order; each says which lists of the rules have it."""
    atoms = dict.fromkeys(atoms_of(rule.condition))
    lists = _lists(config.lists)
    terms = [atom for atom in atoms if isinstance(atom, Term)]
    phrases = expand_terms(filter(_has_forms, terms), dictionaries)
    found: list[Expanded] = []
    for atom in atoms:
        if isinstance(atom, Regex):
            found.append(Expanded(atom.pattern, atom.pattern, how=EXPRESSION))
        else:
            found += _of_term(atom, lists.get(atom, ()), phrases, dictionaries)
    return found


def expanded_word(term: Term, dictionaries: Dictionaries) -> list[Expanded]:
    """Return a word or phrase that stands in no rule."""
    phrases = expand_terms([term] if _has_forms(term) else [], dictionaries)
    return list(_of_term(term, (), phrases, dictionaries))


def _lists(lists: Mapping[str, Iterable[Term]]) -> dict[Term, tuple[str, ...]]:
    found: dict[Term, tuple[str, ...]] = {}
    for name, terms in lists.items():
        for term in terms:
            found[term] = (*found.get(term, ()), name)
    return found


def _has_forms(term: Term) -> bool:
    return term.inflect and not term.exact and not is_wild(term)


def _of_term(
    term: Term,
    lists: tuple[str, ...],
    phrases: Mapping[Term, Phrase],
    dictionaries: Dictionaries,
) -> Iterator[Expanded]:
    if not _has_forms(term):
        how = WILDCARD if is_wild(term) else AS_TYPED
        yield Expanded(term.text, term.text, lists, term.language, how=how)
        return
    phrase = phrases[term]
    if phrase.inside:
        yield Expanded(term.text, phrase.inside, lists, how=INSIDE)
    for word in (*phrase.words, *((phrase.joined,) if phrase.joined else ())):
        yield Expanded(
            term.text,
            word.text,
            lists,
            word.language,
            _is_known(word, term, dictionaries),
            forms=tuple(dict.fromkeys(form.text for form in word.forms)),
            clitics=any(form.clitics for form in word.forms),
            capitals=all(form.capitals for form in word.forms),
        )


def _is_known(word: Word, term: Term, dictionaries: Dictionaries) -> bool:
    return any(
        dictionaries.paradigms(one, [word.text], loose=bool(term.language))[word.text].known
        for one in word.language.split()
    )
