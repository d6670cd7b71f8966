"""Arabic: what may be written together with a word, before and after it.

Proclitics (و ف ب ك ل س, ال) and the pronouns at the end are peeled off a text's words when
they are looked up; the forms of the words in between are made when rules are compiled.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

PRONOUNS: Final = ("هما", "هم", "هن", "ها", "ه", "نا", "كم", "ك")
_CONJUNCTIONS: Final = "وف"
_PREPOSITIONS: Final = "بكل"
_SUBJECTS: Final = "يتنا"  # how verbs that take س begin


class Analysis(NamedTuple):
    """A word of a text with its clitics taken off (all of it folded)."""

    rest: str
    cut: int  # letters taken off in front
    article: bool
    pronoun: str
    marbuta: bool  # `rest` had a ة that the pronoun turned into ت


def analyses(token: str) -> Iterator[Analysis]:
    """Return every way to read a folded word as clitics around another word.

    The word itself, with nothing taken off, comes first.
    """
    for cut, article in _fronts(token):
        rest = token[cut:]
        yield Analysis(rest, cut, article, "", False)
        if not article:
            yield from _without_pronoun(rest, cut)
        elif token[cut - 2 : cut] == "لل" and len(rest) >= 3:
            yield Analysis("ال" + rest, cut - 2, False, "", False)  # لليابان: ل + اليابان


def _fronts(token: str) -> Iterator[tuple[int, bool]]:
    """Return how many letters to cut and whether an article was among them."""
    yield 0, False
    for cut in _proclitics(token):
        if cut:
            yield cut, False
        if token.startswith("ال", cut) and len(token) - cut >= 4:
            yield cut + 2, True
        elif cut and token[cut - 1] == "ل" and token.startswith("ل", cut):
            if len(token) - cut >= 3:
                yield cut + 1, True  # للجيش: ل + ال, its ا left out
            yield cut, True  # للجنة: its own ل written once


def _proclitics(token: str) -> Iterator[int]:
    """Return the lengths of the chains without an article, at least two letters left."""
    yield 0
    after = 1 if token[0] in _CONJUNCTIONS and len(token) >= 3 else 0
    if after:
        yield 1
    for at in {0, after}:
        if len(token) - at < 4:
            continue
        verb = token[at] == "س" and token[at + 1] in _SUBJECTS
        if token[at] in _PREPOSITIONS or verb:
            yield at + 1


def _without_pronoun(word: str, cut: int) -> Iterator[Analysis]:
    for pronoun in PRONOUNS:
        rest = word[: -len(pronoun)]
        if len(rest) < 3 or not word.endswith(pronoun):
            continue
        yield Analysis(rest, cut, False, pronoun, False)
        if rest[-1] == "ت":
            yield Analysis(rest[:-1] + "ه", cut, False, pronoun, True)
        elif rest[-1] == "و":
            yield Analysis(rest + "ا", cut, False, pronoun, False)
        elif rest[-1] == "ا":
            yield Analysis(rest[:-1] + "ي", cut, False, pronoun, False)


def spelled_otherwise(form: str) -> Iterator[str]:
    """Return other spellings of a folded form that are the same word."""
    for one, other in (("امريك", "اميرك"), ("ؤو", "ئو")):
        if one in form:
            yield form.replace(one, other)
        elif other in form:
            yield form.replace(other, one)
