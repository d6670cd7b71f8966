"""The rules that speed is measured with: our engine finds what trying each in turn finds."""

from __future__ import annotations

from pathlib import Path

from bench import rules_engines
from bench.rules_data import MIXES, World
from bench.rules_naive import naive
from rasid.models import Document


def test_R10_the_measured_rules_match_what_trying_every_rule_matches(tmp_path: Path) -> None:
    world = World(3)
    texts = world.documents(30, "test")
    rules = [rule for mix in MIXES for rule in world.rules(mix, 700)]
    ours, index = rules_engines.rasid(rules, tmp_path)
    plain = naive(rules)
    found = [frozenset(ours(text)) for text in texts]
    assert found == [frozenset(plain(text)) for text in texts]
    why = [frozenset(match.rule for match in index.match(Document("d", text=t))) for t in texts]
    assert found == why
    assert sum(map(len, found)) > 1
