"""The rule engine: documents a second by number of rules, beside other engines.

    python -m bench.rules [--rules 10,1000] [--mix rare,boolean,regex] [--peers lucene]

Every engine runs alone in a process, in one thread, on the same documents, given as text; the
bench fails when one finds other rules than the rest. `docs/notes/rules.md` says more.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench import rules_lucene
from bench.rules_data import MIXES, World, plain
from bench.rules_engines import Run, Texts, can, run_peer, run_rasid
from rasid.settings import Rule

SIZES: Final = (10, 100, 1_000, 10_000, 100_000)
PEERS: Final = ("naive", "mokaccino", "lucene")
MOST_NAIVE: Final = 10_000
WARM_UPS: Final = 3  # documents read before, for each that is measured
HEAD: Final = (
    "| rules | docs/s | docs/s CPU | with evidence | candidates | hits | of the scan | MB "
    "| cold s | cached s |"
)


def peer(name: str, rules: Sequence[Rule], texts: Texts) -> Run | None:
    """Run another engine; None where it is not installed or lacks what the rules need."""
    if name == "naive" and len(rules) > MOST_NAIVE:
        return None
    if name == "lucene":
        runs = rules_lucene.can_lucene(rules)
        return rules_lucene.run_lucene(rules, texts) if runs else None
    return run_peer(name, rules, texts) if can(name, rules) else None


def compare(rules: Sequence[Rule], texts: Sequence[str], ours: Run, name: str, run: Run) -> None:
    """Raise when two engines differ in any document that both got to."""
    for text, mine, other in zip(texts, ours.hits, run.hits, strict=False):
        if mine != other:
            wrong = min(mine ^ other)
            condition = next(rule.condition for rule in rules if rule.id == wrong)
            who = "rasid" if wrong in mine else name
            raise RuntimeError(f"{name}: only {who} finds {wrong}\n{condition}\nin: {text}")


def row(rules: Sequence[Rule], texts: Texts, peers: Sequence[str]) -> tuple[str, Run]:
    """Return one line of the table, and our run."""
    with tempfile.TemporaryDirectory() as cache:
        cold, ours = run_rasid(rules, texts, Path(cache))
    scanned = peer("scan", rules, _scanned(rules, texts))
    share = f"{ours.per_cpu / scanned.per_cpu:.2f}" if scanned else ""
    hits = sum(map(len, ours.hits)) / len(ours.hits)
    cells = [
        f"{len(rules):,}",
        f"{ours.per_wall:,.0f}",
        f"**{ours.per_cpu:,.0f}**",
        f"{ours.explained:,.0f}",
        f"{ours.candidates:.2f}",
        f"{hits:.3f}",
        share,
        f"{ours.memory:.0f}",
        f"{cold:.1f}",
        f"{ours.compiled:.1f}",
    ]
    for name in peers:
        run = peer(name, rules, texts)
        if run is None:
            cells.append("-")
            continue
        compare(rules, texts.measured, ours, name, run)
        part = "" if len(run.hits) == len(texts.measured) else f" ({len(run.hits)})"
        cells.append(f"{run.per_cpu:,.{1 if run.per_cpu < 10 else 0}f}{part}")
    return "| " + " | ".join(cells) + " |", ours


def _scanned(rules: Sequence[Rule], texts: Texts) -> Texts:
    """Return the documents as the bare scan has them: folded unless rules are expressions."""
    if rules[0].id.startswith("regex"):
        return texts
    return Texts(list(map(plain, texts.measured)), list(map(plain, texts.warm_up)), texts.limit)


def table(world: World, mix: str, sizes: Sequence[int], given: argparse.Namespace) -> str:
    """Run one mix; return a Markdown table."""
    texts = Texts(
        world.documents(given.docs, "measured"),
        world.documents(given.docs * WARM_UPS, "warm up"),
        given.limit,
    )
    size = sum(len(text.encode()) for text in texts.measured) / len(texts.measured) / 1_000
    peers = () if given.inflect else tuple(name for name in PEERS if name in given.peers)
    rows = [
        f"### {mix}: {given.docs} documents of {size:.1f} kB, seed {world.seed}\n",
        HEAD + "".join(f" {name} |" for name in peers),
        "|--:" * (10 + len(peers)) + "|",
    ]
    runs: list[Run] = []
    for count in sizes:
        line, run = row(world.rules(mix, count, inflect=given.inflect), texts, peers)
        print(line, file=sys.stderr, flush=True)
        rows.append(line)
        runs.append(run)
    slower = runs[0].per_cpu / runs[-1].per_cpu
    rows.append(f"\n{sizes[-1]:,} rules are {slower:.2f} times slower than {sizes[0]:,}.")
    return "\n".join(rows)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    parser.add_argument("--docs", type=int, default=2_000)
    parser.add_argument("--rules", default=",".join(map(str, SIZES)))
    parser.add_argument("--mix", default=",".join(MIXES))
    parser.add_argument("--peers", default=",".join(PEERS), help="others to run; may be empty")
    parser.add_argument("--limit", type=float, default=60, help="seconds a run may take")
    parser.add_argument("--inflect", action="store_true", help="words in all forms, no peers")
    given = parser.parse_args()
    given.peers = given.peers.split(",")
    world, sizes = World(given.seed), sorted(map(int, given.rules.split(",")))
    if "lucene" in given.peers and rules_lucene.missing():
        print(f"lucene is left out: {rules_lucene.missing()}", file=sys.stderr)
    for mix in given.mix.split(","):
        print("\n" + table(world, mix, sizes, given), flush=True)


if __name__ == "__main__":
    main()
