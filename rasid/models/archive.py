"""What is asked of the archive: pages of items, and the rules that were in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasid.models.items import Item


@dataclass(frozen=True, slots=True)
class Page:
    """Items, newest first; `before`, (first_seen, id), brings the next page, None is the end."""

    items: tuple[Item, ...] = ()
    before: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A rule as it was in force from `first_seen_at` to `last_seen_at`."""

    rule: str
    hash: str
    definition: Mapping[str, Any] = field(default_factory=dict)
    first_seen_at: int = 0
    last_seen_at: int = 0
