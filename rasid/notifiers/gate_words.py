"""The words of gates, in the languages that a receiver can ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class GateWords:
    """Words of one language; what stands in braces is filled in."""

    unconfirmed: str  # {count}, {needed}
    corroborated: str  # {count}
    languages: str  # {count}, two at least
    more: str  # {count}


_WORDS: Final = {
    "en": GateWords(
        unconfirmed="unconfirmed: {count} of {needed} outlets",
        corroborated="now {count} independent outlets",
        languages="{count} languages",
        more="and {count} more",
    ),
    "ar": GateWords(
        unconfirmed="غير مؤكد (المصادر المستقلة: {count} من {needed})",
        corroborated="عدد المصادر المستقلة الآن: {count}",
        languages="عدد اللغات: {count}",
        more="وغيرها: {count}",
    ),
    "fr": GateWords(
        unconfirmed="non confirmé : {count} média(s) sur {needed}",
        corroborated="maintenant {count} médias indépendants",
        languages="{count} langues",
        more="et {count} autres",
    ),
}


def gate_words(language: str) -> GateWords:
    """Return the words of a language that a frame has."""
    return _WORDS[language]
