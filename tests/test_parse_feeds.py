"""Every feed in `data/feeds` against what must be read of it; and gofeed's, where they are."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.clean import one_line
from crawler.parse import parse
from crawler.records import ParseHints, ParseOutcome
from rasid.models import ParsedItem
from rasid.settings import SECOND

FEEDS = Path(__file__).parent / "data" / "feeds"
EXPECTED = ".expected.json"
NAMES = sorted(p.name for p in FEEDS.glob("[!.]*") if not p.name.endswith(EXPECTED))
HINTS = ParseHints(url="https://outlet.example/feed", now=1_770_200_000 * SECOND)  # 4 Feb 2026
_PLAIN = ParsedItem()


def shown(outcome: ParseOutcome) -> dict[str, Any]:
    """Return an outcome as the fixtures write it: what is empty or derived is left out."""
    if outcome.feed is None:
        return {"reason": outcome.reason.value, "detail": outcome.detail}
    feed = {
        "title": outcome.feed.title,
        "language": outcome.feed.language,
        "repaired": list(outcome.feed.repaired),
        "held_back": outcome.feed.held_back,
        "skipped": outcome.feed.skipped,
        "dropped": outcome.feed.dropped,
    }
    items = [_item(item) for item in outcome.feed.items]
    return {name: value for name, value in feed.items() if value} | {"items": items}


def _item(item: ParsedItem) -> dict[str, Any]:
    names = (field.name for field in fields(item) if field.name != "link_key")
    values = {name: (getattr(item, name), getattr(_PLAIN, name)) for name in names}
    said = {name: value for name, (value, default) in values.items() if value != default}
    if item.published is not None:
        said["published"] = _iso(item.published)
    if item.tags:
        said["tags"] = list(item.tags)
    return said


def _iso(micros: int) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    return moment.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("name", NAMES)
def test_a_feed_is_read_as_expected(name: str) -> None:
    expected = json.loads((FEEDS / (Path(name).stem + EXPECTED)).read_text("utf-8"))
    assert shown(parse((FEEDS / name).read_bytes(), HINTS)) == expected


# --- gofeed's corpus -----------------------------------------------------------------------

GOFEED = Path(__file__).parents[2] / "shared" / "corpora" / "feeds-gofeed" / "testdata"
gofeed = pytest.mark.skipif(
    not GOFEED.is_dir(), reason="gofeed's corpus is not in ../shared/corpora/feeds-gofeed"
)
NO_FEEDS = {"empty_feed.xml", "invalid.json", "unknown_feed.xml", "version_rdf_090.xml"}


def corpus() -> dict[Path, Path]:
    """Return each feed with the file of what gofeed reads of it, which may be missing."""
    json_feeds = {
        path: path.with_name(f"{path.stem}_expected.json")
        for folder in ("parser/json", "parser/json/invalid", "parser/universal", "translator/json")
        for path in (GOFEED / folder).glob("*.json")
        if not path.stem.endswith("_expected")
    }
    return json_feeds | {path: path.with_suffix(".json") for path in GOFEED.rglob("*.xml")}


@gofeed
def test_the_corpus_of_gofeed_is_read() -> None:
    unread = [path.name for path in corpus() if parse(path.read_bytes(), HINTS).feed is None]
    assert set(unread) <= NO_FEEDS
    assert len(corpus()) - len(unread) >= 547


@gofeed
def test_items_of_the_corpus_are_those_that_gofeed_reads() -> None:
    wrong, compared = [], 0
    for path, beside in corpus().items():
        wanted = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
        feed = parse(path.read_bytes(), HINTS).feed
        if feed is None or "items" not in wanted:
            continue
        full = [item for item in wanted["items"] if _names(item) != ("", "")]
        found = [(item.title, item.link) for item in feed.items]
        compared += len(full)
        if feed.skipped + len(found) != len(wanted["items"]) or not all(map(_same, full, found)):
            wrong.append((path.name, [_names(item) for item in full], found))
    assert wrong == []
    assert compared >= 41


def _names(item: dict[str, Any]) -> tuple[str, str]:
    """Return title and link; gofeed keeps the markup that a title was written with."""
    return one_line(item.get("title") or ""), item.get("link") or item.get("url") or ""


def _same(wanted: dict[str, Any], found: tuple[str, str]) -> bool:
    return all(not want or want == got for want, got in zip(_names(wanted), found, strict=True))
