"""From a candidate to the text of a file with the source. Pure."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import asdict, dataclass
from typing import Any, Final

from rasid.config.added import as_yaml, new_id, outlet_entry
from rasid.discovery.judging import Candidate
from rasid.models import Look
from rasid.settings import Config, Select

_TOLD: Final = ("sitemap", "page", "telegram")  # kinds that are written; a feed is found out


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person says of a source to be added; empty where nothing."""

    id: str = ""
    outlet: str = ""  # id or name
    tags: tuple[str, ...] = ()
    every: str = ""


@dataclass(frozen=True, slots=True)
class Addition:
    """A source about to be watched, and the file that says so."""

    id: str
    outlet: str
    text: str


def addition(
    one: Candidate,
    page: Look | None,
    wish: Wish,
    config: Config,
    taken: Container[str],
    origin: str,
) -> Addition:
    """Return a candidate as a source; `page` led there, `taken` are ids, `origin` a comment."""
    home = page if page and page.kind == "page" else None
    site, name = (home.url, home.title) if home else (one.url, one.title)
    outlet, entry = outlet_entry(wish.outlet, site, name, config)
    identity = wish.id or new_id(outlet, one.kind, one.title, taken)
    source: dict[str, Any] = {"id": identity, "outlet": outlet, "url": one.url}
    if one.kind in _TOLD:
        source["kind"] = one.kind
    if one.select:
        source["select"] = selectors(one.select)
    if wish.every:
        source["every"] = wish.every
    if wish.tags:
        source["tags"] = list(wish.tags)
    return Addition(identity, outlet, as_yaml(source, entry, origin))


def selectors(select: Select) -> dict[str, str]:
    """Return selectors as rules.yaml has them."""
    return {key: value for key, value in asdict(select).items() if value}
