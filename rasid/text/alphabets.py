"""The folded words of a text by tables of bytes, where it is written in one alphabet.

`str.translate` looks every character up in a dictionary. A text whose characters fit in one
byte each, which nearly all do, is encoded, folded and cut by tables at a tenth of the price.
The words are those of `rasid.text.tokens`, and all other texts are folded there.
"""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import repeat
from typing import Any, Final, NamedTuple

from rasid.text.fold import composes, fold_text
from rasid.text.tokens import plain_words, script_of

_PUNCTUATION: Final = "\xa0«»“”„‘’‚‹›–—…•·°€£§©®\u200b\u200c\u200e\u200f\u2066\u2067\u2069\ufeff"
_LETTERS: Final = (
    "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöøùúûüýÿ"
    "ğĞıİşŞąĄćĆęĘłŁńŃśŚźŹżŻčČďěĚňřŘšŠťůŽžăĂșȘțȚőű¿¡",
    "".join(map(chr, (*range(0x621, 0x653), *range(0x660, 0x66E), 0x670, *range(0x6F0, 0x6FA))))
    + "ٱپچژگکیىہھۀےںٹڈڑێۆەڕڵې،؛؟",
    "".join(map(chr, range(0x410, 0x450))) + "ЁёЇїІіЄєҐґЎўЂђЈјЉљЊњЋћЏџѢѣ",
    "".join(map(chr, (*range(0x5B0, 0x5C3), *range(0x5D0, 0x5EB), 0x5BE, 0x5F3, 0x5F4))) + "₪",
    "ΆΈΉΊΌΎΏΐ" + "".join(map(chr, (*range(0x391, 0x3A2), *range(0x3A3, 0x3CF)))),
)
_ASCII: Final = frozenset((0, 9, 10, 13, *range(0x20, 0x7F)))  # which stand where they are
_NONE: Final = "\ufffe"  # stands for no character (`codecs.charmap_build`)


class _Alphabet(NamedTuple):
    """ASCII and as many other characters, each a byte."""

    characters: str
    coding: Any
    folded: bytes  # what each byte folds to
    dropped: bytes  # those that fold to nothing
    words: re.Pattern[bytes]  # of what is folded

    def words_of(self, text: str) -> list[str]:
        """Return the folded words of a text. Raises `UnicodeEncodeError` if it has others."""
        written = codecs.charmap_encode(text, "strict", self.coding)[0]
        found = b" ".join(self.words.findall(written.translate(self.folded, self.dropped)))
        return codecs.charmap_decode(found, "strict", self.characters)[0].split()


def folded_words(text: str) -> list[str]:
    """Return the folded words of a text: `plain_words(fold_text(text))`."""
    if not text.isascii():
        for alphabet in _ALPHABETS:
            try:
                return alphabet.words_of(text)
            except UnicodeEncodeError:
                continue
    return plain_words(fold_text(text))


def _alphabet(letters: str) -> _Alphabet:
    """Return an alphabet of ASCII and of those letters that fold to one of its characters."""
    free = [code for code in range(256) if code not in _ASCII]
    codes = {chr(code): code for code in _ASCII}
    codes |= zip(filter(_is_single, dict.fromkeys(letters + _PUNCTUATION)), free, strict=False)
    folded = {code: codes[to] if (to := _folded(one)) else 0 for one, code in codes.items()}
    characters = dict.fromkeys(range(256), _NONE) | {code: one for one, code in codes.items()}
    written = "".join(characters.values())
    return _Alphabet(
        written,
        codecs.charmap_build(written),
        bytes(map(folded.get, range(256), repeat(0))),
        bytes(code for one, code in codes.items() if not _folded(one)),
        re.compile(b"|".join(_runs(written, frozenset(folded.values())))),
    )


def _is_single(char: str) -> bool:
    """Whether a character folds to one at most, wherever it stands."""
    return not composes(char) and len(_folded(char)) < 2


def _folded(char: str) -> str:
    """Return what a character folds to, a space where that parts words and is longer than one."""
    folded = fold_text(char)
    return folded if len(folded) < 2 or plain_words(folded) else " "


def _runs(characters: str, codes: Iterable[int]) -> list[bytes]:
    """Return a pattern for the words of each script."""
    of_script: dict[str, bytes] = defaultdict(bytes)
    for code in sorted(codes):
        if script := script_of(characters[code]):
            of_script[script] += re.escape(bytes((code,)))
    return [b"[" + those + b"]+" for those in of_script.values()]


_ALPHABETS: Final = tuple(map(_alphabet, _LETTERS))
