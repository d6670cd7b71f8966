"""Stories and near-duplicates: how well they are told, and how fast.

    python -m bench.stories [--seed N] [--items N]

The corpora are in ../shared/corpora, not part of the project; those that are not there are
left out.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from typing import Final

import psutil

from bench import stories_arabic, stories_english, stories_ntrex
from bench.rules_data import World
from rasid.models import Document
from rasid.stories.features import features
from rasid.stories.meaning import Model, model
from rasid.stories.stories import WINDOW, Stories
from rasid.stories.told import assigned

WORDS: Final = 50  # of a title and a summary
TIMED: Final = 5_000
ROLL: Final = 1_000
Rows = Iterator[tuple[str, str, str]]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    parser.add_argument("--items", type=int, default=12_000, help="that came in 72 hours")
    given = parser.parse_args()
    print("| measure | | ours |\n|---|---|--:|")
    for measure, corpus in (
        (_arabic, stories_arabic.CORPUS),
        (_english, stories_english.CORPUS),
        (_ntrex, stories_ntrex.CORPUS),
    ):
        if not corpus.exists():
            print(f"| left out | {corpus.name} is not there | |", flush=True)
            continue
        for name, part, value in measure():
            print(f"| {name} | {part} | {value} |", flush=True)
    speed, megabytes = _speed(given.seed, given.items)
    window = f"{given.items:,} items in 72 h, seed {given.seed}"
    print(f"| items per second of CPU time | {window} | {speed:,.0f} |")
    print(f"| memory | {window} | {megabytes:,.0f} MB |")


def _models() -> Iterator[tuple[str, Model | None]]:
    yield "", None
    if (found := model()) is not None:
        yield ", with the model", found


def _arabic() -> Rows:
    items = stories_arabic.read()
    whole, shown = stories_arabic.alike(items), stories_arabic.alike_as_shown(items)
    for name, lead, truths in (
        ("full text", None, {"": whole}),
        ("title and 40 words", stories_arabic.LEAD, {" of what is shown": shown, "": whole}),
    ):
        named, joined = stories_arabic.told(stories_arabic.documents(items, lead))
        for of, right in truths.items():
            for how, found in (("named", named), ("joined", joined)):
                both = len(found & right)
                yield (
                    f"Arabic near-duplicates{of}, {name}",
                    f"pairs {how}, recall / precision, {len(right):,} pairs",
                    f"{both / len(right):.3f} / {both / len(found):.3f}",
                )


def _english() -> Rows:
    items, labels = stories_english.read()
    for name, one in _models():
        told = [found.story for _, found in assigned(items, one)]
        cells = " / ".join(f"{one:.3f}" for one in stories_english.b_cubed(told, labels))
        yield f"English headlines, B-cubed{name}", "P / R / F", cells


def _ntrex() -> Rows:
    for name, one in _models():
        for language in stories_ntrex.FILES:
            if language != "en":
                cells = " / ".join(f"{one:.3f}" for one in stories_ntrex.scores(language, one))
                what = f"English and {language}, title and two sentences{name}"
                yield what, "P / R / F1", cells
                every, nearest = stories_ntrex.best_limits(language, one)
                yield what, "best F1 of pairs / of nearest", f"{every:.3f} / {nearest:.3f}"


def _speed(seed: int, items: int) -> tuple[float, float]:
    """Return items a second when the window is full, and the memory that it takes."""
    documents = _documents(World(seed), items)
    stories, process, spent = Stories(), psutil.Process(), []
    first = next(documents)
    stories.assign(first.id, features(first), 0)  # reads what is read once
    before = process.memory_info().rss
    for number, document in enumerate(documents, 1):
        started = time.process_time()
        stories.assign(document.id, features(document), number * WINDOW // items)
        stories.settle()  # as when the store has it
        spent.append(time.process_time() - started)
    timed = spent[-TIMED:]
    return len(timed) / sum(timed), (process.memory_info().rss - before) / 1e6


def _documents(world: World, items: int) -> Iterator[Document]:
    """Return items of a title and a summary, in rolls so that not all are kept."""
    for roll in range(0, items, ROLL):
        for at, text in enumerate(world.documents(min(ROLL, items - roll), f"stories {roll}")):
            words = text.split()[:WORDS]
            yield Document(
                id=str(roll + at), title=" ".join(words[:10]), summary=" ".join(words[10:])
            )


if __name__ == "__main__":
    main()
