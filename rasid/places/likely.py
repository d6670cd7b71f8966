"""Names that are one slip of the keyboard away from a name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_LATIN: Final = "aehiouymnrlstdkgbzqc'- "
_OTHERS: Final = (
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويءئؤ",
    "абвгдежзийклмнопрстуфхцчшщыьэюяії",
    "אבגדהוזחטיכלמנסעפצקרשת",
)
_LONGEST: Final = 40


def likely(name: str) -> Iterator[str]:
    """Yield what a name may have been meant as: a letter less, more, other, or two swapped."""
    if not 3 <= len(name) <= _LONGEST:
        return
    letters = next((some for some in _OTHERS if not set(some).isdisjoint(name)), _LATIN)
    cuts = [(name[:at], name[at:]) for at in range(len(name) + 1)]
    for left, right in cuts:
        if right:
            yield left + right[1:]
        if len(right) > 1:
            yield left + right[1] + right[0] + right[2:]
        if len(right) > 2:
            yield left + right[2] + right[1] + right[0] + right[3:]
        for letter in letters:
            yield left + letter + right
            if right:
                yield left + letter + right[1:]
    if " " in name:
        yield name.replace(" ", "")
