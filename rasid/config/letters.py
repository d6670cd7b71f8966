"""Hosts in other letters than Latin, made into ids that people can read and type."""

from __future__ import annotations

from typing import Final

# One spelling of many, without vowels that are not written: for ids, never for matching.
_LATIN: Final = str.maketrans(
    {
        "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ء": "", "ؤ": "w", "ئ": "y", "ى": "a", "ب": "b",
        "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r",
        "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a",
        "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h",
        "ة": "a", "و": "w", "ي": "y", "پ": "p", "چ": "ch", "ژ": "zh", "گ": "g", "ک": "k",
        "ی": "y",
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "ye",
        "ё": "yo", "ж": "zh", "з": "z", "и": "i", "і": "i", "ї": "yi", "й": "y", "к": "k",
        "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
        "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "",
        "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    }
)  # fmt: skip


def readable(host: str) -> str:
    """Return a host in Latin letters: `xn--mgbai9azgqp6j.example` as `alarmaab.example`, say.

    What is in other scripts stays as it is sent.
    """
    labels = []
    for label in host.split("."):
        latin = _decoded(label).translate(_LATIN)
        labels.append(latin if latin.isascii() and latin else label)
    return ".".join(labels)


def _decoded(label: str) -> str:
    try:
        return label.encode("ascii").decode("idna") if label.startswith("xn--") else label
    except UnicodeError:
        return label
