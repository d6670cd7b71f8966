"""Which words of names are ordinary words too: Reading, Bath, Hit, Mobile, الصور.

A dictionary that has a word in small letters only has it as an ordinary one; Paris and Mexico
have a capital there. German nouns have one too, and are left out therefore. Scripts without
capitals have names among their words; what tells them is that they have hardly any forms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from rasid.places.inflection import bases
from rasid.places.names import bare
from rasid.text.fold import fold_text
from rasid.text.stream import lemmas
from rasid.text.tokens import scripts

EN, FR, DE, ES, IT, PT, TR, RU, UK, AR, FA, HE = (1 << bit for bit in range(12))
BITS: Final = {
    "en": EN, "fr": FR, "de": DE, "es": ES, "it": IT, "pt": PT, "tr": TR, "ru": RU, "uk": UK,
    "ar": AR, "fa": FA, "he": HE,
}  # fmt: skip
_UNCASED: Final = {"ar": "A", "fa": "A", "he": "H"}
_FORMS_OF_A_NAME: Final = 3


def ordinary(words: Iterable[str]) -> dict[str, int]:
    """Return in which languages folded words are ordinary ones (bits), where in any.

    Beside the words that are asked about, those are told that look like one of them with
    something written together with it: كبيرا is great and not ك + Beira.
    """
    wanted = frozenset(words)
    found: dict[str, int] = {}
    for language, bit in BITS.items():
        known = _uncased(language, wanted) if language in _UNCASED else _cased(language, wanted)
        for word in known:
            found[word] = found.get(word, 0) | bit
    return found


def _cased(language: str, wanted: frozenset[str]) -> set[str]:
    small, capital = set[str](), set[str]()
    for form in lemmas(language):
        folded = form if form.isascii() and form.islower() else fold_text(form)
        if folded in wanted:
            (small if form[0].islower() else capital).add(folded)
    return small - capital


def _uncased(language: str, wanted: frozenset[str]) -> Iterator[str]:
    dictionary, script = lemmas(language), _UNCASED[language]
    sizes = Counter(dictionary.values())
    for form, lemma in dictionary.items():
        if sizes[lemma] <= _FORMS_OF_A_NAME:
            continue
        folded = fold_text(form)
        if script not in scripts(folded[:1]):
            continue
        if (word := bare(folded)) in wanted:
            yield word
        elif not wanted.isdisjoint(bases(folded)):
            yield word
