"""The forms in which texts have the names of countries and the words made of them.

Case is kept: a form that begins with a capital is one only when written so. What is written
together with a word in front (Arabic and Hebrew) is not added: it is peeled at look-up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from rasid.places import slavic_names
from rasid.text import arabic, iranian, turkish
from rasid.text.fold import fold_text

_GERMAN_ADJECTIVE: Final = ("e", "er", "en", "es", "em")
_GERMAN_DECLINED: Final = re.compile(r"(?<=[a-zäöüß]{3})e[rsnm]?$")
_KURMANJI_PLURAL: Final = (  # of people and things, and "one": a country has neither
    "n",
    "an",
    "yan",
    "ên",
    "yên",
    "ek",
    "yek",
    "eke",
    "yeke",
    "ekê",
    "yekê",
)
_TURKISH_POSSESSED: Final = (
    "ni", "ne", "nin", "nın", "yle", "yla", "nde", "nda", "nden", "ndan", "ndeki", "ndaki",
)  # fmt: skip


def names(name: str, language: str) -> Iterator[str]:
    """Return a name and its cases, as its language writes them. The name itself is first."""
    yield name
    if language in ("ru", "uk"):
        yield from slavic_names.cases(name, language)
    elif language == "de":
        yield from _german(name)
    elif language in _CASES:
        before, space, last = name.rpartition(" ")
        for form in _CASES[language](last):
            yield before + space + capital_of(last, form, language)


def capital_of(word: str, form: str, language: str) -> str:
    """Return a form with a capital if its word has one."""
    if not word[:1].isupper():
        return form
    first = "İ" if language == "tr" and form[0] == "i" else form[0].upper()
    return first + form[1:]


def _german(name: str) -> Iterator[str]:
    """Return cases: Vereinigtes Königreich, im Vereinigten Königreich, in den Niederlanden."""
    *before, last = name.split(" ")
    nouns = [last, *_german_noun(last)]
    for ending in _GERMAN_ADJECTIVE if any(map(_GERMAN_DECLINED.search, before)) else ("",):
        words = [_GERMAN_DECLINED.sub(ending, word) if ending else word for word in before]
        yield from (" ".join((*words, noun)) for noun in nouns)


def _german_noun(word: str) -> Iterator[str]:
    if not word.endswith(("s", "z", "x", "ß")) and word[:1].isupper():
        yield word + "s"
    if word.endswith(("lande", "staate", "rate")):
        yield word + "n"  # the plural ones


def _arabic(word: str) -> Iterator[str]:
    yield from arabic.spelled_otherwise(fold_text(word))


def _persian(word: str) -> Iterator[str]:
    if word.endswith(("ا", "و")):
        yield word + "ی"


def _sorani(word: str) -> Iterator[str]:
    yield from (word + ending for ending in ("ی", "دا", "ەوە", "وە", "یش", "ش"))


def _turkish(word: str) -> Iterator[str]:
    if word.endswith(("leri", "ları")):
        yield from (word + ending for ending in _TURKISH_POSSESSED)
    elif word[1:].islower():
        yield from turkish.names(word)


def _kurmanji(word: str) -> Iterator[str]:
    if word[1:].islower() and word.isalpha():
        plural = {word.lower() + ending for ending in _KURMANJI_PLURAL}
        yield from (form for form in iranian.kurmanji(word) if form not in plural)
        if word[-1] in "eaî":
            yield from (word[:-1] + ending for ending in ("ê", "iyê", "îyê"))


_CASES: Final[dict[str, Callable[[str], Iterator[str]]]] = {
    "ar": _arabic, "ckb": _sorani, "fa": _persian, "ku": _kurmanji, "tr": _turkish,
}  # fmt: skip
