"""Look for inputs that break what holds of all: `python -m fuzz [TARGET ...] [--seconds N]`.

What libFuzzer learns is kept in `.fuzz/` and goes on from there the next time; an input that
breaks something is written there too and named. Mend it, and put the input into `fuzz/corpus`.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from fuzz.seeds import TOKENS, dictionary, seeds

PLACE = Path(".fuzz")
LONGEST = 8192  # bytes of an input
SLOWEST = 20  # seconds for one input, after which it is a fault
MEMORY = 2048  # MB


def run(name: str, seconds: int) -> bool:
    """Try one target for so long; return whether nothing was found."""
    learnt, pieces = PLACE / name, PLACE / f"{name}.dict"
    learnt.mkdir(parents=True, exist_ok=True)
    for seed in seeds(name):
        shutil.copy(seed, learnt / seed.name)
    pieces.write_text(dictionary(name))
    options = {
        "max_total_time": seconds,
        "max_len": LONGEST,
        "timeout": SLOWEST,
        "rss_limit_mb": MEMORY,
        "dict": pieces,
        "artifact_prefix": f"{PLACE}/found-{name}-",
        "print_final_stats": 1,
    }
    given = [f"-{key}={value}" for key, value in options.items()]
    command = [sys.executable, "-m", "fuzz.run", name, *given, str(learnt)]
    return subprocess.run(command, check=False).returncode == 0


def main() -> None:
    """Try each target; exit 1 when something was found, 2 where atheris is not installed."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("targets", nargs="*", metavar="target", help=f"of {', '.join(TOKENS)}")
    given = parser.parse_args()
    if unknown := set(given.targets) - TOKENS.keys():
        parser.error(f"no target is called {', '.join(sorted(unknown))}")
    if find_spec("atheris") is None:
        print(
            "atheris is not installed; it has wheels for CPython 3.11 to 3.13 on Linux, x86-64.\n"
            "The same is tried for seconds by: python -m pytest tests/test_fuzz.py",
            file=sys.stderr,
        )
        sys.exit(2)
    found = []
    for name in given.targets or TOKENS:
        print(f"\n## {name}\n", flush=True)
        if not run(name, given.seconds):
            found.append(name)
    sys.exit(f"found something: {', '.join(found)}; see {PLACE}/found-*" if found else 0)


if __name__ == "__main__":
    main()
