"""Arabic words: precision and recall of our forms, plain folding and a stemmer.

    python -m bench.arabic [--errors]

Two tables: place words in the AQMAR articles (../shared/corpora, not part of the project), and
news words with sentences that were judged by hand (tests/data). `docs/notes/rules.md` says how
the places are counted.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from bench import peers
from bench.rules_data import config
from rasid.models import Document
from rasid.rules import compile_rules
from rasid.settings import Condition, Rule, Term
from rasid.text.fold import fold_text

ROOT: Final = Path(__file__).parent.parent
ARTICLES: Final = ROOT.parent / "shared/corpora/arabic-aqmar/articles"
WORDS: Final = ROOT / "tests/data/arabic_words.json"
LETTERS: Final = re.compile(r"[^\W\d_]+")
CHAINS: Final = ("", *"وفبكل", *(first + second for first in "وف" for second in "بكل"))
AMBIGUOUS: Final = 0.1  # share of a word's bare spellings that are no name at all
SHORTEST: Final = 3


class Token(NamedTuple):
    """A word of the corpus: as written, folded, and what its tag names (LOC, PER, .., O)."""

    text: str
    folded: str
    names: str


Sentence = Sequence[Token]
Found = tuple[int, str]  # where in a sentence, and which of the words that are looked for
Finder = Callable[[Sequence[str]], set[Found]]


def sentences(folder: Path) -> Iterator[Sentence]:
    """Return the sentences of the articles: a word and its tag a line, blank lines between."""
    for path in sorted(folder.glob("*.txt")):
        for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
            lines = [line.split() for line in block.splitlines()]
            found = [
                Token(line[0], _folded(line[0]), re.sub(r"^[BI]+-+", "", line[1]))
                for line in lines
                if len(line) == 2
            ]
            if found:
                yield found


def _folded(word: str) -> str:
    return "".join(LETTERS.findall(fold_text(word)))


def spellings(word: str) -> frozenset[str]:
    """Return a folded word with what is written together with it in front.

    An article that the word has must be there; one that it lacks may be.
    """
    bare = word.removeprefix("ال")
    found = {chain + word for chain in CHAINS}
    if bare == word:
        found |= {f"{chain}ال{word}" for chain in CHAINS}
    found |= {f"{chain}لل{bare}" for chain in ("", "و", "ف")}
    return frozenset(found)


def place_words(corpus: Sequence[Sentence]) -> list[str]:
    """Return the distinct names of one word that are places, as written without proclitics."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for sentence in corpus:
        for token, after in zip(sentence, [*sentence[1:], Token("", "", "O")], strict=True):
            if token.names == "LOC" and after.names != "LOC" and len(token.folded) >= SHORTEST:
                written[token.folded][" ".join(LETTERS.findall(token.text))] += 1
    longer = {s for word in written for s in spellings(word) if s != word}
    words = [most.most_common(1)[0][0] for word, most in written.items() if word not in longer]
    return sorted(word for word in words if LETTERS.fullmatch(word))


def is_ambiguous(word: str, corpus: Sequence[Sentence]) -> bool:
    """Whether a word, spelt as it is, is often no name of anything."""
    folded = fold_text(word)
    tags = [token.names for line in corpus for token in line if token.folded == folded]
    return tags.count("O") > AMBIGUOUS * len(tags)


@dataclass
class Score:
    """Counts of one method; errors by the rule's word and the text's."""

    right: int = 0
    false: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def add(self, wanted: bool, found: bool, what: str) -> None:
        """Count one decision."""
        self.right += wanted and found
        if found and not wanted:
            self.false[what] += 1
        elif wanted and not found:
            self.missed[what] += 1

    def cells(self) -> str:
        """Return precision, recall and F1 as cells of a table."""
        false, missed = self.false.total(), self.missed.total()
        precision = self.right / max(self.right + false, 1)
        recall = self.right / max(self.right + missed, 1)
        f1 = 2 * self.right / max(2 * self.right + false + missed, 1)
        return f"{precision:.3f} | {recall:.3f} | **{f1:.3f}**"


def ours(words: Sequence[str]) -> Finder:
    """Return our engine with a rule a word."""
    rules = [Rule(word, Condition(any=(Term(word),)), ("desk",), hash=word) for word in words]
    index = compile_rules(config(rules))

    def find(text: Sequence[str]) -> set[Found]:
        starts, at = {}, 0
        for number, part in enumerate(text):
            starts.update(dict.fromkeys(range(at, at + len(part)), number))
            at += len(part) + 1
        matches = index.match(Document("bench", text=" ".join(text)))
        return {(starts[evidence.start], m.rule) for m in matches for evidence in m.evidence}

    return find


def folding(words: Sequence[str]) -> Finder:
    """Return the comparison of folded words."""
    return _same(_folded, words)


def snowball(words: Sequence[str]) -> Finder:
    """Return the comparison of stems."""
    from snowballstemmer import stemmer

    stem = stemmer("arabic").stemWord
    return _same(lambda word: stem("".join(LETTERS.findall(word))), words)


def _same(made: Callable[[str], str], words: Sequence[str]) -> Finder:
    """Return a finder of words of which the same is made."""
    made = cache(made)
    typed: dict[str, list[str]] = defaultdict(list)
    for word in words:
        typed[made(word)].append(word)
    return lambda text: {(n, word) for n, part in enumerate(text) for word in typed[made(part)]}


def methods() -> Mapping[str, Callable[[Sequence[str]], Finder]]:
    """Return what is compared; the stemmer only where it can be installed."""
    found = {"our forms": ours, "plain folding": folding}
    if peers.library("snowballstemmer"):
        found["Snowball stemmer"] = snowball
    return found


def score_places(
    finder: Finder, words: Sequence[str], corpus: Sequence[Sentence]
) -> dict[str, Score]:
    """Return the scores of one method by word."""
    scores = {word: Score() for word in words}
    spelt: dict[str, list[str]] = defaultdict(list)
    for word in words:
        for spelling in spellings(fold_text(word)):
            spelt[spelling].append(word)
    for sentence in corpus:
        names = [(at, token) for at, token in enumerate(sentence) if token.names != "O"]
        wanted = {(at, word) for at, token in names for word in spelt[token.folded]}
        found = finder([token.text for token in sentence])
        for at, word in wanted | found:
            what = f"{word}: {sentence[at].text} ({sentence[at].names})"
            scores[word].add((at, word) in wanted, (at, word) in found, what)
    return scores


def total(scores: Sequence[Score]) -> Score:
    """Return all counts together."""
    whole = Score()
    for score in scores:
        whole.right += score.right
        whole.false += score.false
        whole.missed += score.missed
    return whole


def places(*, errors: bool) -> str:
    """Return the table of place words."""
    corpus = list(sentences(ARTICLES))
    words = place_words(corpus)
    unsure = {word for word in words if is_ambiguous(word, corpus)}
    sure = [word for word in words if word not in unsure]
    lines = [
        f"{len(sure)} unambiguous place words, {len(unsure)} ambiguous; P, R and F1 of each\n",
        "| method | P | R | F1 | P, ambiguous | R | F1 |\n|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, make in methods().items():
        scores = score_places(make(words), words, corpus)
        clear = total([scores[word] for word in sure])
        rest = total([scores[word] for word in unsure])
        lines.append(f"| {name} | {clear.cells()} | {rest.cells()} |")
        if errors and make is ours:
            wrong = [_listed("unambiguous", clear), _listed("ambiguous", rest)]
    return "\n".join([*lines, *(wrong if errors else [])])


def _listed(title: str, score: Score) -> str:
    lines = [f"\n{title}: most frequent errors of ours"]
    for kind, counts in (("false", score.false), ("missed", score.missed)):
        lines += [f"- {kind} {count} x {what}" for what, count in counts.most_common(15)]
    return "\n".join(lines)


def news(*, errors: bool) -> str:
    """Return the table of news words, a decision a sentence."""
    cases = json.loads(WORDS.read_text(encoding="utf-8"))
    words = [case["word"] for case in cases]
    lines = [f"{len(words)} news words\n", "| method | P | R | F1 |\n|---|--:|--:|--:|"]
    for name, make in methods().items():
        finder, score = make(words), Score()
        for case in cases:
            for wanted in (True, False):
                for text in case["match" if wanted else "no_match"]:
                    found = any(word == case["word"] for _, word in finder(text.split()))
                    score.add(wanted, found, f"{case['word']}: {text}")
        lines.append(f"| {name} | {score.cells()} |")
        if errors and make is ours:
            wrong = [_listed("news words", score)]
    return "\n".join([*lines, *(wrong if errors else [])])


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="list what we got wrong")
    given = parser.parse_args()
    if ARTICLES.is_dir():
        print(places(errors=given.errors), flush=True)
    else:
        print("Place words are left out: ../shared/corpora/arabic-aqmar is not there.")
    if WORDS.exists():
        print("\n" + news(errors=given.errors))
    else:
        print(f"News words are left out: {WORDS.relative_to(ROOT)} is not there.")


if __name__ == "__main__":
    main()
