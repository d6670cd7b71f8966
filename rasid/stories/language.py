"""Which language a text is in, well enough to know how rare its words are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import Final

from rasid.text.fold import fold_text

# the commonest words of a language
_COMMON: Final = {
    "en": "the of and to was for with that said is on at in",
    "fr": "le la les de des et est une un du dans pour qui sur pas au",
    "de": "der die und das den dem ist nicht mit von ein im in",
    "es": "el la los las de y una un por con del se que en",
    "it": "il la di che della gli per una un sono dei nel in",
    "pt": "o a os as de uma um dos das não para com em que",
    "tr": "ve bir bu için ile olarak da de iki",
    "nl": "het een van en dat niet op zijn voor met in de",
    "pl": "w na się nie jest do że po przez",
    "ro": "și în care pe la cu din pentru este de un",
    "sv": "och att det som är på för inte av i en",
    "ru": "в и не на что с по как его из",
    "uk": "у в і та що не на від як його про з",
    "bg": "и на от за се да че със в",
    "ar": "في من على إلى ان التي الذي عن بعد مع",
    "fa": "در به از که این را است با برای شد بر",
    "ur": "کے کی میں ہے اور سے نے کو کا پر",
}
# letters that one language of a script has, or few
_LETTERS: Final = {
    "fr": "àâçèéêëîïôûœ", "de": "äöüß", "es": "ñáéíóú¿¡", "it": "àèìòù", "pt": "ãõâêçáéíóú",
    "tr": "ışğçöü", "pl": "ąćęłńśźż", "ro": "șțăâî", "sv": "åäö", "ru": "ыэъё", "uk": "іїєґ",
    "bg": "ъ", "fa": "پچژگ", "ur": "ٹڈڑےں",
}  # fmt: skip
_BY_SCRIPT: Final = {
    "A": ("ar", "fa", "ur"),
    "C": ("ru", "uk", "bg"),
    "L": ("en", "fr", "de", "es", "it", "pt", "tr", "nl", "pl", "ro", "sv"),
    "H": ("he",), "J": ("zh",), "N": ("ko",), "G": ("el",), "V": ("hi",), "T": ("th",),
}  # fmt: skip


def _told_by(written: dict[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for language, those in written.items():
        for one in dict.fromkeys(those):
            found[one] = (*found.get(one, ()), language)
    return found


_WORDS: Final = _told_by({one: fold_text(words).split() for one, words in _COMMON.items()})
_WITH: Final = {
    script: _told_by({one: _LETTERS[one] for one in languages if one in _LETTERS})
    for script, languages in _BY_SCRIPT.items()
}


def language_of(words: Iterable[str], script: str, written: str, declared: str = "") -> str:
    """Return the language (ISO 639) of folded words, "" unknown.

    `script`: the code that most of them are in (`rasid.text.tokens`); `written`: the text, for
    its letters. What a source declares holds where the text does not say otherwise and is in a
    script of that language.
    """
    own = _BY_SCRIPT.get(script, ())
    if len(own) == 1:
        return own[0]
    claimed = declared.lower().replace("_", "-").partition("-")[0]
    if not own:
        return claimed
    told = Counter(chain.from_iterable(filter(None, map(_WORDS.get, words))))
    if not written.isascii():
        small, letters = written.lower(), _WITH[script].items()
        told.update(chain.from_iterable(those for letter, those in letters if letter in small))
    counts = {one: told[one] + (one == claimed) for one in own}
    return max(own, key=counts.__getitem__)
