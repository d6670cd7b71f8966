"""Documents and rules to measure the rule engine with, made from a seed.

The words are those of the dictionaries that inflection uses, so their shapes are real; how
often each comes is not: common ones follow Zipf's law, and a document has a handful of rare
ones. Rules are in a language without a dictionary, so every engine looks for words as typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from random import Random
from typing import Final

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from bench.outlets import vocabulary
from rasid.settings import Condition, Config, Near, Part, Regex, Rule, Term

MIXES: Final = ("rare", "boolean", "regex")
MOST_RULES: Final = 100_000
COMMON, RARE, PAIRS, PREFIXES, LONGEST = 30_000, 60_000, 30_000, 2_000, 10
LETTERS: Final = {"ar": "[ء-غف-ي]", "en": "[a-z]"}
ENDINGS: Final = {"ar": "ها|ات|ين", "en": "s|ed|ing"}
BYTES: Final = (1_600, 3_200)  # of a document, in UTF-8
_MARKS: Final = dict.fromkeys(range(0x64B, 0x653))
_TABLE: Final = str.maketrans("أإآىة", "ااايه") | _MARKS


def plain(text: str) -> str:
    """Fold a text as far as these documents need it, so that engines share no code with ours."""
    return text.translate(_TABLE).lower()


@dataclass(frozen=True)
class Words:
    """The words of one language, and pairs of them that stand near each other."""

    language: str
    common: list[str]
    weights: list[float]  # cumulated
    rare: list[str]
    pairs: list[tuple[str, str]]

    def some(self, chance: Random, count: int) -> list[str]:
        """Return words of running text."""
        return chance.choices(self.common, cum_weights=self.weights, k=count)

    def middling(self, chance: Random, count: int) -> list[str]:
        """Return words that are neither the commonest nor rare."""
        first = len(self.common) // 50
        return [self.common[int(first * 50 ** chance.random())] for _ in range(count)]


def _words(language: str, seed: int) -> Words:
    chance = Random(f"{seed} {language}")
    shape = re.compile(f"{LETTERS[language]}{{3,{LONGEST}}}")
    known = DefaultDictionaryFactory(1).get_dictionary(language)
    listed = sorted(word for word in known if shape.fullmatch(word))
    listed = chance.sample(listed, min(len(listed), COMMON + 2 * RARE))
    listed.sort(key=lambda word: len(word) + chance.random() * 8)  # common words are short
    seen = [word for word in vocabulary()[language] if shape.fullmatch(word)]
    distinct = list({plain(word): word for word in reversed(seen + listed)}.values())[::-1]
    common, rest = distinct[:COMMON], distinct[COMMON:]
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(COMMON)))
    words = Words(language, common, weights, chance.sample(rest, RARE), [])
    later = common[COMMON // 4 :]
    while len(words.pairs) < PAIRS:
        one, other = words.middling(chance, 1)[0], chance.choice(later)
        # Arabic phrases match their joined spelling too: too long for any document to have it
        if one != other and (language == "en" or len(one) + len(other) > LONGEST):
            words.pairs.append((one, other))
    return words


class World:
    """What documents and rules are made of."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.words = (_words("ar", seed), _words("en", seed))
        chance = Random(f"{seed} prefixes")
        syllables = [a + b for a in "bdfgklmnrstvz" for b in "aeiou"]
        names: dict[str, None] = {}
        while len(names) < PREFIXES:
            names["".join(chance.choices(syllables, k=3)).capitalize() + "q"] = None
        self.prefixes = list(names)

    def documents(self, count: int, purpose: str) -> list[str]:
        """Return texts, every second one Arabic; other purposes give other texts."""
        return [
            _document(Random(f"{self.seed} {purpose} {at}"), self.words[at % 2], self.prefixes)
            for at in range(count)
        ]

    def rules(self, mix: str, count: int, *, inflect: bool = False) -> list[Rule]:
        """Return rules; a larger number begins with the same ones."""
        if count > MOST_RULES:
            raise ValueError(f"at most {MOST_RULES} rules")
        make = _MAKERS[mix]
        return [
            _rule(f"{mix}-{at}", make(_Maker(self, Random(f"{self.seed} {mix} {at}"), at, inflect)))
            for at in range(count)
        ]


def _document(chance: Random, words: Words, prefixes: list[str]) -> str:
    size, sentences = chance.randint(*BYTES), []
    while size > 0:
        sentence = " ".join(_sentence(chance, words, prefixes))
        sentences.append(sentence[0].upper() + sentence[1:] + ".")
        size -= len(sentences[-1].encode()) + 1
    return " ".join(sentences)


def _sentence(chance: Random, words: Words, prefixes: list[str]) -> Iterator[str]:
    plan = words.some(chance, chance.randint(8, 25))
    if chance.random() < 0.15:
        one, other = chance.choice(words.pairs)
        if chance.random() < 0.2:
            one, other = other, one
        between = words.some(chance, chance.choice((0, 0, 0, 1, 2, 3, 5, 8)))
        plan[4:4] = [one, *between, other]
    if chance.random() < 0.05:
        designation = chance.choice(prefixes) + chance.choice("- ") + str(chance.randint(10, 199))
        plan.insert(3, designation)
    for word in plan:
        if chance.random() < 0.02:
            yield chance.choice(words.rare)
            if chance.random() < 0.3:
                yield str(chance.randint(2, 400))
        yield _spelt(chance, word) + "," * (chance.random() < 0.05)


def _spelt(chance: Random, word: str) -> str:
    """Return a word as some write it: without its hamza, or with a mark."""
    if word[0] == "أ" and chance.random() < 0.2:
        return "ا" + word[1:]
    if "ء" <= word[0] <= "ي" and chance.random() < 0.01:
        return word[:2] + "\u0651" + word[2:]
    return word


@dataclass(frozen=True)
class _Maker:
    """Makes one rule; `at` is its number."""

    world: World
    chance: Random
    at: int
    inflect: bool

    @property
    def words(self) -> Words:
        return self.world.words[self.at % 2]

    def term(self, text: str) -> Term:
        return Term(text) if self.inflect else Term(text, language="zz", inflect=False)

    def any(self, *texts: str) -> Condition:
        return Condition(any=tuple(map(self.term, dict.fromkeys(texts))))

    def middling(self, count: int, *, other: bool = False) -> list[str]:
        words = self.world.words[1 - self.at % 2] if other else self.words
        return words.middling(self.chance, count)


def _rare(maker: _Maker) -> Part:
    return maker.any(maker.words.rare[maker.at // 2])


def _boolean(maker: _Maker) -> Part:
    """Return a list and a phrase, words near each other, or both; some have vetoes."""
    chance = maker.chance
    one, other = chance.choice(maker.words.pairs)
    phrase = f"{one} {other}"
    context = maker.any(*maker.words.some(chance, 3), *maker.middling(chance.randint(2, 8)))
    veto = tuple(map(maker.term, maker.middling(1))) if chance.random() < 0.3 else ()
    kind = chance.randrange(4)
    if kind == 0:
        return Condition(all=(maker.term(phrase), context), none=veto)
    near = _near(maker, one, other)
    if kind == 1:
        return Condition(all=(near, context), none=veto)
    if kind == 2:
        rare = chance.choice(maker.words.rare)
        lists = maker.any(phrase, rare, *maker.middling(2, other=True))
        return Condition(all=(lists, maker.any(*maker.middling(4)), context), none=veto)
    either = Condition(any=(near, maker.term(f"{other} {one}")))
    return Condition(all=(either, context), none=veto)


def _near(maker: _Maker, one: str, other: str) -> Near:
    """Return two lists near each other; engines differ on a word that is in both."""
    chance = maker.chance
    left = {one, *maker.middling(chance.randint(0, 2))} - {other}
    right = {other, *maker.middling(chance.randint(0, 2))} - left
    lists = maker.any(*sorted(left)), maker.any(*sorted(right))
    return Near(*lists, chance.randint(3, 10), ordered=chance.random() < 0.3)


def _regex(maker: _Maker) -> Part:
    """Return a designation, a word with endings, two words in order, a word and a number."""
    chance, words = maker.chance, maker.words
    kind, rare = chance.randrange(4), words.rare[maker.at // 2]
    if kind == 0:
        pattern = rf"\b{chance.choice(maker.world.prefixes)}[- ]?\d*{chance.randrange(10)}\b"
    elif kind == 1:
        caseless = "(?i)" if words.language == "en" and chance.random() < 0.3 else ""
        pattern = rf"{caseless}\b{rare}(?:{ENDINGS[words.language]})?\b"
    elif kind == 2:
        one, other = chance.choice(words.pairs)
        pattern = rf"\b{one}(?: \S+){{0,3}} {other}\b"
    else:
        pattern = rf"\b(?:{rare}|{chance.choice(words.rare)})[ -]\d{{1,3}}\b"
    return Condition(any=(Regex(pattern),))


_MAKERS: Final[dict[str, Callable[[_Maker], Part]]] = {
    "rare": _rare, "boolean": _boolean, "regex": _regex
}  # fmt: skip


def _rule(name: str, part: Part) -> Rule:
    assert isinstance(part, Condition)
    meaning = sha256(repr(part).encode()).hexdigest()
    return Rule(name, part, ("desk",), hash=meaning)


def config(rules: list[Rule]) -> Config:
    """Return a configuration of nothing but rules."""
    version = sha256("".join(rule.hash for rule in rules).encode()).hexdigest()
    return Config(rules={rule.id: rule for rule in rules}, version=version)


def literals(part: Part) -> Iterator[str]:
    """Return what the bare scan looks for: folded terms, the longest word of an expression."""
    if isinstance(part, Term):
        yield plain(part.text)
    elif isinstance(part, Regex):
        yield max(re.findall(r"[^\W\d_]+", re.sub(r"\\.", " ", part.pattern)), key=len)
    elif isinstance(part, Near):
        yield from literals(part.left)
        yield from literals(part.right)
    else:
        assert isinstance(part, Condition)
        for inner in (*part.any, *part.all):
            yield from literals(inner)
