"""LGL, the Local Global Lexicon: places in English local news (Lieberman et al. 2010).

A mention is right when its span is exactly that of the corpus; a place is right within 161 km
of the corpus' point, as in the literature. A mention without a place counts as wrong.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rasid.models import Document
from rasid.places.distance import km_between
from rasid.places.geoparse import PlaceFinder
from rasid.places.model import Kind, Mention, Place
from rasid.places.names import key

CORPUS: Final = Path(__file__).parent.parent.parent / "shared/corpora/geo-lgl/lgl.xml"
NEAR_KM: Final = 161.0


@dataclass(frozen=True)
class Gold:
    """A place as the corpus has it; without a point it is recognised only."""

    start: int
    end: int
    lat: float | None = None
    lon: float | None = None
    country: str = ""
    admin1: str = ""


@dataclass(frozen=True)
class Article:
    """A document and where it came from."""

    source: str
    text: str
    gold: tuple[Gold, ...]


@dataclass
class Score:
    """Counts of right, false and missed."""

    right: int = 0
    false: int = 0
    missed: int = 0

    def add(self, found: set[object], wanted: set[object]) -> None:
        """Count what one document has."""
        self.right += len(found & wanted)
        self.false += len(found - wanted)
        self.missed += len(wanted - found)

    @property
    def precision(self) -> float:
        """Return the share of what was found that is right."""
        return self.right / max(1, self.right + self.false)

    @property
    def recall(self) -> float:
        """Return the share of what is right that was found."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        return 2 * self.right / max(1, 2 * self.right + self.false + self.missed)


def articles(path: Path = CORPUS) -> list[Article]:
    """Return the documents of the corpus."""
    root = ET.fromstring(path.read_text(encoding="utf-8"))  # our own file, read once
    return [
        Article(one.findtext("domain", ""), one.findtext("text", ""), tuple(_gold(one)))
        for one in root.iter("article")
    ]


def _gold(article: ET.Element) -> Iterator[Gold]:
    for one in article.iter("toponym"):
        start, end = int(one.findtext("start", "0")), int(one.findtext("end", "0"))
        tag = one.find("gaztag")
        if tag is None:
            yield Gold(start, end)
            continue
        lat, lon = float(tag.findtext("lat", "0")), float(tag.findtext("lon", "0"))
        country, admin1 = tag.findtext("country") or "", tag.findtext("admin1") or ""
        yield Gold(start, end, lat, lon, country, admin1)


def documents(corpus: Iterable[Article]) -> list[Document]:
    """Return the corpus as items, from which sources' homes are learnt."""
    return [Document(str(n), text=one.text, source=one.source) for n, one in enumerate(corpus)]


def recognition(found: Sequence[Sequence[Mention]], corpus: Sequence[Article]) -> Score:
    """Return how many mentions have exactly the span that the corpus has."""
    score = Score()
    for mentions, article in zip(found, corpus, strict=True):
        wanted = {(gold.start, gold.end) for gold in article.gold}
        score.add({(one.start, one.end) for one in mentions}, wanted)  # type: ignore[arg-type]
    return score


def accuracy(finder: PlaceFinder, corpus: Iterable[Article]) -> float:
    """Return the share of the corpus' mentions that are placed within 161 km."""
    right = total = 0
    for article in corpus:
        gold = [one for one in article.gold if one.lat is not None]
        spans = [(one.start, one.end) for one in gold]
        total += len(gold)
        for one, mention in zip(
            gold, finder.placed(article.text, spans, article.source), strict=True
        ):
            right += mention is not None and _is_near(mention.place, one)
    return right / total


def _is_near(place: Place, gold: Gold) -> bool:
    if place.lat is None or place.lon is None or gold.lat is None or gold.lon is None:
        return False
    return km_between(place.lat, place.lon, gold.lat, gold.lon) <= NEAR_KM


def areas(
    finder: PlaceFinder, found: Sequence[Sequence[Mention]], corpus: Sequence[Article]
) -> tuple[Score, Score]:
    """Return how well the countries and the divisions of each document are found."""
    countries, divisions = Score(), Score()
    for mentions, article in zip(found, corpus, strict=True):
        chains = [_chain(finder, one.place) for one in mentions]
        for score, kind, wanted in (
            (countries, Kind.COUNTRY, {key(one.country) for one in article.gold if one.country}),
            (divisions, Kind.ADMIN1, {key(one.admin1) for one in article.gold if one.admin1}),
        ):
            here = {
                place.number: place for chain in chains for place in chain if place.kind is kind
            }
            called = {_called(finder, place, wanted) for place in here.values()}
            score.add(called, wanted)  # type: ignore[arg-type]
    return countries, divisions


def _chain(finder: PlaceFinder, place: Place) -> list[Place]:
    return [place, *map(finder.gazetteer.place, place.within)]


def _called(finder: PlaceFinder, place: Place, wanted: set[str]) -> str:
    """Return what the corpus calls a place, its first name when the corpus has none."""
    names = {key(name) for name in finder.gazetteer.names(place.number)}
    return next(iter(names & wanted), key(place.name))
