"""Which words of names are ordinary words too: Reading, Bath, Hit, Mobile, الصور.

A dictionary that has a word in small letters only has it as an ordinary one; Paris and Mexico
have a capital there. German nouns have one too, and are left out therefore. Scripts without
capitals have names among their words; what tells them is that they have hardly any forms, and
how often they are written (`rasid.places.frequency`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from rasid.places.frequency import frequencies
from rasid.places.model import Usage
from rasid.places.names import bare
from rasid.text.fold import fold_text
from rasid.text.stream import lemmas, open_dictionary
from rasid.text.tokens import scripts

EN, FR, DE, ES, IT, PT, TR, RU, UK, AR, FA, HE = (1 << bit for bit in range(12))
# Turkish is left out: its dictionary writes names in small letters too
_CASED: Final = {"en": EN, "fr": FR, "de": DE, "es": ES, "it": IT, "pt": PT, "ru": RU, "uk": UK}
_UNCASED: Final = {"ar": (AR, "A"), "fa": (FA, "A"), "he": (HE, "H")}
_MOST_COMMON: Final = {
    EN: "the of and to was for with that said",
    FR: "le les des et est une du dans pour qui sur pas",
    DE: "der die und das den dem ist nicht mit von ein eine",
    ES: "el los las y una por con del se que",
    IT: "il di che della gli per una sono dei nel",
    PT: "o os as uma dos das não para com em que",
    TR: "ve bir bu için ile olarak da de",
}
# keys of names that dictionaries have as words and news as places
_RATHER: Final = """
حلب حمص حماة درعا عفرين القامشلي الموصل الفلوجة تعز عدن مأرب صعدة الحديدة شبوة أبين القدس الخليل
جنين رفح غزة إدلب الرقة نابلس الخرطوم الفاشر مصراتة سرت صور صيدا النبطية القنيطرة חיפה צור
"""
RATHER_PLACES: Final = frozenset(bare(fold_text(name)) for name in _RATHER.split())
RATHER_WITH_ARTICLE: Final = frozenset(
    bare(fold_text(name)) for name in _RATHER.split() if name.startswith("ال")
)
_LATIN: Final = tuple(_MOST_COMMON)
_TOLD_BY_SCRIPT: Final = RU | UK | AR | FA | HE
_NEVER: Final = Usage()
_FORMS_OF_A_NAME: Final = 3
_FEW: Final = 50_000  # words that are searched for; of more, every form is looked at


def ordinary(words: Iterable[str]) -> dict[str, Usage]:
    """Return how folded words are used, those that are names only not.

    Of scripts without capitals all words are told: one that is common is common with what is
    written together with it, and كبيرا is great, not ك + Beira.
    """
    found = cased(words)
    for language, (bit, script) in _UNCASED.items():
        for word in _uncased(language, script):
            known = found.get(word, _NEVER)
            found[word] = Usage(known.languages | bit, known.often)
        for word, often in frequencies(language).items():
            known = found.get(word, _NEVER)
            found[word] = Usage(known.languages, max(known.often, often))
    return found


def cased(words: Iterable[str]) -> dict[str, Usage]:
    """Return how words are used in languages whose scripts have capitals."""
    wanted = frozenset(words)
    found: dict[str, int] = {}
    for language, bit in _CASED.items():
        small, capital = set[str](), set[str]()
        for form in _forms(language, wanted):
            folded = form if form.isascii() and form.islower() else fold_text(form)
            if folded in wanted:
                (small if form[0].islower() else capital).add(folded)
        for word in small - capital:
            found[word] = found.get(word, 0) | bit
    return {word: Usage(bits) for word, bits in found.items()}


def _forms(language: str, wanted: frozenset[str]) -> Iterable[str]:
    """Return the forms of a dictionary, or of a few words those that fold to them."""
    few = len(wanted) < _FEW
    return open_dictionary(language).spelt_like(wanted) if few else lemmas(language)


def _uncased(language: str, script: str) -> set[str]:
    dictionary = lemmas(language)
    sizes = Counter(dictionary.values())
    return {
        bare(folded)
        for form, lemma in dictionary.items()
        if sizes[lemma] > _FORMS_OF_A_NAME and script in scripts((folded := fold_text(form))[:1])
    }


def _telling() -> dict[str, int]:
    found: dict[str, int] = {}
    for bit, words in _MOST_COMMON.items():
        for word in map(fold_text, words.split()):
            found[word] = found.get(word, 0) | bit
    return found


# the commonest words (folded), and the languages (bits) that they tell
TELLING: Final = _telling()


def languages_of(telling: Iterable[int]) -> int:
    """Return the languages (bits) of a text by its most common words; English if none tells.

    Languages that are known by their script are always among them.
    """
    counts = Counter(bit for bits in filter(None, telling) for bit in _LATIN if bits & bit)
    (best, times), *_ = counts.most_common(1) or [(EN, 0)]
    return _TOLD_BY_SCRIPT | (best if times > 1 or not counts[EN] else EN)
