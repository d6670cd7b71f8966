"""What all other languages of CLDR call countries, with the cases that a dictionary has.

Sixteen languages have words of our own; in others, of those that are official somewhere, a
country is found by its name alone: w Niemczech, Szíriában, 시리아에서. A name that is too short,
that is a word in the languages that we know, or that a town bears (Palu), would be found where
it is not meant, and is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import product
from typing import Final

from rasid.places import cldr
from rasid.places.entries import Entry
from rasid.places.frequency import frequencies
from rasid.places.model import Means
from rasid.places.names import bare, key
from rasid.places.ordinary import cased
from rasid.places.own_words import LANGUAGES, WordOf
from rasid.text.dictionary import Dictionaries
from rasid.text.dictionary import languages as dictionaries
from rasid.text.fold import fold_text
from rasid.text.tokens import scripts

_LARGE: Final = 15_000  # people
_MANY: Final = 150  # territories that a language has names for
_LEAST: Final = 4  # letters of a name
_LEAST_OF: Final = {"N": 2, "J": 2, "T": 3, "V": 3, "P": 3}  # of scripts that write more with one
_OF_A_NAME: Final = 3  # letters that cases differ in, and that they begin with
_LONG: Final = 8  # letters of a word of which cases change fewer
_VERY_LONG, _OF_A_VERY_LONG = 10, 4  # and of one whose beginning is enough: Yhdysvaltojen
_MOST_CASES: Final = 400  # of one name; of more it is found as it stands
_OFTEN: Final = 250  # in hundredths of the Zipf scale: where words have no capitals, one of many
_CODE: Final = 2  # letters of a country's


def further_words(known: Iterable[WordOf], towns: Iterable[Entry]) -> Iterator[WordOf]:
    """Return names of countries in languages that `known` has none of; no large town's name."""
    taken: dict[str, set[str]] = defaultdict(set)
    for word in known:
        taken[key(word.text)].add(word.identity)
    for town in towns:
        if town.population >= _LARGE:
            taken[key(town.name)].add(town.id)
    found = list(_words())
    single = {fold_text(word.text) for word in found if " " not in word.text}
    ordinary = {*cased(single), *_often_written(single)}
    meant: dict[str, set[str]] = defaultdict(set)
    for word in found:
        meant[key(word.text)].add(word.identity)
    for word in dict.fromkeys(found):
        folded = key(word.text)
        alone = len(meant[folded] | taken[folded]) == 1
        if alone and word.identity not in taken[folded] and folded not in ordinary:
            yield word


def _often_written(folded: Iterable[str]) -> Iterator[str]:
    """Return words that Arabic, Persian or Hebrew often write, whatever they mean there."""
    often = [frequencies(language) for language in ("ar", "fa", "he")]
    for word in folded:
        if any(one.get(bare(word), 0) >= _OFTEN for one in often):
            yield word


def _words() -> Iterator[WordOf]:
    told = {language.partition("_")[0] for language in LANGUAGES}
    for language in sorted((cldr.official_languages() & cldr.languages()) - told):
        names = _names(language)
        if len(names) < _MANY:
            continue
        cases = _cases(language, names)
        for name, code in names.items():
            for text in sorted({name, *cases.get(name, ())}):
                yield WordOf(f"country:{code}", text, Means.NAME, language)


def _names(language: str) -> dict[str, str]:
    """Return names that are long enough, with the alpha-2 code of each."""
    codes = [code for code in cldr.territories(language) if len(code) == _CODE]
    found = ((name, code) for code in codes for name in cldr.names(code, language))
    return {name: code for name, code in found if _is_long(name)}


def _is_long(name: str) -> bool:
    letters = key(name)
    written = scripts(letters)
    return bool(written) and len(letters) >= max(_LEAST_OF.get(one, _LEAST) for one in written)


def _cases(language: str, names: Iterable[str]) -> Mapping[str, Set[str]]:
    """Return the forms that a dictionary has of names of one word or two, written as they are."""
    if language not in dictionaries():
        return {}
    short = {name: name.split(" ") for name in names if name.count(" ") <= 1}
    spelt = {word for words in short.values() for word in words}
    found = Dictionaries().paradigms(language, {*spelt, *map(str.lower, spelt)})

    def forms(word: str) -> set[str]:
        known = {word}
        for one in (word, word.lower()):
            known.update(found[one].forms if found[one].known else ())
        if word[0].isupper():
            known = {form[:1].upper() + form[1:] for form in known}
        return {form for form in known if _is_case(form, word)} | {word}

    made = {
        name: [" ".join(one) for one in product(*map(forms, words))]
        for name, words in short.items()
    }
    return {
        name: {one for one in cases if _is_long(one)}
        for name, cases in made.items()
        if len(cases) <= _MOST_CASES
    }


def _is_case(form: str, word: str) -> bool:
    """Whether a form has the stem of a word, and not a verb's or a comparison's ending."""
    changes = _OF_A_NAME - (len(word) >= _LONG)
    if len(word) >= _VERY_LONG:
        changes = _OF_A_VERY_LONG
    stem = fold_text(word)[: max(_OF_A_NAME, len(word) - changes)]
    if form.endswith("'s"):
        return False  # Canada's in Dutch: in every text it is Canada
    return fold_text(form).startswith(stem) and len(form) <= len(word) + _OF_A_NAME
