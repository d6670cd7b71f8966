"""rules.yaml read, checked and compiled: the one way from the file to rules that can be used."""

from __future__ import annotations

from pathlib import Path

import rasid.config
import rasid.places
import rasid.rules
from rasid.config import KeptRules, load
from rasid.config.environment import Place
from rasid.errors import ConfigError
from rasid.places.model import Atlas
from rasid.rules import RuleIndex, compile_rules, problems
from rasid.rules.kept import code_of
from rasid.settings import Config


def checked(path: Path, cache_dir: Path | None = None, atlas: Atlas | None = None) -> Config:
    """Return a configuration whose rules can be compiled.

    `cache_dir`: where the rules of a large one are kept. `atlas`: what places are looked up
    in, if the configuration names any. Raises `ConfigError` with every
    problem.
    """
    kept = (
        KeptRules(cache_dir, path, code_of(rasid.config, rasid.rules, rasid.places))
        if cache_dir
        else None
    )
    config = load(path, kept, atlas.open if atlas else None)
    if kept and kept.served:
        return config
    if found := problems(config):
        raise ConfigError(found)
    if kept:
        kept.write()
    return config


def compiled(place: Place, atlas: Atlas | None = None) -> tuple[Config, RuleIndex]:
    """Return the configuration of a place with its rules compiled, kept ones where they serve.

    Raises `ConfigError` with every problem.
    """
    cache = cache_of(place)
    config = checked(place.config, cache, atlas)
    return config, compile_rules(config, cache_dir=cache, atlas=atlas)


def cache_of(place: Place) -> Path:
    """Return the folder of compiled rules and of the forms of words."""
    return place.data_dir / "cache"
