"""Every YAML block of README.md and docs/ is a configuration that loads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rasid.config import load
from rasid.places.model import Atlas
from rasid.rules import compile_rules, problems, run_examples

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
OTHERS = ("compose", "systemd", "prometheus")  # blocks of other programs say so: "# compose"


def blocks() -> Iterator[tuple[str, str]]:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]:
        text = page.read_text(encoding="utf-8")
        for found in BLOCK.finditer(text):
            if not found[1].startswith(tuple(f"# {name}" for name in OTHERS)):
                line = text.count("\n", 0, found.start()) + 1
                yield f"{page.name}:{line}", found[1]


def completed(block: str) -> str:
    """Return a part (it begins with `# part`, or has no version) with what it leaves out."""
    needed = {
        "version": "version: 1",
        "receivers": 'receivers: [{id: desk, urls: ["console://"]}]',
        "lists": "lists: {strike: [قصف, airstrike]}",
    }
    if not block.startswith("# part") and re.search("^version:", block, re.MULTILINE):
        return block
    given = set(re.findall(r"^(\w+):", block, re.MULTILINE))
    missing = [text for key, text in needed.items() if key not in given]
    return "\n".join([block, *missing])


@pytest.fixture(scope="module")
def forms(pytestconfig: pytest.Config) -> Path:
    """Return a folder for compiled word forms, kept between runs: they take seconds to make."""
    return pytestconfig.cache.mkdir("forms")


@pytest.mark.parametrize(
    ("where", "block"), [pytest.param(*found, id=found[0]) for found in blocks()]
)
def test_block_of_the_documentation_holds(
    where: str, block: str, tmp_path: Path, forms: Path, world_atlas: Atlas
) -> None:
    """It loads, and its examples match as they say."""
    path = tmp_path / "rules.yaml"
    path.write_text(completed(block), encoding="utf-8")
    config = load(path, gazetteer=world_atlas.open)
    assert problems(config) == []
    assert run_examples(config, compile_rules(config, cache_dir=forms, atlas=world_atlas)) == []


def test_every_rule_of_the_rules_page_has_examples(tmp_path: Path, world_atlas: Atlas) -> None:
    for where, block in blocks():
        if where.startswith("rules.md"):
            path = tmp_path / "rules.yaml"
            path.write_text(completed(block), encoding="utf-8")
            assert all(
                rule.examples.match
                for rule in load(path, gazetteer=world_atlas.open).rules.values()
            ), where


def test_documentation_has_blocks() -> None:
    assert sum(where.startswith("configuration.md") for where, _ in blocks()) >= 8
