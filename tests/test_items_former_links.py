"""A database of an earlier version under the present one: what it knows stays known.

`data/upgrades/links.db.gz` was written when link keys were made as `rasid.items.former_links`
makes them: `links.xml` shown once by a source past seeding. Its items have no guids and short
texts, so that nothing but their links tells what they are. `links-changed.xml` has the same
items as a feed may show them later; that version knew each of them again.
"""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest
from newsroom import Newsroom, make_newsroom

from crawler.parse import parse
from crawler.records import ParseHints
from rasid.items.former_links import former_link_key
from rasid.items.links import link_key
from rasid.models import Decision, ParsedItem

DATA = Path(__file__).parent / "data" / "upgrades"
ITEMS = 24


@pytest.fixture
async def room(tmp_path: Path) -> Newsroom:
    packed = (DATA / "links.db.gz").read_bytes()
    (tmp_path / "rasid.db").write_bytes(gzip.decompress(packed))
    return make_newsroom(tmp_path)


def shown(name: str) -> tuple[ParsedItem, ...]:
    hints = ParseHints(url="https://paper.example/front.xml", now=0)
    feed = parse((DATA / name).read_bytes(), hints).feed
    assert feed is not None
    assert len(feed.items) == ITEMS
    return feed.items


@pytest.mark.parametrize("names", [["links.xml"], ["links-changed.xml"], ["links.xml"] * 2])
async def test_O05_an_upgrade_makes_no_item_new_and_raises_no_alert(
    room: Newsroom, names: list[str]
) -> None:
    before = await room.alerts()
    assert len(before) == 2 * ITEMS
    for name in names:
        report = await room.show("front", shown(name))
        assert report.decisions == {Decision.KNOWN: ITEMS}
        assert report.alerts == 0
    assert await room.alerts() == before
    assert (await room.counts())["items"] == ITEMS
    await room.storage.close()


async def test_O05_the_keys_of_a_second_source_find_what_was_stored(room: Newsroom) -> None:
    report = await room.show("world", shown("links-changed.xml"))
    assert report.decisions == {Decision.KNOWN: ITEMS}
    await room.storage.close()


async def test_O05_items_of_an_earlier_version_do_not_swallow_new_ones(room: Newsroom) -> None:
    """Former names find what is stored and are given to nothing."""
    await room.show("front", shown("links.xml"))
    old, new = shown("links.xml")[0], "https://paper.example/a-new-story"
    pair = [f"{new}?sc_item={n}" for n in (1, 2)]  # one former key, two present ones
    assert len({former_link_key(link) for link in pair}) == 1
    for n, link in enumerate(pair):
        item = ParsedItem(title=f"strike again {n}", link=link, link_key=link_key(link))
        assert (await room.show("front", [old, item])).decisions == {
            Decision.KNOWN: 1,
            Decision.NEW: 1,
        }
    await room.storage.close()


def test_O05_former_keys_stay_what_they_are() -> None:
    """When this fails, stored items are no longer found: undo the change."""
    links = [item.link for name in ("links.xml", "links-changed.xml") for item in shown(name)]
    keys = "\n".join(map(former_link_key, links))
    assert hashlib.sha256(keys.encode()).hexdigest()[:12] == "fda03e4d2728"
