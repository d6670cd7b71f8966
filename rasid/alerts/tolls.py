"""How many were killed, as a text says: the number beside a word for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rasid.stories.concepts import concepts
from rasid.text.fold import fold_text

KILLED: Final = 0  # the first of the concepts
_NEAR: Final = 4  # words between a number and what it counts
_MOST: Final = 100_000  # more is a year, a date or a sum
_YEARS: Final = range(1900, 2100)
_NUMBERS: Final = """
2 two قتيلان اثنان deux двое два iki zwei dos دو двоє
3 three ثلاثة ثلاث trois трое три üç drei tres سه троє
4 four أربعة أربع quatre четверо четыре dört vier cuatro چهار четверо
5 five خمسة خمس cinq пятеро пять beş fünf cinco پنج пятеро
6 six ستة ست шестеро шесть altı sechs seis شش
7 seven سبعة سبع sept семеро семь yedi sieben siete هفت семеро
8 eight ثمانية ثماني huit восемь sekiz acht ocho هشت вісім
9 nine تسعة تسع neuf девять dokuz neun nueve نه девʼять
10 ten عشرة عشر dix десять zehn diez ده
12 twelve douze двенадцать zwölf doce
20 twenty عشرون عشرين vingt двадцать yirmi zwanzig veinte
"""
_WORDS: Final = {
    fold_text(word): int(number)
    for number, *words in map(str.split, _NUMBERS.strip().splitlines())
    for word in words
}


def toll(words: Sequence[str]) -> int:
    """Return how many killed folded words tell, the most where they tell several; 0 for none.

    A word for the killed is counted by the number that stands nearest, the one before it first.
    """
    known = concepts()
    numbers = {at: number for at, word in enumerate(words) if (number := _number(word))}
    killed = [at for at, word in enumerate(words) if KILLED in known.of_word(word)]
    return max((_nearest(numbers, at) for at in killed), default=0)


def _nearest(numbers: Mapping[int, int], at: int) -> int:
    near = [one for one in numbers if abs(one - at) <= _NEAR]
    return numbers[min(near, key=lambda one: (abs(one - at), one))] if near else 0


def _number(word: str) -> int:
    if not word.isdigit():
        return _WORDS.get(word, 0)
    number = int(word) if len(word) < len(str(_MOST)) else 0
    return 0 if number in _YEARS else number
