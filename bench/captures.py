"""What capturing costs: rounds of `rasid once --all` with and without it, one after the other.

    python -m bench.captures [--feeds 300] [--rounds 5]

In every round all feeds have changed. CPU time is told, since it is steadier than the clock on a
machine that does other things too: the medians, and the difference a response.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
from pathlib import Path

from bench.measure import measure
from bench.outlets import Outlets
from bench.polling import ITEMS, rasid, rules


def costs(seed: int, feeds: int, rounds: int) -> dict[bool, list[float]]:
    """Return CPU seconds of each round, by whether it captured."""
    found: dict[bool, list[float]] = {False: [], True: []}
    with tempfile.TemporaryDirectory() as place, Outlets(feeds, ITEMS, seed) as outlets:
        commands = {}
        for capturing in found:
            folder = Path(place) / str(capturing)
            folder.mkdir()
            commands[capturing] = rasid(folder, outlets, seed)
            if capturing:
                file = folder / "rules.yaml"
                text = outlets.configuration(rules(seed))
                file.write_text(text.replace("settings:", "settings:\n  capture: true", 1))
            measure(commands[capturing], folder / "log-first")
        for number in range(rounds):
            outlets.tell("change", 1.0)
            for capturing, command in commands.items():
                log = Path(place) / str(capturing) / f"log-{number}"
                found[capturing].append(measure(command, log).cpu)
        entries = len(list((Path(place) / "True/data/captures/spool").glob("*-*")))
        if entries != feeds * (rounds + 1):
            raise SystemExit(f"{entries} responses were captured, not {feeds * (rounds + 1)}")
    return found


def main() -> None:
    """Print what it costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    found = costs(options.seed, options.feeds, options.rounds)
    without, with_ = (statistics.median(found[one]) for one in (False, True))
    each = (with_ - without) / options.feeds * 1000
    print(f"{options.feeds} feeds, seed {options.seed}, CPU seconds of a round")
    print(f"without {without:.2f}, capturing {with_:.2f}: {each:.2f} ms a response")


if __name__ == "__main__":
    main()
