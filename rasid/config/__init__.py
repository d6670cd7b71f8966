"""rules.yaml to a `Config`: strict, and every problem at once with file, line and a hint."""

from __future__ import annotations

from pathlib import Path

from rasid.config import build, schema
from rasid.config.editors import schema_json
from rasid.config.files import digest, read_files
from rasid.config.lists import Lists
from rasid.config.problems import Problems
from rasid.config.rules import build_rules, check_references, version_of
from rasid.config.schema_rules import RuleIn
from rasid.config.sections import check_top, collect, collect_lists, collect_settings
from rasid.config.starter import starter
from rasid.errors import ConfigError
from rasid.settings import Config, Term

__all__ = ["digest", "load", "schema_json", "starter"]


def load(path: Path) -> Config:
    """Return the configuration of a file and all it includes.

    Raises `ConfigError` with every problem; whoever has an older configuration keeps it.
    """
    problems = Problems()
    files, whole = read_files(path, problems)
    check_top(files, problems)
    written, places = collect_settings(files, problems)
    outlets = collect(files, "outlets", schema.OutletIn, problems)
    sources = collect(files, "sources", schema.SourceIn, problems)
    receivers = collect(files, "receivers", schema.ReceiverIn, problems)
    found = collect(files, "rules", RuleIn, problems)
    build.check_sources(sources, problems)
    build.check_receivers(receivers, problems)
    rules, words = {}, dict[str, tuple[Term, ...]]()
    if whole:  # else what an unreadable file defines would be called unknown
        lists = Lists(collect_lists(files, problems), problems)
        lists.expand_all()
        words = lists.words
        rules = build_rules(found, lists)
        build.check_settings(written, places, receivers, str(path), problems)
        named = {entry.value.outlet for entry in sources.values() if entry.value}
        countries = {entry.value.country for entry in outlets.values() if entry.value} - {""}
        everyone = named | set(outlets)
        check_references(found, receivers, sources, everyone, countries, problems)
    if problems.found:
        raise ConfigError(problems.in_order())
    return Config(
        settings=build.build_settings(written),
        outlets=build.build_outlets(outlets),
        sources=build.build_sources(sources),
        receivers=build.build_receivers(receivers),
        rules=rules,
        lists=words,
        version=version_of(rules),
        files=tuple(file.path for file in files),
        warnings=tuple(problems.warnings),
    )
