"""Dictionaries turned round: from a word to all forms of its lemma.

simplemma knows the lemma of a form. A language's dictionary is opened once for all words
that the rules need of it; what was found is kept in a text file, so that the dictionary
is not opened again until a new word is asked for.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rasid.folders import make_folder
from rasid.text import arabic_forms, hebrew, turkish
from rasid.text.fold import fold_text
from rasid.text.suffixes import by_rule

if TYPE_CHECKING:
    from rasid.text.stream import Dictionary

log = logging.getLogger("rasid.text")

_ENGINE: Final = "14"  # raise it when what is kept would come out differently
_MOST_FORMS: Final = 1500
_CYRILLIC: Final = frozenset({"ru", "uk", "bg", "mk", "hbs"})
_OTHER_STEMS: Final = {"человек": "люд", "ребенок": "де", "год": "лет", "идти": "ш"}
_MORE_FORMS: Final = {"дитина": ("діти", "дітям", "дітьми", "дітях"), "людина": ("людях",)}


@cache
def languages() -> frozenset[str]:
    """Return the languages that have a dictionary."""
    # simplemma is loaded with the first word that is looked up: kept rules need none
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    return frozenset(SUPPORTED_LANGUAGES)


@dataclass(frozen=True, slots=True)
class Paradigm:
    """The forms of a word; `known` says whether the dictionary has it."""

    known: bool
    exact: bool  # spelt as the dictionary spells it, accents and all
    forms: tuple[str, ...]
    others: tuple[str, ...] = ()  # words that only look like a form with clitics
    article: bool = False  # typed with one; the forms have none
    plain: bool = False  # the form that the dictionary lists it under
    listed: bool = False  # the same, capitals and all


class Dictionaries:
    """What the rules of one configuration need of the dictionaries.

    `cache_dir` may be shared by several processes: files are replaced whole.
    """

    def __init__(self, cache_dir: Path | None = None) -> None:
        self._dir = cache_dir
        self._found: dict[str, dict[str, Paradigm]] = {}

    def paradigms(
        self, language: str, words: Iterable[str], *, loose: bool = False
    ) -> Mapping[str, Paradigm]:
        """Return the paradigm of each word; `loose` finds words typed without accents too."""
        wanted = set(words)
        found = self._found.setdefault(language, {})
        if not found:
            found.update(self._read(language))
        missing = {word for word in wanted if _key(word, loose) not in found}
        if missing:
            built = _build(language, missing, loose or language == "ar")
            found.update({_key(word, loose): paradigm for word, paradigm in built.items()})
            self._write(language, found)
        return {word: found[_key(word, loose)] for word in wanted}

    def _path(self, language: str) -> Path | None:
        key = f"{_ENGINE} {version('simplemma')} {language}"
        digest = hashlib.sha256(key.encode()).hexdigest()[:12]
        return self._dir / f"forms-{language}-{digest}.json" if self._dir else None

    def _read(self, language: str) -> dict[str, Paradigm]:
        path = self._path(language)
        if path is None or not path.exists():
            return {}
        try:
            return {k: _paradigm(v) for k, v in json.loads(path.read_text("utf-8")).items()}
        except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
            log.warning("kept word forms in %s are unreadable, made anew: %s", path.name, error)
            return {}

    def _write(self, language: str, found: Mapping[str, Paradigm]) -> None:
        path = self._path(language)
        if path is None:
            return
        kept = {
            w: [p.known, p.exact, p.forms, p.others, p.article, p.plain, p.listed]
            for w, p in sorted(found.items())
        }
        temporary = path.with_suffix(f".{os.getpid()}")
        try:
            make_folder(path.parent)
            temporary.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
            temporary.replace(path)
        except OSError as error:  # a cache that cannot be kept costs time, nothing else
            log.warning("word forms cannot be kept in %s: %s", path.parent, error)


def _key(word: str, loose: bool) -> str:
    return "~" + word if loose else word


def _paradigm(kept: Any) -> Paradigm:
    known, exact, forms, others, *typed = kept
    article, plain, listed = map(bool, typed)
    return Paradigm(
        bool(known), bool(exact), _strings(forms), _strings(others), article, plain, listed
    )


def _strings(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError("a list of words expected")
    return tuple(values)


def _build(language: str, words: set[str], loose: bool) -> dict[str, Paradigm]:
    from rasid.text import stream

    if language not in languages():
        return {word: _by_rule_alone(word, language) for word in words}
    dictionary = stream.open_dictionary(language)
    found = dictionary.spelt_like(map(fold_text, words))
    lemma_of: arabic_forms.Lookup = found.get
    if language == "ar":
        lemma_of = stream.lemmas(language).get
    plan = {word: _lemmas(word, language, lemma_of) for word in words}
    exact = {word for word, lemmas in plan.items() if lemmas}
    if loose:
        unknown = {w for w in words - exact if lemma_of(_bare(w, language, lemma_of)) is None}
        _add_accents(plan, unknown, found)
    listed = {  # погибших stands under погибший, and that under погибнуть
        word: _listed(word, language, lemmas) for word, lemmas in plan.items()
    }
    families = dictionary.forms_of({lemma for lemmas in listed.values() for lemma in lemmas})
    of_word = {
        word: [form for one in ones for form in families[one]] for word, ones in listed.items()
    }
    if language == "ar":
        return {
            word: _arabic(word, lemmas, of_word[word], word in exact, lemma_of)
            for word, lemmas in plan.items()
        }
    ruled = _ruled(language, plan, dictionary)
    others = _others(plan, of_word, dictionary) if language == "he" else {}
    return {
        word: Paradigm(
            bool(lemmas),
            word in exact,
            tuple(sorted({*_family(word, language, lemmas, of_word[word]), *ruled[word]})),
            tuple(sorted(others.get(word, ()))),
            plain=fold_text(word) in map(fold_text, lemmas),
            listed=word in lemmas,
        )
        for word, lemmas in plan.items()
    }


def _by_rule_alone(word: str, language: str) -> Paradigm:
    return Paradigm(False, False, tuple(sorted({word, *by_rule(word, language, "")})))


def _add_accents(
    plan: Mapping[str, set[str]], unknown: Iterable[str], found: Mapping[str, str]
) -> None:
    """Give words that were typed without accents the lemmas of those that have them."""
    typed = {fold_text(word): word for word in unknown}
    for form, lemma in found.items():
        if word := typed.get(fold_text(form)):
            plan[word].add(lemma)


def _listed(word: str, language: str, lemmas: set[str]) -> list[str]:
    """Return the lemmas whose forms are a word's: itself too, though it is a form of another."""
    if language == "ar" or not lemmas:
        return sorted(lemmas)
    return sorted({*lemmas, word})


def _family(word: str, language: str, lemmas: set[str], family: list[str]) -> set[str]:
    """Return the forms that the dictionary gives to a word and that are its own."""
    if language in _CYRILLIC:  # the dictionary has "штрафной" under "удар"
        first = word[0].lower()
        stems = (first, *(_OTHER_STEMS.get(lemma, first) for lemma in lemmas))
        family = [form for form in family if form.lower().startswith(stems)]
        family += [form for lemma in sorted(lemmas) for form in _MORE_FORMS.get(lemma, ())]
    elif language == "fa" and word.endswith("ه") and word not in lemmas:  # کشته of کشت
        family = [form for form in family if form.startswith(word)]
    elif language == "tr" and any(turkish.is_verbal_noun(word, lemma) for lemma in lemmas):
        return {word}  # "patlamadan" says that nothing went off
    elif language == "tr" and (stem := turkish.other_stem(word, lemmas)):
        family = [form for form in family if form.lower().startswith(stem)]
    return {word, *family[:_MOST_FORMS]}


def _ruled(
    language: str, plan: Mapping[str, set[str]], dictionary: Dictionary
) -> dict[str, set[str]]:
    """Return the forms by rule of each word, but those that the dictionary gives to another."""
    made = {
        word: set(by_rule(word, language, min(lemmas, default=""))) for word, lemmas in plan.items()
    }
    asked = {fold_text(form) for forms in made.values() for form in forms}
    taken: dict[str, set[str]] = {}
    for form, lemma in dictionary.spelt_like(asked).items() if asked else ():
        taken.setdefault(fold_text(form), set()).add(lemma)

    def is_own(form: str, word: str) -> bool:
        folded, lemmas = fold_text(form), plan[word]
        if language == "fa" and form in (word + "ی", word + "ای"):  # also "a" missile
            return True
        other = taken.get(folded, set()) - lemmas - {word}
        if not lemmas and word[0].isupper():  # of a name only the plain form of another word
            return folded not in map(fold_text, other)
        return not other

    return {word: {form for form in forms if is_own(form, word)} for word, forms in made.items()}


def _others(
    plan: Mapping[str, set[str]], families: Mapping[str, list[str]], dictionary: Dictionary
) -> dict[str, set[str]]:
    """Return the Hebrew words that begin with a particle's letter and are words themselves."""
    looks = {
        word: {fold_text(form) for form in hebrew.mistakable({word, *families[word]})}
        for word in plan
    }
    lemmas: dict[str, set[str]] = {}
    for form, lemma in dictionary.spelt_like(
        {one for all_ in looks.values() for one in all_}
    ).items():
        lemmas.setdefault(fold_text(form), set()).add(lemma)
    return {
        word: {one for one in ones if one in map(fold_text, lemmas.get(one, set()) - plan[word])}
        for word, ones in looks.items()
    }


def _lemmas(word: str, language: str, lemma_of: arabic_forms.Lookup) -> set[str]:
    if language == "ar":
        base = _bare(word, language, lemma_of)
        lemma = arabic_forms.family_lemma(base, lemma_of)
        return {lemma} if lemma and (base == word or lemma == base) else set()
    for spelling in (word, word.lower(), word.capitalize()):
        known = lemma_of(spelling)
        if known:
            return {known}
    return set()


def _bare(word: str, language: str, lemma_of: arabic_forms.Lookup) -> str:
    article = language == "ar" and arabic_forms.has_article(word, lemma_of)
    return word[2:] if article else word


def _arabic(
    word: str, lemmas: set[str], family: list[str], exact: bool, lemma_of: arabic_forms.Lookup
) -> Paradigm:
    base = _bare(word, "ar", lemma_of)
    article = base != word
    lemma = next(iter(sorted(lemmas)), "") if exact or len(lemmas) == 1 else ""
    forms = arabic_forms.forms(base, lemma, family if lemma else (), lemma_of)
    if article and not lemma:
        forms = {base}
    own = lemma or lemma_of(base) or ""
    others = arabic_forms.other_words(forms, own, lemma_of)
    known = lemma_of(base) is not None or bool(lemmas)
    return Paradigm(known, exact, tuple(sorted(forms)), tuple(sorted(others)), article)
