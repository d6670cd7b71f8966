"""What rules about places cost, few and many of them, on the same items.

Each rule has a word and a town. Items are generated: 2.4 kB of words, half of them Arabic, and
five sentences that name towns.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final

from bench.rules_data import World
from rasid.config import load
from rasid.models import Document
from rasid.places.geoparse import PlaceFinder
from rasid.places.inflection import bases
from rasid.places.model import Atlas, Gazetteer, Kind, Place
from rasid.rules import compile_rules

NUMBERS: Final = (10, 100_000)
ITEMS: Final = 600
_HEAD: Final = 'version: 1\nreceivers: [{id: desk, urls: ["console://"]}]\nrules:\n'
_TOWNS: Final = 20_000


def table(gazetteer: Gazetteer, seed: int, folder: Path) -> list[tuple[int, float, float]]:
    """Return, per number of rules, items a second of CPU time and matches an item."""
    world, chance = World(seed), Random(seed)
    towns = _towns(gazetteer, chance)
    words = sorted(
        {word for one in world.words for word in one.rare if word.isascii() and len(word) > 5}
    )
    items = [_item(text, words, towns, chance) for text in world.documents(ITEMS, "places")]
    return [_measured(number, words, towns, items, gazetteer, folder) for number in NUMBERS]


def _towns(gazetteer: Gazetteer, chance: Random) -> list[Place]:
    """Return towns whose name is theirs alone, or nearly."""
    found: list[Place] = []
    while len(found) < _TOWNS:
        number = chance.randrange(60_000, 280_000)
        place = gazetteer.place(number)
        if place.kind is Kind.TOWN and place.name.isascii() and place.population > 2_000:
            found.append(place)
    return found


def _item(text: str, words: Sequence[str], towns: Sequence[Place], chance: Random) -> Document:
    at = (chance.randrange(_TOWNS) for _ in range(5))  # what one rule in five asks for
    said = (
        f"Police spoke of a {words[n % len(words)]} in the town of {towns[n].name}." for n in at
    )
    return Document("item", title=text[:80], text=" ".join((text, *said)))


def _measured(
    number: int,
    words: Sequence[str],
    towns: Sequence[Place],
    items: Sequence[Document],
    gazetteer: Gazetteer,
    folder: Path,
) -> tuple[int, float, float]:
    path = folder / f"places-{number}.yaml"
    lines = (
        f"- {{id: r{at}, any: [{words[at % len(words)]}], where: ['{towns[at % _TOWNS].id}'],"
        " inflect: false, notify: [desk]}\n"
        for at in range(number)
    )
    path.write_text(_HEAD + "".join(lines), encoding="utf-8")
    atlas = Atlas(lambda: gazetteer, lambda known: PlaceFinder(known, bases))
    index = compile_rules(load(path, gazetteer=atlas.open), atlas=atlas)
    path.unlink()
    half = len(items) // 2
    for item in items[:half]:
        index.match(item)
    began, found = time.process_time(), 0
    for item in items[half:]:
        found += len(index.match(item))
    took = time.process_time() - began
    return number, (len(items) - half) / took, found / (len(items) - half)
