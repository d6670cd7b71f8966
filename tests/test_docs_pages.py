"""The pages under docs/ name what the code has, and nothing that it lacks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rasid.cli import COMMANDS
from rasid.models import Cause, Decision, DeliveryOutcome, PollOutcome

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [*(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY"))]
PAGES += sorted(DOCS.rglob("*.md"))
NAMED = re.compile(
    r"(?<![\w./:-])((?:\.ci|bench|crawler|deploy|docs|rasid|storage|tests)/[\w.*/-]*[\w*/]"
    r"|[\w-]+\.(?:py|toml|lock))(?![\w/])"
)
FOREIGN = {"tests/storage", "rss_feeds.py"}  # what must not be; a file of another project


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_every_command_is_in_the_operating_page_and_no_other() -> None:
    table = re.findall(
        r"^\| `rasid ([\w-]+)|, `(restore) FILE`", page("operating.md"), re.MULTILINE
    )
    assert {first or second for first, second in table} == set(COMMANDS)


@pytest.mark.parametrize("values", [Decision, PollOutcome, DeliveryOutcome])
def test_every_outcome_is_explained(values: type[Decision]) -> None:
    explained = set(re.findall(r"^\| `(\w+)` \|", page("concepts.md"), re.MULTILINE))
    assert {value.value for value in values} <= explained


def test_every_place_to_die_is_explained() -> None:
    code = [
        *(ROOT / "rasid").rglob("*.py"),
        *(ROOT / "crawler").rglob("*.py"),
        *(ROOT / "storage").rglob("*.py"),
        ROOT / "scheduler.py",
    ]
    named = {
        name
        for path in code
        for name in re.findall(r'\breach\("(\w+)"\)', path.read_text(encoding="utf-8"))
    }
    explained = set(re.findall(r"^\| `(\w+)` \|", page("architecture.md"), re.MULTILINE))
    assert explained == named


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_to_files_that_exist(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_files_that_a_page_names_exist(path: Path) -> None:
    named = set(NAMED.findall(path.read_text(encoding="utf-8"))) - FOREIGN
    assert {name for name in named if not any(ROOT.glob(name))} == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_what_a_page_says_to_make_can_be_made(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    said = set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE))
    modules = set(re.findall(r"python -m (bench\.\w+)", text))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert said <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert all((ROOT / f"{name.replace('.', '/')}.py").exists() for name in modules)


def test_every_cause_of_a_failure_is_explained() -> None:
    said = set(re.findall(r"`([a-z_0-9]+)`", page("operating.md")))
    assert {cause.value for cause in Cause} <= said
