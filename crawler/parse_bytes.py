"""From bytes to text: which encoding it really is, and what XML does not allow taken out."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from contextlib import suppress
from typing import Final, NamedTuple

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NO_BOM: Final = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""")
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)
# Codecs of letters only: Python knows others (idna, punycode), which are slow on hostile input.
_TEXT_CODEC: Final = re.compile(
    r"(?:utf|iso|cp|windows|koi8|gb|big5|euc|shift|sjis|mac|latin|us-ascii|ascii|ks_c|tis)", re.I
)
_WIDER: Final = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}

_DEFAULT: Final = "cp1252"  # what programs name that never asked
_OF_LANGUAGE: Final = {
    "cp1256": frozenset({"ar", "fa", "ur", "ps", "ckb"}),
    "cp1251": frozenset({"ru", "uk", "bg", "sr", "be", "mk"}),
    "cp1255": frozenset({"he", "yi"}),
    "cp1253": frozenset({"el"}),
    "cp1254": frozenset({"tr", "az"}),
}
# The most frequent letters of each, as bytes.
_FREQUENT: Final = {
    "cp1256": "االيمونرتب".encode("cp1256"),
    "cp1251": "оеаинтсрвл".encode("cp1251"),
    "cp1255": "יוהלאמתרבש".encode("cp1255"),
    "cp1253": "αοιετσνηυρ".encode("cp1253"),
}
_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]+")
_SAMPLE: Final = 200_000
_TELLS: Final = 0.35
_ENOUGH: Final = 20  # bytes beyond ASCII, to tell by


class Decoded(NamedTuple):
    """The text of a body; where it was not what the feed said, what was done."""

    text: str
    mended: str = ""
    utf8: bool = False  # whether the body is the text in UTF-8, byte for byte


def decode(body: bytes, content_type: str = "", language: str = "") -> Decoded:
    """Return the text of a body in whatever encoding it really is."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(encoding, "replace"))
    for start, encoding in _NO_BOM:
        if body.startswith(start):
            return Decoded(body.decode(encoding, "replace"))
    said = _said(body, content_type)
    if not said.startswith("iso2022"):
        with suppress(UnicodeDecodeError):  # a legacy encoding: the next lines find out which
            return Decoded(body.decode("utf-8"), utf8=True)
    if said == _DEFAULT and (letters := _other_letters(body[:_SAMPLE])):
        return Decoded(body.decode(letters, "replace"), f"encoding_{letters}")
    if said not in ("", "utf-8"):
        return Decoded(body.decode(said, "replace"))
    if _nearly_utf8(body):
        return Decoded(body.decode("utf-8", "replace"), "bad_bytes")
    guess = _guess(body[:_SAMPLE], language)
    return Decoded(body.decode(guess, "replace"), f"encoding_{guess}")


def _said(body: bytes, content_type: str) -> str:
    """Return the codec that the document or else the server names, "" for one unknown.

    The document comes first: servers name a default for files they never looked into.
    """
    declared = _DECLARED.match(body[:400])
    header = _CHARSET.search(content_type)
    names = [declared[1].decode("ascii")] if declared else []
    for name in names + ([header[1]] if header else []):
        codec = _codec(name)
        if codec not in ("", "utf-8"):
            return codec
    return ""


def _codec(name: str) -> str:
    if not _TEXT_CODEC.match(name):
        return ""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return ""
    return "" if found.startswith(("utf-16", "utf-32")) else _WIDER.get(found, found)


def _nearly_utf8(body: bytes) -> bool:
    """Say whether bytes are UTF-8 with a few broken ones: a cut character, a stray quote."""
    text = body[:_SAMPLE].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for char in text if char > "\x7f") - broken
    return whole > 5 * broken


def _guess(body: bytes, language: str) -> str:
    primary = language.partition("-")[0].casefold()
    for codec, languages in _OF_LANGUAGE.items():
        if primary in languages:
            return codec
    return _other_letters(body, 1) or _DEFAULT


def _other_letters(body: bytes, enough: int = _ENOUGH) -> str:
    """Return the encoding of a text in letters that are not Latin, "" for Latin and for few."""
    runs = _HIGH_RUN.findall(body)
    high = sum(map(len, runs))
    if high < max(enough, 2 * len(runs)):  # single accented letters among Latin ones
        return ""
    counts = Counter(b"".join(runs))
    shares = {
        codec: sum(counts[byte] for byte in set(letters)) / high
        for codec, letters in _FREQUENT.items()
    }
    best = max(shares, key=lambda codec: shares[codec])
    return best if shares[best] >= _TELLS else ""


# --- characters that XML does not allow --------------------------------------------------

_BAD: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE_SIGN: Final = re.compile("&#")  # found so in half the time of `in`
_REFERENCE: Final = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,400})|([0-9]{1,400}));?")
_PAIR: Final = re.compile(r"&#(?:[xX][dD]([89aAbB][0-9a-fA-F]{2})|(5[56]\d{3}));"
                          r"&#(?:[xX][dD]([c-fC-F][0-9a-fA-F]{2})|(5[67]\d{3}));")  # fmt: skip


def allowed(text: str) -> str:
    """Return text without characters and character references that make parsers fail."""
    text = _BAD.sub(lambda bad: "\ufffd" if "\ud800" <= bad[0] <= "\udfff" else "", text)
    return allowed_references(text)


def allowed_references(text: str) -> str:
    """Return text without character references that make parsers fail."""
    if not _REFERENCE_SIGN.search(text):
        return text
    return _REFERENCE.sub(_reference, _PAIR.sub(_pair, text))


def _pair(found: re.Match[str]) -> str:
    """Join an emoji that was written as two halves of UTF-16."""
    high = int("d" + found[1], 16) if found[1] else int(found[2])
    low = int("d" + found[3], 16) if found[3] else int(found[4])
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
        return found[0]
    return f"&#{0x10000 + (high - 0xD800) * 0x400 + (low - 0xDC00)};"


def _reference(found: re.Match[str]) -> str:
    digits = found[1] or found[2]
    number = int(digits, 16 if found[1] else 10) if len(digits) < 12 else -1
    if number < 0 or number > 0x10FFFF or 0xD800 <= number < 0xE000:
        return "\ufffd"
    if number in (0xFFFE, 0xFFFF) or (number < 0x20 and number not in (9, 10, 13)):
        return ""
    if 0x80 <= number < 0xA0:  # meant as Windows-1252, as browsers read it
        return bytes([number]).decode("cp1252", "replace")
    return found[0] if found[0].endswith(";") else found[0] + ";"
