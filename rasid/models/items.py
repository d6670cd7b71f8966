"""Items, by what they are known again, and what rules see of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AliasKind(StrEnum):
    """By what an item is known again, strongest first."""

    GUID = "guid"
    GUID_PATH = "guid_path"  # guid without scheme and host
    FORMER_LINK = "link"  # by `rasid.items.former_links`: looked up, no longer given
    LINK = "link_2"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Alias:
    """One name of an item; `scope` is a source id (guids) or an outlet id (links, content)."""

    kind: AliasKind
    scope: str
    value: str  # a hash


class Decision(StrEnum):
    """What ingest made of an item."""

    NEW = "new"
    REVISED = "revised"
    KNOWN = "known"
    SEEDED = "seeded"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True)
class Item:
    """An item as stored, in its newest revision."""

    id: str
    source: str  # which showed it first
    outlet: str
    guid: str
    link: str
    title: str
    summary: str
    text: str
    author: str
    tags: tuple[str, ...]
    language: str
    published: int | None
    first_seen: int
    revision: int  # 1 is the first
    content_hash: str
    decision: Decision
    only_seeded: bool  # seen by seeding polls alone
    paged: bool = False  # `text` is that of its page, which no revision takes away


@dataclass(frozen=True, slots=True)
class Document:
    """What rules look at: an item, stored or from a file, and where it came from."""

    id: str
    title: str = ""
    summary: str = ""
    text: str = ""
    url: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    outlet: str = ""
    source: str = ""
    language: str = ""
    published: int | None = None
