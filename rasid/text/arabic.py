"""Arabic: what may stand before and after a word, and the forms that endings give.

Forms are made when rules are compiled; proclitics (و ف ب ك ل س, ال) and the pronouns at
the end are peeled off a text's words when they are looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

Lookup = Callable[[str], str | None]  # word -> its lemma in the dictionary

PRONOUNS: Final = ("هما", "هم", "هن", "ها", "ه", "نا", "كم", "ك")
_CONJUNCTIONS: Final = "وف"
_PREPOSITIONS: Final = "بكل"
_SUBJECTS: Final = "يتنا"  # how verbs that take س begin
_ENDINGS: Final = ("ا", "ان", "ين", "ات")
_TA_ENDINGS: Final = ("ات",)
_NISBA_ENDINGS: Final = ("ة", "ون", "ين", "ا", "ان", "ات", "تان", "تين")
# plurals of the news that the dictionary files under another word
_PLURALS: Final = {"هجوم": ("هجمات",), "قرية": ("قرى",), "اغتيال": ("اغتيالات",)}


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


def has_article(word: str, lemma_of: Lookup) -> bool:
    """Whether a rule's word begins with the article (التهاب does not)."""
    return word.startswith("ال") and len(word) >= 5 and lemma_of(word) != word


def family_lemma(word: str, lemma_of: Lookup) -> str:
    """Return the lemma whose forms are those of a word, "" when it is not safe to say.

    A lemma stands for itself; a plural or a verb form for its lemma. Other derivations
    (حدود of حد, عمران of عمر, مظاهرة of ظاهر) are words of their own.
    """
    lemma = lemma_of(word) or ""
    stem = lemma.removesuffix("ة")
    regular = {stem + ending for ending in ("ات", "ين", "ون")}
    verbal = {lemma + "ت", lemma + "وا", "ي" + lemma, "ت" + lemma}
    broken = len(word) >= 5 and word[2] == "ا" and word[-1] != "ة"
    if lemma == word or word in regular or (word in verbal and lemma == stem) or broken:
        return lemma
    return ""


def forms(word: str, lemma: str, family: Iterable[str], lemma_of: Lookup) -> set[str]:
    """Return the forms of a word without its article: dictionary, endings, spelling."""
    bare = {form.removeprefix("ال") if len(form) > 4 else form for form in family}
    known = {form for form in bare if lemma_of(form) in (None, lemma)}
    found = {word, *known, *_PLURALS.get(word, ())}
    for base in {word, lemma} - {""}:
        if base.endswith("ة"):  # its dual is no other word's, though the dictionary errs
            found.update((base[:-1] + "تان", base[:-1] + "تين"))
        found.update(e for e in _with_endings(base) if lemma_of(e) in (None, lemma))
    if lemma:
        # a verb form that the dictionary cannot place is a lemma to it
        found.update(v for v in _verb_forms(lemma, known) if lemma_of(v) in (None, lemma, v))
    if lemma_of(lemma + "ة") not in (None, lemma) and lemma + "ت" not in known:
        found.discard(lemma + "ت")  # شرطتها is of شرطة, not of شرط
    return {form for form in found if not _is_nisba(form, lemma or word)} | {word}


def _with_endings(base: str) -> Iterator[str]:
    if base.endswith("ة"):
        return (base[:-1] + ending for ending in _TA_ENDINGS)
    if base.endswith(("ي", "ى")):
        return (base + ending for ending in _NISBA_ENDINGS)
    if base.endswith(("ا", "ات", "ين", "ون", "ان")):
        return iter((base + "ت",) if base.endswith("يا") else ())
    return (base + ending for ending in _ENDINGS)


def _verb_forms(lemma: str, known: set[str]) -> Iterator[str]:
    """Return the common forms of a regular verb; the dictionary often has a few only."""
    if f"ي{lemma}ا" in known or f"ي{lemma}" in known:
        yield from (lemma + ending for ending in ("ت", "وا"))
        yield from (f"{subject}{lemma}" for subject in "يتن")
        yield from (f"{subject}{lemma}{ending}" for subject in "يت" for ending in ("ون", "وا"))


def _is_nisba(form: str, lemma: str) -> bool:
    """Whether a form is another word's: غازي beside غاز."""
    return form.startswith(lemma + "ي") and form != lemma + "ين" and not lemma.endswith("ي")


def other_words(found: Iterable[str], lemma: str, lemma_of: Lookup) -> set[str]:
    """Return what looks like a clitic with one of these forms but is a word by itself.

    وحدة is not و + حدة.
    """
    made: set[str] = set()
    for form in found:
        made.update(letter + form for letter in _CONJUNCTIONS + _PREPOSITIONS)
        stem = form[:-1] + "ت" if form.endswith("ة") else form
        made.update(stem + pronoun for pronoun in PRONOUNS)
    return {word for word in made if lemma_of(word) not in (None, lemma)}


def spelled_otherwise(form: str) -> Iterator[str]:
    """Return other spellings of a folded form that are the same word."""
    for one, other in (("امريك", "اميرك"), ("ؤو", "ئو")):
        if one in form:
            yield form.replace(one, other)
        elif other in form:
            yield form.replace(other, one)
