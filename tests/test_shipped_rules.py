"""The configuration that the repository ships with."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from rasid.config import load
from rasid.errors import ConfigError
from rasid.places.model import Atlas
from rasid.rules import compile_rules, problems, run_examples
from rasid.settings import Config

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = {"ar", "en", "fr", "tr", "ru", "fa", "he", "uk", "kmr", "de", "es"}


@pytest.fixture(scope="module")
def shipped(world_atlas: Atlas) -> Config:
    return load(ROOT / "rules.yaml", gazetteer=world_atlas.open)


@pytest.fixture(scope="module")
def forms(pytestconfig: pytest.Config) -> Path:
    """Return a folder for compiled word forms, kept between runs: they take seconds to make."""
    return pytestconfig.cache.mkdir("forms")


def test_it_is_valid_without_a_warning(shipped: Config) -> None:
    assert shipped.warnings == ()


def test_it_names_forty_outlets_and_more_in_all_languages(shipped: Config) -> None:
    sources = shipped.sources.values()
    assert len({source.outlet for source in sources}) >= 40
    assert {source.language for source in sources} == LANGUAGES
    assert Counter(source.language for source in sources)["ar"] >= 15


def test_every_source_is_of_a_declared_outlet_and_every_outlet_has_one(shipped: Config) -> None:
    assert {source.outlet for source in shipped.sources.values()} == set(shipped.outlets)


def test_addresses_are_https_and_differ(shipped: Config) -> None:
    urls = [source.url for source in shipped.sources.values()]
    assert {urlsplit(url).scheme for url in urls} == {"https"}
    assert len(set(urls)) == len(urls)


def test_each_address_is_recorded_with_where_it_was_seen(shipped: Config) -> None:
    notes = (ROOT / "docs" / "notes" / "sources.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in notes.splitlines()
        if line.startswith("| ") and "http" in line
    ]
    recorded = {row[0]: row[1].strip("`") for row in rows if row[2]}
    assert recorded == {source.id: source.url for source in shipped.sources.values()}


def test_it_shows_something_without_any_account(shipped: Config) -> None:
    assert shipped.settings.backfill_alerts == 3
    assert shipped.settings.time_zone == "Asia/Damascus"
    urls = [url.template for receiver in shipped.receivers.values() for url in receiver.urls]
    assert urls == ["console://"]


def test_it_has_three_active_rules_with_examples_of_both_kinds(shipped: Config) -> None:
    assert len(shipped.rules) == 3
    for rule in shipped.rules.values():
        assert rule.examples.match, rule.id
        assert rule.examples.no_match, rule.id


def test_its_examples_hold(shipped: Config, forms: Path, world_atlas: Atlas) -> None:
    assert problems(shipped) == []
    assert run_examples(shipped, compile_rules(shipped, cache_dir=forms, atlas=world_atlas)) == []


def test_it_lets_no_private_address_through(shipped: Config) -> None:
    assert shipped.settings.allow_addresses == ()


RULES_PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """Return the YAML blocks of docs/rules.md as whole configurations."""
    return [
        'version: 1\nreceivers: [{id: desk, urls: ["console://"]}]\n' + block
        for block in re.findall(rf"^```{kind}\n(.*?)^```$", RULES_PAGE, re.MULTILINE | re.DOTALL)
    ]


def written(folder: Path, text: str) -> Path:
    path = folder / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_page_has_blocks_of_both_kinds() -> None:
    assert len(blocks("yaml")) == RULES_PAGE.count("```yaml\n") >= 6
    assert len(blocks("yaml refused")) == 3


@pytest.mark.parametrize("block", blocks("yaml"))
def test_every_block_of_the_page_does_what_it_says(
    tmp_path: Path, forms: Path, world_atlas: Atlas, block: str
) -> None:
    config = load(written(tmp_path, block), gazetteer=world_atlas.open)
    assert config.rules
    assert problems(config) == []
    assert run_examples(config, compile_rules(config, cache_dir=forms, atlas=world_atlas)) == []


@pytest.mark.parametrize("block", blocks("yaml refused"))
def test_blocks_that_show_mistakes_are_refused(
    tmp_path: Path, world_atlas: Atlas, block: str
) -> None:
    with pytest.raises(ConfigError):
        load(written(tmp_path, block), gazetteer=world_atlas.open)
