"""What a rule says about all its words: whether they inflect, and of which language they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import structs

from rasid.settings import Condition, Near, Part, Regex, Term, Times

# codes of `rasid.text.tokens.scripts`; other languages are written in Latin letters
_SCRIPTS: Final = {
    **dict.fromkeys(["ar", "ckb", "fa", "ps", "sd", "ug", "ur"], "A"),
    **dict.fromkeys(["be", "bg", "kk", "ky", "mk", "mn", "ru", "tg", "uk"], "C"),
    **dict.fromkeys(("he", "yi"), "H"),
    **dict.fromkeys(("hi", "mr", "ne"), "V"),
    "el": "G",
    "hy": "R",
    "ka": "E",
}


def adapted(condition: Condition, inflect: bool, languages: Sequence[str]) -> Condition:
    """Return a condition whose words inflect only if `inflect` says so.

    Of a rule on items of a single language its words are too, where the script allows it.
    """
    language = languages[0].partition("-")[0] if len(languages) == 1 else ""
    if inflect and not language:
        return condition
    found = _adapted(condition, inflect, language)
    assert isinstance(found, Condition)
    return found


def _adapted(part: Part, inflect: bool, language: str) -> Part:
    def each(parts: Sequence[Part]) -> tuple[Part, ...]:
        return tuple(_adapted(inner, inflect, language) for inner in parts)

    if isinstance(part, Term):
        return Term(
            part.text,
            part.language or _of_script(part.text, language),
            part.exact,
            part.inflect and inflect,
        )
    if isinstance(part, Condition):
        return structs.replace(part, any=each(part.any), all=each(part.all), none=each(part.none))
    if isinstance(part, Near):
        left, right = each((part.left, part.right))
        return structs.replace(part, left=left, right=right)
    if isinstance(part, Times):
        return structs.replace(part, part=_adapted(part.part, inflect, language))
    assert isinstance(part, Regex)
    return part


def _of_script(text: str, language: str) -> str:
    """Return the language if it is written in the letters of a text, else ""."""
    if not language:
        return ""
    from rasid.text.fold import fold_text
    from rasid.text.tokens import scripts

    return language if scripts(fold_text(text)) == {_SCRIPTS.get(language, "L")} else ""
