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
    spike: str  # {count}
    usual: str  # {usual}
    unknown: str  # what is usual
    silent: str  # {since}
    heard: str  # {since}
    last: str
    blind: str  # {down}, {sources}


_WORDS: Final = {
    "en": GateWords(
        unconfirmed="unconfirmed: {count} of {needed} outlets",
        corroborated="now {count} independent outlets",
        languages="{count} languages",
        more="and {count} more",
        spike="{count} reports within an hour",
        usual="usually {usual}",
        unknown="less than a week is known to compare with",
        silent="nothing since {since}",
        heard="something again; there was nothing since {since}",
        last="the last:",
        blind="blind: {down} of {sources} sources are down",
    ),
    "ar": GateWords(
        unconfirmed="غير مؤكد (المصادر المستقلة: {count} من {needed})",
        corroborated="عدد المصادر المستقلة الآن: {count}",
        languages="عدد اللغات: {count}",
        more="وغيرها: {count}",
        spike="عدد التقارير خلال ساعة: {count}",
        usual="المعتاد: {usual}",
        unknown="لا يتوفر أسبوع كامل للمقارنة",
        silent="لا شيء منذ {since}",
        heard="ظهر جديد بعد أن لم يكن شيء منذ {since}",
        last="الأخير:",
        blind="رؤية ناقصة: المعطل من المصادر {down} من {sources}",
    ),
    "fr": GateWords(
        unconfirmed="non confirmé : {count} média(s) sur {needed}",
        corroborated="maintenant {count} médias indépendants",
        languages="{count} langues",
        more="et {count} autres",
        spike="{count} articles en une heure",
        usual="d'habitude {usual}",
        unknown="moins d'une semaine pour comparer",
        silent="rien depuis {since}",
        heard="de nouveau quelque chose ; rien depuis {since}",
        last="le dernier :",
        blind="aveugle : {down} sources sur {sources} en panne",
    ),
}


def gate_words(language: str) -> GateWords:
    """Return the words of a language that a frame has."""
    return _WORDS[language]
