"""Turkish: the forms of a noun or a name by vowel harmony and consonant softening."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

_VOWELS: Final = "aıouâûeiöüî"
_BACK: Final = "aıouâû"
_HIGH: Final = {"a": "ı", "ı": "ı", "â": "ı", "o": "u", "u": "u", "û": "u",
                "e": "i", "i": "i", "î": "i", "ö": "ü", "ü": "ü"}  # fmt: skip
_VOICELESS: Final = "fstkçşhp"
_SOFT: Final = {"p": "b", "ç": "c", "t": "d", "k": "ğ"}


def is_verbal_noun(word: str, lemma: str) -> bool:
    """Whether a word names what its lemma, a verb's stem, does: patlama of patla."""
    return word != lemma and word in (lemma + "ma", lemma + "me")


def other_stem(word: str, lemmas: Iterable[str]) -> str:
    """Return the stem of a verb that its lemma's stem only begins: öldür of öldürmek, of öl.

    A k or t at its end is left off, which is soft before a vowel.
    """
    stem = word[:-3] if len(word) > 5 and word.endswith(("mak", "mek")) else ""
    return "" if stem in lemmas else stem[:-1] + stem[-1:].rstrip("tk")


def nouns(word: str) -> Iterator[str]:
    """Return plural, cases and the possessive of the third person of a noun."""
    lower = word.replace("İ", "i").replace("I", "ı").lower()
    vowels = [letter for letter in lower if letter in _VOWELS]
    if not vowels:
        return
    yield from _cases(lower, vowels[-1])
    low = "a" if vowels[-1] in _BACK else "e"
    yield lower + "l" + low + "r"
    yield from _cases(lower + "l" + low + "r", low)
    yield from _of_possessed(lower + "l" + low + "r" + _HIGH[low], low)
    if lower[-1] in _VOWELS:
        yield from _of_possessed(lower + "s" + _HIGH[vowels[-1]], low)
        return
    for stem in _stems(lower, len(vowels)):
        yield from _of_possessed(stem + _HIGH[vowels[-1]], low)


def names(word: str) -> Iterator[str]:
    """Return the cases of a name, which has no plural; also as a possessed one: Birliğinde."""
    lower = word.replace("İ", "i").replace("I", "ı").lower()
    vowels = [letter for letter in lower if letter in _VOWELS]
    if vowels:
        yield from _cases(lower, vowels[-1])
        if len(vowels) > 2 and lower[-1] in _HIGH.values():
            yield from _of_possessed(lower, "a" if vowels[-1] in _BACK else "e")


def _stems(word: str, vowels: int) -> tuple[str, ...]:
    """Return a word as it stands before a vowel; names keep their hard end, so both."""
    soft = _SOFT.get(word[-1], "")
    if not soft or vowels < 2:
        return (word,)
    if word.endswith("nk"):
        soft = "g"
    return (word, word[:-1] + soft)


def _cases(word: str, vowel: str) -> Iterator[str]:
    high, low = _HIGH[vowel], "a" if vowel in _BACK else "e"
    dental = "t" if word[-1] in _VOICELESS else "d"
    yield from (word + dental + low + ending for ending in ("", "n", "ki"))
    if word[-1] in _VOWELS:
        yield from (f"{word}y{high}", f"{word}y{low}", f"{word}n{high}n", f"{word}yl{low}")
        return
    yield f"{word}l{low}"
    for stem in _stems(word, sum(letter in _VOWELS for letter in word)):
        yield from (stem + high, stem + low, f"{stem}{high}n")


def _of_possessed(word: str, low: str) -> Iterator[str]:
    """Return a possessed noun and its cases, which begin with n: saldırısında."""
    high = word[-1]
    yield word
    yield from (f"{word}n{high}", f"{word}n{low}", f"{word}n{high}n", f"{word}yl{low}")
    yield from (f"{word}nd{low}{ending}" for ending in ("", "n", "ki"))
