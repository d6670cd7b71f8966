"""Which languages a rule's word may be in, as its letters tell."""

from __future__ import annotations

from typing import Final

from rasid.text.dictionary import languages as dictionaries
from rasid.text.fold import fold_text
from rasid.text.suffixes import RULED
from rasid.text.tokens import scripts

LATIN: Final = ("en", "fr", "tr", "de", "es", "it", "pt", "nl", "pl", "ro", "sv")
SHARING: Final = frozenset({("ar", "fa"), ("ru", "uk")})  # an order in which they are tried
_FIRST_LATIN: Final = LATIN[:5]  # names are looked up in these only
_SHORTEST_OF_MORE: Final = 4
_TOLD: Final = (  # the first that has a letter of the term
    ("ێۆڕڵڤە", ("ckb",)),
    ("پچژگکی", ("fa", "ckb")),
    ("іїєґ", ("uk",)),
    ("ѓќѕ", ("mk",)),
    ("ђћљњџј", ("hbs",)),
    ("ыэъё", ("ru",)),
    ("ığ", ("tr",)),
    ("łąęśżźń", ("pl",)),
    ("řěů", ("cs",)),
    ("őű", ("hu",)),
    ("ășț", ("ro",)),
    ("ãõ", ("pt",)),
    ("ñ", ("es",)),
    ("ß", ("de",)),
    ("ėųūį", ("lt",)),
    ("šžčđć", ("hbs", "cs", "sk", "sl")),
    ("ş", ("tr", "ro", "ku")),
    ("êîû", ("fr", "ku")),
    ("œëïù", ("fr",)),
    ("éè", ("fr", "es", "it", "pt")),
    ("ìò", ("it",)),
    ("á", ("es", "pt", "cs", "sk", "hu")),
    ("íóú", ("es", "pt", "cs", "pl", "hu")),
    ("à", ("fr", "it", "pt")),
    ("ç", ("fr", "tr", "pt")),
    ("å", ("sv", "da", "nb")),
    ("øæ", ("da", "nb")),
    ("öü", ("tr", "de", "sv", "hu")),
    ("ä", ("de", "sv", "fi")),
)
_OF_SCRIPT: Final = {
    "A": ("ar", "fa"), "C": ("ru", "uk"), "H": ("he",), "G": ("el",), "R": ("hy",),
    "E": ("ka",), "V": ("hi",),
}  # fmt: skip
_TELLING: Final = tuple(
    (frozenset(letters), scripts(fold_text(letters)), languages) for letters, languages in _TOLD
)
_ORDERED: Final = (*LATIN, "ar", "ckb", "fa", "ru", "uk")  # others after these, ku last
_SAME: Final = {"kmr": "ku", "sdh": "ckb", "no": "nb", "sr": "hbs", "hr": "hbs", "bs": "hbs"}


def by_order(language: str) -> tuple[int, str]:
    """Return what languages are sorted by to be tried."""
    if language == "ku":
        return len(_ORDERED) + 1, language
    known = language in _ORDERED
    return _ORDERED.index(language) if known else len(_ORDERED), language


def candidates(word: str, term: str, language: str = "") -> tuple[str, ...]:
    """Return the languages in which a word of a term is looked for; `language`: said by hand."""
    if language:
        primary = language.lower().partition("-")[0]
        primary = _SAME.get(primary, primary)
        return (primary,) if primary in dictionaries() | RULED else ()
    script = next(iter(scripts(fold_text(word))), "")
    told = _told(term.lower(), script)
    if told:
        return told
    if script == "L":
        more = word.islower() and len(word) >= _SHORTEST_OF_MORE
        return LATIN if more else _FIRST_LATIN
    return tuple(found for found in _OF_SCRIPT.get(script, ()) if found in dictionaries())


def _told(term: str, script: str) -> tuple[str, ...]:
    letters = set(term)
    if "ş" in letters and letters & set("êîû"):
        return ("ku",) if script == "L" else ()
    for telling, of, languages in _TELLING:
        if script in of and not telling.isdisjoint(letters):
            return languages
    return ()
