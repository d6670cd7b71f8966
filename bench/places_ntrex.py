"""How many of the countries that a sentence names are found in five other languages.

NTREX: 1,997 sentences of news in English and their translations. What the words find in the
English is taken as true, so a figure is also lowered by free translation and by what the
English side misses. Run: `python -m bench.places_ntrex [--errors LANGUAGE]`.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rasid.places.inflection import bases
from rasid.places.model import Means
from rasid.places.names import has_article, words
from rasid.places.own_words import WordOf, not_places
from rasid.places.own_words import words as own_words
from rasid.text.fold import fold, fold_text
from rasid.text.tokens import Token, tokenize

FILES = {"en": "src.eng", "ar": "ref.arb", "fr": "ref.fra", "ru": "ref.rus", "tr": "ref.tur",
         "zh": "ref.zho-CN"}  # fmt: skip
CORPUS = Path(__file__).parent.parent.parent / "shared/corpora/ntrex"
Find = Callable[[str, str], set[str]]
_UNSPACED = ("zh", "ja")
_NOTHING = "nothing"


class Finder:
    """The longest of our own words at each place of a text, and which countries they mean."""

    def __init__(self) -> None:
        self._spaced: dict[str, dict[tuple[str, ...], list[WordOf]]] = defaultdict(dict)
        self._unspaced: dict[str, dict[str, list[WordOf]]] = defaultdict(dict)
        for word in _everything():
            if word.language in _UNSPACED:
                self._unspaced[word.language].setdefault(fold_text(word.text), []).append(word)
            else:
                keys = self._spaced[word.language].setdefault(tuple(words(word.text)), [])
                keys.append(word)
        self._begun = {
            language: {key[:length] for key in known for length in range(1, len(key) + 1)}
            for language, known in self._spaced.items()
        }
        self._longest = {
            language: max(map(len, known))
            for language, known in [*self._spaced.items(), *self._unspaced.items()]
        }

    def __call__(self, text: str, language: str) -> set[str]:
        """Return the alpha-2 codes of the countries that a text names."""
        found = self._inside if language in _UNSPACED else self._along
        return {code for word in found(text, language) if (code := _country(word.identity))}

    def _inside(self, text: str, language: str) -> Iterator[WordOf]:
        known, folded, at = self._unspaced[language], fold_text(text), 0
        while at < len(folded):
            for length in range(self._longest[language], 0, -1):
                if folded[at : at + length] in known and length <= len(folded) - at:
                    yield from known[folded[at : at + length]]
                    at += length - 1
                    break
            at += 1

    def _along(self, text: str, language: str) -> Iterator[WordOf]:
        tokens, at = tokenize(fold(text)), 0
        while at < len(tokens):
            for length in range(min(self._longest[language], len(tokens) - at), 0, -1):
                found = self._at(text, tokens[at : at + length], language)
                if found:
                    yield from found
                    at += length - 1
                    break
            at += 1

    def _at(self, text: str, tokens: Sequence[Token], language: str) -> list[WordOf]:
        known, begun = self._spaced[language], self._begun[language]
        rows: list[tuple[str, ...]] = [()]
        for token in tokens:
            longer = ((*row, base) for row in rows for base in bases(token.word))
            rows = [row for row in longer if row in begun]
        for row in rows:
            fitting = [word for word in known.get(row, ()) if _fits(word, text, tokens)]
            if fitting:
                return fitting
        return []


def _everything() -> Iterator[WordOf]:
    yield from own_words()
    for text, language in not_places():
        yield WordOf(_NOTHING, text, Means.NAME, language)


def _fits(word: WordOf, text: str, tokens: Sequence[Token]) -> bool:
    written = text[tokens[0].start : tokens[-1].end]
    if word.means is Means.SHORT:
        dot = text[tokens[-1].end : tokens[-1].end + 1] if word.text.endswith(".") else ""
        return written + dot == word.text
    if word.text[0].isupper() and not written[0].isupper():
        return False
    if word.language == "ar" and has_article(word.text):
        return "ال" in tokens[0].word[:4] or "لل" in tokens[0].word[:3]
    return True


def _country(identity: str) -> str:
    kind, _, code = identity.partition(":")
    if kind == "country":
        return code
    return "GB" if identity.startswith("GB-") else ""


def scores(find: Find, folder: Path = CORPUS) -> Iterator[tuple[str, float, float]]:
    """Return recall and precision of each language, what is found in the English being true."""
    silver = [find(line, "en") for line in _lines(folder, FILES["en"])]
    for language in [one for one in FILES if one != "en"]:
        found = [find(line, language) for line in _lines(folder, FILES[language])]
        yield language, *_figures(silver, found)


def main() -> None:
    """Print what words alone find, and with --errors the lines that differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", default="")
    options = parser.parse_args()
    if not CORPUS.exists():
        print("no ../shared/corpora/ntrex: github.com/MicrosoftTranslator/NTREX has it")
        return
    find = Finder()
    for language, recall, precision in scores(find):
        print(f"{language} recall {recall:.3f} precision {precision:.3f}")
    if options.errors:
        english = _lines(CORPUS, FILES["en"])
        other = _lines(CORPUS, FILES[options.errors])
        silver = [find(line, "en") for line in english]
        _show(silver, [find(line, options.errors) for line in other], english, other)


def _lines(folder: Path, name: str) -> list[str]:
    return (folder / f"newstest2019-{name}.txt").read_text("utf-8").splitlines()


def _figures(silver: Sequence[set[str]], found: Sequence[set[str]]) -> tuple[float, float]:
    both = sum(len(one & other) for one, other in zip(silver, found, strict=True))
    return both / sum(map(len, silver)), both / sum(map(len, found))


def _show(
    silver: Sequence[set[str]], found: Sequence[set[str]], english: list[str], other: list[str]
) -> None:
    for want, have, source, text in zip(silver, found, english, other, strict=True):
        if want != have:
            print(f"-{sorted(want - have)} +{sorted(have - want)}\n  {source}\n  {text}")


if __name__ == "__main__":
    main()
