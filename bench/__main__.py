"""All figures of the README but the kill test: `python -m bench`."""

from __future__ import annotations

import argparse
import random
import subprocess
import sys

PARTS = ("polling", "latency", "memory")


def main() -> None:
    """Run each part in a process of its own; exit 1 when one fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    seed = str(parser.parse_args().seed)
    failed = False
    for part in PARTS:
        print(f"\n## {part}\n", flush=True)
        command = [sys.executable, "-m", f"bench.{part}", "--seed", seed]
        failed |= subprocess.run(command, check=False).returncode != 0
    sys.exit(failed)


if __name__ == "__main__":
    main()
