"""All figures of the README but the kill test: `python -m bench`."""

from __future__ import annotations

import argparse
import random
import subprocess
import sys

from bench import peers

PARTS = (
    "polling", "crowd", "latency", "memory", "soak", "parse", "links", "rules", "arabic", "places",
    "stories", "stories_replay", "week",
)  # fmt: skip
UNSEEDED = ("links", "arabic", "stories_replay")  # what is measured on given texts


def options(part: str) -> list[str]:
    """Return what a part is called with; say which peers of polling are not there."""
    if part != "polling":
        return []
    if peers.newsboat() is None:
        print("newsboat is not installed (a Debian package): left out", flush=True)
    if peers.urlwatch(install=True) is None:
        print("urlwatch is not installed: left out", flush=True)
        return []
    return ["--urlwatch"]


def main() -> None:
    """Run each part in a process of its own; exit 1 when one fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no part is called {', '.join(sorted(unknown))}")
    failed = []
    for part in given.parts or PARTS:
        print(f"\n## {part}\n", flush=True)
        seed = [] if part in UNSEEDED else ["--seed", str(given.seed)]
        command = [sys.executable, "-m", f"bench.{part}", *seed]
        if subprocess.run([*command, *options(part)], check=False).returncode != 0:
            failed.append(part)
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
