"""rules.yaml read, checked and compiled: the one way from the file to rules that can be used."""

from __future__ import annotations

from pathlib import Path

from rasid.config import load
from rasid.config.environment import Place
from rasid.errors import ConfigError
from rasid.rules import RuleIndex, compile_rules, problems
from rasid.settings import Config


def checked(path: Path) -> Config:
    """Return a configuration whose rules can be compiled.

    Raises `ConfigError` with every problem.
    """
    config = load(path)
    if found := problems(config):
        raise ConfigError(found)
    return config


def compiled(place: Place) -> tuple[Config, RuleIndex]:
    """Return the configuration of a place with its rules compiled, kept ones where they serve.

    Raises `ConfigError` with every problem.
    """
    config = checked(place.config)
    return config, compile_rules(config, cache_dir=cache_of(place))


def cache_of(place: Place) -> Path:
    """Return the folder of compiled rules and of the forms of words."""
    return place.data_dir / "cache"
