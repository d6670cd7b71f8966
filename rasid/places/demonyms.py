"""Words for who or what is of a country, in all their genders, numbers and cases.

From the form that a dictionary lists: the masculine singular; in German, Russian and
Ukrainian the adjective (in lower case) and the noun apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from rasid.places.word_forms import capital_of
from rasid.text import cyrillic, iranian, turkish

_Endings = tuple[tuple[str, int, tuple[str, ...]], ...]  # an end, letters it loses, what it takes

_ENGLISH: Final[_Endings] = (
    ("ese", 0, ()), ("ish", 0, ()), ("ch", 0, ()), ("ss", 0, ()), ("nx", 0, ()), ("", 0, ("s",)),
)  # fmt: skip
_FRENCH: Final[_Endings] = (
    ("ien", 0, ("ne", "s", "nes")), ("éen", 0, ("ne", "s", "nes")), ("yen", 0, ("ne", "s", "nes")),
    ("ais", 0, ("e", "es")), ("ois", 0, ("e", "es")), ("e", 0, ("s",)), ("s", 0, ("e", "es")),
    ("", 0, ("e", "s", "es")),
)  # fmt: skip
_SPANISH: Final[_Endings] = (
    ("o", 1, ("a", "os", "as")), ("és", 2, ("esa", "eses", "esas")),
    ("án", 2, ("ana", "anes", "anas")), ("ón", 2, ("ona", "ones", "onas")),
    ("í", 0, ("es", "s")), ("l", 0, ("a", "es", "as", "s")), ("s", 0, ("es", "a", "as")),
    ("r", 0, ("es", "a", "as")), ("", 0, ("s",)),
)  # fmt: skip
_ITALIAN: Final[_Endings] = (
    ("co", 2, ("ca", "ci", "che", "chi")), ("go", 2, ("ga", "gi", "ghe", "ghi")),
    ("cio", 2, ("ia", "i", "e")), ("o", 1, ("a", "i", "e")), ("ita", 1, ("i", "e")),
    ("a", 1, ("i", "e")), ("e", 1, ("i",)),
)  # fmt: skip
_PORTUGUESE: Final[_Endings] = (
    ("o", 1, ("a", "os", "as")), ("ês", 2, ("esa", "eses", "esas")),
    ("eu", 2, ("eia", "eus", "eias")), ("ol", 2, ("ola", "óis", "olas")), ("z", 0, ("es",)),
    ("ão", 2, ("ã", "ãos", "ães", "ãs")), ("", 0, ("s",)),
)  # fmt: skip
_GERMAN_ADJECTIVE: Final = ("e", "er", "en", "es", "em")
_GERMAN_NOUN: Final[_Endings] = (
    ("e", 1, ("en", "in", "innen", "er")), ("er", 0, ("n", "s", "in", "innen")),
    ("it", 0, ("en", "in", "innen")), ("t", 0, ("en", "in", "innen")),
    ("r", 0, ("n", "s", "in", "innen")), ("", 0, ("s",)),
)  # fmt: skip
_HEBREW: Final[_Endings] = (("י", 0, ("ת", "ם", "ים", "ות")), ("", 0, ("ית", "ים", "יות")))
_NISBA: Final = ("ة", "ون", "ين", "ات", "ان", "تان", "تين")
_RU_OBLIQUE: Final = ("а", "у", "ем", "ом", "е", "ы", "ев", "ам", "ами", "ах")
_UK_OBLIQUE: Final = ("я", "ю", "еві", "ем", "і", "ів", "ям", "ями", "ях")


def demonyms(word: str, language: str) -> Iterator[str]:
    """Return a word and its other forms; of several words, the last one's. Itself is first."""
    yield word
    before, space, last = word.rpartition(" ")
    for form in _FORMS[language](last) if language in _FORMS else ():
        yield before + space + capital_of(last, form, language)


def _by(endings: _Endings) -> Callable[[str], Iterator[str]]:
    def forms(word: str) -> Iterator[str]:
        for end, cut, taken in endings:
            if word.endswith(end):
                yield from (word[: len(word) - cut] + more for more in taken)
                return

    return forms


def _german(word: str) -> Iterator[str]:
    if word[0].islower() or word.endswith("isch"):
        yield from (word + ending for ending in _GERMAN_ADJECTIVE)
    else:
        yield from _by(_GERMAN_NOUN)(word)


def _arabic(word: str) -> Iterator[str]:
    if word.endswith("ي"):
        yield from (word + ending for ending in _NISBA)


def _russian(word: str) -> Iterator[str]:
    yield from cyrillic.names(word, "ru")
    if word.endswith("ец"):
        stem = word[:-2] + ("йц" if word[-3] in "аеиоу" else "ц")
        yield from (stem + ending for ending in _RU_OBLIQUE)
    elif word.endswith("нин"):
        yield from (word[:-2] + ending for ending in ("е", "", "ам", "ами", "ах"))
    elif word.endswith("ин"):
        yield from (word[:-2] + ending for ending in ("ы", "", "ам", "ами", "ах"))
    elif word.endswith("ка"):
        yield from (word[:-2] + ("ек" if word[-3] in "йь" else "ок"), word[:-1] + "ой")


def _ukrainian(word: str) -> Iterator[str]:
    yield from cyrillic.names(word, "uk")
    if word.endswith("ець"):
        stem = word[:-3] + "ц"
        yield from (stem + ending for ending in _UK_OBLIQUE)
    elif word.endswith("єць"):
        stem = word[:-3] + "йц"
        yield from (stem + ending for ending in _UK_OBLIQUE)
    elif word.endswith("нин"):
        yield from (word[:-2] + ending for ending in ("и", "", "ам", "ами", "ах"))


def _kurmanji(word: str) -> Iterator[str]:
    yield from iranian.kurmanji(word)
    if word.endswith("î"):
        yield from (word[:-1] + "iy" + ending for ending in ("a", "ê", "an", "ên"))


_FORMS: Final[Mapping[str, Callable[[str], Iterator[str]]]] = {
    "ar": _arabic, "ckb": iranian.sorani, "de": _german, "en": _by(_ENGLISH), "es": _by(_SPANISH),
    "fa": iranian.persian, "fr": _by(_FRENCH), "he": _by(_HEBREW), "it": _by(_ITALIAN),
    "ku": _kurmanji, "pt": _by(_PORTUGUESE), "ru": _russian, "tr": turkish.nouns,
    "uk": _ukrainian,
}  # fmt: skip


def of_name(name: str, language: str) -> Iterator[str]:
    """Return what a country's name gives by rule: Meksika, Meksikalı; مکزیک, مکزیکی.

    Only where the rule holds for nearly all, of names of one word.
    """
    if " " in name or "-" in name or (language == "tr" and not name[1:].islower()):
        return
    if language == "tr":
        vowels = [_HIGH[letter] for letter in name.lower() if letter in _HIGH]
        yield from (name + "l" + vowel for vowel in vowels[-1:])
    elif language == "fa":
        yield _persian_of(name)


_HIGH: Final = {"a": "ı", "ı": "ı", "o": "u", "u": "u", "e": "i", "i": "i", "ö": "ü", "ü": "ü",
                "â": "ı", "î": "i", "û": "u"}  # fmt: skip


def _persian_of(name: str) -> str:
    if name.endswith("ی"):
        return name + "ایی"
    if name.endswith("ه"):
        return name + "\u200cای"
    return name + ("یی" if name.endswith(("ا", "و")) else "ی")
