"""From rules to their index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rasid.rules.conditions import build, required, terms_of
from rasid.rules.index import Plan, RuleIndex, Sought, Tables, grams, merge
from rasid.rules.vocabulary import Vocabulary
from rasid.settings import Config, Rule, Term
from rasid.text.dictionary import Dictionaries
from rasid.text.forms import Phrase, Word, expand_terms
from rasid.text.tokens import is_unspaced


def compile_rules(
    config: Config, *, cache_dir: Path | None = None, dictionaries: Dictionaries | None = None
) -> RuleIndex:
    """Return the index of a configuration's rules.

    `cache_dir`: where the forms of words are kept, so that dictionaries are opened for
    new words only. `dictionaries`: opened ones to use instead.
    """
    phrases = expand_terms(_terms(config.rules), dictionaries or Dictionaries(cache_dir))
    numbers = {term: number for number, term in enumerate(phrases)}
    words = _Numbers()
    terms = tuple(_sought(phrase, words) for phrase in phrases.values())
    plans = tuple(
        Plan(rule, build(rule.condition, numbers.__getitem__)) for rule in config.rules.values()
    )
    cost = _cost(config.rules, numbers, terms)
    needed = [required(plan.node, cost) for plan in plans]
    filed = merge((term, at) for at, names in enumerate(needed) for term in names or ())
    tables = Tables(
        Vocabulary(words.words),
        terms,
        plans,
        _by_word(filed, terms, words.words),
        _by_gram(filed, terms),
        frozenset(
            at for at, names in enumerate(needed) if names is None and plans[at].rule.match_all
        ),
    )
    return RuleIndex(config.version, tables)


class _Numbers:
    """Numbers words; the same word of two terms has one number."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self._known: dict[tuple[str, str, bool], int] = {}

    def __call__(self, word: Word, *, joined: bool = False) -> int:
        """Return the number of a word."""
        key = (word.text, word.language, joined)
        if key not in self._known:
            self._known[key] = len(self.words)
            self.words.append(word)
        return self._known[key]


def _terms(rules: Mapping[str, Rule]) -> list[Term]:
    """Return every distinct term."""
    return list(dict.fromkeys(t for rule in rules.values() for t in terms_of(rule.condition)))


def _sought(phrase: Phrase, number: _Numbers) -> Sought:
    return Sought(
        phrase.term.text,
        tuple(map(number, phrase.words)),
        number(phrase.joined, joined=True) if phrase.joined else None,
        phrase.inside if is_unspaced(phrase.inside) else "",
    )


def _cost(
    rules: Mapping[str, Rule], numbers: Mapping[Term, int], terms: tuple[Sought, ...]
) -> Callable[[int], float]:
    """Return how costly it is to file rules under a term.

    A term that many rules share brings them all up at once; a longer one is rarer.
    """
    uses = Counter(
        numbers[term] for rule in rules.values() for term in set(terms_of(rule.condition))
    )
    return lambda term: uses[term] / max(len(terms[term].text), 1)


def _by_word(
    filed: Mapping[int, tuple[int, ...]], terms: tuple[Sought, ...], words: Sequence[Word]
) -> dict[int, tuple[int, ...]]:
    """File each term's plans under its rarest word, and under its joined spelling."""
    uses = Counter(word for sought in terms for word in sought.words)

    def rarity(word: int) -> tuple[int, int]:
        return -uses[word], len(words[word].text)

    pairs: list[tuple[int, int]] = []
    for term, plans in filed.items():
        sought = terms[term]
        rarest = max(sought.words, key=rarity, default=None)
        for word in (rarest, sought.joined):
            pairs.extend((word, plan) for plan in plans if word is not None)
    return merge(pairs)


def _by_gram(
    filed: Mapping[int, tuple[int, ...]], terms: tuple[Sought, ...]
) -> dict[str, tuple[tuple[int, tuple[int, ...]], ...]]:
    found: dict[str, list[tuple[int, tuple[int, ...]]]] = {}
    for term, plans in filed.items():
        if terms[term].inside:
            found.setdefault(grams(terms[term].inside), []).append((term, plans))
    return {gram: tuple(entries) for gram, entries in found.items()}
