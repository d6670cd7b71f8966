"""Polling 500 feeds: cold, unchanged and a tenth changed, beside newsboat and urlwatch.

    python -m bench.polling [--urlwatch]

`rasid once` and the other programs are started for each round, as from cron. The daemon is up:
a round of it is from all its sources being due to the last poll being stored. `--urlwatch`
installs urlwatch from the package index into an environment of its own, once. A program that is
not there is left out, and the table says so.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import peers
from bench.measure import Cost, measure
from bench.outlets import Outlets, vocabulary
from bench.polling_daemon import Daemon
from rasid.config.environment import Place

FEEDS, ITEMS, RULES = 500, 20, 100
# Twice unchanged: newsboat remembers a validator from the second answer on.
ROUNDS = ("cold", "unchanged", "unchanged again", "10 % changed")
LETTERS = {"ar": "بتثجحخدرزسشصضطعغفقكلمنه", "en": "bcdfghjklmnpqrstvwxz"}
Command = list[str]


def rules(seed: int) -> str:
    """Return rules that have words of the feeds in them and match none, so that none alerts."""
    chance, words, lines = random.Random(seed), vocabulary(), []
    for number in range(RULES):
        language = "ar" if number % 2 else "en"
        plain = [word for word in words[language] if word.isalpha()]
        common = ", ".join(f'"{word}"' for word in chance.sample(plain, 6))
        rare = "".join(chance.choices(LETTERS[language], k=9))
        lines.append(f'  - {{id: r{number}, any: [{common}], all: ["{rare}"], notify: [hook]}}\n')
    return "".join(lines)


def rasid(folder: Path, outlets: Outlets, seed: int) -> Command:
    """Return the command of rasid on a fresh folder."""
    (folder / "rules.yaml").write_text(outlets.configuration(rules(seed)), encoding="utf-8")
    place = ["--config", str(folder / "rules.yaml"), "--data-dir", str(folder / "data")]
    return [sys.executable, "-m", "rasid", "once", "--all", "--json", *place]


def newsboat(folder: Path, outlets: Outlets, threads: int) -> Command | None:
    """Return the command of newsboat on a fresh folder, None where it is not installed."""
    program = peers.newsboat()
    if program is None:
        return None
    (folder / "urls").write_text("\n".join(outlets.urls()) + "\n")
    (folder / "config").write_text(f"reload-threads {threads}\n")
    files = ["-u", str(folder / "urls"), "-c", str(folder / "cache.db")]
    return [program, *files, "-C", str(folder / "config"), "-x", "reload"]


def urlwatch(folder: Path, outlets: Outlets, *, install: bool) -> Command | None:
    """Return the command of urlwatch on a fresh folder, None where it is not installed."""
    program = peers.urlwatch(install=install)
    if program is None:
        return None
    jobs = "---\n".join(f"name: s{at}\nurl: {url}\n" for at, url in enumerate(outlets.urls()))
    (folder / "urls.yaml").write_text(jobs)
    names = {"urls": "urls.yaml", "config": "config.yaml", "hooks": "hooks.py", "cache": "cache.db"}
    return [program, *(part for k, v in names.items() for part in (f"--{k}", str(folder / v)))]


def run(outlets: Outlets, name: str, command: Command | None, folder: Path) -> list[str]:
    """Run the rounds of one program; return the rows of the table."""
    if command is None:
        return [f"| {name} | not installed | | | | | |"]
    rows = []
    for number, round_ in enumerate(ROUNDS):
        if round_ == "10 % changed":
            outlets.tell("change", 0.1)
        outlets.tell("report")
        try:
            cost = measure(command, folder / f"log-{number}")
        except subprocess.TimeoutExpired as error:
            rows.append(f"| {name} | {round_}: no end after {error.timeout:.0f} s | | | | | |")
            break
        answers = outlets.tell("report")["answers"]
        rows.append(_row(name, round_, cost, answers, outlets.count))
        print(rows[-1], file=sys.stderr, flush=True)
    return rows


def run_daemon(outlets: Outlets, seed: int, folder: Path) -> list[str]:
    """Run the rounds of a daemon that is up; return the rows of the table."""
    config, rows = folder / "rules.yaml", list[str]()
    config.write_text(outlets.configuration(rules(seed)), encoding="utf-8")
    with Daemon(Place(config, folder / "data")) as daemon:
        for round_ in ROUNDS:
            if round_ == "10 % changed":
                outlets.tell("change", 0.1)
            outlets.tell("report")
            cost = daemon.round()
            answers = outlets.tell("report")["answers"]
            rows.append(_row("rasid run", round_, cost, answers, outlets.count))
            print(rows[-1], file=sys.stderr, flush=True)
    return rows


def _row(name: str, round_: str, cost: Cost, answers: dict[str, int], feeds: int) -> str:
    got = f"{answers.get('200', 0)} / {answers.get('304', 0)}"
    failed = f" (exit {cost.code})" if cost.code else ""
    return (
        f"| {name} | {round_}{failed} | {got} | {cost.wall:.1f} | {cost.cpu:.1f} "
        f"| {cost.memory:.0f} | {feeds / cost.wall:.0f} |"
    )


def table(seed: int, feeds: int, *, install: bool) -> str:
    """Run everything; return a Markdown table."""
    rows = [
        f"{feeds} feeds of {ITEMS} items, {RULES} rules, seed {seed}\n",
        "| program | round | answers 200 / 304 | wall s | CPU s | peak MB | feeds a second |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    with tempfile.TemporaryDirectory() as place, Outlets(feeds, ITEMS, seed) as outlets:
        rows += run_daemon(outlets, seed, Path(place))
    programs: list[tuple[str, Callable[[Path, Outlets], Command | None]]] = [
        ("rasid once --all", lambda folder, outlets: rasid(folder, outlets, seed)),
        ("newsboat, 1 thread", lambda folder, outlets: newsboat(folder, outlets, 1)),
        ("newsboat, 16 threads", lambda folder, outlets: newsboat(folder, outlets, 16)),
        ("urlwatch", lambda folder, outlets: urlwatch(folder, outlets, install=install)),
    ]
    for name, prepare in programs:
        with tempfile.TemporaryDirectory() as place, Outlets(feeds, ITEMS, seed) as outlets:
            folder = Path(place)
            rows += run(outlets, name, prepare(folder, outlets), folder)
            if name.startswith("rasid"):
                rows += _check(folder, feeds * ITEMS)
    return "\n".join(rows)


def _check(folder: Path, expected: int) -> list[str]:
    """Return a row that says so when a round of rasid did not do all its work."""
    lines = (folder / "log-0").read_text(encoding="utf-8").splitlines()
    new = sum(json.loads(line)["items"] for line in lines)
    return [] if new == expected else [f"| rasid: {new} items read, not {expected} |"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    parser.add_argument("--feeds", type=int, default=FEEDS)
    parser.add_argument("--urlwatch", action="store_true", help="install it when it is not there")
    options = parser.parse_args()
    print(table(options.seed, options.feeds, install=options.urlwatch))


if __name__ == "__main__":
    main()
