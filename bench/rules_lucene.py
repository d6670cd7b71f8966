"""Lucene as a reference: `RulesLucene.java`, compiled and run with the jars of this machine.

Debian has the jars in `liblucene8-java`; a Java development kit is needed beside them.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from bench.rules_data import plain
from bench.rules_engines import Run, Texts
from bench.rules_naive import WORD, required
from rasid.settings import Condition, Near, Part, Regex, Rule, Term

JARS: Final = Path("/usr/share/java")
WANTED: Final = ("core", "memory", "analyzers-common")
SOURCE: Final = Path(__file__).with_name("RulesLucene.java")
WARM_UP: Final = 8.0  # seconds: its compiler learns while it runs


def missing() -> str:
    """Return what keeps Lucene from running here; empty when nothing does."""
    if not (shutil.which("java") and shutil.which("javac")):
        return "no Java development kit"
    absent = [name for name in WANTED if not _jar(name)]
    return f"no jar of lucene {', '.join(absent)}" if absent else ""


def _jar(name: str) -> str:
    found = sorted(JARS.glob(f"lucene-{name}-8*.jar"))
    return str(found[-1]) if found else ""


def run_lucene(rules: Sequence[Rule], texts: Texts) -> Run:
    """Run it in a Java process; the limit does not hold, memory is not measured."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = ":".join([name, *map(_jar, WANTED)])
        subprocess.run(["javac", "-cp", path, "-d", name, str(SOURCE)], check=True)
        _write(folder / "rules", _lines(rules, texts.warm_up))
        _write(folder / "texts", texts.measured)
        _write(folder / "others", texts.warm_up)
        files = [str(folder / file) for file in ("rules", "texts", "others")]
        command = ["java", "-XX:+UseSerialGC", "-Xmx8g", "-cp", path, SOURCE.stem, *files]
        done = subprocess.run(
            [*command, str(min(WARM_UP, texts.limit))], check=True, capture_output=True, text=True
        )
    head, *lines = done.stdout.splitlines()
    compiled, wall, cpu = map(float, head.split())
    hits = [frozenset(rules[int(number)].id for number in line.split()) for line in lines]
    return Run(hits, wall, cpu, compiled, 0.0)


def _write(path: Path, lines: Sequence[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _lines(rules: Sequence[Rule], texts: Sequence[str]) -> list[str]:
    """Return each rule with the words it is filed under: the rarest set that it needs."""
    frequency = Counter(word for text in texts for word in set(WORD.findall(plain(text))))
    cost = {word: count + 0.1 for word, count in frequency.items()}
    lines = []
    for rule in rules:
        words = required(rule.condition, cost)
        assert words, f"{rule.id} needs no word"
        sure = "!" if _is_decided(rule.condition) else "?"
        lines.append("\t".join((" ".join(sorted(words)), sure, *_polish(rule.condition))))
    return lines


def _is_decided(part: Condition) -> bool:
    """Whether a rule is true as soon as one of its words is there."""
    if part.all or part.none:
        return False
    return all(isinstance(inner, Term) and " " not in inner.text for inner in part.any)


def _polish(part: Part) -> Iterator[str]:
    if isinstance(part, Term):
        yield "T " + " ".join(plain(part.text).split())
    elif isinstance(part, Near):
        yield f"N {part.distance} {int(part.ordered)}"
        yield from _polish(part.left)
        yield from _polish(part.right)
    else:
        assert isinstance(part, Condition)
        yield f"C {len(part.any)} {len(part.all)} {len(part.none)}"
        for inner in (*part.any, *part.all, *part.none):
            yield from _polish(inner)


def can_lucene(rules: Sequence[Rule]) -> bool:
    """Whether Lucene is here and knows what the rules need."""
    return not missing() and not any(
        isinstance(part, Regex) for rule in rules[:10] for part in rule.condition.any
    )
