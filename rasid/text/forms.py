"""From the words of rules to the forms in which texts may have them.

A word is expanded once, when rules are compiled. Which language it is in: its own
`language`, else what its letters say, else the first dictionary that knows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rasid.settings import Term
from rasid.text import arabic
from rasid.text.dictionary import LANGUAGES, Dictionaries, Paradigm
from rasid.text.fold import fold, fold_text, spelling
from rasid.text.tokens import is_unspaced, scripts, tokenize

_PERSIAN: Final = frozenset("پچژگکی")
_UKRAINIAN: Final = frozenset("іїєґ")
_RUSSIAN: Final = frozenset("ыэъё")
_TURKISH: Final = frozenset("ışğ")
_FRENCH: Final = frozenset("éèêàçùœ")
_LATIN: Final = ("en", "fr", "tr", "de", "es")
_BY_SCRIPT: Final = {"H": ("he",), "G": ("el",), "R": ("hy",), "E": ("ka",), "V": ("hi",)}
_BY_LETTERS: Final = (
    (_PERSIAN, ("fa",)),
    (_UKRAINIAN, ("uk",)),
    (_RUSSIAN, ("ru",)),
    (_TURKISH, ("tr",)),
    (_FRENCH, ("fr",)),
)
_NOT_ACCENTS: Final = frozenset("ıё'’‘ʼ")  # letters that texts write either way


@dataclass(frozen=True, slots=True)
class Form:
    """A folded form and what a text's spelling must have for it to be this one.

    `letters`: (position, letter) pairs that folding would lose. `capitals`: written in
    capitals. `clitics`: Arabic ones may surround it; `article`: it must have the article;
    `marbuta`: it ends in a ة.
    """

    text: str
    letters: tuple[tuple[int, str], ...] = ()
    capitals: bool = False
    clitics: bool = False
    article: bool = False
    marbuta: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a rule with all its forms. `others` are texts' words that it never is."""

    text: str
    language: str
    forms: tuple[Form, ...]
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a term became: words that follow one another.

    `joined` is the phrase written as one word. `inside` is set, and the rest is empty, for
    scripts without spaces: Chinese, Japanese, Thai and their like are found anywhere.
    """

    term: Term
    words: tuple[Word, ...] = ()
    joined: Word | None = None
    inside: str = ""


def expand_terms(terms: Iterable[Term], dictionaries: Dictionaries) -> Mapping[Term, Phrase]:
    """Return every term expanded; all at once, since a dictionary is slow to open."""
    parts = {term: _parts(term.text) for term in terms}
    plan = {
        (part, term.language): _candidates(part, term.language)
        for term, found in parts.items()
        for part in found
    }
    chosen = _choose(plan, dictionaries)
    words = {key: _word(key[0], *chosen.get(key, ("", None))) for key in plan}
    return {term: _phrase(term, found, words) for term, found in parts.items()}


def expand(term: Term, dictionaries: Dictionaries | None = None) -> list[str]:
    """Return every folded form of a term, for people to look at."""
    phrase = expand_terms([term], dictionaries or Dictionaries())[term]
    if phrase.inside:
        return [phrase.inside]
    shown = [" | ".join(sorted({form.text for form in word.forms})) for word in phrase.words]
    if len(phrase.words) == 1:
        shown = sorted({form.text for form in phrase.words[0].forms})
    return shown + [form.text for form in (phrase.joined.forms if phrase.joined else ())]


def _parts(text: str) -> tuple[str, ...]:
    """Return the words of a term as typed; none for a script without spaces."""
    folded = fold(text)
    if is_unspaced(folded.text):
        return ()
    return tuple(text[token.start : token.end] for token in tokenize(folded))


def _candidates(word: str, language: str) -> tuple[str, ...]:
    if language:
        primary = language.lower().partition("-")[0]
        return (primary,) if primary in LANGUAGES or primary == "ar" else ()
    if len(word) == 1 or _is_abbreviation(word):
        return ()
    letters = set(word.lower())
    for telling, languages in _BY_LETTERS:
        if letters & telling:
            return languages
    script = next(iter(scripts(fold_text(word))), "")
    by_script = {"A": ("ar", "fa"), "C": ("ru", "uk"), "L": _LATIN, **_BY_SCRIPT}
    return tuple(lang for lang in by_script.get(script, ()) if lang in LANGUAGES)


Key = tuple[str, str]  # a word as typed and the language it was given


def _choose(
    plan: Mapping[Key, tuple[str, ...]], dictionaries: Dictionaries
) -> dict[Key, tuple[str, Paradigm]]:
    """Return each word's language and paradigm: the first dictionary that knows it."""
    chosen: dict[Key, tuple[str, Paradigm]] = {}
    order = sorted({lang for languages in plan.values() for lang in languages})
    order.sort(key=lambda lang: _LATIN.index(lang) if lang in _LATIN else 0)
    for lang in sorted(order, key=lambda lang: lang == "uk"):  # Russian is tried before
        for loose in (False, True):
            words = [
                key for key, languages in plan.items()
                if lang in languages and bool(key[1]) == loose and not _is_known(chosen, key)
            ]  # fmt: skip
            found = dictionaries.paradigms(lang, [k[0] for k in words], loose=loose)
            for key in words:
                if found[key[0]].known or key not in chosen:
                    chosen[key] = (lang, found[key[0]])
    return chosen


def _is_known(chosen: Mapping[Key, tuple[str, Paradigm]], key: Key) -> bool:
    return key in chosen and chosen[key][1].known


def _phrase(term: Term, parts: Sequence[str], words: Mapping[Key, Word]) -> Phrase:
    if not parts:
        return Phrase(term, inside=fold_text(term.text).strip())
    found = tuple(words[part, term.language] for part in parts)
    return Phrase(term, found, _joined(parts, found))


def _joined(parts: Sequence[str], words: Sequence[Word]) -> Word | None:
    """Return a phrase of Arabic words, or one with an apostrophe, written as one word."""
    if len(parts) < 2:
        return None
    whole = "".join(parts)
    arabic_words = all(scripts(fold_text(part)) == {"A"} for part in parts)
    apostrophe = len(parts) == 2 and len(parts[1]) == 1 and parts[1].islower()
    if arabic_words:
        return Word(whole, words[0].language, (Form(fold_text(whole), clitics=True),))
    if apostrophe and len(parts[0]) > 2 and parts[1] not in ("s", "t"):
        return Word(whole, words[0].language, (Form(fold_text(whole)),))
    return None


def _word(word: str, language: str, paradigm: Paradigm | None) -> Word:
    if paradigm is None or _is_abbreviation(word):
        capitals = _is_abbreviation(word)
        return Word(word, language, (_form(word, bind=True, capitals=capitals),))
    is_arabic = scripts(fold_text(word)) == {"A"} and not _PERSIAN & set(word)
    forms = {_form(word, bind=True)} if not is_arabic else set()
    for text in paradigm.forms:
        if is_arabic:
            forms.update(_arabic_forms(text, paradigm.article))
        elif len(word) > 1 and fold_text(text) != fold_text(word) and len(_parts(text)) == 1:
            forms.add(_form(text, bind=paradigm.exact))
    others = frozenset(map(fold_text, paradigm.others))
    return Word(word, language, tuple(sorted(forms, key=lambda form: form.text)), others)


def _arabic_forms(text: str, article: bool) -> list[Form]:
    folded = fold_text(text)
    marbuta = text.endswith("ة")
    return [
        Form(spelt, clitics=True, article=article, marbuta=marbuta)
        for spelt in (folded, *arabic.spelled_otherwise(folded))
    ]


def _form(text: str, *, bind: bool, capitals: bool = False) -> Form:
    folded = fold_text(text)
    letters = enumerate(zip(spelling(text), folded, strict=True)) if bind else ()
    bound = tuple(
        (at, typed)
        for at, (typed, plain) in letters
        if typed != plain and typed not in _NOT_ACCENTS and scripts(plain) & {"L", "G", "C"}
    )
    return Form(folded, bound, capitals)


def _is_abbreviation(word: str) -> bool:
    return 2 <= len(word) <= 4 and word.isalpha() and word.isupper()
