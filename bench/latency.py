"""Latency: from the answer that first shows an item to the webhook's receipt of its alert.

    python -m bench.latency

The polling interval is left out: it is the user's choice.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.outlets import Outlets

SOURCES, ITEMS, PUBLISHED = 1_000, 5, 300
SETTLE = 30.0  # seconds until every source has had its first poll
PUBLISHING = 45.0
PATIENCE = 90.0  # seconds after the last publication: the interval of one minute, and some
RULES = "  - {id: strike, any: [قصف], notify: [hook]}\n"


def quantile(values: list[float], share: float) -> float:
    """Return the nearest-rank quantile of sorted values."""
    return values[min(len(values) - 1, int(len(values) * share))]


def watch(outlets: Outlets, chance: random.Random) -> dict[str, dict]:
    """Publish at random times on random sources; return what was served and received."""
    time.sleep(SETTLE)
    polled = outlets.tell("report")["answers"].get("200", 0)
    if polled < SOURCES:
        raise RuntimeError(f"only {polled} of {SOURCES} first polls after {SETTLE:.0f} s")
    times = sorted(chance.uniform(0, PUBLISHING) for _ in range(PUBLISHED))
    began = time.monotonic()
    for number, (at, source) in enumerate(
        zip(times, chance.sample(range(SOURCES), PUBLISHED), strict=True)
    ):
        time.sleep(max(0.0, began + at - time.monotonic()))
        outlets.tell("publish", source, number)
    ends = time.monotonic() + PATIENCE
    while len(outlets.tell("report")["received"]) < PUBLISHED and time.monotonic() < ends:
        time.sleep(0.5)
    return outlets.tell("report")


def table(seed: int) -> str:
    """Run the daemon; return a Markdown table."""
    with tempfile.TemporaryDirectory() as place, Outlets(SOURCES, ITEMS, seed) as outlets:
        folder = Path(place)
        (folder / "rules.yaml").write_text(outlets.configuration(RULES, "1m"), encoding="utf-8")
        options = ["--config", str(folder / "rules.yaml"), "--data-dir", str(folder / "data")]
        with (folder / "log").open("wb") as log:
            daemon = subprocess.Popen(
                [sys.executable, "-m", "rasid", "run", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
            try:
                seen = watch(outlets, random.Random(seed))
            finally:
                daemon.terminate()
                daemon.wait(30)
    served, received = seen["served"], seen["received"]
    waits = sorted(received[number] - served[number] for number in received)
    if not waits:
        raise RuntimeError("no alert arrived")
    figures = [quantile(waits, 0.5), quantile(waits, 0.99), waits[-1]]
    return (
        f"{SOURCES} sources polled every minute, seed {seed}\n\n"
        "| published | served | received | p50 s | p99 s | longest s |\n"
        "|--:|--:|--:|--:|--:|--:|\n"
        f"| {PUBLISHED} | {len(served)} | {len(received)} | "
        + " | ".join(f"{figure:.3f}" for figure in figures)
        + " |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    print(table(parser.parse_args().seed))


if __name__ == "__main__":
    main()
