"""Keys of links beside libraries: pages that must have one key, and pages that must not.

    python -m bench.links [--errors]

The pairs are in tests/data/links: those that the rules were made with, and those that were
written afterwards and changed nothing. Pairs of ../shared/corpora/links are added where that is.
What an author would call is asked of each library; one that raises has no key.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from bench import peers
from rasid.items.links import link_key

ROOT: Final = Path(__file__).parent.parent
SETS: Final = {
    "corpus": ROOT.parent / "shared/corpora/links/pairs.json",
    "made with": ROOT / "tests/data/links/tuned.json",
    "held out": ROOT / "tests/data/links/held_out.json",
}
ROUNDS: Final = 7  # the fastest counts

Key = Callable[[str], str]


class Pairs(NamedTuple):
    """Addresses of one page, and of two."""

    same: list[tuple[str, str]]
    different: list[tuple[str, str]]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="the pairs that Rasid tells wrongly")
    given = parser.parse_args()
    sets = {name: read(path) for name, path in SETS.items() if path.exists()}
    if "corpus" not in sets:
        print("no ../shared/corpora/links: left out\n")
    sizes = [f"{name}: of {len(p.same)} / {len(p.different)}" for name, p in sets.items()]
    print(f"| merged / kept apart | {' | '.join(sizes)} | time of a key |")
    print(f"|---|{'--:|' * len(sets)}--:|")
    first = 0.0
    for name, key in keys():
        seconds = timed(key, sets)
        first = first or seconds
        cells = " | ".join("{} / {}".format(*right(key, pairs)) for pairs in sets.values())
        print(f"| {name} | {cells} | {seconds / first:.1f} |", flush=True)
    if given.errors:
        print_errors(sets)


def keys() -> Iterator[tuple[str, Key]]:
    """Return each library's function, ours last."""
    from courlan import normalize_url
    from w3lib.url import canonicalize_url

    yield "w3lib, canonicalize_url", canonicalize_url
    if peers.library("url_normalize"):
        from url_normalize import url_normalize

        yield "url-normalize", url_normalize
    yield "courlan, normalize_url", lambda url: normalize_url(url, trailing_slash=False)
    yield "courlan, strict", lambda url: normalize_url(url, strict=True, trailing_slash=False)
    yield "rasid", link_key


def read(path: Path) -> Pairs:
    """Return the pairs of a file; those that Rasid is known to miss are of one page too."""
    found = json.loads(path.read_text("utf-8"))
    same = [(one, two) for one, two in found["same"] + found.get("missed", [])]
    return Pairs(same, [(one, two) for one, two in found["different"]])


def right(key: Key, pairs: Pairs) -> tuple[int, int]:
    """Return how many pairs of one page have one key, and of two pages two."""
    merged = sum(is_one(key, *pair) for pair in pairs.same)
    return merged, sum(not is_one(key, *pair) for pair in pairs.different)


def is_one(key: Key, one: str, two: str) -> bool:
    """Whether two addresses have one key; no key is nobody's."""
    try:
        return key(one) == key(two)
    except (ValueError, TypeError, AttributeError):
        return False


def timed(key: Key, sets: Mapping[str, Pairs]) -> float:
    """Return the CPU seconds of the keys of all addresses, the least of some rounds."""
    urls = [url for pairs in sets.values() for pair in pairs.same + pairs.different for url in pair]
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for url in urls:
            is_one(key, url, url)
        rounds.append(time.process_time() - began)
    return min(rounds)


def print_errors(sets: Mapping[str, Pairs]) -> None:
    """Print the pairs that Rasid tells wrongly."""
    for name, pairs in sets.items():
        for one, two in pairs.same:
            if not is_one(link_key, one, two):
                print(f"{name}, not merged: {one} {two}")
        for one, two in pairs.different:
            if is_one(link_key, one, two):
                print(f"{name}, merged: {one} {two}")


if __name__ == "__main__":
    main()
