"""Places: how well they are found and told apart, and how fast.

    python -m bench.places [--seed N] [--errors LANGUAGE]

The corpora are in ../shared/corpora, not part of the project; those that are not there are
left out. The gazetteer is kept in bench/results.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from bench import places_aqmar, places_lgl, places_ntrex, places_rules
from bench.rules_data import World
from rasid.models import Document
from rasid.places.geoparse import PlaceFinder
from rasid.places.hearing import fields_of, hear, source_of
from rasid.places.home import Homes
from rasid.places.inflection import bases
from rasid.places.model import Kind, Mention, Place
from storage.gazetteer_open import open_gazetteer

RESULTS: Final = Path(__file__).parent / "results"
MEANT: Final = 0.5  # as `rasid places find --text` tells
ITEMS: Final = 2_000  # timed


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    given = parser.parse_args()
    gazetteer = open_gazetteer(RESULTS / "gazetteer")

    def finder() -> PlaceFinder:
        return PlaceFinder(gazetteer, bases, Homes())

    print("| measure | | ours |\n|---|---|--:|")
    for measure, corpus, row in (
        (_lgl, places_lgl.CORPUS, "LGL"),
        (_aqmar, places_aqmar.ARTICLES, "AQMAR"),
        (_ntrex, places_ntrex.CORPUS, "NTREX"),
    ):
        if not corpus.exists():
            print(f"| {row} | left out: {corpus.name} is not there | |", flush=True)
            continue
        for name, part, value in measure(finder()):
            print(f"| {name} | {part} | {value} |", flush=True)
    print(f"| items per second of CPU time | seed {given.seed} | {_speed(finder(), given.seed)} |")
    for number, speed, found in places_rules.table(gazetteer, given.seed, RESULTS):
        said = f"{number:,} rules, {found:.1f} matches an item"
        print(f"| items matched with rules about places | {said} | {speed:,.0f} |", flush=True)


Rows = Iterator[tuple[str, str, str]]


def _lgl(finder: PlaceFinder) -> Rows:
    corpus = places_lgl.articles()
    documents = places_lgl.documents(corpus)
    finder.homes.replace(hear(finder, documents))
    found = [meant(finder, one) for one in documents]
    score = places_lgl.recognition(found, corpus)
    yield "LGL recognition, exact spans", "P / R / F1", _cells(score)
    accuracy = places_lgl.accuracy(finder, corpus)
    yield "LGL places of the corpus' mentions", "within 161 km", f"{accuracy:.3f}"
    countries, divisions = places_lgl.areas(finder, found, corpus)
    yield "LGL countries of a document", "P / R / F1", _cells(countries)
    yield "LGL states of a document", "P / R / F1", _cells(divisions)


def _aqmar(finder: PlaceFinder) -> Rows:
    score = places_aqmar.recognition(lambda document: meant(finder, document))
    yield "AQMAR places, exact spans", "P / R / F1", _cells(score)


def _ntrex(finder: PlaceFinder) -> Rows:
    for language, recall, precision in places_ntrex.scores(_countries(finder)):
        yield f"NTREX countries, {language}", "P / R", f"{precision:.3f} / {recall:.3f}"


def _countries(finder: PlaceFinder) -> Callable[[str, str], set[str]]:
    def find(text: str, _language: str) -> set[str]:
        mentions = meant(finder, Document("", text=text))
        return {one.place.country for one in mentions if _is_country(one.place)}

    return find


def _is_country(place: Place) -> bool:
    """Whether a country is named, not a town in it; those of the United Kingdom are such too."""
    return place.kind is Kind.COUNTRY or (place.kind is Kind.ADMIN1 and place.country == "GB")


def meant(finder: PlaceFinder, document: Document) -> list[Mention]:
    """Return the mentions of which a place is rather meant than not."""
    found = finder.mentions(fields_of(document), source_of(document))
    return [one for one in found if one.meant >= MEANT]


def _cells(score: places_lgl.Score) -> str:
    return f"{score.precision:.3f} / {score.recall:.3f} / **{score.f1:.3f}**"


def _speed(finder: PlaceFinder, seed: int) -> str:
    """Return how many generated items of 2.4 kB, half Arabic, are read a second."""
    texts = World(seed).documents(ITEMS, "test")
    _timed(finder, texts[: ITEMS // 2])
    return f"{_timed(finder, texts[ITEMS // 2 :]):,.0f}"


def _timed(finder: PlaceFinder, texts: Sequence[str]) -> float:
    began = time.process_time()
    for text in texts:
        finder.mentions([("text", text)])
    return len(texts) / (time.process_time() - began)


if __name__ == "__main__":
    main()
