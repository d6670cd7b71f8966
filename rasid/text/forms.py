"""From the words of rules to the forms in which texts may have them.

A word is expanded once, when rules are compiled. Which language it is in: its own
`language`, else what the letters of its term say, else the first dictionary that knows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from rasid.settings import Term
from rasid.text import arabic
from rasid.text.dictionary import Dictionaries, Paradigm
from rasid.text.fold import fold, fold_text, spelling
from rasid.text.languages import LATIN, SHARING, by_order, candidates
from rasid.text.tokens import dotted, is_unspaced, scripts, tokenize

_NON_JOINER: Final = "\u200c"
_HYPHENS: Final = frozenset("-‐‑")
_ELIDED: Final = frozenset(
    ("l", "d", "j", "n", "s", "m", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "dell", "all")
)
_ENGLISH: Final = frozenset(("s", "t", "d", "m", "re", "ve", "ll"))
_NOT_ACCENTS: Final = frozenset("ıёœæ'’‘ʼ׳‛′ʻ")  # letters that texts write either way
_BARE_CAPITALS: Final = frozenset(("fr", "es", "pt", "it"))  # ELECTIONS for élections


@dataclass(frozen=True, slots=True)
class Form:
    """A folded form and what a text's spelling must have for it to be this one.

    `letters`: (position, letter) pairs that folding would lose; a second letter may stand there
    as a capital. `capitals`: written in capitals. `clitics`: Arabic or Hebrew ones may be
    written with it; `article`: it must have the article; `marbuta`: it ends in a ة.
    """

    text: str
    letters: tuple[tuple[int, str], ...] = ()
    capitals: bool = False
    clitics: bool = False
    article: bool = False
    marbuta: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a rule with all its forms. `others` are texts' words that it never is.

    `language`: the languages whose forms it has, with spaces between; none for a name.
    """

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


class _Key(NamedTuple):
    """A word as typed, the language that it was given, and those that it may be of."""

    word: str
    language: str
    candidates: tuple[str, ...]


_NO_KEY: Final = _Key("", "", ())


def expand_terms(terms: Iterable[Term], dictionaries: Dictionaries) -> Mapping[Term, Phrase]:
    """Return every term expanded; all at once, since a dictionary is slow to open."""
    keys = {term: _keys(term) for term in terms}
    wholes = {term: _whole(term, found) for term, found in keys.items()}
    wanted = {key for found in keys.values() for key in found} | {*wholes.values()}
    chosen = _choose(sorted(wanted - {_NO_KEY}), dictionaries)
    words = {key: _word(key, readings) for key, readings in chosen.items()}
    return {
        term: _phrase(term, found, words, words.get(wholes[term])) for term, found in keys.items()
    }


def _parts(text: str) -> tuple[str, ...]:
    """Return the words of a term as typed; none for a script without spaces."""
    folded = fold(text)
    if is_unspaced(folded.text):
        return ()
    tokens = tokenize(folded)
    parts = [text[token.start : token.end] for token in tokens]
    for first, last in reversed([*dotted(text, tokens)]):  # U.S. is US
        parts[first : last + 1] = ["".join(parts[first : last + 1])]
    return tuple(parts)


def _keys(term: Term) -> list[_Key]:
    """Return the words of a term; one with a zero-width non-joiner, and then its parts."""
    parts = _parts(term.text)
    if len(parts) == 1 and _NON_JOINER in parts[0]:
        parts = (*parts, *(part for part in parts[0].split(_NON_JOINER) if _parts(part)))
    return [_Key(part, term.language, _candidates(part, term)) for part in parts]


def _whole(term: Term, keys: Sequence[_Key]) -> _Key:
    """Return what is one word without its hyphen (cease-fire) or with an apostrophe (перемир'я)."""
    if len(keys) != 2:
        return _NO_KEY
    one, two = (key.word for key in keys)
    between = fold_text(term.text.strip()).removeprefix(fold_text(one)).removesuffix(fold_text(two))
    of = scripts(fold_text(one + two))
    if between in _HYPHENS and of in ({"L"}, {"C"}) and (one + two).isalpha():
        whole = one + two
    elif between == "'" and of == {"C"}:
        whole = f"{one}'{two}"
    else:
        return _NO_KEY
    return _Key(whole, term.language, _candidates(whole, term))


def _candidates(word: str, term: Term) -> tuple[str, ...]:
    if not term.language and (len(word) == 1 or _is_abbreviation(word)):
        return ()
    return candidates(word, term.text, term.language)


_Reading = tuple[str, Paradigm]  # a language, and what a word is in it


def _choose(plan: Sequence[_Key], dictionaries: Dictionaries) -> dict[_Key, Sequence[_Reading]]:
    """Return what each word is in the first language whose dictionary knows it.

    After English, one that lists the word comes before one that has it as a form of another. Two
    languages that share a script share words too: both count if both know it. A word that
    none knows has the forms that rules give it in every language its letters point to.
    """
    chosen: dict[_Key, list[_Reading]] = {key: [] for key in plan}
    for lang in sorted({lang for key in plan for lang in key.candidates}, key=by_order):
        for loose in (False, True):
            keys = [
                key
                for key in plan
                if lang in key.candidates and bool(key.language) == loose
                if not _is_settled(key, chosen[key], lang)
            ]
            found = dictionaries.paradigms(lang, [key.word for key in keys], loose=loose)
            for key in keys:
                if found[key.word].known or not any(paradigm.known for _, paradigm in chosen[key]):
                    chosen[key].append((lang, found[key.word]))
    return {key: _fitting(key, readings) for key, readings in chosen.items()}


def _is_settled(key: _Key, readings: Sequence[_Reading], lang: str) -> bool:
    """Whether a word needs no look into another language's dictionary."""
    if lang == "de" and key.word[0].isupper():  # Brand may be the German noun too
        return False
    return any(
        paradigm.known
        and (paradigm.plain or known == "en" or known not in LATIN)
        and (known, lang) not in SHARING
        for known, paradigm in readings
    )


def _fitting(key: _Key, readings: Sequence[_Reading]) -> Sequence[_Reading]:
    known = [reading for reading in readings if reading[1].known]
    if any(lang in LATIN for lang, _ in known):
        ranked = sorted(known, key=lambda found: found[0] != "en" and not found[1].plain)
        nouns = [found for found in ranked[1:] if found[0] == "de" and found[1].listed]
        return [*ranked[:1], *(nouns if key.word[0].isupper() else ())]
    if known and key.word[0].isupper() and {lang for lang, _ in readings} == {"ru", "uk"}:
        return readings  # a name that one of them knows has cases in the other
    if known or key.language:
        return known or readings
    return readings if set(key.candidates).isdisjoint(LATIN[:1]) else ()  # a name, in any


def _phrase(
    term: Term, keys: Sequence[_Key], words: Mapping[_Key, Word], whole: Word | None
) -> Phrase:
    if not keys:
        return Phrase(term, inside=fold_text(term.text).strip())
    found = tuple(words[key] for key in keys)
    if len(keys) > 2 and _NON_JOINER in keys[0].word:  # آتش‌بس is also written آتش بس
        return Phrase(term, found[1:], found[0])
    if whole is not None:
        forms = tuple(Form(form.text.replace("'", ""), form.letters) for form in whole.forms)
        return Phrase(term, found, Word(whole.text, whole.language, forms))
    return Phrase(term, found, _joined(term.text, keys, found))


def _joined(term: str, keys: Sequence[_Key], words: Sequence[Word]) -> Word | None:
    """Return a phrase of Arabic words, or one with an apostrophe, written as one word."""
    if len(keys) < 2:
        return None
    whole = "".join(key.word for key in keys)
    arabic_words = all(scripts(fold_text(key.word)) == {"A"} for key in keys)
    if arabic_words and "ar" in words[0].language:
        return Word(whole, words[0].language, (Form(fold_text(whole), clitics=True),))
    if arabic_words or (len(keys) == 2 and _is_one_name(term, *(key.word for key in keys))):
        return Word(whole, words[0].language, (Form(fold_text(whole), clitics=_is_hebrew(whole)),))
    return None


def _is_one_name(term: str, before: str, after: str) -> bool:
    """Whether an apostrophe stands inside a word (Sana'a) and not between two (l'armée)."""
    between = fold_text(term.strip().removeprefix(before).removesuffix(after))
    return between == "'" and before.lower() not in _ELIDED and after.lower() not in _ENGLISH


def _word(key: _Key, readings: Sequence[_Reading]) -> Word:
    word = key.word
    if not readings or _is_abbreviation(word):
        capitals = _is_abbreviation(word)
        clitics = _is_hebrew(word)  # of ג'נין, whose first word is one letter
        return Word(word, "", (_form(word, bind=True, capitals=capitals, clitics=clitics),))
    forms: set[Form] = set()
    for language, paradigm in readings:
        if language == "ar":
            for text in paradigm.forms:
                forms.update(_arabic_forms(text, paradigm.article))
        else:
            forms.update(_forms(word, language, paradigm, readings[0][0]))
    shown = tuple(sorted(forms, key=lambda form: (form.text, form.letters, form.clitics)))
    others = frozenset(fold_text(other) for _, found in readings for other in found.others)
    return Word(word, " ".join(language for language, _ in readings), shown, others)


def _forms(word: str, language: str, paradigm: Paradigm, first: str) -> Iterator[Form]:
    """Return the forms of a word in a language; `first` is the one it was found in before."""
    clitics = language == "he"
    bind = paradigm.exact or bool(_bound(word))
    folded = fold_text(word)
    bare = language in _BARE_CAPITALS
    if first != "ar":
        yield _form(word, bind=True, clitics=clitics, bare=bare)
    for text in paradigm.forms if len(word) > 1 else ():
        if first == "ar" and not fold_text(text).startswith((folded + "ها", folded + "اي")):
            continue  # of an Arabic word too, only what no Arabic word ends in
        if fold_text(text) != folded and (len(_parts(text)) == 1 or "'" in word):
            yield _form(text, bind=bind, clitics=clitics, bare=bare)


def _arabic_forms(text: str, article: bool) -> list[Form]:
    folded = fold_text(text)
    marbuta = text.endswith("ة")
    return [
        Form(spelt, clitics=True, article=article, marbuta=marbuta and spelt.endswith("ه"))
        for spelt in (folded, *arabic.spelled_otherwise(folded))
    ]


def _form(
    text: str, *, bind: bool, capitals: bool = False, clitics: bool = False, bare: bool = False
) -> Form:
    return Form(fold_text(text), _bound(text, bare=bare) if bind else (), capitals, clitics)


def _bound(text: str, *, bare: bool = False) -> tuple[tuple[int, str], ...]:
    """Return the letters of a word that folding would lose, with their places.

    `bare`: capitals of its language may lack their accents.
    """
    return tuple(
        (at, typed + plain * bare)
        for at, (typed, plain) in enumerate(zip(spelling(text), fold_text(text), strict=True))
        if typed != plain and typed not in _NOT_ACCENTS and scripts(plain) & {"L", "G", "C"}
    )


def _is_hebrew(word: str) -> bool:
    return scripts(fold_text(word)) == {"H"}


def _is_abbreviation(word: str) -> bool:
    return 2 <= len(word) <= 4 and word.isalpha() and word.isupper()
