"""Which faults of docs/faults.md have tests: `python tests/faults.py`.

The page is what is claimed; the names of the tests (`test_S01_S02_...`) are what is so. A test
that may be skipped shows nothing where it is, and does not count.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

TESTS = Path(__file__).resolve().parent
PAGE = TESTS.parent / "docs" / "faults.md"
ROW = re.compile(r"^\| ([A-Z]-\d{2}) \|.*\| ([^|]+) \|$", re.MULTILINE)
IDS = re.compile(r"test_((?:[A-Z]\d{2}_)+)")
UNSURE = frozenset({"skip", "skipif", "xfail"})


class State(StrEnum):
    """What the page says of a fault."""

    COVERED = "covered"
    POSTGRES_LATER = "PostgreSQL later"
    LATER = "later"


@dataclass(frozen=True)
class Claim:
    """One row of the page."""

    id: str
    state: str


def claims(page: str) -> list[Claim]:
    """Return the rows of a page, in its order."""
    return [Claim(*found) for found in ROW.findall(page)]


def named(source: str) -> Iterator[tuple[str, str]]:
    """Yield each fault and the test of a module that carries its id, if it always runs."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if (ids := IDS.match(node.name)) and not _unsure(node):
            for one in ids[1].strip("_").split("_"):
                yield f"{one[0]}-{one[1:]}", node.name


def _unsure(test: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = {
        inner.attr
        for mark in test.decorator_list
        for inner in ast.walk(mark)
        if isinstance(inner, ast.Attribute)
    }
    return bool(names & UNSURE)


def collected(folder: Path = TESTS) -> dict[str, list[str]]:
    """Return the tests of each fault, as `file::test`."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        for fault, test in named(path.read_text(encoding="utf-8")):
            found[fault].append(f"{path.relative_to(folder)}::{test}")
    return dict(found)


def differences(claimed: list[Claim], tests: Mapping[str, list[str]]) -> list[str]:
    """Return where the page and the tests differ, in words."""
    times = Counter(claim.id for claim in claimed)
    found = [f"{one} stands {count} times on the page" for one, count in times.items() if count > 1]
    strays = sorted(tests.keys() - times)
    found += [f"{one} is on no row of the page: {tests[one][0]}" for one in strays]
    for claim in claimed:
        if claim.state not in set(State):
            found.append(f"{claim.id} has a state that is none: {claim.state}")
        elif claim.state == State.LATER and claim.id in tests:
            found.append(f"{claim.id} is for later on the page and has {tests[claim.id][0]}")
        elif claim.state != State.LATER and claim.id not in tests:
            found.append(f"{claim.id} is {claim.state} on the page and has no test")
    return found


def main() -> None:
    """Print a line for each fault; exit 1 when the page and the tests differ."""
    claimed, tests = claims(PAGE.read_text(encoding="utf-8")), collected()
    for claim in claimed:
        print(f"{claim.id}  {claim.state:16}  {len(tests.get(claim.id, [])):2} tests", end="")
        print("".join(f"\n      {test}" for test in tests.get(claim.id, [])))
    with_tests = sum(claim.id in tests for claim in claimed)
    print(f"{len(claimed)} faults, {with_tests} of them with tests")
    wrong = differences(claimed, tests)
    print("".join(f"differs: {line}\n" for line in wrong), end="")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
