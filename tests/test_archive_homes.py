"""Where sources are at home is learnt from what they published, and kept for a day."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from storage_samples import alias, item

from rasid.archive.homes import learn_homes
from rasid.cli import command
from rasid.models import SourceState
from rasid.places.geoparse import PlaceFinder
from rasid.places.home import Homes
from rasid.places.inflection import bases
from rasid.protocols import Transaction
from rasid.settings import DAY
from storage import open_storage
from storage.memory import MemoryStorage

NOW = 1_790_000_000_000_000
TITLES = (
    "Fire in Decatur and in Peoria",
    "Illinois lawmakers met in Champaign",
    "Peoria schools close; Bloomington opens its own",
)


@pytest.fixture
async def storage() -> MemoryStorage:
    made = MemoryStorage(lambda: NOW)
    await made.write(put)
    return made


def put(tx: Transaction) -> None:
    """Store what a paper of Illinois published."""
    tx.save_source(SourceState("journal"))
    for number, title in enumerate(TITLES):
        stored = replace(item(f"i{number}", ""), source="journal", title=title)
        tx.add_item(stored, [alias(f"i{number}")])
        tx.add_sightings("journal", [stored.id], NOW)


def finder_of(finder: PlaceFinder) -> PlaceFinder:
    return PlaceFinder(finder.gazetteer, bases, Homes())


def springfield(local: PlaceFinder) -> str:
    (mention,) = local.mentions([("title", "The mayor of Springfield resigned")], "journal")
    chain = [local.gazetteer.place(one).name for one in mention.place.within]
    return "Illinois" if "Illinois" in chain else chain[0]


async def test_a_source_is_at_home_where_its_items_are(
    storage: MemoryStorage, finder: PlaceFinder
) -> None:
    local = finder_of(finder)
    assert springfield(local) != "Illinois"
    await learn_homes(storage, local, NOW)
    assert springfield(local) == "Illinois"


async def test_what_was_learnt_serves_for_a_day(
    storage: MemoryStorage, finder: PlaceFinder
) -> None:
    await learn_homes(storage, finder_of(finder), NOW)
    kept = await storage.read(lambda view: view.meta("homes"))
    again = finder_of(finder)
    await learn_homes(storage, again, NOW + DAY - 1)
    assert springfield(again) == "Illinois"
    assert await storage.read(lambda view: view.meta("homes")) == kept
    await learn_homes(storage, again, NOW + DAY)
    assert await storage.read(lambda view: view.meta("homes")) != kept


def test_commands_on_stored_items_know_where_sources_are_at_home(
    tmp_path: Path, finder: PlaceFinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = "storage.gazetteer_open.open_gazetteer"
    monkeypatch.setattr(opened, lambda *_: finder.gazetteer)
    (tmp_path / "rules.yaml").write_text(
        "version: 1\n"
        'receivers: [{id: desk, urls: ["console://"]}]\n'
        "rules: [{id: mayors, any: [mayor], where: [Illinois], notify: [desk]}]\n",
        encoding="utf-8",
    )
    place = ["--config", str(tmp_path / "rules.yaml"), "--data-dir", str(tmp_path / "data")]

    def run(*arguments: str) -> list[dict[str, Any]]:
        result = CliRunner().invoke(command, [*arguments, "--json", *place])
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    async def fill() -> None:
        store = open_storage(tmp_path / "data" / "rasid.db", lambda: NOW)

        def write(tx: Transaction) -> None:
            title = "The mayor of Springfield resigned"
            tx.add_item(replace(item("new", ""), source="journal", title=title), [alias("new")])

        await store.write(put)
        await store.write(write)
        await store.close()

    async def learn() -> None:
        store = open_storage(tmp_path / "data" / "rasid.db", lambda: NOW)
        await learn_homes(store, finder_of(finder), NOW)
        await store.close()

    asyncio.run(fill())
    assert not run("why", "mayors", "new")[0]["matches"]
    assert not run("search", "mayor", "--where", "Illinois")
    asyncio.run(learn())
    assert run("why", "mayors", "new")[0]["matches"]
    assert [one["id"] for one in run("search", "mayor", "--where", "Illinois")] == ["new"]


@pytest.mark.parametrize("kept", ["nonsense", "{}", '{"at": "x", "heard": 1}'])
async def test_what_another_version_kept_is_learnt_again(
    storage: MemoryStorage, finder: PlaceFinder, kept: str
) -> None:
    await storage.write(lambda tx: tx.set_meta("homes", kept))
    local = finder_of(finder)
    await learn_homes(storage, local, NOW)
    assert springfield(local) == "Illinois"


async def test_a_time_in_the_future_is_not_trusted(
    storage: MemoryStorage, finder: PlaceFinder
) -> None:
    await learn_homes(storage, finder_of(finder), NOW + 10 * DAY)
    local = finder_of(finder)
    await learn_homes(storage, local, NOW)
    kept = await storage.read(lambda view: view.meta("homes"))
    assert f'"at":{NOW}' in kept
