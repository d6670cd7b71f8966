"""Rules compiled by a process beside a round."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from rasid.atlas import atlas_of
from rasid.compiling import Awaited, compiled_beside
from rasid.config.environment import Place
from rasid.errors import ConfigError
from rasid.loading import compiled
from rasid.models import Document
from rasid.rules import RuleIndex
from rasid.stories.kept import Shelf
from rasid.stories.lands import Lands

CONFIG = """\
version: 1
receivers: [{id: desk, urls: ["console://"]}]
rules: [{id: strikes, any: [strike, غارة], notify: [desk]}]
"""
TEXT = Document("d", title="Two strikes on the harbour")
# what a round does, in a process that has one thread as its own has
ROUND = """
import multiprocessing, os, signal, sys
from pathlib import Path
from rasid.atlas import atlas_of
from rasid.compiling import compiled_beside
from rasid.config.environment import Place
from rasid.loading import compiled
from rasid.models import Document

place = Place(Path(sys.argv[1]) / "rules.yaml", Path(sys.argv[1]) / "data")
config, matcher = compiled_beside(place, atlas_of(place))
beside = multiprocessing.active_children()
if sys.argv[2] == "kill":
    os.kill(beside[0].pid, signal.SIGKILL)
found = matcher.match(Document("d", title="Two strikes on the harbour"))
kept = len(list((place.data_dir / "cache").glob("rules-*")))
if sys.argv[2] == "wait":
    beside[0].join()
same = matcher.version == config.version
print(type(matcher).__name__, len(beside), [one.rule for one in found], kept, same)
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "rules.yaml").write_text(CONFIG, encoding="utf-8")
    return Place(tmp_path / "rules.yaml", tmp_path / "data")


def round_(place: Place, what: str = "") -> str:
    command = [sys.executable, "-c", ROUND, str(place.config.parent), what]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_rules_are_compiled_beside_and_kept(place: Place) -> None:
    assert round_(place) == "Awaited 1 ['strikes'] 1 True"
    assert round_(place) == "RuleIndex 0 ['strikes'] 1 True"  # the second time they are read


def test_what_the_first_news_needs_is_prepared_beside_too(place: Place) -> None:
    round_(place, "wait")
    shelf, never = Shelf(place.data_dir / "cache"), pytest.fail
    assert shelf.table("lands", Lands, never).named["syria"] == "country:SY"
    assert shelf.table("rarity-ar", dict[str, float], never)


def test_a_process_beside_that_is_killed_costs_time_alone(place: Place) -> None:
    assert round_(place, "kill") == "Awaited 1 ['strikes'] 1 True"


def test_beside_other_threads_nothing_is_forked(place: Place) -> None:
    ends = threading.Event()
    thread = threading.Thread(target=ends.wait)
    thread.start()
    try:
        config, matcher = compiled_beside(place, atlas_of(place))
    finally:
        ends.set()
        thread.join()
    assert isinstance(matcher, RuleIndex)
    assert [one.rule for one in matcher.match(TEXT)] == list(config.rules) == ["strikes"]


def test_mistakes_are_told_before_anything_is_compiled(place: Place) -> None:
    place.config.write_text(CONFIG + "rules: 7\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        compiled_beside(place, atlas_of(place))
    assert not list(place.data_dir.glob("cache/rules-*"))


def test_whoever_matches_first_waits_and_all_others_with_it(place: Place) -> None:
    _, rules = compiled(place)
    go, asked, found = threading.Event(), list[int](), list[str]()

    def ready() -> RuleIndex:
        asked.append(1)
        assert go.wait(10)
        return rules

    awaited = Awaited(rules.version, ready)
    threads = [
        threading.Thread(target=lambda: found.extend(m.rule for m in awaited.match(TEXT)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    assert awaited.version == rules.version
    assert not found
    go.set()
    for thread in threads:
        thread.join()
    assert found == ["strikes"] * 3
    assert asked == [1]
