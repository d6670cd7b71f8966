"""One configuration in force, with what was made of it: swapped whole on reload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rasid.models import Target
from rasid.protocols import Matcher
from rasid.settings import Config


@dataclass(frozen=True, slots=True)
class World:
    """What a poll and a delivery look at; nothing in it can be invalid."""

    config: Config
    matcher: Matcher
    targets: Mapping[str, Target]
