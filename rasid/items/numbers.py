"""Numbers in a text, in digits of any script or in words: 12, ١٢, twelve, اثنا عشر. Pure."""

from __future__ import annotations

import re
from typing import Final

from rasid.text.fold import fold_text

_DIGITS: Final = {ord(letter): str(n % 10) for n, letter in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
_NUMBER: Final = re.compile(r"\d+(?:[.,٫٬]\d+)*")
_TOKEN: Final = re.compile(rf"({_NUMBER.pattern})|[^\W\d]+(?:-[^\W\d]+)?")
_JOINED: Final = "وفبل"  # and, so, with, for: letters that Arabic writes before a word
_MARKS: Final = re.compile("[\u064b-\u0652\u0640]")  # vowel signs and the stretching of Arabic
_ALEFS: Final = str.maketrans("أإآ", "ااا")
# From two on: "one" and its like are articles, pronouns and names more often than numbers. So
# are ست (lady) and French neuf (new), which are left out.
_WORDS: Final = {
    2: "two deux zwei dos iki два две двое اثنان اثنين اثنتان اثنتين دو",
    3: "three trois drei tres üç три трое ثلاثة ثلاث سه",
    4: "four quatre vier cuatro dört четыре четверо أربعة أربع چهار",
    5: "five cinq fünf cinco beş пять пятеро خمسة خمس پنج",
    6: "six sechs seis altı шесть шестеро ستة شش",
    7: "seven sept sieben siete yedi семь семеро سبعة سبع هفت",
    8: "eight huit acht ocho sekiz восемь ثمانية ثمان ثماني هشت",
    9: "nine neun nueve dokuz девять تسعة تسع نه",
    10: "ten dix zehn diez on десять عشرة عشر ده",
    11: "eleven onze elf once одиннадцать یازده",
    12: "twelve douze zwölf doce двенадцать دوازده",
    13: "thirteen treize dreizehn trece тринадцать",
    14: "fourteen quatorze vierzehn catorce четырнадцать",
    15: "fifteen quinze fünfzehn quince пятнадцать",
    16: "sixteen seize sechzehn dieciséis шестнадцать",
    17: "seventeen siebzehn diecisiete семнадцать",
    18: "eighteen achtzehn dieciocho восемнадцать",
    19: "nineteen neunzehn diecinueve девятнадцать",
    20: "twenty vingt zwanzig veinte yirmi двадцать عشرون عشرين بیست",
    30: "thirty trente dreißig treinta otuz тридцать ثلاثون ثلاثين",
    40: "forty quarante vierzig cuarenta kırk сорок أربعون أربعين",
    50: "fifty cinquante fünfzig cincuenta elli пятьдесят خمسون خمسين",
    60: "sixty soixante sechzig sesenta altmış шестьдесят ستون ستين",
    70: "seventy siebzig setenta yetmiş семьдесят سبعون سبعين",
    80: "eighty achtzig ochenta seksen восемьдесят ثمانون ثمانين",
    90: "ninety neunzig noventa doksan девяносто تسعون تسعين",
    100: "hundred cent hundert cien yüz сто مئة مائة صد",
    200: "двести مئتان مئتين مائتان مائتين",
    1000: "thousand mille tausend mil bin тысяча ألف هزار",
}


def _plain(word: str) -> str:
    return _MARKS.sub("", word.casefold()).translate(_ALEFS)


_SHORT: Final = frozenset({"on", "bin", "ده", "نه", "دو", "سه", "عشر", "once", "dos", "sept"})
_VALUES: Final = {
    _plain(word): value
    for value, words in _WORDS.items()
    for word in words.split()
    if word not in _SHORT  # other words as well: "on" and "once" are English, "sept" a month
}
_FOLDED: Final = {fold_text(word): value for word, value in _VALUES.items()}
_ONE: Final = frozenset({"one", "un", "une"})  # inside a number it is one
_TENS: Final = range(20, 100, 10)


def digits(text: str) -> list[str]:
    """Return the numbers of a text that are written in digits, in those of Europe."""
    return _NUMBER.findall(text.translate(_DIGITS))


def numbers(text: str) -> list[str]:
    """Return the numbers of a text in order, also those in words: "twenty-five" is 25.

    Larger ones that are said in several words are told word by word.
    """
    found: list[str] = []
    for one in _TOKEN.finditer(_MARKS.sub("", text.translate(_DIGITS))):
        if one[1]:
            found.append(one[1])
        elif (value := _value(_plain(one.group()))) is not None:
            found.append(str(value))
    return found


def number_of(word: str) -> int:
    """Return the number that a folded word says, 0 where it says none."""
    return _FOLDED.get(word, 0)


def _value(word: str) -> int | None:
    tens, sign, unit = word.partition("-")
    first = _VALUES.get(tens)
    if not sign or first is None:
        bare = word[1:] if word[:1] in _JOINED else word
        return _VALUES.get(word, _VALUES.get(bare))
    second = 1 if unit in _ONE else _VALUES.get(unit)
    return first + second if first in _TENS and second is not None and second < 10 else None
