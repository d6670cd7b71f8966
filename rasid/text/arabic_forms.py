"""Arabic: the forms of a rule's word, from its dictionary's family and from rules.

The dictionary gives broken plurals and odd verb forms and lacks many regular ones; those
are made here and taken unless the dictionary says that they are another word's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from rasid.text.arabic import PRONOUNS

Lookup = Callable[[str], str | None]  # word -> its lemma in the dictionary

_BEFORE: Final = "وفبكل"  # letters written together with the word after them
_FRONTS: Final = ("", *_BEFORE, *(first + second for first in "وف" for second in "بكل"))
_ENDINGS: Final = ("ا", "ان", "ين", "ات")
_NISBA_ENDINGS: Final = ("ة", "ون", "ين", "ا", "ان", "ات", "تان", "تين")
# plurals of the news that the dictionary lacks or files under another word
_PLURALS: Final = {
    "هجوم": ("هجمات",), "قرية": ("قرى",), "اغتيال": ("اغتيالات",), "أسير": ("أسرى",),
    "جسر": ("جسور",), "قوة": ("قوى",), "خزان": ("خزانات",), "طريق": ("طرق", "طرقات"),
    "سد": ("سدود",), "امرأة": ("نساء",), "بحر": ("بحار",), "جزيرة": ("جزر",),
    "سيل": ("سيول",), "هدنة": ("هدن",), "قناص": ("قناصة",), "نفق": ("أنفاق",),
    "كلب": ("كلاب",), "ملاك": ("ملائكة",), "مدفع": ("مدافع",), "كمين": ("كمائن",),
    "فصيل": ("فصائل",), "خطة": ("خطط",), "مجزرة": ("مجازر",), "عقيد": ("عقداء",),
    "خلية": ("خلايا",), "رتل": ("أرتال",), "سرية": ("سرايا",), "مزرعة": ("مزارع",),
    "حارس": ("حراس",), "ناشط": ("نشطاء",), "مصفاة": ("مصافي", "مصاف"), "تهمة": ("تهم",),
    "معمل": ("معامل",), "مبنى": ("مبان", "مباني"), "حفرة": ("حفر",), "روسي": ("روس",),
    "عربي": ("عرب",), "كردي": ("كرد",), "يهودي": ("يهود",), "أفغاني": ("أفغان",),
    "وادي": ("أودية", "وديان"), "قاضي": ("قضاة",), "ساكن": ("سكان",), "راكب": ("ركاب",),
    "قبو": ("أقبية",), "مطلب": ("مطالب",), "سياج": ("أسيجة",), "غرفة": ("غرف",),
    "شقة": ("شقق",), "فتنة": ("فتن",), "لعبة": ("ألعاب",), "ثكنة": ("ثكن",),
    "مرسوم": ("مراسيم",), "ملف": ("ملفات",),
}  # fmt: skip
# verbs whose letters do not tell their present: what follows its prefix
_DOUBLED: Final = frozenset(
    ["رد", "فر", "شن", "مر", "ظل", "صد", "هز", "هب", "شب", "حث", "ضم", "فض", "كف"]
)
_HOLLOW: Final = {
    "قام": "قوم", "مات": "موت", "زار": "زور", "عاد": "عود", "قال": "قول", "كان": "كون",
    "قاد": "قود", "فاز": "فوز", "ثار": "ثور", "باع": "بيع", "غاب": "غيب", "سار": "سير",
    "صار": "صير", "عاش": "عيش", "نال": "نال", "خاف": "خاف",
}  # fmt: skip
_DEFECTIVE: Final = frozenset(["دعا", "نجا", "شكا", "غزا", "عفا", "محا"])
_NOT_OF: Final = {"غاز": ("غزاة",)}  # raiders are not of gas


def has_article(word: str, lemma_of: Lookup) -> bool:
    """Whether a rule's word begins with the article (التهاب and التقى do not)."""
    if not word.startswith("ال") or len(word) < 5 or lemma_of(word) == word:
        return False
    present = "ي" + word[1:]
    return lemma_of(present) is None and lemma_of(_past(present) + "ي") is None


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
    own = word.startswith("ال")  # التقى
    bare = {form.removeprefix("ال") if len(form) > 4 and not own else form for form in family}
    known = {form for form in bare if lemma_of(form) in (None, lemma) and _is_of(form, lemma)}
    found = {word, *known, *_PLURALS.get(word, ()), *_irregular(word)}
    found.update(p for p in _broken(word) if lemma_of(p) is None)
    for base in {word, lemma} - {""}:
        if base.endswith("ة"):  # these are no other word's, though the dictionary errs
            found.update(base[:-1] + ending for ending in ("تان", "تين", "تا", "تي", "ات"))
        dual = _is_dual(base, lemma_of)
        found.update(e for e in _with_endings(base, dual) if lemma_of(e) in (None, lemma))
    if lemma and _is_verb(lemma, known):
        # a verb form that the dictionary cannot place is a lemma to it
        made = _verb_forms(lemma, known)
        found.update(v for v in made if lemma_of(v) in (None, lemma, v))
    elif not lemma:
        found.update(_passive(word, lemma_of(word) or ""))
    if len(word) >= 4 and word[:2] != "ال" and lemma_of(word + "ت") == word + "ت":
        found.add(word + "ت")  # استقالت, توفيت: the dictionary has it alone
    own_forms = {form for form in found if not _is_nisba(form, lemma or word)} | {word}
    return own_forms | set(_before_owners(word, lemma, lemma_of))


def _before_owners(word: str, lemma: str, lemma_of: Lookup) -> Iterator[str]:
    """Return the plural of persons before a noun: مقاتلو, مقاتلي. The second may be a nisba."""
    if len(word) < 4 or word.endswith(("ة", "ا", "و", "ى", "ء", "ات", "ين", "ون", "ان")):
        return
    plural, oblique = lemma_of(word + "و"), lemma_of(word + "ي")
    if plural in (None, lemma):
        yield word + "و"
    if (lemma and plural == oblique == lemma) or (oblique is None and word[0] == "م"):
        yield word + "ي"


def _is_of(form: str, lemma: str) -> bool:
    """Whether the dictionary's form of a lemma is one, not a noun made of it (مزار, تطبيب)."""
    place = form == "م" + lemma and lemma in _HOLLOW
    doing = len(lemma) == 4 and lemma[2] == "ي" and form == "ت" + lemma
    return not place and not doing and form not in _NOT_OF.get(lemma, ())


def _broken(word: str) -> Iterator[str]:
    """Return the broken plural that a noun's letters tell: مرسوم مراسيم, غنيمة غنائم."""
    if len(word) == 5 and word[0] == "م" and word[3] == "و":
        yield f"م{word[1]}ا{word[2]}ي{word[4]}"
    elif len(word) == 5 and word[2] == "ي" and word[4] == "ة":
        yield f"{word[:2]}ائ{word[3]}"


def _irregular(verb: str) -> Iterator[str]:
    """Return the common forms of a verb with a doubled or weak root that is listed."""
    if verb in _DOUBLED:
        past, stem, plural = verb, verb, verb
    elif verb in _HOLLOW:
        past, stem, plural = verb, _HOLLOW[verb], _HOLLOW[verb]
    elif verb in _DEFECTIVE:
        past, stem, plural = verb[:-1], verb[:-1] + "و", verb[:-1]
    else:
        return
    yield from (past + ending for ending in ("ت", "وا", "تا"))
    yield from (subject + stem for subject in "يتن")
    yield from (f"{subject}{plural}{ending}" for subject in "يت" for ending in ("ون", "وا"))


def _is_dual(word: str, lemma_of: Lookup) -> bool:
    """Whether an ان at the end is an ending: it is not in فيضان."""
    stem, lemma = word[:-2], lemma_of(word)
    return lemma != word and lemma in (stem, stem + "ة", lemma_of(stem) or stem)


def _with_endings(base: str, dual: bool) -> Iterator[str]:
    if base.endswith("ة"):
        return iter(())
    if base.endswith(("ي", "ى")):
        return (base + ending for ending in _NISBA_ENDINGS)
    if base.endswith("ان") and not dual and len(base) >= 5:
        return (base + ending for ending in _ENDINGS)
    if base.endswith(("ا", "ات", "ين", "ون", "ان")):
        return iter((base + "ت",) if base.endswith("يا") else ())
    if len(base) >= 4:
        return (base + ending for ending in (*_ENDINGS, "ون"))
    return (base + ending for ending in _ENDINGS)


def _is_verb(lemma: str, known: set[str]) -> bool:
    """Whether the dictionary has a form of a lemma that only verbs have."""
    if len(lemma) < 3 or (len(lemma) == 4 and lemma[2] == "ي"):  # طبيب
        return False
    stems = {lemma, *_presents(lemma), _past(lemma) + "ي"}
    telling = {f"ي{stem}{end}" for stem in stems for end in ("", "ا", "ان")}
    telling |= {f"ت{stem}ان" for stem in stems}
    telling |= {_past(lemma) + "تا", _past(lemma) + "يتا", lemma + "تما"}
    return not known.isdisjoint(telling)


def _past(lemma: str) -> str:
    """Return what the endings of a verb's past follow."""
    return lemma[:-1] if lemma[-1] in "ىي" else lemma


def _verb_forms(lemma: str, known: Iterable[str]) -> Iterator[str]:
    """Return the common forms of a regular verb; the dictionary often has a few only."""
    yield from (_past(lemma) + ending for ending in ("ت", "وا", "تا"))
    duals = {form[1:-2] for form in known if form[0] == "ي" and form.endswith("ان")}
    for stem in {*_presents(lemma), *(dual for dual in duals if len(dual) == len(lemma) == 3)}:
        plural = _past(stem)
        yield from (subject + stem for subject in "يتن")
        yield from (f"{subject}{plural}{ending}" for subject in "يت" for ending in ("ون", "وا"))


def _presents(lemma: str) -> tuple[str, ...]:
    """Return what follows the prefix in a verb's present, where its letters tell it.

    قصف قصف, أعلن علن, انفجر نفجر, استعاد ستعيد, وصل صل, أجرى جرى.
    """
    weak = lemma[-2] == "ا"
    if lemma[0] in "أإ" and len(lemma) == 4:
        return (f"{lemma[1]}ي{lemma[3]}" if weak else lemma[1:],)
    if lemma[0] in "أآ":
        return ("أ" + lemma[1:], "ؤ" + lemma[1:])
    if lemma[0] == "ا" and len(lemma) >= 4:
        return (f"{lemma[1:-2]}ي{lemma[-1]}" if weak and lemma[:3] == "است" else lemma[1:],)
    if lemma[0] == "و" and len(lemma) == 3:
        return (lemma[1:], lemma)
    return () if weak and len(lemma) == 3 else (lemma,)


def _passive(word: str, lemma: str) -> Iterator[str]:
    """Return the forms of a passive that is a word of its own: أصيب of أصاب."""
    if len(lemma) >= 4 and word == f"{lemma[:-2]}ي{lemma[-1]}" != lemma:
        yield from (word + ending for ending in ("ت", "وا"))


def _is_nisba(form: str, lemma: str) -> bool:
    """Whether a form is another word's: غازي beside غاز."""
    return form.startswith(lemma + "ي") and form != lemma + "ين" and not lemma.endswith("ي")


def other_words(found: Iterable[str], lemma: str, lemma_of: Lookup) -> set[str]:
    """Return what looks like a clitic with one of these forms but is a word by itself.

    وحدة is not و + حدة.
    """
    made: set[str] = set()
    for form in found:
        made.update(letter + form for letter in _BEFORE)
        stem = form[:-1] + "ت" if form.endswith("ة") else form
        made.update(stem + pronoun for pronoun in PRONOUNS)
    words = {w for w in made if w[:2] != "وو" and lemma_of(w) not in (None, lemma)}
    if "سوريا" in found:  # spelt سورية too, but السورية is "the Syrian"
        words |= {front + article + "سورية" for front in _FRONTS for article in ("ال", "ل")}
    return words | _of_noun(found, lemma, lemma_of)


def _of_noun(found: Iterable[str], lemma: str, lemma_of: Lookup) -> set[str]:
    """Return a noun's words with pronouns that look like a verb's: ضربتها is of ضربة."""
    feminine = lemma + "ت"
    if feminine not in found or lemma_of(lemma + "ة") in (None, lemma):
        return set()
    return {front + feminine + pronoun for front in _FRONTS for pronoun in PRONOUNS}
