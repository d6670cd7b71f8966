"""Arabic: what may be written together with a word, before and after it.

Proclitics (و ف ب ك ل س, ال) and the pronouns at the end are peeled off a text's words when
they are looked up; the forms of the words in between are made when rules are compiled.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Final, NamedTuple

PRONOUNS: Final = ("هما", "هم", "هن", "ها", "ه", "نا", "كم", "ك")
_CONJUNCTIONS: Final = "وف"
_PREPOSITIONS: Final = "بكل"
_SYRIA: Final = frozenset(("سوريا", "سوريه"))
_SUBJECTS: Final = "يتنا"  # how verbs that take س begin
_LEADING: Final = _CONJUNCTIONS + _PREPOSITIONS + "س"
_NO_FRONT: Final = ((0, False),)


class Analysis(NamedTuple):
    """A word of a text with its clitics taken off (all of it folded)."""

    rest: str
    cut: int  # letters taken off in front
    article: bool
    pronoun: str
    marbuta: bool  # `rest` had a ة that the pronoun turned into ت


class _Anything:
    """Every word."""

    def __contains__(self, word: object) -> bool:
        return True


ANYTHING: Final = _Anything()


def analyses(
    token: str, among: Container[str] = ANYTHING, *, shortest: int = 3
) -> Iterator[Analysis]:
    """Return every way to read a folded word as clitics around another word of `among`.

    The word itself, with nothing taken off, comes first. `shortest`: how many letters are
    left after a preposition at least (لسد: ل + سد has two).
    """
    may_end = token.endswith(PRONOUNS)
    # most words begin with neither a proclitic nor the article
    may_begin = token[0] in _LEADING or token.startswith("ال")
    for cut, article in _fronts(token, shortest) if may_begin else _NO_FRONT:
        rest = token[cut:]
        if rest in among:
            yield Analysis(rest, cut, article, "", False)
        if not article:
            if may_end:
                yield from _without_pronoun(rest, cut, among)
        elif token[cut - 2 : cut] == "لل" and len(rest) >= 3 and "ال" + rest in among:
            yield Analysis("ال" + rest, cut - 2, False, "", False)  # لليابان: ل + اليابان


def _fronts(token: str, shortest: int) -> Iterator[tuple[int, bool]]:
    """Return how many letters to cut and whether an article was among them."""
    yield 0, False
    for cut in _proclitics(token, shortest):
        if cut:
            yield cut, False
        if token.startswith("ال", cut) and len(token) - cut >= 4:
            yield cut + 2, True
        elif cut and token[cut - 1] == "ل" and token.startswith("ل", cut):
            if len(token) - cut >= 3:
                yield cut + 1, True  # للجيش: ل + ال, its ا left out
            yield cut, True  # للجنة: its own ل written once


def _proclitics(token: str, shortest: int) -> Iterator[int]:
    """Return the lengths of the chains without an article, at least two letters left."""
    yield 0
    after = 1 if token[0] in _CONJUNCTIONS and len(token) >= 3 else 0
    if after:
        yield 1
    for at in {0, after}:
        left = len(token) - at - 1
        if left < shortest:
            continue
        verb = left >= 3 and token[at] == "س" and token[at + 1] in _SUBJECTS
        if token[at] in _PREPOSITIONS or verb:
            yield at + 1


def _without_pronoun(word: str, cut: int, among: Container[str]) -> Iterator[Analysis]:
    for pronoun in PRONOUNS:
        rest = word[: -len(pronoun)]
        if len(rest) < 3 or not word.endswith(pronoun):
            continue
        if rest in among:
            yield Analysis(rest, cut, False, pronoun, False)
        last, before = rest[-1], rest[:-1]
        if last == "ت" and before + "ه" in among:
            yield Analysis(before + "ه", cut, False, pronoun, True)
        elif last == "و" and rest + "ا" in among:
            yield Analysis(rest + "ا", cut, False, pronoun, False)
        elif last == "ا" and before + "ي" in among:
            yield Analysis(before + "ي", cut, False, pronoun, False)
        elif last in "ئؤ" and before.endswith("ا") and before + "ء" in among:  # وزراؤها
            yield Analysis(before + "ء", cut, False, pronoun, False)


def spelled_otherwise(form: str) -> Iterator[str]:
    """Return other spellings of a folded form that are the same word."""
    if form in _SYRIA:
        yield from _SYRIA - {form}
    for one, other in (("امريك", "اميرك"), ("ؤو", "ئو")):
        if one in form:
            yield form.replace(one, other)
        elif other in form:
            yield form.replace(other, one)
