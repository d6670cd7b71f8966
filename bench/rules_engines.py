"""The engines, each in a process of its own, and what a run of one costs."""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import psutil

from bench import peers
from bench.rules_data import config, literals, plain
from bench.rules_naive import WORD, holds, naive
from rasid.models import Document
from rasid.rules import RuleIndex, compile_rules
from rasid.settings import Condition, Near, Part, Regex, Rule, Term

Matcher = Callable[[str], Collection[str]]
WARM_UP: Final = 8.0  # seconds at most, as Lucene has


@dataclass(frozen=True)
class Run:
    """What an engine did with the documents; `hits` has one set per document it got to."""

    hits: list[frozenset[str]]
    wall: float  # seconds, of matching alone
    cpu: float
    compiled: float  # seconds
    memory: float  # MB that compiling added
    candidates: float = 0.0  # a document
    why: float = 0.0  # seconds of CPU with the evidence of all matches

    @property
    def per_wall(self) -> float:
        """Documents a second of wall time."""
        return len(self.hits) / self.wall

    @property
    def explained(self) -> float:
        """Documents a second of CPU time where each match has its evidence."""
        return len(self.hits) / self.why

    @property
    def per_cpu(self) -> float:
        """Documents a second of CPU time."""
        return len(self.hits) / self.cpu


@dataclass(frozen=True)
class Texts:
    """What is matched, and what is matched before; `limit` in seconds cuts a run short."""

    measured: list[str]
    warm_up: list[str]
    limit: float


def _document(text: str) -> Document:
    return Document("bench", text=text)


def rasid(rules: Sequence[Rule], cache: Path | None) -> tuple[Matcher, RuleIndex]:
    """Return the engine that is measured."""
    index = compile_rules(config(list(rules)), cache_dir=cache)
    return (lambda text: index.rules_of(_document(text))), index


def mokaccino(rules: Sequence[Rule]) -> Matcher:
    """Return mokaccino; it has no positions, so phrases and nearness are verified after it."""
    from mokaccino import Document as Words
    from mokaccino import Percolator, Query

    percolator = Percolator()
    for number, rule in enumerate(rules):
        percolator.add_query_id(_query(rule.condition, Query), number)
    percolator = percolator.optimized()
    verified = frozenset(n for n, rule in enumerate(rules) if _has_positions(rule.condition))

    def match(text: str) -> list[str]:
        words = WORD.findall(plain(text))
        document = Words()
        for word in set(words):
            document.add_value("t", word)
        found = percolator.percolate_list(document)
        if verified.isdisjoint(found):
            return [rules[number].id for number in found]
        positions: dict[str, list[int]] = {}
        for at, word in enumerate(words):
            positions.setdefault(word, []).append(at)
        return [
            rules[number].id
            for number in found
            if number not in verified or holds(rules[number].condition, positions)
        ]

    return match


def _query(part: Part, query: type) -> object:
    """Return a query that is true whenever the part is."""
    if isinstance(part, Term):
        words = [query.from_kv("t", word) for word in plain(part.text).split()]
        return words[0] if len(words) == 1 else query.from_and(words)
    if isinstance(part, Near):
        return query.from_and([_query(part.left, query), _query(part.right, query)])
    assert isinstance(part, Condition)
    parts = [_query(inner, query) for inner in part.all]
    if part.any:
        parts.append(query.from_or([_query(inner, query) for inner in part.any]))
    vetoes = (veto for veto in part.none if not _has_positions(veto))
    parts += [query.from_not(_query(veto, query)) for veto in vetoes]
    return parts[0] if len(parts) == 1 else query.from_and(parts)


def _has_positions(part: Part) -> bool:
    if isinstance(part, Condition):
        return any(map(_has_positions, (*part.any, *part.all, *part.none)))
    return isinstance(part, Near) or (isinstance(part, Term) and " " in part.text)


def scan(rules: Sequence[Rule]) -> Matcher:
    """Return the bare automaton over what all rules look for; it decides nothing."""
    from ahocorasick_rs import AhoCorasick

    patterns = dict.fromkeys(word for rule in rules for word in literals(rule.condition))
    automaton = AhoCorasick(list(patterns))

    def match(text: str) -> list[str]:
        automaton.find_matches_as_indexes(text)
        return []

    return match


ENGINES: Final[dict[str, Callable[[Sequence[Rule]], Matcher]]] = {
    "naive": naive, "mokaccino": mokaccino, "scan": scan
}  # fmt: skip


def can(engine: str, rules: Sequence[Rule]) -> bool:
    """Whether an engine is here and knows what the rules need."""
    if engine != "mokaccino":
        return True
    return not any(_has_regex(rule.condition) for rule in rules[:10]) and peers.library(engine)


def _has_regex(part: Part) -> bool:
    return isinstance(part, Regex) or (
        isinstance(part, Condition) and any(map(_has_regex, (*part.any, *part.all)))
    )


def _timed(match: Matcher, texts: Sequence[str], limit: float) -> tuple[list, float, float]:
    found, began, cpu = [], time.perf_counter(), time.process_time()
    for text in texts:
        found.append(match(text))
        if time.perf_counter() - began > limit:
            break
    return found, time.perf_counter() - began, time.process_time() - cpu


def _measure(build: Callable[[], Matcher], texts: Texts) -> Run:
    gc.collect()
    before, began = psutil.Process().memory_info().rss, time.perf_counter()
    match = build()
    compiled = time.perf_counter() - began
    gc.collect()
    memory = (psutil.Process().memory_info().rss - before) / 2**20
    _timed(match, texts.warm_up, min(WARM_UP, texts.limit))
    found, wall, cpu = _timed(match, texts.measured, texts.limit)
    return Run([frozenset(hits) for hits in found], wall, cpu, compiled, memory)


def _peer(engine: str, rules: Sequence[Rule], texts: Texts) -> Run:
    return _measure(partial(ENGINES[engine], rules), texts)


def _rasid(rules: Sequence[Rule], texts: Texts, cache: Path) -> Run:
    made: list[RuleIndex] = []

    def build() -> Matcher:
        match, index = rasid(rules, cache)
        made.append(index)
        return match

    run = _measure(build, texts)
    some = texts.measured[: len(run.hits)]
    verified = sum(len(made[0].candidates(_document(text))) for text in some)
    return replace(run, candidates=verified / len(some), why=_explained(made[0], texts))


def _explained(index: RuleIndex, texts: Texts) -> float:
    """Return what the same documents take with evidence, met for the first time as well."""
    # what was learnt of the measured documents is forgotten: the index is made anew
    again = RuleIndex(index.program)

    def match(text: str) -> list[str]:
        return [match.rule for match in again.match(_document(text))]

    _timed(match, texts.warm_up, min(WARM_UP, texts.limit))
    return _timed(match, texts.measured, texts.limit)[2]


def _cold(rules: Sequence[Rule], cache: Path) -> float:
    began = time.perf_counter()
    rasid(rules, cache)
    return time.perf_counter() - began


def _alone(function: Callable, *values: object) -> object:
    """Call a function in a new process."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(function, *values).result()


def run_peer(engine: str, rules: Sequence[Rule], texts: Texts) -> Run:
    """Run one of `ENGINES`."""
    run = _alone(_peer, engine, rules, texts)
    assert isinstance(run, Run)
    return run


def run_rasid(rules: Sequence[Rule], texts: Texts, cache: Path) -> tuple[float, Run]:
    """Compile once with an empty cache, then run with what it kept; seconds of the first."""
    cold, run = _alone(_cold, rules, cache), _alone(_rasid, rules, texts, cache)
    assert isinstance(cold, float)
    assert isinstance(run, Run)
    return cold, run
