"""Regular expressions for RE2 that find whatever others find with `regex`, and perhaps more.

For those that need no literal: RE2 cannot explode, and tries many at a time. What differs:
`\\w`, `\\d`, `\\s`, `\\b` and `[:alpha:]`, which are those of ASCII in RE2; the i's of Turkish and
what `\\p{Lu}` and `\\P{..}` are, where case is ignored; `$`, which in `regex` is before a last line
feed too; flags in the middle; characters that only the newer of the two Unicode versions knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import re2

from rasid.rules.shapes import is_sure

_COMPILED: Final = 50_000  # expressions kept ready
_MEMORY: Final = 64 << 20  # bytes that RE2 may take for an expression or a batch
_ROOM: Final = 256 << 20  # and for one that decides of a long text
_DECIDERS: Final = 2  # of those kept ready
_LONG: Final = 5_000_000_000  # instructions times letters: 0.2 seconds without room
_PIECE: Final = re.compile(
    r"""\\(?:[pP](?:\{\^?\w+\}|.)|x(?:\{[0-9a-fA-F]+\}|[0-9a-fA-F]{2})|0[0-7]{0,2}|[1-7][0-7]{1,2}|.)
    |\(\?P?<\w+>|\(\?[a-zA-Z-]*[:)]|\[:\^?\w+:\]|\[\^?\]?|[\[\]]|.""",
    re.DOTALL | re.VERBOSE,
)
_RECLASSED: Final = re.compile(r"\\P.*|\\p\{?[L^].*", re.DOTALL)  # other ones without case
_FLAGS: Final = re.compile(r"\(\?([a-zA-Z]*)-?[a-zA-Z]*([:)])")
_I: Final = "iIıİ"
_RECASED: Final = "ßẞ"  # which have another capital in newer versions of Unicode
_ANY: Final = "(?s:.)"
_END: Final = r"(?:$|\n)"  # for the last piece alone: others may need the line feed themselves
_NEW: Final = r"[^\pL\pM\pN\pP\pS\pZ\pC]|\x{295}"  # what RE2 does not know, or otherwise
# whatever is of no class but that one
_WORD: Final = r"[^\pZ\p{Pd}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}\p{Sm}\p{Sc}\p{Sk}\p{Cc}]"
_DIGIT: Final = r"[^\pL\pM\p{Nl}\p{No}\pP\pS\pZ\p{Cc}\p{Cf}]"
_SPACE: Final = r"[\s\pZ\x0b\x{85}]"
_WHOLE: Final = {r"\w": _WORD, r"\d": _DIGIT, r"\s": _SPACE}
_UNTOLD: Final = frozenset([r"\W", r"\D", r"\S"])
_OUTSIDE: Final = {
    r"\b": "", r"\B": "", "$": "", **_WHOLE,
    r"\W": r"[^\pL\pM\p{Nd}\p{Nl}_]", r"\D": r"\P{Nd}", r"\S": r"[^\s\pZ]",
}  # fmt: skip
# what RE2 surely knows of a class: what a set that leaves it out may leave out
_KNOWN: Final = {r"\w": r"\pL\pM\p{Nd}\p{Nl}_", r"\d": r"\p{Nd}", r"\s": r"\s\pZ"}


def widened(pattern: str) -> str:
    """Return an expression for RE2 that finds whatever a pattern finds in any script."""
    pieces = _PIECE.findall(pattern)
    flags = [found.groups() for piece in pieces if (found := _FLAGS.fullmatch(piece))]
    caseless = any("i" in letters for letters, _ in flags)
    for_all = "".join(dict.fromkeys("".join(letters for letters, end in flags if end == ")")))
    out = [f"(?{for_all})" if for_all else ""]
    last = max((at for at, piece in enumerate(pieces) if piece != ")"), default=-1)
    opened = -1  # where in `pieces` a set began
    for at, piece in enumerate(pieces):
        if opened >= 0:
            if piece == "]":
                out.append(_set(pieces[opened:at], caseless=caseless))
                opened = -1
        elif piece[:2] == "[:" and len(piece) > 2:
            out.append(_ANY)
        elif piece[0] == "[":
            opened = at
        elif piece == "$" and at == last:
            out.append(_END)
        else:
            out.append(_outside(piece, caseless=caseless))
    return "".join(out)


def _outside(piece: str, *, caseless: bool) -> str:
    if piece in _OUTSIDE:
        return _OUTSIDE[piece]
    if caseless and _RECLASSED.fullmatch(piece):
        return _ANY
    if piece[:2] in (r"\p", r"\P"):
        return f"(?:{piece}|{_NEW}{f'|[{_I}]' * caseless})"
    char = _char(piece)
    if caseless and char in _I:
        return f"[{_I}]"
    return piece if _is_sure(char) else _ANY


def _is_sure(char: str) -> bool:
    return is_sure(char) and char not in _RECASED


def _char(piece: str) -> str:
    """Return the character that a piece is for; what is none itself is for its last one."""
    digits = piece.lstrip("\\").strip("x{}")
    if len(piece) > 2 and piece[0] == "\\" and piece[1] in "x01234567":
        return chr(int(digits, 16 if piece[1] == "x" else 8))
    return piece[-1]


def _set(pieces: Sequence[str], *, caseless: bool) -> str:
    """Return a set, given what stands in it with the bracket that opens it.

    One with `\\D`, `\\W`, `\\S` or `[:alpha:]` in it becomes any character, and where case is
    ignored one with `\\p{..}`, which RE2 then takes for more, and leaves out more.
    """
    if any(piece in _UNTOLD or piece[:2] == "[:" or not _is_sure(_char(piece)) for piece in pieces):
        return _ANY
    classes = any(piece[:2] in (r"\p", r"\P") for piece in pieces)
    if classes and caseless:
        return _ANY
    also = [_NEW] if classes else []
    found = "".join(_KNOWN.get(piece, piece) for piece in pieces) + "]"
    if pieces[0][:2] != "[^":
        also += [wide for piece, wide in _WHOLE.items() if piece in pieces]
        also += [f"[{_I}]"] if caseless and _re2(f"(?i){found}").search(_I) else []
    return f"(?:{'|'.join([found, *also])})" if also else found


class Batch:
    """Some numbered expressions as one, and each."""

    def __init__(self, patterns: Sequence[tuple[int, str]]) -> None:
        """Raise `re2.error` where they are too large for one; a single one never is."""
        self._each = [(number, filter_of(pattern)) for number, pattern in patterns]
        if len(patterns) == 1:
            self._all = self._each[0][1]
        else:
            self._all = _re2("|".join(f"(?:{widened(pattern)})" for _, pattern in patterns))

    def candidates(self, text: bytes) -> list[int]:
        """Return the expressions that a text, in UTF-8, may have."""
        if self._all is not None and not self._all.search(text):
            return []
        return [number for number, one in self._each if one is None or one.search(text)]


def batches(patterns: Sequence[tuple[int, str]]) -> list[Batch]:
    """Return numbered expressions in as few halves of halves as RE2 has room for."""
    if not patterns:
        return []
    try:
        return [Batch(patterns)]
    except re2.error:
        half = len(patterns) // 2
        return [*batches(patterns[:half]), *batches(patterns[half:])]


@lru_cache(maxsize=_COMPILED)
def filter_of(pattern: str) -> Any | None:
    """Return an expression widened, ready; None where that is too large for RE2."""
    return _or_none(widened(pattern), _MEMORY)


def roughly(pattern: str, text: str) -> list[tuple[int, int]]:
    """Return where a text has an expression widened; where that would take long, one span of all.

    Whether a text has it is asked of an expression that begins where the text does: RE2 then
    goes one way alone, and has room for its states, without which it is a hundred times slower.
    """
    one = filter_of(pattern)
    if one is not None and one.programsize * len(text) <= _LONG:
        return [match.span() for match in one.finditer(text)]
    there = _there(pattern)
    return [(0, len(text))] if there is None or there.search(text) else []


@lru_cache(maxsize=_DECIDERS)
def _there(pattern: str) -> Any | None:
    return _or_none(rf"\A(?s:.*?)(?:{widened(pattern)})", _ROOM)


def _or_none(pattern: str, memory: int) -> Any | None:
    try:
        return _re2(pattern, memory)
    except re2.error:
        return None


def _re2(pattern: str, memory: int = _MEMORY) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = memory
    return re2.compile(pattern, options)
