"""Outlets and where they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from rasid.settings.units import MINUTE

USUAL: Final = 15 * MINUTE  # between polls of a source
USUAL_AT_MOST: Final = 30 * MINUTE  # the same, where a hint asks for longer


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publisher."""

    id: str
    name: str
    country: str = ""  # ISO 3166 alpha-2
    language: str = ""  # BCP 47
    group: str = ""  # ownership group


@dataclass(frozen=True, slots=True)
class Auth:
    """Credentials of a source, sent to its own scheme, host and port only.

    The values are templates (`${NAME}`), filled by `rasid.secret.fill` when sent.
    """

    username: str = ""
    password: str = ""
    bearer: str = ""


@dataclass(frozen=True, slots=True)
class Select:
    """CSS selectors of a list page: `item` on the page, the others inside an item."""

    item: str
    title: str = ""
    link: str = ""
    date: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One polled address of an outlet."""

    id: str
    outlet: str
    url: str
    kind: str = "auto"
    select: Select | None = None  # of `kind: page`
    every: int = USUAL
    least: int = 0  # the shortest pause; 0: as often as it takes to lose nothing
    most: int = 0  # the longest pause, whatever hints say; 0: `every`
    language: str = ""
    enabled: bool = True
    auth: Auth | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    proxy: str = ""
    tls_verify: bool = True
    robots: bool = True
    text: Literal["feed", "page"] = "feed"
    tags: tuple[str, ...] = ()  # what people sort it by; items do not have them
    backfill_alerts: int | None = None  # None: as the settings say
