"""The rules that a command works with."""

from __future__ import annotations

from rasid.cli.options import Place
from rasid.rules import RuleIndex
from rasid.settings import Config


def compiled(place: Place) -> tuple[Config, RuleIndex]:
    """Read and compile the rules of a place. Raises `ConfigError` with every problem."""
    from rasid.config import load
    from rasid.errors import ConfigError
    from rasid.rules import compile_rules, problems

    config = load(place.config)
    if found := problems(config):
        raise ConfigError(found)
    return config, compile_rules(config, cache_dir=place.data_dir / "cache")
