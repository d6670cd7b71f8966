"""What a rule said under each version, as an alert of that version was raised."""

from __future__ import annotations

import json
from pathlib import Path

from newsroom import START, Clock, make_world

from rasid.archive.definition import definition, part_of
from rasid.archive.history import hashes, note_rules
from rasid.settings import Condition, Near, Regex, Rule, Term, Times
from storage import open_storage

RULES = """\
version: 1
lists: {strike: [غارة, strike]}
receivers: [{id: desk, urls: ["console://"]}]
rules:
  - {id: strikes, any: [$strike], none: [sport], notify: [desk]}
  - {id: titled, title: {any: [a-word]}, severity: high, language: ar, notify: [desk]}
"""


def test_a_definition_spells_lists_out_and_leaves_defaults_away(tmp_path: Path) -> None:
    rules = make_world(tmp_path, RULES).config.rules
    assert definition(rules["strikes"]) == {
        "any": ["غارة", "strike"],
        "none": ["sport"],
        "notify": ["desk"],
    }
    titled = definition(rules["titled"])
    assert titled["all"] == [{"any": ["a-word"], "fields": ["title"]}]
    assert (titled["severity"], titled["languages"]) == ("high", ["ar"])


def test_every_part_of_a_condition_can_be_told() -> None:
    near = Near(Term("a"), Condition(any=(Term("b"), Term("c"))), 8, ordered=True)
    condition = Condition(
        any=(
            Term("SDF", exact=True),
            Term("حمله", language="fa", inflect=False),
            Regex(r"\bMQ-?9\b"),
            near,
            Times(Term("d"), 3),
        ),
        at_least=2,
    )
    rule = Rule("r", condition, ("desk",), published_within=5, on=("new", "revised"))
    told = definition(rule)
    assert json.loads(json.dumps(told)) == told == {
        "any": [
            {"word": "SDF", "exact": True},
            {"word": "حمله", "language": "fa", "inflect": False},
            {"regex": r"\bMQ-?9\b"},
            {"onear": ["a", {"any": ["b", "c"]}], "distance": 8},
            {"times": 3, "of": "d"},
        ],
        "at_least": 2,
        "published_within": 5,
        "on": ["new", "revised"],
        "notify": ["desk"],
    }  # fmt: skip
    assert part_of(Near(Term("a"), Term("b"), 1)) == {"near": ["a", "b"], "distance": 1}


async def test_D14_each_version_of_a_rule_is_kept(tmp_path: Path) -> None:
    storage = open_storage(tmp_path / "rasid.db", Clock())
    first = make_world(tmp_path, RULES).config
    assert await storage.write(lambda tx: note_rules(tx, first, START)) == ["strikes", "titled"]
    assert await storage.write(lambda tx: note_rules(tx, first, START + 1)) == []
    second = make_world(tmp_path, RULES.replace("sport", "football")).config
    assert await storage.write(lambda tx: note_rules(tx, second, START + 2)) == ["strikes"]
    new, old = await storage.read(lambda view: view.rule_versions("strikes"))
    assert (old.definition["none"], new.definition["none"]) == (["sport"], ["football"])
    assert (old.hash, old.first_seen_at, old.last_seen_at) == (
        first.rules["strikes"].hash,
        START,
        START + 2,
    )
    assert await storage.read(lambda view: view.rules_in_force()) == hashes(second)
    await storage.close()


def test_the_order_of_rules_is_no_change(tmp_path: Path) -> None:
    config = make_world(tmp_path, RULES).config
    head, last = RULES.splitlines(keepends=True)[:-2], RULES.splitlines(keepends=True)[-2:]
    turned = make_world(tmp_path, "".join([*head, *reversed(last)])).config
    assert hashes(config) == hashes(turned)
    assert list(hashes(config)) != list(hashes(turned))
